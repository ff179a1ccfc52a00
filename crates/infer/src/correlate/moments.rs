//! Centred sums of squares and products, carried with twice the digits of a double (double-double).

use crate::double_double::DoubleDouble;
use crate::sums::{self, Sum, Wide, lanes, rough_mean, stretches};
use ssi_vocab::Paired;
use std::ops::Range;

/// Σ(x − x̄)², Σ(y − ȳ)² and Σ(x − x̄)(y − ȳ) of columns scaled by powers of two.
///
/// The scaling keeps squares of very large and very small values inside the range of a double
/// and cancels in every correlation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moments {
    pub(crate) s_xx: DoubleDouble,
    pub(crate) s_yy: DoubleDouble,
    pub(crate) s_xy: DoubleDouble,
}

impl Moments {
    /// The moments of a pair, with what decimal text said beyond its doubles.
    pub(crate) fn of(pair: &Paired) -> Self {
        let x = Scaled::new(pair.x(), pair.x_rest());
        let y = Scaled::new(pair.y(), pair.y_rest());
        Self::between(&x, &y, pair.x().len(), pair.counts())
    }

    /// The moments of two equally long columns, row `i` standing for `counts[i]` respondents.
    pub(crate) fn new(x: &[f64], y: &[f64], counts: Option<&[u64]>) -> Self {
        let (x, y) = (Scaled::new(x, None), Scaled::new(y, None));
        Self::between(&x, &y, x.values.len(), counts)
    }

    /// The same about zero, for columns that have been centred by another measure than the mean.
    pub(crate) fn about_zero(x: &[f64], y: &[f64]) -> Self {
        let about = |values| (Scaled::new(values, None), 0.0);
        Sums::of(&about(x), &about(y)).about_centres()
    }

    fn between(x: &Scaled<'_>, y: &Scaled<'_>, n: usize, counts: Option<&[u64]>) -> Self {
        if counts.is_some() {
            return Self::about(x, y, n, counts, x.mean(counts), y.mean(counts));
        }
        let about = |side: &Scaled<'_>| rough_mean(side.values, side.scale);
        Sums::of(&(*x, about(x)), &(*y, about(y))).about_means(n as f64)
    }

    /// The moments about centres that are given on the scale of the scaled columns.
    fn about(
        x: &Scaled<'_>,
        y: &Scaled<'_>,
        n: usize,
        counts: Option<&[u64]>,
        x_bar: DoubleDouble,
        y_bar: DoubleDouble,
    ) -> Self {
        let zero = DoubleDouble::ZERO;
        let mut moments = Self { s_xx: zero, s_yy: zero, s_xy: zero };
        for i in 0..n {
            let (dx, dy) = (x.at(i) - x_bar, y.at(i) - y_bar);
            let weight = counts.map_or(1.0, |w| w[i] as f64);
            let (wx, wy) = (dx * weight, dy * weight);
            moments.s_xx += wx * dx;
            moments.s_yy += wy * dy;
            moments.s_xy += wx * dy;
        }
        moments
    }

    /// r and 1 − r², the second with full relative precision however near |r| is to 1.
    /// `None` where a column does not vary.
    pub(crate) fn correlation(&self) -> Option<(f64, f64)> {
        let product = self.s_xx * self.s_yy;
        if product.hi <= 0.0 {
            return None;
        }
        let r = f64::from(self.s_xy / product.sqrt()).clamp(-1.0, 1.0);
        let unexplained = (product - self.s_xy * self.s_xy) / product;
        Some((r, f64::from(unexplained).clamp(0.0, 1.0)))
    }
}

/// Sums of deviations from centres near the means, and of their squares and products.
struct Sums {
    x: DoubleDouble,
    y: DoubleDouble,
    about: Moments,
}

impl Sums {
    /// Of two columns with their centres.
    fn of((x, x_centre): &(Scaled<'_>, f64), (y, y_centre): &(Scaled<'_>, f64)) -> Self {
        let parts = stretches(x.values.len(), |rows| match (x.rest, y.rest) {
            (None, None) => gathered(x.about(*x_centre, &rows).zip(y.about(*y_centre, &rows))),
            (Some(a), None) => {
                gathered(x.about_with(a, *x_centre, &rows).zip(y.about(*y_centre, &rows)))
            }
            (None, Some(b)) => {
                gathered(x.about(*x_centre, &rows).zip(y.about_with(b, *y_centre, &rows)))
            }
            (Some(a), Some(b)) => {
                let x = x.about_with(a, *x_centre, &rows);
                gathered(x.zip(y.about_with(b, *y_centre, &rows)))
            }
        });
        let sum = |j: usize| parts.iter().fold(DoubleDouble::ZERO, |sum, part| sum + part[j]);
        let about = Moments { s_xx: sum(2), s_yy: sum(3), s_xy: sum(4) };
        Self { x: sum(0), y: sum(1), about }
    }

