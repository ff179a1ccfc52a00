//! What a terminal shows: aligned tables, warnings, the end of a study.

use crate::blocks::TableBlock;
use crate::findings::{Findings, small, within};
use crate::number::{UNDEFINED, count};
use crate::phrase::plain;
use crate::sentences::{answer, claims, primary, sample, warnings};
use crate::tables;
use crate::terms::{named, word};
use ssi_vocab::{Check, Glance, Lang, PHRASE_BREAK, Results, Warning};
use unicode_width::UnicodeWidthStr;

/// Long sentences are wrapped at this many columns.
const WIDTH: usize = 80;

/// The results of a command as aligned tables: a row a described column, a row a correlation, a
/// row a coefficient with the fit statistics and checks below, and at the end what was left out.
pub fn text_table(results: &Results, lang: Lang) -> String {
    let tables = tables::estimate_tables(results, lang);
    // A title tells tables apart; one alone is known from the command.
    let fitted = results.glance.is_some() || !results.models.is_empty();
    let titled = tables.len() > 1 || fitted;
    let mut parts: Vec<String> = tables.iter().map(|t| aligned(t, titled)).collect();
    parts.extend(results.glance.as_ref().map(|g| fit_lines(g, lang)));
    for model in &results.models {
        let name = plain(&named(lang, "model", &model.id));
        let lines = fit_lines(&model.glance, lang);
        parts.push(format!("{name}: {}\n{lines}", model.formula));
    }
    parts.extend(left_out(results, lang));
    hyphens(&parts.join("\n"))
}

/// How many cells were left out, by column and reason: a spreadsheet's gaps belong beside what was
/// computed without them.
fn left_out(results: &Results, lang: Lang) -> Option<String> {
    let lines = tables::left_out_lines(&results.excluded, lang);
    let listed: String = lines.iter().map(|line| format!("  {}\n", one_line(line))).collect();
    let title = plain(word(lang, "left_out.title"));
    let colon = if lang == Lang::Ja { "：" } else { ":" };
    (!lines.is_empty()).then(|| format!("{title}{colon}\n{listed}"))
}

/// A table with its columns aligned by display width (a Japanese character takes two columns).
pub(crate) fn aligned(table: &TableBlock, titled: bool) -> String {
    let header: Vec<String> = table.header.iter().map(|h| plain(h)).collect();
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect()).collect();
    let widths: Vec<usize> = (0..header.len())
        .map(|i| {
            let cells = rows.iter().filter_map(|row| row.get(i)).map(|cell| cell.width());
            cells.chain([header[i].width()]).max().unwrap_or(0)
        })
        .collect();
    let line = |columns: &[usize], cells: &dyn Fn(usize) -> String| {
        let padded: Vec<String> = columns
            .iter()
            .map(|i| {
                let cell = cells(*i);
                let space = " ".repeat(widths[*i].saturating_sub(cell.width()));
                if table.numeric[*i] { format!("{space}{cell}") } else { format!("{cell}{space}") }
            })
            .collect();
        padded.join("  ").trim_end().to_owned() + "\n"
    };
    let mut out = String::new();
    if titled {
        out.push_str(&plain(&table.caption));
        out.push('\n');
    }
    let (parts, same) = arranged(&widths, &table.numeric, &rows);
    for (place, columns) in parts.iter().enumerate() {
        if place > 0 {
            out.push('\n');
        }
        out.push_str(&line(columns, &|i| header[i].clone()));
        out.push_str(&line(columns, &|i| "-".repeat(widths[i])));
        for row in &rows {
            out.push_str(&line(columns, &|i| row[i].clone()));
        }
    }
    if !same.is_empty() {
        out.push_str(&filled(same.iter().map(|i| format!("{}: {}", header[*i], rows[0][*i]))));
    }
    out
}

/// A table wider than this is arranged anew.
const WIDEST: usize = 150;

/// The columns of a table, in one part where they fit; else what every row says alike is taken out
/// (it is said once, below), and what is still too wide goes on in further parts that repeat the
/// texts in front.
fn arranged(
    widths: &[usize],
    numeric: &[bool],
    rows: &[Vec<String>],
) -> (Vec<Vec<usize>>, Vec<usize>) {
    let needed = |columns: &[usize]| columns.iter().map(|i| widths[*i] + 2).sum::<usize>();
    let all: Vec<usize> = (0..widths.len()).collect();
    if needed(&all) <= WIDEST + 2 {
        return (vec![all], Vec::new());
    }
    let alike =
        |i: &usize| rows.len() > 1 && *i > 0 && rows.iter().all(|row| row[*i] == rows[0][*i]);
    let (same, own): (Vec<usize>, Vec<usize>) = all.into_iter().partition(alike);
    // The texts in front say what a row is about.
    let mut keys: Vec<usize> = own.iter().copied().take_while(|i| !numeric[*i]).collect();
    while keys.len() > 1 && needed(&keys) > WIDEST / 2 {
        keys.pop();
    }
    let mut parts = vec![keys.clone()];
    for column in own.into_iter().skip(keys.len()) {
        let last = parts.len() - 1;
        if parts[last].len() > keys.len() && needed(&parts[last]) + widths[column] > WIDEST {
            parts.push(keys.clone());
        }
        let last = parts.len() - 1;
        parts[last].push(column);
    }
    (parts, same)
}

