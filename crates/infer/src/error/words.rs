//! Parts of the sentences that errors are told in.

/// How many different values, in words where there is one or none.
pub(super) fn values(found: usize) -> String {
    match found {
        0 => "no value".to_owned(),
        1 => "a single value".to_owned(),
        _ => format!("{found} different values"),
    }
}

/// What an analysis needs that has too few respondents, and what can be done.
pub(super) fn few(analysis: &str, needed: usize, found: usize) -> String {
    let respondents = if needed == 1 { "respondent" } else { "respondents" };
    if super::has_coefficients(analysis) {
        return format!(
            "needs more respondents than coefficients: at least {needed} {respondents} with every value, and found {found}; take terms out of the formula, or add respondents"
        );
    }
    format!(
        "needs at least {needed} {respondents} with every value, and found {found}; add respondents, or recover the missing answers from the source"
    )
}

/// Why a value can't be used, within a sentence.
pub(super) fn said(reason: ssi_vocab::Reason) -> &'static str {
    use ssi_vocab::Reason as R;
    match reason {
        R::NotANumber => "text in a number column",
        R::NotFinite => "an infinite number",
        R::OutOfRange => "outside the known values",
        R::LogOfNonPositive => "the logarithm of a number not above 0",
        R::RootOfNegative => "the root of a number below 0",
        R::DivisionByZero => "a division by 0",
        R::BeyondRange => "a result too large for a number of the computer",
        _ => "missing values",
    }
}

/// Names in backticks, with commas between.
pub(super) fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
