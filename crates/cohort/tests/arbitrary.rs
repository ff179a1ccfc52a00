//! Whatever the bytes, the answer is a cohort whose rows reconcile or an error: never a panic.

mod reread;

use ssi_cohort::{Codebook, Error, Filter, Options, clean, cohort, table};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A small generator with a fixed seed (xorshift64*): the same mutations on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }
}

/// Pieces that mean something to one of the readers.
const PIECES: [&[u8]; 20] = [
    b",",
    b";",
    b"\t",
    b"\"",
    b"\n",
    b"\r",
    b"\0",
    b"500+",
    b"NA",
    b"=1",
    b"1,024",
    b"1e999",
    b"-",
    "○".as_bytes(),
    "７".as_bytes(),
    b"\xFF\xFE",
    b"\x83",
    b"\xEF\xBB\xBF",
    b"PK\x03\x04",
    b"99999999999999999999",
];

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(bytes.len() + 1);
        match dice.roll(5) {
            0 if at < bytes.len() => bytes[at] = dice.roll(256) as u8,
            1 if at < bytes.len() => {
                bytes.remove(at);
            }
            2 => bytes.truncate(at),
            3 => {
                let end = (at + dice.roll(60)).min(bytes.len());
                let copy = bytes[at.min(end)..end].to_vec();
                let to = dice.roll(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            _ => {
                bytes.splice(at..at, PIECES[dice.roll(PIECES.len())].iter().copied());
            }
        }
    }
}

/// What is told of a file agrees with what is read of it, every row is accounted for, and the clean
/// form is read back.
fn looked_at(bytes: &[u8], book: &Codebook, read: &Result<ssi_cohort::Cohort, Error>) {
    match (clean(bytes, "t", book, &Options::default()), read) {
        (Ok(seen), Ok(first)) => {
            assert_eq!(seen.refusals, []);
            assert_eq!(reread::cohort_of(&seen), Some(first));
            reread::reconciled(&seen, "t");
            // What is left may look like something else by itself: a lone row of low values like
            // another scale, a last row with the word like one of totals.
            match cohort(reread::text_of(&seen).as_bytes(), "clean", book) {
                Ok(again) if again.rows_dropped == 0 => {
                    reread::assert_same(first, &again, "t", bytes.starts_with(b"PK"));
                }
                Ok(_) | Err(Error::WrongScale { .. }) => {}
                Err(error) => panic!("{error}\n{}", reread::text_of(&seen)),
            }
        }
        (Ok(seen), Err(error)) => assert_eq!(seen.refusals.first(), Some(error)),
        (Err(one), Err(other)) => assert_eq!(one, *other),
        (Err(error), Ok(_)) => panic!("{error}"),
    }
}

fn check(bytes: &[u8], book: &Codebook) -> bool {
    if let Ok(reading) = table(bytes, "t") {
        assert_eq!(reading.rows_read, reading.table.n_rows() + reading.excluded.len());
    }
    let read = cohort(bytes, "t", book);
    looked_at(bytes, book, &read);
    match read {
        Ok(c) => {
            assert_eq!(c.rows_read, c.rows_used + c.rows_excluded + c.rows_dropped);
            let rows: BTreeSet<usize> = c.excluded.iter().map(|e| e.row).collect();
            assert_eq!(rows.len(), c.rows_excluded);
            assert!(c.table.rows().iter().all(|row| !rows.contains(row)));
            assert!(c.table.n_rows() <= c.rows_used && c.respondents <= c.table.n_rows());
            for column in c.table.columns() {
                if let Ok(values) = column.numbers() {
                    assert!(values.iter().flatten().all(|v| v.is_finite()));
                }
            }
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

#[test]
fn mutated_files_never_panic_and_their_rows_reconcile() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/dirty");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let files: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let book = Codebook::default();
    // A file that is refused as it stands tests little more than its refusal.
    let (good, bad): (Vec<_>, Vec<_>) = files.into_iter().partition(|bytes| check(bytes, &book));
    let files: Vec<Vec<u8>> = good.iter().chain(&bad).chain(&good).cloned().collect();
    let mut dice = Dice(0x5EED);
    let mut accepted = 0;
    for round in 0..6000 {
        let mut bytes = files[round % files.len()].clone();
        mutate(&mut bytes, &mut dice);
        accepted += usize::from(check(&bytes, &book));
    }
    assert!(accepted > 1000, "the mutations leave enough alive to test: {accepted}");
}

#[test]
fn noise_never_panics() {
    let mut dice = Dice(7);
    let book = Codebook::default();
    for _ in 0..1000 {
        let bytes: Vec<u8> = (0..dice.roll(200)).map(|_| dice.roll(256) as u8).collect();
        check(&bytes, &book);
    }
}

#[test]
fn mutated_filters_never_panic() {
    let people = table("region,n\nJP,500+\n,2\n".as_bytes(), "t.csv").unwrap().table;
    let seeds = [
        "region == 'JP' && n >= 2 || !(n < 500)",
        "n in (2, 3.5e1) and `region` not in ('JP', \"EU\")",
        "not (region < 'K') or n != -1",
    ];
    let pieces =
        ["region", "n", "==", "<", "(", ")", "&&", "!", "'", "3", " ", ",", "`", "あ", "-"];
    let mut dice = Dice(11);
    let mut valid = 0;
    for round in 0..20_000 {
        let mut text: Vec<char> = seeds[round % seeds.len()].chars().collect();
        for _ in 0..dice.roll(4) {
            let at = dice.roll(text.len() + 1);
            if dice.roll(2) == 0 && at < text.len() {
                text.remove(at);
            } else {
                text.splice(at..at, pieces[dice.roll(pieces.len())].chars());
            }
        }
        if let Ok(filter) = Filter::parse(&text.into_iter().collect::<String>()) {
            valid += usize::from(filter.rows(&people).is_ok());
        }
    }
    assert!(valid > 5000, "{valid}");
}
