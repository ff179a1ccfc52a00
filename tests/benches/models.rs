//! The regressions of `beside.rs`: each from a table and a formula to its rows with intervals, as
//! `ssi fit` has them.

use crate::{Numbers, PREDICTORS, Task};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use ssi_infer::bounded::{beta, censored, fractional, tobit};
use ssi_infer::categories::{coded, firth, logistic, ordinal};
use ssi_infer::formula::{Extras, Modelled, model_with, smoothed};
use ssi_infer::importance::importance;
use ssi_infer::mixed::{Grouping, Likelihood, mixed};
use ssi_infer::model::Errors;
use ssi_infer::penalised::{coefficients_at, elastic_net_of};
use ssi_infer::predict::{Bounds, Conformal, conformal, point};
use ssi_infer::quantile::{QuantileErrors, RankInversion, quantile};
use ssi_infer::regress::{Covariance, StandardErrors, ols};
use ssi_infer::resample::Bootstrap;
use ssi_infer::robust::{RobustErrors, bisquare, huber, mm, theil_sen};
use ssi_infer::shape::{Direction, isotonic, segmented};
use ssi_vocab::{Column, Estimate, Level, Quiet, Table};
use std::fmt::Write;
use std::hint::black_box;

const RESPONDENTS: usize = 200;
const LONG: usize = 100_000;
const ITEMS: usize = 10;
const SESSIONS: usize = 20;
const FORMULA: &str = "ssi ~ score + lconn + region";

/// The caps of the counts of connections, as a logarithm.
const CAP: f64 = 2.698_970_004_336_019;

/// A cohort like the reference one: a checklist of ten, contacts, regions, sessions.
pub(crate) struct Cohort {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    regions: Vec<&'static str>,
    pub(crate) table: Table,
}

impl Cohort {
    pub(crate) fn new() -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let mut normal = || -> f64 { rng.sample(StandardNormal) };
        let effects: Vec<f64> = (0..SESSIONS).map(|_| 4.0 * normal()).collect();
        let named = ["ssi", "score", "lconn", "capped", "event", "stage", "session"];
        let mut names: Vec<String> = named.map(str::to_owned).to_vec();
        names.extend((1..=ITEMS).map(|j| format!("i{j}")));
        let mut columns = vec![Vec::new(); names.len()];
        let mut regions = Vec::new();
        for i in 0..RESPONDENTS {
            let ability = normal();
            let items = [(); ITEMS].map(|()| {
                let tendency = ability + 1.2 * normal();
                0.5 * f64::from(u8::from(tendency > -0.6) + u8::from(tendency > 0.5))
            });
            let score: f64 = items.iter().sum();
            let lconn = 2.4 + 0.04 * score + 0.3 * normal();
            let session = i % SESSIONS;
            let region = [0.0, 3.0, -2.0][i * 7 % 3];
            regions.push(["AU", "DE", "JP"][i * 7 % 3]);
            let spread = 5.0 + 0.8 * score;
            let mean = 12.0 + 3.5 * score + 6.0 * lconn + region + effects[session];
            let ssi = (mean + spread * normal()).clamp(1.0, 99.0).round();
            let event = f64::from(u8::from(0.3 * score - 1.5 + 1.5 * normal() > 0.0));
            let stage = (1.0 + 0.3 * score + normal()).round().clamp(1.0, 4.0);
            let own = [ssi, score, lconn, lconn.min(CAP), event, stage, session as f64];
            let all = own.into_iter().chain(items);
            columns.iter_mut().zip(all).for_each(|(column, value)| column.push(value));
        }
        let number = |(name, values): (&String, &Vec<f64>)| {
            Column::number(name.as_str(), values.iter().copied().map(Ok).collect())
        };
        let mut all: Vec<Column> = names.iter().zip(&columns).map(number).collect();
        let words: Vec<_> = regions.iter().copied().map(Ok).collect();
        all.push(Column::factor("region", &words));
        let table = Table::new(all, (1..=RESPONDENTS).collect()).expect("as long as each other");
        Self { names, columns, regions, table }
    }

    /// The same as text, for the other programs.
    pub(crate) fn csv(&self) -> String {
        let mut text = self.names.join(",") + ",region\n";
        for (i, region) in self.regions.iter().enumerate() {
            self.columns.iter().for_each(|c| write!(text, "{},", c[i]).expect("text has room"));
            text += region;
            text.push('\n');
        }
        text
    }

    fn modelled(&self, formula: &str) -> Modelled {
        model_with(&self.table, formula, &Extras::default()).expect("the columns are there")
    }
}

