use crate::tails::{normal_cdf, normal_sf};
use std::f64::consts::PI;

/// Density of a standard normal variable.
pub(super) fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * PI).sqrt()
}

/// log Φ(z), and φ(z)/Φ(z), right in the far tail too.
///
/// # Formula
/// Below −5 by the continued fraction Φ(−t)/φ(t) = 1/(t + 1/(t + 2/(t + 3/(t + …)))).
pub(super) fn log_cdf(z: f64) -> (f64, f64) {
    if z > 0.0 {
        return ((-normal_sf(z)).ln_1p(), density(z) / normal_cdf(z));
    }
    if z > -5.0 {
        let p = normal_cdf(z);
        return (p.ln(), density(z) / p);
    }
    let t = -z;
    let mut fraction = t;
    for step in (1..=160_u32).rev() {
        fraction = t + f64::from(step) / fraction;
    }
    (-0.5 * z * z - 0.5 * (2.0 * PI).ln() - fraction.ln(), fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_far_tail_is_right() {
        // mpmath, 30 digits: log(ncdf(z)) and npdf(z)/ncdf(z).
        for (z, log, ratio) in [
            (-5.0, -15.064998393988726, 5.186503967125842),
            (-5.000001, -15.065003580493177, 5.186504934429413),
            (-40.0, -804.6084420137538, 40.02496884720726),
            (-300.0, -45006.62273211866, 300.0033332592634),
            (1.0, -0.1727537790234499, 0.2875999709391784),
        ] {
            let (l, r) = log_cdf(z);
            assert!((l / log - 1.0).abs() < 1e-13, "log at {z}: {l}");
            assert!((r / ratio - 1.0).abs() < 1e-13, "ratio at {z}: {r}");
        }
    }
}
