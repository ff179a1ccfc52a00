//! What must hold for comparisons of any groups: counts give what the rows give, units and origins
//! don't matter, differences turn with the order.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use proptest::prelude::*;
use ssi_infer::groups::{Grouped, Method, compare, describe, grouped, pairs};
use ssi_infer::{Error, Result};
use ssi_vocab::{Column, Estimate, Level, Missing, Row, Table};

const L: Level = Level::DEFAULT;

fn table(values: &[f64], codes: &[usize], counts: Option<Vec<u64>>) -> Table {
    let words: Vec<_> = codes.iter().map(|c| Ok(["a", "b", "c", "d"][*c])).collect();
    let columns = vec![
        Column::number("y", values.iter().copied().map(Ok).collect()),
        Column::factor("g", &words),
    ];
    let table = Table::new(columns, (1..=values.len()).collect()).unwrap();
    match counts {
        Some(counts) => table.with_counts(counts).unwrap(),
        None => table,
    }
}

fn all_rows(groups: &Grouped) -> Vec<Result<Vec<Estimate>>> {
    let two = groups.levels().len() == 2;
    let fits = |m: &Method| two || !m.for_two();
    let one = Method::ALL.into_iter().filter(fits).map(|m| compare(groups, &[m], L));
    let family = [Method::T, Method::WelchT, Method::Tukey, Method::GamesHowell];
    let family = family.into_iter().map(|m| pairs(groups, &[m], L));
    one.chain(family).chain([describe(groups, L)]).collect()
}

/// The numbers of a row.
fn numbers(row: &Estimate) -> Vec<Option<f64>> {
    let row = Row::from(row.clone());
    vec![
        row.estimate,
        row.std_error,
        row.statistic,
        row.df,
        row.df2,
        row.p_value,
        row.conf_low,
        row.conf_high,
    ]
}

fn near(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || (a - b).abs() <= tolerance * a.abs().max(b.abs()),
        (None, None) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn counts_give_what_the_rows_give(
        cells in prop::collection::vec((-9..9_i32, 0..4_usize, 0..5_u64), 2..24),
    ) {
        let values: Vec<f64> = cells.iter().map(|c| f64::from(c.0) / 8.0).collect();
        let codes: Vec<usize> = cells.iter().map(|c| c.1).collect();
        let counts: Vec<u64> = cells.iter().map(|c| c.2).collect();
        let places: Vec<usize> = (0..cells.len())
            .flat_map(|i| std::iter::repeat_n(i, counts[i] as usize)).collect();
        let long: Vec<f64> = places.iter().map(|i| values[*i]).collect();
        let long_codes: Vec<usize> = places.iter().map(|i| codes[*i]).collect();
        let counted = grouped(&table(&values, &codes, Some(counts)), "y", "g");
        let rows = grouped(&table(&long, &long_codes, None), "y", "g");
        match (counted, rows) {
            (Ok(counted), Ok(rows)) => {
                for (a, b) in all_rows(&counted).into_iter().zip(all_rows(&rows)) {
                    match (a, b) {
                        (Ok(a), Ok(b)) => {
                            prop_assert_eq!(a.len(), b.len());
                            for (a, b) in a.iter().zip(&b) {
                                prop_assert_eq!((a.note, a.n_obs), (b.note, b.n_obs));
                                for (x, y) in numbers(a).into_iter().zip(numbers(b)) {
                                    prop_assert!(near(x, y, 1e-13), "{:?} {:?}", a, b);
                                }
                            }
                        }
                        (a, b) => prop_assert_eq!(a.is_err(), b.is_err()),
                    }
                }
            }
            (a, b) => prop_assert_eq!(a.is_err(), b.is_err()),
        }
    }

    /// Shares and tests don't change with the outcome's unit and origin; nothing is ever NaN.
    #[test]
    fn units_and_origins_do_not_matter(
        cells in prop::collection::vec((-99..99_i32, 0..3_usize), 3..30),
        shift in -4..5_i32,
        power in -20..20_i32,
    ) {
        let values: Vec<f64> = cells.iter().map(|c| f64::from(c.0)).collect();
        let scale = 2.0_f64.powi(power);
        let moved: Vec<f64> = values.iter().map(|v| (v + f64::from(shift)) * scale).collect();
        let codes: Vec<usize> = cells.iter().map(|c| c.1).collect();
        let (a, b) = (
            grouped(&table(&values, &codes, None), "y", "g"),
            grouped(&table(&moved, &codes, None), "y", "g"),
        );
        if let (Ok(a), Ok(b)) = (a, b) {
            for (a, b) in all_rows(&a).into_iter().zip(all_rows(&b)) {
                let (Ok(a), Ok(b)) = (a, b) else { continue };
                for (a, b) in a.iter().zip(&b) {
                    for value in numbers(a).into_iter().chain(numbers(b)).flatten() {
                        prop_assert!(!value.is_nan(), "{:?}", a);
                    }
                    let (a, b) = (Row::from(a.clone()), Row::from(b.clone()));
                    prop_assert!(near(a.p_value, b.p_value, 1e-9), "{:?} {:?}", a, b);
                    let inside = |row: &Row| match (row.conf_low, row.estimate, row.conf_high) {
                        (Some(low), Some(value), Some(high)) => low <= value && value <= high,
                        _ => true,
                    };
                    if a.term == "mean_difference" {
                        prop_assert!(inside(&a) && inside(&b));
                        prop_assert!(near(a.statistic, b.statistic, 1e-9), "{:?} {:?}", a, b);
                    }
                }
            }
        }
    }
}

