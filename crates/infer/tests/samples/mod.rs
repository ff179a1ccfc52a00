//! Small made-up data sets that several test files share.

#![allow(dead_code, reason = "each test file uses a part of it")]

use ssi_infer::Result;
use ssi_infer::formula::design;
use ssi_infer::regress::{Ols, ols};
use ssi_vocab::{Column, Level, Table};
use std::path::PathBuf;

pub(crate) const L: Level = Level::DEFAULT;

pub(crate) fn tests_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

/// What an oracle script has printed.
pub(crate) fn oracle(name: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(tests_folder().join("oracles").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The columns of a data file: numbers where every cell is one, else words.
pub(crate) fn columns(name: &str) -> Vec<Column> {
    let file = tests_folder().join("data").join(format!("{name}.csv"));
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    let column = |(j, name): (usize, &str)| {
        let words: Vec<&str> = rows.iter().map(|row| row.get(j).unwrap()).collect();
        match words.iter().map(|w| w.parse::<f64>()).collect::<std::result::Result<Vec<_>, _>>() {
            Ok(values) => numbers(name, &values),
            Err(_) => Column::factor(name, &words.into_iter().map(Ok).collect::<Vec<_>>()),
        }
    };
    header.iter().enumerate().map(column).collect()
}

pub(crate) fn numbers(name: &str, values: &[f64]) -> Column {
    Column::number(name, values.iter().copied().map(Ok).collect())
}

pub(crate) fn table(columns: Vec<Column>) -> Table {
    let rows = (2..columns[0].len() + 2).collect();
    Table::new(columns, rows).unwrap()
}

/// Reproducible numbers between 0 and 1 that look random.
pub(crate) fn noise(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..n).map(|_| next()).collect()
}

pub(crate) fn sample(n: usize) -> Table {
    let (a, b, e) = (noise(n, 1), noise(n, 2), noise(n, 3));
    let y: Vec<f64> = (0..n).map(|i| 2.0 + 3.0 * a[i] - b[i] + e[i]).collect();
    table(vec![numbers("y", &y), numbers("a", &a), numbers("b", &b)])
}

pub(crate) fn fit(table: &Table, formula: &str) -> Result<Ols> {
    ols(&design(table, formula)?)
}

pub(crate) fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs())
}

pub(crate) fn items(n: usize, p: usize) -> Table {
    let level: Vec<f64> = noise(n, 77);
    let item = |j: usize| -> Vec<f64> {
        let own = noise(n, 100 + j as u64);
        (0..n).map(|i| (2.9 * (0.5 * level[i] + 0.5 * own[i])).floor() / 2.0).collect()
    };
    let columns: Vec<Vec<f64>> = (0..p).map(item).collect();
    let e = noise(n, 5);
    let y: Vec<f64> = (0..n)
        .map(|i| 30.0 + columns.iter().map(|c| 2.0 * c[i]).sum::<f64>() + 12.0 * e[i])
        .collect();
    let named = columns.iter().enumerate().map(|(j, c)| numbers(&format!("i{j}"), c));
    table([numbers("y", &y)].into_iter().chain(named).collect())
}

pub(crate) const ITEMS: &str = "y ~ i0 + i1 + i2 + i3 + i4 + i5 + i6 + i7 + i8 + i9";
