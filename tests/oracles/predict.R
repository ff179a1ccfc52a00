# What models expect at chosen values, with standard errors and intervals, by R's own packages.
#
#   Rscript predict.R > predict.r.json       (in this directory)
#
# Where R has no such interval it is written out from the definition: beta regression (Fisher
# scoring), tobit's observed mean and probabilities (derivatives by numDeriv), the variance of a new
# group's respondent (lmerTest's own derivatives and covariance of the variance parameters).

suppressPackageStartupMessages({
  library(jsonlite); library(ordinal); library(survival); library(numDeriv); library(MASS)
  library(robustbase); library(quantreg); library(lmerTest); library(brglm2)
})
options(warn = -1, digits = 17)
z <- qnorm(0.975)
version <- function(p) as.character(packageVersion(p))
row_of <- function(fit, new) model.matrix(delete.response(terms(fit)), new, xlev = fit$xlevels)

beta_fit <- function(X, y) {
  b <- coef(glm(y ~ X - 1, quasibinomial)); phi <- 10
  p <- c(b, log(phi))
  for (step in 1:500) {
    k <- ncol(X); eta <- drop(X %*% p[1:k]); phi <- exp(p[k + 1]); m <- plogis(eta)
    a <- m * phi; c <- (1 - m) * phi
    ys <- qlogis(y); ms <- digamma(a) - digamma(c)
    d <- m * (1 - m)
    s_b <- drop(t(X) %*% (phi * (ys - ms) * d))
    s_p <- phi * sum(m * (ys - ms) + log1p(-y) - digamma(c) + digamma(phi))
    W <- phi^2 * (trigamma(a) + trigamma(c)) * d^2
    cross <- phi^2 * (trigamma(a) * m - trigamma(c) * (1 - m)) * d
    pp <- phi^2 * sum(trigamma(a) * m^2 + trigamma(c) * (1 - m)^2 - trigamma(phi))
    info <- rbind(cbind(t(X) %*% (W * X), t(X) %*% cross), c(drop(t(X) %*% cross), pp))
    step_by <- solve(info, c(s_b, s_p))
    p <- p + step_by
    if (max(abs(step_by)) < 1e-13 * max(1, abs(p))) break
  }
  list(p = p, v = solve(info))
}

