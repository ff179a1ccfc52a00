//! What formulas mean, how terms are named, and how slips are reported.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use ssi_infer::Error;
use ssi_infer::formula::{design, model};
use ssi_vocab::{Capped, Column, Missing, Reason, Seen, Table};

fn numbers(name: &str, values: &[f64]) -> Column {
    Column::number(name, values.iter().copied().map(Ok).collect())
}

fn words(name: &str, values: &[&str]) -> Column {
    Column::factor(name, &values.iter().map(|w| Ok(*w)).collect::<Vec<_>>())
}

fn table() -> Table {
    let x: Vec<f64> = (1..=12).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| (x * 7.3) % 5.0 + x).collect();
    let columns = vec![
        numbers("y", &y),
        numbers("x", &x),
        numbers("z", &x.iter().map(|x| 10.0 * ((x * 3.1) % 4.0) + 1.0).collect::<Vec<_>>()),
        words("f", &["EU", "JP", "LA"].repeat(4)),
        words("g", &["a", "b"].repeat(6)),
        numbers("level", &[10.0, 2.0, 1.0].repeat(4)),
        numbers("my col", &x.iter().map(|x| x * x % 7.0).collect::<Vec<_>>()),
        numbers("スコア", &x),
    ];
    Table::new(columns, (2..14).collect()).unwrap()
}

fn terms(formula: &str) -> Vec<String> {
    design(&table(), formula).unwrap().terms
}

/// The names that R 4.2's `model.matrix` gives; C(x) by the contract.
#[test]
fn terms_are_named_as_in_r() {
    let cases: &[(&str, &str)] = &[
        ("y ~ x", "(Intercept)|x"),
        ("y ~ 1", "(Intercept)"),
        ("y ~ x + f", "(Intercept)|x|fJP|fLA"),
        ("y ~ C(f)", "(Intercept)|fJP|fLA"),
        ("y ~ C(level)", "(Intercept)|level2|level10"),
        ("y ~ 0 + x", "x"),
        ("y ~ x - 1", "x"),
        ("y ~ -1 + x", "x"),
        ("y ~ x - 1 + 1", "(Intercept)|x"),
        ("y ~ 0 + f + g", "fEU|fJP|fLA|gb"),
        ("y ~ 0 + x + g*f", "x|ga|gb|fJP|fLA|gb:fJP|gb:fLA"),
        ("y ~ x:f", "(Intercept)|x:fEU|x:fJP|x:fLA"),
        ("y ~ 0 + f:g", "fEU:ga|fJP:ga|fLA:ga|fEU:gb|fJP:gb|fLA:gb"),
        ("y ~ g:f + f", "(Intercept)|fJP|fLA|gb:fEU|gb:fJP|gb:fLA"),
        ("y ~ (x+f+g)^2 - x:g", "(Intercept)|x|fJP|fLA|gb|x:fJP|x:fLA|fJP:gb|fLA:gb"),
        ("y ~ `my col` * f", "(Intercept)|`my col`|fJP|fLA|`my col`:fJP|`my col`:fLA"),
        ("y ~ I(x^2) + I( -x ) + I(x*(x+1))", "(Intercept)|I(x^2)|I(-x)|I(x * (x + 1))"),
        ("y ~ I(1/x) + I(2^(x+1)) + I(x^-1)", "(Intercept)|I(1/x)|I(2^(x + 1))|I(x^-1)"),
        ("y ~ I(100000*x) + I(0.1*x)", "(Intercept)|I(1e+05 * x)|I(0.1 * x)"),
        ("y ~ log10(x) + log(x+1)", "(Intercept)|log10(x)|log(x + 1)"),
        ("y ~ sqrt(x) + exp(x/10)", "(Intercept)|sqrt(x)|exp(x/10)"),
        ("y ~ poly(x, 2)", "(Intercept)|poly(x, 2)1|poly(x, 2)2"),
        ("y ~ poly(x, 1)", "(Intercept)|poly(x, 1)"),
        ("y ~ poly(x,2,raw=true)", "(Intercept)|poly(x, 2, raw = TRUE)1|poly(x, 2, raw = TRUE)2"),
        (
            "y ~ 0 + poly(x, degree = 2):g",
            "poly(x, 2)1:ga|poly(x, 2)2:ga|poly(x, 2)1:gb|poly(x, 2)2:gb",
        ),
        ("y ~ x + x + f:x + x:f", "(Intercept)|x|x:fJP|x:fLA"),
        ("y ~ x*f*g - x:f:g", "(Intercept)|x|fJP|fLA|gb|x:fJP|x:fLA|x:gb|fJP:gb|fLA:gb"),
        ("y ~ スコア", "(Intercept)|スコア"),
        ("y～x＋f", "(Intercept)|x|fJP|fLA"),
        ("`y` ~ `x`", "(Intercept)|x"),
    ];
    for (formula, wanted) in cases {
        assert_eq!(terms(formula).join("|"), *wanted, "{formula}");
    }
}

