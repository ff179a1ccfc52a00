//! What `ssi check` says of a survey file: a summary first, then the columns, then the problems.

mod remedies;
mod words;

use crate::blocks::{Block, TableBlock};
use crate::markdown::push_block;
use crate::number::count;
use crate::phrase::plain;
use crate::tables::header;
use crate::terminal::{aligned, hyphens, wrap};
use crate::terms::{named, word};
use ssi_vocab::spreadsheet::defused;
use ssi_vocab::{Cause, Entry, How, Intake, Lang, Ledger, Outcome, Rule};
use std::collections::BTreeMap;

/// How many examples of a problem are shown.
const EXAMPLES: usize = 3;

/// A survey file as a terminal shows it.
pub fn intake_text(intake: &Intake, lang: Lang) -> String {
    let mut out = String::new();
    for block in blocks(intake, lang) {
        let is_head = matches!(block, Block::Subheading(_));
        let part = match block {
            Block::Table(table) => aligned(&table, true),
            Block::Subheading(text) => wrap(&plain(&text)),
            Block::List(items) => {
                items.iter().map(|item| format!("  {}\n", plain(item))).collect::<String>()
            }
            Block::Facts(facts) => words::facts_text(&facts, lang),
            Block::Answer(text) | Block::Paragraph(text) | Block::Remark(text) => {
                wrap(&plain(&text)) + "\n"
            }
            _ => String::new(),
        };
        out.push_str(part.trim_end());
        out.push_str(if is_head { "\n" } else { "\n\n" });
    }
    hyphens(out.trim_end()) + "\n"
}

/// A survey file as Markdown.
pub fn intake_markdown(intake: &Intake, lang: Lang) -> String {
    let mut out = String::new();
    for block in blocks(intake, lang) {
        push_block(&mut out, &block, lang);
    }
    out
}

/// A survey file as JSON, its ledger line by line.
pub fn intake_json(intake: &Intake) -> String {
    // It holds no map with other keys than strings and nothing that refuses to serialise.
    serde_json::to_string_pretty(intake).unwrap_or_else(|_| "{}".to_owned()) + "\n"
}

/// The ledger as JSON: an array of lines.
pub fn ledger_json(ledger: &Ledger) -> String {
    serde_json::to_string_pretty(ledger).unwrap_or_else(|_| "[]".to_owned()) + "\n"
}

/// The ledger as CSV: a row a line.
pub fn ledger_csv(ledger: &Ledger) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing to memory can't fail, and every record has as many fields as the header.
    let _ = writer.write_record(Ledger::COLUMNS);
    for e in ledger.entries() {
        let row = if e.row == 0 { String::new() } else { e.row.to_string() };
        let outcome = e.cause.outcome().code();
        let texts = [e.file, e.sheet, &row, e.header, e.column, e.value, outcome];
        let texts = texts.into_iter().chain([e.cause.code().1, e.result]).map(defused);
        let _ = writer.write_record(texts.map(|text| text.into_owned()));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn blocks(intake: &Intake, lang: Lang) -> Vec<Block> {
    let mut out = vec![Block::Answer(words::verdict(intake, lang))];
    if !intake.refusals.is_empty() {
        out.push(Block::Subheading(word(lang, "intake.refusals").to_owned()));
        out.push(Block::List(intake.refusals.clone()));
    }
    let facts = words::facts(intake, lang);
    if !facts.is_empty() {
        out.push(Block::Facts(facts));
    }
    let guesses = words::guesses(&intake.columns, lang);
    if !guesses.is_empty() {
        out.push(Block::Subheading(word(lang, "intake.guesses").to_owned()));
        out.push(Block::List(guesses));
    }
    out.extend(problems(&intake.ledger, lang));
    if !intake.columns.is_empty() {
        out.push(Block::Table(columns(intake, lang)));
    }
    if !intake.answers.is_empty() {
        out.push(Block::Table(answers(intake, lang)));
    }
    out
}

/// Which claims and analyses the columns are enough for.
fn answers(intake: &Intake, lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.claim", false),
        header(lang, "intake.answerable", false),
        header(lang, "intake.needs", false),
    ];
    let rows = intake.answers.iter().map(|answer| {
        let key = if answer.answerable { "intake.yes" } else { "intake.no" };
        let what = if answer.id.starts_with('C') {
            format!("{} {}", answer.id, named(lang, "claim", &answer.id))
        } else {
            named(lang, "intake", &answer.id)
        };
        let name = |column: &String| words::column(column, lang);
        let needs = match (answer.needs.as_slice(), lang) {
            ([first, _, _, _, _, .., last], Lang::En) => {
                format!("{first}, …, {last} ({})", count(answer.needs.len()))
            }
            ([first, _, _, _, _, .., last], Lang::Ja) => {
                format!("{}～{}の{}列", name(first), name(last), count(answer.needs.len()))
            }
            (few, Lang::En) => few.join(", "),
            (few, Lang::Ja) => few.iter().map(name).collect::<Vec<_>>().join("、"),
        };
        vec![what, word(lang, key).to_owned(), needs]
    });
    TableBlock::new(word(lang, "intake.answers").to_owned(), columns, rows.collect())
}

