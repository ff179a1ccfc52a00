/// Gelman and Rubin's R̂ over the second half of chains of equal length: the spread of all draws
/// against that within a chain.
///
/// Gelman and Rubin (1992), doi:10.1214/ss/1177011136.
pub(super) fn r_hat(chains: &[&[f64]]) -> Option<f64> {
    let length = chains.first()?.len();
    let n = length / 2;
    if n < 2 || chains.len() < 2 {
        return None;
    }
    let moments = |chain: &&[f64]| {
        let half = &chain[length - n..];
        let mean = half.iter().sum::<f64>() / n as f64;
        let square = half.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
        (mean, square / (n as f64 - 1.0))
    };
    let each: Vec<(f64, f64)> = chains.iter().map(moments).collect();
    let m = chains.len() as f64;
    let within = each.iter().map(|(_, v)| v).sum::<f64>() / m;
    let mean = each.iter().map(|(mean, _)| mean).sum::<f64>() / m;
    let between = each.iter().map(|(v, _)| (v - mean).powi(2)).sum::<f64>() / (m - 1.0);
    let share = (n as f64 - 1.0) / n as f64;
    (within > 0.0).then(|| (share + between / within).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_apart_are_told_from_mixed_ones() {
        let mixed: [&[f64]; 2] = [&[9.0, 9.0, 9.0, 1.0, 2.0, 3.0], &[0.0, 0.0, 0.0, 3.0, 1.0, 2.0]];
        // Means equal, so that 2/3 of the variance within is all there is.
        assert!(r_hat(&mixed).is_some_and(|r| (r - (2.0f64 / 3.0).sqrt()).abs() < 1e-15));
        let apart: [&[f64]; 2] =
            [&[0.0, 0.0, 0.0, 1.0, 2.0, 3.0], &[0.0, 0.0, 0.0, 11.0, 12.0, 13.0]];
        assert!(r_hat(&apart).is_some_and(|r| (r - (2.0f64 / 3.0 + 50.0).sqrt()).abs() < 1e-14));
        assert_eq!(r_hat(&[&[1.0; 8], &[1.0; 8]]), None);
        assert_eq!(r_hat(&[&[1.0, 2.0], &[2.0, 3.0]]), None);
    }
}
