# Inference on correlations from R: partial correlations and comparisons (psych), the t of a
# regression (lm), studentised and cluster intervals (boot::boot.ci on index draws that any language
# can repeat), Bayes factors (BayesFactor). Prints inference.r.json:
#
#     Rscript tests/oracles/inference.R tests/data > tests/oracles/inference.r.json
suppressPackageStartupMessages({
  library(boot)
  library(psych)
  library(BayesFactor)
})

data_dir <- commandArgs(TRUE)[1]
number <- function(v) if (is.null(v) || length(v) == 0 || is.na(v)) "null" else sprintf("%.17g", v)
object <- function(fields) paste0("{", paste0('"', names(fields), '": ', unlist(fields), collapse = ", "), "}")
read <- function(name) read.csv(file.path(data_dir, paste0(name, ".csv")))

state <- 12345
below <- function(n) {
  # 69069 s + 1 stays below 2^53, so that doubles are exact.
  state <<- (state * 69069 + 1) %% 2^32
  floor(state * n / 2^32)
}
draws <- function(n, resamples, seed = 12345) {
  state <<- seed
  t(sapply(seq_len(resamples), function(k) sapply(seq_len(n), function(i) below(n)) + 1))
}

# Partial correlations: psych's partial.r; the t is that of x in the regression.
partial <- function(name, x, y, controls) {
  d <- read(name)
  fit <- summary(lm(reformulate(c(x, controls), y), d))$coefficients
  found <- partial.r(d[c(x, y, controls)], c(x, y), controls)[1, 2]
  ranks <- partial.r(d[c(x, y, controls)], c(x, y), controls, method = "spearman")[1, 2]
  gain <- summary(lm(reformulate(c(x, controls), y), d))$r.squared - summary(lm(reformulate(controls, y), d))$r.squared
  object(list(partial = number(found), spearman = number(ranks), t = number(fit[x, "t value"]), p_value = number(fit[x, "Pr(>|t|)"]), gain = number(gain)))
}

# Comparisons: psych's r.test.
a <- r.test(n = 103, r12 = 0.5, r34 = 0.3, n2 = 103)
b <- r.test(n = 103, r12 = 0.4, r13 = 0.5, r23 = 0.1)
c <- r.test(n = 103, r12 = 0.5, r34 = 0.6, r13 = 0.7, r14 = 0.5, r23 = 0.5, r24 = 0.8)
d <- r.test(n = 203, r12 = 0.7, r13 = 0.6, r23 = 0.8)
compared <- object(list(
  independent = number(a$z), overlapping = number(b$t), overlapping_p = number(b$p),
  overlapping_203 = number(d$t), non_overlapping = number(c$z)
))

