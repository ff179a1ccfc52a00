//! What a model adds to a smaller one, tested with robust errors.

use super::span::{ROUNDING, Span};
use super::{Clusters, Ols, StandardErrors, ols};
use crate::double_double::DoubleDouble;
use crate::formula::{Extras, model_with};
use crate::tails::f_sf;
use crate::{Error, Result};
use ndarray::{Array2, Axis};
use ssi_vocab::{Design, Table};
use std::sync::Arc;

/// Wald's F of what a model adds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Added {
    /// F; none where the errors are undefined for these data.
    pub statistic: Option<f64>,
    /// How many coefficients are added.
    pub df: f64,
    /// Degrees of freedom of the denominator.
    pub df2: f64,
    /// p-value.
    pub p_value: Option<f64>,
}

impl Ols {
    /// What this model adds to a smaller one that it contains: Wald's F with the standard errors
    /// asked for. [`Ols::against`] is the same with classical ones.
    ///
    /// # Formula
    /// The model is written as the smaller one's columns and k − k₀ of its own, b₁ their
    /// coefficients with the covariance V₁₁: F = b₁ᵀV₁₁⁻¹b₁/(k − k₀) on k − k₀ and n − k (with
    /// clusters G − 1) degrees of freedom. It does not depend on which of its own columns are taken.
    ///
    /// # Assumptions
    /// Those of the errors: with HC3 independent respondents whose spread may differ.
    ///
    /// # Errors
    /// Those of [`Ols::against`], and [`Error::ErrorsOfTest`] for CR2 and for classical errors.
    ///
    /// # References
    /// Wald (1943), doi:10.1090/S0002-9947-1943-0012401-3; Long and Ervin (2000),
    /// doi:10.1080/00031305.2000.10474549.
    pub fn against_with(
        &self,
        table: &Table,
        formula: &str,
        extras: &Extras,
        errors: &StandardErrors,
        clusters: Option<&Clusters>,
    ) -> Result<Added> {
        let mut used = self.rows.iter().peekable();
        let keep: Vec<bool> =
            table.rows().iter().map(|row| used.next_if(|u| *u == row).is_some()).collect();
        let smaller = model_with(&table.keep(&keep), formula, extras)?.design;
        let not = |term: &str| Error::NotNested {
            formula: smaller.formula.clone(),
            term: term.to_owned(),
        };
        if smaller.outcome != self.outcome || smaller.y != *self.y() {
            return Err(not(&smaller.outcome));
        }
        let whole = self.rewritten(&smaller).ok_or_else(|| not(""))?;
        let known = smaller.terms.len();
        if whole.terms.len() != self.terms.len() || known == self.terms.len() {
            return Err(not(smaller.terms.last().map_or("", String::as_str)));
        }
        let fit = ols(&whole)?;
        let own: Vec<usize> = (known..whole.terms.len()).collect();
        let (covariance, df2) = fit.wald(errors, clusters)?;
        let Some(covariance) = covariance else {
            return Err(Error::ErrorsOfTest {
                test: "Wald's test of two models",
                errors: errors.code(),
                instead: "compare them by their sums of squares",
            });
        };
        let df = own.len() as f64;
        let carried = clusters.is_none() || df <= df2;
        let statistic = covariance
            .filter(|_| carried && !self.perfect)
            .and_then(|v| fit.wald_f(&own, &v))
            .filter(|f| f.is_finite());
        Ok(Added { statistic, df, df2, p_value: statistic.map(|f| f_sf(f, df, df2)) })
    }

    /// This model's problem with a smaller one's columns first; none where it has too few rows.
    fn rewritten(&self, smaller: &Design) -> Option<Design> {
        let mut span = Span::new(vec![1.0; self.rows.len()], ROUNDING);
        let weighed = |j: usize| -> Vec<DoubleDouble> {
            let rest = |i: usize| smaller.x_rest.as_ref().map_or(0.0, |rest| rest[[i, j]]);
            let cell = |i: usize| DoubleDouble::with_rest(smaller.x[[i, j]], rest(i));
            (0..self.rows.len()).map(|i| self.root_weight(i) * cell(i)).collect()
        };
        for j in 0..smaller.terms.len() {
            span.add(&weighed(j));
        }
        let mut design = smaller.clone();
        let mut columns: Array2<f64> = (*smaller.x).clone();
        let mut rests = smaller.x_rest.clone();
        for (j, term) in self.terms.iter().enumerate() {
            if smaller.terms.contains(term) || !span.add(&self.weighed_column(j)) {
                continue;
            }
            columns.push_column(self.x().column(j)).ok()?;
            if let Some(rests) = &mut rests {
                let rest = |i: usize| self.x_rest.as_ref().map_or(0.0, |rest| rest[[i, j]]);
                rests
                    .push(
                        Axis(1),
                        (0..self.rows.len()).map(rest).collect::<ndarray::Array1<_>>().view(),
                    )
                    .ok()?;
            }
            design.terms.push(term.clone());
            design.assign.push(design.assign.last().map_or(0, |last| last + 1));
            design.families.push(design.families.iter().max().map_or(0, |last| last + 1));
        }
        design.x = Arc::new(columns);
        design.x_rest = rests;
        Some(design)
    }
}
