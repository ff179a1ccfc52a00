//! Weights, clusters, tests of terms and checks at their edges.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use ssi_infer::Error;
use ssi_infer::formula::{Extras, Modelled, WeightKind, model_with};
use ssi_infer::regress::{
    ClusterKind, Covariance, Ols, StandardErrors, SumsOfSquares, anova, ols, shapiro_wilk,
};
use ssi_vocab::{Column, Level, Missing, Note, Table};

const L: Level = Level::DEFAULT;

fn numbers(name: &str, values: impl IntoIterator<Item = f64>) -> Column {
    Column::number(name, values.into_iter().map(Ok).collect())
}

/// Twelve respondents, with weights and clusters of several kinds.
fn table() -> Table {
    let y = [3.1, 4.0, 5.2, 4.4, 6.9, 7.7, 6.1, 9.0, 8.2, 10.4, 9.9, 12.5];
    let columns = vec![
        numbers("y", y),
        numbers("x", (1..=12).map(f64::from)),
        numbers("k", [0.0, 1.0].into_iter().cycle().take(12)),
        numbers("line", (1..=12).map(|i| 3.0 + 2.0 * f64::from(i))),
        numbers("one", [1.0; 12]),
        numbers("half", [0.5; 12]),
        numbers("own", (1..=12).map(f64::from)),
        numbers("pair", (0..12).map(|i| f64::from(i / 2))),
        numbers("negative", (0..12).map(|i| if i == 4 { -1.0 } else { 1.0 })),
        numbers("infinite", (0..12).map(|i| if i == 5 { f64::INFINITY } else { 1.0 })),
        numbers("zero", [0.0; 12]),
        numbers("huge", (0..12).map(|i| if i == 5 { 1e300 } else { 1.0 })),
        Column::number(
            "gap",
            (0..12)
                .map(|i| if i == 2 { Err(Missing::Blank) } else { Ok(1.0 + f64::from(i)) })
                .collect(),
        ),
    ];
    Table::new(columns, (2..14).collect()).unwrap()
}

fn weighted(column: &str, kind: WeightKind) -> Extras {
    Extras { weights: Some((column.to_owned(), kind)), ..Extras::default() }
}

fn clustered(column: &str) -> Extras {
    Extras { cluster: Some(column.to_owned()), ..Extras::default() }
}

fn fit(formula: &str, extras: &Extras) -> Result<(Ols, Modelled), Error> {
    let made = model_with(&table(), formula, extras)?;
    Ok((ols(&made.design)?, made))
}

fn errors(fit: &Ols, kind: Covariance) -> Vec<f64> {
    fit.estimates(kind, L).iter().map(|e| e.std_error.unwrap()).collect()
}

#[track_caller]
fn close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-13 * b.abs(), "{a} {b}");
    }
}

#[test]
fn a_weight_that_is_none_is_named_with_its_row() {
    let refused =
        |column: &str, kind: WeightKind| fit("y ~ x", &weighted(column, kind)).unwrap_err();
    for kind in WeightKind::ALL {
        assert!(matches!(refused("negative", kind), Error::Weight { row: 6, value: -1.0, .. }));
        assert!(matches!(refused("infinite", kind), Error::Weight { row: 7, .. }));
    }
    assert!(matches!(refused("half", WeightKind::Frequency), Error::Weight { row: 2, .. }));
    for kind in [WeightKind::Analytic, WeightKind::Probability] {
        assert!(matches!(refused("zero", kind), Error::TooFew { found: 0, .. }));
        assert!(matches!(refused("huge", kind), Error::Magnitude { .. }));
    }
    assert!(refused("zero", WeightKind::Frequency).to_string().contains("at least"));
}

#[test]
fn a_missing_weight_or_cluster_leaves_its_row_out_and_lists_it() {
    for extras in [
        weighted("gap", WeightKind::Frequency),
        weighted("gap", WeightKind::Analytic),
        clustered("gap"),
    ] {
        let (fit, made) = fit("y ~ x", &extras).unwrap();
        assert_eq!((fit.rows.len(), fit.n_excluded), (11, 1));
        assert_eq!(
            (made.design.excluded[0].row, made.design.excluded[0].column.as_str()),
            (4, "gap")
        );
    }
}

#[test]
fn equal_weights_change_no_error_and_no_likelihood_of_weight_one() {
    let (plain, _) = fit("y ~ x", &Extras::default()).unwrap();
    let (one, _) = fit("y ~ x", &weighted("one", WeightKind::Analytic)).unwrap();
    let (half, _) = fit("y ~ x", &weighted("half", WeightKind::Analytic)).unwrap();
    assert_eq!(plain.glance().log_lik, one.glance().log_lik);
    // A likelihood of the same data does not depend on the unit of the weights.
    close(&[half.glance().log_lik.unwrap()], &[plain.glance().log_lik.unwrap()]);
    for kind in Covariance::ALL {
        close(&errors(&one, kind), &errors(&plain, kind));
        close(&errors(&half, kind), &errors(&plain, kind));
    }
    assert_eq!((plain.method(), one.method()), ("ols", "wls"));
    let (drawn, _) = fit("y ~ x", &weighted("half", WeightKind::Probability)).unwrap();
    close(&[drawn.sigma], &[plain.sigma]);
    close(&errors(&drawn, Covariance::Hc1), &errors(&plain, Covariance::Hc1));
}

