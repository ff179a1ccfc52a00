use super::draws::{BLOCK, Purpose, Source};
use super::partial::ControlledPair;
use super::permutation::Permutation;
use super::signs::sign_test;
use crate::correlate::Method;
use crate::correlate::elimination::freed;
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Estimate, PValue, Progress, Stage, Test};

/// A partial or semi-partial correlation tested by permutations of what the controls leave of y.
///
/// # Formula
/// Freedman and Lane's scheme: y is its best prediction by the controls plus residuals; the residuals
/// are permuted, the prediction is added again, and the partial correlation of x and this new y is
/// computed anew. The prediction drops out, so that it is
/// e′ₓPe_y/(‖eₓ‖·‖MPe_y‖), with P the permutation and M what removes the controls. p = (k + 1)/(B + 1)
/// from the k of B permutations that are at least as far from 0. Spearman: the same of the midranks.
/// The semi-partial correlation is 0 where the partial one is, and has the same test.
///
/// With clusters their signs are changed instead, as in [`super::cluster_permutation`]: of each
/// cluster's sum of products of the two residuals.
///
/// # Assumptions
/// What the controls leave of y is exchangeable between respondents, or, with clusters, clusters are
/// independent. Its level is right in large samples, and exact without controls.
///
/// # Missing data
/// See [`ControlledPair::new`].
///
/// # Errors
/// [`Error::NotForMethod`] for Kendall, whose partial τ has no residuals that could be permuted and
/// need not be 0 where x and y are independent given the controls; [`Error::TooFewResamples`] without
/// permutations; [`Error::TooManyToResample`]; [`Error::Interrupted`].
///
/// # References
/// Freedman, D. & Lane, D. (1983). A nonstochastic interpretation of reported significance levels.
/// doi:10.1080/07350015.1983.10509354. Winkler, A. M., Ridgway, G. R., Webster, M. A., Smith, S. M. &
/// Nichols, T. E. (2014). Permutation inference for the general linear model.
/// doi:10.1016/j.neuroimage.2014.01.060
pub fn partial_permutation(
    pair: &ControlledPair,
    how: &Permutation,
    progress: &dyn Progress,
) -> Result<Estimate> {
    if how.permutations < 1 {
        return Err(Error::TooFewResamples { needed: 1, found: how.permutations });
    }
    let residuals = Residuals::new(pair)?;
    if pair.units().cluster().is_some() {
        let sums = pair.units().sums(|i| residuals.x[i] * residuals.y[i]);
        return Ok(Estimate { test: sign_test(&sums, how, progress)?, ..pair.blank() });
    }
    let residuals = residuals.expanded(pair.partial().complete().counts())?;
    let n = residuals.x.len() as u32;
    let unmoved: Vec<u32> = (0..n).collect();
    let observed = residuals.correlation(&unmoved);
    let far = observed.abs() * (1.0 - 1e-12) - 1e-12;
    progress.begin(Stage::Resample, how.permutations as u64);
    let as_far: Result<usize> = (0..how.permutations.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            progress.check()?;
            let mut source = Source::new(how.seed, Purpose::Permutation, block);
            let mut order = unmoved.clone();
            let size = BLOCK.min(how.permutations - block * BLOCK);
            let as_far = (0..size)
                .filter(|_| {
                    source.shuffle(&mut order);
                    residuals.correlation(&order).abs() >= far
                })
                .count();
            progress.advance(size as u64);
            Ok(as_far)
        })
        .sum();
    let p = (as_far? as f64 + 1.0) / (how.permutations as f64 + 1.0);
    let test = PValue::new(p).map(|p_value| Test {
        statistic: Some(observed),
        df: None,
        df2: None,
        p_value,
        method: "permutation".to_owned(),
        p_holm: None,
        p_bh: None,
    });
    Ok(Estimate { test, ..pair.blank() })
}

/// The partial correlation of a permutation that is given: which respondent's residual of y each one
/// gets.
///
/// # Errors
/// Those of [`partial_permutation`]; [`Error::WrongDraw`] for a list that is no permutation.
pub fn partial_permuted(pair: &ControlledPair, permuted: &[u32]) -> Result<f64> {
    let residuals = Residuals::new(pair)?.expanded(pair.partial().complete().counts())?;
    let (mut sorted, n) = (permuted.to_vec(), residuals.x.len());
    sorted.sort_unstable();
    if !sorted.into_iter().eq(0..n as u32) {
        return Err(Error::WrongDraw { needed: n, found: permuted.len() });
    }
    Ok(residuals.correlation(permuted))
}

/// What the controls leave of x and y, and the controls as directions of length 1, a row a
/// respondent. All have the mean 0.
struct Residuals {
    x: Vec<f64>,
    y: Vec<f64>,
    controls: Vec<Vec<f64>>,
}

const METHODS: [Method; 2] = [Method::Pearson, Method::Spearman];

impl Residuals {
    fn new(pair: &ControlledPair) -> Result<Self> {
        let (method, _) = pair.partial().kind();
        if !METHODS.contains(&method) {
            return Err(Error::NotForMethod {
                analysis: "a permutation test with columns held constant",
                method: method.code(),
                known: METHODS.map(Method::code).to_vec(),
            });
        }
        let complete = pair.partial().complete();
        let columns = |last: usize| Error::Collinear {
            columns: complete.names()[..=last.min(complete.names().len() - 1)].to_vec(),
        };
        let freed = freed(complete, method).map_err(columns)?;
        let unit = |v: Vec<crate::double_double::DoubleDouble>| -> Vec<f64> {
            let plain: Vec<f64> = v.into_iter().map(f64::from).collect();
            let count = |i: usize| complete.counts().map_or(1.0, |w| w[i] as f64);
            let square: f64 = plain.iter().enumerate().map(|(i, v)| count(i) * v * v).sum();
            plain.into_iter().map(|v| v / square.sqrt()).collect()
        };
        let controls = freed.controls.into_iter().map(unit).collect();
        Ok(Self { x: unit(freed.x), y: unit(freed.y), controls })
    }

    /// A row a respondent.
    fn expanded(self, counts: Option<&[u64]>) -> Result<Self> {
        let Some(counts) = counts else { return Ok(self) };
        let (found, limit) = (counts.iter().sum::<u64>(), super::bootstrap::MOST_RESPONDENTS);
        if found > limit as u64 {
            return Err(Error::TooManyToResample { limit, found: found as usize });
        }
        let each = |values: Vec<f64>| -> Vec<f64> {
            let rows = values.into_iter().zip(counts);
            rows.flat_map(|(v, n)| std::iter::repeat_n(v, *n as usize)).collect()
        };
        let controls = self.controls.into_iter().map(each).collect();
        Ok(Self { x: each(self.x), y: each(self.y), controls })
    }

    fn correlation(&self, permuted: &[u32]) -> f64 {
        let moved = |with: &[f64]| -> f64 {
            with.iter().zip(permuted).map(|(a, i)| a * self.y[*i as usize]).sum()
        };
        let explained: f64 = self.controls.iter().map(|control| moved(control).powi(2)).sum();
        let left = 1.0 - explained;
        // Residuals that the controls happen to explain wholly correlate with nothing.
        if left > 1e-14 { (moved(&self.x) / left.sqrt()).clamp(-1.0, 1.0) } else { 0.0 }
    }
}
