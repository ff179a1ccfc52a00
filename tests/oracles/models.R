# Reference numbers for what stands beside a model: Hosmer and Lemeshow's test from its definition
# (base R's quantile and cut), Wald's F of what bends with HC3 errors (car, sandwich), the average
# slope of a natural spline (the spline rebuilt by splinefun, whose derivative is exact), partial
# dependence written out.
#
#   Rscript models.R > models.r.json       (in this directory)

suppressMessages({
  library(splines)
  library(sandwich)
  library(car)
})

source("json.R")
read <- function(name) read.csv(paste0("../data/", name, ".csv"))

hosmer <- function(data, groups, formula = "binary ~ x + z + g") {
  d <- read(data)
  fit <- glm(as.formula(formula), binomial, d, epsilon = 1e-14, maxit = 100)
  y <- fit$y
  # What rounding parts is equal.
  p <- signif(fitted(fit), 12)
  breaks <- unique(quantile(p, seq_len(groups - 1) / groups, type = 7))
  group <- cut(p, c(-Inf, breaks, Inf))
  o <- tapply(y, group, sum); e <- tapply(fitted(fit), group, sum); n <- tapply(y, group, length)
  o <- o[!is.na(n)]; e <- e[!is.na(n)]; n <- n[!is.na(n)]
  statistic <- sum((o - e)^2 / e) + sum((o - e)^2 / (n - e))
  df <- length(n) - 2
  z <- qnorm(0.975)
  half <- z * sqrt(o * (n - o) / n + z^2 / 4)
  list(data = data, formula = formula, groups = groups, n = many(n), events = many(o), expected = many(e / n),
       statistic = statistic, df = df, p_value = pchisq(statistic, df, lower.tail = FALSE),
       low = many((o + z^2 / 2 - half) / (n + z^2)), high = many((o + z^2 / 2 + half) / (n + z^2)))
}

# The natural spline is told by its values at the knots; splinefun rebuilds it from them.
slopes <- function(basis, x) {
  knots <- sort(c(attr(basis, "knots"), attr(basis, "Boundary.knots")))
  at <- predict(basis, knots)
  vapply(seq_len(ncol(basis)), function(j) splinefun(knots, at[, j], "natural")(x, deriv = 1), x)
}
bends <- function(data, x, y, df) {
  d <- data.frame(x = read(data)[[x]], y = read(data)[[y]])
  d <- d[complete.cases(d), ]
  fit <- lm(y ~ ns(x, df), d)
  basis <- ns(d$x, df)
  # Another choice of columns than ours: the test must not depend on it.
  d$own <- unclass(basis)[, -1, drop = FALSE]
  again <- lm(y ~ x + own, d)
  test <- linearHypothesis(again, matchCoefs(again, "own"), vcov. = vcovHC(again, type = "HC3"), test = "F")
  straight <- lm(y ~ x, d)
  classical <- anova(straight, fit)
  g <- c(0, colMeans(slopes(basis, d$x)))
  errors <- function(v) sqrt(drop(t(g) %*% v %*% g))
  list(data = data, x = x, y = y, df = df, wald = test$F[2], wald_df = test$Df[2], wald_df2 = test$Res.Df[2],
       wald_p = test$`Pr(>F)`[2], f = classical$F[2], p = classical$`Pr(>F)`[2],
       slope = sum(g * coef(fit)), classical = errors(vcov(fit)), hc3 = errors(vcovHC(fit, type = "HC3")))
}

dependence <- function(name, fit, column, values, mean, slope, v = vcov(fit)) {
  d <- model.frame(fit)
  rows <- lapply(values, function(value) {
    d[[column]] <- if (is.character(value)) factor(value, levels = levels(factor(d[[column]]))) else value
    x <- model.matrix(delete.response(terms(fit)), d, xlev = fit$xlevels)
    eta <- drop(x %*% coef(fit))
    g <- colMeans(slope(eta) * x)
    c(sum(mean(eta)) / nrow(x), sqrt(drop(t(g) %*% v %*% g)))
  })
  list(model = name, column = column, values = many(vapply(values, as.character, "")),
       mean = many(vapply(rows, `[`, 0, 1)), std_error = many(vapply(rows, `[`, 0, 2)))
}
plain <- read("bounded_plain")
logit <- glm(binary ~ x * z + g, binomial, plain, epsilon = 1e-14, maxit = 100)
ties <- read("regression_ties")
curve <- lm(ssi ~ ns(score, 3) + many, ties)

cat(json(list(
  versions = list(R = as.character(getRversion()), car = as.character(packageVersion("car")),
                  sandwich = as.character(packageVersion("sandwich"))),
  hosmer_lemeshow = list(hosmer("bounded_plain", 10), hosmer("bounded_small", 10), hosmer("bounded_ties", 10),
                         hosmer("bounded_offset", 10),
                         hosmer("bounded_ties", 10, "binary ~ x"), hosmer("bounded_plain", 10, "binary ~ g")),
  bends = list(bends("regression_ties", "score", "ssi", 4), bends("ties", "x", "y", 3),
               bends("continuous", "x", "y", 4), bends("outliers", "x", "y", 4)),
  dependence = list(
    dependence("binary ~ x * z + g", logit, "z", seq(min(plain$z), max(plain$z), length.out = 21), plogis, dlogis),
    dependence("binary ~ x * z + g", logit, "g", as.list(sort(unique(as.character(plain$g)))), plogis, dlogis),
    dependence("ssi ~ ns(score, 3) + many", curve, "many", sort(unique(ties$many)), identity,
               function(eta) rep(1, length(eta)), vcovHC(curve, type = "HC3")))
)), "\n")
