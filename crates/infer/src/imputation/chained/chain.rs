use super::coded::{Coded, Variable};
use super::normal::{Equation, Products};
use super::{Chained, Visit};
use crate::resample::draws::{Purpose, Source};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// One imputation: from which row each gap has its value, and how it came to that.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    /// The rows that gave the values: of each column with gaps, of each gap.
    pub(super) donors: Vec<Vec<usize>>,
    /// Mean of each such column's imputed values after each iteration.
    pub(super) means: Vec<Vec<f64>>,
    /// Their standard deviation.
    pub(super) spreads: Vec<Vec<f64>>,
}

impl Chain {
    pub(super) fn run(coded: &Coded, settings: &Chained, number: usize) -> Self {
        let mut source = Source::new(settings.seed, Purpose::Chained, number);
        let rng = source.rng();
        let variables: Vec<&Variable> =
            coded.variables.iter().filter(|v| !v.gaps.is_empty()).collect();
        let mut order: Vec<usize> = (0..variables.len()).collect();
        if settings.visit == Visit::FewestFirst {
            order.sort_by_key(|v| variables[*v].gaps.len());
        }
        let mut matrix = coded.matrix.clone();
        let random = |variable: &Variable, rng: &mut ChaCha8Rng| -> Vec<usize> {
            let seen = &variable.seen;
            variable.gaps.iter().map(|_| seen[rng.gen_range(0..seen.len())]).collect()
        };
        let mut chain = Self {
            donors: vec![Vec::new(); variables.len()],
            means: vec![Vec::new(); variables.len()],
            spreads: vec![Vec::new(); variables.len()],
        };
        for v in &order {
            chain.donors[*v] = random(variables[*v], rng);
            put(&mut matrix, variables[*v], &chain.donors[*v]);
        }
        let mut products = Products::new(&matrix);
        let others: Vec<Vec<usize>> = variables
            .iter()
            .map(|v| (0..matrix.len()).filter(|c| !v.columns.contains(c)).collect())
            .collect();
        for _ in 0..settings.iterations {
            for v in &order {
                let variable = variables[*v];
                let Some(outcome) = variable.columns.first() else { continue };
                let equation =
                    Equation::draw(&matrix, &products, &others[*v], *outcome, variable, rng);
                if let Some(equation) = equation {
                    chain.donors[*v] = matched(&equation, variable, settings.donors, rng);
                    put(&mut matrix, variable, &chain.donors[*v]);
                    variable.columns.iter().for_each(|c| products.renew(&matrix, *c));
                }
                let (mean, spread) = summary(&matrix[*outcome], &variable.gaps);
                chain.means[*v].push(mean);
                chain.spreads[*v].push(spread);
            }
        }
        chain
    }
}

/// Puts the donors' values into the gaps.
fn put(matrix: &mut [Vec<f64>], variable: &Variable, donors: &[usize]) {
    for column in &variable.columns {
        for (gap, donor) in variable.gaps.iter().zip(donors) {
            matrix[*column][*gap] = matrix[*column][*donor];
        }
    }
}

/// For each gap one of the `donors` respondents with the nearest expectation.
fn matched(
    equation: &Equation,
    variable: &Variable,
    donors: usize,
    rng: &mut ChaCha8Rng,
) -> Vec<usize> {
    // Shuffled first: of equal expectations those next to the gap's are any of them.
    let mut near = variable.seen.clone();
    near.shuffle(rng);
    near.sort_by(|a, b| equation.expected[*a].total_cmp(&equation.expected[*b]));
    let donors = donors.min(near.len());
    let one = |gap: &usize| {
        let at = equation.expected[*gap];
        let distance = |place: usize| (equation.expected[near[place]] - at).abs();
        let mut above = near.partition_point(|row| equation.expected[*row] < at);
        let mut below = above;
        let mut chosen = near[above.min(near.len() - 1)];
        for _ in 0..=rng.gen_range(0..donors) {
            let up = above < near.len();
            if below > 0 && !(up && distance(above) <= distance(below - 1)) {
                below -= 1;
                chosen = near[below];
            } else if up {
                chosen = near[above];
                above += 1;
            }
        }
        chosen
    };
    variable.gaps.iter().map(one).collect()
}

fn summary(values: &[f64], rows: &[usize]) -> (f64, f64) {
    let n = rows.len() as f64;
    let mean = rows.iter().map(|i| values[*i]).sum::<f64>() / n;
    let square = rows.iter().map(|i| (values[*i] - mean).powi(2)).sum::<f64>();
    (mean, (square / (n - 1.0).max(1.0)).sqrt())
}
