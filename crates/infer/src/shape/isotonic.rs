use crate::double_double::DoubleDouble;
use crate::model::ModelError;
use crate::predict::{Bounds, Point, row};
use crate::resample::draws::{BLOCK, Purpose, Source};
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{
    Analysis, Check, Design, Estimate, Glance, Note, PValue, Progress, Stage, Weights,
};

/// Which way the outcome may go as the predictor grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// It never falls.
    #[default]
    Rising,
    /// It never rises.
    Falling,
}

/// Neighbouring values of the predictor that share an expected outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Smallest value of the predictor.
    pub from: f64,
    /// Largest value of the predictor.
    pub to: f64,
    /// The expected outcome: the mean of the respondents on the step.
    pub level: f64,
    /// How many respondents are on it.
    pub n_obs: usize,
}

/// An isotonic regression: steps that never go the other way.
#[derive(Debug, Clone, PartialEq)]
pub struct Isotonic {
    /// The formula, as the design has it.
    pub formula: String,
    /// The outcome's name.
    pub outcome: String,
    /// The predictor's name.
    pub predictor: String,
    /// The steps, the predictor ascending.
    pub steps: Vec<Step>,
    /// How many respondents.
    pub n_obs: usize,
    /// How many rows were left out.
    pub n_excluded: usize,
    /// The respondents' row numbers, as the user counts them.
    pub rows: Vec<usize>,
    /// Expected outcomes, one a row.
    pub fitted: Vec<f64>,
    /// Outcome minus expected outcome, one a row.
    pub residuals: Vec<f64>,
    /// Share of the outcome's variance that the steps account for; none where it has none.
    pub r_squared: Option<f64>,
    direction: Direction,
    /// For each row its place among the different values of the predictor, which ascend.
    places: Vec<usize>,
    y: Vec<f64>,
    counts: Vec<f64>,
}

/// Isotonic regression: the expected outcome as a function of one predictor that never falls (or
/// never rises), and of which nothing else is assumed.
///
/// # Formula
/// The steps minimise Σ(yᵢ − f(xᵢ))² over all f with f(a) ≤ f(b) for a < b, by pooling adjacent
/// violators: the means at the different values of x, neighbours joined while they go the wrong
/// way. The levels are means of whole steps, so they carry no standard error: that of a mean would
/// ignore that the data chose the step. For a fall instead of a rise, `y ~ I(-x)` says the same as
/// [`Direction::Falling`].
///
/// # Missing data
/// The design holds complete cases only. Counts are equal to repeated rows.
///
/// # Errors
/// [`ModelError::OnePredictor`] unless the design is an intercept and one column,
/// [`Error::Unweighted`] for weights that are no counts, [`Error::TooFew`] below two respondents,
/// [`Error::Magnitude`] for outcomes whose squares leave the range of doubles.
///
/// # References
/// Ayer et al. (1955), doi:10.1214/aoms/1177728423; Barlow et al. (1972), Statistical Inference
/// under Order Restrictions.
///
/// # Example
/// ```
/// use ssi_infer::formula::design;
/// use ssi_infer::shape::{Direction, isotonic};
/// use ssi_vocab::{Column, Table};
/// let column = |name: &str, v: [f64; 4]| Column::number(name, v.map(Ok).to_vec());
/// let columns = vec![column("x", [1.0, 2.0, 3.0, 4.0]), column("y", [1.0, 5.0, 3.0, 6.0])];
/// let table = Table::new(columns, vec![2, 3, 4, 5])?;
/// let fit = isotonic(&design(&table, "y ~ x")?, Direction::Rising)?;
/// assert_eq!(fit.fitted, [1.0, 4.0, 4.0, 6.0]);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn isotonic(design: &Design, direction: Direction) -> Result<Isotonic> {
    if !(design.intercept && design.x.ncols() == 2) {
        return Err(ModelError::OnePredictor { model: "isotonic" }.into());
    }
    let counts: Vec<f64> = match &design.weights {
        None => vec![1.0; design.y.len()],
        Some(Weights::Frequency(counts)) => counts.iter().map(|c| *c as f64).collect(),
        Some(other) => {
            let (analysis, kind) = ("isotonic regression", other.kind());
            return Err(Error::Unweighted { analysis, kind });
        }
    };
    let n_obs = design.n_obs();
    if n_obs < 2 {
        let analysis = "isotonic regression";
        return Err(Error::TooFew { analysis, needed: 2, found: n_obs });
    }
    let largest = design.y.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest > 1e140 {
        return Err(Error::Magnitude { column: design.outcome.clone(), largest });
    }
    let x = design.x.column(1).to_vec();
    let mut values = x.clone();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let places: Vec<usize> = x.iter().map(|v| values.partition_point(|u| u < v)).collect();
    let y = design.y.to_vec();
    let mut at_value = vec![(DoubleDouble::ZERO, 0.0); values.len()];
    for ((place, y), count) in places.iter().zip(&y).zip(&counts) {
        at_value[*place].0 += DoubleDouble::product(*y, *count);
        at_value[*place].1 += count;
    }
    let sums = at_value.iter().map(|(sum, count)| (*sum, *count));
    let pools = pool(sums, direction, |sum, count| (sum / DoubleDouble::from(count)).hi);
    let mut level_of = vec![0.0; values.len()];
    let mut steps = Vec::with_capacity(pools.len());
    let mut next = 0;
    for Pool { mean, count, width, .. } in pools {
        steps.push(Step {
            from: values[next],
            to: values[next + width - 1],
            level: mean,
            n_obs: count as usize,
        });
        level_of[next..next + width].fill(mean);
        next += width;
    }
    let fitted: Vec<f64> = places.iter().map(|place| level_of[*place]).collect();
    let residuals: Vec<f64> = y.iter().zip(&fitted).map(|(y, f)| y - f).collect();
    let mut fit = Isotonic {
        formula: design.formula.clone(),
        outcome: design.outcome.clone(),
        predictor: design.terms[1].clone(),
        steps,
        n_obs,
        n_excluded: design.n_excluded(),
        rows: design.rows.clone(),
        fitted,
        residuals,
        r_squared: None,
        direction,
        places,
        y,
        counts,
    };
    let total = fit.spread();
    let between: f64 =
        fit.steps.iter().map(|s| s.n_obs as f64 * (s.level - fit.mean()).powi(2)).sum();
    fit.r_squared = (total > 0.0 && total.is_finite()).then(|| (between / total).min(1.0));
    Ok(fit)
}

