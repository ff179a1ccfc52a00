//! What went wrong with a regression beyond least squares, in Japanese.

use super::maybe;
use ssi_infer::model::ModelError as E;

/// What can't be done with some standard errors, as the end of a sentence.
pub(super) fn tested(test: &str) -> &'static str {
    match test {
        "imputation" => "多重代入を行えません",
        "a sum of squares of type 1 or 2" => "タイプ 1、2 の平方和の検定を行えません",
        "a test of several coefficients at once" => "複数の係数をまとめて検定できません",
        "a comparison of two models" => "2つのモデルを比較できません",
        "the bootstrap of --importance" => "--importance のブートストラップを行えません",
        "--cross-validate" => "--cross-validate を指定できません",
        "a conformal --interval" => "コンフォーマル予測区間（--interval）を求められません",
        _ => "この検定を行えません",
    }
}

/// What can be done instead.
pub(super) fn instead_of_test(instead: &str) -> &'static str {
    match instead {
        "use classical, hc0 or hc1" => "classical、hc0、hc1 のいずれかを指定してください",
        "use classical or hc0 to hc4" => "classical か hc0～hc4 を指定してください",
        "ask for --anova 3, or for --se classical" => {
            "--anova 3 か --se classical を指定してください"
        }
        "ask for --se cluster:COLUMN" => "--se cluster:列名 を指定してください",
        "leave out --se, or ask for --anova 3" => {
            "--se を外すか、項ごとの検定を --anova 3 で行ってください"
        }
        "it takes respondents to be independent; leave one of the two out" => {
            "回答者どうしが独立であることを前提とするためです。どちらかを外してください"
        }
        _ => "別の標準誤差を指定してください",
    }
}

pub(super) fn model(error: &E) -> String {
    match error {
        E::Unknown { name, nearest, known } => format!(
            "`{name}` というモデルはありません{}。使えるもの：{}",
            maybe(nearest),
            known.join("、")
        ),
        E::Option { option, instead, .. } if instead.starts_with("add --at") => {
            let option = option.replace(" and ", " と ");
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
            "列 `{column}`、{row}行目：{value} は {low}～{high} の範囲外です。{model} では目的変数のすべての値がこの範囲にある必要があります。値を修正するか、--lower 0 --upper 100 のように範囲を指定してください"
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
        E::Separated { outcome, columns, .. } => format!(
            "有限の推定値が存在しません。{} `{outcome}` の値が例外なく分かれています（完全分離または準完全分離）。該当する項を除くか、ロジスティック回帰なら --model firth を指定してください",
            match columns.as_slice() {
                [] => "切片だけで".to_owned(),
                [one] => format!("`{one}` によって"),
                more => format!("`{}` の組み合わせによって", more.join("`、`")),
            }
        ),
        E::NotBinary { column, model, .. } => format!(
            "{model} の目的変数は2値（0と1、または2種類の文字列）である必要がありますが、列 `{column}` は2値ではありません。再コード化するか、--where で2つの値に絞るか、ordinal を指定してください"
        ),
        E::TooManyLevels { column, found, limit } => format!(
            "列 `{column}` には異なる値が{found}個ありますが、順序カテゴリは{limit}個までです。カテゴリを統合するか、ols または fractional を指定してください"
        ),
        E::NoIntercept { model } => {
            format!("{model} では閾値が切片の役割を果たします。`0 +` や `- 1` を外してください")
        }
        E::AtBound { column, row, value, low, high, model } => format!(
            "列 `{column}`、{row}行目：{value} は範囲 {low}～{high} の端にあります。{model} では値が端を含まない範囲の内側にある必要があります。端の値も扱える fractional を指定してください"
        ),
        E::AllCensored { column } => format!(
            "列 `{column}` の値はすべて打ち切り点にあるため、ばらつきを推定できません。--lower と --upper の範囲を広げるか、打ち切り点に達したかどうかを logistic で分析してください"
        ),
        E::Bounds { low, high } => format!(
            "下限が {low}、上限が {high} になっています。--lower は --upper より小さい値にしてください"
        ),
        E::NotConverged { model, iterations, gradient } => format!(
            "{model} の計算が収束しませんでした（反復{iterations}回、勾配 {gradient:.1e}）。ほぼ同じ内容の予測変数を除くか、別のモデルを指定してください"
        ),
        E::Needs { model, option, example } => {
            format!("{model} には {option} を指定してください（例：{example}）")
        }
        E::Random { text } => format!(
            "`{text}` は変量効果の指定として読めません。グループの列（例：session_id）か、グループごとに傾きが異なる予測変数とグループの列（例：score_total | session_id）を指定してください"
        ),
        E::RandomSlope { name, known } => format!(
            "`{name}` は式の予測変数にないため、グループごとの傾きを推定できません。式に加えるか、次のいずれかを指定してください：{}",
            known.join("、")
        ),
        E::SlopeWithin { name, column } => format!(
            "`{name}` は `{column}` の各グループの中で値が一定のため、グループごとの傾きを推定できません。変量効果の傾きを外してください"
        ),
        E::RandomEffects { column, effects, found } => format!(
            "`{column}` のグループの変量効果が{effects}個あり、回答者{found}人に対して多すぎるため、効果と残差を区別できません。より大きいグループの列を使うか、変量効果の傾きを外してください"
        ),
        E::NothingLeft { outcome, column } => format!(
            "予測変数を考慮すると、`{column}` の各グループの中で `{outcome}` が変動しません。より細かい尺度の目的変数を使うか、グループの平均を分析してください"
        ),
        E::CappedPredictor { column, example } => format!(
            "列 `{column}` には `{example}` のように上限で表示された値があり、数値として扱えません。--capped impute（多重代入）または --capped indicator（上限を示す指標）を指定してください"
        ),
        E::Capped { text } => format!(
            "--capped には impute（多重代入）か indicator（上限を示す指標）を指定してください。指定された値：`{text}`"
        ),
        E::CappedTwice { columns } => format!(
            "{} は上限で表示された値を含みますが、多重代入できるのは1列だけです。--capped indicator を指定してください",
            columns.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join("、")
        ),
        E::NotCapped => {
            "上限で表示された値をもつ予測変数が式にありません。--capped を外してください".to_owned()
        }
        E::CappedOutcome { column } => format!(
            "目的変数の列 `{column}` には上限で表示された値（500+ など）があり、数値として扱えません。上限のある目的変数には --model tobit を指定してください"
        ),
        E::NotPositive { column, row, value } => format!(
            "列 `{column}`、{row}行目：{value} の対数がありません。代入は対数尺度で行うため、--where でその行を除いてください"
        ),
        E::Interaction { term } => format!(
            "`{term}` は交互作用であり、それだけの寄与を分けられません。式から除くか、--importance を外してください"
        ),
        E::TooManyTerms { found, limit } => format!(
            "相対的重要度は項のすべての組み合わせを比べるため、項は1～{limit}個に限られますが、{found}個あります。項を減らすか、合計点にまとめてください"
        ),
        E::ExactFit { model } => format!(
            "半数以上の回答者の目的変数が1つの直線（平面）にちょうど乗っているため、{model} では残りのばらつきの尺度を決められません。quantile か ols を指定してください"
        ),
        E::NoWeight { model } => format!(
            "{model} では、一部の係数を決めている回答者の重みがすべて 0 になります。値の異なる回答者が少ない予測変数を除くか、huber を指定してください"
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
