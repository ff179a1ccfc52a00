//! Sentences about a survey file.

use crate::number::{count, general};
use crate::phrase::plain;
use crate::terms::{named, variable, word};
use ssi_vocab::{
    Cause, Content, Decision, Entry, Intake, Lang, Outcome, Reason, Recognised, Rows, Rule, Why,
};
use unicode_width::UnicodeWidthStr;

/// Whether the file can be used, in a sentence.
pub(super) fn verdict(intake: &Intake, lang: Lang) -> String {
    let file = &intake.file;
    let n = intake.refusals.len();
    match (&intake.rows, intake.usable, lang) {
        (Some(rows), true, Lang::En) => format!(
            "{file} can be used: {} of {} rows, {} {}.",
            count(rows.used),
            count(rows.read),
            count(rows.respondents),
            if rows.respondents == 1 { "respondent" } else { "respondents" },
        ),
        (Some(rows), true, Lang::Ja) => format!(
            "{file} は使用できます（{}行中{}行、回答者{}人）。",
            count(rows.read),
            count(rows.used),
            count(rows.respondents)
        ),
        (_, _, Lang::En) => format!(
            "{file} is refused, for {}.",
            if n == 1 { "one reason".to_owned() } else { format!("{} reasons", count(n)) }
        ),
        (_, _, Lang::Ja) => format!("{file} は使用できません（理由：{}件）。", count(n)),
    }
}

/// How the file was read, with the reasons, and what became of its rows.
pub(super) fn facts(intake: &Intake, lang: Lang) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |key: &'static str, value: String| {
        facts.push((plain(word(lang, key)), value));
    };
    if let Some(layout) = &intake.layout {
        let decisions = [
            ("intake.format", &layout.format),
            ("intake.sheet", &layout.sheet),
            ("intake.encoding", &layout.encoding),
            ("intake.separator", &layout.separator),
            ("intake.header_row", &layout.header),
            ("intake.comma", &layout.comma),
        ];
        for (key, decision) in decisions {
            if let Some(decision) = decision {
                let others: Vec<&str> = match key {
                    "intake.sheet" if decision.why != Why::Asked => {
                        let names = layout.sheets.iter().map(String::as_str);
                        names.filter(|name| *name != decision.value).collect()
                    }
                    _ => Vec::new(),
                };
                fact(key, decided(key, decision, &others, lang));
            }
        }
    }
    if let Some(rows) = &intake.rows {
        fact("intake.rows", row_counts(rows, intake.usable, lang));
        if rows.rated_twice > 0 {
            fact("intake.rated_twice", count(rows.rated_twice));
        }
    }
    facts
}

fn row_counts(rows: &Rows, usable: bool, lang: Lang) -> String {
    if !usable {
        // What becomes of the rows is known of a file that can be used.
        return match lang {
            Lang::En => format!("{} read", count(rows.read)),
            Lang::Ja => format!("読み込み {}", count(rows.read)),
        };
    }
    let [read, used, excluded, dropped] =
        [rows.read, rows.used, rows.excluded, rows.dropped].map(count);
    match lang {
        Lang::En => format!("{read} read = {used} used + {excluded} excluded + {dropped} dropped"),
        Lang::Ja => {
            format!("読み込み {read} ＝ 使用 {used} ＋ 除外 {excluded} ＋ 対象外 {dropped}")
        }
    }
}

/// Facts for a terminal, their values in a column.
pub(super) fn facts_text(facts: &[(String, String)], lang: Lang) -> String {
    let colon = if lang == Lang::Ja { "：" } else { ": " };
    let width = facts.iter().map(|(key, _)| key.width()).max().unwrap_or(0);
    facts
        .iter()
        .map(|(key, value)| {
            let space = " ".repeat(width - key.width());
            format!("{key}{colon}{space}{value}\n")
        })
        .collect()
}

