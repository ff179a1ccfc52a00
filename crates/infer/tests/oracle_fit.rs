//! Weights, clusters, sums of squares and diagnostics against mpmath and R: `tests/oracles/fit.*`.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use serde_json::Value;
use ssi_infer::formula::{Extras, Modelled, WeightKind, model_with};
use ssi_infer::regress::{
    AugmentRow, ClusterKind, Covariance, Ols, StandardErrors, SumsOfSquares, anova, ols,
};
use ssi_vocab::{Column, Estimate, Level, Note, Table};

const R: &str = include_str!("../../../tests/oracles/fit.r.json");
const PYTHON: &str = include_str!("../../../tests/oracles/fit.py.json");
const L: Level = Level::DEFAULT;

/// Where both sides are right to the last digits.
const CLOSED_FORM: f64 = 1e-12;

fn table(name: &str) -> Table {
    let mut columns = samples::columns(&format!("regression_{name}"));
    let rows = columns[0].len();
    let made = |name: &str, of: &dyn Fn(usize) -> f64| {
        Column::number(name, (1..=rows).map(|i| Ok(of(i))).collect())
    };
    let positive = |i: usize| ((7 * i) % 11 + 1) as f64 / 4.0;
    columns.push(made("weight", &|i| if i % 17 == 0 { 0.0 } else { positive(i) }));
    columns.push(made("positive", &positive));
    columns.push(made("count", &|i| ((7 * i) % 11 / 3) as f64));
    columns.push(made("cluster", &|i| (i * i % 13) as f64));
    Table::new(columns, (2..rows + 2).collect()).unwrap()
}

fn extras(weights: Option<(&str, WeightKind)>) -> Extras {
    let weights = weights.map(|(name, kind)| (name.to_owned(), kind));
    Extras { weights, cluster: Some("cluster".to_owned()), ..Extras::default() }
}

fn modelled(case: &Value, extras: &Extras) -> (Ols, Modelled) {
    let found = model_with(&table(case["data"].as_str().unwrap()), text(case), extras).unwrap();
    (ols(&found.design).unwrap(), found)
}

fn text(case: &Value) -> &str {
    case["formula"].as_str().unwrap()
}

fn cases(text: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(text).unwrap();
    all["fits"].as_array().unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(values) => values.iter().map(|v| v.as_f64().unwrap()).collect(),
        None => vec![value.as_f64().unwrap()],
    }
}

/// A number smaller than this share of the largest beside it is what cancelled of numbers of that
/// size: both programs round their parts to 2⁻⁵³ at least once, so that n roundings leave some
/// √n·1.1e-16 of the largest, here below 1e-13 for each of 60 to 200 rows.
const NOTHING: f64 = 1e-13;

/// Compares each number relative to its own size; what is off by no more than [`NOTHING`] of the
/// largest is the same.
#[track_caller]
fn assert_same(what: &str, case: &Value, ours: &[f64], theirs: &Value, tolerance: f64) {
    let theirs = numbers(theirs);
    assert_eq!(ours.len(), theirs.len(), "{what} of {}", case["formula"]);
    let largest = theirs.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for (a, b) in ours.iter().zip(&theirs) {
        let gap = (a - b).abs();
        let error = gap / b.abs().max(f64::MIN_POSITIVE);
        assert!(
            error <= tolerance || gap <= NOTHING * largest,
            "{what} of {} ({}): {a} against {b}, off by {error:e}",
            case["formula"],
            case["data"]
        );
    }
}

fn values(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|e| e.value.unwrap()).collect()
}

fn errors(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|e| e.std_error.unwrap()).collect()
}

fn degrees(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|e| e.test.clone().unwrap().df.unwrap()).collect()
}

fn p_values(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|e| e.test.clone().unwrap().p_value.get()).collect()
}

fn clustered(fit: &Ols, made: &Modelled, kind: ClusterKind) -> Vec<Estimate> {
    let errors = StandardErrors::Cluster(kind, "cluster".to_owned());
    fit.estimates_with(&errors, made.clusters.as_ref(), L).unwrap()
}

const ROBUST: [(&str, Covariance); 5] = [
    ("hc0", Covariance::Hc0),
    ("hc1", Covariance::Hc1),
    ("hc2", Covariance::Hc2),
    ("hc3", Covariance::Hc3),
    ("hc4", Covariance::Hc4),
];

