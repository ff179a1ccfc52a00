//! Claims and verdicts.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the data say of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The interval lies wholly on the claim's side of the plan's threshold.
    Supported,
    /// The interval lies wholly on the other side.
    Contradicted,
    /// The interval holds the threshold.
    Inconclusive,
    /// These columns can't answer it.
    NotTestable,
}

impl Verdict {
    /// The code used in JSON and in the terms files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Contradicted => "contradicted",
            Self::Inconclusive => "inconclusive",
            Self::NotTestable => "not_testable",
        }
    }
}

/// What decides a verdict, or leaves it open, where an interval and a threshold don't tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Because {
    /// No data of this kind tell the cause from other causes.
    NotIdentified,
    /// The claim says nothing that can be counted.
    Anecdote,
    /// The size of the sample that a share was taken of is not known.
    SizeUnknown,
    /// It depends on numbers that are only known within a range.
    RangeDecides,
    /// Fewer respondents than the plan lets be summarised.
    TooFew,
    /// So few respondents in a group, or so few others, that a report for others does not tell.
    SmallGroup,
    /// Nobody has a capped count.
    NobodyCapped,
    /// Everybody has a capped count.
    EverybodyCapped,
    /// One counterexample, which a stale record may have made.
    OneException,
    /// No counterexample, among too few to exclude that there are some.
    NoExceptionAmongFew,
    /// Nobody was scored by two raters.
    OneRater,
    /// An estimate that these data don't define.
    Undefined,
}

impl Because {
    /// The code used in JSON and in the terms files.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotIdentified => "not_identified",
            Self::Anecdote => "anecdote",
            Self::SizeUnknown => "size_unknown",
            Self::RangeDecides => "range_decides",
            Self::TooFew => "too_few",
            Self::SmallGroup => "small_group",
            Self::NobodyCapped => "nobody_capped",
            Self::EverybodyCapped => "everybody_capped",
            Self::OneException => "one_exception",
            Self::NoExceptionAmongFew => "no_exception_among_few",
            Self::OneRater => "one_rater",
            Self::Undefined => "undefined",
        }
    }
}

/// A claim of the original article, with its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Its id, such as `C7`.
    pub id: String,
    /// The verdict, by the plan's rule.
    pub verdict: Verdict,
    /// The rule's threshold.
    pub threshold: Option<f64>,
    /// The other numbers of the rule, and of what is given rather than counted, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rule: BTreeMap<String, f64>,
    /// The estimates it rests on, as indices into `estimates`; the first is what the rule judges.
    pub estimates: Vec<usize>,
    /// The column that would make it testable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// Whose counts it rests on, where they are not the cohort's: `article`, `plan`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Why, where interval and threshold don't tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
}
