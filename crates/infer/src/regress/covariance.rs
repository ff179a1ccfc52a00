use super::real::{Real, total};
use super::{Ols, StandardErrors};
use crate::double_double::DoubleDouble;
use ndarray::Array2;
use ssi_vocab::Weights;
use std::fmt;
use std::str::FromStr;

/// How the covariance of the coefficients is estimated.
///
/// # Formula
/// Classical: σ²(XᵀX)⁻¹. The others are sandwiches (XᵀX)⁻¹(Σ ωᵢxᵢxᵢᵀ)(XᵀX)⁻¹ with residual eᵢ,
/// leverage hᵢ, n respondents and k coefficients:
///
/// | kind | ωᵢ |
/// |---|---|
/// | HC0 | eᵢ² |
/// | HC1 | eᵢ² · n/(n − k) |
/// | HC2 | eᵢ² / (1 − hᵢ) |
/// | HC3 | eᵢ² / (1 − hᵢ)² |
/// | HC4 | eᵢ² / (1 − hᵢ)^min(4, n·hᵢ/k) |
///
/// With frequency weights each sum is over respondents; with analytic and probability weights
/// (XᵀWX)⁻¹ and wᵢeᵢ take the places of (XᵀX)⁻¹ and eᵢ, as in R's sandwich.
///
/// # Assumptions
/// Classical: equal spread and independence. HC0–HC4: independence only; HC3 is the one to use
/// below some 250 respondents.
///
/// # References
/// White (1980), doi:10.2307/1912934; MacKinnon and White (1985),
/// doi:10.1016/0304-4076(85)90158-7; Cribari-Neto (2004), doi:10.1016/S0167-9473(02)00366-3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Covariance {
    /// Equal spread.
    #[default]
    Classical,
    /// White's.
    Hc0,
    /// HC0 with a correction for the number of coefficients.
    Hc1,
    /// Unbiased under equal spread.
    Hc2,
    /// Close to the jackknife.
    Hc3,
    /// For points of high leverage.
    Hc4,
}

impl Covariance {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Classical, Self::Hc0, Self::Hc1, Self::Hc2, Self::Hc3, Self::Hc4];

    /// The name in the `vcov` field and after `--se`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Classical => "classical",
            Self::Hc0 => "hc0",
            Self::Hc1 => "hc1",
            Self::Hc2 => "hc2",
            Self::Hc3 => "hc3",
            Self::Hc4 => "hc4",
        }
    }
}

impl fmt::Display for Covariance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Covariance {
    type Err = crate::Error;
    fn from_str(text: &str) -> crate::Result<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code().eq_ignore_ascii_case(text))
            .ok_or_else(|| crate::Error::UnknownCovariance { name: text.to_owned() })
    }
}

impl Ols {
    /// The covariance matrix of the coefficients, in formula order.
    ///
    /// `None` for what [`Ols::allows`] denies, and for HC2, HC3 and HC4 where a respondent has leverage 1: the fit passes through that
    /// point whatever its outcome, so its residual says nothing of its spread.
    pub fn covariance(&self, kind: Covariance) -> Option<Array2<f64>> {
        if !self.allows(kind) {
            return None;
        }
        if kind == Covariance::Classical {
            let variance =
                DoubleDouble::from(self.residual_ss) / DoubleDouble::from(self.df_residual as f64);
            return Some(self.sandwich(|i, j| if i == j { variance } else { DoubleDouble::ZERO }));
        }
        let meat = self.meat(kind)?;
        Some(self.sandwich(|i, j| DoubleDouble::from(meat[[i, j]])))
    }

    /// Whether a kind of covariance is defined with the fit's weights.
    ///
    /// | weights | classical | HC0, HC1 | HC2, HC3, HC4 | CR1 | CR2 |
    /// |---|---|---|---|---|---|
    /// | none, frequency | yes | yes | yes | yes | yes |
    /// | analytic | yes | yes | yes | yes | yes |
    /// | probability | no | yes | no | yes | no |
    ///
    /// A probability weight says nothing of a row's variance, so neither the classical covariance
    /// nor a correction that leans on it (by leverage) is defined. HC1 is what Stata's `pweight`
    /// gives; HC0 · n/(n − 1) is the linearisation of R's survey package.
    pub fn allows(&self, kind: Covariance) -> bool {
        !matches!(self.weights(), Some(Weights::Probability(_)))
            || matches!(kind, Covariance::Hc0 | Covariance::Hc1)
    }

    /// [`Ols::allows`] by the name of a kind.
    pub(super) fn allows_named(&self, name: &str) -> bool {
        match name.parse() {
            Ok(StandardErrors::Each(kind)) => self.allows(kind),
            Ok(StandardErrors::Adjusted(kind)) => self.allows(kind.covariance()),
            _ => false,
        }
    }

    /// Σ ω q qᵀ of a robust covariance in the coordinates of the scores q = x S.
    pub(super) fn meat(&self, kind: Covariance) -> Option<Array2<f64>> {
        let k = self.coefficients.len();
        let (n_obs, k_f) = (self.n_obs as f64, k as f64);
        let power = |h: f64| match kind {
            Covariance::Classical | Covariance::Hc0 | Covariance::Hc1 => 0.0,
            Covariance::Hc2 => 1.0,
            Covariance::Hc3 => 2.0,
            Covariance::Hc4 => (n_obs * h / k_f).min(4.0),
        };
        let mut meat = Array2::<f64>::zeros((k, k));
        for (i, q) in self.scores().rows().into_iter().enumerate() {
            let weight = self.weight(i);
            if weight == 0.0 {
                continue;
            }
            // A count repeats the respondent's square; any other weight is part of the score.
            let weight = weight * if self.precise() { weight } else { 1.0 };
            let (e, h) = (self.residuals[i], self.hat()[i]);
            let shrunk = match power(h) {
                0.0 => 1.0,
                _ if is_one(h) => return None,
                1.0 => 1.0 - h,
                2.0 => (1.0 - h) * (1.0 - h),
                other => libm::pow(1.0 - h, other),
            };
            let omega = weight * e * e / shrunk;
            for a in 0..k {
                for b in 0..=a {
                    meat[[a, b]] += omega * q[a] * q[b];
                }
            }
        }
        if kind == Covariance::Hc1 {
            meat *= n_obs / self.df_residual as f64;
        }
        for a in 0..k {
            for b in 0..a {
                meat[[b, a]] = meat[[a, b]];
            }
        }
        Some(meat)
    }

    /// S M Sᵀ with the root S of (XᵀX)⁻¹.
    pub(crate) fn sandwich(&self, meat: impl Fn(usize, usize) -> DoubleDouble) -> Array2<f64> {
        let k = self.coefficients.len();
        let s = &self.root;
        let half: Vec<Vec<DoubleDouble>> = (0..k)
            .map(|i| (0..k).map(|b| total((i..k).map(|a| s.at(i, a) * meat(a, b)))).collect())
            .collect();
        let mut covariance = Array2::zeros((k, k));
        for i in 0..k {
            for j in i..k {
                let cell = total((j..k).map(|b| half[i][b] * s.at(j, b)));
                covariance[[i, j]] = cell.value();
                covariance[[j, i]] = cell.value();
            }
        }
        covariance
    }
}

/// True for a leverage that is 1 but for rounding.
pub(super) fn is_one(hat: f64) -> bool {
    1.0 - hat < 1e-12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        for kind in Covariance::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
        }
        assert!("hc9".parse::<Covariance>().is_err());
    }
}