#[test]
fn columns_hold_what_their_names_say() {
    let design = design(&table(), "log(y) ~ x:f + I(x^2) + poly(x, 3, raw = true)").unwrap();
    assert_eq!(design.outcome, "log(y)");
    assert_eq!(design.formula, "log(y) ~ x:f + I(x^2) + poly(x, 3, raw = TRUE)");
    let column = |name: &str| {
        let at = design.terms.iter().position(|t| t == name).unwrap();
        design.x.column(at).to_vec()
    };
    assert_eq!(column("x:fJP")[..4], [0.0, 2.0, 0.0, 0.0]);
    assert_eq!(column("I(x^2)")[..4], [1.0, 4.0, 9.0, 16.0]);
    assert_eq!(column("poly(x, 3, raw = TRUE)3")[..4], [1.0, 8.0, 27.0, 64.0]);
    assert_eq!(design.assign, [0, 1, 2, 2, 2, 3, 3, 3]);
    assert_eq!(design.terms[1], "I(x^2)");
}

fn slip(formula: &str) -> (usize, String, String) {
    match design(&table(), formula) {
        Err(Error::Formula { column, slip, caret, .. }) => (column, slip.to_string(), caret),
        other => panic!("{formula}: {other:?}"),
    }
}

#[test]
fn columns_that_multiply_beyond_measure_are_refused_before_they_are_made() {
    let many: Vec<Seen<f64>> = (0..40).map(|i| Ok(f64::from(i * i % 37))).collect();
    let of = |name: &str, turn: usize| {
        let mut values = many.clone();
        values.rotate_left(turn);
        Column::number(name, values)
    };
    let columns = vec![of("y", 0), of("a", 3), of("b", 7), of("d", 11), of("e", 13)];
    let table = Table::new(columns, (2..42).collect()).unwrap();
    let cubes = |degree: usize| {
        let own = |name: &str| format!("poly({name}, {degree})");
        format!("y ~ {}", ["a", "b", "d", "e"].map(own).join(":"))
    };
    assert_eq!(design(&table, &cubes(3)).unwrap().x.ncols(), 82);
    let error = design(&table, &cubes(11)).unwrap_err().to_string();
    assert!(error.contains("more than 10,000"), "{error}");
}

#[test]
fn a_slip_is_shown_with_a_caret_below_its_character() {
    let cases = [
        ("y ~ x +", 8, "found the end"),
        ("y ~ ", 5, "found the end"),
        ("y x", 3, "expected `~`"),
        ("~ x", 1, "the outcome is missing"),
        ("", 1, "the outcome is missing"),
        ("y ~ x ~ f", 7, "a second `~`"),
        ("y ~ (x + f", 11, "expected `)`"),
        ("y ~ x)", 6, "closes nothing"),
        ("y ~ x $ f", 7, "`$` has no meaning"),
        ("y ~ x f", 7, "before `f`"),
        ("y ~ ln(x)", 5, "did you mean `log`"),
        ("y ~ sqr(x)", 5, "did you mean `sqrt`"),
        ("y ~ x^2", 6, "I(x^2)"),
        ("y ~ (x + f)^0", 13, "whole number"),
        ("y ~ x / z", 7, "I(a / b)"),
        ("y ~ 2", 5, "a number is no predictor"),
        ("y ~ `x", 5, "backtick"),
        ("y ~ poly(x, 0)", 13, "degree from 1 to 100"),
        ("y ~ poly(x, 2, row = true)", 22, "raw = true"),
        ("y ~ C(2)", 7, "C() takes one column"),
        ("y ~ log(C(f))", 9, "inside another function"),
        ("y ~ x + y", 9, "own predictor"),
        ("y ~ 0", 6, "nothing to estimate"),
        ("y ~ x*1", 1, "can't cross"),
    ];
    for (formula, column, part) in cases {
        let (at, message, caret) = slip(formula);
        assert!(message.contains(part), "{formula}: {message}");
        assert_eq!(at, column, "{formula}: {message}");
        assert_eq!(caret.chars().count(), column, "{formula}");
        assert!(caret.ends_with('^') && caret.trim() == "^", "{formula}");
    }
}

