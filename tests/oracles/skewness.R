# Robust errors with Satterthwaite's degrees of freedom, from R's clubSandwich: CR2 and CR3 with each
# row a cluster are HC2 and HC3.
#
#   Rscript skewness.R > skewness.r.json       (in this directory)

suppressMessages(library(clubSandwich))

cases <- list(
  list("regression_ties", "ssi ~ score"),
  list("regression_ties", "ssi ~ score + many"),
  list("regression_outliers", "y ~ x"),
  list("regression_outliers", "y ~ x + w"),
  list("regression_factor", "y ~ x + z"),
  list("regression_factor", "y ~ x * region")
)
number <- function(v) paste0("[", paste(sprintf("%.17g", v), collapse = ", "), "]")
one <- function(case) {
  data <- read.csv(paste0("../data/", case[[1]], ".csv"), stringsAsFactors = TRUE)
  fit <- lm(as.formula(case[[2]]), data)
  kinds <- vapply(c(CR2 = "hc2_bm", CR3 = "hc3_bm"), identity, "")
  parts <- vapply(names(kinds), function(type) {
    test <- coef_test(fit, vcovCR(fit, cluster = seq_len(nrow(data)), type = type),
                      test = "Satterthwaite")
    df <- if (is.null(test$df_Satt)) test$df else test$df_Satt
    p <- if (is.null(test$p_Satt)) test$p_val else test$p_Satt
    sprintf('"%s": {"std_error": %s, "df": %s, "p_value": %s}', kinds[[type]], number(test$SE),
            number(df), number(p))
  }, "")
  sprintf(' {"data": "%s", "formula": "%s", %s}', case[[1]], case[[2]], paste(parts, collapse = ", "))
}
cat(sprintf('{"made_by": "tests/oracles/skewness.R", "versions": {"R": "%s", "clubSandwich": "%s"}, "fits": [\n',
            as.character(getRversion()), as.character(packageVersion("clubSandwich"))))
cat(paste(vapply(cases, one, ""), collapse = ",\n"))
cat("\n]}\n")
