//! What must hold for any data: symmetries, counts as rows, threads, degenerate input.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

use proptest::prelude::*;
use ssi_infer::Error;
use ssi_infer::correlate::{Method, correlate, correlate_or_note};
use ssi_infer::resample::{Bootstrap, Permutation, bootstrap_bca, permutation};
use ssi_vocab::{Estimate, Interrupted, Level, Note, Paired, Progress, Quiet};

const LEVEL: Level = Level::DEFAULT;

fn pair(x: &[f64], y: &[f64]) -> Paired {
    Paired::complete("x", x, "y", y).unwrap()
}

fn value(pair: &Paired, method: Method) -> Option<f64> {
    correlate(pair, method, LEVEL).ok().and_then(|e| e.value)
}

/// Scores in half points against whole numbers, as in the study: many ties.
fn scored() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let row = (0..21_i32, 0..101_i32).prop_map(|(x, y)| (f64::from(x) / 2.0, f64::from(y)));
    prop::collection::vec(row, 3..60)
}

fn unzip(rows: &[(f64, f64)]) -> (Vec<f64>, Vec<f64>) {
    rows.iter().copied().unzip()
}

fn near(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance,
        (a, b) => a == b,
    }
}

proptest! {
    #[test]
    fn correlation_is_symmetric(rows in scored()) {
        let (x, y) = unzip(&rows);
        for method in Method::CLASSICAL {
            prop_assert!(near(value(&pair(&x, &y), method), value(&pair(&y, &x), method), 1e-15));
        }
    }

    #[test]
    fn shift_and_scale_change_the_sign_at_most(rows in scored(), shift in -1e6..1e6_f64) {
        let (x, y) = unzip(&rows);
        let moved: Vec<f64> = x.iter().map(|v| v * -4.0 + shift.round()).collect();
        for method in Method::CLASSICAL {
            let (plain, moved) = (value(&pair(&x, &y), method), value(&pair(&moved, &y), method));
            prop_assert!(near(plain, moved.map(|v| -v), 1e-15), "{plain:?} {moved:?}");
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(rows in scored(), turn in 0..60_usize) {
        let (x, y) = unzip(&rows);
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        let (x2, y2) = unzip(&turned);
        for method in Method::CLASSICAL {
            let (a, b) = (correlate(&pair(&x, &y), method, LEVEL), correlate(&pair(&x2, &y2), method, LEVEL));
            // Sums are carried in double-double, so that not even a last digit changes.
            prop_assert_eq!(a, b);
        }
    }

    #[test]
    fn the_interval_contains_the_estimate(rows in scored()) {
        let (x, y) = unzip(&rows);
        for method in Method::CLASSICAL {
            let estimate = correlate_or_note(&pair(&x, &y), method, LEVEL);
            if let (Some(value), Some(interval)) = (estimate.value, estimate.interval) {
                prop_assert!(interval.low <= value && value <= interval.high);
                prop_assert!((-1.0..=1.0).contains(&interval.low) && interval.high <= 1.0);
            }
        }
    }

    #[test]
    fn counts_give_the_digits_of_rows(
        rows in scored(),
        counts in prop::collection::vec(0..5_u64, 60),
    ) {
        let (x, y) = unzip(&rows);
        let counts = counts[..rows.len()].to_vec();
        let counted = Paired::new("x", x, "y", y, Some(counts), Vec::new()).unwrap();
        for method in Method::CLASSICAL {
            let from_counts = correlate_or_note(&counted, method, LEVEL);
            prop_assert_eq!(from_counts, correlate_or_note(&counted.expanded(), method, LEVEL));
        }
    }
}

fn study_like() -> Paired {
    let x: Vec<f64> = (0..120).map(|i| f64::from(i * 7 % 21) / 2.0).collect();
    let y: Vec<f64> =
        x.iter().enumerate().map(|(i, x)| (3.0 * x + (i * 31 % 37) as f64).round()).collect();
    pair(&x, &y)
}

#[test]
fn resampling_is_the_same_on_any_number_of_threads() {
    let pair = study_like();
    for method in Method::CLASSICAL {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let bootstrap = Bootstrap { resamples: 1000, seed: 11 };
                let permuted = Permutation { permutations: 1000, seed: 11 };
                (
                    bootstrap_bca(&pair, method, &bootstrap, LEVEL, &Quiet).unwrap(),
                    permutation(&pair, method, &permuted, LEVEL, &Quiet).unwrap(),
                )
            })
        };
        let one = run(1);
        assert_eq!(one, run(2), "{method}");
        assert_eq!(one, run(8), "{method}");
        assert_eq!(one.0.draws.len(), 1000);
    }
}

