use super::Ols;
use super::checks;
use crate::tails::f_sf;
use ssi_vocab::{Glance, Level};

impl Ols {
    /// Fit statistics of the whole model, by R's conventions, and checks of the residuals.
    ///
    /// # Formula
    /// R² = 1 − Σe²/Σ(y − ȳ)² with an intercept, 1 − Σe²/Σy² without one (as R; the two are not
    /// comparable). F compares with the model without predictors. The log-likelihood is the normal
    /// one at its maximum, −n/2·(ln 2π + ln(Σe²/n) + 1); AIC = −2ℓ + 2(k + 1) and
    /// BIC = −2ℓ + (k + 1)·ln n count σ as a parameter.
    ///
    /// A perfect fit has neither F nor a likelihood. `prediction_half_width` is left to
    /// [`Ols::prediction_half_width`], which needs a level.
    ///
    /// # Checks
    /// `breusch_pagan` (Koenker's studentised form), `durbin_watson` (rows in their order; not for
    /// counts), `max_cooks_d`, `max_leverage`, `condition_number` (of the model matrix with its
    /// columns scaled to unit length, not centred, intercept included: Belsley's), and with more
    /// than one predictor `max_vif` (for a factor GVIF^(1/df), which does not depend on the
    /// reference level).
    pub fn glance(&self) -> Glance {
        let n = self.n_obs as f64;
        let df_residual = self.df_residual as f64;
        let base = f64::from(u8::from(self.intercept));
        let df_model = self.coefficients.len() as f64 - base;
        let unexplained = self.residual_ss / self.total_ss;
        let defined = !self.perfect;
        let statistic = (df_model > 0.0 && defined)
            .then(|| (self.model_ss / df_model) / (self.residual_ss / df_residual));
        let log_lik = defined.then(|| {
            let tau = 2.0 * std::f64::consts::PI;
            -0.5 * n * (libm::log(tau) + libm::log(self.residual_ss / n) + 1.0)
        });
        let parameters = self.coefficients.len() as f64 + 1.0;
        Glance {
            // Not 1 − unexplained, which has few digits where little is explained.
            r_squared: Some(self.model_ss / self.total_ss),
            adj_r_squared: Some(1.0 - unexplained * ((n - base) / df_residual)),
            sigma: Some(self.sigma),
            statistic,
            p_value: statistic.map(|f| f_sf(f, df_model, df_residual)),
            df: (df_model > 0.0).then_some(df_model),
            df_residual: Some(df_residual),
            log_lik,
            aic: log_lik.map(|l| 2.0 * parameters - 2.0 * l),
            bic: log_lik.map(|l| libm::log(n) * parameters - 2.0 * l),
            n_obs: self.n_obs,
            n_excluded: self.n_excluded,
            checks: checks::all(self),
            ..Glance::default()
        }
    }

    /// Half the width of the prediction interval for one respondent at the mean of the predictors,
    /// in outcome units: t·σ·√(1 + 1/n).
    ///
    /// `None` without an intercept, where the mean of the predictors is no special place.
    pub fn prediction_half_width(&self, level: Level) -> Option<f64> {
        let t = self.t(level);
        self.intercept.then(|| t * self.sigma * (1.0 + 1.0 / self.n_obs as f64).sqrt())
    }
}
