//! The Rasch model against its likelihood written out whole, eRm and psychotools.
//!
//! The references are printed by `tests/oracles/rasch.py` and `tests/oracles/rasch.R`; the data by
//! `tests/oracles/reliability.py`.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

mod samples;

use samples::{L, oracle, table};
use serde_json::Value;
use ssi_infer::reliability::{Items, Rasch, rasch};
use ssi_vocab::{Column, Estimate, Missing, Note, Seen};

#[track_caller]
fn near(found: f64, wanted: &Value, tolerance: f64, what: &str) {
    let wanted = wanted.as_f64().unwrap();
    let error = (found - wanted).abs() / wanted.abs().max(1e-2);
    assert!(error <= tolerance, "{what}: {found:e}, not {wanted:e}");
}

fn of(rows: &[Vec<Seen<f64>>]) -> Items {
    let names: Vec<String> = (0..rows[0].len()).map(|j| format!("i{j}")).collect();
    let columns = names.iter().enumerate().map(|(j, name)| {
        let cells: Vec<Seen<f64>> = rows.iter().map(|r| r[j]).collect();
        Column::number(name, cells)
    });
    let table = table(columns.collect());
    Items::new(&table, &names.iter().map(String::as_str).collect::<Vec<_>>()).unwrap()
}

fn whole(rows: &[&[f64]]) -> Items {
    of(&rows.iter().map(|r| r.iter().map(|v| Ok(*v)).collect()).collect::<Vec<_>>())
}

fn cases() -> Vec<(String, Items)> {
    let cells = |row: &Value| -> Vec<Seen<f64>> {
        row.as_array().unwrap().iter().map(|v| v.as_f64().ok_or(Missing::Blank)).collect()
    };
    let file = oracle("reliability.py.json");
    let data = file["data"].as_object().unwrap().iter();
    data.map(|(name, case)| {
        let rows: Vec<_> = case["rows"].as_array().unwrap().iter().map(cells).collect();
        (name.clone(), of(&rows))
    })
    .collect()
}

fn rows<'f>(found: &'f Rasch, method: &str) -> Vec<&'f Estimate> {
    found.rows.iter().filter(|e| e.method == method).collect()
}

fn flat(value: &Value) -> Vec<Value> {
    value.as_array().unwrap().iter().flat_map(|v| v.as_array().unwrap().clone()).collect()
}

#[test]
fn the_conditional_likelihood_is_that_of_all_answers_written_out() {
    let oracle = oracle("rasch.py.json");
    for (name, items) in cases() {
        let wanted = &oracle["data"][&name];
        let found = rasch(&items, L).unwrap();
        assert_eq!(found.n_obs as u64, wanted["n"].as_u64().unwrap(), "{name}");
        near(found.log_lik, &wanted["log_lik"], 1e-12, &name);
        let thresholds = rows(&found, "rasch");
        let (values, errors) = (flat(&wanted["thresholds"]), flat(&wanted["se"]));
        assert_eq!(thresholds.len(), values.len());
        for ((row, value), error) in thresholds.iter().zip(&values).zip(&errors) {
            near(row.value.unwrap(), value, 1e-10, &format!("{name} {}", row.term));
            near(row.std_error.unwrap(), error, 1e-10, &format!("{name} se {}", row.term));
            let ends = row.interval.as_ref().unwrap();
            let half = 1.959_963_984_540_054 * row.std_error.unwrap();
            assert!((ends.high - ends.low - 2.0 * half).abs() < 1e-12);
        }
        for method in ["infit", "outfit"] {
            for (j, row) in rows(&found, method).iter().enumerate() {
                near(row.value.unwrap(), &wanted[method][j], 1e-9, &format!("{name} {method}"));
                assert_eq!(row.n_obs as u64, wanted["n_items"][j].as_u64().unwrap());
            }
        }
        let separation = rows(&found, "separation")[0].value.unwrap();
        near(separation, &wanted["separation"], 1e-9, &name);
        let test = rows(&found, "andersen")[0].test.clone().unwrap();
        near(test.statistic.unwrap(), &wanted["andersen"][0], 1e-9, &name);
        near(test.df.unwrap(), &wanted["andersen"][1], 0.0, &name);
        near(test.p_value.get(), &wanted["andersen"][2], 1e-9, &name);
    }
}