#[test]
fn the_caret_keeps_its_place_behind_wide_characters() {
    let (column, _, caret) = slip("y ~ スコア +");
    assert_eq!((column, caret.as_str()), (10, "    \u{3000}\u{3000}\u{3000}  ^"));
    let message = design(&table(), "y ~ x +").unwrap_err().to_string();
    assert!(message.ends_with("\n  y ~ x +\n         ^"), "{message}");
}

#[test]
fn a_thousand_parentheses_are_an_error_and_no_overflow() {
    for open in ["(", "log(", "I(-", "2^"] {
        let text = format!("y ~ I({}", open.repeat(100_000));
        assert!(matches!(design(&table(), &text), Err(Error::Formula { .. })));
    }
    let text = format!("y ~ {}x", "-".repeat(100_000));
    assert!(matches!(design(&table(), &text), Err(Error::Formula { .. })));
}

#[test]
fn an_unknown_column_is_named_with_the_nearest() {
    let error = design(&table(), "y ~ levle").unwrap_err();
    assert!(error.to_string().contains("did you mean `level`?"), "{error}");
}

#[test]
fn words_in_arithmetic_and_capped_counts_are_refused_with_advice() {
    let capped = Capped { value: 500.0, at_least: true };
    let plain = Capped { value: 20.0, at_least: false };
    let column = Column::capped("conn", [Ok(capped), Ok(plain)].repeat(6));
    let table = table().with_column(column).unwrap();
    for formula in ["y ~ conn", "y ~ log10(conn)"] {
        let error = design(&table, formula).unwrap_err();
        assert!(matches!(error, Error::Input(ssi_vocab::Error::Capped { .. })), "{formula}");
    }
    for formula in ["f ~ x", "y ~ log(f)"] {
        let error = design(&table, formula).unwrap_err();
        assert!(matches!(error, Error::Input(ssi_vocab::Error::NotNumeric { .. })), "{formula}");
    }
    assert_eq!(design(&table, "y ~ C(conn)").unwrap().terms[1], "conn500+");
}

#[test]
fn a_group_of_one_level_or_of_a_thousand_and_one_is_an_error() {
    let table = table().with_column(words("one", &["a"; 12])).unwrap();
    let error = design(&table, "y ~ one").unwrap_err();
    assert!(matches!(error, Error::FactorLevels { found: 1, .. }), "{error}");
    let many: Vec<f64> = (0..1001).map(f64::from).collect();
    let names: Vec<String> = many.iter().map(|v| format!("r{v}")).collect();
    let columns = vec![
        numbers("y", &many),
        numbers("id", &many),
        words("name", &names.iter().map(String::as_str).collect::<Vec<_>>()),
    ];
    let table = Table::new(columns, (0..1001).collect()).unwrap();
    for formula in ["y ~ C(id)", "y ~ name"] {
        let error = design(&table, formula).unwrap_err();
        assert!(matches!(error, Error::FactorLevels { found: 1001, .. }), "{formula}: {error}");
    }
}

#[test]
fn a_level_that_no_complete_row_has_gets_no_column() {
    let mut y = vec![Ok(1.0), Ok(2.0), Ok(4.0), Err(Missing::Blank)];
    let group = ["a", "b", "a", "c"];
    let table = Table::new(
        vec![Column::number("y", std::mem::take(&mut y)), words("g", &group)],
        vec![2, 3, 4, 5],
    )
    .unwrap();
    assert_eq!(design(&table, "y ~ g").unwrap().terms, ["(Intercept)", "gb"]);
}

