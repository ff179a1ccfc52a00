# Polychoric and polyserial correlations by polycor with ML = TRUE (thresholds and correlation
# together, to the digits of its optimiser; its polyserial takes the standard deviation with n - 1 as
# known) and, for the two-step standard error, ML = FALSE. Prints latent.r.json:
#
#     Rscript tests/oracles/latent.R > tests/oracles/latent.r.json

suppressMessages(library(polycor))
file <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
folder <- file.path(dirname(file), "..", "data")
number <- function(x) formatC(x, digits = 17, format = "g")
cut_into <- function(v, levels) {
  limits <- sort(v)[(length(v) * (1:(levels - 1))) %/% levels + 1]
  rowSums(outer(v, limits, ">="))
}
sets <- c("continuous", "ties", "outliers", "mid")
tight <- list(reltol = 1e-15, maxit = 5000)
lines <- sapply(sets, function(name) {
  d <- read.csv(file.path(folder, paste0(name, ".csv")))
  values <- c()
  for (shape in list(c(2, 3), c(3, 3))) {
    fit <- polychor(cut_into(d$x, shape[1]), cut_into(d$y, shape[2]), ML = TRUE, std.err = TRUE, control = tight)
    values[paste0("polychoric_", shape[1], "x", shape[2])] <- fit$rho
    values[paste0("polychoric_", shape[1], "x", shape[2], "_se")] <- sqrt(fit$var[1, 1])
  }
  fit <- polyserial(d$x, cut_into(d$y, 3), ML = TRUE, std.err = TRUE, control = tight)
  values["polyserial"] <- fit$rho
  values["polyserial_se"] <- sqrt(fit$var[1, 1])
  paste0('  "', name, '": {', paste0('"', names(values), '": ', number(values), collapse = ", "), "}")
})
versions <- c(R = paste(R.version$major, R.version$minor, sep = "."), polycor = as.character(packageVersion("polycor")))
cat('{\n "made_by": "tests/oracles/latent.R",\n "versions": {', paste0('"', names(versions), '": "', versions, '"', collapse = ", "), '},\n "data": {\n', paste(lines, collapse = ",\n"), '\n }\n}\n', sep = "")
