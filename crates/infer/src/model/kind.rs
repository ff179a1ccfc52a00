use super::ModelError;
use std::fmt;
use std::str::FromStr;

/// A kind of regression: what `--model` takes and the `method` field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// The mean, by least squares.
    #[default]
    Ols,
    /// The mean of the bulk, by Huber's M-estimator.
    Huber,
    /// The mean of the bulk, by the bisquare M-estimator.
    Bisquare,
    /// The bisquare M-estimator from a start that half the data can't move.
    Mm,
    /// The median of the slopes of all pairs.
    TheilSen,
    /// A quantile; the median unless `--tau` says otherwise.
    Quantile,
    /// A normal variable seen only between limits.
    Tobit,
    /// The log-odds of one of two values.
    Logistic,
    /// The same with Firth's penalty, finite under separation.
    Firth,
    /// The cumulative log-odds of ordered levels.
    Ordinal,
    /// The log-odds of a share between bounds, by quasi-likelihood.
    Fractional,
    /// The log-odds of a share strictly between bounds, by beta likelihood.
    Beta,
    /// Least squares, shrunk by squares.
    Ridge,
    /// Least squares, shrunk by absolute values.
    Lasso,
    /// Least squares, shrunk by both.
    ElasticNet,
    /// A smooth curve of the first predictor.
    Spline,
    /// A curve that never falls.
    Isotonic,
    /// Two straight lines that meet.
    Segmented,
    /// Least squares with effects that vary between groups.
    Mixed,
}

impl Kind {
    /// Every kind, in the order of the contract.
    pub const ALL: [Self; 19] = [
        Self::Ols,
        Self::Huber,
        Self::Bisquare,
        Self::Mm,
        Self::TheilSen,
        Self::Quantile,
        Self::Tobit,
        Self::Logistic,
        Self::Firth,
        Self::Ordinal,
        Self::Fractional,
        Self::Beta,
        Self::Ridge,
        Self::Lasso,
        Self::ElasticNet,
        Self::Spline,
        Self::Isotonic,
        Self::Segmented,
        Self::Mixed,
    ];

    /// The name used on the command line, in JSON and in CSV.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ols => "ols",
            Self::Huber => "huber",
            Self::Bisquare => "bisquare",
            Self::Mm => "mm",
            Self::TheilSen => "theil_sen",
            Self::Quantile => "quantile",
            Self::Tobit => "tobit",
            Self::Logistic => "logistic",
            Self::Firth => "firth",
            Self::Ordinal => "ordinal",
            Self::Fractional => "fractional",
            Self::Beta => "beta",
            Self::Ridge => "ridge",
            Self::Lasso => "lasso",
            Self::ElasticNet => "elastic_net",
            Self::Spline => "spline",
            Self::Isotonic => "isotonic",
            Self::Segmented => "segmented",
            Self::Mixed => "mixed",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Kind {
    type Err = crate::Error;
    fn from_str(name: &str) -> crate::Result<Self> {
        let known = || Self::ALL.into_iter();
        Ok(known().find(|kind| kind.code() == name).ok_or_else(|| ModelError::Unknown {
            name: name.to_owned(),
            nearest: ssi_vocab::nearest(name, known().map(Self::code)),
            known: known().map(Self::code).collect(),
        })?)
    }
}
