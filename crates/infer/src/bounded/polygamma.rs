/// ψ(x), the derivative of log Γ, for x above 0.
///
/// # Formula
/// ψ(x) = ψ(x + 1) − 1/x up to 15, then the asymptotic series in 1/x².
pub(super) fn digamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 15.0 {
        shift += 1.0 / x;
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = r
        * (1.0 / 12.0
            - r * (1.0 / 120.0
                - r * (1.0 / 252.0
                    - r * (1.0 / 240.0 - r * (1.0 / 132.0 - r * (691.0 / 32760.0 - r / 12.0))))));
    x.ln() - 0.5 / x - series - shift
}

/// ψ′(x), for x above 0.
pub(super) fn trigamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 15.0 {
        shift += 1.0 / (x * x);
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = r
        * (1.0 / 6.0
            - r * (1.0 / 30.0
                - r * (1.0 / 42.0
                    - r * (1.0 / 30.0 - r * (5.0 / 66.0 - r * (691.0 / 2730.0 - r * 7.0 / 6.0))))));
    1.0 / x + 0.5 * r + series / x + shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_agree_with_mpmath() {
        for (x, first, second) in [
            (0.1, -10.423754940411076, 101.43329915079276),
            (1.0, -0.5772156649015329, 1.6449340668482264),
            (3.7, 1.1671535393615114, 0.3100378576700383),
            (12.5, 2.485195651274912, 0.08328522460157837),
            (1e5, 11.512920464961895, 1.0000050000166667e-5),
        ] {
            assert!((digamma(x) / first - 1.0).abs() < 1e-14, "{x}: {}", digamma(x));
            assert!((trigamma(x) / second - 1.0).abs() < 1e-14, "{x}: {}", trigamma(x));
        }
    }
}
