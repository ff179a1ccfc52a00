use super::items::{correlations, covariances};
use super::{ITEMS, Items, row};
use crate::Result;
use crate::resample::{Bootstrap, resampled};
use ssi_vocab::{Estimate, Level, Note, Progress};

/// McDonald's omega total of the sum of the items, `omega`: the share of its variance that one
/// common factor accounts for, where items may measure it unequally well.
///
/// # Formula
/// (Σλ)²/((Σλ)² + Σψ), λ and ψ the loadings and residual variances of one factor by maximum
/// likelihood (lavaan's and factanal's), in the items' own units. The interval is the percentile
/// bootstrap of respondents.
///
/// # Assumptions
/// One factor; [`super::parallel`] says whether that is so. Answers of three steps are far from
/// normal: read the estimate as least squares would give it, and the interval as the bootstrap's.
///
/// # Missing data
/// Respondents who have answered every item.
///
/// # Errors
/// [`ItemError::TooFewItems`](super::ItemError::TooFewItems), fewer than two respondents,
/// [`Error::TooFewResamples`](crate::Error::TooFewResamples). With two items one factor is not
/// determined, and with no more respondents than items not to be estimated: there is no value, and
/// a note.
///
/// # References
/// McDonald (1999), Test Theory: A Unified Treatment; Rubin and Thayer (1982),
/// doi:10.1007/BF02293851 (the iteration).
pub fn omega(
    items: &Items,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> Result<Estimate> {
    items.checked("McDonald's omega", 2)?;
    let row = row("omega", ITEMS, items);
    if items.names().len() < 3 {
        return Ok(Estimate { note: Some(Note::TwoItems), ..row });
    }
    if items.n_complete() <= items.names().len() {
        return Ok(Estimate { note: Some(Note::TooFew), ..row });
    }
    let columns = items.scaled();
    let Some(value) = of(&columns, None, 1e-13) else {
        return Ok(Estimate { note: Some(Note::NotConverged), ..row });
    };
    let row = Estimate { value: Some(value), ..row };
    let statistic = |drawn: &[u32]| of(&columns, Some(drawn), 1e-7);
    resampled(row, items.n_complete(), how, level, progress, &statistic)
}

fn of(columns: &[Vec<f64>], drawn: Option<&[u32]>, tolerance: f64) -> Option<f64> {
    let s = covariances(columns, drawn);
    let (loadings, rest) = one_factor(&correlations(&s)?, tolerance)?;
    let sd: Vec<f64> = (0..s.len()).map(|j| s[j][j].sqrt()).collect();
    let common = loadings.iter().zip(&sd).map(|(l, sd)| l * sd).sum::<f64>().powi(2);
    let own: f64 = rest.iter().zip(&sd).map(|(r, sd)| r * sd * sd).sum();
    let value = common / (common + own);
    value.is_finite().then_some(value)
}

/// A residual variance below this is an item that is the factor itself (Heywood): it stays there.
const LEAST: f64 = 1e-6;
const STEPS: usize = 100_000;

/// Loadings and residual variances of one factor by maximum likelihood, from correlations, by
/// expectation and maximisation with the steps extrapolated.
pub(super) fn one_factor(r: &[Vec<f64>], tolerance: f64) -> Option<(Vec<f64>, Vec<f64>)> {
    let k = r.len();
    // From the loadings of the centroid; items that go against the others turn in the iteration.
    let all: f64 = r.iter().flatten().sum();
    let mut at: Vec<f64> =
        (0..k).map(|j| (r[j].iter().sum::<f64>() / all.abs().sqrt()).clamp(-0.9, 0.9)).collect();
    at.extend((0..k).map(|j| 1.0 - at[j] * at[j]).collect::<Vec<_>>());
    let change =
        |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    for _ in 0..STEPS {
        let first = step(r, &at)?;
        let second = step(r, &first)?;
        if change(&first, &at) <= tolerance && change(&second, &first) <= tolerance {
            return Some((second[..k].to_vec(), second[k..].to_vec()));
        }
        // Varadhan and Roland's squared extrapolation, where it climbs.
        let (mut rr, mut vv) = (0.0, 0.0);
        for i in 0..2 * k {
            let one = first[i] - at[i];
            rr += one * one;
            vv += (second[i] - first[i] - one).powi(2);
        }
        let length = if vv > 0.0 { (rr / vv).sqrt().max(1.0) } else { 1.0 };
        let far: Vec<f64> = (0..2 * k)
            .map(|i| {
                let one = first[i] - at[i];
                let value =
                    at[i] + 2.0 * length * one + length * length * (second[i] - first[i] - one);
                if i < k { value } else { value.max(LEAST) }
            })
            .collect();
        at = match (fit(r, &far), fit(r, &second)) {
            (Some(a), Some(b)) if a <= b => far,
            _ => second,
        };
    }
    None
}

/// One step from (λ, ψ).
fn step(r: &[Vec<f64>], at: &[f64]) -> Option<Vec<f64>> {
    let k = r.len();
    let (l, p) = at.split_at(k);
    let information = 1.0 + l.iter().zip(p).map(|(l, p)| l * l / p).sum::<f64>();
    let beta: Vec<f64> = l.iter().zip(p).map(|(l, p)| l / p / information).collect();
    let cross: Vec<f64> =
        r.iter().map(|row| row.iter().zip(&beta).map(|(r, b)| r * b).sum()).collect();
    let spread: f64 = 1.0 / information + beta.iter().zip(&cross).map(|(b, c)| b * c).sum::<f64>();
    let mut next: Vec<f64> = cross.iter().map(|c| c / spread).collect();
    let rest: Vec<f64> = (0..k).map(|j| (1.0 - next[j] * cross[j]).max(LEAST)).collect();
    next.extend(rest);
    next.iter().all(|v| v.is_finite()).then_some(next)
}

/// ln|Σ| + tr(RΣ⁻¹), which maximum likelihood makes least.
fn fit(r: &[Vec<f64>], at: &[f64]) -> Option<f64> {
    let (l, p) = at.split_at(r.len());
    let information = 1.0 + l.iter().zip(p).map(|(l, p)| l * l / p).sum::<f64>();
    let log = p.iter().map(|p| p.ln()).sum::<f64>() + information.ln();
    let scaled: Vec<f64> = l.iter().zip(p).map(|(l, p)| l / p).collect();
    let own: f64 = p.iter().map(|p| 1.0 / p).sum();
    let form: f64 = r
        .iter()
        .zip(&scaled)
        .map(|(row, a)| a * row.iter().zip(&scaled).map(|(r, b)| r * b).sum::<f64>())
        .sum();
    let value = log + own - form / information;
    value.is_finite().then_some(value)
}
