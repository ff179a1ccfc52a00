//! What bounded, capped and categorical outcomes refuse, and what they say at their edges.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, close, noise, numbers};
use ssi_infer::Error;
use ssi_infer::bounded::{Tobit, beta, censored, fractional, tobit};
use ssi_infer::categories::{Coded, coded, firth, logistic, ordinal};
use ssi_infer::formula::{Extras, model_with};
use ssi_infer::model::{Errors, ModelError};
use ssi_infer::regress::{StandardErrors, ols};
use ssi_vocab::{Capped, Column, Note, Table, Warning};

const CLASSICAL: StandardErrors = StandardErrors::Each(ssi_infer::regress::Covariance::Classical);
const PLAIN: Errors<'_> = Errors { kind: &CLASSICAL, clusters: None };

fn table(columns: &[(&str, &[f64])]) -> Table {
    samples::table(columns.iter().map(|(name, values)| numbers(name, values)).collect())
}

fn outcome(y: &[f64], x: &[f64]) -> Table {
    table(&[("y", y), ("x", x)])
}

fn ask(table: &Table, formula: &str) -> Coded {
    coded(table, formula, &Extras::default()).unwrap()
}

fn tobit_of(table: &Table, low: Option<f64>, high: Option<f64>) -> ssi_infer::Result<Tobit> {
    tobit(&censored(table, "y ~ x", &Extras::default())?, low, high, &PLAIN)
}

fn shares(table: &Table, low: f64, high: f64) -> [Option<Error>; 2] {
    let modelled = model_with(table, "y ~ x", &Extras::default()).unwrap();
    let one = fractional(&modelled, low, high, &PLAIN).err();
    [one, beta(&modelled, low, high, &PLAIN).err()]
}

const X: [f64; 8] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];

#[test]
fn separation_is_named_and_firth_is_finite() {
    let z = noise(8, 4);
    let y = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    // Complete; and quasi-complete, as x = 4 then has both values.
    for fifth in [5.0, 4.0] {
        let mut x = X;
        x[4] = fifth;
        let table = table(&[("y", &y), ("z", &z), ("x", &x)]);
        let coded = ask(&table, "y ~ z + x");
        let error = logistic(&coded, &PLAIN).unwrap_err();
        let Error::Model(ModelError::Separated { columns, .. }) = &error else { panic!("{error}") };
        assert_eq!(columns, &["x"]);
        assert!(error.to_string().contains("firth"), "{error}");
        let model = firth(&coded, &PLAIN).unwrap();
        for row in model.estimates(L) {
            assert!(row.value.unwrap().is_finite() && row.interval.is_some(), "{row:?}");
        }
        let error = ordinal(&coded, &PLAIN).unwrap_err();
        assert!(
            matches!(&error, Error::Model(ModelError::Separated { columns, .. }) if columns == &["x"])
        );
    }
}

#[test]
fn a_group_without_an_event_separates() {
    let g = ["a", "a", "a", "a", "b", "b", "b", "b"].map(Ok);
    let y = [0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    let columns = vec![numbers("y", &y), Column::factor("g", &g), numbers("x", &X)];
    let table = samples::table(columns);
    let error = logistic(&ask(&table, "y ~ x + g"), &PLAIN).unwrap_err();
    assert!(
        matches!(&error, Error::Model(ModelError::Separated { columns, .. }) if columns == &["gb"])
    );
    let modelled = model_with(&table, "y ~ x + g", &Extras::default()).unwrap();
    assert!(fractional(&modelled, 0.0, 1.0, &PLAIN).is_err());
}

#[test]
fn certain_but_not_separated_is_fitted() {
    // Log-odds far beyond 15 at the ends, and one pair that keeps the top finite.
    let x = [-1000.0, -900.0, -800.0, -0.5, 0.5, 800.0, 900.0, 1000.0];
    let y = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0];
    let model = logistic(&ask(&outcome(&y, &x), "y ~ x"), &PLAIN).unwrap();
    assert!(model.fit.coefficients[1] > 0.0);
    assert!(model.fit.glance.gradient.unwrap() < 1e-8);
}

#[test]
fn an_outcome_has_to_be_two_valued() {
    let y = [1.0, 2.0, 1.0, 2.0, 2.0, 1.0, 2.0, 1.0];
    for (y, part) in [(y, "the values 1 and 2"), (X, "8 different")] {
        let error = logistic(&ask(&outcome(&y, &X[..]), "y ~ x"), &PLAIN);
        let error = error.map(|_| ()).unwrap_err();
        assert!(error.is_usage() && error.to_string().contains(part), "{error}");
    }
    let words = ["no", "yes", "no", "yes", "yes", "no", "no", "yes"].map(Ok);
    let columns = vec![Column::factor("y", &words), numbers("x", &X)];
    let model = logistic(&ask(&samples::table(columns), "y ~ x"), &PLAIN).unwrap();
    assert_eq!(model.event, "yes");
    let error = logistic(&ask(&outcome(&[1.0; 8], &X), "y ~ x"), &PLAIN).unwrap_err();
    assert_eq!(error, Error::Constant { column: "y".to_owned() });
}