# Derivatives of the correlation with respect to the weights, by the definition.
slopes <- function(x, y, method) {
  n <- length(x)
  if (method == "kendall") {
    sx <- sign(outer(x, x, "-")); sy <- sign(outer(y, y, "-"))
    net <- rowSums(sx * sy); nx <- rowSums(sx^2); ny <- rowSums(sy^2)
    tau <- sum(net) / sqrt(sum(nx) * sum(ny))
    return(2 * (net / sqrt(sum(nx) * sum(ny)) - tau / 2 * (nx / sum(nx) + ny / sum(ny))))
  }
  if (method == "spearman") {
    sx <- sign(outer(x, x, "-")); sy <- sign(outer(y, y, "-"))
    a <- rowSums(sx); b <- rowSums(sy)
    dxx <- a^2 + 2 * colSums(sx * a); dyy <- b^2 + 2 * colSums(sy * b)
    dxy <- a * b + colSums(sx * b) + colSums(sy * a)
  } else {
    a <- x - mean(x); b <- y - mean(y)
    dxx <- a^2; dyy <- b^2; dxy <- a * b
  }
  r <- sum(a * b) / sqrt(sum(a^2) * sum(b^2))
  dxy / sqrt(sum(a^2) * sum(b^2)) - r / 2 * (dxx / sum(a^2) + dyy / sum(b^2))
}
# z and its variance; `cluster` numbers the drawn copies.
on_z <- function(x, y, method, cluster = seq_along(x)) {
  r <- cor(x, y, method = method)
  c(atanh(r), sum(rowsum(slopes(x, y, method), cluster)^2) / (1 - r^2)^2)
}
studentised <- function(x, y, method, resamples = 499) {
  n <- length(x)
  index <- draws(n, resamples)
  t0 <- on_z(x, y, method)
  t <- t(apply(index, 1, function(i) on_z(x[i], y[i], method)))
  frame <- boot(data.frame(x, y), function(d, i) on_z(d$x[i], d$y[i], method), R = resamples)
  ends <- boot.ci(frame, type = "stud", t0 = t0[1], var.t0 = t0[2], t = t[, 1], var.t = t[, 2])$student
  object(list(resamples = resamples, se_z = number(sqrt(t0[2])), low = number(tanh(ends[4])), high = number(tanh(ends[5]))))
}
clustered <- function(x, y, method, cluster, resamples = 499) {
  rows <- split(seq_along(x), cluster)
  # With this seed no resample holds every cluster once: boot would count that tie by rounding.
  index <- draws(length(rows), resamples, 54321)
  value <- function(g) {
    i <- unlist(rows[g]); copy <- rep(seq_along(g), lengths(rows[g]))
    on_z(x[i], y[i], method, copy)
  }
  t0 <- value(seq_along(rows))
  t <- t(apply(index, 1, value))
  without <- sapply(seq_along(rows), function(g) { i <- unlist(rows[-g]); cor(x[i], y[i], method = method) })
  influence <- (length(rows) - 1) * (mean(without) - without)
  frame <- boot(data.frame(x, y), function(d, i) on_z(d$x[i], d$y[i], method), R = resamples)
  stud <- boot.ci(frame, type = "stud", t0 = t0[1], var.t0 = t0[2], t = t[, 1], var.t = t[, 2])$student
  r <- tanh(t[, 1])
  plain <- boot.ci(frame, type = c("perc", "bca"), t0 = tanh(t0[1]), t = r, L = influence)
  object(list(
    resamples = resamples, sd = number(sd(r)), clusters = length(rows),
    bca_low = number(plain$bca[4]), bca_high = number(plain$bca[5]),
    percentile_low = number(plain$percent[4]), percentile_high = number(plain$percent[5]),
    studentised_low = number(tanh(stud[4])), studentised_high = number(tanh(stud[5]))
  ))
}

sets <- list()
for (name in c("continuous", "ties", "outliers", "mid")) {
  d <- read(name)
  i <- seq_len(nrow(d)) - 1
  cluster <- (i * i + i %/% 3) %% 11
  found <- list()
  for (method in c("pearson", "spearman", "kendall")) {
    found[[paste0("studentised_", method)]] <- studentised(d$x, d$y, method)
    found[[paste0("cluster_", method)]] <- clustered(d$x, d$y, method, cluster)
  }
  bf <- correlationBF(d$x, d$y, rscale = 1, progress = FALSE)
  found$ln_bayes_factor <- number(bf@bayesFactor$bf)
  sets[[name]] <- object(found)
}
cat(object(list(
  made_by = '"tests/oracles/inference.R"',
  versions = object(lapply(list(R = getRversion(), boot = packageVersion("boot"), psych = packageVersion("psych"), BayesFactor = packageVersion("BayesFactor")), function(v) paste0('"', v, '"'))),
  partial = object(list(
    regression_factor = partial("regression_factor", "x", "y", c("z", "level")),
    regression_outliers = partial("regression_outliers", "x", "y", "w"),
    regression_ties = partial("regression_ties", "score", "ssi", "many")
  )),
  compared = compared,
  data = object(sets)
)), "\n", sep = "")
