use super::pearson;
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Note, Paired};

/// Pearson's correlation as it would be if both variables were measured without error.
///
/// # Formula
/// r / √(rₓ·rᵧ), with the reliabilities of the two measurements (such as Cronbach's α). The
/// standard error and both ends of Fisher's interval are divided by the same number. The test
/// stays that of r: both are 0 together. A result beyond ±1 is given as it is, with a note: the
/// reliabilities are too low to be true of these data, or the sample is small.
///
/// # Assumptions
/// Errors of measurement go with nothing else. The reliabilities are taken as known, so that the
/// interval leaves out how uncertain they are.
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// Those of [`pearson()`]; [`Error::Setting`] for a reliability outside (0, 1].
///
/// # References
/// Spearman, C. (1904). The proof and measurement of association between two things.
/// doi:10.2307/1412159
///
/// # Example
/// ```
/// use ssi_infer::correlate::disattenuate;
/// use ssi_vocab::{Level, Paired};
///
/// let pair = Paired::complete("x", &[1.0, 2.0, 3.0, 4.0, 5.0], "y", &[1.0, 5.0, 2.0, 4.0, 3.0])?;
/// let row = disattenuate(&pair, [0.5, 0.72], Level::DEFAULT)?;
/// assert!((row.value.unwrap() - 0.3 / 0.6).abs() < 1e-15);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn disattenuate(pair: &Paired, reliability: [f64; 2], level: Level) -> Result<Estimate> {
    if let Some(value) = reliability.into_iter().find(|r| !(*r > 0.0 && *r <= 1.0)) {
        let (name, allowed) = ("a reliability", "above 0 and at most 1");
        return Err(Error::Setting { name, value, allowed });
    }
    let mut row = pearson(pair)?.estimate(level);
    let root = (reliability[0] * reliability[1]).sqrt();
    row.method = "disattenuated".to_owned();
    row.term =
        format!("{}, {} ({}, {})", pair.x_name(), pair.y_name(), reliability[0], reliability[1]);
    row.value = row.value.map(|r| r / root);
    row.std_error = row.std_error.map(|se| se / root);
    if let Some(interval) = &mut row.interval {
        interval.low /= root;
        interval.high /= root;
    }
    if row.value.is_some_and(|r| r.abs() > 1.0) {
        row.note = Some(Note::BeyondOne);
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_one_is_given_and_noted() {
        let pair = Paired::complete("x", &[1.0, 2.0, 3.0, 4.0], "y", &[1.0, 2.0, 3.0, 5.0]);
        let row = disattenuate(&pair.unwrap(), [0.5, 0.5], Level::DEFAULT).unwrap();
        assert!(row.value.is_some_and(|r| r > 1.9));
        assert_eq!(row.note, Some(Note::BeyondOne));
    }

    #[test]
    fn a_reliability_is_a_share() {
        let pair =
            Paired::complete("x", &[1.0, 2.0, 3.0, 4.0], "y", &[1.0, 2.0, 3.0, 5.0]).unwrap();
        for wrong in [0.0, -0.1, 1.1, f64::NAN] {
            let error = disattenuate(&pair, [0.9, wrong], Level::DEFAULT).unwrap_err();
            assert!(error.is_usage(), "{wrong}");
        }
        let whole = disattenuate(&pair, [1.0, 1.0], Level::DEFAULT).unwrap();
        assert_eq!(whole.value, pearson(&pair).unwrap().estimate(Level::DEFAULT).value);
    }
}
