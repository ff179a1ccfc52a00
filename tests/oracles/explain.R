# Reference numbers for penalised fits, relative importance and pooled imputations, from glmnet,
# all subsets by lm, survreg and mice.
#
#   Rscript explain.R > explain.r.json       (in this directory)
#
# Data: ../data/regression_*.csv, and ../data/capped.csv (made by ../data/mixed_data.py).

suppressMessages({
  library(glmnet)
  library(survival)
})

source("json.R")
table <- function(name) read.csv(paste0("../data/regression_", name, ".csv"), stringsAsFactors = TRUE)

# glmnet divides the outcome by its standard deviation s, so that its ridge part is s times smaller
# than written. Here the outcome is divided beforehand, and the penalty split as ours is: the lasso
# part over s, the ridge part as it is.
penalised <- list()
for (case in list(c("factor", "y ~ x + z + level"), c("ties", "ssi ~ score + many"), c("outliers", "y ~ x + w"))) {
  data <- table(case[1])
  formula <- as.formula(case[2])
  x <- model.matrix(formula, data)[, -1]
  y <- model.response(model.frame(formula, data))
  s <- sqrt(mean((y - mean(y))^2))
  for (ratio in c(0, 0.3, 1)) for (share in c(0.02, 0.2)) {
    lambda <- share * s
    lasso <- lambda * ratio / s
    ridge <- lambda * (1 - ratio)
    fit <- glmnet(x, y / s, alpha = lasso / (lasso + ridge), lambda = lasso + ridge, thresh = 1e-22, maxit = 1e7)
    penalised[[length(penalised) + 1]] <- list(data = case[1], formula = case[2], l1_ratio = ratio,
      penalty = lambda, coefficients = many(c(as.numeric(fit$a0), as.matrix(fit$beta)) * s))
  }
}

# Every subset by lm, its R² averaged over all orders.
importance <- lapply(list(
  list("factor", "y", c("x", "z", "region", "level")), list("ties", "ssi", c("score", "many")),
  list("outliers", "y", c("x", "w")), list("collinear", "y", c("x1", "x2", "x3"))), function(case) {
  data <- table(case[[1]])
  terms <- case[[3]]
  p <- length(terms)
  r2 <- vapply(0:(2^p - 1), function(set) {
    own <- terms[bitwAnd(set, 2^(seq_len(p) - 1)) > 0]
    if (!length(own)) return(0)
    summary(lm(reformulate(own, case[[2]]), data, tol = 1e-15))$r.squared
  }, 0)
  shares <- vapply(seq_len(p), function(j) {
    bit <- 2^(j - 1)
    sets <- Filter(function(s) bitwAnd(s, bit) == 0, 0:(2^p - 1))
    sum(vapply(sets, function(s) {
      size <- sum(bitwAnd(s, 2^(seq_len(p) - 1)) > 0)
      factorial(size) * factorial(p - 1 - size) / factorial(p) * (r2[s + bit + 1] - r2[s + 1])
    }, 0))
  }, 0)
  list(data = case[[1]], formula = paste(case[[2]], "~", paste(terms, collapse = " + ")),
    subsets = many(r2), shares = many(shares))
})

# The imputation model: a censored normal regression of the logarithm.
capped <- read.csv("../data/capped.csv")
cap <- grepl("+", capped$contacts, fixed = TRUE)
count <- as.numeric(sub("+", "", capped$contacts, fixed = TRUE))
tobit <- survreg(Surv(log(count), !cap) ~ capped$ssi + capped$score, dist = "gaussian",
  control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))

# Rubin's rules by mice's pool.scalar (Barnard and Rubin's degrees of freedom).
q <- c(2.1, 2.6, 1.9, 2.4, 2.25)
u <- c(.31, .28, .35, .3, .29)
pool <- NULL
if (requireNamespace("mice", quietly = TRUE)) {
  p <- mice::pool.scalar(q, u, n = 60, k = 3)
  pool <- list(estimates = many(q), variances = many(u), df_complete = 57, value = p$qbar, variance = p$t,
    df = p$df, increase = p$r, missing = p$fmi, mice = as.character(packageVersion("mice")))
}
cat(json(list(
  versions = list(R = as.character(getRversion()), glmnet = as.character(packageVersion("glmnet")),
    survival = as.character(packageVersion("survival"))),
  penalised = penalised, importance = importance,
  tobit = list(coefficients = many(coef(tobit)), sigma = tobit$scale, capped = sum(cap)), pool = pool
)), "\n")
