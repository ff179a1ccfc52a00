//! The simulator behind the reference cohort: synthetic respondents whose profile score and SSI
//! share a latent cause, written as a survey export would be.
//!
//! Each respondent draws from a random stream of their own, so that the first hundred of a cohort
//! of 203 are the cohort of 100 with the same seed.

mod export;

use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, StandardNormal};
use std::str::FromStr;

/// What is built into a synthetic cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The reference: score and SSI correlate at about .62 in the large.
    Reference,
    /// The score has no link with SSI, nor with anything else that SSI depends on.
    Null,
    /// The score's effect on every pillar is doubled.
    Strong,
    /// SSI can't exceed 45 under 500 contacts.
    Necessity,
    /// A third of the Build pillar heaps at exactly 15.
    Heaping,
    /// A cohort of more active users: every pillar is shifted upward.
    Shift,
    /// Respondents of one session resemble each other (intraclass correlation about .05).
    Session,
}

impl Variant {
    /// All of them, the reference first.
    pub const ALL: [Self; 7] = [
        Self::Reference,
        Self::Null,
        Self::Strong,
        Self::Necessity,
        Self::Heaping,
        Self::Shift,
        Self::Session,
    ];

    /// The name on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Null => "null",
            Self::Strong => "strong",
            Self::Necessity => "necessity",
            Self::Heaping => "heaping",
            Self::Shift => "shift",
            Self::Session => "session",
        }
    }
}

impl FromStr for Variant {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|v| v.code() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|v| v.code()).collect();
            format!("no variant named `{text}`; choose one of {}", known.join(", "))
        })
    }
}

/// What to simulate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Simulation {
    /// Respondents.
    pub n: usize,
    /// Seed.
    pub seed: u64,
    /// What is built in.
    pub variant: Variant,
}

/// The seed of the embedded reference cohort.
pub const REFERENCE_SEED: u64 = 1;

/// Items in rubric order.
pub const ITEMS: [&str; 10] = [
    "photo",
    "banner",
    "headline",
    "about",
    "experience",
    "education",
    "skills",
    "recommendations",
    "url",
    "media",
];

// Graded response model: discrimination, and the difficulty of at least 0.5 and of 1.
const DISCRIMINATION: [f64; 10] = [1.3, 1.5, 1.8, 2.0, 1.7, 0.9, 1.4, 1.2, 1.3, 1.6];
const AT_LEAST_HALF: [f64; 10] = [-2.2, 0.0, -1.2, -0.8, -1.3, -2.0, -1.2, 0.3, 0.1, 0.8];
const FULL: [f64; 10] = [-1.2, 0.6, 0.3, 0.5, 0.6, -0.6, 0.2, 1.3, 0.1, 1.6];

/// The item that has no half point.
const URL: usize = 8;

/// One pillar's logit-linear mean and its precision.
struct Pillar {
    constant: f64,
    profile: f64,
    activity: f64,
    contacts: f64,
    precision: f64,
}

const PILLARS: [Pillar; 4] = [
    Pillar { constant: -0.20, profile: 0.55, activity: 0.25, contacts: 0.05, precision: 9.0 },
    Pillar { constant: -1.35, profile: 0.20, activity: 0.40, contacts: 0.10, precision: 9.0 },
    Pillar { constant: -2.45, profile: 0.20, activity: 0.80, contacts: 0.05, precision: 7.0 },
    Pillar { constant: 0.25, profile: 0.15, activity: 0.20, contacts: 0.40, precision: 8.0 },
];

const PROFILE_ACTIVITY: f64 = 0.5;
const LOG_CONTACTS: f64 = 5.65;
const LOG_CONTACTS_PROFILE: f64 = 0.20;
const LOG_CONTACTS_ACTIVITY: f64 = 0.45;
const LOG_CONTACTS_NOISE: f64 = 0.95;
const CAP: f64 = 500.0;
const MISSING: f64 = 0.03;
const SLIP: f64 = 0.03;
const SEVERITY: f64 = 0.2;
/// Of every 203 respondents, this many are scored by a second rater.
const RATED_TWICE: (usize, usize) = (60, 203);
const SESSION_SIZE: usize = 10;
/// Standard deviation on the logit that gives SSI an intraclass correlation of about .05.
const SESSION_EFFECT: f64 = 0.16;
const SHIFT: f64 = 0.35;