#[test]
fn another_seed_gives_other_draws() {
    let draws = |seed| {
        let how = Bootstrap { resamples: 200, seed };
        bootstrap_bca(&study_like(), Method::Pearson, &how, LEVEL, &Quiet).unwrap().draws
    };
    assert_ne!(draws(1), draws(2));
}

#[test]
fn counted_pairs_resample_as_their_rows_do() {
    let counts: Vec<u64> = (0..120).map(|i| i % 3).collect();
    let (x, y) = (study_like().x().to_vec(), study_like().y().to_vec());
    let counted = Paired::new("x", x, "y", y, Some(counts), Vec::new()).unwrap();
    let how = Bootstrap { resamples: 300, seed: 4 };
    let tests = Permutation { permutations: 300, seed: 4 };
    for method in Method::CLASSICAL {
        let run = |pair: &Paired| {
            let bootstrap = bootstrap_bca(pair, method, &how, LEVEL, &Quiet).unwrap();
            let permuted = permutation(pair, method, &tests, LEVEL, &Quiet).unwrap();
            (bootstrap.estimate.interval.unwrap(), permuted.estimate.test.unwrap().p_value)
        };
        let (counts, rows) = (run(&counted), run(&counted.expanded()));
        assert!((counts.0.low - rows.0.low).abs() < 1e-12, "{method}");
        assert!((counts.0.high - rows.0.high).abs() < 1e-12, "{method}");
        assert_eq!(counts.1, rows.1, "{method}");
    }
}

#[test]
fn the_bootstrap_agrees_with_the_closed_form_where_both_are_right() {
    let pair = study_like();
    let how = Bootstrap { resamples: 10_000, seed: 3 };
    let found = bootstrap_bca(&pair, Method::Pearson, &how, LEVEL, &Quiet).unwrap();
    let fisher = correlate(&pair, Method::Pearson, LEVEL).unwrap().interval.unwrap();
    let bca = found.estimate.interval.unwrap();
    assert_eq!(bca.method, "bca");
    assert!((bca.low - fisher.low).abs() < 0.05, "{bca:?} {fisher:?}");
    assert!((bca.high - fisher.high).abs() < 0.05, "{bca:?} {fisher:?}");
}

#[test]
fn permutation_p_agrees_with_t_within_its_monte_carlo_error() {
    // Independent columns: the p-value is neither 0 nor 1.
    let x: Vec<f64> = (0..60).map(|i| f64::from(i * 17 % 60)).collect();
    let y: Vec<f64> = (0..60).map(|i| f64::from(i * i * 13 % 61)).collect();
    let pair = pair(&x, &y);
    let how = Permutation { permutations: 20_000, seed: 9 };
    for method in Method::CLASSICAL {
        let found = permutation(&pair, method, &how, LEVEL, &Quiet).unwrap();
        let p = |e: Estimate| e.test.unwrap().p_value.get();
        let (found, closed) = (p(found.estimate), p(correlate(&pair, method, LEVEL).unwrap()));
        // Pearson's permutation test is of the studentised r, so it agrees in large samples only.
        let allowed = if method == Method::Pearson { 0.05 } else { 0.02 };
        assert!((found - closed).abs() < allowed, "{method}: {found} {closed}");
    }
}

