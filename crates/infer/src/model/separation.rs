use super::Cholesky;
use ndarray::Array2;

/// Whether a likelihood has no top because it rises for ever in some direction.
///
/// Each row z says that the likelihood does not fall along d where z·d ≥ 0, and rises where
/// z·d > 0. Such a d with every z·d ≥ 0 and one above 0 exists unless Σ uᵢzᵢ = 0 for some uᵢ ≥ 1
/// (Stiemke's lemma), so the shortest vector d = Σ uᵢzᵢ, uᵢ ≥ 1, answers: if it is not 0 it is
/// itself such a direction. It is found by non-negative least squares, exactly, in finitely many
/// steps.
///
/// # References
/// Albert and Anderson (1984), doi:10.1093/biomet/71.1.1; Konis (2007), Linear programming
/// algorithms for detecting separated data, Oxford; Lawson and Hanson (1974),
/// doi:10.1137/1.9781611971217.
pub(crate) fn recedes(rows: &[Vec<f64>]) -> bool {
    let length = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>().sqrt();
    let rows: Vec<Vec<f64>> = rows
        .iter()
        .map(|z| (z, length(z)))
        .filter(|(_, l)| *l > 0.0)
        .map(|(z, l)| z.iter().map(|v| v / l).collect())
        .collect();
    let Some(k) = rows.first().map(Vec::len) else { return false };
    let start: Vec<f64> = (0..k).map(|j| rows.iter().map(|z| z[j]).sum()).collect();
    let size = length(&start).max(1.0);
    let direction = shortest(&rows, &start, 1e-11 * size);
    let own = length(&direction);
    // Where the cone holds both signs of every direction nothing is left but rounding.
    own > 1e-8 * size
        && rows.iter().all(|z| dot(z, &direction) >= -1e-9 * size)
        && rows.iter().any(|z| dot(z, &direction) > 1e-8 * own)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The shortest start + Σ wᵢzᵢ with wᵢ ≥ 0, by Lawson and Hanson's active sets.
fn shortest(rows: &[Vec<f64>], start: &[f64], rounding: f64) -> Vec<f64> {
    let mut weight = vec![0.0; rows.len()];
    let mut passive: Vec<usize> = Vec::new();
    let residual = |weight: &[f64]| {
        let mut r = start.to_vec();
        for (z, w) in rows.iter().zip(weight).filter(|(_, w)| **w > 0.0) {
            r.iter_mut().zip(z).for_each(|(r, z)| *r += w * z);
        }
        r
    };
    for _ in 0..3 * rows.len() + 10 {
        let r = residual(&weight);
        let worst = (0..rows.len())
            .filter(|i| !passive.contains(i))
            .map(|i| (i, dot(&rows[i], &r)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        match worst {
            Some((i, d)) if d < -rounding => passive.push(i),
            _ => return r,
        }
        // Least squares on the passive set; whatever would become negative leaves it.
        loop {
            let Some(wanted) = solve(rows, &passive, start) else {
                // The newest row adds no direction of its own.
                if let Some(i) = passive.pop() {
                    weight[i] = 0.0;
                }
                return residual(&weight);
            };
            if wanted.iter().all(|w| *w > 0.0) {
                passive.iter().zip(&wanted).for_each(|(i, w)| weight[*i] = *w);
                break;
            }
            let share = passive
                .iter()
                .zip(&wanted)
                .filter(|(_, w)| **w <= 0.0)
                .map(|(i, w)| weight[*i] / (weight[*i] - w))
                .fold(1.0, f64::min);
            for (i, w) in passive.iter().zip(&wanted) {
                weight[*i] += share * (w - weight[*i]);
            }
            passive.retain(|i| {
                let stays = weight[*i] > 1e-14;
                if !stays {
                    weight[*i] = 0.0;
                }
                stays
            });
            if passive.is_empty() {
                break;
            }
        }
    }
    residual(&weight)
}

fn solve(rows: &[Vec<f64>], passive: &[usize], start: &[f64]) -> Option<Vec<f64>> {
    let cell = |(a, b): (usize, usize)| dot(&rows[passive[a]], &rows[passive[b]]);
    let gram = Array2::from_shape_fn((passive.len(), passive.len()), cell);
    let right: Vec<f64> = passive.iter().map(|i| -dot(&rows[*i], start)).collect();
    Some(Cholesky::new(&gram)?.solve(&right))
}

/// Which terms it takes to separate: a smallest set of columns that still recedes, by leaving out
/// one after the other, last first. Columns below `kept` always stay.
pub(crate) fn separating(rows: &[Vec<f64>], kept: usize) -> Option<Vec<usize>> {
    if !recedes(rows) {
        return None;
    }
    let mut columns: Vec<usize> = (0..rows.first().map_or(0, Vec::len)).collect();
    let only = |columns: &[usize]| -> Vec<Vec<f64>> {
        rows.iter().map(|z| columns.iter().map(|j| z[*j]).collect()).collect()
    };
    for j in (kept..columns.len()).rev() {
        let fewer: Vec<usize> = columns.iter().copied().filter(|c| *c != j).collect();
        if recedes(&only(&fewer)) {
            columns = fewer;
        }
    }
    Some(columns.into_iter().filter(|j| *j >= kept).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a logistic regression with an intercept: (1, x), turned where the outcome is 0.
    fn rows(x: &[f64], y: &[u8]) -> Vec<Vec<f64>> {
        let sign = |y: u8| if y == 1 { 1.0 } else { -1.0 };
        x.iter().zip(y).map(|(x, y)| vec![sign(*y), sign(*y) * x]).collect()
    }

    #[test]
    fn separation_complete_quasi_and_none() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert!(recedes(&rows(&x, &[0, 0, 0, 1, 1, 1])));
        // One x value with both outcomes, all others apart: quasi-complete.
        assert!(recedes(&rows(&[1.0, 2.0, 3.0, 3.0, 4.0, 5.0], &[0, 0, 0, 1, 1, 1])));
        assert!(!recedes(&rows(&x, &[0, 0, 1, 0, 1, 1])));
        assert!(!recedes(&rows(&x, &[1, 0, 0, 0, 0, 1])));
    }

    #[test]
    fn only_the_separating_column_is_named() {
        let y = [0, 0, 0, 1, 1, 1];
        let noise = [3.0, -1.0, 2.0, 0.5, 2.5, -2.0];
        let named = |columns: &[[f64; 6]]| {
            let row = |i: usize| {
                let sign = if y[i] == 1 { 1.0 } else { -1.0 };
                let own = columns.iter().map(|c| sign * c[i]);
                std::iter::once(sign).chain(own).collect::<Vec<f64>>()
            };
            separating(&(0..6).map(row).collect::<Vec<_>>(), 1)
        };
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(named(&[x, noise]), Some(vec![1]));
        assert_eq!(named(&[noise, x]), Some(vec![2]));
        assert_eq!(named(&[noise]), None);
    }
}
