//! The study itself: every estimate of the report, in the order in which it tells them.

mod groups;
mod instrument;
mod missing;
mod models;
mod sessions;

use crate::error::Kept;
use crate::facts::{dates, era, facts, one_wave};
use crate::plan::Plan;
use crate::prepare::{cap_tells_nobody, coarser, prepared};
use crate::publication::{self, is_fine, publish};
use crate::source::Source;
use crate::tables::described;
use crate::{Error, Files, Format, Result, claims, drawings};
use ssi_cohort::Codebook;
use ssi_infer::agreement::RaterError;
use ssi_infer::correlate::{self, Method};
use ssi_infer::formula;
use ssi_infer::regress::{Ols, ols};
use ssi_infer::resample;
use ssi_infer::resample::{Bootstrap, Bootstrapped, Permutation, Permuted};
use ssi_vocab::{
    Change, Estimate, Lang, Level, Note, Paired, Progress, Results, Rule, Stage, Table, Warning,
};
use std::path::Path;

/// Fewer respondents than this have a correlation without an interval, which answers nothing.
const FEWEST: usize = 4;

/// SSI without its Brand pillar, which counts profile completeness itself.
pub(crate) const WITHOUT_BRAND: &str = "ssi_without_brand";
/// Why what tells of fewer than the plan's smallest group is left out.
pub(crate) const SMALL: &str = "smallest_group";

pub(crate) const PILLARS: [&str; 4] = ["ssi_brand", "ssi_find", "ssi_engage", "ssi_build"];

/// What describes a column by values of single respondents.
const SINGLE: [&str; 5] = ["min", "q1", "median", "q3", "max"];

/// A study that has been run: its results, and what they were made from.
#[derive(Debug, Clone)]
pub struct Study {
    /// Everything that was found.
    pub results: Results,
    /// The data.
    pub source: Source,
    /// The plan.
    pub plan: Plan,
    /// The fit of SSI on score, which `model.json` holds; of the numbers that are shown.
    pub(crate) main: Ols,
}

impl Study {
    /// Draws the figures, writes the pages and swaps the report folder in.
    ///
    /// # Errors
    /// [`Error::Figure`](crate::Error::Figure), [`Error::Write`](crate::Error::Write),
    /// [`Error::NotAReport`](crate::Error::NotAReport), [`Error::Interrupted`](crate::Error::Interrupted).
    pub fn write(&self, dir: &Path, progress: &dyn Progress) -> Result<()> {
        let files: Files = crate::bundle(self, progress)?;
        progress.check()?;
        progress.begin(Stage::Write, 1);
        crate::write_folder(&files, dir)
    }

    /// What the terminal shows when the report has been written.
    pub fn show(&self, format: Format, lang: Lang, dir: &Path) -> String {
        match format {
            Format::Table => {
                let place = dir.join("index.html");
                let summary = ssi_report::study_summary(&self.results, lang);
                let label = match lang {
                    Lang::En => "Report: ",
                    Lang::Ja => "レポート：",
                };
                format!("{}\n\n{label}{}\n", summary.trim_end(), place.display())
            }
            other => crate::show(&self.results, other, lang),
        }
    }
}

/// Runs the study of a cohort by a plan.
///
/// # Errors
/// Whatever makes the primary estimate impossible: refused data, too few respondents, a constant
/// column. An analysis that can't be done for want of a column is left out with a warning.
pub fn study(source: Source, plan: Plan, progress: &dyn Progress) -> Result<Study> {
    let name = source.name.clone();
    run(source, plan, progress).map_err(|error| error.in_file(&name))
}

