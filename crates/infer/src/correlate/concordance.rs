//! Concordant and discordant pairs in O(n log n), for rows that may stand for several respondents.

use super::quadrants;
use super::ranks::Classes;

/// Two variables as classes, with the rows in the order of the first.
#[derive(Debug, Clone)]
pub(crate) struct KendallOrder {
    pub(crate) x: Classes,
    pub(crate) y: Classes,
    by_x: Vec<u32>,
}

/// What τ-b is made of, all of it integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Concordance {
    /// Concordant less discordant pairs.
    pub(crate) net: i128,
    /// Pairs that differ in x.
    pub(crate) x_pairs: i128,
    /// Pairs that differ in y.
    pub(crate) y_pairs: i128,
}

impl KendallOrder {
    pub(crate) fn new(x: &[f64], y: &[f64]) -> Self {
        Self::from_classes(Classes::new(x), Classes::new(y))
    }

    pub(crate) fn from_classes(x: Classes, y: Classes) -> Self {
        let by_x = x.rows_in_order();
        Self { x, y, by_x }
    }

    /// The pairs, where row `i` stands for `counts[i]` respondents.
    pub(crate) fn concordance(&self, counts: Option<&[u64]>) -> Concordance {
        Concordance {
            net: self.net(&self.y.code, counts),
            x_pairs: untied_pairs(&self.x.sizes(counts)),
            y_pairs: untied_pairs(&self.y.sizes(counts)),
        }
    }

    /// The same from what [`Self::net_by_row`] found.
    pub(crate) fn concordance_of(&self, net_by_row: &[i64], counts: Option<&[u64]>) -> Concordance {
        let weight = |i: usize| counts.map_or(1, |w| i128::from(w[i]));
        // Each pair counts for both of its respondents.
        let net: i128 =
            net_by_row.iter().enumerate().map(|(i, net)| weight(i) * i128::from(*net)).sum();
        Concordance {
            net: net / 2,
            x_pairs: untied_pairs(&self.x.sizes(counts)),
            y_pairs: untied_pairs(&self.y.sizes(counts)),
        }
    }

    /// Concordant less discordant pairs where the rows have other codes of y, as after a
    /// permutation.
    pub(crate) fn net(&self, y_code: &[u32], counts: Option<&[u64]>) -> i128 {
        let mut net = 0;
        sweep(self.x_classes(), self.y.len, y_code, counts, |row, below, above| {
            let weight = counts.map_or(1, |w| w[row]);
            net += i128::from(weight) * (i128::from(below) - i128::from(above));
        });
        net
    }

    /// For each row, respondents concordant with it less those discordant.
    pub(crate) fn net_by_row(&self, counts: Option<&[u64]>) -> Vec<i64> {
        let Some(counts) = counts else { return quadrants::net_by_row(&self.x, &self.y) };
        let (mut net, counts) = (vec![0; self.by_x.len()], Some(counts));
        let (len, code) = (self.y.len, &self.y.code);
        sweep(self.x_classes(), len, code, counts, |row, below, above| {
            net[row] += below as i64 - above as i64;
        });
        sweep(self.x_classes().rev(), len, code, counts, |row, below, above| {
            net[row] += above as i64 - below as i64;
        });
        net
    }

    /// The rows of each class of x, in its order.
    fn x_classes(&self) -> impl DoubleEndedIterator<Item = &[u32]> {
        self.by_x.chunk_by(|a, b| self.x.code[*a as usize] == self.x.code[*b as usize])
    }
}

/// Walks through the classes of x and tells for each row how many respondents of the classes
/// already passed lie below and above it in y.
fn sweep<'a>(
    x_classes: impl Iterator<Item = &'a [u32]>,
    y_len: usize,
    y_code: &[u32],
    counts: Option<&[u64]>,
    mut visit: impl FnMut(usize, u64, u64),
) {
    let mut passed = Tally::new(y_len);
    for rows in x_classes {
        for row in rows {
            let row = *row as usize;
            let place = y_code[row] as usize;
            visit(row, passed.below(place), passed.total - passed.below(place + 1));
        }
        for row in rows {
            let row = *row as usize;
            passed.add(y_code[row] as usize, counts.map_or(1, |w| w[row]));
        }
    }
}

/// Pairs of respondents in different classes.
fn untied_pairs(sizes: &[u64]) -> i128 {
    let n: i128 = sizes.iter().map(|s| i128::from(*s)).sum();
    let squares: i128 = sizes.iter().map(|s| i128::from(*s) * i128::from(*s)).sum();
    (n * n - squares) / 2
}

/// Counts by place with fast sums over all lower places (a Fenwick tree).
struct Tally {
    tree: Vec<u64>,
    total: u64,
}

impl Tally {
    fn new(places: usize) -> Self {
        Self { tree: vec![0; places + 1], total: 0 }
    }

    fn add(&mut self, place: usize, count: u64) {
        self.total += count;
        let mut i = place + 1;
        while i < self.tree.len() {
            self.tree[i] += count;
            i += i & i.wrapping_neg();
        }
    }

    fn below(&self, place: usize) -> u64 {
        let mut sum = 0;
        let mut i = place;
        while i > 0 {
            sum += self.tree[i];
            i &= i - 1;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 6] = [1.0, 2.0, 2.0, 3.0, 5.0, 5.0];
    const Y: [f64; 6] = [2.0, 1.0, 1.0, 3.0, 3.0, 0.0];

    fn by_definition(x: &[f64], y: &[f64]) -> Vec<i64> {
        let sign = |a: f64, b: f64| if a == b { 0 } else { (a - b).signum() as i64 };
        (0..x.len())
            .map(|i| (0..x.len()).map(|j| sign(x[i], x[j]) * sign(y[i], y[j])).sum())
            .collect()
    }

    #[test]
    fn pairs_are_counted_as_the_definition_says() {
        let order = KendallOrder::new(&X, &Y);
        let expected = by_definition(&X, &Y);
        assert_eq!(order.net_by_row(None), expected);
        let pairs = order.concordance(None);
        assert_eq!(pairs.net * 2, i128::from(expected.iter().sum::<i64>()));
        assert_eq!((pairs.x_pairs, pairs.y_pairs), (13, 13));
        assert_eq!(order.concordance_of(&expected, None), pairs);
    }

    #[test]
    fn counts_stand_for_rows() {
        let counts = [2, 1, 3, 0, 1, 2];
        let repeat = |values: &[f64]| -> Vec<f64> {
            values
                .iter()
                .zip(counts)
                .flat_map(|(v, n)| std::iter::repeat_n(*v, n as usize))
                .collect()
        };
        let rows = KendallOrder::new(&repeat(&X), &repeat(&Y)).concordance(None);
        assert_eq!(KendallOrder::new(&X, &Y).concordance(Some(&counts)), rows);
    }
}
