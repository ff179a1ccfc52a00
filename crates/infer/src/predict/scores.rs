//! How far respondents lie from what a fit to the others says, and the ends that follow.

use super::conformal::Conformal;
use super::light::{Light, Lines};
use crate::regress::Clusters;
use crate::resample::draws::{Purpose, Source};
use ssi_vocab::{Level, Note};

/// Folds of CV+.
const FOLDS: usize = 10;

/// The two ends at a point, or why there are none.
pub(super) type Ends = std::result::Result<(f64, f64), Note>;

/// What is drawn: respondents, or clusters of them.
pub(super) struct Units {
    /// Each one's respondents.
    members: Vec<Vec<usize>>,
}

impl Units {
    pub(super) fn new(light: &Light, clusters: Option<&Clusters>) -> Self {
        let members = match clusters {
            None => (0..light.n_obs()).map(|i| vec![i]).collect(),
            Some(clusters) => {
                let mut members = vec![Vec::new(); clusters.len()];
                for (i, row) in light.rows.iter().enumerate() {
                    members[clusters.of(*row)].push(i);
                }
                members
            }
        };
        Self { members }
    }

    /// The units in random order.
    fn order(&self, seed: u64) -> Vec<usize> {
        let mut order: Vec<u32> = (0..self.members.len() as u32).collect();
        Source::new(seed, Purpose::Split, 0).shuffle(&mut order);
        order.into_iter().map(|i| i as usize).collect()
    }

    /// The units of each of ten random folds.
    pub(super) fn folds(&self, seed: u64) -> Vec<Vec<usize>> {
        let order = self.order(seed);
        let folds = FOLDS.min(order.len());
        (0..folds).map(|f| order.iter().skip(f).step_by(folds).copied().collect()).collect()
    }

    /// A fold a unit.
    pub(super) fn each(&self) -> Vec<Vec<usize>> {
        (0..self.members.len()).map(|unit| vec![unit]).collect()
    }

    fn respondents(&self, units: &[usize]) -> Vec<usize> {
        units.iter().flat_map(|unit| &self.members[*unit]).copied().collect()
    }

    /// The respondents of some units, each with his share of the unit.
    fn shared<'a>(&'a self, units: &'a [usize]) -> impl Iterator<Item = (usize, f64)> + 'a {
        units.iter().flat_map(|unit| {
            let members = &self.members[*unit];
            members.iter().map(|i| (*i, 1.0 / members.len() as f64))
        })
    }
}

/// The smallest value at which the units so far make up `level` of all and one more, which may be
/// anywhere; none where even all of them don't.
fn reached(mut values: Vec<(f64, f64)>, units: usize, level: Level) -> Option<f64> {
    // The rounding of 0.95·20 and of a cluster's parts forgiven.
    let needed = level.get() * (units as f64 + 1.0) - 1e-9;
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut passed = 0.0;
    let found = values.into_iter().find(|(_, part)| {
        passed += part;
        passed >= needed
    });
    found.map(|(value, _)| value)
}

/// What a fit says of others: a line, or a lower and an upper one, and a unit of distance.
struct Band {
    low: Lines,
    high: Option<Lines>,
    spread: Spread,
}

impl Band {
    fn new(light: &Light, train: &[usize], kind: Conformal, level: Level) -> Option<Self> {
        if train.len() <= light.width() {
            return None;
        }
        if matches!(kind, Conformal::Quantile | Conformal::CvPlusQuantile) {
            let low = light.quantile(train, level.tail())?;
            let high = Some(light.quantile(train, 1.0 - level.tail())?);
            return Some(Self { low, high, spread: Spread::FLAT });
        }
        let low = light.fit(train, &light.y);
        let spread = if kind == Conformal::Scaled {
            let expected = |i: usize| low.at(&light.respondent(i));
            Spread::new(train.iter().map(|i| (expected(*i), light.y[*i])))
        } else {
            Spread::FLAT
        };
        Some(Self { low, high: None, spread })
    }

    fn at(&self, row: &[f64]) -> (f64, f64) {
        let low = self.low.at(row);
        let high = self.high.as_ref().map_or(low, |lines| lines.at(row));
        (low.min(high), high.max(low))
    }

    /// How far an outcome lies outside, below 0 inside.
    fn distance(&self, row: &[f64], y: f64) -> f64 {
        let (low, high) = self.at(row);
        (low - y).max(y - high) / self.spread.at(low)
    }
}

pub(super) fn split(
    light: &Light,
    units: &Units,
    kind: Conformal,
    seed: u64,
    places: &[Vec<f64>],
    level: Level,
) -> Vec<Ends> {
    let order = units.order(seed);
    let (train, rest) = order.split_at(order.len() / 2);
    let none = || vec![Err(Note::TooFewForInterval); places.len()];
    let Some(band) = Band::new(light, &units.respondents(train), kind, level) else {
        return none();
    };
    let distance = |(i, part)| (band.distance(&light.respondent(i), light.y[i]), part);
    let distances = units.shared(rest).map(distance).collect();
    let Some(size) = reached(distances, rest.len(), level) else { return none() };
    let one = |place: &Vec<f64>| {
        let (low, high) = band.at(place);
        let reach = size * band.spread.at(low);
        Ok((low - reach, high + reach))
    };
    places.iter().map(one).collect()
}

