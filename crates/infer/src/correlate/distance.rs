use super::Method;
use super::distance_sums::DistanceOrder;
use super::fisher::{artanh, interval_with_reach, perfect_interval};
use super::method::blank;
use super::pearson::check;
use crate::double_double::DoubleDouble;
use crate::tails::{chi_squared_sf, t_upper_quantile};
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Note, PValue, Paired, Test};

/// The distance correlation of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Distance {
    /// The coefficient, from 0 to 1.
    pub d: f64,
    /// 1 − d², kept apart because it has digits that `d` near 1 has not.
    pub unexplained: f64,
    /// The bias-corrected squared coefficient, which is about 0 where the variables are
    /// independent and may be negative; `None` with three respondents.
    pub unbiased: Option<f64>,
    /// Standard error of `d` from the influence of each respondent; `None` below five respondents
    /// or where `d` is 0.
    pub std_error: Option<f64>,
    /// Respondents.
    pub n_obs: usize,
    blank: Estimate,
}

/// The distance correlation: 0 only where two variables have nothing to do with each other,
/// whatever the shape of what they have, and 1 only along a straight line.
///
/// # Formula
/// d² = V(x, y) / √(V(x, x) V(y, y)), V(x, y) the mean over all pairs of AᵢⱼBᵢⱼ (V-statistic), A
/// the distances |xᵢ − xⱼ| less their row and column means plus the grand mean, B alike. From sums
/// over pairs in O(n log n), carried in twice the digits of a double.
///
/// Test in closed form: n·c + 1 against χ² with one degree of freedom, c the bias-corrected d²
/// (`unbiased`); it keeps the level up to .05 and errs on the side of caution. The
/// permutation test of [`crate::resample::permutation`] is exact.
///
/// Interval: tanh(artanh d ± q·se/(1 − d²)), q the t quantile with n − 2 degrees of freedom and se
/// from the influence of each respondent on V(x, y), V(x, x) and V(y, y). Where the closed-form
/// test does not reject independence at the level, it reaches down to 0: there the influences
/// vanish and say nothing. Four respondents or fewer have none.
///
/// # Assumptions
/// Respondents are independent; the variables have variances. The interval covers 93.4, 95.6,
/// 95.5 % on data like ours at n = 30, 200, 1000, 92.9 to 94.5 % on heavy tails, and 94.3 to 95.4 % of
/// independent data (`tests/oracles/methods_coverage.py`).
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::TooFew`] below three respondents; [`Error::Constant`].
///
/// # References
/// Székely, G. J., Rizzo, M. L. & Bakirov, N. K. (2007). Measuring and testing dependence by
/// correlation of distances. doi:10.1214/009053607000000505. Huo, X. & Székely, G. J. (2016). Fast
/// computing for distance covariance. doi:10.1080/00401706.2015.1054435. Shen, C., Panda, S. &
/// Vogelstein, J. T. (2022). The chi-square test of distance correlation.
/// doi:10.1080/10618600.2021.1938585
///
/// # Example
/// ```
/// use ssi_infer::correlate::{distance, pearson};
/// use ssi_vocab::Paired;
///
/// let x = [-2.0, -1.0, 0.0, 1.0, 2.0];
/// let pair = Paired::complete("x", &x, "y", &x.map(|v| v * v))?;
/// assert_eq!(pearson(&pair)?.r, 0.0);
/// assert!((distance(&pair)?.d - 0.5159234568589).abs() < 1e-12);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn distance(pair: &Paired) -> Result<Distance> {
    check(pair, "the distance correlation")?;
    let order = DistanceOrder::new(pair.x(), pair.y(), pair.counts());
    let rows = Rows::new(&order, pair.counts());
    let n_obs = pair.n_obs();
    let [xy, xx, yy] = rows.variances();
    let product = xx * yy;
    if product.hi <= 0.0 {
        return Err(Error::Constant { column: pair.x_name().to_owned() });
    }
    let root = product.sqrt();
    let square = f64::from(xy / root).clamp(0.0, 1.0);
    // (1 − d⁴) / (1 + d²) = 1 − d².
    let unexplained = f64::from((product - xy * xy) / product).clamp(0.0, 1.0) / (1.0 + square);
    Ok(Distance {
        d: square.sqrt(),
        unexplained,
        unbiased: (n_obs > 3).then(|| rows.unbiased()),
        std_error: (n_obs > FEWEST && square > 0.0)
            .then(|| rows.std_error_of_square(&order) / (2.0 * square.sqrt())),
        n_obs,
        blank: blank(pair, Method::Distance),
    })
}

