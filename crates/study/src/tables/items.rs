//! What `ssi items` does.

use super::raters::{scores, wanted};
use super::{Open, TableRequest};
use crate::{Error, Result, Rubric};
use ssi_infer::formula;
use ssi_infer::importance::importance;
use ssi_infer::reliability::{self, Items};
use ssi_infer::resample::Bootstrap;
use ssi_vocab::{
    Analysis, Column, Estimate, Exclusion, Level, Missing, Note, Progress, Reason, Results, Seen,
    Table, Warning,
};
use std::collections::BTreeSet;

/// Resamples of the shares of R² at most: each fits a regression for every set of the items.
const MOST_OF_SHARES: usize = 1_000;
/// Items at most whose shares of R² are computed: each doubles the work.
const MOST_SHARED: usize = 12;
const OUTCOME: &str = "ssi_total";

/// A checklist as an instrument: reliability, each item, dimensions, the graded response model, the Rasch
/// model, and which item goes with SSI where the table has it.
///
/// The columns are `items`, or the rubric's, or, without any, those of the ten-point rubric, or else
/// every column of numbers that is not known as something else. Without named columns the header may
/// stand below rows of titles, as in an export. Of a respondent with several rows
/// (raters) the first counts.
///
/// # Missing data
/// Complete cases, except for the graded response model, the Rasch model and the means. What is not visible (NV) is
/// missing. Items that don't vary are left out with a warning.
///
/// # Errors
/// Unreadable data, an unknown column, fewer than two items that vary, too few respondents.
pub fn items(
    request: &TableRequest,
    items: &[String],
    rubric: Option<&Rubric>,
    how: &Bootstrap,
    progress: &dyn Progress,
) -> Result<Results> {
    let codebook = request.own_codebook()?;
    let mut open = Open::new(request)?;
    let columns: Vec<String> = match rubric {
        Some(rubric) if items.is_empty() => {
            rubric.items.iter().map(|item| item.column.clone()).collect()
        }
        _ => items.to_vec(),
    };
    for (part, table) in open.groups()? {
        let table = first_ratings(&table, &mut open.results);
        let mut names = Vec::new();
        let mut read = table.clone();
        let in_file = |error: Error| error.at(&open.file);
        for column in wanted(&table, &codebook, &columns).map_err(in_file)? {
            let mut own =
                scores(&table, column, &codebook, &mut open.results.excluded).map_err(in_file)?;
            if rubric.is_some() {
                own = of_rubric(&table, column, own, &mut open.results.excluded);
            }
            names.push(column.name.clone());
            read = read
                .with_column(Column::number(&column.name, own))
                .map_err(ssi_infer::Error::from)?;
        }
        match analysed(&read, &names, how, open.level, progress, &mut open.results.warnings) {
            Ok(rows) => open.add(&part, rows),
            Err(error @ ssi_infer::Error::Interrupted) => return Err(error.into()),
            Err(error) => open.undefined(&part, error)?,
        }
    }
    open.done()
}

/// The first row of each respondent (and wave).
fn first_ratings(table: &Table, results: &mut Results) -> Table {
    let Ok(respondent) = table.column("respondent_id") else { return table.clone() };
    let of = respondent.groups().1;
    let waves = table.column("wave").ok().map(|column| column.groups().1);
    let mut seen = BTreeSet::new();
    let first = |i: usize| match of[i] {
        Err(_) => true,
        Ok(of) => seen.insert((of, waves.as_ref().and_then(|w| w[i].ok()))),
    };
    let keep: Vec<bool> = (0..table.n_rows()).map(first).collect();
    if keep.iter().all(|keep| *keep) {
        return table.clone();
    }
    let (analysis, why) = ("ratings".to_owned(), "second_ratings".to_owned());
    results.warnings.push(Warning::LeftOut { analysis, why });
    table.keep(&keep)
}

/// The scores that a rubric knows: 0, 0.5 and 1.
fn of_rubric(
    table: &Table,
    column: &Column,
    scores: Vec<Seen<f64>>,
    excluded: &mut Vec<Exclusion>,
) -> Vec<Seen<f64>> {
    let check = |(i, score): (usize, Seen<f64>)| match score {
        Ok(value) if ![0.0, 0.5, 1.0].contains(&value) => {
            let (row, column) = (table.rows()[i], column.name.clone());
            let reason = Reason::NotAnItemScore;
            excluded.push(Exclusion { row, column, value: value.to_string(), reason });
            Err(Missing::NotANumber)
        }
        other => other,
    };
    scores.into_iter().enumerate().map(check).collect()
}

