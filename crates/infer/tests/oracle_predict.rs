//! What models expect at chosen values against R: `tests/oracles/predict.*`.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, columns, numbers, oracle, table};
use serde_json::Value;
use ssi_infer::bounded::{beta, censored, fractional, tobit};
use ssi_infer::categories::{coded, firth, logistic, ordinal};
use ssi_infer::formula::{Extras, Modelled, model_with};
use ssi_infer::mixed::{Grouping, Likelihood, mixed};
use ssi_infer::model::Errors;
use ssi_infer::predict::{Bounds, Conformal, Point, conformal, of_fit, point};
use ssi_infer::quantile::{QuantileErrors, RankInversion, quantile};
use ssi_infer::regress::StandardErrors;
use ssi_infer::resample::Bootstrap;
use ssi_infer::robust::{RobustErrors, bisquare, huber, mm, theil_sen};
use ssi_infer::tails::t_upper_quantile;
use ssi_vocab::{Estimate, Level, Quiet, Table};

fn list(value: &Value) -> Vec<Option<f64>> {
    match value.as_array() {
        Some(values) => values.iter().map(Value::as_f64).collect(),
        None => vec![value.as_f64()],
    }
}

/// Relative to each number, or to `floor`. R's missing numbers are passed over.
#[track_caller]
fn same(what: &str, ours: impl IntoIterator<Item = f64>, theirs: &Value, tolerance: f64) {
    let ours: Vec<f64> = ours.into_iter().collect();
    let theirs = list(theirs);
    assert_eq!(ours.len(), theirs.len(), "{what}: {ours:?} {theirs:?}");
    for (a, b) in ours.iter().zip(theirs).filter_map(|(a, b)| Some((a, b?))) {
        let error = (a - b).abs() / b.abs().max(1e-8);
        assert!(error <= tolerance, "{what}: {a} against {b}, {error:.1e}");
    }
}

fn values(rows: &[Estimate]) -> Vec<f64> {
    rows.iter().map(|row| row.value.unwrap()).collect()
}

fn errors(rows: &[Estimate]) -> Vec<f64> {
    rows.iter().map(|row| row.std_error.unwrap()).collect()
}

fn low(rows: &[Estimate]) -> Vec<f64> {
    rows.iter().map(|row| row.interval.as_ref().unwrap().low).collect()
}

fn high(rows: &[Estimate]) -> Vec<f64> {
    rows.iter().map(|row| row.interval.as_ref().unwrap().high).collect()
}

fn all_same(what: &str, rows: &[Estimate], theirs: &Value, tolerance: f64) {
    same(what, values(rows), &theirs["value"], tolerance);
    same(what, errors(rows), &theirs["std_error"], tolerance);
    same(what, low(rows), &theirs["low"], tolerance);
    same(what, high(rows), &theirs["high"], tolerance);
}

fn every(rows: &[Estimate], step: usize, from: usize) -> Vec<Estimate> {
    rows.iter().skip(from).step_by(step).cloned().collect()
}

