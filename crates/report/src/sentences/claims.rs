//! The article's claims: what each says, by which rule it is judged, and why it came out so.

use super::primary::needs;
use crate::findings::Findings;
use crate::number::{self, UNDEFINED, count};
use crate::phrase::{breaks, plain};
use crate::terms::{known, named, word};
use ssi_vocab::{Analysis, Because, Claim, Estimate, Lang, Verdict};

/// The row of a change at the hours of training that the plan asks about.
pub(crate) const GAIN: &str = "(Intercept)";

/// True for what some terms of a model add to its R².
pub(crate) fn is_added(e: &Estimate) -> bool {
    e.term.starts_with("delta_r_squared(")
}

/// True for what is told beside the claim, and not judged.
fn is_beside(e: &Estimate) -> bool {
    is_explained(e) || e.analysis == Analysis::Correlation && !e.controls.is_empty()
}

/// True for a change, or what some terms of a model add.
fn is_explained(e: &Estimate) -> bool {
    e.analysis == Analysis::Regression && (e.term == GAIN || is_added(e))
}

/// The estimate that a claim's rule judges.
pub(crate) fn judged<'a>(f: Findings<'a>, claim: &'a Claim) -> Option<&'a Estimate> {
    f.evidence(claim).next().filter(|e| !is_beside(e))
}

/// The claim in a sentence, as the article makes it; one's own hypothesis in its variables.
pub(crate) fn said(f: Findings<'_>, claim: &Claim, lang: Lang) -> String {
    f.fill(&named(lang, "claim", &claim.id), lang)
}

/// Id and claim.
pub(crate) fn name(f: Findings<'_>, claim: &Claim, lang: Lang) -> String {
    let said = said(f, claim, lang);
    match (claim.id == "primary", lang) {
        (true, _) => said,
        (false, Lang::En) => format!("{} {said}", claim.id),
        (false, Lang::Ja) => format!("{}　{said}", claim.id),
    }
}

/// How many claims came out how.
pub(crate) fn summary(f: Findings<'_>, lang: Lang) -> Vec<String> {
    let claims = f.claims();
    let of = |verdict| claims.iter().filter(|c| c.verdict == verdict).count();
    let [yes, no, open, never] =
        [Verdict::Supported, Verdict::Contradicted, Verdict::Inconclusive, Verdict::NotTestable]
            .map(|verdict| count(of(verdict)));
    let all = count(claims.len());
    let mut out = vec![match (f.synthetic(), lang) {
        (false, Lang::En) => format!(
            "Of {all} claims, {yes} are supported, {no} contradicted, {open} inconclusive, and {never} can't be tested with these columns."
        ),
        (true, Lang::En) => format!(
            "Of {all} claims, {yes} come out as supported, {no} as contradicted, {open} as inconclusive, and {never} can't be tested with these columns. The respondents are synthetic: verdicts on them show how the rules work, and are no evidence."
        ),
        (false, Lang::Ja) => format!(
            "{all}件の主張のうち、支持は{yes}件、否定（反証）は{no}件、判断保留は{open}件、この列では検証できないものは{never}件です。"
        ),
        (true, Lang::Ja) => format!(
            "{all}件の主張のうち、支持は{yes}件、否定（反証）は{no}件、判断保留は{open}件、この列では検証できないものは{never}件です。回答者は合成データのため、回答者についての判定は規則の動作例であり、証拠にはなりません。"
        ),
    }];
    if claims.iter().any(|c| c.source.as_deref() == Some("article")) {
        out.push(word(lang, "claims.article").to_owned());
    }
    out
}

/// The rule of a claim, with its numbers.
pub(crate) fn rule(f: Findings<'_>, claim: &Claim, lang: Lang) -> Option<String> {
    let key = if claim.id == "primary" { "C7" } else { &claim.id };
    let wording = known(lang, &format!("judged.{key}"))?;
    let rule = fill(f, claim, wording, lang);
    Some(match (claim.id == "primary", lang) {
        (true, _) => rule,
        (false, Lang::En) => format!("{}: {rule}", claim.id),
        (false, Lang::Ja) => format!("{}：{rule}", claim.id),
    })
}

