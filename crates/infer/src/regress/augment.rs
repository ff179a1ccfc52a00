use super::covariance::is_one;
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
    /// Lower end of the prediction interval of one respondent.
    pub pred_low: f64,
    /// Upper end of the prediction interval of one respondent.
    pub pred_high: f64,
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
    /// # References
    /// Cook (1977), doi:10.1080/00401706.1977.10489493; Belsley, Kuh and Welsch (1980),
    /// doi:10.1002/0471725153.
    pub fn augment(&self, level: Level) -> Augment {
        let standardised = self.std_resid();
        let cooks = self.cooks_d();
        let df = self.df_residual as f64;
        let t = self.t(level);
        let rows = (0..self.residuals.len())
            .map(|i| {
                let (fitted, hat) = (self.fitted[i], self.hat[i]);
                let Prediction { conf_low, conf_high, pred_low, pred_high, .. } =
                    self.around(fitted, hat, t);
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
                    pred_low,
                    pred_high,
                }
            })
            .collect();
        Augment { level, rows }
    }

    /// Internally studentised residuals, e/(σ√(1 − h)); `None` for a perfect fit or a leverage of
    /// 1, where there is nothing to divide by.
    pub fn std_resid(&self) -> Vec<Option<f64>> {
        self.residuals
            .iter()
            .zip(&self.hat)
            .map(|(e, h)| {
                (!self.perfect && !is_one(*h)).then(|| e / (self.sigma * (1.0 - h).sqrt()))
            })
            .collect()
    }

    /// Cook's distances; `None` where [`Ols::std_resid`] is.
    pub fn cooks_d(&self) -> Vec<Option<f64>> {
        let k = self.coefficients.len() as f64;
        self.std_resid()
            .into_iter()
            .zip(&self.hat)
            .map(|(r, h)| r.map(|r| r * r * h / (k * (1.0 - h))))
            .collect()
    }
}