bounded <- lapply(c("plain", "small", "ties", "offset"), function(name) {
  d <- read.csv(sprintf("../data/bounded_%s.csv", name), stringsAsFactors = TRUE)
  new <- d[c(2, 5), c("x", "z", "g")]
  new$z <- new$z + 0.25
  out <- list(data = paste0("bounded_", name), x = new$x, z = new$z, g = as.character(new$g))
  control <- glm.control(epsilon = 1e-15, maxit = 100)
  linked <- function(fit, q, scale) {
    p <- predict(fit, new, se.fit = TRUE)
    r <- predict(fit, new, type = "response", se.fit = TRUE)
    list(value = unname(scale * r$fit), std_error = unname(scale * r$se.fit),
         low = unname(scale * plogis(p$fit - q * p$se.fit)),
         high = unname(scale * plogis(p$fit + q * p$se.fit)))
  }
  out$logistic <- linked(glm(binary ~ x + z + g, binomial, d, control = control), z, 1)
  out$firth <- linked(glm(binary ~ x + z + g, binomial, d, method = "brglmFit", type = "AS_mean",
                          epsilon = 1e-14, maxit = 500), z, 1)
  quasi <- glm(share / 100 ~ x + z + g, quasibinomial, d, control = control)
  out$fractional <- linked(quasi, qt(0.975, df.residual(quasi)), 100)
  d$answer <- factor(d$ordered)
  # Centred, so that clm keeps its digits.
  d$cx <- d$x - mean(d$x); new$cx <- new$x - mean(d$x)
  o <- clm(answer ~ cx + z + g, data = d, control = clm.control(gradTol = 1e-12, maxIter = 200))
  p <- predict(o, new, se.fit = TRUE, interval = TRUE)
  out$ordinal <- list(value = c(t(p$fit)), std_error = c(t(p$se.fit)), low = c(t(p$lwr)), high = c(t(p$upr)))
  X <- model.matrix(~ x + z + g, d)
  x0 <- model.matrix(~ x + z + g, rbind(d[, c("x", "z", "g")], new[, c("x", "z", "g")]))[nrow(d) + 1:2, ]
  centre <- colMeans(X); centre[1] <- 0
  turned <- function(m) sweep(m, 2, centre)
  b <- beta_fit(turned(X), d$inner / 100)
  k <- ncol(X); eta <- drop(turned(x0) %*% b$p[1:k]); phi <- exp(b$p[k + 1])
  s <- sqrt(diag(turned(x0) %*% b$v[1:k, 1:k] %*% t(turned(x0)))); m <- plogis(eta)
  out$beta <- list(value = unname(100 * m), std_error = unname(100 * m * (1 - m) * s),
    low = unname(100 * plogis(eta - z * s)), high = unname(100 * plogis(eta + z * s)),
    one_low = unname(100 * qbeta(0.025, m * phi, (1 - m) * phi)),
    one_high = unname(100 * qbeta(0.975, m * phi, (1 - m) * phi)))
  # Tobit with centred predictors, so that derivatives keep their digits.
  d$low <- ifelse(d$limited <= 0, NA, d$limited)
  d$high <- ifelse(d$limited >= 300, NA, d$limited)
  t <- survreg(Surv(low, high, type = "interval2") ~ cx + z + g, d, dist = "gaussian",
               control = survreg.control(rel.tolerance = 1e-15, maxiter = 200))
  at <- predict(t, new, se.fit = TRUE)
  par <- c(coef(t), log(t$scale)); v <- vcov(t)
  xs <- model.matrix(~ cx + z + g, rbind(d[, c("cx", "z", "g")], new[, c("cx", "z", "g")]))[nrow(d) + 1:2, ]
  seen <- function(p, row) {
    s <- exp(p[k + 1]); mu <- sum(p[1:k] * row); a <- -mu / s; b <- (300 - mu) / s
    300 * pnorm(b, lower.tail = FALSE) + mu * (pnorm(b) - pnorm(a)) + s * (dnorm(a) - dnorm(b))
  }
  top <- function(p, row) (sum(p[1:k] * row) - 300) / exp(p[k + 1])
  bottom <- function(p, row) -sum(p[1:k] * row) / exp(p[k + 1])
  delta <- function(f) sapply(1:2, function(i) {
    g <- grad(f, par, row = xs[i, ]); c(f(par, xs[i, ]), sqrt(drop(g %*% v %*% g)))
  })
  e <- delta(seen); u <- delta(top); l <- delta(bottom)
  out$tobit <- list(latent = unname(at$fit), latent_error = unname(at$se.fit),
    expected = e[1, ], expected_error = e[2, ],
    top = pnorm(u[1, ]), top_low = pnorm(u[1, ] - z * u[2, ]), top_high = pnorm(u[1, ] + z * u[2, ]),
    bottom = pnorm(l[1, ]), bottom_low = pnorm(l[1, ] - z * l[2, ]), bottom_high = pnorm(l[1, ] + z * l[2, ]),
    one_low = unname(at$fit - z * sqrt(t$scale^2 + at$se.fit^2)),
    one_high = unname(at$fit + z * sqrt(t$scale^2 + at$se.fit^2)))
  out
})

