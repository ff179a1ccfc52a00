use crate::tails::normal_upper_quantile;
use ssi_vocab::{Interval, Level};

/// An interval that is symmetric on Fisher's scale z = artanh r: tanh(z ± q·se).
pub(super) fn interval_on_z(z: f64, se: f64, level: Level, method: &str) -> Interval {
    interval_with_reach(z, normal_upper_quantile(level.tail()) * se, level, method)
}

/// The same with half the width on Fisher's scale given.
pub(super) fn interval_with_reach(z: f64, reach: f64, level: Level, method: &str) -> Interval {
    Interval { low: (z - reach).tanh(), high: (z + reach).tanh(), level, method: method.to_owned() }
}

/// The interval of a perfect correlation, which has no width.
pub(super) fn perfect_interval(r: f64, level: Level, method: &str) -> Interval {
    Interval { low: r, high: r, level, method: method.to_owned() }
}

/// artanh r from r and 1 − r², which keeps its digits where |r| is next to 1.
pub(super) fn artanh(r: f64, unexplained: f64) -> f64 {
    // (1 + |r|)² / (1 − r²) = (1 + |r|) / (1 − |r|).
    let size = r.abs();
    let z = if size < 0.5 {
        size.atanh()
    } else {
        0.5 * ((1.0 + size) * (1.0 + size) / unexplained).ln()
    };
    z.copysign(r)
}
