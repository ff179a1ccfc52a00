use crate::{Analysis, Error, Estimate, Interval, Lacking, Level, Note, PValue, Result, Test};
use serde::{Deserialize, Serialize};

/// An [`Estimate`] as a flat row: the public names in JSON and CSV.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of `Estimate`, flattened")]
pub struct Row {
    pub analysis: Analysis,
    pub method: String,
    pub term: String,
    pub x: Option<String>,
    pub y: Option<String>,
    pub group: Option<String>,
    pub controls: Vec<String>,
    pub model: Option<String>,
    pub formula: Option<String>,
    pub vcov: Option<String>,
    pub estimate: Option<f64>,
    pub std_error: Option<f64>,
    pub statistic: Option<f64>,
    pub df: Option<f64>,
    pub df2: Option<f64>,
    pub p_value: Option<f64>,
    pub p_method: Option<String>,
    pub p_holm: Option<f64>,
    pub p_bh: Option<f64>,
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
    pub conf_level: Option<f64>,
    pub conf_method: Option<String>,
    pub n_obs: usize,
    pub n_excluded: usize,
    pub note: Option<Note>,
}

impl From<Estimate> for Row {
    fn from(e: Estimate) -> Self {
        let (interval, test) = (e.interval, e.test);
        Self {
            analysis: e.analysis,
            method: e.method,
            term: e.term,
            x: e.x,
            y: e.y,
            group: e.group,
            controls: e.controls,
            model: e.model,
            formula: e.formula,
            vcov: e.vcov,
            estimate: e.value,
            std_error: e.std_error,
            statistic: test.as_ref().and_then(|t| t.statistic),
            df: test.as_ref().and_then(|t| t.df),
            df2: test.as_ref().and_then(|t| t.df2),
            p_value: test.as_ref().map(|t| t.p_value.get()),
            p_holm: test.as_ref().and_then(|t| t.p_holm).map(PValue::get),
            p_bh: test.as_ref().and_then(|t| t.p_bh).map(PValue::get),
            p_method: test.map(|t| t.method).or(e.lacking.test),
            conf_low: interval.as_ref().map(|i| i.low),
            conf_high: interval.as_ref().map(|i| i.high),
            conf_level: interval.as_ref().map(|i| i.level.get()),
            conf_method: interval.map(|i| i.method).or(e.lacking.interval),
            n_obs: e.n_obs,
            n_excluded: e.n_excluded,
            note: e.note,
        }
    }
}

impl TryFrom<Row> for Estimate {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let mut lacking = Lacking::default();
        let interval = match (row.conf_low, row.conf_high, row.conf_level, row.conf_method) {
            (Some(low), Some(high), Some(level), Some(method)) => {
                Some(Interval { low, high, level: Level::new(level)?, method })
            }
            (.., method) => {
                lacking.interval = method;
                None
            }
        };
        let p = |value: Option<f64>| value.and_then(PValue::new);
        let test = match (p(row.p_value), row.p_method) {
            (Some(p_value), Some(method)) => Some(Test {
                statistic: row.statistic,
                df: row.df,
                df2: row.df2,
                p_value,
                method,
                p_holm: p(row.p_holm),
                p_bh: p(row.p_bh),
            }),
            (_, method) => {
                lacking.test = method;
                None
            }
        };
        Ok(Self {
            analysis: row.analysis,
            method: row.method,
            term: row.term,
            x: row.x,
            y: row.y,
            group: row.group,
            controls: row.controls,
            model: row.model,
            formula: row.formula,
            vcov: row.vcov,
            value: row.estimate,
            std_error: row.std_error,
            interval,
            test,
            lacking,
            n_obs: row.n_obs,
            n_excluded: row.n_excluded,
            note: row.note,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_survives_its_flat_form() {
        let mut estimate = Estimate::new(Analysis::Correlation, "pearson", "a, b", 20);
        estimate.value = Some(0.6);
        estimate.interval = Some(Interval {
            low: 0.2,
            high: 0.8,
            level: Level::DEFAULT,
            method: "fisher_z".into(),
        });
        let back = Estimate::try_from(Row::from(estimate.clone()));
        assert_eq!(back, Ok(estimate.clone()));
        let without = estimate
            .lacking_interval("bca", Note::TooFewForInterval)
            .lacking_test("t", Note::TooFew);
        let row = Row::from(without.clone());
        assert_eq!((row.conf_low, row.conf_method.as_deref()), (None, Some("bca")));
        assert_eq!((row.p_value, row.p_method.as_deref()), (None, Some("t")));
        assert_eq!(Estimate::try_from(row), Ok(without));
    }
}
