# Reference numbers for robust and quantile regression, from R's MASS, robustbase, quantreg.
#
#   Rscript robust.R > robust.r.json       (in this directory)
#
# rlm and lmrob are run to the last digits. Sandwiches are written out from their definition:
# sandwich takes |psi'| where the bisquare curves the wrong way, and quantreg's "nid" takes
# sqrt(.Machine$double.eps) outcome units off each difference of quantiles.

suppressMessages({
  library(MASS)
  library(robustbase)
  library(quantreg)
})
options(warn = -1)

source("json.R")

cases <- list(
  list("continuous", "y ~ x", "y ~ x"),
  list("mid", "y ~ x", "y ~ x"),
  list("outliers", "y ~ x", "y ~ x"),
  list("ties", "y ~ x", "y ~ x"),
  list("regression_factor", "y ~ x * region", "y ~ x*region"),
  list("regression_factor", "y ~ x + z", "y ~ x + z"),
  list("regression_ties", "ssi ~ score * many", "ssi ~ score * many"),
  list("regression_outliers", "y ~ x + w", "y ~ x + w")
)

m_estimator <- function(formula, data, psi, tune) {
  fit <- rlm(formula, data, init = "ls", psi = psi, acc = 1e-15, maxit = 5000)
  s <- summary(fit)
  x <- model.matrix(formula, data)
  u <- residuals(fit) / fit$s
  bread <- solve(crossprod(x, x * psi(u, deriv = 1)))
  meat <- crossprod(x * (psi(u) * u))
  list(
    estimate = many(coef(fit)), scale = fit$s, std_error = many(s$coefficients[, 2]),
    sandwich = many(sqrt(diag(bread %*% meat %*% bread)) * fit$s), weights = many(fit$w)
  )
}

mm <- function(formula, data) {
  control <- lmrob.control(
    tuning.chi = 1.547644980928226, tuning.psi = 4.685, refine.tol = 1e-14, rel.tol = 1e-14,
    scale.tol = 1e-15, solve.tol = 1e-12, k.max = 10000, maxit.scale = 10000, max.it = 10000,
    nResample = 5000, best.r.s = 20, cov = ".vcov.avar1"
  )
  set.seed(1)
  fit <- lmrob(formula, data, control = control)
  list(
    estimate = many(coef(fit)), scale = fit$scale, s_estimate = many(fit$init.S$coefficients),
    std_error = many(sqrt(diag(vcov(fit))))
  )
}

at <- function(formula, data, tau) {
  fit <- rq(formula, tau, data)
  x <- model.matrix(formula, data)
  y <- model.response(model.frame(formula, data))
  rho <- function(r, tau) sum(r * (tau - (r < 0)))
  se <- function(kind) tryCatch(
    many(summary(fit, se = kind)$coefficients[, 2]), error = function(e) many(rep(NA, ncol(x)))
  )
  # The sparsity is the slope of a median regression, which may not be unique.
  sure <- 1
  withCallingHandlers(se("iid"), warning = function(w) {
    if (grepl("nonunique", conditionMessage(w))) sure <<- 0
  })
  n <- length(y)
  h <- bandwidth.rq(tau, n)
  while (tau - h < 0 || tau + h > 1) h <- h / 2
  br <- function(t) rq.fit.br(x, y, t)$coefficients
  d <- drop(x %*% (br(tau + h) - br(tau - h)))
  f <- pmax(0, 2 * h / d)
  bread <- tryCatch(solve(crossprod(x, f * x)), error = function(e) matrix(NA, ncol(x), ncol(x)))
  nid <- sqrt(tau * (1 - tau) * diag(bread %*% crossprod(x) %*% bread))
  # With bandwidths that leave (0, 1) rq.fit.br fails where iid = FALSE.
  rank <- function(iid) tryCatch(
    rq.fit.br(x, y, tau, alpha = 0.05, ci = TRUE, iid = iid)$coefficients,
    error = function(e) matrix(NA, ncol(x), 3)
  )
  list(
    tau = tau, estimate = many(coef(fit)), objective = rho(residuals(fit), tau),
    alone = rq(update(formula, . ~ 1), tau, data)$rho,
    log_lik = as.numeric(logLik(fit)), aic = AIC(fit), bic = AIC(fit, k = log(n)),
    iid = se("iid"), iid_unique = sure, nid = many(nid), nid_quantreg = se("nid"), powell = se("ker"),
    crossed = sum(d <= 0),
    rank_low = many(rank(TRUE)[, 2]), rank_high = many(rank(TRUE)[, 3]),
    rank_nid_low = many(rank(FALSE)[, 2]), rank_nid_high = many(rank(FALSE)[, 3])
  )
}

fits <- lapply(cases, function(case) {
  data <- read.csv(paste0("../data/", case[[1]], ".csv"), stringsAsFactors = TRUE)
  formula <- as.formula(case[[2]])
  # Counts, some of them 0, and the rows that they stand for.
  counts <- ((7 * seq_len(nrow(data))) %% 11) %/% 3
  rows <- data[rep(seq_len(nrow(data)), counts), ]
  taus <- c(0.1, 0.25, 0.5, 0.75, 0.9)
  # Of these no share of the respondents is a whole number.
  odd <- c(0.13, 0.37, 0.58, 0.83)
  list(
    data = case[[1]], formula = case[[3]],
    huber = m_estimator(formula, data, psi.huber),
    bisquare = m_estimator(formula, data, psi.bisquare),
    mm = mm(formula, data),
    counted_huber = m_estimator(formula, rows, psi.huber),
    counted_mm = mm(formula, rows),
    quantile = lapply(c(taus, odd), function(tau) at(formula, data, tau)),
    counted_objective = many(vapply(taus, function(tau) rq(formula, tau, rows)$rho, 0))
  )
})
version <- function(p) as.character(packageVersion(p))
cat(json(list(
  versions = list(
    R = as.character(getRversion()), MASS = version("MASS"),
    robustbase = version("robustbase"), quantreg = version("quantreg")
  ),
  fits = fits
)), "\n")
