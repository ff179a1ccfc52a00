//! The words of the sample figures.

use super::{TERMS, VARIABLES};
use ssi_vocab::{Caption, Drawing, Lang, PHRASE_BREAK};
use std::collections::BTreeMap;

fn two(lang: Lang, value: f64) -> String {
    let digits = format!("{:.2}", value.abs());
    let sign = if value < 0.0 { "−" } else { "" };
    let digits = if lang == Lang::En { digits.trim_start_matches('0').to_owned() } else { digits };
    format!("{sign}{digits}")
}

/// A caption as the report would write it.
pub(crate) fn caption(slug: &str, drawing: &Drawing, lang: Lang) -> Caption {
    let say = |en: &str, ja: &str| if lang == Lang::En { en.to_owned() } else { ja.to_owned() };
    let (title, subtitle, x, y) = match slug {
        "score_ssi" => (
            say(
                "Higher profile scores go with higher SSI",
                "プロフィール得点が\u{200b}高いほど、\u{200b}SSI も\u{200b}高い\u{200b}傾向が\u{200b}あります",
            ),
            say(
                "r = .60, 95% CI [.50, .68], n = 195; one point more on the profile: +3.5 SSI points",
                "相関係数 r = 0.60、\u{200b}95%信頼区間 [0.50, 0.68]、\u{200b}n = 195。\u{200b}得点が\u{200b}1点\u{200b}高いと、\u{200b}SSI は\u{200b}平均で\u{200b}3.5点\u{200b}高い",
            ),
            say("Ten-point profile score (0–10)", "10ポイント評価（プロフィール得点、0〜10）"),
            say("Social Selling Index (0–100)", "ソーシャルセリング指標（SSI、0〜100）"),
        ),
        "score_levels" => (
            say(
                "The median SSI rises with the profile score, and single users differ widely at every level",
                "SSI の\u{200b}中央値は\u{200b}得点と\u{200b}ともに\u{200b}上がりますが、\u{200b}どの\u{200b}水準でも\u{200b}個人差は\u{200b}大きい",
            ),
            say(
                "Spearman's ρ = .59, 95% CI [.48, .68], n = 195",
                "スピアマンの\u{200b}順位相関係数 ρ = 0.59、\u{200b}95%信頼区間 [0.48, 0.68]、\u{200b}n = 195",
            ),
            say("Ten-point profile score", "10ポイント評価（プロフィール得点）"),
            say("Social Selling Index (0–100)", "ソーシャルセリング指標（SSI、0〜100）"),
        ),
        "correlations" => (
            say(
                "The profile score goes with all four pillars of SSI",
                "プロフィール得点は\u{200b}SSI の\u{200b}四つの\u{200b}柱\u{200b}すべてと\u{200b}関連しています",
            ),
            say(
                "Pearson's r with 95% CI below, n = 189 to 195; pale: the interval holds 0",
                "ピアソンの\u{200b}相関係数 r（下は\u{200b}95%信頼区間）、\u{200b}n = 189〜195。\u{200b}淡い\u{200b}色：\u{200b}区間が\u{200b}0を\u{200b}含む",
            ),
            String::new(),
            String::new(),
        ),
        "coefficients" => (
            say(
                "The score's slope hardly changes when contacts and region are held constant",
                "つながり数と\u{200b}地域を\u{200b}一定に\u{200b}しても、\u{200b}得点の\u{200b}傾きは\u{200b}ほとんど\u{200b}変わりません",
            ),
            say(
                "+3.4 SSI points for one point more, 95% CI [2.7, 4.1] (HC3), n = 189",
                "得点\u{200b}1点につき\u{200b}SSI は\u{200b}+3.4点、\u{200b}95%信頼区間 [2.7, 4.1]\u{200b}（HC3）、\u{200b}n = 189",
            ),
            say("Difference in SSI (points), with 95% interval", "SSI の差（点）と95%信頼区間"),
            String::new(),
        ),
        "resampling" => (
            say(
                "A correlation this large does not come about by chance pairing",
                "これほど\u{200b}大きい\u{200b}相関は、\u{200b}偶然の\u{200b}組み合わせでは\u{200b}生じません",
            ),
            say(
                "r = .60; permutation p = .0001 (10,000 permutations), n = 195",
                "r = 0.60、\u{200b}並べ替え検定 p = 0.0001\u{200b}（10,000回）、\u{200b}n = 195",
            ),
            say(
                "Correlation of profile score and SSI (Pearson's r)",
                "プロフィール得点と SSI の相関係数（ピアソンの r）",
            ),
            say("Resamples", "反復回数"),
        ),
        _ => (
            say(
                "The straight line describes the data well enough",
                "直線の\u{200b}当てはまりは\u{200b}おおむね\u{200b}良好です",
            ),
            say(
                "SSI on profile score, n = 195; residual SD 10.6 points",
                "プロフィール得点による\u{200b}SSI の\u{200b}回帰、\u{200b}n = 195。\u{200b}残差の\u{200b}標準偏差は\u{200b}10.6点",
            ),
            String::new(),
            String::new(),
        ),
    };
    Caption {
        lang,
        title,
        subtitle,
        x,
        y,
        note: say(
            "Synthetic reference cohort, 203 users, 8 without a complete pair. Ordinary least squares; bands: 95%. Points are jittered sideways. Seed 20180712, ssi-study 0.1.0.",
            "合成の\u{200b}参照コホート、\u{200b}203名\u{200b}（うち\u{200b}8名は\u{200b}欠測の\u{200b}ため\u{200b}除外）。\u{200b}最小二乗法、\u{200b}帯は\u{200b}95%区間。\u{200b}点は\u{200b}横方向に\u{200b}ずらして\u{200b}あります。\u{200b}乱数シード 20180712、\u{200b}ssi-study 0.1.0",
        ),
        mark: Some(say("SYNTHETIC", "合成データ")),
        alt: say("A sample figure.", "図の見本です。"),
        labels: labels(drawing, lang),
    }
}

