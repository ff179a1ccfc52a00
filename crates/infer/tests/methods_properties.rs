//! What must hold of the further correlations for any data.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

use proptest::prelude::*;
use ssi_infer::Error;
use ssi_infer::correlate::{Method, correlate, correlate_or_note};
use ssi_infer::resample::{Bootstrap, Permutation, bootstrap_bca, permutation};
use ssi_vocab::{Estimate, Level, Note, Paired, Quiet};

const LEVEL: Level = Level::DEFAULT;
/// A power of two, so that values on a bend stay on it.
const HUGE: f64 = 1.0715086071862673e301;
const FURTHER: [Method; 7] = [
    Method::Biweight,
    Method::PercentageBend,
    Method::Winsorized,
    Method::Distance,
    Method::PointBiserial,
    Method::Polychoric,
    Method::Polyserial,
];

fn pair(x: &[f64], y: &[f64]) -> Paired {
    Paired::complete("x", x, "y", y).unwrap()
}

fn estimate(x: &[f64], y: &[f64], method: Method) -> Estimate {
    correlate_or_note(&pair(x, y), method, LEVEL)
}

fn value(x: &[f64], y: &[f64], method: Method) -> Option<f64> {
    estimate(x, y, method).value
}

/// Two to seven levels against whole numbers: every method applies to most of them.
fn levelled() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (2..8_i32, prop_oneof![Just(4_i32), Just(100)]).prop_flat_map(|(levels, range)| {
        let row = (0..levels, 0..range).prop_map(move |(x, y)| {
            // Some association, so that estimates away from zero are seen.
            (f64::from(x), f64::from(if y % 3 == 0 { (x * range / levels + y) / 2 } else { y }))
        });
        prop::collection::vec(row, 3..50).prop_map(|rows| rows.into_iter().unzip())
    })
}

fn near(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance,
        (a, b) => a == b,
    }
}

/// A search stops within rounding of a flat top.
fn tolerance(method: Method) -> f64 {
    match method {
        Method::Polychoric | Method::Polyserial => 1e-9,
        _ => 1e-14,
    }
}

