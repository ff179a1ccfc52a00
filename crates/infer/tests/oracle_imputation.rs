//! Multiple imputation against R's mice on the same data, and Rubin's rules against mice and mpmath.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use ndarray::Array2;
use samples::{L, noise, numbers, oracle, table, tests_folder};
use serde_json::Value;
use ssi_infer::Error;
use ssi_infer::formula::design;
use ssi_infer::imputation::{
    Chained, Pooled, Visit, chained, correlation, pool, pool_scalar, regression, total_of,
};
use ssi_infer::regress::{Covariance, ols};
use ssi_vocab::{Capped, Cells, Column, Interrupted, Missing, Note, Progress, Quiet, Table};

const PARTS: [&str; 5] = ["a", "b", "c", "d", "e"];
const USED: [&str; 8] = ["outcome", "a", "b", "c", "d", "e", "years", "group"];

fn list(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn near(ours: f64, theirs: f64, tolerance: f64) -> bool {
    (ours - theirs).abs() <= tolerance * theirs.abs()
}

fn gaps() -> Table {
    let mut reader = csv::Reader::from_path(tests_folder().join("data/gaps.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).collect();
    let column = |(j, name): (usize, &str)| {
        let words = rows.iter().map(|r| r.get(j).unwrap());
        if name == "group" {
            return Column::factor(name, &words.map(Ok).collect::<Vec<_>>());
        }
        Column::number(name, words.map(|w| w.parse().map_err(|_| Missing::Blank)).collect())
    };
    table(header.iter().enumerate().map(column).collect())
}

fn completed(settings: &Chained) -> Vec<Table> {
    let filled = chained(&gaps(), &USED, settings, &Quiet).unwrap();
    filled.tables().unwrap().iter().map(|t| total_of(t, "score", &PARTS).unwrap()).collect()
}

fn agree(found: &Pooled, wanted: &Value, j: Option<usize>, tolerance: f64) {
    let of = |name: &str| {
        let value = &wanted[name];
        j.map_or(value, |j| &value[j]).as_f64()
    };
    let each = [
        ("estimate", found.value),
        ("within", found.within),
        ("between", found.between),
        ("total", found.std_error.powi(2)),
        ("df", found.df),
        ("riv", found.increase),
        ("lambda", found.lambda),
        ("fmi", found.missing),
    ];
    for (name, ours) in each {
        if let Some(theirs) = of(name) {
            assert!(near(ours, theirs, tolerance), "{name}: {ours} {theirs}");
        }
    }
}

#[test]
fn rubins_rules_equal_mice_and_their_definition() {
    let (r, mp) = (oracle("imputation.r.json"), oracle("imputation.py.json"));
    let mut compared = 0;
    for (case, exact) in r["pools"].as_array().unwrap().iter().zip(mp["pools"].as_array().unwrap())
    {
        let fits: Vec<(Vec<f64>, Array2<f64>)> = case["coefficients"]
            .as_array()
            .unwrap()
            .iter()
            .zip(case["covariances"].as_array().unwrap())
            .map(|(b, v)| {
                let b = list(b);
                let v = Array2::from_shape_vec((b.len(), b.len()), list(v)).unwrap();
                (b, v)
            })
            .collect();
        let (found, total) = pool(&fits, case["df_complete"].as_f64().unwrap()).unwrap();
        for (j, one) in found.iter().enumerate() {
            agree(one, case, Some(j), 1e-12);
            agree(one, exact, Some(j), 1e-12);
            assert!(near(total[[j, j]], exact["total"][j].as_f64().unwrap(), 1e-13));
            compared += 1;
        }
    }
    assert!(compared >= 14, "{compared}");
    let pairs = r["scalars"].as_array().unwrap().iter().zip(mp["scalars"].as_array().unwrap());
    for (case, exact) in pairs {
        let df = case["df_complete"].as_f64().unwrap_or(f64::INFINITY);
        let found = pool_scalar(&list(&case["estimates"]), &list(&case["variances"]), df).unwrap();
        agree(&found, case, None, 1e-12);
        agree(&found, exact, None, 1e-12);
    }
}

/// mice takes lambda to be 1e-4 at least, which moves the degrees of freedom in the fifth digit.
#[test]
fn without_variance_between_the_degrees_of_freedom_are_the_observed_ones() {
    let case = &oracle("imputation.r.json")["floored"];
    let df = case["df_complete"].as_f64().unwrap();
    let found = pool_scalar(&list(&case["estimates"]), &list(&case["variances"]), df).unwrap();
    assert_eq!(found.lambda, 0.0);
    assert!(near(found.df, (df + 1.0) / (df + 3.0) * df, 1e-15));
    assert!(near(found.df, case["df"].as_f64().unwrap(), 1e-3));
    assert!(!near(found.df, case["df"].as_f64().unwrap(), 1e-8));
}

#[test]
fn rubins_rules_at_their_limits() {
    let same = pool_scalar(&[0.7; 3], &[0.04; 3], f64::INFINITY).unwrap();
    assert_eq!((same.between, same.lambda, same.missing), (0.0, 0.0, 0.0));
    assert!(same.df.is_infinite() && near(same.std_error, 0.2, 1e-15));
    let exact = pool_scalar(&[1.0, 2.0], &[0.0; 2], 10.0).unwrap();
    assert_eq!((exact.lambda, exact.missing), (1.0, 1.0));
    assert!(near(exact.std_error, 0.75f64.sqrt(), 1e-15));
    let nothing = pool_scalar(&[1.0; 2], &[0.0; 2], 10.0).unwrap();
    assert_eq!((nothing.std_error, nothing.lambda), (0.0, 0.0));
    for values in [&[][..], &[1.0]] {
        let error = pool_scalar(values, values, 5.0).unwrap_err();
        assert!(matches!(error, Error::Setting { name: "imputations", .. }) && error.is_usage());
        assert!(pool(&vec![(vec![1.0], Array2::eye(1)); values.len()], 5.0).is_err());
    }
}

/// The mean over imputations and their variance, of some quantity.
fn tends(tables: &[Table], of: impl Fn(&Table) -> f64) -> (f64, f64) {
    let values: Vec<f64> = tables.iter().map(of).collect();
    let m = values.len() as f64;
    let mean = values.iter().sum::<f64>() / m;
    (mean, values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (m - 1.0))
}

#[test]
fn imputations_are_those_of_mice_within_monte_carlo_error() {
    let wanted = oracle("imputation.r.json");
    let theirs_m = wanted["m"].as_f64().unwrap();
    let settings = Chained { imputations: 400, ..Chained::new(11) };
    let tables = completed(&settings);
    let original = gaps();
    let mean_of = |name: &'static str| {
        let original = original.clone();
        move |t: &Table| {
            let holes = original.column(name).unwrap().numbers().unwrap();
            let now = t.column(name).unwrap().numbers().unwrap();
            let filled: Vec<f64> = holes
                .iter()
                .zip(now)
                .filter(|(h, _)| h.is_err())
                .map(|(_, v)| v.unwrap())
                .collect();
            filled.iter().sum::<f64>() / filled.len() as f64
        }
    };
    let slope = |formula: &'static str, j: usize| {
        move |t: &Table| ols(&design(t, formula).unwrap()).unwrap().coefficients[j]
    };
    let z = |t: &Table| {
        let pair = t.paired("score", "outcome").unwrap();
        ssi_infer::correlate::pearson(&pair).unwrap().r.atanh()
    };
    let ours: [(&str, (f64, f64)); 7] = [
        ("z", tends(&tables, z)),
        ("slope", tends(&tables, slope("outcome ~ score", 1))),
        ("years", tends(&tables, slope("outcome ~ score + years", 2))),
        ("outcome", tends(&tables, mean_of("outcome"))),
        ("a", tends(&tables, mean_of("a"))),
        ("c", tends(&tables, mean_of("c"))),
        ("imputed_years", tends(&tables, mean_of("years"))),
    ];
    for (name, (mean, between)) in ours {
        let of = |what: &str| wanted["tends"][name][what].as_f64().unwrap();
        let error = (between / tables.len() as f64 + of("between") / theirs_m).sqrt();
        let apart = (mean - of("mean")) / error;
        // Of seven comparisons one beyond 3.5 standard errors is a chance of 1 in 300.
        assert!(apart.abs() < 3.5, "{name}: {mean} {} ({apart} standard errors)", of("mean"));
        // A ratio of two variances on 399 degrees of freedom has a standard deviation of 0.1.
        let ratio = between / of("between");
        assert!((0.7..1.4).contains(&ratio), "{name}: {ratio}");
        println!("{name}: {mean:.4} {:.4} {apart:.2} SE, variances {ratio:.2}", of("mean"));
    }
    let (found, _) = regression(&tables, "outcome ~ score", Covariance::Classical, L).unwrap();
    let within = wanted["tends"]["within"].as_f64().unwrap();
    assert!(near(found.pooled[1].within, within, 0.02), "{} {within}", found.pooled[1].within);
}

#[test]
fn every_imputed_value_is_somebodys_and_what_was_seen_stays() {
    let tables = completed(&Chained { imputations: 3, ..Chained::new(5) });
    let original = gaps();
    for t in &tables {
        for name in USED.iter().filter(|n| **n != "group") {
            let old = original.column(name).unwrap().numbers().unwrap();
            let new = t.column(name).unwrap().numbers().unwrap();
            for (old, new) in old.iter().zip(new) {
                match old {
                    Ok(v) => assert_eq!(new, &Ok(*v)),
                    Err(_) => {
                        assert!(old.is_err() && original_has(old_values(&original, name), *new))
                    }
                }
            }
        }
        let score = t.column("score").unwrap().numbers().unwrap();
        assert!(score.iter().all(|s| s.is_ok_and(|s| (2.0 * s).fract() == 0.0)));
    }
    assert_ne!(tables[0], tables[1]);
}

fn old_values(table: &Table, name: &str) -> Vec<f64> {
    table.column(name).unwrap().numbers().unwrap().iter().flatten().copied().collect()
}

fn original_has(values: Vec<f64>, value: Result<f64, Missing>) -> bool {
    value.is_ok_and(|value| values.contains(&value))
}

#[test]
fn imputations_depend_on_the_seed_and_not_on_threads() {
    let run = |seed: u64, threads: usize, visit| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let settings = Chained { imputations: 6, visit, ..Chained::new(seed) };
        pool.install(|| completed(&settings))
    };
    let one = run(3, 1, Visit::AsNamed);
    assert_eq!(one, run(3, 3, Visit::AsNamed));
    assert_ne!(one, run(4, 1, Visit::AsNamed));
    assert_ne!(one, run(3, 1, Visit::FewestFirst));
}

