use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Why a cell holds no value. None of these is ever read as 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Empty, or one of the declared missing codes.
    Blank,
    /// The rater could not see this item (NV).
    NotVisible,
    /// There was text where a number belongs; the exclusion ledger has it.
    NotANumber,
    /// The value can't be derived, because one of its parts is missing.
    Incomplete,
}

/// Why a row, or a cell of it, was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The value that this analysis needs is missing.
    Missing,
    /// The rater could not see this item (NV): missing, and never 0.
    NotVisible,
    /// Text in a number column.
    NotANumber,
    /// A number that is infinite.
    NotFinite,
    /// A number outside the range that the codebook allows.
    OutOfRange,
    /// An item score that is none of 0, 0.5, 1.
    NotAnItemScore,
    /// The four pillars don't add up to the displayed SSI.
    PillarsDoNotAddUp,
    /// The given total is not the sum of the ten items.
    TotalIsNotTheSum,
    /// The same respondent, rater and wave stand twice with different values.
    ConflictingDuplicate,
    /// The row has more or fewer cells than the header.
    RaggedRow,
    /// A formula instead of a value.
    Formula,
    /// A date that can't be read, or that can be read in two ways (`03/04/2018`).
    NotADate,
    /// The logarithm of a number that is not above 0.
    LogOfNonPositive,
    /// The root, or a broken power, of a number below 0.
    RootOfNegative,
    /// A quotient by 0.
    DivisionByZero,
    /// A formula's value that leaves the range of a double.
    BeyondRange,
}

impl Reason {
    /// The code used in JSON, CSV and the terms files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotVisible => "not_visible",
            Self::NotANumber => "not_a_number",
            Self::NotFinite => "not_finite",
            Self::OutOfRange => "out_of_range",
            Self::NotAnItemScore => "not_an_item_score",
            Self::PillarsDoNotAddUp => "pillars_do_not_add_up",
            Self::TotalIsNotTheSum => "total_is_not_the_sum",
            Self::ConflictingDuplicate => "conflicting_duplicate",
            Self::RaggedRow => "ragged_row",
            Self::Formula => "formula",
            Self::NotADate => "not_a_date",
            Self::LogOfNonPositive => "log_of_non_positive",
            Self::RootOfNegative => "root_of_negative",
            Self::DivisionByZero => "division_by_zero",
            Self::BeyondRange => "beyond_range",
        }
    }
}

/// One thing that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Exclusion {
    /// The row as the user counts it: the header is row 1 unless title rows stand above it.
    pub row: usize,
    /// The column, under its canonical name where it has one.
    pub column: String,
    /// What stood there. Empty unless the column has a numeric role (free text never leaves).
    pub value: String,
    /// Why it was left out.
    pub reason: Reason,
}

/// How often one reason left something out of a column: what a report that is not local tells of
/// its [`Exclusion`]s.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The column, or empty where whole rows were left out.
    pub column: String,
    /// Why.
    pub reason: Reason,
    /// How many cells, or rows.
    pub count: usize,
}

impl LeftOut {
    /// Counts exclusions by reason and column, the most frequent first. Several analyses may leave
    /// out the same cell for the same reason, which counts once.
    pub fn counted(excluded: &[Exclusion]) -> Vec<Self> {
        let mut counts: BTreeMap<(&str, &str), (Reason, usize)> = BTreeMap::new();
        for one in excluded.iter().collect::<BTreeSet<_>>() {
            let key = (one.reason.code(), one.column.as_str());
            counts.entry(key).or_insert((one.reason, 0)).1 += 1;
        }
        let counted = |((_, column), (reason, count)): ((&str, &str), _)| Self {
            column: column.to_owned(),
            reason,
            count,
        };
        let mut out: Vec<Self> = counts.into_iter().map(counted).collect();
        // By reason and column they are in order already.
        out.sort_by_key(|c| Reverse(c.count));
        out
    }
}