proptest! {
    #[test]
    fn correlation_is_symmetric((x, y) in levelled()) {
        for method in FURTHER {
            let (a, b) = (value(&x, &y, method), value(&y, &x, method));
            // Of two columns with as many values polyserial takes the second as ordinal.
            if method != Method::Polyserial {
                prop_assert!(near(a, b, tolerance(method)), "{method} {a:?} {b:?}");
            }
        }
    }

    #[test]
    fn shift_and_scale_change_the_sign_at_most((x, y) in levelled(), shift in -1000..1000_i32) {
        let moved: Vec<f64> = x.iter().map(|v| v * -4.0 + f64::from(shift)).collect();
        for method in FURTHER {
            let sign = if method == Method::Distance { 1.0 } else { -1.0 };
            let (a, b) = (value(&x, &y, method), value(&moved, &y, method).map(|v| v * sign));
            prop_assert!(near(a, b, tolerance(method)), "{method} {a:?} {b:?}");
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter((x, y) in levelled(), turn in 0..50_usize) {
        let turned = |v: &[f64]| {
            let mut v = v.to_vec();
            let by = turn % v.len();
            v.rotate_left(by);
            v
        };
        for method in FURTHER {
            let (a, b) =
                (estimate(&x, &y, method), estimate(&turned(&x), &turned(&y), method));
            prop_assert!(near(a.value, b.value, tolerance(method)), "{method} {a:?} {b:?}");
            prop_assert!(near(a.std_error, b.std_error, 1e-12), "{method} {a:?} {b:?}");
            prop_assert_eq!(a.note, b.note);
        }
    }

    #[test]
    fn values_and_intervals_stay_in_range((x, y) in levelled()) {
        for method in FURTHER {
            let found = estimate(&x, &y, method);
            let floor = if method == Method::Distance { 0.0 } else { -1.0 };
            let Some(value) = found.value else {
                prop_assert!(found.note.is_some(), "{method}");
                continue;
            };
            prop_assert!((floor..=1.0).contains(&value), "{method} {value}");
            match found.interval {
                Some(i) => {
                    prop_assert!(i.low <= value && value <= i.high, "{method} {i:?} {value}");
                    prop_assert!(i.low >= floor && i.high <= 1.0, "{method} {i:?}");
                }
                None => prop_assert!(found.note.is_some(), "{method}"),
            }
            prop_assert!(found.std_error.is_none_or(|se| se >= 0.0 && se.is_finite()));
        }
    }

    #[test]
    fn counts_give_the_digits_of_rows(
        (x, y) in levelled(),
        counts in prop::collection::vec(0..5_u64, 50),
    ) {
        let counts = counts[..x.len()].to_vec();
        let counted = Paired::new("x", x, "y", y, Some(counts), Vec::new()).unwrap();
        for method in FURTHER {
            let (a, b) = (
                correlate_or_note(&counted, method, LEVEL),
                correlate_or_note(&counted.expanded(), method, LEVEL),
            );
            prop_assert!(near(a.value, b.value, 1e-15), "{method} {a:?} {b:?}");
            prop_assert!(near(a.std_error, b.std_error, 1e-12), "{method} {a:?} {b:?}");
            prop_assert_eq!(a.note, b.note);
        }
    }

    #[test]
    fn extreme_sizes_change_nothing((x, y) in levelled()) {
        let (huge, small): (Vec<f64>, Vec<f64>) =
            (x.iter().map(|v| v * HUGE).collect(), y.iter().map(|v| v / HUGE).collect());
        for method in FURTHER {
            let (a, b) = (value(&x, &y, method), value(&huge, &small, method));
            prop_assert!(near(a, b, tolerance(method)), "{method} {a:?} {b:?}");
        }
    }
}

/// A column of the kind that the method is made for, twice.
fn made_for(method: Method, n: i32) -> Paired {
    let x: Vec<f64> = (0..n).map(|i| f64::from(i * 37 % 101) / 10.0).collect();
    let y: Vec<f64> =
        x.iter().enumerate().map(|(i, x)| x + f64::from(i as i32 * 31 % 47) / 5.0).collect();
    let levels = |v: &[f64], width: f64| v.iter().map(|v| (v / width).floor()).collect::<Vec<_>>();
    match method {
        Method::PointBiserial => pair(&levels(&x, 5.1), &y),
        Method::Polychoric => pair(&levels(&x, 3.0), &levels(&y, 6.0)),
        Method::Polyserial => pair(&levels(&x, 3.0), &y),
        _ => pair(&x, &y),
    }
}

#[test]
fn the_bootstrap_agrees_with_the_closed_form() {
    let how = Bootstrap { resamples: 2000, seed: 3 };
    for method in FURTHER {
        let pair = made_for(method, 200);
        let plain = correlate(&pair, method, LEVEL).unwrap();
        let found = bootstrap_bca(&pair, method, &how, LEVEL, &Quiet).unwrap();
        assert_eq!(found.degenerate, 0, "{method}");
        let ratio = found.estimate.std_error.unwrap() / plain.std_error.unwrap();
        assert!((0.8..1.25).contains(&ratio), "{method} {ratio}");
        let (bca, own) = (found.estimate.interval.unwrap(), plain.interval.unwrap());
        assert!((bca.low - own.low).abs() < 0.06, "{method} {bca:?} {own:?}");
        assert!((bca.high - own.high).abs() < 0.06, "{method} {bca:?} {own:?}");
    }
}

#[test]
fn resampling_is_the_same_on_any_number_of_threads_and_from_counts() {
    let bootstrap = Bootstrap { resamples: 300, seed: 11 };
    let permutations = Permutation { permutations: 300, seed: 11 };
    for method in FURTHER {
        let plain = made_for(method, 90);
        let counts = (0..90).map(|i| i % 3).collect();
        let (x, y) = (plain.x().to_vec(), plain.y().to_vec());
        let counted = Paired::new("x", x, "y", y, Some(counts), Vec::new()).unwrap();
        let run = |pair: &Paired, threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let drawn = bootstrap_bca(pair, method, &bootstrap, LEVEL, &Quiet).unwrap();
                let permuted = permutation(pair, method, &permutations, LEVEL, &Quiet).unwrap();
                (drawn, permuted)
            })
        };
        let one = run(&counted, 1);
        assert_eq!(one, run(&counted, 3), "{method}");
        let rows = run(&counted.expanded(), 2);
        for (a, b) in one.0.draws.iter().zip(&rows.0.draws) {
            assert!((a - b).abs() < 1e-9, "{method}");
        }
        assert_eq!(one.1.estimate.test, rows.1.estimate.test, "{method}");
    }
}

