//! The marginal likelihood of graded answers, with exact first and second derivatives.

use crate::model::Derivatives;
use ndarray::Array2;
use rayon::prelude::*;

/// Points of the sum over respondents' places, as R's mirt.
const POINTS: usize = 61;
const FARTHEST: f64 = 6.0;

/// Where each item's parameters stand: its slope a, then the intercepts d of each answer but the
/// first.
pub(super) struct Parameters {
    answers: Vec<usize>,
    first: Vec<usize>,
    len: usize,
}

impl Parameters {
    pub(super) fn new(answers: Vec<usize>) -> Self {
        let mut len = 0;
        let mut first = Vec::with_capacity(answers.len());
        for count in &answers {
            first.push(len);
            len += count;
        }
        Self { answers, first, len }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn first(&self, item: usize) -> usize {
        self.first[item]
    }
}

/// Coded answers, equal rows once.
pub(super) struct Answers {
    rows: Vec<(Vec<Option<u8>>, f64)>,
}

/// The derivatives of one answer's log-probability at one point: by a, and by the intercepts below
/// and above it.
#[derive(Clone, Copy, Default)]
struct Slopes {
    log: f64,
    /// By d of this answer and by d of the next (0 where there is none).
    by: [f64; 2],
    /// Second derivatives: (low, low), (low, high), (high, high).
    second: [f64; 3],
}

impl Answers {
    pub(super) fn new(mut coded: Vec<Vec<Option<u8>>>) -> Self {
        coded.sort_unstable();
        let rows = coded.chunk_by(|a, b| a == b).map(|run| (run[0].clone(), run.len() as f64));
        Self { rows: rows.collect() }
    }

    /// Slopes of 1 and the intercepts that the shares of the answers ask for.
    pub(super) fn start(&self, shape: &Parameters) -> Vec<f64> {
        let mut at = vec![0.0; shape.len];
        for (item, answers) in shape.answers.iter().enumerate() {
            let mut counts = vec![0.5; *answers];
            for (row, n) in &self.rows {
                if let Some(k) = row[item] {
                    counts[k as usize] += n;
                }
            }
            let total: f64 = counts.iter().sum();
            at[shape.first[item]] = 1.0;
            for k in 1..*answers {
                let above: f64 = counts[k..].iter().sum::<f64>() / total;
                // A logistic curve averaged over a normal place is flatter by about this.
                at[shape.first[item] + k] = 1.2 * (above / (1.0 - above)).ln();
            }
        }
        at
    }

