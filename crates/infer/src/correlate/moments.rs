//! Centred sums of squares and products, carried with twice the digits of a double (double-double).

use crate::double_double::DoubleDouble;

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
    /// The moments of two equally long columns, row `i` standing for `counts[i]` respondents.
    pub(crate) fn new(x: &[f64], y: &[f64], counts: Option<&[u64]>) -> Self {
        let (x_scale, y_scale) = (power_of_two_scale(x), power_of_two_scale(y));
        Self::about(x, y, counts, mean(x, counts, x_scale), mean(y, counts, y_scale))
    }

    /// The same about zero, for columns that have been centred by another measure than the mean.
    pub(crate) fn about_zero(x: &[f64], y: &[f64]) -> Self {
        Self::about(x, y, None, DoubleDouble::ZERO, DoubleDouble::ZERO)
    }

    /// The moments about centres that are given on the scale of the scaled columns.
    fn about(
        x: &[f64],
        y: &[f64],
        counts: Option<&[u64]>,
        x_bar: DoubleDouble,
        y_bar: DoubleDouble,
    ) -> Self {
        let (x_scale, y_scale) = (power_of_two_scale(x), power_of_two_scale(y));
        let zero = DoubleDouble::ZERO;
        let mut moments = Self { s_xx: zero, s_yy: zero, s_xy: zero };
        for i in 0..x.len() {
            let dx = DoubleDouble::from(x[i] * x_scale) - x_bar;
            let dy = DoubleDouble::from(y[i] * y_scale) - y_bar;
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

/// The mean of `values * scale`.
pub(crate) fn mean(values: &[f64], counts: Option<&[u64]>, scale: f64) -> DoubleDouble {
    let mut sum = DoubleDouble::ZERO;
    let mut n = 0_u64;
    for (i, value) in values.iter().enumerate() {
        let weight = counts.map_or(1, |w| w[i]);
        sum += DoubleDouble::product(value * scale, weight as f64);
        n += weight;
    }
    if n == 0 { DoubleDouble::ZERO } else { sum / DoubleDouble::from(n as f64) }
}

/// The power of two that brings the largest absolute value near 1; 1 for columns of zeros.
pub(crate) fn power_of_two_scale(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
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
