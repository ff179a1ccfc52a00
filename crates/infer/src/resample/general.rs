//! The methods without sums of their own: each resample is gathered and computed anew.

use super::kernel::Scratch;
use crate::Result;
use crate::correlate::Method;
use crate::correlate::distance::{resampled, variance};
use crate::correlate::distance_sums::DistanceOrder;
use crate::correlate::moments::power_of_two_scale;
use crate::correlate::ordinal::Levels;
use crate::correlate::polychoric::Crossed;
use crate::correlate::robust::{Transform, transformed_correlation};
use crate::correlate::{biweight, percentage_bend, polyserial, winsorized};
use rayon::prelude::*;
use ssi_vocab::{Paired, Progress};

/// The data in the form in which a method reads them.
pub(super) enum General {
    Robust { x: Vec<f64>, y: Vec<f64>, transform: Transform },
    Distance(DistanceOrder),
    Polychoric { x: Levels, y: Levels, start: f64 },
    Polyserial { values: Vec<f64>, levels: Levels, levels_first: bool, start: f64 },
}

/// How a robust method transforms a variable; `None` for the other methods.
pub(super) fn transform(method: Method) -> Option<Transform> {
    match method {
        Method::Biweight => Some(biweight::weighted),
        Method::PercentageBend => Some(percentage_bend::bent),
        Method::Winsorized => Some(winsorized::drawn_in),
        _ => None,
    }
}

impl General {
    /// `None` for a method that has sums of its own; `start` is about the estimate.
    pub(super) fn new(pair: &Paired, method: Method, start: f64) -> Result<Option<Self>> {
        if let Some(transform) = transform(method) {
            let (x, y) = (pair.x().to_vec(), pair.y().to_vec());
            return Ok(Some(Self::Robust { x, y, transform }));
        }
        let counts = pair.counts();
        Ok(match method {
            Method::Distance => {
                Some(Self::Distance(DistanceOrder::new(pair.x(), pair.y(), counts)))
            }
            Method::Polychoric => Some(Self::Polychoric {
                x: Levels::new(pair.x_name(), pair.x(), counts)?,
                y: Levels::new(pair.y_name(), pair.y(), counts)?,
                start,
            }),
            Method::Polyserial => {
                let (values, levels) = polyserial::sides(pair)?;
                let levels_first = std::ptr::eq(values, pair.y());
                Some(Self::Polyserial { values: values.to_vec(), levels, levels_first, start })
            }
            _ => None,
        })
    }

    /// The correlation of the rows drawn; `None` where it is undefined for them.
    pub(super) fn on(&self, rows: &[u32], scratch: &mut Scratch) -> Option<f64> {
        match self {
            Self::Robust { x, y, transform } => {
                let gather = |from: &[f64], into: &mut Vec<f64>| {
                    into.clear();
                    into.extend(rows.iter().map(|i| from[*i as usize]));
                };
                gather(x, &mut scratch.x);
                let a = transform(&scratch.x)?;
                gather(y, &mut scratch.x);
                let b = transform(&scratch.x)?;
                transformed_correlation(&a, &b).map(|(r, _)| r)
            }
            Self::Distance(order) => {
                scratch.count(rows, order.x.values.len());
                resampled(order, &scratch.counts, &mut scratch.tree)
            }
            Self::Polychoric { x, y, start } => {
                let mut table = Crossed::empty(x.len, y.len);
                for row in rows {
                    table.add(x.code[*row as usize], y.code[*row as usize], 1);
                }
                table.rho_near(*start)
            }
            Self::Polyserial { values, levels, start, .. } => {
                let values: Vec<f64> = rows.iter().map(|i| values[*i as usize]).collect();
                let code: Vec<u32> = rows.iter().map(|i| levels.code[*i as usize]).collect();
                polyserial::rho_near(&values, &code, levels.len, *start)
            }
        }
    }

