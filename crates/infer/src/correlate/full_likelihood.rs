use super::Method;
use super::fisher::interval_on_z;
use super::joint::{self, Joint, Summit};
use super::likelihood::likelihood_ratio;
use super::method::blank;
use super::polychoric::{Margins, margins};
use super::polyserial::probit;
use super::probit::Probit;
use crate::tails::normal_upper_quantile;
use crate::{Error, Result};
use ssi_vocab::{Estimate, Interval, Level, Note, Paired};

/// A polychoric or polyserial correlation of greatest likelihood, its thresholds fitted with it.
#[derive(Debug, Clone, PartialEq)]
pub struct FullLikelihood {
    /// The coefficient; ±1 where the likelihood rises up to the end of the range.
    pub rho: f64,
    /// Standard error from the inverse of the whole observed information; `None` at ±1.
    pub std_error: Option<f64>,
    /// The log-likelihood, and what it is at most where the variables are independent. For the
    /// polyserial correlation it is that of the levels given the values.
    pub log_likelihood: [f64; 2],
    /// Where the first variable is cut; empty for the variable of a polyserial correlation that was
    /// seen itself, and at ±1.
    pub x_thresholds: Vec<f64>,
    /// Where the second variable is cut.
    pub y_thresholds: Vec<f64>,
    /// Respondents.
    pub n_obs: usize,
    model: Model,
    /// The parameters where the likelihood is largest, or where the variables are independent if
    /// that is at ±1; the last is artanh ρ.
    parameters: Vec<f64>,
    blank: Estimate,
}

#[derive(Debug, Clone, PartialEq)]
enum Model {
    Levels(Margins),
    Values(Probit),
}

impl Joint for Model {
    fn at(&self, parameters: &[f64]) -> Option<joint::Bend> {
        match self {
            Self::Levels(margins) => margins.at(parameters),
            Self::Values(probit) => probit.at(parameters),
        }
    }
}

/// The methods that have one.
const METHODS: [Method; 2] = [Method::Polychoric, Method::Polyserial];

/// The polychoric or polyserial correlation by full maximum likelihood: thresholds, mean, spread and
/// correlation at once, where [`super::polychoric()`] and [`super::polyserial()`] fix all but the
/// correlation beforehand.
///
/// # Formula
/// Polychoric: Σ nᵢⱼ ln πᵢⱼ is largest over the thresholds of both variables and ρ. Polyserial: the
/// likelihood of the values, normal with mean μ and standard deviation σ, times that of the levels
/// given the values, is largest over μ, σ, the thresholds and ρ; σ is that with n. Newton's method
/// on artanh ρ with exact second derivatives.
///
/// [`estimate`](FullLikelihood::estimate): standard error from the inverse of the observed
/// information of all parameters, interval tanh(artanh ρ ± q·se/(1 − ρ²)).
/// [`profile`](FullLikelihood::profile): all ρ for which the likelihood, at its largest over the other
/// parameters, lies less than q²/2 below the maximum: the interval that agrees with the
/// likelihood-ratio test, also at ρ = ±1, where it has one end. Test of both: twice the difference of
/// the log-likelihoods at ρ and where the variables are independent against χ² with one degree of
/// freedom.
///
/// # Assumptions
/// Respondents are independent; the variables, or those behind the levels, are jointly normal.
/// Columns of levels have at most [`super::MAX_LEVELS`].
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out. Counts are used as they are.
///
/// # Errors
/// Those of the method; [`Error::NotConverged`]; [`Error::NotForMethod`].
///
/// # References
/// Olsson, U. (1979). doi:10.1007/BF02296207. Olsson, U., Drasgow, F. & Dorans, N. J. (1982).
/// doi:10.1007/BF02294164. Venzon, D. J. & Moolgavkar, S. H. (1988). A method for computing
/// profile-likelihood-based confidence intervals. doi:10.2307/2347496
///
/// # Example
/// ```
/// use ssi_infer::correlate::{Method, full_likelihood};
/// use ssi_vocab::{Level, Paired};
///
/// let (x, y) = (vec![0.0, 0.0, 1.0, 1.0], vec![0.0, 1.0, 0.0, 1.0]);
/// let pair = Paired::new("x", x, "y", y, Some(vec![30, 15, 15, 30]), vec![])?;
/// let found = full_likelihood(&pair, Method::Polychoric)?;
/// // A table of two by two is fitted exactly, as by two steps.
/// assert!((found.rho - 0.5).abs() < 1e-13);
/// let profile = found.profile(Level::DEFAULT);
/// assert!(profile.interval.is_some_and(|i| i.low > 0.0 && i.high < 1.0));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn full_likelihood(pair: &Paired, method: Method) -> Result<FullLikelihood> {
    let analysis = "full maximum likelihood";
    let (model, start, end, analysis) = match method {
        Method::Polychoric => {
            let margins = margins(pair)?;
            let (start, end) = (margins.independent(), margins.at_end());
            (Model::Levels(margins), start, end, "the polychoric correlation")
        }
        Method::Polyserial => {
            let (probit, start) = probit(pair)?;
            let end = probit.at_end();
            (Model::Values(probit), start, end, "the polyserial correlation")
        }
        _ => {
            let known = METHODS.map(Method::code).to_vec();
            return Err(Error::NotForMethod { analysis, method: method.code(), known });
        }
    };
    let failed = || Error::NotConverged { analysis };
    let none = model.at(&start).ok_or_else(failed)?.log_likelihood;
    let mut found = FullLikelihood {
        rho: 0.0,
        std_error: None,
        log_likelihood: [none, none],
        x_thresholds: Vec::new(),
        y_thresholds: Vec::new(),
        n_obs: pair.n_obs(),
        model,
        parameters: start,
        blank: blank(pair, method),
    };
    match end {
        Some((rho, top)) => (found.rho, found.log_likelihood[0]) = (rho, top),
        None => found.climb(pair).ok_or_else(failed)?,
    }
    Ok(found)
}

