use super::Importance;

/// How the terms compare, whatever stands beside them.
#[derive(Debug, Clone, PartialEq)]
pub struct Dominance {
    /// A row a term, a column a number of other terms: what it adds to R² beside so many others, on
    /// average over their sets. A term whose row is larger throughout dominates conditionally.
    pub conditional: Vec<Vec<f64>>,
    /// The mean of each row: general dominance, which is the share of R².
    pub general: Vec<f64>,
    /// Of the sets without either, the share in which the term of the row adds more than that of
    /// the column, equal ones counting half. 1 is complete dominance.
    pub complete: Vec<Vec<f64>>,
}

impl Importance {
    /// Dominance analysis of the terms.
    ///
    /// # References
    /// Budescu (1993), doi:10.1037/0033-2909.114.3.542; Azen and Budescu (2003),
    /// doi:10.1037/1082-989X.8.2.129.
    pub fn dominance(&self) -> Dominance {
        let p = self.terms.len();
        let conditional = conditional(&self.subsets, p);
        let mean = |row: &Vec<f64>| row.iter().sum::<f64>() / p as f64;
        let general = conditional.iter().map(mean).collect();
        // Two sums of the same squares in another order differ by rounding.
        let same = |a: f64, b: f64| (a - b).abs() <= 1e-13;
        let beats = |j: usize, k: usize| {
            if j == k {
                return 0.5;
            }
            let without = |set: &usize| set & (1 << j) == 0 && set & (1 << k) == 0;
            let sets = (0..self.subsets.len()).filter(without);
            let wins = sets.map(|set| {
                let (a, b) = (self.subsets[set | 1 << j], self.subsets[set | 1 << k]);
                if same(a, b) { 0.5 } else { f64::from(u8::from(a > b)) }
            });
            wins.sum::<f64>() / (self.subsets.len() / 4) as f64
        };
        let complete = (0..p).map(|j| (0..p).map(|k| beats(j, k)).collect()).collect();
        Dominance { conditional, general, complete }
    }
}

/// The mean over all orders of what each term adds: the mean of its conditional values.
pub(super) fn shares(subsets: &[f64], p: usize) -> Vec<f64> {
    let conditional = conditional(subsets, p);
    conditional.iter().map(|row| row.iter().sum::<f64>() / p as f64).collect()
}

fn conditional(subsets: &[f64], p: usize) -> Vec<Vec<f64>> {
    let mut sums = vec![vec![0.0; p]; p];
    for (set, r_squared) in subsets.iter().enumerate() {
        let size = set.count_ones() as usize;
        for (j, row) in sums.iter_mut().enumerate().filter(|(j, _)| set & (1 << j) == 0) {
            row[size] += subsets[set | 1 << j] - r_squared;
        }
    }
    // How many sets of each size the other terms make.
    let mut sets = 1.0;
    for size in 0..p {
        sums.iter_mut().for_each(|row| row[size] /= sets);
        sets *= (p - 1 - size) as f64 / (size + 1) as f64;
    }
    sums
}
