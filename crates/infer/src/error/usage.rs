//! Which errors are the command's, and which the data's.

use super::Error;

/// True for an analysis whose need of respondents grows with the terms of its formula.
pub(super) fn has_coefficients(analysis: &str) -> bool {
    let models = ["logistic", "firth", "ordinal", "fractional", "tobit", "beta", "theil_sen"];
    let robust = ["huber", "bisquare", "mm", "quantile"];
    analysis == "least squares" || models.contains(&analysis) || robust.contains(&analysis)
}

impl Error {
    /// True where respondents are fewer than the coefficients of a formula ask for.
    pub fn is_of_terms(&self) -> bool {
        matches!(self, Self::TooFew { analysis, .. } if has_coefficients(analysis))
    }

    /// The same error, where least squares underneath found too few respondents, under the name of
    /// the analysis that it served.
    pub(crate) fn under(self, analysis: &'static str) -> Self {
        match self {
            Self::TooFew { needed, found, .. } => Self::TooFew { analysis, needed, found },
            other => other,
        }
    }

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
