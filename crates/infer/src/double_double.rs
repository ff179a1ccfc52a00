//! Numbers of 106 bits as unevaluated sums of two doubles, for sums that must not lose digits.
//!
//! Means of values around 1e9 and correlations of nearly collinear columns cancel most of a
//! double; carried in double-double they come out right to the last digit after one rounding.
//!
//! # References
//! Dekker, T. J. (1971). A floating-point technique for extending the available precision.
//! doi:10.1007/BF01397083. Joldes, M., Muller, J.-M. & Popescu, V. (2017). doi:10.1145/3121432

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// `hi + lo`, with `lo` at most half a unit in the last place of `hi`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct DoubleDouble {
    /// The number rounded to a double.
    pub(crate) hi: f64,
    /// What that rounding left out.
    pub(crate) lo: f64,
}

impl DoubleDouble {
    pub(crate) const ZERO: Self = Self { hi: 0.0, lo: 0.0 };

    /// The exact product of two doubles (below 1e292, where Dekker's splitting would overflow).
    pub(crate) fn product(a: f64, b: f64) -> Self {
        // Dekker's splitting, not `mul_add`: without the target feature that is a slow call.
        let hi = a * b;
        let (a_hi, a_lo) = halves(a);
        let (b_hi, b_lo) = halves(b);
        let lo = ((a_hi * b_hi - hi) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo;
        Self { hi, lo }
    }

    /// The exact value of an integer of up to 106 bits.
    pub(crate) fn from_integer(value: i128) -> Self {
        let hi = value as f64;
        let lo = (value - hi as i128) as f64;
        Self { hi, lo }
    }

    /// A double and what it left out, which may be none of its digits yet.
    pub(crate) fn with_rest(value: f64, rest: f64) -> Self {
        let (hi, lo) = two_sum(value, rest);
        Self { hi, lo }
    }

    /// A whole power, by repeated multiplication.
    pub(crate) fn power(self, exponent: u32) -> Self {
        let (mut power, mut square, mut left) = (Self::from(1.0), self, exponent);
        while left > 0 {
            if left % 2 == 1 {
                power = power * square;
            }
            left /= 2;
            if left > 0 {
                square = square * square;
            }
        }
        power
    }

    /// The exponential, right to about 30 digits (for |x| below 700).
    pub(crate) fn exp(self) -> Self {
        // With r = (x - k ln 2) / 512 eight terms of the series are enough; e^x - 1 is squared up
        // nine times, as 2s + s², so that no digits are lost against the 1.
        let k = (self.hi / std::f64::consts::LN_2).round();
        let reduced = self - LN_2 * k;
        let r = Self { hi: reduced.hi / 512.0, lo: reduced.lo / 512.0 };
        let mut term = r;
        let mut sum = r;
        for n in 2..=8 {
            term = term * r / Self::from(f64::from(n));
            sum += term;
        }
        for _ in 0..9 {
            sum = sum * 2.0 + sum * sum;
        }
        let value = sum + Self::from(1.0);
        let k = k as i32;
        Self { hi: libm::scalbn(value.hi, k), lo: libm::scalbn(value.lo, k) }
    }

    /// The natural logarithm of a number above 0.
    pub(crate) fn log(self) -> Self {
        // One Newton step from the double's logarithm doubles its digits.
        let exponent = libm::ilogb(self.hi);
        let near =
            Self { hi: libm::scalbn(self.hi, -exponent), lo: libm::scalbn(self.lo, -exponent) };
        let first = Self::from(libm::log(near.hi));
        let log = first + (near * (-first).exp() - Self::from(1.0));
        if exponent == 0 { log } else { log + LN_2 * f64::from(exponent) }
    }

    /// The logarithm to base 10 of a number above 0.
    pub(crate) fn log10(self) -> Self {
        self.log() / LN_10
    }

    /// Square root; 0 for what is not above 0.
    pub(crate) fn sqrt(self) -> Self {
        if self.hi <= 0.0 {
            return Self::ZERO;
        }
        // One Newton step from the double's root doubles its digits.
        let root = self.hi.sqrt();
        let rest = self - Self::product(root, root);
        quick_sum(root, rest.hi / (2.0 * root))
    }
}

const LN_2: DoubleDouble =
    DoubleDouble { hi: std::f64::consts::LN_2, lo: 2.319_046_813_846_299_6e-17 };
const LN_10: DoubleDouble =
    DoubleDouble { hi: std::f64::consts::LN_10, lo: -2.170_756_223_382_249_3e-16 };

impl From<f64> for DoubleDouble {
    fn from(hi: f64) -> Self {
        Self { hi, lo: 0.0 }
    }
}

impl From<DoubleDouble> for f64 {
    fn from(value: DoubleDouble) -> Self {
        value.hi + value.lo
    }
}

impl Add for DoubleDouble {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (s, s_rest) = two_sum(self.hi, other.hi);
        let (t, t_rest) = two_sum(self.lo, other.lo);
        let first = quick_sum(s, s_rest + t);
        quick_sum(first.hi, first.lo + t_rest)
    }
}

