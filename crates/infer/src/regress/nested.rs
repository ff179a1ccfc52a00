use super::Ols;
use super::span::{FITTED, ROUNDING, Span};
use crate::double_double::DoubleDouble;
use crate::formula::{Extras, model_with};
use crate::tails::f_sf;
use crate::{Error, Result};
use ssi_vocab::{Nested, Note, Table, Weights};

impl Ols {
    /// What this model adds to a smaller one that it contains: F of the added coefficients.
    ///
    /// The smaller model is fitted to the rows of this one, also where it could use more.
    ///
    /// # Formula
    /// F = ((Σe₀² − Σe²)/(k − k₀))/(Σe²/(n − k)); the difference is summed along the added columns
    /// made orthogonal, so that it keeps its digits where the two fits are nearly the same.
    ///
    /// # Assumptions
    /// Independent residuals with equal spread (analytic weights: σ²/w).
    ///
    /// # Errors
    /// Those of the smaller model's formula; [`Error::NotNested`] where it has another outcome, a
    /// column that this model can't make, or as many coefficients; [`Error::ErrorsOfWeights`] with
    /// probability weights.
    ///
    /// # References
    /// Chambers and Hastie (1992), Statistical Models in S, chapter 4 (R's `anova` of two fits).
    pub fn against(&self, table: &Table, formula: &str, extras: &Extras) -> Result<Nested> {
        if let Some(weights @ Weights::Probability(_)) = self.weights() {
            let errors = "classical".to_owned();
            return Err(Error::ErrorsOfWeights { errors, weights: weights.kind() });
        }
        let mut used = self.rows.iter().peekable();
        let keep: Vec<bool> =
            table.rows().iter().map(|row| used.next_if(|u| *u == row).is_some()).collect();
        let smaller = model_with(&table.keep(&keep), formula, extras)?.design;
        let not = |term: &str| Error::NotNested {
            formula: smaller.formula.clone(),
            term: term.to_owned(),
        };
        if smaller.outcome != self.outcome || smaller.y != *self.y() {
            let gap = smaller.excluded.first().map_or(&smaller.outcome, |e| &e.column);
            return Err(not(gap));
        }
        let column = |j: usize| -> Vec<DoubleDouble> {
            let rest = |i: usize| smaller.x_rest.as_ref().map_or(0.0, |rest| rest[[i, j]]);
            let cell = |i: usize| DoubleDouble::with_rest(smaller.x[[i, j]], rest(i));
            (0..self.rows.len()).map(|i| self.root_weight(i) * cell(i)).collect()
        };
        let mut whole = Span::new(vec![1.0; self.rows.len()], FITTED);
        for j in 0..self.terms.len() {
            whole.add(&self.weighed_column(j));
        }
        whole.demand(ROUNDING);
        let mut span = Span::new(vec![1.0; self.rows.len()], ROUNDING);
        for (j, term) in smaller.terms.iter().enumerate() {
            let own = column(j);
            if whole.add(&own) {
                return Err(not(term));
            }
            span.add(&own);
        }
        let known = span.rank();
        // Where the smaller model's columns are some of the fitted ones, the others have been told
        // apart by the fit.
        if smaller.terms.iter().all(|term| self.terms.contains(term)) {
            span.demand(FITTED);
        }
        for (j, term) in self.terms.iter().enumerate() {
            if !smaller.terms.contains(term) {
                span.add(&self.weighed_column(j));
            }
        }
        let df = (span.rank() - known) as f64;
        if df == 0.0 {
            return Err(not(smaller.terms.last().map_or("", String::as_str)));
        }
        let y = self.weighed_y();
        let added =
            span.coordinates(&y)[known..].iter().fold(DoubleDouble::ZERO, |s, c| s + *c * *c).hi;
        let df2 = self.df_residual as f64;
        let statistic = (!self.perfect).then(|| (added / df) / (self.residual_ss / df2));
        Ok(Nested {
            against: smaller.formula,
            group: None,
            statistic,
            df,
            df2,
            p_value: statistic.map(|f| f_sf(f, df, df2)),
            delta_r_squared: (smaller.intercept == self.intercept).then(|| added / self.total_ss),
            residual_ss_against: self.residual_ss + added,
            residual_ss: self.residual_ss,
            n_obs: self.n_obs,
            note: self.perfect.then_some(Note::PerfectFit),
        })
    }
}
