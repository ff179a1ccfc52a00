//! Results for other programs: JSON, and the estimates as CSV.

use ssi_vocab::spreadsheet::defused;
use ssi_vocab::{Results, Row, Scored};

/// The columns of `estimates.csv`, in the contract's order.
const COLUMNS: [&str; 26] = [
    "analysis",
    "method",
    "term",
    "x",
    "y",
    "group",
    "controls",
    "model",
    "formula",
    "vcov",
    "estimate",
    "std_error",
    "statistic",
    "df",
    "df2",
    "p_value",
    "p_method",
    "p_holm",
    "p_bh",
    "conf_low",
    "conf_high",
    "conf_level",
    "conf_method",
    "n_obs",
    "n_excluded",
    "note",
];

/// All results as JSON: indented, in a stable order, with a newline at the end. Numbers read back
/// to the same double.
pub fn json(results: &Results) -> String {
    // Results hold no map with other keys than strings and nothing that refuses to serialise.
    let mut text = serde_json::to_string_pretty(results).unwrap_or_else(|_| "{}".to_owned());
    text.push('\n');
    text
}

/// The estimates as CSV: a row an estimate, under the contract's names. What is undefined is
/// empty; several controls are joined by `; `; a text that a spreadsheet would take for a formula
/// gets an apostrophe in front. People whose outcome was predicted come first, a row an interval.
pub fn csv(results: &Results) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing to memory can't fail, and every record has as many fields as the header.
    let _ = writer.write_record(COLUMNS);
    let people = results.scored.iter().flat_map(Scored::estimates);
    for estimate in people.chain(results.estimates.iter().cloned()) {
        let _ = writer.write_record(record(Row::from(estimate)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The people whose outcome was predicted, as CSV: a row a person.
pub fn scored_csv(results: &Results) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing to memory can't fail, and every record has as many fields as the header.
    let _ = writer.write_record(Scored::COLUMNS);
    for one in &results.scored {
        let _ = writer.write_record([
            one.row.to_string(),
            number(one.score),
            number(one.predicted),
            number(one.pred_low),
            number(one.pred_high),
            number(one.scaled_low),
            number(one.scaled_high),
            one.extrapolation.to_string(),
            one.note.map(|note| note.code().to_owned()).unwrap_or_default(),
        ]);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// What was left out, as CSV: `row,column,value,reason`, in the order of the results; in a report
/// that is not local `column,reason,count`.
pub fn excluded_csv(results: &Results) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing to memory can't fail, and every record has as many fields as the header.
    if results.study.as_ref().is_some_and(|study| !study.local) {
        let _ = writer.write_record(["column", "reason", "count"]);
        for one in &results.left_out {
            let (column, count) = (text(Some(one.column.clone())), one.count.to_string());
            let _ = writer.write_record([&column, one.reason.code(), &count]);
        }
        return writer
            .into_inner()
            .ok()
            .and_then(|b| String::from_utf8(b).ok())
            .unwrap_or_default();
    }
    let _ = writer.write_record(["row", "column", "value", "reason"]);
    for one in &results.excluded {
        let (column, value) = (text(Some(one.column.clone())), text(Some(one.value.clone())));
        let _ = writer.write_record([&one.row.to_string(), &column, &value, one.reason.code()]);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn record(row: Row) -> [String; 26] {
    [
        row.analysis.code().to_owned(),
        text(Some(row.method)),
        text(Some(row.term)),
        text(row.x),
        text(row.y),
        text(row.group),
        text(Some(row.controls.join("; "))),
        text(row.model),
        text(row.formula),
        text(row.vcov),
        number(row.estimate),
        number(row.std_error),
        number(row.statistic),
        number(row.df),
        number(row.df2),
        number(row.p_value),
        text(row.p_method),
        number(row.p_holm),
        number(row.p_bh),
        number(row.conf_low),
        number(row.conf_high),
        number(row.conf_level),
        text(row.conf_method),
        row.n_obs.to_string(),
        row.n_excluded.to_string(),
        row.note.map(|note| note.code().to_owned()).unwrap_or_default(),
    ]
}

/// The shortest decimal that reads back to the same double, as in the JSON.
fn number(value: Option<f64>) -> String {
    value.and_then(|v| serde_json::to_string(&v).ok()).filter(|t| t != "null").unwrap_or_default()
}

fn text(value: Option<String>) -> String {
    defused(&value.unwrap_or_default()).into_owned()
}
