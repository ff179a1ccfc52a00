//! Reports and tables as Markdown (the GitHub kind).

use crate::blocks::{Block, TableBlock};
use crate::document::document;
use crate::phrase::plain;
use crate::sentences::answer;
use crate::tables;
use crate::terms::word;
use ssi_vocab::{Lang, Results};

/// The report of a study as Markdown; its pictures stand in `figures/<slug>.<lang>.png`.
pub fn markdown(results: &Results, lang: Lang) -> String {
    let document = document(results, lang);
    let mut out = String::new();
    for (i, section) in document.sections.iter().enumerate() {
        let level = if i == 0 { "#" } else { "##" };
        push(&mut out, &format!("{level} {}", escape(&section.title)));
        if let Some(mark) = document.mark.as_deref().filter(|_| i == 0) {
            push(&mut out, &format!("> **{}** {}", escape(mark), answer::synthetic(lang)));
        }
        for block in &section.blocks {
            push_block(&mut out, block, lang);
        }
    }
    if let Some(mark) = &document.mark {
        push(&mut out, &format!("**{}**", escape(mark)));
    }
    out
}

/// The results of a command as Markdown tables.
pub fn markdown_table(results: &Results, lang: Lang) -> String {
    let mut out = String::new();
    let tables = tables::estimate_tables(results, lang);
    let fitted = results.glance.is_some() || !results.models.is_empty();
    let titled = tables.len() > 1 || fitted;
    for table in &tables {
        push_table(&mut out, table, titled);
    }
    let fits = results.glance.iter().chain(results.models.iter().map(|m| &m.glance));
    for glance in fits {
        let items: Vec<String> = tables::glance(glance, lang)
            .iter()
            .map(|(label, value)| format!("- {}: {}", escape(label), escape(value)))
            .collect();
        push(&mut out, &items.join("\n"));
        if !glance.checks.is_empty() {
            push_table(
                &mut out,
                &tables::checks(&glance.checks.iter().collect::<Vec<_>>(), glance.n_obs, lang),
                true,
            );
        }
    }
    let left_out = tables::left_out_lines(&results.excluded, lang);
    if !left_out.is_empty() {
        push(&mut out, &format!("**{}**", escape(&plain(word(lang, "left_out.title")))));
        let items: Vec<String> = left_out.iter().map(|l| format!("- {}", escape(l))).collect();
        push(&mut out, &items.join("\n"));
    }
    out
}

fn push(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
    out.push('\n');
}

pub(crate) fn push_block(out: &mut String, block: &Block, lang: Lang) {
    match block {
        Block::Answer(text) => push(out, &format!("**{}**", escape(text))),
        Block::Paragraph(text) | Block::Remark(text) => push(out, &line(text)),
        Block::Subheading(text) => push(out, &format!("### {}", escape(text))),
        Block::Table(table) => push_table(out, table, true),
        Block::Figure { slug, caption } => {
            let (alt, title) = (escape(&caption.alt), escape(&caption.title));
            let image =
                format!("![{}](figures/{slug}.{}.png)", alt.replace('\n', " "), lang.code());
            push(out, &image);
            let mark = caption.mark.as_deref().map(|m| format!(" — {}", escape(m)));
            push(out, &format!("*{title}*{}", mark.unwrap_or_default()));
        }
        Block::List(items) => {
            let items: Vec<String> = items.iter().map(|i| format!("- {}", line(i))).collect();
            push(out, &items.join("\n"));
        }
        Block::Facts(facts) => {
            let columns = vec![(String::new(), false), (String::new(), false)];
            let rows = facts.iter().map(|(k, v)| vec![k.clone(), v.clone()]).collect();
            push_table(out, &TableBlock::new(String::new(), columns, rows), false);
        }
        Block::Code(code) => {
            // A fence longer than any run of backticks inside it can't be closed by them.
            let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            push(out, &format!("{fence}text\n{code}\n{fence}"));
        }
        Block::Details { summary, blocks } => {
            push(out, &format!("<details><summary>{}</summary>", escape(summary)));
            for block in blocks {
                push_block(out, block, lang);
            }
            push(out, "</details>");
        }
    }
}

fn push_table(out: &mut String, table: &TableBlock, titled: bool) {
    if titled {
        push(out, &format!("**{}**", escape(&table.caption)));
    }
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let mut lines = vec![row(table.header.iter().map(|h| escape(h)).collect())];
    let rules = table.numeric.iter().map(|n| if *n { "---:" } else { "---" }.to_owned());
    lines.push(row(rules.collect()));
    lines.extend(table.rows.iter().map(|cells| row(cells.iter().map(|c| escape(c)).collect())));
    push(out, &lines.join("\n"));
}

/// Text that means itself: no markup, no HTML, no new cell, on one line.
fn escape(text: &str) -> String {
    let text = plain(text);
    let chars: Vec<char> = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut out = String::with_capacity(text.len());
    for (i, c) in chars.iter().enumerate() {
        let inside_word = |at: Option<usize>| {
            at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric())
        };
        let next = chars.get(i + 1);
        match c {
            // A tag begins with a letter or a mark, never with a space as in "p < .001".
            '<' if next.is_some_and(|n| !n.is_whitespace()) => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '|' => {
                out.push('\\');
                out.push(*c);
            }
            '_' if !(inside_word(i.checked_sub(1)) && inside_word(Some(i + 1))) => {
                out.push_str("\\_");
            }
            // Only a bracket followed by another makes a link.
            ']' if matches!(next, Some('(' | '[')) => out.push_str("\\]"),
            c => out.push(*c),
        }
    }
    out
}

/// Escaped text that begins a line, where a few more characters are markup.
fn line(text: &str) -> String {
    let text = escape(text);
    let marked =
        text.starts_with(['#', '>', '-', '+', '=']) || text.starts_with('[') && text.contains("]:");
    if marked { format!("\\{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_the_users_means_itself() {
        assert_eq!(escape("a|b"), r"a\|b");
        assert_eq!(escape("<script>"), "&lt;script>");
        assert_eq!(escape("[x](http://y)"), r"[x\](http://y)");
        assert_eq!(escape("score_total _x_"), r"score_total \_x\_");
        assert_eq!(escape("two\nlines"), "two lines");
        assert_eq!(escape("r = .60, 95% CI [.50, .68]"), "r = .60, 95% CI [.50, .68]");
    }
}
