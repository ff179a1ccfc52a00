//! What went wrong, in the user's language. English is the errors' own text.

mod codebook;
mod fault;
mod figure;
mod file;
mod filter;
mod form;
mod instrument;
mod limits;
mod models;
mod slip;
mod system;

use crate::Error;
use file::cohort;
pub(crate) use form::misfit;
use ssi_vocab::Lang;
use std::path::Path;
pub use system::reason;

/// The message of an error, in one language.
pub fn message(error: &Error, lang: Lang) -> String {
    match lang {
        Lang::En => error.to_string(),
        Lang::Ja => japanese(error),
    }
}

fn japanese(error: &Error) -> String {
    let name = |path: &Path| path.display().to_string();
    match error {
        Error::Open { path, source } => format!(
            "{}：読み込めません（{}）。ファイル名と閲覧権限を確認してください",
            name(path),
            reason(source, Lang::Ja)
        ),
        Error::IsFolder { path } => format!(
            "{}：フォルダーです。その中の調査ファイル（CSV、TSV、XLSX、ODS、Parquet）を指定してください",
            name(path)
        ),
        Error::NotAFile { path } => {
            let path = name(path);
            format!(
                "{path}：ファイルではなく、デバイスまたはパイプです。内容を読むには cat {path} | ssi … - としてください"
            )
        }
        Error::Write { path, source } => format!(
            "{}：書き込めません（{}）。{}してください。既存のファイルは変更していません",
            name(path),
            system::not_written(source),
            system::elsewhere(source)
        ),
        Error::NotAReport { path } => format!(
            "{}：レポートではないフォルダー（manifest.json がない）のため、上書きしません。--out で別の場所を指定するか、ご自身で削除してください",
            name(path)
        ),
        Error::Exists { path } => format!(
            "{}：既に存在するため、上書きしません。別の名前や場所を指定するか、ご自身で削除してください",
            name(path)
        ),
        Error::Plan { name, misfit: what } => {
            format!("{name}：解析計画に誤りがあります。{}", misfit(what))
        }
        Error::Waves { name, waves } => format!(
            "{name}：同じ人の複数回の調査（{}）が含まれており、独立した回答者として扱えません。--where 'wave == \"{}\"' のように1回分を指定してください",
            waves.join("、"),
            waves.first().map_or("", String::as_str)
        ),
        Error::NobodyKept { name, condition, of } => format!(
            "{name}：--where '{condition}' に当てはまる行がありません（全{of}行）。条件を緩めてください"
        ),
        Error::Key { path, ja, .. } => format!("{}：{ja}", name(path)),
        Error::NotPublishable { name, ja, .. } => format!("{name}：{ja}"),
        Error::Setting { ja, .. } => format!("解析計画：{ja}"),
        Error::Usage { ja, .. } => ja.clone(),
        Error::NeedsCohort { path, file } => format!(
            "{}：このレポートは `{file}` から作成されています。ssi verify DIR FILE のように、ファイルも指定してください",
            name(path)
        ),
        Error::Manifest { path, ja, .. } => format!(
            "{}：このバージョンでは読み込めません（{ja}）。ssi study でレポートを作成し直してください",
            name(path)
        ),
        Error::Model { name, ja, .. } => format!(
            "{name}：{ja}。このバージョンの ssi study が作成したレポートの model.json を指定してください"
        ),
        Error::OtherRubric { name, found, model } => format!(
            "{name}：評価基準は `{found}` ですが、モデルの評価基準は `{model}` です。評価基準の異なる得点は比較できません。採点し直すか、同じ評価基準のコホートからモデルを作成してください"
        ),
        Error::NotClean { name, reason: None } => format!(
            "{name}：整形済みファイルは書き出しません。先に、ファイルを使用できない理由を取り除いてください"
        ),
        Error::NotClean { name, reason: Some(why) } => format!(
            "{name}：残った行だけでは同じように読み取れないため、整形済みファイルは書き出しません（{}）",
            cohort(why)
        ),
        Error::Cohort(error) => cohort(error),
        Error::Infer(error) => infer(error),
        Error::InFile { name, kept, source } => {
            let kept = kept.as_ref().map_or_else(String::new, |kept| {
                let (condition, rows, of) = (&kept.condition, kept.rows, kept.of);
                format!("（--where '{condition}' に当てはまるのは{of}行中{rows}行です。条件を緩めてください）")
            });
            format!("{name}：{}{kept}", infer(source))
        }
        Error::OtherSheet { source, sheets } => japanese(source) + &file::sheets(sheets),
        Error::Figure { slug, source } => {
            format!("図 `{slug}` を作成できません：{}", figure::japanese(source))
        }
        Error::Interrupted => "中断しました。何も書き込んでいません".to_owned(),
    }
}