#[test]
fn weights_and_clusters_equal_forty_digit_arithmetic() {
    for case in cases(PYTHON) {
        for (key, weights) in
            [("plain", None), ("analytic", Some(("weight", WeightKind::Analytic)))]
        {
            let (fit, made) = modelled(&case, &extras(weights));
            let theirs = &case[key];
            let glance = fit.glance();
            let check = |what: &str, ours: &[f64], tolerance: f64| {
                assert_same(what, &case, ours, &theirs[what], tolerance);
            };
            let estimates = fit.estimates(Covariance::Classical, L);
            check("n_obs", &[fit.n_obs as f64], 0.0);
            check("estimate", &values(&estimates), 2e-14);
            check("std_error", &errors(&estimates), 2e-14);
            check("sigma", &[fit.sigma], 2e-14);
            check("r_squared", &[glance.r_squared.unwrap()], 2e-14);
            check("log_lik", &[glance.log_lik.unwrap()], 2e-14);
            check("aic", &[glance.aic.unwrap()], 2e-14);
            check("bic", &[glance.bic.unwrap()], 2e-14);
            check("press", &[fit.press().unwrap()], 2e-13);
            let predicted = fit.predicted_r_squared().unwrap();
            check("predicted_r_squared", &[predicted], CLOSED_FORM);
            for (name, kind) in ROBUST {
                let ours = errors(&fit.estimates(kind, L));
                assert_same(name, &case, &ours, &theirs["robust"][name], CLOSED_FORM);
            }
            let cr1 = clustered(&fit, &made, ClusterKind::Cr1);
            check("cr1", &errors(&cr1), CLOSED_FORM);
            assert!(degrees(&cr1).iter().all(|df| *df == 6.0));
            let cr2 = clustered(&fit, &made, ClusterKind::Cr2);
            check("cr2", &errors(&cr2), CLOSED_FORM);
            check("cr2_df", &degrees(&cr2), CLOSED_FORM);
            let rows = fit.augment(L).rows;
            let used: Vec<AugmentRow> =
                numbers(&theirs["used"]).iter().map(|i| rows[*i as usize].clone()).collect();
            let hat: Vec<f64> = used.iter().map(|r| r.hat).collect();
            check("hat", &hat, CLOSED_FORM);
            let standardised: Vec<f64> = used.iter().map(|r| r.std_resid.unwrap()).collect();
            check("std_resid", &standardised, CLOSED_FORM);
        }
    }
}

#[test]
fn sums_of_squares_equal_forty_digit_arithmetic() {
    for case in cases(PYTHON) {
        for (key, weights) in
            [("anova", None), ("anova_analytic", Some(("weight", WeightKind::Analytic)))]
        {
            let extras = extras(weights);
            let (fit, made) = modelled(&case, &extras);
            for number in 1..=3 {
                let kind = SumsOfSquares::new(number).unwrap();
                let errors = StandardErrors::default();
                let rows =
                    anova(&fit, &made.recipe, kind, &errors, &made.table, text(&case), &extras);
                let sums: Vec<f64> = rows.unwrap().iter().map(|r| r.sum_sq.unwrap()).collect();
                let (_, terms) = sums.split_last().unwrap();
                let theirs = &case[key][number.to_string()];
                assert_same("type", &case, terms, theirs, CLOSED_FORM);
            }
        }
    }
}

#[test]
fn the_checks_equal_forty_digit_arithmetic() {
    for case in cases(PYTHON) {
        for (key, weights) in
            [("checks", None), ("checks_analytic", Some(("weight", WeightKind::Analytic)))]
        {
            let (fit, _) = modelled(&case, &extras(weights));
            let all = fit.diagnostics();
            for name in
                ["breusch_pagan", "breusch_pagan_original", "white", "reset", "durbin_watson"]
            {
                let check = all.iter().find(|c| c.name == name).unwrap();
                let theirs = numbers(&case[key][name]);
                let error = (check.value.unwrap() / theirs[0] - 1.0).abs();
                assert!(error < 1e-11, "{key} {name} of {}: {error:e}", case["formula"]);
                let p = check.p_value.unwrap();
                let error = (p - theirs[1]).abs();
                // The tail of Durbin and Watson's statistic is an integral.
                let relative = if name == "durbin_watson" { 1.0 } else { theirs[1] };
                assert!(error < 1e-11 * relative, "{key} p of {name}: {p} {}", theirs[1]);
                if name == "white" {
                    assert_eq!(check.df, case[key]["white_df"].as_f64());
                }
            }
        }
    }
}