/// How many different rows the exclusions are about.
pub(crate) fn different_rows(excluded: &[Exclusion]) -> usize {
    let mut rows: Vec<usize> = excluded.iter().map(|e| e.row).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.len()
}

/// How a value was normalised on reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// The file was decoded from another encoding than UTF-8.
    Encoding,
    /// The cells are separated by something else than a comma.
    Delimiter,
    /// The column is known under another name.
    Renamed,
    /// The column was not recognised, so it is not used.
    Ignored,
    /// The identifiers of the column were replaced by keyed codes.
    Pseudonymised,
    /// The column says who somebody is, so it was dropped.
    PersonalDropped,
    /// Full-width digits or signs.
    FullWidth,
    /// A decimal comma.
    DecimalComma,
    /// A thousands separator.
    Thousands,
    /// A unit or wording around the number (`53 out of 100`, `75点`, `Top 10%`).
    Unit,
    /// An approximate number (`約300`), used as it stands.
    Approximate,
    /// A capped count (`500+`), kept as "at least".
    Capped,
    /// A date in another form than ISO 8601.
    Date,
    /// A word that the codebook declares to be a score (`○`).
    DeclaredScore,
    /// A missing code (`NA`, `未回答`).
    MissingCode,
    /// Not visible to the rater (`NV`, `見えない`).
    NotVisible,
    /// A blank row, or a row of totals below the data.
    DroppedRow,
    /// An identical duplicate.
    IdenticalDuplicate,
    /// Several raters of one respondent, averaged.
    RatersAveraged,
    /// A given total that is not used, because not all of its ten items were seen.
    IncompleteTotal,
    /// Pillars that don't add up to SSI, used all the same because the user said so.
    PillarsKept,
    /// Another row of the same respondent, rater and wave is later, and the user said that it
    /// counts.
    OlderDuplicate,
    /// Two rows of the header, read as one.
    TwoHeaderRows,
    /// A codebook says what the columns mean.
    Codebook,
    /// The value of a cell that was merged with this one.
    MergedCell,
    /// A column's name held characters that can't be seen, which were removed.
    Unseen,
    /// Cells beside the table of a workbook, in a column without a header, which are not used.
    Stray,
}

impl Rule {
    /// The code used in JSON, CSV and the terms files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pseudonymised => "pseudonymised",
            Self::PersonalDropped => "personal_dropped",
            Self::Encoding => "encoding",
            Self::Delimiter => "delimiter",
            Self::Renamed => "renamed",
            Self::Ignored => "ignored",
            Self::FullWidth => "full_width",
            Self::DecimalComma => "decimal_comma",
            Self::Thousands => "thousands",
            Self::Unit => "unit",
            Self::Approximate => "approximate",
            Self::Capped => "capped",
            Self::Date => "date",
            Self::DeclaredScore => "declared_score",
            Self::MissingCode => "missing_code",
            Self::NotVisible => "not_visible",
            Self::DroppedRow => "dropped_row",
            Self::IdenticalDuplicate => "identical_duplicate",
            Self::RatersAveraged => "raters_averaged",
            Self::IncompleteTotal => "incomplete_total",
            Self::PillarsKept => "pillars_kept",
            Self::OlderDuplicate => "older_duplicate",
            Self::TwoHeaderRows => "two_header_rows",
            Self::Codebook => "codebook",
            Self::MergedCell => "merged_cell",
            Self::Unseen => "unseen",
            Self::Stray => "stray",
        }
    }
}

/// One rule that was applied on reading, with how often and a first example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The rule.
    pub rule: Rule,
    /// The column, or empty where the rule is about the whole file.
    pub column: String,
    /// How many cells or rows.
    pub count: usize,
    /// The first row it was applied to, as the user counts it; 0 for the whole file.
    pub first_row: usize,
    /// What was found there.
    pub found: String,
    /// What it was read as.
    pub read_as: String,
}
