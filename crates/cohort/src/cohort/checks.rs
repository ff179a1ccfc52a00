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

/// Words by which a row of totals is known.
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

/// Those at the end of a group's name (`JP 小計`) that no identifier has.
const OF_GROUPS: [&str; 5] = ["小計", "合計", "総計", "subtotal", "grand total"];

/// Words and signs with which a note below the data begins.
const NOTES: [&str; 11] =
    ["※", "*", "注", "備考", "出典", "出所", "資料", "note", "source", "remark", "legend"];

/// Signs of a sentence, which no identifier has.
const SENTENCE: [char; 6] = ['。', '、', '：', ':', '!', '?'];

/// How far the displayed SSI may lie from the sum of its pillars: LinkedIn rounds the sum.
const ROUNDING: f64 = 0.5;

/// Room for the last digit of a sum in binary.
const BINARY: f64 = 1e-9;

/// Drops rows of totals below and between the data, and notes below them; returns how many.
pub(super) fn drop_totals(
    headed: &mut Headed<'_>,
    columns: &Columns<'_>,
    ledger: &mut Ledger,
) -> usize {
    let mut dropped = Vec::new();
    let id = columns.place("respondent_id").map(|at| columns.0[at].at);
    let is_known = |at: usize| {
        let mut known = columns.0.iter().filter(|known| !known.field.role.is_numeric());
        known.any(|known| known.at == at)
    };
    while let Some(last) = headed.lines.last() {
        let what = match (ends_in_totals(&last, id, is_known), is_note(&last, id)) {
            (true, _) => "totals",
            (_, true) => "note",
            _ => break,
        };
        dropped.push((last.number(), what));
        headed.lines.pop();
    }
    if let Some(id) = id {
        let few = (headed.lines.len() / 5).max(3);
        let rows = headed.lines.iter().filter(|line| is_subtotal(line, id));
        let between: Vec<usize> = rows.map(|line| line.number()).collect();
        let unnamed = |line: &Line<'_>| line.cell(id).is_empty();
        // A word that stands in many rows is a group's, and many rows without an identifier are people.
        if (1..=few).contains(&between.len()) && headed.lines.iter().filter(unnamed).count() <= few
        {
            headed.lines.without(&between);
            dropped.extend(between.into_iter().map(|row| (row, "totals")));
        }
    }
    dropped.sort_unstable();
    for (row, what) in &dropped {
        ledger.drop_row(Rule::DroppedRow, *row, what);
    }
    dropped.len()
}

/// True for a row at the end of which a cell is a word for totals: any cell where the row has no
/// identifier, else one of a column that is `known` to hold words.
pub(crate) fn ends_in_totals(
    line: &Line<'_>,
    id: Option<usize>,
    known: impl Fn(usize) -> bool,
) -> bool {
    let named = id.is_some_and(|id| !line.cell(id).is_empty());
    let cells = line.cells().map(tidy).enumerate();
    cells.filter(|(at, _)| !named || known(*at)).any(|(_, cell)| is_totals(cell))
        || id.is_some_and(|id| is_subtotal(line, id))
}

/// True for a row between others whose identifier is a word for totals, alone or behind a group's name,
/// or is not there, and the first cell is such a word.
fn is_subtotal(line: &Line<'_>, id: usize) -> bool {
    let own = line.cell(id);
    // Most identifiers are told by a digit.
    if own.len() > 60 || own.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    if own.is_empty() {
        let first = line.cells().map(tidy).find(|cell| !cell.is_empty());
        return first.is_some_and(is_totals);
    }
    let label = fold(own).to_lowercase();
    let of_group =
        |word: &str| label.strip_suffix(word).is_some_and(|rest| rest.ends_with([' ', '\u{3000}']));
    is_totals(own) || OF_GROUPS.iter().any(|word| of_group(word))
}

fn is_totals(cell: &str) -> bool {
    // Longer than any of the words.
    if cell.is_empty() || cell.len() > 60 || cell.as_bytes()[0].is_ascii_digit() {
        return false;
    }
    let folded = fold(cell).to_lowercase();
    let word = folded.split('(').next().unwrap_or_default();
    TOTALS.contains(&word.trim_end().trim_end_matches([':', '：']).trim_end())
}

/// True for a row with one cell that is a note on the table; an identifier alone is none.
pub(crate) fn is_note(line: &Line<'_>, id: Option<usize>) -> bool {
    let mut filled = line.cells().map(tidy).enumerate().filter(|(_, cell)| !cell.is_empty());
    let (Some((at, only)), None) = (filled.next(), filled.next()) else { return false };
    let text = fold(only).to_lowercase();
    if shape(&text).is_some() || date::iso(&text, None).is_some() {
        return false;
    }
    let begins = |mark: &str| {
        let rest = text.strip_prefix(mark);
        rest.is_some_and(|rest| {
            matches!(mark, "※" | "*") || rest.trim_start().starts_with([':', ')', '1', '2', '3'])
        })
    };
    let could_be_id = id == Some(at) && !text.contains(char::is_whitespace) && text.is_ascii();
    !could_be_id && (NOTES.iter().any(|mark| begins(mark)) || text.contains(SENTENCE))
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
