//! For each of some rows, how many lie below and to the left of it; from that, concordance.
//!
//! Counting takes O(n log n) in sequential passes over memory, without a comparison: rows in the
//! order of x carry their place in the order of y and are parted by its bits, the highest first. A
//! row with a 1 has above it in x, and below it in y, the rows of its part with a 0 that came before
//! it; no two rows are parted twice.

use super::ranks::Classes;

/// A row: its place in the order of y, the rows found below and to the left so far, and what its
/// class of x adds to the sum.
type Item = (u32, u32, i64);

/// Parts of fewer rows are not worth a thread.
const ALONE: usize = 1 << 15;

/// For each row, rows concordant with it less those discordant.
///
/// # Formula
/// With L, T and U the rows below, tied with (itself included) and above row i in one variable, and
/// B those below in both: concordant less discordant is
/// 4B + (U_x − L_x + 2E₁) + (2E₂ + E₃ − 2L_y − T_y), where E₁ are those tied in x and below in y,
/// E₂ those below in x and tied in y, and E₃ those tied in both (itself included).
pub(super) fn net_by_row(x: &Classes, y: &Classes) -> Vec<i64> {
    let n = x.code.len();
    // In the order of y, rows tied in y from the highest x down; in that of x alike. So of two rows
    // that are tied in either, none is to the left of, and below, the other.
    let by_y = y.ordered(x.rows_in_order().into_iter().rev());
    let places = x.ordered_places(&by_y);
    let mut items: Vec<Item> = Vec::with_capacity(n);
    let same_x =
        |a: &u32, b: &u32| x.code[by_y[*a as usize] as usize] == x.code[by_y[*b as usize] as usize];
    let same_y =
        |a: &u32, b: &u32| y.code[by_y[*a as usize] as usize] == y.code[by_y[*b as usize] as usize];
    for tied in runs(&places, x.len == n, same_x) {
        let (start, end) = (items.len(), items.len() + tied.len());
        let outside = (n - end) as i64 - start as i64;
        for both in runs(tied, tied.len() == 1, same_y) {
            let lower = (end - items.len() - both.len()) as i64;
            items.extend(both.iter().map(|place| (*place, 0, outside + 2 * lower)));
        }
    }
    let bits = usize::BITS - n.saturating_sub(1).leading_zeros();
    let mut other = items.clone();
    part(&mut items, &mut other, bits);
    let below = if bits.is_multiple_of(2) { items } else { other };

    let mut net = vec![0; n];
    let same_x = |a: &u32, b: &u32| x.code[*a as usize] == x.code[*b as usize];
    let same_y = |a: &u32, b: &u32| y.code[*a as usize] == y.code[*b as usize];
    let mut at = 0;
    for tied in runs(&by_y, y.len == n, same_y) {
        let (start, end) = (at, at + tied.len());
        for both in runs(tied, tied.len() == 1, same_x) {
            let left = (end - at - both.len()) as i64;
            let alike = 2 * left + both.len() as i64 - 2 * start as i64 - tied.len() as i64;
            for row in both {
                let (_, below, x_part) = below[at];
                net[*row as usize] = 4 * i64::from(below) + x_part + alike;
                at += 1;
            }
        }
    }
    net
}

/// Runs of what is alike; one each where it is known that nothing is.
fn runs(
    all: &[u32],
    different: bool,
    alike: impl Fn(&u32, &u32) -> bool,
) -> impl Iterator<Item = &[u32]> {
    all.chunk_by(move |a, b| !different && alike(a, b))
}

/// Parts rows whose places are those of `from`'s own range by the lowest `bits` bits of the place;
/// the result stands in `from` where `bits` is even, else in `to`.
fn part(from: &mut [Item], to: &mut [Item], bits: u32) {
    let Some(bit) = bits.checked_sub(1) else { return };
    let half = (1_usize << bit).min(from.len());
    let mut zeros = 0_u32;
    for (i, (place, below, x_part)) in from.iter().enumerate() {
        let one = place >> bit & 1;
        let at = if one == 1 { half + i - zeros as usize } else { zeros as usize };
        to[at] = (*place, below + one * zeros, *x_part);
        zeros += 1 - one;
    }
    let ((a, b), (c, d)) = (from.split_at_mut(half), to.split_at_mut(half));
    if a.len() > ALONE {
        rayon::join(|| part(c, a, bit), || part(d, b, bit));
    } else {
        part(c, a, bit);
        part(d, b, bit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_agree_with_the_definition() {
        let mut state = 1_u64;
        let mut draw = |levels: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 33) % levels) as f64
        };
        let sign = |a: f64, b: f64| if a == b { 0 } else { (a - b).signum() as i64 };
        for (n, x_levels, y_levels) in
            [(0, 2, 2), (1, 2, 2), (2, 9, 9), (57, 4, 9), (64, 900, 900), (131, 2, 1_000)]
        {
            let x: Vec<f64> = (0..n).map(|_| draw(x_levels)).collect();
            let y: Vec<f64> = (0..n).map(|_| draw(y_levels)).collect();
            let row = |i: usize| (0..n).map(|j| sign(x[i], x[j]) * sign(y[i], y[j])).sum();
            let expected: Vec<i64> = (0..n).map(row).collect();
            assert_eq!(net_by_row(&Classes::new(&x), &Classes::new(&y)), expected);
        }
    }
}
