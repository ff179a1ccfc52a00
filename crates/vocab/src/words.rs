use std::collections::HashMap;

/// How many words are remembered by their looks.
const KNOWN: usize = 64;

/// Different words, each kept once and known by a code from 0 in the order of their appearance.
///
/// Most columns have few words, over and over: those are found by their length and a few of their
/// letters before they are looked up.
#[derive(Debug)]
pub struct Words<'a> {
    words: Vec<&'a str>,
    codes: HashMap<&'a str, u32>,
    recent: [u32; KNOWN],
}

impl Default for Words<'_> {
    fn default() -> Self {
        Self { words: Vec::new(), codes: HashMap::new(), recent: [0; KNOWN] }
    }
}

impl<'a> Words<'a> {
    /// The code of a word, a new one if it was not seen before.
    pub fn code(&mut self, word: &'a str) -> u32 {
        let place = looks(word.as_bytes());
        let recent = self.recent[place];
        if self.words.get(recent as usize) == Some(&word) {
            return recent;
        }
        let next = self.words.len() as u32;
        let code = *self.codes.entry(word).or_insert(next);
        if code == next {
            self.words.push(word);
        }
        self.recent[place] = code;
        code
    }

    /// The words, by their codes.
    pub fn words(&self) -> &[&'a str] {
        &self.words
    }
}

fn looks(word: &[u8]) -> usize {
    let letter = |at: usize| usize::from(word.get(at).copied().unwrap_or(0));
    let end = word.len();
    (end + letter(0) + 3 * letter(end / 2) + 5 * letter(end.wrapping_sub(1))) % KNOWN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_one_code_however_alike_they_look() {
        let texts: Vec<String> = (0..3_000).map(|i| format!("{}-{}", i % 7, i % 1_000)).collect();
        let mut words = Words::default();
        let codes: Vec<u32> = texts.iter().map(|text| words.code(text)).collect();
        for (text, code) in texts.iter().zip(codes) {
            assert_eq!(words.words()[code as usize], text);
        }
        let different: std::collections::BTreeSet<&str> = words.words().iter().copied().collect();
        assert_eq!(different.len(), words.words().len());
        assert_eq!(
            (words.code(""), words.code("")),
            (different.len() as u32, different.len() as u32)
        );
    }
}