/// What each column was taken for.
fn columns(intake: &Intake, lang: Lang) -> TableBlock {
    let titles = vec![
        header(lang, "intake.header", false),
        header(lang, "header.read_as", false),
        header(lang, "intake.how", false),
        header(lang, "intake.confidence", false),
        header(lang, "intake.filled", true),
    ];
    let rows = intake.columns.iter().map(|column| {
        let is_known = column.how != How::Unknown && column.how != How::Personal;
        let confidence = if is_known {
            named(lang, "confidence", column.confidence.code())
        } else {
            String::new()
        };
        vec![
            column.header.clone(),
            column.canonical.clone().unwrap_or_else(|| "–".to_owned()),
            named(lang, "how", column.how.code()),
            confidence,
            count(column.filled),
        ]
    });
    TableBlock::new(word(lang, "intake.columns").to_owned(), titles, rows.collect())
}

/// The ledger by rule: how often, the first examples, what to do.
fn problems(ledger: &Ledger, lang: Lang) -> Vec<Block> {
    let mut found: BTreeMap<(u8, Cause), (usize, Vec<Entry<'_>>)> = BTreeMap::new();
    for entry in ledger.entries() {
        // What stands in the table of columns or among the reasons to refuse needs no second word.
        let order = match (entry.cause.outcome(), entry.cause) {
            (_, Cause::Rule(Rule::Pseudonymised | Rule::PersonalDropped)) => 3,
            (Outcome::Refused, _) | (_, Cause::Rule(Rule::Ignored | Rule::Renamed)) => continue,
            (Outcome::Excluded, _) => 0,
            (Outcome::Dropped, _) => 1,
            _ => 2,
        };
        let (n, examples) = found.entry((order, entry.cause)).or_default();
        *n += 1;
        if examples.len() < EXAMPLES {
            examples.push(entry);
        }
    }
    let mut out = Vec::new();
    let mut last = None;
    for ((order, cause), (n, examples)) in found {
        if last != Some(order) {
            let keys =
                ["intake.excluded", "intake.dropped", "intake.normalised", "intake.personal"];
            out.push(Block::Answer(word(lang, keys[usize::from(order)]).to_owned()));
            last = Some(order);
        }
        out.push(Block::Subheading(words::problem(cause, n, lang)));
        let mut lines: Vec<String> =
            examples.iter().filter_map(|entry| words::example(entry, lang)).collect();
        if n > lines.len() && !lines.is_empty() {
            lines.push(words::more(n - lines.len(), lang));
        }
        lines.extend(remedies::remedies(cause, &examples, lang).map(|text| format!("→ {text}")));
        if !lines.is_empty() {
            out.push(Block::List(lines));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Reason;

    #[test]
    fn a_number_stays_a_number_and_a_formula_becomes_text() {
        let mut ledger = Ledger::new("s.csv", "", vec![("=x".into(), "ssi_total".into())]);
        for value in ["-1", "=1+1", "@a", "+5"] {
            ledger.push(2, Some(0), Cause::Reason(Reason::OutOfRange), value, "");
        }
        let text = ledger_csv(&ledger);
        let values: Vec<&str> =
            text.lines().skip(1).map(|l| l.split(',').nth(5).unwrap()).collect();
        assert_eq!(values, ["-1", "'=1+1", "'@a", "+5"]);
        assert!(text.contains(",'=x,"), "{text}");
    }

    #[test]
    fn every_cause_has_a_remedy_or_needs_none_in_both_languages() {
        for cause in remedies::ALL {
            let [en, ja] = [Lang::En, Lang::Ja].map(|lang| remedies::remedy(cause, lang));
            assert_eq!(en.is_some(), ja.is_some(), "{cause:?}");
            let (family, code) = cause.code();
            assert_ne!(named(Lang::Ja, family, code), code, "{cause:?} has a wording");
        }
    }
}
