//! Bounded, capped and categorical outcomes against mpmath and R: `tests/oracles/bounded.*`.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, close, oracle};
use serde_json::Value;
use ssi_infer::bounded::{beta, censored, fractional, tobit};
use ssi_infer::categories::{Coded, coded, firth, logistic, ordinal};
use ssi_infer::formula::{Extras, WeightKind, model_with};
use ssi_infer::model::Errors;
use ssi_infer::regress::StandardErrors;
use ssi_vocab::{Estimate, Table};

const DATA: [&str; 4] = ["plain", "small", "ties", "offset"];

/// R prints 15 digits and takes the weights of its last step but one; 1e5 units from the intercept
/// its sandwiches, made of normal equations, keep five digits.
fn r_tolerance(name: &str) -> f64 {
    if name == "offset" { 1e-5 } else { 1e-7 }
}

/// mpmath at 30 digits; the likelihoods of `offset` are 1e5 predictor units from their intercept.
const EXACT: f64 = 1e-9;

fn table(name: &str) -> Table {
    samples::table(samples::columns(&format!("bounded_{name}")))
}

fn errors(text: &str) -> StandardErrors {
    text.parse().unwrap()
}

fn extras(se: &StandardErrors) -> Extras {
    Extras { cluster: se.cluster().map(str::to_owned), ..Extras::default() }
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().map(|v| v.as_f64().unwrap()).collect(),
        other => vec![other.as_f64().unwrap()],
    }
}

fn agree(what: &str, found: &[f64], wanted: &Value, tolerance: f64) {
    let wanted = numbers(wanted);
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (j, (f, w)) in found.iter().zip(&wanted).enumerate() {
        // An intercept 1e5 units away is a small difference of large numbers.
        let size = if what.starts_with("offset") && w.abs() < 1.0 { 1.0 } else { 0.0 };
        assert!(
            close(*f, *w, tolerance) || (f - w).abs() < tolerance * size,
            "{what} {j}: {f}, {w}"
        );
    }
}

fn values(rows: &[Estimate]) -> Vec<f64> {
    rows.iter().map(|r| r.value.unwrap()).collect()
}

fn std_errors(rows: &[Estimate]) -> Vec<f64> {
    rows.iter().map(|r| r.std_error.unwrap()).collect()
}

fn named<'a>(rows: &'a [Estimate], term: &str) -> &'a Estimate {
    rows.iter().find(|r| r.term == term).unwrap()
}

fn profiles(what: &str, rows: &[Estimate], wanted: &Value) {
    let wanted = wanted.as_array().unwrap();
    assert!(wanted.len() > 3, "{what}");
    for (row, wanted) in rows.iter().zip(wanted).filter(|(_, wanted)| !wanted.is_null()) {
        let interval = row.interval.as_ref().unwrap();
        assert_eq!(interval.method, "profile", "{what}");
        agree(
            &format!("{what} {}", row.term),
            &[interval.low, interval.high],
            &wanted["ends"],
            1e-8,
        );
        let statistic = row.test.as_ref().unwrap().statistic.unwrap();
        let lr = wanted["lr"].as_f64().unwrap();
        assert!(
            (statistic - lr).abs() < 1e-8 * (1.0 + lr),
            "{what} {}: {statistic}, {lr}",
            row.term
        );
    }
}

fn binary(name: &str, formula: &str, se: &StandardErrors) -> Coded {
    coded(&table(name), formula, &extras(se)).unwrap()
}

