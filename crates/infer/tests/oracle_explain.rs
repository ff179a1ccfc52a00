//! Penalised fits, relative importance and imputation against glmnet, all subsets by lm, survreg
//! and mice: `tests/oracles/explain.R`.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use ndarray::{Array2, array};
use samples::{L, close, noise, numbers, table};
use serde_json::Value;
use ssi_infer::Error;
use ssi_infer::formula::{Extras, design, model};
use ssi_infer::importance::{importance, partial_dependence};
use ssi_infer::imputation::{Imputation, Tail, capped_columns, impute, indicated, pool};
use ssi_infer::model::ModelError;
use ssi_infer::penalised::{ElasticNet, coefficients_at, elastic_net, elastic_net_of, inclusion};
use ssi_infer::regress::{Covariance, ols};
use ssi_infer::tails::{normal_quantile, t_two_sided};
use ssi_vocab::{Capped, Column, Table};

const R: &str = include_str!("../../../tests/oracles/explain.r.json");

fn oracle() -> Value {
    serde_json::from_str(R).unwrap()
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn of_case(case: &Value) -> Table {
    table(samples::columns(&format!("regression_{}", case["data"].as_str().unwrap())))
}

#[test]
fn penalised_coefficients_equal_glmnet() {
    let all = oracle();
    for case in all["penalised"].as_array().unwrap() {
        let design = design(&of_case(case), case["formula"].as_str().unwrap()).unwrap();
        let (ratio, penalty) =
            (case["l1_ratio"].as_f64().unwrap(), case["penalty"].as_f64().unwrap());
        let ours = coefficients_at(&design, ratio, penalty).unwrap();
        for (ours, theirs) in ours.iter().zip(list(&case["coefficients"])) {
            // glmnet stops where its objective does, at 10 digits or so.
            assert!((ours - theirs).abs() <= 1e-7 * theirs.abs().max(1e-3), "{ours} {theirs}");
        }
    }
}

#[test]
fn the_one_standard_error_rule_takes_a_larger_penalty() {
    let design = design(&samples::items(120, 10), samples::ITEMS).unwrap();
    let lasso = elastic_net(&design, &ElasticNet { l1_ratio: 1.0, folds: 5, seed: 3 }).unwrap();
    assert!(lasso.penalty_1se >= lasso.penalty);
    let at = |penalty: f64| *lasso.tried.iter().find(|t| t.penalty == penalty).unwrap();
    let (least, within) = (at(lasso.penalty), at(lasso.penalty_1se));
    assert!(lasso.tried.iter().all(|t| t.error >= least.error));
    assert!(within.error <= least.error + least.std_error);
    let larger = lasso.tried.iter().filter(|t| t.penalty > within.penalty);
    assert!(larger.clone().all(|t| t.error > least.error + least.std_error));
    let zeros = |b: &[f64]| b.iter().filter(|b| **b == 0.0).count();
    assert!(zeros(&lasso.coefficients_1se) >= zeros(&lasso.coefficients));
    let names: Vec<String> = lasso.measures(None).into_iter().map(|e| e.term).collect();
    assert_eq!(names[..2], ["lambda_min", "cv_mse(lambda_min)"]);
}

#[test]
fn a_share_of_the_lasso_is_chosen_where_several_are_given() {
    let design = design(&samples::items(100, 10), samples::ITEMS).unwrap();
    let ratios = [0.2, 0.8];
    let both = elastic_net_of(&design, &ratios, 5, 7).unwrap();
    let least = |fit: &ssi_infer::penalised::Penalised| {
        fit.tried.iter().map(|t| t.error).fold(f64::INFINITY, f64::min)
    };
    let each = ratios
        .map(|l1_ratio| elastic_net(&design, &ElasticNet { l1_ratio, folds: 5, seed: 7 }).unwrap());
    let better = if least(&each[1]) < least(&each[0]) { &each[1] } else { &each[0] };
    assert_eq!((both.l1_ratio, both.penalty), (better.l1_ratio, better.penalty));
    assert!(matches!(elastic_net_of(&design, &[], 5, 7), Err(Error::Setting { .. })));
}

#[test]
fn a_predictor_that_matters_stays_in() {
    let n = 90;
    let (a, b, e) = (noise(n, 1), noise(n, 2), noise(n, 3));
    let y: Vec<f64> = (0..n).map(|i| 5.0 * a[i] + e[i]).collect();
    let data = table(vec![numbers("y", &y), numbers("a", &a), numbers("b", &b)]);
    let design = design(&data, "y ~ a + b").unwrap();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| inclusion(&design, 1.0, 0.15, 200, 5).unwrap())
    };
    let shares = run(1);
    assert_eq!(shares, run(3));
    assert_eq!(shares[..2], [1.0, 1.0]);
    assert!(shares[2] < 0.3, "{shares:?}");
    assert!(matches!(inclusion(&design, 1.0, 0.1, 3, 5), Err(Error::TooFewResamples { .. })));
}

