# The Rasch and the partial credit model: eRm where each item's answers have no gap, psychotools
# also where one has. Both by conditional maximum likelihood; eRm on complete respondents.
#
#   Rscript rasch.R > rasch.r.json       (in this directory, after reliability.py)
suppressMessages({
  library(eRm)
  library(psychotools)
  library(jsonlite)
})
data <- fromJSON("reliability.py.json", simplifyVector = FALSE)$data
out <- list()

# Cumulative parameters c (a vector an item, the lowest answer's 0 left out) and their covariance,
# moved so that c_last/w_last averages 0, as thresholds with standard errors.
thresholds <- function(c, v, steps) {
  k <- length(steps)
  w <- unlist(lapply(steps, function(s) s[-1]))
  last <- cumsum(lengths(steps) - 1)
  a <- numeric(length(w))
  a[last] <- 1 / (k * w[last])
  move <- diag(length(w)) - outer(w, a)
  c <- drop(move %*% c)
  v <- move %*% v %*% t(move)
  value <- list()
  se <- list()
  at <- 0
  for (i in seq_len(k)) {
    s <- steps[[i]]
    for (h in 2:length(s)) {
      l <- numeric(length(w))
      l[at + h - 1] <- 1 / (s[h] - s[h - 1])
      if (h > 2) l[at + h - 2] <- -1 / (s[h] - s[h - 1])
      value[[length(value) + 1]] <- sum(l * c)
      se[[length(se) + 1]] <- sqrt(drop(l %*% v %*% l))
    }
    at <- at + length(s) - 1
  }
  list(thresholds = unlist(value), se = unlist(se))
}

for (name in names(data)) {
  m <- do.call(rbind, lapply(data[[name]]$rows, function(r) vapply(r, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0)))
  m <- m - matrix(apply(m, 2, min, na.rm = TRUE), nrow(m), ncol(m), byrow = TRUE)
  unit <- min(m[!is.na(m) & m > 0])
  m <- round(m / unit)
  steps <- lapply(seq_len(ncol(m)), function(j) sort(unique(na.omit(m[, j]))))
  full <- m[complete.cases(m), ]
  own <- list(n_complete = nrow(full))
  # psychotools, every respondent: coef() has the cumulative parameters, the first one 0.
  p <- pcmodel(m, nullcats = "keep", reltol = 1e-14)
  own$psychotools_log_lik <- as.numeric(logLik(p))
  if (all(vapply(steps, function(s) all(diff(s) == 1), TRUE))) {
    colnames(full) <- paste0("i", seq_len(ncol(full)))
    model <- if (max(full) == 1) RM(full) else PCM(full)
    v <- model$W %*% solve(model$hessian) %*% t(model$W)
    own$erm <- thresholds(-model$betapar, v, steps)
    own$erm$log_lik <- model$loglik
    places <- person.parameter(model)
    fit <- itemfit(places)
    own$erm$infit <- as.numeric(fit$i.infitMSQ)
    own$erm$outfit <- as.numeric(fit$i.outfitMSQ)
    own$erm$outfit_df <- as.numeric(fit$i.df)
    own$erm$separation <- SepRel(places)$sep.rel
    lr <- suppressWarnings(LRtest(model, splitcr = "median"))
    own$erm$andersen <- c(lr$LR, lr$df, lr$pvalue)
  }
  out[[name]] <- own
}
out$versions <- list(R = paste(R.version$major, R.version$minor, sep = "."),
  eRm = as.character(packageVersion("eRm")), psychotools = as.character(packageVersion("psychotools")))
cat(toJSON(out, auto_unbox = TRUE, digits = 15, pretty = TRUE), "\n")
