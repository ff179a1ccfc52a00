//! Checks that need more than one cell.

use super::ratings::{Coded, Ratings};
use super::short::Short;
use super::{Columns, ITEMS, PILLARS, Value};
use crate::grid::Headed;
use crate::ledger::Ledger;
use crate::lines::{Line, tidy};
use crate::number::{fold, shape};
use crate::refusals::Refusals;
use crate::{Error, Result, Scale, date};
use ssi_vocab::{Exclusion, Missing, Reason, Rule, Seen};

/// Words by which a row of totals is known, at the beginning or the end of its first cell.
const TOTALS: [&str; 18] = [
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
    "subtotal",
    "sum",
    "average",
    "mean",
    "count",
    "median",
    "grand total",
    "standard deviation",
];

/// Words and signs with which a note below the data begins.
const NOTES: [&str; 11] =
    ["※", "*", "注", "備考", "出典", "出所", "資料", "note", "source", "remark", "legend"];

/// Signs of a sentence, which no identifier has.
const SENTENCE: [char; 6] = ['。', '、', '：', ':', '!', '?'];

/// How far the displayed SSI may lie from the sum of its pillars: LinkedIn rounds the sum.
const ROUNDING: f64 = 0.5;

/// Room for the last digit of a sum in binary.
const BINARY: f64 = 1e-9;

/// Drops rows of totals wherever they stand, and notes below the data; returns how many.
pub(super) fn drop_totals(
    headed: &mut Headed<'_>,
    columns: &Columns<'_>,
    ledger: &mut Ledger,
) -> usize {
    let id = columns.place("respondent_id").map(|at| columns.0[at].at);
    let mut dropped = Vec::new();
    while let Some(last) = headed.lines.last() {
        let what = match (is_total(&last, id), is_note(&last)) {
            (true, _) => "totals",
            (_, true) => "note",
            _ => break,
        };
        dropped.push((last.number(), what));
        headed.lines.pop();
    }
    let totals: Vec<usize> =
        headed.lines.iter().filter(|line| is_total(line, id)).map(|line| line.number()).collect();
    headed.lines.without(&totals);
    dropped.extend(totals.into_iter().map(|row| (row, "totals")));
    dropped.sort_unstable();
    for (row, what) in &dropped {
        ledger.drop_row(Rule::DroppedRow, *row, what);
    }
    dropped.len()
}

/// True for a row that begins with a word for totals, alone or with a group's name (`JP 小計`), and
/// has no identifier beside it.
pub(crate) fn is_total(line: &Line<'_>, id: Option<usize>) -> bool {
    let Some((at, first)) = line.cells().map(tidy).enumerate().find(|(_, cell)| !cell.is_empty())
    else {
        return false;
    };
    // Most cells are told by a digit.
    if first.len() > 60 || first.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    if id.is_some_and(|id| id != at && !line.cell(id).is_empty()) {
        return false;
    }
    let label = fold(first).to_lowercase();
    let label = label.trim_end_matches([':', '：']).trim_end();
    // A group's name stands before or behind the word, of at most three words.
    let is_group = |rest: &str| id.is_some() && rest.split_whitespace().count() <= 3;
    TOTALS.iter().any(|word| {
        let before = |rest: &str| rest.ends_with(' ') || !word.is_ascii() && *word != "計";
        let behind = |rest: &str| rest.starts_with([' ', '(', ':']);
        let begins = || label.strip_prefix(word).is_some_and(|rest| behind(rest) && is_group(rest));
        let ends = label.strip_suffix(word);
        ends.is_some_and(|rest| rest.is_empty() || before(rest) && is_group(rest)) || begins()
    })
}

/// True for a row with one cell that is a note on the table.
pub(crate) fn is_note(line: &Line<'_>) -> bool {
    let mut filled = line.cells().map(tidy).filter(|cell| !cell.is_empty());
    let (Some(only), None) = (filled.next(), filled.next()) else { return false };
    let text = fold(only).to_lowercase();
    let begins = |mark: &str| {
        let rest = text.strip_prefix(mark);
        rest.is_some_and(|rest| {
            !mark.is_ascii() || !rest.starts_with(|c: char| c.is_alphanumeric())
        })
    };
    let is_number = shape(&text).is_some() || date::iso(&text, None).is_some();
    !is_number && (NOTES.iter().any(|mark| begins(mark)) || text.contains(SENTENCE))
}

/// Refuses a file whose SSI or items are on another scale.
///
/// SSI: no value above 1 (a share), or two and more values and none above 25 (a pillar). Items:
/// whole numbers, none of them 0, and one in five at least above 1.
pub(super) fn scales(
    ratings: &Ratings<'_>,
    columns: &Columns<'_>,
    name: &str,
    refusals: &mut Refusals,
) -> Result<()> {
    let mut wrong = |columns: &[&str], scale| {
        let columns = columns.iter().map(|column| (*column).into()).collect();
        refusals.add(Error::WrongScale { name: name.to_owned(), columns, scale })
    };
    // Most files show at once that they are not so.
    let numbers = |at: usize| (0..ratings.len() as u32).filter_map(move |r| ratings.number(r, at));
    if let Some(at) = columns.place("ssi_total") {
        let n = numbers(at).take(2).count();
        if n > 0 && numbers(at).all(|value| value <= 1.0) {
            wrong(&["ssi_total"], Scale::Share)?;
        } else if n > 1 && numbers(at).all(|value| value <= 25.0) {
            wrong(&["ssi_total"], Scale::Pillar)?;
        }
    }
    let items = || ITEMS.iter().filter_map(|item| columns.place(item)).flat_map(numbers);
    if items().all(|value| value >= 1.0 && value.fract() == 0.0) {
        let (n, above) = (items().count(), items().filter(|value| *value > 1.0).count());
        if above > 0 && 5 * above >= n {
            let there = |item: &&str| columns.place(item).is_some();
            wrong(&ITEMS.into_iter().filter(there).collect::<Vec<_>>(), Scale::FivePoint)?;
        }
    }
    Ok(())
}