#[test]
fn shares_of_r_squared_equal_all_subsets_by_lm() {
    let all = oracle();
    for case in all["importance"].as_array().unwrap() {
        let (design, recipe) = model(&of_case(case), case["formula"].as_str().unwrap()).unwrap();
        let found = importance(&design, &recipe).unwrap();
        // lm keeps nine digits of the near-collinear set.
        let tolerance = if case["data"] == "collinear" { 1e-6 } else { 1e-12 };
        for (ours, theirs) in found.subsets.iter().zip(list(&case["subsets"])) {
            assert!((ours - theirs).abs() <= tolerance, "{ours} {theirs}");
        }
        for (ours, theirs) in found.shares.iter().zip(list(&case["shares"])) {
            assert!((ours - theirs).abs() <= tolerance, "{ours} {theirs}");
        }
        let total: f64 = found.shares.iter().sum();
        let r_squared = ols(&design).unwrap().glance().r_squared.unwrap();
        assert!(close(total, r_squared, 1e-12), "{total} {r_squared}");
        assert!(close(total, found.r_squared, 1e-14), "{total} {}", found.r_squared);
        let dominance = found.dominance();
        for (general, share) in dominance.general.iter().zip(&found.shares) {
            assert!(close(*general, *share, 1e-14));
        }
        for (j, row) in dominance.complete.iter().enumerate() {
            for (k, share) in row.iter().enumerate() {
                assert!(close(share + dominance.complete[k][j], 1.0, 1e-14));
            }
        }
    }
}

#[test]
fn importance_has_intervals_counts_and_limits() {
    let data = samples::sample(60);
    let (plain, recipe) = model(&data, "y ~ a + b").unwrap();
    let found = importance(&plain, &recipe).unwrap();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| found.estimates(&plain, None, L, 300, 9).unwrap())
    };
    let rows = run(1);
    assert_eq!(rows, run(3));
    for (row, share) in rows.iter().zip(&found.shares) {
        let interval = row.interval.as_ref().unwrap();
        assert!(interval.low < *share && *share < interval.high && interval.method == "bca");
    }
    // a explains far more than b, whatever stands beside it.
    assert_eq!(rows.iter().find(|r| r.term == "dominates(a, b)").unwrap().value, Some(1.0));
    let (counted, _) = model(&data.clone().with_counts(vec![3; 60]).unwrap(), "y ~ a + b").unwrap();
    let tripled = importance(&counted, &recipe).unwrap();
    for (a, b) in tripled.shares.iter().zip(&found.shares) {
        assert!(close(*a, *b, 1e-12));
    }
    let (crossed, recipe) = model(&data, "y ~ a * b").unwrap();
    let error = importance(&crossed, &recipe).unwrap_err();
    assert!(matches!(error, Error::Model(ModelError::Interaction { .. })) && error.is_usage());
    let (alone, recipe) = model(&data, "y ~ 1").unwrap();
    let error = importance(&alone, &recipe).unwrap_err();
    assert!(matches!(error, Error::Model(ModelError::TooManyTerms { found: 0, .. })));
}

