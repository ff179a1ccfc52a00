//! Least squares: invariances and degenerate data.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, close, fit, noise, numbers, sample, table};
use ssi_infer::regress::{Covariance, Ols};
use ssi_infer::{Error, drawing};
use ssi_vocab::{Level, Note};

#[test]
fn the_order_of_rows_does_not_matter() {
    let n = 60;
    let (y, a, b) = {
        let t = sample(n);
        let take = |name: &str| -> Vec<f64> {
            t.column(name).unwrap().numbers().unwrap().iter().map(|v| v.unwrap()).collect()
        };
        (take("y"), take("a"), take("b"))
    };
    let turned = |v: &[f64]| -> Vec<f64> { (0..n).map(|i| v[(i * 37 + 11) % n]).collect() };
    let one = fit(&sample(n), "y ~ a + b").unwrap();
    let shuffled = table(vec![
        numbers("y", &turned(&y)),
        numbers("a", &turned(&a)),
        numbers("b", &turned(&b)),
    ]);
    let two = fit(&shuffled, "y ~ a + b").unwrap();
    for kind in Covariance::ALL {
        for (p, q) in one.estimates(kind, L).iter().zip(two.estimates(kind, L)) {
            assert!(close(p.value.unwrap(), q.value.unwrap(), 1e-15));
            assert!(close(p.std_error.unwrap(), q.std_error.unwrap(), 1e-14));
        }
    }
}

#[test]
fn units_of_measurement_scale_coefficients_and_nothing_else() {
    let n = 40;
    let base = fit(&sample(n), "y ~ a + b").unwrap();
    for (y_unit, a_unit) in [(1000.0, 0.001), (1e-70, 1e60), (1e60, 1e-70)] {
        let t = sample(n);
        let scaled = |name: &str, unit: f64| {
            let v: Vec<f64> = t
                .column(name)
                .unwrap()
                .numbers()
                .unwrap()
                .iter()
                .map(|v| v.unwrap() * unit)
                .collect();
            numbers(name, &v)
        };
        let other = fit(
            &table(vec![scaled("y", y_unit), scaled("a", a_unit), scaled("b", 1.0)]),
            "y ~ a + b",
        )
        .unwrap();
        let unit = [y_unit, y_unit / a_unit, y_unit];
        for (j, unit) in unit.into_iter().enumerate() {
            assert!(close(other.coefficients[j], base.coefficients[j] * unit, 1e-13));
        }
        let (p, q) =
            (base.estimates(Covariance::Classical, L), other.estimates(Covariance::Classical, L));
        let statistic = |e: &ssi_vocab::Estimate| e.test.as_ref().unwrap().statistic.unwrap();
        for (p, q) in p.iter().zip(&q) {
            assert!(close(statistic(p), statistic(q), 1e-12));
        }
        assert!(base.hat.iter().zip(&other.hat).all(|(p, q)| close(*p, *q, 1e-12)));
    }
}

#[test]
fn an_offset_of_a_billion_changes_the_intercept_only() {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i * i % 17)).collect();
    let y: Vec<f64> = (0..30).map(|i| f64::from(i * 7 % 23)).collect();
    let far: Vec<f64> = x.iter().map(|v| v + 1e9).collect();
    let near = fit(&table(vec![numbers("y", &y), numbers("x", &x)]), "y ~ x").unwrap();
    let far = fit(&table(vec![numbers("y", &y), numbers("x", &far)]), "y ~ x").unwrap();
    assert_eq!(near.coefficients[1], far.coefficients[1]);
    let error = |fit: &Ols| fit.estimates(Covariance::Hc3, L)[1].std_error.unwrap();
    assert!(close(error(&near), error(&far), 1e-15));
    assert_eq!(near.residuals, far.residuals);
}

