use super::span::{FITTED, Span};
use super::{Clusters, Covariance, Ols, StandardErrors};
use crate::double_double::DoubleDouble;
use crate::formula::{Contrasts, Extras, Recipe, model_with};
use crate::tails::f_sf;
use crate::{Error, Result};
use ndarray::Array2;
use ssi_vocab::{AnovaRow, Note, Table};

/// What a term of a model is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SumsOfSquares {
    /// Type I: the terms before it.
    Sequential,
    /// Type II: all terms that don't contain it.
    Marginal,
    /// Type III: all other terms, with groups in sum-to-zero coding.
    Partial,
}

impl SumsOfSquares {
    /// By the number that `--anova` takes.
    ///
    /// # Errors
    /// [`Error::Setting`] for another number than 1, 2 or 3.
    pub fn new(number: u8) -> Result<Self> {
        match number {
            1 => Ok(Self::Sequential),
            2 => Ok(Self::Marginal),
            3 => Ok(Self::Partial),
            other => Err(Error::Setting {
                name: "the type of sums of squares",
                value: f64::from(other),
                allowed: "1, 2 or 3",
            }),
        }
    }

    /// Its number.
    pub fn number(self) -> u8 {
        match self {
            Self::Sequential => 1,
            Self::Marginal => 2,
            Self::Partial => 3,
        }
    }
}

/// Each term of a model tested by F: an analysis of variance.
///
/// `fit` is the model of `text` on `table`; `recipe` and `extras` are what it was made with.
///
/// # Formula
/// The sum of squares of a term is what it takes off the residual sum of squares: added to the
/// terms before it (type I, R's `anova`), to all terms that don't contain it (type II), or to all
/// others (type III, both as car's `Anova`). F is its mean square by σ²; partial η² is
/// SS/(SS + Σe²). The last row is the residuals.
///
/// Type III always codes groups sum-to-zero, whatever the coefficients are: with treatment coding
/// it would test a main effect at the reference level of the other group, not on average. The
/// intercept is then the mean of the groups' means and has a row, as in car.
///
/// With robust errors a term of type III is tested by Wald's F, bᵀV⁻¹b/df, on n − k or G − 1
/// degrees of freedom (car's `Anova(vcov. =)`), which has no sum of squares.
///
/// # Assumptions
/// Independent residuals with equal spread (analytic weights: σ²/w), unless errors are robust.
///
/// # Errors
/// [`Error::ErrorsOfTest`] for types I and II with robust errors, which compare two fits and have no
/// covariance to put them in, and for CR2 and [`BellMcCaffrey`](super::BellMcCaffrey), whose degrees
/// of freedom belong to single coefficients;
/// [`Error::ErrorsOfWeights`].
///
/// # References
/// Fox and Weisberg (2019), An R Companion to Applied Regression, ISBN 978-1-5443-3647-3; Yates
/// (1934), doi:10.1080/01621459.1934.10502686.
pub fn anova(
    fit: &Ols,
    recipe: &Recipe,
    kind: SumsOfSquares,
    errors: &StandardErrors,
    table: &Table,
    text: &str,
    extras: &Extras,
) -> Result<Vec<AnovaRow>> {
    let classical = *errors == StandardErrors::Each(Covariance::Classical);
    if !classical && kind != SumsOfSquares::Partial {
        return Err(Error::ErrorsOfTest {
            test: "a sum of squares of type 1 or 2",
            errors: errors.code(),
            instead: "ask for --anova 3, or for --se classical",
        });
    }
    let of_term = |(term, df): (String, f64)| AnovaRow {
        term,
        group: None,
        kind: kind.number(),
        sum_sq: None,
        df,
        mean_sq: None,
        statistic: None,
        df2: None,
        p_value: None,
        partial_eta_squared: None,
        vcov: errors.code(),
        note: None,
    };
    let terms = recipe.terms();
    let mut rows = Vec::new();
    match kind {
        SumsOfSquares::Partial => {
            let extras = Extras { contrasts: Contrasts::Sum, ..extras.clone() };
            let coded = model_with(table, text, &extras)?;
            let sum_fit = super::ols(&coded.design)?;
            let (covariance, df2) = sum_fit.wald(errors, coded.clusters.as_ref())?;
            let labels = [(0, "(Intercept)".to_owned())].into_iter();
            let labels = labels.chain(terms.into_iter().enumerate().map(|(i, (l, _))| (i + 1, l)));
            for (number, label) in labels {
                let own: Vec<usize> =
                    (0..sum_fit.assign.len()).filter(|j| sum_fit.assign[*j] == number).collect();
                // Without an intercept no coefficient has the number 0.
                if own.is_empty() || (number == 0 && !sum_fit.intercept) {
                    continue;
                }
                let mut row = of_term((label, own.len() as f64));
                match &covariance {
                    None => fit.fill(&mut row, sum_fit.explained_by(&own)),
                    Some(v) => {
                        // Clusters carry one test fewer than there are of them.
                        let clustered = matches!(errors, StandardErrors::Cluster(..));
                        let carried = !clustered || own.len() as f64 <= df2;
                        let v = v.as_ref().filter(|_| carried);
                        let f = v.and_then(|v| sum_fit.wald_f(&own, v)).filter(|f| f.is_finite());
                        row.statistic = f;
                        row.df2 = Some(df2);
                        row.p_value = f.map(|f| f_sf(f, row.df, df2));
                        row.note = match (f, &v, carried) {
                            (Some(_), ..) => None,
                            _ if fit.perfect => Some(Note::PerfectFit),
                            (_, _, false) => Some(Note::NoJointTest),
                            (_, None, _) => Some(Note::LeverageOne),
                            _ => Some(Note::ErrorsUndefined),
                        };
                    }
                }
                rows.push(row);
            }
        }
        SumsOfSquares::Sequential | SumsOfSquares::Marginal => {
            fit.refuse(Covariance::Classical)?;
            for (t, (label, variables)) in terms.iter().enumerate() {
                let before = |other: usize| match kind {
                    SumsOfSquares::Sequential => other < t,
                    _ => other != t && !variables.iter().all(|v| terms[other].1.contains(v)),
                };
                let (sum, df) = fit.added_by(t + 1, &|number| number == 0 || before(number - 1));
                let mut row = of_term((label.clone(), df));
                fit.fill(&mut row, sum);
                rows.push(row);
            }
        }
    }
    if classical {
        let df = fit.df_residual as f64;
        let sum = fit.residual_ss;
        let mean_sq = Some(sum / df);
        let row = of_term(("Residuals".to_owned(), df));
        rows.push(AnovaRow { sum_sq: Some(sum), mean_sq, ..row });
    }
    Ok(rows)
}