    /// The correlation where row `i` has the second value of row `permuted[i]`, for the methods
    /// without sums that a permutation leaves as they are.
    pub(super) fn permuted(&self, permuted: &[u32]) -> Option<f64> {
        match self {
            Self::Polychoric { x, y, start } => {
                let mut table = Crossed::empty(x.len, y.len);
                for (x_code, i) in x.code.iter().zip(permuted) {
                    table.add(*x_code, y.code[*i as usize], 1);
                }
                table.rho_near(*start)
            }
            Self::Polyserial { values, levels, levels_first, start } => {
                let (moved_values, moved_code);
                let (values, code) = if *levels_first {
                    moved_values = permuted.iter().map(|i| values[*i as usize]).collect::<Vec<_>>();
                    (&moved_values, &levels.code)
                } else {
                    moved_code =
                        permuted.iter().map(|i| levels.code[*i as usize]).collect::<Vec<_>>();
                    (values, &moved_code)
                };
                polyserial::rho_near(values, code, levels.len, *start)
            }
            Self::Robust { .. } | Self::Distance(_) => None,
        }
    }

    /// The correlation without one respondent of row `i`, for each row.
    pub(super) fn leave_one_out(
        &self,
        counts: Option<&[u64]>,
        progress: &dyn Progress,
    ) -> Result<Vec<Option<f64>>> {
        let n = match self {
            Self::Robust { x, .. } => x.len(),
            Self::Distance(order) => order.x.values.len(),
            Self::Polychoric { x, .. } => x.code.len(),
            Self::Polyserial { values, .. } => values.len(),
        };
        let without = |(scratch, rows): &mut (Scratch, Vec<u32>), left_out: usize| {
            progress.check()?;
            rows.clear();
            for i in 0..n {
                let copies = counts.map_or(1, |w| w[i]);
                let copies = copies.saturating_sub(u64::from(i == left_out));
                rows.extend(std::iter::repeat_n(i as u32, copies as usize));
            }
            Ok(self.on(rows, scratch))
        };
        (0..n).into_par_iter().map_init(Default::default, without).collect()
    }
}

/// Values of mean square 1 about the zero that the method gave them.
pub(super) fn unit(values: &[f64]) -> Vec<f64> {
    let scale = power_of_two_scale(values);
    let squares: f64 = values.iter().map(|v| v * scale * (v * scale)).sum();
    let unit = (values.len() as f64 / squares).sqrt();
    values.iter().map(|v| v * scale * unit).collect()
}

/// The distance correlation of permuted rows: all but the sums over both variables stay.
pub(super) struct PermutedDistances {
    order: DistanceOrder,
    rows: [Vec<f64>; 2],
    all: [f64; 2],
    root: f64,
}

impl PermutedDistances {
    pub(super) fn new(x: &[f64], y: &[f64]) -> Self {
        let order = DistanceOrder::new(x, y, None);
        let n = x.len() as f64;
        let sides = [&order.x, &order.y];
        let rows = sides.map(|side| side.distances(|_| 1.0));
        let all = [0, 1].map(|k| rows[k].iter().sum::<f64>());
        let own = |k: usize| {
            let squares: f64 = sides[k].squares::<f64>(None).iter().sum();
            let products: f64 = rows[k].iter().map(|r| r * r).sum();
            variance(n, squares, products, all[k], all[k])
        };
        let root = (own(0) * own(1)).sqrt();
        Self { order, rows, all, root }
    }

    pub(super) fn on(&self, permuted: &[u32], tree: &mut Vec<[f64; 4]>) -> f64 {
        let products = self.order.products(Some(permuted), None, tree);
        let [a, b] = &self.rows;
        let rows: f64 = a.iter().zip(permuted).map(|(a, i)| a * b[*i as usize]).sum();
        let square = variance(a.len() as f64, products, rows, self.all[0], self.all[1]) / self.root;
        square.clamp(0.0, 1.0).sqrt()
    }
}
