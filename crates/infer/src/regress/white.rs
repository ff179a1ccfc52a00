//! White's test of equal spread.

use super::Ols;
use super::blocks::compressed;
use super::checks::spread;
use super::diagnostics::check;
use super::real::total;
use super::span::Span;
use crate::double_double::DoubleDouble;
use crate::tails::chi_squared_sf;
use ssi_vocab::Check;

/// A square of a predictor that adds less than this share of its length says nothing new.
pub(super) const SQUARES: f64 = 1e-11;

/// Squared columns times rows that are carried with 32 digits: a second's work at most.
const WIDE: usize = 20_000_000;

/// The same for doubles; beyond it there is no test.
pub(super) const MOST: usize = 20_000_000_000;

/// The predictors, their squares and products, and the intercept.
fn columns(fit: &Ols) -> usize {
    let predictors = fit.terms.len() - usize::from(fit.intercept);
    1 + predictors + predictors * (predictors + 1) / 2
}

/// Squared columns times rows.
pub(super) fn work(fit: &Ols) -> usize {
    let columns = columns(fit);
    fit.rows.len().saturating_mul(columns.saturating_mul(columns))
}

/// Does the spread depend on the predictors in any way?
pub(super) fn white(fit: &Ols) -> Option<Check> {
    spread(fit)?;
    let n = fit.n_obs as f64;
    let (columns, work) = (columns(fit), work(fit));
    if work > MOST {
        return None;
    }
    let (centred, u) = parts(fit);
    let (rank, share) =
        if work > WIDE { in_doubles(fit, &centred, &u, columns) } else { wide(fit, &centred, &u)? };
    let df = (rank - 1) as f64;
    if df == 0.0 || rank >= fit.n_obs {
        return None;
    }
    let value = n * share;
    Some(check("white", value, Some(df), None, Some(chi_squared_sf(value, df))))
}

/// The predictors as deviations from their means, which span the same with the intercept and keep
/// the digits of squares; and e² − σ̂².
fn parts(fit: &Ols) -> (Vec<Vec<DoubleDouble>>, Vec<DoubleDouble>) {
    let n = DoubleDouble::from(fit.n_obs as f64);
    let rows = 0..fit.rows.len();
    let centred = (usize::from(fit.intercept)..fit.terms.len()).map(|j| {
        let v = |i: usize| fit.wide_x(i, j);
        let mean = total(rows.clone().map(|i| v(i) * fit.times(i))) / n;
        rows.clone().map(|i| v(i) - mean).collect()
    });
    let mean = DoubleDouble::from(fit.residual_ss / fit.n_obs as f64);
    let u = |i: usize| {
        let e = fit.unit(i) * fit.residuals[i];
        DoubleDouble::product(e, e) - mean
    };
    (centred.collect(), rows.clone().map(u).collect())
}

/// How many columns are no sums of others, and R² of `u` on them.
fn wide(fit: &Ols, centred: &[Vec<DoubleDouble>], u: &[DoubleDouble]) -> Option<(usize, f64)> {
    let weights: Vec<f64> = (0..fit.rows.len()).map(|i| fit.times(i)).collect();
    let mut span = Span::new(weights.clone(), SQUARES);
    span.add(&vec![DoubleDouble::from(1.0); u.len()]);
    for column in centred {
        span.add(column);
    }
    for (a, left) in centred.iter().enumerate() {
        for right in &centred[a..] {
            // Beyond so many columns the test has no residual degree of freedom.
            if span.rank() >= fit.n_obs {
                return None;
            }
            span.add(&left.iter().zip(right).map(|(x, z)| *x * *z).collect::<Vec<_>>());
        }
    }
    let whole = total(u.iter().zip(&weights).map(|(u, w)| *u * *u * *w));
    let explained = total(span.coordinates(u).iter().map(|c| *c * *c));
    Some((span.rank(), (explained / whole).hi))
}

/// The same for many rows: first reduced to as many as there are columns, in doubles.
fn in_doubles(
    fit: &Ols,
    centred: &[Vec<DoubleDouble>],
    u: &[DoubleDouble],
    columns: usize,
) -> (usize, f64) {
    let (r, z) = compressed(u.len(), columns, |rows, x, y| {
        let root = |i: usize| fit.times(i).sqrt();
        let mut places = x.iter_mut();
        let mut write = |value: &dyn Fn(usize) -> f64| {
            if let Some(column) = places.next() {
                column.clear();
                column.extend(rows.clone().map(|i| root(i) * value(i)));
            }
        };
        write(&|_| 1.0);
        for column in centred {
            write(&|i| column[i].hi);
        }
        for (a, left) in centred.iter().enumerate() {
            for right in &centred[a..] {
                write(&|i| left[i].hi * right[i].hi);
            }
        }
        y.clear();
        y.extend(rows.map(|i| root(i) * u[i].hi));
    });
    let mut span = Span::new(vec![1.0; columns], SQUARES);
    for j in 0..columns {
        span.add(&(0..columns).map(|i| r.at(i, j).into()).collect::<Vec<_>>());
    }
    let z: Vec<DoubleDouble> = z.into_iter().map(DoubleDouble::from).collect();
    let explained = total(span.coordinates(&z).iter().map(|c| *c * *c));
    let whole = total(u.iter().enumerate().map(|(i, u)| *u * *u * fit.times(i)));
    (span.rank(), (explained / whole).hi)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{formula, regress::ols};
    use ssi_vocab::{Column, Table};

    #[test]
    fn doubles_find_what_32_digits_find() {
        let n = 3_000;
        let draw = |salt: f64| move |i: usize| libm::sin(salt * (i * i) as f64 + i as f64);
        let column = |name: &str, of: &dyn Fn(usize) -> f64| {
            Column::number(name, (0..n).map(|i| Ok(of(i))).collect())
        };
        let (a, b, c) = (draw(1.0), draw(2.0), draw(3.0));
        let columns = vec![
            column("a", &|i| 1e3 + a(i)),
            column("b", &b),
            column("d", &|i| f64::from(u8::from(i % 3 == 0))),
            column("y", &|i| a(i) + b(i) + c(i) * (1.0 + a(i) * b(i))),
        ];
        let table = Table::new(columns, (1..=n).collect()).unwrap();
        let fit = ols(&formula::design(&table, "y ~ a + b + d").unwrap()).unwrap();
        let (centred, u) = parts(&fit);
        let (rank, share) = wide(&fit, &centred, &u).unwrap();
        let (other_rank, other) = in_doubles(&fit, &centred, &u, 10);
        // The square of a 0/1 column says nothing new.
        assert_eq!((rank, other_rank), (9, 9));
        assert!((other / share - 1.0).abs() < 1e-12, "{share} {other}");
    }
}
