//! Full maximum likelihood of levels, and partial correlations of given draws, against mpmath, numpy
//! and polycor.
//!
//! The references are printed by `tests/oracles/latent.py` and `tests/oracles/latent.R`; the data by
//! `tests/data/correlation_data.py`.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

mod samples;

use samples::{oracle, tests_folder};
use serde_json::Value;
use ssi_infer::correlate::{
    Controlled, FullLikelihood, Method, correlate, full_likelihood, polychoric, polyserial,
};
use ssi_infer::resample::{ControlledPair, partial_bootstrap_from_draws, partial_permuted};
use ssi_vocab::{Column, Level, Note, Paired, Table};

const SETS: [&str; 4] = ["continuous", "ties", "outliers", "mid"];
const L: Level = Level::DEFAULT;

fn data(name: &str) -> (Vec<f64>, Vec<f64>) {
    let file = tests_folder().join("data").join(format!("{name}.csv"));
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.deserialize::<(f64, f64)>().map(Result::unwrap).unzip()
}

fn pair(x: &[f64], y: &[f64]) -> Paired {
    Paired::complete("x", x, "y", y).unwrap()
}

/// Levels of about equal size by rank, ties together: as the scripts cut.
fn cut(values: &[f64], levels: usize) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let limits: Vec<f64> = (1..levels).map(|k| sorted[values.len() * k / levels]).collect();
    values.iter().map(|v| limits.iter().filter(|l| v >= l).count() as f64).collect()
}

#[track_caller]
fn close(found: f64, expected: &Value, tolerance: f64, what: &str) {
    let expected = expected.as_f64().unwrap_or_else(|| panic!("{what}: no reference"));
    let error = (found - expected).abs() / expected.abs().max(1e-3);
    assert!(error <= tolerance, "{what}: {found:e} against {expected:e}, error {error:e}");
}

