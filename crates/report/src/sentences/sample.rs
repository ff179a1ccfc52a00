//! Who was studied, and what was left out.

use crate::findings::Findings;
use crate::number::{count, date};
use crate::phrase::spaced;
use ssi_vocab::{Estimate, Lang, Reason, StudyFacts};
use std::collections::BTreeSet;

/// How many rows, respondents and raters, and how many enter the main analysis.
pub(crate) fn who(f: Findings<'_>, study: &StudyFacts, lang: Lang) -> Vec<String> {
    let input = &study.input;
    let before = match &study.filter {
        None => Some(input.respondents),
        Some(filter) => filter.respondents_before,
    };
    let mut out: Vec<String> =
        before.map(|before| rows_and_respondents(study, before, lang)).into_iter().collect();
    if let Some(filter) = &study.filter {
        let (kept, condition) = (count(input.respondents), &filter.condition);
        out.push(match (lang, filter.respondents_before) {
            (Lang::En, Some(_)) => {
                format!("The study uses the {kept} of them for whom {condition} holds.")
            }
            (Lang::Ja, Some(_)) => {
                format!("分析の対象は、条件「{condition}」に合う{kept}人です。")
            }
            (Lang::En, None) => format!(
                "The study uses the {kept} respondents for whom {condition} holds; fewer than {} were left out by it, or it leaves fewer.",
                count(study.smallest_group)
            ),
            (Lang::Ja, None) => format!(
                "分析の対象は、条件「{condition}」に合う{kept}人です（条件で除かれた人、または残った人が{}人未満のため、元の人数は示しません）。",
                count(study.smallest_group)
            ),
        });
    }

    if input.rated_twice != Some(0) {
        let n = rated_twice(study, lang);
        out.push(match (lang, input.rated_twice) {
            (Lang::En, Some(_)) => format!(
                "{n} of them were scored by two raters or more; the analyses use the mean of the raters."
            ),
            (Lang::En, None) => format!(
                "Some of them, {n}, were scored by two raters or more; the analyses use the mean of the raters."
            ),
            (Lang::Ja, _) => format!(
                "このうち{n}は2人以上の評定者が採点しており、分析には評定者の平均を用いました。"
            ),
        });
    }
    if let Some(e) = f.primary() {
        out.push(analysed(f, e, lang));
    }
    if let Some((first, last)) = &study.ssi_dates {
        let month = first.len() == "2018-07".len();
        let (first, last) = (date(first, lang), date(last, lang));
        out.push(match lang {
            Lang::En if first == last && month => format!("SSI was read in {first}."),
            Lang::Ja if month && first == last => format!("SSI の確認月は{first}です。"),
            Lang::Ja if month => format!("SSI の確認月は{first}から{last}までです。"),
            Lang::En if first == last => format!("SSI was read on {first}."),
            Lang::En => format!("SSI was read between {first} and {last}."),
            Lang::Ja if first == last => format!("SSI の確認日は{first}です。"),
            Lang::Ja => format!("SSI の確認日は{first}から{last}までです。"),
        });
    }
    out
}

/// How many were scored by two raters or more, as far as the report tells it.
pub(crate) fn rated_twice(study: &StudyFacts, lang: Lang) -> String {
    match (study.input.rated_twice, lang) {
        (Some(n), Lang::En) => count(n),
        (Some(n), Lang::Ja) => format!("{}人", count(n)),
        (None, Lang::En) => format!("fewer than {}", count(study.smallest_group)),
        (None, Lang::Ja) => format!("{}人未満", count(study.smallest_group)),
    }
}

/// The rows of the file, and how many respondents they describe.
fn rows_and_respondents(study: &StudyFacts, before: usize, lang: Lang) -> String {
    let (input, respondents) = (&study.input, count(before));
    let Some(read) = input.rows_read else {
        return match (lang, input.rows_excluded) {
            (Lang::En, 0) => {
                format!("The file describes {respondents} respondents; no row was left out whole.")
            }
            (Lang::En, n) => format!(
                "The file describes {respondents} respondents; rows left out whole: {}.",
                count(n)
            ),
            (Lang::Ja, 0) => {
                format!("回答者は{respondents}人で、行全体を除外したものはありません。")
            }
            (Lang::Ja, n) => {
                format!("回答者は{respondents}人です（{}行は行全体を除外）。", count(n))
            }
        };
    };
    let rows = count(read);
    if input.rows_dropped > 0 {
        let used = count(read.saturating_sub(input.rows_excluded + input.rows_dropped));
        return with_dropped(study, [&rows, &used, &respondents], lang);
    }
    match (lang, input.rows_excluded) {
        (Lang::En, 0) => format!(
            "The file has {rows} data rows; they describe {respondents} respondents, and no row was left out whole."
        ),
        (Lang::En, 1) => format!(
            "The file has {rows} data rows; 1 was left out whole, and the rest describe {respondents} respondents."
        ),
        (Lang::En, n) => format!(
            "The file has {rows} data rows; {} were left out whole, and the rest describe {respondents} respondents.",
            count(n)
        ),
        (Lang::Ja, 0) => {
            format!("データは{rows}行で、行全体を除外したものはなく、回答者は{respondents}人です。")
        }
        (Lang::Ja, n) => format!(
            "データは{rows}行で、このうち{}行は行全体を除外しました。残りの行の回答者は{respondents}人です。",
            count(n)
        ),
    }
}

