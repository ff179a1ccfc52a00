use super::fisher::{artanh, interval_on_z};
use super::method::blank;
use super::{Controlled, Method, Partial, kendall, pearson, spearman};
use crate::tails::normal_sf;
use crate::{Error, Result};
use ssi_vocab::{Analysis, Estimate, Level, Note, PValue, Paired, Test};

/// Whether a correlation is smaller than a bound, in either direction: two one-sided tests (TOST).
///
/// # Formula
/// With z = artanh r, its standard error se and b = artanh(bound): one test against r ≤ −bound with
/// (z + b)/se, one against r ≥ bound with (z − b)/se, both normal. The p-value is the larger of the
/// two and its statistic is given. The interval has the level 1 − 2α (90 % for a level of 95 %):
/// it lies between −bound and bound just where p < α. se is 1/√(n − 3) for Pearson, Bonett and
/// Wright's for Spearman and the delta method's for Kendall, as in the methods' own intervals.
///
/// There is no default bound: the smallest correlation that would matter is a question of the
/// subject, and must be decided before the data are seen.
///
/// # Assumptions
/// Those of the method's interval.
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// Those of the method; [`Error::Setting`] for a bound outside (0, 1) or a level of .5 or less, at
/// which the interval would have no width; [`Error::NotForMethod`]. Too few respondents for an
/// interval, and |r| = 1, have no test, and a note.
///
/// # References
/// Schuirmann, D. J. (1987). doi:10.1007/BF01068419. Goertzen, J. R. & Cribbie, R. A. (2010).
/// Detecting a lack of association: an equivalence testing approach.
/// doi:10.1348/000711009X475853
///
/// # Example
/// ```
/// use ssi_infer::correlate::{Method, tost};
/// use ssi_vocab::{Level, Paired};
///
/// let x: Vec<f64> = (0..400).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|v| (v * 1.7).sin()).collect();
/// let row = tost(&Paired::complete("x", &x, "y", &y)?, Method::Pearson, 0.2, Level::DEFAULT)?;
/// assert!(row.test.is_some_and(|t| t.p_value.get() < 0.001));
/// assert_eq!(row.interval.map(|i| (i.level.get() * 1e9).round()), Some(0.9e9));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn tost(pair: &Paired, method: Method, bound: f64, level: Level) -> Result<Estimate> {
    let narrower = narrower(bound, level)?;
    if !METHODS.contains(&method) {
        return Err(Error::NotForMethod {
            analysis: "an equivalence test",
            method: method.code(),
            known: METHODS.map(Method::code).to_vec(),
        });
    }
    let blank = blank(pair, method);
    Ok(tested(&on_z(pair, method)?, blank, bound, narrower))
}

/// Whether a partial correlation is smaller than a bound: as [`tost`], with the standard error of
/// the partial correlation's own interval.
///
/// # Errors
/// Those of [`tost`]; [`Error::NotForMethod`] for a semi-partial correlation, of which no standard
/// error on Fisher's scale is known.
///
/// # References
/// Those of [`tost`].
pub fn partial_tost(partial: &Partial, bound: f64, level: Level) -> Result<Estimate> {
    let narrower = narrower(bound, level)?;
    let (_, controlled) = partial.kind();
    if controlled == Controlled::First {
        return Err(Error::NotForMethod {
            analysis: "an equivalence test",
            method: "a semi-partial correlation",
            known: vec!["a partial correlation (--partial)"],
        });
    }
    let (r, unexplained) = (partial.r, partial.unexplained);
    let (se, interval) = (partial.std_error_on_z(), partial.interval_name());
    let scale = OnZ { r, unexplained, se, interval };
    Ok(tested(&scale, partial.blank(), bound, narrower))
}

/// The level of the interval that goes with a test, once both settings are in range.
fn narrower(bound: f64, level: Level) -> Result<Level> {
    if !(bound > 0.0 && bound < 1.0) {
        let (name, allowed) = ("the bound", "above 0 and below 1");
        return Err(Error::Setting { name, value: bound, allowed });
    }
    Level::new(1.0 - 4.0 * level.tail()).map_err(|_| {
        let (name, allowed) = ("the level of an equivalence test", "above 0.5");
        Error::Setting { name, value: level.get(), allowed }
    })
}

/// The pair and what is held constant: `x, y | z`.
pub(super) fn with_controls(row: &Estimate) -> String {
    match &row.controls[..] {
        [] => row.term.clone(),
        controls => format!("{} | {}", row.term, controls.join(", ")),
    }
}

