//! The tables that `ssi describe`, `ssi cor` and `ssi fit` print.

#![allow(clippy::unwrap_used, reason = "the fixtures are valid by construction")]

use ssi_report::{markdown_table, text_table};
use ssi_vocab::{
    Analysis, Check, Estimate, Glance, Interval, Lang, Level, Note, PValue, Results, Test,
};

fn description() -> Results {
    let statistic = |term: &str, method: &str, value: Option<f64>| {
        let mut e = Estimate::new(Analysis::Description, method, term, 198);
        e.value = value;
        e
    };
    let column = |term: &str, mean: f64, sd: f64| {
        vec![
            statistic(term, "n", Some(198.0)),
            statistic(term, "missing", Some(5.0)),
            statistic(term, "mean", Some(mean)),
            statistic(term, "sd", Some(sd)),
            statistic(term, "min", Some(mean - 2.0 * sd)),
            statistic(term, "skewness", None),
        ]
    };
    let columns = [column("得点", 5.34, 2.37), column("salary", 1_234_567.8, 345_678.9)];
    Results { estimates: columns.concat(), ..Results::default() }
}

fn correlation(method: &str, value: Option<f64>) -> Estimate {
    let mut e = Estimate::new(Analysis::Correlation, method, "a, b", 40);
    (e.x, e.y) = (Some("a".into()), Some("b".into()));
    e.value = value;
    e.n_excluded = 2;
    e.interval = value.map(|r| Interval {
        low: r - 0.1234,
        high: r + 0.1,
        level: Level::new(0.9).unwrap(),
        method: "fisher_z".into(),
    });
    e.test = value.map(|_| Test {
        statistic: Some(2.1),
        df: Some(38.0),
        df2: None,
        p_value: PValue::new(0.0421).unwrap(),
        method: "t".into(),
        p_holm: None,
        p_bh: None,
    });
    e.note = value.is_none().then_some(Note::ConstantColumn);
    e
}

fn fit() -> Results {
    let coefficient = |term: &str, value: f64, se: f64| {
        let mut e = Estimate::new(Analysis::Regression, "ols", term, 198);
        e.formula = Some("y ~ x + I(x^2)".into());
        e.vcov = Some("hc3".into());
        e.value = Some(value);
        e.std_error = Some(se);
        e.interval = Some(Interval {
            low: value - 2.0 * se,
            high: value + 2.0 * se,
            level: Level::DEFAULT,
            method: "t".into(),
        });
        e.test = Some(Test {
            statistic: Some(value / se),
            df: Some(195.0),
            df2: None,
            p_value: PValue::new(0.0004).unwrap(),
            method: "t".into(),
            p_holm: None,
            p_bh: None,
        });
        e
    };
    Results {
        estimates: vec![
            coefficient("(Intercept)", -3_482_258.634, 890_420.384),
            coefficient("x", 1.23e-9, 4.5e-11),
            coefficient("I(x^2)", -0.0358, 0.0335),
        ],
        glance: Some(Glance {
            r_squared: Some(0.995),
            adj_r_squared: Some(0.992),
            sigma: Some(304.85),
            statistic: Some(330.285),
            p_value: Some(4.98e-10),
            df: Some(2.0),
            df_residual: Some(195.0),
            aic: Some(235.23),
            n_obs: 198,
            n_excluded: 5,
            checks: vec![Check {
                df2: None,
                name: "breusch_pagan".into(),
                value: Some(5.1),
                df: Some(2.0),
                p_value: Some(0.078),
                note: None,
            }],
            ..Glance::default()
        }),
        ..Results::default()
    }
}

#[test]
fn a_description_has_a_row_a_column_aligned_by_display_width() {
    assert_eq!(
        text_table(&description(), Lang::En),
        "\
Variable    n  Missing       Mean       SD      Min  Skewness
--------  ---  -------  ---------  -------  -------  --------
得点      198        5       5.34     2.37     0.60         —
salary    198        5  1,234,568  345,679  543,210         —
"
    );
    assert_eq!(
        text_table(&description(), Lang::Ja),
        "\
変数      n  欠測       平均  標準偏差   最小値  歪度
------  ---  ----  ---------  --------  -------  ----
得点    198     5       5.34      2.37     0.60     —
salary  198     5  1,234,568   345,679  543,210     —
"
    );
}

#[test]
fn correlations_show_estimate_and_interval_before_p() {
    let results = Results {
        estimates: vec![correlation("pearson", Some(0.3214)), correlation("biweight", None)],
        ..Results::default()
    };
    assert_eq!(
        text_table(&results, Lang::En),
        "\
Pair  Method                   Estimate        90% CI  Interval     p  Test     n  Excluded  Note
----  -----------------------  --------  ------------  --------  ----  ------  --  --------  ----------------------
a, b  Pearson's r                  .321  [.198, .421]  Fisher z  .042  t test  40         2
a, b  Biweight midcorrelation         —                                        40         2  a column does not vary
"
    );
}

#[test]
fn a_fit_shows_coefficients_of_any_scale_then_fit_and_checks() {
    assert_eq!(
        text_table(&fit(), Lang::En),
        "\
y ~ x + I(x^2) (Least squares; standard errors: HC3)
Term           Estimate                    95% CI       SE      t       p
-----------  ----------  ------------------------  -------  -----  ------
(Intercept)  -3,482,259  [-5,263,099, -1,701,418]  890,420  -3.91  < .001
x               1.23e-9        [1.14e-9, 1.32e-9]  4.5e-11  27.33  < .001
I(x^2)           -0.036           [-0.103, 0.031]    0.034  -1.07  < .001

R² = .995   Adjusted R² = .992   Residual SD = 304.85   F = 330.29 (2, 195)
p < .001   AIC = 235.23   n = 198   Excluded = 5
Breusch–Pagan (Koenker) = 5.1 (p = .078)
"
    );
    let ja = text_table(&fit(), Lang::Ja);
    assert!(ja.contains("(Intercept)") && ja.contains("決定係数 R² = 0.995"), "{ja}");
    let table = markdown_table(&fit(), Lang::En);
    assert!(table.contains("| Term | Estimate | 95% CI | SE | t | p |"), "{table}");
    assert!(table.contains("| --- | ---: | ---: | ---: | ---: | ---: |"), "{table}");
}
