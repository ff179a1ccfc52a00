//! What `ssi predict` does: SSI of people from their scores, by a saved model.

use crate::facts::one_wave;
use crate::model::Model;
use crate::{Error, Result, TableRequest, write_file};
use ssi_cohort::{Codebook, Filter};
use ssi_infer::predict::{Population, transport, two_phase};
use ssi_infer::regress::Line;
use ssi_vocab::{Estimate, Level, Note, Results, Scored, Seen, Table, Warning};
use std::path::Path;

/// Who is to be scored, and how.
#[derive(Debug, Clone)]
pub struct PredictRequest {
    /// The people: items or a total, read by the rules of a cohort; SSI may be absent.
    pub people: TableRequest,
    /// The model.
    pub model: Model,
    /// Name or version of the rubric that the people were scored by, where it is known.
    pub rubric: Option<String>,
    /// Also the mean by those of whom SSI is known, who must be a random subsample.
    pub two_phase: bool,
}

/// Predicts the SSI of each person, and the mean of all.
///
/// One row a person (raters averaged), known by the row of the file and nothing else; who has no
/// score is listed with a note. The mean is regression transport, or with
/// [`PredictRequest::two_phase`] the two-phase estimator beside it.
///
/// # Errors
/// Refused data, another rubric ([`Error::OtherRubric`]), several waves of the same people, an
/// unknown group or condition; [`Error::Usage`] for a two-phase mean without SSI, and where a level
/// is none.
pub fn predict(request: &PredictRequest) -> Result<Results> {
    let PredictRequest { people, model, rubric, .. } = request;
    let name = &people.source.name;
    let level = people.level.map_or(Ok(Level::DEFAULT), Level::new)?;
    let codebook = match &people.codebook {
        Some(text) => Codebook::of_file(text, name)?,
        None => Codebook::default(),
    };
    for found in rubric.as_deref().into_iter().chain(codebook.rubric()) {
        model.same_rubric(name, found)?;
    }
    let codebook = codebook.with_map(&people.map)?;
    let options = people.source.options(&people.options);
    let cohort = ssi_cohort::people_with(&people.source.bytes[..], name, &codebook, &options)?;
    let table = match &people.filter {
        None => cohort.table.clone(),
        Some(text) => {
            let rows = Filter::parse(text)?.rows(&cohort.table);
            cohort.table.keep(&rows.map_err(|e| Error::from(e).in_file(name))?)
        }
    };
    if table.n_rows() == 0 {
        let (of, condition) = (cohort.table.n_rows(), people.filter.clone().unwrap_or_default());
        return Err(Error::NobodyKept { name: name.clone(), condition, of });
    }
    one_wave(&cohort, &table, name)?;
    if request.two_phase && !table.has(&model.outcome) {
        return Err(Error::usage(
            format!(
                "{name}: --two-phase needs `{}` of a random subsample, and there is no such column; leave the option out for regression transport",
                model.outcome
            ),
            format!(
                "{name}：--two-phase には、無作為に選ばれた一部の人の `{}` が必要ですが、その列がありません。回帰による移送推定でよければ、このオプションを外してください",
                model.outcome
            ),
        ));
    }
    let mut results = Results {
        excluded: cohort.excluded.clone(),
        changes: cohort.changes.clone(),
        ..Results::default()
    };
    let sheet = cohort.sheet.clone().map(|(_, sheet)| Warning::Sheet { sheet });
    results.warnings.extend(sheet);
    if cohort.synthetic {
        results.warnings.push(Warning::Synthetic);
    } else if model.synthetic {
        results.warnings.push(Warning::SyntheticModel { study: model.study.clone() });
    }
    let line = model.line();
    let asked = Asked { request, line: &line, level };
    for (group, part) in groups(&table, people.by.as_deref(), name)? {
        asked.add(&mut results, group, &part)?;
    }
    let scored = || results.scored.iter().filter(|one| one.score.is_some());
    let (of, outside) = (scored().count(), scored().filter(|one| one.extrapolation).count());
    let [low, high] = line.range;
    results.warnings.push(Warning::Transported { outside, of, low, high });
    results.scored.sort_by_key(|one| one.row);
    Ok(results)
}

/// The whole table, or a part for each group; who has none stands in a part without a name.
fn groups(table: &Table, by: Option<&str>, name: &str) -> Result<Vec<(Option<String>, Table)>> {
    let Some(by) = by else { return Ok(vec![(None, table.clone())]) };
    let column = table.column(by).map_err(|e| Error::from(e).in_file(name))?;
    let (levels, codes) = column.groups();
    let part = |wanted: &dyn Fn(&Seen<u32>) -> bool| {
        table.keep(&codes.iter().map(wanted).collect::<Vec<_>>())
    };
    let named = levels
        .iter()
        .enumerate()
        .map(|(code, level)| (Some(format!("{by} = {level}")), part(&|c| *c == Ok(code as u32))));
    let rest = (None, part(&|c| c.is_err()));
    Ok(named.chain([rest]).filter(|(_, table)| table.n_rows() > 0).collect())
}

struct Asked<'a> {
    request: &'a PredictRequest,
    line: &'a Line,
    level: Level,
}

