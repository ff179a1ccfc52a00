//! What a reader should know before trusting a number.

use super::answer;
use crate::findings::{PILLARS, WITHOUT_BRAND};
use crate::number;
use crate::phrase::{plain, verbatim};
use crate::terms::{named, variable};
use ssi_vocab::{Lang, Warning};

/// A warning in a sentence.
pub(crate) fn warning(warning: &Warning, lang: Lang) -> String {
    match (warning, lang) {
        (Warning::Synthetic, _) => answer::synthetic(lang).to_owned(),
        (Warning::Titles { header }, Lang::En) => format!(
            "Row {header} was read as the header, and what stands above it as titles; another row: --header ROW."
        ),
        (Warning::Titles { header }, Lang::Ja) => format!(
            "{header}行目を見出し、それより上の行を表題として読み込みました。別の行は --header 行番号 で指定できます。"
        ),
        (Warning::Totals { row }, Lang::En) => format!(
            "From row {row} on the table seems to hold totals or notes, which count here as all other rows do; delete them in the file."
        ),
        (Warning::Totals { row }, Lang::Ja) => format!(
            "{row}行目以降は集計行か注記のようですが、ほかの行と同じく集計に含めています。不要であればファイルから削除してください。"
        ),
        (Warning::Points { column, found, read_as }, Lang::En) => format!(
            "In {} points separate thousands ({found} was read as {read_as}), because the file has decimal commas; if they begin decimals: --decimal point.",
            verbatim(column)
        ),
        (Warning::Points { column, found, read_as }, Lang::Ja) => format!(
            "小数点にコンマを使うファイルのため、{} のピリオドは桁区切りとして読み込みました（{found} → {read_as}）。小数点であれば --decimal point を指定してください。",
            verbatim(column)
        ),
        (Warning::Sheet { sheet }, Lang::En) => format!(
            "Of several sheets “{sheet}” was read; another one: --sheet NAME or number."
        ),
        (Warning::Sheet { sheet }, Lang::Ja) => format!(
            "複数のシートのうち「{sheet}」を読み込みました。別のシートは --sheet 名前か番号 で指定してください。"
        ),
        (Warning::LeftOut { analysis, why }, _) => left_out(analysis, why, lang),
        (Warning::Era { unknown: true }, Lang::En) => {
            "It is not known when SSI was read. LinkedIn changed its formula in January 2015 and in February 2017, so these values may not be comparable with others, or with one another.".to_owned()
        }
        (Warning::Era { unknown: true }, Lang::Ja) => {
            "SSI の確認日が不明です。LinkedIn は2015年1月と2017年2月に算出方法を変更しており、ほかの調査の値や、このデータの中の値どうしを比較できない可能性があります。".to_owned()
        }
        (Warning::Era { unknown: false }, Lang::En) => {
            "SSI was read in different eras of LinkedIn's formula (changed in January 2015 and in February 2017); values of different eras are not comparable.".to_owned()
        }
        (Warning::Era { unknown: false }, Lang::Ja) => {
            "算出方法の異なる時期の SSI が混在しています（LinkedIn は2015年1月と2017年2月に変更）。時期の異なる値は比較できません。".to_owned()
        }
        (Warning::FewRespondents { n_obs }, Lang::En) => format!(
            "Only {} {}: intervals are wide and rest on assumptions that so few can't check.",
            number::count(*n_obs),
            if *n_obs == 1 { "respondent" } else { "respondents" }
        ),
        (Warning::FewRespondents { n_obs }, Lang::Ja) => format!(
            "回答者が{}人しかいないため、信頼区間は広く、前提が成り立つかどうかも確かめられません。",
            number::count(*n_obs)
        ),
        (Warning::UnequalSpread { model, p_value }, Lang::En) => format!(
            "In the model “{}” the residuals do not scatter equally (Breusch–Pagan test, {}): read the HC3 errors.",
            named(lang, "model", model),
            number::p(*p_value, lang)
        ),
        (Warning::UnequalSpread { model, p_value }, Lang::Ja) => format!(
            "モデル「{}」では残差のばらつきが一様ではありません（ブルーシュ・ペイガン検定、{}）。標準誤差は HC3 を参照してください。",
            plain(&named(lang, "model", model)),
            number::p(*p_value, lang)
        ),
        (Warning::FewClusters { column, found }, Lang::En) => format!(
            "Only {} {} in `{column}`: cluster-robust errors rest on their number. CR2 (--se cr2:{column}) holds its level better than CR1, and neither is sure with so few.",
            number::count(*found),
            if *found == 1 { "cluster" } else { "clusters" }
        ),
        (Warning::FewClusters { column, found }, Lang::Ja) => format!(
            "`{column}` のクラスターは{}個しかありません。クラスター頑健標準誤差の精度はクラスター数で決まります。CR1 よりも CR2（--se cr2:{column}）が安定していますが、この数ではどちらも不確かです。",
            number::count(*found)
        ),
        (Warning::RepeatedRespondents { column, repeated, of }, Lang::En) => format!(
            "{} of {} respondents in `{column}` {} in more than one row (several raters?), and each row was counted as a respondent: intervals and p-values claim too much. `ssi study` averages the raters of a respondent; here, use --se cluster:{column} (fit) or --cluster {column} with a bootstrap (cor).",
            number::count(*repeated),
            number::count(*of),
            if *repeated == 1 { "stands" } else { "stand" }
        ),
        (Warning::RepeatedRespondents { column, repeated, of }, Lang::Ja) => format!(
            "`{column}` の回答者{}人のうち{}人が複数の行に出てきます（評定者が複数の可能性）。各行を別々の回答者として数えたため、信頼区間と p 値は実際より確かに見えます。`ssi study` は回答者ごとに評定者の平均をとります。この表のまま使う場合は、--se cluster:{column}（fit）か、--cluster {column} とブートストラップ（cor）を指定してください。",
            number::count(*of),
            number::count(*repeated)
        ),
        (Warning::IntervalsDiffer { term, group, fisher_z, jackknife_z }, _) => {
            intervals_differ(term, group.as_deref(), *fisher_z, *jackknife_z, lang)
        }
        (Warning::SyntheticModel { study }, Lang::En) => format!(
            "The model comes from synthetic data (study `{study}`): its predictions show the method and say nothing about real users."
        ),
        (Warning::SyntheticModel { study }, Lang::Ja) => format!(
            "このモデルは合成データ（調査 `{study}`）から作成されています。予測値は手法を示すためのもので、実在のユーザーについては何も示しません。"
        ),
        (Warning::Transported { outside, of, low, high }, Lang::En) => format!(
            "The mean is regression transport: it holds only if score and SSI go together here as in the cohort that the model comes from, which these data can't show. {} of {} scores lie outside {}–{}, where that cohort's lie.",
            number::count(*outside),
            number::count(*of),
            number::general(*low),
            number::general(*high)
        ),
        (Warning::Transported { outside, of, low, high }, Lang::Ja) => format!(
            "平均は回帰による移送推定です。得点と SSI の関係が、モデルの元になったコホートと同じであることを前提としますが、このデータからは確かめられません。得点{}件のうち{}件が、元のコホートの範囲（{}～{}）の外にあります。",
            number::count(*of),
            number::count(*outside),
            number::general(*low),
            number::general(*high)
        ),
        (Warning::FewForDeltaMethod { term, group, n_obs }, Lang::En) => format!(
            "{}: {} respondents are few for the delta method's interval of a polyserial correlation, which is too narrow then (with 30, a 95% interval held the true value in 91% of simulated samples). Read the profile likelihood's beside it (93%).",
            group.as_ref().map_or(term.clone(), |group| format!("{term}, {group}")),
            number::count(*n_obs)
        ),
        (Warning::FewForDeltaMethod { term, group, n_obs }, Lang::Ja) => format!(
            "{}：ポリシリアル相関の、デルタ法による信頼区間は、{}人では狭すぎるおそれがあります（30人のシミュレーションで95%信頼区間が真値を含んだ割合は91%）。併記したプロファイル尤度による区間（同93%）を参照してください。",
            group.as_ref().map_or(term.clone(), |group| format!("{term}（{group}）")),
            number::count(*n_obs)
        ),
        (Warning::SingularFit { column }, Lang::En) => format!(
            "The groups of `{column}` differ no more than chance explains: a variance between them is estimated at 0, or a correlation of their effects at ±1 (a singular fit). A simpler model without it says the same."
        ),
        (Warning::SingularFit { column }, Lang::Ja) => format!(
            "`{column}` のグループ間の分散が 0、または変量効果の相関が ±1 と推定されました（特異な当てはめ）。グループ間の差は偶然のばらつきの範囲にとどまり、その変量効果を除いたモデルでも同じ結果になります。"
        ),
        (Warning::FewEvents { events, predictors, group }, Lang::En) if events < predictors => format!(
            "{}Fewer events ({}) than predictors ({}): the fit follows chance. Leave predictors out, or use --model firth.",
            of_group(group.as_deref(), lang),
            number::count(*events),
            number::count(*predictors)
        ),
        (Warning::FewEvents { events, predictors, group }, Lang::Ja) if events < predictors => format!(
            "{}イベント数（{}件）が予測変数の数（{}個）を下回っています。推定値は偶然のばらつきに左右されます。予測変数を減らすか、--model firth を指定してください。",
            of_group(group.as_deref(), lang),
            number::count(*events),
            number::count(*predictors)
        ),
        (Warning::FewEvents { events, predictors, group }, Lang::En) => format!(
            "{}Only {} {} for {} {}, fewer than ten each: intervals are shaky and odds ratios too large. Firth's penalty (--model firth) helps.",
            of_group(group.as_deref(), lang),
            number::count(*events),
            if *events == 1 { "event" } else { "events" },
            number::count(*predictors),
            if *predictors == 1 { "predictor" } else { "predictors" }
        ),
        (Warning::FewEvents { events, predictors, group }, Lang::Ja) => format!(
            "{}予測変数{}個に対してイベント数が{}件しかなく、予測変数1個あたり10件に達していません。信頼区間は不安定で、オッズ比は過大になりがちです。ファースの罰則付き推定（--model firth）が有効です。",
            of_group(group.as_deref(), lang),
            number::count(*predictors),
            number::count(*events)
        ),
        (Warning::NobodyCensored { column }, Lang::En) => format!(
            "No value of `{column}` is at a limit, so this tobit is least squares by maximum likelihood. Give the limits with --lower and --upper, or use --model ols."
        ),
        (Warning::NobodyCensored { column }, Lang::Ja) => format!(
            "`{column}` には打ち切られた値がないため、このトービットは最小二乗法（最尤法）と同じです。--lower と --upper で打ち切り点を指定するか、--model ols を指定してください。"
        ),
        (Warning::BrandCarriesIt, Lang::En) => {
            "Without the Brand pillar, which counts profile completeness itself, the correlation does not clear the plan's threshold: the overlap of the two measures may carry the result.".to_owned()
        }
        (Warning::BrandCarriesIt, Lang::Ja) => {
            "プロフィールの充実度そのものを評価する「ブランド」の柱を除くと、相関係数は解析計画の基準に達しません。2つの指標の重なりが結果を左右している可能性があります。".to_owned()
        }
        (Warning::Extrapolation { column, value, low, high }, Lang::En) => format!(
            "`{column}` = {} lies outside the data ({} to {}): the prediction rests on the model's shape alone.",
            number::general(*value),
            number::general(*low),
            number::general(*high)
        ),
        (Warning::Extrapolation { column, value, low, high }, Lang::Ja) => format!(
            "`{column}` = {} はデータの範囲（{}～{}）の外にあります。この予測は、モデルの形がそのまま続くという仮定だけに基づいています。",
            number::general(*value),
            number::general(*low),
            number::general(*high)
        ),
        (Warning::BreakpointAtEdge { column, at }, Lang::En) => format!(
            "The breakpoint of `{column}` lies at the end of its range ({at}): it describes a few respondents there rather than a bend."
        ),
        (Warning::BreakpointAtEdge { column, at }, Lang::Ja) => format!(
            "`{column}` の折れ点が範囲の端（{at}）にあります。傾きの変化ではなく、端の少数の回答者を表している可能性があります。"
        ),
        (Warning::Text { message }, _) => message.clone(),
        // The enum may grow: a code is better than silence.
        (other, _) => serde_json::to_string(other).unwrap_or_default(),
    }
}

