//! Do raters who score the same respondents agree?
//!
//! Every estimate here rests on the respondents whom two raters or more have scored; the others
//! say nothing of agreement and are counted as excluded. A rating that is missing, because the
//! rater did not see the item, is no rating: it is never a 0.

mod cohen;
mod components;
mod error;
mod gwet;
mod icc;
mod krippendorff;
mod limits;
mod ratings;
pub(crate) mod severity;

pub use cohen::{kappa, weighted_kappa};
pub use error::RaterError;
pub use gwet::{gwet_ac1, gwet_ac2};
pub use icc::icc;
pub use krippendorff::krippendorff;
pub use limits::{bland_altman, differences};
pub use ratings::{Pair, Ratings};
pub use severity::severity;

use ssi_vocab::{Analysis, Estimate};

/// How far apart two different ratings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Distance {
    /// All different ratings are equally far apart.
    Nominal,
    /// By the ratings that lie between them.
    Ordinal,
    /// The square of their difference.
    Interval,
}

impl Distance {
    /// The name used in JSON and CSV.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nominal => "nominal",
            Self::Ordinal => "ordinal",
            Self::Interval => "interval",
        }
    }
}

/// How much a disagreement counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weighting {
    /// By the difference.
    Linear,
    /// By its square.
    Quadratic,
}

impl Weighting {
    /// The name used in JSON and CSV.
    pub fn code(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Quadratic => "quadratic",
        }
    }

    /// How much two ratings agree, from 0 at the ends of the scale to 1.
    fn weight(self, a: f64, b: f64, range: f64) -> f64 {
        let apart = ((a - b) / range).abs();
        match self {
            Self::Linear => 1.0 - apart,
            Self::Quadratic => 1.0 - apart * apart,
        }
    }
}

/// A row about what was rated, without value.
fn row(method: &str, term: String, ratings: &Ratings, used: usize) -> Estimate {
    let mut row = Estimate::new(Analysis::Agreement, method, term, used);
    row.x = Some(ratings.what().to_owned());
    row.n_excluded = ratings.n_subjects() - used;
    row
}