/// Ten items, contacts and regions: what a penalised model shrinks.
fn wide() -> String {
    let items: Vec<String> = (1..=ITEMS).map(|j| format!("i{j}")).collect();
    format!("ssi ~ {} + lconn + region", items.join(" + "))
}

/// A task that ends with rows, or fails the run.
fn of<'a, T>(name: &'static str, n: usize, run: impl Fn() -> T + Sync + 'a) -> Task<'a> {
    let task = move || {
        black_box(run());
    };
    (name, n, Box::new(task))
}

pub(crate) fn tasks<'a>(cohort: &'a Cohort, numbers: &'a Numbers) -> Vec<Task<'a>> {
    let mut all = robust(cohort);
    all.extend(limited(cohort));
    all.extend(shaped(cohort));
    all.extend(chosen(cohort));
    let design = numbers.design(LONG);
    let exact = design.clone();
    all.push(of("quantile_10", LONG, move || quantile(&exact, 0.5).expect("unique").objective));
    let exact = design.clone();
    all.push(of("quantile_10_br", LONG, move || quantile(&exact, 0.5).expect("unique").objective));
    all.push(of("mm_10", LONG, move || mm(&design, 1).expect("half are near").scale));
    debug_assert_eq!(PREDICTORS, 10);
    all
}

fn robust(cohort: &Cohort) -> Vec<Task<'_>> {
    let level = Level::DEFAULT;
    let n = RESPONDENTS;
    let design = move || cohort.modelled(FORMULA).design;
    let plain = RobustErrors::default();
    let median = move |rows: &dyn Fn(&ssi_infer::quantile::Quantile<'_>) -> Vec<Estimate>| {
        rows(&quantile(&design(), 0.5).expect("has an optimum"))
    };
    vec![
        of("huber", n, move || huber(&design(), plain).expect("converges").fit.estimates(level)),
        of("bisquare", n, move || {
            bisquare(&design(), plain).expect("converges").fit.estimates(level)
        }),
        of("mm", n, move || mm(&design(), 1).expect("converges").fit.estimates(level)),
        of("theil_sen", n, move || {
            let design = cohort.modelled("ssi ~ score").design;
            theil_sen(&design).expect("score varies").estimates(level)
        }),
        of("quantile", n, move || {
            median(&|fit| fit.estimates(QuantileErrors::Nid, level).expect("converges"))
        }),
        of("quantile_rank", n, move || {
            median(&|fit| fit.rank(RankInversion::Iid, level).expect("converges"))
        }),
        of("quantile_bootstrap_1000", n, move || {
            let how = Bootstrap { resamples: 1_000, seed: 1 };
            median(&|fit| fit.bootstrap(&how, level, &Quiet).expect("converges").estimates)
        }),
    ]
}

fn limited(cohort: &Cohort) -> Vec<Task<'_>> {
    let level = Level::DEFAULT;
    let n = RESPONDENTS;
    let extras = Extras::default;
    const CLASSICAL: &StandardErrors = &StandardErrors::Each(Covariance::Classical);
    const HC1: &StandardErrors = &StandardErrors::Each(Covariance::Hc1);
    let errors = |kind: &'static StandardErrors| Errors { kind, clusters: None };
    let events = move || {
        coded(&cohort.table, "event ~ score + lconn + region", &extras()).expect("two levels")
    };
    vec![
        of("tobit", n, move || {
            let formula = "capped ~ score + region";
            let outcome = censored(&cohort.table, formula, &extras()).expect("columns are there");
            let fit = tobit(&outcome, None, Some(CAP), &errors(CLASSICAL)).expect("converges");
            fit.estimates(level)
        }),
        of("logistic", n, move || {
            logistic(&events(), &errors(CLASSICAL)).expect("overlaps").fit.estimates(level)
        }),
        of("logistic_profile", n, move || {
            logistic(&events(), &errors(CLASSICAL)).expect("overlaps").estimates(level)
        }),
        of("firth", n, move || {
            firth(&events(), &errors(CLASSICAL)).expect("converges").fit.estimates(level)
        }),
        of("firth_profile", n, move || {
            firth(&events(), &errors(CLASSICAL)).expect("converges").estimates(level)
        }),
        of("ordinal", n, move || {
            let outcome = coded(&cohort.table, "stage ~ score + lconn + region", &extras());
            let fit = ordinal(&outcome.expect("four levels"), &errors(CLASSICAL));
            fit.expect("converges").fit.estimates(level)
        }),
        of("ordinal_profile", n, move || {
            let outcome = coded(&cohort.table, "stage ~ score + lconn + region", &extras());
            let fit = ordinal(&outcome.expect("four levels"), &errors(CLASSICAL));
            fit.expect("converges").estimates(level)
        }),
        of("fractional", n, move || {
            let fit = fractional(&cohort.modelled(FORMULA), 0.0, 100.0, &errors(HC1));
            fit.expect("converges").estimates(level)
        }),
        of("beta", n, move || {
            let fit = beta(&cohort.modelled(FORMULA), 0.0, 100.0, &errors(CLASSICAL));
            fit.expect("converges").estimates(level)
        }),
    ]
}

