//! The codes of a column's cells: a byte each as long as there are few different ones, which most
//! columns never have more of; else four.

/// The code of each cell.
pub(super) enum Codes {
    /// Where each cell's code stands among the few.
    Few(Vec<u8>, Box<Few>),
    /// The codes themselves.
    Many(Vec<u32>),
}

/// Up to 256 codes, each where it is looked for.
pub(super) struct Few([u32; 256]);

impl Few {
    /// No code is so: neither is a place among values, nor eight digits.
    const NONE: u32 = u32::MAX;

    /// Where a code is looked for first.
    #[inline]
    fn first(code: u32) -> u8 {
        // The golden ratio, by whose multiples neighbours are far apart.
        (code.wrapping_mul(0x9E37_79B9) >> 24) as u8
    }

    /// Where a code stands, or stands from now on; none where it has no place.
    fn place(&mut self, code: u32) -> Option<u8> {
        let places = (0..16).map(|step| Self::first(code).wrapping_add(step));
        let free = |at: &u8| [code, Self::NONE].contains(&self.0[usize::from(*at)]);
        let at = places.into_iter().find(free)?;
        self.0[usize::from(at)] = code;
        Some(at)
    }
}

impl Default for Codes {
    fn default() -> Self {
        Self::of(0)
    }
}

impl Codes {
    /// Room for the codes of so many cells, as long as they are few.
    pub(super) fn of(cells: usize) -> Self {
        Self::Few(Vec::with_capacity(cells), Box::new(Few([Few::NONE; 256])))
    }

    /// The code of a cell.
    #[inline]
    pub(super) fn get(&self, cell: u32) -> u32 {
        match self {
            Self::Few(places, few) => few.0[usize::from(places[cell as usize])],
            Self::Many(codes) => codes[cell as usize],
        }
    }

    /// Appends the codes of more cells.
    pub(super) fn append(&mut self, more: &[u32]) {
        let mut done = 0;
        if let Self::Few(places, few) = self {
            let before = places.len();
            places.resize(before + more.len(), 0);
            for (place, code) in places[before..].iter_mut().zip(more) {
                let first = Few::first(*code);
                *place = if few.0[usize::from(first)] == *code {
                    first
                } else if let Some(other) = few.place(*code) {
                    other
                } else {
                    break;
                };
                done += 1;
            }
            if done == more.len() {
                return;
            }
            let mut codes = Vec::with_capacity(places.capacity());
            codes.extend(places[..before + done].iter().map(|at| few.0[usize::from(*at)]));
            *self = Self::Many(codes);
        }
        if let Self::Many(codes) = self {
            codes.extend_from_slice(&more[done..]);
        }
    }

    /// Adds to each of the sums what the code of a cell stands for, beginning with one of the cells.
    pub(super) fn add(&self, from: usize, sums: &mut [u32], of: impl Fn(u32) -> u32) {
        match self {
            Self::Few(places, few) => {
                let worth = few.0.map(of);
                for (sum, place) in sums.iter_mut().zip(&places[from..]) {
                    *sum += worth[usize::from(*place)];
                }
            }
            Self::Many(codes) => {
                sums.iter_mut().zip(&codes[from..]).for_each(|(sum, code)| *sum += of(*code));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back_whether_they_are_few_or_many() {
        for different in [1, 2, 100, 255, 256, 257, 5_000_u32] {
            let all: Vec<u32> =
                (0..7_000).map(|at: u32| (at % different).wrapping_mul(0x8000_0011)).collect();
            let mut codes = Codes::of(all.len());
            for some in all.chunks(993) {
                codes.append(some);
            }
            assert!((0..).zip(&all).all(|(at, code)| codes.get(at) == *code), "{different}");
            let is_few = matches!(codes, Codes::Few(..));
            assert!(is_few && different < 257 || !is_few && different > 100, "{different}");
            let mut sums = vec![1; 900];
            codes.add(6_000, &mut sums, |code| code % 10);
            assert!(sums.iter().zip(&all[6_000..]).all(|(sum, code)| *sum == 1 + code % 10));
        }
    }
}