fn analysed(
    table: &Table,
    names: &[String],
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
    warnings: &mut Vec<Warning>,
) -> ssi_infer::Result<Vec<Estimate>> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let all = Items::new(table, &names)?;
    let (items, constant) = all.varying();
    if all.n_complete() > 1 {
        warnings.extend(constant.into_iter().map(|analysis| Warning::LeftOut {
            analysis,
            why: Note::ConstantColumn.code().to_owned(),
        }));
    }
    let mut rows = vec![reliability::alpha(&items, level)?];
    rows.push(reliability::omega(&items, how, level, progress)?);
    rows.extend(reliability::difficulty(&items, level));
    rows.extend(reliability::item_rest(&items, level)?);
    rows.extend(reliability::alpha_without(&items, level)?);
    let outcome = table.column(OUTCOME).ok().filter(|c| !names.contains(&c.name.as_str()));
    if let Some((column, values)) = outcome.and_then(|c| Some((c, c.numbers().ok()?))) {
        rows.extend(reliability::item_outcome(&items, &column.name, values, level)?);
        rows.extend(shares(table, &items, &column.name, how, level, warnings)?);
    }
    match reliability::parallel(&items, how, level, progress) {
        Ok(found) => rows.extend(found.rows),
        Err(error @ ssi_infer::Error::Interrupted) => return Err(error),
        Err(error) => warnings.push(left_out("parallel", &error)),
    }
    rows.extend(reliability::graded(&items, level)?.rows);
    rows.extend(reliability::rasch(&items, level)?.rows);
    Ok(rows)
}

fn left_out(analysis: &str, error: &ssi_infer::Error) -> Warning {
    Warning::LeftOut { analysis: analysis.to_owned(), why: crate::run::why(error) }
}

