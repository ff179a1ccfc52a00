//! Items as an instrument against mpmath, psych, lavaan, girth and a likelihood of scipy's.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

mod samples;

use samples::{L, oracle, table};
use serde_json::Value;
use ssi_infer::Error;
use ssi_infer::reliability::{
    ItemError, Items, alpha, alpha_without, difficulty, graded, item_outcome, item_rest, omega,
    parallel, rasch,
};
use ssi_infer::resample::Bootstrap;
use ssi_vocab::{Column, Estimate, Missing, Note, Quiet, Seen};

const HOW: Bootstrap = Bootstrap { resamples: 100, seed: 1 };

fn number(value: &Value) -> f64 {
    value.as_str().map_or_else(|| value.as_f64().unwrap(), |text| text.parse().unwrap())
}

fn near(found: f64, wanted: f64, tolerance: f64, what: &str) {
    let error = (found - wanted).abs();
    assert!(error <= tolerance * wanted.abs().max(1e-2), "{what}: {found:e}, not {wanted:e}");
}

fn of(rows: &[Vec<Seen<f64>>]) -> Items {
    let k = rows[0].len();
    let names: Vec<String> = (0..k).map(|j| format!("i{j}")).collect();
    let column = |j: usize| Column::number(&names[j], rows.iter().map(|r| r[j]).collect());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Items::new(&table((0..k).map(column).collect()), &names).unwrap()
}

fn rows(case: &Value) -> Vec<Vec<Seen<f64>>> {
    let row = |row: &Value| {
        let cells = row.as_array().unwrap().iter();
        cells.map(|v| v.as_f64().ok_or(Missing::Blank)).collect()
    };
    case["rows"].as_array().unwrap().iter().map(row).collect()
}

fn cases() -> Vec<(String, Value, Items)> {
    let file = oracle("reliability.py.json");
    let each = file["data"].as_object().unwrap().iter();
    each.map(|(name, case)| (name.clone(), case.clone(), of(&rows(case)))).collect()
}

#[test]
fn alphas_and_correlations_with_the_rest() {
    let r = oracle("reliability.r.json");
    for (name, case, items) in cases() {
        // Variances of numbers near 1e6 rest on ten digits of them.
        let digits = if name == "offset" { 1e-9 } else { 1e-12 };
        let three = |row: &Estimate, wanted: &Value| {
            near(row.value.unwrap(), number(&wanted[0]), digits, &name);
            let ends = row.interval.as_ref().unwrap();
            near(ends.low, number(&wanted[1]), digits, &name);
            near(ends.high, number(&wanted[2]), digits, &name);
        };
        let whole = alpha(&items, L).unwrap();
        assert_eq!(whole.n_obs as u64, case["n"].as_u64().unwrap());
        three(&whole, &case["alpha"]);
        near(whole.value.unwrap(), number(&r[&name]["alpha"]), 1e-8, &name);
        let without = alpha_without(&items, L).unwrap();
        assert_eq!(without.len(), items.names().len());
        for (j, row) in without.iter().enumerate() {
            three(row, &case["without"][j]);
            near(row.value.unwrap(), number(&r[&name]["without"][j]), 1e-8, &name);
        }
        for (j, row) in item_rest(&items, L).unwrap().iter().enumerate() {
            near(row.value.unwrap(), number(&case["item_rest"][j]), digits, &name);
            near(row.value.unwrap(), number(&r[&name]["item_rest"][j]), 1e-8, &name);
        }
    }
}

#[test]
fn one_factor_and_the_components() {
    let r = oracle("reliability.r.json");
    for (name, case, items) in cases() {
        let row = omega(&items, &HOW, L, &Quiet).unwrap();
        // The iteration stops where its steps are 1e-13, which is not yet the top's last digit.
        near(row.value.unwrap(), number(&case["omega"]), 1e-10, &name);
        near(row.value.unwrap(), number(&r[&name]["omega"]), 1e-6, &name);
        let ends = row.interval.unwrap();
        assert!(ends.low < row.value.unwrap() && row.value.unwrap() < ends.high);
        let found = parallel(&items, &HOW, L, &Quiet).unwrap();
        let values: Vec<f64> = found
            .rows
            .iter()
            .filter(|e| e.method == "eigenvalue")
            .map(|e| e.value.unwrap())
            .collect();
        let digits = if name == "offset" { 1e-9 } else { 1e-12 };
        for (value, wanted) in values.iter().zip(case["eigenvalues"].as_array().unwrap()) {
            near(*value, number(wanted), digits, &name);
        }
        near(values.iter().sum(), items.names().len() as f64, 1e-12, &name);
        // One dimension is built in.
        assert_eq!(found.rows.last().unwrap().value, Some(1.0), "{name}");
    }
}

