//! Agreement between raters against mpmath, krippendorff, irrCAC, psych and lme4.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

mod samples;

use samples::{L, oracle};
use serde_json::Value;
use ssi_infer::Error;
use ssi_infer::agreement::{
    Distance, RaterError, Ratings, Weighting, bland_altman, gwet_ac1, gwet_ac2, icc, kappa,
    krippendorff, severity, weighted_kappa,
};
use ssi_infer::resample::Bootstrap;
use ssi_vocab::{Estimate, Level, Note, Quiet};

fn number(value: &Value) -> f64 {
    value.as_str().map_or_else(|| value.as_f64().unwrap(), |text| text.parse().unwrap())
}

fn near(found: f64, wanted: f64, tolerance: f64, what: &str) {
    let error = (found - wanted).abs();
    assert!(error <= tolerance * wanted.abs().max(1e-3), "{what}: {found:e}, not {wanted:e}");
}

fn ratings_of(table: &[Vec<Option<f64>>]) -> Ratings {
    let raters = (0..table[0].len()).map(|j| format!("R{j}")).collect();
    let given = table
        .iter()
        .enumerate()
        .flat_map(|(i, own)| own.iter().enumerate().filter_map(move |(j, v)| Some((i, j, (*v)?))));
    Ratings::new("item", raters, table.len(), given).unwrap()
}

fn ratings(case: &Value) -> Ratings {
    let row = |row: &Value| row.as_array().unwrap().iter().map(Value::as_f64).collect();
    let table: Vec<Vec<Option<f64>>> = case["table"].as_array().unwrap().iter().map(row).collect();
    ratings_of(&table)
}