#[test]
fn pooled_estimates_name_their_method_and_say_what_is_missing() {
    let tables = completed(&Chained::new(5));
    let found = correlation(&tables, "score", "outcome", L).unwrap();
    let (row, pooled) = (&found.rows[0], &found.pooled[0]);
    let interval = row.interval.as_ref().unwrap();
    assert_eq!((row.method.as_str(), interval.method.as_str()), ("pearson", "rubin"));
    assert_eq!((row.n_obs, row.n_excluded), (200, 0));
    assert!(interval.low < row.value.unwrap() && row.value.unwrap() < interval.high);
    assert!(pooled.missing > 0.05 && pooled.missing < 0.6);
    let complete = ssi_infer::correlate::pearson(&gaps().paired("score", "outcome").unwrap());
    assert!((row.value.unwrap() - complete.unwrap().r).abs() < 0.1);
    let (robust, fit) = regression(&tables, "outcome ~ score", Covariance::Hc3, L).unwrap();
    assert_eq!((fit.vcov.as_str(), robust.rows.len()), ("rubin_hc3", 2));
    assert!(correlation(&tables[..1], "score", "outcome", L).unwrap_err().is_usage());
    assert!(correlation(&[], "score", "outcome", L).is_err());
    let filled = chained(&gaps(), &USED, &Chained::new(5), &Quiet).unwrap();
    assert!(filled.r_hat().is_some_and(|r| r > 0.8 && r < 1.15), "{:?}", filled.r_hat());
    assert_eq!((filled.gaps(), filled.imputations()), (98, 20));
    let means = filled.means();
    assert_eq!(
        (means.len(), means[0].0, means[0].1.len(), means[0].1[0].len()),
        (6, "outcome", 20, 10)
    );
    assert_eq!(filled.spreads().len(), 6);
}