#[test]
fn perfect_correlation_has_no_bootstrap_interval() {
    let x: Vec<f64> = (0..20).map(f64::from).collect();
    let pair = pair(&x, &x);
    let how = Bootstrap { resamples: 200, seed: 4 };
    for method in Method::CLASSICAL {
        let found = bootstrap_bca(&pair, method, &how, LEVEL, &Quiet).unwrap().estimate;
        assert_eq!((found.value, found.interval), (Some(1.0), None), "{method}");
        assert_eq!(found.note, Some(Note::DegenerateResamples), "{method}");
    }
}

#[test]
fn constant_resamples_are_dropped_and_counted() {
    // A third of all resamples miss the one different value.
    let mut x = [0.0; 20];
    x[7] = 1.0;
    let y: Vec<f64> = (0..20).map(|i| f64::from(i * 7 % 20)).collect();
    let pair = pair(&x, &y);
    let how = Bootstrap { resamples: 1000, seed: 4 };
    for method in Method::CLASSICAL {
        let found = bootstrap_bca(&pair, method, &how, LEVEL, &Quiet).unwrap();
        assert!((250..470).contains(&found.degenerate), "{method} {}", found.degenerate);
        assert_eq!(found.draws.len() + found.degenerate, 1000);
        assert!(found.draws.iter().all(|d| d.is_finite()));
        assert_eq!(found.estimate.note, Some(Note::DegenerateResamples));
    }
}

#[test]
fn three_respondents_and_fewer_are_handled_by_every_method() {
    for n in 0..=3_usize {
        let (x, y) = ([1.0, 2.0, 4.0], [2.0, 1.0, 5.0]);
        let pair = pair(&x[..n], &y[..n]);
        for method in Method::CLASSICAL {
            let found = correlate(&pair, method, LEVEL);
            let how = Bootstrap { resamples: 100, seed: 1 };
            let boot = bootstrap_bca(&pair, method, &how, LEVEL, &Quiet);
            if n < 3 {
                assert!(matches!(found, Err(Error::TooFew { needed: 3, found, .. }) if found == n));
                assert!(matches!(boot, Err(Error::TooFew { .. })));
                assert_eq!(correlate_or_note(&pair, method, LEVEL).note, Some(Note::TooFew));
            } else {
                let found = found.unwrap();
                assert!(found.test.is_some() && found.interval.is_none(), "{method}");
                assert_eq!(boot.unwrap().estimate.interval, None, "{method}");
            }
        }
    }
}

#[test]
fn all_ties_are_a_constant_column() {
    let pair = pair(&[3.0; 10], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]);
    for method in Method::CLASSICAL {
        let error = correlate(&pair, method, LEVEL).unwrap_err();
        assert_eq!(error, Error::Constant { column: "x".into() }, "{method}");
    }
}

#[test]
fn p_falls_as_the_correlation_grows() {
    let x: Vec<f64> = (0..60).map(f64::from).collect();
    for method in Method::CLASSICAL {
        let p = |noise: f64| {
            let y: Vec<f64> = x.iter().map(|v| v + noise * (v * 1.9).sin()).collect();
            correlate(&pair(&x, &y), method, LEVEL).unwrap().test.unwrap().p_value.get()
        };
        assert!(p(10.0) < p(30.0) && p(30.0) < p(90.0), "{method}");
    }
}

#[test]
fn too_few_resamples_are_an_error_that_says_how_many() {
    let how = Bootstrap { resamples: 39, seed: 1 };
    let error = bootstrap_bca(&study_like(), Method::Pearson, &how, LEVEL, &Quiet).unwrap_err();
    assert_eq!(error, Error::TooFewResamples { needed: 40, found: 39 });
}

#[test]
fn an_interrupt_stops_the_resampling() {
    struct Stop;
    impl Progress for Stop {
        fn check(&self) -> Result<(), Interrupted> {
            Err(Interrupted)
        }
    }
    let how = Bootstrap { resamples: 1000, seed: 1 };
    let found = bootstrap_bca(&study_like(), Method::Pearson, &how, LEVEL, &Stop);
    assert_eq!(found.unwrap_err(), Error::Interrupted);
}