impl Asked<'_> {
    /// Everyone of a group, and their mean.
    fn add(&self, results: &mut Results, group: Option<String>, table: &Table) -> Result<()> {
        let model = &self.request.model;
        let scores = table.column(&model.predictor)?.numbers()?;
        let outcomes = match table.column(&model.outcome) {
            Ok(column) => Some(column.numbers()?),
            Err(_) => None,
        };
        let mut people = Population::default();
        for (i, score) in scores.iter().enumerate() {
            let (row, group) = (table.rows()[i], group.clone());
            results.scored.push(Scored { row, group, ..self.one(score.ok()) });
            let Ok(score) = score else { continue };
            let known = outcomes.and_then(|outcomes| outcomes[i].ok());
            people.known.extend(known.map(|outcome| (people.x.len(), outcome)));
            people.x.push(*score);
        }
        let bounds = model.bounds();
        let mut rows = vec![transport(self.line, &people.x, self.level, bounds)];
        if self.request.two_phase {
            let mut row = two_phase(self.line, &people, self.level, bounds);
            row.term = format!("{}(known={})", row.term, people.known.len());
            rows.push(row);
        }
        // Rows with a fault are people too; of which group is not known.
        let faulty = if self.request.people.by.is_none() { table.left_out() } else { 0 };
        let unscored = scores.len() - people.x.len() + faulty;
        results.estimates.extend(rows.into_iter().map(|row| Estimate {
            x: Some(model.predictor.clone()),
            y: Some(model.outcome.clone()),
            group: group.clone(),
            n_excluded: unscored,
            ..row
        }));
        Ok(())
    }

    fn one(&self, score: Option<f64>) -> Scored {
        let mut one = Scored {
            row: 0,
            group: None,
            score,
            predicted: None,
            conf_level: self.level,
            pred_low: None,
            pred_high: None,
            scaled_low: None,
            scaled_high: None,
            extrapolation: false,
            note: Some(Note::NotScored),
        };
        let Some(score) = score else { return one };
        let [normal, scaled] = self.line.one(score, self.level, self.request.model.bounds());
        one.extrapolation = !self.line.holds(score);
        one.predicted = normal.value;
        one.note = normal.note.or(scaled.note);
        if let Some(interval) = normal.interval {
            (one.pred_low, one.pred_high) = (Some(interval.low), Some(interval.high));
        }
        if let Some(interval) = scaled.interval {
            (one.scaled_low, one.scaled_high) = (Some(interval.low), Some(interval.high));
        }
        one
    }
}

/// Writes a row a person as CSV; never over a file that is there.
///
/// # Errors
/// [`Error::Exists`], [`Error::Write`].
pub fn write_scored(results: &Results, path: &Path) -> Result<()> {
    write_file(path, ssi_report::scored_csv(results).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Simulation, Variant};
    use ssi_infer::formula;
    use ssi_infer::predict::Bounds;
    use ssi_infer::regress::ols;
    use ssi_vocab::Column;

    fn simulated(n: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
        let cohort = Simulation { n, seed, variant: Variant::Reference };
        (0..n).map(|i| cohort.respondent(i)).map(|r| (r.score(), r.ssi)).unzip()
    }

    fn line((x, y): &(Vec<f64>, Vec<f64>)) -> Line {
        let column = |name, v: &[f64]| Column::number(name, v.iter().copied().map(Ok).collect());
        let columns = vec![column("score_total", x), column("ssi_total", y)];
        let table = Table::new(columns, (1..=x.len()).collect()).unwrap();
        let design = formula::design(&table, "ssi_total ~ score_total").unwrap();
        ols(&design).unwrap().line().unwrap()
    }

    /// Cohorts are simulated, a line is fitted to one and predicts another of the same kind.
    #[test]
    fn intervals_hold_as_many_people_and_means_as_they_promise() {
        const COHORTS: u64 = 400;
        const N: usize = 120;
        let level = Level::DEFAULT;
        let bounds = Bounds { low: Some(0.0), high: Some(100.0) };
        let (_, many) = simulated(100_000, 1);
        let truth = many.iter().sum::<f64>() / many.len() as f64;
        let inside = |row: &Estimate, value: f64| {
            let interval = row.interval.as_ref().unwrap();
            f64::from(u8::from((interval.low..=interval.high).contains(&value)))
        };
        let [mut normal, mut scaled, mut carried, mut sampled] = [0.0; 4];
        for cohort in 0..COHORTS {
            let line = line(&simulated(N, 2 * cohort + 10));
            let (x, y) = simulated(N, 2 * cohort + 11);
            for (x, y) in x.iter().zip(&y) {
                let [one, other] = line.one(*x, level, bounds);
                normal += inside(&one, *y) / (COHORTS as usize * N) as f64;
                scaled += inside(&other, *y) / (COHORTS as usize * N) as f64;
            }
            carried += inside(&transport(&line, &x, level, bounds), truth) / COHORTS as f64;
            let known = (0..N).step_by(3).map(|i| (i, y[i])).collect();
            let people = Population { x, known };
            sampled += inside(&two_phase(&line, &people, level, bounds), truth) / COHORTS as f64;
        }
        for (what, share, room) in [
            ("normal", normal, 0.015),
            ("scaled", scaled, 0.015),
            // Three Monte Carlo standard errors of 400 cohorts.
            ("transport", carried, 0.033),
            ("two-phase", sampled, 0.033),
        ] {
            assert!((share - 0.95).abs() < room, "{what}: {share}");
        }
    }
}