#[test]
fn logistic_is_that_of_mpmath_and_r() {
    let (python, r) = (oracle("bounded.py.json"), oracle("bounded.r.json"));
    for name in DATA {
        let (exact, r) = (&python[name]["logistic"], &r[name]["logistic"]);
        for se in ["classical", "hc0", "hc1", "cluster:cluster"] {
            let kind = errors(se);
            let coded = binary(name, "binary ~ x + z + g", &kind);
            let with = Errors { kind: &kind, clusters: coded.modelled.clusters.as_ref() };
            let model = logistic(&coded, &with).unwrap();
            let rows = model.estimates(L);
            let of = |what: &str| format!("{name} {se} {what}");
            agree(&of("b"), &values(&rows[..5]), &exact["coef"], EXACT);
            if se != "classical" {
                let column = if se.starts_with("cluster") { "cr1" } else { se };
                agree(&of("errors"), &std_errors(&rows), &r[column], r_tolerance(name));
                continue;
            }
            agree(&of("errors"), &std_errors(&rows[..5]), &exact["se"], EXACT);
            agree(&of("log_lik"), &[model.fit.glance.log_lik.unwrap()], &exact["log_lik"], 1e-12);
            agree(&of("aic"), &[model.fit.glance.aic.unwrap()], &r["aic"], 1e-12);
            agree(&of("bic"), &[model.fit.glance.bic.unwrap()], &r["bic"], 1e-12);
            agree(&of("null"), &[model.fit.glance.null_deviance.unwrap()], &r["null"], 1e-12);
            profiles(&of("profile"), &rows, &exact["profile"]);
            assert_eq!(rows.len(), 10);
            assert_eq!(rows[7].interval.as_ref().unwrap().method, "wald");
            let measures = model.measures(&rows, L);
            let auc = named(&measures, "auc");
            agree(&of("auc"), &[auc.value.unwrap()], &r["auc"], 1e-12);
            agree(&of("auc error"), &[auc.std_error.unwrap()], &r["auc_se"], 1e-12);
            agree(
                &of("brier"),
                &values(&[named(&measures, "brier_score").clone()]),
                &r["brier"],
                r_tolerance(name),
            );
            let calibration =
                ["calibration_intercept", "calibration_slope"].map(|t| named(&measures, t).clone());
            for (j, row) in calibration.iter().enumerate() {
                let wanted = (&r["calibration"][j], &r["calibration_se"][j]);
                assert!((row.value.unwrap() - wanted.0.as_f64().unwrap()).abs() < 1e-7);
                agree(
                    &of("calibration error"),
                    &std_errors(std::slice::from_ref(row)),
                    wanted.1,
                    1e-7,
                );
            }
            for term in ["ame(x)", "ame(gC)"] {
                let row = named(&measures, term);
                let wanted = &exact[term.replace('(', "_").trim_end_matches(')')];
                agree(&of(term), &[row.value.unwrap(), row.std_error.unwrap()], wanted, 1e-8);
            }
            let ratio = named(&measures, "odds_ratio(x)");
            assert!(close(ratio.value.unwrap().ln(), rows[1].value.unwrap(), 1e-14));
        }
    }
}

#[test]
fn frequency_weights_are_repeated_rows() {
    let r = oracle("bounded.r.json");
    let kind = StandardErrors::default();
    for name in DATA {
        let weights = Some(("count".to_owned(), WeightKind::Frequency));
        let extras = Extras { weights, ..Extras::default() };
        let counted = coded(&table(name), "binary ~ x + z", &extras).unwrap();
        let with = Errors { kind: &kind, clusters: None };
        let model = logistic(&counted, &with).unwrap();
        let rows = model.estimates(L);
        let wanted = &r[name]["weighted"];
        agree(&format!("{name} weighted"), &values(&rows[..3]), &wanted["coef"], r_tolerance(name));
        agree(
            &format!("{name} weighted errors"),
            &std_errors(&rows[..3]),
            &wanted["se"],
            r_tolerance(name),
        );

        // Every model: the rows written out say the same, whatever is asked.
        let own = table(name);
        let counts = own.column("count").unwrap().numbers().unwrap().to_vec();
        let repeated = |column: &ssi_vocab::Column| {
            let at = counts
                .iter()
                .enumerate()
                .flat_map(|(i, c)| std::iter::repeat_n(i, c.unwrap() as usize));
            match &column.cells {
                ssi_vocab::Cells::Number(v) => {
                    ssi_vocab::Column::number(&column.name, at.map(|i| v[i]).collect())
                }
                ssi_vocab::Cells::Factor { levels, codes } => {
                    let words: Vec<_> =
                        at.map(|i| codes[i].map(|c| levels[c as usize].as_str())).collect();
                    ssi_vocab::Column::factor(&column.name, &words)
                }
                ssi_vocab::Cells::Capped(_) => unreachable!("the data have no capped column"),
            }
        };
        let long = samples::table(own.columns().iter().map(repeated).collect());
        let both = |what: &str, a: Vec<Estimate>, b: Vec<Estimate>| {
            assert_eq!(a.len(), b.len(), "{name} {what}");
            for (a, b) in a.iter().zip(&b) {
                let values = [a.value, b.value].map(|v| v.unwrap());
                assert!(
                    (values[0] - values[1]).abs() < 1e-8 * (1.0 + values[0].abs()),
                    "{name} {what} {}: {values:?}",
                    a.term
                );
                if let (Some(a), Some(b)) = (a.std_error, b.std_error) {
                    assert!(close(a, b, 1e-7), "{name} {what}: {a}, {b}");
                }
                if let (Some(a), Some(b)) = (&a.interval, &b.interval) {
                    assert!((a.low - b.low).abs() < 1e-6 * (1.0 + a.low.abs()), "{name} {what}");
                }
            }
        };
        let plain = Extras::default();
        let of = |table: &Table, extras: &Extras| {
            let hc1 = errors("hc1");
            let with = Errors { kind: &kind, clusters: None };
            let robust = Errors { kind: &hc1, clusters: None };
            let c = coded(table, "binary ~ x + z", extras).unwrap();
            let (l, f) = (logistic(&c, &with).unwrap(), firth(&c, &with).unwrap());
            let o = ordinal(&coded(table, "ordered ~ x + z", extras).unwrap(), &with).unwrap();
            let m = model_with(table, "inner ~ x + z", extras).unwrap();
            let s = fractional(&m, 0.0, 100.0, &robust).unwrap();
            let b = beta(&m, 0.0, 100.0, &with).unwrap();
            let t = censored(table, "limited ~ x + z", extras).unwrap();
            let t = tobit(&t, Some(0.0), Some(300.0), &robust).unwrap();
            let rows = l.estimates(L);
            let mut all = l.measures(&rows, L);
            all.extend(rows);
            for more in [f.estimates(L), o.estimates(L), s.estimates(L), s.measures(L)] {
                all.extend(more);
            }
            for more in [b.estimates(L), b.measures(L), t.estimates(L), t.measures(L)] {
                all.extend(more);
            }
            all
        };
        both("counts", of(&own, &extras), of(&long, &plain));
    }
}

