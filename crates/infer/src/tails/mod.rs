//! Tail probabilities and quantiles of the normal, t, F, chi-squared and beta distributions, and
//! the noncentral t and F that intervals for effect sizes are made from.
//!
//! A tail is always computed as a tail, never as one minus the rest, so that p-values keep their
//! digits down to 1e-300. Against mpmath the relative error stays below 1e-12 for degrees of
//! freedom from 1 to 1e6; `tests/oracles/tails.py` makes the reference table. The noncentral
//! distributions are checked through the intervals of `tests/oracles/groups.py`.
//!
//! # Why not statrs alone
//! statrs gives the normal quantile to the last digit, and we take it from there. Its normal tail
//! (1e-11), its t distribution at large degrees of freedom (1e-9) and its t, F and chi-squared
//! quantiles (1e-10, and wrong in places) fall short of what the reports promise.

mod beta;
mod bivariate_normal;
mod chi_squared;
mod deviance;
mod f;
mod gamma;
mod noncentral;
mod normal;
mod solve;
mod studentised_range;
mod t;

pub use beta::{beta_cdf, beta_quantile, beta_sf, beta_upper_quantile};
pub use bivariate_normal::{bivariate_normal_cdf, bivariate_normal_density};
pub use chi_squared::{
    chi_squared_cdf, chi_squared_quantile, chi_squared_sf, chi_squared_upper_quantile,
};
pub(crate) use deviance::half_step;
pub use f::{f_cdf, f_quantile, f_sf, f_upper_quantile};
pub use noncentral::{noncentral_f_cdf, noncentral_f_sf, noncentral_t_cdf, noncentral_t_sf};
pub use normal::{normal_cdf, normal_quantile, normal_sf, normal_two_sided, normal_upper_quantile};
pub use studentised_range::{studentised_range_sf, studentised_range_upper_quantile};
pub use t::{t_cdf, t_quantile, t_sf, t_two_sided, t_upper_quantile};