    /// `None` where an item's intercepts have lost their order.
    pub(super) fn derivatives(&self, at: &[f64], shape: &Parameters) -> Option<Derivatives> {
        let points: Vec<f64> =
            (0..POINTS).map(|q| FARTHEST * (2.0 * q as f64 / (POINTS - 1) as f64 - 1.0)).collect();
        let density: Vec<f64> = points.iter().map(|t| (-0.5 * t * t).exp()).collect();
        let whole: f64 = density.iter().sum();
        let prior: Vec<f64> = density.iter().map(|d| (d / whole).ln()).collect();
        let mut tables = Vec::with_capacity(shape.answers.len());
        for (item, answers) in shape.answers.iter().enumerate() {
            let own = &at[shape.first[item]..][..*answers];
            if own[1..].windows(2).any(|two| two[0] <= two[1]) {
                return None;
            }
            let of = |k: usize| points.iter().map(|t| slopes(own, k, *t)).collect::<Vec<_>>();
            tables.push((0..*answers).map(of).collect::<Vec<_>>());
        }
        let p = shape.len;
        let zero = || Sums { value: 0.0, gradient: vec![0.0; p], information: vec![0.0; p * p] };
        let chunk = self.rows.len().div_ceil(64).max(1);
        // Parts of a fixed size, added in order: the same for any number of threads.
        let parts: Vec<Sums> = self
            .rows
            .par_chunks(chunk)
            .map(|rows| {
                let mut sums = zero();
                rows.iter().for_each(|(row, n)| sums.add(row, *n, &tables, &points, &prior, shape));
                sums
            })
            .collect();
        let mut all = zero();
        for part in parts {
            all.value += part.value;
            all.gradient.iter_mut().zip(part.gradient).for_each(|(a, b)| *a += b);
            all.information.iter_mut().zip(part.information).for_each(|(a, b)| *a += b);
        }
        let cell = |(i, j): (usize, usize)| all.information[i.max(j) * p + i.min(j)];
        let information = Array2::from_shape_fn((p, p), cell);
        all.value.is_finite().then_some(Derivatives {
            value: all.value,
            gradient: all.gradient,
            information,
        })
    }
}

/// One answer at one point, `own` being a and the intercepts.
fn slopes(own: &[f64], k: usize, theta: f64) -> Slopes {
    let answers = own.len();
    // Above the lowest answer everybody is, above the highest nobody.
    let cumulative = |j: usize| {
        if j == 0 {
            (f64::INFINITY, 1.0)
        } else if j == answers {
            (f64::NEG_INFINITY, 0.0)
        } else {
            let eta = own[0] * theta + own[j];
            (eta, 1.0 / (1.0 + (-eta).exp()))
        }
    };
    let ((low, p_low), (high, p_high)) = (cumulative(k), cumulative(k + 1));
    // σ(x) − σ(y) = σ(x)(1 − σ(y))(1 − e^(y − x)), which does not cancel.
    let gap = -(high - low).exp_m1();
    let not_high = if k + 1 == answers { 1.0 } else { 1.0 / (1.0 + high.exp()) };
    let gap = if k == 0 || k + 1 == answers { 1.0 } else { gap };
    let probability = (p_low * not_high * gap).max(f64::MIN_POSITIVE);
    let log = if k == 0 {
        -softplus(high)
    } else if k + 1 == answers {
        -softplus(-low)
    } else {
        -softplus(-low) - softplus(high) + gap.ln()
    };
    let bell = |p: f64| p * (1.0 - p);
    let (f, g) = (bell(p_low) / probability, -bell(p_high) / probability);
    let second = [f * (1.0 - 2.0 * p_low) - f * f, -f * g, g * (1.0 - 2.0 * p_high) - g * g];
    Slopes { log, by: [f, g], second }
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Sums over respondents.
struct Sums {
    value: f64,
    gradient: Vec<f64>,
    /// The lower triangle.
    information: Vec<f64>,
}

impl Sums {
    /// Louis: the information is the mean over the respondent's places of the complete data's, less
    /// the variance of its score.
    fn add(
        &mut self,
        row: &[Option<u8>],
        n: f64,
        tables: &[Vec<Vec<Slopes>>],
        points: &[f64],
        prior: &[f64],
        shape: &Parameters,
    ) {
        let p = shape.len;
        let mut log: Vec<f64> = prior.to_vec();
        for (item, answer) in row.iter().enumerate() {
            let Some(k) = answer else { continue };
            let own = &tables[item][*k as usize];
            log.iter_mut().zip(own).for_each(|(l, s)| *l += s.log);
        }
        let largest = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = log.iter().map(|l| (l - largest).exp()).collect();
        let total: f64 = weights.iter().sum();
        self.value += n * (largest + total.ln());
        let (mut mean, mut score) = (vec![0.0; p], vec![0.0; p]);
        for (q, weight) in weights.iter().enumerate() {
            let w = weight / total;
            if w < 1e-18 {
                continue;
            }
            score.fill(0.0);
            for (item, answer) in row.iter().enumerate() {
                let Some(k) = answer else { continue };
                let (k, first, t) = (*k as usize, shape.first[item], points[q]);
                let Slopes { by: [f, g], second: [ff, fg, gg], .. } = tables[item][k][q];
                // Each part is by a·θ + d; the lowest answer has no d below it, the highest none above.
                let both = ff + 2.0 * fg + gg;
                let (low, high) = (first + k, first + k + 1);
                score[first] = (f + g) * t;
                let mut put = |i: usize, j: usize, v: f64| self.information[i * p + j] -= n * w * v;
                put(first, first, both * t * t);
                if k > 0 {
                    score[low] = f;
                    put(low, first, (ff + fg) * t);
                    put(low, low, ff);
                }
                if k + 1 < shape.answers[item] {
                    score[high] = g;
                    put(high, first, (fg + gg) * t);
                    put(high, high, gg);
                }
                if k > 0 && k + 1 < shape.answers[item] {
                    put(high, low, fg);
                }
            }
            for i in 0..p {
                let own = w * score[i];
                mean[i] += own;
                if own != 0.0 {
                    let line = &mut self.information[i * p..i * p + i + 1];
                    line.iter_mut().zip(&score).for_each(|(cell, s)| *cell -= n * own * s);
                }
            }
        }
        for i in 0..p {
            self.gradient[i] += n * mean[i];
            let line = &mut self.information[i * p..i * p + i + 1];
            line.iter_mut().zip(&mean).for_each(|(cell, m)| *cell += n * mean[i] * m);
        }
    }
}