robust_cases <- list(
  list("continuous", "y ~ x", list(x = c(52, 61.5))), list("mid", "y ~ x", list(x = c(0.3, 1.5))),
  list("outliers", "y ~ x", list(x = c(-2, 3.25))), list("ties", "y ~ x", list(x = c(2, 4))),
  list("regression_factor", "y ~ x + z", list(x = c(4.5, 6), z = c(200, 60.5))),
  list("regression_outliers", "y ~ x + w", list(x = c(0.5, -1), w = c(7, 8.5)))
)
robust <- lapply(robust_cases, function(case) {
  d <- read.csv(paste0("../data/", case[[1]], ".csv"), stringsAsFactors = TRUE)
  f <- as.formula(case[[2]]); new <- as.data.frame(case[[3]])
  out <- list(data = case[[1]], formula = case[[2]], at = case[[3]])
  x0 <- cbind(1, as.matrix(new))
  m_estimator <- function(psi) {
    fit <- rlm(f, d, init = "ls", psi = psi, acc = 1e-15, maxit = 5000)
    s <- summary(fit); v <- s$cov.unscaled * s$stddev^2
    list(value = drop(x0 %*% coef(fit)), std_error = sqrt(diag(x0 %*% v %*% t(x0))),
         df = nrow(d) - ncol(x0))
  }
  out$huber <- m_estimator(psi.huber)
  out$bisquare <- m_estimator(psi.bisquare)
  control <- lmrob.control(
    tuning.chi = 1.547644980928226, tuning.psi = 4.685, refine.tol = 1e-14, rel.tol = 1e-14,
    scale.tol = 1e-15, solve.tol = 1e-12, k.max = 10000, maxit.scale = 10000, max.it = 10000,
    nResample = 5000, best.r.s = 20, cov = ".vcov.avar1"
  )
  set.seed(1)
  mm <- lmrob(f, d, control = control)
  p <- predict(mm, new, se.fit = TRUE, interval = "confidence")
  out$mm <- list(value = unname(p$fit[, 1]), std_error = unname(p$se.fit), low = unname(p$fit[, 2]),
                 high = unname(p$fit[, 3]))
  # The quantile at x is the intercept with predictors counted from x.
  out$quantile <- lapply(c(0.13, 0.37, 0.58, 0.83), function(tau) {
    at <- lapply(1:nrow(new), function(i) {
      X <- model.matrix(f, d); y <- model.response(model.frame(f, d))
      for (j in 2:ncol(X)) X[, j] <- X[, j] - x0[i, j]
      own <- rq(y ~ X - 1, tau)
      se <- function(kind) tryCatch(unname(summary(own, se = kind)$coefficients[1, 2]), error = function(e) NA)
      rank <- function(iid) tryCatch(unname(rq.fit.br(X, y, tau, alpha = 0.05, ci = TRUE, iid = iid)$coefficients[1, 2:3]),
                                     error = function(e) c(NA, NA))
      list(value = unname(coef(own)[1]), powell = se("ker"), rank = rank(TRUE), rank_nid = rank(FALSE))
    })
    list(tau = tau, value = sapply(at, `[[`, "value"), powell = sapply(at, `[[`, "powell"),
         rank_low = sapply(at, function(a) a$rank[1]), rank_high = sapply(at, function(a) a$rank[2]),
         nid_low = sapply(at, function(a) a$rank_nid[1]), nid_high = sapply(at, function(a) a$rank_nid[2]))
  })
  out
})

control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 100000),
  check.conv.singular = "ignore", check.conv.grad = "ignore",
  check.conv.hess = "ignore")