fn run(source: Source, mut plan: Plan, progress: &dyn Progress) -> Result<Study> {
    progress.begin(Stage::Read, 1);
    // A plan stands in the report, and a data package may name whoever made it.
    if let Some(text) = &plan.codebook {
        plan.codebook = Some(Codebook::bare(text, &source.name)?);
    }
    let codebook = codebook(&plan, &source.name)?;
    let options = source.options(&plan.reading);
    let cohort = ssi_cohort::cohort_with(&source.bytes[..], &source.name, &codebook, &options)?;
    let table = prepared(&cohort, &plan)?;
    let kept = plan.filter.clone().map(|condition| Kept {
        condition,
        rows: table.n_rows(),
        of: cohort.table.n_rows(),
    });
    if let Some(Kept { condition, of, .. }) = kept.clone().filter(|kept| kept.rows == 0) {
        return Err(Error::NobodyKept { name: source.name, condition, of });
    }
    one_wave(&cohort, &table, &source.name)?;
    progress.check()?;

    progress.begin(Stage::Estimate, 1);
    let level = Level::new(plan.level)?;
    let results = Results::default();
    let disputed = &cohort.disputed;
    let coarse = coarser(&cohort, &plan, &table)?;
    let shown = coarse.as_ref().unwrap_or(&table);
    let mut run =
        Run { plan: &plan, level, table: &table, shown, codebook: &codebook, disputed, results };
    run.results.study = Some(facts(&source, &plan, &cohort, &table));
    run.results.excluded.extend(cohort.excluded.iter().cloned());
    run.results.changes.extend(plan.codebook.as_ref().map(|_| of_codebook()));
    run.results.changes.extend(cohort.changes.iter().cloned());
    // What a sheet is called may name somebody.
    let named =
        |(at, name): (usize, String)| if plan.privacy.local { name } else { at.to_string() };
    let sheet = cohort.sheet.clone().map(|sheet| Warning::Sheet { sheet: named(sheet) });
    run.results.warnings.extend(sheet);
    run.describe();
    run.missing()?;
    let pair = table.paired(&plan.primary.x, &plan.primary.y)?;
    if !plan.privacy.local {
        let whole = Plan { filter: None, ..plan.clone() };
        let all = prepared(&cohort, &whole)?;
        let whole = all.paired(&plan.primary.x, &plan.primary.y)?;
        let counts = [(table.n_rows(), all.n_rows()), (pair.n_obs(), whole.n_obs())];
        publication::check(&plan, &source.name, pair.n_obs(), counts)?;
        publication::check_groups(&plan, &source.name, &table)?;
    }
    let primary = run.primary(&pair, progress);
    let (bootstrapped, permuted) =
        primary.map_err(|error| error.in_file(&source.name).after(kept.as_ref()))?;
    progress.begin(Stage::Estimate, 1);
    run.parts()?;
    let variables = run.matrix_variables();
    let matrix = run.matrix(&variables)?;
    run.groups()?;
    let main = run.main_model(&pair)?;
    run.contacts_model()?;
    run.sessions(progress)?;
    run.views(progress)?;
    run.items_model()?;
    run.instrument(progress)?;
    run.treated(progress)?;
    run.warn();
    let of_score = plan.primary.is_score_and_ssi();
    let cap_told = cap_tells_nobody(&table, &plan)?;
    let evidence = claims::Evidence {
        plan: &plan,
        codebook: &codebook,
        table: &table,
        shown,
        cap_told,
        cohort: &cohort,
        main: Some(&main).filter(|_| of_score),
        level,
        progress,
    };
    claims::judge(&mut run.results, &evidence)?;
    claims::corners(&mut run.results, &evidence)?;
    progress.check()?;
    let dots = shown.paired(&plan.primary.x, &plan.primary.y)?;
    let line = match (pair.x(), pair.y()) == (dots.x(), dots.y()) {
        true => main.clone(),
        false => ols(&formula::design(shown, &main.formula)?)?,
    };
    let drawn = drawings::Shown {
        plan: &plan,
        level,
        pair: &pair,
        main: &main,
        dots: &dots,
        line: &line,
        variables: &variables,
        matrix: &matrix,
        bootstrapped: &bootstrapped,
        permuted: &permuted,
    };
    drawings::add(&mut run.results, &drawn)?;
    claims::drawings(&mut run.results, &evidence)?;
    let mut results = run.results;
    results.excluded.sort();
    results.excluded.dedup();
    if !plan.privacy.local {
        publish(&mut results, plan.smallest_group, cap_told);
    }
    Ok(Study { results, source, plan, main: line })
}

pub(crate) fn codebook(plan: &Plan, file: &str) -> Result<Codebook> {
    let codebook = match &plan.codebook {
        Some(text) => Codebook::of_file(text, file)?,
        None => Codebook::default(),
    };
    let map: Vec<(&str, &str)> =
        plan.columns.iter().map(|(name, column)| (name.as_str(), column.as_str())).collect();
    Ok(codebook.with_map(&map)?)
}

/// The ledger's line about a codebook of the user's.
fn of_codebook() -> Change {
    Change {
        rule: Rule::Codebook,
        column: String::new(),
        count: 1,
        first_row: 0,
        found: String::new(),
        read_as: String::new(),
    }
}

