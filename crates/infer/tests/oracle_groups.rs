//! Comparisons of groups against mpmath, R, scipy and pingouin.
//!
//! The references are printed by `tests/oracles/groups.py` and `tests/oracles/groups.R`; the data
//! by `tests/data/correlation_data.py`.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

mod samples;

use samples::{oracle, tests_folder};
use serde_json::Value;
use ssi_infer::groups::{Grouped, Method, anova, compare, pairs};
use ssi_vocab::{Estimate, Level, Row};

const SETS: [&str; 6] = ["continuous", "ties", "outliers", "near_line", "tiny", "mid"];
const TOLERANCE: f64 = 1e-12;

/// The outcome of a set in groups that its row numbers make, as the oracle scripts make them.
fn grouped(name: &str, level: impl Fn(usize) -> usize) -> Grouped {
    let file = tests_folder().join("data").join(format!("{name}.csv"));
    let mut reader = csv::Reader::from_path(file).unwrap();
    let mut samples = ["a", "b", "c"].map(|name| (name, Vec::new()));
    for (i, row) in reader.deserialize::<(f64, f64)>().enumerate() {
        samples[level(i)].1.push(row.unwrap().1);
    }
    Grouped::from_values("y", "g", &samples).unwrap()
}

fn three(name: &str) -> Grouped {
    grouped(name, |i| [0, 0, 1, 1, 2, 2, 2][i % 7])
}

fn two(name: &str) -> Grouped {
    grouped(name, |i| usize::from(i % 5 >= 2))
}

fn rows(groups: &Grouped, method: Method) -> Vec<Row> {
    let rows = compare(groups, &[method], Level::DEFAULT).unwrap();
    rows.into_iter().map(Estimate::into).collect()
}

fn number(value: &Value) -> f64 {
    value.as_str().map_or_else(|| value.as_f64().unwrap(), |text| text.parse().unwrap())
}

#[track_caller]
fn close(found: Option<f64>, expected: &Value, tolerance: f64, what: &str) {
    let (found, expected) =
        (found.unwrap_or_else(|| panic!("{what}: undefined")), number(expected));
    let error = (found - expected).abs() / expected.abs().max(1e-300);
    assert!(
        found == expected || error <= tolerance,
        "{what}: {found:e} against {expected:e}, relative error {error:e}"
    );
}

#[test]
fn analysis_of_variance_agrees_with_mpmath() {
    let oracle = oracle("groups.py.json");
    for name in SETS {
        let (expected, groups) = (&oracle[name]["anova"], three(name));
        let table = anova(&groups).unwrap();
        let say = |what: &str| format!("{name} {what}");
        // Every digit: the sums are carried with twice as many.
        close(table.f, &expected["f"], 4e-16, &say("F"));
        close(Some(table.ss_between), &expected["ss_between"], 4e-16, &say("between"));
        close(Some(table.ss_within), &expected["ss_within"], 4e-16, &say("within"));
        close(Some(table.sigma), &expected["sigma"], 4e-16, &say("sigma"));
        let [eta, omega] = rows(&groups, Method::Anova).try_into().unwrap();
        close(eta.estimate, &expected["eta"], 4e-16, &say("eta squared"));
        close(omega.estimate, &expected["omega"], 4e-15, &say("omega squared"));
        close(eta.p_value, &expected["p"], TOLERANCE, &say("p"));
        for row in [&eta, &omega] {
            close(row.conf_low, &expected["interval"][0], TOLERANCE, &say("low"));
            close(row.conf_high, &expected["interval"][1], TOLERANCE, &say("high"));
        }
    }
}