const INDUSTRIES: [&str; 8] = [
    "consulting",
    "education",
    "finance",
    "health",
    "manufacturing",
    "marketing",
    "software",
    "tourism",
];

/// One simulated respondent, before anything goes missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Respondent {
    /// Number of contacts, uncapped.
    pub contacts: f64,
    /// The first rater's item scores: 0, 1 or 2 half points.
    pub items: [u8; 10],
    /// The second rater's, where there is one: (which rater, half points).
    pub second: Option<(usize, [u8; 10])>,
    /// Brand, Find, Engage, Build: 0–25, three decimals.
    pub pillars: [f64; 4],
    /// Displayed SSI: the rounded sum.
    pub ssi: f64,
    background: Background,
    gone: Gone,
}

#[derive(Debug, Clone, PartialEq)]
struct Background {
    region: &'static str,
    lang: &'static str,
    industry: &'static str,
    account: &'static str,
    years: f64,
}

/// What is missing from the export, at random.
#[derive(Debug, Clone, PartialEq)]
struct Gone {
    ssi: bool,
    item: Option<usize>,
}

impl Respondent {
    /// The first rater's score, 0–10.
    pub fn score(&self) -> f64 {
        self.items.iter().map(|half| f64::from(*half) / 2.0).sum()
    }
}