#[test]
fn counts_give_the_digits_of_the_repeated_rows() {
    let x = [1.0, 2.0, 2.5, 4.0, 7.0, 9.0];
    let y = [3.0, 2.0, 6.0, 5.0, 9.5, 8.0];
    let counts = [4_u64, 1, 7, 3, 2, 5];
    let repeat = |v: &[f64]| -> Vec<f64> {
        v.iter().zip(counts).flat_map(|(v, n)| std::iter::repeat_n(*v, n as usize)).collect()
    };
    let counted =
        table(vec![numbers("y", &y), numbers("x", &x)]).with_counts(counts.to_vec()).unwrap();
    let rows = table(vec![numbers("y", &repeat(&y)), numbers("x", &repeat(&x))]);
    for formula in ["y ~ x", "y ~ 0 + x", "y ~ poly(x, 2)", "log(y) ~ sqrt(x)"] {
        let (a, b) = (fit(&counted, formula).unwrap(), fit(&rows, formula).unwrap());
        assert_eq!((a.n_obs, a.df_residual), (b.n_obs, b.df_residual));
        assert!(close(a.sigma, b.sigma, 3e-16));
        for kind in Covariance::ALL {
            for (p, q) in a.estimates(kind, L).iter().zip(b.estimates(kind, L)) {
                assert!(close(p.value.unwrap(), q.value.unwrap(), 3e-16));
                assert!(close(p.std_error.unwrap(), q.std_error.unwrap(), 2e-15), "{kind}");
                assert_eq!(p.note, Some(Note::FromCounts));
            }
        }
        let (g, h) = (a.glance(), b.glance());
        for (p, q) in [(g.r_squared, h.r_squared), (g.bic, h.bic), (g.log_lik, h.log_lik)] {
            assert!(close(p.unwrap(), q.unwrap(), 1e-15));
        }
        for name in ["breusch_pagan", "max_cooks_d", "max_leverage", "condition_number"] {
            let value = |g: &ssi_vocab::Glance| {
                g.checks.iter().find(|c| c.name == name).and_then(|c| c.value)
            };
            let (p, q) = (value(&g), value(&h));
            assert_eq!(p.is_some(), q.is_some(), "{name}");
            assert!(p.zip(q).is_none_or(|(p, q)| close(p, q, 1e-13)), "{name} {p:?} {q:?}");
        }
    }
}

#[test]
fn large_problems_in_doubles_agree_with_small_ones_in_thirty_two_digits() {
    // 30,000 rows are solved in doubles; their 2,500 cells with counts, in double-doubles.
    let n = 2_500;
    let (a, b) = (noise(n, 5), noise(n, 6));
    let y: Vec<f64> = noise(n, 7).iter().zip(&a).map(|(e, a)| 100.0 + e + a).collect();
    let repeat =
        |v: &[f64]| -> Vec<f64> { v.iter().flat_map(|v| std::iter::repeat_n(*v, 12)).collect() };
    let counted = table(vec![numbers("y", &y), numbers("a", &a), numbers("b", &b)])
        .with_counts(vec![12; n])
        .unwrap();
    let rows = table(vec![
        numbers("y", &repeat(&y)),
        numbers("a", &repeat(&a)),
        numbers("b", &repeat(&b)),
    ]);
    let (p, q) = (fit(&counted, "y ~ a + b").unwrap(), fit(&rows, "y ~ a + b").unwrap());
    let errors = p.estimates(Covariance::Classical, L);
    for (j, estimate) in errors.iter().enumerate() {
        let off = (p.coefficients[j] - q.coefficients[j]).abs();
        assert!(off < 1e-12 * estimate.std_error.unwrap(), "{j} {off:e}");
    }
    for kind in Covariance::ALL {
        for (p, q) in p.estimates(kind, L).iter().zip(q.estimates(kind, L)) {
            assert!(close(p.std_error.unwrap(), q.std_error.unwrap(), 1e-13), "{kind}");
        }
    }
}

#[test]
fn an_interval_contains_its_estimate_and_widens_with_the_level() {
    let fit = fit(&sample(25), "y ~ a * b").unwrap();
    for kind in Covariance::ALL {
        let narrow = fit.estimates(kind, Level::new(0.8).unwrap());
        for (wide, narrow) in fit.estimates(kind, L).iter().zip(narrow) {
            let (value, wide) = (wide.value.unwrap(), wide.interval.clone().unwrap());
            let narrow = narrow.interval.unwrap();
            assert!(wide.low < narrow.low && narrow.low < value);
            assert!(value < narrow.high && narrow.high < wide.high);
        }
    }
}

#[test]
fn collinear_columns_are_named() {
    let a = noise(20, 1);
    let b = noise(20, 2);
    let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 0.1 * a + 0.7 * b).collect();
    let y = noise(20, 4);
    let t = table(vec![
        numbers("y", &y),
        numbers("a", &a),
        numbers("other", &noise(20, 9)),
        numbers("b", &b),
        numbers("sum", &sum),
    ]);
    let error = fit(&t, "y ~ a + other + b + sum").unwrap_err();
    assert_eq!(error, Error::Collinear { columns: vec!["a".into(), "b".into(), "sum".into()] });
    assert!(error.to_string().starts_with("`a`, `b`, `sum` can't be told apart"), "{error}");
    let error = fit(&t, "y ~ a + I(3 * a - 2)").unwrap_err();
    assert_eq!(error, Error::Collinear { columns: vec!["a".into(), "I(3 * a - 2)".into()] });
}