mixed_cases <- list(
  list("sessions", "y ~ x", NULL, "session", list(x = c(3, 8.5))),
  list("sessions", "y ~ x", "x", "session", list(x = c(3, 8.5))),
  list("balanced", "y ~ 1", NULL, "group", list()),
  list("offset", "y ~ t", NULL, "group", list(t = c(2016, 2020)))
)
mixed <- lapply(mixed_cases, function(case) {
  d <- read.csv(sprintf("../data/mixed_%s.csv", case[[1]]), stringsAsFactors = TRUE)
  effects <- if (is.null(case[[3]])) "1" else paste("1 +", case[[3]])
  formula <- as.formula(paste(case[[2]], "+ (", effects, "|", case[[4]], ")"))
  # lmer's own search stops early: it starts from the best of some.
  dev <- lme4::lmer(formula, d, devFunOnly = TRUE)
  size <- if (is.null(case[[3]])) 1 else 3
  starts <- if (size == 1) list(1, 0.1, 5) else list(c(1, 0, 1), c(.1, .3, .1), c(.3, -.3, .1))
  low <- if (size == 1) 0 else c(0, -Inf, 0)
  ends <- lapply(starts, function(s) optim(s, function(t) dev(t), method = "L-BFGS-B", lower = low,
    control = list(factr = 1e-3, pgtol = 0)))
  best <- ends[[which.min(vapply(ends, function(o) o$value, 0))]]$par
  fit <- suppressWarnings(suppressMessages(lmerTest::lmer(formula, d, control = control, start = best)))
  X <- if (length(case[[5]]) == 0) matrix(1) else cbind(1, as.matrix(as.data.frame(case[[5]])))
  theta <- getME(fit, "theta"); sigma <- sigma(fit)
  # As lmerTest orders its variance parameters: theta, then sigma.
  own <- function(p, zz) {
    th <- p[-length(p)]; s <- p[length(p)]
    L <- if (length(th) == 1) matrix(th) else matrix(c(th[1], th[2], 0, th[3]), 2)
    s^2 * (1 + sum((t(L) %*% zz)^2))
  }
  rows <- lapply(seq_len(nrow(X)), function(i) {
    x <- X[i, ]
    c1 <- contest1D(fit, x)
    zz <- if (is.null(case[[3]])) 1 else c(1, case[[5]][[case[[3]]]][i])
    par <- c(theta, sigma)
    total <- c1[["Std. Error"]]^2 + own(par, zz)
    g <- sapply(fit@Jac_list, function(J) drop(x %*% J %*% x)) + grad(own, par, zz = zz)
    df <- 2 * total^2 / drop(g %*% fit@vcov_varpar %*% g)
    list(value = c1[["Estimate"]], std_error = c1[["Std. Error"]], df = c1[["df"]],
         one_error = sqrt(total), one_df = df)
  })
  pick <- function(name) sapply(rows, `[[`, name)
  list(data = case[[1]], formula = case[[2]], slope = if (is.null(case[[3]])) NA else case[[3]], group = case[[4]],
       at = case[[5]], value = pick("value"), std_error = pick("std_error"), df = pick("df"),
       one_error = pick("one_error"), one_df = pick("one_df"))
})

# CV+ with quantile regressions of ten respondents: a fold each, whatever the order.
conformal <- lapply(c("continuous", "mid", "outliers", "regression_outliers"), function(name) {
  d <- head(read.csv(sprintf("../data/%s.csv", name)), 10)
  at <- unname(quantile(d$x, c(0.3, 0.9)))
  parts <- lapply(1:10, function(i) {
    line <- function(tau, at) {
      b <- coef(rq(y ~ x, tau, d[-i, ])); b[1] + b[2] * at
    }
    ends <- sapply(at, function(v) sort(c(line(0.1, v), line(0.9, v))))
    own <- sort(c(line(0.1, d$x[i]), line(0.9, d$x[i])))
    size <- max(own[1] - d$y[i], d$y[i] - own[2])
    rbind(ends[1, ] - size, ends[2, ] + size)
  })
  rank <- ceiling(0.8 * 11)
  low <- sapply(1:2, function(j) sort(sapply(parts, function(p) p[1, j]))[11 - rank])
  high <- sapply(1:2, function(j) sort(sapply(parts, function(p) p[2, j]))[rank])
  list(data = name, x = at, low = pmin(low, high), high = pmax(low, high))
})

# quantreg writes the largest double for an end that is not there.
plain <- function(v) rapply(v, function(x) if (is.numeric(x)) ifelse(abs(x) > 1e300, NA, x) else x, how = "replace")
cat(toJSON(list(
  versions = list(R = R.version.string, ordinal = version("ordinal"), survival = version("survival"),
    MASS = version("MASS"), robustbase = version("robustbase"), quantreg = version("quantreg"),
    lmerTest = version("lmerTest"), lme4 = version("lme4"), brglm2 = version("brglm2"), numDeriv = version("numDeriv")),
  bounded = bounded, robust = plain(robust), mixed = mixed, conformal = conformal), digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
