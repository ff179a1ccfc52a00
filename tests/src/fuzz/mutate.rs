//! Inputs made from others.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The longest input that is made, and the longest that one in a hundred may grow to.
const LONG: (usize, usize) = (4 << 10, 64 << 10);

/// Pieces that mean something to many readers.
const WORDS: [&[u8]; 34] = [
    b",",
    b";",
    b"\t",
    b"\"",
    b"\"\"",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"=1+1",
    b"@",
    b"500+",
    b"NA",
    b"1,024",
    b"1e999",
    b"-",
    b"0",
    b"-0.0",
    b"0.5",
    b"99999999999999999999",
    b"2018-02-30",
    b"03/04/2018",
    "○".as_bytes(),
    "７．５".as_bytes(),
    "点".as_bytes(),
    b"\xFF\xFE",
    b"\xFE\xFF",
    b"\x83\x5C",
    b"\xEF\xBB\xBF",
    b"PK\x03\x04",
    "\u{202E}".as_bytes(),
    "\u{200B}".as_bytes(),
    b"\x1B[31m",
    b"..",
];

/// Makes inputs, always the same ones from the same seed.
pub struct Mutator {
    dice: ChaCha8Rng,
    words: &'static [&'static str],
}

impl Mutator {
    /// A mutator that knows the words of a target.
    pub fn new(seed: u64, words: &'static [&'static str]) -> Self {
        Self { dice: ChaCha8Rng::seed_from_u64(seed), words }
    }

    /// One of the inputs with some changes.
    pub fn mutated(&mut self, inputs: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = match inputs {
            [] => Vec::new(),
            some => some[self.roll(some.len())].clone(),
        };
        let changes = 1 << self.roll(4);
        for _ in 0..changes {
            self.change(&mut bytes, inputs);
        }
        let most = if self.roll(100) == 0 { LONG.1 } else { LONG.0 };
        bytes.truncate(most);
        bytes
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.dice.gen_range(0..sides)
    }

    fn change(&mut self, bytes: &mut Vec<u8>, inputs: &[Vec<u8>]) {
        let at = self.roll(bytes.len() + 1);
        let end = (at + 1 + self.roll(40)).min(bytes.len());
        match self.roll(10) {
            0 if at < bytes.len() => bytes[at] ^= 1 << self.roll(8),
            1 if at < bytes.len() => bytes[at] = self.roll(256) as u8,
            2 => drop(bytes.drain(at.min(end)..end)),
            3 => {
                let piece = bytes[at.min(end)..end].to_vec();
                let to = self.roll(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            // Depth and length come from repetition.
            4 if self.roll(4) == 0 => {
                let piece = bytes[at.min(end)..end].to_vec();
                let times = 1 << self.roll(10);
                bytes.splice(at..at, piece.repeat(times));
            }
            5 if !inputs.is_empty() => {
                let other = &inputs[self.roll(inputs.len())];
                let from = self.roll(other.len() + 1);
                let to = (from + self.roll(200)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            6 if self.roll(8) == 0 => bytes.truncate(at),
            7 | 8 if !self.words.is_empty() => {
                let word = self.words[self.roll(self.words.len())];
                let over = if self.roll(2) == 0 { end.max(at) } else { at };
                bytes.splice(at..over, word.bytes());
            }
            _ => {
                let word = WORDS[self.roll(WORDS.len())];
                bytes.splice(at..at, word.iter().copied());
            }
        }
    }
}
