//! Where a Japanese line may break.

use ssi_vocab::PHRASE_BREAK;

/// Stands for a `|` of the user's own while a sentence is being made.
const BAR: char = '\u{e000}';

/// The sentence with each `|` made a place where the line may break.
pub(crate) fn breaks(text: &str) -> String {
    text.replace('|', PHRASE_BREAK.encode_utf8(&mut [0; 4])).replace(BAR, "|")
}

/// A Japanese sentence with a space wherever a Latin word meets kana or kanji, as the rest of the
/// report is set; names that are put into a sentence may be either.
pub(crate) fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = ' ';
    // Nothing stands between two characters that have only a place to break between them.
    let mut breaks = String::new();
    for c in text.chars() {
        if c == PHRASE_BREAK || c == '|' {
            breaks.push(c);
            continue;
        }
        if japanese(last) && c.is_ascii_alphabetic() || last.is_ascii_alphabetic() && japanese(c) {
            out.push(' ');
        }
        out.push_str(&breaks);
        breaks.clear();
        out.push(c);
        last = c;
    }
    out.push_str(&breaks);
    // Two spaces meet where the sentence had one of its own.
    out.replace("  ", " ")
}

fn japanese(c: char) -> bool {
    ('\u{3041}'..='\u{30fa}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c) || c == 'ー'
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
        assert_eq!(spaced("得点が|SSI|も95%で（SSI）"), "得点が |SSI |も95%で（SSI）");
        assert_eq!(spaced("得点と SSI の"), "得点と SSI の");
    }
}
