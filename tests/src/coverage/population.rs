//! What is sampled from: large populations whose parameters are known exactly.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use rayon::prelude::*;
use ssi_infer::tails::normal_cdf;
use ssi_study::{Respondent, Simulation, Variant};

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
    /// log2(contacts / 500) below the cap, 0 at it, and the indicator of the cap: where the
    /// population has contacts.
    pub contacts: Option<[Vec<f64>; 2]>,
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
            let log2 = |r: &Respondent| (r.contacts.clamp(1.0, 500.0) / 500.0).log2();
            let capped = |r: &Respondent| f64::from(u8::from(r.contacts >= 500.0));
            let contacts = [column(all, log2), column(all, capped)];
            Population { contacts: Some(contacts), ..cohort(name, all, |r| r.ssi) }
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
    Population { name, x: column(all, Respondent::score), y: column(all, y), contacts: None }
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
    Population { name, x, y, contacts: None }
}
