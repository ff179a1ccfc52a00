//! Every interval that a default report or command prints, computed as it computes them.

use super::Population;
use ssi_infer::correlate::{Method, correlate};
use ssi_infer::regress::{Covariance, Ols, ols};
use ssi_infer::resample::{Bootstrap, bootstrap_bca, jackknife_z};
use ssi_infer::{Result, describe, formula};
use ssi_vocab::{Column, Estimate, Level, Paired, Quiet, Table};

/// What is estimated and how its interval is made: `estimate` and `interval` in the table.
pub(super) type Kind = (&'static str, &'static str);

/// An interval of one sample beside what it should hold.
pub(super) struct Found {
    /// Which.
    pub(super) kind: Kind,
    /// The parameter; for a prediction, the outcome of a respondent who is not in the sample.
    pub(super) truth: f64,
    /// The ends, where the sample has such an interval.
    pub(super) ends: Option<(f64, f64)>,
}

/// Some respondents of a population.
pub(super) struct Sample {
    pair: Paired,
    table: Table,
    /// One more respondent, whose outcome is to be predicted.
    fresh: (f64, f64),
}

impl Sample {
    /// The respondents of those rows.
    pub(super) fn new(population: &Population, rows: &[u32], fresh: u32) -> Result<Self> {
        let pick = |values: &[f64]| rows.iter().map(|i| values[*i as usize]).collect::<Vec<f64>>();
        let (x, y) = (pick(&population.x), pick(&population.y));
        let column =
            |name, values: &[f64]| Column::number(name, values.iter().copied().map(Ok).collect());
        let mut columns = vec![column("x", &x), column("y", &y)];
        if let Some([log2, capped]) = &population.contacts {
            columns.push(column("log2", &pick(log2)));
            columns.push(column("capped", &pick(capped)));
        }
        Ok(Self {
            pair: Paired::complete("x", &x, "y", &y)?,
            table: Table::new(columns, (1..=rows.len()).collect())?,
            fresh: (population.x[fresh as usize], population.y[fresh as usize]),
        })
    }

    fn fit(&self, formula: &str) -> Result<Ols> {
        ols(&formula::design(&self.table, formula)?)
    }
}

/// The parameters of a population, found by the estimators on all of its rows.
pub(super) struct Truth {
    correlations: Vec<f64>,
    mean: f64,
    line: Vec<f64>,
    /// Where the band of the fitted line is looked at: a standard deviation above the mean.
    place: f64,
    contacts: Option<Vec<f64>>,
}

const METHODS: [(Method, Kind); 3] = [
    (Method::Pearson, ("pearson", "fisher_z")),
    (Method::Spearman, ("spearman", "bonett_wright")),
    (Method::Kendall, ("kendall", "delta_z")),
];
const LINE: &str = "y ~ x";
const WITH_CONTACTS: &str = "y ~ x + log2 + capped";
const COVARIANCES: [(Covariance, &str); 2] =
    [(Covariance::Classical, "classical"), (Covariance::Hc3, "hc3")];

/// The parameters of a population.
///
/// # Errors
/// Those of the estimators.
pub(super) fn truth(population: &Population) -> Result<Truth> {
    let rows: Vec<u32> = (0..population.x.len() as u32).collect();
    let all = Sample::new(population, &rows, 0)?;
    let values = METHODS.iter().map(|(method, _)| correlate(&all.pair, *method, Level::DEFAULT));
    let coefficients =
        |formula: &str| -> Result<Vec<f64>> { Ok(all.fit(formula)?.coefficients.to_vec()) };
    let x = describe::describe_values("x", &population.x, Level::DEFAULT)?;
    let of = |rows: &[Estimate], method: &str| {
        rows.iter().find(|row| row.method == method).and_then(|row| row.value).unwrap_or_default()
    };
    let y = describe::describe_values("y", &population.y, Level::DEFAULT)?;
    Ok(Truth {
        correlations: values
            .map(|found| Ok(found?.value.unwrap_or_default()))
            .collect::<Result<_>>()?,
        mean: of(&y, "mean"),
        line: coefficients(LINE)?,
        place: of(&x, "mean") + of(&x, "sd"),
        contacts: population.contacts.as_ref().map(|_| coefficients(WITH_CONTACTS)).transpose()?,
    })
}