#[test]
fn weighted_fits_equal_r() {
    for case in cases(R) {
        let (fit, _) = modelled(&case, &extras(Some(("weight", WeightKind::Analytic))));
        let theirs = &case["wls"];
        let glance = fit.glance();
        let check = |what: &str, ours: &[f64]| {
            assert_same(what, &case, ours, &theirs[what], CLOSED_FORM);
        };
        let estimates = fit.estimates(Covariance::Classical, L);
        assert!(estimates.iter().all(|e| e.method == "wls"));
        check("estimate", &values(&estimates));
        check("std_error", &errors(&estimates));
        check("p_value", &p_values(&estimates));
        check("sigma", &[fit.sigma]);
        check("r_squared", &[glance.r_squared.unwrap()]);
        check("adj_r_squared", &[glance.adj_r_squared.unwrap()]);
        check("f", &[glance.statistic.unwrap()]);
        check("df_residual", &[fit.df_residual as f64]);
        check("log_lik", &[glance.log_lik.unwrap()]);
        check("aic", &[glance.aic.unwrap()]);
        check("bic", &[glance.bic.unwrap()]);
        let rows = fit.augment(L).rows;
        let column = |pick: fn(&AugmentRow) -> f64| rows.iter().map(pick).collect::<Vec<_>>();
        check("fitted", &column(|r| r.fitted));
        check("resid", &column(|r| r.resid));
        check("conf_low", &column(|r| r.conf_low));
        check("conf_high", &column(|r| r.conf_high));
        // R leaves the rows of weight 0 out of some columns, and we have no value there.
        let some = |values: Vec<Option<f64>>| values.into_iter().flatten().collect::<Vec<_>>();
        let seen = |what: &str, ours: Vec<Option<f64>>| {
            let ours = some(ours);
            let theirs: Vec<f64> =
                theirs[what].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
            let zero = fit.residuals.len() - ours.len();
            assert!(zero > 1, "{what}");
            if theirs.len() == ours.len() {
                assert_same(what, &case, &ours, &theirs.into(), CLOSED_FORM);
            } else {
                let kept: Vec<f64> =
                    (0..theirs.len()).filter(|i| (i + 1) % 17 != 0).map(|i| theirs[i]).collect();
                assert_same(what, &case, &ours, &kept.into(), CLOSED_FORM);
            }
        };
        let used = |r: &AugmentRow| r.std_resid.is_some().then_some(r.hat);
        assert!(rows.iter().all(|r| used(r).is_some() || r.hat == 0.0));
        seen("hat", rows.iter().map(used).collect());
        seen("std_resid", rows.iter().map(|r| r.std_resid).collect());
        seen("cooks_d", rows.iter().map(|r| r.cooks_d).collect());
        seen("student_resid", fit.influence().iter().map(|i| i.student_resid).collect());
        seen("pred_low", rows.iter().map(|r| r.pred_low).collect());
        seen("pred_high", rows.iter().map(|r| r.pred_high).collect());
    }
}

#[test]
fn robust_errors_of_weighted_fits_equal_sandwich_club_sandwich_and_survey() {
    for case in cases(R) {
        let theirs = &case["positive"];
        let (fit, made) = modelled(&case, &extras(Some(("positive", WeightKind::Analytic))));
        for (name, kind) in ROBUST {
            let ours = errors(&fit.estimates(kind, L));
            assert_same(name, &case, &ours, &theirs["robust"][name], CLOSED_FORM);
        }
        let cr1 = errors(&clustered(&fit, &made, ClusterKind::Cr1));
        assert_same("cr1", &case, &cr1, &theirs["cr1"], CLOSED_FORM);
        let cr2 = clustered(&fit, &made, ClusterKind::Cr2);
        // clubSandwich takes the roots of n × n matrices in doubles.
        assert_same("cr2", &case, &errors(&cr2), &theirs["cr2"], 1e-10);
        assert_same("cr2_df", &case, &degrees(&cr2), &theirs["cr2_df"], 1e-10);

        let (fit, made) = modelled(&case, &extras(Some(("positive", WeightKind::Probability))));
        let n = fit.n_obs as f64;
        let scaled = |values: Vec<f64>, by: f64| -> Vec<f64> {
            values.into_iter().map(|v| v * by.sqrt()).collect()
        };
        let hc0 = scaled(errors(&fit.estimates(Covariance::Hc0, L)), n / (n - 1.0));
        assert_same("survey", &case, &hc0, &theirs["survey"], 1e-11);
        let k = fit.terms.len() as f64;
        let cr1 = clustered(&fit, &made, ClusterKind::Cr1);
        let cr1 = scaled(errors(&cr1), (n - k) / (n - 1.0));
        assert_same("survey_clusters", &case, &cr1, &theirs["survey_clusters"], 1e-11);
    }
}

