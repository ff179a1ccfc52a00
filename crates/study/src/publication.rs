//! What a report that is not local leaves out: rows, single cells, and numbers so fine that they
//! are somebody's own.

use crate::disclosure::{OTHER, pooled, tells_nobody, with_namesakes};
use crate::{Error, Plan, Result};
use ssi_vocab::drawing::Points;
use ssi_vocab::{
    Analysis, Capped, Cells, Change, Column, Drawing, Estimate, LeftOut, Note, Results, Rule, Seen,
    Table,
};

/// Columns whose decimals, with a date, are nearly one person's own.
const FINE: [&str; 7] = [
    "ssi_brand",
    "ssi_find",
    "ssi_engage",
    "ssi_build",
    "years_on_linkedin",
    "hours_prepared",
    "hours_trained",
];

/// Columns that anybody can look up, and so find a person by.
const LOOKED_UP: [&str; 2] = ["conn_display", "conn_count"];

/// Days, of which months are told.
const DAYS: &str = "ssi_date";
const MONTH: usize = "2018-05".len();

/// True for a column whose single values are shown coarser than they are.
pub(crate) fn is_fine(column: &str) -> bool {
    FINE.contains(&column)
}

/// The table as single respondents are shown of it: whole numbers of pillars, years and hours;
/// contacts as the middle of their ten (283 is 285), which keeps them below the cap and above 0;
/// months of days. Estimates and verdicts are those of the exact numbers.
pub(crate) fn coarse(mut table: Table) -> Result<Table> {
    if let Ok(column) = table.column(DAYS)
        && let Cells::Factor { levels, codes } = &column.cells
    {
        let month = |code: u32| levels[code as usize].get(..MONTH).unwrap_or_default();
        let months: Vec<Seen<&str>> = codes.iter().map(|code| code.map(month)).collect();
        table = table.clone().with_column(Column::factor(DAYS, &months))?;
    }
    for name in FINE.into_iter().chain(LOOKED_UP).filter(|name| table.has(name)).collect::<Vec<_>>()
    {
        let column = table.column(name)?;
        let round = |v: f64| if LOOKED_UP.contains(&name) { middle_of_ten(v) } else { v.round() };
        let column = match &column.cells {
            Cells::Number(values) => {
                Column::number(name, values.iter().map(|v| v.map(round)).collect())
            }
            Cells::Capped(values) => {
                let rounded =
                    |c: Capped| if c.at_least { c } else { Capped { value: round(c.value), ..c } };
                Column::capped(name, values.iter().map(|v| v.map(rounded)).collect())
            }
            Cells::Factor { .. } => continue,
        };
        table = table.with_column(column)?;
    }
    Ok(table)
}

fn middle_of_ten(value: f64) -> f64 {
    if value > 0.0 { (value / 10.0).floor() * 10.0 + 5.0 } else { value }
}

/// The table in which the small groups of a column share one name. The sizes are those among the
/// rows that have a value in all of the needed columns; elsewhere a group may be larger.
pub(crate) fn with_pooled(table: Table, column: &str, needed: &[&str], k: usize) -> Result<Table> {
    let Cells::Factor { levels, codes } = &table.column(column)?.cells else { return Ok(table) };
    let seen: Vec<Vec<Seen<u32>>> = needed
        .iter()
        .filter(|name| table.has(name))
        .map(|name| Ok(table.column(name)?.groups().1))
        .collect::<Result<_>>()?;
    let mut sizes = vec![0; levels.len()];
    for (i, code) in codes.iter().enumerate() {
        if let Ok(code) = code
            && seen.iter().all(|codes| codes[i].is_ok())
        {
            sizes[*code as usize] += 1;
        }
    }
    // A name that nobody has any more would still say that somebody had it.
    let hidden = pooled(&sizes, k).into_iter().zip(&sizes).map(|(p, n)| p || *n == 0).collect();
    let hidden = with_namesakes(levels, hidden);
    // The others stand last, so that a model compares with a group that has a name.
    let mut shown: Vec<String> =
        levels.iter().zip(&hidden).filter(|(_, h)| !**h).map(|(level, _)| level.clone()).collect();
    let place = |code: u32| {
        let before = hidden[..code as usize].iter().filter(|hidden| !**hidden).count();
        if hidden[code as usize] { shown.len() as u32 } else { before as u32 }
    };
    let codes: Vec<Seen<u32>> = codes.iter().map(|code| code.map(place)).collect();
    let others = codes.contains(&Ok(shown.len() as u32));
    shown.extend(others.then(|| OTHER.to_owned()));
    let cells = Cells::Factor { levels: shown, codes };
    let column = Column { cells, ..table.column(column)?.clone() };
    Ok(table.with_column(column)?)
}