#[test]
fn erm_and_psychotools_agree_to_the_digits_of_their_search() {
    let oracle = oracle("rasch.r.json");
    for (name, items) in cases() {
        let wanted = &oracle[&name];
        let found = rasch(&items, L).unwrap();
        near(found.log_lik, &wanted["psychotools_log_lik"], 1e-11, &name);
        // eRm takes no item that lacks a middle answer.
        let Some(erm) = wanted.get("erm") else {
            assert_eq!(name, "reference");
            continue;
        };
        for (j, row) in rows(&found, "rasch").iter().enumerate() {
            near(row.value.unwrap(), &erm["thresholds"][j], 3e-4, &format!("{name} {}", row.term));
            near(row.std_error.unwrap(), &erm["se"][j], 3e-4, &format!("{name} {}", row.term));
        }
        for method in ["infit", "outfit"] {
            for (j, row) in rows(&found, method).iter().enumerate() {
                near(row.value.unwrap(), &erm[method][j], 1e-5, &format!("{name} {method}"));
            }
        }
        near(rows(&found, "separation")[0].value.unwrap(), &erm["separation"], 1e-3, &name);
        let test = rows(&found, "andersen")[0].test.clone().unwrap();
        near(test.statistic.unwrap(), &erm["andersen"][0], 1e-5, &name);
        near(test.df.unwrap(), &erm["andersen"][1], 0.0, &name);
    }
}

#[test]
fn the_scale_of_the_answers_and_the_order_of_the_rows_do_not_matter() {
    let (_, items) = cases().remove(0);
    let found = rasch(&items, L).unwrap();
    let file = oracle("reliability.py.json");
    let (name, case) = file["data"].as_object().unwrap().iter().next().unwrap();
    let rows: Vec<Vec<Seen<f64>>> = case["rows"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|row| {
            let cells = row.as_array().unwrap().iter();
            cells.map(|v| v.as_f64().map(|v| 1e200 * v).ok_or(Missing::Blank)).collect()
        })
        .collect();
    let other = rasch(&of(&rows), L).unwrap();
    for (a, b) in found.rows.iter().zip(&other.rows) {
        assert!((a.value.unwrap() - b.value.unwrap()).abs() < 1e-9, "{name} {}", a.term);
    }
}

#[test]
fn what_cannot_be_fitted_is_said() {
    let notes = |items: &Items| -> Vec<(String, Option<Note>)> {
        let found = rasch(items, L).unwrap();
        assert!(found.rows.iter().all(|e| e.value.is_none_or(f64::is_finite)));
        found.rows.iter().map(|e| (e.term.clone(), e.note)).collect()
    };
    let all = |items: &Items, note: Note| notes(items).iter().all(|(_, n)| *n == Some(note));
    // Nobody, and nobody but those with nothing or everything.
    assert!(notes(&whole(&[&[0.0; 3]])).iter().all(|(_, note)| note.is_some()));
    let extreme: Vec<&[f64]> =
        (0..40).map(|i| if i % 2 == 0 { &[0.0; 3][..] } else { &[1.0; 3] }).collect();
    assert!(all(&whole(&extreme), Note::TooFew));
    // Items that order everybody perfectly have no finite thresholds.
    let scale = [[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]];
    let perfect: Vec<&[f64]> = (0..80).map(|i| &scale[i % 4][..]).collect();
    assert!(all(&whole(&perfect), Note::NotConverged), "{:?}", notes(&whole(&perfect)));
    // Two items.
    let pairs: Vec<&[f64]> =
        (0..40).map(|i| if i % 3 == 0 { &[0.0, 1.0][..] } else { &[1.0, 0.0] }).collect();
    assert!(all(&whole(&pairs), Note::TwoItems));
    // An item in thirds among halves, and one of many values.
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for i in 0..120_u32 {
        let bit = |k: u32| f64::from((i.wrapping_mul(2_654_435_761) >> k) % 3) / 2.0;
        let thirds = f64::from(i % 4) / 3.0;
        rows.push(vec![bit(5), bit(9), bit(14), bit(20), thirds, f64::from(i) * 0.1]);
    }
    let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
    let found = notes(&whole(&rows));
    let note = |term: &str| found.iter().find(|(t, _)| t == term).and_then(|(_, n)| *n);
    assert_eq!(note("d1(i4)"), Some(Note::NoCommonStep));
    assert_eq!(note("d1(i5)"), Some(Note::TooManyLevels));
    assert_eq!(note("d1(i0)"), None);
}