    fn about_centres(self) -> Moments {
        self.about
    }

    fn about_means(self, n: f64) -> Moments {
        let Self { x, y, about } = self;
        let n = DoubleDouble::from(n);
        Moments {
            s_xx: about.s_xx - x * x / n,
            s_yy: about.s_yy - y * y / n,
            s_xy: about.s_xy - x * y / n,
        }
    }
}

/// Sums of some deviations in two columns, of their squares and of their products.
fn gathered(pairs: impl Iterator<Item = (Wide, Wide)>) -> [DoubleDouble; 5] {
    let mut sums = [Sum::ZERO; 5];
    for (dx, dy) in pairs {
        let terms = [dx, dy, dx.times(dx), dy.times(dy), dx.times(dy)];
        for (sum, term) in sums.iter_mut().zip(terms) {
            sum.add(term);
        }
    }
    sums.map(Sum::total)
}

/// Values times a power of two, with their rests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scaled<'a> {
    values: &'a [f64],
    rest: Option<&'a [f64]>,
    pub(crate) scale: f64,
}

impl<'a> Scaled<'a> {
    /// The values, scaled so that the largest is near 1.
    pub(crate) fn new(values: &'a [f64], rest: Option<&'a [f64]>) -> Self {
        Self { values, rest, scale: power_of_two_scale(values) }
    }

    /// The scaled value in row `i`.
    pub(crate) fn at(&self, i: usize) -> DoubleDouble {
        let value = self.values[i] * self.scale;
        match self.rest {
            Some(rest) => DoubleDouble::with_rest(value, rest[i] * self.scale),
            None => value.into(),
        }
    }

    /// Exact deviations from a centre, leaving the rests aside; what fills up has none.
    fn about(&self, centre: f64, rows: &Range<usize>) -> impl Iterator<Item = Wide> {
        lanes(&self.values[rows.clone()], self.scale, centre)
            .map(move |lane| Wide::difference(lane, centre))
    }

    /// The same with the rests.
    fn about_with(
        &self,
        rest: &[f64],
        centre: f64,
        rows: &Range<usize>,
    ) -> impl Iterator<Item = Wide> {
        let rests = lanes(&rest[rows.clone()], self.scale, 0.0);
        self.about(centre, rows).zip(rests).map(|(d, rest)| d.shifted(rest))
    }

    /// The mean of the scaled values, row `i` standing for `counts[i]` respondents.
    pub(crate) fn mean(&self, counts: Option<&[u64]>) -> DoubleDouble {
        if counts.is_none() && !self.values.is_empty() {
            let rest = self.rest.map_or(DoubleDouble::ZERO, |rest| sums::sum(rest, self.scale));
            let sum = sums::sum(self.values, self.scale) + rest;
            return sum / (self.values.len() as f64).into();
        }
        let mut sum = DoubleDouble::ZERO;
        let mut n = 0_u64;
        for i in 0..self.values.len() {
            let weight = counts.map_or(1, |w| w[i]);
            sum += self.at(i) * weight as f64;
            n += weight;
        }
        if n == 0 { DoubleDouble::ZERO } else { sum / DoubleDouble::from(n as f64) }
    }
}

/// The mean of `values * scale`.
pub(crate) fn mean(values: &[f64], counts: Option<&[u64]>, scale: f64) -> DoubleDouble {
    Scaled { values, rest: None, scale }.mean(counts)
}

/// The power of two that brings the largest absolute value near 1; 1 for columns of zeros.
pub(crate) fn power_of_two_scale(values: &[f64]) -> f64 {
    let largest = sums::largest(values);
    if largest == 0.0 {
        return 1.0;
    }
    2.0_f64.powi(-(largest.log2().floor().clamp(-1000.0, 1000.0) as i32))
}

/// True where all rows that count for somebody hold the same value.
pub(crate) fn is_constant(values: &[f64], counts: Option<&[u64]>) -> bool {
    let mut used = (0..values.len()).filter(|i| counts.is_none_or(|w| w[*i] > 0));
    used.next().is_none_or(|first| used.all(|i| values[i] == values[first]))
}
