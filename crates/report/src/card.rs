//! The one-page summary of a study, for a slide or a post.

use crate::findings::{Direction, Findings, direction};
use crate::number;
use crate::phrase::breaks;
use crate::sentences::{answer, correlation_range, point_range, sample};
use crate::terms::{named, word};
use ssi_vocab::{Lang, PHRASE_BREAK, Results};

/// The texts of the summary picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The question.
    pub title: String,
    /// The answer with its uncertainty.
    pub answer: String,
    /// Up to four facts, each a label and a value; what stands after a line break in a value is
    /// smaller print, such as an interval.
    pub facts: Vec<(String, String)>,
    /// How many users, that an association is no cause, source, seed and version.
    pub note: String,
    /// The mark of synthetic data, where they are.
    pub mark: Option<String>,
}

/// The summary of a study in one language; absent results leave their facts out.
pub fn card(results: &Results, lang: Lang) -> Summary {
    let f = Findings::new(results);
    Summary {
        title: answer::question(f, lang),
        answer: answer::answer(f, lang),
        facts: facts(f, lang),
        note: note(f, lang),
        mark: f.mark(lang),
    }
}

fn facts(f: Findings<'_>, lang: Lang) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut push = |key: &'static str, value: String| {
        out.push((word(lang, key).to_owned(), value));
    };
    if let Some((r, e)) = f.primary().and_then(|e| Some((e.value?, e))) {
        let r = number::correlation(r, lang);
        push(
            "fact.correlation",
            match &e.interval {
                Some(interval) => format!("{r}\n{}", correlation_range(interval, lang)),
                None => r,
            },
        );
    }
    let own = f.is_score_and_ssi();
    if let Some((b, e)) = f.slope("main").filter(|_| own).and_then(|e| Some((e.value?, e))) {
        let b = number::signed(b, 1);
        let ends = e.interval.as_ref().map(point_range).unwrap_or_default();
        push(
            "fact.slope",
            match lang {
                Lang::En => format!("{b} points\n{ends}"),
                Lang::Ja => format!("{b}点\n{ends}"),
            }
            .trim_end()
            .to_owned(),
        );
    }
    if let Some(half) = f.prediction_half_width().filter(|_| own) {
        let half = number::fixed(half, 0);
        let by_score = answer::spread_short(f, lang).unwrap_or_default();
        push(
            "fact.single",
            match lang {
                Lang::En => format!("±{half} points\n{by_score}"),
                Lang::Ja => format!("±{half}点\n{by_score}"),
            }
            .trim_end()
            .to_owned(),
        );
    }
    if let Some(claim) = f.hypothesis() {
        let verdict = named(lang, "verdict", claim.verdict.code());
        push(
            "fact.verdict",
            match (f.synthetic(), lang) {
                (true, Lang::En) => format!("{verdict}\n(synthetic data)"),
                (true, Lang::Ja) => format!("{verdict}\n（合成データ）"),
                (false, _) => verdict,
            },
        );
    }
    out
}

fn note(f: Findings<'_>, lang: Lang) -> String {
    let shown = f.primary().map(direction);
    let found = matches!(shown, Some(Direction::Up | Direction::Down));
    let level = f.level();
    let causation = match (found, lang) {
        (true, Lang::En) => format!("Brackets: {level} intervals. An association, not causation."),
        (true, Lang::Ja) => format!(
            "［ ］内は|{level}信頼区間。|示されたのは|関連であり、|因果関係では|ありません。"
        ),
        (false, Lang::En) => format!("Brackets: {level} intervals."),
        (false, Lang::Ja) => format!("［ ］内は|{level}信頼区間。"),
    };
    let causation = breaks(&causation);
    let users = f.primary().map(|e| sample::analysed_short(e, lang));
    let source = f.results.study.as_ref().map(|_| crate::caption::source(f, "", lang));
    let sentences: Vec<String> = users.into_iter().chain([causation]).chain(source).collect();
    match lang {
        Lang::En => sentences.join(" "),
        Lang::Ja => sentences.join(PHRASE_BREAK.encode_utf8(&mut [0; 4])),
    }
}
