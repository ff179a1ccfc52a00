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
        other => other.to_string(),
    }
}
