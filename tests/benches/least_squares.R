# R's lm.fit, 10 predictors and an intercept on 1,000,000 rows.
set.seed(1)
n <- 1e6
x <- cbind(1, matrix(rnorm(n * 10), n))
y <- rowSums(x) + rnorm(n)
time <- function(x, y, runs) min(replicate(runs, system.time(lm.fit(x, y))[["elapsed"]]))
cat(sprintf("R lm.fit, 1,000,000 rows: %.0f ms\n", 1e3 * time(x, y, 5)))