/// The closed-form intervals of a sample. One that a sample does not have (a constant column, too
/// few respondents) is there without ends.
pub(super) fn closed(sample: &Sample, truth: &Truth) -> Vec<Found> {
    let mut found = Vec::with_capacity(20);
    for ((method, kind), truth) in METHODS.iter().zip(&truth.correlations) {
        let estimate = correlate(&sample.pair, *method, Level::DEFAULT).ok();
        found.push(Found { kind: *kind, truth: *truth, ends: ends(estimate.as_ref()) });
        let robust = jackknife_z(&sample.pair, *method, Level::DEFAULT).ok();
        let kind = (kind.0, "jackknife_z");
        found.push(Found { kind, truth: *truth, ends: ends(robust.as_ref()) });
    }
    let described = describe::describe_values("y", sample.pair.y(), Level::DEFAULT);
    let mean = described.iter().flatten().find(|row| row.method == "mean");
    found.push(Found { kind: ("mean", "t"), truth: truth.mean, ends: ends(mean) });
    line(sample, truth, &mut found);
    if let Some(coefficients) = &truth.contacts {
        let names = ["contacts_intercept", "contacts_score", "contacts_log2", "contacts_capped"];
        let fit = sample.fit(WITH_CONTACTS).ok();
        push_coefficients(fit.as_ref(), &names, coefficients, &mut found);
    }
    found
}

/// The straight line: its coefficients, its band, and a respondent to come.
fn line(sample: &Sample, truth: &Truth, found: &mut Vec<Found>) {
    let fit = sample.fit(LINE).ok();
    push_coefficients(fit.as_ref(), &["intercept", "slope"], &truth.line, found);
    let mean = truth.line[0] + truth.line[1] * truth.place;
    let place = ndarray::array![[1.0, truth.place]];
    for (covariance, interval) in COVARIANCES {
        let band = fit.as_ref().and_then(|fit| {
            fit.mean_intervals(place.view(), covariance, Level::DEFAULT).ok()??.pop()
        });
        let ends = band.map(|interval| (interval.low, interval.high));
        found.push(Found { kind: ("fitted_mean", interval), truth: mean, ends });
    }
    let (x, y) = sample.fresh;
    let row = ndarray::array![[1.0, x]];
    let one = fit.and_then(|fit| fit.predict(row.view(), Level::DEFAULT).ok()?.pop());
    let ends = one.map(|p| (p.pred_low, p.pred_high));
    found.push(Found { kind: ("prediction", "t"), truth: y, ends });
}

fn push_coefficients(
    fit: Option<&Ols>,
    names: &[&'static str],
    truth: &[f64],
    found: &mut Vec<Found>,
) {
    for (covariance, interval) in COVARIANCES {
        let rows = fit.map(|fit| fit.estimates(covariance, Level::DEFAULT)).unwrap_or_default();
        for (j, (name, truth)) in names.iter().zip(truth).enumerate() {
            found.push(Found { kind: (name, interval), truth: *truth, ends: ends(rows.get(j)) });
        }
    }
}

/// The bootstrap intervals of Pearson's r.
pub(super) fn resampled(sample: &Sample, truth: &Truth, resamples: usize, seed: u64) -> Vec<Found> {
    let how = Bootstrap { resamples, seed };
    let found = bootstrap_bca(&sample.pair, Method::Pearson, &how, Level::DEFAULT, &Quiet).ok();
    let truth = truth.correlations[0];
    let percentile = found.as_ref().and_then(|b| b.percentile.as_ref());
    vec![
        Found { kind: ("pearson", "bca"), truth, ends: ends(found.as_ref().map(|b| &b.estimate)) },
        Found {
            kind: ("pearson", "percentile"),
            truth,
            ends: percentile.map(|interval| (interval.low, interval.high)),
        },
    ]
}

fn ends(estimate: Option<&Estimate>) -> Option<(f64, f64)> {
    estimate?.interval.as_ref().map(|interval| (interval.low, interval.high))
}
