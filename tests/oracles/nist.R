# R's answers to NIST's reference data: mean, sd and acf; lm; aov. Run in tests/oracles:
#   Rscript nist.R > nist.r.json
data <- "../data/nist/"
entries <- jsonlite::fromJSON(paste0(data, "certified.json"), simplifyVector = FALSE)$datasets
number <- function(v) {
  v <- ifelse(is.finite(v), sprintf("%.17g", v), "null")
  if (length(v) == 1) v else paste0("[", paste(v, collapse = ", "), "]")
}
rows <- lapply(names(entries), function(name) {
  entry <- entries[[name]]
  d <- read.csv(paste0(data, name, ".csv"))
  if (entry$class == "univariate") {
    found <- list(mean = mean(d$y), sd = sd(d$y), r1 = acf(d$y, 1, plot = FALSE)$acf[2])
  } else if (entry$class == "anova") {
    fit <- aov(y ~ factor(group), d)
    table <- summary(fit)[[1]]
    found <- list(ms_between = table[1, 3], ms_within = table[2, 3], F = table[1, 4],
                  r2 = summary.lm(fit)$r.squared, resid_sd = sigma(fit))
  } else {
    if (entry$model$kind == "poly") {
      terms <- c("x", if (entry$model$degree_or_p > 1) sprintf("I(x^%d)", 2:entry$model$degree_or_p))
      if (!entry$model$intercept) terms <- c("0", terms)
    } else {
      terms <- paste0("x", 1:6)
    }
    fit <- lm(as.formula(paste("y ~", paste(terms, collapse = " + "))), d)
    s <- suppressWarnings(summary(fit))
    se <- rep(NA, length(coef(fit)))
    se[!is.na(coef(fit))] <- s$coefficients[, 2]
    found <- list(coef = unname(coef(fit)), se = se, r2 = s$r.squared,
                  F = unname(s$fstatistic[1]), resid_sd = s$sigma)
  }
  cells <- sprintf("\"%s\": %s", names(found), sapply(found, number))
  sprintf("\"%s\": {%s}", name, paste(cells, collapse = ", "))
})
cat("{\n\"versions\": {\"R\": \"", as.character(getRversion()), "\"},\n", sep = "")
cat(paste(rows, collapse = ",\n"), "\n}\n", sep = "")
