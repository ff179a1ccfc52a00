//! Each correlation without one respondent at a time, from sums over all of them.

use super::kernel::{Kernel, Ranks, tau};
use crate::Result;
use crate::correlate::ranks::{Classes, centred_ranks};
use crate::correlate::{Concordance, KendallOrder};
use ssi_vocab::Progress;

impl Kernel {
    /// The correlation without one respondent of row `i`, for each row; `None` where a variable
    /// would be constant. It costs about as much as a few correlations, whatever n is.
    ///
    /// The methods without sums of their own take n correlations.
    ///
    /// # Errors
    /// [`Interrupted`](crate::Error::Interrupted) once `progress` says so.
    pub(super) fn leave_one_out(
        &self,
        counts: Option<&[u64]>,
        progress: &dyn Progress,
    ) -> Result<Vec<Option<f64>>> {
        Ok(match self {
            Self::Pearson(products) => products.leave_one_out(counts),
            Self::Spearman(ranks) => ranks.leave_one_out(counts),
            Self::Kendall(order) => kendall(order, counts),
            Self::General(general) => return general.leave_one_out(counts, progress),
        })
    }
}

fn kendall(order: &KendallOrder, counts: Option<&[u64]>) -> Vec<Option<f64>> {
    let net_by_row = order.net_by_row(counts);
    let all = order.concordance_of(&net_by_row, counts);
    let (x, y) = (order.x.sizes(counts), order.y.sizes(counts));
    let n: i128 = x.iter().map(|s| i128::from(*s)).sum();
    let untied = |classes: &Classes, sizes: &[u64], i: usize| {
        n - i128::from(sizes[classes.code[i] as usize])
    };
    let without = |(i, net): (usize, i64)| {
        tau(&Concordance {
            net: all.net - i128::from(net),
            x_pairs: all.x_pairs - untied(&order.x, &x, i),
            y_pairs: all.y_pairs - untied(&order.y, &y, i),
        })
    };
    net_by_row.into_iter().enumerate().map(without).collect()
}

impl Ranks {
    /// # Formula
    /// With R = Σ sign(x − xₖ) a respondent's centred rank, leaving out i turns Rⱼ into
    /// Rⱼ − sign(xⱼ − xᵢ); the sums of squares and products of the new ranks follow from sums of
    /// the old ones over the respondents below and above i.
    fn leave_one_out(&self, counts: Option<&[u64]>) -> Vec<Option<f64>> {
        let (x, y) = (&self.x, &self.y);
        let (x_sizes, y_sizes) = (x.sizes(counts), y.sizes(counts));
        let (x_ranks, y_ranks) = (centred_ranks(&x_sizes), centred_ranks(&y_sizes));
        let rows = x.code.len();
        let weight = |i: usize| counts.map_or(1, |w| w[i]) as i128;
        let (x_of, y_of) = (
            |i: usize| i128::from(x_ranks[x.code[i] as usize]),
            |i: usize| i128::from(y_ranks[y.code[i] as usize]),
        );
        let sum =
            |term: &dyn Fn(usize) -> i128| (0..rows).map(|i| weight(i) * term(i)).sum::<i128>();
        let s_xx = sum(&|i| x_of(i) * x_of(i));
        let s_yy = sum(&|i| y_of(i) * y_of(i));
        let s_xy = sum(&|i| x_of(i) * y_of(i));
        let n = sum(&|_| 1);
        let by_class = |classes: &Classes, term: &dyn Fn(usize) -> i128| {
            above_less_below(classes, |i| weight(i) * term(i))
        };
        let (x_by_x, y_by_y) = (by_class(x, &x_of), by_class(y, &y_of));
        let (x_by_y, y_by_x) = (by_class(y, &x_of), by_class(x, &y_of));
        let net = KendallOrder::from_classes(x.clone(), y.clone()).net_by_row(counts);
        (0..rows)
            .map(|i| {
                let (in_x, in_y) = (x.code[i] as usize, y.code[i] as usize);
                let (r, q) = (x_of(i), y_of(i));
                let xx = s_xx - 2 * x_by_x[in_x] + n - i128::from(x_sizes[in_x]) - r * r;
                let yy = s_yy - 2 * y_by_y[in_y] + n - i128::from(y_sizes[in_y]) - q * q;
                let xy = s_xy - x_by_y[in_y] - y_by_x[in_x] + i128::from(net[i]) - r * q;
                let product = xx as f64 * yy as f64;
                (product > 0.0).then(|| (xy as f64 / product.sqrt()).clamp(-1.0, 1.0))
            })
            .collect()
    }
}

/// For each class, the sum of a term over the rows above it less that over the rows below.
fn above_less_below(classes: &Classes, term: impl Fn(usize) -> i128) -> Vec<i128> {
    let mut sums = vec![0; classes.len];
    for (i, code) in classes.code.iter().enumerate() {
        sums[*code as usize] += term(i);
    }
    let all: i128 = sums.iter().sum();
    let mut below = 0;
    sums.into_iter()
        .map(|here| {
            let above = all - below - here;
            let difference = above - below;
            below += here;
            difference
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correlate::{Method, correlate};
    use ssi_vocab::{Level, Paired, Quiet};

    #[test]
    fn leaving_one_out_agrees_with_doing_it() {
        let x = [1.0, 2.0, 2.0, 3.5, 5.0, 5.0, 7.0, 7.0];
        let y = [2.0, 1.0, 4.0, 3.0, 3.0, 8.0, 8.5, 1.0];
        let counts = [1, 2, 1, 1, 3, 1, 1, 2];
        let pair = |counts: &[u64]| {
            Paired::new("x", x.to_vec(), "y", y.to_vec(), Some(counts.to_vec()), Vec::new())
                .unwrap()
        };
        for method in Method::CLASSICAL {
            let found = Kernel::new(&pair(&counts), method, None)
                .unwrap()
                .leave_one_out(Some(&counts), &Quiet)
                .unwrap();
            for (i, found) in found.into_iter().enumerate() {
                let mut fewer = counts;
                fewer[i] -= 1;
                let expected = correlate(&pair(&fewer), method, Level::DEFAULT).unwrap().value;
                let difference = found.unwrap() - expected.unwrap();
                assert!(difference.abs() < 1e-14, "{method} {i} {difference}");
            }
        }
    }

    #[test]
    fn without_the_only_different_value_nothing_is_left_to_correlate() {
        let pair =
            Paired::complete("x", &[0.0, 0.0, 0.0, 1.0], "y", &[1.0, 3.0, 2.0, 4.0]).unwrap();
        for method in Method::CLASSICAL {
            let found =
                Kernel::new(&pair, method, None).unwrap().leave_one_out(None, &Quiet).unwrap();
            assert!(found[..3].iter().all(Option::is_some), "{method}");
            assert_eq!(found[3], None, "{method}");
        }
    }
}
