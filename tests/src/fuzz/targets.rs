//! What is fuzzed, and what each promises.

use super::words::{CELLS, COLUMNS, FORMULA, JSON, THRIFT, TOML, XML};
use ssi_cohort::{
    Codebook, Cohort, Filter, Inspection, Options, Reading, clean, cohort, exported, people, table,
};
use ssi_study::{Manifest, Model, Plan};
use ssi_vocab::{Cells, Table};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::io::{Cursor, Write};
use std::sync::LazyLock;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Something that reads what somebody else has written.
pub struct Target {
    /// Its name, and the folder of its corpus.
    pub name: &'static str,
    /// Words that mean something to it.
    pub words: &'static [&'static str],
    /// How many of ten million executions it has.
    pub share: u64,
    /// Reads an input, and says what came of it.
    ///
    /// # Errors
    /// What it promised and did not keep.
    pub run: fn(&[u8]) -> Result<String, String>,
}

/// All of them. The shares add up to ten million.
pub const TARGETS: [Target; 14] = [
    Target { name: "table", words: COLUMNS, share: 1_200_000, run: any_table },
    Target { name: "cohort", words: COLUMNS, share: 700_000, run: any_cohort },
    Target { name: "people", words: COLUMNS, share: 300_000, run: any_people },
    Target { name: "cell", words: CELLS, share: 1_000_000, run: one_cell },
    Target { name: "xlsx", words: XML, share: 200_000, run: packed },
    Target { name: "ods", words: XML, share: 200_000, run: packed },
    Target { name: "zip", words: &["PK\x01\x02", "PK\x05\x06"], share: 100_000, run: any_table },
    Target { name: "parquet", words: THRIFT, share: 300_000, run: any_table },
    Target { name: "codebook", words: JSON, share: 600_000, run: codebook },
    Target { name: "formula", words: FORMULA, share: 1_700_000, run: formula },
    Target { name: "filter", words: FORMULA, share: 2_200_000, run: filter },
    Target { name: "plan", words: TOML, share: 500_000, run: plan },
    Target { name: "model", words: JSON, share: 600_000, run: model },
    Target { name: "manifest", words: JSON, share: 400_000, run: manifest },
];

/// The first word of a value's form, such as the variant of an error.
fn variant(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '(').unwrap_or(text.len());
    text[..end].to_owned()
}

/// The kinds of things in a list.
fn kinds<T: Debug>(things: impl Iterator<Item = T>) -> String {
    things.map(|thing| format!("{thing:?}")).collect::<BTreeSet<_>>().into_iter().collect()
}

/// No number may be undefined, and all columns are as long as the table.
fn sound(table: &Table) -> Result<(), String> {
    for column in table.columns() {
        let finite = match &column.cells {
            Cells::Number(values) => values.iter().flatten().all(|v| v.is_finite()),
            Cells::Capped(values) => values.iter().flatten().all(|c| c.value.is_finite()),
            Cells::Factor { levels, codes } => {
                codes.iter().flatten().all(|code| (*code as usize) < levels.len())
                    && levels.is_sorted()
            }
        };
        if !finite || column.len() != table.n_rows() {
            return Err(format!("column `{}` is unsound", column.name));
        }
        if column.rest.as_ref().is_some_and(|rest| rest.iter().any(|r| !r.is_finite())) {
            return Err(format!("column `{}` has a rest that is no number", column.name));
        }
    }
    Ok(())
}

fn table_outcome(input: &[u8]) -> Result<String, String> {
    let read = exported(input, "t", &BOOK, &Options::default());
    let Reading { table, changes, excluded, rows_read, .. } = match read {
        Ok(reading) => reading,
        Err(error) => {
            let _ = error.to_string();
            return Ok(variant(&error));
        }
    };
    sound(&table)?;
    if rows_read != table.n_rows() + excluded.len() {
        return Err("rows were lost".to_owned());
    }
    let shape = |cells: &Cells| match cells {
        Cells::Number(_) => 'n',
        Cells::Capped(_) => 'c',
        Cells::Factor { .. } => 'f',
    };
    let shapes: BTreeSet<char> = table.columns().iter().map(|c| shape(&c.cells)).collect();
    Ok(format!("{}{:?}{}", kinds(changes.iter().map(|c| c.rule)), shapes, excluded.is_empty()))
}

fn cohort_outcome(read: ssi_cohort::Result<Cohort>) -> Result<String, String> {
    let cohort = match read {
        Ok(cohort) => cohort,
        Err(error) => {
            let _ = error.to_string();
            return Ok(variant(&error));
        }
    };
    sound(&cohort.table)?;
    if cohort.rows_read != cohort.rows_used + cohort.rows_excluded + cohort.rows_dropped {
        return Err("rows were lost".to_owned());
    }
    let rules = kinds(cohort.changes.iter().map(|c| c.rule));
    Ok(format!("{rules} {}", kinds(cohort.excluded.iter().map(|e| e.reason))))
}

fn any_table(input: &[u8]) -> Result<String, String> {
    table_outcome(input)
}

/// What `ssi check` says of a file is what the study does with it.
fn any_cohort(input: &[u8]) -> Result<String, String> {
    let read = cohort(input, "t", &BOOK);
    let seen = clean(input, "t", &BOOK, &Options::default());
    let agree = match (&read, &seen) {
        (Ok(cohort), Ok(Inspection { refusals, clean: Some(clean), .. })) => {
            refusals.is_empty() && clean.cohort == *cohort
        }
        (Err(error), Ok(Inspection { refusals, .. })) => refusals.first() == Some(error),
        (Err(error), Err(other)) => error == other,
        _ => false,
    };
    if !agree {
        return Err(format!("it is checked as another file than is read: {:?}", read.err()));
    }
    if let Ok(Inspection { clean: Some(clean), .. }) = seen {
        // It may be one that can't be read alike by itself, which `ssi check --clean` says.
        let _ = cohort_outcome(cohort(clean.text.as_bytes(), "t", &BOOK))?;
    }
    cohort_outcome(read)
}