/// That Fisher's interval does not suit these data, and what does.
fn intervals_differ(
    term: &str,
    group: Option<&str>,
    fisher: [f64; 2],
    jackknife: [f64; 2],
    lang: Lang,
) -> String {
    let range = |[low, high]: [f64; 2]| {
        number::range(&number::correlation(low, lang), &number::correlation(high, lang))
    };
    let (fisher, jackknife) = (range(fisher), range(jackknife));
    match lang {
        Lang::En => {
            let of = group.map_or(term.to_owned(), |group| format!("{term}, {group}"));
            format!(
                "{of}: Fisher's interval {fisher} takes the data to be normal, and the jackknife's {jackknife}, which does not, differs visibly. Read the jackknife's; --interval jackknife_z adds it as a row."
            )
        }
        Lang::Ja => {
            let of = group.map_or(term.to_owned(), |group| format!("{term}（{group}）"));
            format!(
                "{of}：正規分布を前提とするフィッシャーの区間 {fisher} と、前提としないジャックナイフ法の区間 {jackknife} に差があります。ジャックナイフ法の区間を参考にしてください（--interval jackknife_z で表に加わります）。"
            )
        }
    }
}

/// All warnings, those of missing columns in one.
pub(crate) fn all(warnings: &[Warning], lang: Lang) -> Vec<String> {
    let mut out = Vec::new();
    let missing: Vec<(&str, &str)> = warnings.iter().filter_map(missing_column).collect();
    let mut told = missing.len() < 2;
    for one in warnings {
        if missing.len() >= 2 && missing_column(one).is_some() {
            if !told {
                out.push(not_done(&missing, lang));
                told = true;
            }
        } else {
            out.push(warning(one, lang));
        }
    }
    out
}

