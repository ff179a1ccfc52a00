//! How large d is where nothing is necessary.

use super::ceiling::{empty_above, peers, regression, under};
use super::margins::{Margin, normal_correlation};
use super::points::tops;
use super::{Necessity, Points, Scope};
use crate::resample::{Permutation, draws};
use crate::{Error, Result};
use draws::{BLOCK, Purpose, Source};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use ssi_vocab::{Estimate, PValue, Progress, Stage, Test};

/// d by both ceilings.
type Sizes = [Option<f64>; 2];

/// d tested against no link at all: each respondent gets another's outcome.
///
/// # Formula
/// p = (k + 1)/(B + 1), where k of B permutations have a d at least as large. A ceiling that a
/// permutation does not define counts as no smaller d.
///
/// # Assumptions
/// Respondents are independent. It tests independence: an ordinary correlation, with nothing
/// necessary about it, is rejected too. Read [`copula`] beside it.
///
/// # Errors
/// [`Error::TooFewResamples`] without permutations; [`Error::Interrupted`].
pub fn permutation(
    found: &Necessity,
    how: &Permutation,
    progress: &dyn Progress,
) -> Result<Vec<Estimate>> {
    let (codes, y) = found.points.expanded();
    let n = codes.len() as u32;
    let draw = |source: &mut Source, order: &mut Vec<u32>| {
        if order.is_empty() {
            order.extend(0..n);
        }
        source.shuffle(order);
        let rows = codes.iter().zip(order.iter()).map(|(code, i)| (*code, y[*i as usize], 1));
        sizes(&found.points, found.scope, rows)
    };
    tested(found, how, Purpose::Permutation, "permutation", &draw, progress)
}

/// d tested against a correlation of the observed size, with nothing necessary about it.
///
/// # Formula
/// As [`permutation`], with samples of a Gaussian copula that has the observed margins and, by
/// Hoeffding's formula, the observed correlation. The scope stays that of the data.
///
/// # Assumptions
/// Respondents are independent, and without a necessary condition condition and outcome would be
/// linked as in a normal distribution, each on its own scale.
///
/// # Errors
/// Those of [`permutation`].
///
/// # References
/// Cario, M. C. & Nelson, B. L. (1997). Modeling and generating random vectors with arbitrary
/// marginal distributions and correlation matrix. Technical report, Northwestern University.
pub fn copula(
    found: &Necessity,
    how: &Permutation,
    progress: &dyn Progress,
) -> Result<Vec<Estimate>> {
    let points = &found.points;
    let (codes, y) = points.expanded();
    let x = Margin::new(codes.iter().map(|code| points.levels()[*code as usize]).collect());
    let outcome = Margin::new(y);
    let rho = normal_correlation(&x, &outcome, points.pearson()?);
    let rest = (1.0 - rho * rho).max(0.0).sqrt();
    let n = codes.len();
    let draw = |source: &mut Source, _: &mut Vec<u32>| {
        let mut pairs = Vec::with_capacity(n);
        for _ in 0..n {
            let (a, e): (f64, f64) =
                (StandardNormal.sample(source.rng()), StandardNormal.sample(source.rng()));
            let level = outcome.level(rho * a + rest * e);
            pairs.push((x.level(a) as u32, outcome.value(level), 1));
        }
        sizes(points, found.scope, pairs.into_iter())
    };
    tested(found, how, Purpose::Copula, "copula", &draw, progress)
}

fn sizes(points: &Points, scope: Scope, rows: impl Iterator<Item = (u32, f64, u64)>) -> Sizes {
    let peers = peers(points, &tops(points.levels().len(), rows));
    let steps = empty_above(peers.iter().map(|peer| (peer.x, peer.y)), scope) / scope.area();
    [Some(steps), regression(&peers, scope).map(|line| under(line, scope).d)]
}

/// The rows of both ceilings with the test against what `draw` makes.
fn tested(
    found: &Necessity,
    how: &Permutation,
    purpose: Purpose,
    name: &str,
    draw: &(dyn Fn(&mut Source, &mut Vec<u32>) -> Sizes + Sync),
    progress: &dyn Progress,
) -> Result<Vec<Estimate>> {
    if how.permutations < 1 {
        return Err(Error::TooFewResamples { needed: 1, found: 0 });
    }
    let mut rows = found.estimates();
    let observed = [rows[0].value, rows[1].value];
    progress.begin(Stage::Resample, how.permutations as u64);
    let blocks: Result<Vec<[usize; 2]>> = (0..how.permutations.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            progress.check()?;
            let mut source = Source::new(how.seed, purpose, block);
            let mut order = Vec::new();
            let mut as_large = [0, 0];
            let size = BLOCK.min(how.permutations - block * BLOCK);
            for _ in 0..size {
                let made = draw(&mut source, &mut order);
                for (count, (made, seen)) in as_large.iter_mut().zip(made.into_iter().zip(observed))
                {
                    // Rounding must not tell equal areas apart.
                    let larger = made.zip(seen).is_none_or(|(made, seen)| made >= seen - 1e-12);
                    *count += usize::from(larger);
                }
            }
            progress.advance(size as u64);
            Ok(as_large)
        })
        .collect();
    let counts = blocks?.into_iter().fold([0, 0], |[a, b], [c, d]| [a + c, b + d]);
    for (row, count) in rows.iter_mut().zip(counts) {
        if row.value.is_none() {
            continue;
        }
        let p = (count + 1) as f64 / (how.permutations + 1) as f64;
        row.test = PValue::new(p).map(|p_value| Test {
            statistic: None,
            df: None,
            df2: None,
            p_value,
            method: name.to_owned(),
            p_holm: None,
            p_bh: None,
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::super::necessity;
    use super::*;
    use ssi_vocab::{Paired, Quiet};

    /// Correlated normal pairs, and the same with all above a ceiling pushed below it.
    fn pairs(seed: u64, ceiling: bool) -> Necessity {
        let mut source = Source::new(seed, Purpose::Bootstrap, 0);
        let mut draw = || -> f64 { StandardNormal.sample(source.rng()) };
        let (x, y): (Vec<f64>, Vec<f64>) = (0..200)
            .map(|_| {
                let x = draw();
                let y = 0.6 * x + 0.8 * draw();
                (x, if ceiling { y.min(x + 0.2) } else { y })
            })
            .unzip();
        let points = Points::of_pair(&Paired::complete("x", &x, "y", &y).unwrap()).unwrap();
        let scope = points.empirical();
        necessity(points, scope).unwrap()
    }

    #[test]
    fn a_correlation_alone_is_no_necessity_and_a_ceiling_is() {
        let how = Permutation { permutations: 499, seed: 3 };
        let p = |rows: Vec<Estimate>| rows[0].test.as_ref().map_or(1.0, |t| t.p_value.get());
        let plain = pairs(11, false);
        assert!(p(permutation(&plain, &how, &Quiet).unwrap()) < 0.05);
        assert!(p(copula(&plain, &how, &Quiet).unwrap()) > 0.05);
        let bounded = pairs(11, true);
        assert!(p(copula(&bounded, &how, &Quiet).unwrap()) < 0.05);
    }

    #[test]
    fn the_same_seed_gives_the_same_p_on_any_number_of_threads() {
        let found = pairs(5, false);
        let how = Permutation { permutations: 300, seed: 9 };
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let one = alone.install(|| copula(&found, &how, &Quiet).unwrap());
        assert_eq!(one, copula(&found, &how, &Quiet).unwrap());
    }
}
