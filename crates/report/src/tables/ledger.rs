//! What was left out and what was normalised on reading.

use super::header;
use crate::blocks::TableBlock;
use crate::findings::small;
use crate::number;
use crate::phrase::plain;
use crate::terms::{named, variable, word};
use ssi_vocab::{Change, Exclusion, Lang, LeftOut, Results, Rule};
use std::collections::BTreeSet;

/// How often each reason left something out, by column: the most frequent first.
pub(crate) fn counts(results: &Results) -> Vec<LeftOut> {
    match results.excluded.as_slice() {
        [] => results.left_out.clone(),
        excluded => LeftOut::counted(excluded),
    }
}

/// The same as a table.
pub(crate) fn left_out(counts: &[LeftOut], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.reason", false),
        header(lang, "header.column", false),
        header(lang, "header.cells", true),
    ];
    let cells = counts
        .iter()
        .map(|c| {
            vec![
                named(lang, "reason", c.reason.code()),
                column_name(lang, &c.column),
                number::count(c.count),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.left_out").to_owned(), columns, cells)
}

/// The same in lines, for the end of a command's output: `score_total: missing value, 3 cells`.
pub(crate) fn left_out_lines(excluded: &[Exclusion], lang: Lang) -> Vec<String> {
    const MOST: usize = 6;
    let counts = LeftOut::counted(excluded);
    // One more line is no longer than saying that there is one more.
    let shown = if counts.len() > MOST + 1 { MOST } else { counts.len() };
    let line = |LeftOut { column, reason, count: n }: &LeftOut| {
        let (name, unit) = if column.is_empty() {
            (plain(word(lang, "header.whole_row")), "row")
        } else {
            (column.clone(), "cell")
        };
        let reason = plain(&named(lang, "reason", reason.code()));
        let cells = number::count(*n);
        match lang {
            Lang::En => {
                let plural = if *n == 1 { "" } else { "s" };
                format!("{name}: {}, {cells} {unit}{plural}", small(reason, lang))
            }
            Lang::Ja => format!("{name}：{reason}、{cells}件"),
        }
    };
    let mut lines: Vec<String> = counts[..shown].iter().map(line).collect();
    if shown < counts.len() {
        let more = number::count(counts.len() - shown);
        lines.push(word(lang, "left_out.more").replace("{n}", &more));
    }
    lines
}

/// Each exclusion once: several analyses may leave out the same cell for the same reason.
pub(crate) fn once(excluded: &[Exclusion]) -> Vec<&Exclusion> {
    excluded.iter().collect::<BTreeSet<_>>().into_iter().collect()
}

/// A column in words; exclusions without one are about a whole row.
fn column_name(lang: Lang, column: &str) -> String {
    if column.is_empty() {
        word(lang, "header.whole_row").to_owned()
    } else {
        variable(lang, column)
    }
}

/// Each exclusion with its row.
pub(crate) fn excluded(excluded: &[&Exclusion], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.row", true),
        header(lang, "header.column", false),
        header(lang, "header.found", false),
        header(lang, "header.reason", false),
    ];
    let cells = excluded
        .iter()
        .map(|e| {
            vec![
                number::count(e.row),
                column_name(lang, &e.column),
                e.value.clone(),
                named(lang, "reason", e.reason.code()),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.excluded").to_owned(), columns, cells)
}

/// What was found, with a unit where it is a bare number of raters.
fn found(change: &Change, lang: Lang) -> String {
    match (change.rule, change.found.parse::<usize>(), lang) {
        (Rule::RatersAveraged, Ok(n), Lang::En) => format!("{n} ratings"),
        (Rule::RatersAveraged, Ok(n), Lang::Ja) => format!("{n}人の評定"),
        _ => change.found.clone(),
    }
}

/// Each rule that was applied on reading, with a first example.
pub(crate) fn changes(changes: &[Change], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.rule", false),
        header(lang, "header.column", false),
        header(lang, "header.count", true),
        // A report that is not local has no rows, and a column without content is not shown.
        header(lang, "header.row", true),
        header(lang, "header.found", false),
        header(lang, "header.read_as", false),
    ];
    let cells = changes
        .iter()
        .map(|c| {
            // A rule has the same code in JSON, which is the only name it gives itself.
            let code = serde_json::to_value(c.rule)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default();
            vec![
                named(lang, "rule", &code),
                variable(lang, &c.column),
                number::count(c.count),
                if c.first_row == 0 { String::new() } else { number::count(c.first_row) },
                found(c, lang),
                c.read_as.clone(),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.changes").to_owned(), columns, cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Reason;

    fn exclusions(columns: usize) -> Vec<Exclusion> {
        let cell = |i: usize| Exclusion {
            row: i + 2,
            column: format!("c{}", i % columns),
            value: String::new(),
            reason: Reason::Missing,
        };
        // The first column loses one cell more than the others, and one of them twice.
        (0..=columns).chain([0]).map(cell).collect()
    }

    #[test]
    fn cells_are_counted_once_by_column_and_reason() {
        let lines = left_out_lines(&exclusions(2), Lang::En);
        assert_eq!(lines, ["c0: missing value, 2 cells", "c1: missing value, 1 cell"]);
        assert_eq!(left_out_lines(&exclusions(2), Lang::Ja)[0], "c0：欠測、2件");
        assert!(left_out_lines(&[], Lang::En).is_empty());
    }

    #[test]
    fn many_columns_end_in_a_line_that_says_so() {
        assert_eq!(left_out_lines(&exclusions(7), Lang::En).len(), 7);
        let lines = left_out_lines(&exclusions(20), Lang::En);
        assert_eq!(lines.len(), 7);
        assert!(lines[6].starts_with("and 14 more"), "{}", lines[6]);
    }
}
