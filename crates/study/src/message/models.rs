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
        E::Option { option, instead, .. } if instead.starts_with("add --at") => {
            format!("{option} は予測に使うものです。--at で予測する値も指定してください")
        }
        E::Option { option, instead, .. } if instead.starts_with("add --cross") => {
            format!("{option} は交差検証と組み合わせて使います。--cross-validate も指定してください")
        }
        E::Option { option, model, .. } => {
            format!(
                "{model} では {option} を指定できません。{option} を外すか、別のモデルを指定してください"
            )
        }
        E::OutOfBounds { column, row, value, low, high, model } => format!(
            "列 `{column}`、{row}行目：{value} は {low}～{high} の範囲外です。{model} では目的変数のすべての値がこの範囲にある必要があります。値を修正するか、--lower と --upper で範囲を指定してください"
        ),
        E::Knots { term, found } => format!(
            "`{term}` の節点が重なるか、値の範囲の外に出てしまいます（異なる値は{found}個）。節点の数を減らすか、ns(x, knots = c(2, 5)) のように最小値と最大値の間の位置を指定してください"
        ),
        E::NothingToSmooth => "曲線を当てはめられるだけの異なる値をもつ予測変数がありません。ols を使うか、数値の予測変数を加えてください".to_owned(),
        E::OnePredictor { model } => format!(
            "{model} の予測変数は、数値の列1つだけです。'y ~ x' のように指定してください"
        ),
        E::NoRoomForBreak => "折れ点を求めるには、異なる値が4個以上（折れ点の両側に2個ずつ）ある数値の予測変数が必要ですが、ありません。ols を使ってください".to_owned(),
        E::At { text } => format!(
            "`{text}` は予測する値として読み取れません。'score_total=7,region=JP' のように、列名=値 をコンマで区切って指定してください"
        ),
        E::NotAPredictor { name, nearest, known } => format!(
            "このモデルに予測変数 `{name}` はありません{}。使われている列：{}",
            maybe(nearest),
            known.join("、")
        ),
        E::AtNumber { column, value } => format!(
            "予測変数 `{column}` は数値ですが、`{value}` は数値ではありません。{column}=7 のように指定してください"
        ),
        E::AtLevel { column, level, known } => format!(
            "`{column}` に `{level}` という水準はありません{}。ある水準：{}",
            maybe(&ssi_vocab::nearest(level, known.iter().map(String::as_str))),
            known.join("、")
        ),
        E::AtUndefined { text } => format!(
            "{text} では回帰式の値が定まりません。データの範囲内の値を指定してください"
        ),
        E::UnknownInterval { name, nearest, known } => format!(
            "`{name}` という予測区間はありません{}。使えるもの：{}",
            maybe(nearest),
            known.join("、")
        ),
        E::Folds { needed } => format!(
            "交差検証の分割では、{needed}行それぞれを1回だけ、空でない2つ以上の組に分ける必要があります"
        ),
        E::NotConverged { model, iterations, gradient } => format!(
            "{model} の計算が収束しませんでした（反復{iterations}回、勾配 {gradient:.1e}）。ほぼ同じ内容の予測変数を除くか、別のモデルを指定してください"
        ),
        other => other.to_string(),
    }
}
