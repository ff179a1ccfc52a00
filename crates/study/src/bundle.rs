//! From results to the files of a report folder, in memory.

use crate::folder::{Files, MANIFEST};
use crate::manifest::Manifest;
use crate::model::Model;
use crate::{Error, Result, Study};
use rayon::prelude::*;
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
    if let Some(model) = Model::of(study) {
        text("model.json", model.to_json());
    }
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