/// The pairs of the scripts with their keys.
fn pairs(name: &str) -> [(&'static str, Paired, Method); 3] {
    let (x, y) = data(name);
    [
        ("polychoric_2x3", pair(&cut(&x, 2), &cut(&y, 3)), Method::Polychoric),
        ("polychoric_3x3", pair(&cut(&x, 3), &cut(&y, 3)), Method::Polychoric),
        ("polyserial", pair(&x, &cut(&y, 3)), Method::Polyserial),
    ]
}

#[test]
fn the_whole_likelihood_agrees_with_mpmath() {
    let oracle = oracle("latent.py.json");
    for name in SETS {
        for (key, pair, method) in pairs(name) {
            let expected = &oracle["data"][name][key];
            let found = full_likelihood(&pair, method).unwrap();
            let (row, profile) = (found.estimate(L), found.profile(L));
            let (wald, profile) = (row.interval.unwrap(), profile.interval.unwrap());
            let test = row.test.unwrap();
            for (field, value) in [
                ("estimate", found.rho),
                ("std_error", found.std_error.unwrap()),
                ("conf_low", wald.low),
                ("conf_high", wald.high),
                ("profile_low", profile.low),
                ("profile_high", profile.high),
                ("statistic", test.statistic.unwrap()),
                ("p_value", test.p_value.get()),
            ] {
                // The reference derives numerically.
                close(value, &expected[field], 1e-9, &format!("{name} {key} {field}"));
            }
            let cuts = expected["parameters"].as_array().unwrap();
            let own = [&found.x_thresholds[..], &found.y_thresholds[..]].concat();
            assert_eq!(cuts.len(), own.len());
            for (cut, own) in cuts.iter().zip(own) {
                close(own, cut, 1e-9, &format!("{name} {key} threshold"));
            }
        }
    }
}

#[test]
fn polycor_agrees_to_the_digits_of_its_optimiser() {
    let oracle = oracle("latent.r.json");
    for name in SETS {
        for (key, pair, method) in pairs(name) {
            let found = full_likelihood(&pair, method).unwrap();
            let expected = &oracle["data"][name][key];
            let n = pair.n_obs() as f64;
            // polycor takes the standard deviation with n − 1 for that of the variable.
            let slope = found.rho / (1.0 - found.rho * found.rho).sqrt() * (n / (n - 1.0)).sqrt();
            let theirs = if method == Method::Polyserial { slope.atan().sin() } else { found.rho };
            close(theirs, expected, 2e-4, &format!("{name} {key}"));
            if method == Method::Polychoric {
                let expected = &oracle["data"][name][format!("{key}_se")];
                close(found.std_error.unwrap(), expected, 2e-3, &format!("{name} {key} se"));
            }
        }
    }
}

#[test]
fn two_steps_are_near_and_a_profile_agrees_with_its_test() {
    for name in SETS {
        for (key, pair, method) in pairs(name) {
            let found = full_likelihood(&pair, method).unwrap();
            let (two_steps, likelihood) = match method {
                Method::Polychoric => polychoric(&pair).map(|p| (p.rho, p.log_likelihood)),
                _ => polyserial(&pair).map(|p| (p.rho, p.log_likelihood)),
            }
            .unwrap();
            assert!((found.rho - two_steps).abs() < 0.03, "{name} {key}");
            // No other thresholds are as likely; independence is the same in both.
            assert!(found.log_likelihood[0] >= likelihood[0] - 1e-9, "{name} {key}");
            assert!((found.log_likelihood[1] - likelihood[1]).abs() < 1e-9, "{name} {key}");
            for level in [0.5, 0.8, 0.95, 0.99] {
                let row = found.profile(Level::new(level).unwrap());
                let (interval, p) = (row.interval.unwrap(), row.test.unwrap().p_value.get());
                assert_eq!(interval.low <= 0.0 && interval.high >= 0.0, p >= 1.0 - level, "{name}");
            }
        }
    }
}

#[test]
fn counts_give_what_the_rows_give_however_many_they_are() {
    let x = vec![1.0, 2.0, 2.5, 3.0, 4.0, 5.5, 6.0, 7.0, 3.0];
    let y = vec![0.0, 0.0, 1.0, 0.0, 1.0, 2.0, 1.0, 2.0, 1.0];
    let counts = vec![3, 1, 0, 2, 4, 1, 2, 5, 1];
    let counted = |times: u64| {
        let counts = counts.iter().map(|n| n * times).collect();
        Paired::new("x", x.clone(), "y", y.clone(), Some(counts), Vec::new()).unwrap()
    };
    let rows = counted(1).expanded();
    for method in [Method::Polyserial, Method::Polychoric] {
        let (a, b) = (
            full_likelihood(&counted(1), method).unwrap(),
            full_likelihood(&rows, method).unwrap(),
        );
        assert!((a.rho - b.rho).abs() < 1e-12, "{method}");
        let of = |pair: &Paired| correlate(pair, method, L).unwrap();
        let (a, b) = (of(&counted(1)), of(&rows));
        assert!((a.value.unwrap() - b.value.unwrap()).abs() < 1e-13, "{method}");
        assert!((a.std_error.unwrap() - b.std_error.unwrap()).abs() < 1e-13, "{method}");
        // A billion respondents take no longer.
        let many = counted(100_000_000);
        assert!((of(&many).value.unwrap() - a.value.unwrap()).abs() < 1e-2, "{method}");
        let full = full_likelihood(&many, method).unwrap();
        assert!(full.profile(L).interval.is_some_and(|i| i.high - i.low < 1e-3), "{method}");
    }
}

#[test]
fn a_likelihood_that_rises_to_the_end_has_an_interval_with_one_end() {
    let table = |counts: [u64; 4]| {
        let (x, y) = (vec![0.0, 0.0, 1.0, 1.0], vec![0.0, 1.0, 0.0, 1.0]);
        Paired::new("x", x, "y", y, Some(counts.to_vec()), Vec::new()).unwrap()
    };
    let found: FullLikelihood =
        full_likelihood(&table([20, 10, 30, 0]), Method::Polychoric).unwrap();
    assert_eq!((found.rho, found.std_error), (-1.0, None));
    let row = found.estimate(L);
    assert_eq!((row.interval.clone(), row.note), (None, Some(Note::Boundary)));
    assert_eq!(row.conf_method(), Some("full_ml"));
    let profile = found.profile(L).interval.unwrap();
    assert_eq!(profile.low, -1.0);
    assert!(profile.high > -0.9 && profile.high < -0.1, "{profile:?}");
    // The likelihood at the other end of the interval is q²/2 lower: by the same cells' polychoric
    // correlation with the sign turned.
    let turned = full_likelihood(&table([10, 20, 0, 30]), Method::Polychoric).unwrap();
    let mirrored = turned.profile(L).interval.unwrap();
    assert!((mirrored.low + profile.high).abs() < 1e-9 && mirrored.high == 1.0);

    let x: Vec<f64> = (0..12).map(f64::from).collect();
    let y: Vec<f64> = (0..12).map(|i| f64::from(i / 4)).collect();
    let found = full_likelihood(&pair(&x, &y), Method::Polyserial).unwrap();
    assert_eq!(found.rho, 1.0);
    let profile = found.profile(L).interval.unwrap();
    assert!(profile.high == 1.0 && profile.low > 0.5, "{profile:?}");
}

#[test]
fn a_few_respondents_have_a_test_and_no_interval() {
    let x = [1.0, 2.0, 3.0, 5.0];
    for y in [[0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 2.0, 1.0]] {
        let row = correlate(&pair(&x, &y), Method::Polyserial, L).unwrap();
        assert!(row.test.is_some() && row.interval.is_none());
        assert!(matches!(row.note, Some(Note::TooFewForInterval | Note::Boundary)), "{row:?}");
        assert_eq!(row.conf_method(), Some("delta_z"));
        let full = full_likelihood(&pair(&x, &y), Method::Polyserial).unwrap();
        assert!(full.estimate(L).interval.is_none() && full.profile(L).interval.is_none());
    }
    let row = correlate(&pair(&x, &[0.0, 1.0, 0.5, 3.0]), Method::Distance, L).unwrap();
    assert!(row.test.is_some());
    assert_eq!((row.interval, row.note), (None, Some(Note::TooFewForInterval)));
}

/// The draws of the script: a linear congruential generator.
fn draws(n: usize, resamples: usize, seed: u64) -> Vec<Vec<u32>> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % n as u64) as u32
    };
    (0..resamples).map(|_| (0..n).map(|_| next()).collect()).collect()
}

