use super::conditional::{Informative, Steps, sum};
use super::places::{Fits, fits};
use super::{ITEMS, Items, row};
use crate::Result;
use crate::model::{Cholesky, newton};
use crate::tails::{chi_squared_sf, normal_upper_quantile};
use ndarray::Array2;
use ssi_vocab::{Estimate, Interval, Level, Note, PValue, Test};

const NAME: &str = "a Rasch model";
/// Steps of an item at most.
const MOST_STEPS: usize = 24;
/// Multiplications for the derivatives at most; beyond it only complete respondents are used.
const MOST_WORK: f64 = 2e8;
/// A threshold farther out than this many logits has run away.
const FARTHEST: f64 = 30.0;

/// A fitted Rasch model.
#[derive(Debug, Clone, PartialEq)]
pub struct Rasch {
    /// For each item its thresholds with Wald intervals, `d1(item)`, `d2(item)` (method `rasch`), its
    /// `infit` and `outfit`; then the respondents' `separation` and Andersen's test (`andersen`).
    /// Items that can't be fitted have one row with a note.
    pub rows: Vec<Estimate>,
    /// The items fitted.
    pub items: Vec<String>,
    /// Each item's thresholds.
    pub thresholds: Vec<Vec<f64>>,
    /// The conditional log-likelihood.
    pub log_lik: f64,
    /// How many respondents it rests on.
    pub n_obs: usize,
}

