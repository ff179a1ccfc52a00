use super::likelihood::{Answers, Parameters};
use super::{Items, row};
use crate::Result;
use crate::model::{Cholesky, newton};
use crate::tails::normal_upper_quantile;
use ssi_vocab::{Estimate, Interval, Level, Note};

/// A fitted graded response model.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// For each item its discrimination a and thresholds b₁ < b₂ < …, with Wald intervals: the terms
    /// `a(item)` and `b1(item)`. Items that can't be fitted have one row with a note.
    pub rows: Vec<Estimate>,
    /// The items fitted.
    pub items: Vec<String>,
    /// Each item's different answers, ascending.
    pub answers: Vec<Vec<f64>>,
    /// Each item's a and thresholds b.
    pub parameters: Vec<(f64, Vec<f64>)>,
    /// The log-likelihood.
    pub log_lik: f64,
    /// How many respondents it rests on.
    pub n_obs: usize,
}

/// Different answers at most: a graded model of more says nothing that a correlation doesn't.
const MOST_ANSWERS: usize = 25;
const NAME: &str = "a graded response model";

/// Samejima's graded response model by marginal maximum likelihood, `grm`: where on a common scale
/// of respondents each item tells them apart (b), and how sharply (a). For items of two answers it
/// is the two-parameter logistic model.
///
/// # Formula
/// P(answer ≥ k | θ) = 1/(1 + e^(−a(θ − b_k))), θ ~ N(0, 1). The marginal likelihood is summed over
/// 61 equally spaced points from −6 to 6 and maximised by Newton's method with its exact second
/// derivatives (Louis), from which the standard errors come as well; those of b by the delta method.
///
/// # Assumptions
/// One dimension, answers independent given it, θ normal.
///
/// # Missing data
/// A missing answer is left out of its respondent's likelihood, as if at random: respondents with
/// any answer are used.
///
/// # Errors
/// [`ItemError::TooFewItems`](super::ItemError::TooFewItems), too few respondents. A model that does
/// not settle (too few respondents for its parameters, an item that others determine) has one row
/// without value, and a note.
///
/// # References
/// Samejima, F. (1969), doi:10.1007/BF03372160; Bock, R. D. & Aitkin, M. (1981),
/// doi:10.1007/BF02293801; Louis, T. A. (1982), doi:10.1111/j.2517-6161.1982.tb01203.x
pub fn graded(items: &Items, level: Level) -> Result<Graded> {
    items.checked(NAME, 0)?;
    let mut rows = Vec::new();
    let mut noted = |name: &str, note| {
        let mut own = row("grm", format!("a({name})"), items);
        own.x = Some(name.to_owned());
        rows.push(Estimate { note: Some(note), ..own });
    };
    let mut answers = Vec::new();
    let mut used = Vec::new();
    for (j, name) in items.names().iter().enumerate() {
        let mut own: Vec<f64> =
            items.rows().iter().filter_map(|r| r[j].ok()).map(|v| v + 0.0).collect();
        own.sort_by(f64::total_cmp);
        own.dedup();
        match own.len() {
            0 | 1 => noted(name, Note::ConstantColumn),
            n if n > MOST_ANSWERS => noted(name, Note::TooManyLevels),
            _ => {
                used.push(j);
                answers.push(own);
            }
        }
    }
    let names: Vec<String> = used.iter().map(|j| items.names()[*j].clone()).collect();
    let place = |at: usize, v: f64| answers[at].partition_point(|a| *a < v) as u8;
    let coded: Vec<Vec<Option<u8>>> = items
        .rows()
        .iter()
        .map(|r| used.iter().enumerate().map(|(at, j)| r[*j].ok().map(|v| place(at, v))).collect())
        .filter(|own: &Vec<Option<u8>>| own.iter().any(Option::is_some))
        .collect();
    let n_obs = coded.len();
    let failed = |mut rows: Vec<Estimate>, note| {
        rows.extend(names.iter().map(|name| {
            let mut own = row("grm", format!("a({name})"), items);
            (own.x, own.note) = (Some(name.clone()), Some(note));
            own
        }));
        Graded {
            rows,
            items: Vec::new(),
            answers: Vec::new(),
            parameters: Vec::new(),
            log_lik: 0.0,
            n_obs,
        }
    };
    let shape = Parameters::new(answers.iter().map(Vec::len).collect());
    if used.len() < 3 {
        // Two items have one correlation, and two discriminations.
        return Ok(failed(rows, Note::TwoItems));
    }
    if n_obs <= shape.len() {
        return Ok(failed(rows, Note::TooFew));
    }
    let data = Answers::new(coded);
    let start = data.start(&shape);
    let Ok(top) = newton(NAME, start, &mut |at| data.derivatives(at, &shape)) else {
        return Ok(failed(rows, Note::NotConverged));
    };
    let Some(factor) = Cholesky::new(&top.found.information) else {
        return Ok(failed(rows, Note::NotConverged));
    };
    let covariance = factor.inverse();
    let z = normal_upper_quantile(level.tail());
    let mut parameters = Vec::new();
    for (item, name) in names.iter().enumerate() {
        let first = shape.first(item);
        let a = top.at[first];
        let of = |term: String, value: f64, se: f64| {
            let mut own = row("grm", term, items);
            (own.x, own.n_obs) = (Some(name.clone()), n_obs);
            own.n_excluded = items.n_rows() - n_obs;
            (own.value, own.std_error) = (Some(value), Some(se));
            let (low, high) = (value - z * se, value + z * se);
            own.interval = Some(Interval { low, high, level, method: "wald".to_owned() });
            own
        };
        rows.push(of(format!("a({name})"), a, covariance[[first, first]].sqrt()));
        let mut thresholds = Vec::new();
        for k in 1..answers[item].len() {
            let at = first + k;
            let b = -top.at[at] / a;
            // b = −d/a.
            let (by_a, by_d) = (-b / a, -1.0 / a);
            let variance = by_a * by_a * covariance[[first, first]]
                + 2.0 * by_a * by_d * covariance[[first, at]]
                + by_d * by_d * covariance[[at, at]];
            rows.push(of(format!("b{k}({name})"), b, variance.max(0.0).sqrt()));
            thresholds.push(b);
        }
        parameters.push((a, thresholds));
    }
    let sound = |row: &Estimate| {
        row.value.is_none_or(f64::is_finite) && row.std_error.is_none_or(f64::is_finite)
    };
    if !rows.iter().all(sound) {
        return Ok(failed(Vec::new(), Note::NotConverged));
    }
    Ok(Graded { rows, items: names, answers, parameters, log_lik: top.found.value, n_obs })
}

impl Graded {
    /// The answer that the model expects of an item at some places of the scale: its item
    /// characteristic curve.
    pub fn expected(&self, item: usize, at: &[f64]) -> Vec<f64> {
        let (a, thresholds) = &self.parameters[item];
        let values = &self.answers[item];
        let expected = |theta: &f64| {
            let steps = values.windows(2).zip(thresholds);
            let sum: f64 =
                steps.map(|(two, b)| (two[1] - two[0]) / (1.0 + (-a * (theta - b)).exp())).sum();
            values[0] + sum
        };
        at.iter().map(expected).collect()
    }
}