fn maybe(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!("（`{name}` のことですか？）")).unwrap_or_default()
}

fn vocab(error: &ssi_vocab::Error) -> String {
    use ssi_vocab::Error as E;
    match error {
        E::UnknownColumn { name, nearest, known } => {
            format!("`{name}` という列はありません{}。ある列：{}", maybe(nearest), known.join("、"))
        }
        E::DuplicateColumn { name } => {
            format!("見出し `{name}` が2回出てきます。どちらかの名前を変えてください")
        }
        E::NotNumeric { column, example } => format!(
            "列 `{column}` は数値ではありません（例：`{example}`）。グループとして C({column}) や --by {column} で使うか、別の列を指定してください"
        ),
        E::Capped { column, example } => format!(
            "列 `{column}` には `{example}` のように上限で表示された値があり、数値として扱えません。順位相関（spearman、kendall）を使うか、ssi study で分析してください"
        ),
        E::NotFinite { column, row, value } => {
            format!("列 `{column}`、{row}行目：{value} は有限の数値ではありません")
        }
        E::UnequalLengths { x, y, n_x, n_y } => format!(
            "`{x}` には{n_x}個、`{y}` には{n_y}個の値があります。回答者ごとに1つずつ必要です"
        ),
        E::LevelOutOfRange { value } => {
            format!("信頼水準は 0 と 1 の間で指定してください（例：0.95）。指定された値：{value}")
        }
        other => other.to_string(),
    }
}

/// How many different values a column has.
fn values(found: usize) -> String {
    match found {
        0 => "値がありません".to_owned(),
        1 => "全員が同じ値です".to_owned(),
        _ => format!("異なる値が{found}個あります"),
    }
}