/// A cell without places to break, and without control characters that could move a cursor.
fn one_line(cell: &str) -> String {
    plain(cell).chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Fit statistics and checks, a few on a line.
fn fit_lines(glance: &Glance, lang: Lang) -> String {
    let mut entries = tables::glance(glance, lang);
    entries.extend(glance.checks.iter().map(|c| check_entry(c, lang)));
    filled(entries.into_iter().map(|(label, value)| {
        format!("{} = {value}", plain(&label)).replace("= <", "<").replace("= >", ">")
    }))
}

/// Entries side by side, as many on a line as fit.
fn filled(entries: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    let mut column = 0;
    for entry in entries {
        if column > 0 && column + entry.width() + 3 > WIDTH {
            out.push('\n');
            column = 0;
        }
        if column > 0 {
            out.push_str("   ");
            column += 3;
        }
        column += entry.width();
        out.push_str(&entry);
    }
    out.push('\n');
    out
}

fn check_entry(check: &Check, lang: Lang) -> (String, String) {
    let label = named(lang, "check", &check.name);
    let note = check.note.map(|note| plain(&named(lang, "note", note.code())));
    let Some(value) = check.value.map(crate::number::general) else {
        let why = note.unwrap_or_default();
        return match lang {
            Lang::En => (label, format!("{UNDEFINED} ({why})")),
            Lang::Ja => (label, format!("{UNDEFINED}（{why}）")),
        };
    };
    // A chi-squared whose groups depend on the data is nothing without its degrees of freedom.
    let df = check.df.filter(|_| check.name == "hosmer_lemeshow").map(crate::number::general);
    match (check.p_value, lang) {
        (Some(p), Lang::En) if df.is_some() => {
            let df = df.unwrap_or_default();
            (label, format!("{value} (df = {df}, {})", crate::number::p(p, lang)))
        }
        (Some(p), Lang::Ja) if df.is_some() => {
            let df = df.unwrap_or_default();
            (label, format!("{value}（自由度 {df}、{}）", crate::number::p(p, lang)))
        }
        (Some(p), Lang::En) => (label, format!("{value} ({})", crate::number::p(p, lang))),
        (Some(p), Lang::Ja) => (label, format!("{value}（{}）", crate::number::p(p, lang))),
        (None, _) => (label, value),
    }
}

/// Minus signs as hyphens, which every terminal and every pasting hand understands.
pub(crate) fn hyphens(text: &str) -> String {
    text.replace('−', "-")
}

/// The warnings, a line each with a mark in front; empty where there are none.
pub fn warnings_text(results: &Results, lang: Lang) -> String {
    let lines = warnings::all(&results.warnings, lang).into_iter().map(|text| {
        let text = one_line(&text);
        match lang {
            Lang::En => format!("warning: {text}\n"),
            Lang::Ja => format!("注意：{text}\n"),
        }
    });
    hyphens(&lines.collect::<String>())
}

/// What the terminal says at the end of a study: the mark of synthetic data, the answer, the
/// verdict, who was studied and what to know before trusting a number. Where the report was
/// written is the caller's to add.
pub fn study_summary(results: &Results, lang: Lang) -> String {
    let f = Findings::new(results);
    let mut paragraphs = Vec::new();
    if let Some(mark) = f.mark(lang) {
        paragraphs.push(match lang {
            Lang::En => format!("[{mark}] {}", answer::synthetic(lang)),
            Lang::Ja => format!("［{mark}］{}", answer::synthetic(lang)),
        });
    }
    paragraphs.push(answer::whole(f, lang));
    paragraphs.extend(f.hypothesis().map(|c| primary::verdict(f, c, lang)));
    if let Some(study) = &results.study {
        let who = sample::who(f, study, lang);
        paragraphs.push(match lang {
            Lang::En => who.join(" "),
            Lang::Ja => who.concat(),
        });
    }
    if !tables::counts(results).is_empty() {
        paragraphs.push(reasons(results, lang));
    }
    let other: Vec<Warning> =
        results.warnings.iter().filter(|w| **w != Warning::Synthetic).cloned().collect();
    paragraphs.extend(warnings::all(&other, lang).into_iter().map(|text| match lang {
        Lang::En => format!("Note: {text}"),
        Lang::Ja => format!("注意：{text}"),
    }));
    let wrapped: Vec<String> = paragraphs.iter().map(|p| wrap(p)).collect();
    let mut out = wrapped.join("\n");
    for line in claims::lines(f, lang) {
        out.push('\n');
        out.push_str(&line);
    }
    hyphens(&out)
}

/// What was left out, by reason: `missing value (SSI 9, profile score 4)`.
fn reasons(results: &Results, lang: Lang) -> String {
    let mut each: Vec<(&str, Vec<String>)> = Vec::new();
    for left_out in tables::counts(results) {
        let (reason, n) = (left_out.reason.code(), count(left_out.count));
        let column = match left_out.column.as_str() {
            "" => small(plain(word(lang, "header.whole_row")), lang),
            name => within(name, lang),
        };
        let text = match lang {
            Lang::En => format!("{column} {n}"),
            Lang::Ja => format!("{column} {n}件"),
        };
        match each.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, columns)) => columns.push(text),
            None => each.push((reason, vec![text])),
        }
    }
    let each: Vec<String> = each
        .into_iter()
        .map(|(reason, columns)| {
            let reason = small(plain(&named(lang, "reason", reason)), lang);
            match lang {
                Lang::En => format!("{reason} ({})", columns.join(", ")),
                Lang::Ja => format!("{reason}（{}）", columns.join("、")),
            }
        })
        .collect();
    let label = word(lang, "table.left_out");
    match lang {
        Lang::En => format!("{label}: {}.", each.join("; ")),
        Lang::Ja => format!("{label}：{}。", each.join("、")),
    }
}

