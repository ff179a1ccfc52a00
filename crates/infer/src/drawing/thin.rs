use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ssi_vocab::drawing::{Band, Diagnostics, Points, Thinned};
use std::collections::BTreeSet;

/// Up to so many points all are drawn.
const MANY: usize = 5_000;

/// So many points are kept for each way to lie far out.
const EXTREME: usize = 50;

/// So many of the other points are kept.
const SAMPLED: usize = 600;

/// Stream of the sample: above those of the envelope.
const STREAM: u64 = 1 << 32;

/// The panels of a large fit with some of their points: the 50 with the largest residuals, the 50
/// of the highest leverage and the 50 of the largest influence, and a random 600 of the rest, the same respondents in every panel. Below 5,000 points, all of them.
///
/// A picture of 100,000 points is a blot that takes megabytes; what is looked for in it are its
/// edges, which stay whole, and where it is dense, which a sample shows.
///
/// `cooks` are Cook's distances; `order` sorts the points by residual, as the second panel has them.
pub(super) fn thin(all: Diagnostics, order: &[usize], cooks: &[f64], seed: u64) -> Diagnostics {
    let of = cooks.len();
    if of <= MANY {
        return all;
    }
    let sizes: Vec<f64> = all.leverage.y.iter().map(|r| r.abs()).collect();
    let extreme: BTreeSet<usize> =
        [&sizes[..], &all.leverage.x, cooks].into_iter().flat_map(largest).collect();
    let mut kept: Vec<usize> = extreme.iter().copied().collect();
    kept.extend(sampled((0..of).filter(|i| !extreme.contains(i)), of - extreme.len(), seed));
    kept.sort_unstable();

    let (quantiles, envelope) = (&all.quantiles, &all.quantiles_envelope);
    let outside = (0..of)
        .filter(|i| quantiles.y[*i] < envelope.low[*i] || quantiles.y[*i] > envelope.high[*i])
        .count();
    let sorted: Vec<usize> =
        (0..of).filter(|place| kept.binary_search(&order[*place]).is_ok()).collect();
    let points = |from: &Points, places: &[usize]| Points {
        x: pick(&from.x, places),
        y: pick(&from.y, places),
    };
    let again = |old: &[usize], places: &[usize]| {
        old.iter().filter_map(|i| places.binary_search(i).ok()).collect()
    };
    Diagnostics {
        residuals: points(&all.residuals, &kept),
        quantiles: points(quantiles, &sorted),
        quantiles_envelope: Band {
            x: pick(&envelope.x, &sorted),
            low: pick(&envelope.low, &sorted),
            high: pick(&envelope.high, &sorted),
        },
        scale: points(&all.scale, &kept),
        leverage: points(&all.leverage, &kept),
        influential: again(&all.influential, &kept),
        influential_quantiles: again(&all.influential_quantiles, &sorted),
        thinned: Some(Thinned { of, extreme: extreme.len(), outside }),
        ..all
    }
}

fn pick(values: &[f64], places: &[usize]) -> Vec<f64> {
    places.iter().map(|i| values[*i]).collect()
}

/// Where the largest values stand; of equal ones, the first.
fn largest(values: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    places.sort_by(|a, b| values[*b].total_cmp(&values[*a]).then(a.cmp(b)));
    places.truncate(EXTREME);
    places
}

/// A simple random sample of `from`, which has `left` items, in their order.
///
/// # References
/// Selection sampling: Fan, Muller and Rezucha (1962), doi:10.1080/01621459.1962.10480667.
fn sampled(from: impl Iterator<Item = usize>, mut left: usize, seed: u64) -> Vec<usize> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(STREAM);
    let mut needed = SAMPLED;
    from.filter(|_| {
        let taken = rng.gen_range(0..left) < needed;
        left -= 1;
        needed -= usize::from(taken);
        taken
    })
    .collect()
}
