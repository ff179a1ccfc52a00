//! Bootstrap and permutation.

use super::correlation::differ;
use super::correlation_range;
use crate::findings::Findings;
use crate::number::{self, count};
use crate::phrase::{breaks, spaced};
use ssi_vocab::Lang;

/// How often shuffled scores gave as extreme a statistic, as a title. The statistic is studentised,
/// so the title does not speak of the correlation's size.
pub(crate) fn title(f: Findings<'_>, lang: Lang) -> String {
    let x = f.x(lang);
    breaks(&match (f.as_extreme(), lang) {
        (Some((0, all)), Lang::En) => {
            format!("None of {} shuffles was as extreme as the data", count(all))
        }
        (Some((0, all)), Lang::Ja) => {
            format!(
                "{x}を|{}回|並べ替えても、|これほど極端な結果は|一度も|現れなかった",
                count(all)
            )
        }
        (Some((k, all)), Lang::En) => {
            format!("{} of {} shuffles were at least as extreme as the data", count(k), count(all))
        }
        (Some((k, all)), Lang::Ja) => format!(
            "{x}を|{}回|並べ替えると、|{}回は|観測値と同じか|それ以上に極端だった",
            count(all),
            count(k)
        ),
        (None, Lang::En) => "How sure is the correlation?".to_owned(),
        (None, Lang::Ja) => "相関係数は|どこまで|確かか".to_owned(),
    })
}

/// What was resampled and what it shows.
pub(crate) fn explained(f: Findings<'_>, lang: Lang) -> Vec<String> {
    let Some(study) = &f.results.study else { return Vec::new() };
    let mut out = Vec::new();
    let fisher = f.primary().and_then(|e| e.interval.as_ref());
    if let (Some(bca), Some(fisher)) = (f.bootstrap(), fisher) {
        let differ = differ(bca, fisher, 0.2);
        let (n, bca, fisher) =
            (count(study.resamples), correlation_range(bca, lang), correlation_range(fisher, lang));
        let differ = match (differ, lang) {
            (false, _) => "",
            (true, Lang::En) if f.jackknife().is_some() => {
                " Here they differ: read the jackknife's interval, which held best in simulations."
            }
            (true, Lang::Ja) if f.jackknife().is_some() => {
                "今回は差があるため、シミュレーションで最も正確だったジャックナイフ法の区間を参考にしてください。"
            }
            (true, Lang::En) => " Here they differ: read the wider one.",
            (true, Lang::Ja) => "今回は差があるため、広いほうを参考にしてください。",
        };
        out.push(match lang {
            Lang::En => format!(
                "The correlation was computed again in {n} samples drawn with replacement from the respondents (bootstrap). The interval from it, BCa, is {bca}; the formula of Fisher gives {fisher}. The two rest on different assumptions; where they agree, the choice of method matters little.{differ}"
            ),
            Lang::Ja => format!(
                "回答者から重複を許して{n}回抽出し直し、そのつど相関係数を計算しました（ブートストラップ）。そこから求めた BCa 信頼区間は {bca}、フィッシャーの z 変換による信頼区間は {fisher} です。2つの方法は前提が異なり、結果が近ければ、方法の選び方に左右されにくいといえます。{differ}"
            ),
        });
    }
    if let Some(p) = f.permutation_p() {
        let (x, y, n) = (f.x(lang), f.y(lang), count(study.permutations));
        let p = number::p(p, lang);
        let text = match (f.as_extreme(), lang) {
            (Some((k, _)), Lang::En) => format!(
                "The values of {x} were also shuffled {n} times, which breaks any link with {y}: {} of the shuffles gave a statistic at least as extreme as the observed one ({p}).",
                if k == 0 { "none".to_owned() } else { count(k) }
            ),
            (Some((0, _)), Lang::Ja) => format!(
                "また、{x}を{n}回並べ替えて{y}との対応を断ち切ったところ、観測値と同じかそれ以上に極端な結果は一度も現れませんでした（{p}）。"
            ),
            (Some((k, _)), Lang::Ja) => format!(
                "また、{x}を{n}回並べ替えて{y}との対応を断ち切ったところ、観測値と同じかそれ以上に極端な結果が{}回現れました（{p}）。",
                count(k)
            ),
            (None, Lang::En) => format!(
                "The values of {x} were also shuffled {n} times, which breaks any link with {y} (permutation test: {p})."
            ),
            (None, Lang::Ja) => format!(
                "また、{x}を{n}回並べ替えて{y}との対応を断ち切り、観測値と比べました（並べ替え検定：{p}）。"
            ),
        };
        out.push(match lang {
            Lang::En => text,
            Lang::Ja => spaced(&text),
        });
    }
    out
}
