//! The figures of the claims: contacts and SSI with their ceilings, outreach, network.

use super::{Worded, filled};
use crate::findings::Findings;
use crate::number::{self, count};
use crate::phrase::breaks;
use crate::sentences::claims::{fill, share, span, times};
use crate::terms::{named, word};
use ssi_vocab::drawing::{Ceilings, Ratio, Surface};
use ssi_vocab::{Analysis, Lang, Verdict};

pub(super) fn ceilings(f: Findings<'_>, d: &Ceilings, lang: Lang) -> Worded {
    let high = number::general(d.high.unwrap_or_default());
    let users = d.points.x.len() + d.capped.len();
    let claim = f.claim("C8");
    let title = match claim.map(|claim| claim.verdict) {
        Some(Verdict::Supported) => word(lang, "necessity.title.supported"),
        Some(Verdict::Contradicted) => word(lang, "necessity.title.contradicted"),
        _ => word(lang, "necessity.title.open"),
    };
    let title = claim.map_or_else(|| title.to_owned(), |claim| fill(f, claim, title, lang));
    let mut worded = Worded {
        title,
        subtitle: corner(f, lang),
        x: word(lang, "axis.contacts").to_owned(),
        y: word(lang, "axis.ssi").to_owned(),
        method: word(lang, "necessity.method").to_owned(),
        ..Worded::default()
    };
    worded.alt = word(lang, "necessity.alt")
        .replace("{n}", &count(users))
        .replace("{capped}", &count(d.capped.len()))
        .replace("{exceptions}", &count(d.exceptions as usize))
        .replace("{high_ssi}", &high);
    for (key, term) in [
        ("users", "label.users"),
        ("exception", "label.exception"),
        ("steps", "label.steps"),
        ("line", "label.ceiling_line"),
        ("cap", "label.cap"),
    ] {
        worded.labels.insert(key.to_owned(), word(lang, term).replace("{high_ssi}", &high));
    }
    let threshold = filled(word(lang, "label.threshold"), "{value}", &high);
    worded.labels.insert("high".to_owned(), threshold);
    worded
}

/// `CE-FDH d = .21, p = .34 against a correlation alone`.
fn corner(f: Findings<'_>, lang: Lang) -> String {
    let of = |test: &str| {
        f.results.estimates.iter().find(|e| {
            e.analysis == Analysis::Necessity
                && e.method == "ce_fdh"
                && e.x.as_deref() == Some("conn_display")
                && e.p_method() == Some(test)
        })
    };
    let Some((e, d)) = of("copula").and_then(|e| Some((e, e.value?))) else { return String::new() };
    let p = |e: &ssi_vocab::Estimate| {
        e.test.as_ref().map_or_else(String::new, |t| number::p(t.p_value.get(), lang))
    };
    word(lang, "necessity.subtitle")
        .replace("{d}", &number::correlation(d, lang))
        .replace("{copula}", &p(e))
        .replace("{permutation}", &of("permutation").map(p).unwrap_or_default())
        .replace("{n}", &count(e.n_obs))
}

/// Whose counts are drawn, method and version.
pub(super) fn source(f: Findings<'_>, slug: &str, method: &str, lang: Lang) -> String {
    let id = if slug == "network" { "C4" } else { "C1" };
    let whose = f.claim(id).and_then(|claim| claim.source.as_deref());
    let whose = named(lang, "counts", whose.unwrap_or("plan"));
    let version = f.results.study.as_ref().map_or("", |study| study.version.as_str());
    breaks(&match lang {
        Lang::En => format!("{whose} {method} ssi-study\u{a0}{version}."),
        Lang::Ja => format!("{whose}|{method}|ssi-study\u{a0}{version}。"),
    })
}

