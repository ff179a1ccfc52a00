//! A correlation of weighted rows, with how fast it changes with each row's weight.
//!
//! The derivatives give the infinitesimal-jackknife variance: Σ wᵢ dᵢ² where respondents were
//! drawn, Σ over the drawn clusters of (Σ cᵢ dᵢ)² where whole clusters were.

use super::kernel::standardised;
use crate::correlate::ranks::{Classes, centred_ranks};
use crate::correlate::{KendallOrder, Method};
use crate::{Error, Result};
use ssi_vocab::Paired;

/// The data of a pair, in the form in which a weighted correlation is cheapest.
pub(super) enum Influence {
    Pearson { x: Vec<f64>, y: Vec<f64> },
    Spearman { x: Classes, y: Classes },
    Kendall(KendallOrder),
}

/// The methods that have one.
pub(super) const METHODS: [Method; 3] = [Method::Pearson, Method::Spearman, Method::Kendall];

impl Influence {
    pub(super) fn new(pair: &Paired, method: Method, analysis: &'static str) -> Result<Self> {
        Ok(match method {
            Method::Pearson => Self::Pearson {
                x: standardised(pair.x(), pair.counts()),
                y: standardised(pair.y(), pair.counts()),
            },
            Method::Spearman => {
                Self::Spearman { x: Classes::new(pair.x()), y: Classes::new(pair.y()) }
            }
            method if METHODS.contains(&method) => {
                Self::Kendall(KendallOrder::new(pair.x(), pair.y()))
            }
            method => {
                let known = METHODS.map(Method::code).to_vec();
                return Err(Error::NotForMethod { analysis, method: method.code(), known });
            }
        })
    }

    /// The correlation of the rows, row `i` counting `weights[i]` times, and its derivative with
    /// respect to each weight; `None` where a variable is constant among them.
    pub(super) fn at(&self, weights: &[u64], slopes: &mut Vec<f64>) -> Option<f64> {
        slopes.clear();
        match self {
            Self::Pearson { x, y } => pearson(x, y, weights, slopes),
            Self::Spearman { x, y } => spearman(x, y, weights, slopes),
            Self::Kendall(order) => kendall(order, weights, slopes),
        }
    }
}

fn pearson(x: &[f64], y: &[f64], weights: &[u64], slopes: &mut Vec<f64>) -> Option<f64> {
    let mut n = 0.0;
    let (mut sum_x, mut sum_y) = (0.0, 0.0);
    for ((x, y), w) in x.iter().zip(y).zip(weights) {
        let w = *w as f64;
        n += w;
        sum_x += w * x;
        sum_y += w * y;
    }
    let (x_bar, y_bar) = (sum_x / n, sum_y / n);
    let (mut s_xx, mut s_yy, mut s_xy) = (0.0, 0.0, 0.0);
    for ((x, y), w) in x.iter().zip(y).zip(weights) {
        let (w, a, b) = (*w as f64, x - x_bar, y - y_bar);
        s_xx += w * a * a;
        s_yy += w * b * b;
        s_xy += w * a * b;
    }
    // The values have variance 1, so that less than this is the rounding of a constant.
    if s_xx <= 1e-28 * n || s_yy <= 1e-28 * n {
        return None;
    }
    let root = (s_xx * s_yy).sqrt();
    let r = s_xy / root;
    slopes.extend(x.iter().zip(y).map(|(x, y)| {
        let (a, b) = (x - x_bar, y - y_bar);
        a * b / root - 0.5 * r * (a * a / s_xx + b * b / s_yy)
    }));
    Some(r.clamp(-1.0, 1.0))
}

