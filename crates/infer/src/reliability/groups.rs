//! What respondents answered, beside what a graded response model expects of them.

use super::{Graded, Items};
use crate::tails::normal_upper_quantile;
use ssi_vocab::Level;
use ssi_vocab::drawing::AnswerGroup;

/// Groups of an item at most.
const MOST_GROUPS: usize = 6;
const POINTS: usize = 61;
const FARTHEST: f64 = 6.0;

impl Graded {
    /// For each item the respondents in groups of like places, each place from the answers to the
    /// other items, so that an item is not held against itself: about a sixth of the respondents
    /// each, and never fewer than `smallest`.
    ///
    /// # Formula
    /// A respondent's expected answer is the mean of the item's characteristic curve over the
    /// distribution of θ given the other answers (that of [`super::graded`]: 61 points from −6 to 6).
    /// A group stands where the curve has the mean of these, so that it lies on the curve but for
    /// chance where the model fits. The interval of the observed mean is Wilson's, with the mean's
    /// share p of the way from the lowest to the highest answer as the proportion and, as answers
    /// between spread less than a proportion does, n·p(1 − p)/s² respondents (n where all answers
    /// are equal), s² the variance of the answers on that scale.
    pub fn groups(&self, items: &Items, smallest: usize, level: Level) -> Vec<Vec<AnswerGroup>> {
        let places: Vec<f64> =
            (0..POINTS).map(|q| FARTHEST * (2.0 * q as f64 / (POINTS - 1) as f64 - 1.0)).collect();
        let curves: Vec<Vec<f64>> =
            (0..self.items.len()).map(|item| self.expected(item, &places)).collect();
        let logs: Vec<Vec<Vec<f64>>> =
            (0..self.items.len()).map(|item| self.log_probabilities(item, &places)).collect();
        let columns: Vec<Option<usize>> = self
            .items
            .iter()
            .map(|name| items.names().iter().position(|other| other == name))
            .collect();
        // For each item its respondents' (place, expected, observed).
        let mut seen: Vec<Vec<[f64; 3]>> = vec![Vec::new(); self.items.len()];
        for row in items.rows() {
            let answers: Vec<Option<(f64, usize)>> = columns
                .iter()
                .zip(&self.answers)
                .map(|(column, values)| {
                    let value = row[(*column)?].ok()? + 0.0;
                    Some((value, values.partition_point(|v| *v < value)))
                })
                .collect();
            let given = |item: usize| answers[item].map(|(_, k)| &logs[item][k]);
            let mut all: Vec<f64> = places.iter().map(|t| -0.5 * t * t).collect();
            for own in (0..answers.len()).filter_map(given) {
                all.iter_mut().zip(own).for_each(|(sum, log)| *sum += log);
            }
            let others = answers.iter().filter(|a| a.is_some()).count();
            for (item, answer) in answers.iter().enumerate() {
                let (Some((value, _)), Some(own)) = (answer, given(item)) else { continue };
                if others < 2 {
                    continue;
                }
                let rest: Vec<f64> = all.iter().zip(own).map(|(sum, log)| sum - log).collect();
                let largest = rest.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let weights: Vec<f64> = rest.iter().map(|l| (l - largest).exp()).collect();
                let mean = |of: &[f64]| {
                    let total: f64 = weights.iter().sum();
                    weights.iter().zip(of).map(|(w, v)| w * v).sum::<f64>() / total
                };
                seen[item].push([mean(&places), mean(&curves[item]), *value]);
            }
        }
        let of = |(item, own): (usize, Vec<[f64; 3]>)| self.item_groups(item, own, smallest, level);
        seen.into_iter().enumerate().map(of).collect()
    }

    fn item_groups(
        &self,
        item: usize,
        mut rows: Vec<[f64; 3]>,
        smallest: usize,
        level: Level,
    ) -> Vec<AnswerGroup> {
        // Equal rows may stand in any order: what is shown does not depend on that of the file.
        rows.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[2].total_cmp(&b[2])));
        let smallest = smallest.max(2);
        let size = rows.len().div_ceil(MOST_GROUPS).max(smallest);
        let mut groups: Vec<&[[f64; 3]]> = Vec::new();
        let mut rest = &rows[..];
        while rest.len() >= smallest {
            let mut end = size.min(rest.len());
            // Equal places stay together, and too few for a group join the one before.
            while end < rest.len() && (rest[end][0] - rest[end - 1][0]).abs() <= 1e-9 {
                end += 1;
            }
            if rest.len() - end < smallest {
                end = rest.len();
            }
            let (group, after) = rest.split_at(end);
            groups.push(group);
            rest = after;
        }
        groups.into_iter().map(|group| self.group(item, group, level)).collect()
    }

    fn group(&self, item: usize, rows: &[[f64; 3]], level: Level) -> AnswerGroup {
        let n = rows.len() as f64;
        let mean = |place: usize| rows.iter().map(|row| row[place] / n).sum::<f64>();
        let (expected, observed) = (mean(1), mean(2));
        let values = &self.answers[item];
        let (lowest, highest) = (values[0], values[values.len() - 1]);
        let p = (observed - lowest) / (highest - lowest);
        let z = normal_upper_quantile(level.tail());
        let spread = |row: &[f64; 3]| ((row[2] - observed) / (highest - lowest)).powi(2) / n;
        let variance: f64 = rows.iter().map(spread).sum();
        let n = if variance > 0.0 { n * (p * (1.0 - p) / variance).max(1.0) } else { n };
        let wide = 1.0 + z * z / n;
        let middle = (p + z * z / (2.0 * n)) / wide;
        let half = z / wide * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).max(0.0).sqrt();
        let answer = |p: f64| lowest + (highest - lowest) * p.clamp(0.0, 1.0);
        AnswerGroup {
            place: self.place_of(item, expected),
            expected,
            observed,
            low: answer(middle - half),
            high: answer(middle + half),
            n_obs: rows.len(),
        }
    }

    /// Where the curve has a value that lies between its ends.
    fn place_of(&self, item: usize, expected: f64) -> f64 {
        let rises = self.parameters[item].0 >= 0.0;
        let (mut low, mut high) = (-FARTHEST, FARTHEST);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            let above = self.expected(item, &[middle])[0] > expected;
            if above == rises { high = middle } else { low = middle }
        }
        0.5 * (low + high)
    }

    /// For each answer of an item the logarithm of its probability at some places.
    fn log_probabilities(&self, item: usize, places: &[f64]) -> Vec<Vec<f64>> {
        let (a, thresholds) = &self.parameters[item];
        let reached = |k: usize, theta: f64| match thresholds.get(k) {
            Some(b) => 1.0 / (1.0 + (-a * (theta - b)).exp()),
            None => 0.0,
        };
        let of = |k: usize| {
            let log = |theta: &f64| {
                let above = if k == 0 { 1.0 } else { reached(k - 1, *theta) };
                (above - reached(k, *theta)).max(f64::MIN_POSITIVE).ln()
            };
            places.iter().map(log).collect()
        };
        (0..=thresholds.len()).map(of).collect()
    }
}
