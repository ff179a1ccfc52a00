# Agreement between raters: psych's ICC and kappa, lme4's variance components where there are gaps.
#
#   Rscript agreement.R > agreement.r.json       (in this directory, after agreement.py)
suppressMessages({
  library(psych)
  library(lme4)
  library(jsonlite)
})
data <- fromJSON("agreement.py.json", simplifyVector = FALSE)$data
matrix_of <- function(table) {
  do.call(rbind, lapply(table, function(r) vapply(r, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0)))
}
out <- list()
for (name in names(data)) {
  m <- matrix_of(data[[name]]$table)
  m <- m[rowSums(!is.na(m)) > 1, , drop = FALSE]
  if (data[[name]]$complete) {
    r <- ICC(m[, colSums(!is.na(m)) > 0], lmer = FALSE)$results
    out[[name]]$single <- unlist(r[r$type == "ICC2", c("ICC", "lower bound", "upper bound")], use.names = FALSE)
    out[[name]]$mean <- unlist(r[r$type == "ICC2k", c("ICC", "lower bound", "upper bound")], use.names = FALSE)
  } else {
    long <- data.frame(i = factor(c(row(m))), j = factor(c(col(m))), y = c(m))
    fit <- suppressMessages(lmer(y ~ 1 + (1 | i) + (1 | j), long[!is.na(long$y), ],
      control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14))))
    v <- as.data.frame(VarCorr(fit))$vcov
    names(v) <- as.data.frame(VarCorr(fit))$grp
    out[[name]]$single <- unname(v["i"] / sum(v))
  }
  if (startsWith(name, "reference")) {
    k <- cohen.kappa(m[complete.cases(m[, 1:2]), 1:2])
    out[[name]]$kappa <- unname(k$confid[1, c("estimate", "lower", "upper")])
    out[[name]]$quadratic <- unname(k$confid[2, c("estimate", "lower", "upper")])
  }
}
out$versions <- list(R = paste(R.version$major, R.version$minor, sep = "."),
  psych = as.character(packageVersion("psych")), lme4 = as.character(packageVersion("lme4")))
cat(toJSON(out, auto_unbox = TRUE, digits = 15, pretty = TRUE), "\n")