#[test]
fn welch_and_kruskal_wallis_agree_with_mpmath() {
    let oracle = oracle("groups.py.json");
    for name in SETS {
        let groups = three(name);
        let say = |what: &str| format!("{name} {what}");
        let (expected, row) = (&oracle[name]["welch"], &rows(&groups, Method::Welch)[0]);
        close(row.statistic, &expected["f"], TOLERANCE, &say("F"));
        close(row.df2, &expected["df2"], TOLERANCE, &say("df2"));
        close(row.p_value, &expected["p"], TOLERANCE, &say("p"));
        close(row.estimate, &expected["omega"], TOLERANCE, &say("omega squared"));
        close(row.conf_low, &expected["interval"][0], TOLERANCE, &say("low"));
        close(row.conf_high, &expected["interval"][1], TOLERANCE, &say("high"));
        let expected = &oracle[name]["kruskal_wallis"];
        let row = &rows(&groups, Method::KruskalWallis)[0];
        close(row.statistic, &expected["h"], 4e-16, &say("H"));
        close(row.p_value, &expected["p"], TOLERANCE, &say("p"));
        close(row.estimate, &expected["epsilon"], 4e-16, &say("epsilon squared"));
    }
}

#[test]
fn t_tests_agree_with_mpmath() {
    let oracle = oracle("groups.py.json");
    for name in SETS {
        for method in [Method::T, Method::WelchT] {
            let expected = &oracle[name][method.code()];
            let [difference, d, g] = rows(&two(name), method).try_into().unwrap();
            let say = |what: &str| format!("{name} {method} {what}");
            close(difference.estimate, &expected["difference"], 4e-16, &say("difference"));
            close(difference.std_error, &expected["std_error"], 1e-15, &say("standard error"));
            close(difference.statistic, &expected["t"], 1e-15, &say("t"));
            close(difference.df, &expected["df"], TOLERANCE, &say("df"));
            close(difference.p_value, &expected["p"], TOLERANCE, &say("p"));
            close(difference.conf_low, &expected["low"], TOLERANCE, &say("low"));
            close(difference.conf_high, &expected["high"], TOLERANCE, &say("high"));
            close(d.estimate, &expected["d"], TOLERANCE, &say("d"));
            close(g.estimate, &expected["g"], TOLERANCE, &say("g"));
            close(d.conf_low, &expected["d_low"], TOLERANCE, &say("d low"));
            close(d.conf_high, &expected["d_high"], TOLERANCE, &say("d high"));
            // Hedges' factor shrinks the interval as it shrinks the estimate.
            let factor = number(&expected["g"]) / number(&expected["d"]);
            let low = (factor * number(&expected["d_low"])).into();
            let high = (factor * number(&expected["d_high"])).into();
            close(g.conf_low, &low, TOLERANCE, &say("g low"));
            close(g.conf_high, &high, TOLERANCE, &say("g high"));
        }
    }
}

#[test]
fn mann_whitney_agrees_with_mpmath() {
    let oracle = oracle("groups.py.json");
    let mut exact = 0;
    for name in SETS {
        let expected = &oracle[name]["mann_whitney"];
        let [shift, share, biserial] = rows(&two(name), Method::MannWhitney).try_into().unwrap();
        let say = |what: &str| format!("{name} {what}");
        exact += usize::from(shift.p_method.as_deref() == Some("exact"));
        assert_eq!(shift.p_method.as_deref() == Some("exact"), expected["exact"], "{name}");
        close(shift.statistic, &expected["u"], 0.0, &say("U"));
        close(shift.p_value, &expected["p"], TOLERANCE, &say("p"));
        close(shift.estimate, &expected["shift"], 4e-16, &say("shift"));
        // The ends are differences of two respondents: the very doubles.
        close(shift.conf_low, &expected["low"], 0.0, &say("low"));
        close(shift.conf_high, &expected["high"], 0.0, &say("high"));
        close(share.estimate, &expected["superiority"], 4e-16, &say("superiority"));
        close(share.std_error, &expected["std_error"], TOLERANCE, &say("standard error"));
        close(share.conf_low, &expected["share_low"], TOLERANCE, &say("share low"));
        close(share.conf_high, &expected["share_high"], TOLERANCE, &say("share high"));
        assert_eq!(biserial.estimate, share.estimate.map(|p| 2.0 * p - 1.0));
    }
    assert!(exact > 0 && exact < SETS.len(), "{exact} exact tests");
}

