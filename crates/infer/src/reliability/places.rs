//! Where respondents stand by a Rasch model, and how well their answers fit it.

use super::conditional::{Steps, sum};
use std::collections::BTreeMap;

/// How well an item's answers fit.
pub(super) struct Fit {
    pub(super) infit: f64,
    pub(super) outfit: f64,
    pub(super) n_obs: usize,
}

/// Each item's fit, and the reliability of the respondents' places.
pub(super) struct Fits {
    pub(super) items: Vec<Fit>,
    pub(super) separation: Option<f64>,
}

/// Where those of one sum stand, with each item's mean and variance there.
struct Place {
    theta: f64,
    each: Vec<(f64, f64)>,
}

/// Residuals at the maximum likelihood places of those who have one: neither all lowest nor all
/// highest. `None` where an item's answers are certain.
pub(super) fn fits(rows: &[&[Option<u8>]], steps: &Steps, at: &[f64]) -> Option<Fits> {
    let k = steps.of.len();
    let (mut outfit, mut squares, mut expected, mut n) =
        (vec![0.0; k], vec![0.0; k], vec![0.0; k], vec![0_usize; k]);
    let (mut places, mut errors) = (Vec::new(), Vec::new());
    let mut known: BTreeMap<(Vec<bool>, usize), Place> = BTreeMap::new();
    for row in rows {
        let (own, most) = sum(row, steps);
        if own == 0 || own == most {
            continue;
        }
        let answered: Vec<bool> = row.iter().map(Option::is_some).collect();
        let key = (answered, own);
        if !known.contains_key(&key) {
            let theta = place(&key.0, own as f64, steps, at);
            let each = (0..k).map(|item| moments(item, theta, steps, at)).collect();
            known.insert(key.clone(), Place { theta, each });
        }
        let Place { theta, each } = &known[&key];
        let mut information = 0.0;
        for (item, answer) in row.iter().enumerate() {
            let Some(answer) = answer else { continue };
            let (mean, variance) = each[item];
            let square = (steps.of[item][*answer as usize] as f64 - mean).powi(2);
            outfit[item] += square / variance;
            squares[item] += square;
            expected[item] += variance;
            information += variance;
            n[item] += 1;
        }
        places.push(*theta);
        errors.push(1.0 / information);
    }
    let of = |item: usize| {
        let fit = Fit {
            infit: squares[item] / expected[item],
            outfit: outfit[item] / n[item] as f64,
            n_obs: n[item],
        };
        (fit.infit.is_finite() && fit.outfit.is_finite()).then_some(fit)
    };
    let items = (0..k).map(of).collect::<Option<Vec<Fit>>>()?;
    let size = places.len() as f64;
    let mean = places.iter().sum::<f64>() / size;
    let spread = places.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / (size - 1.0);
    let separation = 1.0 - errors.iter().sum::<f64>() / size / spread;
    let separation = Some(separation).filter(|s| s.is_finite());
    Some(Fits { items, separation })
}

/// Mean and variance of an item's steps at a place.
fn moments(item: usize, theta: f64, steps: &Steps, at: &[f64]) -> (f64, f64) {
    let own = &steps.of[item];
    let c = |k: usize| if k == 0 { 0.0 } else { at[steps.at(item, k)] };
    let logs: Vec<f64> = own.iter().enumerate().map(|(k, w)| *w as f64 * theta - c(k)).collect();
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logs.iter().map(|l| (l - largest).exp()).collect();
    let total: f64 = weights.iter().sum();
    let mean: f64 = own.iter().zip(&weights).map(|(w, p)| *w as f64 * p).sum::<f64>() / total;
    let spread: f64 =
        own.iter().zip(&weights).map(|(w, p)| (*w as f64 - mean).powi(2) * p).sum::<f64>() / total;
    (mean, spread)
}

/// Where the expected sum of the items answered is the one seen: bisection, for it rises.
fn place(answered: &[bool], sum: f64, steps: &Steps, at: &[f64]) -> f64 {
    let expected = |theta: f64| {
        let items = (0..answered.len()).filter(|item| answered[*item]);
        items.map(|item| moments(item, theta, steps, at).0).sum::<f64>()
    };
    let (mut low, mut high) = (-1.0, 1.0);
    while expected(low) > sum && low > -1e3 {
        low *= 2.0;
    }
    while expected(high) < sum && high < 1e3 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if expected(middle) < sum { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}
