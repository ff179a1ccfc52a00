# Reference necessary condition analyses from R's NCA (Dul): both ceilings on the scope of the data
# and on a wider one, the bottleneck at tenths. Prints necessity.r.json:
#
#     Rscript tests/oracles/necessity.R tests/data > tests/oracles/necessity.r.json
suppressMessages(library(NCA))

data_dir <- commandArgs(TRUE)[1]
number <- function(v) if (is.null(v) || length(v) == 0 || is.na(v)) "null" else sprintf("%.17g", v)
object <- function(fields) paste0("{", paste0('"', names(fields), '": ', unlist(fields), collapse = ", "), "}")
array <- function(values) paste0("[", paste(sapply(values, number), collapse = ", "), "]")

# NCA prints what it says; nothing of it belongs into the output.
analysed <- function(data, scope) {
  invisible(capture.output(m <- nca_analysis(data, "x", "y", ceilings = c("ce_fdh", "cr_fdh"),
    scope = scope, steps = 10, bottleneck.x = "actual", bottleneck.y = "actual")))
  p <- m$summaries$x$params
  row <- function(name, ceiling) suppressWarnings(as.numeric(p[name, ceiling]))
  bottleneck <- function(ceiling) {
    column <- m$bottlenecks[[ceiling]][[2]]
    suppressWarnings(as.numeric(as.character(column)))
  }
  object(list(
    ce = number(row("Effect size", "ce_fdh")), ce_zone = number(row("Ceiling zone", "ce_fdh")),
    cr = number(row("Effect size", "cr_fdh")), cr_zone = number(row("Ceiling zone", "cr_fdh")),
    slope = number(row("Slope", "cr_fdh")), intercept = number(row("Intercept", "cr_fdh")),
    cr_accuracy = number(row("Ceiling accuracy", "cr_fdh")),
    ce_bottleneck = array(bottleneck("ce_fdh")), cr_bottleneck = array(bottleneck("cr_fdh"))
  ))
}

entry <- function(name) {
  data <- read.csv(file.path(data_dir, paste0(name, ".csv")))[, c("x", "y")]
  ends <- c(range(data$x), range(data$y))
  wide <- ends + c(-1, 1) * c(diff(ends[1:2]), diff(ends[1:2]), diff(ends[3:4]), diff(ends[3:4])) / 4
  object(list(empirical = analysed(data, NULL), wide = analysed(data, wide), scope = array(wide)))
}

# NCA 5.0.1 stops with an error of its own on outliers and near_line.
sets <- c("continuous", "ties", "mid", "tiny")
versions <- c(r = paste(R.version$major, R.version$minor, sep = "."), NCA = as.character(packageVersion("NCA")))
cat("{\n")
cat(paste0(' "made_by": "tests/oracles/necessity.R",\n "versions": {', paste0('"', names(versions), '": "', versions, '"', collapse = ", "), "},\n"))
cat(paste0(' "', sets, '": ', sapply(sets, entry), collapse = ",\n"))
cat("\n}\n")
