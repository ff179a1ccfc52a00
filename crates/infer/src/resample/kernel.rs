//! A correlation computed again and again on resamples of the same respondents.

use super::general::General;
use crate::Result;
use crate::correlate::moments::{Moments, mean, power_of_two_scale};
use crate::correlate::ranks::{Classes, centred_ranks};
use crate::correlate::{Concordance, KendallOrder, Method};
use crate::double_double::DoubleDouble;
use ssi_vocab::Paired;

/// The data in the form in which a method's resamples are cheapest.
pub(super) enum Kernel {
    Pearson(Products),
    Spearman(Ranks),
    Kendall(KendallOrder),
    General(General),
}

/// Buffers of one thread.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) counts: Vec<u64>,
    pub(super) x: Vec<f64>,
    pub(super) tree: Vec<[f64; 4]>,
}

impl Scratch {
    /// How often each of `len` rows was drawn.
    pub(super) fn count(&mut self, rows: &[u32], len: usize) {
        self.counts.clear();
        self.counts.resize(len, 0);
        for row in rows {
            self.counts[*row as usize] += 1;
        }
    }
}

impl Kernel {
    /// `value` is the estimate, from which a method that searches starts.
    pub(super) fn new(pair: &Paired, method: Method, value: Option<f64>) -> Result<Self> {
        if let Some(general) = General::new(pair, method, value.unwrap_or_default())? {
            return Ok(Self::General(general));
        }
        Ok(match method {
            Method::Spearman => {
                Self::Spearman(Ranks { x: Classes::new(pair.x()), y: Classes::new(pair.y()) })
            }
            Method::Kendall => Self::Kendall(KendallOrder::new(pair.x(), pair.y())),
            // The point-biserial correlation is Pearson's.
            _ => Self::Pearson(Products::new(pair)),
        })
    }

    /// The correlation of the rows drawn; `None` where one variable is constant among them.
    pub(super) fn on(&self, rows: &[u32], scratch: &mut Scratch) -> Option<f64> {
        match self {
            Self::Pearson(products) => products.on(rows),
            Self::Spearman(ranks) => ranks.on(rows),
            Self::Kendall(order) => {
                scratch.count(rows, order.x.code.len());
                tau(&order.concordance(Some(&scratch.counts)))
            }
            Self::General(general) => general.on(rows, scratch),
        }
    }
}

/// τ-b from its pairs.
pub(super) fn tau(pairs: &Concordance) -> Option<f64> {
    let product = pairs.x_pairs as f64 * pairs.y_pairs as f64;
    (product > 0.0).then(|| (pairs.net as f64 / product.sqrt()).clamp(-1.0, 1.0))
}

/// x, y, x², y², xy of each row, where x and y have mean 0 and variance 1: a resample's sums are
/// gathered from them without loss.
pub(super) struct Products {
    rows: Vec<[f64; 6]>,
}

impl Products {
    fn new(pair: &Paired) -> Self {
        let x = standardised(pair.x(), pair.counts());
        let y = standardised(pair.y(), pair.counts());
        let rows = x.into_iter().zip(y).map(|(x, y)| [x, y, x * x, y * y, x * y, 0.0]).collect();
        Self { rows }
    }

    fn on(&self, rows: &[u32]) -> Option<f64> {
        // Two sets of sums, so that one addition need not wait for the other.
        let (mut even, mut odd) = ([0.0; 6], [0.0; 6]);
        let mut pairs = rows.chunks_exact(2);
        for pair in &mut pairs {
            let (a, b) = (&self.rows[pair[0] as usize], &self.rows[pair[1] as usize]);
            for k in 0..6 {
                even[k] += a[k];
                odd[k] += b[k];
            }
        }
        for row in pairs.remainder() {
            odd.iter_mut().zip(&self.rows[*row as usize]).for_each(|(sum, v)| *sum += v);
        }
        even.iter_mut().zip(odd).for_each(|(sum, v)| *sum += v);
        let [s_x, s_y, s_x2, s_y2, s_xy, _] = even;
        let n = rows.len() as f64;
        let s_xx = s_x2 - s_x * s_x / n;
        let s_yy = s_y2 - s_y * s_y / n;
        // Where the resample hardly varies the subtraction has lost its digits.
        if s_xx < 1e-6 * s_x2 || s_yy < 1e-6 * s_y2 {
            return self.with_care(rows.iter().copied());
        }
        let r = (s_xy - s_x * s_y / n) / (s_xx * s_yy).sqrt();
        Some(r.clamp(-1.0, 1.0))
    }

