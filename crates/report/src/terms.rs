//! The wording of single terms: one line per term and language.

use crate::phrase::{breaks, plain, verbatim};
use ssi_vocab::{Lang, Reason};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const EN: &str = include_str!("../terms/en.txt");
const JA: &str = include_str!("../terms/ja.txt");

type Words = BTreeMap<&'static str, String>;

fn words(lang: Lang) -> &'static Words {
    static WORDS: OnceLock<[Words; 2]> = OnceLock::new();
    let [en, ja] = WORDS.get_or_init(|| [parse(EN), parse(JA)]);
    match lang {
        Lang::En => en,
        Lang::Ja => ja,
    }
}

fn parse(text: &'static str) -> Words {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, wording)| (key, breaks(wording)))
        .collect()
}

/// The wording of a term such as `variable.score_total`; the key itself where there is none.
///
/// Japanese wordings carry [`PHRASE_BREAK`](ssi_vocab::PHRASE_BREAK) where a line may break.
pub fn word(lang: Lang, key: &'static str) -> &'static str {
    words(lang).get(key).map_or(key, String::as_str)
}

/// Why something was left out, in words.
pub fn reason(reason: Reason, lang: Lang) -> String {
    plain(&named(lang, "reason", reason.code()))
}

/// The wording of `name` in a family such as `method`; the name itself where there is none.
pub(crate) fn named(lang: Lang, family: &str, name: &str) -> String {
    words(lang).get(format!("{family}.{name}").as_str()).cloned().unwrap_or_else(|| name.to_owned())
}

/// What a model says beyond its coefficients, in words: `auc`, `ame(score)`, `var(x | group)`,
/// `score [tau=0.25]`. A name without a wording stands as it is.
pub(crate) fn quantity(lang: Lang, term: &str) -> String {
    let say = |key: &str, x: &str, g: &str| {
        let wording = words(lang).get(format!("quantity.{key}").as_str())?;
        Some(wording.replace("{x}", &verbatim(x)).replace("{g}", &verbatim(g)))
    };
    if let Some(wording) = say(term, "", "") {
        return wording;
    }
    if let Some((x, place)) = term.strip_suffix(']').and_then(|rest| rest.rsplit_once(" [")) {
        let (key, g) = match place.split_once(['=', ' ']) {
            Some((key, g)) => (key, g.trim_start_matches("x ")),
            None => (place, ""),
        };
        let x = quantity(lang, x);
        return say(&format!("[{key}]"), &x, g).unwrap_or_else(|| term.to_owned());
    }
    if let Some(x) = term.strip_suffix(" at lambda_1se") {
        return say("at lambda_1se", x, "").unwrap_or_else(|| term.to_owned());
    }
    let inner = term.strip_suffix(')').and_then(|rest| rest.split_once('('));
    let worded = inner.and_then(|(name, inner)| {
        let (x, g) = inner.rsplit_once(" | ").unwrap_or((inner, ""));
        say(&format!("{name}()"), x, g)
    });
    worded.unwrap_or_else(|| term.to_owned())
}

/// The wording of a key, where there is one.
pub(crate) fn known(lang: Lang, key: &str) -> Option<&'static str> {
    words(lang).get(key).map(String::as_str)
}

/// A kind of standard error, as `--se` takes it, in words: `hc3`, `cluster:school`.
pub(crate) fn errors(lang: Lang, vcov: &str) -> String {
    match vcov.split_once(':') {
        Some((kind, column)) => named(lang, "vcov", kind).replace("{column}", &verbatim(column)),
        None => named(lang, "vcov", vcov),
    }
}

/// A variable in words.
pub(crate) fn variable(lang: Lang, name: &str) -> String {
    named(lang, "variable", name)
}

/// A variable in few words, for figures and pairs.
pub(crate) fn short(lang: Lang, name: &str) -> String {
    words(lang)
        .get(format!("short.{name}").as_str())
        .cloned()
        .unwrap_or_else(|| variable(lang, name))
}

/// A regression term in words: `regionJP` is "Region: JP".
pub(crate) fn term(lang: Lang, name: &str) -> String {
    if let Some(wording) = words(lang).get(format!("term.{name}").as_str()) {
        return wording.clone();
    }
    if words(lang).contains_key(format!("variable.{name}").as_str()) {
        return variable(lang, name);
    }
    if let Some((a, b)) = name.split_once(':') {
        return format!("{} × {}", term(lang, a), term(lang, b));
    }
    // A factor's coefficient is named by the factor and the level, without a mark between them.
    let factor = ["region", "profile_lang", "industry", "account_type"]
        .into_iter()
        .find_map(|factor| name.strip_prefix(factor).map(|level| (factor, level)));
    match (factor.map(|(factor, name)| (factor, level(lang, name))), lang) {
        (Some((factor, level)), Lang::En) => format!("{}: {level}", variable(lang, factor)),
        (Some((factor, level)), Lang::Ja) => format!("{}：{level}", variable(lang, factor)),
        (None, _) => name.to_owned(),
    }
}

