//! What `ssi raters` does.

use super::{Open, TableRequest, numeric};
use crate::{Error, Result};
use ssi_cohort::{Codebook, ITEMS, Role};
use ssi_infer::agreement::{self, Distance, Ratings, Weighting};
use ssi_infer::resample::Bootstrap;
use ssi_vocab::{
    Cells, Column, Estimate, Exclusion, Level, Missing, Progress, Reason, Results, Seen, Table,
    Warning,
};
use std::collections::BTreeMap;

/// Columns with more different values than this are measured, not sorted into categories.
const MOST_CATEGORIES: usize = 10;
const TOTAL: &str = "score_total";

/// Agreement between raters, of a table with a row for each respondent and rater.
///
/// The columns are `items` or, without any, the rubric's items and the total (the sum of all ten
/// items, where they are there); then the header may stand below rows of titles, as in an export.
/// Totals, and columns of more than ten different values, have
/// intraclass correlations, Krippendorff's alpha, each rater's severity and limits of agreement;
/// the others Krippendorff's alpha, Gwet's coefficients, and kappa for each two raters.
///
/// # Missing data
/// A rating that is missing or not visible (NV) is left out and listed, and never 0. Identical rows
/// of a respondent and rater count once; different ones are left out.
///
/// # Errors
/// Unreadable data, an unknown column; one rater only, or no respondent whom two raters scored.
pub fn raters(
    request: &TableRequest,
    items: &[String],
    how: &Bootstrap,
    progress: &dyn Progress,
) -> Result<Results> {
    let codebook = request.own_codebook()?;
    let mut open = Open::new(request)?;
    for (part, table) in open.groups()? {
        let read = read(&table, &codebook, items, &mut open.results)
            .map_err(|error| error.at(&open.file))?;
        let (mut rows, mut failed) = (Vec::new(), Vec::new());
        for ratings in &read {
            match of_column(ratings, how, open.level, progress) {
                Ok(found) => rows.extend(found),
                Err(error @ ssi_infer::Error::Interrupted) => return Err(error.into()),
                Err(error) => failed.push((ratings.what().to_owned(), error)),
            }
        }
        match failed.pop() {
            Some((_, error)) if rows.is_empty() => open.undefined(&part, error)?,
            last => {
                for (analysis, error) in failed.into_iter().chain(last) {
                    let why = crate::run::why(&error);
                    open.results.warnings.push(Warning::LeftOut { analysis, why });
                }
                open.add(&part, rows);
            }
        }
    }
    open.done()
}

/// All that is said of one column.
fn of_column(
    ratings: &Ratings,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> ssi_infer::Result<Vec<Estimate>> {
    let alpha = |distance| agreement::krippendorff(ratings, distance, how, level, progress);
    let pairs = ratings.pairs();
    if ratings.what() == TOTAL || ratings.n_levels() > MOST_CATEGORIES {
        let mut rows = agreement::icc(ratings, level)?.to_vec();
        rows.push(alpha(Distance::Interval)?);
        rows.extend(agreement::severity(ratings, level)?);
        rows.extend(pairs.iter().flat_map(|pair| agreement::bland_altman(pair, level)));
        return Ok(rows);
    }
    let mut rows = vec![
        alpha(Distance::Nominal)?,
        alpha(Distance::Ordinal)?,
        agreement::gwet_ac1(ratings, level)?,
        agreement::gwet_ac2(ratings, Weighting::Quadratic, level)?,
    ];
    for pair in &pairs {
        rows.push(agreement::kappa(pair, level));
        rows.push(agreement::weighted_kappa(pair, Weighting::Linear, level));
        rows.push(agreement::weighted_kappa(pair, Weighting::Quadratic, level));
    }
    Ok(rows)
}

/// The ratings of each column asked for, of a table with a row for each respondent and rater.
fn read(
    table: &Table,
    codebook: &Codebook,
    items: &[String],
    results: &mut Results,
) -> Result<Vec<Ratings>> {
    let respondent = table.column("respondent_id").map_err(ssi_infer::Error::from)?;
    let rater = table.column("rater_id").map_err(ssi_infer::Error::from)?;
    let wave = table.column("wave").ok().filter(|column| !column.is_empty());
    let mut columns = Vec::new();
    for column in wanted(table, codebook, items)? {
        let scores = scores(table, column, codebook, &mut results.excluded)?;
        columns.push((column.name.clone(), scores));
    }
    if items.is_empty() {
        total(table, &mut columns);
    }
    if columns.is_empty() {
        return Err(Error::usage(
            "there is no column of scores; name some with --items".to_owned(),
            "評価点の列がありません。--items で列を指定してください".to_owned(),
        ));
    }
    let (names, by) = rater.groups();
    let (_, of) = respondent.groups();
    let waves = wave.map(|column| column.groups().1);
    let mut places = BTreeMap::new();
    let mut rows: Vec<(usize, usize, usize)> = Vec::new();
    for i in 0..table.n_rows() {
        let gaps = [respondent, rater].into_iter().filter_map(|c| table.exclusion(c, i));
        results.excluded.extend(gaps);
        let (Ok(of), Ok(by)) = (of[i], by[i]) else { continue };
        let key = (of, waves.as_ref().and_then(|w| w[i].ok()));
        let next = places.len();
        rows.push((i, *places.entry(key).or_insert(next), by as usize));
    }
    let rows = once(table, respondent, rows, &columns, &mut results.excluded);
    let of_column = |(name, scores): &(String, Vec<Seen<f64>>)| {
        let given = rows.iter().filter_map(|(i, of, by)| Some((*of, *by, scores[*i].ok()?)));
        Ratings::new(name, names.clone(), places.len(), given)
    };
    Ok(columns.iter().map(of_column).collect::<ssi_infer::Result<_>>()?)
}

/// Each respondent and rater once: of equal rows the first, of different ones none.
fn once(
    table: &Table,
    respondent: &Column,
    rows: Vec<(usize, usize, usize)>,
    columns: &[(String, Vec<Seen<f64>>)],
    excluded: &mut Vec<Exclusion>,
) -> Vec<(usize, usize, usize)> {
    let mut groups: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (i, of, by) in &rows {
        groups.entry((*of, *by)).or_default().push(*i);
    }
    let mut kept = Vec::with_capacity(groups.len());
    for ((of, by), same) in groups {
        let equal = |a: usize, b: usize| columns.iter().all(|(_, scores)| scores[a] == scores[b]);
        if same.iter().all(|i| equal(*i, same[0])) {
            kept.push((same[0], of, by));
            continue;
        }
        excluded.extend(same.iter().map(|i| Exclusion {
            row: table.rows()[*i],
            column: respondent.name.clone(),
            value: String::new(),
            reason: Reason::ConflictingDuplicate,
        }));
    }
    kept
}

/// The columns asked for; without any the rubric's items, or else every column of numbers that the
/// codebook doesn't know as something else.
pub(super) fn wanted<'t>(
    table: &'t Table,
    codebook: &Codebook,
    items: &[String],
) -> Result<Vec<&'t Column>> {
    if !items.is_empty() {
        let columns = items.iter().map(|name| table.column(name));
        return Ok(columns.collect::<ssi_vocab::Result<_>>().map_err(ssi_infer::Error::from)?);
    }
    let rated = codebook.fields().iter().filter(|field| field.role == Role::Item);
    let found: Vec<&Column> = rated.filter_map(|field| table.column(&field.name).ok()).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let known: Vec<&str> = codebook
        .fields()
        .iter()
        .filter_map(|field| Some(table.column(&field.name).ok()?.name.as_str()))
        .collect();
    let free = |c: &&Column| numeric(c) && !known.contains(&c.name.as_str());
    Ok(table.columns().iter().filter(free).collect())
}