/// Wraps a paragraph at spaces and between the phrases of Japanese: at the marks, after punctuation
/// and where a word begins after kana.
pub(crate) fn wrap(text: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    let mut piece = String::new();
    let mut chars = text.chars().map(|c| if c.is_control() { ' ' } else { c }).peekable();
    while let Some(c) = chars.next() {
        if c != PHRASE_BREAK {
            piece.push(c);
        }
        let next = chars.peek().copied();
        let breakable = match next {
            None => true,
            Some(n) if "、。，．）」』］：；？！ー～%）".contains(n) => false,
            // Equations stay whole, as do "SSI の", "p 値" and "SSI 5".
            Some(n) if c == ' ' => {
                n != '=' && !piece.ends_with("= ") && !kana(n) && n != '値' && !n.is_ascii_digit()
            }
            Some(n) => {
                c == PHRASE_BREAK
                    || "、。，」）：；］".contains(c)
                    || kana(c) && (wide(n) || n.is_ascii_alphanumeric()) && !kana(n)
            }
        };
        if breakable {
            let width = piece.trim_end().width();
            if column > 0 && column + width > WIDTH {
                out.truncate(out.trim_end().len());
                out.push('\n');
                column = 0;
            }
            column += piece.width();
            out.push_str(&piece);
            piece.clear();
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// A character of Japanese text, between two of which a line may break.
fn wide(c: char) -> bool {
    c >= '\u{3040}'
}

/// Hiragana: particles and endings, after which the next word begins.
fn kana(c: char) -> bool {
    ('\u{3041}'..='\u{309f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wrapped_line_is_too_wide_or_begins_with_a_closing_mark() {
        let ja = "プロフィール得点が高いユーザーほど、SSI も高い傾向がみられました（相関係数 r = 0.60、95%信頼区間 [0.50, 0.68]、n = 200）。得点で説明されるのは SSI の分散の約36%です。";
        let en = "Users with a higher profile score tend to have a higher SSI: r = .60, 95% CI [.50, .68], n = 200.";
        for text in [ja, en] {
            let wrapped = wrap(text);
            assert!(wrapped.lines().count() > 1);
            for line in wrapped.lines() {
                assert!(line.width() <= WIDTH, "{line}");
                assert!(!line.starts_with(['、', '。', '）', ' ']), "{line}");
            }
            let joined: String = wrapped.split_whitespace().collect();
            assert_eq!(joined, text.split_whitespace().collect::<String>());
        }
    }

    #[test]
    fn a_wide_table_says_once_what_all_rows_share_and_goes_on_below() {
        let titles: Vec<(String, bool)> =
            (0..12).map(|i| (format!("a column numbered {i:02}"), i > 0)).collect();
        let row = |name: &str, v: usize| -> Vec<String> {
            let cell = |i: usize| if i % 2 == 1 { "same".to_owned() } else { (i * v).to_string() };
            (0..12).map(|i| if i == 0 { name.to_owned() } else { cell(i) }).collect()
        };
        let wide = TableBlock::new(String::new(), titles.clone(), vec![row("x", 3), row("y", 5)]);
        let text = aligned(&wide, false);
        assert!(text.lines().all(|line| line.len() <= WIDEST), "{text}");
        assert!(text.ends_with("a column numbered 11: same\n"), "{text}");
        assert_eq!(text.matches("same").count(), 6, "{text}");
        // Nothing is alike in one row: the table goes on, each part with its first column.
        let one = aligned(&TableBlock::new(String::new(), titles, vec![row("x", 3)]), false);
        assert!(one.lines().all(|line| line.len() <= WIDEST), "{one}");
        assert_eq!(one.lines().filter(|line| line.starts_with("x ")).count(), 3, "{one}");
        assert_eq!(one.matches("same").count(), 6, "{one}");
    }
}