fn cases() -> Vec<(String, Value)> {
    let file = oracle("agreement.py.json");
    file["data"].as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// Estimate and interval against a list of three.
fn three(row: &Estimate, wanted: &Value, tolerance: f64, what: &str) {
    near(row.value.unwrap(), number(&wanted[0]), tolerance, what);
    let ends = row.interval.as_ref().unwrap();
    near(ends.low, number(&wanted[1]), tolerance, &format!("{what} low"));
    near(ends.high, number(&wanted[2]), tolerance, &format!("{what} high"));
}

#[test]
fn intraclass_correlations_with_and_without_gaps() {
    let (mut complete, mut gaps) = (0, 0);
    for (name, case) in cases() {
        let [single, mean] = icc(&ratings(&case), L).unwrap();
        assert_eq!(single.n_obs as u64, case["n"].as_u64().unwrap(), "{name}");
        let Some(wanted) = case.get("icc") else { continue };
        if case["complete"].as_bool().unwrap() {
            complete += 1;
            // Mean squares of numbers near 1e6 rest on ten digits of them.
            let digits = if name == "offset" { 1e-9 } else { 1e-12 };
            three(&single, &wanted["single"], digits, &name);
            three(&mean, &wanted["mean"], digits, &name);
            let test = single.test.unwrap();
            near(test.statistic.unwrap(), number(&wanted["f"]), digits, &name);
            near(test.p_value.get() / number(&wanted["p"]), 1.0, 1e-8, &name);
        } else {
            gaps += 1;
            // The restricted likelihood's top and the places where it has fallen, by comparison.
            three(&single, &wanted["single"], 2e-8, &name);
            three(&mean, &wanted["mean"], 2e-8, &name);
        }
    }
    assert!(complete >= 2 && gaps >= 3, "{complete} {gaps}");
}

#[test]
fn other_programs_say_the_same() {
    let r = oracle("agreement.r.json");
    for (name, case) in cases() {
        let [single, mean] = icc(&ratings(&case), L).unwrap();
        if case["complete"].as_bool().unwrap() {
            three(&single, &r[&name]["single"], 1e-7, &name);
            three(&mean, &r[&name]["mean"], 1e-7, &name);
        } else {
            // lme4 stops where the deviance's last digits do.
            near(single.value.unwrap(), number(&r[&name]["single"]), 2e-5, &name);
        }
        if case.get("gwet").is_none() {
            continue;
        }
        let ratings = ratings(&case);
        let other = &oracle("agreement.py.json")["irrCAC"];
        for (label, row) in [
            ("ac1", gwet_ac1(&ratings, L).unwrap()),
            ("linear", gwet_ac2(&ratings, Weighting::Linear, L).unwrap()),
            ("quadratic", gwet_ac2(&ratings, Weighting::Quadratic, L).unwrap()),
        ] {
            let Some(wanted) = other.get(format!("{name} {label}")) else { continue };
            near(row.value.unwrap(), number(&wanted[0]), 1e-8, &name);
            near(row.std_error.unwrap(), number(&wanted[1]), 1e-7, &name);
            near(row.interval.as_ref().unwrap().low, number(&wanted[2][0]), 1e-7, &name);
            near(row.interval.unwrap().high, number(&wanted[2][1]), 1e-7, &name);
        }
    }
}

#[test]
fn alphas_and_coefficients_of_gwet() {
    let how = Bootstrap { resamples: 200, seed: 1 };
    for (name, case) in cases() {
        let ratings = ratings(&case);
        for distance in [Distance::Nominal, Distance::Ordinal, Distance::Interval] {
            let row = krippendorff(&ratings, distance, &how, L, &Quiet).unwrap();
            let wanted = &case["krippendorff"][distance.code()];
            near(row.value.unwrap(), number(&wanted[0]), 1e-12, &name);
            // The package has the distances of numbers near 1e6 in fewer digits.
            near(row.value.unwrap(), number(&wanted[1]), 1e-8, &name);
            let ends = row.interval.unwrap();
            assert!(ends.low <= row.value.unwrap() && row.value.unwrap() <= ends.high, "{name}");
        }
        for (j, wanted) in
            severity(&ratings, L).unwrap().iter().zip(case["severity"].as_array().unwrap())
        {
            near(j.value.unwrap(), number(&wanted[2]), 1e-12, &name);
            if let (Some(se), false) = (j.std_error, wanted[3].is_null()) {
                near(se, number(&wanted[3]), 1e-12, &name);
            }
        }
        let Some(gwet) = case.get("gwet") else { continue };
        let ac2 = |w| gwet_ac2(&ratings, w, L).unwrap();
        for (row, label) in [
            (gwet_ac1(&ratings, L).unwrap(), "ac1"),
            (ac2(Weighting::Linear), "linear"),
            (ac2(Weighting::Quadratic), "quadratic"),
        ] {
            near(row.value.unwrap(), number(&gwet[label][0]), 1e-12, &name);
            near(row.std_error.unwrap(), number(&gwet[label][1]), 1e-12, &name);
        }
    }
}

#[test]
fn kappas_and_limits_of_two_raters() {
    let r = oracle("agreement.r.json");
    let mut seen = 0;
    for (name, case) in cases() {
        let Some(wanted) = case.get("pair") else { continue };
        seen += 1;
        let pair = &ratings(&case).pairs()[0];
        for (row, label) in [
            (kappa(pair, L), "kappa"),
            (weighted_kappa(pair, Weighting::Linear, L), "linear"),
            (weighted_kappa(pair, Weighting::Quadratic, L), "quadratic"),
        ] {
            near(row.value.unwrap(), number(&wanted[label][0]), 1e-12, &name);
            near(row.std_error.unwrap(), number(&wanted[label][1]), 1e-12, &name);
            near(row.interval.as_ref().unwrap().low, number(&wanted[label][2]), 1e-12, &name);
            near(row.interval.unwrap().high, number(&wanted[label][3]), 1e-12, &name);
        }
        let limits = &wanted["limits"];
        let [bias, lower, upper] = bland_altman(pair, L);
        near(bias.value.unwrap(), number(&limits["bias"]), 1e-12, &name);
        near(bias.std_error.unwrap(), number(&limits["se"]), 1e-12, &name);
        three(&lower, &limits["lower"], 1e-11, &name);
        three(&upper, &limits["upper"], 1e-11, &name);
        three(&kappa(pair, L), &r[&name]["kappa"], 1e-9, &name);
    }
    assert!(seen >= 3);
}

fn some(values: &[&[Option<f64>]]) -> Ratings {
    ratings_of(&values.iter().map(|row| row.to_vec()).collect::<Vec<_>>())
}

#[test]
fn degenerate_ratings_have_named_outcomes() {
    let one = some(&[&[Some(1.0), None], &[Some(0.5), None]]);
    let apart = some(&[&[Some(1.0), None], &[None, Some(0.5)]]);
    let how = Bootstrap { resamples: 100, seed: 1 };
    let alpha = |r: &Ratings| krippendorff(r, Distance::Nominal, &how, L, &Quiet);
    for (ratings, wanted) in [
        (&one, RaterError::OneRater { rater: "R0".into() }),
        (&apart, RaterError::NoOverlap { raters: 2 }),
    ] {
        let wanted = Error::from(wanted);
        assert_eq!(icc(ratings, L).unwrap_err(), wanted);
        assert_eq!(gwet_ac1(ratings, L).unwrap_err(), wanted);
        assert_eq!(alpha(ratings).unwrap_err(), wanted);
        assert_eq!(severity(ratings, L).unwrap_err(), wanted);
    }
    let alone = some(&[&[Some(1.0), Some(0.5)], &[Some(1.0), None]]);
    assert!(matches!(icc(&alone, L), Err(Error::TooFew { needed: 2, found: 1, .. })));

    // All the same: no variation, so nothing is defined.
    let same = some(&[&[Some(1.0); 2][..]; 5]);
    for row in [
        icc(&same, L).unwrap()[0].clone(),
        gwet_ac1(&same, L).unwrap(),
        alpha(&same).unwrap(),
        kappa(&same.pairs()[0], L),
    ] {
        assert_eq!((row.value, row.note), (None, Some(Note::ConstantColumn)), "{}", row.method);
    }
    // Perfect agreement: 1, and no interval.
    let perfect = some(&[&[Some(0.0); 2], &[Some(0.5); 2], &[Some(1.0); 2], &[Some(1.0); 2]]);
    let [single, mean] = icc(&perfect, L).unwrap();
    for row in [single, mean, gwet_ac1(&perfect, L).unwrap(), kappa(&perfect.pairs()[0], L)] {
        assert_eq!(
            (row.value, row.note),
            (Some(1.0), Some(Note::PerfectAgreement)),
            "{}",
            row.method
        );
        assert!(row.interval.is_none() && row.test.is_none());
    }
    assert_eq!(alpha(&perfect).unwrap().value, Some(1.0));
    let gaps = some(&[
        &[Some(0.0), Some(0.0), None],
        &[Some(3.0), None, Some(3.0)],
        &[None, Some(1.0), Some(1.0)],
    ]);
    let [single, _] = icc(&gaps, L).unwrap();
    assert!(single.value.is_none_or(|v| v > 0.999), "{single:?}");
}

#[test]
fn no_number_is_undefined_whatever_the_size() {
    for size in [1e300, 1e-300, 1e150, 1.0] {
        for seed in 1..6_u64 {
            let v = samples::noise(15, seed);
            let row = |i: usize| {
                let at = |j: usize| size * (v[i] + 0.2 * v[(i + 5 * j) % 15]);
                let gap = seed.is_multiple_of(2) && i.is_multiple_of(3);
                vec![Some(at(1)), Some(at(2)), (!gap).then(|| at(3))]
            };
            let ratings = ratings_of(&(0..5).map(row).collect::<Vec<_>>());
            let how = Bootstrap { resamples: 50, seed };
            let level = Level::new(0.9).unwrap();
            let mut rows = icc(&ratings, level).unwrap().to_vec();
            rows.extend(severity(&ratings, level).unwrap());
            rows.extend(bland_altman(&ratings.pairs()[0], level));
            rows.push(gwet_ac2(&ratings, Weighting::Quadratic, level).unwrap());
            rows.push(krippendorff(&ratings, Distance::Interval, &how, level, &Quiet).unwrap());
            for row in rows {
                let ends = row.interval.as_ref().map(|i| [i.low, i.high]).into_iter().flatten();
                let all = row.value.into_iter().chain(row.std_error).chain(ends);
                assert!(all.clone().count() == 0 || all.clone().all(f64::is_finite), "{row:?}");
                assert!(row.value.is_some() || row.note.is_some(), "{row:?}");
            }
        }
    }
}

#[test]
fn the_name_of_a_rater_and_the_order_of_respondents_do_not_matter() {
    let table: Vec<Vec<Option<f64>>> = (0..12)
        .map(|i| {
            let v = samples::noise(4, i + 1);
            (0..4)
                .map(|j| (j as u64 != i % 4).then(|| (10.0 * v[0] + 3.0 * v[j]).round()))
                .collect()
        })
        .collect();
    let turned: Vec<Vec<Option<f64>>> =
        table.iter().rev().map(|row| row.iter().rev().copied().collect()).collect();
    let (a, b) = (icc(&ratings_of(&table), L).unwrap(), icc(&ratings_of(&turned), L).unwrap());
    near(a[0].value.unwrap(), b[0].value.unwrap(), 1e-9, "turned");
    let shifted: Vec<Vec<Option<f64>>> =
        table.iter().map(|row| row.iter().map(|v| v.map(|v| 3.0 * v + 50.0)).collect()).collect();
    let c = icc(&ratings_of(&shifted), L).unwrap();
    near(a[1].value.unwrap(), c[1].value.unwrap(), 1e-8, "shifted");
}