#[test]
fn columns_that_are_merely_close_have_an_estimate() {
    // R's lm drops this column (its tolerance is 1e-7).
    let a = noise(30, 1);
    let near: Vec<f64> = a.iter().zip(noise(30, 2)).map(|(a, e)| a + 1e-9 * e).collect();
    let t = table(vec![numbers("y", &noise(30, 3)), numbers("a", &a), numbers("near", &near)]);
    let fit = fit(&t, "y ~ a + near").unwrap();
    assert!(fit.estimates(Covariance::Classical, L)[2].std_error.unwrap() > 1e7);
}

#[test]
fn as_many_coefficients_as_respondents_is_an_error() {
    let t = sample(3);
    assert!(matches!(fit(&t, "y ~ a + b"), Err(Error::TooFew { needed: 4, found: 3, .. })));
    assert!(fit(&sample(4), "y ~ a + b").is_ok());
    let one = table(vec![numbers("y", &[1.0]), numbers("a", &[2.0])]);
    assert!(matches!(fit(&one, "y ~ a"), Err(Error::TooFew { needed: 3, found: 1, .. })));
}

#[test]
fn few_cells_with_large_counts_are_collinear_and_no_panic() {
    let t = table(vec![numbers("y", &[1.0, 2.0]), numbers("a", &[1.0, 3.0])])
        .with_counts(vec![50, 60])
        .unwrap();
    assert!(matches!(fit(&t, "y ~ a + I(a^2)"), Err(Error::Collinear { .. })));
}

#[test]
fn constant_columns_are_errors_by_name() {
    let t = table(vec![
        numbers("y", &[1.0, 2.0, 4.0, 3.0]),
        numbers("flat", &[2.0; 4]),
        numbers("zero", &[0.0; 4]),
    ]);
    let constant = |name: &str| Error::Constant { column: name.into() };
    assert_eq!(fit(&t, "y ~ flat").unwrap_err(), constant("flat"));
    assert_eq!(fit(&t, "flat ~ y").unwrap_err(), constant("flat"));
    assert_eq!(fit(&t, "y ~ 0 + zero").unwrap_err(), constant("zero"));
    // Without an intercept a constant column is one.
    let fit = fit(&t, "y ~ 0 + flat").unwrap();
    assert_eq!(fit.coefficients.to_vec(), [1.25]);
}

#[test]
fn a_perfect_fit_has_no_test() {
    let x: Vec<f64> = (0..9).map(|i| 0.1 * f64::from(i)).collect();
    let y: Vec<f64> = x.iter().map(|x| 0.3 * x - 0.7).collect();
    let fit = fit(&table(vec![numbers("y", &y), numbers("x", &x)]), "y ~ x").unwrap();
    assert!(fit.perfect);
    for kind in Covariance::ALL {
        for estimate in fit.estimates(kind, L) {
            assert_eq!(estimate.std_error, Some(0.0));
            assert_eq!(estimate.test, None);
            assert_eq!(estimate.note, Some(Note::PerfectFit));
            let interval = estimate.interval.unwrap();
            assert_eq!((interval.low, interval.high), (estimate.value.unwrap(), interval.low));
        }
    }
    let glance = fit.glance();
    assert_eq!((glance.r_squared, glance.sigma), (Some(1.0), Some(0.0)));
    assert_eq!((glance.statistic, glance.p_value, glance.aic), (None, None, None));
    assert!(glance.checks.iter().all(|c| c.value.is_some_and(f64::is_finite)));
    assert!(fit.augment(L).rows.iter().all(|r| r.resid == 0.0 && r.std_resid.is_none()));
    assert!(drawing::diagnostics(&fit, 1).is_err());
}

