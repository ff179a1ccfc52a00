//! NIST's Statistical Reference Datasets: how many digits of every answer are right, from the
//! decimal text and from the doubles nearest to it. Prints `ACCURACY.md`.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use serde_json::Value;
use ssi_infer::describe::describe;
use ssi_infer::formula::design;
use ssi_infer::regress::{Covariance, ols};
use ssi_vocab::{Column, Level, Table};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// More digits than these can't be told apart in doubles.
const MOST: f64 = 15.0;

/// A double's last digit may be off.
const ENOUGH: f64 = 14.5;

type Answers = BTreeMap<String, Vec<Option<f64>>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn json(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

/// The decimal text of a set as our reader reads it.
fn table(name: &str) -> Table {
    let path = root().join(format!("data/nist/{name}.csv"));
    ssi_cohort::table(fs::File::open(path).unwrap(), name).unwrap().table
}

/// The same table with nothing but its doubles.
fn rounded(table: &Table) -> Table {
    let strip = |column: &Column| Column { rest: None, ..column.clone() };
    let columns = table.columns().iter().map(strip).collect();
    Table::new(columns, table.rows().to_vec()).unwrap()
}

fn formula(entry: &Value) -> String {
    let model = &entry["model"];
    if entry["class"] == "anova" {
        return "y ~ C(group)".to_owned();
    }
    let terms: Vec<String> = match model["kind"].as_str().unwrap() {
        "poly" => (1..=model["degree_or_p"].as_u64().unwrap())
            .map(|k| if k == 1 { "x".to_owned() } else { format!("I(x^{k})") })
            .collect(),
        _ => (1..=6).map(|j| format!("x{j}")).collect(),
    };
    let without = if model["intercept"] == false { "0 + " } else { "" };
    format!("y ~ {without}{}", terms.join(" + "))
}

fn answers(table: &Table, entry: &Value) -> Answers {
    let mut answers = Answers::new();
    if entry["class"] == "univariate" {
        let rows = describe(table.column("y").unwrap(), None, Level::DEFAULT).unwrap();
        for (key, method) in [("mean", "mean"), ("sd", "sd"), ("r1", "lag1")] {
            let row = rows.iter().find(|row| row.method == method).unwrap();
            answers.insert(key.to_owned(), vec![row.value]);
        }
        return answers;
    }
    let fit = ols(&design(table, &formula(entry)).unwrap()).unwrap();
    let glance = fit.glance();
    answers.insert("r2".to_owned(), vec![glance.r_squared]);
    answers.insert("resid_sd".to_owned(), vec![glance.sigma]);
    answers.insert("F".to_owned(), vec![glance.statistic]);
    if entry["class"] == "anova" {
        let within = fit.residual_ss() / fit.df_residual as f64;
        let between = glance.statistic.unwrap() * within;
        answers.insert("ms_within".to_owned(), vec![Some(within)]);
        answers.insert("ms_between".to_owned(), vec![Some(between)]);
    } else {
        let rows = fit.estimates(Covariance::Classical, Level::DEFAULT);
        answers.insert("coef".to_owned(), rows.iter().map(|e| e.value).collect());
        answers.insert("se".to_owned(), rows.iter().map(|e| e.std_error).collect());
    }
    answers
}

/// Texts or numbers of a committed file, a list or a single one.
fn numbers(value: &Value) -> Vec<Option<f64>> {
    let one = |v: &Value| match v {
        Value::String(text) => text.parse().ok().filter(|v: &f64| v.is_finite()),
        other => other.as_f64(),
    };
    value.as_array().map_or_else(|| vec![one(value)], |list| list.iter().map(one).collect())
}

/// Correct significant digits; decimals where the true value is 0, as NIST counts them.
fn digits(found: Option<f64>, truth: Option<f64>) -> f64 {
    match (found, truth) {
        (Some(found), Some(truth)) => {
            let off = (found - truth).abs() / if truth == 0.0 { 1.0 } else { truth.abs() };
            (-off.log10()).clamp(0.0, MOST)
        }
        (None, Some(_)) => 0.0,
        // A perfect fit has no F to compare with.
        (_, None) => MOST,
    }
}

/// The fewest correct digits among the answers that the truth has.
fn fewest(found: &Answers, truth: &Value) -> f64 {
    found.keys().fold(MOST, |least, key| least.min(of(found, truth, key)))
}

fn of(found: &Answers, truth: &Value, key: &str) -> f64 {
    let truth = numbers(&truth[key]);
    let each = found[key].iter().zip(&truth).map(|(found, truth)| digits(*found, *truth));
    assert_eq!(found[key].len(), truth.len(), "{key}");
    each.fold(MOST, f64::min)
}

fn from_json(value: &Value) -> Answers {
    value.as_object().unwrap().iter().map(|(key, v)| (key.clone(), numbers(v))).collect()
}

#[test]
fn every_answer_is_as_right_as_its_data_allow() {
    let certified = json("data/nist/certified.json");
    let (r, python) = (json("oracles/nist.r.json"), json("oracles/nist.py.json"));
    let mut page = String::new();
    writeln!(page, "# Correct digits on NIST's Statistical Reference Datasets\n").unwrap();
    writeln!(
        page,
        "The fewest correct significant digits among all answers to a set: mean, sd and lag-1 \
         autocorrelation; every coefficient and standard error, R², F and residual sd; mean \
         squares, F, R² and residual sd of an analysis of variance. 15 is the most that is told \
         apart. The truth is rational arithmetic on NIST's decimals \
         (`data/nist/certified.json`). *Ceiling* is what an exact program gets right when it \
         reads the decimals as doubles; `ssi` reads them as decimals, and goes past it. Where the \
         truth is 0 (the standard errors of Wampler1 and 2) decimals are counted.\n"
    )
    .unwrap();
    writeln!(
        page,
        "R {} is `mean`, `sd`, `acf`, `lm` and `aov` as they come; statsmodels {} is `OLS`, \
         `anova_lm` and `acf`, with numpy {}. `tests/accuracy.rs` prints this page.\n",
        r["versions"]["R"].as_str().unwrap(),
        python["versions"]["statsmodels"].as_str().unwrap(),
        python["versions"]["numpy"].as_str().unwrap()
    )
    .unwrap();
    page.push_str("| set | `ssi` | `ssi`, doubles only | ceiling of doubles | R | statsmodels |\n");
    page.push_str("|---|---:|---:|---:|---:|---:|\n");
    let mut short = Vec::new();
    for (name, entry) in certified["datasets"].as_object().unwrap() {
        let (exact, on_doubles) = (&entry["exact"], &entry["exact_on_doubles"]);
        let table = table(name);
        let (text, doubles) = (answers(&table, entry), answers(&rounded(&table), entry));
        if let Some(f) = text.get("F") {
            assert_eq!(f[0].is_none(), numbers(&exact["F"])[0].is_none(), "{name}");
        }
        for key in text.keys() {
            let (from_text, from_doubles) = (of(&text, exact, key), of(&doubles, on_doubles, key));
            // Residuals that only the rounding to doubles makes are a perfect fit's, which is true.
            let from_doubles = from_doubles.max(of(&doubles, exact, key));
            if from_text < ENOUGH || from_doubles < ENOUGH {
                short.push(format!("{name} {key}: text {from_text:.2}, doubles {from_doubles:.2}"));
            }
        }
        let ceiling: Answers =
            text.keys().map(|key| (key.clone(), numbers(&on_doubles[key]))).collect();
        writeln!(
            page,
            "| {name} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} |",
            fewest(&text, exact),
            fewest(&doubles, exact),
            fewest(&ceiling, exact),
            fewest(&from_json(&r[name]), exact),
            fewest(&from_json(&python[name]), exact),
        )
        .unwrap();
    }
    let path = root().join("ACCURACY.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(short.is_empty(), "{}", short.join("\n"));
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(page, golden, "look at the new page, then write it with UPDATE_GOLDEN=1");
}
