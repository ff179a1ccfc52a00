# R's side of beside.sh: the same tasks on the same numbers.
#
#     Rscript tests/benches/beside.R table|curve|cores|csv|models DIR    # DIR holds what `beside write` wrote
arguments <- commandArgs(trailingOnly = TRUE)
mode <- arguments[1]
where <- arguments[2]
read <- function(name) {
  file <- file.path(where, name)
  readBin(file, "double", file.size(file) / 8, endian = "little")
}
x <- read("x.f64")
y <- read("y.f64")
rows <- length(x)
columns <- 12

bca <- function(resamples, n) {
  data <- cbind(x[1:n], y[1:n])
  function() {
    set.seed(1)
    found <- boot::boot(data, function(d, i) cor(d[i, 1], d[i, 2]), R = resamples)
    boot::boot.ci(found, type = "bca")
  }
}
describe <- function() {
  n <- length(x)
  d <- x - mean(x)
  m2 <- mean(d^2)
  list(t.test(x)$conf.int, sd(x), quantile(x), sqrt(n * (n - 1)) / (n - 2) * mean(d^3) / m2^1.5,
       (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (mean(d^4) / m2^2 - 3) + 6),
       sum(d[-1] * d[-n]) / sum(d * d))
}
correlate <- function(method, n) {
  a <- x[1:n]
  b <- y[1:n]
  function() cor.test(a, b, method = method, exact = FALSE)
}
matrix_12 <- function() {
  n <- rows %/% columns
  m <- matrix(x[seq_len(n * columns)], n)
  cor(m)
  for (i in 2:columns) for (j in seq_len(i - 1)) cor.test(m[, i], m[, j])
}
# R has no distance correlation: by its definition.
distance <- function(n) {
  centred <- function(v) {
    d <- as.matrix(dist(v))
    sweep(sweep(d, 1, rowMeans(d)), 2, colMeans(d)) + mean(d)
  }
  function() {
    a <- centred(x[1:n])
    b <- centred(y[1:n])
    sqrt(mean(a * b) / sqrt(mean(a * a) * mean(b * b)))
  }
}
predictors <- if (mode != "csv") matrix(read("p.f64"), rows)
least_squares <- function(n) {
  model <- cbind(1, predictors[1:n, ])
  outcome <- y[1:n]
  function() lm.fit(model, outcome)
}

# Its clock goes in milliseconds: what is shorter is repeated until it takes some.
fastest <- function(task) {
  # The processor's time for the models, so that a busy machine does not matter.
  clock <- function() if (mode == "models") sum(proc.time()[1:2]) else proc.time()[["elapsed"]]
  times <- 1
  repeat {
    start <- clock()
    for (i in seq_len(times)) task()
    took <- clock() - start
    if (took >= 0.05) break
    times <- times * if (took < 0.005) 10 else 3
  }
  best <- took / times
  begun <- clock()
  while (clock() - begun + took < 0.5) {
    start <- clock()
    for (i in seq_len(times)) task()
    took <- clock() - start
    # On a busy machine the first runs may have been slow, and these too short for the clock.
    if (took >= 0.02) best <- min(best, took / times)
  }
  best
}
only <- arguments[-(1:2)]
say <- function(name, n, task) {
  if (length(only) > 0 && !(name %in% only)) return(invisible())
  cat(sprintf("%s,%d,%.3e\n", name, as.integer(n), fastest(task)))
  flush(stdout())
}

cat("task,n,seconds\n")
if (mode == "table") {
  say("bca_10000", 200, bca(10000, 200))
  # R's own tau compares all pairs: beyond 10,000 it takes minutes.
  say("kendall", 10000, correlate("kendall", 10000))
  if (requireNamespace("pcaPP", quietly = TRUE)) {
    for (n in c(100000, rows)) say("kendall", n, function() pcaPP::cor.fk(x[1:n], y[1:n]))
  }
  say("distance", 1000, distance(1000))
  say("spearman", rows, correlate("spearman", rows))
  say("pearson", rows, correlate("pearson", rows))
  half <- rows %/% 2
  shifted <- y[(half + 1):rows] + 0.1
  say("mann_whitney", rows, function() wilcox.test(x[1:half], shifted))
  quarters <- split(x, rep(1:4, each = rows %/% 4))
  say("kruskal_wallis", rows, function() kruskal.test(quarters))
  say("describe", rows, describe)
  say("pearson_matrix_12", rows %/% columns, matrix_12)
  say("ols_10", rows, least_squares(rows))
} else if (mode == "curve") {
  for (n in 10^(2:6)) {
    say("pearson", n, correlate("pearson", n))
    say("spearman", n, correlate("spearman", n))
    if (n <= 1000) {
      say("kendall", n, correlate("kendall", n))
      say("distance", n, distance(n))
    }
    say("ols_10", n, least_squares(n))
    # boot estimates the acceleration by a regression on the resamples, which needs more of them than n.
    if (n < 1000) say("bca_1000", n, bca(1000, n))
  }
} else if (mode == "cores") {
  say("ols_10_cores", rows, least_squares(rows))
} else if (mode == "models") {
  source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "models.R"))
  quit(save = "no")
} else {
  file <- file.path(where, "table.csv")
  say("csv_cor_3", rows, function() cor(read.csv(file)))
}
cat(sprintf("# %s, boot %s\n", R.version.string, packageVersion("boot")))
