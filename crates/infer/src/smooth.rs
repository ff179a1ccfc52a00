//! A smooth curve through a cloud of points: LOESS, which assumes no shape.

use crate::{Error, Result};
use ssi_vocab::Paired;
use ssi_vocab::drawing::Curve;

/// The share of respondents that each point of a LOESS curve looks at, unless said otherwise.
pub const SPAN: f64 = 0.75;

/// The LOESS curve at the places `grid`: a straight line fitted around each place, near
/// respondents counting most.
///
/// # Formula
/// At a place g, the line minimises Σ wᵢ(yᵢ − a − b(xᵢ − g))² and the curve's value is a, with
/// tricube weights wᵢ = (1 − (|xᵢ − g|/h)³)³ within h, the distance of the q-th nearest respondent,
/// q = ⌊span·n⌋. Degree 1, no robustness iterations, evaluated directly at each place: R's
/// `loess(degree = 1, family = "gaussian", control = loess.control(surface = "direct"))`.
///
/// # Ties
/// A score with few levels can have its q nearest respondents all at one value, which leaves h at
/// 0 (R stops there). Then h reaches to the next value, and the curve passes through the mean of
/// the respondents at that value; so it does wherever all weight lies on one value of x.
///
/// # Missing data
/// A pair holds complete cases only. Counts are equal to repeated rows.
///
/// # Errors
/// [`Error::TooFew`] below three respondents, [`Error::Setting`] for a span outside (0, 1].
///
/// # References
/// Cleveland and Devlin (1988), doi:10.1080/01621459.1988.10478639.
pub fn loess(pair: &Paired, span: f64, grid: &[f64]) -> Result<Curve> {
    let n = pair.n_obs();
    if n < 3 {
        return Err(Error::TooFew { analysis: "a smooth curve", needed: 3, found: n });
    }
    if !(span > 0.0 && span <= 1.0) {
        return Err(Error::Setting { name: "span", value: span, allowed: "above 0 and at most 1" });
    }
    let mut points: Vec<Point> = pair
        .x()
        .iter()
        .zip(pair.y())
        .enumerate()
        .map(|(i, (x, y))| Point {
            x: *x,
            y: *y,
            weight: pair.counts().map_or(1.0, |counts| counts[i] as f64),
        })
        .filter(|point| point.weight > 0.0)
        .collect();
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    // R adds the 1e-5, so that a product such as 0.7 · 10 is not floored to 6.
    let nearest = (n as f64 * span + 1e-5).floor().max(2.0);
    let y = grid.iter().map(|g| at(&points, nearest, *g)).collect();
    Ok(Curve { x: grid.to_vec(), y })
}

struct Point {
    x: f64,
    y: f64,
    weight: f64,
}

/// The curve's value at `g`; `points` ascend by x.
fn at(points: &[Point], nearest: f64, g: f64) -> f64 {
    let split = points.partition_point(|p| p.x < g);
    let (mut left, mut right) = (split, split);
    let (mut seen, mut h) = (0.0, 0.0);
    // Outwards from g until enough respondents are seen, and farther while they are all at g.
    while (seen < nearest || h <= 0.0) && (left > 0 || right < points.len()) {
        let to_left = left.checked_sub(1).map(|i| g - points[i].x);
        let to_right = points.get(right).map(|p| p.x - g);
        let go_left = match (to_left, to_right) {
            (Some(l), Some(r)) => l <= r,
            (left, _) => left.is_some(),
        };
        if go_left {
            left -= 1;
            (seen, h) = (seen + points[left].weight, to_left.unwrap_or(h));
        } else {
            (seen, h) = (seen + points[right].weight, to_right.unwrap_or(h));
            right += 1;
        }
    }
    let window = &points[left..right];
    let weights: Vec<f64> = window
        .iter()
        .map(|p| {
            let u = if h > 0.0 { ((p.x - g) / h).abs() } else { 0.0 };
            let cube = (1.0 - u * u * u).max(0.0);
            p.weight * cube * cube * cube
        })
        .collect();
    let sum = |of: &dyn Fn(&Point) -> f64| -> f64 {
        window.iter().zip(&weights).map(|(p, w)| w * of(p)).sum()
    };
    let total = sum(&|_| 1.0);
    if total <= 0.0 {
        // All of the window lies exactly at distance h: equal weights, as the limit of a wider h.
        let all: f64 = window.iter().map(|p| p.weight).sum();
        return window.iter().map(|p| p.weight * p.y).sum::<f64>() / all;
    }
    let x_mean = g + sum(&|p| p.x - g) / total;
    let y_mean = sum(&|p| p.y) / total;
    let spread = sum(&|p| (p.x - x_mean).powi(2));
    // A slope from weights that lie at one value but for rounding would be noise.
    if spread <= total * h * h * 1e-14 {
        return y_mean;
    }
    let slope = sum(&|p| (p.x - x_mean) * (p.y - y_mean)) / spread;
    y_mean + slope * (g - x_mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(x: &[f64], y: &[f64]) -> Paired {
        Paired::complete("x", x, "y", y).unwrap()
    }

    #[test]
    fn a_straight_line_stays_straight() {
        let x: Vec<f64> = (0..20).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| 3.0 - 0.5 * x).collect();
        let curve = loess(&pair(&x, &y), SPAN, &[0.0, 4.3, 19.0]).unwrap();
        for (g, value) in [0.0, 4.3, 19.0].iter().zip(curve.y) {
            assert!((value - (3.0 - 0.5 * g)).abs() < 1e-12);
        }
    }

    #[test]
    fn one_value_of_x_gives_its_mean() {
        let curve = loess(&pair(&[2.0; 4], &[1.0, 2.0, 3.0, 6.0]), SPAN, &[2.0]).unwrap();
        assert_eq!(curve.y, [3.0]);
    }

    #[test]
    fn heavy_ties_give_the_mean_of_the_level() {
        let x = [1.0, 1.0, 1.0, 1.0, 1.0, 2.0];
        let y = [1.0, 2.0, 3.0, 4.0, 5.0, 9.0];
        let curve = loess(&pair(&x, &y), 0.5, &[1.0]).unwrap();
        assert_eq!(curve.y, [3.0]);
    }

    #[test]
    fn counts_give_the_curve_of_the_repeated_rows() {
        let counted = Paired::new(
            "x",
            vec![1.0, 2.0, 3.0, 5.0],
            "y",
            vec![1.0, 4.0, 2.0, 6.0],
            Some(vec![2, 1, 3, 2]),
            Vec::new(),
        )
        .unwrap();
        let grid = [1.0, 2.5, 4.0];
        let (a, b) = (
            loess(&counted, SPAN, &grid).unwrap(),
            loess(&counted.expanded(), SPAN, &grid).unwrap(),
        );
        for (a, b) in a.y.iter().zip(&b.y) {
            assert!((a - b).abs() < 1e-13, "{a} {b}");
        }
    }

    #[test]
    fn a_span_above_one_is_an_error() {
        let pair = pair(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]);
        assert!(matches!(loess(&pair, 1.5, &[1.0]), Err(Error::Setting { name: "span", .. })));
    }
}