#[test]
fn errors_that_probability_weights_do_not_allow_are_refused() {
    let (fit, made) = fit(
        "y ~ x",
        &Extras { cluster: Some("pair".into()), ..weighted("own", WeightKind::Probability) },
    )
    .unwrap();
    for kind in Covariance::ALL {
        let asked = fit.estimates_with(&StandardErrors::Each(kind), None, L);
        let allowed = matches!(kind, Covariance::Hc0 | Covariance::Hc1);
        assert_eq!(asked.is_ok(), allowed, "{kind}");
        let note = fit.estimates(kind, L)[1].note;
        assert_eq!(note == Some(Note::ErrorsUndefined), !allowed, "{kind}");
    }
    let clusters = made.clusters.unwrap();
    assert!(fit.clustered(&clusters, ClusterKind::Cr1).is_ok());
    let refused = fit.clustered(&clusters, ClusterKind::Cr2).unwrap_err();
    assert!(refused.is_usage(), "{refused}");
    assert_eq!(fit.glance().log_lik, None);
}

#[test]
fn clusters_of_one_give_hc1_and_hc2() {
    let (fit, made) = fit("y ~ x + k", &clustered("own")).unwrap();
    let clusters = made.clusters.unwrap();
    let of = |kind| {
        let found = fit.clustered(&clusters, kind).unwrap().covariance;
        (0..3).map(|j| found[[j, j]].sqrt()).collect::<Vec<f64>>()
    };
    close(&of(ClusterKind::Cr1), &errors(&fit, Covariance::Hc1));
    close(&of(ClusterKind::Cr2), &errors(&fit, Covariance::Hc2));
}

#[test]
fn one_cluster_is_too_few() {
    let refused = fit("y ~ x", &clustered("one")).unwrap_err();
    assert!(matches!(refused, Error::TooFewClusters { found: 1, .. }), "{refused}");
}

#[test]
fn a_cluster_that_holds_a_group_of_its_own_leaves_an_error_or_none_but_never_a_nan() {
    // Both clusters are the levels of k: the intercept and k are known exactly within each.
    let (fit, made) = fit("y ~ k", &clustered("k")).unwrap();
    let errors = StandardErrors::Cluster(ClusterKind::Cr2, "k".to_owned());
    for e in fit.estimates_with(&errors, made.clusters.as_ref(), L).unwrap() {
        assert!(e.std_error.is_none_or(f64::is_finite), "{e:?}");
        assert!(e.std_error.is_some() || e.note == Some(Note::ErrorsUndefined), "{e:?}");
    }
}

#[test]
fn a_perfect_fit_has_neither_f_nor_tests_of_residuals() {
    let extras = Extras::default();
    let (fit, made) = fit("line ~ x + k", &extras).unwrap();
    assert!(fit.perfect);
    for number in 1..=3 {
        let kind = SumsOfSquares::new(number).unwrap();
        let errors = StandardErrors::default();
        let text = "line ~ x + k";
        let rows = anova(&fit, &made.recipe, kind, &errors, &made.table, text, &extras).unwrap();
        assert!(rows.iter().all(|r| r.statistic.is_none() && r.p_value.is_none()));
        let terms = &rows[..rows.len() - 1];
        assert!(terms.iter().all(|r| r.note == Some(Note::PerfectFit)), "{terms:?}");
    }
    assert!(fit.diagnostics().iter().all(|c| c.p_value.is_none()));
    assert_eq!(fit.against(&made.table, "line ~ x", &extras).unwrap().statistic, None);
    assert!(fit.influence().iter().all(|i| i.student_resid.is_none()));
}

#[test]
fn models_that_are_not_nested_are_refused() {
    let extras = Extras::default();
    let (fit, made) = fit("y ~ x", &extras).unwrap();
    for smaller in ["y ~ k", "line ~ 1", "y ~ x", "y ~ gap"] {
        let refused = fit.against(&made.table, smaller, &extras).unwrap_err();
        assert!(matches!(refused, Error::NotNested { .. }), "{smaller}: {refused}");
    }
    let found = fit.against(&made.table, "y ~ 1", &extras).unwrap();
    close(&[found.statistic.unwrap()], &[fit.glance().statistic.unwrap()]);
    close(&[found.delta_r_squared.unwrap()], &[fit.glance().r_squared.unwrap()]);
}