#[test]
fn partial_correlations_of_given_draws_agree_with_numpy() {
    let oracle = oracle("latent.py.json");
    for name in SETS {
        let expected = &oracle["data"][name]["partial"];
        let (x, y) = data(name);
        let numbers = |key: &str| -> Vec<f64> {
            expected[key].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
        };
        let (z, w) = (numbers("z"), numbers("w"));
        let n = z.len();
        let column =
            |name: &str, v: &[f64]| Column::number(name, v[..n].iter().map(|v| Ok(*v)).collect());
        let columns = vec![column("x", &x), column("y", &y), column("z", &z), column("w", &w)];
        let table = Table::new(columns, (2..n + 2).collect()).unwrap();
        let held = |method, kind| {
            ControlledPair::new(&table, ("x", "y"), &["z", "w"], method, kind, None).unwrap()
        };
        // The interval needs more resamples than there are references: the same ones again.
        let own = draws(n, 30, 2024);
        let repeated: Vec<&Vec<u32>> = own.iter().cycle().take(60).collect();
        for method in Method::CLASSICAL {
            for (kind, key) in [(Controlled::Both, "both"), (Controlled::First, "semi")] {
                let values = expected["draws"][format!("{method}_{key}")].as_array().unwrap();
                let found =
                    partial_bootstrap_from_draws(&held(method, kind), &repeated, L).unwrap();
                assert_eq!(found.degenerate, 0);
                for (found, expected) in found.draws.iter().zip(values) {
                    close(*found, expected, 1e-9, &format!("{name} {method} {key}"));
                }
            }
        }
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.sort_by_key(|i| (i * 37 + 11) % 101);
        let permuted = partial_permuted(&held(Method::Pearson, Controlled::Both), &order).unwrap();
        close(permuted, &expected["permuted"], 1e-10, name);
    }
}
