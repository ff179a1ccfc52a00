# How the scripts beside this one print what they have computed; sourced by them.

# A value as JSON: lists with names as objects, lists without as arrays, vectors as arrays, a single
# value as itself unless it is marked by many(). What is missing or infinite is null, and so is the
# largest double, which quantreg gives where there is no limit.
json <- function(v) {
  if (is.null(v)) return("null")
  if (is.list(v)) {
    names <- names(v)
    parts <- vapply(v, json, "")
    if (is.null(names)) return(paste0("[", paste(parts, collapse = ",\n"), "]"))
    return(paste0("{", paste0('"', names, '": ', parts, collapse = ",\n"), "}"))
  }
  one <- function(x) {
    if (is.character(x)) return(paste0('"', gsub('"', '\\\\"', x), '"'))
    if (is.na(x) || abs(x) > 1e300) return("null")
    sprintf("%.17g", x)
  }
  if (length(v) == 1 && is.null(attr(v, "vector"))) return(one(v))
  paste0("[", paste(vapply(v, one, ""), collapse = ", "), "]")
}

# A vector that stays an array, however long it is.
many <- function(v) structure(unname(as.vector(v)), vector = TRUE)
