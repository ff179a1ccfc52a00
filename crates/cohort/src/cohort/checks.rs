//! Checks that need more than one cell.

use super::{Columns, ITEMS, PILLARS, Rating, Value};
use crate::grid::Headed;
use crate::ledger::Ledger;
use crate::number::{decimals, fold};
use crate::refusals::Refusals;
use crate::{Error, Result};
use ssi_vocab::{Exclusion, Missing, Reason, Rule};

/// Words by which a row of totals below the data is known.
const TOTALS: [&str; 16] = [
    "合計",
    "総計",
    "小計",
    "計",
    "平均",
    "平均値",
    "件数",
    "標準偏差",
    "中央値",
    "total",
    "sum",
    "average",
    "mean",
    "count",
    "grand total",
    "median",
];

/// How far the displayed SSI may lie from the sum of its pillars: LinkedIn rounds the sum.
const ROUNDING: f64 = 0.5;

/// Room for the last digit of a sum in binary.
const BINARY: f64 = 1e-9;

/// Drops rows of totals that stand below the data; returns how many.
pub(super) fn drop_totals(headed: &mut Headed, ledger: &mut Ledger) -> usize {
    let mut count = 0;
    while let Some(last) = headed.lines.last() {
        let is_total = last.cells.iter().any(|cell| {
            let word = fold(cell).to_lowercase();
            TOTALS.contains(&word.trim_end_matches([':', '：']))
        });
        if !is_total {
            break;
        }
        ledger.drop_row(Rule::DroppedRow, last.number, "totals");
        headed.lines.pop();
        count += 1;
    }
    count
}

/// Refuses a file whose SSI or items are on another scale.
///
/// SSI: no value above 1 (a share), or two and more values and none above 25 (a pillar). Items:
/// whole numbers, none of them 0, and one in five at least above 1.
pub(super) fn scales(
    ratings: &[Rating],
    columns: &Columns<'_>,
    name: &str,
    refusals: &mut Refusals,
) -> Result<()> {
    let mut wrong = |column: &str, found: &str, expected: &str| {
        refusals.add(Error::WrongScale {
            name: name.to_owned(),
            column: column.to_owned(),
            found: found.to_owned(),
            expected: expected.to_owned(),
        })
    };
    let numbers = |at: usize| ratings.iter().filter_map(move |r| r.values[at].number());
    if let Some(at) = columns.place("ssi_total") {
        let (n, most) = numbers(at).fold((0, f64::NEG_INFINITY), |(n, m), v| (n + 1, v.max(m)));
        let expected = "SSI runs from 0 to 100";
        if n > 0 && most <= 1.0 {
            wrong("ssi_total", "has no value above 1", expected)?;
        } else if n > 1 && most <= 25.0 {
            wrong("ssi_total", "has no value above 25, like one of the pillars", expected)?;
        }
    }
    let items: Vec<f64> =
        ITEMS.iter().filter_map(|item| columns.place(item)).flat_map(numbers).collect();
    let above = items.iter().filter(|v| **v > 1.0).count();
    if above > 0 && 5 * above >= items.len() && items.iter().all(|v| *v >= 1.0 && v.fract() == 0.0)
    {
        wrong(
            "item_…",
            "has whole numbers from 1 upward, like a five-point scale",
            "each item is scored 0, 0.5 or 1",
        )?;
    }
    Ok(())
}

/// Excludes rows whose four pillars don't add up to the displayed SSI, or only notes them where they
/// are to be kept.
pub(super) fn pillars(
    ratings: &[Rating],
    columns: &Columns<'_>,
    keep: bool,
    excluded: &mut Vec<Exclusion>,
    ledger: &mut Ledger,
) {
    let (Some(total), Some(pillars)) = (columns.place("ssi_total"), columns.places(&PILLARS))
    else {
        return;
    };
    // Pillars in whole numbers were rounded too. How finely they are given is a fact of the
    // file: `15` beside `20.973` is 15.000.
    let places = ratings
        .iter()
        .flat_map(|r| pillars.iter().map(|at| decimals(&fold(&r.shown(columns, *at)))))
        .max()
        .unwrap_or(0)
        .min(3);
    let tolerance = ROUNDING + 4.0 * 0.5 * 0.1_f64.powi(places as i32) + BINARY;
    for rating in ratings.iter().filter(|rating| rating.sound) {
        let parts: Option<Vec<f64>> =
            pillars.iter().map(|at| rating.values[*at].number()).collect();
        let (Some(parts), Some(shown)) = (parts, rating.values[total].number()) else { continue };
        let sum = parts.iter().sum::<f64>();
        if (sum - shown).abs() <= tolerance {
            continue;
        }
        if keep {
            let place = (columns.0[total].order, "ssi_total");
            let found = rating.shown(columns, total);
            ledger.note(Rule::PillarsKept, place, rating.row, &found, || shown.to_string());
        } else {
            excluded.push(Exclusion {
                row: rating.row,
                column: "ssi_total".to_owned(),
                value: rating.shown(columns, total),
                reason: Reason::PillarsDoNotAddUp,
            });
        }
    }
}

/// Puts each rating's `score_total` at the end of its values, computed from the ten items where
/// there are any, and keeps the ratings without a fault.
pub(super) fn totals(
    ratings: Vec<Rating>,
    columns: &Columns<'_>,
    excluded: &mut Vec<Exclusion>,
    ledger: &mut Ledger,
) -> Vec<Rating> {
    let given_at = columns.place("score_total");
    let items = columns.places(&ITEMS);
    let mut kept = Vec::with_capacity(ratings.len());
    for mut rating in ratings.into_iter().filter(|rating| rating.sound) {
        let given = given_at.map(|at| rating.values[at].clone());
        let total = match &items {
            None => given.unwrap_or(Value::Number(Err(Missing::Blank))),
            Some(items) => {
                let seen: Vec<f64> =
                    items.iter().filter_map(|at| rating.values[*at].number()).collect();
                let given_number = given.as_ref().and_then(Value::number);
                if seen.len() == ITEMS.len() {
                    let sum = seen.iter().sum::<f64>();
                    if given_number.is_some_and(|given| (given - sum).abs() > BINARY) {
                        excluded.push(Exclusion {
                            row: rating.row,
                            column: "score_total".to_owned(),
                            value: given_at
                                .map_or_else(String::new, |at| rating.shown(columns, at)),
                            reason: Reason::TotalIsNotTheSum,
                        });
                    }
                    Value::Number(Ok(sum.into()))
                } else if let (true, Some(given @ Value::Number(Ok(_)))) = (seen.is_empty(), given)
                {
                    given
                } else {
                    if let (Some(given), Some(at)) = (given_number, given_at) {
                        let place = (columns.0[at].order, "score_total");
                        ledger.note(
                            Rule::IncompleteTotal,
                            place,
                            rating.row,
                            &given.to_string(),
                            String::new,
                        );
                    }
                    Value::Number(Err(Missing::Incomplete))
                }
            }
        };
        rating.values.push(total);
        kept.push(rating);
    }
    let mut faulty: Vec<usize> = excluded.iter().map(|e| e.row).collect();
    faulty.sort_unstable();
    kept.retain(|rating| faulty.binary_search(&rating.row).is_err());
    kept
}