#[test]
fn each_unusable_cell_is_listed_with_its_row_and_reason() {
    let mut x = Column::number(
        "x",
        vec![Ok(1.0), Ok(0.0), Err(Missing::NotANumber), Ok(-2.5), Ok(10.0), Ok(f64::INFINITY)],
    );
    x.unread.push((2, "1O".into()));
    let y = vec![Ok(1.0), Ok(2.0), Err(Missing::Blank), Ok(1.5), Ok(0.5), Ok(3.0)];
    let table = Table::new(vec![Column::number("y", y), x], vec![2, 3, 4, 5, 6, 7]).unwrap();
    let design = design(&table, "y ~ log10(x)").unwrap();
    assert_eq!(design.rows, [2, 6]);
    assert_eq!(design.x.column(1).to_vec(), [0.0, 1.0]);
    let found: Vec<(usize, &str, &str, Reason)> = design
        .excluded
        .iter()
        .map(|e| (e.row, e.column.as_str(), e.value.as_str(), e.reason))
        .collect();
    let wanted = [
        (3, "x", "0", Reason::LogOfNonPositive),
        (4, "y", "", Reason::Missing),
        (4, "x", "1O", Reason::NotANumber),
        (5, "x", "-2.5", Reason::LogOfNonPositive),
        (7, "x", "inf", Reason::NotFinite),
    ];
    assert_eq!(found, wanted);
    assert_eq!(design.n_excluded(), 4);
}

#[test]
fn no_complete_row_is_an_error() {
    let table = Table::new(vec![numbers("y", &[1.0, 2.0]), numbers("x", &[-1.0, 0.0])], vec![2, 3])
        .unwrap();
    assert!(matches!(design(&table, "y ~ log(x)"), Err(Error::NobodyLeft { .. })));
}

#[test]
fn a_polynomial_needs_more_values_than_its_degree() {
    let error = design(&table(), "y ~ poly(level, 3)").unwrap_err();
    assert!(matches!(error, Error::PolynomialDegree { degree: 3, found: 3, .. }), "{error}");
}

#[test]
fn further_rows_are_coded_like_the_models_own() {
    let table = table();
    let (own, recipe) = model(&table, "y ~ poly(x, 2) + f + log(z)").unwrap();
    let again = recipe.matrix(&table).unwrap();
    assert_eq!(again.x, *own.x);
    let further = Table::new(
        vec![numbers("x", &[3.0, 3.0]), words("f", &["LA", "XX"]), numbers("z", &[2.0, 2.0])],
        vec![2, 3],
    )
    .unwrap();
    let coded = recipe.matrix(&further).unwrap();
    assert_eq!((coded.at.as_slice(), coded.excluded[0].reason), (&[0][..], Reason::OutOfRange));
    assert_eq!(coded.x[[0, 4]], 1.0);
}

#[test]
fn counts_become_frequency_weights_and_a_count_of_zero_is_no_row() {
    let counts = [3, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    let counted = table().with_counts(counts.to_vec()).unwrap();
    let design = design(&counted, "y ~ x").unwrap();
    assert_eq!((design.n_obs(), design.rows.len(), design.excluded.len()), (13, 11, 0));
}

#[test]
fn terms_are_crossed_as_often_as_they_are_written_but_not_for_hours() {
    let names: Vec<String> = (0..13).map(|i| format!("x{i}")).collect();
    let named = |name: &str| numbers(name, &[1.0, 2.0]);
    let columns = names.iter().map(|name| named(name)).chain([named("y")]);
    let table = Table::new(columns.collect(), vec![2, 3]).unwrap();
    let sum = names.join(" + ");
    let started = std::time::Instant::now();
    let of = |powers: &str| format!("y ~ ({sum}){}", powers.replace('S', &sum));
    for powers in ["^6 * (S)^6", "^9 : (S)^9", "^9 - (S)^9 + (S)^9 - (S)^9"] {
        let error = design(&table, &of(powers)).unwrap_err();
        assert!(error.to_string().contains("over a million times"), "{error}");
    }
    // Of 7,813 terms, each of which was once compared with all before it.
    let design = design(&table, &of("^9 - (S)^9 + x1")).unwrap();
    assert_eq!(design.terms, ["(Intercept)", "x1"]);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