fn decided(key: &str, decision: &Decision, others: &[&str], lang: Lang) -> String {
    let value = match (key, decision.value.as_str(), lang) {
        ("intake.comma", "decimal", Lang::En) => "a decimal comma".to_owned(),
        ("intake.comma", "decimal", Lang::Ja) => "小数点".to_owned(),
        ("intake.comma", _, Lang::En) => "separates thousands".to_owned(),
        ("intake.comma", _, Lang::Ja) => "桁区切り".to_owned(),
        ("intake.encoding", "UTF-8 with a byte order mark", Lang::Ja) => {
            "UTF-8（BOM 付き）".to_owned()
        }
        ("intake.separator", "tab", Lang::Ja) => "タブ".to_owned(),
        ("intake.separator", "tab", Lang::En) => "tab".to_owned(),
        ("intake.separator", mark, _) => format!("`{mark}`"),
        (_, value, _) => value.to_owned(),
    };
    let why = match (key, decision.why, lang) {
        ("intake.sheet", Why::Known { known, of }, Lang::En) => {
            format!("{known} of its {of} headers are known, the most of any sheet")
        }
        ("intake.sheet", Why::Known { known, of }, Lang::Ja) => {
            format!("{of}個の見出しのうち{known}個が既知で、最も多いシート")
        }
        ("intake.sheet", Why::Tied { known, of }, Lang::En) => {
            format!(
                "{known} of its {of} headers are known, as many as in another sheet; the first of these"
            )
        }
        ("intake.sheet", Why::Tied { known, of }, Lang::Ja) => {
            format!(
                "{of}個の見出しのうち{known}個が既知。同数のシートがほかにもあり、その最初のシート"
            )
        }
        (_, reason, _) => why(reason, lang),
    };
    match (others.is_empty(), lang) {
        (true, Lang::En) => format!("{value} ({why})"),
        (true, Lang::Ja) => format!("{value}（{why}）"),
        (false, Lang::En) => format!(
            "{value} ({why}; the others are: {}; choose with --sheet NAME or number)",
            others.join(", ")
        ),
        (false, Lang::Ja) => format!(
            "{value}（{why}。ほかのシート：{}。別のシートは --sheet 名前か番号 で指定）",
            others.join("、")
        ),
    }
}

fn why(why: Why, lang: Lang) -> String {
    match (why, lang) {
        (Why::Asked, Lang::En) => "as you said".to_owned(),
        (Why::Asked, Lang::Ja) => "指定による".to_owned(),
        (Why::Mark, Lang::En) => "the file begins with its mark".to_owned(),
        (Why::Mark, Lang::Ja) => "ファイル先頭の BOM による".to_owned(),
        (Why::Content, Lang::En) => "by what it holds, not by its name".to_owned(),
        (Why::Content, Lang::Ja) => "名前ではなく内容による".to_owned(),
        (Why::Valid, Lang::En) => "every byte is valid in it".to_owned(),
        (Why::Valid, Lang::Ja) => "すべてのバイトが有効".to_owned(),
        (Why::Decodes, Lang::En) => {
            "it is no UTF-8 text, has no mark, and decodes as this without an error".to_owned()
        }
        (Why::Decodes, Lang::Ja) => {
            "UTF-8 のテキストではなく BOM もなく、この文字コードなら誤りなく読めるため".to_owned()
        }
        (Why::Even { alike, of, cells }, Lang::En) => format!(
            "by it, {} of the {} rows looked at have the same number of cells, {cells}",
            count(alike),
            count(of)
        ),
        (Why::Even { alike, of, cells }, Lang::Ja) => {
            format!("調べた{}行のうち{}行が{cells}列にそろうため", count(of), count(alike))
        }
        (Why::OneColumn, Lang::En) => "no separator was found".to_owned(),
        (Why::OneColumn, Lang::Ja) => "区切り文字が見つからないため".to_owned(),
        (Why::First { of: 1 }, Lang::En) => "the only one".to_owned(),
        (Why::First { of: 1 }, Lang::Ja) => "唯一のシート".to_owned(),
        (Why::First { of }, Lang::En) => {
            format!("the first of {of}")
        }
        (Why::First { of }, Lang::Ja) => {
            format!("{of}枚のうち最初のシート")
        }
        (Why::Table, Lang::En) => "the first sheet that holds a table".to_owned(),
        (Why::Table, Lang::Ja) => "表のある最初のシート".to_owned(),
        (Why::Known { known, of }, Lang::En) => {
            format!("{known} of its {of} headers are known, the most of any row")
        }
        (Why::Known { known, of }, Lang::Ja) => {
            format!("{of}個の見出しのうち{known}個が既知で、最も多い行")
        }
        (Why::NoneKnown, Lang::En) => {
            "the first row, because no row has a header that is known; another one: --header ROW"
                .to_owned()
        }
        (Why::NoneKnown, Lang::Ja) => {
            "既知の見出しがどの行にもないため、最初の行。別の行は --header 行番号 で指定".to_owned()
        }
        (Why::Shown, Lang::En) => "as other numbers of the file show".to_owned(),
        (Why::Shown, Lang::Ja) => "ファイル内のほかの数値による".to_owned(),
        (_, _) => String::new(),
    }
}

/// A canonical column, with its name in Japanese where that is the language.
pub(super) fn column(canonical: &str, lang: Lang) -> String {
    let title = plain(&variable(lang, canonical));
    match lang {
        Lang::Ja if title != canonical => format!("{title}（{canonical}）"),
        _ => canonical.to_owned(),
    }
}

