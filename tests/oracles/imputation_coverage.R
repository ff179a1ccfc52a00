# How far predictive mean matching itself is from the truth, by mice on data of the same kind as in
# ../coverage/imputation.csv: bias and coverage of r and of the slope, both 0.6.
#
#   Rscript imputation_coverage.R > imputation_coverage.r.json       (in this directory; two minutes)

suppressMessages(library(mice))
set.seed(7)

drawn <- function(mechanism, n) {
  x <- rnorm(n)
  y <- 0.6 * x + 0.8 * rnorm(n)
  z <- 0.7 * y + sqrt(0.51) * rnorm(n)
  chance <- switch(mechanism, mcar = rep(1 / 3, n), mar = plogis(1.5 * z - 1))
  d <- data.frame(x, y, z)
  d$y[runif(n) < chance] <- NA
  d$x[runif(n) < 0.1] <- NA
  d
}

# mice's imputation of one column, in a chain of two columns (mice() itself takes ten times as long).
imputed <- function(d) {
  rx <- !is.na(d$x)
  ry <- !is.na(d$y)
  x <- d$x
  y <- d$y
  x[!rx] <- sample(d$x[rx], sum(!rx), TRUE)
  y[!ry] <- sample(d$y[ry], sum(!ry), TRUE)
  for (i in 1:5) {
    x[!rx] <- mice.impute.pmm(x, rx, cbind(y, d$z), donors = 5L)
    y[!ry] <- mice.impute.pmm(y, ry, cbind(x, d$z), donors = 5L)
  }
  r <- cor(x, y)
  slope <- r * sd(y) / sd(x)
  c(atanh(r), slope, (1 - r^2) * var(y) / var(x) / (length(x) - 2))
}

one <- function(mechanism, n) {
  d <- drawn(mechanism, n)
  v <- t(replicate(20, imputed(d)))
  z <- pool.scalar(v[, 1], rep(1 / (n - 3), 20), n = Inf)
  s <- pool.scalar(v[, 2], v[, 3], n = n, k = 2)
  ends <- function(p) p$qbar + c(-1, 1) * qt(.975, p$df) * sqrt(p$t)
  r <- tanh(ends(z))
  b <- ends(s)
  c(tanh(z$qbar) - 0.6, r[1] < 0.6 && 0.6 < r[2], s$qbar - 0.6, b[1] < 0.6 && 0.6 < b[2])
}

samples <- 250
rows <- c()
for (mechanism in c("mar", "mcar")) for (n in c(60, 200)) {
  v <- t(replicate(samples, one(mechanism, n)))
  error <- function(j) sd(v[, j]) / sqrt(samples)
  for (k in 0:1) rows <- c(rows, sprintf(
    '{"mechanism": "%s", "n": %d, "quantity": "%s", "samples": %d, "bias": %.5f, "bias_error": %.5f, "coverage": %.4f, "coverage_error": %.4f}',
    mechanism, n, c("r", "slope")[k + 1], samples, mean(v[, 2 * k + 1]), error(2 * k + 1), mean(v[, 2 * k + 2]), error(2 * k + 2)))
}
cat(sprintf('{"versions": {"R": "%s", "mice": "%s"},\n"rows": [%s]}\n', getRversion(), packageVersion("mice"), paste(rows, collapse = ",\n")))