#[test]
fn bounded_and_categorical_predictions_equal_r() {
    for case in oracle("predict.r.json")["bounded"].as_array().unwrap() {
        let name = case["data"].as_str().unwrap();
        let data = table(columns(name));
        // A predictor of 100,000 with a spread of 1 costs five digits of both.
        let tolerance = if name == "bounded_offset" { 1e-6 } else { 1e-8 };
        let kind = StandardErrors::default();
        let plain = Errors { kind: &kind, clusters: None };
        let at = |model: &Modelled| -> Vec<Point> {
            (0..2)
                .map(|i| {
                    let number = |name: &str| case[name][i].as_f64().unwrap();
                    let g = case["g"][i].as_str().unwrap();
                    let text = format!("x={},z={},g={g}", number("x"), number("z"));
                    point(&text, model).unwrap()
                })
                .collect()
        };
        let say = |what: &str| format!("{what} of {name}");

        let binary = coded(&data, "binary ~ x + z + g", &Extras::default()).unwrap();
        let points = at(&binary.modelled);
        let rows = logistic(&binary, &plain).unwrap().predicted(&points, L);
        all_same(&say("logistic"), &rows, &case["logistic"], tolerance);
        assert_eq!(rows[0].interval.as_ref().unwrap().method, "link_normal");
        assert!(rows[0].term.starts_with("p(binary = 1 | x = "), "{}", rows[0].term);
        let rows = firth(&binary, &plain).unwrap().predicted(&points, L);
        all_same(&say("firth"), &rows, &case["firth"], tolerance);

        let model = model_with(&data, "share ~ x + z + g", &Extras::default()).unwrap();
        let fit = fractional(&model, 0.0, 100.0, &plain).unwrap().fit;
        let rows = of_fit(&fit, &at(&model), L, Bounds::default());
        all_same(&say("fractional"), &rows, &case["fractional"], tolerance);
        assert_eq!(rows[0].interval.as_ref().unwrap().method, "link_t");

        let ordered = coded(&data, "ordered ~ x + z + g", &Extras::default()).unwrap();
        let model = ordinal(&ordered, &plain).unwrap();
        let rows = model.predicted(&at(&ordered.modelled), L);
        all_same(&say("ordinal"), &rows, &case["ordinal"], tolerance);
        let total: f64 = values(&rows[..model.levels.len()]).iter().sum();
        assert!((total - 1.0).abs() < 1e-14, "{total}");

        let model = model_with(&data, "inner ~ x + z + g", &Extras::default()).unwrap();
        let rows = beta(&model, 0.0, 100.0, &plain).unwrap().predicted(&at(&model), L);
        all_same(&say("beta"), &every(&rows, 2, 0), &case["beta"], tolerance);
        let one = every(&rows, 2, 1);
        same(&say("beta"), low(&one), &case["beta"]["one_low"], tolerance);
        same(&say("beta"), high(&one), &case["beta"]["one_high"], tolerance);

        let limited = censored(&data, "limited ~ x + z + g", &Extras::default()).unwrap();
        let model = tobit(&limited, Some(0.0), Some(300.0), &plain).unwrap();
        let rows = model.predicted(&at(&limited.modelled), L);
        let theirs = &case["tobit"];
        assert_eq!(rows.len(), 10);
        let part = |from: usize| every(&rows, 5, from);
        same(&say("latent"), values(&part(0)), &theirs["latent"], tolerance);
        same(&say("latent"), errors(&part(0)), &theirs["latent_error"], tolerance);
        same(&say("expected"), values(&part(1)), &theirs["expected"], tolerance);
        same(&say("expected"), errors(&part(1)), &theirs["expected_error"], tolerance);
        for (from, end) in [(2, "bottom"), (3, "top")] {
            let rows = part(from);
            same(&say(end), values(&rows), &theirs[end], tolerance);
            same(&say(end), low(&rows), &theirs[format!("{end}_low")], 10.0 * tolerance);
            same(&say(end), high(&rows), &theirs[format!("{end}_high")], 10.0 * tolerance);
        }
        let clipped = |value: &Value| -> Value {
            list(value).into_iter().map(|v| v.unwrap().clamp(0.0, 300.0)).collect::<Vec<_>>().into()
        };
        same(&say("one"), low(&part(4)), &clipped(&theirs["one_low"]), tolerance);
        same(&say("one"), high(&part(4)), &clipped(&theirs["one_high"]), tolerance);
    }
}

fn points(case: &Value, model: &Modelled) -> Vec<Point> {
    let Some(named) = case["at"].as_object().filter(|named| !named.is_empty()) else {
        // A model of the mean alone.
        let x = ndarray::arr1(&[1.0]);
        return vec![Point { chosen: String::new(), held: Vec::new(), x, warnings: Vec::new() }];
    };
    (0..2)
        .map(|i| {
            let one = |(name, v): (&String, &Value)| format!("{name}={}", v[i].as_f64().unwrap());
            point(&named.iter().map(one).collect::<Vec<_>>().join(","), model).unwrap()
        })
        .collect()
}

#[test]
fn robust_predictions_and_quantiles_equal_r() {
    let all = oracle("predict.r.json");
    for case in all["robust"].as_array().unwrap() {
        let formula = case["formula"].as_str().unwrap();
        let data = table(columns(case["data"].as_str().unwrap()));
        let model = model_with(&data, formula, &Extras::default()).unwrap();
        let (design, points) = (&model.design, points(case, &model));
        let say = |what: &str| format!("{what} of {}", case["data"]);
        for (what, fit) in [
            ("huber", huber(design, RobustErrors::Classical).unwrap()),
            ("bisquare", bisquare(design, RobustErrors::Classical).unwrap()),
        ] {
            let (rows, theirs) = (of_fit(&fit.fit, &points, L, Bounds::default()), &case[what]);
            same(&say(what), values(&rows), &theirs["value"], 1e-9);
            same(&say(what), errors(&rows), &theirs["std_error"], 1e-9);
            let t = t_upper_quantile(L.tail(), theirs["df"].as_f64().unwrap());
            let row = &rows[0];
            let half = row.interval.as_ref().unwrap().high - row.value.unwrap();
            assert!((half / row.std_error.unwrap() / t - 1.0).abs() < 1e-9);
        }
        let rows = of_fit(&mm(design, 1).unwrap().fit, &points, L, Bounds::default());
        all_same(&say("mm"), &rows, &case["mm"], 1e-6);
        for theirs in case["quantile"].as_array().unwrap() {
            let tau = theirs["tau"].as_f64().unwrap();
            let fit = quantile(design, tau).unwrap();
            let say = |what: &str| format!("{what} {tau} of {}", case["data"]);
            let rows = fit.estimates_at(&points, QuantileErrors::Powell, L).unwrap();
            same(&say("quantile"), values(&rows), &theirs["value"], 1e-9);
            same(&say("powell"), errors(&rows), &theirs["powell"], 1e-8);
            for (what, kind) in [("rank", RankInversion::Iid), ("nid", RankInversion::Nid)] {
                let rows = fit.rank_at(&points, kind, L).unwrap();
                // Equal values make the path of a rank inversion a matter of order. Where one side
                // has no end there is no interval.
                if case["data"] != "ties" && rows.iter().all(|row| row.interval.is_some()) {
                    same(&say(what), low(&rows), &theirs[format!("{what}_low")], 1e-6);
                    same(&say(what), high(&rows), &theirs[format!("{what}_high")], 1e-6);
                }
            }
        }
    }
}