/// Refuses to publish a report about fewer than k respondents, or one whose condition leaves out
/// fewer than k. `counts` are respondents with the condition and without it, of all and of those
/// with score and SSI.
///
/// # Errors
/// [`Error::NotPublishable`].
pub(crate) fn check(
    plan: &Plan,
    name: &str,
    analysed: usize,
    counts: [(usize, usize); 2],
) -> Result<()> {
    let k = plan.smallest_group;
    let fail = |en: String, why: String| {
        let remedy = "公開用のレポートは作成できません。ローカルのレポート（解析計画の local = true）にするか、回答者を増やしてください";
        let en =
            format!("{en}; make a local report (`local = true` in the plan), or ask more people");
        Err(Error::NotPublishable { name: name.to_owned(), en, ja: format!("{why}、{remedy}") })
    };
    if analysed < k {
        return fail(
            format!(
                "has {analysed} respondents with score and SSI, fewer than the plan's smallest group ({k})"
            ),
            format!(
                "得点と SSI のそろった回答者が{analysed}人で、解析計画で定めた最小の人数（{k}人）に満たないため"
            ),
        );
    }
    if counts.into_iter().any(|(after, before)| !tells_nobody(after, before, k)) {
        return fail(
            format!(
                "fewer than {k} respondents are left out by the condition, and the counts with and without it would tell of them"
            ),
            format!(
                "条件で除かれる回答者が{k}人に満たず、条件の有無による人数の差からその人たちのことが分かってしまうため"
            ),
        );
    }
    Ok(())
}

/// Refuses to publish groups by capped contacts: other parts of the report tell how many are at the
/// cap and what of them is known, and a group can be subtracted from these.
///
/// # Errors
/// [`Error::NotPublishable`].
pub(crate) fn check_groups(plan: &Plan, name: &str, table: &Table) -> Result<()> {
    let is_capped =
        |by: &&String| table.column(by).is_ok_and(|c| matches!(c.cells, Cells::Capped(_)));
    match plan.by.as_ref().filter(is_capped) {
        None => Ok(()),
        Some(by) => Err(Error::NotPublishable {
            name: name.to_owned(),
            en: format!(
                "groups by {by} can be subtracted from what else is told of those with 500+; leave out --by {by}"
            ),
            ja: format!(
                "{by} による群は、500+ の回答者に関するほかの記載との差から個人の情報が分かってしまうため、公開用のレポートには載せられません。--by {by} を外してください"
            ),
        }),
    }
}

/// Takes from the results what is about single rows, and what rests on fewer than k respondents.
pub(crate) fn publish(results: &mut Results, k: usize, cap_told: bool) {
    results.estimates.iter_mut().chain(&mut results.measures).for_each(|row| withhold(row, k));
    results.models.retain(|model| !is_small(model.glance.n_obs, k));
    results.left_out = LeftOut::counted(&results.excluded);
    results.excluded.clear();
    let twice_told = results
        .study
        .as_ref()
        .is_none_or(|study| study.input.rated_twice.is_some() && study.input.rows_read.is_some());
    results.changes.retain(|change| match change.rule {
        Rule::Capped => cap_told,
        Rule::RatersAveraged => twice_told,
        _ => true,
    });
    results.changes.iter_mut().for_each(without_row);
    if let Some((first, last)) = results.study.as_mut().and_then(|s| s.ssi_dates.as_mut()) {
        for day in [first, last] {
            day.truncate(MONTH);
        }
    }
    // A ceiling's peers are single respondents.
    results.measures.retain(|row| !row.term.starts_with("without ("));
    results.drawings.values_mut().for_each(|drawing| {
        without_order(drawing);
        without_small_cells(drawing, k);
    });
}

fn is_small(n: usize, k: usize) -> bool {
    (1..k).contains(&n)
}