struct Pool<S> {
    sum: S,
    count: f64,
    mean: f64,
    width: usize,
}

/// Neighbours joined while they go the wrong way.
fn pool<S: Copy + std::ops::Add<Output = S>>(
    sums: impl Iterator<Item = (S, f64)>,
    direction: Direction,
    mean: impl Fn(S, f64) -> f64,
) -> Vec<Pool<S>> {
    let mut pools: Vec<Pool<S>> = Vec::new();
    for (sum, count) in sums {
        let mut last = Pool { sum, count, mean: mean(sum, count), width: 1 };
        while let Some(before) = pools.pop_if(|before| match direction {
            Direction::Rising => before.mean >= last.mean,
            Direction::Falling => before.mean <= last.mean,
        }) {
            let (sum, count) = (before.sum + last.sum, before.count + last.count);
            last = Pool { sum, count, mean: mean(sum, count), width: before.width + last.width };
        }
        pools.push(last);
    }
    pools
}

impl Isotonic {
    /// The expected outcome at a value of the predictor: that of the last step that begins at or
    /// below it (R's `isoreg` as a step function); of the first step below all of them.
    pub fn at(&self, x: f64) -> f64 {
        let next = self.steps.partition_point(|step| step.from <= x);
        self.steps[next.saturating_sub(1)].level
    }

    /// The expected outcome at a point of the design's own recipe, as a row; it has no interval, and
    /// the note `chosen_by_data` says why: the data chose the steps, so that no resampling of them
    /// holds its level (Sen, Banerjee and Woodroofe (2010), doi:10.1214/09-AOS777).
    pub fn predicted(&self, point: &Point, bounds: Bounds) -> Estimate {
        let counts = (self.n_obs, self.n_excluded);
        let mut row = row("isotonic", &self.formula, &self.outcome, point, counts);
        row.x = Some(self.predictor.clone());
        row.value = point.x.get(1).map(|x| self.at(*x));
        row.note = Some(Note::ChosenByData);
        bounds.clip(row)
    }

    fn mean(&self) -> f64 {
        let products = self.y.iter().zip(&self.counts);
        products.map(|(y, c)| y * c).sum::<f64>() / self.n_obs as f64
    }