impl FullLikelihood {
    /// The best of the summits from several starts.
    fn climb(&mut self, pair: &Paired) -> Option<()> {
        let last = self.parameters.len() - 1;
        let from = |z: f64| {
            let mut start = self.parameters.clone();
            start[last] = z;
            joint::summit(&self.model, start, last + 1)
        };
        let better = |a: Summit, b: Summit| {
            if b.bend.log_likelihood > a.bend.log_likelihood + 1e-9 { b } else { a }
        };
        let top = [0.0, 0.6, -0.6, 1.4, -1.4].into_iter().filter_map(from).reduce(better)?;
        self.rho = top.parameters[last].tanh();
        self.log_likelihood[0] = top.bend.log_likelihood;
        let turn = (1.0 - self.rho) * (1.0 + self.rho);
        self.std_error = joint::last_std_error(&top.bend).map(|se| se * turn);
        match &self.model {
            Model::Levels(margins) => {
                let (x, y) = top.parameters[..last].split_at(margins.x.len() - 2);
                (self.x_thresholds, self.y_thresholds) = (x.to_vec(), y.to_vec());
            }
            Model::Values(_) => {
                // α = τ/√(1 − ρ²).
                let cuts = top.parameters[..last - 1].iter().map(|a| a * turn.sqrt()).collect();
                if super::polyserial::levels_are_first(pair) {
                    self.x_thresholds = cuts;
                } else {
                    self.y_thresholds = cuts;
                }
            }
        }
        self.parameters = top.parameters;
        Some(())
    }

    /// How many numbers are fitted: the mean of a polyserial correlation's values is one more.
    fn fitted(&self) -> usize {
        self.parameters.len() + usize::from(matches!(self.model, Model::Values(_)))
    }

    fn with_test(&self) -> Estimate {
        let mut estimate = self.blank.clone();
        estimate.value = Some(self.rho);
        estimate.test = likelihood_ratio(self.log_likelihood);
        estimate
    }

    /// The coefficient with its interval from the information of all parameters.
    pub fn estimate(&self, level: Level) -> Estimate {
        let mut estimate = self.with_test();
        estimate.std_error = self.std_error;
        match self.std_error {
            Some(se) if self.n_obs > self.fitted() => {
                let se_z = se / ((1.0 - self.rho) * (1.0 + self.rho));
                let z = self.rho.atanh();
                estimate.interval = Some(interval_on_z(z, se_z, level, "full_ml"));
            }
            Some(_) => estimate = estimate.lacking_interval("full_ml", Note::TooFewForInterval),
            None => estimate = estimate.lacking_interval("full_ml", Note::Boundary),
        }
        estimate
    }

    /// The coefficient with its profile-likelihood interval.
    pub fn profile(&self, level: Level) -> Estimate {
        let mut estimate = self.with_test();
        estimate.std_error = self.std_error;
        if self.n_obs <= self.fitted() {
            return estimate.lacking_interval("profile", Note::TooFewForInterval);
        }
        let q = normal_upper_quantile(level.tail());
        let last = self.parameters.len() - 1;
        let towards = |outward: f64| {
            if self.rho == outward {
                return Some(outward);
            }
            let mut start = self.parameters.clone();
            if self.rho.abs() < 1.0 {
                let turn = (1.0 - self.rho) * (1.0 + self.rho);
                let se_z = self.std_error.map_or(0.2, |se| se / turn);
                start[last] += outward * (q * se_z).min(2.0);
            }
            joint::limit(&self.model, start, outward, self.log_likelihood[0], q)
        };
        let Some((low, high)) = towards(-1.0).zip(towards(1.0)) else {
            return estimate.lacking_interval("profile", Note::NotConverged);
        };
        estimate.interval = Some(Interval { low, high, level, method: "profile".to_owned() });
        estimate
    }
}