impl Ols {
    /// What a term takes off the residual sum of squares when it is added to the terms that
    /// `before` picks (0 is the intercept), and how many columns it adds.
    fn added_by(&self, term: usize, before: &dyn Fn(usize) -> bool) -> (DoubleDouble, f64) {
        let mut span = Span::new(vec![1.0; self.rows.len()], FITTED);
        let is_before = |number: usize| number != term && before(number);
        for j in (0..self.assign.len()).filter(|j| is_before(self.assign[*j])) {
            span.add(&self.weighed_column(j));
        }
        let known = span.rank();
        for j in (0..self.assign.len()).filter(|j| self.assign[*j] == term) {
            span.add(&self.weighed_column(j));
        }
        let y = self.weighed_y();
        let sum = span.coordinates(&y)[known..].iter().fold(DoubleDouble::ZERO, |s, c| s + *c * *c);
        (sum, (span.rank() - known) as f64)
    }

    /// bᵀ[(XᵀX)⁻¹]⁻¹b of some coefficients: what leaving them out adds to the residual sum of
    /// squares.
    fn explained_by(&self, own: &[usize]) -> DoubleDouble {
        let k = self.assign.len();
        let cell = |i: usize, j: usize| {
            (i.max(j)..k)
                .fold(DoubleDouble::ZERO, |s, a| s + self.root.at(i, a) * self.root.at(j, a))
        };
        let matrix: Vec<Vec<DoubleDouble>> =
            own.iter().map(|i| own.iter().map(|j| cell(*i, *j)).collect()).collect();
        let b: Vec<DoubleDouble> = own.iter().map(|j| self.exact[*j]).collect();
        inverse_quadratic(matrix, &b, 0.0).unwrap_or(DoubleDouble::ZERO)
    }