#[test]
fn a_permutation_test_sees_what_is_there_and_not_what_is_not() {
    let how = Permutation { permutations: 999, seed: 9 };
    for method in FURTHER {
        let pair = made_for(method, 120);
        let found = permutation(&pair, method, &how, LEVEL, &Quiet).unwrap();
        assert_eq!(found.estimate.test.unwrap().p_value.get(), 0.001, "{method}");
        // The second column shuffled has nothing to do with the first.
        let mut y = pair.y().to_vec();
        let mut state = 12345_u64;
        for i in (1..y.len()).rev() {
            state = (state * 69069 + 1) % (1 << 32);
            y.swap(i, ((state * (i as u64 + 1)) >> 32) as usize);
        }
        let moved = Paired::complete("x", pair.x(), "y", &y).unwrap();
        let p = |e: Estimate| e.test.unwrap().p_value.get();
        let permuted = p(permutation(&moved, method, &how, LEVEL, &Quiet).unwrap().estimate);
        assert!(permuted > 0.005, "{method} {permuted}");
        // The closed-form test of the distance correlation errs on the side of caution.
        let closed = p(correlate(&moved, method, LEVEL).unwrap());
        let apart = if method == Method::Distance { 0.25 } else { 0.08 };
        assert!((permuted - closed).abs() < apart, "{method} {permuted} {closed}");
    }
}

#[test]
fn a_straight_line_is_a_perfect_fit() {
    let x: Vec<f64> = (0..20).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|v| 3.0 - 2.0 * v).collect();
    for method in [Method::Biweight, Method::PercentageBend, Method::Winsorized, Method::Distance] {
        let found = estimate(&x, &y, method);
        let one = if method == Method::Distance { 1.0 } else { -1.0 };
        assert_eq!(found.value, Some(one), "{method}");
        assert_eq!(found.interval.map(|i| (i.low, i.high)), Some((one, one)), "{method}");
        assert_eq!((found.std_error, found.note), (Some(0.0), Some(Note::PerfectFit)), "{method}");
    }
}

#[test]
fn three_respondents_and_fewer_are_handled_by_every_method() {
    let (x, y) = ([0.0, 1.0, 1.0], [2.0, 1.0, 5.0]);
    for n in 0..=3_usize {
        for method in FURTHER {
            let found = correlate(&pair(&x[..n], &y[..n]), method, LEVEL);
            if n < 3 {
                assert!(matches!(found, Err(Error::TooFew { needed: 3, .. })), "{method} {n}");
            } else {
                let found = correlate_or_note(&pair(&x, &y), method, LEVEL);
                assert!(found.note.is_some() && found.interval.is_none(), "{method} {found:?}");
            }
        }
    }
}

#[test]
fn columns_that_a_method_is_not_made_for_are_wrong_usage() {
    let x: Vec<f64> = (0..40).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|v| (v * 1.7).sin()).collect();
    for (method, note) in [
        (Method::PointBiserial, Note::NotTwoValued),
        (Method::Polychoric, Note::TooManyLevels),
        (Method::Polyserial, Note::TooManyLevels),
    ] {
        let error = correlate(&pair(&x, &y), method, LEVEL).unwrap_err();
        assert!(error.is_usage(), "{method}");
        assert_eq!(estimate(&x, &y, method).note, Some(note), "{method}");
    }
}

#[test]
fn a_column_of_mostly_one_value_has_no_spread_to_a_robust_method() {
    let x: Vec<f64> = (0..40).map(|i| if i < 34 { 5.0 } else { f64::from(i) }).collect();
    let y: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 40)).collect();
    for method in [Method::Biweight, Method::PercentageBend, Method::Winsorized] {
        let error = correlate(&pair(&x, &y), method, LEVEL).unwrap_err();
        assert!(matches!(&error, Error::NoSpread { column, .. } if column == "x"), "{method}");
        assert!(!error.is_usage());
        assert_eq!(estimate(&x, &y, method).note, Some(Note::NoSpread));
    }
}

#[test]
fn constant_columns_are_named() {
    let y: Vec<f64> = (0..10).map(f64::from).collect();
    for method in FURTHER {
        let error = correlate(&pair(&[3.0; 10], &y), method, LEVEL).unwrap_err();
        assert_eq!(error, Error::Constant { column: "x".into() }, "{method}");
    }
}

#[test]
fn levels_that_agree_fully_are_at_the_end_of_the_range() {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i % 3)).collect();
    for (y, end) in [(x.clone(), 1.0), (x.iter().map(|v| -v).collect(), -1.0)] {
        let found = estimate(&x, &y, Method::Polychoric);
        assert_eq!((found.value, found.note), (Some(end), Some(Note::Boundary)));
    }
}
