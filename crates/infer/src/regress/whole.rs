//! The whole model tested with the standard errors that were asked for.

use super::{ClusterKind, Clusters, Covariance, Ols, StandardErrors};
use crate::Result;
use crate::tails::f_sf;
use ndarray::Array2;
use ssi_vocab::Glance;

impl Ols {
    /// [`Ols::glance`] with F made from the standard errors asked for.
    ///
    /// # Formula
    /// Classical errors keep the F of the sums of squares. Others give Wald's F of all coefficients
    /// but the intercept, bᵀV⁻¹b/df with the same V as the coefficients' errors (the glance names it
    /// in `vcov`), on n − k or, with clusters, G − 1 degrees of freedom (`df2`). CR2 and
    /// [`BellMcCaffrey`](super::BellMcCaffrey) have degrees of freedom for a single coefficient only:
    /// with one predictor F = t² on those, with more there is none. R² and what derives from it, the likelihood included, do not depend on the errors.
    ///
    /// # Errors
    /// [`Error::ErrorsOfWeights`](crate::Error::ErrorsOfWeights).
    ///
    /// # References
    /// Wald (1943), doi:10.1090/S0002-9947-1943-0012401-3; Cameron and Miller (2015),
    /// doi:10.3368/jhr.50.2.317.
    pub fn glance_with(
        &self,
        errors: &StandardErrors,
        clusters: Option<&Clusters>,
    ) -> Result<Glance> {
        let mut glance = self.glance();
        if *errors == StandardErrors::Each(Covariance::Classical) {
            return Ok(glance);
        }
        let own: Vec<usize> = (usize::from(self.intercept)..self.terms.len()).collect();
        let (covariance, df2) = match (errors, clusters) {
            (StandardErrors::Cluster(ClusterKind::Cr2, _), Some(clusters)) => {
                let found = self.clustered(clusters, ClusterKind::Cr2)?;
                let df = only(&own, &found.df);
                (df.map(|_| found.covariance), df)
            }
            (StandardErrors::Adjusted(kind), _) => {
                self.refuse(kind.covariance())?;
                let df = only(&own, &self.bell_mccaffrey_df(*kind));
                (df.and_then(|_| self.covariance(kind.covariance())), df)
            }
            _ => {
                let (covariance, df2) = self.wald(errors, clusters)?;
                (covariance.flatten(), Some(df2))
            }
        };
        let clustered = matches!(errors, StandardErrors::Cluster(..));
        let apart = !matches!(errors, StandardErrors::Each(_));
        // G clusters carry a test of G − 1 coefficients at most.
        let carried = !clustered || df2.is_some_and(|df2| own.len() as f64 <= df2.max(1.0));
        let f = |v: Array2<f64>| self.wald_f(&own, &v).filter(|f| f.is_finite());
        let defined = !own.is_empty() && carried && !self.perfect;
        glance.statistic = covariance.filter(|_| defined).and_then(f);
        glance.p_value = glance.statistic.zip(df2).map(|(f, df2)| f_sf(f, own.len() as f64, df2));
        glance.df2 = df2.filter(|_| apart && glance.statistic.is_some());
        glance.vcov = Some(errors.code());
        Ok(glance)
    }
}

/// The only predictor's own degrees of freedom; several have none together.
fn only(own: &[usize], df: &[Option<f64>]) -> Option<f64> {
    match own {
        [one] => df[*one],
        _ => None,
    }
}
