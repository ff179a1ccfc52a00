//! What is sampled from: large populations whose parameters are known exactly.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use rayon::prelude::*;
use ssi_infer::tails::normal_cdf;
use ssi_study::{ITEMS, Respondent, Simulation, Variant};

/// A finite population. Samples are drawn from it with replacement, so that respondents are
/// independent and the parameters are those of these rows: no Monte Carlo error at all.
#[derive(Debug, Clone)]
pub struct Population {
    /// Its name in the table.
    pub name: &'static str,
    /// Predictor.
    pub x: Vec<f64>,
    /// Outcome.
    pub y: Vec<f64>,
    /// What else a report on such a cohort looks at.
    pub cohort: Option<Cohort>,
}

/// The further columns of a cohort.
#[derive(Debug, Clone)]
pub struct Cohort {
    /// Columns of numbers by name: pillars, SSI without Brand, contacts as the report's models take
    /// them, years, some items.
    pub numbers: Vec<(&'static str, Vec<f64>)>,
    /// Contacts, uncapped.
    pub contacts: Vec<f64>,
    /// Regions.
    pub region: Vec<&'static str>,
}

/// Name, what it is.
pub const POPULATIONS: [(&str, &str); 9] = [
    ("reference", "score and SSI of the simulator's reference variant: bounded, tied, skewed"),
    ("null", "the same without any link between score and SSI"),
    ("strong", "the same with twice the effect"),
    ("engage", "score and the Engage pillar: skewed, 7 % at the lower bound"),
    ("heaping", "score and a Build pillar of which a third heaps at 15"),
    ("normal", "bivariate normal, r = .6"),
    ("skewed", "both bounded and skewed: powers of uniforms, ends included"),
    ("five_point", "two five-point items: nothing but ties"),
    ("unequal_spread", "a straight line whose residual spread grows eightfold along it"),
];

/// The seed of the populations.
const SEED: u64 = 20_180_501;

/// The population of that name with `size` rows.
pub fn population(name: &'static str, size: usize) -> Population {
    let simulated = |variant| Simulation { n: size, seed: SEED, variant };
    match name {
        "null" => cohort(name, simulated(Variant::Null), |r| r.ssi),
        "strong" => cohort(name, simulated(Variant::Strong), |r| r.ssi),
        "heaping" => cohort(name, simulated(Variant::Heaping), |r| r.pillars[3]),
        "engage" => cohort(name, simulated(Variant::Reference), |r| r.pillars[2]),
        "reference" => {
            let all = simulated(Variant::Reference);
            Population { cohort: Some(further(all)), ..cohort(name, all, |r| r.ssi) }
        }
        "normal" => textbook(name, size, |a, b, _| (a, 0.6 * a + 0.8 * b)),
        "skewed" => textbook(name, size, |a, b, _| {
            let share = |z: f64, power: i32| normal_cdf(z).powi(power);
            (10.0 * share(a, 3), 100.0 * share(0.6 * a + 0.8 * b, 4))
        }),
        "five_point" => textbook(name, size, |a, b, _| {
            let point = |z: f64| (3.6 + z).round().clamp(1.0, 5.0);
            (point(a), point(0.6 * a + 0.8 * b))
        }),
        _ => textbook(name, size, |_, b, u| {
            let x = (20.0 * u).round() / 2.0;
            (x, 20.0 + 4.0 * x + (2.0 + 1.4 * x) * b)
        }),
    }
}

fn cohort(name: &'static str, all: Simulation, y: fn(&Respondent) -> f64) -> Population {
    Population { name, x: column(all, Respondent::score), y: column(all, y), cohort: None }
}

fn further(all: Simulation) -> Cohort {
    type Reading = fn(&Respondent) -> f64;
    let half = |points: u8| f64::from(points) / 2.0;
    let item = move |name: &str| {
        let at = ITEMS.iter().position(|item| *item == name).unwrap_or(0);
        column(all, move |r| half(r.items[at]))
    };
    let readings: [(&'static str, Reading); 8] = [
        ("brand", |r| r.pillars[0]),
        ("find", |r| r.pillars[1]),
        ("engage", |r| r.pillars[2]),
        ("build", |r| r.pillars[3]),
        ("without_brand", |r| r.pillars[1] + r.pillars[2] + r.pillars[3]),
        ("log2", |r| (r.contacts.clamp(1.0, 500.0) / 500.0).log2()),
        ("capped", |r| f64::from(u8::from(r.contacts >= 500.0))),
        ("years", Respondent::years),
    ];
    let mut numbers: Vec<_> = readings.map(|(name, of)| (name, column(all, of))).into();
    numbers.extend(["about", "skills", "url"].map(|name| (name, item(name))));
    let region = (0..all.n).into_par_iter().map(|i| all.respondent(i).region()).collect();
    Cohort { numbers, contacts: column(all, |r| r.contacts), region }
}

fn column(all: Simulation, of: impl Fn(&Respondent) -> f64 + Sync) -> Vec<f64> {
    (0..all.n).into_par_iter().map(|i| of(&all.respondent(i))).collect()
}

/// A population from two normal draws and a uniform one for each respondent.
fn textbook(
    name: &'static str,
    size: usize,
    row: impl Fn(f64, f64, f64) -> (f64, f64) + Sync,
) -> Population {
    let one = |i: usize| {
        let mut rng = ChaCha8Rng::seed_from_u64(SEED);
        rng.set_stream(i as u64);
        row(rng.sample(StandardNormal), rng.sample(StandardNormal), rng.r#gen())
    };
    let (x, y) = (0..size).into_par_iter().map(one).unzip();
    Population { name, x, y, cohort: None }
}
