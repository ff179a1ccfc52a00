//! The conditional likelihood of answers given their sum, with exact first and second derivatives.

use crate::model::Derivatives;
use ndarray::Array2;
use std::collections::BTreeMap;

/// Each item's answers as whole steps above its lowest, and where their parameters stand: one for
/// each answer but the lowest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Steps {
    /// For each item the steps of its answers, 0 first, ascending.
    pub(super) of: Vec<Vec<usize>>,
    first: Vec<usize>,
    len: usize,
}

impl Steps {
    pub(super) fn new(of: Vec<Vec<usize>>) -> Self {
        let mut first = Vec::with_capacity(of.len());
        let mut len = 0;
        for own in &of {
            first.push(len);
            len += own.len() - 1;
        }
        Self { of, first, len }
    }

    /// How many parameters there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The parameter of an item's answer, the lowest of which has none.
    pub(super) fn at(&self, item: usize, answer: usize) -> usize {
        self.first[item] + answer - 1
    }

    /// The steps from an item's lowest answer to its highest.
    pub(super) fn most(&self, item: usize) -> usize {
        self.of[item].last().copied().unwrap_or(0)
    }

    /// Each parameter's steps: along them the likelihood is level, for it knows no zero.
    pub(super) fn each(&self) -> Vec<f64> {
        self.of.iter().flat_map(|own| own[1..].iter().map(|w| *w as f64)).collect()
    }
}

/// Coded answers of those who tell of the items: neither all lowest nor all highest.
pub(super) struct Informative {
    steps: Steps,
    /// For each set of items answered: how many have which sum.
    sets: Vec<(Vec<usize>, Vec<f64>)>,
    /// How often each answer was given.
    pub(super) counts: Vec<f64>,
    /// How many respondents there are.
    pub(super) n_obs: usize,
}

/// A person's sum, and the largest there could be.
pub(super) fn sum(row: &[Option<u8>], steps: &Steps) -> (usize, usize) {
    row.iter().enumerate().fold((0, 0), |(sum, most), (item, answer)| match answer {
        Some(k) => (sum + steps.of[item][*k as usize], most + steps.most(item)),
        None => (sum, most),
    })
}

impl Informative {
    pub(super) fn new<'r>(rows: impl Iterator<Item = &'r [Option<u8>]>, steps: &Steps) -> Self {
        let mut sets: BTreeMap<Vec<usize>, Vec<f64>> = BTreeMap::new();
        let (mut counts, mut n_obs) = (vec![0.0; steps.len], 0);
        for row in rows {
            let (own, most) = sum(row, steps);
            if own == 0 || own == most {
                continue;
            }
            n_obs += 1;
            let answered = (0..row.len()).filter(|i| row[*i].is_some()).collect();
            sets.entry(answered).or_insert_with(|| vec![0.0; most + 1])[own] += 1.0;
            for (item, answer) in row.iter().enumerate() {
                if let Some(k) = answer.filter(|k| *k > 0) {
                    counts[steps.at(item, k as usize)] += 1.0;
                }
            }
        }
        Self { steps: steps.clone(), sets: sets.into_iter().collect(), counts, n_obs }
    }

    /// About how many multiplications the derivatives take.
    pub(super) fn work(&self) -> f64 {
        let of = |(items, sums): &(Vec<usize>, Vec<f64>)| {
            (items.len() as f64 * sums.len() as f64).powi(2) / 4.0
        };
        self.sets.iter().map(of).sum()
    }

    /// The log-likelihood of the answers given their sums, where `at` has −ln of each answer's
    /// weight relative to the item's lowest. `None` beyond a double's range.
    pub(super) fn derivatives(&self, at: &[f64]) -> Option<Derivatives> {
        let p = self.steps.len;
        let mut value: f64 = -at.iter().zip(&self.counts).map(|(c, n)| c * n).sum::<f64>();
        let mut gradient: Vec<f64> = self.counts.iter().map(|n| -n).collect();
        let mut information = Array2::zeros((p, p));
        let weights: Vec<f64> = at.iter().map(|c| (-c).exp()).collect();
        for (items, sums) in &self.sets {
            let polynomials: Vec<Vec<f64>> =
                items.iter().map(|i| self.polynomial(*i, &weights)).collect();
            value -=
                self.set(items, sums, &polynomials, &weights, (&mut gradient, &mut information));
        }
        for i in 0..p {
            for j in 0..i {
                information[[j, i]] = information[[i, j]];
            }
        }
        let finite = gradient.iter().chain(&information).all(|v| v.is_finite());
        (value.is_finite() && finite).then_some(Derivatives { value, gradient, information })
    }

    /// An item's weights by steps.
    fn polynomial(&self, item: usize, weights: &[f64]) -> Vec<f64> {
        let mut own = vec![0.0; self.steps.most(item) + 1];
        own[0] = 1.0;
        for (k, w) in self.steps.of[item].iter().enumerate().skip(1) {
            own[*w] = weights[self.steps.at(item, k)];
        }
        own
    }

    /// Adds what those who have answered the same items tell; returns Σ n ln γ.
    fn set(
        &self,
        items: &[usize],
        sums: &[f64],
        polynomials: &[Vec<f64>],
        weights: &[f64],
        (gradient, information): (&mut [f64], &mut Array2<f64>),
    ) -> f64 {
        // The products of the items behind each.
        let mut behind = vec![vec![1.0]];
        for own in polynomials.iter().rev() {
            let last = times(&behind[behind.len() - 1], own);
            behind.push(last);
        }
        behind.reverse();
        let whole = &behind[0];
        // What a sum's respondents weigh: n/γ.
        let share: Vec<f64> =
            sums.iter().zip(whole).map(|(n, g)| if *n > 0.0 { n / g } else { 0.0 }).collect();
        let parameters = |item: usize| {
            let own = self.steps.of[item].iter().enumerate().skip(1);
            own.map(move |(k, w)| (self.steps.at(item, k), *w))
        };
        let p = self.steps.len;
        // For each sum, how likely each answer is.
        let mut likely = vec![vec![0.0; p]; sums.len()];
        let mut before = vec![1.0];
        for (place, item) in items.iter().enumerate() {
            let others = times(&before, &behind[place + 1]);
            for (a, w) in parameters(*item) {
                for (r, cell) in others.iter().zip(w..).map(|(v, r)| (r, v)) {
                    likely[r][a] = weights[a] * cell / whole[r];
                }
            }
            let mut between = before.clone();
            for (next, other) in items.iter().enumerate().skip(place + 1) {
                let both = times(&between, &behind[next + 1]);
                for (a, w) in parameters(*item) {
                    for (b, v) in parameters(*other) {
                        let sum: f64 = both
                            .iter()
                            .zip(&share[w + v..])
                            .map(|(cell, share)| cell * share)
                            .sum();
                        information[[b, a]] += weights[a] * weights[b] * sum;
                    }
                }
                between = times(&between, &polynomials[next]);
            }
            before = times(&before, &polynomials[place]);
        }
        let mut value = 0.0;
        for ((n, own), g) in sums.iter().zip(&likely).zip(whole) {
            if *n == 0.0 {
                continue;
            }
            value += n * g.ln();
            for a in 0..p {
                gradient[a] += n * own[a];
                information[[a, a]] += n * own[a];
                for b in 0..=a {
                    information[[a, b]] -= n * own[a] * own[b];
                }
            }
        }
        value
    }
}

/// The product of two polynomials.
fn times(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        if *x != 0.0 {
            product[i..].iter_mut().zip(b).for_each(|(cell, y)| *cell += x * y);
        }
    }
    product
}
