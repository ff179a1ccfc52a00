use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};

/// How many words are remembered by their keys.
const RECENT: usize = 64;

/// The longest word that is its own key.
const SHORT: usize = 15;

/// Different words, each kept once and known by a code from 0 in the order of their appearance.
///
/// The few that most columns have, over and over, are found by their keys before they are looked up.
/// Most are short: they are packed into a number, which is their key, and compared as such.
#[derive(Debug)]
pub struct Words<'a> {
    words: Vec<&'a str>,
    /// True as long as each word came behind all before it, as identifiers often do: no other word can
    /// have been there before, and there are no slots.
    ascending: bool,
    /// Where to look for a word: its tag, by which most others are told apart, and below that its code
    /// and 1; 0 where there is none.
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
        Self { words: Vec::new(), ascending: true, slots: Vec::new(), recent, secret, factors }
    }
}

impl<'a> Words<'a> {
    /// The code of a word, a new one if it was not seen before.
    #[inline]
    pub fn code(&mut self, word: &'a str) -> u32 {
        self.recall(word).unwrap_or_else(|| self.looked_up(word))
    }

    /// The code of a word that was asked for lately.
    #[inline]
    pub fn recall(&self, word: &str) -> Option<u32> {
        let key = key(word.as_bytes());
        let (known, code) = self.recent[self.spread(key) as usize % RECENT];
        let is_it = known == key && (word.len() <= SHORT || self.words[code as usize] == word);
        is_it.then_some(code)
    }

    #[inline(never)]
    fn looked_up(&mut self, word: &'a str) -> u32 {
        if self.ascending {
            let order = self.words.last().map(|last| order(word).cmp(&order(last)));
            if order == Some(Ordering::Less) {
                self.ascending = false;
                self.grow();
            } else {
                if order != Some(Ordering::Equal) {
                    self.words.push(word);
                }
                return self.remembered(word, self.words.len() as u32 - 1);
            }
        }
        let tag = self.tag(word);
        let mut at = self.slot(tag);
        while let Some((own, code)) = taken(self.slots[at]) {
            if own == tag && self.words[code as usize] == word {
                return self.remembered(word, code);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        let code = self.words.len() as u32;
        self.words.push(word);
        self.slots[at] = filled(tag, code);
        if 2 * self.words.len() > self.slots.len() {
            self.grow();
        }
        self.remembered(word, code)
    }

    fn remembered(&mut self, word: &str, code: u32) -> u32 {
        let key = key(word.as_bytes());
        self.recent[self.spread(key) as usize % RECENT] = (key, code);
        code
    }

    /// Makes room, so that three of four slots are free, and puts the words there.
    fn grow(&mut self) {
        self.slots = vec![0; (4 * self.words.len()).next_power_of_two().max(2 * RECENT)];
        for (word, code) in self.words.iter().zip(0..) {
            let tag = self.tag(word);
            let mut at = self.slot(tag);
            while self.slots[at] != 0 {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = filled(tag, code);
        }
    }

    /// A number by which most words are told apart, and by which nobody who does not know the secret can
    /// write many words that share one.
    fn tag(&self, word: &str) -> u32 {
        let hash = match packed(word.as_bytes()) {
            Some(key) => self.spread(key),
            None => self.secret.hash_one(word),
        };
        (hash >> 32) as u32
    }

    /// A number by whose bits keys differ.
    fn spread(&self, key: u128) -> u64 {
        let [low, high] = [key as u64 ^ self.factors[0], (key >> 64) as u64 ^ self.factors[1]];
        let product = u128::from(low) * u128::from(high);
        product as u64 ^ (product >> 64) as u64
    }

    /// Where to look first. There are as many slots as a power of two.
    fn slot(&self, tag: u32) -> usize {
        tag as usize & (self.slots.len() - 1)
    }

    /// The words, by their codes.
    pub fn words(&self) -> &[&'a str] {
        &self.words
    }
}

/// The order in which words are expected: `U9` before `U10`.
fn order(word: &str) -> (usize, &str) {
    (word.len(), word)
}

/// What a slot holds for the word with a tag and a code.
fn filled(tag: u32, code: u32) -> u64 {
    u64::from(tag) << 32 | u64::from(code + 1)
}

/// What stands in a slot: the tag of a word, and its code.
fn taken(slot: u64) -> Option<(u32, u32)> {
    (slot != 0).then(|| ((slot >> 32) as u32, slot as u32 - 1))
}

/// A number for a word: of a short one [`packed`], of a long one its length and its ends, which others
/// may share.
#[inline]
fn key(word: &[u8]) -> u128 {
    packed(word).unwrap_or_else(|| {
        let [first, last] = [word.first_chunk(), word.last_chunk()]
            .map(|chunk| u64::from_le_bytes(*chunk.unwrap_or(&[0; 8])));
        0xFF << 120 | u128::from(word.len() as u32) << 64 | u128::from(first ^ last.rotate_left(23))
    })
}

/// The bytes of a short word and, above them, their number; no two words have the same.
#[inline]
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

    #[test]
    fn words_in_ascending_order_are_known_again_when_the_order_ends() {
        let texts: Vec<String> = (0..5_000).map(|i| format!("U{}", i / 2)).collect();
        let mut words = Words::default();
        for (i, text) in texts.iter().enumerate() {
            assert_eq!(words.code(text), i as u32 / 2);
        }
        assert!(words.ascending && words.slots.is_empty());
        for (i, text) in texts.iter().enumerate().rev() {
            assert_eq!(words.code(text), i as u32 / 2);
        }
        assert_eq!((words.code("V"), words.code("U2499"), words.code("V")), (2_500, 2_499, 2_500));
        assert_eq!(words.words().len(), 2_501);
    }
}
