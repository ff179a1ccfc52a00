use crate::tails::{normal_sf, normal_upper_quantile};

/// How values go on beyond the cap, on the logarithmic scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tail {
    /// As the model below the cap says: normal.
    LogNormal,
    /// Normal beyond the cap too, with the standard deviation times this.
    Spread(f64),
    /// Falling for ever at the rate that the normal one has at the cap (a Pareto tail of the
    /// values): thicker, since the normal one falls ever faster.
    Pareto,
}

impl Tail {
    /// Those that a fit is repeated with.
    pub const OTHERS: [Self; 3] = [Self::Spread(0.8), Self::Spread(1.25), Self::Pareto];

    /// The name in results.
    pub fn code(self) -> String {
        match self {
            Self::LogNormal => "lognormal".to_owned(),
            Self::Spread(factor) => format!("sigma x {factor}"),
            Self::Pareto => "pareto".to_owned(),
        }
    }

    /// The value beyond `cap` that is exceeded with probability `u` of the tail, for a normal
    /// variable with this mean and standard deviation.
    pub(super) fn beyond(self, cap: f64, mean: f64, sigma: f64, u: f64) -> f64 {
        let sigma = if let Self::Spread(factor) = self { sigma * factor } else { sigma };
        let z = (cap - mean) / sigma;
        if self == Self::Pareto {
            return cap - u.ln() * sigma / super::tobit::hazard(z);
        }
        // Rounding must not put a value below its cap.
        (mean + sigma * normal_upper_quantile(u * normal_sf(z))).max(cap)
    }
}

/// One imputation's parameters and, for each capped row, a probability.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    pub(super) coefficients: Vec<f64>,
    pub(super) sigma: f64,
    pub(super) uniform: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_begin_at_the_cap_and_order_by_their_thickness() {
        let at = |tail: Tail, u: f64| tail.beyond(6.0, 5.0, 0.8, u);
        for tail in [Tail::LogNormal, Tail::Spread(0.8), Tail::Spread(1.25), Tail::Pareto] {
            assert!((at(tail, 1.0) - 6.0).abs() < 1e-12);
            assert!(at(tail, 0.1) < at(tail, 0.01));
        }
        let far = |tail| at(tail, 1e-6);
        assert!(far(Tail::Spread(0.8)) < far(Tail::LogNormal));
        assert!(far(Tail::LogNormal) < far(Tail::Spread(1.25)));
        assert!(far(Tail::LogNormal) < far(Tail::Pareto));
        // A cap far above the mean still has a tail.
        assert!(Tail::LogNormal.beyond(40.0, 5.0, 1.0, 0.5) > 40.0);
    }
}