#[test]
fn a_linear_model_depends_on_a_predictor_by_its_slope() {
    let x = array![[1.0, 4.0], [2.0, 0.0], [3.0, -1.0]];
    let line = |row: &[f64]| 1.0 + 2.0 * row[0] - row[1];
    let curve = partial_dependence(&x, Some(&[1.0, 1.0, 2.0]), 0, &[0.0, 1.0], &line).unwrap();
    assert_eq!(curve.y, [0.5, 2.5]);
    assert!(partial_dependence(&x, None, 2, &[0.0], &line).is_err());
    assert!(partial_dependence(&x, None, 0, &[0.0], &|_| f64::NAN).is_err());
    assert!(partial_dependence(&Array2::zeros((0, 1)), None, 0, &[0.0], &line).is_err());
}

#[test]
fn pooling_equals_mice() {
    let all = oracle();
    let case = &all["pool"];
    let fits: Vec<(Vec<f64>, Array2<f64>)> = list(&case["estimates"])
        .into_iter()
        .zip(list(&case["variances"]))
        .map(|(b, v)| (vec![b], array![[v]]))
        .collect();
    let (pooled, covariance) = pool(&fits, case["df_complete"].as_f64().unwrap()).unwrap();
    let wanted = |key: &str| case[key].as_f64().unwrap();
    assert!(close(pooled[0].value, wanted("value"), 1e-14));
    assert!(close(covariance[[0, 0]], wanted("variance"), 1e-14));
    assert!(close(pooled[0].df, wanted("df"), 1e-13));
    assert!(close(pooled[0].increase, wanted("increase"), 1e-13));
    assert!(close(pooled[0].missing, wanted("missing"), 1e-13));
    assert!(pool(&fits[..1], 57.0).is_err());
}

/// `tests/data/capped.csv`.
fn contacts() -> Table {
    let mut all = samples::columns("../data/capped");
    let (levels, codes) = all[2].groups();
    let cell = |code: u32| {
        let text = &levels[code as usize];
        let value = text.trim_end_matches('+').parse().unwrap();
        Capped { value, at_least: text.ends_with('+') }
    };
    let cells = codes.iter().map(|code| code.map(cell)).collect();
    all[2] = Column::capped("contacts", cells);
    table(all)
}

fn settings(seed: u64) -> Imputation {
    Imputation { imputations: 40, seed, covariance: Covariance::Classical }
}

#[test]
fn the_imputation_model_is_the_censored_regression_of_survreg() {
    let (found, _) = impute(
        &contacts(),
        "ssi ~ score + log(contacts)",
        &Extras::default(),
        "contacts",
        &settings(1),
    )
    .unwrap();
    let wanted = &oracle()["tobit"];
    assert_eq!(found.capped as u64, wanted["capped"].as_u64().unwrap());
    assert!(close(found.sigma, wanted["sigma"].as_f64().unwrap(), 1e-8), "{}", found.sigma);
}

#[test]
fn imputation_is_seeded_and_says_what_is_missing() {
    let data = contacts();
    let formula = "ssi ~ score + log(contacts)";
    let run = |seed, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let run = || impute(&data, formula, &Extras::default(), "contacts", &settings(seed));
        pool.install(|| run().unwrap().0)
    };
    let found = run(1, 1);
    assert_eq!(found.pooled, run(1, 3).pooled);
    assert_ne!(found.pooled, run(2, 1).pooled);
    assert_eq!(found.tails.len(), Tail::OTHERS.len());
    let slope = found.pooled[2];
    assert!(slope.missing > 0.0 && slope.missing < 0.6, "{slope:?}");
    // A longer tail pulls the capped respondents outwards, so each step of log means less.
    let of = |tail: Tail| found.tails.iter().find(|(t, _)| *t == tail).unwrap().1[2].value;
    assert!(of(Tail::Spread(1.25)) < of(Tail::Spread(0.8)));
    let rows = found.fit.estimates(L);
    let test = rows[2].test.as_ref().unwrap();
    let p = t_two_sided(test.statistic.unwrap(), slope.df);
    assert_eq!((rows[2].vcov.as_deref(), test.p_value.get()), (Some("rubin"), p));
    let named = |name: &str| found.measures(L).iter().any(|e| e.term == name);
    assert!(named("fmi(log(contacts))") && named("score [pareto]") && named("score [indicator]"));
    // The indicator's model is least squares with the cap as a number and a 0/1 column.
    let (table, formula) = indicated(&data, formula, "contacts").unwrap();
    let fit = samples::fit(&table, &formula).unwrap();
    assert_eq!(found.indicator[3].0, "contacts_capped");
    assert_eq!(found.indicator[1].1.value, fit.coefficients[1]);
}