/// An estimate of fewer than k respondents loses its numbers. How many they are is a count of the
/// whole cohort; rates have rules of their own, and some are not of respondents.
fn withhold(row: &mut Estimate, k: usize) {
    use Analysis::{
        Agreement, Comparison, Correlation, Description, Necessity, Regression, Reliability,
    };
    let counts = row.analysis == Description && ["n", "missing"].contains(&row.method.as_str());
    let of_respondents = matches!(
        row.analysis,
        Agreement | Comparison | Correlation | Description | Necessity | Regression | Reliability
    );
    if is_small(row.n_obs, k) && of_respondents && !counts {
        (row.value, row.std_error, row.interval, row.test) = (None, None, None, None);
        row.note = Some(Note::TooFew);
    }
}

fn without_small_cells(drawing: &mut Drawing, k: usize) {
    if let Drawing::Matrix(matrix) = drawing {
        for cell in matrix.cells.iter_mut().filter(|cell| is_small(cell.n_obs, k)) {
            (cell.value, cell.low, cell.high) = (None, None, None);
        }
    }
}

/// Rules whose example is a word of the file's form, not a respondent's answer.
const ABOUT_THE_FORM: [Rule; 8] = [
    Rule::Encoding,
    Rule::Delimiter,
    Rule::Renamed,
    Rule::Ignored,
    Rule::Pseudonymised,
    Rule::PersonalDropped,
    Rule::MissingCode,
    Rule::NotVisible,
];

fn without_row(change: &mut Change) {
    change.first_row = 0;
    if !ABOUT_THE_FORM.contains(&change.rule) {
        change.found.clear();
        change.read_as.clear();
    }
}

/// Points stand in the order of the file's rows; by their values nobody can be counted off.
fn without_order(drawing: &mut Drawing) {
    match drawing {
        Drawing::Scatter(d) => sort(&mut d.points),
        Drawing::Shape(d) => sort(&mut d.points),
        Drawing::BlandAltman(d) => sort(&mut d.points),
        Drawing::Ceilings(d) => {
            sort(&mut d.points);
            d.capped.sort_by(f64::total_cmp);
        }
        Drawing::Diagnostics(d) => {
            let order = order(&d.residuals);
            for points in [&mut d.residuals, &mut d.scale, &mut d.leverage] {
                reorder(points, &order);
            }
            for at in &mut d.influential {
                *at = order.iter().position(|old| old == at).unwrap_or(*at);
            }
        }
        _ => {}
    }
}

fn sort(points: &mut Points) {
    let order = order(points);
    reorder(points, &order);
}

fn order(points: &Points) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.x.len()).collect();
    order.sort_by(|a, b| {
        let by = |v: &[f64]| v[*a].total_cmp(&v[*b]);
        by(&points.x).then(by(&points.y))
    });
    order
}

fn reorder(points: &mut Points, order: &[usize]) {
    if points.x.len() == order.len() {
        points.x = order.iter().map(|i| points.x[*i]).collect();
        points.y = order.iter().map(|i| points.y[*i]).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Missing;

    #[test]
    fn contacts_stay_above_0_and_below_the_cap() {
        let rounded: Vec<f64> = [0.0, 1.0, 9.0, 10.0, 283.0, 499.0].map(middle_of_ten).to_vec();
        assert_eq!(rounded, [0.0, 5.0, 5.0, 15.0, 285.0, 495.0]);
    }

    #[test]
    fn points_are_sorted_together() {
        let mut points = Points { x: vec![2.0, 1.0, 1.0], y: vec![5.0, 7.0, 6.0] };
        sort(&mut points);
        assert_eq!((points.x, points.y), (vec![1.0, 1.0, 2.0], vec![6.0, 7.0, 5.0]));
    }

    #[test]
    fn a_group_is_counted_where_it_is_analysed() {
        let region: Vec<Seen<&str>> = ["A", "A", "A", "B", "B", "C", "C", "C"].map(Ok).to_vec();
        let mut x: Vec<Seen<f64>> = (0..8).map(|i| Ok(f64::from(i))).collect();
        x[0] = Err(Missing::Blank);
        let columns = vec![Column::factor("region", &region), Column::number("x", x)];
        let table = Table::new(columns, (2..10).collect()).unwrap();
        let levels = |needed: &[&str], k| {
            let table = with_pooled(table.clone(), "region", needed, k).unwrap();
            table.column("region").unwrap().groups().0
        };
        assert_eq!(levels(&[], 2), ["A", "B", "C"]);
        assert_eq!(levels(&[], 3), ["C", "(other)"]);
        assert_eq!(levels(&["x"], 3), ["C", "(other)"]);
    }
}
