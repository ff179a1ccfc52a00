# Logistic, Firth, ordinal, fractional and tobit regressions by R's own packages.
# Rscript tests/oracles/bounded.R > tests/oracles/bounded.r.json
suppressPackageStartupMessages({
  library(jsonlite); library(sandwich); library(brglm2); library(pROC); library(ordinal)
  library(survival)
})
options(digits = 17)
out <- list(versions = list(R = R.version.string, sandwich = as.character(packageVersion("sandwich")),
  brglm2 = as.character(packageVersion("brglm2")), pROC = as.character(packageVersion("pROC")),
  ordinal = as.character(packageVersion("ordinal")), survival = as.character(packageVersion("survival"))))
se <- function(v) unname(sqrt(diag(v)))
for (name in c("plain", "small", "ties", "offset")) {
  d <- read.csv(sprintf("tests/data/bounded_%s.csv", name), stringsAsFactors = TRUE)
  n <- nrow(d)
  one <- list()
  control <- glm.control(epsilon = 1e-15, maxit = 100)
  m <- glm(binary ~ x + z + g, binomial, d, control = control)
  k <- length(coef(m))
  G <- length(unique(d$cluster))
  factor_cr1 <- (n - 1) / (n - k)
  roc <- roc(d$binary, fitted(m), quiet = TRUE, direction = "<")
  loo <- predict(m) - hatvalues(m) * (d$binary - fitted(m)) / (fitted(m) * (1 - fitted(m)) * (1 - hatvalues(m)))
  cal0 <- glm(d$binary ~ 1, binomial, offset = loo, control = control)
  cal1 <- glm(d$binary ~ loo, binomial, control = control)
  one$logistic <- list(coef = unname(coef(m)), se = se(vcov(m)), log_lik = as.numeric(logLik(m)),
    aic = AIC(m), bic = BIC(m), null = m$null.deviance, hc0 = se(sandwich(m)),
    hc1 = se(sandwich(m)) * sqrt(n / (n - k)), cr1 = se(vcovCL(m, d$cluster)) * sqrt(factor_cr1),
    auc = as.numeric(auc(roc)), auc_se = sqrt(var(roc)), brier = mean((d$binary - fitted(m))^2),
    calibration = c(unname(coef(cal0)), unname(coef(cal1)[2])),
    calibration_se = c(se(vcov(cal0)), se(vcov(cal1))[2]))
  w <- glm(binary ~ x + z, binomial, d, weights = count, control = control)
  one$weighted <- list(coef = unname(coef(w)), se = se(vcov(w)), log_lik = as.numeric(logLik(w)))
  f <- glm(binary ~ x + z + g, binomial, d, method = "brglmFit", type = "AS_mean", epsilon = 1e-14, maxit = 500)
  one$firth <- list(coef = unname(coef(f)), se = se(vcov(f)))
  q <- glm(share / 100 ~ x + z + g, quasibinomial, d, control = control)
  one$fractional <- list(coef = unname(coef(q)), se = se(vcov(q)), hc0 = se(sandwich(q)),
    hc1 = se(sandwich(q)) * sqrt(n / (n - k)), deviance = deviance(q), null = q$null.deviance,
    cr1 = se(vcovCL(q, d$cluster)) * sqrt(factor_cr1))
  clmc <- clm.control(gradTol = 1e-12, maxIter = 200)
  o <- clm(factor(ordered) ~ x + z + g, data = d, control = clmc)
  one$ordinal <- list(coef = unname(coef(o)), se = se(vcov(o)), log_lik = as.numeric(logLik(o)))
  free <- tryCatch(clm(factor(ordered) ~ 1, nominal = ~ x + z + g, data = d, control = clmc), error = function(e) NULL)
  if (!is.null(free) && free$convergence$code == 0) one$ordinal$free <- as.numeric(logLik(free))
  sc <- survreg.control(rel.tolerance = 1e-15, maxiter = 200)
  d$low <- ifelse(d$limited <= 0, NA, d$limited)
  d$high <- ifelse(d$limited >= 300, NA, d$limited)
  both <- survreg(Surv(low, high, type = "interval2") ~ x + z + g, d, dist = "gaussian", control = sc)
  upper <- survreg(Surv(limited, limited < 300) ~ x + z + g, d, dist = "gaussian", control = sc)
  say <- function(t) {
    p <- length(coef(t)) + 1
    list(coef = unname(coef(t)), log_sigma = log(t$scale), se = se(vcov(t)), log_lik = as.numeric(logLik(t)),
      hc0 = se(sandwich(t)), hc1 = se(sandwich(t)) * sqrt(n / (n - p)))
  }
  one$tobit <- say(both)
  one$tobit_upper <- say(upper)
  out[[name]] <- one
}
cat(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
