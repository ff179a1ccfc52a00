//! Bootstrap and permutation distributions of the correlation.

use super::Worded;
use crate::findings::Findings;
use crate::number::{correlation, count, p, range};
use crate::sentences::resampling;
use crate::terms::{named, word};
use ssi_vocab::Lang;
use ssi_vocab::drawing::{MarkedInterval, Resampling};

pub(super) fn words(f: Findings<'_>, d: &Resampling, lang: Lang) -> Worded {
    let observed = correlation(d.observed, lang);
    let mut worded = Worded {
        title: resampling::title(f, lang),
        subtitle: subtitle(f, d, lang),
        x: word(lang, "axis.correlation").to_owned(),
        y: word(lang, "axis.count").to_owned(),
        method: match lang {
            Lang::En => {
                "Bootstrap: respondents drawn with replacement. Permutation: values shuffled; the test uses a studentised statistic."
            }
            Lang::Ja => {
                "ブートストラップは|回答者の復元抽出、|並べ替え検定は|値の|無作為な並べ替え|（統計量は|スチューデント化）。"
            }
        }
        .to_owned(),
        ..Worded::default()
    };
    let labels = &mut worded.labels;
    labels.insert(
        "observed".to_owned(),
        match lang {
            Lang::En => format!("Observed r = {observed}"),
            Lang::Ja => format!("観測値 r = {observed}"),
        },
    );
    labels.insert("bootstrap".to_owned(), word(lang, "label.bootstrap").to_owned());
    labels.insert("permutation".to_owned(), word(lang, "label.permutation").to_owned());
    let mut heard = Vec::new();
    for interval in &d.intervals {
        let text = marked(interval, lang);
        heard.push(text.clone());
        labels.insert(format!("interval.{}", interval.method), text);
    }
    worded.alt = alt(f, &observed, &heard, lang);
    worded
}

fn alt(f: Findings<'_>, observed: &str, intervals: &[String], lang: Lang) -> String {
    let level = f.level();
    let intervals: Vec<String> = intervals.iter().map(|i| crate::phrase::plain(i)).collect();
    let extreme = f.as_extreme().map(|(k, all)| (count(k), count(all)));
    let p = f.permutation_p().map(|value| p(value, lang));
    match lang {
        Lang::En => {
            let shuffles = match (extreme, p) {
                (Some((k, all)), Some(p)) => {
                    format!(" {k} of {all} shuffles at least as extreme as the data, {p}.")
                }
                (None, Some(p)) => format!(" Permutation test {p}."),
                (_, None) => String::new(),
            };
            format!(
                "Two histograms of r: bootstrap samples around the observed r = {observed}, and shuffled values around 0. Marked below: {level} intervals, {}.{shuffles}",
                intervals.join("; ")
            )
        }
        Lang::Ja => {
            let shuffles = match (extreme, p) {
                (Some((k, all)), Some(p)) => {
                    format!(
                        "並べ替え{all}回のうち、観測値と同じかそれ以上に極端な結果は{k}回、{p}。"
                    )
                }
                (None, Some(p)) => format!("並べ替え検定 {p}。"),
                (_, None) => String::new(),
            };
            format!(
                "相関係数 r の2つのヒストグラム。ブートストラップ分布は観測値 r = {observed} のまわりに、並べ替えた場合の分布は 0 のまわりに広がる。下に示した{level}信頼区間は、{}。{shuffles}",
                intervals.join("、")
            )
        }
    }
}

fn marked(interval: &MarkedInterval, lang: Lang) -> String {
    let method = named(lang, "interval", &interval.method);
    let ends = range(&correlation(interval.low, lang), &correlation(interval.high, lang));
    format!("{method} {ends}")
}

fn subtitle(f: Findings<'_>, d: &Resampling, lang: Lang) -> String {
    let r = correlation(d.observed, lang);
    // The headline is Fisher's interval, as everywhere else; BCa stands on its bar.
    let fisher = d.intervals.iter().find(|i| i.method == "fisher_z");
    let ends = fisher.or_else(|| d.intervals.first()).map(|i| {
        let method = crate::phrase::plain(&named(lang, "interval", &i.method));
        (method, range(&correlation(i.low, lang), &correlation(i.high, lang)))
    });
    let level = f.level();
    let n = f.primary().map_or_else(String::new, |e| count(e.n_obs));
    let p = f.permutation_p().map(|value| p(value, lang));
    match (lang, ends, p) {
        (Lang::En, Some((method, ends)), Some(p)) => {
            format!("r = {r}, {level} CI {ends} ({method}), permutation {p}, n = {n}")
        }
        (Lang::En, Some((method, ends)), None) => {
            format!("r = {r}, {level} CI {ends} ({method}), n = {n}")
        }
        (Lang::Ja, Some((method, ends)), Some(p)) => format!(
            "相関係数 r = {r}、|{level}信頼区間 {ends}|（{method}）、|並べ替え検定 {p}、|n = {n}"
        ),
        (Lang::Ja, Some((method, ends)), None) => {
            format!("相関係数 r = {r}、|{level}信頼区間 {ends}|（{method}）、|n = {n}")
        }
        (Lang::En, None, _) => format!("r = {r}, n = {n}"),
        (Lang::Ja, None, _) => format!("相関係数 r = {r}、|n = {n}"),
    }
}
