//! Which values are missing, and whether the conclusion depends on how they are treated.

use crate::findings::Findings;
use crate::number::{self, correlation, correlation_beside, count};
use crate::phrase::spaced;
use crate::sentences::claims;
use ssi_vocab::{Analysis, Estimate, Interval, Lang};

/// The model of the imputed rows.
const IMPUTED: &str = "imputed";
/// From here on chains are not called mixed.
const MIXED: f64 = 1.1;

/// A way to treat missing values, with what it says of the main question.
pub(crate) struct Treated<'a> {
    /// `treatment.complete`, …
    pub(crate) key: &'static str,
    pub(crate) r: &'a Estimate,
    pub(crate) slope: Option<&'a Estimate>,
}

/// Complete cases first; the others where the study has them.
pub(crate) fn treatments(f: Findings<'_>) -> Vec<Treated<'_>> {
    let (x, y) = f.pair();
    let pearson = |wanted: &dyn Fn(&Estimate) -> bool| {
        f.results.estimates.iter().find(|e| {
            e.analysis == Analysis::Correlation
                && e.method == "pearson"
                && e.y.as_deref() == Some(y)
                && wanted(e)
        })
    };
    let complete = f.primary();
    let imputed = pearson(&|e| e.model.as_deref() == Some(IMPUTED) && e.x.as_deref() == Some(x));
    let prorated = pearson(&|e| e.x.as_deref() == Some("score_prorated"));
    let robust = f.coefficient(IMPUTED, x, "rubin_hc3");
    [
        ("treatment.complete", complete, f.slope("main")),
        ("treatment.imputed", imputed, robust),
        ("treatment.prorated", prorated, None),
    ]
    .into_iter()
    .filter_map(|(key, r, slope)| Some(Treated { key, r: r?, slope }))
    .collect()
}

/// A number about the imputation: `imputations`, `r_hat`.
pub(crate) fn measure(f: Findings<'_>, term: &str) -> Option<f64> {
    let rows = f.results.estimates.iter().filter(|e| e.model.as_deref() == Some(IMPUTED));
    rows.filter(|e| e.term == term).find_map(|e| e.value)
}

/// What the table and the figure show, or that there is nothing to show.
pub(crate) fn explained(f: Findings<'_>, lang: Lang) -> &'static str {
    let none = f.results.missing.iter().all(|c| c.n_missing == 0);
    match (none, lang) {
        (true, Lang::En) => {
            "No value is missing in the columns that the study uses. There is no pattern to show, and nothing was imputed."
        }
        (true, Lang::Ja) => {
            "この調査で用いる列に欠測はありません。欠測パターンの図はなく、代入も行っていません。"
        }
        (false, Lang::En) => {
            "Each analysis uses the respondents who have all the values it needs, and says how many it left out. An item that a rater could not see is missing, never 0; a score is missing where any of its items is."
        }
        (false, Lang::Ja) => {
            "各分析は必要な値がすべてそろった回答者を対象とし、除外した人数を示しています。評定者が確認できなかった項目は 0 ではなく欠測として扱い、1項目でも欠測があれば得点も欠測とします。"
        }
    }
}

/// Where an interval lies beside a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stands {
    Above,
    Below,
    Around,
}

fn stands(interval: &Interval, threshold: f64) -> Stands {
    if interval.low > threshold {
        Stands::Above
    } else if interval.high < threshold {
        Stands::Below
    } else {
        Stands::Around
    }
}

/// Whether the conclusion depends on the treatment.
pub(crate) fn conclusion(f: Findings<'_>, lang: Lang) -> Option<String> {
    let rows = treatments(f);
    let first = rows.first()?;
    if first.r.n_obs > 0 && rows.len() < 2 {
        let switched_off = f.results.missing.iter().any(|c| {
            let (x, y) = f.pair();
            c.n_missing > 0 && (c.column == x || c.column == y)
        });
        if switched_off || f.results.missing.is_empty() {
            return None;
        }
        let (x, y) = (f.x(lang), f.y(lang));
        return Some(match lang {
            Lang::En => format!(
                "No value of {x} or {y} is missing, so the main numbers can't depend on how missing values are treated."
            ),
            Lang::Ja => spaced(&format!(
                "{x}にも{y}にも欠測がないため、主な推定値は欠測値の扱い方に左右されません。"
            )),
        });
    }
    let threshold = f.hypothesis()?.threshold?;
    let places: Vec<Stands> = rows
        .iter()
        .map(|t| t.r.interval.as_ref().map(|i| stands(i, threshold)))
        .collect::<Option<_>>()?;
    let same = places.iter().all(|place| *place == places[0]).then_some(places[0]);
    let nearest = rows
        .iter()
        .filter_map(|t| t.r.interval.as_ref())
        .map(
            |i| if (i.low - threshold).abs() < (i.high - threshold).abs() { i.low } else { i.high },
        )
        .fold(
            f64::INFINITY,
            |a, b| if (b - threshold).abs() < (a - threshold).abs() { b } else { a },
        );
    let t = correlation(threshold, lang);
    let end = correlation_beside(nearest, threshold, lang);
    Some(match (same, lang) {
        (Some(Stands::Above), Lang::En) => format!(
            "The conclusion does not depend on how missing values are treated: by each treatment the interval of r lies above the plan's threshold of {t} (nearest end {end})."
        ),
        (Some(Stands::Below), Lang::En) => format!(
            "The conclusion does not depend on how missing values are treated: by each treatment the interval of r lies below the plan's threshold of {t} (nearest end {end})."
        ),
        (Some(Stands::Around), Lang::En) => format!(
            "The conclusion does not depend on how missing values are treated: by each treatment the interval of r includes the plan's threshold of {t}."
        ),
        (None, Lang::En) => format!(
            "The conclusion depends on how missing values are treated: the intervals of r don't all lie on the same side of the plan's threshold of {t}. Which treatment is right the data can't tell."
        ),
        (Some(Stands::Above), Lang::Ja) => format!(
            "結論は欠測値の扱い方に左右されません。どの扱い方でも、r の信頼区間は解析計画の基準値 {t} を上回っています（最も近い端は {end}）。"
        ),
        (Some(Stands::Below), Lang::Ja) => format!(
            "結論は欠測値の扱い方に左右されません。どの扱い方でも、r の信頼区間は解析計画の基準値 {t} を下回っています（最も近い端は {end}）。"
        ),
        (Some(Stands::Around), Lang::Ja) => format!(
            "結論は欠測値の扱い方に左右されません。どの扱い方でも、r の信頼区間は解析計画の基準値 {t} を含んでいます。"
        ),
        (None, Lang::Ja) => format!(
            "結論は欠測値の扱い方によって変わります。r の信頼区間が解析計画の基準値 {t} のどちら側にあるかが、扱い方によって異なります。どの扱い方が正しいかは、このデータからは分かりません。"
        ),
    })
}

/// What was imputed, on what it rests, and whether it has settled.
pub(crate) fn imputation(f: Findings<'_>, lang: Lang) -> Option<String> {
    let (x, y) = f.pair();
    let m = count(measure(f, "imputations")? as usize);
    let share = claims::share(measure(f, &format!("fmi({x}, {y})"))?);
    let settled = measure(f, "r_hat").map(|r| {
        let text = number::fixed(r, 2);
        match (r < MIXED, lang) {
            (true, Lang::En) => format!(" The chains have mixed (largest R̂ {text})."),
            (false, Lang::En) => {
                format!(" The chains have not mixed (largest R̂ {text}): raise `imputation.iterations`.")
            }
            (true, Lang::Ja) => format!("連鎖は収束しています（R̂ の最大値 {text}）。"),
            (false, Lang::Ja) => format!(
                "連鎖は収束していません（R̂ の最大値 {text}）。`imputation.iterations` を増やしてください。"
            ),
        }
    });
    let settled = settled.unwrap_or_default();
    Some(match lang {
        Lang::En => format!(
            "Multiple imputation fills each gap {m} times with the value of a respondent whose other values let expect nearly the same (chained equations, predictive mean matching), and pools the {m} results by Rubin's rules. It supposes that whether a value is missing depends on nothing but what was seen. Of the information on r, {share} is missing.{settled}"
        ),
        Lang::Ja => format!(
            "多重代入では、それぞれの欠測値を、ほかの変数からの予測値が近い回答者の値で{m}回補い（連鎖方程式、予測平均マッチング）、{m}組の結果をルービンの規則で統合します。欠測するかどうかが観測された値だけで決まること（MAR）を前提とします。r についての情報のうち、欠測によって失われた割合は {share} です。{settled}"
        ),
    })
}

/// That a figure of the missing score stands on fewer assumptions than its name says.
pub(crate) fn prorated(f: Findings<'_>, lang: Lang) -> Option<&'static str> {
    treatments(f).iter().any(|t| t.key == "treatment.prorated").then_some(match lang {
        Lang::En => {
            "The prorated score, ten times the mean of the items seen where at least half were, supposes that an item not seen is as good as the others. It is shown for comparison only; no other analysis uses it."
        }
        Lang::Ja => {
            "補正した得点は、半数以上の項目を確認できた人について、確認できた項目の平均の10倍とした値です。確認できない項目もほかの項目と同程度であることを前提とするため、比較のためだけに示し、ほかの分析には用いません。"
        }
    })
}
