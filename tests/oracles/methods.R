# The further correlations as R's packages give them: WGCNA (biweight), energy (distance), polycor
# (polychoric and polyserial, to the five digits of its optimiser). Prints methods.r.json:
#
#     Rscript tests/oracles/methods.R > tests/oracles/methods.r.json

suppressMessages({library(energy); library(polycor)})
invisible(capture.output(suppressMessages(library(WGCNA))))

file <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
folder <- file.path(dirname(file), "..", "data")
number <- function(x) formatC(x, digits = 17, format = "g")
cut_into <- function(v, levels) {
  limits <- sort(v)[(length(v) * (1:(levels - 1))) %/% levels + 1]
  rowSums(outer(v, limits, ">="))
}

sets <- c("continuous", "ties", "outliers", "tiny", "mid")
lines <- sapply(sets, function(name) {
  d <- read.csv(file.path(folder, paste0(name, ".csv")))
  values <- c(
    biweight = bicor(d$x, d$y)[1], biweight_p = bicorAndPvalue(d$x, d$y)$p[1],
    distance = energy::dcor(d$x, d$y),
    polyserial_ad_hoc = polycor::polyserial(d$x, cut_into(d$y, 4)),
    polyserial_full_ml = polycor::polyserial(d$x, cut_into(d$y, 4), ML = TRUE),
    polychoric_2x2 = polycor::polychor(cut_into(d$x, 2), cut_into(d$y, 2)))
  if (name != "tiny") values["polychoric_3x4"] <- polycor::polychor(cut_into(d$x, 3), cut_into(d$y, 4))
  paste0('  "', name, '": {', paste0('"', names(values), '": ', number(values), collapse = ", "), "}")
})
# A cell of zero: the likelihood rises up to -1, where polycor's search stops short.
values <- polycor::polychor(matrix(c(20, 30, 10, 0), 2))
versions <- c(R = paste(R.version$major, R.version$minor, sep = "."), WGCNA = as.character(packageVersion("WGCNA")), energy = as.character(packageVersion("energy")), polycor = as.character(packageVersion("polycor")))
cat('{\n "made_by": "tests/oracles/methods.R",\n "versions": {', paste0('"', names(versions), '": "', versions, '"', collapse = ", "), '},\n "data": {\n', paste(lines, collapse = ",\n"), '\n },\n "zero_cell": ', number(values), "\n}\n", sep = "")