impl Simulation {
    /// Respondent `i` of the cohort.
    pub fn respondent(&self, i: usize) -> Respondent {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(i as u64);
        let normal = |rng: &mut ChaCha8Rng| -> f64 { StandardNormal.sample(rng) };

        let null = self.variant == Variant::Null;
        let (profile, other) = (normal(&mut rng), normal(&mut rng));
        let link = if null { 0.0 } else { PROFILE_ACTIVITY };
        let activity = link * profile + (1.0 - link * link).sqrt() * other;

        let contacts_profile = if null { 0.0 } else { LOG_CONTACTS_PROFILE };
        let log_contacts = LOG_CONTACTS
            + contacts_profile * profile
            + LOG_CONTACTS_ACTIVITY * activity
            + LOG_CONTACTS_NOISE * normal(&mut rng);
        let contacts = log_contacts.exp().floor();
        let contacts_z = (log_contacts - LOG_CONTACTS) / log_contacts_sd();

        let luck: [f64; 10] = std::array::from_fn(|_| rng.r#gen());
        let items = score_items(profile, 0.0, &luck);

        let shift = match self.variant {
            Variant::Shift => SHIFT,
            Variant::Session => SESSION_EFFECT * self.session_draw(i),
            _ => 0.0,
        };
        let boost = match self.variant {
            Variant::Null => 0.0,
            Variant::Strong => 2.0,
            _ => 1.0,
        };
        let mut pillars = PILLARS.map(|p| {
            let logit = p.constant
                + boost * p.profile * profile
                + p.activity * activity
                + p.contacts * contacts_z
                + shift;
            let mean = 1.0 / (1.0 + (-logit).exp());
            // Both shapes are positive, because the mean lies strictly between 0 and 1.
            let share = Beta::new(mean * p.precision, (1.0 - mean) * p.precision)
                .map_or(mean, |beta| beta.sample(&mut rng));
            thousandths(25.0 * share)
        });
        if self.variant == Variant::Heaping && (12.0..18.0).contains(&pillars[3]) {
            let heaped: f64 = rng.r#gen();
            if heaped < 2.0 / 3.0 {
                pillars[3] = 15.0;
            }
        }
        let total: f64 = pillars.iter().sum();
        if self.variant == Variant::Necessity && contacts < CAP && total > 45.0 {
            // Rounding down keeps the sum at or under 45.
            pillars = pillars.map(|p| (p * 45.0 / total * 1000.0).floor() / 1000.0);
        }
        let ssi = pillars.iter().sum::<f64>().round();

        let background = background(&mut rng);
        let gone = Gone {
            ssi: rng.gen_bool(MISSING),
            item: rng.gen_bool(MISSING).then(|| rng.gen_range(0..10)),
        };
        let second = self.second_rater(i).map(|rater| {
            let mut items = score_items(profile, SEVERITY * self.rater_draw(rater), &luck);
            for (k, item) in items.iter_mut().enumerate() {
                if rng.gen_bool(SLIP) {
                    // One step up or down, as a rater misjudges; the address has no half point.
                    let up: bool = rng.r#gen();
                    *item = match *item {
                        end if k == URL => 2 - end,
                        1 if up => 2,
                        1 => 0,
                        _ => 1,
                    };
                }
            }
            (rater, items)
        });
        Respondent { contacts, items, second, pillars, ssi, background, gone }
    }

    /// Which second rater scores respondent `i`, if one does: 60 of 203 are spread evenly.
    fn second_rater(&self, i: usize) -> Option<usize> {
        let (some, of) = RATED_TWICE;
        let before = |i: usize| i * some / of;
        (before(i + 1) > before(i)).then(|| before(i) % 3 + 2)
    }

    /// A standard normal draw that belongs to a rater.
    fn rater_draw(&self, rater: usize) -> f64 {
        self.shared_draw(1, rater)
    }

    /// A standard normal draw that belongs to the respondent's session.
    fn session_draw(&self, i: usize) -> f64 {
        self.shared_draw(2, i / SESSION_SIZE)
    }

    fn shared_draw(&self, kind: u64, which: usize) -> f64 {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        // Above every respondent's stream.
        rng.set_stream((kind << 48) + which as u64);
        StandardNormal.sample(&mut rng)
    }
}

fn log_contacts_sd() -> f64 {
    let (p, a, e) = (LOG_CONTACTS_PROFILE, LOG_CONTACTS_ACTIVITY, LOG_CONTACTS_NOISE);
    (p * p + a * a + 2.0 * p * a * PROFILE_ACTIVITY + e * e).sqrt()
}

/// Graded response: one uniform draw an item decides 0, 1 or 2 half points.
fn score_items(profile: f64, severity: f64, luck: &[f64; 10]) -> [u8; 10] {
    std::array::from_fn(|k| {
        let at_least = |difficulty: f64| {
            1.0 / (1.0 + (-(DISCRIMINATION[k] * (profile - difficulty) - severity)).exp())
        };
        if luck[k] < at_least(FULL[k]) {
            2
        } else if luck[k] < at_least(AT_LEAST_HALF[k]) {
            1
        } else {
            0
        }
    })
}

fn background(rng: &mut ChaCha8Rng) -> Background {
    let region = pick(rng, &[("EU", 0.45), ("JP", 0.35), ("LATAM", 0.20)]);
    let lang = match region {
        "JP" => pick(rng, &[("ja", 0.8), ("en", 0.2)]),
        "EU" => pick(rng, &[("en", 0.25), ("es", 0.25), ("de", 0.25), ("fr", 0.25)]),
        _ => pick(rng, &[("es", 0.5), ("pt", 0.5)]),
    };
    let industry = INDUSTRIES[rng.gen_range(0..INDUSTRIES.len())];
    let account = pick(rng, &[("free", 0.85), ("premium", 0.10), ("navigator", 0.05)]);
    let spread = Beta::new(2.0, 2.5).map_or(0.5, |beta| beta.sample(rng));
    Background { region, lang, industry, account, years: 1.0 + 12.0 * spread }
}

fn pick(rng: &mut ChaCha8Rng, choices: &[(&'static str, f64)]) -> &'static str {
    let mut left: f64 = rng.r#gen();
    for (name, share) in choices {
        left -= share;
        if left < 0.0 {
            return name;
        }
    }
    choices[choices.len() - 1].0
}

fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[f64]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
    }

    fn r(x: &[f64], y: &[f64]) -> f64 {
        let ((mx, sx), (my, sy)) = (moments(x), moments(y));
        let n = x.len() as f64;
        x.iter().zip(y).map(|(a, b)| (a - mx) * (b - my)).sum::<f64>() / n / sx / sy
    }

    /// (score, SSI, pillars, contacts) of a large cohort.
    fn large(variant: Variant) -> Vec<Respondent> {
        let simulation = Simulation { n: 60_000, seed: 7, variant };
        (0..simulation.n).map(|i| simulation.respondent(i)).collect()
    }

    fn scores_and_ssi(cohort: &[Respondent]) -> (Vec<f64>, Vec<f64>) {
        (cohort.iter().map(Respondent::score).collect(), cohort.iter().map(|r| r.ssi).collect())
    }

    /// The references come from a run of ten million rows by another program.
    #[test]
    fn in_the_large_the_reference_has_its_published_moments() {
        let cohort = large(Variant::Reference);
        let (score, ssi) = scores_and_ssi(&cohort);
        let near = |found: f64, expected: f64, within: f64, what: &str| {
            assert!((found - expected).abs() < within, "{what}: {found}, expected {expected}");
        };
        near(moments(&ssi).0, 33.5, 0.2, "mean SSI");
        near(moments(&ssi).1, 13.4, 0.15, "sd of SSI");
        near(moments(&score).0, 5.34, 0.04, "mean score");
        near(moments(&score).1, 2.37, 0.03, "sd of score");
        near(r(&score, &ssi), 0.618, 0.009, "r");
        for (k, expected) in [0.63, 0.40, 0.35, 0.39].into_iter().enumerate() {
            let pillar: Vec<f64> = cohort.iter().map(|r| r.pillars[k]).collect();
            near(r(&score, &pillar), expected, 0.015, "r with a pillar");
        }
        let n = cohort.len() as f64;
        let share =
            |f: &dyn Fn(&Respondent) -> bool| cohort.iter().filter(|r| f(r)).count() as f64 / n;
        near(share(&|r| r.contacts >= CAP), 0.306, 0.008, "share at 500+");
        near(share(&|r| r.ssi >= 50.0), 0.124, 0.006, "share at SSI 50");
        near(share(&|r| r.ssi >= 70.0), 0.008, 0.002, "share at SSI 70");
        near(share(&|r| r.pillars[2] == 0.0), 0.07, 0.006, "share without any Engage");
        let log: Vec<f64> = cohort.iter().map(|r| r.contacts.max(1.0).ln()).collect();
        near(r(&log, &ssi), 0.59, 0.015, "r of log contacts and SSI");
    }

    #[test]
    fn the_variants_are_what_they_say() {
        let (score, ssi) = scores_and_ssi(&large(Variant::Null));
        assert!(r(&score, &ssi).abs() < 0.015);
        let (score, ssi) = scores_and_ssi(&large(Variant::Strong));
        assert!(r(&score, &ssi) > 0.7);
        let necessity = large(Variant::Necessity);
        assert!(necessity.iter().all(|r| r.contacts >= CAP || r.ssi <= 45.0));
        assert!(necessity.iter().any(|r| r.ssi > 60.0));
        let heaping = large(Variant::Heaping);
        let at_15 = heaping.iter().filter(|r| r.pillars[3] == 15.0).count() as f64;
        assert!((0.15..0.45).contains(&(at_15 / heaping.len() as f64)));
    }

    #[test]
    fn sessions_resemble_each_other_by_about_five_percent() {
        let cohort = large(Variant::Session);
        let means: Vec<f64> = cohort
            .chunks(SESSION_SIZE)
            .map(|s| s.iter().map(|r| r.ssi).sum::<f64>() / s.len() as f64)
            .collect();
        let ssi: Vec<f64> = cohort.iter().map(|r| r.ssi).collect();
        let (total, between) = (moments(&ssi).1.powi(2), moments(&means).1.powi(2));
        let m = SESSION_SIZE as f64;
        let icc = (m * between / total - 1.0) / (m - 1.0);
        assert!((0.03..0.07).contains(&icc), "{icc}");
    }

    #[test]
    fn a_smaller_cohort_is_the_start_of_a_larger_one() {
        let at = |n, i| Simulation { n, seed: 1, variant: Variant::Reference }.respondent(i);
        assert_eq!(at(10, 3), at(500, 3));
    }

    #[test]
    fn sixty_of_203_have_a_second_rater_who_nearly_agrees() {
        let simulation = Simulation { n: 203, seed: 1, variant: Variant::Reference };
        let cohort: Vec<Respondent> = (0..203).map(|i| simulation.respondent(i)).collect();
        let second: Vec<_> = cohort.iter().filter(|r| r.second.is_some()).collect();
        assert_eq!(second.len(), 60);
        let differing: usize = second
            .iter()
            .map(|r| {
                r.items.iter().zip(&r.second.as_ref().unwrap().1).filter(|(a, b)| a != b).count()
            })
            .sum();
        assert!((5..90).contains(&differing), "{differing} of 600 item scores differ");
        assert!(second.iter().all(|r| r.second.as_ref().unwrap().1[8] != 1));
    }
}