/// The Rasch model of items with ordered answers by conditional maximum likelihood, `rasch`: for
/// answers of 0 and 1 Rasch's own, for more Masters' partial credit model. In it the sum of the
/// answers says all that they say of a respondent: it is the model by which adding points up is
/// right.
///
/// # Formula
/// P(answer k | θ) ∝ e^(w_k·θ − c_k), w_k the answer's steps above the item's lowest, c₀ = 0. A step is
/// the smallest gap between answers, the same for all items (0.5 in a checklist of 0, 0.5 and 1), so
/// that an item without a middle answer counts in the sum as it does in the score. The threshold
/// d_k = (c_k − c_(k−1))/(w_k − w_(k−1)) is the place where answers k − 1 and k are equally likely; the
/// items' mean thresholds c_last/w_last average 0. Given the sum, θ is gone:
/// the likelihood is Π e^(−Σc)/γ(sum), γ the elementary symmetric functions, maximised by Newton's
/// method with its exact second derivatives, from which the standard errors come. No distribution
/// of the respondents is assumed, unlike in [`super::graded`].
///
/// `infit` and `outfit` are the squared residuals over their expectation, weighted by it and not, at
/// the respondents' maximum likelihood places: near 1 where the model fits, above where answers are
/// noisier. `separation` is the share of the variance of these places that is not their error.
/// Andersen's test compares the likelihoods of those with a sum above the median and of the others
/// with the whole: a small p says that the thresholds differ between them. It uses items that have each
/// of their answers in both groups.
///
/// # Assumptions
/// One dimension, equally sharp items, answers independent given it. No significance is attached to
/// infit and outfit: their null distribution is not known well enough.
///
/// # Missing data
/// A missing answer is left out of its respondent's likelihood. Respondents whose answers are all
/// lowest or all highest say nothing of the items and are left out; Andersen's test uses complete
/// respondents.
///
/// # Errors
/// [`ItemError::TooFewItems`](super::ItemError::TooFewItems). Items whose answers are not whole steps,
/// and a model that does not settle or has as many parameters as respondents, have a row without
/// value, and a note.
///
/// # References
/// Masters, G. N. (1982), doi:10.1007/BF02296272; Andersen, E. B. (1973), doi:10.1007/BF02291180;
/// Wilson, M. & Masters, G. N. (1993), doi:10.1007/BF02294473 (answers that do not occur);
/// Wright, B. D. & Masters, G. N. (1982), Rating Scale Analysis.
pub fn rasch(items: &Items, level: Level) -> Result<Rasch> {
    items.checked(NAME, 0)?;
    let coded = Coded::new(items);
    let mut rows = Vec::new();
    let noted = |name: &str, note| {
        let mut own = row("rasch", format!("d1({name})"), items);
        (own.x, own.note) = (Some(name.to_owned()), Some(note));
        own
    };
    rows.extend(coded.left.iter().map(|(name, note)| noted(name, *note)));
    let failed = |mut rows: Vec<Estimate>, note, n_obs| {
        rows.extend(coded.names.iter().map(|name| noted(name, note)));
        Rasch { rows, items: Vec::new(), thresholds: Vec::new(), log_lik: 0.0, n_obs }
    };
    if coded.names.len() < 3 {
        return Ok(failed(rows, Note::TwoItems, 0));
    }
    let steps = &coded.steps;
    let mut used: Vec<&[Option<u8>]> = coded.rows.iter().map(Vec::as_slice).collect();
    let mut data = Informative::new(used.iter().copied(), steps);
    if data.work() > MOST_WORK {
        used.retain(|row| row.iter().all(Option::is_some));
        data = Informative::new(used.iter().copied(), steps);
    }
    let n_obs = data.n_obs;
    if n_obs <= steps.len() {
        return Ok(failed(rows, Note::TooFew, n_obs));
    }
    let Some(found) = maximum(&data, steps) else {
        return Ok(failed(rows, Note::NotConverged, n_obs));
    };
    let fit = fits(&used, steps, &found.at);
    let z = normal_upper_quantile(level.tail());
    let n_excluded = items.n_rows() - n_obs;
    let of = |method: &str, term: String, value: Option<f64>| Estimate {
        value,
        n_obs,
        n_excluded,
        ..row(method, term, items)
    };
    let mut thresholds = Vec::new();
    for (item, name) in coded.names.iter().enumerate() {
        let mut own = Vec::new();
        for k in 1..steps.of[item].len() {
            let (value, se) = found.threshold(steps, item, k);
            let interval = Interval {
                low: value - z * se,
                high: value + z * se,
                level,
                method: "wald".into(),
            };
            let found = of("rasch", format!("d{k}({name})"), Some(value));
            let (x, interval) = (Some(name.clone()), Some(interval));
            rows.push(Estimate { x, std_error: Some(se), interval, ..found });
            own.push(value);
        }
        thresholds.push(own);
        let Some(Fits { items: each, .. }) = &fit else { continue };
        for (method, value) in [("infit", each[item].infit), ("outfit", each[item].outfit)] {
            let blank = of(method, name.clone(), Some(value));
            let n_obs = each[item].n_obs;
            let n_excluded = items.n_rows() - n_obs;
            rows.push(Estimate { x: Some(name.clone()), n_obs, n_excluded, ..blank });
        }
    }
    if let Some(separation) = fit.and_then(|fit| fit.separation) {
        rows.push(of("separation", ITEMS.to_owned(), Some(separation)));
    }
    rows.push(andersen(&coded, of("andersen", ITEMS.to_owned(), None), items.n_rows()));
    let sound = |e: &Estimate| [e.value, e.std_error].into_iter().flatten().all(f64::is_finite);
    if !rows.iter().all(sound) {
        return Ok(failed(Vec::new(), Note::BeyondRange, n_obs));
    }
    Ok(Rasch { rows, items: coded.names, thresholds, log_lik: found.log_lik, n_obs })
}

/// Answers as numbers of their place among the item's own.
struct Coded {
    names: Vec<String>,
    /// Items that can't be fitted, and why.
    left: Vec<(String, Note)>,
    steps: Steps,
    /// Respondents with any answer.
    rows: Vec<Vec<Option<u8>>>,
}