fn shaped(cohort: &Cohort) -> Vec<Task<'_>> {
    let level = Level::DEFAULT;
    let n = RESPONDENTS;
    let groups = move |slope: Option<&str>| {
        let design = cohort.modelled("ssi ~ score + lconn").design;
        let grouping = Grouping::new(&cohort.table, "session", &design).expect("a session each");
        let fit = mixed(&design, &grouping, slope, Likelihood::Reml).expect("sessions differ");
        fit.fit.estimates(level)
    };
    vec![
        of("spline", n, move || {
            let formula = smoothed(&cohort.table, FORMULA).expect("score varies");
            ols(&cohort.modelled(&formula).design)
                .expect("full rank")
                .estimates(Covariance::Classical, level)
        }),
        of("isotonic", n, move || {
            let design = cohort.modelled("ssi ~ score").design;
            isotonic(&design, Direction::Rising).expect("one predictor").fitted
        }),
        of("segmented", n, move || {
            let design = cohort.modelled("ssi ~ score").design;
            let fit = segmented(&design).expect("score varies");
            (fit.estimates(level), fit.measures(level))
        }),
        of("mixed_intercept", n, move || groups(None)),
        of("mixed_slope", n, move || groups(Some("score"))),
    ]
}

fn chosen(cohort: &Cohort) -> Vec<Task<'_>> {
    let level = Level::DEFAULT;
    let n = RESPONDENTS;
    let design = move || cohort.modelled(&wide()).design;
    let at = move |ratio: f64, penalty: f64| {
        coefficients_at(&design(), ratio, penalty).expect("the items vary")
    };
    let nested = move |ratios: &[f64]| {
        elastic_net_of(&design(), ratios, 10, 1).expect("the items vary").cv_rmse
    };
    vec![
        of("ridge", n, move || at(0.0, 1.0)),
        of("lasso", n, move || at(1.0, 0.5)),
        of("elastic_net", n, move || at(0.5, 0.5)),
        of("ridge_cv_nested", n, move || nested(&[0.0])),
        of("elastic_net_cv_nested", n, move || nested(&[0.1, 0.5, 0.9])),
        of("jackknife_plus", n, move || {
            let modelled = cohort.modelled(FORMULA);
            let place = point("score=7", &modelled).expect("score is a predictor");
            let (points, bounds) = ([place], Bounds::default());
            conformal(&modelled.design, None, &points, Conformal::JackknifePlus, level, 1, bounds)
                .expect("respondents enough")
        }),
        of("lmg", n, move || {
            let modelled = cohort.modelled(FORMULA);
            importance(&modelled.design, &modelled.recipe).expect("three terms").shares
        }),
        of("lmg_bootstrap_1000", n, move || {
            let Modelled { design, recipe, .. } = cohort.modelled(FORMULA);
            let shares = importance(&design, &recipe).expect("three terms");
            shares.estimates(&design, None, level, 1_000, 1).expect("resamples enough")
        }),
        of("lmg_12", n, move || {
            let modelled = cohort.modelled(&wide());
            importance(&modelled.design, &modelled.recipe).expect("twelve terms").shares
        }),
    ]
}