#[test]
fn programs_agree() {
    let (python, r) = (oracle("groups.py.json"), oracle("groups.r.json"));
    for name in SETS {
        // At an offset of 1e9 R and scipy lose half of their digits.
        let tolerance = if name == "near_line" { 1e-6 } else { 1e-11 };
        let (three, two) = (three(name), two(name));
        let first = |groups, method| rows(groups, method).swap_remove(0);
        let (a, w) = (first(&three, Method::Anova), first(&three, Method::Welch));
        let k = first(&three, Method::KruskalWallis);
        let (t, welch_t) = (rows(&two, Method::T), rows(&two, Method::WelchT));
        let u = rows(&two, Method::MannWhitney);
        let (scipy, pingouin, r) = (&python[name]["scipy"], &python[name]["pingouin"], &r[name]);
        let brunner = u[1].estimate.zip(u[1].std_error).map(|(p, se)| (p - 0.5).abs() / se);
        let closer = [
            ("F", a.statistic, &r["f"]),
            ("F of scipy", a.statistic, &scipy["f"]),
            ("p of F", a.p_value, &r["f_p"]),
            ("eta squared", a.estimate, &r["eta"]),
            ("Welch's F", w.statistic, &r["welch_f"]),
            ("Welch's df", w.df2, &r["welch_df2"]),
            ("Welch's p", w.p_value, &r["welch_p"]),
            ("H", k.statistic, &r["h"]),
            ("H of scipy", k.statistic, &scipy["h"]),
            ("p of H", k.p_value, &r["h_p"]),
            ("p of H of scipy", k.p_value, &scipy["h_p"]),
            ("epsilon squared", k.estimate, &r["epsilon"]),
            ("t", t[0].statistic, &r["t"]),
            ("t low", t[0].conf_low, &r["t_low"]),
            ("t high", t[0].conf_high, &r["t_high"]),
            ("p of t", t[0].p_value, &r["t_p"]),
            ("p of t of scipy", t[0].p_value, &scipy["t_p"]),
            ("Welch's t", welch_t[0].statistic, &r["welch_t"]),
            ("df of Welch's t", welch_t[0].df, &r["welch_t_df"]),
            ("p of Welch's t", welch_t[0].p_value, &r["welch_t_p"]),
            ("low of Welch's t", welch_t[0].conf_low, &r["welch_t_low"]),
            ("d", t[1].estimate, &r["d"]),
            ("d of pingouin", t[1].estimate, &pingouin["d"]),
            ("d of Welch's t", welch_t[1].estimate, &r["welch_d"]),
            ("U", u[0].statistic, &r["w"]),
            ("U of scipy", u[0].statistic, &scipy["u"]),
            ("p of U", u[0].p_value, &r["w_p"]),
            ("superiority of pingouin", u[1].estimate, &pingouin["cles"]),
            ("rank-biserial", u[2].estimate, &r["biserial"]),
            ("Brunner and Munzel's statistic", brunner, &scipy["brunner_munzel"]),
        ];
        for (what, found, expected) in closer {
            close(found, expected, tolerance, &format!("{name} {what}"));
        }
        close(t[1].conf_low, &r["d_low"], 1e-5, &format!("{name} d low, R's search stops early"));
        close(
            t[1].conf_high,
            &r["d_high"],
            1e-5,
            &format!("{name} d high, R's search stops early"),
        );
        close(t[2].conf_low, &r["g_low"], 1e-5, &format!("{name} g low"));
        close(t[2].conf_high, &r["g_high"], 1e-5, &format!("{name} g high"));
        let family = pairs(&three, &[], Level::DEFAULT).unwrap();
        // Welch's t of each pair, and Games and Howell's for all together.
        assert_eq!(family.len(), 6);
        for (row, expected) in family.into_iter().map(Row::from).zip(r["holm"].as_array().unwrap())
        {
            close(row.p_holm, expected, tolerance, &format!("{name} {:?}", row.group));
        }
    }
}
