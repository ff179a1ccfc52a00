//! The two ingredients of an accurate binomial or Poisson probability: the error of Stirling's
//! formula and the deviance. Together they replace differences of large log-gamma values, which
//! would lose a digit for every power of ten of the degrees of freedom.
//!
//! Loader, C. (2000). Fast and accurate computation of binomial probabilities. Bell Labs report.

/// ln Γ(z + 1) − (z + ½) ln z + z − ½ ln 2π, for z > 0.
pub(super) fn stirling_error(z: f64) -> f64 {
    // Stirling's series is good to 1e-18 from 16 on; below, the recurrence climbs there. Each of
    // its terms is small and positive, so that nothing cancels.
    let mut z = z;
    let mut climbed = 0.0;
    while z < 16.0 {
        climbed += (z + 0.5) * (1.0 / z).ln_1p() - 1.0;
        z += 1.0;
    }
    const SERIES: [f64; 6] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360360.0];
    let w = 1.0 / (z * z);
    climbed + SERIES.iter().rev().fold(0.0, |sum, c| sum * w + c) / z
}

/// Γ(z) / (√z Γ(z − ½)), for z > ½.
pub(crate) fn half_step(z: f64) -> f64 {
    let less = z - 0.5;
    let logs = -(z - 1.0) * (-0.5 / z).ln_1p() - 0.5;
    (logs + stirling_error(z) - stirling_error(less)).exp()
}

/// −ln(1 − u) − u, for u < 1: half the relative deviance of an expectation off by the share u.
///
/// `rest` is 1 − u, which the caller knows to full precision where it is small.
pub(super) fn deviance(u: f64, rest: f64) -> f64 {
    if u.abs() > 0.5 {
        return -rest.ln() - u;
    }
    // With v = u / (2 − u), −ln(1 − u) is 2 artanh v and u is 2v / (1 + v): their difference is
    // uv + 2v³/3 + 2v⁵/5 + …, in which the leading terms are already cancelled by algebra.
    let v = u / (2.0 - u);
    let w = v * v;
    let (mut sum, mut power, mut k) = (0.0_f64, 1.0, 3.0);
    loop {
        let next = sum + power / k;
        // What is no number must not go round for ever.
        if next == sum || next.is_nan() {
            break;
        }
        sum = next;
        power *= w;
        k += 2.0;
    }
    u * v + 2.0 * v * w * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stirling_error_at_one_and_at_a_thousand() {
        // ln Γ(2) = 0, so the error at 1 is 1 − ½ ln 2π.
        let at_one = 1.0 - 0.5 * (2.0 * std::f64::consts::PI).ln();
        assert!((stirling_error(1.0) - at_one).abs() < 1e-15);
        assert!((stirling_error(1000.0) - 8.333_333_055_555_635e-5).abs() < 1e-19);
    }

    #[test]
    fn deviance_joins_its_two_forms() {
        for u in [0.5f64, -0.5] {
            let direct = -(-u).ln_1p() - u;
            assert!((deviance(u, 1.0 - u) / direct - 1.0).abs() < 1e-14);
        }
        assert_eq!(deviance(0.0, 1.0), 0.0);
        // Next to u = 1 it is the rest that counts.
        assert!((deviance(1.0, 1e-200) - (200.0 * 10.0f64.ln() - 1.0)).abs() < 1e-12);
        assert!((deviance(1e-9, 1.0 - 1e-9) / 5e-19 - 1.0).abs() < 1e-8);
    }
}