#[test]
fn mixed_predictions_equal_lmer_test() {
    for case in oracle("predict.r.json")["mixed"].as_array().unwrap() {
        let name = case["data"].as_str().unwrap();
        let data = table(columns(&format!("mixed_{name}")));
        let formula = case["formula"].as_str().unwrap();
        let model = model_with(&data, formula, &Extras::default()).unwrap();
        let grouping =
            Grouping::new(&data, case["group"].as_str().unwrap(), &model.design).unwrap();
        let slope = case["slope"].as_str();
        let fit = mixed(&model.design, &grouping, slope, Likelihood::Reml).unwrap();
        let rows = fit.predicted(&points(case, &model), L, Bounds::default());
        let (mean, one) = (every(&rows, 2, 0), every(&rows, 2, 1));
        let say = |what: &str| format!("{what} of {name} {slope:?}");
        same(&say("mean"), values(&mean), &case["value"], 1e-7);
        same(&say("error"), errors(&mean), &case["std_error"], 1e-6);
        same(&say("one"), errors(&one), &case["one_error"], 1e-6);
        for (rows, df) in [(&mean, "df"), (&one, "one_df")] {
            // lmerTest's derivatives are differences.
            let half = |row: &Estimate| {
                (row.interval.as_ref().unwrap().high - row.value.unwrap()) / row.std_error.unwrap()
            };
            let theirs = list(&case[df]).into_iter();
            let t: Vec<f64> = theirs.map(|df| t_upper_quantile(L.tail(), df.unwrap())).collect();
            same(&say(df), rows.iter().map(half), &t.into(), 1e-5);
        }
    }
}

#[test]
fn cv_plus_of_ten_respondents_leaves_each_out_of_quantile_regressions() {
    for case in oracle("predict.r.json")["conformal"].as_array().unwrap() {
        let name = case["data"].as_str().unwrap();
        let data = table(columns(name));
        let first: Vec<bool> = (0..data.n_rows()).map(|i| i < 10).collect();
        let model = model_with(&data.keep(&first), "y ~ x", &Extras::default()).unwrap();
        let at = |x: Option<f64>| point(&format!("x={}", x.unwrap()), &model).unwrap();
        let points: Vec<Point> = list(&case["x"]).into_iter().map(at).collect();
        let (kind, level) = (Conformal::CvPlusQuantile, Level::new(0.8).unwrap());
        for seed in [1, 2] {
            let rows =
                conformal(&model.design, None, &points, kind, level, seed, Bounds::default());
            let rows = rows.unwrap();
            same(name, low(&rows), &case["low"], 1e-9);
            same(name, high(&rows), &case["high"], 1e-9);
        }
    }
}

#[test]
fn counts_predict_as_their_rows_do() {
    let data = table(columns("ties"));
    let n = data.n_rows();
    let counts: Vec<u64> = (0..n as u64).map(|i| 7 * i % 11 / 3).collect();
    let column = |name: &str| -> Vec<f64> {
        let values = data.column(name).unwrap().numbers().unwrap();
        let each = values.iter().zip(&counts);
        each.flat_map(|(v, c)| std::iter::repeat_n(v.unwrap(), *c as usize)).collect()
    };
    let rows = table(["x", "y"].map(|name| numbers(name, &column(name))).to_vec());
    let counted = data.with_counts(counts).unwrap();
    let predicted = |table: &Table| -> Vec<Estimate> {
        let model = model_with(table, "y ~ x", &Extras::default()).unwrap();
        let points = [point("x=2.5", &model).unwrap()];
        let how = Bootstrap { resamples: 200, seed: 4 };
        let line = theil_sen(&model.design).unwrap();
        let mut all = line.predicted(&points, &how, L, &Quiet).unwrap();
        let median = quantile(&model.design, 0.43).unwrap();
        all.extend(median.bootstrap_at(&points, &how, L, &Quiet).unwrap().estimates);
        all.extend(median.estimates_at(&points, QuantileErrors::Iid, L).unwrap());
        let fit = huber(&model.design, RobustErrors::Classical).unwrap().fit;
        all.extend(of_fit(&fit, &points, L, Bounds::default()));
        for kind in [Conformal::Split, Conformal::Quantile, Conformal::CvPlusQuantile] {
            let bounds = Bounds::default();
            all.extend(conformal(&model.design, None, &points, kind, L, 3, bounds).unwrap());
        }
        all
    };
    for (a, b) in predicted(&counted).iter().zip(predicted(&rows)) {
        assert_eq!(a.n_obs, b.n_obs);
        same(&b.method, values(std::slice::from_ref(a)), &b.value.unwrap().into(), 1e-9);
        let (a, b) = (a.interval.as_ref().unwrap(), b.interval.unwrap());
        same(&b.method, [a.low, a.high], &vec![b.low, b.high].into(), 1e-9);
    }
}
