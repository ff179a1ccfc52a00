//! Penalised fits: threads, honesty, settings, counts.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{ITEMS, close, items, noise, numbers, sample, table};
use ssi_infer::Error;
use ssi_infer::formula::design;
use ssi_infer::penalised::{ElasticNet, coefficients_at, elastic_net, elastic_net_of};
use ssi_vocab::{Note, Weights};
use std::sync::Arc;

#[test]
fn a_penalised_fit_is_the_same_on_any_number_of_threads() {
    let design = design(&items(120, 10), ITEMS).unwrap();
    for l1_ratio in [0.0, 0.5] {
        let settings = ElasticNet { l1_ratio, folds: 5, seed: 3 };
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| elastic_net(&design, &settings).unwrap())
        };
        let one = run(1);
        assert_eq!(one, run(3));
        let reseeded = elastic_net(&design, &ElasticNet { seed: 4, ..settings }).unwrap();
        assert_ne!(one.cv_rmse, reseeded.cv_rmse);
        assert!(one.cv_r_squared < one.r_squared && one.cv_r_squared > 0.0);
        assert!(one.estimates().iter().all(|e| e.interval.is_none() && e.test.is_none()));
        assert!(one.estimates().iter().all(|e| e.note == Some(Note::Penalised)));
        assert_eq!(
            one.estimates()[1].method,
            if l1_ratio == 0.0 { "ridge" } else { "elastic_net" }
        );
        assert_eq!(one.glance().cv_folds, Some(5));
    }
}

#[test]
fn cross_validation_sees_no_skill_in_noise() {
    let n = 150;
    let mut columns = vec![numbers("y", &noise(n, 1000))];
    columns.extend((0..10).map(|j| numbers(&format!("i{j}"), &noise(n, 2000 + j))));
    let design = design(&table(columns), ITEMS).unwrap();
    for l1_ratio in [0.0, 1.0] {
        let fit = elastic_net(&design, &ElasticNet { l1_ratio, folds: 10, seed: 1 }).unwrap();
        assert!(fit.cv_r_squared < 0.03, "{}", fit.cv_r_squared);
    }
}

#[test]
fn penalised_settings_are_checked() {
    let mut design = design(&items(30, 10), ITEMS).unwrap();
    let run = |design: &ssi_vocab::Design, l1_ratio, folds| {
        elastic_net(design, &ElasticNet { l1_ratio, folds, seed: 1 }).unwrap_err()
    };
    assert!(matches!(run(&design, 1.5, 5), Error::Setting { name: "l1_ratio", .. }));
    assert!(matches!(run(&design, f64::NAN, 5), Error::Setting { name: "l1_ratio", .. }));
    assert!(matches!(run(&design, 0.5, 1), Error::Setting { name: "folds", .. }));
    assert!(matches!(run(&design, 0.5, 20), Error::TooFew { needed: 40, found: 30, .. }));
    Arc::make_mut(&mut design.x).column_mut(4).fill(1.0);
    assert_eq!(run(&design, 0.5, 5), Error::Constant { column: "i3".into() });
}

#[test]
fn penalised_counts_give_the_optimum_of_the_repeated_rows() {
    let n = 30;
    let mut counted = design(&items(n, 10), ITEMS).unwrap();
    let counts: Vec<u64> = (0..n as u64).map(|i| i % 4).collect();
    let mut rows = counted.clone();
    let at: Vec<usize> = (0..n).flat_map(|i| std::iter::repeat_n(i, counts[i] as usize)).collect();
    rows.x = rows.x.select(ndarray::Axis(0), &at).into();
    rows.y = rows.y.select(ndarray::Axis(0), &at);
    counted.weights = Some(Weights::Frequency(counts));
    for l1_ratio in [0.0, 0.4, 1.0] {
        let coefficients = |d: &ssi_vocab::Design| {
            ssi_infer::penalised::coefficients_at(d, l1_ratio, 0.3).unwrap()
        };
        for (a, b) in coefficients(&counted).iter().zip(coefficients(&rows)) {
            assert!((a - b).abs() < 1e-10 * b.abs().max(1.0), "{a} {b}");
        }
    }
}

/// Where columns repeat others, or are sums of them, the lasso is still defined: its fit is that of
/// the columns without the repeats.
#[test]
fn the_lasso_of_collinear_columns_is_an_optimum() {
    let data = sample(80);
    let column = |name: &str| -> Vec<f64> {
        let column = data.column(name).unwrap();
        column.numbers().unwrap().iter().map(|v| v.unwrap()).collect()
    };
    let (a, b) = (column("a"), column("b"));
    let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
    let twice: Vec<f64> = a.iter().map(|a| 2.0 * a + 1.0).collect();
    let wide = data.clone().with_column(numbers("sum", &sum)).unwrap();
    let wide = wide.with_column(numbers("twice", &twice)).unwrap();
    for (formula, repeated) in [
        ("y ~ a + b + twice", &["a", "twice"][..]),
        ("y ~ twice + b + a", &["a", "twice"]),
        ("y ~ a + b + sum", &[]),
        ("y ~ sum + a + b + twice", &["a", "twice"]),
    ] {
        let plain = design(&wide, "y ~ a + b").unwrap();
        let design = design(&wide, formula).unwrap();
        for penalty in [0.3, 0.05, 0.01, 0.001] {
            let ours = coefficients_at(&design, 1.0, penalty).unwrap();
            // The optimum's own conditions: a correlation with the residuals of at most λ, and of λ
            // with the coefficient's sign where it is not 0.
            let n = design.y.len() as f64;
            let residuals = &design.y - &design.x.dot(&ndarray::arr1(&ours));
            for (j, value) in ours.iter().enumerate().skip(1) {
                let x = design.x.column(j);
                let mean = x.sum() / n;
                let spread = (x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
                let pull = x.iter().zip(&residuals).map(|(x, r)| (x - mean) * r).sum::<f64>();
                let pull = pull / spread / n;
                assert!(pull.abs() <= penalty * (1.0 + 1e-9), "{formula} {penalty}: {pull}");
                assert!(*value == 0.0 || (pull - penalty * value.signum()).abs() < 1e-9);
            }
            if !formula.contains("sum") {
                let theirs = coefficients_at(&plain, 1.0, penalty).unwrap();
                let fitted = plain.x.dot(&ndarray::arr1(&theirs));
                for (a, b) in design.x.dot(&ndarray::arr1(&ours)).iter().zip(&fitted) {
                    assert!(close(*a, *b, 1e-10), "{formula} {penalty}: {a} {b}");
                }
            }
        }
        let found = elastic_net_of(&design, &[1.0], 5, 1).unwrap();
        let noted: Vec<String> = found
            .estimates()
            .into_iter()
            .filter(|row| row.note == Some(Note::NotUnique))
            .map(|row| row.term)
            .collect();
        assert!(
            repeated.iter().all(|name| noted.iter().any(|n| n == name)),
            "{formula}: {noted:?}"
        );
        assert_eq!(noted.is_empty(), repeated.is_empty(), "{formula}: {noted:?}");
    }
}