#[test]
fn firth_is_that_of_mpmath_and_brglm2() {
    let (python, r) = (oracle("bounded.py.json"), oracle("bounded.r.json"));
    let kind = StandardErrors::default();
    for name in DATA {
        let (exact, r) = (&python[name]["firth"], &r[name]["firth"]);
        let coded = binary(name, "binary ~ x + z + g", &kind);
        let model = firth(&coded, &Errors { kind: &kind, clusters: None }).unwrap();
        let rows = model.estimates(L);
        agree(&format!("{name} firth"), &values(&rows[..5]), &exact["coef"], EXACT);
        agree(&format!("{name} firth errors"), &std_errors(&rows[..5]), &exact["se"], EXACT);
        agree(&format!("{name} brglm2"), &values(&rows[..5]), &r["coef"], 1e-6);
        let log_lik = model.fit.glance.log_lik.unwrap();
        agree(&format!("{name} log_lik"), &[log_lik], &exact["log_lik"], 1e-11);
        profiles(&format!("{name} firth profile"), &rows, &exact["profile"]);
    }
}

#[test]
fn ordinal_is_that_of_mpmath_and_clm() {
    let (python, r) = (oracle("bounded.py.json"), oracle("bounded.r.json"));
    let kind = StandardErrors::default();
    let mut tested = 0;
    for name in DATA {
        let (exact, r) = (&python[name]["ordinal"], &r[name]["ordinal"]);
        let coded = binary(name, "ordered ~ x + z + g", &kind);
        let model = ordinal(&coded, &Errors { kind: &kind, clusters: None }).unwrap();
        let rows = model.estimates(L);
        assert_eq!(rows[0].term, "1|2");
        let p = model.fit.terms.len();
        agree(&format!("{name} ordinal"), &values(&rows[..p]), &exact["coef"], EXACT);
        agree(&format!("{name} ordinal errors"), &std_errors(&rows[..p]), &exact["se"], EXACT);
        // clm stops short of the top where predictors are 1e5 from 0.
        let clm = name != "offset";
        if clm {
            agree(&format!("{name} clm"), &values(&rows[..p]), &r["coef"], 1e-7);
        }
        let log_lik = model.fit.glance.log_lik.unwrap();
        agree(&format!("{name} log_lik"), &[log_lik], &exact["log_lik"], 1e-12);
        profiles(&format!("{name} ordinal profile"), &rows[3..7], &exact["profile"]);
        let check = |name: &str| model.fit.glance.checks.iter().find(|c| c.name == name);
        if let Some(wanted) = exact["brant"].as_f64() {
            let brant = check("brant").unwrap();
            let found = brant.value.unwrap();
            assert!(close(found, wanted, 1e-8), "{name} brant: {found}, {wanted}");
            assert_eq!(brant.df, Some(8.0));
            tested += 1;
        }
        if let Some(free) = r["free"].as_f64().filter(|_| clm) {
            let found = check("proportional_odds").unwrap().value.unwrap();
            let wanted = 2.0 * (free - log_lik);
            assert!((found - wanted).abs() < 1e-7 * (1.0 + wanted), "{name}: {found}, {wanted}");
            tested += 1;
        }
    }
    assert!(tested >= 4, "the checks were compared {tested} times");
}

