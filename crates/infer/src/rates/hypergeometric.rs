use super::{Rate, weights_around};

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
}