/// Each item's share of the variance of the outcome that all items account for.
fn shares(
    table: &Table,
    items: &Items,
    outcome: &str,
    how: &Bootstrap,
    level: Level,
    warnings: &mut Vec<Warning>,
) -> ssi_infer::Result<Vec<Estimate>> {
    let names = items.names();
    if !(2..=MOST_SHARED).contains(&names.len()) {
        return Ok(Vec::new());
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let formula = format!("`{outcome}` ~ {}", quoted.join(" + "));
    let resamples = how.resamples.min(MOST_OF_SHARES);
    let found = formula::model(table, &formula).and_then(|(design, recipe)| {
        importance(&design, &recipe)?.estimates(&design, None, level, resamples, how.seed)
    });
    match found {
        Ok(rows) => Ok(rows
            .into_iter()
            .filter(|row| row.term.starts_with("lmg("))
            .map(|row| {
                // A name in backticks is the column's own without them.
                let x = row.x.as_ref().map(|x| x.trim_matches('`').to_owned());
                let (analysis, method) = (Analysis::Reliability, "lmg".to_owned());
                Estimate { analysis, method, x, model: None, formula: None, vcov: None, ..row }
            })
            .collect()),
        Err(error @ ssi_infer::Error::Interrupted) => Err(error),
        Err(error) => {
            warnings.push(left_out("lmg", &error));
            Ok(Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;
    use ssi_vocab::{Quiet, Watch};

    fn ask(csv: &str, names: &[&str]) -> Result<Results> {
        let (bytes, limits) = (csv.as_bytes().to_vec(), Default::default());
        let source =
            Source { name: "t.csv".into(), bytes, limits, key: None, watch: Watch::default() };
        let request = TableRequest {
            options: ssi_cohort::Options::default(),
            source,
            map: Vec::new(),
            codebook: None,
            filter: None,
            by: None,
            level: None,
        };
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        items(&request, &names, None, &Bootstrap { resamples: 100, seed: 1 }, &Quiet)
    }

    fn value(results: &Results, method: &str, term: &str) -> Option<f64> {
        results.estimates.iter().find(|e| e.method == method && e.term == term)?.value
    }

    const FEW: &str = "respondent_id,rater_id,a,b,c,d\n1,R1,0,0,1,1\n1,R2,1,1,1,0\n2,R1,1,1,0,1\n3,R1,1,0,1,1\n4,R1,0,0,0,1\n5,R1,1,1,NV,1\n6,R1,1,1,1,1\n";

    #[test]
    fn nv_is_missing_and_an_item_without_variation_is_left_out() {
        let found = ask(FEW, &["a", "b", "c", "d"]).unwrap();
        let nv: Vec<_> = found.excluded.iter().filter(|e| e.reason == Reason::NotVisible).collect();
        assert_eq!(nv.len(), 1);
        let left: Vec<&str> = found
            .warnings
            .iter()
            .filter_map(|w| match w {
                Warning::LeftOut { analysis, .. } => Some(analysis.as_str()),
                _ => None,
            })
            .collect();
        assert!(left.contains(&"d") && left.contains(&"ratings"), "{left:?}");
        // Respondents 1, 2, 3, 4 and 6, first ratings.
        let alpha = found.estimates.iter().find(|e| e.method == "alpha").unwrap();
        assert_eq!((alpha.n_obs, alpha.n_excluded), (5, 1));
        assert_eq!(value(&found, "difficulty", "c"), Some(0.6));
    }

    #[test]
    fn the_simulators_own_parameters_come_back() {
        let simulated =
            crate::Simulation { n: 10_000, seed: 3, variant: crate::Variant::Reference };
        let read = ssi_cohort::table(simulated.csv().as_bytes(), "s.csv").unwrap();
        let table = first_ratings(&read.table, &mut Results::default());
        let names = crate::ITEMS.map(|item| format!("item_{item}"));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = reliability::graded(&Items::new(&table, &names).unwrap(), Level::DEFAULT);
        let rows = found.unwrap().rows;
        // What the simulator has built in: a, b1 and b2 in the order of the rubric; url has no 0.5.
        let a = [1.3, 1.5, 1.8, 2.0, 1.7, 0.9, 1.4, 1.2, 1.3, 1.6];
        let b1 = [-2.2, 0.0, -1.2, -0.8, -1.3, -2.0, -1.2, 0.3, 0.1, 0.8];
        let b2 = [-1.2, 0.6, 0.3, 0.5, 0.6, -0.6, 0.2, 1.3, 0.1, 1.6];
        let mut far = 0;
        for (kind, built_in) in [("a", a), ("b1", b1), ("b2", b2)] {
            for (name, wanted) in names.iter().zip(built_in) {
                let term = format!("{kind}({name})");
                let Some(row) = rows.iter().find(|row| row.term == term) else {
                    assert_eq!(term, "b2(item_url)");
                    continue;
                };
                let error = (row.value.unwrap() - wanted) / row.std_error.unwrap();
                assert!(error.abs() < 4.0, "{term}: {row:?}, not {wanted}");
                far += usize::from(error.abs() > 1.96);
            }
        }
        // 29 intervals, of which one or two miss on average.
        assert!(far <= 5, "{far} intervals miss");
        // What respondents answered lies on the curves but for chance: of 60 intervals three miss.
        let items = Items::new(&table, &names).unwrap();
        let model = reliability::graded(&items, Level::DEFAULT).unwrap();
        let groups = model.groups(&items, 10, Level::DEFAULT).concat();
        let missed = groups.iter().filter(|g| !(g.low..=g.high).contains(&g.expected)).count();
        assert!(groups.len() == 60 && (0..=9).contains(&missed), "{missed} of {}", groups.len());
        assert!(groups.iter().all(|g| g.n_obs > 1_500 && g.high - g.low < 0.06));
    }

    #[test]
    fn a_header_below_titles_is_found_whether_columns_are_named_or_known() {
        let below = format!("Checklist 2018\n\n{FEW}");
        let named = ask(FEW, &[]).unwrap();
        let export = FEW.replacen("a,b,c,d", "item_photo,item_banner,item_about,item_url", 1);
        let plain = ask(&export, &[]).unwrap();
        let titled = ask(&format!("Checklist 2018\n\n{export}"), &[]).unwrap();
        assert_eq!(plain.estimates, titled.estimates);
        assert!(!plain.estimates.is_empty() && !named.estimates.is_empty());
        let columns = ["a", "b", "c"];
        let (plain, titled) = (ask(FEW, &columns).unwrap(), ask(&below, &columns).unwrap());
        assert_eq!(plain.estimates, titled.estimates);
    }

    #[test]
    fn two_items_have_an_alpha_and_no_omega() {
        let found = ask(FEW, &["a", "b"]).unwrap();
        assert!(value(&found, "alpha", "items").is_some());
        let omega = found.estimates.iter().find(|e| e.method == "omega").unwrap();
        assert_eq!((omega.value, omega.note), (None, Some(Note::TwoItems)));
        assert!(ask(FEW, &["a"]).is_err() && ask(FEW, &["a", "d"]).is_err());
        assert!(ask(FEW, &["a", "nobody"]).is_err());
    }
}
