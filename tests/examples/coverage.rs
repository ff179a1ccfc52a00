//! How often the intervals hold what they should: simulates, and writes the table, the page and the
//! figures that are committed.
//!
//! ```sh
//! nice cargo run --release -p ssi-tests --example coverage            # all, some minutes
//! cargo run --release -p ssi-tests --example coverage -- --page       # page and figures alone
//! cargo run --release -p ssi-tests --example coverage -- --quick      # prints a small table
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this program talks")]

use ssi_tests::coverage::{Cell, Effort, POPULATIONS, figures, from_csv, page};
use ssi_tests::coverage::{population, simulate, to_csv};
use ssi_vocab::Lang;
use std::error::Error;
use std::fs;

fn main() -> Result<(), Box<dyn Error>> {
    let table = ssi_tests::root().join("tests/coverage/coverage.csv");
    match std::env::args().nth(1).as_deref() {
        None => fs::write(&table, to_csv(&all(&Effort::FULL)?))?,
        Some("--page") => {}
        Some("--quick") => {
            print!("{}", to_csv(&all(&Effort::QUICK)?));
            return Ok(());
        }
        Some(other) => return Err(format!("no option `{other}`; there are --page, --quick").into()),
    }
    let cells = from_csv(&fs::read_to_string(&table)?).ok_or("coverage.csv is not a table")?;
    fs::write(ssi_tests::root().join("tests/COVERAGE.md"), page(&cells))?;
    for lang in Lang::ALL {
        for (name, picture) in figures(&cells, lang)? {
            let place = |kind: &str| table.with_file_name(format!("{name}.{}.{kind}", lang.code()));
            fs::write(place("png"), picture.png()?)?;
            fs::write(place("svg"), picture.svg())?;
        }
    }
    Ok(())
}

fn all(effort: &Effort) -> Result<Vec<Cell>, Box<dyn Error>> {
    let mut cells = Vec::new();
    for (name, _) in POPULATIONS {
        eprintln!("{name}");
        cells.extend(simulate(&population(name, effort.population), effort)?);
    }
    Ok(cells)
}
