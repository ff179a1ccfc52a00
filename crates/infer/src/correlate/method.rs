use super::{
    biweight, distance, kendall, pearson, percentage_bend, point_biserial, polychoric, polyserial,
    spearman, winsorized,
};
use crate::{Error, Result};
use ssi_vocab::{Analysis, Estimate, Level, Note, Paired};
use std::fmt;
use std::str::FromStr;

/// A way to measure how two variables go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Method {
    /// Along a straight line.
    Pearson,
    /// Along any rising or falling curve, by ranks.
    Spearman,
    /// By the order of pairs of respondents, ties taken into account (τ-b).
    Kendall,
    /// Along a straight line, with little weight for values far from the median.
    Biweight,
    /// Along a straight line, with the outer fifth of the values drawn in to a bend.
    PercentageBend,
    /// Along a straight line, with a fifth of the values drawn in at either end.
    Winsorized,
    /// In any way at all, by the distances between respondents.
    Distance,
    /// Along a straight line where one column has two values.
    PointBiserial,
    /// Between two normal variables of which only ordered levels were seen.
    Polychoric,
    /// Between a variable and a normal one of which only ordered levels were seen.
    Polyserial,
}

impl Method {
    /// Every method, in the order of the contract.
    pub const ALL: [Self; 10] = [
        Self::Pearson,
        Self::Spearman,
        Self::Kendall,
        Self::Biweight,
        Self::PercentageBend,
        Self::Winsorized,
        Self::Distance,
        Self::PointBiserial,
        Self::Polychoric,
        Self::Polyserial,
    ];

    /// The methods that any two columns of numbers have, and most readers know.
    pub const CLASSICAL: [Self; 3] = [Self::Pearson, Self::Spearman, Self::Kendall];

    /// The name used on the command line, in JSON and in CSV.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pearson => "pearson",
            Self::Spearman => "spearman",
            Self::Kendall => "kendall",
            Self::Biweight => "biweight",
            Self::PercentageBend => "percentage_bend",
            Self::Winsorized => "winsorized",
            Self::Distance => "distance",
            Self::PointBiserial => "point_biserial",
            Self::Polychoric => "polychoric",
            Self::Polyserial => "polyserial",
        }
    }

    /// The name of the interval that it brings by itself.
    pub fn interval(self) -> &'static str {
        match self {
            Self::Pearson => "fisher_z",
            Self::Spearman => "bonett_wright",
            Self::PointBiserial => "tate_z",
            _ => "delta_z",
        }
    }

    /// The name of the test that it brings by itself; Spearman's and Kendall's may be exact instead
    /// for a few respondents without ties.
    pub fn test(self) -> &'static str {
        match self {
            Self::Kendall => "normal",
            Self::Distance => "chi_squared",
            Self::Polychoric | Self::Polyserial => "likelihood_ratio",
            _ => "t",
        }
    }

    /// True where only the order of the values matters, so that a capped value ("500+") can be
    /// used as the highest rank.
    pub fn uses_ranks(self) -> bool {
        matches!(self, Self::Spearman | Self::Kendall | Self::Polychoric)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Method {
    type Err = Error;
    fn from_str(name: &str) -> Result<Self> {
        let known = || Self::ALL.into_iter();
        known().find(|m| m.code() == name).ok_or_else(|| Error::UnknownMethod {
            name: name.to_owned(),
            nearest: ssi_vocab::nearest(name, known().map(Self::code)),
            known: known().map(Self::code).collect(),
        })
    }
}

/// The correlation of a pair by the method asked for, with its default interval and test.
///
/// # Errors
/// Those of the method: [`Error::TooFew`] below three respondents, [`Error::Constant`],
/// [`Error::NoSpread`]; [`Error::NotTwoValued`] and [`Error::TooManyLevels`] for columns that the
/// method is not made for.
pub fn correlate(pair: &Paired, method: Method, level: Level) -> Result<Estimate> {
    Ok(named(
        method,
        match method {
            Method::Pearson => pearson(pair)?.estimate(level),
            Method::Spearman => spearman(pair)?.estimate(level),
            Method::Kendall => kendall(pair)?.estimate(level),
            Method::Biweight => biweight(pair)?.estimate(level),
            Method::PercentageBend => percentage_bend(pair)?.estimate(level),
            Method::Winsorized => winsorized(pair)?.estimate(level),
            Method::Distance => distance(pair)?.estimate(level),
            Method::PointBiserial => point_biserial(pair)?.estimate(level),
            Method::Polychoric => polychoric(pair)?.estimate(level),
            Method::Polyserial => polyserial(pair)?.estimate(level),
        },
    ))
}

/// The estimate with the names of the method's interval and test also where these are missing.
fn named(method: Method, mut estimate: Estimate) -> Estimate {
    if estimate.conf_method().is_none() {
        estimate.lacking.interval = Some(method.interval().to_owned());
    }
    if estimate.p_method().is_none() {
        estimate.lacking.test = Some(method.test().to_owned());
    }
    estimate
}

/// The same, with an undefined correlation as an estimate that has no value and says why: for
/// tables in which one empty cell must not stop the others.
pub fn correlate_or_note(pair: &Paired, method: Method, level: Level) -> Estimate {
    correlate(pair, method, level).unwrap_or_else(|error| {
        let mut estimate = blank(pair, method);
        estimate.note = Some(match error {
            Error::Constant { .. } => Note::ConstantColumn,
            Error::NoSpread { .. } => Note::NoSpread,
            Error::NotTwoValued { .. } => Note::NotTwoValued,
            Error::TooManyLevels { .. } => Note::TooManyLevels,
            Error::NotConverged { .. } => Note::NotConverged,
            _ => Note::TooFew,
        });
        named(method, estimate)
    })
}

/// An estimate of a pair with nothing said yet.
pub(crate) fn blank(pair: &Paired, method: Method) -> Estimate {
    let (x, y) = (pair.x_name().to_owned(), pair.y_name().to_owned());
    Estimate {
        n_excluded: pair.n_excluded(),
        x: Some(x.clone()),
        y: Some(y.clone()),
        ..Estimate::new(Analysis::Correlation, method.code(), format!("{x}, {y}"), pair.n_obs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_read_by_its_name() {
        for method in Method::ALL {
            assert_eq!(method.code().parse(), Ok(method));
        }
    }

    #[test]
    fn a_misspelt_method_names_the_nearest() {
        let error = "spearmann".parse::<Method>().unwrap_err().to_string();
        assert!(error.contains("did you mean `spearman`"), "{error}");
    }
}
