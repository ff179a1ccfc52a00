//! Identifiers replaced by keyed codes, so that a person's rows can be joined and nobody else can
//! tell whose they are.

use crate::grid::{Dropped, Headed};
use crate::ledger::Ledger;
use crate::lines::{Builder, tidy};
use crate::number::fold;
use crate::personal::{self, Personal};
use crate::refusals::Refusals;
use crate::samples::Samples;
use crate::{Codebook, Result, Role};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use ssi_vocab::Rule;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

/// The column that says which rows are of one person.
const RESPONDENT: &str = "respondent_id";

/// How many bytes of a code are kept: 128 bits.
const CODE_BYTES: usize = 16;

/// A secret key, by which identifiers become codes.
///
/// # Formula
/// A code is `p` and the first 128 bits of HMAC-SHA-256(key, identifier) in hexadecimal. Before,
/// the identifier is put into one form: Unicode NFKC without invisible marks and white space around
/// it, and e-mail addresses, telephone numbers and links in lower case, telephone numbers without
/// the marks between digits, links without `https://`, `www.`, what follows `?` or `#` and a slash
/// at the end. So `Ｕ０１` is `U01`, and `Ann@Example.org ` is `ann@example.org`.
///
/// Among n people two share a code with probability about n²/2¹²⁹: 1.5e-27 for a million.
///
/// # References
/// RFC 2104 (1997), doi:10.17487/RFC2104; tested with the vectors of RFC 4231.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Vec<u8>);

impl Key {
    /// The fewest bytes of a key: as many as a SHA-256 has.
    pub const FEWEST: usize = 32;

    /// A key from random bytes; `None` where there are fewer than [`Self::FEWEST`], or all are the
    /// same.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let varied = bytes.windows(2).any(|pair| pair[0] != pair[1]);
        (bytes.len() >= Self::FEWEST && varied).then_some(Self(bytes))
    }

    /// The code of an identifier.
    pub fn code(&self, identifier: &str) -> String {
        let hex = |byte: &u8| format!("{byte:02x}");
        let digest = hmac_sha256(&self.0, normal(identifier).as_bytes());
        std::iter::once("p".to_owned()).chain(digest[..CODE_BYTES].iter().map(hex)).collect()
    }
}

/// A key is never shown.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

fn hmac_sha256(key: &[u8], text: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length.
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key will do");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

/// The one form of an identifier.
fn normal(identifier: &str) -> String {
    let text = fold(identifier);
    match personal::of_cell(&text) {
        Some(Personal::Telephone) => {
            text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
        }
        Some(Personal::Profile) => {
            let lower = text.to_lowercase();
            let bare = lower.split(['?', '#']).next().unwrap_or_default();
            let bare = bare.trim_start_matches("https://").trim_start_matches("http://");
            bare.trim_start_matches("www.").trim_end_matches('/').to_owned()
        }
        Some(_) => text.to_lowercase(),
        None => text.into_owned(),
    }
}

/// Replaces identifiers by codes and drops the other columns that say who somebody is.
///
/// Keyed are the columns that the codebook knows as identifiers. Where none of them is the
/// respondent's, the first column of e-mail addresses, else of profile addresses, else of telephone
/// numbers becomes `respondent_id`; names don't, because people share them.
pub(crate) fn apply<'t>(
    headed: Headed<'t>,
    name: &str,
    codebook: &Codebook,
    key: &Key,
    ledger: &mut Ledger,
    refusals: &mut Refusals,
) -> Result<Headed<'t>> {
    let found = codebook.columns(&headed.header, name, refusals)?;
    let mut fates = vec![Fate::Kept; headed.header.len()];
    let known: BTreeMap<usize, usize> =
        found.into_iter().map(|(order, (at, _))| (at, order)).collect();
    let mut personal = Vec::new();
    let samples = Samples::of(&headed);
    for (at, fate) in fates.iter_mut().enumerate() {
        let (title, cells) = (headed.header[at].as_str(), samples.of_column(at));
        let field = known.get(&at).map(|order| &codebook.fields()[*order]);
        match field.map(|field| field.role) {
            Some(Role::Identifier) => *fate = Fate::Keyed,
            Some(role) if role.is_numeric() && personal::of_numbers(title, cells).is_none() => {}
            // A known header is what the codebook says it is; its cells may say otherwise.
            Some(Role::Group | Role::Date) => {
                let what = personal::of_cells(cells);
                *fate = what.map_or(Fate::Words, |_| Fate::Dropped);
            }
            _ => {
                let what = personal::of_column(title, cells);
                personal.extend(what.map(|what| (what.rank(), at)));
                *fate = what.map_or(Fate::Kept, |_| Fate::Dropped);
            }
        }
    }
    drop(samples);
    let has_id = known.values().any(|order| codebook.fields()[*order].name == RESPONDENT);
    let best = personal.iter().filter_map(|(rank, at)| Some(((*rank)?, *at))).min();
    if let Some((_, at)) = best.filter(|_| !has_id) {
        fates[at] = Fate::Respondent;
    }
    Ok(rebuilt(headed, codebook, key, &fates, ledger))
}

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    /// Kept, but for single cells that say who somebody is.
    Words,
    Keyed,
    /// Keyed, and the respondent's identifier from now on.
    Respondent,
    Dropped,
}

