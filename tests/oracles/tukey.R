# R's ptukey, qtukey and TukeyHSD beside tukey.py. Prints tukey.r.json:
#     Rscript tests/oracles/tukey.R tests/data > tests/oracles/tukey.r.json
folder <- commandArgs(TRUE)[1]
text <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
cat("{\n\"versions\": {\"R\": \"", R.version$major, ".", R.version$minor, "\"}", sep = "")
grid <- expand.grid(q = c(2, 3.5, 6), k = c(2, 3, 10), df = c(4.5, 10, 60))
cat(",\n\"tails\": [", paste(sprintf("{\"q\": %g, \"k\": %g, \"df\": %g, \"sf\": %.17g}", grid$q, grid$k,
  grid$df, ptukey(grid$q, grid$k, grid$df, lower.tail = FALSE)), collapse = ",\n"), "]", sep = "")
for (name in c("continuous", "ties", "outliers", "near_line", "tiny", "mid")) {
  d <- read.csv(file.path(folder, paste0(name, ".csv")))
  d$g <- factor(c(0, 0, 1, 1, 2, 2, 2)[(seq_len(nrow(d)) - 1) %% 7 + 1])
  # b - a, c - a, c - b
  t <- TukeyHSD(aov(y ~ g, d))$g
  cat(",\n\"", name, "\": {\"difference\": ", text(-t[, "diff"]), ", \"low\": ", text(-t[, "upr"]),
    ", \"high\": ", text(-t[, "lwr"]), ", \"p\": ", text(t[, "p adj"]), "}", sep = "")
}
cat("\n}\n")