/// Why the verdict is what it is.
pub(crate) fn why(f: Findings<'_>, claim: &Claim, lang: Lang) -> String {
    let mut parts = Vec::new();
    let code = claim.because.map(|because| because.code());
    let own = code.and_then(|code| known(lang, &format!("because.{}.{code}", claim.id)));
    if let Some(wording) = own.or_else(|| known(lang, &format!("because.{}", code?))) {
        parts.push(fill(f, claim, wording, lang));
    } else if claim.verdict != Verdict::NotTestable {
        let own = known(lang, &format!("why.{}.{}", claim.id, claim.verdict.code()));
        let general = known(lang, &format!("why.{}", claim.verdict.code()));
        parts.extend(own.or(general).map(|wording| fill(f, claim, wording, lang)));
    }
    // Where nobody was scored twice, a column of raters may well be there.
    let lacking = claim.needs.as_ref().filter(|_| claim.because != Some(Because::OneRater));
    if let Some(column) = lacking {
        parts.push(needs(Some(column), lang));
    }
    // What was measured beside the claim is told before what is lacking.
    let beside = f.evidence(claim).find(|e| is_explained(e));
    let key = match beside {
        Some(e) if e.value.is_none() => format!("aside.{}.undefined", claim.id),
        Some(e) if e.term == GAIN => "aside.C11.measured".to_owned(),
        _ => format!("aside.{}", claim.id),
    };
    let aside = known(lang, &key);
    // What an aside speaks of may not be there.
    parts.extend(aside.map(|wording| fill(f, claim, wording, lang)).filter(|s| !s.contains('{')));
    match lang {
        Lang::En => parts.join(" "),
        Lang::Ja => parts.concat(),
    }
}

/// A wording with the claim's numbers in it.
pub(crate) fn fill(f: Findings<'_>, claim: &Claim, wording: &str, lang: Lang) -> String {
    let first = judged(f, claim);
    let mut text = f.fill(wording, lang);
    let mut put = |name: &str, value: String| {
        text = text.replace(&format!("{{{name}}}"), &value);
    };
    for (name, value) in &claim.rule {
        put(name, number_of(name, *value));
    }
    if let Some(threshold) = claim.threshold {
        let shown = first.map_or_else(
            || share(threshold),
            |e| if claim.id == "C4" { times(threshold, lang) } else { figure(e, threshold, lang) },
        );
        put("threshold", shown);
    }
    put("level", f.level());
    for (name, low, high) in
        [("visited", "visited_low", "visited_high"), ("rate", "rate_low", "rate_high")]
    {
        if let (Some(a), Some(b)) = (claim.rule.get(low), claim.rule.get(high)) {
            put(name, span(&number_of(low, *a), &number_of(high, *b), lang));
        }
    }
    let undefined = f.evidence(claim).filter(|e| is_explained(e)).find_map(|e| e.note);
    if let Some(note) = undefined {
        put("undefined", plain(&named(lang, "note", note.code())));
    }
    let test = f.evidence(claim).find(|e| e.analysis == Analysis::RateTest);
    if let Some(test) = test.and_then(|e| e.test.as_ref()) {
        put("p", number::p(test.p_value.get(), lang));
    }
    if let Some(e) = first {
        put("value", e.value.map_or_else(|| UNDEFINED.to_owned(), |v| figure(e, v, lang)));
        if let Some(i) = &e.interval {
            put("low", figure(e, i.low, lang));
            put("high", figure(e, i.high, lang));
        }
        if let Some((events, trials)) = e.term.split_once('/') {
            put("events", events.to_owned());
            put("trials", trials.to_owned());
        }
        put("compared", against(&e.term, lang));
        put("n", count(e.n_obs));
    }
    if let Some(e) = f.evidence(claim).find(|e| e.term == GAIN) {
        put("gain", estimate(e, lang));
        put("gain_n", count(e.n_obs));
    }
    for (name, begins) in
        [("added_x", "delta_r_squared(score"), ("added_contacts", "delta_r_squared(conn")]
    {
        if let Some(e) = f.evidence(claim).find(|e| e.term.starts_with(begins)) {
            put(name, estimate(e, lang));
        }
    }
    let values: Vec<String> = f
        .evidence(claim)
        .map(|e| e.value.map_or_else(|| UNDEFINED.to_owned(), |v| figure(e, v, lang)))
        .collect();
    for (i, value) in values.into_iter().enumerate() {
        put(&format!("value{}", i + 1), value);
    }
    breaks(&text)
}

