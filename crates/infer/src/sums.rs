//! Long sums with twice the digits of a double, in lanes side by side.
//!
//! A sum in double-double waits for each of its additions. Here four run next to one another, each
//! gathering exactly what its roundings drop, so that a processor does them at once; lanes and
//! their order are fixed, so the digits are the same on every machine.
//!
//! # References
//! Ogita, T., Rump, S. M. & Oishi, S. (2005). Accurate sum and dot product.
//! doi:10.1137/030601818

use crate::double_double::{DoubleDouble, halves, two_sum};
use rayon::prelude::*;
use std::ops::Range;

/// Numbers that are worked on at once.
pub(crate) const LANES: usize = 4;

/// Some numbers side by side.
pub(crate) type Lane = [f64; LANES];

/// Rows that one thread takes at a time: the same for any number of threads.
const ROWS: usize = 1 << 15;

/// Numbers side by side, each a double and what it left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wide {
    pub(crate) hi: Lane,
    pub(crate) lo: Lane,
}

impl Wide {
    /// The exact differences of doubles and one double.
    #[inline]
    pub(crate) fn difference(values: Lane, centre: f64) -> Self {
        each(|l| two_sum(values[l], -centre))
    }

    /// These numbers plus small ones, with `lo` below the last place of `hi` again.
    #[inline]
    pub(crate) fn shifted(self, by: Lane) -> Self {
        each(|l| two_sum(self.hi[l], self.lo[l] + by[l]))
    }

    /// Products, right but for the product of what was left out.
    #[inline]
    pub(crate) fn times(self, other: Self) -> Self {
        each(|l| {
            let (a, b) = (self.hi[l], other.hi[l]);
            let hi = a * b;
            let ((a_hi, a_lo), (b_hi, b_lo)) = (halves(a), halves(b));
            let lo = ((a_hi * b_hi - hi) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo;
            (hi, lo + (a * other.lo[l] + self.lo[l] * b))
        })
    }
}

#[inline]
fn each(pair: impl Fn(usize) -> (f64, f64)) -> Wide {
    let mut found = Wide { hi: [0.0; LANES], lo: [0.0; LANES] };
    for l in 0..LANES {
        (found.hi[l], found.lo[l]) = pair(l);
    }
    found
}

/// A sum that grows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sum(Wide);

impl Sum {
    pub(crate) const ZERO: Self = Self(Wide { hi: [0.0; LANES], lo: [0.0; LANES] });

    /// Adds a number to each lane.
    #[inline]
    pub(crate) fn add(&mut self, values: Wide) {
        let before = self.0;
        self.0 = each(|l| {
            let (hi, rest) = two_sum(before.hi[l], values.hi[l]);
            (hi, before.lo[l] + (rest + values.lo[l]))
        });
    }

    /// All lanes together.
    pub(crate) fn total(self) -> DoubleDouble {
        let lane = |l: usize| DoubleDouble::with_rest(self.0.hi[l], self.0.lo[l]);
        (0..LANES).fold(DoubleDouble::ZERO, |sum, l| sum + lane(l))
    }
}

/// Numbers times a power of two, as lanes; the last is filled up with `fill`.
#[inline]
pub(crate) fn lanes(values: &[f64], scale: f64, fill: f64) -> impl Iterator<Item = Lane> {
    let (whole, rest) = values.as_chunks::<LANES>();
    let mut last = [fill; LANES];
    for (place, value) in last.iter_mut().zip(rest) {
        *place = value * scale;
    }
    let last = (!rest.is_empty()).then_some(last);
    whole.iter().map(move |lane| lane.map(|v| v * scale)).chain(last)
}

/// What `of` finds in stretches of `0..rows` of a fixed length, in their order.
pub(crate) fn stretches<T: Send>(rows: usize, of: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let range = |c: usize| c * ROWS..((c + 1) * ROWS).min(rows);
    if rows <= ROWS {
        return vec![of(0..rows)];
    }
    (0..rows.div_ceil(ROWS)).into_par_iter().map(|c| of(range(c))).collect()
}

/// Σ vᵢ of values times a power of two.
pub(crate) fn sum(values: &[f64], scale: f64) -> DoubleDouble {
    let parts = stretches(values.len(), |rows| {
        let mut sum = Sum::ZERO;
        for lane in lanes(&values[rows], scale, 0.0) {
            sum.add(Wide { hi: lane, lo: [0.0; LANES] });
        }
        sum.total()
    });
    parts.into_iter().fold(DoubleDouble::ZERO, |sum, part| sum + part)
}

/// Σ vᵢ².
pub(crate) fn squares(values: &[f64]) -> DoubleDouble {
    let parts = stretches(values.len(), |rows| {
        let mut sum = Sum::ZERO;
        for lane in lanes(&values[rows], 1.0, 0.0) {
            let value = Wide { hi: lane, lo: [0.0; LANES] };
            sum.add(value.times(value));
        }
        sum.total()
    });
    parts.into_iter().fold(DoubleDouble::ZERO, |sum, part| sum + part)
}

/// The plain mean of some values times a power of two, close enough to centre with; 0 of nothing.
pub(crate) fn rough_mean(values: &[f64], scale: f64) -> f64 {
    let parts = stretches(values.len(), |rows| {
        let mut sums = [0.0; LANES];
        for lane in lanes(&values[rows], scale, 0.0) {
            for (sum, v) in sums.iter_mut().zip(lane) {
                *sum += v;
            }
        }
        sums.iter().sum::<f64>()
    });
    if values.is_empty() { 0.0 } else { parts.iter().sum::<f64>() / values.len() as f64 }
}

/// The largest absolute value; 0 of nothing.
pub(crate) fn largest(values: &[f64]) -> f64 {
    let mut most = [0.0_f64; LANES];
    for lane in lanes(values, 1.0, 0.0) {
        for (most, v) in most.iter_mut().zip(lane) {
            *most = if v.abs() > *most { v.abs() } else { *most };
        }
    }
    most.into_iter().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_terms_survive_large_ones_in_every_lane() {
        let mut values: Vec<f64> = (0..70_001).map(|i| f64::from(i % 2 * 2 - 1) * 1e16).collect();
        values[70_000] = 3.0;
        values[13] += 2.0;
        assert_eq!(f64::from(sum(&values, 1.0)), 5.0);
        assert_eq!(f64::from(sum(&[], 1.0)), 0.0);
    }

    #[test]
    fn squares_keep_what_rounding_drops() {
        let a = 1.0 + f64::EPSILON;
        let found = squares(&[a, 1.0, a, a, 1.0]);
        let expected = DoubleDouble::product(a, a) * 3.0 + 2.0.into();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_largest_may_stand_anywhere() {
        for n in 1..10 {
            for at in 0..n {
                let mut values = vec![0.5; n];
                values[at] = -7.0;
                assert_eq!(largest(&values), 7.0);
            }
        }
        assert_eq!((largest(&[]), rough_mean(&[], 1.0)), (0.0, 0.0));
    }
}