fn labels(drawing: &Drawing, lang: Lang) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut put = |key: String, en: &str, ja: &str| {
        out.insert(key, if lang == Lang::En { en.to_owned() } else { ja.to_owned() });
    };
    match drawing {
        Drawing::Scatter(_) => {
            put("fit".into(), "Straight fit", "回帰直線");
            put("confidence".into(), "95% confidence band", "95%信頼帯");
            put("prediction".into(), "95% prediction band (one user)", "95%予測帯（個人）");
            put("smooth".into(), "Smooth curve", "平滑曲線");
        }
        Drawing::Levels(l) => {
            for (i, level) in l.levels.iter().enumerate() {
                let name =
                    if i == 9 { "9–10".into() } else { format!("{i}–{}", i as f64 + 0.5) };
                put(format!("level.{i}"), &name, &name.replace('–', "〜"));
                let n = format!("n = {}", level.values.len());
                put(format!("n.{i}"), &n, &n);
            }
            put("median".into(), "Median", "中央値");
            put("quartiles".into(), "Middle half (quartiles)", "四分位範囲");
            put(
                "threshold".into(),
                "“High SSI” in the plan: 50",
                "計画で\u{200b}定めた\u{200b}「高い\u{200b}SSI」：50",
            );
        }
        Drawing::Gaps(g) => {
            put("present".into(), "Present", "観測");
            put("missing".into(), "Missing", "欠測");
            put("share".into(), "Missing for some (darker: for more)", "一部の人が\u{200b}欠測");
            put("gaps".into(), "Missing in all", "欠測の合計");
            put("patterns".into(), "Users", "人数");
            for (v, n) in g.variables.iter().zip(&g.n_missing) {
                put(format!("variable.{v}"), v, "プロフィールの\u{200b}項目");
                put(format!("gaps.{v}"), &format!("{n} (5%)"), &format!("{n}（5%）"));
            }
            for (i, p) in g.patterns.iter().enumerate() {
                put(format!("pattern.{i}"), &p.n_obs.to_string(), &p.n_obs.to_string());
                if p.patterns > 1 {
                    put(format!("name.{i}"), "4 rare patterns together", "少数のパターン4種類");
                }
            }
        }
        Drawing::Matrix(m) => {
            for (name, en, ja) in VARIABLES {
                put(format!("variable.{name}"), en, ja);
            }
            for c in &m.cells {
                let at = format!("{}.{}", c.row, c.column);
                let text = two(lang, c.value.unwrap_or(0.0));
                put(format!("cell.{at}"), &text, &text);
                let (low, high) = (c.low.unwrap_or(0.0), c.high.unwrap_or(0.0));
                let text = format!("[{}, {}]", two(lang, low), two(lang, high));
                put(format!("interval.{at}"), &text, &text);
            }
        }
        Drawing::Forest(f) => {
            for (name, en, ja) in TERMS {
                put(format!("term.{name}"), en, ja);
            }
            put(
                "series.classical".into(),
                "Least squares, classical errors",
                "最小二乗法（通常の標準誤差）",
            );
            put("series.hc3".into(), "Least squares, HC3 errors", "最小二乗法（頑健標準誤差 HC3）");
            put("series.huber".into(), "Robust (Huber)", "ロバスト回帰（Huber）");
            put("number".into(), "Estimate [95% CI]", "推定値［95%信頼区間］");
            for row in &f.rows {
                for e in &row.estimates {
                    let number = |v: f64| format!("{v:.2}").replace('-', "−");
                    let text =
                        format!("{} [{}, {}]", number(e.value), number(e.low), number(e.high));
                    put(format!("number.{}.{}", row.term, e.series), &text, &text);
                }
            }
        }
        Drawing::Resampling(_) => {
            put("observed".into(), "Observed r = .60", "観測値 r = 0.60");
            put("bootstrap".into(), "Bootstrap (10,000 resamples)", "ブートストラップ（10,000回）");
            put(
                "permutation".into(),
                "Permutations: no link (10,000)",
                "並べ替え：関連なしの場合（10,000回）",
            );
            put(
                "interval.fisher_z".into(),
                "Fisher z: 95% CI [.50, .68]",
                "フィッシャーの z：95%信頼区間 [0.50, 0.68]",
            );
            put(
                "interval.bca".into(),
                "Bootstrap BCa: 95% CI [.51, .68]",
                "ブートストラップ BCa：95%信頼区間 [0.51, 0.68]",
            );
        }
        _ => {
            put("residuals.title".into(), "Residuals: no curve wanted", "残差：曲がりがないか");
            put("residuals.x".into(), "Fitted SSI", "SSI の当てはめ値");
            put("residuals.y".into(), "Residual (points)", "残差（点）");
            put("quantiles.title".into(), "Normal Q–Q", "正規 Q–Q プロット");
            put("quantiles.x".into(), "Normal quantile", "正規分位点");
            put("quantiles.y".into(), "Standardised residual", "標準化残差");
            put("scale.title".into(), "Spread: a level line wanted", "ばらつき：一定か");
            put("scale.x".into(), "Fitted SSI", "SSI の当てはめ値");
            put("scale.y".into(), "√|standardised residual|", "√|標準化残差|");
            put("leverage.title".into(), "Influence", "影響度");
            put("leverage.x".into(), "Leverage", "てこ比");
            put("leverage.y".into(), "Standardised residual", "標準化残差");
            put("smooth".into(), "Smooth curve", "平滑曲線");
            put("envelope".into(), "95% envelope", "95%包絡線");
            put("cooks".into(), "Cook’s distance", "クックの距離");
            put("influential".into(), "Three most influential", "影響度の大きい3点");
        }
    }
    out
}

/// A caption whose every text is as long as anybody will write it.
pub(crate) fn wordy(slug: &str, drawing: &Drawing, lang: Lang) -> Caption {
    let mut out = caption(slug, drawing, lang);
    let long = |text: &str, times: usize| {
        let join = if lang == Lang::En { " ".to_owned() } else { PHRASE_BREAK.to_string() };
        vec![text; times].join(&join)
    };
    out.title = long(&out.title, 3);
    out.subtitle = long(&out.subtitle, 4);
    out.note = long(&out.note, 4);
    out.mark = Some("SYNTHETIC / 合成データ".into());
    out.x = long("プロフィール得点", 9);
    out.y = long("ソーシャルセリング指標", 9);
    for (key, words) in &mut out.labels {
        if !key.starts_with("number.") && !key.starts_with("cell.") && !key.starts_with("interval.")
        {
            *words = long(words, 3);
        }
    }
    out
}
