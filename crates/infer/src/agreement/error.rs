use thiserror::Error;

/// Why ratings say nothing of agreement.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RaterError {
    /// All ratings are one rater's.
    #[error(
        "all ratings are by one rater (`{rater}`), so there is nobody to agree with; have some respondents scored by a second rater"
    )]
    OneRater {
        /// The rater.
        rater: String,
    },
    /// Several raters, and no respondent in common.
    #[error(
        "no respondent was scored by two of the {raters} raters, so they can't be compared; have some respondents scored twice"
    )]
    NoOverlap {
        /// How many raters there are.
        raters: usize,
    },
    /// One rater's two ratings of one respondent.
    #[error("rater `{rater}` has scored respondent {subject} twice; keep one of the two ratings")]
    RatedTwice {
        /// The rater.
        rater: String,
        /// The respondent, counted from 1.
        subject: usize,
    },
    /// A rater or a respondent who is not in the list.
    #[error(
        "a rating names rater {rater} and respondent {subject}, who are not among those listed; number both from 0"
    )]
    Unlisted {
        /// The rater's number.
        rater: usize,
        /// The respondent's number.
        subject: usize,
    },
}