/// Excludes rows whose four pillars don't add up to the displayed SSI, or only notes them where they
/// are to be kept.
pub(super) fn pillars(
    ratings: &Ratings<'_>,
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
    let places = pillars.iter().map(|at| ratings.columns[*at].decimals).max().unwrap_or(0).min(3);
    let tolerance = ROUNDING + 4.0 * 0.5 * 0.1_f64.powi(places as i32) + BINARY;
    for rating in (0..ratings.len() as u32).filter(|rating| ratings.sound[*rating as usize]) {
        let sum: Option<f64> = pillars.iter().map(|at| ratings.number(rating, *at)).sum();
        let (Some(sum), Some(shown)) = (sum, ratings.number(rating, total)) else { continue };
        if (sum - shown).abs() <= tolerance {
            continue;
        }
        if keep {
            let place = (columns.0[total].order, "ssi_total");
            let found = ratings.shown(rating, columns, total);
            ledger
                .note(Rule::PillarsKept, place, ratings.row(rating), &found, || shown.to_string());
        } else {
            excluded.push(Exclusion {
                row: ratings.row(rating),
                column: "ssi_total".to_owned(),
                value: ratings.shown(rating, columns, total),
                reason: Reason::PillarsDoNotAddUp,
            });
        }
    }
}

/// Puts a column behind the others: each rating's `score_total`, computed from the ten items where
/// there are any. Returns the ratings without a fault.
pub(super) fn totals(
    ratings: &mut Ratings<'_>,
    columns: &Columns<'_>,
    excluded: &mut Vec<Exclusion>,
    ledger: &mut Ledger,
) -> Vec<u32> {
    let given_at = columns.place("score_total");
    let items = columns.places(&ITEMS);
    let mut totals = Coded::default();
    let sums = items.as_ref().map_or_else(Vec::new, |items| sums(ratings, items, given_at));
    let mut codes = Vec::with_capacity(ratings.len());
    for rating in 0..ratings.len() as u32 {
        let is_sound = ratings.sound[rating as usize];
        if let Some(twice) = sums.get(rating as usize)
            && is_sound
            && *twice < Short::OTHER
        {
            codes.push(Short::half(*twice).code());
            continue;
        }
        let row = ratings.row(rating);
        let given = given_at.map(|at| ratings.columns[at].decimal(rating));
        let total = match &items {
            _ if !is_sound => Value::Number(Err(Missing::Incomplete)),
            None => Value::Number(given.unwrap_or(Err(Missing::Blank))),
            Some(items) => {
                let (mut seen, mut n) = ([0.0; ITEMS.len()], 0);
                for value in items.iter().filter_map(|at| ratings.number(rating, *at)) {
                    seen[n] = value;
                    n += 1;
                }
                let given_number = given.and_then(Seen::ok).map(|given| given.value);
                if n == ITEMS.len() {
                    let sum = seen.iter().sum::<f64>();
                    if given_number.is_some_and(|given| (given - sum).abs() > BINARY) {
                        excluded.push(Exclusion {
                            row,
                            column: "score_total".to_owned(),
                            value: given_at
                                .map_or_else(String::new, |at| ratings.shown(rating, columns, at)),
                            reason: Reason::TotalIsNotTheSum,
                        });
                    }
                    Value::Number(Ok(sum.into()))
                } else if let (0, Some(Ok(given))) = (n, given) {
                    Value::Number(Ok(given))
                } else {
                    if let (Some(given), Some(at)) = (given_number, given_at) {
                        let place = (columns.0[at].order, "score_total");
                        let found = given.to_string();
                        ledger.note(Rule::IncompleteTotal, place, row, &found, String::new);
                    }
                    Value::Number(Err(Missing::Incomplete))
                }
            }
        };
        codes.push(totals.code(total));
    }
    totals.codes.append(&codes);
    ratings.columns.push(totals);
    let mut faulty: Vec<usize> = excluded.iter().map(|e| e.row).collect();
    faulty.sort_unstable();
    let fine = |rating: &u32| {
        ratings.sound[*rating as usize] && faulty.binary_search(&ratings.row(*rating)).is_err()
    };
    (0..ratings.len() as u32).filter(fine).collect()
}

/// Twice the sum of each rating's scores; [`Short::OTHER`] or more where not all of them are written in
/// the usual way, or the given total is not written as the sum is.
fn sums(ratings: &Ratings<'_>, items: &[usize], given: Option<usize>) -> Vec<u32> {
    let mut sums = vec![0; ratings.len()];
    // Some ratings at a time, while their sums are at hand.
    for (at, sums) in (0..).step_by(1_000).zip(sums.chunks_mut(1_000)) {
        for item in items {
            ratings.columns[*item].codes.add(at, sums, Short::halves);
        }
        let Some(given) = given else { continue };
        for (rating, twice) in (at as u32..).zip(sums) {
            let given = ratings.columns[given].codes.get(rating);
            let half = given == Short::half(*twice).code();
            let whole = given == Short::whole(*twice / 2).code() && *twice % 2 == 0;
            *twice += Short::OTHER * u32::from(!(half | whole));
        }
    }
    sums
}
