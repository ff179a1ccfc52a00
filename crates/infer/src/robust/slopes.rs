//! Order statistics of the slopes of all pairs.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// With so many different points all slopes are made and sorted.
const FEW: usize = 1_200;

/// The slopes of all pairs of respondents that differ in x.
#[derive(Debug, Clone)]
pub(super) enum Slopes {
    /// Each slope with how many pairs have it at most, ascending.
    Sorted(Vec<(f64, u128)>),
    /// Respondents, by x and then y, and how many pairs differ in x.
    Counted(Vec<(f64, f64)>, u128),
}

impl Slopes {
    /// From points and how many respondents each stands for.
    pub(super) fn new(points: &[(f64, f64, u64)]) -> Self {
        let cells = Self::cells(points);
        if cells.len() <= FEW { Self::sorted(&cells) } else { Self::counted(&cells) }
    }

    /// The median slope alone, without making all slopes.
    pub(super) fn median_of(points: &[(f64, f64, u64)]) -> Option<f64> {
        Self::counted(&Self::cells(points)).median()
    }

    fn cells(points: &[(f64, f64, u64)]) -> Vec<(f64, f64, u64)> {
        let mut cells: Vec<(f64, f64, u64)> = points.iter().filter(|p| p.2 > 0).copied().collect();
        cells.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        cells.dedup_by(|next, kept| {
            let same = next.0 == kept.0 && next.1 == kept.1;
            kept.2 += if same { next.2 } else { 0 };
            same
        });
        cells
    }

    fn sorted(cells: &[(f64, f64, u64)]) -> Self {
        let mut slopes: Vec<(f64, u128)> = Vec::with_capacity(cells.len() * cells.len() / 2);
        for (j, b) in cells.iter().enumerate() {
            for a in &cells[..j] {
                if a.0 < b.0 {
                    slopes.push(((b.1 - a.1) / (b.0 - a.0), u128::from(a.2) * u128::from(b.2)));
                }
            }
        }
        slopes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut passed = 0;
        for slope in &mut slopes {
            passed += slope.1;
            slope.1 = passed;
        }
        Self::Sorted(slopes)
    }

    fn counted(cells: &[(f64, f64, u64)]) -> Self {
        let points: Vec<(f64, f64)> =
            cells.iter().flat_map(|(x, y, w)| std::iter::repeat_n((*x, *y), *w as usize)).collect();
        let pairs = |n: usize| n as u128 * (n as u128).saturating_sub(1) / 2;
        let tied: u128 = points.chunk_by(|a, b| a.0 == b.0).map(|c| pairs(c.len())).sum();
        let total = pairs(points.len()) - tied;
        Self::Counted(points, total)
    }

    /// How many pairs differ in x.
    pub(super) fn len(&self) -> u128 {
        match self {
            Self::Sorted(slopes) => slopes.last().map_or(0, |s| s.1),
            Self::Counted(_, total) => *total,
        }
    }

    /// The `k`-th smallest slope, counted from 1.
    pub(super) fn smallest(&self, k: u128) -> Option<f64> {
        match self {
            Self::Sorted(slopes) => {
                slopes.get(slopes.partition_point(|s| s.1 < k)).map(|slope| slope.0)
            }
            Self::Counted(points, total) => selected(points, *total, k),
        }
    }

    /// The middle slope, or the mean of the two in the middle.
    pub(super) fn median(&self) -> Option<f64> {
        let n = self.len();
        let upper = self.smallest(n / 2 + 1)?;
        if n % 2 == 1 {
            return Some(upper);
        }
        let lower = self.smallest(n / 2)?;
        Some(lower + 0.5 * (upper - lower))
    }
}

/// An end of the range in which the slope is looked for.
#[derive(Clone)]
struct End {
    /// Slopes at most this.
    at: f64,
    /// How many there are.
    passed: u128,
    /// The points in the order of y − at·x.
    order: Vec<u32>,
}