    /// The correlation of some rows by the two-pass formula in double-double.
    fn with_care(&self, rows: impl Iterator<Item = u32> + Clone) -> Option<f64> {
        let x: Vec<f64> = rows.clone().map(|i| self.rows[i as usize][0]).collect();
        let y: Vec<f64> = rows.map(|i| self.rows[i as usize][1]).collect();
        let varies = |v: &[f64]| v.iter().any(|a| *a != v[0]);
        if !varies(&x) || !varies(&y) {
            return None;
        }
        Moments::new(&x, &y, None).correlation().map(|(r, _)| r)
    }

    /// The correlation without one respondent of row `i`, for each row.
    pub(super) fn leave_one_out(&self, counts: Option<&[u64]>) -> Vec<Option<f64>> {
        let weight = |i: usize| counts.map_or(1.0, |w| w[i] as f64);
        let mut sums = [0.0; 6];
        let mut n = 0.0;
        for (i, row) in self.rows.iter().enumerate() {
            for k in 0..6 {
                sums[k] += weight(i) * row[k];
            }
            n += weight(i);
        }
        // The means are 0, so that leaving out (x, y) takes n/(n − 1)·x² from Σx², and so on.
        let share = n / (n - 1.0);
        let [_, _, s_xx, s_yy, s_xy, _] = sums;
        let without = |(i, row): (usize, &[f64; 6])| {
            let (xx, yy) = (s_xx - share * row[2], s_yy - share * row[3]);
            if xx < 1e-6 * s_xx || yy < 1e-6 * s_yy {
                return self.without_by_hand(i, counts);
            }
            Some(((s_xy - share * row[4]) / (xx * yy).sqrt()).clamp(-1.0, 1.0))
        };
        self.rows.iter().enumerate().map(without).collect()
    }

    /// The same for a row that carries nearly all the spread: at most one or two can.
    fn without_by_hand(&self, left_out: usize, counts: Option<&[u64]>) -> Option<f64> {
        let rows = (0..self.rows.len()).flat_map(|i| {
            let copies = copies_of(counts, i).saturating_sub(u64::from(i == left_out));
            std::iter::repeat_n(i as u32, copies as usize)
        });
        self.with_care(rows)
    }
}

fn copies_of(counts: Option<&[u64]>, i: usize) -> u64 {
    counts.map_or(1, |w| w[i])
}

/// The values less their mean, over their standard deviation (with n).
pub(super) fn standardised(values: &[f64], counts: Option<&[u64]>) -> Vec<f64> {
    let scale = power_of_two_scale(values);
    let mean = mean(values, counts, scale);
    let centred: Vec<f64> =
        values.iter().map(|v| f64::from(DoubleDouble::from(v * scale) - mean)).collect();
    let weight = |i: usize| copies_of(counts, i) as f64;
    let squares: f64 = centred.iter().enumerate().map(|(i, d)| weight(i) * d * d).sum();
    let n: f64 = (0..values.len()).map(weight).sum();
    let sd = (squares / n).sqrt();
    if sd > 0.0 { centred.into_iter().map(|d| d / sd).collect() } else { centred }
}

/// Both variables as classes of equal values: a resample's midranks follow from how often each
/// class was drawn.
pub(super) struct Ranks {
    pub(super) x: Classes,
    pub(super) y: Classes,
}

impl Ranks {
    fn on(&self, rows: &[u32]) -> Option<f64> {
        let drawn = |classes: &Classes| {
            let mut sizes = vec![0; classes.len];
            for row in rows {
                sizes[classes.code[*row as usize] as usize] += 1;
            }
            let ranks = centred_ranks(&sizes);
            let squares: f64 =
                ranks.iter().zip(&sizes).map(|(r, n)| (*r as f64) * (*r as f64) * *n as f64).sum();
            (ranks, squares)
        };
        let ((x, s_xx), (y, s_yy)) = (drawn(&self.x), drawn(&self.y));
        if s_xx == 0.0 || s_yy == 0.0 {
            return None;
        }
        let products = rows.iter().map(|row| {
            let (x_code, y_code) = (self.x.code[*row as usize], self.y.code[*row as usize]);
            x[x_code as usize] as f64 * y[y_code as usize] as f64
        });
        let s_xy: f64 = products.sum();
        Some((s_xy / (s_xx * s_yy).sqrt()).clamp(-1.0, 1.0))
    }
}
