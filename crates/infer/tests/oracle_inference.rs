//! Partial, compared, equivalent and disattenuated correlations, Bayes factors, studentised and
//! cluster resampling against mpmath, pingouin and R.
//!
//! The references are printed by `tests/oracles/inference.py` and `tests/oracles/inference.R`.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

mod samples;

use samples::oracle;
use serde_json::Value;
use ssi_infer::Error;
use ssi_infer::correlate::bayes::{bayes_factor, ln_bayes_factor};
use ssi_infer::correlate::{Controlled, Method, compare, partial, tost};
use ssi_infer::resample::{
    ClusteredPair, Permutation, cluster_bootstrap_from_draws, cluster_permutation,
    studentised_from_draws,
};
use ssi_vocab::{Column, Estimate, Interval, Level, Paired, Quiet, Row, Table};

const METHODS: [Method; 3] = [Method::Pearson, Method::Spearman, Method::Kendall];
const SETS: [&str; 4] = ["continuous", "ties", "outliers", "mid"];
const PARTIAL: [(&str, &str, &str, &[&str]); 4] = [
    ("regression_collinear", "x1", "y", &["x2", "x3"]),
    ("regression_factor", "x", "y", &["z", "level"]),
    ("regression_outliers", "x", "y", &["w"]),
    ("regression_ties", "score", "ssi", &["many"]),
];

/// The numeric columns of a file, and the clusters that the scripts make up.
fn table(name: &str) -> Table {
    let mut columns = samples::columns(name);
    columns.retain(|column| column.numbers().is_ok());
    let rows = columns[0].len();
    let clusters = (0..rows).map(|i| Ok(((i * i + i / 3) % 11) as f64)).collect();
    columns.push(Column::number("cluster", clusters));
    Table::new(columns, (2..rows + 2).collect()).unwrap()
}

fn data(name: &str) -> Paired {
    table(name).paired("x", "y").unwrap()
}

#[track_caller]
fn close(found: Option<f64>, expected: &Value, tolerance: f64, what: &str) {
    let expected = expected.as_f64().unwrap_or_else(|| panic!("{what}: no reference"));
    let found = found.unwrap_or_else(|| panic!("{what}: undefined"));
    let error = (found - expected).abs() / expected.abs().max(f64::MIN_POSITIVE);
    assert!(error <= tolerance, "{what}: {found:e} against {expected:e}, relative error {error:e}");
}

/// Compares the fields that the reference has.
fn compare_rows(row: &Estimate, expected: &Value, tolerance: f64, what: &str) -> usize {
    let row = Row::from(row.clone());
    let expected = expected.as_object().unwrap();
    for (field, expected) in expected {
        let found = match field.as_str() {
            "estimate" => row.estimate,
            "std_error" => row.std_error,
            "statistic" => row.statistic,
            "p_value" => row.p_value,
            "conf_low" => row.conf_low,
            "conf_high" => row.conf_high,
            other => panic!("{other}"),
        };
        close(found, expected, tolerance, &format!("{what} {field}"));
    }
    expected.len()
}

#[test]
fn partial_correlations_agree_with_mpmath() {
    let oracle = oracle("inference.py.json");
    let mut compared = 0;
    for (name, x, y, controls) in PARTIAL {
        let table = table(name);
        for method in METHODS {
            let expected = &oracle["partial"][name][method.code()];
            for (kind, controlled) in [("both", Controlled::Both), ("first", Controlled::First)] {
                let found = partial(&table, x, y, controls, method, controlled);
                if expected.is_null() {
                    assert!(matches!(found, Err(Error::Collinear { .. })), "{name} {method}");
                    continue;
                }
                let row = found.unwrap().estimate(Level::DEFAULT);
                let what = format!("{name} {method} {kind}");
                // Controls within 1e-7 of one another cost nothing either.
                compared += compare_rows(&row, &expected[kind], 1e-12, &what);
                assert_eq!(row.test.and_then(|t| t.df), expected["df"].as_f64());
                assert_eq!(row.controls, controls);
            }
        }
    }
    // Four sets by three methods by two kinds, less the two rank methods of one set.
    assert_eq!(compared, (4 * 3 - 2) * 2 * 6);
}

#[test]
fn partial_correlations_agree_with_r() {
    let oracle = oracle("inference.r.json");
    for (name, x, y, controls) in &PARTIAL[1..] {
        let (table, expected) = (table(name), &oracle["partial"][*name]);
        let found = |method, kind| partial(&table, x, y, controls, method, kind).unwrap();
        let both = found(Method::Pearson, Controlled::Both);
        close(Some(both.r), &expected["partial"], 1e-12, name);
        close(
            Some(found(Method::Spearman, Controlled::Both).r),
            &expected["spearman"],
            1e-12,
            name,
        );
        let row = Row::from(both.estimate(Level::DEFAULT));
        close(row.statistic, &expected["t"], 1e-12, name);
        close(row.p_value, &expected["p_value"], 1e-11, name);
        // R's difference of two R² keeps fewer digits.
        let semi = found(Method::Pearson, Controlled::First);
        close(Some(semi.r * semi.r), &expected["gain"], 1e-11, name);
    }
}