/// The analysis and the column, where an analysis was left out for want of one.
fn missing_column(warning: &Warning) -> Option<(&str, &str)> {
    match warning {
        Warning::LeftOut { analysis, why } => {
            Some((analysis, why.strip_prefix("missing_column:")?.trim()))
        }
        _ => None,
    }
}

/// What was not done for want of columns, each with the columns that it needs.
fn not_done(missing: &[(&str, &str)], lang: Lang) -> String {
    let pillar = |name: &str| PILLARS.contains(&name) || name == WITHOUT_BRAND;
    let mut each: Vec<(String, Vec<String>)> = Vec::new();
    let of_pillars: Vec<&(&str, &str)> = missing.iter().filter(|(a, _)| pillar(a)).collect();
    // The sum without Brand is no column of anyone's: it needs the pillars.
    let mut columns: Vec<String> = Vec::new();
    for (_, column) in of_pillars.iter().filter(|(_, column)| *column != WITHOUT_BRAND) {
        if !columns.iter().any(|known| known == column) {
            columns.push((*column).to_owned());
        }
    }
    let without = of_pillars.iter().any(|(a, _)| *a == WITHOUT_BRAND);
    match of_pillars.len() {
        0 => {}
        1 => {
            let (analysis, column) = of_pillars[0];
            each.push((plain(&variable(lang, analysis)), vec![(*column).to_owned()]));
        }
        _ => {
            let what = match (without, columns.len(), lang) {
                (true, 4, Lang::En) => "SSI − Brand and the four pillars",
                (true, 4, Lang::Ja) => "「SSI − ブランド」と4つの柱",
                (true, _, Lang::En) => "SSI − Brand and some pillars",
                (true, _, Lang::Ja) => "「SSI − ブランド」と柱の一部",
                (false, 4, Lang::En) => "the four pillars",
                (false, 4, Lang::Ja) => "4つの柱",
                (false, _, Lang::En) => "some pillars",
                (false, _, Lang::Ja) => "柱の一部",
            };
            each.push((what.to_owned(), columns));
        }
    }
    for (analysis, column) in missing.iter().filter(|(a, _)| !pillar(a)) {
        let what = plain(&what_was_left_out(analysis, lang));
        each.push((what, vec![(*column).to_owned()]));
    }
    let each: Vec<String> = each
        .into_iter()
        .map(|(what, columns)| match (columns.is_empty(), lang) {
            (true, _) => what,
            (false, Lang::En) => format!("{what} ({})", columns.join(", ")),
            (false, Lang::Ja) => format!("{what}（{}）", columns.join("、")),
        })
        .collect();
    match lang {
        Lang::En => format!("Not done, for want of columns: {}.", each.join("; ")),
        Lang::Ja => format!("列がないため行わなかった分析：{}。", each.join("、")),
    }
}

