//! The midranks of everybody, by group.

use super::Grouped;
use crate::correlate::ranks::{Classes, centred_ranks};

/// Groups in ranks. A centred rank is twice the midrank less N + 1: an integer.
pub(super) struct Ranked {
    /// The distinct values, ascending.
    pub(super) values: Vec<f64>,
    /// For each group, how many respondents have each of the values.
    pub(super) sizes: Vec<Vec<u64>>,
    /// Respondents of each group.
    pub(super) n: Vec<u64>,
    /// Sum of the centred ranks of each group.
    pub(super) sums: Vec<i128>,
    /// Sum of the squares of all centred ranks.
    pub(super) squares: i128,
}

impl Ranked {
    pub(super) fn new(groups: &Grouped) -> Self {
        let samples = &groups.samples;
        let all: Vec<f64> = samples.iter().flat_map(|s| s.values.iter().copied()).collect();
        let classes = Classes::new(&all);
        let mut values = vec![0.0; classes.len];
        let two = samples.len() == 2;
        let mut total = vec![0_u64; classes.len];
        // Sizes by group are for the two-sample methods; of many groups they would fill memory.
        let mut sizes = vec![vec![0_u64; if two { classes.len } else { 0 }]; samples.len()];
        let mut at = 0;
        for (sample, sizes) in samples.iter().zip(&mut sizes) {
            for i in 0..sample.values.len() {
                let class = classes.code[at] as usize;
                let weight = sample.counts.as_ref().map_or(1, |w| w[i]);
                values[class] = all[at];
                total[class] += weight;
                if two {
                    sizes[class] += weight;
                }
                at += 1;
            }
        }
        let ranks = centred_ranks(&total);
        let squares =
            ranks.iter().zip(&total).map(|(r, n)| i128::from(*r).pow(2) * i128::from(*n)).sum();
        let mut at = 0;
        let sums = samples
            .iter()
            .map(|sample| {
                let mut sum = 0;
                for i in 0..sample.values.len() {
                    let weight = sample.counts.as_ref().map_or(1, |w| w[i]);
                    sum += i128::from(ranks[classes.code[at] as usize]) * i128::from(weight);
                    at += 1;
                }
                sum
            })
            .collect();
        let n = samples.iter().map(|s| s.n()).collect();
        Self { values, sizes, n, sums, squares }
    }
}

/// Σ(t³ − t) over ties of t respondents.
pub(super) fn ties<'a>(sizes: impl IntoIterator<Item = &'a u64>) -> i128 {
    sizes.into_iter().map(|t| i128::from(*t)).map(|t| t * t * t - t).sum()
}