#[test]
fn counts_are_imputed_as_rows() {
    let data = contacts();
    let counts: Vec<u64> = (0..150).map(|i| i % 3).collect();
    let keep: Vec<usize> =
        (0..150).flat_map(|i| std::iter::repeat_n(i, counts[i] as usize)).collect();
    let numbers_of = |name: &str| {
        let values = data.column(name).unwrap().numbers().unwrap();
        numbers(name, &keep.iter().map(|i| values[*i].unwrap()).collect::<Vec<_>>())
    };
    let ssi_vocab::Cells::Capped(cells) = &data.column("contacts").unwrap().cells else { panic!() };
    let contacts = Column::capped("contacts", keep.iter().map(|i| cells[*i]).collect());
    let rows = table(vec![numbers_of("ssi"), numbers_of("score"), contacts]);
    let counted = data.clone().with_counts(counts).unwrap();
    let run = |data: &Table| {
        let formula = "ssi ~ score + log(contacts)";
        impute(data, formula, &Extras::default(), "contacts", &settings(4)).unwrap().0
    };
    let (a, b) = (run(&counted), run(&rows));
    assert_eq!(a.fit.n_obs, b.fit.n_obs);
    for (a, b) in a.pooled.iter().zip(&b.pooled) {
        assert!(close(a.value, b.value, 1e-12) && close(a.std_error, b.std_error, 1e-12));
    }
}

#[test]
fn what_can_not_be_imputed_is_named() {
    let data = contacts();
    let run = |formula: &str| {
        impute(&data, formula, &Extras::default(), "contacts", &settings(1)).unwrap_err()
    };
    let outcome = run("log(contacts) ~ score");
    assert!(matches!(outcome, Error::Model(ModelError::CappedOutcome { .. })), "{outcome}");
    assert!(outcome.is_usage());
    assert_eq!(capped_columns(&data, "ssi ~ score").unwrap(), Vec::<String>::new());
    assert_eq!(capped_columns(&data, "ssi ~ C(contacts)").unwrap(), Vec::<String>::new());
    assert_eq!(capped_columns(&data, "ssi ~ sqrt(contacts)").unwrap(), ["contacts"]);
    let cells = |v: &[(f64, bool)]| {
        v.iter()
            .map(|(value, at_least)| Ok(Capped { value: *value, at_least: *at_least }))
            .collect()
    };
    let small = |v: &[(f64, bool)]| {
        let y: Vec<f64> = noise(v.len(), 5);
        let data = table(vec![numbers("y", &y), Column::capped("c", cells(v))]);
        impute(&data, "y ~ log(c)", &Extras::default(), "c", &settings(1)).unwrap_err()
    };
    let all_capped = small(&[(500.0, true); 8]);
    assert!(matches!(all_capped, Error::TooFew { .. } | Error::Constant { .. }), "{all_capped}");
    let few = small(&[(3.0, false), (9.0, false), (500.0, true), (500.0, true), (500.0, true)]);
    assert!(matches!(few, Error::TooFew { needed: 4, found: 2, .. }), "{few}");
    let zero = |first: f64| {
        let mut v: Vec<(f64, bool)> = (1..12).map(|i| (f64::from(i * i), i > 8)).collect();
        v[0].0 = first;
        let y: Vec<f64> = noise(v.len(), 5);
        let data = table(vec![numbers("y", &y), Column::capped("c", cells(&v))]);
        impute(&data, "y ~ c", &Extras::default(), "c", &settings(1))
    };
    assert!(zero(1.0).is_ok());
    let Error::Model(ModelError::NotPositive { row: 2, .. }) = zero(0.0).unwrap_err() else {
        panic!("a count of 0 has no logarithm")
    };
}