    /// The covariance for Wald's tests (none inside where it is undefined, at a leverage of 1),
    /// with its residual degrees of freedom; nothing at all where sums of squares say it all.
    pub(super) fn wald(
        &self,
        errors: &StandardErrors,
        clusters: Option<&Clusters>,
    ) -> Result<(Option<Option<Array2<f64>>>, f64)> {
        match (errors, clusters) {
            (StandardErrors::Each(kind), _) => {
                self.refuse(*kind)?;
                let robust = (*kind != Covariance::Classical).then(|| self.covariance(*kind));
                Ok((robust, self.df_residual as f64))
            }
            (StandardErrors::Cluster(super::ClusterKind::Cr1, _), Some(clusters)) => {
                let found = self.clustered(clusters, super::ClusterKind::Cr1)?;
                Ok((Some(Some(found.covariance)), clusters.len() as f64 - 1.0))
            }
            _ => Err(Error::ErrorsOfTest {
                test: "a test of several coefficients at once",
                errors: errors.code(),
                instead: match errors {
                    StandardErrors::Adjusted(_) => "ask for --se hc3",
                    _ => "ask for --se cluster:COLUMN",
                },
            }),
        }
    }

    /// bᵀV⁻¹b/df; none where V has no inverse (fewer clusters than coefficients).
    pub(super) fn wald_f(&self, own: &[usize], covariance: &Array2<f64>) -> Option<f64> {
        let matrix = own
            .iter()
            .map(|i| own.iter().map(|j| DoubleDouble::from(covariance[[*i, *j]])).collect())
            .collect();
        let b: Vec<DoubleDouble> = own.iter().map(|j| self.exact[*j]).collect();
        Some(inverse_quadratic(matrix, &b, 1e-12)?.hi / own.len() as f64)
    }

    /// Writes a sum of squares and what derives from it.
    fn fill(&self, row: &mut AnovaRow, sum: DoubleDouble) {
        let (sum, df2) = (sum.hi.max(0.0), self.df_residual as f64);
        row.sum_sq = Some(sum);
        if row.df == 0.0 {
            row.note = Some(Note::Collinear);
            return;
        }
        row.mean_sq = Some(sum / row.df);
        row.df2 = Some(df2);
        if !self.perfect {
            let f = (sum / row.df) / (self.residual_ss / df2);
            row.statistic = Some(f);
            row.p_value = Some(f_sf(f, row.df, df2));
        } else {
            row.note = Some(Note::PerfectFit);
        }
        row.partial_eta_squared = Some(sum / (sum + self.residual_ss)).filter(|v| v.is_finite());
    }
}

/// bᵀM⁻¹b of a positive definite matrix, by elimination; none where it is singular: where
/// elimination leaves no more than the share `least` of a diagonal.
fn inverse_quadratic(
    mut m: Vec<Vec<DoubleDouble>>,
    b: &[DoubleDouble],
    least: f64,
) -> Option<DoubleDouble> {
    let whole: Vec<f64> = (0..m.len()).map(|i| m[i][i].hi).collect();
    let mut z = b.to_vec();
    let mut sum = DoubleDouble::ZERO;
    for p in 0..m.len() {
        let pivot = m[p].clone();
        let (diagonal, zp) = (pivot[p], z[p]);
        if diagonal.hi <= least * whole[p] {
            return None;
        }
        sum += zp * zp / diagonal;
        for i in p + 1..m.len() {
            let factor = m[i][p] / diagonal;
            if factor.hi.abs() > 0.0 {
                for (cell, above) in m[i].iter_mut().zip(&pivot).skip(p) {
                    *cell = *cell - factor * *above;
                }
                z[i] = z[i] - factor * zp;
            }
        }
    }
    Some(sum)
}
