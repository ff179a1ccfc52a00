# R's side of the regressions: the same models on models.csv, each with its table of errors.
suppressPackageStartupMessages({
  library(MASS); library(robustbase); library(quantreg); library(survival); library(ordinal)
  library(lmerTest); library(segmented); library(glmnet); library(brglm2)
  library(splines); library(sandwich); library(lmtest)
})
d <- read.csv(file.path(where, "models.csv"), stringsAsFactors = TRUE)
n <- nrow(d)
formula <- ssi ~ score + lconn + region
wide <- as.formula(paste("ssi ~", paste0("i", 1:10, collapse = " + "), "+ lconn + region"))
d$stage <- ordered(d$stage)
d$share <- d$ssi / 100
median_fit <- function() rq(formula, 0.5, d)

say("huber", n, function() summary(rlm(formula, d, psi = psi.huber, maxit = 200)))
say("bisquare", n, function() summary(rlm(formula, d, psi = psi.bisquare, maxit = 200)))
say("mm", n, function() summary(lmrob(formula, d)))
# By its definition: R has none.
say("theil_sen", n, function() {
  dx <- outer(d$score, d$score, "-")
  slopes <- (outer(d$ssi, d$ssi, "-") / dx)[lower.tri(dx) & dx != 0]
  c(median(slopes), median(d$ssi) - median(slopes) * median(d$score))
})
say("quantile", n, function() summary(median_fit(), se = "nid"))
say("quantile_rank", n, function() summary(median_fit(), se = "rank"))
say("quantile_bootstrap_1000", n, function() summary(median_fit(), se = "boot", R = 1000))
cap <- log10(500)
say("tobit", n, function() {
  summary(survreg(Surv(capped, capped < cap) ~ score + region, d, dist = "gaussian"))
})
events <- event ~ score + lconn + region
say("logistic", n, function() summary(glm(events, binomial, d)))
say("logistic_profile", n, function() suppressMessages(confint(glm(events, binomial, d))))
say("firth", n, function() summary(glm(events, binomial, d, method = "brglmFit", type = "AS_mean")))
stages <- stage ~ score + lconn + region
say("ordinal", n, function() summary(clm(stages, data = d)))
say("ordinal_profile", n, function() confint(clm(stages, data = d)))
say("fractional", n, function() {
  fit <- glm(share ~ score + lconn + region, quasibinomial, d)
  coeftest(fit, vcovHC(fit, type = "HC1"))
})
say("spline", n, function() summary(lm(ssi ~ ns(score, 4) + lconn + region, d)))
say("isotonic", n, function() isoreg(d$score, d$ssi))
say("segmented", n, function() summary(segmented(lm(ssi ~ score, d), ~score)))
say("mixed_intercept", n, function() summary(lmer(ssi ~ score + lconn + (1 | session), d)))
say("mixed_slope", n, function() {
  suppressMessages(summary(lmer(ssi ~ score + lconn + (score | session), d)))
})
predictors_of <- function() model.matrix(wide, d)[, -1]
at <- function(alpha, lambda) function() coef(glmnet(predictors_of(), d$ssi, alpha = alpha, lambda = lambda))
say("ridge", n, at(0, 1))
say("lasso", n, at(1, 0.5))
say("elastic_net", n, at(0.5, 0.5))
# The penalty, and with it the lasso's share, chosen in inner folds; each outer fold predicted.
nested <- function(alphas, lambdas) function() {
  x <- predictors_of()
  chosen <- function(rows) {
    folds <- sample(rep(1:10, length.out = length(rows)))
    fits <- lapply(alphas, function(a) {
      if (is.null(lambdas)) cv.glmnet(x[rows, ], d$ssi[rows], alpha = a, foldid = folds, nlambda = 25)
      else cv.glmnet(x[rows, ], d$ssi[rows], alpha = a, foldid = folds, lambda = lambdas)
    })
    fits[[which.min(sapply(fits, function(f) min(f$cvm)))]]
  }
  outer <- sample(rep(1:10, length.out = n))
  predicted <- numeric(n)
  for (fold in 1:10) {
    fit <- chosen(which(outer != fold))
    predicted[outer == fold] <- predict(fit, x[outer == fold, ], s = "lambda.min")
  }
  list(coef(chosen(seq_len(n)), s = "lambda.min"), predicted)
}
say("ridge_cv_nested", n, nested(0, 10^seq(3, -4, length.out = 57) * sd(d$ssi)))
say("elastic_net_cv_nested", n, nested(c(0.1, 0.5, 0.9), NULL))
say("jackknife_plus", n, function() {
  x <- model.matrix(formula, d)
  inverse <- chol2inv(qr.R(qr(x)))
  b <- inverse %*% crossprod(x, d$ssi)
  left_out <- drop(d$ssi - x %*% b) / (1 - rowSums((x %*% inverse) * x))
  place <- colMeans(x)
  mean <- sum(place * b) - drop(x %*% inverse %*% place) * left_out
  k <- ceiling(0.95 * (n + 1))
  c(sort(mean - abs(left_out))[n + 1 - k], sort(mean + abs(left_out))[k])
})
# Over all orders, from the R² of all sets: R's relaimpo is not packaged.
lmg <- function(rows) {
  own <- d[rows, ]
  terms <- c("score", "lconn", "region")
  share <- function(set) {
    if (length(set) == 0) 0 else summary(lm(reformulate(set, "ssi"), own))$r.squared
  }
  sets <- lapply(0:7, function(code) terms[bitwAnd(code, c(1, 2, 4)) > 0])
  r <- sapply(sets, share)
  sapply(0:2, function(j) {
    without <- Filter(function(code) bitwAnd(code, 2^j) == 0, 0:7)
    size <- sapply(without, function(code) length(sets[[code + 1]]))
    sum(factorial(size) * factorial(2 - size) / 6 * (r[without + 2^j + 1] - r[without + 1]))
  })
}
say("lmg", n, function() lmg(seq_len(n)))
long <- 100000
model <- cbind(1, predictors[1:long, ])
outcome <- y[1:long]
say("quantile_10", long, function() rq.fit(model, outcome, 0.5, method = "fn"))
say("quantile_10_br", long, function() rq.fit(model, outcome, 0.5, method = "br"))
say("mm_10", long, function() lmrob.fit(model, outcome, lmrob.control()))
versions <- c("MASS", "robustbase", "quantreg", "survival", "ordinal", "lmerTest", "segmented", "glmnet", "brglm2")
cat(sprintf("# %s, %s\n", R.version.string,
            paste(versions, sapply(versions, function(v) as.character(packageVersion(v))), collapse = ", ")))
