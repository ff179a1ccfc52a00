# Reference numbers for least squares, from R and its packages.
#
#   Rscript regression.R > regression.r.json       (in this directory)
#
# Data: ../data/regression_*.csv. Fits use tol = 1e-12, because lm's default of 1e-7 drops x2 of
# the near-collinear set.

suppressMessages({
  library(sandwich)
  library(lmtest)
  library(car)
})

source("json.R")

cases <- list(
  list("factor", "y ~ x + region", "y ~ x + region"),
  list("factor", "log(y) ~ log10(z) * region", "log(y) ~ log10(z) * region"),
  list("factor", "y ~ 0 + region + x", "y ~ 0 + region + x"),
  list("factor", "y ~ poly(x, 3) + z", "y ~ poly(x, 3) + z"),
  list("factor", "y ~ poly(x, 2, raw = TRUE)", "y ~ poly(x, 2, raw = TRUE)"),
  list("factor", "y ~ I(x^2) + x:region", "y ~ I(x^2) + x:region"),
  list("factor", "y ~ factor(level) + sqrt(z)", "y ~ C(level) + sqrt(z)"),
  list("factor", "y ~ 0 + x", "y ~ 0 + x"),
  list("factor", "y ~ 1", "y ~ 1"),
  list("factor", "y ~ (x + region + level)^2 - x:level", "y ~ (x + region + level)^2 - x:level"),
  list("ties", "ssi ~ score", "ssi ~ score"),
  list("ties", "ssi ~ score * many", "ssi ~ score * many"),
  list("outliers", "y ~ x", "y ~ x"),
  list("outliers", "y ~ x + w", "y ~ x + w"),
  list("collinear", "y ~ x1 + x2 + x3", "y ~ x1 + x2 + x3")
)

fits <- lapply(cases, function(case) {
  data <- read.csv(paste0("../data/regression_", case[[1]], ".csv"), stringsAsFactors = TRUE)
  fit <- lm(as.formula(case[[2]]), data, tol = 1e-12)
  s <- summary(fit)
  x <- model.matrix(fit)
  unit <- sweep(x, 2, sqrt(colSums(x^2)), "/")
  d <- svd(unit)$d
  robust <- list()
  for (kind in c("HC0", "HC1", "HC2", "HC3", "HC4")) {
    robust[[tolower(kind)]] <- many(sqrt(diag(vcovHC(fit, type = kind))))
  }
  ci <- suppressWarnings(predict(fit, interval = "confidence"))
  pi <- suppressWarnings(predict(fit, interval = "prediction"))
  p <- length(coef(fit))
  bp <- if (p > 1) bptest(fit) else NULL
  several <- length(attr(terms(fit), "term.labels")) > 1
  vif <- if (several && p > 2 && attr(terms(fit), "intercept") == 1 &&
             !any(grepl("[*:^]", case[[3]]))) {
    v <- car::vif(fit)
    if (is.matrix(v)) max(v[, "GVIF"]^(1 / v[, "Df"])) else max(v)
  } else NULL
  list(
    data = case[[1]], formula = case[[3]],
    terms = many(gsub("factor\\((\\w+)\\)", "\\1", names(coef(fit)))),
    estimate = many(coef(fit)), std_error = many(s$coefficients[, 2]),
    statistic = many(s$coefficients[, 3]), p_value = many(s$coefficients[, 4]),
    conf_low = many(confint(fit)[, 1]), conf_high = many(confint(fit)[, 2]),
    robust = robust,
    robust_p = many(coeftest(fit, vcov = vcovHC(fit, type = "HC3"))[, 4]),
    r_squared = s$r.squared, adj_r_squared = s$adj.r.squared, sigma = s$sigma,
    f = if (is.null(s$fstatistic)) NULL else unname(s$fstatistic[1]),
    f_df = if (is.null(s$fstatistic)) NULL else unname(s$fstatistic[2]),
    f_p = if (is.null(s$fstatistic)) NULL else
      unname(pf(s$fstatistic[1], s$fstatistic[2], s$fstatistic[3], lower.tail = FALSE)),
    df_residual = fit$df.residual,
    log_lik = as.numeric(logLik(fit)), aic = AIC(fit), bic = BIC(fit),
    breusch_pagan = if (is.null(bp)) NULL else unname(bp$statistic),
    breusch_pagan_p = if (is.null(bp)) NULL else unname(bp$p.value),
    durbin_watson = unname(dwtest(fit)$statistic),
    condition_number = max(d) / min(d), max_vif = vif,
    fitted = many(fitted(fit)), resid = many(resid(fit)), hat = many(hatvalues(fit)),
    std_resid = many(rstandard(fit)), cooks_d = many(cooks.distance(fit)),
    dffits = many(dffits(fit)),
    augment_low = many(ci[, "lwr"]), augment_high = many(ci[, "upr"]),
    pred_low = many(pi[, "lwr"]), pred_high = many(pi[, "upr"])
  )
})

# Predictions for rows that were not fitted.
factor_data <- read.csv("../data/regression_factor.csv", stringsAsFactors = TRUE)
further <- data.frame(x = c(2.5, 5, 9), z = c(10, 300, 4000), region = c("JP", "EU", "LATAM"))
predictions <- lapply(c("y ~ x + region", "y ~ poly(x, 3) + z"), function(formula) {
  fit <- lm(as.formula(formula), factor_data)
  c9 <- predict(fit, further, interval = "confidence", level = 0.9)
  p9 <- predict(fit, further, interval = "prediction", level = 0.9)
  list(formula = formula, x = many(further$x), z = many(further$z), region = many(further$region),
       fitted = many(c9[, 1]), conf_low = many(c9[, 2]), conf_high = many(c9[, 3]),
       pred_low = many(p9[, 2]), pred_high = many(p9[, 3]))
})

smooth <- function(name, x, y, span, grid) {
  data <- read.csv(paste0("../data/regression_", name, ".csv"))
  fit <- loess(as.formula(paste(y, "~", x)), data, degree = 1, span = span, family = "gaussian",
               control = loess.control(surface = "direct"))
  value <- predict(fit, setNames(data.frame(grid), x))
  list(data = name, x = x, y = y, span = span, grid = many(grid), value = many(value))
}
smooths <- list(
  smooth("ties", "score", "ssi", 0.75, seq(0, 10, by = 0.4)),
  smooth("ties", "score", "ssi", 0.3, seq(1, 9, by = 0.7)),
  smooth("factor", "x", "y", 0.75, seq(1, 9, length.out = 23)),
  smooth("outliers", "x", "y", 0.5, seq(-2, 2, length.out = 9))
)

cat(json(list(
  versions = list(R = R.version.string, sandwich = as.character(packageVersion("sandwich")),
                  lmtest = as.character(packageVersion("lmtest")),
                  car = as.character(packageVersion("car"))),
  fits = fits, predictions = predictions, smooths = smooths
)), "\n")