pub(super) fn surface(f: Findings<'_>, d: &Surface, lang: Lang) -> Worded {
    let claim = f.claim("C2");
    let title = match claim.map(|claim| claim.verdict) {
        Some(Verdict::Supported) => word(lang, "outreach.title.supported"),
        Some(Verdict::Contradicted) => word(lang, "outreach.title.contradicted"),
        _ => word(lang, "outreach.title.open"),
    };
    let japan = f.claim("C1").and_then(|claim| f.evidence(claim).next());
    let (events, trials) = japan.and_then(|e| e.term.split_once('/')).unwrap_or(("0", "0"));
    let ends = japan.and_then(|e| e.interval.as_ref());
    let interval = ends.map_or_else(String::new, |i| number::range(&share(i.low), &share(i.high)));
    let fisher: Vec<f64> = claim
        .into_iter()
        .flat_map(|claim| f.evidence(claim))
        .filter(|e| e.method == "fisher")
        .filter_map(|e| Some(e.test.as_ref()?.p_value.get()))
        .collect();
    let smallest = fisher.iter().copied().fold(1.0, f64::min);
    let largest = fisher.iter().copied().fold(0.0, f64::max);
    let p = [smallest, largest].map(|p| number::p_cell(p, lang));
    let visited = d.given_trials.map(number::general);
    let rate = d.given_rates.map(|rate| share(rate / 100.0));
    let put = |wording: &str| {
        wording
            .replace("{events}", events)
            .replace("{trials}", trials)
            .replace("{level}", &f.level())
            .replace("{interval}", &interval)
            .replace("{p}", &span(&p[0], &p[1], lang))
            .replace("{visited}", &span(&visited[0], &visited[1], lang))
            .replace("{rate}", &span(&rate[0], &rate[1], lang))
    };
    let mut worded = Worded {
        title: title.to_owned(),
        subtitle: put(word(lang, "outreach.subtitle")),
        x: word(lang, "axis.visits").to_owned(),
        y: word(lang, "axis.rate").to_owned(),
        method: word(lang, "outreach.method").to_owned(),
        alt: put(word(lang, "outreach.alt")),
        ..Worded::default()
    };
    for (key, term) in [
        ("p.0", "label.p0"),
        ("p.1", "label.p1"),
        ("p.2", "label.p2"),
        ("p.3", "label.p3"),
        ("given", "label.given"),
        ("test", "label.surface"),
        ("sd", "axis.sd"),
        ("none", "axis.none"),
        ("varying", "label.varying"),
    ] {
        worded.labels.insert(key.to_owned(), put(word(lang, term)));
    }
    for (i, rate) in d.none_rates.iter().enumerate() {
        worded.labels.insert(format!("rate.{i}"), share(rate / 100.0));
    }
    worded
}

pub(super) fn ratio(f: Findings<'_>, d: &Ratio, lang: Lang) -> Worded {
    let claim = f.claim("C4");
    let title = match claim.map(|claim| claim.verdict) {
        Some(Verdict::Supported) => word(lang, "network.title.supported"),
        Some(Verdict::Contradicted) => word(lang, "network.title.contradicted"),
        _ => word(lang, "network.title.open"),
    };
    let from = d.above_one;
    let put = |wording: &str| {
        let text = wording
            .replace("{ratio}", &times(d.ratio, lang))
            .replace("{claimed}", &times(d.claimed, lang))
            .replace("{from}", &from.map_or_else(String::new, |n| number::fixed(n, 0)));
        claim.map_or(text.clone(), |claim| fill(f, claim, &text, lang))
    };
    let subtitle = match from {
        Some(_) => "network.subtitle",
        None => "network.subtitle.never",
    };
    let mut worded = Worded {
        title: put(title),
        subtitle: put(word(lang, subtitle)),
        x: word(lang, "axis.network_contacts").to_owned(),
        y: word(lang, "axis.times").to_owned(),
        method: word(lang, "network.method").to_owned(),
        alt: put(word(lang, "network.alt")),
        ..Worded::default()
    };
    for (key, term) in [
        ("ratio", "label.ratio"),
        ("exact", "label.exact"),
        ("rounded", "label.rounded"),
        ("one", "label.one"),
        ("claimed", "label.claimed"),
    ] {
        let wording = word(lang, term).replace("{level}", &f.level());
        worded.labels.insert(key.to_owned(), put(&wording));
    }
    worded
}
