use super::{Rate, clopper_pearson_upper};
use ssi_vocab::{Analysis, Estimate, Level};

/// How rarely accounts need be active for inactivity alone to explain a low rate.
///
/// If the accounts of a group are active only a share a as often as others, and respond like those
/// when they are, then their rate is a times `elsewhere`. The row's value is the largest share at
/// which so few events, or fewer, still have a probability of 1 − level: any smaller share explains
/// the low rate without any other difference.
///
/// # Formula
/// The upper end of Clopper and Pearson's one-sided interval, the upper 1 − level quantile of
/// Beta(x + 1, n − x), over `elsewhere`; at most 1. Without events it is
/// (1 − (1 − level)^(1/n)) / `elsewhere`.
///
/// # Errors
/// The row has no value where `elsewhere` is no rate above 0.
///
/// # Example
/// ```
/// use ssi_infer::rates::{Rate, active_share};
/// use ssi_vocab::Level;
/// let share = active_share(Rate::new(0, 100)?, 0.10, Level::DEFAULT).value.unwrap_or_default();
/// assert!((share - 0.295_130_5).abs() < 1e-7);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn active_share(rate: Rate, elsewhere: f64, level: Level) -> Estimate {
    let n = rate.trials;
    let term = format!("{}/{n}", rate.events);
    let row = Estimate::new(Analysis::Rate, "active_share", term, n as usize);
    if !(elsewhere > 0.0 && elsewhere <= 1.0) {
        return row;
    }
    let high = clopper_pearson_upper(rate, level).interval.map_or(1.0, |i| i.high);
    Estimate { value: Some((high / elsewhere).min(1.0)), ..row }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_that_is_not_low_needs_no_inactivity() {
        let share = |events, elsewhere| {
            active_share(Rate::new(events, 100).unwrap(), elsewhere, Level::DEFAULT).value
        };
        assert_eq!(share(30, 0.1), Some(1.0));
        assert_eq!(share(100, 0.1), Some(1.0));
        assert_eq!(share(0, 0.0), None);
        assert_eq!(share(0, f64::NAN), None);
        assert!((share(0, 0.09).unwrap() - 0.327_922_8).abs() < 1e-7);
    }
}
