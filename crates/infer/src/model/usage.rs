//! Which errors of models are the command's, and which the data's.

use super::ModelError;

impl ModelError {
    /// True for wrong usage that other rows of the same columns might not be.
    pub fn is_of_rows(&self) -> bool {
        matches!(
            self,
            Self::NotBinary { .. }
                | Self::TooManyLevels { .. }
                | Self::AtLevel { .. }
                | Self::AtUndefined { .. }
                | Self::NotCapped
                | Self::CappedTwice { .. }
        )
    }

    /// True where the command was used wrongly (exit code 2), not where the data fall short.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Unknown { .. }
                | Self::Option { .. }
                | Self::OnePredictor { .. }
                | Self::At { .. }
                | Self::NotAPredictor { .. }
                | Self::AtNumber { .. }
                | Self::AtLevel { .. }
                | Self::AtUndefined { .. }
                | Self::UnknownInterval { .. }
                | Self::Needs { .. }
                | Self::Random { .. }
                | Self::RandomSlope { .. }
                | Self::CappedPredictor { .. }
                | Self::Capped { .. }
                | Self::CappedTwice { .. }
                | Self::NotCapped
                | Self::CappedOutcome { .. }
                | Self::Interaction { .. }
                | Self::TooManyTerms { .. }
                | Self::NotBinary { .. }
                | Self::TooManyLevels { .. }
                | Self::NoIntercept { .. }
                | Self::Bounds { .. }
                | Self::NoSuch { .. }
        )
    }
}