#[test]
fn few_events_are_told() {
    let y = [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let model = logistic(&ask(&outcome(&y, &X), "y ~ x"), &PLAIN).unwrap();
    assert_eq!(model.fit.warnings, [Warning::FewEvents { events: 2, predictors: 1, group: None }]);
}

#[test]
fn too_few_collinear_and_robust_errors_that_need_leverages() {
    let y = [0.0, 1.0, 0.0, 1.0];
    let few = outcome(&y[..2], &X[..2]);
    assert!(matches!(logistic(&ask(&few, "y ~ x"), &PLAIN), Err(Error::TooFew { .. })));
    let double: Vec<f64> = X.iter().map(|v| 2.0 * v).collect();
    let y = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
    let both = table(&[("y", &y), ("x", &X), ("d", &double)]);
    for formula in ["y ~ x + d"] {
        let coded = ask(&both, formula);
        for error in [
            logistic(&coded, &PLAIN).err(),
            firth(&coded, &PLAIN).err(),
            ordinal(&coded, &PLAIN).err(),
        ] {
            assert!(
                matches!(&error, Some(Error::Collinear { columns }) if columns.contains(&"d".to_owned()))
            );
        }
    }
    for se in ["hc2", "hc3", "hc4", "cr2:x"] {
        let kind = se.parse().unwrap();
        let errors = Errors { kind: &kind, clusters: None };
        let error = logistic(&ask(&both, "y ~ x"), &errors).unwrap_err();
        assert!(error.is_usage() && error.to_string().contains("hc1"), "{error}");
    }
    assert!(
        firth(&ask(&both, "y ~ x"), &Errors { kind: &"hc0".parse().unwrap(), clusters: None })
            .is_err()
    );
    let error = ordinal(&ask(&both, "y ~ 0 + x"), &PLAIN).unwrap_err();
    assert!(matches!(error, Error::Model(ModelError::NoIntercept { .. })));
}

#[test]
fn an_outcome_outside_its_bounds_has_its_row() {
    let y = [10.0, 20.0, 30.0, 101.0, 50.0, 60.0, 70.0, 80.0];
    for error in shares(&outcome(&y, &X), 0.0, 100.0) {
        let error = error.unwrap();
        let Error::Model(ModelError::OutOfBounds { row, value, .. }) = &error else {
            panic!("{error}")
        };
        assert_eq!((*row, *value), (5, 101.0));
    }
    let y = [10.0, 20.0, 30.0, 45.0, 40.0, 60.0, 70.0, 100.0];
    let [one, two] = shares(&outcome(&y, &X), 0.0, 100.0);
    assert_eq!(one, None);
    assert!(matches!(two, Some(Error::Model(ModelError::AtBound { row: 9, .. }))));
    for error in shares(&outcome(&y, &X), 100.0, 0.0) {
        assert!(error.unwrap().is_usage());
    }
}

#[test]
fn ordered_outcome_of_two_levels_is_a_logistic_one() {
    let y = [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0];
    let coded = ask(&outcome(&y, &X), "y ~ x");
    let (a, b) = (logistic(&coded, &PLAIN).unwrap(), ordinal(&coded, &PLAIN).unwrap());
    assert!(close(a.fit.coefficients[1], b.fit.coefficients[1], 1e-9));
    assert!(close(a.fit.coefficients[0], -b.fit.coefficients[0], 1e-9));
    assert_eq!(b.fit.terms, ["0|1", "x"]);
}

#[test]
fn nobody_at_a_limit_is_least_squares() {
    let y: Vec<f64> = noise(8, 3).iter().zip(X).map(|(e, x)| 10.0 * e + x).collect();
    let table = outcome(&y, &X);
    let model = tobit_of(&table, None, None).unwrap();
    assert_eq!(model.fit.warnings, [Warning::NobodyCensored { column: "y".to_owned() }]);
    let least = ols(&model_with(&table, "y ~ x", &Extras::default()).unwrap().design).unwrap();
    for (a, b) in model.fit.coefficients.iter().zip(&least.coefficients) {
        assert!(close(*a, *b, 1e-9), "{a}, {b}");
    }
    let log_lik = least.glance().log_lik.unwrap();
    assert!(close(model.fit.glance.log_lik.unwrap(), log_lik, 1e-12));
    // On a line exactly there is no top.
    let line = tobit_of(&outcome(&X.map(|x| 2.0 * x + 1.0), &X), None, None).unwrap_err();
    assert!(matches!(line, Error::Model(ModelError::NotConverged { .. })), "{line}");
    let all = tobit_of(&outcome(&X, &X), Some(100.0), Some(200.0)).unwrap_err();
    assert!(matches!(all, Error::Model(ModelError::AllCensored { .. })), "{all}");
    assert!(tobit_of(&table, Some(3.0), Some(1.0)).unwrap_err().is_usage());
}

#[test]
fn a_capped_column_brings_its_limit() {
    let numbers_of: Vec<f64> = noise(40, 8).iter().map(|e| (600.0 * e + 1.0).round()).collect();
    let x: Vec<f64> = noise(40, 21).iter().zip(&numbers_of).map(|(e, y)| e + y / 300.0).collect();
    let cell = |v: &f64| Ok(Capped { value: v.min(500.0), at_least: *v >= 500.0 });
    let capped = Column::capped("y", numbers_of.iter().map(cell).collect());
    let own = samples::table(vec![capped, numbers("x", &x)]);
    let cut: Vec<f64> = numbers_of.iter().map(|v| v.min(500.0)).collect();
    let plain = samples::table(vec![numbers("y", &cut), numbers("x", &x)]);
    for formula in ["y ~ x", "log10(y) ~ x"] {
        let of = |table: &Table, upper: Option<f64>| {
            let censored = censored(table, formula, &Extras::default()).unwrap();
            tobit(&censored, None, upper, &PLAIN).unwrap()
        };
        let upper = if formula == "y ~ x" { 500.0 } else { 500_f64.log10() };
        let (a, b) = (of(&own, None), of(&plain, Some(upper)));
        assert_eq!(a.fit.coefficients, b.fit.coefficients, "{formula}");
        let above = a.measures(L).into_iter().find(|r| r.term == "n_above").unwrap();
        assert_eq!(above.value, Some(numbers_of.iter().filter(|v| **v >= 500.0).count() as f64));
    }
}

#[test]
fn an_area_of_one_has_no_interval() {
    let y = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    let model = firth(&ask(&outcome(&y, &X), "y ~ x"), &PLAIN).unwrap();
    let measures = model.measures(&model.estimates(L), L);
    let auc = measures.iter().find(|r| r.term == "auc").unwrap();
    assert_eq!((auc.value, auc.note, &auc.interval), (Some(1.0), Some(Note::Separated), &None));
}

#[test]
fn units_and_shifts_change_nothing_but_the_numbers_they_must() {
    let n = 60;
    let (x, e) = (noise(n, 31), noise(n, 32));
    let y: Vec<f64> = (0..n).map(|i| f64::from(u8::from(x[i] + e[i] > 1.0))).collect();
    let of = |shift: f64, unit: f64| {
        let moved: Vec<f64> = x.iter().map(|v| unit * v + shift).collect();
        logistic(&ask(&outcome(&y, &moved), "y ~ x"), &PLAIN).unwrap()
    };
    let plain = of(0.0, 1.0);
    for (shift, unit) in [(0.0, 1e60), (0.0, 1e-60), (1e6, 1.0), (-3.0, 7.0)] {
        let other = of(shift, unit);
        assert!(close(other.fit.coefficients[1] * unit, plain.fit.coefficients[1], 1e-8));
        let pair = [&other, &plain].map(|m| m.fit.glance.log_lik.unwrap());
        assert!(close(pair[0], pair[1], 1e-10), "{shift}, {unit}: {pair:?}");
        for row in other.estimates(L).iter().skip(1) {
            if let Some(interval) = &row.interval {
                let value = row.value.unwrap();
                assert!(interval.low < value && value < interval.high);
            }
        }
    }
}

#[test]
fn effects_count_every_term_of_a_column() {
    // E(y) is nearly linear in x², so its average slope is near that of the squares.
    let n = 80;
    let x: Vec<f64> = noise(n, 41).iter().map(|v| 2.0 * v - 1.0).collect();
    let y: Vec<f64> = x.iter().zip(noise(n, 42)).map(|(x, e)| 40.0 + 10.0 * x * x + e).collect();
    let modelled = model_with(&outcome(&y, &x), "y ~ x + I(x^2)", &Extras::default()).unwrap();
    let model = fractional(&modelled, 0.0, 100.0, &PLAIN).unwrap();
    let measures = model.measures(L);
    assert_eq!(measures.len(), 1);
    // By hand: the mean over respondents of the curve's own difference quotient.
    let b = &model.fit.coefficients;
    let at = |x: f64| 100.0 / (1.0 + (-(b[0] + b[1] * x + b[2] * x * x)).exp());
    let h = 1e-5;
    let slope = x.iter().map(|x| (at(x + h) - at(x - h)) / (2.0 * h)).sum::<f64>() / n as f64;
    assert!((measures[0].value.unwrap() - slope).abs() < 1e-7, "{:?}, {slope}", measures[0].value);
}