fn any_people(input: &[u8]) -> Result<String, String> {
    cohort_outcome(people(input, "t", &BOOK))
}

static BOOK: LazyLock<Codebook> = LazyLock::new(Codebook::default);

/// The first byte of the input says in which column the rest stands.
fn one_cell(input: &[u8]) -> Result<String, String> {
    let columns = [
        "ssi_total",
        "conn_display",
        "ssi_date",
        "item_photo",
        "region",
        "ssi_network_top",
        "years_on_linkedin",
        "session_id",
    ];
    let (first, text) = input.split_first().unwrap_or((&0, &[]));
    let text = String::from_utf8_lossy(text).replace('"', "\"\"");
    let column = columns[usize::from(*first) % columns.len()];
    let csv = match column {
        "ssi_total" => format!("ssi_total,score_total\n\"{text}\",5\n60,7\n"),
        _ => format!("{column},ssi_total,score_total\n\"{text}\",50,5\n,60,7\n"),
    };
    let semicolons = format!("x;y\n\"{text}\";1\n3;2\n");
    Ok(cohort_outcome(cohort(csv.as_bytes(), "t", &BOOK))? + &table_outcome(semicolons.as_bytes())?)
}

/// The parts of a workbook, each under a line of its name after two percent signs, are packed and
/// read both ways.
fn packed(input: &[u8]) -> Result<String, String> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let text = String::from_utf8_lossy(input);
    for part in text.split("%% ").skip(1) {
        let (name, content) = part.split_once('\n').unwrap_or((part, ""));
        // A name twice is refused by the writer.
        if writer.start_file(name, stored).is_ok() && writer.write_all(content.as_bytes()).is_err()
        {
            break;
        }
    }
    let bytes = writer.finish().map_err(|e| e.to_string())?.into_inner();
    Ok(table_outcome(&bytes)? + &cohort_outcome(cohort(&bytes[..], "t", &BOOK))?)
}

fn codebook(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    let book = match Codebook::from_datapackage(&text) {
        Ok(book) => book,
        Err(error) => return Ok(error.to_string().chars().take(60).collect()),
    };
    let csv = "SSI,x,score_total,○,region\n50,a,5,○,JP\n60,b,6,1,NV\n".as_bytes();
    cohort_outcome(cohort(csv, "t", &book))
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut csv = String::from("y,a,b,c,g,日本 語\n");
    for i in 0..14 {
        let (y, cap) = (3 * i % 11, if i % 5 == 0 { "500+" } else { "120" });
        csv += &format!(
            "{y},{i},{},{cap},{},{}\n",
            (i * i) as f64 / 7.0,
            ["JP", "EU", "US"][i % 3],
            i % 2
        );
    }
    #[expect(clippy::expect_used, reason = "the text is the one above")]
    table(csv.as_bytes(), "t").expect("the table is fine").table
});

fn formula(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    match ssi_infer::formula::design(&TABLE, &text) {
        Ok(design) => {
            let fit = ssi_infer::regress::ols(&design);
            if fit.is_ok_and(|fit| fit.coefficients.iter().any(|v| !v.is_finite())) {
                return Err("a coefficient is no number".to_owned());
            }
            Ok(format!("{} columns", design.x.ncols()))
        }
        Err(error) => Ok(slip(&error)),
    }
}

/// An error's variant and that of what it holds, without the words of the input.
fn slip(error: &ssi_infer::Error) -> String {
    let _ = error.to_string();
    let text = format!("{error:?}");
    let end = text.find("slip: ").map_or(0, |at| at + 6);
    variant(&error) + &variant(&RawDebug(&text[end..]))
}

struct RawDebug<'a>(&'a str);

impl Debug for RawDebug<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

fn filter(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    let filter = match Filter::parse(&text) {
        Ok(filter) => filter,
        Err(error) => {
            let _ = error.to_string();
            let ssi_cohort::Error::Filter { slip, .. } = error else {
                return Ok(variant(&error));
            };
            return Ok(variant(&slip));
        }
    };
    match filter.rows(&TABLE) {
        Ok(rows) if rows.len() != TABLE.n_rows() => Err("rows were lost".to_owned()),
        Ok(rows) => Ok(format!("{} rows", rows.iter().filter(|row| **row).count())),
        Err(error) => Ok(variant(&error)),
    }
}

fn plan(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    match Plan::parse(&text, "t") {
        Ok(plan) => match Plan::parse(&plan.to_toml(), "t") {
            Ok(again) if again == plan => Ok("a plan".to_owned()),
            other => Err(format!("a plan that can't be read again: {other:?}")),
        },
        Err(error) => Ok(error.to_string().chars().take(60).collect()),
    }
}

fn model(input: &[u8]) -> Result<String, String> {
    match Model::parse(input, "t") {
        Ok(_) => Ok("a model".to_owned()),
        Err(error) => Ok(error.to_string().chars().take(60).collect()),
    }
}

fn manifest(input: &[u8]) -> Result<String, String> {
    match serde_json::from_slice::<Manifest>(input) {
        Ok(manifest) => plan(manifest.plan.as_bytes()),
        Err(error) => Ok(error.to_string().chars().take(30).collect()),
    }
}
