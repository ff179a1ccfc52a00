use crate::Error;
use std::fmt;
use std::str::FromStr;

/// A way to compare groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Method {
    /// One-way analysis of variance.
    Anova,
    /// Welch's analysis of variance, for groups of different spread.
    Welch,
    /// The analysis of variance of ranks.
    KruskalWallis,
    /// Student's t test of two means.
    T,
    /// Welch's t test of two means, for groups of different spread.
    WelchT,
    /// The rank-sum test of two groups.
    MannWhitney,
    /// Tukey's honest significant differences: all pairs at once, one variance.
    Tukey,
    /// Games and Howell's: all pairs at once, groups of different spread.
    GamesHowell,
}

impl Method {
    /// Every method, in the order of the contract.
    pub const ALL: [Self; 8] = [
        Self::Anova,
        Self::Welch,
        Self::KruskalWallis,
        Self::T,
        Self::WelchT,
        Self::MannWhitney,
        Self::Tukey,
        Self::GamesHowell,
    ];

    /// The name used on the command line, in JSON and in CSV.
    pub fn code(self) -> &'static str {
        match self {
            Self::Anova => "anova",
            Self::Welch => "welch",
            Self::KruskalWallis => "kruskal_wallis",
            Self::T => "t",
            Self::WelchT => "welch_t",
            Self::MannWhitney => "mann_whitney",
            Self::Tukey => "tukey",
            Self::GamesHowell => "games_howell",
        }
    }

    /// The methods used where none is asked for: those for two groups, or those for more.
    pub fn default_for(groups: usize) -> &'static [Self] {
        if groups == 2 { &Self::ALL[3..6] } else { &Self::ALL[..3] }
    }

    /// True where the method compares exactly two groups, or every pair of more.
    pub fn for_two(self) -> bool {
        !matches!(self, Self::Anova | Self::Welch | Self::KruskalWallis)
    }

    /// True where the intervals of all pairs hold together at the level.
    pub fn simultaneous(self) -> bool {
        matches!(self, Self::Tukey | Self::GamesHowell)
    }

    /// True where only the order of the values matters, so that a capped value ("500+") can be
    /// used as the highest rank.
    pub fn uses_ranks(self) -> bool {
        matches!(self, Self::KruskalWallis | Self::MannWhitney)
    }

    /// What its first row estimates, as the row's `term`.
    pub(super) fn first_term(self) -> &'static str {
        match self {
            Self::Anova => "eta_squared",
            Self::Welch => "omega_squared",
            Self::KruskalWallis => "epsilon_squared",
            Self::T | Self::WelchT | Self::Tukey | Self::GamesHowell => "mean_difference",
            Self::MannWhitney => "shift",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Method {
    type Err = Error;
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = || Self::ALL.into_iter();
        known().find(|m| m.code() == name).ok_or_else(|| Error::UnknownComparison {
            name: name.to_owned(),
            nearest: ssi_vocab::nearest(name, known().map(Self::code)),
            known: known().map(Self::code).collect(),
        })
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
        let error = "welch-t".parse::<Method>().unwrap_err().to_string();
        assert!(error.contains("did you mean `welch_t`"), "{error}");
    }
}