/// A number of the rule: shares as per cent, spans of rounding to a decimal, the rest as it stands.
fn number_of(name: &str, value: f64) -> String {
    if name.starts_with("rate_") {
        share(value)
    } else if name.contains("rounding") || name.ends_with("half_width") {
        number::fixed(value, 1)
    } else {
        number::general(value)
    }
}

/// Estimate and interval, as they stand in the table of claims.
pub(crate) fn estimate(e: &Estimate, lang: Lang) -> String {
    let value = e.value.map_or_else(|| UNDEFINED.to_owned(), |v| figure(e, v, lang));
    match &e.interval {
        Some(i) => {
            let range = number::range(&figure(e, i.low, lang), &figure(e, i.high, lang));
            format!("{value} {range}")
        }
        None => value,
    }
}

/// A number on the scale of its estimate.
pub(crate) fn figure(e: &Estimate, value: f64, lang: Lang) -> String {
    match e.analysis {
        Analysis::Rate | Analysis::RateOrder | Analysis::RateTest => share(value),
        Analysis::RateDifference => points(value, lang),
        Analysis::RiskRatio | Analysis::OddsRatio => times(value, lang),
        Analysis::Description => number::fixed(value, 1),
        Analysis::Correlation if e.method == "covariance_share" => share(value),
        Analysis::Regression if is_added(e) => share(value),
        Analysis::Regression => number::signed(value, 1),
        _ => number::correlation(value, lang),
    }
}

/// A share as per cent, with a decimal below 10.
pub(crate) fn share(value: f64) -> String {
    let percent = 100.0 * value;
    let whole = (percent - percent.round()).abs() < 1e-9;
    format!("{}%", number::fixed(percent, usize::from(percent < 10.0 && !whole)))
}

/// A difference of shares.
fn points(value: f64, lang: Lang) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let text = number::signed(100.0 * value, 1);
    match lang {
        Lang::En => format!("{text} pp"),
        Lang::Ja => format!("{text}ポイント"),
    }
}

pub(crate) fn times(value: f64, lang: Lang) -> String {
    let number = number::fixed(value, usize::from(value.fract() != 0.0));
    match lang {
        Lang::En => format!("{number}×"),
        Lang::Ja => format!("{number}倍"),
    }
}

/// From one value to another, or the one value.
pub(crate) fn span(low: &str, high: &str, lang: Lang) -> String {
    match (low == high, lang) {
        (true, _) => low.to_owned(),
        (false, Lang::En) => format!("{low} to {high}"),
        (false, Lang::Ja) => format!("{low}～{high}"),
    }
}

/// `0/100, 2/30` as a comparison: `0/100 against 2/30`.
fn against(term: &str, lang: Lang) -> String {
    match (term.split_once(", "), lang) {
        (Some((a, b)), Lang::En) => format!("{a} against {b}"),
        (Some((a, b)), Lang::Ja) => format!("{a} 対 {b}"),
        (None, _) => term.to_owned(),
    }
}

/// The claims for a terminal, a line each.
pub(crate) fn lines(f: Findings<'_>, lang: Lang) -> Vec<String> {
    let claims = f.claims();
    if claims.len() < 2 {
        return Vec::new();
    }
    let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let rows: Vec<[String; 4]> = claims
        .iter()
        .map(|claim| {
            let id = if claim.id == "primary" { "–" } else { &claim.id };
            let found = judged(f, claim).map(|e| plain(&estimate(e, lang)));
            [
                id.to_owned(),
                plain(&named(lang, "verdict", claim.verdict.code())),
                found.unwrap_or_else(|| UNDEFINED.to_owned()),
                plain(&said(f, claim, lang)),
            ]
        })
        .collect();
    let widest = |column: usize| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
    let widths = [0, 1, 2].map(widest);
    let head = match lang {
        Lang::En => "The article's claims:",
        Lang::Ja => "元の記事の主張：",
    };
    let line = |row: &[String; 4]| {
        let mut out = String::from(" ");
        for (cell, wide) in row.iter().zip(widths) {
            out.push(' ');
            out.push_str(cell);
            out.push_str(&" ".repeat(wide - width(cell) + 1));
        }
        out + " " + &row[3]
    };
    std::iter::once(head.to_owned()).chain(rows.iter().map(line)).collect()
}