#[test]
fn graded_response_models() {
    let file = oracle("reliability.py.json");
    let mut seen = 0;
    for (name, case, items) in cases() {
        let Some(wanted) = case.get("grm") else { continue };
        seen += 1;
        let found = graded(&items, L).unwrap();
        near(found.log_lik, number(&wanted["log_lik"]), 1e-12, &name);
        let row = |term: String| found.rows.iter().find(|e| e.term == term).unwrap().clone();
        for (j, (a, thresholds)) in found.parameters.iter().enumerate() {
            let wanted_a = &wanted["a"][j];
            near(*a, number(&wanted_a[0]), 1e-8, &name);
            near(row(format!("a(i{j})")).std_error.unwrap(), number(&wanted_a[1]), 1e-6, &name);
            assert_eq!(thresholds.len(), wanted["b"][j].as_array().unwrap().len());
            for (k, b) in thresholds.iter().enumerate() {
                let wanted_b = &wanted["b"][j][k];
                near(*b, number(&wanted_b[0]), 1e-8, &name);
                let se = row(format!("b{}(i{j})", k + 1)).std_error.unwrap();
                near(se, number(&wanted_b[1]), 1e-6, &name);
                // girth searches by other sums, and stops early.
                if let Some(other) = file["girth"].get(&name) {
                    assert!((b - number(&other["b"][j][k])).abs() < 0.1, "{name} {b} {other}");
                }
            }
            if let Some(other) = file["girth"].get(&name) {
                assert!((a - number(&other["a"][j])).abs() < 0.1 * a, "{name} {a} {other}");
            }
        }
        // Curves rise from the lowest answer to the highest.
        let curve = found.expected(0, &[-50.0, 0.0, 50.0]);
        let answers = &found.answers[0];
        near(curve[0], answers[0], 1e-9, &name);
        near(curve[2], answers[answers.len() - 1], 1e-9, &name);
        assert!(curve[0] < curve[1] && curve[1] < curve[2]);
    }
    assert!(seen >= 3);
}

fn answers(rows: &[[f64; 3]]) -> Items {
    of(&rows.iter().map(|r| r.map(Ok).to_vec()).collect::<Vec<_>>())
}

