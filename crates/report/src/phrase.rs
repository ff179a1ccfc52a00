//! Where a Japanese line may break.

use ssi_vocab::PHRASE_BREAK;

/// Stands for a `|` of the user's own while a sentence is being made.
const BAR: char = '\u{e000}';

/// The sentence with each `|` made a place where the line may break.
pub(crate) fn breaks(text: &str) -> String {
    text.replace('|', PHRASE_BREAK.encode_utf8(&mut [0; 4])).replace(BAR, "|")
}

/// A name of the user's, safe to stand in a sentence that goes through [`breaks`].
pub(crate) fn verbatim(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            '|' => BAR,
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

/// The text without its places to break, for renderers that have no use for them.
pub(crate) fn plain(text: &str) -> String {
    text.replace(PHRASE_BREAK, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_become_breaks_but_a_users_own_bar_stays() {
        let sentence = breaks(&format!("得点と|{}", verbatim("a|b")));
        assert_eq!(sentence, "得点と\u{200b}a|b");
        assert_eq!(plain(&sentence), "得点とa|b");
    }
}
