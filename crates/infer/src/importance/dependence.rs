use crate::{Error, Result};
use ndarray::Array2;
use ssi_vocab::drawing::Curve;

/// What a model expects along one predictor, averaged over the other values of all respondents.
///
/// # Formula
/// f(v) = Σ wᵢ·predict(xᵢ with column `column` set to v)/Σ wᵢ at each `v` of `along`. `predict` takes
/// rows as `x` has them, so it may be any model; for a linear one the curve is a line with the
/// coefficient's slope.
///
/// # Assumptions
/// Where predictors go together the average is over combinations that no respondent has.
///
/// # Errors
/// [`Error::TooFew`] without rows, [`Error::WrongWidth`] for a column that `x` lacks,
/// [`Error::Setting`] where the model gives no finite number.
///
/// # References
/// Friedman (2001), section 8.2, doi:10.1214/aos/1013203451.
///
/// # Example
/// ```
/// use ndarray::array;
/// use ssi_infer::importance::partial_dependence;
/// let x = array![[1.0, 2.0], [3.0, 6.0]];
/// let curve = partial_dependence(&x, None, 0, &[0.0, 10.0], &|row| 5.0 * row[0] * row[1])?;
/// assert_eq!(curve.y, [0.0, 200.0]);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn partial_dependence(
    x: &Array2<f64>,
    weights: Option<&[f64]>,
    column: usize,
    along: &[f64],
    predict: &dyn Fn(&[f64]) -> f64,
) -> Result<Curve> {
    let (n, width) = x.dim();
    let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
    let total: f64 = (0..n).map(weight).sum();
    if total <= 0.0 || total.is_nan() {
        return Err(Error::TooFew { analysis: "partial dependence", needed: 1, found: 0 });
    }
    if column >= width {
        return Err(Error::WrongWidth { needed: column + 1, found: width });
    }
    let mut rows: Vec<Vec<f64>> = x.rows().into_iter().map(|row| row.to_vec()).collect();
    let mut y = Vec::with_capacity(along.len());
    for value in along {
        let mut sum = 0.0;
        for (i, row) in rows.iter_mut().enumerate() {
            row[column] = *value;
            sum += weight(i) * predict(row);
        }
        let mean = sum / total;
        if !mean.is_finite() {
            let (name, allowed) = ("a prediction", "a finite number");
            return Err(Error::Setting { name, value: *value, allowed });
        }
        y.push(mean);
    }
    Ok(Curve { x: along.to_vec(), y })
}
