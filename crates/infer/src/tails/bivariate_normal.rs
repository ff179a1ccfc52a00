use super::normal::normal_cdf;
use std::f64::consts::PI;

/// Nodes and weights of Gauss and Legendre's rules on [−1, 1], the positive half.
const SIX: [(f64, f64); 3] = [
    (0.932469514203152, 0.17132449237917036),
    (0.6612093864662645, 0.3607615730481386),
    (0.2386191860831969, 0.46791393457269104),
];
const TWELVE: [(f64, f64); 6] = [
    (0.9815606342467192, 0.04717533638651183),
    (0.9041172563704749, 0.10693932599531843),
    (0.7699026741943047, 0.16007832854334622),
    (0.5873179542866175, 0.20316742672306592),
    (0.3678314989981802, 0.2334925365383548),
    (0.1252334085114689, 0.24914704581340277),
];
const TWENTY: [(f64, f64); 10] = [
    (0.9931285991850949, 0.017614007139152118),
    (0.9639719272779138, 0.04060142980038694),
    (0.912234428251326, 0.06267204833410907),
    (0.8391169718222188, 0.08327674157670475),
    (0.7463319064601508, 0.10193011981724044),
    (0.636053680726515, 0.11819453196151841),
    (0.5108670019508271, 0.13168863844917664),
    (0.37370608871541955, 0.14209610931838204),
    (0.22778585114164507, 0.14917298647260374),
    (0.07652652113349734, 0.15275338713072584),
];

/// From this correlation on the integrand is too steep, and an expansion about ±1 is used.
const STEEP: f64 = 0.925;

/// Probability that two standard normal variables of correlation `rho` are at most `h` and `k`.
///
/// # Formula
/// Φ(h)Φ(k) + ∫₀^ρ φ₂(h, k, r) dr, integrated over arcsin r; near ±1 the integral from ±1, less
/// the leading terms of its expansion. The absolute error stays below 1e-15.
///
/// # Missing data
/// Infinite limits are allowed; `rho` outside [−1, 1] counts as its end.
///
/// # References
/// Genz, A. (2004). Numerical computation of rectangular bivariate and trivariate normal and t
/// probabilities. doi:10.1023/B:STCO.0000035304.20635.31
///
/// # Example
/// ```
/// // A quarter, and a sixth of the arcsine's share of a turn.
/// let p = ssi_infer::tails::bivariate_normal_cdf(0.0, 0.0, 0.5);
/// assert!((p - 1.0 / 3.0).abs() < 1e-15);
/// ```
pub fn bivariate_normal_cdf(h: f64, k: f64, rho: f64) -> f64 {
    if h == f64::NEG_INFINITY || k == f64::NEG_INFINITY {
        return 0.0;
    }
    if h == f64::INFINITY {
        return normal_cdf(k);
    }
    if k == f64::INFINITY {
        return normal_cdf(h);
    }
    let rho = rho.clamp(-1.0, 1.0);
    let p = if rho.abs() < STEEP { moderate(h, k, rho) } else { steep(-h, -k, rho) };
    p.clamp(0.0, 1.0)
}

/// Density of two standard normal variables of correlation `rho` (inside −1 to 1) at `(h, k)`:
/// also the derivative of [`bivariate_normal_cdf`] by `rho`. 0 where either is infinite.
pub fn bivariate_normal_density(h: f64, k: f64, rho: f64) -> f64 {
    if h.is_infinite() || k.is_infinite() {
        return 0.0;
    }
    let rest = (1.0 - rho) * (1.0 + rho);
    // (h − k)² + 2(1 − ρ)hk keeps its digits where ρ is next to 1, and so on for −1.
    let square = if rho >= 0.0 {
        (h - k) * (h - k) + 2.0 * (1.0 - rho) * h * k
    } else {
        (h + k) * (h + k) - 2.0 * (1.0 + rho) * h * k
    };
    (-0.5 * square / rest).exp() / (2.0 * PI * rest.sqrt())
}