#[test]
fn clusters_influence_and_sums_of_squares_equal_r() {
    for case in cases(R) {
        let extras = extras(None);
        let (fit, made) = modelled(&case, &extras);
        let cr1 = errors(&clustered(&fit, &made, ClusterKind::Cr1));
        assert_same("cr1", &case, &cr1, &case["cr1"], CLOSED_FORM);
        let cr2 = clustered(&fit, &made, ClusterKind::Cr2);
        assert_same("cr2", &case, &errors(&cr2), &case["cr2"], 1e-10);
        assert_same("cr2_df", &case, &degrees(&cr2), &case["cr2_df"], 1e-10);
        assert_same("cr2_p", &case, &p_values(&cr2), &case["cr2_p"], 1e-9);
        let influence = fit.influence();
        let student: Vec<f64> = influence.iter().map(|i| i.student_resid.unwrap()).collect();
        assert_same("student_resid", &case, &student, &case["student_resid"], CLOSED_FORM);
        let dfbetas: Vec<f64> =
            influence.iter().flat_map(|i| i.dfbetas.iter().map(|d| d.unwrap())).collect();
        assert_same("dfbetas", &case, &dfbetas, &case["dfbetas"], 2e-11);
        for number in 1..=3 {
            let kind = SumsOfSquares::new(number).unwrap();
            let plain = StandardErrors::default();
            let rows = anova(&fit, &made.recipe, kind, &plain, &made.table, text(&case), &extras);
            let rows = rows.unwrap();
            let sums: Vec<f64> = rows.iter().map(|r| r.sum_sq.unwrap()).collect();
            // R subtracts residual sums of squares for types II and III.
            assert_same("type", &case, &sums, &case["anova"][number.to_string()], 1e-11);
            if number == 3 {
                let f: Vec<f64> = rows.iter().filter_map(|r| r.statistic).collect();
                assert_same("f3", &case, &f, &case["anova"]["f3"], 1e-11);
                let p: Vec<f64> = rows.iter().filter_map(|r| r.p_value).collect();
                assert_same("p3", &case, &p, &case["anova"]["p3"], 1e-9);
                let hc3 = StandardErrors::Each(Covariance::Hc3);
                let rows = anova(&fit, &made.recipe, kind, &hc3, &made.table, text(&case), &extras);
                let f: Vec<f64> = rows.unwrap().iter().map(|r| r.statistic.unwrap()).collect();
                assert_same("hc3", &case, &f, &case["anova"]["hc3"], 1e-10);
            }
        }
        let nested = fit.against(&made.table, case["against"].as_str().unwrap(), &extras).unwrap();
        assert_same("f", &case, &[nested.statistic.unwrap()], &case["nested"]["f"], 1e-11);
        assert_same("p", &case, &[nested.p_value.unwrap()], &case["nested"]["p"], 1e-10);
        assert_same("df", &case, &[nested.df], &case["nested"]["df"], 0.0);
        let vif: Vec<f64> = fit.vif(&made.recipe).iter().map(|v| v.gvif).collect();
        assert_same("vif", &case, &vif, &case["vif"], CLOSED_FORM);
        let all = fit.diagnostics();
        for (name, tolerance) in [
            ("breusch_pagan_original", 1e-12),
            ("reset", 1e-9),
            ("shapiro_wilk", 1e-10),
            ("anderson_darling", 1e-11),
            ("durbin_watson", 1e-9),
        ] {
            let check = all.iter().find(|c| c.name == name).unwrap();
            let ours = [check.value.unwrap(), check.p_value.unwrap()];
            let theirs = numbers(&case[name]);
            // lmtest's exact algorithm fails on this set, and it falls back on an approximation.
            let exact = name != "durbin_watson" || case["data"] != "ties";
            let theirs = &theirs[..if exact { 2 } else { 1 }];
            for (a, b) in ours.iter().zip(theirs) {
                let error = (a / b - 1.0).abs();
                assert!(error < tolerance, "{name} of {}: {a} {b} {error:e}", case["formula"]);
            }
        }
    }
}