/// Puts the total in front: the sum of the ten items, or the file's own.
fn total(table: &Table, columns: &mut Vec<(String, Vec<Seen<f64>>)>) {
    let places: Vec<usize> = ITEMS
        .iter()
        .filter_map(|item| {
            let own = &table.column(item).ok()?.name;
            columns.iter().position(|(name, _)| name == own)
        })
        .collect();
    let sums = if places.len() == ITEMS.len() {
        let sum = |i: usize| places.iter().map(|at| columns[*at].1[i]).sum::<Seen<f64>>();
        (0..table.n_rows()).map(|i| sum(i).map_err(|_| Missing::Incomplete)).collect()
    } else {
        match table.column(TOTAL).map(Column::numbers) {
            Ok(Ok(values)) => values.to_vec(),
            _ => return,
        }
    };
    columns.insert(0, (TOTAL.to_owned(), sums));
}

/// The scores of a column. What is not visible to a rater may outnumber the numbers, and the column
/// was then read as words.
pub(super) fn scores(
    table: &Table,
    column: &Column,
    codebook: &Codebook,
    excluded: &mut Vec<Exclusion>,
) -> Result<Vec<Seen<f64>>> {
    let mut gap = |i: usize, text: &str, missing: Missing| {
        let known = if missing == Missing::NotANumber {
            codebook.unscored(text).unwrap_or(missing)
        } else {
            missing
        };
        let reason = match known {
            Missing::NotVisible => Reason::NotVisible,
            Missing::NotANumber => Reason::NotANumber,
            _ => Reason::Missing,
        };
        let (row, column) = (table.rows()[i], column.name.clone());
        excluded.push(Exclusion { row, column, value: text.to_owned(), reason });
        Err(known)
    };
    let unread: BTreeMap<usize, &str> =
        column.unread.iter().map(|(i, text)| (*i, text.as_str())).collect();
    if let Cells::Factor { levels, codes } = &column.cells {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|v| v.is_finite());
        if levels.iter().all(|l| number(l).is_some() || codebook.unscored(l).is_some()) {
            return Ok(codes
                .iter()
                .enumerate()
                .map(|(i, code)| match code {
                    Err(missing) => gap(i, "", *missing),
                    Ok(code) => {
                        let text = levels.get(*code as usize).map_or("", String::as_str);
                        number(text).map_or_else(|| gap(i, text, Missing::NotANumber), Ok)
                    }
                })
                .collect());
        }
    }
    let values = column.numbers().map_err(ssi_infer::Error::from)?;
    Ok(values
        .iter()
        .enumerate()
        .map(|(i, value)| match value {
            Ok(value) => Ok(*value),
            Err(missing) => gap(i, unread.get(&i).copied().unwrap_or(""), *missing),
        })
        .collect())
}
