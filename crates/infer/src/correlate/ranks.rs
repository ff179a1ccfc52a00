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
        let mut code = vec![0; values.len()];
        let mut len = 0;
        let mut last = None;
        for (key, i) in in_order(values) {
            if last.is_some_and(|l| l != key) {
                len += 1;
            }
            last = Some(key);
            code[i as usize] = len;
        }
        Self { code, len: if values.is_empty() { 0 } else { len as usize + 1 } }
    }

    /// The rows by class, ascending, and within a class in their order.
    pub(crate) fn rows_in_order(&self) -> Vec<u32> {
        self.ordered(0..self.code.len() as u32)
    }

    /// All rows by class, ascending, and within a class in the order in which they come.
    pub(crate) fn ordered(&self, rows: impl Iterator<Item = u32>) -> Vec<u32> {
        self.put(rows.map(|row| (row, row)))
    }

    /// The places that rows have in `order`, from the last to the first, by class of the row.
    pub(crate) fn ordered_places(&self, order: &[u32]) -> Vec<u32> {
        self.put((0..order.len() as u32).rev().map(|place| (order[place as usize], place)))
    }

    /// What comes with rows, by the rows' class.
    fn put(&self, rows: impl Iterator<Item = (u32, u32)>) -> Vec<u32> {
        let mut put = vec![0; self.code.len()];
        if self.len == put.len() {
            // Without ties a class is a place.
            rows.for_each(|(row, what)| put[self.code[row as usize] as usize] = what);
            return put;
        }
        let mut next = vec![0; self.len + 1];
        self.code.iter().for_each(|code| next[*code as usize + 1] += 1);
        for class in 1..next.len() {
            next[class] += next[class - 1];
        }
        for (row, what) in rows {
            let place = &mut next[self.code[row as usize] as usize];
            put[*place as usize] = what;
            *place += 1_u32;
        }
        put
    }

    /// How many respondents each class holds.
    pub(crate) fn sizes(&self, counts: Option<&[u64]>) -> Vec<u64> {
        if counts.is_none() && self.len == self.code.len() {
            return vec![1; self.len];
        }
        let mut sizes = vec![0; self.len];
        for (i, code) in self.code.iter().enumerate() {
            sizes[*code as usize] += counts.map_or(1, |w| w[i]);
        }
        sizes
    }
}

/// Below so many rows comparing is faster than counting.
const FEW: usize = 1_000;

/// Bits of a key that one pass sorts by.
const DIGIT: u32 = 11;

/// The rows by value, each with a whole number that orders as its value does.
///
/// Many rows are sorted by a digit of that number after the other (radix sort): values beside their
/// places, and no comparison to mispredict. A digit that all share, as the last ones of whole
/// numbers, costs nothing.
fn in_order(values: &[f64]) -> Vec<(u64, u32)> {
    let key = |value: &f64| {
        // −0 and 0 compare as equal, as they do in any formula.
        let bits = (value + 0.0).to_bits();
        if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
    };
    let mut rows: Vec<(u64, u32)> = values.iter().map(key).zip(0..).collect();
    if rows.len() < FEW {
        rows.sort_unstable();
        return rows;
    }
    let digit =
        |key: u64, pass: usize| (key >> (pass as u32 * DIGIT)) as usize & ((1 << DIGIT) - 1);
    let mut sizes = [[0_u32; 1 << DIGIT]; u64::BITS.div_ceil(DIGIT) as usize];
    for (key, _) in &rows {
        for (pass, sizes) in sizes.iter_mut().enumerate() {
            sizes[digit(*key, pass)] += 1;
        }
    }
    let mut moved = vec![(0, 0); rows.len()];
    for (pass, next) in sizes.iter_mut().enumerate() {
        if next.iter().any(|size| *size as usize == rows.len()) {
            continue;
        }
        let mut before = 0;
        for place in next.iter_mut() {
            before += std::mem::replace(place, before);
        }
        for row in &rows {
            let place = &mut next[digit(row.0, pass)];
            moved[*place as usize] = *row;
            *place += 1;
        }
        std::mem::swap(&mut rows, &mut moved);
    }
    rows
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
    fn many_rows_sort_as_few_do() {
        let value = |i: u64| match i * 2_654_435_761 % 4_099 % 7 {
            0 => -0.0,
            1 => 0.0,
            2 => f64::from((i % 90) as u32) - 45.0,
            3 => -1e300 / (i + 1) as f64,
            4 => 1e-300 * i as f64,
            5 => -f64::from_bits(i % 5),
            _ => libm::sin(i as f64),
        };
        let values: Vec<f64> = (0..3_000).map(value).collect();
        let mut sorted = values.clone();
        sorted.sort_by(|a, b| (a + 0.0).total_cmp(&(b + 0.0)));
        let found: Vec<f64> = in_order(&values).iter().map(|(_, i)| values[*i as usize]).collect();
        assert_eq!(found, sorted);
        sorted.dedup();
        assert_eq!(Classes::new(&values).len, sorted.len());
    }

    #[test]
    fn both_zeros_are_one_class() {
        assert_eq!(Classes::new(&[0.0, -0.0, 1.0]).code, [0, 0, 1]);
    }
}
