# Wald's F of a whole model with robust and cluster-robust covariances, from lmtest and sandwich.
#
#   Rscript wald.R > wald.r.json       (in this directory)
#
# Data and clusters as in fit.R.
suppressMessages({
  library(sandwich)
  library(lmtest)
})
cases <- list(
  list("factor", "y ~ x * region"),
  list("factor", "y ~ x + z"),
  list("ties", "ssi ~ score * many"),
  list("outliers", "y ~ x + w"),
  list("outliers", "y ~ x")
)
rows <- vapply(cases, function(case) {
  data <- read.csv(paste0("../data/regression_", case[[1]], ".csv"), stringsAsFactors = TRUE)
  i <- seq_len(nrow(data))
  data$cluster <- (i * i) %% 13
  fit <- lm(as.formula(case[[2]]), data)
  null <- update(fit, . ~ 1)
  f <- function(v) waldtest(null, fit, vcov = v, test = "F")$F[2]
  sprintf('{"data": "%s", "formula": "%s", "hc1": %.17g, "hc3": %.17g, "cluster": %.17g}', case[[1]],
    case[[2]], f(vcovHC(fit, type = "HC1")), f(vcovHC(fit, type = "HC3")),
    f(vcovCL(fit, cluster = ~cluster, data = data, type = "HC1")))
}, "")
cat('{"versions": {"R": "', R.version$major, ".", R.version$minor, '", "sandwich": "',
  as.character(packageVersion("sandwich")), '", "lmtest": "', as.character(packageVersion("lmtest")),
  '"},\n"fits": [', paste(rows, collapse = ",\n"), "]}\n", sep = "")
