use super::effect_size::variance_share;
use super::summary::{Summary, grand_mean};
use super::{Grouped, Method};
use crate::double_double::DoubleDouble;
use crate::tails::f_sf;
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Note, PValue, Test};

/// A one-way analysis of variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Anova {
    /// Groups less one.
    pub df_between: f64,
    /// Respondents less groups.
    pub df_within: f64,
    /// Sum of squares between groups.
    pub ss_between: f64,
    /// Sum of squares within groups.
    pub ss_within: f64,
    /// Mean square between groups.
    pub ms_between: f64,
    /// Mean square within groups.
    pub ms_within: f64,
    /// The F statistic; `None` where no group varies.
    pub f: Option<f64>,
    /// Share of the variance that lies between the groups: η², the R² of the model.
    pub eta_squared: f64,
    /// The same with its bias taken out; 0 where that leaves less.
    pub omega_squared: f64,
    /// Residual standard deviation.
    pub sigma: f64,
    /// Respondents.
    pub n_obs: usize,
    rows: [Estimate; 2],
}

/// One-way analysis of variance: do the means of the groups differ, and how much of the variance
/// is that?
///
/// # Formula
/// η² = SS_between / SS_total; ω² = (SS_between − df_between·MS_within) / (SS_total + MS_within),
/// at least 0; F = MS_between / MS_within. Sums are carried in double-double, with what the
/// decimal text said beyond the double where it is known, and rounded once.
///
/// The interval is for the share of the variance in the population, the same for both: the
/// noncentralities λ at which F lies on the border of its tails, as λ/(λ + n). η² is biased
/// upwards, so that it can lie above the interval where F is below 1; the interval is two-sided,
/// so that at a level of 0.95 it begins at 0 where p is above 0.025.
///
/// # Assumptions
/// Independent respondents, normal in each group with one variance.
///
/// # Missing data
/// A [`Grouped`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::TooFew`] without a second respondent in any group; [`Error::Constant`];
/// [`Error::CappedOutcome`]; [`Error::Magnitude`].
///
/// # References
/// Hays, W. L. (1963). *Statistics for psychologists*. Steiger, J. H. (2004). Beyond the F test.
/// doi:10.1037/1082-989X.9.2.164
///
/// # Example
/// ```
/// use ssi_infer::groups::{Grouped, anova};
///
/// let groups = Grouped::from_values(
///     "y",
///     "g",
///     &[("a", vec![1.0, 2.0, 3.0]), ("b", vec![2.0, 3.0, 4.0]), ("c", vec![6.0, 7.0, 8.0])],
/// )?;
/// let table = anova(&groups)?;
/// assert_eq!((table.f, table.ss_between, table.ms_within), (Some(21.0), 42.0, 1.0));
/// assert_eq!(table.eta_squared, 0.875);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn anova(groups: &Grouped) -> Result<Anova> {
    groups.check(Method::Anova)?;
    let summaries = Summary::all(groups);
    let (n, k) = (groups.n_obs(), summaries.len());
    if n <= k {
        return Err(Error::TooFew { analysis: "analysis of variance", needed: k + 1, found: n });
    }
    let (df_between, df_within) = ((k - 1) as f64, (n - k) as f64);
    let grand = grand_mean(&summaries);
    let (mut between, mut within) = (DoubleDouble::ZERO, DoubleDouble::ZERO);
    for group in &summaries {
        let d = group.mean - grand;
        between += d * d * group.n;
        within += group.squares;
    }
    let total = between + within;
    let ms_between = between / df_between.into();
    let ms_within = within / df_within.into();
    let excess = (between - ms_within * df_between) / (total + ms_within);
    Ok(Anova {
        df_between,
        df_within,
        ss_between: between.into(),
        ss_within: within.into(),
        ms_between: ms_between.into(),
        ms_within: ms_within.into(),
        f: (within.hi > 0.0).then(|| f64::from(ms_between / ms_within)),
        eta_squared: f64::from(between / total),
        omega_squared: f64::from(excess).max(0.0),
        sigma: ms_within.sqrt().into(),
        n_obs: n,
        rows: ["eta_squared", "omega_squared"].map(|term| groups.row(Method::Anova, term)),
    })
}