fn tested(scale: &OnZ, blank: Estimate, bound: f64, narrower: Level) -> Estimate {
    let mut row = Estimate {
        analysis: Analysis::Equivalence,
        value: Some(scale.r),
        term: format!("{} (±{bound})", with_controls(&blank)),
        ..blank
    };
    let Some(se) = scale.se.filter(|_| scale.r.abs() < 1.0) else {
        let perfect = scale.r.abs() == 1.0;
        let note = if perfect { Note::PerfectFit } else { Note::TooFewForInterval };
        return row.lacking_interval(scale.interval, note).lacking_test("tost", note);
    };
    let z = artanh(scale.r, scale.unexplained);
    let (above, below) = ((z + bound.atanh()) / se, (z - bound.atanh()) / se);
    let (p_above, p_below) = (normal_sf(above), normal_sf(-below));
    let (statistic, p) = if p_above > p_below { (above, p_above) } else { (below, p_below) };
    row.interval = Some(interval_on_z(z, se, narrower, scale.interval));
    row.test = PValue::new(p).map(|p_value| Test {
        statistic: Some(statistic),
        df: None,
        df2: None,
        p_value,
        method: "tost".to_owned(),
        p_holm: None,
        p_bh: None,
    });
    row
}

const METHODS: [Method; 3] = [Method::Pearson, Method::Spearman, Method::Kendall];

/// A coefficient with the standard error of its artanh.
pub(super) struct OnZ {
    pub(super) r: f64,
    unexplained: f64,
    pub(super) se: Option<f64>,
    interval: &'static str,
}

pub(super) fn on_z(pair: &Paired, method: Method) -> Result<OnZ> {
    let n = pair.n_obs() as f64;
    let with = |numerator: f64| (n > 3.0).then(|| (numerator / (n - 3.0)).sqrt());
    Ok(match method {
        Method::Pearson => {
            let found = pearson(pair)?;
            let (r, unexplained) = (found.r, found.unexplained);
            OnZ { r, unexplained, se: with(1.0), interval: "fisher_z" }
        }
        Method::Spearman => {
            let found = spearman(pair)?;
            let (r, unexplained) = (found.rho, found.unexplained);
            OnZ { r, unexplained, se: with(1.0 + 0.5 * r * r), interval: "bonett_wright" }
        }
        _ => {
            let found = kendall(pair)?;
            let (r, unexplained) = (found.tau, found.unexplained);
            // The standard error is missing where it can't be told.
            let se = found.estimate(Level::DEFAULT).std_error.filter(|se| *se > 0.0);
            OnZ { r, unexplained, se: se.map(|se| se / unexplained), interval: "delta_z" }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(n: usize) -> Paired {
        let x: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let y: Vec<f64> = x.iter().map(|v| (v * 1.7).sin()).collect();
        Paired::complete("x", &x, "y", &y).unwrap()
    }

    #[test]
    fn the_interval_lies_within_the_bound_just_where_p_says_so() {
        for method in METHODS {
            for n in [20, 80, 300, 1000] {
                for bound in [0.05, 0.1, 0.2, 0.4] {
                    let row = tost(&pair(n), method, bound, Level::DEFAULT).unwrap();
                    let interval = row.interval.unwrap();
                    let within = -bound < interval.low && interval.high < bound;
                    assert_eq!(within, row.test.unwrap().p_value.get() < 0.05, "{method} {n}");
                }
            }
        }
    }

    #[test]
    fn bounds_and_levels_have_limits() {
        for bound in [0.0, 1.0, -0.2, f64::NAN] {
            let error = tost(&pair(20), Method::Pearson, bound, Level::DEFAULT).unwrap_err();
            assert!(error.is_usage(), "{bound}");
        }
        let half = Level::new(0.5).unwrap();
        assert!(tost(&pair(20), Method::Pearson, 0.2, half).is_err());
    }

    #[test]
    fn three_respondents_and_a_line_have_no_test() {
        let row = tost(&pair(3), Method::Pearson, 0.2, Level::DEFAULT).unwrap();
        assert_eq!((row.test, row.note), (None, Some(Note::TooFewForInterval)));
        let line =
            Paired::complete("x", &[1.0, 2.0, 3.0, 5.0], "y", &[2.0, 4.0, 6.0, 10.0]).unwrap();
        for method in METHODS {
            let row = tost(&line, method, 0.2, Level::DEFAULT).unwrap();
            assert_eq!((row.test, row.note), (None, Some(Note::PerfectFit)), "{method}");
        }
    }
}
