# Items as an instrument: psych's alpha, lavaan's one factor.
#
#   Rscript reliability.R > reliability.r.json       (in this directory, after reliability.py)
suppressMessages({
  library(psych)
  library(lavaan)
  library(jsonlite)
})
data <- fromJSON("reliability.py.json", simplifyVector = FALSE)$data
out <- list()
for (name in names(data)) {
  m <- do.call(rbind, lapply(data[[name]]$rows, function(r) vapply(r, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0)))
  m <- m[complete.cases(m), ]
  colnames(m) <- paste0("i", seq_len(ncol(m)))
  a <- suppressWarnings(alpha(m, check.keys = FALSE))
  fit <- cfa(paste("f =~", paste(colnames(m), collapse = " + ")), m, std.lv = TRUE,
    control = list(rel.tol = 1e-10))
  e <- lavInspect(fit, "est")
  out[[name]] <- list(alpha = a$total$raw_alpha, without = a$alpha.drop$raw_alpha,
    item_rest = a$item.stats$r.drop, omega = sum(e$lambda)^2 / (sum(e$lambda)^2 + sum(e$theta)))
}
out$versions <- list(R = paste(R.version$major, R.version$minor, sep = "."),
  psych = as.character(packageVersion("psych")), lavaan = as.character(packageVersion("lavaan")))
cat(toJSON(out, auto_unbox = TRUE, digits = 15, pretty = TRUE), "\n")
