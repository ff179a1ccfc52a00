//! Text in a cell of a CSV file, which a spreadsheet program must not take for a formula.

use std::borrow::Cow;

/// What a formula begins with: in the programs themselves, and in those that take full-width signs
/// for plain ones. Tabs and line ends are skipped by some before they look.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The text of a cell as it is written to CSV: where a spreadsheet program would take it for a
/// formula, an apostrophe stands before it. Numbers stay as they are. [`restored`] takes the
/// apostrophe away again, and that of a text which had one of its own is kept by a second one.
///
/// # References
/// OWASP, "CSV Injection", <https://owasp.org/www-community/attacks/CSV_Injection>.
///
/// # Example
/// ```
/// use ssi_vocab::spreadsheet::{defused, restored};
/// assert_eq!(defused("=HYPERLINK(A1)"), "'=HYPERLINK(A1)");
/// assert_eq!(defused("-0.5"), "-0.5");
/// assert_eq!(restored(&defused("@everyone")), "@everyone");
/// ```
pub fn defused(text: &str) -> Cow<'_, str> {
    if is_formula(text) && text.parse::<f64>().is_err() {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text of a cell that [`defused`] has written.
pub fn restored(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

/// True for a text that begins as a formula does, after any apostrophes.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_read_back_and_no_written_one_is_a_formula() {
        for text in [
            "", "'", "''", "JP", "=1+1", "'=1+1", "''=1", "+81-3", "-", "- none", "@x", "\t=1",
            "\r=1", "\n=1", "＝1+1", "＠x", "-0.5", "+1e3", "-1+1", "'quoted'", "a=b",
        ] {
            let written = defused(text);
            assert_eq!(restored(&written), text, "{text:?}");
            let harmless = !written.starts_with(FORMULA) || written.parse::<f64>().is_ok();
            assert!(harmless, "{text:?} is written as {written:?}");
        }
    }
}
