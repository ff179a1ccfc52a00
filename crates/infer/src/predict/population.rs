use super::Bounds;
use crate::regress::Line;
use crate::tails::t_upper_quantile;
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note};

/// People with a predictor, and an outcome where it is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Population {
    /// The predictor of everyone.
    pub x: Vec<f64>,
    /// The place in `x` and the outcome of those of whom it is known.
    pub known: Vec<(usize, f64)>,
}

/// The mean outcome of people of whom only the predictor is known, by a line that was fitted to
/// others: regression transport.
///
/// # Formula
/// a + bX̄, with variance s²(1/n + (X̄ − x̄)²/Sxx) + b²s²ₓ/N: the line's uncertainty at the mean X̄ of
/// the N people, and that of X̄ as the mean of those whom they stand for (s²ₓ with N − 1). The
/// interval is t with Welch and Satterthwaite's degrees of freedom of the two parts, n − 2 and
/// N − 1 (`mean_t`).
///
/// # Assumptions
/// Predictor and outcome go together here as where the line comes from: the same line. Nothing in
/// these people's data can show whether they do, and the interval does not cover that they may not.
/// The N people are a random sample of those asked about.
///
/// # Missing data
/// People without a predictor are not among the N.
///
/// # Errors
/// None: for nobody there is no value, for one person no interval, each with a note.
///
/// # References
/// Draper and Smith (1998), Applied Regression Analysis, 3rd ed., section 3.1,
/// doi:10.1002/9781118625590; Satterthwaite (1946), doi:10.2307/3002019; Bareinboim and Pearl
/// (2016), doi:10.1073/pnas.1510507113, on what transport takes for granted.
pub fn transport(line: &Line, people: &[f64], level: Level, bounds: Bounds) -> Estimate {
    let n = people.len();
    let row = Estimate::new(Analysis::Prediction, "transport", "mean", n);
    let Some((mean, spread)) = moments(people) else { return noted(row, Note::TooFew) };
    let value = line.at(mean);
    let Some(spread) = spread else {
        return bounds.clip(given(row, value)).lacking_interval("mean_t", Note::TooFewForInterval);
    };
    let of_line = line.sigma * line.sigma * line.leverage(mean);
    let of_mean = line.slope * line.slope * spread / n as f64;
    let variance = of_line + of_mean;
    let parts = of_line * of_line / line.df_residual as f64 + of_mean * of_mean / (n as f64 - 1.0);
    let df = if parts > 0.0 { variance * variance / parts } else { line.df_residual as f64 };
    around(row, value, variance, df, level, bounds)
}

/// The mean outcome of people of whom everyone's predictor is known and a random subsample's outcome
/// too: the two-phase regression estimator, with a line that was fitted to others.
///
/// # Formula
/// The mean of a + bx over all N people, plus the mean residual e = y − a − bx of the n₂ whose y is
/// known. Variance S²ₑ(1/n₂ − 1/N) + S²ᵧ/N, with the subsample's variances of e and y (n₂ − 1);
/// t with n₂ − 1 degrees of freedom (`mean_t`). It is Cochran's
/// v(ȳ) = s²ₑ/n + (s²ᵧ − s²ₑ)/n′ with a slope that is given, not estimated from the subsample.
///
/// # Assumptions
/// The outcome is known of a simple random subsample, and the N people are a random sample of those
/// asked about. The line need not hold: a poor one costs width, not truth.
///
/// # Missing data
/// People without a predictor are not among the N.
///
/// # Errors
/// None: without anyone whose outcome is known there is no value, with one no interval, each with a
/// note.
///
/// # References
/// Cochran (1977), Sampling Techniques, 3rd ed., section 12.6 (double sampling for regression) and
/// section 7.4 (a slope given beforehand).
pub fn two_phase(line: &Line, people: &Population, level: Level, bounds: Bounds) -> Estimate {
    let n = people.x.len();
    let known: Vec<(f64, f64)> =
        people.known.iter().filter_map(|(i, y)| Some((*people.x.get(*i)?, *y))).collect();
    let row = Estimate::new(Analysis::Prediction, "two_phase", "mean", n);
    let (x, y): (Vec<f64>, Vec<f64>) = known.iter().copied().unzip();
    let (Some((mean, _)), Some((x_mean, _)), Some((y_mean, of_outcome))) =
        (moments(&people.x), moments(&x), moments(&y))
    else {
        return noted(row, Note::TooFew);
    };
    // Mean prediction plus mean residual, from which the intercept falls out; and so it does from
    // the residuals' variance, which keeps its digits for outcomes far from 0.
    let value = y_mean + line.slope * (mean - x_mean);
    let rest = known.iter().map(|(x, y)| (y - y_mean) - line.slope * (x - x_mean));
    let of_rest = moments(&rest.collect::<Vec<f64>>()).and_then(|(_, variance)| variance);
    let (Some(of_rest), Some(of_outcome)) = (of_rest, of_outcome) else {
        return bounds.clip(given(row, value)).lacking_interval("mean_t", Note::TooFewForInterval);
    };
    let (n, second) = (n as f64, known.len() as f64);
    let variance = of_rest * (1.0 / second - 1.0 / n) + of_outcome / n;
    around(row, value, variance, second - 1.0, level, bounds)
}

