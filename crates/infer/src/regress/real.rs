//! The arithmetic that the factorisation needs, so that one text serves doubles and double-doubles.
//!
//! Least squares on ordinary survey data is small (some hundred rows, some ten columns), so it is
//! affordable to carry every sum and product with about 32 digits and round once at the end. That
//! is what makes a coefficient right to its last digit even where predictors nearly coincide.

use crate::double_double::DoubleDouble;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number type to solve least squares in.
pub(crate) trait Real:
    Copy
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// Exactly this double.
    fn new(value: f64) -> Self;
    /// Square root of a number that is not below 0.
    fn root(self) -> Self;
    /// The nearest double.
    fn value(self) -> f64;
    /// Σ aᵢbᵢ.
    fn dot(a: &[Self], b: &[Self]) -> Self {
        a.iter().zip(b).fold(Self::zero(), |sum, (a, b)| sum + *a * *b)
    }
    /// Zero.
    fn zero() -> Self {
        Self::new(0.0)
    }
}

impl Real for f64 {
    fn new(value: f64) -> Self {
        value
    }
    fn root(self) -> Self {
        self.sqrt()
    }
    fn value(self) -> f64 {
        self
    }
    fn dot(a: &[Self], b: &[Self]) -> Self {
        // Eight sums side by side, in an order of their own that every machine keeps.
        let (eights_a, eights_b) = (a.chunks_exact(8), b.chunks_exact(8));
        let tail: f64 =
            eights_a.remainder().iter().zip(eights_b.remainder()).map(|(a, b)| a * b).sum();
        let mut sums = [0.0; 8];
        for (a, b) in eights_a.zip(eights_b) {
            for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
                *sum += a * b;
            }
        }
        sums.iter().sum::<f64>() + tail
    }
}

impl Real for DoubleDouble {
    fn new(value: f64) -> Self {
        value.into()
    }
    fn root(self) -> Self {
        self.sqrt()
    }
    fn value(self) -> f64 {
        self.hi
    }
}

/// The sum of some double-doubles.
pub(crate) fn total(values: impl IntoIterator<Item = DoubleDouble>) -> DoubleDouble {
    values.into_iter().fold(DoubleDouble::ZERO, |sum, v| sum + v)
}

/// Times a power of two, which is exact.
pub(crate) fn scaled(value: DoubleDouble, power: i32) -> DoubleDouble {
    // One product where the power itself is a double; scalbn is ten times slower.
    if power.abs() <= 1000 {
        let factor = f64::from_bits(((1023 + power) as u64) << 52);
        return DoubleDouble { hi: value.hi * factor, lo: value.lo * factor };
    }
    DoubleDouble { hi: libm::scalbn(value.hi, power), lo: libm::scalbn(value.lo, power) }
}