#[test]
fn robust_tests_of_terms_are_walds_or_refused() {
    let extras = clustered("pair");
    let (fit, made) = fit("y ~ x + k", &extras).unwrap();
    let ask = |number: u8, errors: &str| {
        let (kind, errors) = (SumsOfSquares::new(number).unwrap(), errors.parse().unwrap());
        anova(&fit, &made.recipe, kind, &errors, &made.table, "y ~ x + k", &extras)
    };
    let rows = ask(3, "hc3").unwrap();
    let t = fit.estimates(Covariance::Hc3, L)[1].test.clone().unwrap();
    // F of one coefficient is the square of its t.
    close(&[rows[1].statistic.unwrap()], &[t.statistic.unwrap().powi(2)]);
    assert_eq!((rows[1].sum_sq, rows.len()), (None, 3));
    assert_eq!(ask(3, "cluster:pair").unwrap()[1].df2, Some(5.0));
    for (number, errors) in [(1, "hc3"), (2, "hc1"), (3, "cr2:pair"), (1, "cluster:pair")] {
        let refused = ask(number, errors).unwrap_err();
        assert!(matches!(refused, Error::ErrorsOfTest { .. }), "{refused}");
    }
}

#[test]
fn a_term_whose_errors_are_undefined_has_no_test() {
    // One respondent alone in a group has a leverage of 1.
    let groups = ["a", "a", "a", "b", "b", "b", "c"].map(Ok::<_, ssi_vocab::Missing>);
    let y = numbers("y", [3.0, 1.0, 4.0, 1.5, 9.0, 2.0, 6.0]);
    let table = Table::new(vec![y, Column::factor("g", &groups)], (1..=7).collect()).unwrap();
    let made = model_with(&table, "y ~ g", &Extras::default()).unwrap();
    let fit = ols(&made.design).unwrap();
    let kind = SumsOfSquares::new(3).unwrap();
    let extras = Extras::default();
    let hc3 = "hc3".parse().unwrap();
    let rows = anova(&fit, &made.recipe, kind, &hc3, &table, "y ~ g", &extras).unwrap();
    for row in rows.iter().filter(|row| row.term != "Residuals") {
        assert_eq!((row.statistic, row.sum_sq, row.p_value), (None, None, None), "{}", row.term);
    }
}

#[test]
fn more_coefficients_than_clusters_carry_have_no_test() {
    let twelve = |of: &dyn Fn(usize) -> f64| (0..12).map(of).collect::<Vec<_>>();
    let names: Vec<String> = (0..12).map(|i| format!("g{}", i % 4)).collect();
    let names: Vec<_> = names.iter().map(Ok::<_, ssi_vocab::Missing>).collect();
    let columns = vec![
        numbers("y", twelve(&|i| ((i * i * 7) % 11) as f64)),
        numbers("team", twelve(&|i| (i % 3) as f64)),
        Column::factor("g", &names),
    ];
    let table = Table::new(columns, (1..=12).collect()).unwrap();
    let extras = clustered("team");
    let made = model_with(&table, "y ~ g", &extras).unwrap();
    let fit = ols(&made.design).unwrap();
    let kind = SumsOfSquares::new(3).unwrap();
    let errors = "cluster:team".parse().unwrap();
    let rows = anova(&fit, &made.recipe, kind, &errors, &table, "y ~ g", &extras).unwrap();
    let group = rows.iter().find(|row| row.term == "g").unwrap();
    assert_eq!((group.df, group.statistic), (3.0, None));
}

#[test]
fn few_or_extreme_respondents_give_numbers_or_nothing() {
    let few = |n: usize, scale: f64| {
        let y = (0..n).map(|i| scale * [3.0, 1.0, 4.0, 1.5, 9.0, 2.0, 6.0, 5.0][i % 8]);
        let columns = vec![numbers("y", y), numbers("x", (0..n).map(|i| (i * i) as f64))];
        let table = Table::new(columns, (1..=n).collect()).unwrap();
        model_with(&table, "y ~ x", &Extras::default()).and_then(|made| ols(&made.design))
    };
    for n in 0..3 {
        assert!(few(n, 1.0).is_err());
    }
    for scale in [1e-70, 1.0, 1e70] {
        for n in 3..40 {
            let fit = few(n, scale).unwrap();
            for check in fit.diagnostics() {
                assert!(check.value.is_none_or(f64::is_finite), "{n} {scale}: {check:?}");
                assert!(check.value.is_some() || check.note.is_some(), "{n}: {check:?}");
                assert!(check.p_value.is_none_or(|p| (0.0..=1.0).contains(&p)), "{check:?}");
            }
            assert!(fit.press().is_none_or(f64::is_finite));
        }
    }
}

#[test]
fn normality_of_too_few_or_equal_numbers_is_undefined() {
    assert_eq!(shapiro_wilk(&[1.0, 2.0]), None);
    assert_eq!(shapiro_wilk(&[4.0; 20]), None);
    let (w, p) = shapiro_wilk(&[1.0, 1.0, 2.0]).unwrap();
    assert!((w - 0.75).abs() < 1e-14 && p < 1e-7, "{w} {p}");
}
