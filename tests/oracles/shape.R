# Reference numbers for splines, breakpoints and isotonic fits from R and its packages.
#
#   Rscript shape.R > shape.r.json       (in this directory)

suppressMessages({
  library(splines)
  library(rms)
  library(segmented)
})

source("json.R")
read <- function(name) read.csv(paste0("../data/", name, ".csv"))

splines_of <- function(data, formula) {
  d <- read(data)
  fit <- lm(as.formula(formula), d)
  list(data = data, formula = formula, terms = many(names(coef(fit))), estimate = many(coef(fit)),
       std_error = many(sqrt(diag(vcov(fit)))), x = many(model.matrix(fit)[1:5, ]))
}
cases <- list(
  c("regression_ties", "ssi ~ ns(score, 3) + many"),
  c("regression_ties", "ssi ~ rcs(score, 4) * many"),
  c("regression_ties", "ssi ~ rcs(score, 3)"),
  c("ties", "y ~ rcs(x, 5)"),
  c("regression_factor", "y ~ ns(x, 4) * region"),
  c("regression_factor", "y ~ ns(x, 1) + z"),
  c("regression_factor", "y ~ rcs(x, 5) + ns(z, 2)"),
  c("regression_factor", "y ~ ns(x, knots = c(4, 6))"),
  c("regression_factor", "y ~ rcs(x, c(3, 5, 7))"),
  c("regression_outliers", "y ~ ns(w, 2) + rcs(x, 3)"),
  c("continuous", "y ~ ns(x, 5)"),
  c("continuous", "y ~ rcs(x, 7)")
)

breaks <- function(data, formula, z, start) {
  d <<- read(data)
  set.seed(1)
  null <- lm(as.formula(formula), d)
  fit <- segmented(null, seg.Z = as.formula(paste("~", z)), psi = start,
                   control = seg.control(tol = 1e-14, it.max = 500, n.boot = 50, digits = 15))
  k <- length(coef(fit)) - 1
  list(data = data, formula = formula, breakpoint = fit$psi[1, "Est."],
       breakpoint_error = fit$psi[1, "St.Err"], rss = sum(residuals(fit)^2),
       estimate = many(coef(fit)[1:k]), std_error = many(sqrt(diag(vcov(fit)))[1:k]),
       slopes = many(slope(fit)[[1]][, "Est."]), slope_errors = many(slope(fit)[[1]][, "St.Err."]),
       pscore = pscore.test(null, as.formula(paste("~", z)))$p.value)
}

steps <- function(data, x, y) {
  d <- read(data)
  o <- order(d[[x]])
  # isoreg knows no ties: the means at each value, repeated, have the same fit.
  means <- tapply(d[[y]], d[[x]], mean)
  pooled <- ave(d[[y]], d[[x]])
  fit <- isoreg(d[[x]][o], pooled[o])
  fitted <- numeric(length(o))
  fitted[o] <- fit$yf
  list(data = data, formula = paste(y, "~", x), rising = many(fitted))
}

at <- function(data, formula, new) {
  d <- read(data)
  fit <- lm(as.formula(formula), d)
  mean <- predict(fit, new, interval = "confidence")
  one <- predict(fit, new, interval = "prediction")
  list(data = data, formula = formula, estimate = mean[1], mean = many(mean[2:3]), one = many(one[2:3]))
}

cat(json(list(
  versions = list(R = as.character(getRversion()), rms = as.character(packageVersion("rms")),
                  Hmisc = as.character(packageVersion("Hmisc")),
                  segmented = as.character(packageVersion("segmented"))),
  splines = lapply(cases, function(c) splines_of(c[1], c[2])),
  segmented = list(
    breaks("regression_factor", "y ~ x + z", "x", 5),
    breaks("regression_outliers", "y ~ w + x", "w", 8),
    breaks("continuous", "y ~ x", "x", 50)
  ),
  isotonic = list(steps("ties", "x", "y"), steps("continuous", "x", "y")),
  predictions = list(
    at("regression_factor", "y ~ ns(x, 3) + region", data.frame(x = 6, region = "JP")),
    at("regression_factor", "y ~ ns(x, 3) + region", data.frame(x = 15, region = "EU")),
    at("regression_factor", "y ~ rcs(x, 4)", data.frame(x = -2))
  )
)), "\n")
