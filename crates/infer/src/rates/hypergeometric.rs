use super::{Rate, weights_around};

/// By how much a probability from logarithms of factorials may be off, relatively; its errors are
/// a hundred times smaller.
const ROUGH: f64 = 1e-7;

/// The distribution of the first group's events given the events of both, up to a factor.
pub(super) struct Hypergeometric {
    n1: f64,
    n2: f64,
    events: f64,
    /// Smallest and largest possible number of events in the first group.
    pub(super) low: u64,
    pub(super) high: u64,
}

impl Hypergeometric {
    pub(super) fn new(first: Rate, second: Rate) -> Self {
        let events = first.events + second.events;
        Self {
            n1: first.trials as f64,
            n2: second.trials as f64,
            events: events as f64,
            low: events.saturating_sub(second.trials),
            high: events.min(first.trials),
        }
    }

    /// The weight of `x + 1` over that of `x`, at odds ratio 1; it falls as `x` rises.
    fn ratio(&self, x: u64) -> f64 {
        let x = x as f64;
        (self.n1 - x) * (self.events - x) / ((x + 1.0) * (self.n2 - self.events + x + 1.0))
    }

    /// Where the weights at an odds ratio are largest.
    fn mode(&self, odds: f64) -> u64 {
        let (mut low, mut high) = (self.low, self.high);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.ratio(middle) * odds > 1.0 {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The weights at an odds ratio: where they begin, and each beside the largest.
    pub(super) fn weights(&self, odds: f64) -> (u64, Vec<f64>) {
        let mode = self.mode(odds);
        weights_around(mode, (self.low, self.high), |x| self.ratio(x) * odds)
    }

    /// P(X ≤ x) at odds ratio 1, from `x` outwards.
    pub(super) fn at_most(&self, x: u64) -> f64 {
        let (mut below, mut above, mut w) = (1.0, 0.0, 1.0);
        for at in (self.low..x).rev() {
            w /= self.ratio(at);
            below += w;
            if w < 1e-18 * below && self.ratio(at) > 1.0 {
                break;
            }
        }
        w = 1.0;
        for at in x..self.high {
            let ratio = self.ratio(at);
            w *= ratio;
            above += w;
            if w < 1e-18 * (below + above) && ratio < 1.0 || above == f64::INFINITY {
                break;
            }
        }
        below / (below + above)
    }

    /// Whether P(X ≤ x) at odds ratio 1 is at most `limit`. The tail on the shorter side is summed
    /// outwards only until bounds of what is left of it decide; what they leave open is settled by
    /// [`Self::at_most`].
    pub(super) fn is_at_most(&self, x: u64, limit: f64, factorials: &LogFactorials) -> bool {
        // Near 1 the other side's share has lost its digits.
        if x < self.low || x >= self.high || limit > 0.99 {
            return self.at_most(x) <= limit;
        }
        let lower = x <= self.mode(1.0);
        // The share of a tail from which it is decided, and which of both it then is.
        let (from, share) = if lower { (x, limit) } else { (x + 1, 1.0 - limit) };
        let mut w = self.probability(from, factorials);
        let mut sum = 0.0;
        let (mut at, mut ratio) = (from, 0.0);
        loop {
            sum += w;
            if sum * (1.0 - ROUGH) > share {
                return !lower;
            }
            let end = if lower { at == self.low } else { at == self.high };
            if !end {
                ratio = if lower { 1.0 / self.ratio(at - 1) } else { self.ratio(at) };
            }
            // Ratios fall outwards, so what is left is below a geometric series.
            let rest = if end { 0.0 } else { w * ratio / (1.0 - ratio) };
            if ratio < 1.0 && (sum + rest) * (1.0 + ROUGH) < share {
                return lower;
            }
            if end || ratio < 1.0 && rest < ROUGH * sum {
                return self.at_most(x) <= limit;
            }
            w *= ratio;
            at = if lower { at - 1 } else { at + 1 };
        }
    }

    fn probability(&self, x: u64, factorials: &LogFactorials) -> f64 {
        let x = x as f64;
        let choose = |n: f64, k: f64| factorials.of(n) - factorials.of(k) - factorials.of(n - k);
        let all = choose(self.n1 + self.n2, self.events);
        (choose(self.n1, x) + choose(self.n2, self.events - x) - all).exp()
    }
}

/// The logarithms of the factorials from 0 on.
pub(super) struct LogFactorials(Vec<f64>);

impl LogFactorials {
    pub(super) fn up_to(n: u64) -> Self {
        Self((0..=n).map(|i| libm::lgamma(i as f64 + 1.0)).collect())
    }

    fn of(&self, n: f64) -> f64 {
        self.0[n as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_decide_as_the_whole_sum_does() {
        let factorials = LogFactorials::up_to(400);
        let rate = |events, trials| Rate { events, trials };
        for (n1, n2) in [(1, 1), (3, 40), (60, 60), (150, 250)] {
            for x1 in [0, 1, n1 / 3, n1 / 2, n1 - 1, n1] {
                for x2 in [0, 1, n2 / 5, n2 / 2, n2 - 1, n2] {
                    let tables = Hypergeometric::new(rate(x1, n1), rate(x2, n2));
                    let p = tables.at_most(x1);
                    for limit in
                        [p, p * (1.0 - 1e-12), p * (1.0 + 1e-12), 1e-6, 0.03, 0.5, 0.97, 1.0]
                    {
                        let decided = tables.is_at_most(x1, limit, &factorials);
                        assert_eq!(decided, p <= limit, "{x1}/{n1} {x2}/{n2} {limit}");
                    }
                }
            }
        }
    }
}