impl Coded {
    fn new(items: &Items) -> Self {
        let mut answers: Vec<Vec<f64>> = Vec::new();
        for j in 0..items.names().len() {
            let seen = items.rows().iter().filter_map(|r| r[j].ok());
            let mut own: Vec<f64> = seen.map(|v| v + 0.0).collect();
            own.sort_by(f64::total_cmp);
            own.dedup();
            answers.push(own);
        }
        let step = step(&answers);
        let (mut used, mut left, mut steps) = (Vec::new(), Vec::new(), Vec::new());
        for (j, own) in answers.iter().enumerate() {
            match (own.len(), step.and_then(|step| whole(own, step))) {
                (0 | 1, _) => left.push((j, Note::ConstantColumn)),
                (_, Some(found)) => {
                    used.push(j);
                    steps.push(found);
                }
                (n, None) if n > MOST_STEPS + 1 => left.push((j, Note::TooManyLevels)),
                (_, None) => left.push((j, Note::NoCommonStep)),
            }
        }
        let name = |j: usize| items.names()[j].clone();
        let place = |j: usize, v: f64| answers[j].partition_point(|a| *a < v) as u8;
        let rows = items
            .rows()
            .iter()
            .map(|r| used.iter().map(|j| r[*j].ok().map(|v| place(*j, v))).collect())
            .filter(|own: &Vec<Option<u8>>| own.iter().any(Option::is_some))
            .collect();
        Self {
            names: used.iter().map(|j| name(*j)).collect(),
            left: left.into_iter().map(|(j, note)| (name(j), note)).collect(),
            steps: Steps::new(steps),
            rows,
        }
    }

    /// Some items alone, among some respondents.
    fn part(&self, keep: &[usize], rows: &[&Vec<Option<u8>>]) -> (Steps, Vec<Vec<Option<u8>>>) {
        let steps = Steps::new(keep.iter().map(|i| self.steps.of[*i].clone()).collect());
        (steps, rows.iter().map(|row| keep.iter().map(|i| row[*i]).collect()).collect())
    }
}

/// The step of which the answers of most items are multiples: the smallest gap of one of them.
fn step(answers: &[Vec<f64>]) -> Option<f64> {
    let gap = |own: &Vec<f64>| own.windows(2).map(|two| two[1] - two[0]).reduce(f64::min);
    let mut gaps: Vec<f64> = answers.iter().filter_map(gap).filter(|gap| gap.is_finite()).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.dedup();
    let fitted = |step: f64| answers.iter().filter(|own| whole(own, step).is_some()).count();
    gaps.into_iter().max_by_key(|step| fitted(*step))
}

/// An item's answers in steps above the lowest, where they are whole and not too many.
fn whole(own: &[f64], step: f64) -> Option<Vec<usize>> {
    let lowest = own.first()?;
    let steps = |v: &f64| {
        let steps = (v - lowest) / step;
        let near = (steps - steps.round()).abs() < 1e-6 && steps.round() <= MOST_STEPS as f64;
        near.then(|| steps.round() as usize)
    };
    own.iter().map(steps).collect()
}

/// Where the conditional likelihood is largest, the items' mean thresholds averaging 0.
struct Maximum {
    at: Vec<f64>,
    covariance: Array2<f64>,
    log_lik: f64,
}

fn maximum(data: &Informative, steps: &Steps) -> Option<Maximum> {
    let p = steps.len();
    // An answer that only those give who give all lowest or all highest has no finite threshold.
    if data.counts.contains(&0.0) {
        return None;
    }
    let each = steps.each();
    // The likelihood has no zero of the scale: it is searched with the last parameter held at 0.
    let mut start = vec![0.0; p];
    for item in 0..steps.of.len() {
        let given: f64 = (1..steps.of[item].len()).map(|k| data.counts[steps.at(item, k)]).sum();
        let lowest = (data.n_obs as f64 - given).max(0.5);
        for k in 1..steps.of[item].len() {
            let at = steps.at(item, k);
            start[at] = (lowest / data.counts[at]).ln();
        }
    }
    let shift = start[p - 1] / each[p - 1];
    start.iter_mut().zip(&each).for_each(|(c, w)| *c -= w * shift);
    start.pop();
    let mut of = |at: &[f64]| {
        let mut full = at.to_vec();
        full.push(0.0);
        let mut found = data.derivatives(&full)?;
        found.gradient.pop();
        let information = &found.information;
        found.information = Array2::from_shape_fn((p - 1, p - 1), |cell| information[cell]);
        Some(found)
    };
    let top = newton(NAME, start, &mut of).ok()?;
    let inverse = Cholesky::new(&top.found.information)?.inverse();
    // Moved so that the mean thresholds average 0: c − w·(a·c), and its covariance with it.
    let mut shares = vec![0.0; p];
    for item in 0..steps.of.len() {
        let last = steps.of[item].len() - 1;
        shares[steps.at(item, last)] = 1.0 / (steps.of.len() * steps.most(item)) as f64;
    }
    let mut at = top.at;
    at.push(0.0);
    let moved = Array2::from_shape_fn((p, p - 1), |(i, j)| {
        f64::from(u8::from(i == j)) - each[i] * shares[j]
    });
    let shift: f64 = at.iter().zip(&shares).map(|(c, a)| c * a).sum();
    at.iter_mut().zip(&each).for_each(|(c, w)| *c -= w * shift);
    let covariance = moved.dot(&inverse).dot(&moved.t());
    let found = Maximum { at, covariance, log_lik: top.found.value };
    let near = |item: usize| {
        (1..steps.of[item].len()).all(|k| found.threshold(steps, item, k).0.abs() < FARTHEST)
    };
    (0..steps.of.len()).all(near).then_some(found)
}

