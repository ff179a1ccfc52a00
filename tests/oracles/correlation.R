# Reference correlations, BCa intervals and adjusted p-values from R: cor.test, boot::boot.ci on
# index draws that any language can repeat, p.adjust. Prints correlation.r.json:
#
#     Rscript tests/oracles/correlation.R tests/data > tests/oracles/correlation.r.json
library(boot)

data_dir <- commandArgs(TRUE)[1]
number <- function(v) if (is.null(v) || length(v) == 0 || is.na(v)) "null" else sprintf("%.17g", v)
object <- function(fields) paste0("{", paste0('"', names(fields), '": ', unlist(fields), collapse = ", "), "}")

state <- 12345
below <- function(n) {
  # 69069 s + 1 stays below 2^53, so that doubles are exact.
  state <<- (state * 69069 + 1) %% 2^32
  floor(state * n / 2^32)
}

test <- function(x, y, method) {
  found <- suppressWarnings(cor.test(x, y, method = method))
  object(list(
    estimate = number(found$estimate), statistic = number(found$statistic), p_value = number(found$p.value),
    conf_low = number(found$conf.int[1]), conf_high = number(found$conf.int[2])
  ))
}

bca <- function(x, y, method, resamples = 999) {
  n <- length(x)
  statistic <- function(i) cor(x[i], y[i], method = method)
  state <<- 12345
  t <- replicate(resamples, statistic(sapply(seq_len(n), function(k) below(n)) + 1))
  t0 <- statistic(seq_len(n))
  without <- sapply(seq_len(n), function(i) statistic(seq_len(n)[-i]))
  influence <- (n - 1) * (mean(without) - without)
  frame <- boot(data.frame(x, y), function(d, i) statistic(i), R = resamples)
  ends <- boot.ci(frame, type = c("perc", "bca"), t0 = t0, t = t, L = influence)
  object(list(
    resamples = resamples, sd = number(sd(t)), first = number(t[1]), last = number(t[resamples]),
    percentile_low = number(ends$percent[4]), percentile_high = number(ends$percent[5]),
    bca_low = number(ends$bca[4]), bca_high = number(ends$bca[5]),
    acceleration = number(sum(influence^3) / (6 * sum(influence^2)^1.5))
  ))
}

sets <- list()
for (name in c("continuous", "ties", "outliers", "near_line", "tiny", "mid")) {
  d <- read.csv(file.path(data_dir, paste0(name, ".csv")))
  found <- list()
  for (method in c("pearson", "spearman", "kendall")) found[[method]] <- test(d$x, d$y, method)
  if (name %in% c("continuous", "ties", "outliers", "mid"))
    for (method in c("pearson", "spearman", "kendall"))
      found[[paste0("bca_", method)]] <- bca(d$x, d$y, method)
  sets[[name]] <- object(found)
}

p <- c(0.01, 0.04, 0.03, 0.5, 1e-20, 0.04, 0.9, 0.0002, 1)
vector <- function(v) paste0("[", paste(sprintf("%.17g", v), collapse = ", "), "]")
cat(object(list(
  made_by = '"tests/oracles/correlation.R"',
  versions = object(list(R = paste0('"', getRversion(), '"'), boot = paste0('"', packageVersion("boot"), '"'))),
  data = object(sets),
  adjusted = object(list(p = vector(p), holm = vector(p.adjust(p, "holm")), BH = vector(p.adjust(p, "BH"))))
)), "\n")