fn holed(name: &str, values: &[f64], every: usize) -> Column {
    let cell = |(i, v): (usize, &f64)| if i % every == 0 { Err(Missing::Blank) } else { Ok(*v) };
    Column::number(name, values.iter().enumerate().map(cell).collect())
}

#[test]
fn columns_that_cant_take_part_are_named() {
    let n = 40;
    let word = |i: usize| if i == 3 { Err(Missing::Blank) } else { Ok(["x", "y"][i % 2]) };
    let data = table(vec![
        holed("y", &noise(n, 1), 7),
        numbers("x", &noise(n, 2)),
        numbers("constant", &[3.0; 40]),
        holed("constant_gaps", &[2.5; 40], 9),
        Column::number("empty", vec![Err(Missing::Blank); n]),
        Column::factor("words", &(0..n).map(word).collect::<Vec<_>>()),
        Column::factor("codes", &(0..n).map(|i| Ok(format!("c{i}"))).collect::<Vec<_>>()),
        numbers("double", &noise(n, 2).iter().map(|v| 2.0 * v).collect::<Vec<_>>()),
    ]);
    let names: Vec<&str> = data.columns().iter().map(|c| c.name.as_str()).collect();
    let filled = chained(&data, &names, &Chained::new(1), &Quiet).unwrap();
    let omitted: Vec<(&str, Note)> =
        filled.omitted().iter().map(|o| (o.column.as_str(), o.note)).collect();
    assert_eq!(
        omitted,
        [
            ("constant", Note::ConstantColumn),
            ("constant_gaps", Note::ConstantColumn),
            ("empty", Note::NothingSeen),
            ("words", Note::WordGaps),
            ("codes", Note::TooManyLevels),
        ]
    );
    let t = filled.table(0).unwrap();
    assert!(t.column("y").unwrap().numbers().unwrap().iter().all(Result::is_ok));
    assert_eq!(t.column("constant_gaps").unwrap().numbers().unwrap()[0], Ok(2.5));
    assert_eq!(t.column("empty").unwrap().numbers().unwrap()[0], Err(Missing::Blank));
    assert!(filled.table(20).unwrap_err().is_usage());
    assert!(chained(&data, &["nobody"], &Chained::new(1), &Quiet).unwrap_err().is_usage());
}

