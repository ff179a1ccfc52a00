//! From results to the files of a report folder, in memory.

use crate::folder::{Files, MANIFEST};
use crate::manifest::Manifest;
use crate::rubric::Rubric;
use crate::{Error, Result, Study};
use rayon::prelude::*;
use serde::Serialize;
use ssi_figure::{Card, Theme};
use ssi_report::PictureSource;
use ssi_vocab::{Lang, Progress, Results, Stage};
use std::collections::BTreeMap;

/// One picture to draw: a figure, or the summary page, in a language.
struct Task {
    slug: String,
    lang: Lang,
    summary: bool,
}

struct Drawn {
    slug: String,
    lang: Lang,
    summary: bool,
    svg: String,
    png: Vec<u8>,
}

/// The figure that answers the question.
const MAIN_FIGURE: &str = "score_ssi";

/// Every file of the report: path inside the folder to bytes.
///
/// # Errors
/// [`Error::Figure`], [`Error::Interrupted`].
pub fn bundle(study: &Study, progress: &dyn Progress) -> Result<Files> {
    let results = &study.results;
    let mut files = Files::new();
    let mut pictures = BTreeMap::new();
    for drawn in draw_all(results, progress)? {
        let lang = drawn.lang.code();
        if drawn.summary {
            files.insert(format!("summary.{lang}.png"), drawn.png);
        } else {
            files.insert(format!("figures/{}.{lang}.png", drawn.slug), drawn.png);
            let svg = drawn.svg.clone().into_bytes();
            files.insert(format!("figures/{}.{lang}.svg", drawn.slug), svg);
            pictures.insert((drawn.slug, drawn.lang), PictureSource { svg: drawn.svg });
        }
    }
    let mut text =
        |name: &str, content: String| files.insert(name.to_owned(), content.into_bytes());
    text("index.html", ssi_report::html(results, &pictures));
    text("report.en.md", ssi_report::markdown(results, Lang::En));
    text("report.ja.md", ssi_report::markdown(results, Lang::Ja));
    text("results.json", ssi_report::json(results));
    text("estimates.csv", ssi_report::csv(results));
    text("excluded.csv", ssi_report::excluded_csv(results));
    text("model.json", model(study));
    let manifest = Manifest::new(&study.source, &study.plan, &files);
    files.insert(MANIFEST.to_owned(), manifest.to_json());
    Ok(files)
}

fn draw_all(results: &Results, progress: &dyn Progress) -> Result<Vec<Drawn>> {
    let mut tasks = Vec::new();
    for lang in Lang::ALL {
        for slug in results.drawings.keys() {
            tasks.push(Task { slug: slug.clone(), lang, summary: false });
        }
        if results.drawings.contains_key(MAIN_FIGURE) {
            tasks.push(Task { slug: MAIN_FIGURE.to_owned(), lang, summary: true });
        }
    }
    progress.begin(Stage::Draw, tasks.len() as u64);
    tasks
        .into_par_iter()
        .map(|task| {
            progress.check()?;
            let drawn = draw(results, task);
            progress.advance(1);
            drawn
        })
        .filter_map(Result::transpose)
        .collect()
}

/// `None` where the report has no words for the drawing.
fn draw(results: &Results, task: Task) -> Result<Option<Drawn>> {
    let Task { slug, lang, summary } = task;
    let theme = Theme::default();
    let fail = |source| Error::Figure { slug: slug.clone(), source };
    let Some(drawing) = results.drawings.get(&slug) else { return Ok(None) };
    let Some(caption) = ssi_report::caption::for_drawing(&slug, results, lang) else {
        return Ok(None);
    };
    let picture = if summary {
        let words = ssi_report::card(results, lang);
        let card = Card {
            title: words.title,
            answer: words.answer,
            facts: words.facts,
            note: words.note,
            mark: words.mark,
        };
        ssi_figure::summary(&card, drawing, &caption, &theme).map_err(fail)?
    } else {
        ssi_figure::draw(drawing, &caption, &theme).map_err(fail)?
    };
    let png = picture.png().map_err(fail)?;
    Ok(Some(Drawn { slug: slug.clone(), lang, summary, svg: picture.svg().to_owned(), png }))
}

/// What a program needs to score people whose SSI is hidden, and when it must not.
#[derive(Serialize)]
struct SavedModel<'a> {
    schema: &'static str,
    study: &'a str,
    synthetic: bool,
    rubric: String,
    formula: &'a str,
    outcome: &'a str,
    outcome_range: Option<[f64; 2]>,
    terms: &'a [String],
    coefficients: Vec<f64>,
    covariance: Option<Vec<Vec<f64>>>,
    sigma: f64,
    df_residual: usize,
    n_obs: usize,
    training_range: BTreeMap<&'a str, [f64; 2]>,
    interval_method: &'static str,
    level: f64,
    input_sha256: &'a str,
    version: &'a str,
}

#[expect(clippy::expect_used, reason = "a model holds only strings and finite numbers")]
fn model(study: &Study) -> String {
    let fit = &study.main;
    let facts = study.results.study.as_ref();
    let predictor = &study.plan.primary.x;
    let range = study.training_range();
    let covariance = fit.covariance(ssi_infer::regress::Covariance::Classical);
    let saved = SavedModel {
        schema: "ssi-study/model/1",
        study: facts.map_or("", |f| f.name.as_str()),
        synthetic: facts.is_some_and(|f| f.synthetic),
        rubric: Rubric::generic_10().label(),
        formula: &fit.formula,
        outcome: &fit.outcome,
        outcome_range: outcome_range(study),
        terms: &fit.terms,
        coefficients: fit.coefficients.to_vec(),
        covariance: covariance.map(|c| c.outer_iter().map(|row| row.to_vec()).collect()),
        sigma: fit.sigma,
        df_residual: fit.df_residual,
        n_obs: fit.n_obs,
        training_range: [(predictor.as_str(), range)].into(),
        interval_method: "normal",
        level: study.plan.level,
        input_sha256: facts.map_or("", |f| f.input.sha256.as_str()),
        version: env!("CARGO_PKG_VERSION"),
    };
    let mut text = serde_json::to_string_pretty(&saved).expect("a model is always writable");
    text.push('\n');
    text
}

/// The scale of an outcome that has one: predictions are cut at its ends.
fn outcome_range(study: &Study) -> Option<[f64; 2]> {
    let codebook = crate::run::codebook(&study.plan).ok()?;
    let constraints = &codebook.field(&study.main.outcome)?.constraints;
    Some([constraints.minimum?, constraints.maximum?])
}
