//! The committed coverage of the intervals: complete, as its page says, and still true.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use ssi_tests::coverage::{
    Cell, Effort, POPULATIONS, SIZES, Verdict, better, by_command, figures, from_csv, page,
    population, simulate, to_csv, verdict,
};
use ssi_tests::root;
use ssi_vocab::Lang;
use std::fs;

fn committed() -> Vec<Cell> {
    from_csv(&fs::read_to_string(root().join("tests/coverage/coverage.csv")).unwrap()).unwrap()
}

fn key(cell: &Cell) -> (&str, &str, &str, usize) {
    (&cell.population, &cell.estimate, &cell.interval, cell.n)
}

/// Every interval of a small new run is in the table, and as often right as the table says.
#[test]
fn a_new_small_run_agrees_with_the_table() {
    let table = committed();
    let mut compared = 0;
    for (name, _) in POPULATIONS {
        for cell in simulate(&population(name, Effort::QUICK.population), &Effort::QUICK).unwrap() {
            let found = table.iter().find(|c| key(c) == key(&cell));
            let known = found.unwrap_or_else(|| panic!("{:?} is in the table", key(&cell)));
            let (m, n) = (cell.samples as f64, known.samples as f64);
            let p = (cell.held + known.held) as f64 / (m + n);
            if p == 1.0 {
                compared += 1;
                continue;
            }
            let error = (p * (1.0 - p) * (1.0 / m + 1.0 / n)).sqrt();
            let off = (cell.coverage() - known.coverage()) / error;
            // Of some seven hundred comparisons none lies so far out by chance.
            assert!(off.abs() < 4.5, "{:?}: {off:.1} Monte Carlo errors apart", key(&cell));
            compared += 1;
        }
    }
    assert_eq!(compared, table.iter().filter(|c| c.n < SIZES[2]).count());
}

#[test]
fn the_table_has_the_samples_that_it_says() {
    let effort = Effort::FULL;
    for cell in committed() {
        let size = SIZES.iter().position(|n| *n == cell.n).unwrap();
        let drawn = matches!(cell.interval.as_str(), "bca" | "percentile");
        let expected = match (drawn, by_command(&cell.estimate)) {
            (true, _) => effort.resampled[size],
            (_, true) => effort.commands[size],
            _ => effort.closed[size],
        };
        // Where a region has too few respondents, or none, a report has no row.
        let regional = cell.estimate.contains("region") || cell.estimate.contains(" in ");
        let rare = regional || by_command(&cell.estimate);
        assert!(cell.samples == expected || rare && cell.samples < expected, "{:?}", key(&cell));
        assert!(cell.held + cell.below + cell.above <= cell.samples);
    }
}

#[test]
fn page_and_figures_are_those_of_the_table() {
    let table = committed();
    let text = fs::read_to_string(root().join("tests/coverage/coverage.csv")).unwrap();
    assert_eq!(to_csv(&table), text);
    let written = fs::read_to_string(root().join("tests/COVERAGE.md")).unwrap();
    assert!(page(&table) == written, "run the example with --page");
    for lang in Lang::ALL {
        for (name, picture) in figures(&table, lang).unwrap() {
            let place = |kind| root().join(format!("tests/coverage/{name}.{}.{kind}", lang.code()));
            let same = fs::read(place("svg")).unwrap() == picture.svg().as_bytes()
                && fs::read(place("png")).unwrap() == picture.png().unwrap();
            assert!(same, "{name}, {}: run the example with --page", lang.code());
        }
    }
}

#[test]
fn the_result_is_the_same_on_any_number_of_threads() {
    let effort =
        Effort { closed: [20, 0, 0], resampled: [4, 0, 0], commands: [0; 3], ..Effort::QUICK };
    let skewed = population("skewed", 500);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| to_csv(&simulate(&skewed, &effort).unwrap()))
    };
    assert_eq!(on(1), on(3));
}

/// Where an interval falls short, another one of the same estimate does not; the exceptions are
/// predictions at some scores only, which the page names.
#[test]
fn where_an_interval_falls_short_another_holds() {
    let table = committed();
    let short: Vec<&Cell> = table.iter().filter(|c| verdict(c) == Verdict::Short).collect();
    assert!(!short.is_empty());
    for cell in short {
        // Of some scores only: low ones, where they are skewed, and high ones, where even the
        // better interval is too wide.
        let some = cell.estimate.starts_with("prediction_");
        assert!(some || !better(&table, cell).is_empty(), "{:?}", key(cell));
        assert_ne!((cell.estimate.as_str(), cell.interval.as_str()), ("pearson", "jackknife_z"));
    }
}
