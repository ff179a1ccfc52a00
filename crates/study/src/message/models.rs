//! What went wrong with a regression beyond least squares, in Japanese.

use super::maybe;
use ssi_infer::model::ModelError as E;

pub(super) fn model(error: &E) -> String {
    match error {
        E::Unknown { name, nearest, known } => format!(
            "`{name}` というモデルはありません{}。使えるもの：{}",
            maybe(nearest),
            known.join("、")
        ),
        E::Option { option, model, .. } => {
            format!(
                "{model} では {option} を指定できません。{option} を外すか、別のモデルを指定してください"
            )
        }
        E::OutOfBounds { column, row, value, low, high, model } => format!(
            "列 `{column}`、{row}行目：{value} は {low}～{high} の範囲外です。{model} では結果変数のすべての値がこの範囲にある必要があります。値を修正するか、--lower と --upper で範囲を指定してください"
        ),
        E::NotConverged { model, iterations, gradient } => format!(
            "{model} の計算が収束しませんでした（反復{iterations}回、勾配 {gradient:.1e}）。ほぼ同じ内容の説明変数を除くか、別のモデルを指定してください"
        ),
        E::ExactFit { model } => format!(
            "半数以上の回答者の結果変数が1つの直線（平面）にちょうど乗っているため、{model} では残りのばらつきの尺度を決められません。quantile か ols を指定してください"
        ),
        E::NoWeight { model } => format!(
            "{model} では、一部の係数を決めている回答者の重みがすべて 0 になります。値の異なる回答者が少ない説明変数を除くか、huber を指定してください"
        ),
        E::OnePredictor { model, found } => format!(
            "{model} で使えるのは切片と数値の説明変数1つだけですが、式には{found}列あります。説明変数を減らすか、mm または quantile を指定してください"
        ),
        E::TooMany { limit, found, instead, .. } => format!(
            "回答者が{found}人では、順位検定による信頼区間は計算できません（上限{limit}人）。{instead} を指定してください"
        ),
        E::NoSuch { model, option, name, known } => format!(
            "{model} の {option} に `{name}` は指定できません。使えるもの：{}",
            known.join("、")
        ),
        other => other.to_string(),
    }
}
