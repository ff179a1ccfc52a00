use super::scatter::{grid, smooth_span};
use super::thin::thin;
use crate::regress::Ols;
use crate::smooth::loess;
use crate::tails::normal_quantile;
use crate::{Error, Result};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use rayon::prelude::*;
use ssi_vocab::Paired;
use ssi_vocab::drawing::{Band, Curve, Diagnostics, Points};

/// Simulated residual samples behind the envelope: 2.5 % of them are ten.
const SIMULATIONS: usize = 400;

/// Above so many respondents the envelope comes from the large-sample formula.
const SIMULATED_UP_TO: usize = 20_000;

/// Places along a smooth curve.
const PLACES: usize = 61;

/// How many points are marked as the most influential.
const INFLUENTIAL: usize = 3;

/// Four panels that show whether a least-squares fit can be read as it stands: residuals against
/// fitted values, normal quantiles, spread against fitted values, leverage.
///
/// Below 20 respondents the smooth curves are empty: they would follow single points.
///
/// # The envelope of the quantile plot
/// 400 samples of normal residuals are drawn, put through the same fit (projected, standardised,
/// sorted), and the 2.5 % and 97.5 % quantiles of each place are the envelope: pointwise, so about
/// one point in twenty lies outside where all is well. Above 20,000 respondents it is
/// z ± 1.96·√(p(1 − p)/n)/φ(z).
///
/// # Contours
/// Cook's distance is constant along r = ±√(D·k(1 − h)/h). The contours of 1 and 0.5 are given
/// where they come near the points, else the two largest of 0.2, 0.1, 0.05, … that do.
///
/// Respondents for whom the standardised residual is undefined (leverage 1) are not in any panel,
/// so indices count the others. Counted rows are one point each. Above 5,000 points the panels show
/// the outermost and a random sample of the rest, and `thinned` says how many there are; curves,
/// envelope and contours rest on all of them.
///
/// # Errors
/// [`Error::Constant`] for a perfect fit, which leaves no residuals to look at,
/// [`Error::TooFew`] below three respondents with a residual.
///
/// # References
/// Atkinson (1981), doi:10.1093/biomet/68.1.13; Cook (1977),
/// doi:10.1080/00401706.1977.10489493.
pub fn diagnostics(fit: &Ols, seed: u64) -> Result<Diagnostics> {
    if let (Some(weights), None) = (fit.weights(), fit.counts()) {
        return Err(Error::Unweighted { analysis: "a residual plot", kind: weights.kind() });
    }
    if fit.perfect {
        return Err(Error::Constant { column: "residual".to_owned() });
    }
    let standardised = fit.std_resid();
    let shown: Vec<usize> = (0..standardised.len())
        .filter(|i| standardised[*i].is_some() && fit.weight(*i) > 0.0)
        .collect();
    if shown.len() < 3 {
        let found = shown.len();
        return Err(Error::TooFew { analysis: "a residual plot", needed: 3, found });
    }
    let std_resid: Vec<f64> = shown.iter().filter_map(|i| standardised[*i]).collect();
    let pick = |values: &ndarray::Array1<f64>| shown.iter().map(|i| values[*i]).collect::<Vec<_>>();
    let (fitted, hat, resid) = (pick(&fit.fitted), pick(fit.hat()), pick(&fit.residuals));
    let spread: Vec<f64> = std_resid.iter().map(|r| r.abs().sqrt()).collect();
    let counts: Option<Vec<u64>> =
        fit.counts().map(|counts| shown.iter().map(|i| counts[*i]).collect());
    let smooth = |y: &[f64]| -> Result<Curve> {
        let pair = Paired::new(
            "fitted",
            fitted.clone(),
            "residual",
            y.to_vec(),
            counts.clone(),
            Vec::new(),
        )?;
        match smooth_span(&pair) {
            Some(span) => loess(&pair, span, &grid(&fitted, PLACES)),
            None => Ok(Curve::default()),
        }
    };

    let mut order: Vec<usize> = (0..shown.len()).collect();
    order.sort_by(|a, b| std_resid[*a].total_cmp(&std_resid[*b]).then(a.cmp(b)));
    let weight = |at: usize| counts.as_ref().map_or(1, |counts| counts[at]);
    let places = middle_ranks(&order, &weight);
    let n: u64 = (0..shown.len()).map(weight).sum();
    let share = |rank: f64| {
        // Blom's plotting positions for small samples, Hazen's else, as R's ppoints.
        let a = if n <= 10 { 0.375 } else { 0.5 };
        (rank + 1.0 - a) / (n as f64 + 1.0 - 2.0 * a)
    };
    let normal: Vec<f64> = places.iter().map(|rank| normal_quantile(share(*rank))).collect();
    let (low, high) = if n as usize <= SIMULATED_UP_TO {
        simulated(fit, &shown, &places, seed)
    } else {
        large_sample(&normal, n as f64, &|i| share(places[i]))
    };

    let mut by_influence: Vec<usize> = (0..shown.len()).collect();
    let cooks: Vec<f64> = std_resid.iter().zip(&hat).map(|(r, h)| r * r * h / (1.0 - h)).collect();
    by_influence.sort_by(|a, b| cooks[*b].total_cmp(&cooks[*a]).then(a.cmp(b)));
    by_influence.truncate(INFLUENTIAL);
    let influential_quantiles =
        by_influence.iter().filter_map(|at| order.iter().position(|sorted| sorted == at)).collect();

    let all = Diagnostics {
        residuals_smooth: smooth(&resid)?,
        scale_smooth: smooth(&spread)?,
        residuals: Points { x: fitted.clone(), y: resid },
        quantiles: Points { x: normal.clone(), y: order.iter().map(|at| std_resid[*at]).collect() },
        quantiles_envelope: Band { x: normal, low, high },
        scale: Points { x: fitted, y: spread },
        cooks: contours(&hat, &std_resid, fit.coefficients.len() as f64),
        leverage: Points { x: hat, y: std_resid },
        influential: by_influence,
        influential_quantiles,
        thinned: None,
    };
    Ok(thin(all, &order, &cooks, seed))
}

