use std::hash::{BuildHasher, RandomState};
use std::hint::black_box;

/// How many words are remembered by their keys.
const RECENT: usize = 64;

/// How many slots are more than the processor keeps at hand.
const FAR: usize = 1 << 16;

/// The longest word that is its own key.
const SHORT: usize = 15;

/// Different words, each kept once and known by a code from 0 in the order of their appearance.
///
/// Most words of a table are short: they are packed into a number, their key, and compared as such.
/// The few that most columns have, over and over, are found before they are looked up.
#[derive(Debug)]
pub struct Words<'a> {
    words: Vec<&'a str>,
    /// Where to look for a word, by its key: half of what the key was spread to, by which most other
    /// words are told apart, and below it the word's code and 1; 0 where there is none.
    slots: Vec<u64>,
    recent: [(u128, u32); RECENT],
    /// Without it, anybody could write a file whose words all share a slot.
    secret: RandomState,
    factors: [u64; 2],
}

impl Default for Words<'_> {
    fn default() -> Self {
        let secret = RandomState::new();
        let factors = [secret.hash_one(0), secret.hash_one(1)];
        let recent = [(u128::MAX, 0); RECENT];
        let (words, slots) = (Vec::new(), vec![0; 2 * RECENT]);
        Self { words, slots, recent, secret, factors }
    }
}

impl<'a> Words<'a> {
    /// The code of a word, a new one if it was not seen before.
    pub fn code(&mut self, word: &'a str) -> u32 {
        let key = packed(word.as_bytes()).unwrap_or_else(|| self.long(word));
        let spread = self.spread(key);
        let recent = spread as usize % RECENT;
        let (known, code) = self.recent[recent];
        if known == key && self.is(code, word) {
            return code;
        }
        let code = self.looked_up(word, spread);
        self.recent[recent] = (key, code);
        code
    }

    /// Looks at where words would stand that are going to be asked for. It changes nothing; where there
    /// are many words, their places are far apart in memory, and are fetched together sooner than one
    /// by one.
    pub fn foresee<'w>(&self, words: impl Iterator<Item = &'w str>) {
        if self.slots.len() < FAR {
            return;
        }
        let key = |word: &str| packed(word.as_bytes()).unwrap_or_else(|| self.long(word));
        let seen = words.map(|word| self.slots[self.slot(self.spread(key(word)))]);
        black_box(seen.fold(0, |all, slot| all ^ slot));
    }

    fn looked_up(&mut self, word: &'a str, spread: u64) -> u32 {
        let mut at = self.slot(spread);
        while let Some((tag, code)) = taken(self.slots[at]) {
            if tag == spread >> 32 && self.words[code as usize] == word {
                return code;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        let code = self.words.len() as u32;
        self.words.push(word);
        self.slots[at] = spread >> 32 << 32 | u64::from(code + 1);
        if 2 * self.words.len() > self.slots.len() {
            self.grow();
        }
        code
    }

    /// Makes room, so that at least every second slot is free.
    fn grow(&mut self) {
        let more = vec![0; 4 * self.slots.len()];
        let before = std::mem::replace(&mut self.slots, more);
        for slot in before.into_iter().filter(|slot| *slot != 0) {
            let mut at = self.slot(slot);
            while self.slots[at] != 0 {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = slot;
        }
    }

    /// True where the word of this code, which has the key of `word`, is `word`.
    fn is(&self, code: u32, word: &str) -> bool {
        word.len() <= SHORT || self.words[code as usize] == word
    }

    /// The key of a word that is too long to be its own: its hash, and a length that no short one
    /// has.
    fn long(&self, word: &str) -> u128 {
        0xFF << 120 | u128::from(self.secret.hash_one(word))
    }

    /// A number by whose bits keys differ.
    fn spread(&self, key: u128) -> u64 {
        let [low, high] = [key as u64 ^ self.factors[0], (key >> 64) as u64 ^ self.factors[1]];
        let product = u128::from(low) * u128::from(high);
        product as u64 ^ (product >> 64) as u64
    }

    /// Where to look first, by the upper half of what a key is spread to. There are as many slots as a
    /// power of two.
    fn slot(&self, spread: u64) -> usize {
        (spread >> 32) as usize & (self.slots.len() - 1)
    }

    /// The words, by their codes.
    pub fn words(&self) -> &[&'a str] {
        &self.words
    }
}

/// What stands in a slot: the half of a word's spread key, and its code.
fn taken(slot: u64) -> Option<(u64, u32)> {
    (slot != 0).then(|| (slot >> 32, slot as u32 - 1))
}

/// The bytes of a short word and, above them, their number; no two words have the same.
fn packed(word: &[u8]) -> Option<u128> {
    let n = word.len();
    // The two halves overlap, and say the same where they do.
    let bytes = if let (Some(first), Some(last)) = (word.first_chunk(), word.last_chunk()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        if n > SHORT {
            return None;
        }
        u128::from(first) | u128::from(last) << (8 * (n - 8))
    } else if let (Some(first), Some(last)) = (word.first_chunk(), word.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        (u64::from(first) | u64::from(last) << (8 * (n - 4))).into()
    } else {
        word.iter().rev().fold(0, |bytes, byte| bytes << 8 | u128::from(*byte))
    };
    Some((n as u128) << 120 | bytes)
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

    #[test]
    fn words_that_differ_in_a_byte_or_in_length_are_different() {
        let mut texts = vec![String::new()];
        for length in 1..=40 {
            texts.extend(["a", "b", "\0"].map(|letter| letter.repeat(length)));
            texts.extend((0..length).map(|at| {
                let (before, after) = ("a".repeat(at), "a".repeat(length - at - 1));
                format!("{before}c{after}")
            }));
        }
        let mut words = Words::default();
        for _ in 0..2 {
            let codes: Vec<u32> = texts.iter().map(|text| words.code(text)).collect();
            assert!(codes.into_iter().eq(0..texts.len() as u32));
        }
        assert!(texts.iter().eq(words.words()));
    }
}
