use super::Ols;
use super::checks::inflation;
use super::covariance::is_one;
use super::real::{Real, total};
use crate::double_double::DoubleDouble;
use crate::formula::Recipe;
use ssi_vocab::{Standardised, Vif};

/// Influence on the coefficients, a row a respondent; the names are columns of `--augment`.
#[derive(Debug, Clone, PartialEq)]
pub struct Influence {
    /// Externally studentised residual, e/(σ₋ᵢ√(1 − h)); none where σ without the respondent is 0.
    pub student_resid: Option<f64>,
    /// By how many standard errors leaving the respondent out moves each coefficient.
    pub dfbetas: Vec<Option<f64>>,
}

impl Ols {
    /// PRESS: the sum of squared residuals, each from a fit without its respondent.
    ///
    /// # Formula
    /// Σ w(e/(1 − h))², each respondent of a frequency weight left out alone. Predicted R² is
    /// 1 − PRESS/Σ(y − ȳ)² with the total of [`Ols::glance`]. `None` where a leverage of 1 leaves
    /// nothing to predict from.
    ///
    /// # References
    /// Allen (1974), doi:10.1080/00401706.1974.10489157.
    pub fn press(&self) -> Option<f64> {
        let mut sum = DoubleDouble::ZERO;
        for (i, (e, h)) in self.residuals.iter().zip(&self.hat).enumerate() {
            if self.weight(i) > 0.0 {
                if is_one(*h) {
                    return None;
                }
                let apart = e / (1.0 - h);
                sum += DoubleDouble::product(apart, apart) * self.weight(i);
            }
        }
        Some(sum.value()).filter(|v| v.is_finite())
    }

    /// 1 − PRESS/total: R² for respondents that the model has not seen; below 0 where the mean
    /// predicts better.
    pub fn predicted_r_squared(&self) -> Option<f64> {
        Some(1.0 - self.press()? / self.total_ss)
    }

    /// The coefficients in standard deviations of outcome and predictor, without the intercept.
    ///
    /// # Formula
    /// b·s_x/s_y for each column of the model matrix, a group's 0/1 columns included (effectsize's
    /// method `basic`); the standard deviations are weighted as the fit is, and their divisor drops
    /// out. Empty without an intercept, where deviations from a mean have no place.
    ///
    /// # References
    /// Gelman (2008), doi:10.1002/sim.3107, on why groups are better left in their own unit.
    pub fn standardised(&self) -> Vec<Standardised> {
        if !self.intercept {
            return Vec::new();
        }
        let rows = 0..self.rows.len();
        let weight = total(rows.clone().map(|i| self.weight(i).into()));
        let squares = |j: usize| {
            let v = |i: usize| self.wide_x(i, j);
            let mean = total(rows.clone().map(|i| v(i) * self.weight(i))) / weight;
            total(rows.clone().map(|i| (v(i) - mean) * (v(i) - mean) * self.weight(i)))
        };
        let y = DoubleDouble::from(self.total_ss).root();
        (1..self.terms.len())
            .map(|j| Standardised {
                term: self.terms[j].clone(),
                group: None,
                estimate: (self.exact[j] * squares(j).root() / y).value(),
            })
            .collect()
    }

    /// By how much the other terms inflate the variance of each term's coefficients; empty with
    /// fewer than two terms.
    ///
    /// # Formula
    /// GVIF = |R₁₁|·|R₂₂|/|R| from the correlations R of the coefficients without the intercept,
    /// split into the term's own and the others; for a single coefficient that is 1/(1 − R²) of its
    /// column on the others. Without an intercept in the model the columns are compared about 0
    /// instead of about their means, so that a large mean alone looks like collinearity: the number
    /// is right for that model and can't be compared with one that has an intercept.
    ///
    /// # References
    /// Fox and Monette (1992), doi:10.1080/01621459.1992.10475190.
    pub fn vif(&self, recipe: &Recipe) -> Vec<Vif> {
        let terms = recipe.terms();
        let label = |number: usize| terms.get(number - 1).map(|(label, _)| label.clone());
        inflation(self)
            .into_iter()
            .filter(|(_, _, gvif)| gvif.is_finite())
            .map(|(number, df, gvif)| Vif {
                term: label(number).unwrap_or_default(),
                group: None,
                df: df as f64,
                gvif,
                adjusted: if df == 1 { gvif.sqrt() } else { libm::pow(gvif, 0.5 / df as f64) },
            })
            .collect()
    }

    /// Externally studentised residuals and DFBETAS, a row a respondent.
    ///
    /// # Formula
    /// With e, h and σ as in [`Ols::augment`]: σ₋ᵢ² = (Σe² − e²/(1 − h))/(n − k − 1); DFBETAS are
    /// (b − b₋ᵢ)/(σ₋ᵢ√[(XᵀX)⁻¹]ⱼⱼ) with b − b₋ᵢ = (XᵀX)⁻¹xe/(1 − h).
    ///
    /// # References
    /// Belsley, Kuh and Welsch (1980), doi:10.1002/0471725153.
    pub fn influence(&self) -> Vec<Influence> {
        let k = self.coefficients.len();
        let df = self.df_residual as f64;
        let scale: Vec<f64> = (0..k)
            .map(|j| total((j..k).map(|a| self.root.at(j, a) * self.root.at(j, a))).root().value())
            .collect();
        let each = |(i, standardised): (usize, Option<f64>)| {
            let rest = standardised.map(|r| df - r * r);
            let alone = df <= 1.0 || rest.is_none_or(|rest| rest <= df * 1e-13);
            let (Some(r), Some(rest), false) = (standardised, rest, alone) else {
                return Influence { student_resid: None, dfbetas: vec![None; k] };
            };
            let student = r * ((df - 1.0) / rest).sqrt();
            let unit = self.unit(i) / (1.0 - self.hat[i]).sqrt();
            let q = self.scores().row(i);
            let dfbetas = (0..k).map(|j| {
                let moved = total((j..k).map(|a| self.root.at(j, a) * q[a])).value();
                Some(student * unit * moved / scale[j])
            });
            Influence { student_resid: Some(student), dfbetas: dfbetas.collect() }
        };
        self.std_resid().into_iter().enumerate().map(each).collect()
    }
}