/// An analysis, in words.
fn analysed(analysis: &str) -> &'static str {
    match analysis {
        "Pearson's correlation" => "ピアソンの相関係数",
        "Spearman's correlation" => "スピアマンの順位相関係数",
        "Kendall's correlation" => "ケンドールの順位相関係数",
        "the biweight midcorrelation" => "バイウェイト中相関係数",
        "the percentage bend correlation" => "パーセンテージベンド相関係数",
        "the winsorized correlation" => "ウィンザー化相関係数",
        "the distance correlation" => "距離相関係数",
        "the point-biserial correlation" => "点双列相関係数",
        "the polychoric correlation" => "ポリコリック相関係数",
        "the polyserial correlation" => "ポリシリアル相関係数",
        "a correlation with others held constant" => "偏相関係数",
        "comparing correlations" => "相関係数の比較",
        "a Bayes factor" => "ベイズファクター",
        "a regression" | "least squares" => "最小二乗法による回帰",
        "logistic" => "ロジスティック回帰",
        "firth" => "ファースのロジスティック回帰",
        "ordinal" => "順序ロジスティック回帰",
        "fractional" => "割合の回帰",
        "tobit" => "トービット回帰",
        "beta" => "ベータ回帰",
        "theil_sen" => "タイル・セン推定",
        "huber" | "bisquare" | "mm" => "ロバスト回帰",
        "quantile" => "分位点回帰",
        "the penalised fit" | "a penalised fit" => "罰則付き回帰",
        "cross-validation" => "交差検証",
        "a mixed model" => "混合モデル",
        "relative importance" => "相対的重要度",
        "imputation by chained equations (values seen of a column)" => {
            "連鎖方程式による多重代入（列ごとの観測値）"
        }
        "imputation (values below the cap)" => "上限未満の値にもとづく多重代入",
        "the study" => "この調査の分析",
        "a partial correlation" => "偏相関係数",
        "a comparison of correlations" => "相関係数の比較",
        "an equivalence test" => "同等性検定",
        "full maximum likelihood" => "完全情報最尤法",
        "a segmented regression" => "折れ線回帰",
        "isotonic regression" => "単調回帰",
        "partial dependence" => "部分従属",
        "a conformal interval" => "コンフォーマル予測区間",
        "a cluster-robust error" => "クラスター頑健標準誤差",
        "a median" => "中央値の信頼区間",
        "necessity" => "必要条件分析",
        "analysis of variance" => "分散分析",
        "a t test" => "t 検定",
        "an intraclass correlation" => "級内相関係数",
        "Krippendorff's alpha" => "クリッペンドルフの α 係数",
        "Cronbach's alpha" => "クロンバックの α 係数",
        "McDonald's omega" => "マクドナルドの ω 係数",
        "parallel analysis" => "平行分析",
        "Gwet's coefficient" => "グウェットの一致係数",
        "the severity of raters" => "評定者の厳しさ",
        "each group of Welch's test" => "ウェルチの検定の各群",
        _ => "この解析",
    }
}

/// A kind of weights, in words.
fn weights(kind: &str) -> &'static str {
    match kind {
        "frequency" => "度数の重み",
        "analytic" => "分散の逆数の重み",
        _ => "抽出確率の逆数の重み",
    }
}

