# Reference numbers for weights, clusters, sums of squares and diagnostics, from R and its packages.
#
#   Rscript fit.R > fit.r.json       (in this directory)
#
# Data: ../data/regression_*.csv, weights and clusters as in fit.py. The near-collinear set is left
# to fit.py, because R keeps nine digits of it.

suppressMessages({
  library(sandwich)
  library(lmtest)
  library(car)
  library(clubSandwich)
  library(nortest)
  library(survey)
})

source("json.R")

cases <- list(
  list("factor", "y ~ x * region", "y ~ x", "y ~ x*region"),
  list("factor", "y ~ x + z", "y ~ 1", "y ~ x + z"),
  list("ties", "ssi ~ score * many", "ssi ~ score", "ssi ~ score * many"),
  list("outliers", "y ~ x + w", "y ~ w", "y ~ x + w")
)

fits <- lapply(cases, function(case) {
  data <- read.csv(paste0("../data/regression_", case[[1]], ".csv"), stringsAsFactors = TRUE)
  i <- seq_len(nrow(data))
  data$weight <- ifelse(i %% 17 == 0, 0, ((7 * i) %% 11 + 1) / 4)
  data$cluster <- (i * i) %% 13
  # Positive weights, for the packages that stumble over a 0.
  data$positive <- ((7 * i) %% 11 + 1) / 4
  formula <- as.formula(case[[2]])
  fit <- lm(formula, data)
  wls <- lm(formula, data, weights = weight)
  pos <- lm(formula, data, weights = positive)
  s <- summary(wls)
  infl <- influence.measures(fit)
  bands <- suppressWarnings(predict(wls, interval = "confidence"))
  preds <- suppressWarnings(predict(wls, interval = "prediction"))
  robust <- list()
  for (kind in c("HC0", "HC1", "HC2", "HC3", "HC4")) {
    robust[[tolower(kind)]] <- many(sqrt(diag(vcovHC(pos, type = kind))))
  }
  cr2 <- coef_test(fit, vcov = "CR2", cluster = data$cluster, test = "Satterthwaite")
  # The rows times the roots of their weights, of equal variance then. (With inverse_var = TRUE
  # clubSandwich takes another of the square roots that remove the bias.)
  tx <- sqrt(data$positive) * model.matrix(pos)
  ty <- sqrt(data$positive) * model.response(model.frame(pos))
  cr2w <- coef_test(lm(ty ~ 0 + tx), vcov = "CR2", cluster = data$cluster, test = "Satterthwaite")
  cr2_inverse_var <- coef_test(pos, vcov = vcovCR(pos, data$cluster, "CR2", inverse_var = TRUE),
                               test = "Satterthwaite")
  design <- svydesign(ids = ~1, weights = ~positive, data = data)
  survey_fit <- svyglm(formula, design)
  survey_clusters <- svyglm(formula, svydesign(ids = ~cluster, weights = ~positive, data = data))
  sum_fit <- lm(formula, data, contrasts = if (case[[1]] == "factor" && grepl("region", case[[2]]))
    list(region = "contr.sum") else NULL)
  three <- car::Anova(sum_fit, type = 3)
  three_hc3 <- suppressMessages(car::Anova(sum_fit, type = 3, vcov. = vcovHC(sum_fit, "HC3")))
  nested <- anova(lm(as.formula(case[[3]]), data), fit)
  v <- suppressMessages(car::vif(fit))
  resid <- resid(fit)
  list(
    data = case[[1]], formula = case[[2]], against = case[[3]],
    wls = list(
      estimate = many(coef(wls)), std_error = many(s$coefficients[, 2]),
      p_value = many(s$coefficients[, 4]), sigma = s$sigma, r_squared = s$r.squared,
      adj_r_squared = s$adj.r.squared, f = unname(s$fstatistic[1]),
      df_residual = wls$df.residual, log_lik = as.numeric(logLik(wls)), aic = AIC(wls),
      bic = BIC(wls), fitted = many(fitted(wls)), resid = many(resid(wls)),
      hat = many(hatvalues(wls)), std_resid = many(rstandard(wls)),
      cooks_d = many(cooks.distance(wls)), student_resid = many(rstudent(wls)),
      conf_low = many(bands[, 2]), conf_high = many(bands[, 3]),
      pred_low = many(preds[, 2]), pred_high = many(preds[, 3])
    ),
    positive = list(
      robust = robust,
      cr1 = many(sqrt(diag(vcovCL(pos, cluster = data$cluster, type = "HC1", cadjust = TRUE)))),
      cr2 = many(cr2w$SE), cr2_df = many(cr2w$df_Satt),
      cr2_inverse_var = many(cr2_inverse_var$SE),
      survey = many(SE(survey_fit)), survey_clusters = many(SE(survey_clusters))
    ),
    cr1 = many(sqrt(diag(vcovCL(fit, cluster = data$cluster, type = "HC1", cadjust = TRUE)))),
    cr2 = many(cr2$SE), cr2_df = many(cr2$df_Satt), cr2_p = many(cr2$p_Satt),
    student_resid = many(rstudent(fit)), dfbetas = many(t(dfbetas(fit))),
    anova = list(
      `1` = many(anova(fit)[["Sum Sq"]]), `2` = many(car::Anova(fit, type = 2)[["Sum Sq"]]),
      `3` = many(three[["Sum Sq"]]), f3 = many(head(three[["F value"]], -1)),
      p3 = many(head(three[["Pr(>F)"]], -1)), hc3 = many(head(three_hc3[["F"]], -1))
    ),
    nested = list(f = nested$F[2], p = nested[["Pr(>F)"]][2], df = nested$Df[2]),
    vif = many(if (is.matrix(v)) v[, "GVIF"] else v),
    breusch_pagan_original = unname(unlist(bptest(fit, studentize = FALSE)[c("statistic", "p.value")])),
    reset = unname(unlist(resettest(fit, power = 2:3, type = "fitted")[c("statistic", "p.value")])),
    durbin_watson = unname(unlist(dwtest(fit, exact = TRUE, iterations = 200)[c("statistic", "p.value")])),
    shapiro_wilk = unname(unlist(shapiro.test(resid)[c("statistic", "p.value")])),
    anderson_darling = unname(unlist(ad.test(resid)[c("statistic", "p.value")]))
  )
})

# Shapiro and Wilk's test for sizes on each branch of the algorithm; the sample is sin(1), sin(2) …
shapiro <- lapply(c(3, 4, 5, 6, 11, 12, 50, 5000), function(n) {
  x <- sin(seq_len(n)) + seq_len(n) %% 3 / 7
  test <- shapiro.test(x)
  list(n = n, w = unname(test$statistic), p = test$p.value)
})
anderson <- lapply(c(8, 30, 200, 2000), function(n) {
  test <- ad.test(sin(seq_len(n)) + seq_len(n) %% 3 / 7)
  list(n = n, a = unname(test$statistic), p = test$p.value)
})

cat(json(list(
  versions = list(R = R.version.string, sandwich = as.character(packageVersion("sandwich")),
                  lmtest = as.character(packageVersion("lmtest")),
                  car = as.character(packageVersion("car")),
                  clubSandwich = as.character(packageVersion("clubSandwich")),
                  survey = as.character(packageVersion("survey")),
                  nortest = as.character(packageVersion("nortest"))),
  fits = fits, shapiro = shapiro, anderson = anderson
)), "\n")