struct Run<'a> {
    plan: &'a Plan,
    level: Level,
    table: &'a Table,
    /// The same with the numbers that single respondents are shown by.
    shown: &'a Table,
    codebook: &'a Codebook,
    /// Items on which raters differ, by the respondent's row.
    disputed: &'a [(usize, String)],
    results: Results,
}

impl<'a> Run<'a> {
    fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.table.has(name))
    }

    fn left_out(&mut self, analysis: &str, why: impl Into<String>) {
        let why = why.into();
        self.results.warnings.push(Warning::LeftOut { analysis: analysis.to_owned(), why });
    }

    fn describe(&mut self) {
        let (x, y) = (self.plan.primary.x.as_str(), self.plan.primary.y.as_str());
        let rest = PILLARS.into_iter().chain(["years_on_linkedin"]);
        for name in [x, y].into_iter().chain(rest) {
            if let Ok(column) = self.table.column(name)
                && let Ok(mut rows) = described(column, self.table.counts(), self.level)
            {
                // A smallest, a largest and a middle value are somebody's own.
                if is_fine(name)
                    && let Ok(column) = self.shown.column(name)
                    && let Ok(shown) = described(column, self.shown.counts(), self.level)
                {
                    for row in rows.iter_mut().filter(|row| SINGLE.contains(&row.method.as_str())) {
                        let coarse = shown.iter().find(|coarse| coarse.method == row.method);
                        *row = coarse.unwrap_or(row).clone();
                    }
                }
                rows.iter_mut().for_each(|row| row.n_excluded += self.table.left_out());
                self.results.estimates.extend(rows);
            }
        }
    }

    fn primary(
        &mut self,
        pair: &Paired,
        progress: &dyn Progress,
    ) -> Result<(Bootstrapped, Permuted)> {
        self.results.excluded.extend(pair.excluded().iter().cloned());
        let (level, seed) = (self.level, self.plan.seed);
        if pair.n_obs() < FEWEST {
            let (analysis, found) = ("the study", pair.n_obs());
            return Err(ssi_infer::Error::TooFew { analysis, needed: FEWEST, found }.into());
        }
        let pearson = correlate::correlate(pair, Method::Pearson, level)?;
        let bootstrap = Bootstrap { resamples: self.plan.resamples, seed };
        let permutation = Permutation { permutations: self.plan.permutations, seed };
        let b = resample::bootstrap_bca(pair, Method::Pearson, &bootstrap, level, progress)?;
        let p = resample::permutation(pair, Method::Pearson, &permutation, level, progress)?;
        self.results.estimates.extend([pearson, b.estimate.clone(), p.estimate.clone()]);
        self.results.estimates.extend(beside(pair, Method::Pearson, level));
        for method in [Method::Spearman, Method::Kendall] {
            self.results.estimates.push(correlate::correlate_or_note(pair, method, level));
            // Kendall's own interval takes the spread from the data.
            let more = (method == Method::Spearman).then(|| beside(pair, method, level));
            self.results.estimates.extend(more.flatten());
        }
        Ok((b, p))
    }

    /// The score with each pillar, and with SSI less the Brand pillar: one family of tests.
    fn parts(&mut self) -> Result<()> {
        let (x, y) = (self.plan.primary.x.as_str(), self.plan.primary.y.as_str());
        let (mut rows, mut robust) = (Vec::new(), Vec::new());
        for part in
            PILLARS.into_iter().chain([WITHOUT_BRAND]).filter(|part| *part != x && *part != y)
        {
            if !self.has(&[part]) {
                // The sum without Brand is no column of a file: it lacks one of its pillars.
                let lacking = |pillar: &&str| !self.has(&[*pillar]);
                let absent = match part {
                    WITHOUT_BRAND => PILLARS.into_iter().skip(1).find(lacking).unwrap_or(part),
                    pillar => pillar,
                };
                self.left_out(part, format!("missing_column: {absent}"));
                continue;
            }
            let pair = self.table.paired(x, part)?;
            rows.push(correlate::correlate_or_note(&pair, Method::Pearson, self.level));
            robust.extend(beside(&pair, Method::Pearson, self.level));
        }
        self.results.estimates.extend(correlate::adjusted(rows).into_iter().chain(robust));
        Ok(())
    }

    /// The columns of the correlation matrix, by theme.
    fn matrix_variables(&self) -> Vec<&'a str> {
        let (x, y) = (self.plan.primary.x.as_str(), self.plan.primary.y.as_str());
        let wanted = [x, y].into_iter().chain(PILLARS).chain(["conn_display", "years_on_linkedin"]);
        wanted.filter(|name| self.table.has(name)).collect()
    }

    /// Rank correlations of every pair: contacts are capped, and ranks don't mind.
    fn matrix(&mut self, variables: &[&str]) -> Result<Vec<Estimate>> {
        let rows = correlate::matrix(self.table, variables, Method::Spearman, self.level)?;
        // The primary pair is the one hypothesis that is not in the family of the others.
        let (primary, rest): (Vec<Estimate>, Vec<Estimate>) = rows.into_iter().partition(|row| {
            row.x.as_deref() == Some(self.plan.primary.x.as_str())
                && row.y.as_deref() == Some(self.plan.primary.y.as_str())
        });
        let without = |mut row: Estimate| {
            if let Some(test) = &mut row.test {
                (test.p_holm, test.p_bh) = (None, None);
            }
            row
        };
        // Its row stands among the primary ones already.
        let rest = correlate::adjusted(rest);
        self.results.estimates.extend(rest.iter().cloned());
        Ok(primary.into_iter().map(without).chain(rest).collect())
    }

    fn warn(&mut self) {
        if self.results.study.as_ref().is_some_and(|s| s.synthetic) {
            self.results.warnings.insert(0, Warning::Synthetic);
        }
        match &dates(self.table) {
            None => self.results.warnings.push(Warning::Era { unknown: true }),
            Some((first, last)) if era(first) != era(last) => {
                self.results.warnings.push(Warning::Era { unknown: false });
            }
            Some(_) => {}
        }
        let unequal: Vec<Warning> = self
            .results
            .models
            .iter()
            .filter(|model| model.id != "main_counted")
            .filter_map(|model| {
                let check = model.glance.checks.iter().find(|c| c.name == "breusch_pagan")?;
                let p_value = check.p_value.filter(|p| *p < 0.05)?;
                Some(Warning::UnequalSpread { model: model.id.clone(), p_value })
            })
            .collect();
        self.results.warnings.extend(unequal);
        if let Some(main) = self.results.models.iter().find(|m| m.id == "main")
            && main.glance.n_obs < 30
        {
            let n_obs = main.glance.n_obs;
            self.results.warnings.push(Warning::FewRespondents { n_obs });
        }
    }
}

