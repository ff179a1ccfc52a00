//! An outcome compared between groups: by means, by ranks, for two groups or more.
//!
//! | method | compares | estimate and interval |
//! |---|---|---|
//! | [`anova`] | means, equal variances | η² and ω², noncentral F |
//! | [`welch`] | means, any variances | ω², noncentral F |
//! | [`kruskal_wallis`] | ranks | ε² |
//! | [`t`], [`welch_t`] | two means | their difference, t; Cohen's d and Hedges' g, noncentral t |
//! | [`mann_whitney`] | two groups by ranks | Hodges–Lehmann shift; probability of superiority |
//! | [`tukey`] | every pair of means, equal variances | differences, simultaneous intervals |
//! | [`games_howell`] | every pair of means, any variances | differences, simultaneous intervals |
//!
//! Groups stand in code-point order of their names (numbers ascending), and a difference is the
//! first group less the second. No method chooses another one: what is undefined for these data
//! says so in its own row.

mod anova;
mod compare;
mod contrast;
mod effect_size;
mod grouped;
mod kruskal_wallis;
mod mann_whitney;
mod method;
mod order_statistic;
mod rank_sum;
mod ranked;
mod simultaneous;
mod summary;
mod t;
mod welch;
mod welch_t;

pub use anova::{Anova, anova};
pub use compare::{compare, describe, pairs};
pub use contrast::TTest;
pub use grouped::{Grouped, MOST_GROUPS, grouped};
pub use kruskal_wallis::{KruskalWallis, kruskal_wallis};
pub use mann_whitney::{MannWhitney, mann_whitney};
pub use method::Method;
pub use simultaneous::{games_howell, tukey};
pub use t::t;
pub use welch::{Welch, welch};
pub use welch_t::welch_t;