impl Maximum {
    /// The threshold between an item's answers k − 1 and k, and its standard error.
    fn threshold(&self, steps: &Steps, item: usize, k: usize) -> (f64, f64) {
        let own = &steps.of[item];
        let width = (own[k] - own[k - 1]) as f64;
        let high = steps.at(item, k);
        let v = &self.covariance;
        if k == 1 {
            return (self.at[high] / width, v[[high, high]].max(0.0).sqrt() / width);
        }
        let low = high - 1;
        let variance = v[[high, high]] + v[[low, low]] - 2.0 * v[[high, low]];
        ((self.at[high] - self.at[low]) / width, variance.max(0.0).sqrt() / width)
    }
}

/// Andersen's likelihood ratio test: respondents above the median sum against the others.
fn andersen(coded: &Coded, blank: Estimate, n_rows: usize) -> Estimate {
    let complete: Vec<&Vec<Option<u8>>> =
        coded.rows.iter().filter(|row| row.iter().all(Option::is_some)).collect();
    let n_obs = complete.len();
    let blank = Estimate { n_obs, n_excluded: n_rows - n_obs, ..blank };
    let lacking = |note| blank.clone().lacking_test(TEST, note);
    let mut sums: Vec<usize> = complete.iter().map(|row| sum(row, &coded.steps).0).collect();
    sums.sort_unstable();
    let Some(upper) = sums.get(n_obs / 2) else { return lacking(Note::TooFew) };
    let lower = sums[(n_obs - 1) / 2];
    let median = (upper + lower) as f64 / 2.0;
    let (low, high): (Vec<_>, Vec<_>) =
        complete.iter().partition(|row| sum(row, &coded.steps).0 as f64 <= median);
    // An answer that a group lacks has no threshold there: such items take no part.
    let has_all = |rows: &[&Vec<Option<u8>>], item: usize| {
        (0..coded.steps.of[item].len()).all(|k| rows.iter().any(|r| r[item] == Some(k as u8)))
    };
    let keep: Vec<usize> = (0..coded.names.len())
        .filter(|item| has_all(&low, *item) && has_all(&high, *item))
        .collect();
    if keep.len() < 2 {
        return lacking(Note::TooFew);
    }
    let log_lik = |rows: &[&Vec<Option<u8>>]| {
        let (steps, rows) = coded.part(&keep, rows);
        let data = Informative::new(rows.iter().map(Vec::as_slice), &steps);
        Some((maximum(&data, &steps)?.log_lik, steps.len() - 1))
    };
    let parts = [log_lik(&low), log_lik(&high)];
    let (Some((whole, df)), [Some((a, _)), Some((b, _))]) = (log_lik(&complete), parts) else {
        return lacking(Note::NotConverged);
    };
    let (statistic, df) = ((2.0 * (a + b - whole)).max(0.0), df as f64);
    let Some(p_value) = PValue::new(chi_squared_sf(statistic, df)) else {
        return lacking(Note::NotConverged);
    };
    let test = Test {
        statistic: Some(statistic),
        df: Some(df),
        df2: None,
        p_value,
        method: TEST.to_owned(),
        p_holm: None,
        p_bh: None,
    };
    Estimate { value: Some(statistic), test: Some(test), ..blank }
}

const TEST: &str = "likelihood_ratio";