impl Anova {
    /// η² with the F test, and ω².
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        let [mut eta, mut omega] = self.rows.clone();
        eta.value = Some(self.eta_squared);
        omega.value = Some(self.omega_squared);
        let Some(f) = self.f.filter(|f| f.is_finite()) else {
            (eta.note, omega.note) = (Some(Note::ConstantGroup), Some(Note::ConstantGroup));
            return vec![eta, omega];
        };
        let (df, df2) = (self.df_between, self.df_within);
        eta.test = f_test(f, df, df2);
        eta.interval = Some(variance_share(f, df, df2, self.n_obs, level));
        omega.interval.clone_from(&eta.interval);
        vec![eta, omega]
    }
}

/// The F test of a difference between the groups.
pub(super) fn f_test(f: f64, df: f64, df2: f64) -> Option<Test> {
    Some(Test {
        statistic: Some(f),
        df: Some(df),
        df2: Some(df2),
        p_value: PValue::new(f_sf(f, df, df2))?,
        method: "f".to_owned(),
        p_holm: None,
        p_bh: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::groups::grouped;
    use ssi_vocab::{Column, Table};

    /// NIST's SmLs sets: n values in each of nine groups, 10^offset + (treatment + a tenth).
    fn smls(per_group: usize, offset: f64, rest: bool) -> Table {
        let (mut values, mut rests, mut words) = (Vec::new(), Vec::new(), Vec::new());
        for (group, treatment) in [4, 5, 6, 6, 6, 6, 7, 8, 4].iter().enumerate() {
            for i in 0..per_group {
                // The first value is the middle of the group, the others lie 0.1 around it.
                let tenths = f64::from(*treatment)
                    + if i == 0 {
                        0.0
                    } else if i % 2 == 1 {
                        -1.0
                    } else {
                        1.0
                    };
                let exact = DoubleDouble::from(offset) + DoubleDouble::from(tenths) / 10.0.into();
                values.push(Ok(exact.hi));
                rests.push(exact.lo);
                words.push(Ok(format!("{}", group + 1)));
            }
        }
        let rows = (0..values.len()).collect();
        let mut y = Column::number("y", values);
        y.rest = rest.then_some(rests);
        Table::new(vec![y, Column::factor("g", &words)], rows).unwrap()
    }

    #[test]
    fn an_offset_of_1e12_costs_nothing_where_the_text_is_known() {
        let f = |offset, rest| {
            anova(&grouped(&smls(201, offset, rest), "y", "g").unwrap()).unwrap().f.unwrap()
        };
        let near = f(0.0, true);
        assert!((f(1e12, true) / near - 1.0).abs() < 1e-15);
        // Doubles at 1e12 have three decimals: no program can do better with them alone.
        assert!((f(1e12, false) / near - 1.0).abs() > 1e-6);
    }

    #[test]
    fn groups_without_spread_have_no_f() {
        let groups =
            Grouped::from_values("y", "g", &[("a", vec![1.0, 1.0]), ("b", vec![2.0; 3])]).unwrap();
        let rows = anova(&groups).unwrap().estimates(Level::DEFAULT);
        assert_eq!((rows[0].value, rows[0].note), (Some(1.0), Some(Note::ConstantGroup)));
        assert_eq!((&rows[0].test, &rows[0].interval), (&None, &None));
    }

    #[test]
    fn one_respondent_a_group_is_too_few() {
        let groups = Grouped::from_values("y", "g", &[("a", vec![1.0]), ("b", vec![2.0])]).unwrap();
        assert!(matches!(anova(&groups), Err(Error::TooFew { needed: 3, found: 2, .. })));
    }
}
