//! Space between Japanese marks: where two meet, one of their blank halves goes.
//!
//! A closing bracket or a comma has its ink in the left half of its square, an opening bracket in
//! the right half. Side by side they leave a hole of half an em or more, which Japanese typesetting
//! closes (JLREQ, 3.1.4).

/// How much the second of two marks moves back, in ems.
pub(crate) const HALF: f64 = 0.5;

fn closes(c: char) -> bool {
    "）」』】〕］｝〉》、。，．".contains(c)
}

fn opens(c: char) -> bool {
    "（「『【〔［｛〈《".contains(c)
}

/// True where `after` moves back by [`HALF`] an em.
pub(crate) fn tight(before: char, after: char) -> bool {
    (closes(before) && (closes(after) || opens(after))) || (opens(before) && opens(after))
}

/// The parts of a text between which there is half an em less space.
pub(crate) fn runs(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let (mut start, mut before) = (0, None);
    for (at, c) in text.char_indices() {
        if before.is_some_and(|b| tight(b, c)) {
            runs.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    runs.push(&text[start..]);
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_meet_are_closed_up() {
        assert_eq!(
            runs("（30人）。「高い」（C7）、次"),
            ["（30人）", "。", "「高い」", "（C7）", "、次"]
        );
        assert_eq!(runs("点、n = 30"), ["点、n = 30"]);
        assert_eq!(runs("(a), [b]."), ["(a), [b]."]);
        assert_eq!(runs(""), [""]);
    }
}