fn moderate(h: f64, k: f64, rho: f64) -> f64 {
    let rule: &[(f64, f64)] = if rho.abs() < 0.3 {
        &SIX
    } else if rho.abs() < 0.75 {
        &TWELVE
    } else {
        &TWENTY
    };
    let (half_squares, product, angle) = (0.5 * (h * h + k * k), h * k, rho.asin());
    let mut sum = 0.0;
    for (node, weight) in rule {
        for node in [-node, *node] {
            let sine = (0.5 * angle * (1.0 + node)).sin();
            sum += weight * ((sine * product - half_squares) / (1.0 - sine * sine)).exp();
        }
    }
    sum * angle / (4.0 * PI) + normal_cdf(h) * normal_cdf(k)
}

/// The upper quadrant beyond `h` and `k`, for correlations near ±1.
fn steep(h: f64, k: f64, rho: f64) -> f64 {
    let k = if rho < 0.0 { -k } else { k };
    let product = h * k;
    let mut sum = 0.0;
    if rho.abs() < 1.0 {
        let rest = (1.0 - rho) * (1.0 + rho);
        let root = rest.sqrt();
        let gap = (h - k) * (h - k);
        let (c, d) = ((4.0 - product) / 8.0, (12.0 - product) / 16.0);
        let exponent = -0.5 * (gap / rest + product);
        if exponent > -100.0 {
            let series =
                1.0 - c * (gap - rest) * (1.0 - d * gap / 5.0) / 3.0 + c * d * rest * rest / 5.0;
            sum = root * exponent.exp() * series;
        }
        if product > -100.0 {
            let width = gap.sqrt();
            sum -= (-0.5 * product).exp()
                * (2.0 * PI).sqrt()
                * normal_cdf(-width / root)
                * width
                * (1.0 - c * gap * (1.0 - d * gap / 5.0) / 3.0);
        }
        let half = 0.5 * root;
        for (node, weight) in &TWENTY {
            for node in [-node, *node] {
                let square = (half * (1.0 + node)) * (half * (1.0 + node));
                let cosine = (1.0 - square).sqrt();
                let exponent = -0.5 * (gap / square + product);
                if exponent > -100.0 {
                    let shape = (-product * square / (2.0 * (1.0 + cosine) * (1.0 + cosine))).exp();
                    let series = 1.0 + c * square * (1.0 + d * square);
                    sum += half * weight * exponent.exp() * (shape / cosine - series);
                }
            }
        }
        sum /= -2.0 * PI;
    }
    if rho > 0.0 {
        sum + normal_cdf(-h.max(k))
    } else {
        // Between −k and h on the same line: a difference of the nearer tails.
        let between = if k > h {
            if h < 0.0 { normal_cdf(k) - normal_cdf(h) } else { normal_cdf(-h) - normal_cdf(-k) }
        } else {
            0.0
        };
        between - sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_ends_one_variable_decides() {
        for (h, k) in [(0.3, -0.8), (-2.0, 1.1), (0.0, 0.0), (3.0, 2.5)] {
            let (p, q): (f64, f64) = (normal_cdf(h), normal_cdf(k));
            assert!((bivariate_normal_cdf(h, k, 1.0) - p.min(q)).abs() < 1e-16);
            assert!((bivariate_normal_cdf(h, k, -1.0) - (p + q - 1.0).max(0.0)).abs() < 2e-16);
        }
    }

    #[test]
    fn infinite_limits_leave_a_margin() {
        assert_eq!(bivariate_normal_cdf(f64::INFINITY, 0.7, 0.5), normal_cdf(0.7));
        assert_eq!(bivariate_normal_cdf(0.7, f64::NEG_INFINITY, -0.99), 0.0);
        assert_eq!(bivariate_normal_density(f64::INFINITY, 0.7, 0.5), 0.0);
    }

    #[test]
    fn quadrants_about_the_origin_follow_from_the_arcsine() {
        for i in -99..=99 {
            let rho = f64::from(i) / 100.0;
            let expected = 0.25 + rho.asin() / (2.0 * PI);
            assert!((bivariate_normal_cdf(0.0, 0.0, rho) - expected).abs() < 3e-16, "{rho}");
        }
    }
}