/// The same where some rows are no answers: parts that add up to all.
fn with_dropped(study: &StudyFacts, [rows, used, respondents]: [&str; 3], lang: Lang) -> String {
    let (excluded, dropped) = (study.input.rows_excluded, study.input.rows_dropped);
    match lang {
        Lang::En => {
            let out = match excluded {
                0 => "none was left out whole".to_owned(),
                1 => "1 was left out whole".to_owned(),
                n => format!("{} were left out whole", count(n)),
            };
            let no_answer = match dropped {
                1 => "1 is no answer (a total or a repeated row)".to_owned(),
                n => format!("{} are no answers (totals or repeated rows)", count(n)),
            };
            format!(
                "The file has {rows} data rows: {out}, {no_answer}, and the other {used} describe {respondents} respondents."
            )
        }
        Lang::Ja => {
            let out = match excluded {
                0 => "行全体を除外したものはなく".to_owned(),
                n => format!("{}行は行全体を除外し", count(n)),
            };
            format!(
                "データは{rows}行で、このうち{out}、{}行は合計行や重複した行のため回答に数えていません。残りの{used}行の回答者は{respondents}人です。",
                count(dropped)
            )
        }
    }
}

/// Why Hall's interval of a mean stands beside the t interval; nothing where it does not.
pub(crate) fn means(f: Findings<'_>, lang: Lang) -> Option<&'static str> {
    let hall = |e: &Estimate| e.interval.as_ref().is_some_and(|i| i.method == "hall");
    f.results.estimates.iter().any(hall).then_some(match lang {
        Lang::En => {
            "The t interval of a mean is too narrow where few users are drawn from a strongly skewed distribution: in simulated samples of 30 users from one like Engage's (skewness 1.9) a 95% interval included the true mean in 92% of samples. Hall's interval is corrected for the skewness of the sample, reaches further towards the long tail, and included it in 95%. Where the two differ, read Hall's; with hundreds of users they agree."
        }
        Lang::Ja => {
            "平均の t 分布による信頼区間は、強く歪んだ分布から少人数を選んだときには狭すぎます。エンゲージの柱に似た分布（歪度 1.9）から30人を選ぶシミュレーションでは、95%信頼区間が真の平均を含む割合は92%でした。ホール法の区間は標本の歪度で補正したもので、裾の長い側に広く、この割合は95%でした。両者が異なる場合はホール法の区間を参照してください。数百人いれば両者はほぼ一致します。"
        }
    })
}

fn analysed(f: Findings<'_>, e: &Estimate, lang: Lang) -> String {
    let (x, y) = (f.x(lang), f.y(lang));
    let (n, out) = (count(e.n_obs), count(e.n_excluded));
    let whole_rows = f.results.study.as_ref().is_some_and(|study| study.input.rows_excluded > 0);
    match lang {
        _ if e.n_excluded == 0 => match lang {
            Lang::En => format!("All {n} enter the main analysis."),
            Lang::Ja => format!("主な分析には{n}人全員が含まれます。"),
        },
        Lang::En => {
            let who = if e.n_excluded == 1 { "respondent is" } else { "respondents are" };
            let rows = if whole_rows { ", or their rows could not be used" } else { "" };
            format!(
                "The main analysis rests on {n} complete cases; {out} {who} left out because {x} or {y} is missing{rows}."
            )
        }
        Lang::Ja => spaced(&format!(
            "主な分析の対象は、{x}と{y}の両方がそろった{n}人です（{out}人を除外、完全ケース分析）。"
        )),
    }
}

/// How many respondents lack both variables of the main analysis, so that the counts by reason
/// can be added up.
pub(crate) fn lacks_both(f: Findings<'_>, lang: Lang) -> Option<String> {
    let (x, y) = f.pair();
    let rows = |column: &str| -> BTreeSet<usize> {
        let missing = f.results.excluded.iter().filter(|e| e.reason == Reason::Missing);
        missing.filter(|e| e.column == column).map(|e| e.row).collect()
    };
    let (of_x, of_y) = (rows(x), rows(y));
    let n = of_x.intersection(&of_y).count();
    if n == 0 {
        return None;
    }
    let (x, y) = (f.x(lang), f.y(lang));
    Some(match (n, lang) {
        (1, Lang::En) => format!("1 respondent lacks both {x} and {y}."),
        (n, Lang::En) => format!("{} respondents lack both {x} and {y}.", count(n)),
        (n, Lang::Ja) => spaced(&format!("うち{}人は、{x}と{y}の両方が欠測しています。", count(n))),
    })
}

/// How many users the main analysis rests on, for the note of the summary picture.
pub(crate) fn analysed_short(e: &Estimate, lang: Lang) -> String {
    let (n, out) = (count(e.n_obs), count(e.n_excluded));
    match lang {
        Lang::En => format!("{n} users ({out} left out)."),
        Lang::Ja => format!("分析対象は{n}人（{out}人を除外）。"),
    }
}

/// That a long list goes on in a file.
pub(crate) fn more_rows(hidden: usize, lang: Lang) -> String {
    let n = count(hidden);
    match lang {
        Lang::En => format!("{n} more stand in excluded.csv."),
        Lang::Ja => format!("残りの{n}件は excluded.csv にあります。"),
    }
}

/// That nothing was left out or normalised.
pub(crate) fn nothing_left_out(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Nothing was left out.",
        Lang::Ja => "除外したものはありません。",
    }
}

/// That every value was read as it stood.
pub(crate) fn nothing_changed(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Every value was read as it stood.",
        Lang::Ja => "すべての値をそのまま読み取りました。",
    }
}

/// That there is nothing to warn of.
pub(crate) fn nothing_to_warn(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Nothing that the program checks calls for caution.",
        Lang::Ja => "プログラムが確認する範囲では、特に注意すべき点はありません。",
    }
}