/// Four respondents have 24 orders, so that no permutation test falls below .08: an interval that
/// leaves out 0 would contradict it.
const FEWEST: usize = 4;

impl Distance {
    /// The coefficient with its interval and its test in closed form.
    pub fn estimate(&self, level: Level) -> Estimate {
        let mut estimate = self.blank.clone();
        estimate.value = Some(self.d);
        estimate.test = self.chi_squared_test();
        if self.unexplained < 1e-28 {
            estimate.std_error = Some(0.0);
            estimate.interval =
                (self.n_obs > 3).then(|| perfect_interval(self.d, level, "delta_z"));
            estimate.note = Some(Note::PerfectFit);
            return estimate;
        }
        match self.std_error.filter(|se| *se > 0.0) {
            Some(se) => {
                estimate.std_error = Some(se);
                let z = artanh(self.d, self.unexplained);
                let df = self.n_obs as f64 - 2.0;
                let reach = t_upper_quantile(level.tail(), df) * se / self.unexplained;
                let mut interval = interval_with_reach(z, reach, level, "delta_z");
                let p = estimate.test.as_ref().map_or(1.0, |test| test.p_value.get());
                let rejected = p < 2.0 * level.tail();
                interval.low = if rejected { interval.low.max(0.0) } else { 0.0 };
                estimate.interval = Some(interval);
            }
            None if self.n_obs > FEWEST => estimate.note = Some(Note::Boundary),
            None => estimate.note = Some(Note::TooFewForInterval),
        }
        estimate
    }

    fn chi_squared_test(&self) -> Option<Test> {
        let statistic = self.n_obs as f64 * self.unbiased? + 1.0;
        Some(Test {
            statistic: Some(statistic),
            df: Some(1.0),
            df2: None,
            p_value: PValue::new(chi_squared_sf(statistic.max(0.0), 1.0))?,
            method: "chi_squared".to_owned(),
            p_holm: None,
            p_bh: None,
        })
    }
}

/// The distance correlation of a resample in plain doubles; `None` where a variable is constant.
pub(crate) fn resampled(
    order: &DistanceOrder,
    counts: &[u64],
    tree: &mut Vec<[f64; 4]>,
) -> Option<f64> {
    if order.x.is_constant(counts) || order.y.is_constant(counts) {
        return None;
    }
    let weight = |i: usize| counts[i] as f64;
    let n: f64 = (0..counts.len()).map(weight).sum();
    let (a, b) = (order.x.distances(weight), order.y.distances(weight));
    let products = order.products(None, Some(counts), tree);
    let sum = |term: &dyn Fn(usize) -> f64| (0..counts.len()).map(|i| weight(i) * term(i)).sum();
    let (x_squares, y_squares) = (order.x.squares(Some(counts)), order.y.squares(Some(counts)));
    let (a_all, b_all): (f64, f64) = (sum(&|i| a[i]), sum(&|i| b[i]));
    let xy = variance(n, products, sum(&|i| a[i] * b[i]), a_all, b_all);
    let xx = variance(n, sum(&|i| x_squares[i]), sum(&|i| a[i] * a[i]), a_all, a_all);
    let yy = variance(n, sum(&|i| y_squares[i]), sum(&|i| b[i] * b[i]), b_all, b_all);
    (xx > 0.0 && yy > 0.0).then(|| (xy.max(0.0) / (xx * yy).sqrt()).sqrt().min(1.0))
}

/// V from the sums of products of distances, of row sums, and of all distances.
pub(crate) fn variance(n: f64, products: f64, rows: f64, a_all: f64, b_all: f64) -> f64 {
    products / (n * n) - 2.0 * rows / (n * n * n) + a_all / (n * n) * (b_all / (n * n))
}

/// For each row, its sums over all respondents.
struct Rows<'a> {
    counts: Option<&'a [u64]>,
    n: f64,
    /// Σⱼ |xᵢ − xⱼ| and Σⱼ |yᵢ − yⱼ|.
    distances: [Vec<DoubleDouble>; 2],
    /// Σⱼ |xᵢ − xⱼ||yᵢ − yⱼ|, and with x or y twice.
    products: [Vec<DoubleDouble>; 3],
}

