use super::covariance::is_one;
use super::predict::quadratic;
use super::{Ols, Prediction};
use serde::{Deserialize, Serialize};
use ssi_vocab::Level;

/// A fitted model, a row a respondent (broom's `augment`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Augment {
    /// Level of the intervals.
    pub level: Level,
    /// The respondents, in the order of the design.
    pub rows: Vec<AugmentRow>,
}

/// What a model says of one respondent. The field names are the columns of `--augment`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AugmentRow {
    /// The row as the user counts it.
    pub row: usize,
    /// Fitted value.
    pub fitted: f64,
    /// Residual: outcome minus fitted value.
    pub resid: f64,
    /// Internally studentised residual, e/(σ√(1 − h)); none for a perfect fit or a leverage of 1.
    pub std_resid: Option<f64>,
    /// Leverage.
    pub hat: f64,
    /// Cook's distance; none for a perfect fit or a leverage of 1.
    pub cooks_d: Option<f64>,
    /// By how many standard errors leaving the respondent out moves its fitted value; none also
    /// where no degrees of freedom would remain.
    pub dffits: Option<f64>,
    /// Lower end of the confidence interval of the mean.
    pub conf_low: f64,
    /// Upper end of the confidence interval of the mean.
    pub conf_high: f64,
    /// Lower end of the prediction interval of one respondent; none for a row of weight 0, whose
    /// variance is not bounded.
    pub pred_low: Option<f64>,
    /// Upper end of the prediction interval of one respondent.
    pub pred_high: Option<f64>,
}

impl Augment {
    /// The column names, in order.
    pub const COLUMNS: [&'static str; 11] = [
        "row",
        "fitted",
        "resid",
        "std_resid",
        "hat",
        "cooks_d",
        "dffits",
        "conf_low",
        "conf_high",
        "pred_low",
        "pred_high",
    ];
}

impl Ols {
    /// Fitted values, residuals, influence and intervals, a row a respondent.
    ///
    /// # Formula
    /// With leverage h, residual e, k coefficients and residual standard deviation σ:
    /// standardised residual r = e/(σ√(1 − h)); Cook's distance r²h/(k(1 − h)); DFFITS
    /// r₋ᵢ√(h/(1 − h)), where r₋ᵢ = r√((n − k − 1)/(n − k − r²)) uses the σ without the
    /// respondent. The intervals are those of [`Ols::predict`].
    ///
    /// With analytic or probability weights e is √w·e and h = w·xᵀ(XᵀWX)⁻¹x, as in R; a row of
    /// weight 0 has a fitted value and a residual, a leverage of 0 and no influence. The prediction
    /// interval of a row of analytic weight w takes its variance to be σ²/w.
    ///
    /// # References
    /// Cook (1977), doi:10.1080/00401706.1977.10489493; Belsley, Kuh and Welsch (1980),
    /// doi:10.1002/0471725153.
    pub fn augment(&self, level: Level) -> Augment {
        let standardised = self.std_resid();
        let cooks = self.cooks_d();
        let df = self.df_residual as f64;
        let t = self.t(level);
        let meat = self.linearised();
        let rows = (0..self.residuals.len())
            .map(|i| {
                let (fitted, hat) = (self.fitted[i], self.hat()[i]);
                let Prediction { conf_low, conf_high, pred_low, pred_high, .. } = if self.precise()
                {
                    let q = self.scores().row(i).to_vec();
                    let std_error = match &meat {
                        Some(meat) => quadratic(meat, &q).sqrt(),
                        None => self.sigma * q.iter().map(|q| q * q).sum::<f64>().sqrt(),
                    };
                    // With analytic weights a row's own variance is σ²/w.
                    let own = if meat.is_some() { 1.0 } else { self.unit(i) };
                    self.between(fitted, std_error, self.sigma / own, t)
                } else {
                    self.around(fitted, hat, t)
                };
                let dffits = standardised[i].and_then(|r| {
                    let rest = df - r * r;
                    // The respondent alone makes all the residual spread: without it σ is 0.
                    let alone = df <= 1.0 || rest <= df * 1e-13;
                    (!alone).then(|| r * ((df - 1.0) / rest).sqrt() * (hat / (1.0 - hat)).sqrt())
                });
                AugmentRow {
                    row: self.rows[i],
                    fitted,
                    resid: self.residuals[i],
                    std_resid: standardised[i],
                    hat,
                    cooks_d: cooks[i],
                    dffits,
                    conf_low,
                    conf_high,
                    pred_low: Some(pred_low).filter(|v| v.is_finite()),
                    pred_high: Some(pred_high).filter(|v| v.is_finite()),
                }
            })
            .collect();
        Augment { level, rows }
    }

    /// Internally studentised residuals, e/(σ√(1 − h)); `None` for a perfect fit, a leverage of 1,
    /// where there is nothing to divide by, or a weight of 0.
    pub fn std_resid(&self) -> Vec<Option<f64>> {
        self.residuals
            .iter()
            .zip(self.hat())
            .enumerate()
            .map(|(i, (e, h))| {
                let defined = !self.perfect && !is_one(*h) && self.unit(i) > 0.0;
                defined.then(|| self.unit(i) * e / (self.sigma * (1.0 - h).sqrt()))
            })
            .collect()
    }

    /// Cook's distances; `None` where [`Ols::std_resid`] is.
    pub fn cooks_d(&self) -> Vec<Option<f64>> {
        let k = self.coefficients.len() as f64;
        self.std_resid()
            .into_iter()
            .zip(self.hat())
            .map(|(r, h)| r.map(|r| r * r * h / (k * (1.0 - h))))
            .collect()
    }
}