impl AddAssign for DoubleDouble {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Neg for DoubleDouble {
    type Output = Self;
    fn neg(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }
}

impl Sub for DoubleDouble {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for DoubleDouble {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let p = Self::product(self.hi, other.hi);
        quick_sum(p.hi, p.lo + (self.hi * other.lo + self.lo * other.hi))
    }
}

impl Mul<f64> for DoubleDouble {
    type Output = Self;
    fn mul(self, other: f64) -> Self {
        let p = Self::product(self.hi, other);
        quick_sum(p.hi, p.lo + self.lo * other)
    }
}

impl Div for DoubleDouble {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let first = self.hi / other.hi;
        let rest = self - other * first;
        let second = rest.hi / other.hi;
        let rest = rest - other * second;
        quick_sum(first, second) + Self::from(rest.hi / other.hi)
    }
}

/// A sum rounded to a double, and what that left out.
#[inline]
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    let b_part = s - a;
    (s, (a - (s - b_part)) + (b - b_part))
}

/// The sum where |a| ≥ |b|.
fn quick_sum(a: f64, b: f64) -> DoubleDouble {
    let hi = a + b;
    DoubleDouble { hi, lo: b - (hi - a) }
}

/// A double as two of half its digits (Dekker's splitting).
#[inline]
pub(crate) fn halves(a: f64) -> (f64, f64) {
    let c = 134_217_729.0 * a;
    let hi = c - (c - a);
    (hi, a - hi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_keeps_what_rounding_drops() {
        let a = 1.0 + f64::EPSILON;
        let square = DoubleDouble::product(a, a);
        assert_eq!(square.hi, 1.0 + 2.0 * f64::EPSILON);
        assert_eq!(square.lo, f64::EPSILON * f64::EPSILON);
    }

    #[test]
    fn small_terms_survive_a_large_one() {
        let sum =
            [1e16, 1.0, 1.0, 1.0, -1e16].into_iter().fold(DoubleDouble::ZERO, |s, v| s + v.into());
        assert_eq!(f64::from(sum), 3.0);
    }

    #[test]
    fn division_and_root_invert_multiplication() {
        let third = DoubleDouble::from(1.0) / 3.0.into();
        let back = third * 3.0 - 1.0.into();
        assert!(f64::from(back).abs() < 1e-31);
        let root = DoubleDouble::from(2.0).sqrt();
        assert!(f64::from(root * root - 2.0.into()).abs() < 1e-31);
    }

    #[test]
    fn logarithm_and_exponential_hold_thirty_digits() {
        // mpmath, 40 digits: ln 3, e^0.1 of the double 0.1, log10 7, ln 0.7, as hi + lo.
        for (value, expected) in [
            (DoubleDouble::from(3.0).log(), (1.0986122886681098, -9.07129723500153e-17)),
            (DoubleDouble::from(0.1).exp(), (1.1051709180756477, -8.149523913327619e-17)),
            (DoubleDouble::from(7.0).log10(), (0.8450980400142568, 1.7965820250441286e-17)),
            (DoubleDouble::from(0.7).log(), (-0.35667494393873245, 4.82556379937662e-18)),
        ] {
            let off = value - DoubleDouble { hi: expected.0, lo: expected.1 };
            assert!((off.hi / value.hi).abs() < 1e-30, "{value:?}");
        }
    }

    #[test]
    fn a_long_integer_is_kept_whole() {
        let value = (1_i128 << 80) + 12_345;
        let kept = DoubleDouble::from_integer(value) - DoubleDouble::from(2.0_f64.powi(80));
        assert_eq!(f64::from(kept), 12_345.0);
    }
}
