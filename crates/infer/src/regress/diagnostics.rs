use super::checks::{durbin_watson, residuals, spread};
use super::durbin_watson::lower_tail;
use super::normality::{anderson_darling, shapiro_wilk};
use super::real::total;
use super::span::Span;
use super::{Ols, checks};
use crate::double_double::DoubleDouble;
use crate::tails::{chi_squared_sf, f_sf};
use ssi_vocab::{Check, Weights};

/// A square of a predictor that adds less than this share of its length says nothing new.
const SQUARES: f64 = 1e-11;

/// More rows than this make the exact tail of Durbin and Watson's statistic slow.
pub(super) const EXACT_UP_TO: usize = 5_000;

/// Normality is checked on each respondent's residual: with frequency weights for up to so many.
const MOST_REPEATED: usize = 10_000_000;

impl Ols {
    /// All checks of the residuals: those of [`Ols::glance`], and more. They describe; none of them
    /// chooses a model.
    ///
    /// # Formula
    /// With e the residuals (√w·e with analytic weights) and σ̂² = Σe²/n:
    ///
    /// | name | what | distribution |
    /// |---|---|---|
    /// | `breusch_pagan` | n·R² of e² on the predictors (Koenker) | χ²(k − 1) |
    /// | `breusch_pagan_original` | ½·explained Σ of e²/σ̂² on the predictors | χ²(k − 1) |
    /// | `white` | n·R² of e² on the predictors, their squares and products | χ²(columns − 1) |
    /// | `reset` | F of the 2nd and 3rd power of the fitted values, added to the model | F(2, n − k − 2) |
    /// | `durbin_watson` | Σ(eᵢ − eᵢ₋₁)²/Σe², in the rows' order | exact, against positive autocorrelation |
    /// | `shapiro_wilk` | W (Royston's AS R94), n from 3 to 5,000 | normal of ln(1 − W) |
    /// | `anderson_darling` | A² with estimated mean and variance, n from 8 | Stephens' approximation |
    ///
    /// White's regression always has an intercept; products that repeat another column (of a 0/1
    /// column its square) count once. Koenker's and the original form use the model matrix as it
    /// is. The p of Durbin and Watson is one-sided as in lmtest, P(D < d) for independent normal
    /// residuals, by Imhof's inversion to 1e-10; above 5,000 rows there is none.
    ///
    /// Frequency weights stand for equal respondents, who have no order (no Durbin–Watson). With
    /// probability weights only `max_cooks_d`, `max_leverage`, `condition_number` and `max_vif` are
    /// defined: the others suppose a sample of equal chances. A check that these data don't define
    /// has no value and a note that says why.
    ///
    /// # References
    /// Breusch and Pagan (1979), doi:10.2307/1911963; Koenker (1981),
    /// doi:10.1016/0304-4076(81)90062-2; White (1980), doi:10.2307/1912934; Ramsey (1969),
    /// doi:10.1111/j.2517-6161.1969.tb00796.x; Durbin and Watson (1950),
    /// doi:10.1093/biomet/37.3-4.409; Imhof (1961), doi:10.1093/biomet/48.3-4.419; Royston (1995),
    /// doi:10.2307/2986146; Stephens (1986), in Goodness-of-Fit Techniques,
    /// doi:10.1201/9780203753064.
    pub fn diagnostics(&self) -> Vec<Check> {
        let mut all = checks::all(self);
        if self.perfect || matches!(self.weights(), Some(Weights::Probability(_))) {
            return self.with_undefined(all);
        }
        if let Some(check) = all.iter_mut().find(|c| c.name == "durbin_watson") {
            check.p_value = self.durbin_watson_p();
        }
        let after = all.iter().position(|c| c.name == "breusch_pagan").map_or(0, |at| at + 1);
        let spread = [self.breusch_pagan_original(), self.white()].into_iter().flatten();
        all.splice(after..after, spread);
        all.extend(self.reset());
        if let Some(e) = self.repeated(&residuals(self)) {
            let named =
                |name: &str, (value, p): (f64, f64)| check(name, value, None, None, Some(p));
            all.extend(shapiro_wilk(&e).map(|found| named("shapiro_wilk", found)));
            all.extend(anderson_darling(&e).map(|found| named("anderson_darling", found)));
        }
        all.retain(|c| c.value.is_some_and(f64::is_finite) && c.p_value.is_none_or(f64::is_finite));
        self.with_undefined(all)
    }

    /// Values of the rows that count, each as often as its frequency weight says; none for more
    /// respondents than are worth the memory.
    fn repeated(&self, values: &[f64]) -> Option<Vec<f64>> {
        let Some(counts) = self.counts() else { return Some(values.to_vec()) };
        if self.n_obs > MOST_REPEATED {
            return None;
        }
        let used = counts.iter().filter(|n| **n > 0);
        let repeated = |(v, n): (&f64, &u64)| std::iter::repeat_n(*v, *n as usize);
        Some(values.iter().zip(used).flat_map(repeated).collect())
    }