/// A group in words, where it is that of all groups too small to be named.
pub(crate) fn group(lang: Lang, name: &str) -> String {
    match (name.strip_suffix(" = (other)"), lang) {
        (Some(column), Lang::En) => format!("{}: the other groups", variable(lang, column)),
        (Some(column), Lang::Ja) => format!("{}：その他", variable(lang, column)),
        (None, _) => name.to_owned(),
    }
}

/// The group of all that are too small to be named, as a level.
fn level(lang: Lang, level: &str) -> &str {
    match (level, lang) {
        ("(other)", Lang::En) => "others",
        ("(other)", Lang::Ja) => "その他",
        (own, _) => own,
    }
}

/// A factor's coefficient with the level that it is a difference from: "Region: JP (against EU)".
pub(crate) fn term_against(lang: Lang, name: &str, factor: &str, against: &str) -> String {
    let (wording, level) = (term(lang, name), level(lang, against));
    // Anything but a level of this factor, such as an interaction, is worded as it stands.
    if name.contains(':') || name == factor || !name.starts_with(factor) {
        return wording;
    }
    breaks(&match lang {
        Lang::En => format!("{wording} (against {})", verbatim(level)),
        Lang::Ja => format!("{wording}|（{}との差）", verbatim(&set_off(level))),
    })
}

/// A level with a space before the kana that follow it, where it ends in Latin.
fn set_off(level: &str) -> String {
    let latin = level.chars().last().is_some_and(|c| c.is_ascii_alphanumeric());
    if latin { format!("{level} ") } else { level.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_each_once() {
        let keys = |text: &'static str| -> Vec<&str> {
            text.lines()
                .filter(|line| !line.starts_with('#') && !line.is_empty())
                .map(|line| line.split_once(" = ").expect(line).0)
                .collect()
        };
        assert_eq!(keys(EN), keys(JA), "the files list the same keys in the same order");
        assert_eq!(keys(EN).len(), words(Lang::En).len(), "a key stands twice");
    }

    #[test]
    fn no_japanese_wording_is_left_in_english() {
        for (key, wording) in words(Lang::En) {
            assert!(wording.is_ascii() || !wording.chars().any(|c| c >= '\u{3040}'), "{key}");
        }
        // What stays Latin in Japanese reports, too.
        let latin = |key: &str| {
            key.starts_with("vcov.hc")
                || key.starts_with("measure.") && key.ends_with("_squared")
                || ["glance.aic", "glance.bic", "glance.press"].contains(&key)
                || ["variable.ssi_total", "statistic.n", "header.n", "header.gvif"].contains(&key)
        };
        for (key, wording) in words(Lang::Ja) {
            let japanese = wording.chars().any(|c| c >= '\u{3040}');
            assert_ne!(japanese, latin(key), "{key} = {wording}");
        }
    }

    #[test]
    fn measures_are_worded_with_what_they_are_of() {
        let en = |term: &str| quantity(Lang::En, term);
        assert_eq!(en("ame(score)"), "Average marginal effect of score");
        assert_eq!(en("var((Intercept) | g)"), "Variance of (Intercept) between g");
        assert_eq!(en("var(Residual)"), "Residual variance");
        assert_eq!(en("objective [tau=0.25]"), "Sum of weighted absolute residuals, τ = 0.25");
        assert_eq!(en("x [sigma x 0.8]"), "x, σ of the tail × 0.8");
        assert_eq!(en("score_total = 7"), "score_total = 7");
        assert_eq!(quantity(Lang::Ja, "icc"), "級内相関係数（ICC）");
    }

    #[test]
    fn factor_levels_and_interactions_are_worded() {
        assert_eq!(term(Lang::En, "regionJP"), "Region: JP");
        assert_eq!(term(Lang::Ja, "regionJP"), "地域：JP");
        assert_eq!(term(Lang::En, "regionJP:years_on_linkedin"), "Region: JP × Years on LinkedIn");
        assert_eq!(term(Lang::En, "I(x^2)"), "I(x^2)");
        assert_eq!(term_against(Lang::En, "regionJP", "region", "EU"), "Region: JP (against EU)");
        let ja = crate::phrase::plain(&term_against(Lang::Ja, "regionJP", "region", "EU"));
        assert_eq!(ja, "地域：JP（EU との差）");
    }
}