fn rebuilt<'t>(
    headed: Headed<'t>,
    codebook: &Codebook,
    key: &Key,
    fates: &[Fate],
    ledger: &mut Ledger,
) -> Headed<'t> {
    let kept: Vec<usize> = (0..fates.len()).filter(|at| fates[*at] != Fate::Dropped).collect();
    for (at, header) in headed.header.iter().enumerate() {
        let rule = match fates[at] {
            Fate::Kept | Fate::Words => continue,
            Fate::Keyed | Fate::Respondent => Rule::Pseudonymised,
            Fate::Dropped => Rule::PersonalDropped,
        };
        let named = match fates[at] {
            Fate::Respondent => (header.as_str(), RESPONDENT),
            _ => ("", ""),
        };
        ledger.personal(rule, (at, header), headed.row, named);
    }
    let mut codes: HashMap<&str, String> = HashMap::new();
    let mut cells = Builder::default();
    let mut filled = vec![0; fates.len()];
    let mut row: Vec<&str> = Vec::new();
    for line in headed.lines.iter() {
        row.clear();
        row.extend(line.cells().map(tidy));
        row.resize(fates.len(), "");
        filled.iter_mut().zip(&row).for_each(|(n, cell)| *n += usize::from(!cell.is_empty()));
        if !headed.fits(&line) {
            // Which cell belongs where is not known, so none is kept; the row stays too long.
            (0..=kept.len()).for_each(|_| cells.push("?"));
            cells.end_row(line.number());
            continue;
        }
        for at in &kept {
            let cell = row[*at];
            if cell.is_empty() || fates[*at] == Fate::Kept {
                cells.push(cell);
                continue;
            }
            let folded = fold(cell);
            let is_code = codebook.is_missing(&folded) || codebook.is_not_visible(&folded);
            match fates[*at] {
                Fate::Keyed | Fate::Respondent if !is_code => {
                    cells.push(codes.entry(cell).or_insert_with(|| key.code(cell)));
                }
                Fate::Words if personal::of_cell(&folded).is_some() => {
                    let place = (*at, headed.header[*at].as_str());
                    ledger.personal(Rule::PersonalDropped, place, line.number(), ("", ""));
                    cells.push("");
                }
                _ => cells.push(cell),
            }
        }
        cells.end_row(line.number());
    }
    let place = |at: usize| kept.iter().position(|kept| *kept == at);
    let moved = |cells: &BTreeSet<(usize, usize)>| -> BTreeSet<(usize, usize)> {
        cells.iter().filter_map(|(row, at)| Some((*row, place(*at)?))).collect()
    };
    let header = |at: &usize| match fates[*at] {
        Fate::Respondent => RESPONDENT.to_owned(),
        _ => headed.header[*at].clone(),
    };
    let (formulas, merged) = (moved(&headed.formulas), moved(&headed.merged));
    let dropped = (0..fates.len()).filter(|at| fates[*at] == Fate::Dropped);
    let dropped = dropped
        .map(|at| (at, Dropped { header: headed.header[at].clone(), filled: filled[at] }))
        .collect();
    let header = kept.iter().map(header).collect();
    Headed { header, formulas, merged, lines: cells.lines(), dropped, ..headed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// RFC 4231, test cases 1 to 4, 6 and 7.
    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let long = vec![0xaa; 131];
        let counted: Vec<u8> = (1..=25).collect();
        let cases: [(&[u8], &[u8], &str); 6] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (&counted, &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
            (&long, b"Test Using Larger Than Block-Size Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
            (&long, b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.", "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        ];
        for (key, text, expected) in cases {
            assert_eq!(hex(&hmac_sha256(key, text)), expected);
        }
    }

    #[test]
    fn a_code_depends_on_who_somebody_is_and_not_on_how_it_is_written() {
        let key = Key::new((0..32).collect()).unwrap();
        let same = |a: &str, b: &str| key.code(a) == key.code(b);
        assert!(same("Ann@Example.org ", "ann@example.org"));
        assert!(same("Ｕ０１", "U01"));
        assert!(same("https://www.LinkedIn.com/in/ann/?a=b", "linkedin.com/in/ann"));
        assert!(same("090-1234-5678", "０９０ 1234 5678"));
        assert!(!same("u01", "U01") && !same("ann@example.org", "bob@example.org"));
        let other = Key::new((1..33).collect()).unwrap();
        assert_ne!(key.code("U01"), other.code("U01"));
        assert_eq!(key.code("U01").len(), 33);
        assert_eq!(format!("{key:?}"), "Key(…)");
    }

    #[test]
    fn a_short_key_and_one_of_equal_bytes_are_none() {
        assert!(Key::new(vec![1; 31]).is_none() && Key::new(vec![0; 64]).is_none());
        assert!(Key::new((0..31).collect()).is_none());
    }
}
