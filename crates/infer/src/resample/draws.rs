//! Fast unbiased random indices.

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How many resamples share a stream: enough to make seeking cheap, few enough to share the work.
pub(crate) const BLOCK: usize = 128;

/// What the random numbers are for: the same seed gives each purpose numbers of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Bootstrap,
    Permutation,
    Split,
    /// Bootstraps of relative importance.
    Importance,
    /// Bootstraps of which predictors a penalty leaves.
    Inclusion,
    /// Random starts of an S-estimate.
    Starts,
    /// Imputed values.
    Imputation,
    /// Samples of a copula.
    Copula,
    /// Chained equations.
    Chained,
}

impl Purpose {
    /// The number of its first stream: 2⁴⁸ blocks belong to each purpose.
    pub(crate) fn first(self) -> u64 {
        match self {
            Self::Bootstrap => 0,
            Self::Permutation => 1 << 48,
            Self::Split => 1 << 49,
            Self::Starts => 1 << 50,
            Self::Importance => 3 << 49,
            Self::Inclusion => 3 << 48,
            Self::Imputation => 5 << 48,
            Self::Copula => 7 << 48,
            Self::Chained => 1 << 51,
        }
    }
}

/// The random numbers of one block of resamples.
pub(crate) struct Source {
    rng: ChaCha8Rng,
}

impl Source {
    pub(crate) fn new(seed: u64, purpose: Purpose, block: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(purpose.first() + block as u64);
        Self { rng }
    }

    /// The generator itself, for numbers that are no indices.
    pub(crate) fn rng(&mut self) -> &mut ChaCha8Rng {
        &mut self.rng
    }

    /// Fills `out` with indices from 0 to n − 1, each equally likely.
    ///
    /// # References
    /// Several indices from one 64-bit word: Brackett-Rozinsky, N. & Lemire, D. (2024). Batched
    /// ranged random integer generation. doi:10.1002/spe.3369
    pub(crate) fn indices(&mut self, n: u32, out: &mut [u32]) {
        for batch in out.chunks_mut(batch_size(n)) {
            loop {
                let mut word = self.rng.next_u64();
                let mut bound = 1_u64;
                for index in &mut *batch {
                    *index = scaled(&mut word, u64::from(n));
                    bound *= u64::from(n);
                }
                if accepted(word, bound) {
                    break;
                }
            }
        }
    }

    /// Puts `items` into random order, each order equally likely (Fisher and Yates).
    pub(crate) fn shuffle(&mut self, items: &mut [u32]) {
        let mut left = items.len();
        let mut places = [0_u32; 8];
        while left > 1 {
            let batch = batch_size(left as u32).min(left - 1);
            loop {
                let mut word = self.rng.next_u64();
                let mut bound = 1_u64;
                for (i, place) in places[..batch].iter_mut().enumerate() {
                    *place = scaled(&mut word, (left - i) as u64);
                    bound *= (left - i) as u64;
                }
                if accepted(word, bound) {
                    break;
                }
            }
            for place in &places[..batch] {
                left -= 1;
                items.swap(left, *place as usize);
            }
        }
    }
}

/// How many indices below `n` one word gives, with next to no rejections.
fn batch_size(n: u32) -> usize {
    let bits = (32 - n.leading_zeros()).max(1) as usize;
    (56 / bits).clamp(1, 8)
}

/// The upper half of word × n, which lies below n; the lower half stays in the word.
fn scaled(word: &mut u64, n: u64) -> u32 {
    let product = u128::from(*word) * u128::from(n);
    *word = product as u64;
    (product >> 64) as u32
}

/// False for the few words that would make some indices more likely than others.
fn accepted(rest: u64, bound: u64) -> bool {
    rest >= bound || rest >= bound.wrapping_neg() % bound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_about_equally_likely() {
        let mut source = Source::new(1, Purpose::Bootstrap, 0);
        let mut counts = [0_u32; 7];
        let mut out = [0; 70];
        for _ in 0..1000 {
            source.indices(7, &mut out);
            out.iter().for_each(|i| counts[*i as usize] += 1);
        }
        // 10,000 expected of each; the standard deviation is 93.
        assert!(counts.iter().all(|c| c.abs_diff(10_000) < 450), "{counts:?}");
    }

    #[test]
    fn a_shuffle_gives_every_order() {
        let mut source = Source::new(1, Purpose::Permutation, 3);
        let mut orders = std::collections::BTreeMap::new();
        let mut items = [0, 1, 2, 3];
        for _ in 0..24_000 {
            source.shuffle(&mut items);
            *orders.entry(items).or_insert(0_u32) += 1;
        }
        // 1,000 expected of each; the standard deviation is 31.
        assert_eq!(orders.len(), 24);
        assert!(orders.values().all(|c| c.abs_diff(1000) < 160), "{orders:?}");
    }

    #[test]
    fn streams_and_purposes_differ() {
        let first = |purpose, block| {
            let mut out = [0; 8];
            Source::new(5, purpose, block).indices(1000, &mut out);
            out
        };
        let base = first(Purpose::Bootstrap, 0);
        assert_eq!(base, first(Purpose::Bootstrap, 0));
        assert_ne!(base, first(Purpose::Bootstrap, 1));
        assert_ne!(base, first(Purpose::Permutation, 0));
    }

    #[test]
    fn large_and_single_ranges_work() {
        let mut source = Source::new(5, Purpose::Bootstrap, 0);
        let mut out = [7; 9];
        source.indices(1, &mut out);
        assert_eq!(out, [0; 9]);
        source.indices(u32::MAX, &mut out);
        assert!(out.iter().any(|i| *i > 1 << 31));
    }
}