fn infer(error: &ssi_infer::Error) -> String {
    use ssi_infer::Error as E;
    match error {
        E::Input(error) => vocab(error),
        E::Model(error) => models::model(error),
        E::Raters(error) => instrument::raters(error),
        E::Items(error) => instrument::items(error),
        E::Interrupted => japanese(&Error::Interrupted),
        E::TooFew { analysis, needed, found } if error.is_of_terms() => format!(
            "{}には係数の数より多い回答者が必要です。値がそろった回答者が少なくとも{needed}人必要ですが、{found}人しかいません。式の項を減らすか、回答者を増やしてください",
            analysed(analysis)
        ),
        E::TooFew { analysis, needed, found } => format!(
            "{}には、値がそろった回答者が少なくとも{needed}人必要ですが、{found}人しかいません。回答者を増やすか、元の調査票で欠測値を確認してください",
            analysed(analysis)
        ),
        E::SameColumn { column } => format!(
            "列 `{column}` が、別々の列を指定すべき2か所で指定されています。どちらかを別の列にしてください"
        ),
        E::NotConverged { analysis } => format!(
            "{}の計算が収束しませんでした。ほぼ同じ内容の列を除いてください",
            analysed(analysis)
        ),
        E::TooFewResamples { needed, found } => {
            format!("反復回数{found}回では足りません。--resamples に{needed}以上を指定してください")
        }
        E::TooManyRespondents { limit, found, .. } => format!(
            "回答者が{found}人おり、この解析で扱える上限の{limit}人を超えています。無作為に一部を抽出して解析してください"
        ),
        E::Constant { column } => format!(
            "列 `{column}` は全員が同じ値のため、関連を調べられません。別の列を指定してください"
        ),
        E::Formula { column, slip, formula, caret } => {
            let slip = slip::japanese(slip);
            let remedy = if slip.ends_with("ください") {
                ""
            } else {
                "。^ の位置を直してください"
            };
            format!("式の{column}文字目：{slip}{remedy}\n  {formula}\n  {caret}")
        }
        E::NobodyLeft { first, rows } => format!(
            "使える行がありません。列 `{}` で{rows}行が除外されました（理由：{}、最初は{}行目{}）。値を修正するか、式を変えてください",
            first.column,
            ssi_report::reason(first.reason, Lang::Ja),
            first.row,
            if first.value.is_empty() { String::new() } else { format!("、`{}`", first.value) }
        ),
        E::TooManyToRank { limit, found } => format!(
            "度数の合計は{found:e}人で、順位を付けられる上限の{limit:e}人を超えています。度数を割って小さくしてください"
        ),
        E::TooManyToResample { limit, found } => format!(
            "回答者が{found}人で、ブートストラップや並べ替えの上限の{limit}人を超えています。公式による区間と検定を使ってください"
        ),
        E::UnknownWeights { name } => format!(
            "`{name}` という種類の重みはありません。frequency（度数）、analytic（分散 σ²/w の行）、probability（抽出確率が 1/w に比例する行）から選んでください"
        ),
        E::Weight { column, row, value, kind } => format!(
            "列 `{column}`、{row}行目：{value} は{}として使えません。{}にするか、その行を除いてください",
            weights(kind),
            if *kind == "frequency" { "0以上の整数" } else { "0以上の有限の数" }
        ),
        E::Unweighted { kind, .. } => format!(
            "この解析で使える重みは度数だけで、{}は使えません。最小二乗法を使うか、重みを外してください",
            weights(kind)
        ),
        E::ErrorsOfWeights { errors, weights: kind } => format!(
            "{errors} の標準誤差は{}では定義されません。hc0、hc1、cluster:列名 のいずれかを指定してください",
            weights(kind)
        ),
        E::ErrorsOfTest { test, errors, instead } => format!(
            "{errors} の標準誤差では、{}。{}",
            models::tested(test),
            models::instead_of_test(instead)
        ),
        E::NotNested { formula, term } => format!(
            "モデル `{formula}` は `{term}` を含むため（または差がないため）、当てはめたモデルの一部になっていません。その項を除くか、当てはめたモデルにも加えてください"
        ),
        E::Collinear { columns } => format!(
            "{} は区別できません（最後の列がほかの列の組み合わせになっています）。いずれかを除いてください",
            columns.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join("、")
        ),
        E::FactorLevels { column, found, limit } => format!(
            "列 `{column}` は、使う回答者の中では{}。グループとして使えるのは異なる値が2～{limit}個の列です。{}",
            values(*found),
            if *found < 2 {
                "式から除いてください"
            } else {
                "グループをまとめるか、式から除いてください"
            }
        ),
        E::PolynomialDegree { term, degree, found } => format!(
            "`{term}` には{degree}個を超える異なる値が必要ですが、{found}個しかありません。次数を下げてください"
        ),
        E::UnknownMethod { name, nearest, known } => format!(
            "`{name}` という相関の方法はありません{}。使えるもの：{}",
            maybe(nearest),
            known.join("、")
        ),
        E::UnknownCovariance { name } => format!(
            "`{name}` という標準誤差はありません。使えるもの：classical、hc0、hc1、hc2、hc3、hc4、hc2_bm、hc3_bm、cluster:列名、cr2:列名"
        ),
        E::NoSpread { column, .. } => format!(
            "列 `{column}` は同じ値の回答者が多すぎて、この方法では散らばりを測れません。spearman か kendall を指定してください"
        ),
        E::NotTwoValued { columns: [x, y] } => format!(
            "点双列相関には、値がちょうど2種類の列（0 と 1 など）が必要ですが、`{x}` も `{y}` もそうではありません。pearson を指定してください"
        ),
        E::TooManyLevels { column, found, limit } => format!(
            "列 `{column}` には異なる値が{found}個あります。順序カテゴリの列として扱えるのは{limit}個までです。カテゴリをまとめるか、pearson、spearman、kendall を指定してください"
        ),
        E::Capped { column, example, .. } => format!(
            "列 `{column}` には `{example}` のように上限で表示された値があり、数値として扱えません。順位を使う spearman か kendall を指定してください"
        ),
        E::NotForMethod { method, known, .. } => {
            format!("この解析は {method} では使えません。使えるもの：{}", known.join("、"))
        }
        E::TooFewClusters { column, needed, found, .. } => format!(
            "列 `{column}` の異なる値（クラスター）は、使う回答者の中に{found}個です。この解析には少なくとも{needed}個必要です。より多くのクラスターに分かれる列を指定してください"
        ),
        E::Rate { events, trials } => format!(
            "{events}/{trials} は割合になりません。件数は全体以下、全体は1～1000万にしてください"
        ),
        E::Impossible => {
            "この組み合わせの相関係数をもつデータは存在しません。数値を確認してください".to_owned()
        }
        E::Setting { name: "the bound", value, .. } => {
            format!(
                "--bound には 0 より大きく 1 より小さい値を指定してください（指定された値：{value}）"
            )
        }
        E::Setting { name: "l1_ratio", value, .. } => {
            format!("--l1-ratio には 0 以上 1 以下の値を指定してください（指定された値：{value}）")
        }
        E::Setting { name: "tau", value, .. } => format!(
            "--tau には 0 より大きく 1 より小さい値を指定してください（指定された値：{value}）"
        ),
        E::Setting { name: "the prior's width", value, .. } => {
            format!("--prior には 0.01 以上 2 以下の値を指定してください（指定された値：{value}）")
        }
        E::Setting { name: "a reliability", value, .. } => format!(
            "信頼性係数には 0 より大きく 1 以下の値を指定してください（指定された値：{value}）"
        ),
        E::Setting { name: "the level of an equivalence test", value, .. } => {
            format!("同等性検定の信頼水準は 0.5 より大きくしてください（指定された値：{value}）")
        }
        E::Setting { name: "the scope of the condition", value, .. } => format!(
            "条件の尺度の範囲は、データの値をすべて含む必要があります（指定された端：{value}）。--scope-x を広げてください"
        ),
        E::Setting { name: "the scope of the outcome", value, .. } => format!(
            "結果の尺度の範囲は、データの値をすべて含む必要があります（指定された端：{value}）。--scope-y を広げてください"
        ),
        E::Setting { value, .. } => {
            format!("設定の値 {value} は使えません。範囲内の値を指定してください")
        }
        E::UnknownComparison { name, nearest, known } => format!(
            "`{name}` という群間比較の方法はありません{}。使えるもの：{}",
            maybe(nearest),
            known.join("、")
        ),
        E::TwoGroups { method, column, found } => format!(
            "{method} は2群の比較ですが、列 `{column}` には{found}群あります。--pairs で対ごとに比較するか、--where で2群に絞るか、anova、welch、kruskal_wallis を指定してください"
        ),
        E::NotPairwise { method } => format!(
            "{method} は全群をまとめて比較する方法です。対ごとの比較には t、welch_t、mann_whitney、tukey、games_howell を指定してください"
        ),
        E::CappedOutcome { column, example, method } => format!(
            "列 `{column}` には `{example}` のように上限で表示された値があり、{method} では数値として扱えません。順位を使う kruskal_wallis か mann_whitney を指定してください"
        ),
        E::WrongWidth { needed, found } => format!(
            "係数は{needed}個ですが、モデル行列は{found}列です。モデルと同じ式から作り直してください"
        ),
        E::WrongDraw { needed, found } => format!(
            "回答者{needed}人に対して、抽出の番号が{found}個あります。1人に1つずつ指定してください"
        ),
        E::Magnitude { column, largest } => format!(
            "列 `{column}` の絶対値の最大は {largest:e} で、計算できる範囲（1e-75～1e75）を超えています。単位を変えてください"
        ),
        other => other.to_string(),
    }
}
