//! Sums over all pairs of distances in x and in y, in O(n log n), for rows that may stand for
//! several respondents.

use super::moments::{mean, power_of_two_scale};
use crate::double_double::DoubleDouble;
use std::ops::{Add, AddAssign, Mul, Sub};

/// What the sums are carried in: doubles for resamples, twice their digits for the estimate.
pub(crate) trait Number:
    Copy
    + Default
    + From<f64>
    + Into<f64>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + AddAssign
{
}

impl Number for f64 {}
impl Number for DoubleDouble {}

/// Two variables, centred and scaled, with their orders.
#[derive(Debug, Clone)]
pub(crate) struct DistanceOrder {
    pub(crate) x: Ordered,
    pub(crate) y: Ordered,
}

/// A variable and the order of its values.
#[derive(Debug, Clone)]
pub(crate) struct Ordered {
    pub(crate) values: Vec<f64>,
    /// The rows in ascending order of the values.
    pub(crate) rows: Vec<u32>,
    /// The place of each row in that order.
    pub(crate) place: Vec<u32>,
}

/// Sums of 1, x, y and xy over some respondents.
type Sums<T> = [T; 4];

impl DistanceOrder {
    pub(crate) fn new(x: &[f64], y: &[f64], counts: Option<&[u64]>) -> Self {
        Self { x: Ordered::new(x, counts), y: Ordered::new(y, counts) }
    }

    /// Σ over ordered pairs of |xᵢ − xⱼ||yᵢ − yⱼ|, where row `i` has the y of row `permuted[i]`.
    pub(crate) fn products<T: Number>(
        &self,
        permuted: Option<&[u32]>,
        counts: Option<&[u64]>,
        tree: &mut Vec<Sums<T>>,
    ) -> T {
        let mut all = T::default();
        self.sweep(permuted, counts, tree, |weight, at, left, left_below| {
            let agreeing = product_sum(at, left_below);
            all += weight * (agreeing + agreeing - product_sum(at, left));
        });
        all + all
    }

    /// For each row, Σⱼ |xᵢ − xⱼ||yᵢ − yⱼ| over the respondents.
    pub(crate) fn products_by_row<T: Number>(&self, counts: Option<&[u64]>) -> Vec<T> {
        let n = self.x.values.len();
        let (mut left_below, mut left) = (Vec::new(), Vec::new());
        self.sweep::<T>(None, counts, &mut Vec::new(), |_, _, l, lb| {
            left.push(l);
            left_below.push(lb);
        });
        let mut below = vec![[T::default(); 4]; n];
        let mut passed = [T::default(); 4];
        for row in &self.y.rows {
            let row = *row as usize;
            below[row] = passed;
            add(&mut passed, self.sums_of(row, row, counts));
        }
        let mut by_row = vec![T::default(); n];
        // Pairs on the same side in both variables count as they are, the others reversed.
        for (place, row) in self.x.rows.iter().enumerate() {
            let row = *row as usize;
            let at = (self.x.values[row], self.y.values[row]);
            let twice = |sums| {
                let sum = product_sum(at, sums);
                sum + sum
            };
            by_row[row] = twice(left_below[place]) + twice(left_below[place])
                - twice(left[place])
                - twice(below[row])
                + product_sum(at, passed);
        }
        by_row
    }

    /// Walks along x and tells for each row its weight, its point, and the sums over the rows
    /// passed and over those of them that lie below it in y.
    fn sweep<T: Number>(
        &self,
        permuted: Option<&[u32]>,
        counts: Option<&[u64]>,
        tree: &mut Vec<Sums<T>>,
        mut visit: impl FnMut(T, (f64, f64), Sums<T>, Sums<T>),
    ) {
        tree.clear();
        tree.resize(self.x.values.len() + 1, [T::default(); 4]);
        let mut passed = [T::default(); 4];
        for row in &self.x.rows {
            let row = *row as usize;
            let from = permuted.map_or(row, |p| p[row] as usize);
            let weight = counts.map_or(1.0, |w| w[row] as f64);
            let mut below = [T::default(); 4];
            let mut i = self.y.place[from] as usize;
            while i > 0 {
                add(&mut below, tree[i]);
                i &= i - 1;
            }
            visit(T::from(weight), (self.x.values[row], self.y.values[from]), passed, below);
            if weight == 0.0 {
                continue;
            }
            let sums = self.sums_of(row, from, counts);
            add(&mut passed, sums);
            let mut i = self.y.place[from] as usize + 1;
            while i < tree.len() {
                add(&mut tree[i], sums);
                i += i & i.wrapping_neg();
            }
        }
    }

    fn sums_of<T: Number>(&self, row: usize, from: usize, counts: Option<&[u64]>) -> Sums<T> {
        let weight = T::from(counts.map_or(1.0, |w| w[row] as f64));
        let (x, y) = (T::from(self.x.values[row]), T::from(self.y.values[from]));
        [weight, weight * x, weight * y, weight * x * y]
    }
}

