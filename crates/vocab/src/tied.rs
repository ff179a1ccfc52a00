//! Long lists of tied values, written as each different value and how often it occurs.

use crate::drawing::Points;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// A list of so many values is written one by one.
const MANY: usize = 5_000;

/// A number that sorts as [`f64::total_cmp`] does.
fn ordered(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// The different items in ascending order, and how often each occurs; `None` where the list is short,
/// or so few items are equal that nothing would be gained.
fn counted<T: Copy, K: Ord>(
    items: impl ExactSizeIterator<Item = T>,
    key: impl Fn(T) -> K,
) -> Option<Vec<(T, u64)>> {
    let n = items.len();
    if n <= MANY {
        return None;
    }
    let mut counts: BTreeMap<K, (T, u64)> = BTreeMap::new();
    for item in items {
        counts.entry(key(item)).or_insert((item, 0)).1 += 1;
    }
    (2 * counts.len() <= n).then(|| counts.into_values().collect())
}

/// [`Points`] as they are written: with counts where many stand on the same place.
#[derive(Serialize, Deserialize)]
pub(crate) struct Written {
    x: Vec<f64>,
    y: Vec<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    counts: Vec<u64>,
}

impl From<Points> for Written {
    fn from(points: Points) -> Self {
        let places = points.x.iter().copied().zip(points.y.iter().copied());
        let pairs: Vec<(f64, f64)> = places.collect();
        let key = |(x, y): (f64, f64)| (ordered(x), ordered(y));
        match counted(pairs.into_iter(), key) {
            None => Self { x: points.x, y: points.y, counts: Vec::new() },
            Some(places) => Self {
                x: places.iter().map(|((x, _), _)| *x).collect(),
                y: places.iter().map(|((_, y), _)| *y).collect(),
                counts: places.into_iter().map(|(_, count)| count).collect(),
            },
        }
    }
}

impl From<Written> for Points {
    fn from(written: Written) -> Self {
        let Written { x, y, counts } = written;
        if counts.is_empty() {
            return Self { x, y };
        }
        Self { x: repeated(&x, &counts), y: repeated(&y, &counts) }
    }
}

fn repeated(values: &[f64], counts: &[u64]) -> Vec<f64> {
    let each = values.iter().zip(counts);
    each.flat_map(|(value, count)| std::iter::repeat_n(*value, *count as usize)).collect()
}

/// Ascending values as they are written.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Values {
    Each(Vec<f64>),
    Counted { values: Vec<f64>, counts: Vec<u64> },
}

pub(crate) fn serialize<S: Serializer>(values: &[f64], to: S) -> Result<S::Ok, S::Error> {
    match counted(values.iter().copied(), ordered) {
        None => values.serialize(to),
        Some(counted) => {
            let (values, counts) = counted.into_iter().unzip();
            Values::Counted { values, counts }.serialize(to)
        }
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
    Ok(match Values::deserialize(from)? {
        Values::Each(values) => values,
        Values::Counted { values, counts } => repeated(&values, &counts),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_ordered_as_numbers_are() {
        let ascending = [f64::NEG_INFINITY, -2.0, -1e-300, -0.0, 0.0, 0.5, 7.0, f64::INFINITY];
        assert!(ascending.windows(2).all(|pair| ordered(pair[0]) < ordered(pair[1])));
    }

    #[test]
    fn many_tied_points_are_counted_and_no_point_is_lost() {
        let x: Vec<f64> = (0..6_000_u32).map(|i| f64::from(i % 7)).collect();
        let y: Vec<f64> = x.iter().map(|v| v * 0.5).collect();
        let written = Written::from(Points { x: x.clone(), y });
        assert_eq!((written.x.len(), written.counts.iter().sum::<u64>()), (7, 6_000));
        let mut back = Points::from(written).x;
        assert_eq!(back.len(), x.len());
        back.dedup();
        assert_eq!(back, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    #[test]
    fn few_points_and_points_that_differ_are_listed() {
        let x: Vec<f64> = (0..6_000_u32).map(f64::from).collect();
        for n in [3, 6_000] {
            let points = Points { x: x[..n].to_vec(), y: x[..n].to_vec() };
            let written = Written::from(points.clone());
            assert!(written.counts.is_empty());
            assert_eq!(Points::from(written), points);
        }
    }
}