/// The rank (from 0) at the middle of each sorted point's respondents.
fn middle_ranks(order: &[usize], weight: &dyn Fn(usize) -> u64) -> Vec<f64> {
    let mut before = 0.0;
    order
        .iter()
        .map(|at| {
            let own = weight(*at) as f64;
            let middle = before + (own - 1.0) / 2.0;
            before += own;
            middle
        })
        .collect()
}

/// Pointwise 95 % limits of the sorted standardised residuals, from samples drawn under the model.
fn simulated(fit: &Ols, shown: &[usize], places: &[f64], seed: u64) -> (Vec<f64>, Vec<f64>) {
    let rows = fit.residuals.len();
    let owner: Vec<usize> =
        (0..rows).flat_map(|i| std::iter::repeat_n(i, fit.weight(i) as usize)).collect();
    let mut is_shown = vec![false; rows];
    shown.iter().for_each(|i| is_shown[*i] = true);
    let scores = fit.scores();
    let (hat, width) = (fit.hat(), scores.ncols());
    let one = |stream: usize| -> Vec<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream as u64);
        let draws: Vec<f64> = owner.iter().map(|_| rng.sample(StandardNormal)).collect();
        let mut projected = vec![0.0; width];
        for (z, i) in draws.iter().zip(&owner) {
            for (sum, q) in projected.iter_mut().zip(scores.row(*i)) {
                *sum += q * z;
            }
        }
        let mut squares = 0.0;
        let mut residuals = Vec::with_capacity(draws.len());
        for (z, i) in draws.iter().zip(&owner) {
            let fitted: f64 = projected.iter().zip(scores.row(*i)).map(|(p, q)| p * q).sum();
            let e = z - fitted;
            squares += e * e;
            if is_shown[*i] {
                residuals.push(e / (1.0 - hat[*i]).sqrt());
            }
        }
        let sigma = (squares / fit.df_residual as f64).sqrt();
        residuals.sort_unstable_by(f64::total_cmp);
        places.iter().map(|place| between(&residuals, *place) / sigma).collect()
    };
    let samples: Vec<Vec<f64>> = (0..SIMULATIONS).into_par_iter().map(one).collect();
    let mut column = vec![0.0; SIMULATIONS];
    let mut limits = (Vec::with_capacity(places.len()), Vec::with_capacity(places.len()));
    for place in 0..places.len() {
        for (value, sample) in column.iter_mut().zip(&samples) {
            *value = sample[place];
        }
        column.sort_unstable_by(f64::total_cmp);
        let last = (SIMULATIONS - 1) as f64;
        limits.0.push(between(&column, 0.025 * last));
        limits.1.push(between(&column, 0.975 * last));
    }
    limits
}

/// The value of a sorted sample at a rank that may lie between two.
fn between(sorted: &[f64], rank: f64) -> f64 {
    let low = rank.floor() as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (rank - low as f64) * (sorted[high] - sorted[low])
}

fn large_sample(normal: &[f64], n: f64, share: &dyn Fn(usize) -> f64) -> (Vec<f64>, Vec<f64>) {
    let width = |(i, z): (usize, &f64)| {
        let p = share(i);
        let density = libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
        normal_quantile(0.975) * (p * (1.0 - p) / n).sqrt() / density
    };
    let widths: Vec<f64> = normal.iter().enumerate().map(width).collect();
    let low = normal.iter().zip(&widths).map(|(z, w)| z - w).collect();
    let high = normal.iter().zip(&widths).map(|(z, w)| z + w).collect();
    (low, high)
}

/// Upper halves of the contours of Cook's distance that come near the points.
fn contours(hat: &[f64], std_resid: &[f64], k: f64) -> Vec<(f64, Curve)> {
    let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0_f64, f64::max);
    let right = (1.08 * largest(&mut hat.iter().copied())).min(0.999);
    let top = 1.15 * largest(&mut std_resid.iter().map(|r| r.abs()));
    let height = |distance: f64, h: f64| (distance * k * (1.0 - h) / h).sqrt();
    let mut curves = Vec::new();
    let distances = (0..12).flat_map(|e| {
        let unit = libm::pow(10.0, -f64::from(e));
        [unit, 0.5 * unit, 0.2 * unit]
    });
    for distance in distances {
        if curves.len() == 2 {
            break;
        }
        // It comes near where it dips below the top of the plot before its right end.
        if height(distance, right) > top {
            continue;
        }
        let from = distance * k / (top * top + distance * k);
        let x: Vec<f64> =
            (0..PLACES).map(|i| from + (right - from) * i as f64 / (PLACES - 1) as f64).collect();
        let y = x.iter().map(|h| height(distance, *h)).collect();
        curves.push((distance, Curve { x, y }));
    }
    curves
}