impl Ordered {
    fn new(values: &[f64], counts: Option<&[u64]>) -> Self {
        let scale = power_of_two_scale(values);
        let mean = mean(values, counts, scale);
        let values: Vec<f64> =
            values.iter().map(|v| f64::from(DoubleDouble::from(v * scale) - mean)).collect();
        let mut rows: Vec<u32> = (0..values.len() as u32).collect();
        rows.sort_unstable_by(|a, b| values[*a as usize].total_cmp(&values[*b as usize]));
        let mut place = vec![0; rows.len()];
        for (i, row) in rows.iter().enumerate() {
            place[*row as usize] = i as u32;
        }
        Self { values, rows, place }
    }

    /// For each row, Σⱼ wⱼ|vᵢ − vⱼ|.
    pub(crate) fn distances<T: Number>(&self, weight: impl Fn(usize) -> T) -> Vec<T> {
        let (mut all, mut all_sum) = (T::default(), T::default());
        for row in &self.rows {
            let row = *row as usize;
            all += weight(row);
            all_sum += weight(row) * T::from(self.values[row]);
        }
        let (mut below, mut below_sum) = (T::default(), T::default());
        let mut sums = vec![T::default(); self.rows.len()];
        for row in &self.rows {
            let row = *row as usize;
            let value = T::from(self.values[row]);
            sums[row] = value * (below + below - all) + all_sum - below_sum - below_sum;
            below += weight(row);
            below_sum += weight(row) * value;
        }
        sums
    }

    /// For each row, Σⱼ (vᵢ − vⱼ)² over the respondents.
    pub(crate) fn squares<T: Number>(&self, counts: Option<&[u64]>) -> Vec<T> {
        let weight = |row: usize| T::from(counts.map_or(1.0, |w| w[row] as f64));
        let [mut n, mut sum, mut squares] = [T::default(); 3];
        for row in &self.rows {
            let row = *row as usize;
            let value = T::from(self.values[row]);
            n += weight(row);
            sum += weight(row) * value;
            squares += weight(row) * value * value;
        }
        let square = |value: &f64| {
            let value = T::from(*value);
            value * (n * value - sum - sum) + squares
        };
        self.values.iter().map(square).collect()
    }

    /// True where all respondents have the same value.
    pub(crate) fn is_constant(&self, counts: &[u64]) -> bool {
        let mut present = self.rows.iter().filter(|row| counts[**row as usize] > 0);
        let ends = (present.next(), present.next_back());
        match ends {
            (Some(first), Some(last)) => {
                self.values[*first as usize] == self.values[*last as usize]
            }
            _ => true,
        }
    }
}

fn add<T: Number>(to: &mut Sums<T>, sums: Sums<T>) {
    to.iter_mut().zip(sums).for_each(|(a, b)| *a += b);
}

/// Σ (x − xⱼ)(y − yⱼ) from the sums over j.
fn product_sum<T: Number>((x, y): (f64, f64), [n, sum_x, sum_y, sum_xy]: Sums<T>) -> T {
    let (x, y) = (T::from(x), T::from(y));
    x * (y * n - sum_y) - y * sum_x + sum_xy
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 6] = [1.0, 2.0, 2.0, 3.0, 5.0, 5.0];
    const Y: [f64; 6] = [2.0, 1.0, 1.0, 3.0, 3.0, 0.0];
    const COUNTS: [u64; 6] = [2, 1, 3, 0, 1, 2];

    #[test]
    fn pairs_are_summed_as_the_definition_says() {
        let order = DistanceOrder::new(&X, &Y, Some(&COUNTS));
        // The scale of both is 1/4 and 1/2.
        let definition = |i: usize| -> f64 {
            (0..6).map(|j| COUNTS[j] as f64 * (X[i] - X[j]).abs() * (Y[i] - Y[j]).abs() / 8.0).sum()
        };
        let by_row: Vec<DoubleDouble> = order.products_by_row(Some(&COUNTS));
        for (i, found) in by_row.iter().enumerate() {
            assert!((f64::from(*found) - definition(i)).abs() < 1e-14, "{i}");
        }
        let all: f64 = (0..6).map(|i| COUNTS[i] as f64 * definition(i)).sum();
        let found: f64 = order.products(None, Some(&COUNTS), &mut Vec::new());
        assert!((found - all).abs() < 1e-14);
        let found: Vec<f64> = order.x.distances(|j| COUNTS[j] as f64);
        let expected: f64 = (0..6).map(|j| COUNTS[j] as f64 * (X[3] - X[j]).abs() / 4.0).sum();
        assert!((found[3] - expected).abs() < 1e-14);
    }

    #[test]
    fn permuted_rows_take_the_other_value() {
        let order = DistanceOrder::new(&X, &Y, None);
        let permuted = [3, 1, 0, 2, 5, 4];
        let moved: Vec<f64> = permuted.iter().map(|i| Y[*i as usize]).collect();
        let expected: f64 =
            DistanceOrder::new(&X, &moved, None).products(None, None, &mut Vec::new());
        let found: f64 = order.products(Some(&permuted), None, &mut Vec::new());
        assert!((found - expected).abs() < 1e-14);
    }
}
