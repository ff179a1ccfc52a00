# R's side of beside.sh: the same tasks on the same numbers, on one core.
#
#     Rscript tests/benches/beside.R DIR      # DIR holds x.f64 and y.f64
where <- commandArgs(trailingOnly = TRUE)[1]
read <- function(name) {
  file <- file.path(where, name)
  readBin(file, "double", file.size(file) / 8, endian = "little")
}
x <- read("x.f64")
y <- read("y.f64")
rows <- length(x)
columns <- 12

bca <- function() {
  data <- cbind(x[1:200], y[1:200])
  set.seed(1)
  found <- boot::boot(data, function(d, i) cor(d[i, 1], d[i, 2]), R = 10000)
  boot::boot.ci(found, type = "bca")
}
describe <- function() {
  n <- length(x)
  d <- x - mean(x)
  m2 <- mean(d^2)
  list(t.test(x)$conf.int, sd(x), quantile(x), sqrt(n * (n - 1)) / (n - 2) * mean(d^3) / m2^1.5,
       (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (mean(d^4) / m2^2 - 3) + 6),
       sum(d[-1] * d[-n]) / sum(d * d))
}
correlate <- function(method, n) function() cor.test(x[1:n], y[1:n], method = method, exact = FALSE)
matrix_12 <- function() {
  n <- rows %/% columns
  m <- matrix(x[seq_len(n * columns)], n)
  cor(m)
  for (i in 2:columns) for (j in seq_len(i - 1)) cor.test(m[, i], m[, j])
}

fastest <- function(task) {
  best <- Inf
  begun <- proc.time()[["elapsed"]]
  runs <- 0
  # Its clock goes in milliseconds: short tasks would need a loop, and none here is that short.
  while (runs < 3 || (proc.time()[["elapsed"]] - begun < 1 && runs < 1000)) {
    start <- proc.time()[["elapsed"]]
    task()
    best <- min(best, proc.time()[["elapsed"]] - start)
    runs <- runs + 1
  }
  best
}

cat("task,n,seconds\n")
say <- function(name, n, task) cat(sprintf("%s,%d,%.3e\n", name, n, fastest(task)))
say("bca_10000", 200L, bca)
# R's own tau compares all pairs: beyond 10,000 it takes minutes.
say("kendall", 10000L, correlate("kendall", 10000))
if (requireNamespace("pcaPP", quietly = TRUE)) {
  for (n in c(100000L, rows)) say("kendall", n, function() pcaPP::cor.fk(x[1:n], y[1:n]))
}
say("spearman", rows, correlate("spearman", rows))
say("pearson", rows, correlate("pearson", rows))
say("describe", rows, describe)
say("pearson_matrix_12", rows %/% columns, matrix_12)
cat(sprintf("# %s, boot %s\n", R.version.string, packageVersion("boot")))
