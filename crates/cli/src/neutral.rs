//! What the data say can't steer a terminal.
//!
//! A cell or a header may hold the sequences by which programs move the cursor, colour or rewrite
//! what stands on the screen, and the marks that turn the direction of text, so that a line reads as
//! something else than it is. Nothing of our own needs either: our output holds line feeds and tabs
//! and no other control character.

use std::borrow::Cow;

/// The text without what steers: each such character becomes U+FFFD, or in JSON its escape, which
/// reads back to the same text.
pub(crate) fn neutral(text: &str, json: bool) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if !steers(c) => safe.push(c),
            // All of them lie in the basic plane. In JSON they stand within strings only.
            c if json => safe += &format!("\\u{:04x}", u32::from(c)),
            _ => safe.push('\u{FFFD}'),
        }
    }
    Cow::Owned(safe)
}

fn steers(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(
            c,
            '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_shown_and_all_else_stays() {
        assert_eq!(neutral("a\tb\n平均 é", false), "a\tb\n平均 é");
        assert_eq!(
            neutral("\u{1b}[2Jx\r\u{9b}31m\u{202e}y", false),
            "\u{fffd}[2Jx\u{fffd}\u{fffd}31m\u{fffd}y"
        );
        assert_eq!(neutral("\"\u{202e}\u{7f}\"", true), "\"\\u202e\\u007f\"");
    }
}