/// The `k`-th smallest slope without making them all.
///
/// Two lines swap their order between two slopes exactly where they meet, so that the slopes of a
/// range are the inversions between two orders, which merging counts and lists. A random sample of
/// them narrows the range until few are left; the result does not depend on the sample.
///
/// # References
/// Matoušek (1991), doi:10.1016/0020-0190(91)90177-J; Dillencourt, Mount and Netanyahu (1992),
/// doi:10.1142/S0218195992000020.
fn selected(points: &[(f64, f64)], total: u128, k: u128) -> Option<f64> {
    let n = points.len();
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let size = |pick: fn(&(f64, f64)) -> f64| {
        let values = points.iter().map(pick);
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        high - low
    };
    // Slopes nearer than this to one another are one but for rounding.
    let tiny = 1e-14 * size(|p| p.1) / size(|p| p.0);
    let mut low = End { at: f64::NEG_INFINITY, passed: 0, order: (0..n as u32).collect() };
    let mut high = End { at: f64::INFINITY, passed: total, order: order_at(points, f64::INFINITY) };
    let end = |low: &End, at: f64| {
        let order = order_at(points, at);
        let passed = low.passed + inversions(&low.order, &order, &mut |_, _, _| {});
        End { at, passed, order }
    };
    for _ in 0..200 {
        let left = high.passed - low.passed;
        let place = k - low.passed;
        let slope = |a: u32, b: u32| {
            let (a, b) = (points[a as usize], points[b as usize]);
            (b.1 - a.1) / (b.0 - a.0)
        };
        let wanted: Vec<u128> = if left <= (4 * n).max(10_000) as u128 {
            (0..left).collect()
        } else {
            let mut sample: Vec<u128> =
                (0..n.min(20_000)).map(|_| rng.gen_range(0..left)).collect();
            sample.sort_unstable();
            sample
        };
        let mut slopes = Vec::with_capacity(wanted.len());
        let mut next = 0;
        inversions(&low.order, &high.order, &mut |first, before, b| {
            while let Some(number) = wanted.get(next).filter(|w| **w < first + before.len() as u128)
            {
                slopes.push(slope(before[(number - first) as usize], b));
                next += 1;
            }
        });
        slopes.sort_unstable_by(f64::total_cmp);
        if wanted.len() as u128 == left {
            return slopes.get(place as usize - 1).copied();
        }
        let m = slopes.len() as f64;
        let (middle, margin) = (place as f64 / left as f64 * m, 2.0 * m.sqrt());
        let pick = |at: f64| slopes.get(at.clamp(0.0, m - 1.0) as usize).copied();
        let (a, b) = (pick(middle - margin)?, pick(middle + margin)?);
        // Many equal slopes: the ends go just beyond them.
        let one = b - a <= 4.0 * tiny;
        let (a, b) = if one { (a - 8.0 * tiny, b + 8.0 * tiny) } else { (a, b) };
        let (first, last) = (end(&low, a), end(&low, b));
        let inside = first.passed < k && k <= last.passed;
        if one && inside {
            return pick(middle);
        }
        for found in [first, last] {
            if found.passed < k {
                if found.at > low.at {
                    low = found;
                }
            } else if found.at < high.at {
                high = found;
            }
        }
    }
    None
}

/// The points in ascending order of y − t·x just after lines of slope t have met.
fn order_at(points: &[(f64, f64)], t: f64) -> Vec<u32> {
    let key = |p: &(f64, f64)| if t.is_finite() { p.1 - t * p.0 } else { -p.0 };
    let mut keyed: Vec<(f64, u32)> =
        points.iter().enumerate().map(|(i, p)| (key(p), i as u32)).collect();
    keyed.sort_unstable_by(|a, b| {
        let (p, q) = (points[a.1 as usize], points[b.1 as usize]);
        let by_x = q.0.total_cmp(&p.0);
        a.0.total_cmp(&b.0).then(by_x).then(a.1.cmp(&b.1))
    });
    keyed.into_iter().map(|(_, i)| i).collect()
}

/// How many pairs stand in different order in two orders. `met` is told of each as it is counted:
/// how many were counted before, the points that stand before in the first order and after in the
/// second, and the point that they stand before.
fn inversions(first: &[u32], second: &[u32], met: &mut dyn FnMut(u128, &[u32], u32)) -> u128 {
    let n = first.len();
    let mut place = vec![0_u32; n];
    for (rank, i) in second.iter().enumerate() {
        place[*i as usize] = rank as u32;
    }
    let mut order = first.to_vec();
    let mut merged = vec![0_u32; n];
    let mut count = 0_u128;
    let mut width = 1;
    while width < n {
        for from in (0..n).step_by(2 * width) {
            let (middle, to) = ((from + width).min(n), (from + 2 * width).min(n));
            let (mut a, mut b) = (from, middle);
            for slot in &mut merged[from..to] {
                let left =
                    a < middle && (b == to || place[order[a] as usize] <= place[order[b] as usize]);
                if left {
                    *slot = order[a];
                    a += 1;
                } else {
                    if a < middle {
                        met(count, &order[a..middle], order[b]);
                        count += (middle - a) as u128;
                    }
                    *slot = order[b];
                    b += 1;
                }
            }
        }
        std::mem::swap(&mut order, &mut merged);
        width *= 2;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points that look random, on a grid where `levels` says so.
    fn cells(n: usize, levels: Option<f64>) -> Vec<(f64, f64, u64)> {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let u = (state >> 11) as f64 / (1_u64 << 53) as f64;
            levels.map_or(u, |l| (u * l).floor())
        };
        let mut cells: Vec<_> = (0..n)
            .map(|_| {
                let x = next();
                (x, 0.5 * x + next(), 1)
            })
            .collect();
        cells.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        cells
    }

    #[test]
    fn selection_equals_sorting() {
        for levels in [None, Some(12.0), Some(40.0)] {
            let cells = cells(700, levels);
            let (sorted, counted) = (Slopes::sorted(&cells), Slopes::counted(&cells));
            assert_eq!(sorted.len(), counted.len());
            let n = sorted.len();
            for k in [1, 2, n / 7, n / 2, n / 2 + 1, n - n / 9, n - 1, n] {
                let (a, b) = (sorted.smallest(k).unwrap(), counted.smallest(k).unwrap());
                assert!((a - b).abs() <= 1e-13 * (1.0 + a.abs()), "{k} of {n}: {a} {b}");
            }
        }
    }
}
