//! Draws tests/benches/curve.csv, what `tests/benches/beside.sh` measured: cost against n.
//!
//! ```sh
//! cargo run -p ssi-figure --example cost
//! ```

use ssi_figure::{CurvePanel, Curves, LabelledCurve, Theme, curves};
use ssi_vocab::{Caption, Lang};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

/// Tasks in the order of the panels, with their titles.
const PANELS: [(&str, &str); 6] = [
    ("pearson", "Pearson"),
    ("spearman", "Spearman"),
    ("kendall", "Kendall τ-b"),
    ("distance", "Distance correlation"),
    ("ols_10", "OLS, 10 predictors"),
    ("bca_1000", "BCa, 1,000 resamples"),
];

const PROGRAMS: [&str; 3] = ["ssi", "Python", "R"];

fn main() -> Result<(), Box<dyn Error>> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/benches/curve.csv");
    let text = fs::read_to_string(&table)?;
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|row| row.split(',').collect()).collect();
    let panel = |(task, title): (&str, &str)| {
        let points = |program: usize| {
            let own = rows.iter().filter(|row| row.len() == 5 && row[0] == task);
            let point =
                |row: &Vec<&str>| Some((row[1].parse().ok()?, row[program + 2].parse().ok()?));
            own.filter_map(point).filter(|(_, seconds)| *seconds > 0.0).collect()
        };
        let curve = |(index, name): (usize, &str)| LabelledCurve {
            name: name.to_owned(),
            points: points(index),
        };
        let curves = PROGRAMS.into_iter().enumerate().map(curve).collect();
        CurvePanel { title: title.to_owned(), curves }
    };
    let decades = |from: i32, to: i32| (from..=to).map(|e| 10_f64.powi(e));
    let sizes = ["100", "1k", "10k", "100k", "1M"].map(str::to_owned);
    let times = ["1 µs", "100 µs", "10 ms", "1 s", "100 s"];
    let times = times.map(str::to_owned);
    let content = Curves {
        panels: PANELS.map(panel).to_vec(),
        x: decades(2, 6).zip(sizes).collect(),
        y: decades(-6, 2).step_by(2).zip(times).collect(),
    };
    let caption = Caption {
        title: "Time grows with n, or with n·log n, where others take n²".to_owned(),
        subtitle: "One core, the same numbers; each the fastest of several runs".to_owned(),
        x: "Respondents".to_owned(),
        y: "Time".to_owned(),
        note: "ssi: estimate, test and interval. Python: scipy (numpy for OLS and for distance by \
               its definition), estimate and test. R: cor.test, lm.fit, boot; distance by its \
               definition. A curve ends where the program would take minutes or gigabytes."
            .to_owned(),
        alt: "Six panels of time against the number of respondents on logarithmic axes, each with \
              a curve for ssi, Python and R; the numbers are in curve.csv."
            .to_owned(),
        lang: Lang::En,
        mark: None,
        labels: BTreeMap::new(),
    };
    let picture = curves(&content, &caption, &Theme::default())?;
    fs::write(table.with_file_name("cost.png"), picture.png()?)?;
    fs::write(table.with_file_name("cost.svg"), picture.svg())?;
    Ok(())
}
