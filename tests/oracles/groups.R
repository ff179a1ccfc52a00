# Reference comparisons of groups from R: aov, oneway.test, kruskal.test, t.test, wilcox.test,
# effectsize. Prints groups.r.json:
#
#     Rscript tests/oracles/groups.R tests/data > tests/oracles/groups.r.json
suppressMessages(library(effectsize))

data_dir <- commandArgs(TRUE)[1]
number <- function(v) if (is.null(v) || length(v) == 0 || is.na(v)) "null" else sprintf("%.17g", v)
object <- function(fields) paste0("{", paste0('"', names(fields), '": ', unlist(fields), collapse = ", "), "}")
share <- function(e, name) list(number(e[[name]]), number(e$CI_low), number(e$CI_high))

entry <- function(name) {
  y <- read.csv(file.path(data_dir, paste0(name, ".csv")))$y
  i <- seq_along(y) - 1
  three <- factor(ifelse(i %% 7 < 2, "a", ifelse(i %% 7 < 4, "b", "c")))
  two <- factor(ifelse(i %% 5 < 2, "a", "b"))
  table <- summary(aov(y ~ three))[[1]]
  fit <- aov(y ~ three)
  eta <- eta_squared(fit, partial = FALSE, alternative = "two.sided")
  omega <- omega_squared(fit, partial = FALSE, alternative = "two.sided")
  welch <- oneway.test(y ~ three)
  kruskal <- kruskal.test(y, three)
  t <- t.test(y ~ two, var.equal = TRUE)
  welch_t <- t.test(y ~ two)
  d <- cohens_d(y ~ two); g <- hedges_g(y ~ two)
  welch_d <- cohens_d(y ~ two, pooled_sd = FALSE)
  w <- suppressWarnings(wilcox.test(y ~ two, conf.int = TRUE))
  pairs <- list(c("a", "b"), c("a", "c"), c("b", "c"))
  p <- sapply(pairs, function(k) t.test(y[three == k[1]], y[three == k[2]])$p.value)
  object(list(
    f = number(table[["F value"]][1]), f_p = number(table[["Pr(>F)"]][1]),
    ms_between = number(table[["Mean Sq"]][1]), ms_within = number(table[["Mean Sq"]][2]),
    eta = number(eta$Eta2), eta_low = number(eta$CI_low), eta_high = number(eta$CI_high),
    omega = number(omega$Omega2),
    welch_f = number(welch$statistic), welch_df2 = number(welch$parameter[2]), welch_p = number(welch$p.value),
    h = number(kruskal$statistic), h_p = number(kruskal$p.value),
    epsilon = number(rank_epsilon_squared(y, three, ci = NULL)$rank_epsilon_squared),
    t = number(t$statistic), t_p = number(t$p.value), t_low = number(t$conf.int[1]), t_high = number(t$conf.int[2]),
    welch_t = number(welch_t$statistic), welch_t_df = number(welch_t$parameter), welch_t_p = number(welch_t$p.value),
    welch_t_low = number(welch_t$conf.int[1]), welch_t_high = number(welch_t$conf.int[2]),
    d = number(d$Cohens_d), d_low = number(d$CI_low), d_high = number(d$CI_high),
    g = number(g$Hedges_g), g_low = number(g$CI_low), g_high = number(g$CI_high), welch_d = number(welch_d$Cohens_d),
    w = number(w$statistic), w_p = number(w$p.value), w_low = number(w$conf.int[1]), w_high = number(w$conf.int[2]),
    shift = number(w$estimate), biserial = number(suppressWarnings(rank_biserial(y ~ two, ci = NULL))$r_rank_biserial),
    holm = paste0("[", paste(sapply(p.adjust(p, "holm"), number), collapse = ", "), "]")
  ))
}

sets <- c("continuous", "ties", "outliers", "near_line", "tiny", "mid")
versions <- c(r = paste(R.version$major, R.version$minor, sep = "."), effectsize = as.character(packageVersion("effectsize")))
cat("{\n")
cat(paste0(' "made_by": "tests/oracles/groups.R",\n "versions": {', paste0('"', names(versions), '": "', versions, '"', collapse = ", "), "},\n"))
cat(paste0(' "', sets, '": ', sapply(sets, entry), collapse = ",\n"))
cat("\n}\n")