/// Midranks R move with the weights, too: R of a respondent is Σ w sign(x − x′), so that the sums
/// over products of ranks have a term for each factor.
fn spearman(x: &Classes, y: &Classes, weights: &[u64], slopes: &mut Vec<f64>) -> Option<f64> {
    let ranks = |classes: &Classes| centred_ranks(&classes.sizes(Some(weights)));
    let (x_ranks, y_ranks) = (ranks(x), ranks(y));
    let rows = x.code.len();
    let x_of = |i: usize| x_ranks[x.code[i] as usize] as f64;
    let y_of = |i: usize| y_ranks[y.code[i] as usize] as f64;
    let (mut s_xx, mut s_yy, mut s_xy) = (0.0, 0.0, 0.0);
    for (i, w) in weights.iter().enumerate() {
        let (w, a, b) = (*w as f64, x_of(i), y_of(i));
        s_xx += w * a * a;
        s_yy += w * b * b;
        s_xy += w * a * b;
    }
    if s_xx == 0.0 || s_yy == 0.0 {
        return None;
    }
    let (x_by_x, y_by_x) = (above_less_below(x, weights, x_of), above_less_below(x, weights, y_of));
    let (x_by_y, y_by_y) = (above_less_below(y, weights, x_of), above_less_below(y, weights, y_of));
    let root = (s_xx * s_yy).sqrt();
    let r = s_xy / root;
    slopes.extend((0..rows).map(|i| {
        let (in_x, in_y, a, b) = (x.code[i] as usize, y.code[i] as usize, x_of(i), y_of(i));
        let xx = a * a + 2.0 * x_by_x[in_x];
        let yy = b * b + 2.0 * y_by_y[in_y];
        let xy = a * b + y_by_x[in_x] + x_by_y[in_y];
        xy / root - 0.5 * r * (xx / s_xx + yy / s_yy)
    }));
    Some(r.clamp(-1.0, 1.0))
}

/// For each class, the weighted sum of a term over the rows above it less that over those below.
fn above_less_below(classes: &Classes, weights: &[u64], term: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; classes.len];
    for (i, code) in classes.code.iter().enumerate() {
        sums[*code as usize] += weights[i] as f64 * term(i);
    }
    let all: f64 = sums.iter().sum();
    let mut below = 0.0;
    sums.into_iter()
        .map(|here| {
            let difference = all - below - here - below;
            below += here;
            difference
        })
        .collect()
}

fn kendall(order: &KendallOrder, weights: &[u64], slopes: &mut Vec<f64>) -> Option<f64> {
    let pairs = order.concordance(Some(weights));
    let (x_pairs, y_pairs) = (pairs.x_pairs as f64, pairs.y_pairs as f64);
    if x_pairs == 0.0 || y_pairs == 0.0 {
        return None;
    }
    let root = (x_pairs * y_pairs).sqrt();
    let tau = pairs.net as f64 / root;
    let (x, y) = (order.x.sizes(Some(weights)), order.y.sizes(Some(weights)));
    let n: f64 = weights.iter().sum::<u64>() as f64;
    let net = order.net_by_row(Some(weights));
    slopes.extend(net.into_iter().enumerate().map(|(i, net)| {
        let x_untied = n - x[order.x.code[i] as usize] as f64;
        let y_untied = n - y[order.y.code[i] as usize] as f64;
        net as f64 / root - 0.5 * tau * (x_untied / x_pairs + y_untied / y_pairs)
    }));
    Some(tau.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 8] = [1.0, 2.0, 2.0, 3.5, 5.0, 5.0, 7.0, 7.0];
    const Y: [f64; 8] = [2.0, 1.0, 4.0, 3.0, 3.0, 8.0, 8.5, 1.0];

    #[test]
    fn slopes_are_those_of_the_correlation() {
        let pair = Paired::complete("x", &X, "y", &Y).unwrap();
        for method in METHODS {
            let influence = Influence::new(&pair, method, "").unwrap();
            // Many copies of each row, so that one more or less is a small step.
            let copies = 100_000;
            let (mut slopes, mut unused) = (Vec::new(), Vec::new());
            influence.at(&[copies; 8], &mut slopes).unwrap();
            for i in 0..8 {
                let mut step = |change: i64| {
                    let mut weights = [copies; 8];
                    weights[i] = weights[i].saturating_add_signed(change);
                    influence.at(&weights, &mut unused).unwrap()
                };
                let slope = (step(100) - step(-100)) / 200.0;
                let found = slopes[i];
                assert!((found - slope).abs() < 1e-5 * found.abs(), "{method} {found} {slope}");
            }
        }
    }

    #[test]
    fn a_constant_among_the_drawn_has_no_correlation() {
        let pair = Paired::complete("x", &X, "y", &Y).unwrap();
        for method in METHODS {
            let influence = Influence::new(&pair, method, "").unwrap();
            let weights = [0, 3, 2, 0, 0, 0, 0, 0];
            assert_eq!(influence.at(&weights, &mut Vec::new()), None, "{method}");
        }
    }
}