#[test]
fn the_imputed_slope_is_unbiased_where_the_model_holds() {
    // 40 samples of 150: log count normal about the score, the slope of log count 3.
    let (mut sum, mut covered, samples) = (0.0, 0, 40_u64);
    for sample in 0..samples {
        let n = 150;
        let normal = |k: u64| -> Vec<f64> {
            noise(n, 1000 + 3 * sample + k).into_iter().map(normal_quantile).collect()
        };
        let (score, e, residual) = (normal(0), normal(10_000), normal(20_000));
        let log: Vec<f64> = (0..n).map(|i| 5.2 + 0.5 * score[i] + 0.9 * e[i]).collect();
        let y: Vec<f64> =
            (0..n).map(|i| 1.0 + 2.0 * score[i] + 3.0 * log[i] + 4.0 * residual[i]).collect();
        let cell = |log: f64| {
            let value = log.exp();
            Ok(Capped { value: value.min(500.0), at_least: value > 500.0 })
        };
        let contacts = Column::capped("c", log.iter().map(|v| cell(*v)).collect());
        let data = table(vec![numbers("y", &y), numbers("score", &score), contacts]);
        let settings = Imputation { imputations: 20, ..settings(sample) };
        let (found, _) =
            impute(&data, "y ~ score + log(c)", &Extras::default(), "c", &settings).unwrap();
        let slope = &found.fit.estimates(L)[2];
        sum += slope.value.unwrap();
        let interval = slope.interval.as_ref().unwrap();
        covered += u32::from(interval.low < 3.0 && 3.0 < interval.high);
    }
    let mean = sum / samples as f64;
    // The slope's standard deviation is about 0.45, so that of the mean 0.07.
    assert!((mean - 3.0).abs() < 0.2, "{mean}");
    assert!(covered >= 34, "{covered}");
}

/// Noise adds to a share, so that the resamples of a small one lie above it.
#[test]
fn an_interval_of_a_share_holds_its_estimate() {
    let (mut methods, n) = (Vec::new(), 40);
    for seed in 0..12 {
        let own = |k: u64| noise(n, 1000 * seed + k);
        let (x, e) = (own(1), own(2));
        let y: Vec<f64> = x.iter().zip(&e).map(|(x, e)| x + e).collect();
        let named = [("y", y), ("x", x), ("a", own(3)), ("b", own(4))];
        let columns = named.iter().map(|(name, values)| numbers(name, values));
        let (design, recipe) = model(&table(columns.collect()), "y ~ x + a + b").unwrap();
        let found = importance(&design, &recipe).unwrap();
        for row in &found.estimates(&design, None, L, 400, 1).unwrap()[..3] {
            let (value, interval) = (row.value.unwrap(), row.interval.as_ref().unwrap());
            assert!(interval.low <= value && value <= interval.high, "{row:?}");
            assert!(interval.low >= 0.0);
            methods.push(interval.method.clone());
        }
    }
    assert!(methods.iter().any(|m| m == "bca"), "{methods:?}");
    // A predictor that goes with the outcome not at all: every resample has more.
    let (y, a) = (noise(n, 1), noise(n, 2));
    let mean = y.iter().sum::<f64>() / n as f64;
    let along = |v: &[f64]| y.iter().zip(v).map(|(y, v)| (y - mean) * v).sum::<f64>();
    let slope = along(&a) / along(&y);
    let a: Vec<f64> = a.iter().zip(&y).map(|(a, y)| a - slope * y).collect();
    let (design, recipe) =
        model(&table(vec![numbers("y", &y), numbers("a", &a)]), "y ~ a").unwrap();
    let found = importance(&design, &recipe).unwrap();
    let row = found.estimates(&design, None, L, 400, 1).unwrap().remove(0);
    let interval = row.interval.unwrap();
    assert!(row.value.unwrap() < 1e-20 && interval.low == 0.0 && interval.high > 0.01);
    assert_eq!(interval.method, "percentile_from_zero");
}
