//! What the residuals say of the straight line.

use crate::findings::Findings;
use crate::number;
use crate::phrase::{breaks, spaced};
use ssi_vocab::{Check, Lang, Warning};

/// Cook's distances above this are usually looked at.
const COOK: f64 = 0.5;

/// Whether the spread of the main model's residuals is unequal, by the study's warning or the
/// test itself.
fn unequal(f: Findings<'_>) -> bool {
    let warned = f
        .results
        .warnings
        .iter()
        .any(|w| matches!(w, Warning::UnequalSpread { model, .. } if model == "main"));
    warned || f.check("main", "breusch_pagan").is_some_and(clear)
}

/// A test whose p-value is below .05.
fn clear(check: &Check) -> bool {
    check.p_value.is_some_and(|p| p < 0.05)
}

/// The finding, as a title.
pub(crate) fn title(f: Findings<'_>, lang: Lang) -> String {
    let tested = f.check("main", "breusch_pagan").is_some();
    let y = f.y(lang);
    let p = f.check("main", "breusch_pagan").and_then(|c| c.p_value);
    let p = match (p.map(|p| number::p(p, lang)), lang) {
        (Some(p), Lang::En) => format!(" ({p})"),
        (Some(p), Lang::Ja) => format!("|（{p}）"),
        (None, _) => String::new(),
    };
    let text = match (unequal(f), tested, lang) {
        (true, _, Lang::En) => format!("{y} does not scatter equally: read the robust errors"),
        (true, _, Lang::Ja) => format!("{y}の|ばらつきは|一様でない|（頑健標準誤差を|参照）"),
        (false, true, Lang::En) => {
            format!("The test can't tell whether {y} scatters equally{p}")
        }
        (false, true, Lang::Ja) => {
            format!("{y}の|ばらつきが|一様かどうかは|判断できない{p}")
        }
        (false, false, Lang::En) => "Does the straight line fit?".to_owned(),
        (false, false, Lang::Ja) => "直線の|当てはまりは|よいか".to_owned(),
    };
    match lang {
        Lang::En => text,
        Lang::Ja => breaks(&spaced(&text)),
    }
}

