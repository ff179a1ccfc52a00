use super::Fit;
use crate::formula::{Modelled, Source};
use crate::tails::{normal_two_sided, normal_upper_quantile};
use ndarray::{Array1, Array2};
use ssi_vocab::{Column, Estimate, Interval, Level, PValue, Table, Test};
use std::collections::BTreeSet;

/// What the expected outcome does at a linear predictor; `by_scale` is by one more parameter (log σ)
/// that some models have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Response {
    pub(crate) mean: f64,
    pub(crate) slope: f64,
    pub(crate) curvature: f64,
    pub(crate) mean_by_scale: f64,
    pub(crate) slope_by_scale: f64,
}

/// Average marginal effects: by how much the expected outcome changes, on average over the
/// respondents, for one more unit of a predictor, or between a group and the first one.
///
/// # Formula
/// n⁻¹ Σ ∂E(yᵢ)/∂vᵢ for a column v of numbers, all terms made from it (powers, interactions) moving
/// together; n⁻¹ Σ [E(yᵢ | level) − E(yᵢ | first level)] for groups. Standard errors by the delta
/// method from the fit's own covariance (predictors taken as fixed).
///
/// # References
/// Bartus (2005), doi:10.1177/1536867X0500500303.
pub(crate) fn effects(
    fit: &Fit,
    modelled: &Modelled,
    covariance: &Array2<f64>,
    weights: &[f64],
    response: &dyn Fn(f64) -> Response,
    level: Level,
) -> Vec<Estimate> {
    let used: BTreeSet<usize> = modelled.design.rows.iter().copied().collect();
    let keep: Vec<bool> = modelled.table.rows().iter().map(|row| used.contains(row)).collect();
    let table = modelled.table.keep(&keep);
    let own = &modelled.design.x;
    let coded = |table: &Table| {
        let x = modelled.recipe.matrix(table).ok()?.x;
        (x.dim() == own.dim()).then_some(x)
    };
    let total: f64 = weights.iter().sum();
    let b = Array1::from(fit.coefficients.clone());
    let k = b.len();
    let eta = own.dot(&b);
    let mut out = Vec::new();
    for Source { column, levels } in modelled.recipe.sources() {
        let moved = |value: &Change<'_>| {
            coded(&table.clone().with_column(value(table.column(&column).ok()?)?).ok()?)
        };
        match levels {
            None => {
                let Some(change) = derivative(&moved, &table, &column, 9.0) else { continue };
                let along = change.dot(&b);
                let mut gradient = vec![0.0; covariance.nrows()];
                let mut value = 0.0;
                for i in 0..weights.len() {
                    let (r, w) = (response(eta[i]), weights[i] / total);
                    value += w * r.slope * along[i];
                    for j in 0..k {
                        gradient[j] +=
                            w * (r.curvature * own[[i, j]] * along[i] + r.slope * change[[i, j]]);
                    }
                    if let Some(scale) = gradient.get_mut(k) {
                        *scale += w * r.slope_by_scale * along[i];
                    }
                }
                out.push(row(fit, &column, &column, value, &gradient, covariance, level));
            }
            Some(levels) => {
                let n = table.n_rows();
                let at = |level: &String| {
                    moved(&|old: &Column| {
                        Some(match level.parse::<f64>() {
                            Ok(value) if old.numbers().is_ok() => {
                                Column::number(&old.name, vec![Ok(value); n])
                            }
                            _ => Column::factor(&old.name, &vec![Ok(level.as_str()); n]),
                        })
                    })
                };
                let Some(first) = levels.first().and_then(at) else { continue };
                for level_name in &levels[1..] {
                    let Some(other) = at(level_name) else { continue };
                    let mut gradient = vec![0.0; covariance.nrows()];
                    let mut value = 0.0;
                    for (x, sign) in [(&other, 1.0), (&first, -1.0)] {
                        let eta = x.dot(&b);
                        for i in 0..weights.len() {
                            let (r, w) = (response(eta[i]), sign * weights[i] / total);
                            value += w * r.mean;
                            for j in 0..k {
                                gradient[j] += w * r.slope * x[[i, j]];
                            }
                            if let Some(scale) = gradient.get_mut(k) {
                                *scale += w * r.mean_by_scale;
                            }
                        }
                    }
                    let name = format!("{column}{level_name}");
                    out.push(row(fit, &name, &column, value, &gradient, covariance, level));
                }
            }
        }
    }
    out
}

/// Another column in a column's place.
pub(crate) type Change<'a> = dyn Fn(&Column) -> Option<Column> + 'a;

/// ∂X/∂v in every row, by central differences of fourth order: exact for the polynomials of a
/// formula, and right to some ten digits for its functions. The step is at least 2⁻ᵖ of the range,
/// with `p` the last argument.
pub(crate) fn derivative(
    moved: &dyn Fn(&Change<'_>) -> Option<Array2<f64>>,
    table: &Table,
    column: &str,
    fineness: f64,
) -> Option<Array2<f64>> {
    let values: Vec<f64> =
        table.column(column).ok()?.numbers().ok()?.iter().flatten().copied().collect();
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
    // A power of two, so that most sums with it are exact.
    let step = libm::exp2(libm::floor(libm::log2((high - low).max(f64::MIN_POSITIVE))) - fineness);
    let by = |times: f64| {
        moved(&|old: &Column| {
            let numbers = old.numbers().ok()?.iter().map(|v| v.map(|v| v + times * step));
            Some(Column::number(&old.name, numbers.collect()))
        })
    };
    let near = by(1.0)? - by(-1.0)?;
    let far = by(2.0)? - by(-2.0)?;
    Some((near * 8.0 - far) / (12.0 * step))
}

fn row(
    fit: &Fit,
    name: &str,
    column: &str,
    value: f64,
    gradient: &[f64],
    covariance: &Array2<f64>,
    level: Level,
) -> Estimate {
    let mut row = fit.row(&format!("ame({name})"));
    row.x = Some(column.to_owned());
    row.vcov = Some(fit.vcov.clone());
    row.value = Some(value);
    let g = Array1::from(gradient.to_vec());
    let std_error = g.dot(&covariance.dot(&g)).sqrt();
    if std_error.is_finite() && value.is_finite() {
        wald(&mut row, value, std_error, level, "delta");
    } else {
        row.note = Some(ssi_vocab::Note::ErrorsUndefined);
    }
    row
}

/// Standard error, normal interval and normal test against 0 of a row.
pub(crate) fn wald(row: &mut Estimate, value: f64, std_error: f64, level: Level, method: &str) {
    let half = normal_upper_quantile(level.tail()) * std_error;
    row.std_error = Some(std_error);
    row.interval =
        Some(Interval { low: value - half, high: value + half, level, method: method.to_owned() });
    if std_error > 0.0 {
        let statistic = value / std_error;
        row.test = PValue::new(normal_two_sided(statistic)).map(|p_value| Test {
            statistic: Some(statistic),
            df: None,
            df2: None,
            p_value,
            method: "normal".to_owned(),
            p_holm: None,
            p_bh: None,
        });
    }
}