/// How large residuals are where the fitted value is m: a straight line, or 1 everywhere.
struct Spread {
    base: f64,
    slope: f64,
    least: f64,
}

impl Spread {
    const FLAT: Self = Self { base: 1.0, slope: 0.0, least: 1.0 };

    fn new(pairs: impl Iterator<Item = (f64, f64)>) -> Self {
        let pairs: Vec<(f64, f64)> = pairs.map(|(mean, y)| (mean, (y - mean).abs())).collect();
        let n = pairs.len() as f64;
        let m = pairs.iter().map(|p| p.0 / n).sum::<f64>();
        let r = pairs.iter().map(|p| p.1 / n).sum::<f64>();
        if r <= 0.0 || r.is_nan() {
            return Self::FLAT;
        }
        let xx: f64 = pairs.iter().map(|p| (p.0 - m) * (p.0 - m)).sum();
        let xy: f64 = pairs.iter().map(|p| (p.0 - m) * (p.1 - r)).sum();
        let slope = if xx > 0.0 { xy / xx } else { 0.0 };
        if !slope.is_finite() {
            return Self::FLAT;
        }
        Self { base: r - slope * m, slope, least: 0.1 * r }
    }

    fn at(&self, mean: f64) -> f64 {
        (self.base + self.slope * mean).max(self.least)
    }
}

/// CV+ on folds of units.
pub(super) fn plus_of_folds(
    light: &Light,
    folds: &[Vec<usize>],
    units: &Units,
    kind: Conformal,
    places: &[Vec<f64>],
    level: Level,
) -> Vec<Ends> {
    let mut parts: Vec<Vec<Part>> = places.iter().map(|_| Vec::new()).collect();
    for (fold, test) in folds.iter().enumerate() {
        let others = folds.iter().enumerate().filter(|(other, _)| *other != fold);
        let train: Vec<usize> = others.flat_map(|(_, units)| units).copied().collect();
        let Some(band) = Band::new(light, &units.respondents(&train), kind, level) else {
            return vec![Err(Note::TooFewForInterval); places.len()];
        };
        let bands: Vec<(f64, f64)> = places.iter().map(|place| band.at(place)).collect();
        for (i, share) in units.shared(test) {
            let size = band.distance(&light.respondent(i), light.y[i]);
            for (part, (low, high)) in parts.iter_mut().zip(&bands) {
                part.push(Part { low: low - size, high: high + size, share });
            }
        }
    }
    let count = units.members.len();
    parts.into_iter().map(|part| plus(&part, count, level)).collect()
}

/// Jackknife+ of respondents in closed form, from the leverages.
pub(super) fn jackknife_plus(
    light: &Light,
    units: &Units,
    places: &[Vec<f64>],
    level: Level,
) -> Vec<Ends> {
    let everyone: Vec<usize> = (0..light.n_obs()).collect();
    let fit = light.fit(&everyone, &light.y);
    let mut scores = Vec::with_capacity(everyone.len());
    for i in everyone {
        let respondent = light.respondent(i);
        let q = fit.score(&respondent);
        let rest = 1.0 - q.iter().map(|v| v * v).sum::<f64>();
        // Without this respondent the model has a coefficient that nobody else determines.
        if rest < 1e-10 {
            return vec![Err(Note::LeverageOne); places.len()];
        }
        scores.push((q, (light.y[i] - fit.at(&respondent)) / rest));
    }
    let one = |place: &Vec<f64>| {
        let (mean, own) = (fit.at(place), fit.score(place));
        let part = scores.iter().map(|(q, left_out)| {
            let along: f64 = own.iter().zip(q).map(|(a, b)| a * b).sum();
            let (mean, size) = (mean - along * left_out, left_out.abs());
            Part { low: mean - size, high: mean + size, share: 1.0 }
        });
        plus(&part.collect::<Vec<_>>(), units.members.len(), level)
    };
    places.iter().map(one).collect()
}

/// The interval at a point by the fit without one respondent, as wide as he asks for.
struct Part {
    low: f64,
    high: f64,
    share: f64,
}

fn plus(parts: &[Part], units: usize, level: Level) -> Ends {
    let low = reached(parts.iter().map(|p| (-p.low, p.share)).collect(), units, level);
    let high = reached(parts.iter().map(|p| (p.high, p.share)).collect(), units, level);
    low.zip(high).map(|(low, high)| (-low, high)).ok_or(Note::TooFewForInterval)
}
