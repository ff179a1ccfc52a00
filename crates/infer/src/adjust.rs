//! p-values adjusted for the number of tests in their family.

use ssi_vocab::PValue;

/// Holm's step-down adjustment: controls the chance of any false finding in the family, whatever
/// the dependence between the tests.
///
/// # Formula
/// With p₁ ≤ … ≤ pₘ: the running maximum of (m − i + 1)·pᵢ, at most 1. As R's `p.adjust`.
///
/// # References
/// Holm, S. (1979). A simple sequentially rejective multiple test procedure. *Scandinavian
/// Journal of Statistics*, 6, 65–70. <https://www.jstor.org/stable/4615733>
///
/// # Example
/// ```
/// use ssi_infer::adjust::holm;
/// use ssi_vocab::PValue;
///
/// let p: Vec<PValue> = [0.01, 0.04, 0.03].into_iter().filter_map(PValue::new).collect();
/// let adjusted: Vec<f64> = holm(&p).into_iter().map(PValue::get).collect();
/// assert_eq!(adjusted, [0.03, 0.06, 0.06]);
/// ```
pub fn holm(p: &[PValue]) -> Vec<PValue> {
    let m = p.len() as f64;
    let mut adjusted = p.to_vec();
    let mut largest = 0.0_f64;
    for (i, at) in ascending(p).into_iter().enumerate() {
        largest = largest.max((m - i as f64) * p[at].get());
        set(&mut adjusted[at], largest);
    }
    adjusted
}

/// Benjamini and Hochberg's step-up adjustment: controls the expected share of false findings
/// among the findings, where the tests are independent or positively dependent.
///
/// # Formula
/// With p₁ ≤ … ≤ pₘ: the running minimum from the largest down of (m / i)·pᵢ. As R's `p.adjust`.
///
/// # References
/// Benjamini, Y. & Hochberg, Y. (1995). doi:10.1111/j.2517-6161.1995.tb02031.x
///
/// # Example
/// ```
/// use ssi_infer::adjust::benjamini_hochberg;
/// use ssi_vocab::PValue;
///
/// let p: Vec<PValue> = [0.01, 0.04, 0.03].into_iter().filter_map(PValue::new).collect();
/// let adjusted: Vec<f64> = benjamini_hochberg(&p).into_iter().map(PValue::get).collect();
/// assert_eq!(adjusted, [0.03, 0.04, 0.04]);
/// ```
pub fn benjamini_hochberg(p: &[PValue]) -> Vec<PValue> {
    let m = p.len() as f64;
    let mut adjusted = p.to_vec();
    let mut smallest = 1.0_f64;
    for (i, at) in ascending(p).into_iter().enumerate().rev() {
        smallest = smallest.min(m / (i as f64 + 1.0) * p[at].get());
        set(&mut adjusted[at], smallest);
    }
    adjusted
}

fn ascending(p: &[PValue]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].get().total_cmp(&p[*b].get()));
    order
}

/// Puts an adjusted p-value in place; it is a product of probabilities and never undefined.
fn set(place: &mut PValue, p: f64) {
    if let Some(p) = PValue::new(p) {
        *place = p;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_family_stays_empty() {
        assert!(holm(&[]).is_empty() && benjamini_hochberg(&[]).is_empty());
    }

    #[test]
    fn adjusted_values_never_fall_below_the_raw_ones() {
        let p: Vec<PValue> =
            [0.2, 0.001, 0.9, 0.04, 0.04, 1.0].into_iter().filter_map(PValue::new).collect();
        for adjusted in [holm(&p), benjamini_hochberg(&p)] {
            assert!(adjusted.iter().zip(&p).all(|(a, raw)| a >= raw && a.get() <= 1.0));
        }
    }
}
