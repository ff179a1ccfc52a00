//! The penalised model of the ten items.

use crate::findings::Findings;
use crate::number;
use crate::phrase::spaced;
use crate::terms::named;
use ssi_vocab::{Lang, Model};

/// How well the ten items predict SSI of users the model has not seen.
pub(crate) fn cross_validated(f: Findings<'_>, model: &Model, lang: Lang) -> Option<String> {
    let y = f.y(lang);
    let g = &model.glance;
    let (r2, rmse, folds) = (g.cv_r_squared?, g.cv_rmse?, number::count(g.cv_folds?));
    let (points, n) = (number::fixed(rmse, 1), number::count(g.n_obs));
    let share = number::percent(r2);
    let text = match (lang, r2 > 0.0) {
        (Lang::En, true) => format!(
            "With a weight for each item, the model accounts for {share} of the variance of {y} of users it has not seen (cross-validation with {folds} folds, n = {n}); its predictions are typically off by about {points} points (RMSE)."
        ),
        (Lang::En, false) => format!(
            "With a weight for each item, the model predicts {y} of users it has not seen no better than giving everyone the mean (cross-validation with {folds} folds, RMSE {points} points, n = {n})."
        ),
        (Lang::Ja, true) => format!(
            "項目ごとに重みをつけたモデルは、推定に使っていないユーザーの{y}の分散の{share}を説明します（{folds}分割の交差検証、n = {n}）。予測誤差（RMSE）は、およそ{points}点です。"
        ),
        (Lang::Ja, false) => format!(
            "項目ごとに重みをつけても、推定に使っていないユーザーの{y}の予測は、全員に平均値を当てはめる場合より良くなりませんでした（{folds}分割の交差検証、予測誤差（RMSE）はおよそ{points}点、n = {n}）。"
        ),
    };
    Some(match lang {
        Lang::En => text,
        Lang::Ja => spaced(&text),
    })
}

/// Why the items' coefficients have no interval; nothing where the model predicts no better than
/// the mean, for then they are not shown.
pub(crate) fn shrunk(model: &Model, lang: Lang) -> Option<String> {
    if model.glance.cv_r_squared.is_some_and(|r2| r2 <= 0.0) {
        return None;
    }
    let method = crate::phrase::plain(&named(lang, "method", &model.method));
    let penalty = model.glance.penalty.map(number::general);
    Some(match (lang, penalty) {
        (Lang::En, Some(l)) => format!(
            "The items overlap, so their coefficients are shrunk by a penalty ({method}, λ = {l}), which steadies the prediction. Shrunk coefficients have no classical interval: read them as weights, not as effects."
        ),
        (Lang::En, None) => format!(
            "The items overlap, so their coefficients are shrunk by a penalty ({method}), which steadies the prediction. Shrunk coefficients have no classical interval: read them as weights, not as effects."
        ),
        (Lang::Ja, Some(l)) => format!(
            "項目どうしは互いに関連しているため、罰則つきの推定（{method}、λ = {l}）で回帰係数を縮小し、予測を安定させています。縮小した係数には通常の信頼区間がありません。個々の項目の効果ではなく、予測のための重みとしてお読みください。"
        ),
        (Lang::Ja, None) => format!(
            "項目どうしは互いに関連しているため、罰則つきの推定（{method}）で回帰係数を縮小し、予測を安定させています。縮小した係数には通常の信頼区間がありません。個々の項目の効果ではなく、予測のための重みとしてお読みください。"
        ),
    })
}