/// An analysis, a variable that one was about, or a group, in words.
fn what_was_left_out(analysis: &str, lang: Lang) -> String {
    if let Some(column) = analysis.strip_prefix("imputation: ") {
        let column = plain(&variable(lang, column));
        return match lang {
            Lang::En => format!("{column}, as a column of the imputation"),
            Lang::Ja => format!("多重代入に用いる列「{column}」"),
        };
    }
    match named(lang, "analysis", analysis) {
        known if known != analysis => plain(&known),
        _ => plain(&variable(lang, analysis)),
    }
}

fn left_out(analysis: &str, why: &str, lang: Lang) -> String {
    let what = what_was_left_out(analysis, lang);
    let column = why.strip_prefix("missing_column:").map(|c| plain(&variable(lang, c.trim())));
    let reason = plain(&named(lang, "note", why));
    match (lang, column) {
        (Lang::En, Some(column)) => {
            format!("Left out: {what}, because the column {column} is missing.")
        }
        (Lang::En, None) => format!("Left out: {what} ({reason})."),
        (Lang::Ja, Some(column)) => format!("{what}は省きました（必要な列がない：{column}）。"),
        (Lang::Ja, None) => format!("{what}は省きました（{reason}）。"),
    }
}

/// The group that a warning is about, in front of it.
fn of_group(group: Option<&str>, lang: Lang) -> String {
    match (group, lang) {
        (None, _) => String::new(),
        (Some(group), Lang::En) => format!("{}: ", verbatim(group)),
        (Some(group), Lang::Ja) => format!("{}：", verbatim(group)),
    }
}
