//! The rows that are used, as a file under canonical names.

use super::ratings::Ratings;
use super::{Columns, Value};
use crate::lines::{Room, rows_at_a_time};
use crate::number::{Shape, fold, shape};
use csv::{Terminator, WriterBuilder};
use ssi_vocab::Missing;
use ssi_vocab::spreadsheet::defused;

/// Some of the ratings as CSV: the file's known columns in the codebook's order, then `score_total`.
pub(super) fn csv(ratings: &Ratings<'_>, which: &[u32], columns: &Columns<'_>) -> String {
    let own: Vec<usize> =
        (0..columns.0.len()).filter(|at| columns.0[*at].field.name != "score_total").collect();
    let names = own.iter().map(|at| columns.0[*at].field.name.as_str());
    let mut writer =
        WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing to memory can't fail, and every record has as many fields as the header.
    let _ = writer.write_record(names.chain(["score_total"]));
    let given = columns.place("score_total");
    let mut room = Room::default();
    let width = ratings.headed.header.len();
    for some in which.chunks(rows_at_a_time(width)) {
        let lines: Vec<u32> = some.iter().map(|rating| ratings.lines[*rating as usize]).collect();
        let cut = ratings.headed.lines.cut(&lines, width, &mut room);
        for (row, rating) in some.iter().enumerate() {
            let text = |at: usize| cut.raw(row, columns.0[at].at);
            let mut cells: Vec<String> =
                own.iter().map(|at| cell(&ratings.value(*rating, *at), text(*at))).collect();
            // The total stands behind the columns, computed from the items where there are any.
            let total = ratings.columns.last().map(|total| total.value(*rating));
            let total = total.map(|value| cell(&value, given.map_or("", text)));
            cells.push(total.unwrap_or_default());
            if cells.iter().all(String::is_empty) {
                // A blank row would be no row.
                cells[0].push_str("NA");
            }
            let _ = writer.write_record(&cells);
        }
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn cell(value: &Value<'_>, text: &str) -> String {
    match value {
        // The file's own digits, where they are plain, say more than a double may hold.
        Value::Number(Ok(read)) => match (fold(text), read.value) {
            (own, value) if matches!(shape(&own), Some(Shape::Plain(d)) if d.value == value) => {
                own.strip_prefix('+').unwrap_or(&own).to_owned()
            }
            (_, value) => value.to_string(),
        },
        Value::Capped(Ok(count)) if count.at_least => format!("{}+", count.value),
        Value::Capped(Ok(count)) => count.value.to_string(),
        Value::Word(Ok(word)) => defused(word).into_owned(),
        Value::Number(Err(missing)) | Value::Capped(Err(missing)) | Value::Word(Err(missing)) => {
            let code = if *missing == Missing::NotVisible { "NV" } else { "" };
            code.to_owned()
        }
    }
}
