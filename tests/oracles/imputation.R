# Reference numbers for multiple imputation: Rubin's rules by mice's pool and pool.scalar, and chained
# equations with predictive mean matching by mice itself, on the same data.
#
#   Rscript imputation.R > imputation.r.json       (in this directory; half a minute)
#
# Data: ../data/gaps.csv (made by ../data/gaps_data.py).

suppressMessages(library(mice))

json <- function(v) {
  if (is.null(v)) return("null")
  if (is.list(v)) {
    if (is.null(names(v))) return(paste0("[", paste(vapply(v, json, ""), collapse = ", "), "]"))
    return(paste0("{", paste(sprintf('"%s": %s', names(v), vapply(v, json, "")), collapse = ",\n "), "}"))
  }
  one <- function(x) {
    if (is.character(x)) return(sprintf('"%s"', x))
    if (is.na(x)) return("null")
    if (is.infinite(x)) return('"infinite"')
    sprintf("%.17g", x)
  }
  v <- unname(v)
  if (length(v) == 1) one(v) else paste0("[", paste(vapply(v, one, ""), collapse = ", "), "]")
}
many <- function(v) lapply(as.list(unname(v)), identity)

data <- read.csv("../data/gaps.csv", na.strings = "")
data$group <- factor(data$group)
parts <- c("a", "b", "c", "d", "e")
data$score <- NULL
used <- data[, c("outcome", parts, "years", "group")]

# One set of imputations, and what a formula's fits say of it.
pooled <- function(imp, formula) {
  fits <- with(imp, lm(as.formula(formula)))
  p <- pool(fits)$pooled
  list(formula = formula, m = imp$m, df_complete = p$dfcom[1],
    terms = many(as.character(p$term)),
    coefficients = lapply(fits$analyses, function(f) many(coef(f))),
    covariances = lapply(fits$analyses, function(f) many(as.vector(vcov(f)))),
    estimate = many(p$estimate), within = many(p$ubar), between = many(p$b), total = many(p$t),
    df = many(p$df), riv = many(p$riv), lambda = many(p$lambda), fmi = many(p$fmi))
}

of_score <- "outcome ~ I(a + b + c + d + e)"
small <- mice(used, m = 5, maxit = 5, method = "pmm", donors = 5, seed = 1, printFlag = FALSE)
middle <- mice(used, m = 20, maxit = 5, method = "pmm", donors = 5, seed = 2, printFlag = FALSE)
few <- mice(used[1:40, c("outcome", "years", "a", "b")], m = 3, maxit = 5, method = "pmm", seed = 3, printFlag = FALSE)
pools <- list(pooled(small, of_score), pooled(middle, of_score), pooled(small, "outcome ~ a + years + group"),
  pooled(middle, "outcome ~ a * years + group"), pooled(few, "outcome ~ years + a"))

scalar <- function(q, u, n, k) {
  p <- pool.scalar(q, u, n = n, k = k)
  list(estimates = many(q), variances = many(u), df_complete = n - k, estimate = p$qbar, within = p$ubar,
    between = p$b, total = p$t, df = p$df, riv = p$r, fmi = p$fmi)
}
scalars <- list(
  scalar(c(.61, .58, .66, .63, .6), rep(1 / 197, 5), Inf, 1),
  scalar(c(2.1, 2.6, 1.9, 2.4, 2.25), c(.31, .28, .35, .3, .29), 60, 3),
  scalar(c(1e150, 1.1e150, 1.05e150), c(1e298, 1.1e298, 1.2e298), 30, 2),
  scalar(c(-1e-9, 2e-9, 1e-9, 0), c(1e-18, 2e-18, 1.5e-18, 1e-18), 12, 2))

# Without variance between data sets: mice takes the share that is due to the gaps to be 1e-4 at least.
floored <- scalar(rep(2.5, 5), c(.31, .28, .35, .3, .29), 60, 3)

# Many imputations: what the pooled numbers tend to, with their Monte Carlo errors.
large <- mice(used, m = 400, maxit = 10, method = "pmm", donors = 5, seed = 4, printFlag = FALSE)
many_of <- lapply(seq_len(large$m), function(i) {
  d <- complete(large, i)
  score <- rowSums(d[, parts])
  fit <- lm(d$outcome ~ score)
  list(z = atanh(cor(score, d$outcome)), slope = coef(fit)[2], variance = vcov(fit)[2, 2],
    years = coef(lm(d$outcome ~ score + d$years))[3],
    outcome = mean(d$outcome[is.na(data$outcome)]), a = mean(d$a[is.na(data$a)]),
    c = mean(d$c[is.na(data$c)]), imputed_years = mean(d$years[is.na(data$years)]))
})
column <- function(name) vapply(many_of, function(x) unname(x[[name]]), 0)
spread <- function(name) {
  v <- column(name)
  list(mean = mean(v), between = var(v))
}
quantities <- c("z", "slope", "years", "outcome", "a", "c", "imputed_years")
tends <- setNames(lapply(quantities, spread), quantities)
tends$within <- mean(column("variance"))

cat(json(list(
  versions = list(R = as.character(getRversion()), mice = as.character(packageVersion("mice"))),
  pools = pools, scalars = scalars, floored = floored, m = large$m, tends = tends
)), "\n")