/// The jackknife's interval of a correlation, which takes no distribution for granted.
fn beside(pair: &Paired, method: Method, level: Level) -> Option<Estimate> {
    resample::jackknife_z(pair, method, level).ok().filter(|row| row.value.is_some())
}

/// True for a coefficient of that model with that kind of standard error.
pub(crate) fn is_model_row(row: &Estimate, model: &str, vcov: &str) -> bool {
    row.model.as_deref() == Some(model) && row.vcov.as_deref() == Some(vcov)
}

/// Why an analysis was left out: a code that the report has words for.
pub(crate) fn why(error: &ssi_infer::Error) -> String {
    match error {
        ssi_infer::Error::Collinear { .. } => "collinear_columns",
        other => note(other).map_or("undefined", Note::code),
    }
    .to_owned()
}

/// Why an estimate is not defined, where there is a note for it.
pub(crate) fn note(error: &ssi_infer::Error) -> Option<Note> {
    use ssi_infer::Error as E;
    use ssi_infer::model::ModelError as M;
    Some(match error {
        E::TooFew { .. } | E::NobodyLeft { .. } => Note::TooFew,
        E::Constant { column } if column == "residual" => Note::PerfectFit,
        E::Constant { .. } => Note::ConstantColumn,
        E::Collinear { .. } => Note::Collinear,
        E::NoSpread { .. } => Note::NoSpread,
        E::NotTwoValued { .. } => Note::NotTwoValued,
        E::TooManyLevels { .. } | E::Model(M::TooManyLevels { .. }) => Note::TooManyLevels,
        E::NotConverged { .. } | E::Model(M::NotConverged { .. }) => Note::NotConverged,
        E::TooManyRespondents { .. } | E::TooManyToResample { .. } => Note::TooMany,
        E::Magnitude { .. } => Note::BeyondRange,
        E::TwoGroups { .. } => Note::NotTwoGroups,
        E::Raters(RaterError::OneRater { .. }) => Note::OneRater,
        E::Raters(RaterError::NoOverlap { .. }) => Note::NoOverlap,
        E::Items(_) => Note::TooFewItems,
        E::Capped { .. } | E::CappedOutcome { .. } => Note::Capped,
        _ => return None,
    })
}
