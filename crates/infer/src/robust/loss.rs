//! How much a residual costs, given its size in units of the scale.

/// A loss function.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Loss {
    /// Quadratic up to k, linear beyond.
    Huber(f64),
    /// Constant beyond c.
    Bisquare(f64),
}

impl Loss {
    /// ψ(u)/u.
    pub(super) fn weight(self, u: f64) -> f64 {
        match self {
            Self::Huber(k) => (k / u.abs()).min(1.0),
            Self::Bisquare(c) => {
                let rest = 1.0 - (u / c) * (u / c);
                if rest > 0.0 { rest * rest } else { 0.0 }
            }
        }
    }

    /// ψ(u), the derivative of the loss.
    pub(super) fn psi(self, u: f64) -> f64 {
        match self {
            Self::Huber(k) => u.clamp(-k, k),
            Self::Bisquare(_) => u * self.weight(u),
        }
    }

    /// ψ′(u).
    pub(super) fn slope(self, u: f64) -> f64 {
        match self {
            Self::Huber(k) => f64::from(u8::from(u.abs() <= k)),
            Self::Bisquare(c) => {
                let t = (u / c) * (u / c);
                if t < 1.0 { (1.0 - t) * (1.0 - 5.0 * t) } else { 0.0 }
            }
        }
    }
}

/// The bisquare loss that M-scales are made with, from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounded(pub(super) f64);

impl Bounded {
    /// ρ(u).
    pub(super) fn value(self, u: f64) -> f64 {
        let t = (u / self.0) * (u / self.0);
        if t < 1.0 { t * (3.0 + t * (t - 3.0)) } else { 1.0 }
    }

    /// ρ′(u).
    pub(super) fn slope(self, u: f64) -> f64 {
        6.0 / (self.0 * self.0) * Loss::Bisquare(self.0).psi(u)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_derivatives() {
        let h = 1e-6;
        for u in [-3.0, -1.2, 0.3, 1.1, 4.0] {
            for loss in [Loss::Huber(1.345), Loss::Bisquare(4.685)] {
                let slope = (loss.psi(u + h) - loss.psi(u - h)) / (2.0 * h);
                assert!((slope - loss.slope(u)).abs() < 1e-8, "{loss:?} at {u}");
                assert!((loss.weight(u) * u - loss.psi(u)).abs() < 1e-15);
            }
            let rho = Bounded(1.547_645);
            let slope = (rho.value(u + h) - rho.value(u - h)) / (2.0 * h);
            assert!((slope - rho.slope(u)).abs() < 1e-8, "{u}");
        }
    }
}
