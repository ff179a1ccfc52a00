# Reference numbers for mixed models, from lme4 and lmerTest, with tolerances of the search lowered.
#
#   Rscript mixed.R > mixed.r.json       (in this directory)
#
# Data: ../data/mixed_*.csv.

suppressMessages({
  library(lme4)
  library(lmerTest)
})

source("json.R")

cases <- list(
  list("balanced", "y ~ 1", NULL, "group", TRUE),
  list("balanced", "y ~ 1", NULL, "group", FALSE),
  list("sessions", "y ~ x", NULL, "session", TRUE),
  list("sessions", "y ~ x + region", "x", "session", TRUE),
  list("sessions", "y ~ x", "x", "session", FALSE),
  list("singular", "y ~ x", NULL, "group", TRUE),
  list("singular", "y ~ x", "x", "group", TRUE),
  list("offset", "y ~ t", NULL, "group", TRUE)
)

control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 100000),
  check.conv.singular = "ignore", check.conv.grad = "ignore",
  check.conv.hess = "ignore")

fits <- lapply(cases, function(case) {
  data <- read.csv(paste0("../data/mixed_", case[[1]], ".csv"), stringsAsFactors = TRUE)
  effects <- if (is.null(case[[3]])) "1" else paste("1 +", case[[3]])
  formula <- as.formula(paste(case[[2]], "+ (", effects, "|", case[[4]], ")"))
  # lmer's own search may end beside the optimum of a singular fit: it starts from the best of some.
  dev <- lme4::lmer(formula, data, REML = case[[5]], devFunOnly = TRUE)
  size <- if (is.null(case[[3]])) 1 else 3
  starts <- if (size == 1) list(1, 0.1, 5) else list(c(1, 0, 1), c(.1, .3, .1), c(.3, -.3, .1))
  low <- if (size == 1) 0 else c(0, -Inf, 0)
  ends <- lapply(starts, function(s) optim(s, function(t) dev(t), method = "L-BFGS-B", lower = low,
    control = list(factr = 1e-3, pgtol = 0)))
  own <- suppressWarnings(suppressMessages(lme4::lmer(formula, data, REML = case[[5]])))
  best <- ends[[which.min(vapply(ends, function(o) o$value, 0))]]
  fit <- suppressWarnings(suppressMessages(lmerTest::lmer(formula, data, REML = case[[5]],
    control = control, start = best$par)))
  s <- coef(summary(fit))
  v <- as.data.frame(VarCorr(fit))
  r <- ranef(fit, condVar = TRUE)[[1]]
  spread <- attr(r, "postVar")
  list(
    data = case[[1]], formula = case[[2]], slope = case[[3]], group = case[[4]], reml = as.character(case[[5]]),
    coefficients = many(s[, "Estimate"]), std_error = many(s[, "Std. Error"]), df = many(s[, "df"]),
    p = many(s[, "Pr(>|t|)"]), covariance = many(as.matrix(VarCorr(fit)[[1]])), sigma = sigma(fit),
    log_lik = as.numeric(logLik(fit)), log_lik_default = as.numeric(logLik(own)), aic = AIC(fit), bic = BIC(fit),
    singular = as.character(isSingular(fit)), fitted = many(fitted(fit)),
    effects = many(t(as.matrix(r))), effect_sd = many(sqrt(apply(spread, 3, diag)))
  )
})
# The interval of the intraclass correlation from the profiled deviance, balanced and sessions.
profile <- lapply(list(list("balanced", "y ~ 1 + (1 | group)"), list("sessions", "y ~ x + (1 | session)")), function(case) {
  data <- read.csv(paste0("../data/mixed_", case[[1]], ".csv"))
  dev <- lme4::lmer(as.formula(case[[2]]), data, devFunOnly = TRUE)
  best <- optimize(function(t) dev(t), c(1e-6, 50), tol = 1e-12)
  limit <- best$objective + qchisq(.95, 1)
  cross <- function(a, b) uniroot(function(t) dev(t) - limit, c(a, b), tol = 1e-13)$root
  share <- function(t) t^2 / (1 + t^2)
  low <- if (dev(0) > limit) share(cross(0, best$minimum)) else 0
  list(data = case[[1]], icc = many(c(share(best$minimum), low, share(cross(best$minimum, 100)))))
})
cat(json(list(
  versions = list(R = as.character(getRversion()), lme4 = as.character(packageVersion("lme4")),
                  lmerTest = as.character(packageVersion("lmerTest"))),
  fits = fits, profile = profile
)), "\n")