/// What columns that were not recognised might be, and how to say so.
pub(super) fn guesses(columns: &[Recognised], lang: Lang) -> Vec<String> {
    let guess = |column: &Recognised| {
        let guess = column.guess.as_ref()?;
        let (header, canonical) = (&column.header, &guess.canonical);
        let known = self::column(canonical, lang);
        let like = content(guess.content, lang);
        // Between quotation marks of a shell there can be none.
        let map = format!("--map {canonical}='{}'", header.replace('\'', "'\\''"));
        Some(match (guess.by_name, lang) {
            (true, Lang::En) => {
                format!("`{header}` looks like {known} by its name and cells ({like}): add {map}")
            }
            (true, Lang::Ja) => format!(
                "列 `{header}` は、名前と内容（{like}）から、{known} と思われます。{map} を付けてください"
            ),
            (false, Lang::En) => {
                format!("`{header}` may be {known}, by its cells alone ({like}): if so, add {map}")
            }
            (false, Lang::Ja) => format!(
                "列 `{header}` は、内容（{like}）だけから見ると、{known} かもしれません。そうであれば {map} を付けてください"
            ),
        })
    };
    columns.iter().filter_map(guess).collect()
}

fn content(content: Content, lang: Lang) -> String {
    match (content, lang) {
        (Content::Numbers { low, high }, Lang::En) => {
            format!("numbers from {} to {}", general(low), general(high))
        }
        (Content::Numbers { low, high }, Lang::Ja) => {
            format!("{}～{}の数値", general(low), general(high))
        }
        (Content::Capped, Lang::En) => "counts such as 500+".to_owned(),
        (Content::Capped, Lang::Ja) => "500+ のような数".to_owned(),
        (Content::Dates, Lang::En) => "dates".to_owned(),
        (Content::Dates, Lang::Ja) => "日付".to_owned(),
        (Content::Words { different }, Lang::En) => {
            format!(
                "{} different {}",
                count(different),
                if different == 1 { "word" } else { "words" }
            )
        }
        (Content::Words { different }, Lang::Ja) => format!("{}種類の語句", count(different)),
    }
}

/// A rule with how often it was applied.
pub(super) fn problem(cause: Cause, n: usize, lang: Lang) -> String {
    let (family, code) = cause.code();
    let what = plain(&named(lang, family, code));
    use Rule::{Delimiter, Encoding, PersonalDropped, Pseudonymised, TwoHeaderRows};
    if let Cause::Rule(Encoding | Delimiter | TwoHeaderRows | Pseudonymised | PersonalDropped) =
        cause
    {
        return what;
    }
    let whole_rows = [Reason::RaggedRow, Reason::ConflictingDuplicate].map(Cause::Reason);
    let rows = cause.outcome() == Outcome::Dropped || whole_rows.contains(&cause);
    let unit = match cause {
        Cause::Rule(Rule::RatersAveraged) => "respondent",
        _ if rows => "row",
        _ => "cell",
    };
    match lang {
        Lang::En => format!("{what}: {} {unit}{}", count(n), if n == 1 { "" } else { "s" }),
        Lang::Ja => format!("{what}：{}件", count(n)),
    }
}

/// Where it was, what stood there, and what it was read as.
pub(super) fn example(entry: &Entry<'_>, lang: Lang) -> Option<String> {
    let mut found = entry.value.to_owned();
    if let (Cause::Rule(Rule::RatersAveraged), Ok(n)) = (entry.cause, found.parse::<usize>()) {
        found = match lang {
            Lang::En => format!("{n} ratings"),
            Lang::Ja => format!("{n}人の評定"),
        };
    } else if !found.is_empty() {
        found = format!("`{found}`");
    }
    let mut out = match (entry.row, lang) {
        (0, _) => String::new(),
        (row, Lang::En) => format!("row {}", count(row)),
        (row, Lang::Ja) => format!("{}行目", count(row)),
    };
    let [comma, colon] = match lang {
        Lang::En => [", ", ": "],
        Lang::Ja => ["、", "："],
    };
    let column = match (entry.header, entry.column) {
        ("", name) | (name, "") => name.to_owned(),
        (header, name) if header == name => name.to_owned(),
        (header, name) if lang == Lang::Ja => format!("{header}（{name}）"),
        (header, name) => format!("{header} ({name})"),
    };
    for (mark, part) in [(comma, column), (colon, found)] {
        if !part.is_empty() {
            let mark = if out.is_empty() { "" } else { mark };
            out.push_str(&format!("{mark}{part}"));
        }
    }
    let result = match (entry.result, entry.cause) {
        (what @ ("title" | "blank" | "totals" | "note"), _) => plain(&named(lang, "dropped", what)),
        (result, _) => result.to_owned(),
    };
    if !result.is_empty() {
        out.push_str(&format!(" → {result}"));
    }
    (!out.is_empty()).then_some(out)
}

/// That there are more.
pub(super) fn more(n: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("and {} more; --ledger OUT.csv lists them all", count(n)),
        Lang::Ja => format!("ほか{}件（--ledger OUT.csv で全件を出力）", count(n)),
    }
}