#[test]
fn odd_data_give_typed_errors_or_imputations_and_never_a_panic() {
    let run = |columns: Vec<Column>| {
        let data = table(columns);
        let names: Vec<String> = data.columns().iter().map(|c| c.name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        chained(&data, &names, &Chained::new(1), &Quiet)
    };
    for n in 0..6 {
        let found = run(vec![holed("y", &noise(n, 1), 2), numbers("x", &noise(n, 2))]);
        match found {
            Ok(filled) => assert_eq!(filled.imputations(), 20),
            Err(error) => assert!(matches!(error, Error::TooFew { .. }), "{error}"),
        }
    }
    // More columns than rows.
    let wide = (0..30).map(|j| numbers(&format!("x{j}"), &noise(12, j))).collect::<Vec<_>>();
    let wide = [vec![holed("y", &noise(12, 99), 4)], wide].concat();
    let error = run(wide).unwrap_err();
    assert!(matches!(error, Error::TooFew { needed: 33, found: 9, .. }), "{error}");
    // Huge, tiny, far from 0, infinite.
    for (scale, offset) in [(1e300, 0.0), (1e-300, 0.0), (1.0, 1e9), (1e-5, 1e6)] {
        let of = |seed| noise(40, seed).iter().map(|v| scale * v + offset).collect::<Vec<_>>();
        let filled = run(vec![holed("y", &of(1), 5), holed("x", &of(2), 6)]).unwrap();
        let t = filled.table(3).unwrap();
        let cells = t.column("y").unwrap().numbers().unwrap();
        assert!(cells.iter().all(|c| c.is_ok_and(f64::is_finite)));
    }
    let mut values = noise(40, 1);
    values[7] = f64::INFINITY;
    let filled = run(vec![numbers("y", &values), numbers("x", &noise(40, 2))]).unwrap();
    assert_eq!(filled.gaps(), 1);
    assert!(filled.table(0).unwrap().column("y").unwrap().numbers().unwrap()[7].unwrap() < 1.0);
    // No gaps at all, and a line.
    let whole = run(vec![numbers("y", &noise(9, 1)), numbers("x", &noise(9, 2))]).unwrap();
    assert_eq!((whole.gaps(), whole.r_hat()), (0, None));
    let line: Vec<f64> = (0..40).map(f64::from).collect();
    let filled = run(vec![holed("y", &line, 5), numbers("x", &line)]).unwrap();
    let found = correlation(&filled.tables().unwrap(), "x", "y", L).unwrap();
    assert!(found.rows[0].value.unwrap() > 0.99);
    let perfect = vec![table(vec![numbers("y", &line), numbers("x", &line)]); 2];
    let found = correlation(&perfect, "x", "y", L).unwrap();
    assert_eq!((found.rows[0].note, found.rows[0].value), (Some(Note::PerfectFit), Some(1.0)));
    for settings in [
        Chained { imputations: 1, ..Chained::new(1) },
        Chained { iterations: 0, ..Chained::new(1) },
        Chained { donors: 0, ..Chained::new(1) },
    ] {
        let error = chained(&gaps(), &USED, &settings, &Quiet).unwrap_err();
        assert!(matches!(error, Error::Setting { .. }) && error.is_usage());
    }
}

#[test]
fn capped_counts_stay_counts_or_caps() {
    let n = 80;
    let (y, e) = (noise(n, 1), noise(n, 2));
    let cell = |i: usize| {
        if i % 9 == 4 {
            return Err(Missing::Blank);
        }
        let value = 900.0 * (0.7 * y[i] + 0.3 * e[i]);
        Ok(Capped { value: value.min(500.0), at_least: value > 500.0 })
    };
    let contacts = Column::capped("contacts", (0..n).map(cell).collect());
    let data = table(vec![holed("y", &y, 8), contacts]);
    let filled = chained(&data, &["y", "contacts"], &Chained::new(2), &Quiet).unwrap();
    let mut caps = 0;
    for t in filled.tables().unwrap() {
        let Cells::Capped(cells) = &t.column("contacts").unwrap().cells else { unreachable!() };
        assert!(cells.iter().all(|c| c.is_ok_and(|c| c.at_least == (c.value == 500.0))));
        caps += (0..n).filter(|i| i % 9 == 4 && cells[*i].is_ok_and(|c| c.at_least)).count();
    }
    assert!(caps > 0);
}

#[test]
fn counts_are_respondents_and_a_stop_is_heard() {
    struct Stopped;
    impl Progress for Stopped {
        fn check(&self) -> Result<(), Interrupted> {
            Err(Interrupted)
        }
    }
    let stopped = chained(&gaps(), &USED, &Chained::new(1), &Stopped);
    assert_eq!(stopped.unwrap_err(), Error::Interrupted);
    let columns = vec![holed("y", &noise(20, 1), 6), numbers("x", &noise(20, 2))];
    let plain = table(columns);
    let rows: Vec<usize> = (0..20).flat_map(|i| [i, i]).collect();
    let twice = |c: &Column| {
        let cells = c.numbers().unwrap();
        Column::number(&*c.name, rows.iter().map(|i| cells[*i]).collect())
    };
    let written = table(plain.columns().iter().map(twice).collect());
    let counted = plain.with_counts(vec![2; 20]).unwrap();
    let run = |t: &Table| {
        let filled = chained(t, &["y", "x"], &Chained::new(4), &Quiet).unwrap();
        correlation(&filled.tables().unwrap(), "x", "y", L).unwrap().rows[0].value
    };
    assert_eq!(run(&counted), run(&written));
}