#[test]
fn a_leverage_of_one_leaves_the_robust_error_undefined() {
    // The fourth respondent alone has b = 1.
    let t = table(vec![
        numbers("y", &[1.0, 2.0, 4.0, 9.0, 3.0, 4.5]),
        numbers("a", &[1.0, 2.0, 3.0, 3.5, 5.0, 6.0]),
        numbers("b", &[0.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
    ]);
    let fit = fit(&t, "y ~ a + b").unwrap();
    for kind in [Covariance::Hc2, Covariance::Hc3, Covariance::Hc4] {
        assert!(fit.covariance(kind).is_none());
        for estimate in fit.estimates(kind, L) {
            assert_eq!((estimate.std_error, estimate.note), (None, Some(Note::LeverageOne)));
            assert!(estimate.value.is_some() && estimate.interval.is_none());
        }
    }
    assert!(fit.covariance(Covariance::Hc1).is_some());
    let row = &fit.augment(L).rows[3];
    assert_eq!((row.std_resid, row.cooks_d, row.dffits), (None, None, None));
    assert!((row.hat - 1.0).abs() < 1e-15 && row.resid.abs() < 1e-15);
    let panels = drawing::diagnostics(&fit, 1).unwrap();
    assert_eq!(panels.residuals.x.len(), 5);
    assert!(panels.cooks.iter().all(|(_, c)| c.y.iter().all(|v| v.is_finite())));
}

#[test]
fn an_augmented_model_serialises_with_the_contracts_names() {
    let augment = fit(&sample(12), "y ~ a").unwrap().augment(L);
    let json = serde_json::to_value(&augment).unwrap();
    let keys: Vec<&String> = json["rows"][0].as_object().unwrap().keys().collect();
    let mut wanted = ssi_infer::regress::Augment::COLUMNS.to_vec();
    wanted.sort_unstable();
    assert_eq!(keys, wanted);
    assert_eq!(json["rows"][0]["row"], 2);
}

#[test]
fn a_matrix_of_the_wrong_width_is_refused() {
    let fit = fit(&sample(12), "y ~ a").unwrap();
    let x = ndarray::Array2::<f64>::zeros((2, 3));
    assert_eq!(fit.predict(x.view(), L), Err(Error::WrongWidth { needed: 2, found: 3 }));
}

#[test]
fn numbers_beyond_computing_are_refused_by_name() {
    let t = table(vec![numbers("y", &[1.0, 3.0, 2.0, 5.0]), numbers("x", &[1e200, 0.0, 1.0, 2.0])]);
    assert!(matches!(fit(&t, "y ~ x"), Err(Error::Magnitude { column, .. }) if column == "x"));
    assert!(matches!(fit(&t, "x ~ y"), Err(Error::Magnitude { column, .. }) if column == "x"));
}

#[test]
fn nothing_is_ever_not_a_number() {
    // Awkward but legal data: heavy ties, a huge outlier, tiny and large units, few rows.
    let cases: [(&[f64], &[f64]); 5] = [
        (&[0.0, 0.0, 0.0, 1.0], &[1.0, 1.0, 2.0, 5.0]),
        (&[1.0, 2.0, 3.0], &[1.0, 1.0, 2.0]),
        (&[1e-70, 2e-70, 4e-70, 5e-70], &[1.0, 3.0, 2.0, 7.0]),
        (&[1.0, 2.0, 3.0, 1e12], &[1.0, 3.0, 2.0, 7e-9]),
        (&[1e70, 2e70, 5e70, 3e70, 4e70], &[1e74, 1e73, 7e74, 1e74, 2e74]),
    ];
    for (x, y) in cases {
        let fit = fit(&table(vec![numbers("y", y), numbers("x", x)]), "y ~ x").unwrap();
        for kind in Covariance::ALL {
            for e in fit.estimates(kind, L) {
                assert!(e.value.unwrap().is_finite());
                assert!(e.std_error.is_none_or(|v| !v.is_nan()), "{x:?} {kind}");
                assert!(e.interval.is_none_or(|i| !i.low.is_nan() && !i.high.is_nan()));
            }
        }
        let text = serde_json::to_string(&fit.glance()).unwrap();
        assert!(!text.contains("NaN"), "{text}");
        for check in fit.glance().checks {
            assert!(check.value.is_some_and(f64::is_finite), "{x:?} {}", check.name);
        }
    }
}

#[test]
fn digits_do_not_depend_on_the_number_of_threads() {
    let n = 30_000;
    let column = |name: &str, a: usize, m: usize| {
        let values: Vec<f64> = (0..n).map(|i| (i * a % m) as f64 / 7.0).collect();
        numbers(name, &values)
    };
    let table = table(vec![column("y", 31, 997), column("a", 17, 103), column("b", 13, 211)]);
    let fit = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit(&table, "y ~ a + b").unwrap())
    };
    let (one, three): (Ols, Ols) = (fit(1), fit(3));
    assert_eq!(one.coefficients, three.coefficients);
    assert_eq!((one.sigma, &one.residuals, &one.hat), (three.sigma, &three.residuals, &three.hat));
}