/// Mean and variance (n − 1), the variance where there are two values or more.
fn moments(values: &[f64]) -> Option<(f64, Option<f64>)> {
    let n = values.len() as f64;
    let rough = values.iter().map(|v| v / n).sum::<f64>();
    let mean = rough + values.iter().map(|v| (v - rough) / n).sum::<f64>();
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (!values.is_empty()).then(|| (mean, (values.len() > 1).then(|| squares / (n - 1.0))))
}

fn given(mut row: Estimate, value: f64) -> Estimate {
    row.value = Some(value).filter(|v| v.is_finite());
    if row.value.is_none() {
        row.note = Some(Note::BeyondRange);
    }
    row
}

fn noted(mut row: Estimate, note: Note) -> Estimate {
    row.note = Some(note);
    row
}

fn around(
    row: Estimate,
    value: f64,
    variance: f64,
    df: f64,
    level: Level,
    bounds: Bounds,
) -> Estimate {
    let mut row = given(row, value);
    let std_error = variance.max(0.0).sqrt();
    let half = t_upper_quantile(level.tail(), df) * std_error;
    let (low, high) = (value - half, value + half);
    if row.value.is_none() {
        return row;
    }
    if !(std_error.is_finite() && low.is_finite() && high.is_finite()) {
        return bounds.clip(row).lacking_interval("mean_t", Note::BeyondRange);
    }
    row.std_error = Some(std_error);
    row.interval = Some(Interval { low, high, level, method: "mean_t".to_owned() });
    bounds.clip(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Line = Line {
        intercept: 10.0,
        slope: 4.0,
        sigma: 10.0,
        df_residual: 98,
        n_obs: 100,
        mean: 5.0,
        s_xx: 500.0,
        range: [0.0, 10.0],
        scores: None,
    };
    const SSI: Bounds = Bounds { low: Some(0.0), high: Some(100.0) };

    #[test]
    fn nobody_one_person_and_huge_values_have_a_note_each() {
        let note = |x: &[f64]| {
            let row = transport(&LINE, x, Level::DEFAULT, SSI);
            (row.value, row.interval.is_some(), row.note)
        };
        assert_eq!(note(&[]), (None, false, Some(Note::TooFew)));
        assert_eq!(note(&[5.0]), (Some(30.0), false, Some(Note::TooFewForInterval)));
        assert_eq!(note(&[f64::MAX, f64::MAX]).2, Some(Note::BeyondRange));
        let known = |known: Vec<(usize, f64)>| {
            let people = Population { x: vec![5.0, 6.0], known };
            let row = two_phase(&LINE, &people, Level::DEFAULT, SSI);
            (row.value, row.interval.is_some(), row.note)
        };
        assert_eq!(known(vec![]), (None, false, Some(Note::TooFew)));
        assert_eq!(known(vec![(0, 40.0)]), (Some(42.0), false, Some(Note::TooFewForInterval)));
        assert!(known(vec![(0, 40.0), (1, 41.0)]).1);
    }

    #[test]
    fn a_subsample_of_everyone_gives_the_mean_of_the_outcomes() {
        let y = [31.0, 29.0, 44.0, 27.0];
        let known = y.iter().copied().enumerate().collect();
        let people = Population { x: vec![5.0, 4.0, 8.0, 6.0], known };
        let row = two_phase(&LINE, &people, Level::DEFAULT, SSI);
        let (mean, variance) = moments(&y).unwrap();
        assert!((row.value.unwrap() - mean).abs() < 1e-12);
        let own = (variance.unwrap() / 4.0).sqrt();
        assert!((row.std_error.unwrap() - own).abs() < 1e-12);
    }

    #[test]
    fn a_shift_of_the_line_does_not_move_the_two_phase_mean() {
        let people = Population {
            x: vec![5.0, 4.0, 8.0, 6.0, 2.0],
            known: vec![(0, 31.0), (2, 44.0), (4, 12.0)],
        };
        let shifted = Line { intercept: 25.0, ..LINE };
        let of = |line: &Line| two_phase(line, &people, Level::DEFAULT, SSI);
        let (one, other) = (of(&LINE), of(&shifted));
        assert!((one.value.unwrap() - other.value.unwrap()).abs() < 1e-12);
        assert!((one.std_error.unwrap() - other.std_error.unwrap()).abs() < 1e-12);
    }
}
