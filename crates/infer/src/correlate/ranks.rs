//! Midranks of columns with frequency counts.

/// A column as classes of equal values.
#[derive(Debug, Clone)]
pub(crate) struct Classes {
    /// For each row the index of its value among the distinct values, ascending.
    pub(crate) code: Vec<u32>,
    /// How many distinct values.
    pub(crate) len: usize,
}

impl Classes {
    pub(crate) fn new(values: &[f64]) -> Self {
        // Values beside their places: a sort that looks values up waits for memory.
        let mut order: Vec<(f64, u32)> = values.iter().copied().zip(0..).collect();
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut code = vec![0; values.len()];
        let mut len = 0;
        let mut last = None;
        for (value, i) in order {
            // −0 and 0 compare as equal here, as they do in any formula.
            if last.is_some_and(|l| l != value) {
                len += 1;
            }
            last = Some(value);
            code[i as usize] = len;
        }
        Self { code, len: if values.is_empty() { 0 } else { len as usize + 1 } }
    }

    /// The rows by class, ascending, and within a class in their order.
    pub(crate) fn rows_in_order(&self) -> Vec<u32> {
        let mut next = vec![0; self.len + 1];
        self.code.iter().for_each(|code| next[*code as usize + 1] += 1);
        for class in 1..next.len() {
            next[class] += next[class - 1];
        }
        let mut rows = vec![0; self.code.len()];
        for (row, code) in self.code.iter().enumerate() {
            let place = &mut next[*code as usize];
            rows[*place] = row as u32;
            *place += 1;
        }
        rows
    }

    /// How many respondents each class holds.
    pub(crate) fn sizes(&self, counts: Option<&[u64]>) -> Vec<u64> {
        let mut sizes = vec![0; self.len];
        for (i, code) in self.code.iter().enumerate() {
            sizes[*code as usize] += counts.map_or(1, |w| w[i]);
        }
        sizes
    }
}

/// For each class, twice its midrank less n + 1: an integer, and zero on average.
///
/// It equals the number of respondents below the class less the number above it.
pub(crate) fn centred_ranks(sizes: &[u64]) -> Vec<i64> {
    let n: u64 = sizes.iter().sum();
    let mut below = 0;
    sizes
        .iter()
        .map(|size| {
            let above = n - below - size;
            let rank = below as i64 - above as i64;
            below += size;
            rank
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_the_middle_of_their_ranks() {
        let classes = Classes::new(&[3.0, 1.0, 3.0, 7.0]);
        assert_eq!(classes.code, [1, 0, 1, 2]);
        // Midranks 1, 2.5, 4 of n = 4.
        assert_eq!(centred_ranks(&classes.sizes(None)), [-3, 0, 3]);
    }

    #[test]
    fn rows_stand_by_class_and_keep_their_order() {
        let classes = Classes::new(&[2.0, 1.0, 2.0, 0.5, 1.0]);
        assert_eq!(classes.rows_in_order(), [3, 1, 4, 0, 2]);
        assert!(Classes::new(&[]).rows_in_order().is_empty());
    }

    #[test]
    fn both_zeros_are_one_class() {
        assert_eq!(Classes::new(&[0.0, -0.0, 1.0]).code, [0, 0, 1]);
    }
}