/// The finding, in a sentence or two.
pub(crate) fn explained(f: Findings<'_>, lang: Lang) -> Vec<&'static str> {
    let mut out = vec![match lang {
        Lang::En => {
            "Four views of the residuals of the first model: a curve in the first panel would mean that a straight line is wrong, points outside the envelope in the second that the residuals are not normal, a rising curve in the third that they spread more where fitted values are high. The fourth shows who pulls the line most."
        }
        Lang::Ja => {
            "1つ目のモデルの残差を4つの図で確認します。1枚目の曲線が曲がっていれば直線では不十分、2枚目で点が包絡線から外れていれば残差が正規分布からずれている、3枚目の曲線が右上がりなら予測値が高いほどばらつきが大きい、と読みます。4枚目は、回帰直線への影響が大きい回答者を示します。"
        }
    }];
    if f.check("main", "breusch_pagan").is_some() {
        out.push(match (unequal(f), lang) {
            (true, Lang::En) => {
                "The spread of the residuals changes along the line, so HC3 errors are the ones to read, and a prediction interval of constant width is too narrow where the spread is large."
            }
            (true, Lang::Ja) => {
                "残差のばらつきは一様ではありません。標準誤差は HC3 を参照してください。幅が一定の予測区間は、ばらつきの大きいところでは狭すぎることになります。"
            }
            (false, Lang::En) => {
                "The test for unequal spread finds no clear sign of it; that does not prove that the spread is equal."
            }
            (false, Lang::Ja) => {
                "ばらつきの不均一さの検定では、はっきりした証拠は得られませんでした。ただし、均一であることの証明にはなりません。"
            }
        });
    }
    if let Some(check) = f.check("main", "max_cooks_d") {
        out.push(match (check.value.is_some_and(|v| v > COOK), lang) {
            (true, Lang::En) => {
                "At least one respondent pulls the line strongly: compare the fit without that row."
            }
            (true, Lang::Ja) => {
                "1人だけで回帰直線を大きく左右している回答者がいます。その行を除いた結果とも比べてください。"
            }
            (false, Lang::En) => "No single respondent pulls the line strongly.",
            (false, Lang::Ja) => "1人だけで回帰直線を大きく左右している回答者はいません。",
        });
    }
    out
}

/// What one check says.
pub(crate) fn check(check: &Check, n_obs: usize, lang: Lang) -> &'static str {
    let Some(v) = check.value else { return "" };
    // Under independence the statistic has mean 2 and standard deviation about 2/√n.
    let unrelated = (v - 2.0).abs() <= 2.0 * 1.96 / (n_obs.max(1) as f64).sqrt();
    match (check.name.as_str(), lang) {
        ("breusch_pagan", Lang::En) => {
            if clear(check) {
                "Spread changes with the predictors"
            } else {
                "No clear change of spread"
            }
        }
        ("breusch_pagan", Lang::Ja) => {
            if clear(check) {
                "ばらつきが|予測変数によって異なる"
            } else {
                "ばらつきの変化は|はっきりしない"
            }
        }
        ("durbin_watson", Lang::En) => {
            if unrelated {
                "No clear sign of a relation between neighbouring residuals"
            } else {
                "Neighbouring residuals may be related: is the file sorted or clustered?"
            }
        }
        ("durbin_watson", Lang::Ja) => {
            if unrelated {
                "隣り合う行の|残差に|はっきりした関連は|みられない"
            } else {
                "隣り合う行の残差に|関連がある可能性|（並べ替えや集団を確認）"
            }
        }
        ("max_cooks_d", Lang::En) => {
            if v > COOK {
                "Someone pulls the line strongly"
            } else {
                "Nobody pulls the line strongly"
            }
        }
        ("max_cooks_d", Lang::Ja) => {
            if v > COOK {
                "回帰直線を大きく動かす|回答者がいる"
            } else {
                "回帰直線を大きく動かす|回答者はいない"
            }
        }
        ("max_leverage", Lang::En) => {
            if v > 0.5 {
                "Someone has unusual predictors"
            } else {
                "Nobody has very unusual predictors"
            }
        }
        ("max_leverage", Lang::Ja) => {
            if v > 0.5 {
                "予測変数が|極端な回答者がいる"
            } else {
                "予測変数が極端な|回答者はいない"
            }
        }
        ("condition_number", Lang::En) => {
            if v > 30.0 {
                "Predictors nearly repeat one another"
            } else {
                "Predictors can be told apart"
            }
        }
        ("condition_number", Lang::Ja) => {
            if v > 30.0 {
                "予測変数どうしが|ほぼ重複している"
            } else {
                "予測変数を|区別できる"
            }
        }
        ("max_vif", Lang::En) => {
            if v > 5.0 {
                "Predictors overlap strongly"
            } else {
                "Predictors overlap little"
            }
        }
        ("max_vif", Lang::Ja) => {
            if v > 5.0 {
                "予測変数の|重なりが大きい"
            } else {
                "予測変数の|重なりは小さい"
            }
        }
        (name, Lang::En) if name.starts_with("nonlinearity") => {
            if clear(check) {
                "A curve fits better than a straight line"
            } else {
                "No clear sign of a curve"
            }
        }
        (name, Lang::Ja) if name.starts_with("nonlinearity") => {
            if clear(check) {
                "直線よりも|曲線のほうがよく当てはまる"
            } else {
                "曲線であるという|はっきりした兆候は|みられない"
            }
        }
        ("trend", Lang::En) => {
            if clear(check) {
                "The outcome rises with the predictor"
            } else {
                "No clear rise"
            }
        }
        ("trend", Lang::Ja) => {
            if clear(check) {
                "予測変数とともに|目的変数が高くなる"
            } else {
                "はっきりした上昇は|みられない"
            }
        }
        ("breakpoint", Lang::En) => {
            if clear(check) {
                "The slope changes along the range"
            } else {
                "No clear change of slope"
            }
        }
        ("breakpoint", Lang::Ja) => {
            if clear(check) {
                "範囲の途中で|傾きが変わる"
            } else {
                "傾きの変化は|はっきりしない"
            }
        }
        ("likelihood_ratio", Lang::En) => {
            if clear(check) {
                "The predictors say something about the outcome"
            } else {
                "No clear sign that the predictors say anything"
            }
        }
        ("likelihood_ratio", Lang::Ja) => {
            if clear(check) {
                "予測変数と|目的変数に|関連がある"
            } else {
                "予測変数との関連は|はっきりしない"
            }
        }
        ("brant" | "proportional_odds", Lang::En) => {
            if clear(check) {
                "Coefficients differ between the thresholds: one for all hides that"
            } else {
                "No clear difference between the thresholds"
            }
        }
        ("brant" | "proportional_odds", Lang::Ja) => {
            if clear(check) {
                "閾値によって|係数が異なる|（比例オッズの仮定が|成り立たない）"
            } else {
                "閾値による|係数の違いは|はっきりしない"
            }
        }
        ("unequal_spread", Lang::En) => {
            if clear(check) {
                "Spread changes with the predictors, which biases a tobit"
            } else {
                "No clear change of spread"
            }
        }
        ("unequal_spread", Lang::Ja) => {
            if clear(check) {
                "ばらつきが|予測変数によって異なり|トービットの推定値が偏る"
            } else {
                "ばらつきの変化は|はっきりしない"
            }
        }
        ("hosmer_lemeshow", Lang::En) => {
            if clear(check) {
                "Events are not as many as expected in some groups of risk"
            } else {
                "No clear misfit; a weak test"
            }
        }
        ("hosmer_lemeshow", Lang::Ja) => {
            if clear(check) {
                "期待件数と|観測件数が|合わない|リスク群がある"
            } else {
                "はっきりした|ずれは|みられない|（検出力の低い検定）"
            }
        }
        _ => "",
    }
}

/// The test of unequal spread and the largest influence, for a figure's subtitle.
pub(crate) fn subtitle(f: Findings<'_>, lang: Lang) -> String {
    let n = f.model("main").map(|m| number::count(m.glance.n_obs));
    let p = f.check("main", "breusch_pagan").and_then(|c| c.p_value).map(|p| number::p(p, lang));
    let cook = f.check("main", "max_cooks_d").and_then(|c| c.value).map(|v| number::fixed(v, 2));
    let mut parts = Vec::new();
    match lang {
        Lang::En => {
            parts.extend(p.map(|p| format!("Breusch–Pagan {p}")));
            parts.extend(cook.map(|d| format!("largest Cook's distance {d}")));
            parts.extend(n.map(|n| format!("n = {n}")));
            parts.join(", ")
        }
        Lang::Ja => {
            parts.extend(p.map(|p| format!("ブルーシュ・ペイガン検定 {p}")));
            parts.extend(cook.map(|d| format!("クックの距離の最大値 {d}")));
            parts.extend(n.map(|n| format!("n = {n}")));
            breaks(&parts.join("、|"))
        }
    }
}