#[test]
fn frequency_weights_give_what_the_rows_give() {
    let table = table("factor");
    let counted = extras(Some(("count", WeightKind::Frequency)));
    let made = model_with(&table, "y ~ x * region", &counted).unwrap();
    let (fit, counts) = (ols(&made.design).unwrap(), made.table.counts().unwrap().to_vec());
    let mut rows = Vec::new();
    for (i, n) in counts.iter().enumerate() {
        rows.extend(std::iter::repeat_n(i, *n as usize));
    }
    let repeated: Vec<Column> = table
        .columns()
        .iter()
        .map(|c| {
            let (levels, codes) = c.groups();
            match c.numbers() {
                Ok(v) => Column::number(&c.name, rows.iter().map(|i| v[*i]).collect()),
                Err(_) => {
                    let word = |i: &usize| Ok(levels[codes[*i].unwrap() as usize].as_str());
                    Column::factor(&c.name, &rows.iter().map(word).collect::<Vec<_>>())
                }
            }
        })
        .collect();
    let long = Table::new(repeated, (2..rows.len() + 2).collect()).unwrap();
    let long_made = model_with(&long, "y ~ x * region", &extras(None)).unwrap();
    let long_fit = ols(&long_made.design).unwrap();
    let close = |what: &str, a: f64, b: f64| {
        assert!((a / b - 1.0).abs() < 1e-11, "{what}: {a} {b}");
    };
    for kind in [ClusterKind::Cr1, ClusterKind::Cr2] {
        let (a, b) = (clustered(&fit, &made, kind), clustered(&long_fit, &long_made, kind));
        for (a, b) in a.iter().zip(&b) {
            close("std_error", a.std_error.unwrap(), b.std_error.unwrap());
            close("df", a.test.clone().unwrap().df.unwrap(), b.test.clone().unwrap().df.unwrap());
        }
    }
    close("press", fit.press().unwrap(), long_fit.press().unwrap());
    for (a, b) in fit.standardised().iter().zip(&long_fit.standardised()) {
        close("standardised", a.estimate, b.estimate);
    }
    let theirs = long_fit.diagnostics();
    for check in fit.diagnostics() {
        let other = theirs.iter().find(|c| c.name == check.name).unwrap();
        if check.name == "durbin_watson" {
            assert_eq!((check.value, check.note), (None, Some(Note::NoOrder)));
            continue;
        }
        close(&check.name, check.value.unwrap(), other.value.unwrap());
    }
    for number in 1..=3 {
        let kind = SumsOfSquares::new(number).unwrap();
        let errors = StandardErrors::default();
        let text = "y ~ x * region";
        let kept = counted.of_kept();
        let a = anova(&fit, &made.recipe, kind, &errors, &made.table, text, &kept).unwrap();
        let plain = extras(None);
        let b = anova(&long_fit, &long_made.recipe, kind, &errors, &long, text, &plain).unwrap();
        for (a, b) in a.iter().zip(&b) {
            close(&a.term, a.sum_sq.unwrap(), b.sum_sq.unwrap());
        }
    }
}

#[test]
fn normality_tests_equal_r_at_every_size() {
    use ssi_infer::regress::{anderson_darling, shapiro_wilk};
    let all: Value = serde_json::from_str(R).unwrap();
    let sample = |n: usize| -> Vec<f64> {
        (1..=n).map(|i| libm::sin(i as f64) + (i % 3) as f64 / 7.0).collect()
    };
    let close = |a: f64, b: &Value| {
        let b = b.as_f64().unwrap();
        assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    };
    for case in all["shapiro"].as_array().unwrap() {
        let (w, p) = shapiro_wilk(&sample(case["n"].as_u64().unwrap() as usize)).unwrap();
        close(w, &case["w"]);
        close(p, &case["p"]);
    }
    for case in all["anderson"].as_array().unwrap() {
        let (a, p) = anderson_darling(&sample(case["n"].as_u64().unwrap() as usize)).unwrap();
        close(a, &case["a"]);
        close(p, &case["p"]);
    }
}