impl<'a> Rows<'a> {
    fn new(order: &DistanceOrder, counts: Option<&'a [u64]>) -> Self {
        let weight = |i: usize| DoubleDouble::from(counts.map_or(1.0, |w| w[i] as f64));
        Self {
            counts,
            n: (0..order.x.values.len()).map(|i| counts.map_or(1.0, |w| w[i] as f64)).sum(),
            distances: [order.x.distances(weight), order.y.distances(weight)],
            products: [
                order.products_by_row(counts),
                order.x.squares(counts),
                order.y.squares(counts),
            ],
        }
    }

    fn sum(&self, term: impl Fn(usize) -> DoubleDouble) -> DoubleDouble {
        let mut sum = DoubleDouble::ZERO;
        for i in 0..self.distances[0].len() {
            sum += term(i) * self.counts.map_or(1.0, |w| w[i] as f64);
        }
        sum
    }

    /// The sums that V is made of, for (x, y), (x, x) and (y, y): products of distances, of row
    /// sums, and of the grand sums.
    fn totals(&self) -> [[DoubleDouble; 3]; 3] {
        let [a, b] = &self.distances;
        let (a_all, b_all) = (self.sum(|i| a[i]), self.sum(|i| b[i]));
        let pairs = [(a, b, a_all, b_all), (a, a, a_all, a_all), (b, b, b_all, b_all)];
        [0, 1, 2].map(|k| {
            let (u, v, u_all, v_all) = pairs[k];
            [self.sum(|i| self.products[k][i]), self.sum(|i| u[i] * v[i]), u_all * v_all]
        })
    }

    fn variances(&self) -> [DoubleDouble; 3] {
        let n = DoubleDouble::from(self.n);
        let two = DoubleDouble::from(2.0);
        self.totals().map(|[products, rows, all]| (products - (two * rows - all / n) / n) / (n * n))
    }

    /// The ratio of the unbiased variances; 0 where one of those is not positive.
    fn unbiased(&self) -> f64 {
        let n = self.n;
        let number = DoubleDouble::from;
        let [xy, xx, yy] = self.totals().map(|[products, rows, all]| {
            products - rows * 2.0 / number(n - 2.0) + all / (number(n - 1.0) * number(n - 2.0))
        });
        let product = xx * yy;
        if xx.hi > 0.0 && product.hi > 0.0 { f64::from(xy / product.sqrt()) } else { 0.0 }
    }

    fn std_error_of_square(&self, order: &DistanceOrder) -> f64 {
        let [a, b] = &self.distances;
        let weight = |i: usize| self.counts.map_or(1.0, |w| w[i] as f64);
        let along = |by: &super::distance_sums::Ordered, rows: &[DoubleDouble]| {
            by.distances(|j| rows[j] * weight(j))
        };
        let crossed = [
            (along(&order.x, b), along(&order.y, a)),
            (along(&order.x, a), along(&order.x, a)),
            (along(&order.y, b), along(&order.y, b)),
        ];
        let sides = [(a, b), (a, a), (b, b)];
        let n = DoubleDouble::from(self.n);
        let (totals, variances) = (self.totals(), self.variances());
        let (a_all, b_all) = (self.sum(|i| a[i]), self.sum(|i| b[i]));
        let all_of = [(a_all, b_all), (a_all, a_all), (b_all, b_all)];
        // The mean over j of AᵢⱼBᵢⱼ.
        let row = |k: usize, i: usize| {
            let ((u, v), (uv, vu)) = (sides[k], &crossed[k]);
            let [_, rows, all] = totals[k];
            let (u_all, v_all) = all_of[k];
            let grand = (u[i] * v_all + v[i] * u_all + rows - all / n) / n;
            (self.products[k][i] - (u[i] * v[i] + uv[i] + vu[i] - grand) / n) / n
        };
        let [xy, xx, yy] = variances;
        let root = (xx * yy).sqrt();
        // With all its digits: next to 1 the influences are differences of nearly equal numbers.
        let half_square = xy / root * 0.5;
        let mut squares = DoubleDouble::ZERO;
        for i in 0..a.len() {
            let spread = (row(1, i) / xx + row(2, i) / yy) * half_square;
            let influence = f64::from(row(0, i) / root - spread) * 2.0;
            squares += DoubleDouble::product(influence, influence) * weight(i);
        }
        (f64::from(squares) / (self.n * (self.n - 3.0))).sqrt()
    }
}