    fn breusch_pagan_original(&self) -> Option<Check> {
        let (explained, _) = spread(self)?;
        let (mean, df) = (self.residual_ss / self.n_obs as f64, (self.terms.len() - 1) as f64);
        let value = 0.5 * explained.hi / (mean * mean);
        let p = chi_squared_sf(value, df);
        Some(check("breusch_pagan_original", value, Some(df), None, Some(p)))
    }

    /// White's test: does the spread depend on the predictors in any way?
    fn white(&self) -> Option<Check> {
        spread(self)?;
        let n = self.n_obs as f64;
        let rows = 0..self.rows.len();
        let weights: Vec<f64> = rows.clone().map(|i| self.times(i)).collect();
        let mut span = Span::new(weights.clone(), SQUARES);
        span.add(&vec![DoubleDouble::from(1.0); self.rows.len()]);
        // Deviations from means span the same with the intercept, and keep the digits of squares.
        let first = usize::from(self.intercept);
        let centred: Vec<Vec<DoubleDouble>> = (first..self.terms.len())
            .map(|j| {
                let v = |i: usize| self.wide_x(i, j);
                let mean = total(rows.clone().map(|i| v(i) * weights[i])) / DoubleDouble::from(n);
                rows.clone().map(|i| v(i) - mean).collect()
            })
            .collect();
        for column in &centred {
            span.add(column);
        }
        for (a, left) in centred.iter().enumerate() {
            for right in &centred[a..] {
                // Beyond so many columns the test has no residual degree of freedom.
                if span.rank() >= self.n_obs {
                    return None;
                }
                span.add(&left.iter().zip(right).map(|(x, z)| *x * *z).collect::<Vec<_>>());
            }
        }
        let df = (span.rank() - 1) as f64;
        if df == 0.0 || span.rank() >= self.n_obs {
            return None;
        }
        let mean = DoubleDouble::from(self.residual_ss / n);
        let u: Vec<DoubleDouble> = rows
            .clone()
            .map(|i| {
                let e = self.unit(i) * self.residuals[i];
                DoubleDouble::product(e, e) - mean
            })
            .collect();
        let whole = total(u.iter().zip(&weights).map(|(u, w)| *u * *u * *w));
        let explained = total(span.coordinates(&u).iter().map(|c| *c * *c));
        let value = n * (explained / whole).hi;
        Some(check("white", value, Some(df), None, Some(chi_squared_sf(value, df))))
    }

    /// Ramsey's RESET: do powers of the fitted values explain what the model leaves?
    fn reset(&self) -> Option<Check> {
        let rows = 0..self.rows.len();
        let df2 = self.df_residual.checked_sub(2).filter(|df| *df > 0)? as f64;
        let mut span = Span::new(vec![1.0; self.rows.len()], super::span::FITTED);
        for j in 0..self.terms.len() {
            span.add(&self.weighed_column(j));
        }
        // The residual is small and has its digits: outcome less residual keeps them too.
        let fitted = |i: usize| self.wide_y(i) - self.residuals[i].into();
        let count = total(rows.clone().map(|i| self.weight(i).into()));
        let mean = if self.intercept {
            total(rows.clone().map(|i| fitted(i) * self.weight(i))) / count
        } else {
            DoubleDouble::ZERO
        };
        let known = span.rank();
        let scale = self.fitted.iter().fold(0.0_f64, |m, v| m.max((v - mean.hi).abs()));
        let scale = DoubleDouble::from(scale);
        span.demand(SQUARES);
        for power in [2, 3] {
            // With the fitted values themselves among the columns, powers of deviations add what
            // powers add.
            let column = rows.clone().map(|i| {
                let v = (fitted(i) - mean) / scale;
                let raised = (1..power).fold(v, |product, _| product * v);
                self.root_weight(i) * raised
            });
            if !span.add(&column.collect::<Vec<_>>()) {
                return None;
            }
        }
        let e: Vec<DoubleDouble> = rows.map(|i| self.root_weight(i) * self.residuals[i]).collect();
        let explained = total(span.coordinates(&e)[known..].iter().map(|c| *c * *c)).hi;
        let value = (explained / 2.0) / ((self.residual_ss - explained) / df2);
        Some(check("reset", value, Some(2.0), Some(df2), Some(f_sf(value, 2.0, df2))))
    }

    /// P(D < d) for independent normal residuals: small where neighbours go together.
    fn durbin_watson_p(&self) -> Option<f64> {
        let d = durbin_watson(self)?;
        let used: Vec<usize> = (0..self.rows.len()).filter(|i| self.weight(*i) > 0.0).collect();
        // With one degree of freedom the residuals' pattern is the predictors' alone.
        if used.len() > EXACT_UP_TO || self.df_residual < 2 {
            return None;
        }
        let k = self.terms.len();
        let basis: Vec<Vec<f64>> = (0..k)
            .map(|j| used.iter().map(|i| self.unit(*i) * self.scores()[[*i, j]]).collect())
            .collect();
        lower_tail(d, &basis, used.len())
    }
}

fn check(name: &str, value: f64, df: Option<f64>, df2: Option<f64>, p_value: Option<f64>) -> Check {
    Check { name: name.to_owned(), value: Some(value), df, df2, p_value, note: None }
}
