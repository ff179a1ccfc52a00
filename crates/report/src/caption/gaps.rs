//! Which values are missing together.

use super::Worded;
use crate::findings::Findings;
use crate::number::count;
use crate::phrase::plain;
use crate::sentences::claims;
use crate::terms::{short, word};
use ssi_vocab::Lang;
use ssi_vocab::drawing::{GapPattern, Gaps};

fn is_whole(pattern: &GapPattern) -> bool {
    pattern.missing.iter().all(|share| *share == 0.0)
}

pub(super) fn words(f: Findings<'_>, g: &Gaps, lang: Lang) -> Worded {
    let whole = g.patterns.iter().find(|p| is_whole(p)).map(|p| p.n_obs);
    let n = g.n_obs as f64;
    let share = |missing: usize| claims::share(missing as f64 / n.max(1.0));
    let smallest = f.results.study.as_ref().map_or(1, |study| study.smallest_group);
    let singles = g.patterns.iter().filter(|p| p.patterns == 1).count();
    let most = g.variables.first().zip(g.n_missing.first());
    let put = |key: &'static str| {
        word(lang, key)
            .replace("{whole}", &count(whole.unwrap_or(0)))
            .replace("{n}", &count(g.n_obs))
            .replace("{most}", &most.map_or(String::new(), |(name, _)| short(lang, name)))
            .replace("{share}", &most.map_or(String::new(), |(_, missing)| share(*missing)))
            .replace("{complete}", &count(g.n_complete))
            .replace("{smallest}", &count(smallest))
            .replace("{singles}", &count(singles))
            .replace(
                "{others}",
                &count(g.patterns.iter().map(|p| p.patterns).sum::<usize>() - singles),
            )
            .replace("{hidden}", &count(g.n_hidden))
    };
    let other = g.patterns.iter().any(|p| p.patterns > 1);
    let method = [
        other.then_some(match singles {
            0 => "missing.method.none",
            1 => "missing.method.one",
            _ => "missing.method",
        }),
        match g.n_hidden {
            0 => None,
            1 => Some("missing.hidden.one"),
            _ => Some("missing.hidden"),
        },
    ];
    let between = if lang == Lang::En { " " } else { "" };
    let mut worded = Worded {
        title: put(if whole.is_some() { "missing.title" } else { "missing.title.none" }),
        subtitle: put(match g.n_complete {
            0 => "missing.subtitle",
            1 => "missing.subtitle.one",
            _ => "missing.subtitle.several",
        }),
        method: method.into_iter().flatten().map(put).collect::<Vec<_>>().join(between),
        alt: alt(g, &put("missing.alt"), lang),
        ..Worded::default()
    };
    let labels = &mut worded.labels;
    for (key, term) in [
        ("present", "label.gaps_present"),
        ("missing", "label.gaps_missing"),
        ("share", "label.gaps_share"),
        ("gaps", "label.gaps_head"),
        ("patterns", "label.gaps_patterns"),
    ] {
        labels.insert(key.to_owned(), put(term));
    }
    for (variable, missing) in g.variables.iter().zip(&g.n_missing) {
        let wording = match (variable.as_str(), lang) {
            // The items' names alone say too little beside the other columns.
            (name, Lang::En) if name.starts_with("item_") => format!("Item: {}", short(lang, name)),
            (name, Lang::Ja) if name.starts_with("item_") => format!("項目：{}", short(lang, name)),
            (name, _) => short(lang, name),
        };
        labels.insert(format!("variable.{variable}"), wording);
        let number = match lang {
            Lang::En => format!("{} ({})", count(*missing), share(*missing)),
            Lang::Ja => format!("{}（{}）", count(*missing), share(*missing)),
        };
        labels.insert(format!("gaps.{variable}"), number);
    }
    for (i, pattern) in g.patterns.iter().enumerate() {
        labels.insert(format!("pattern.{i}"), count(pattern.n_obs));
        let name = if pattern.patterns > 1 {
            word(lang, "missing.other").replace("{n}", &count(pattern.patterns))
        } else if is_whole(pattern) {
            word(lang, "missing.whole").to_owned()
        } else {
            continue;
        };
        labels.insert(format!("name.{i}"), name);
    }
    worded
}

fn alt(g: &Gaps, opening: &str, lang: Lang) -> String {
    let each: Vec<String> = g
        .variables
        .iter()
        .zip(&g.n_missing)
        .map(|(name, n)| format!("{} {}", plain(&short(lang, name)), count(*n)))
        .collect();
    match lang {
        Lang::En => format!("{opening} Missing: {}.", each.join(", ")),
        Lang::Ja => format!("{opening}欠測数：{}。", each.join("、")),
    }
}