#[test]
fn instruments_that_say_nothing_have_named_outcomes() {
    let few = Error::from(ItemError::TooFewItems { found: 1 });
    let one = of(&[vec![Ok(1.0)], vec![Ok(0.0)]]);
    assert_eq!(alpha(&one, L).unwrap_err(), few);
    assert_eq!(graded(&one, L).unwrap_err(), few);
    let nobody = of(&[vec![Ok(1.0), Err(Missing::NotVisible)], vec![Err(Missing::Blank), Ok(1.0)]]);
    assert!(matches!(alpha(&nobody, L), Err(Error::TooFew { found: 0, .. })));
    assert!(matches!(parallel(&nobody, &HOW, L, &Quiet), Err(Error::TooFew { found: 0, .. })));

    let two = of(&[vec![Ok(1.0), Ok(0.0)], vec![Ok(0.0), Ok(1.0)], vec![Ok(1.0), Ok(1.0)]]);
    assert_eq!(omega(&two, &HOW, L, &Quiet).unwrap().note, Some(Note::TwoItems));
    assert!(alpha_without(&two, L).unwrap().is_empty());
    assert!(graded(&two, L).unwrap().rows.iter().all(|e| e.note == Some(Note::TwoItems)));

    // Fewer respondents than items, or as many.
    let small = answers(&[[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]);
    assert_eq!(omega(&small, &HOW, L, &Quiet).unwrap().note, Some(Note::TooFew));
    assert!(graded(&small, L).unwrap().rows.iter().all(|e| e.note == Some(Note::TooFew)));

    let constant = answers(&[[1.0, 0.0, 1.0], [1.0, 0.5, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.5]]);
    let (varying, left) = constant.varying();
    assert_eq!((varying.names().len(), left), (2, vec!["i0".to_owned()]));
    assert_eq!(item_rest(&constant, L).unwrap()[0].note, Some(Note::ConstantColumn));
    assert_eq!(difficulty(&constant, L)[0].note, Some(Note::ConstantColumn));
    assert_eq!(omega(&constant, &HOW, L, &Quiet).unwrap().value, None);

    // Equal items: alpha is 1, and an item is the others.
    let equal = answers(&[[1.0; 3], [0.0; 3], [0.5; 3], [1.0; 3], [0.0; 3]]);
    let whole = alpha(&equal, L).unwrap();
    assert_eq!((whole.value, whole.note), (Some(1.0), Some(Note::PerfectFit)));
    // Items that cancel have a sum that does not vary.
    let cancel =
        of(&[[0.0, 1.0], [1.0, 0.0], [0.25, 0.75], [0.5, 0.5]].map(|r| r.map(Ok).to_vec()));
    assert_eq!(alpha(&cancel, L).unwrap().note, Some(Note::ConstantColumn));
}

#[test]
fn no_number_is_undefined_whatever_the_data() {
    for size in [1e300, 1e-300, 1.0] {
        for seed in 1..8_u64 {
            let v = samples::noise(60, seed);
            let n = 4 + 2 * seed as usize;
            let level = |x: f64| size * (3.0 * x).floor() / 2.0;
            let rows: Vec<Vec<Seen<f64>>> = (0..n)
                .map(|i| {
                    (0..3).map(|j| Ok(level(0.6 * v[i] + 0.4 * v[(7 * i + j) % 60]))).collect()
                })
                .collect();
            let (items, _) = of(&rows).varying();
            if items.names().len() < 2 {
                continue;
            }
            let mut all = vec![alpha(&items, L).unwrap(), omega(&items, &HOW, L, &Quiet).unwrap()];
            all.extend(item_rest(&items, L).unwrap());
            all.extend(difficulty(&items, L));
            all.extend(parallel(&items, &HOW, L, &Quiet).unwrap().rows);
            all.extend(graded(&items, L).unwrap().rows);
            all.extend(rasch(&items, L).unwrap().rows);
            let y: Vec<Seen<f64>> = v[..n].iter().map(|v| Ok(*v)).collect();
            all.extend(item_outcome(&items, "y", &y, L).unwrap());
            for row in all {
                let ends = row.interval.as_ref().map(|i| [i.low, i.high]).into_iter().flatten();
                let mut numbers = row.value.into_iter().chain(row.std_error).chain(ends);
                assert!(numbers.all(f64::is_finite), "{row:?}");
                assert!(row.value.is_some() || row.note.is_some(), "{row:?}");
            }
        }
    }
}

#[test]
fn counts_stand_for_respondents() {
    let rows = [[1.0, 0.0, 1.0], [0.0, 0.5, 1.0], [1.0, 1.0, 0.5], [0.0, 0.0, 0.0]];
    let column = |j: usize, rows: &[[f64; 3]]| {
        samples::numbers(&format!("i{j}"), &rows.iter().map(|r| r[j]).collect::<Vec<_>>())
    };
    let counted = table((0..3).map(|j| column(j, &rows)).collect());
    let counted = counted.with_counts(vec![3, 2, 1, 2]).unwrap();
    let names = ["i0", "i1", "i2"];
    let out: Vec<[f64; 3]> =
        [3, 2, 1, 2].iter().zip(rows).flat_map(|(n, row)| std::iter::repeat_n(row, *n)).collect();
    let from_counts = alpha(&Items::new(&counted, &names).unwrap(), L).unwrap();
    assert_eq!(from_counts, alpha(&answers(&out), L).unwrap());
}
