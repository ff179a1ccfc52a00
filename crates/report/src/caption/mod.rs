//! The words of each figure: title, subtitle, axes, labels, note and alternative text.
//!
//! A title says what was found where the interval says so, and asks where it does not.

mod calibration;
mod claims;
mod diagnostics;
mod forest;
mod gaps;
mod instrument;
mod levels;
mod matrix;
mod resampling;
mod scatter;
mod shape;
mod views;

use crate::findings::Findings;
use crate::phrase::{breaks, plain, spaced, verbatim};
use crate::terms::{self, word};
use ssi_vocab::{Caption, Drawing, Lang, Results};
use std::collections::BTreeMap;

/// The words of one figure, or none where the results hold no such drawing.
pub fn for_drawing(slug: &str, results: &Results, lang: Lang) -> Option<Caption> {
    let f = Findings::new(results);
    let worded = match f.drawing(slug)? {
        Drawing::Scatter(d) => scatter::words(f, d, lang),
        Drawing::Levels(d) => levels::words(f, d, lang),
        Drawing::Matrix(d) => matrix::words(f, d, lang),
        Drawing::Forest(d) if slug == "models" => views::words(f, d, lang),
        Drawing::Forest(d) => forest::words(f, d, lang),
        Drawing::Resampling(d) => resampling::words(f, d, lang),
        Drawing::Diagnostics(d) => diagnostics::words(f, d, lang),
        Drawing::Shape(d) => shape::words(f, d, lang),
        Drawing::Ceilings(d) => claims::ceilings(f, d, lang),
        Drawing::Surface(d) => claims::surface(f, d, lang),
        Drawing::Ratio(d) => claims::ratio(f, d, lang),
        Drawing::Calibration(d) => calibration::words(f, d, lang),
        Drawing::Gaps(d) => gaps::words(f, d, lang),
        Drawing::ItemCurves(d) => instrument::item_curves(f, d, lang),
        Drawing::BlandAltman(d) => instrument::bland_altman(f, d, lang),
        _ => return None,
    };
    // What is drawn from the plan's own counts is not made from the cohort, synthetic or not.
    let counts = matches!(f.drawing(slug)?, Drawing::Surface(_) | Drawing::Ratio(_));
    let note = if counts {
        claims::source(f, slug, &worded.method, lang)
    } else {
        source(f, &worded.method, lang)
    };
    Some(Caption {
        lang,
        title: worded.title,
        subtitle: set(&worded.subtitle, lang),
        x: worded.x,
        y: worded.y,
        note,
        mark: f.mark(lang).filter(|_| !counts),
        alt: plain(&set(&worded.alt, lang)),
        labels: worded.labels,
    })
}

/// Text with its places to break and, in Japanese, with Latin words set off.
fn set(text: &str, lang: Lang) -> String {
    match lang {
        Lang::En => breaks(text),
        Lang::Ja => breaks(&spaced(text)),
    }
}

/// What differs between figures.
#[derive(Debug, Default)]
struct Worded {
    /// Already with its places to break.
    title: String,
    /// With `|` where a line may break, as are `method` and `alt`.
    subtitle: String,
    x: String,
    y: String,
    /// One sentence for the note.
    method: String,
    alt: String,
    labels: BTreeMap<String, String>,
}

/// Source, method, seed and version.
pub(crate) fn source(f: Findings<'_>, method: &str, lang: Lang) -> String {
    let Some(study) = &f.results.study else { return breaks(method) };
    let (name, version) = (verbatim(&study.input.name), verbatim(&study.version));
    let seed = study.seed;
    let (space, end) = if method.is_empty() { ("", "") } else { (" ", "|") };
    breaks(&match (lang, f.synthetic()) {
        (Lang::En, true) => {
            format!(
                "Data: {name} (synthetic).{space}{method} Seed\u{a0}{seed}, ssi-study\u{a0}{version}."
            )
        }
        (Lang::En, false) => {
            format!("Data: {name}.{space}{method} Seed\u{a0}{seed}, ssi-study\u{a0}{version}.")
        }
        (Lang::Ja, true) => format!(
            "データ：{name}（合成データ）。|{method}{end}乱数シード\u{a0}{seed}、|ssi-study\u{a0}{version}。"
        ),
        (Lang::Ja, false) => {
            format!(
                "データ：{name}。|{method}{end}乱数シード\u{a0}{seed}、|ssi-study\u{a0}{version}。"
            )
        }
    })
}

/// The axis title of a variable, with its unit where it has one.
fn axis(variable: &str, lang: Lang) -> String {
    match variable {
        "score_total" => word(lang, "axis.score").to_owned(),
        "ssi_total" => word(lang, "axis.ssi").to_owned(),
        name => terms::variable(lang, name),
    }
}

/// A wording with a placeholder such as `{level}` filled in.
fn filled(wording: &str, placeholder: &str, value: &str) -> String {
    wording.replace(placeholder, value)
}