    /// Σ(y − ȳ)².
    fn spread(&self) -> f64 {
        let mean = self.mean();
        self.y.iter().zip(&self.counts).map(|(y, c)| c * (y - mean) * (y - mean)).sum()
    }

    /// The steps as rows: `2 <= x <= 3.5`, with the number of respondents on each.
    pub fn estimates(&self) -> Vec<Estimate> {
        let row = |step: &Step| {
            let x = &self.predictor;
            let term = if step.from == step.to {
                format!("{x} = {}", step.from)
            } else {
                format!("{} <= {x} <= {}", step.from, step.to)
            };
            let mut row = Estimate::new(Analysis::Regression, "isotonic", term, step.n_obs);
            row.x = Some(x.clone());
            row.y = Some(self.outcome.clone());
            row.formula = Some(self.formula.clone());
            row.n_excluded = self.n_excluded;
            row.value = Some(step.level);
            row
        };
        self.steps.iter().map(row).collect()
    }

    /// Fit statistics; the degrees of freedom are the steps beyond the first.
    pub fn glance(&self) -> Glance {
        Glance {
            r_squared: self.r_squared,
            df: Some((self.steps.len() - 1) as f64),
            n_obs: self.n_obs,
            n_excluded: self.n_excluded,
            ..Glance::default()
        }
    }

    /// Whether there is a trend at all: the likelihood-ratio statistic of order-restricted
    /// inference, with its distribution over permutations of the outcomes.
    ///
    /// `None` where the outcome or the predictor does not vary.
    ///
    /// # Formula
    /// Ē² = R² of the isotonic fit. p = (1 + #{Ē²* ≥ Ē²})/(1 + permutations): exact whatever the
    /// distribution and however many respondents share a value.
    ///
    /// # Assumptions
    /// Without a trend every order of the outcomes is equally likely.
    ///
    /// # Errors
    /// [`Error::Interrupted`], [`Error::TooFewResamples`] below one permutation.
    ///
    /// # References
    /// Robertson, Wright and Dykstra (1988), Order Restricted Statistical Inference, chapter 2.
    pub fn trend(
        &self,
        permutations: usize,
        seed: u64,
        progress: &dyn Progress,
    ) -> Result<Option<Check>> {
        if permutations == 0 {
            return Err(Error::TooFewResamples { needed: 1, found: 0 });
        }
        let (Some(observed), true) = (self.r_squared, self.places.iter().any(|p| *p != 0)) else {
            return Ok(None);
        };
        crate::resample::written_out(self.n_obs)?;
        let (mean, total) = (self.mean(), self.spread());
        let people = |i: usize| std::iter::repeat_n(i, self.counts[i] as usize);
        let who: Vec<usize> = (0..self.y.len()).flat_map(people).collect();
        let n = who.len() as u32;
        let size = self.places.iter().max().map_or(0, |m| m + 1);
        progress.begin(Stage::Resample, permutations as u64);
        let as_far: Result<Vec<usize>> = (0..permutations.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                progress.check()?;
                let mut source = Source::new(seed, Purpose::Permutation, block);
                let mut order: Vec<u32> = (0..n).collect();
                let mut sums = vec![(0.0, 0.0); size];
                let draws = BLOCK.min(permutations - block * BLOCK);
                let mut as_far = 0;
                for _ in 0..draws {
                    source.shuffle(&mut order);
                    sums.fill((0.0, 0.0));
                    for (person, other) in who.iter().zip(&order) {
                        let cell = &mut sums[self.places[*person]];
                        cell.0 += self.y[who[*other as usize]] - mean;
                        cell.1 += 1.0;
                    }
                    let pools = pool(sums.iter().copied(), self.direction, |s: f64, c| s / c);
                    let between: f64 = pools.iter().map(|p| p.count * p.mean * p.mean).sum();
                    // Orders that are the same but for rounding count as far.
                    as_far += usize::from(between / total >= observed * (1.0 - 1e-12));
                }
                progress.advance(draws as u64);
                Ok(as_far)
            })
            .collect();
        let as_far: usize = as_far?.into_iter().sum();
        let p = (as_far as f64 + 1.0) / (permutations as f64 + 1.0);
        Ok(Some(Check {
            name: "trend".to_owned(),
            value: Some(observed),
            note: None,
            df: None,
            df2: None,
            p_value: PValue::new(p).map(PValue::get),
        }))
    }
}