#[test]
fn fractional_is_that_of_quasibinomial_and_sandwich() {
    let r = oracle("bounded.r.json");
    for name in DATA {
        let r = &r[name]["fractional"];
        for (se, column) in
            [("classical", "se"), ("hc0", "hc0"), ("hc1", "hc1"), ("cluster:cluster", "cr1")]
        {
            let kind = errors(se);
            let modelled = model_with(&table(name), "share ~ x + z + g", &extras(&kind)).unwrap();
            let with = Errors { kind: &kind, clusters: modelled.clusters.as_ref() };
            let model = fractional(&modelled, 0.0, 100.0, &with).unwrap();
            let rows = model.estimates(L);
            agree(&format!("{name} fractional"), &values(&rows), &r["coef"], r_tolerance(name));
            agree(
                &format!("{name} fractional {se}"),
                &std_errors(&rows),
                &r[column],
                r_tolerance(name),
            );
            let deviance = model.fit.glance.deviance.unwrap();
            agree(&format!("{name} deviance"), &[deviance], &r["deviance"], 1e-11);
            let null = model.fit.glance.null_deviance.unwrap();
            agree(&format!("{name} null"), &[null], &r["null"], 1e-11);
        }
    }
}

#[test]
fn beta_is_that_of_mpmath() {
    let python = oracle("bounded.py.json");
    let kind = StandardErrors::default();
    for name in DATA {
        let exact = &python[name]["beta"];
        let modelled = model_with(&table(name), "inner ~ x + z + g", &Extras::default()).unwrap();
        let with = Errors { kind: &kind, clusters: None };
        let model = beta(&modelled, 0.0, 100.0, &with).unwrap();
        let (rows, measures) = (model.estimates(L), model.measures(L));
        let phi = named(&measures, "phi");
        let mut b = values(&rows);
        b.push(phi.value.unwrap().ln());
        let mut s = std_errors(&rows);
        s.push(phi.std_error.unwrap() / phi.value.unwrap());
        agree(&format!("{name} beta"), &b, &exact["coef"], EXACT);
        agree(&format!("{name} beta errors"), &s, &exact["se"], EXACT);
        let log_lik = model.fit.glance.log_lik.unwrap();
        agree(&format!("{name} log_lik"), &[log_lik], &exact["log_lik"], 1e-11);
        let pseudo = named(&measures, "pseudo_r_squared").value.unwrap();
        agree(&format!("{name} pseudo R²"), &[pseudo], &exact["pseudo_r_squared"], EXACT);
        let ame = named(&measures, "ame(x)");
        let found = [ame.value.unwrap(), ame.std_error.unwrap()];
        agree(&format!("{name} ame"), &found, &exact["ame_x"], 1e-8);
    }
}

#[test]
fn tobit_is_that_of_survreg() {
    let (python, r) = (oracle("bounded.py.json"), oracle("bounded.r.json"));
    for name in DATA {
        for (lower, column) in [(Some(0.0), "tobit"), (None, "tobit_upper")] {
            let wanted = &r[name][column];
            for (se, errors_column) in [("classical", "se"), ("hc0", "hc0"), ("hc1", "hc1")] {
                let kind = errors(se);
                let censored =
                    censored(&table(name), "limited ~ x + z + g", &Extras::default()).unwrap();
                let with = Errors { kind: &kind, clusters: None };
                let model = tobit(&censored, lower, Some(300.0), &with).unwrap();
                let (rows, measures) = (model.estimates(L), model.measures(L));
                let sigma = named(&measures, "sigma");
                let mut s = std_errors(&rows);
                s.push(sigma.std_error.unwrap() / sigma.value.unwrap());
                let what = format!("{name} {column} {se}");
                agree(&what, &values(&rows), &wanted["coef"], r_tolerance(name));
                agree(&what, &[sigma.value.unwrap().ln()], &wanted["log_sigma"], r_tolerance(name));
                agree(&what, &s, &wanted[errors_column], r_tolerance(name));
                let log_lik = model.fit.glance.log_lik.unwrap();
                agree(&what, &[log_lik], &wanted["log_lik"], 1e-12);
                if column == "tobit" && se == "classical" {
                    let exact = &python[name]["tobit"];
                    let checks = &model.fit.glance.checks;
                    let check = checks.iter().find(|c| c.name == "unequal_spread").unwrap();
                    let lr = exact["unequal_spread"].as_f64().unwrap();
                    assert!(
                        (check.value.unwrap() - lr).abs() < 1e-6 * (1.0 + lr),
                        "{what}: {check:?}, {lr}"
                    );
                    let ame = named(&measures, "ame(x)").value.unwrap();
                    agree(&format!("{what} ame"), &[ame], &exact["ame_x"], 1e-6);
                }
            }
        }
    }
}
