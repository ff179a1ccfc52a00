//! Which errors are the command's, and which the data's.

use super::Error;

impl Error {
    /// True for wrong usage that other rows of the same columns might not be: of the groups of a
    /// table it concerns the one.
    pub fn is_of_rows(&self) -> bool {
        if let Self::Model(error) = self {
            return error.is_of_rows();
        }
        matches!(
            self,
            Self::TwoGroups { .. }
                | Self::Capped { .. }
                | Self::CappedOutcome { .. }
                | Self::NotTwoValued { .. }
                | Self::TooManyLevels { .. }
        )
    }

    /// True where the command was used wrongly (exit code 2), not where the data fall short.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Input(error) => matches!(
                error,
                ssi_vocab::Error::UnknownColumn { .. }
                    | ssi_vocab::Error::NotNumeric { .. }
                    | ssi_vocab::Error::Capped { .. }
                    | ssi_vocab::Error::LevelOutOfRange { .. }
            ),
            Self::Model(error) => error.is_usage(),
            other => matches!(
                other,
                Self::Formula { .. }
                    | Self::UnknownMethod { .. }
                    | Self::UnknownCovariance { .. }
                    | Self::Setting { .. }
                    | Self::TooFewResamples { .. }
                    | Self::Capped { .. }
                    | Self::NotForMethod { .. }
                    | Self::UnknownWeights { .. }
                    | Self::Unweighted { .. }
                    | Self::ErrorsOfWeights { .. }
                    | Self::ErrorsOfTest { .. }
                    | Self::NotNested { .. }
                    | Self::UnknownComparison { .. }
                    | Self::SameColumn { .. }
                    | Self::TwoGroups { .. }
                    | Self::NotPairwise { .. }
                    | Self::CappedOutcome { .. }
                    | Self::NotTwoValued { .. }
                    | Self::TooManyLevels { .. }
                    | Self::Rate { .. }
            ),
        }
    }
}