#[test]
fn a_pair_of_two_groups_is_a_t_test_and_more_pairs_are_wider() {
    let two =
        Grouped::from_values("y", "g", &[("a", vec![1.0, 2.0, 4.0]), ("b", vec![3.0, 5.0, 9.0])]);
    let two = two.unwrap();
    for (one, all) in [(Method::T, Method::Tukey), (Method::WelchT, Method::GamesHowell)] {
        let (one, all) =
            (&compare(&two, &[one], L).unwrap()[0], &compare(&two, &[all], L).unwrap()[0]);
        let p = |row: &Estimate| row.test.clone().unwrap().p_value.get();
        assert!((p(one) / p(all) - 1.0).abs() < 1e-11);
        let low = |row: &Estimate| row.interval.clone().unwrap().low;
        assert!((low(one) / low(all) - 1.0).abs() < 1e-11);
    }
}

#[test]
fn simultaneous_methods_have_typed_edges() {
    let constant = Grouped::from_values(
        "y",
        "g",
        &[("a", vec![1.0; 3]), ("b", vec![2.0; 3]), ("c", vec![2.0])],
    );
    let constant = constant.unwrap();
    for method in [Method::Tukey, Method::GamesHowell] {
        for row in pairs(&constant, &[method], L).unwrap() {
            assert!(row.value.is_some() && row.test.is_none() && row.note.is_some(), "{row:?}");
        }
    }
    let single =
        Grouped::from_values("y", "g", &[("a", vec![1.0]), ("b", vec![2.0]), ("c", vec![4.0])]);
    let found = pairs(&single.unwrap(), &[Method::Tukey], L);
    assert!(matches!(found, Err(Error::TooFew { .. })), "{found:?}");
}

#[test]
fn a_group_counts_its_own_gaps() {
    let columns = vec![
        Column::number("y", vec![Ok(1.0), Err(Missing::Blank), Ok(3.0), Ok(5.0), Ok(4.0)]),
        Column::factor("g", &[Ok("a"), Ok("a"), Ok("a"), Ok("b"), Err(Missing::Blank)]),
    ];
    let groups = grouped(&Table::new(columns, (2..7).collect()).unwrap(), "y", "g").unwrap();
    let rows = describe(&groups, L).unwrap();
    let of = |group: &str| rows.iter().find(|r| r.group.as_deref() == Some(group)).unwrap();
    assert_eq!((of("g = a").n_excluded, of("g = b").n_excluded), (1, 0));
    assert_eq!(groups.n_excluded(), 2);
}

#[test]
fn billions_of_counted_respondents_are_ranked_or_refused() {
    let counted = |each: u64| {
        let values = [1.0, 2.0, 3.0, 2.0, 3.0, 5.0];
        let counts = Some(vec![each; 6]);
        grouped(&table(&values, &[0, 0, 0, 1, 1, 1], counts), "y", "g").unwrap()
    };
    for method in [Method::KruskalWallis, Method::MannWhitney] {
        // 6e10 respondents: their fourth power leaves 127 bits.
        let many = &compare(&counted(10_000_000_000), &[method], L).unwrap()
            [1.min(usize::from(method.for_two()))];
        let few =
            &compare(&counted(1_000), &[method], L).unwrap()[1.min(usize::from(method.for_two()))];
        assert!((many.value.unwrap() - few.value.unwrap()).abs() < 1e-12, "{method}");
        if let (Some(a), Some(b)) = (many.std_error, few.std_error) {
            let shrunk = (b * b * 2999.0) / (a * a * (3e10 - 1.0));
            assert!((shrunk - 1.0).abs() < 1e-9, "{shrunk}");
        }
        let found = compare(&counted(1_000_000_000_000), &[method], L);
        assert!(matches!(found, Err(Error::TooManyToRank { .. })), "{found:?}");
    }
}