fn inputs(row: &Value) -> Vec<f64> {
    row["inputs"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[test]
fn comparisons_agree_with_mpmath() {
    let oracle = oracle("inference.py.json");
    let level = Level::DEFAULT;
    let mut compared = 0;
    for kind in ["independent", "overlapping", "non_overlapping"] {
        for expected in oracle[kind].as_array().unwrap() {
            let v = inputs(expected);
            let rows = match kind {
                "independent" => {
                    compare::independent(v[0], v[1] as usize, v[2], v[3] as usize, level)
                }
                "overlapping" => compare::overlapping(v[0], v[1], v[2], v[3] as usize, level),
                _ => {
                    let [r12, r34, r13, r14, r23, r24] = [v[0], v[1], v[2], v[3], v[4], v[5]];
                    let four = compare::Four { r12, r34, r13, r14, r23, r24 };
                    compare::non_overlapping(four, v[6] as usize, level)
                }
            };
            for row in rows.unwrap() {
                let what = format!("{kind} {v:?} {}", row.method);
                let expected = &expected[row.method.as_str()];
                // Equal correlations: 0 on both sides.
                if expected["statistic"] == 0.0 {
                    assert_eq!(row.test.unwrap().statistic, Some(0.0));
                    continue;
                }
                compared += compare_rows(&row, expected, 1e-12, &what);
            }
        }
    }
    assert_eq!(compared, 4 * 4 + 2 + 5 * 6 + 4 * 4);
}

#[test]
fn comparisons_agree_with_psych() {
    let oracle = oracle("inference.r.json");
    let statistic = |rows: Vec<Estimate>| rows[0].test.as_ref().unwrap().statistic;
    let of = |rows: ssi_infer::Result<Vec<Estimate>>, name: &str| {
        close(statistic(rows.unwrap()), &oracle["compared"][name], 1e-12, name);
    };
    of(compare::independent(0.5, 103, 0.3, 103, Level::DEFAULT), "independent");
    of(compare::overlapping(0.4, 0.5, 0.1, 103, Level::DEFAULT), "overlapping");
    of(compare::overlapping(0.7, 0.6, 0.8, 203, Level::DEFAULT), "overlapping_203");
    let [r12, r34, r13, r14, r23, r24] = [0.5, 0.6, 0.7, 0.5, 0.5, 0.8];
    let four = compare::Four { r12, r34, r13, r14, r23, r24 };
    of(compare::non_overlapping(four, 103, Level::DEFAULT), "non_overlapping");
}

#[test]
fn equivalence_tests_agree_with_mpmath() {
    let oracle = oracle("inference.py.json");
    for name in SETS {
        for method in METHODS {
            for (bound, expected) in oracle["tost"][name][method.code()].as_object().unwrap() {
                let row = tost(&data(name), method, bound.parse().unwrap(), Level::DEFAULT);
                compare_rows(&row.unwrap(), expected, 1e-12, &format!("{name} {method} {bound}"));
            }
        }
    }
}

#[test]
fn bayes_factors_agree_with_mpmath() {
    let oracle = oracle("inference.py.json");
    let rows = oracle["ln_bayes_factor"].as_array().unwrap();
    assert!(rows.len() > 140);
    for row in rows {
        let v: Vec<f64> = row.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
        let found = ln_bayes_factor(v[0], v[1] as usize, v[2]).unwrap();
        // An error of the logarithm is a relative error of the factor; where that is beyond the
        // range of doubles the logarithm is all there is.
        let error = (found - v[3]).abs() / v[3].abs().max(1.0);
        assert!(error < 1e-12, "{v:?}: {found}, {error:e}");
        if v[3] < 700.0 {
            let factor = (found.exp() / v[3].exp() - 1.0).abs();
            assert!(factor < 1e-10, "{v:?}: {factor:e}");
        }
    }
}

#[test]
fn bayes_factors_agree_with_the_package_bayesfactor() {
    let oracle = oracle("inference.r.json");
    for name in SETS {
        let [factor, _] = bayes_factor(&data(name), 1.0, Level::DEFAULT).unwrap();
        // The package integrates to some eight digits.
        let ln = factor.value.map(f64::ln);
        close(ln, &oracle["data"][name]["ln_bayes_factor"], 1e-7, name);
    }
}

#[test]
fn credible_intervals_agree_with_mpmath() {
    let oracle = oracle("inference.py.json");
    for expected in oracle["posterior"].as_array().unwrap() {
        let v = inputs(expected);
        let pair = with_correlation(v[0], v[1] as usize);
        let [_, row] = bayes_factor(&pair, v[2], Level::DEFAULT).unwrap();
        let row = Row::from(row);
        // The made-up data have the correlation asked for to some 1e-16.
        close(row.conf_low, &expected["conf_low"], 1e-11, &format!("{v:?} low"));
        close(row.conf_high, &expected["conf_high"], 1e-11, &format!("{v:?} high"));
    }
}

/// Data of `n` respondents with the correlation `r`.
fn with_correlation(r: f64, n: usize) -> Paired {
    let centre = |v: Vec<f64>| -> Vec<f64> {
        let mean = v.iter().sum::<f64>() / n as f64;
        let v: Vec<f64> = v.iter().map(|v| v - mean).collect();
        let norm = v.iter().map(|v| v * v).sum::<f64>().sqrt();
        v.iter().map(|v| v / norm).collect()
    };
    let x = centre((0..n).map(|i| (i as f64 * 1.3).sin()).collect());
    let e = centre((0..n).map(|i| (i as f64 * 2.1 + 0.4).cos()).collect());
    let dot: f64 = x.iter().zip(&e).map(|(a, b)| a * b).sum();
    let e = centre(x.iter().zip(&e).map(|(x, e)| e - dot * x).collect());
    let y: Vec<f64> = x.iter().zip(&e).map(|(x, e)| r * x + (1.0 - r * r).sqrt() * e).collect();
    Paired::complete("x", &x, "y", &y).unwrap()
}

/// The generator that the R script uses, too.
fn draws(n: usize, resamples: u64, seed: u64) -> Vec<Vec<u32>> {
    let mut state = seed;
    let mut below = || {
        state = (state * 69069 + 1) % (1 << 32);
        ((state * n as u64) >> 32) as u32
    };
    (0..resamples).map(|_| (0..n).map(|_| below()).collect()).collect()
}

fn ends(interval: &Option<Interval>) -> [Option<f64>; 2] {
    let interval = interval.as_ref();
    [interval.map(|i| i.low), interval.map(|i| i.high)]
}

#[test]
fn studentised_intervals_agree_with_boot_on_the_same_draws() {
    let oracle = oracle("inference.r.json");
    for name in SETS {
        let pair = data(name);
        for method in METHODS {
            let expected = &oracle["data"][name][format!("studentised_{method}")];
            let draws = draws(pair.n_obs(), expected["resamples"].as_u64().unwrap(), 12345);
            let found = studentised_from_draws(&pair, method, &draws, Level::DEFAULT).unwrap();
            let what = |field: &str| format!("{name} {method} {field}");
            let row = found.estimate;
            let r = row.value.unwrap();
            let se_z = row.std_error.map(|se| se / (1.0 - r * r));
            close(se_z, &expected["se_z"], 1e-12, &what("se_z"));
            for (found, field) in ends(&row.interval).into_iter().zip(["low", "high"]) {
                close(found, &expected[field], 1e-12, &what(field));
            }
        }
    }
}

#[test]
fn cluster_intervals_agree_with_boot_on_the_same_draws() {
    let oracle = oracle("inference.r.json");
    for name in SETS {
        for method in METHODS {
            let clustered = ClusteredPair::new(&table(name), "x", "y", "cluster", method).unwrap();
            let expected = &oracle["data"][name][format!("cluster_{method}")];
            assert_eq!(expected["clusters"], clustered.count());
            let draws = draws(clustered.count(), expected["resamples"].as_u64().unwrap(), 54321);
            let found =
                cluster_bootstrap_from_draws(&clustered, method, &draws, Level::DEFAULT).unwrap();
            let what = |field: &str| format!("{name} {method} {field}");
            close(found.bca.std_error, &expected["sd"], 1e-12, &what("sd"));
            for (row, kind) in [
                (&found.bca, "bca"),
                (&found.percentile, "percentile"),
                (&found.studentised, "studentised"),
            ] {
                let fields = ["low", "high"].map(|end| format!("{kind}_{end}"));
                for (found, field) in ends(&row.interval).into_iter().zip(&fields) {
                    close(found, &expected[field.as_str()], 1e-12, &what(field));
                }
            }
        }
    }
}

#[test]
fn sign_changes_of_clusters_agree_with_numpy() {
    let oracle = oracle("inference.py.json");
    let how = Permutation { permutations: 9999, seed: 1 };
    for name in SETS {
        for method in METHODS {
            let clustered = ClusteredPair::new(&table(name), "x", "y", "cluster", method).unwrap();
            let row = cluster_permutation(&clustered, method, &how, Level::DEFAULT, &Quiet);
            let expected = &oracle["clusters"][name][method.code()];
            compare_rows(&row.unwrap(), expected, 1e-12, &format!("{name} {method}"));
        }
    }
}
