//! What the figures of the claims show.

use super::axis::round_axis;
use crate::necessity::Necessity;
use crate::rates::{Composition, Rate, fisher, none_of};
use crate::{Result, necessity};
use ssi_vocab::Level;
use ssi_vocab::drawing::{Axis, Band, Ceilings, Curve, Points, Ratio, Surface};

/// A condition and an outcome with their ceilings; a high outcome without the condition is one of at
/// least `high` with a condition below `least`.
pub fn ceilings(
    found: &Necessity,
    (high, least): (Option<f64>, Option<f64>),
    y_axis: Axis,
    seed: u64,
) -> Ceilings {
    let (points, capped) = found.points.drawn();
    let necessity::Scope { x: [left, right], y: [bottom, top] } = found.scope;
    let mut steps = Curve::default();
    let mut level = bottom;
    let mut corner = |x: f64, y: f64| {
        steps.x.push(x);
        steps.y.push(y);
    };
    corner(left, level);
    for peer in found.peers.iter().filter(|peer| !peer.capped) {
        corner(peer.x, level);
        corner(peer.x, peer.y);
        level = peer.y;
    }
    corner(right, level);
    let line = found.cr_fdh.and_then(|ceiling| ceiling.line);
    let line = line.map(|line| {
        // From where it leaves the bottom of the scope to where it reaches the top.
        let ends = [bottom, top].map(|y| line.reaches(y).clamp(left, right));
        Curve { x: ends.to_vec(), y: ends.map(|x| line.at(x)).to_vec() }
    });
    let exception = |(x, y): &&(f64, f64)| {
        high.is_some_and(|high| *y >= high) && least.is_some_and(|least| *x < least)
    };
    Ceilings {
        exceptions: points.iter().filter(exception).count() as u64,
        points: Points {
            x: points.iter().map(|p| p.0).collect(),
            y: points.iter().map(|p| p.1).collect(),
        },
        capped,
        steps,
        line,
        high,
        least,
        x_axis: round_axis(left, right, 6),
        y_axis,
        seed,
    }
}

/// Fisher's p of a rate against what is known of another only within ranges, and how likely no
/// event is at all where the other's rates vary.
///
/// # Errors
/// [`crate::Error::Rate`].
pub fn surface(here: Rate, trials: [u64; 2], rates: [f64; 2]) -> Result<Surface> {
    const COLUMNS: u64 = 120;
    const ROWS: usize = 60;
    let most = (trials[1] + trials[1] / 5).max(40);
    let least = 5;
    let step = (most - least).div_ceil(COLUMNS).max(1);
    let columns: Vec<u64> = (least..=most).step_by(step as usize).collect();
    let (bottom, top) = ((rates[0] / 2.0).max(0.001), (rates[1] * 1.5).min(1.0));
    let rows: Vec<f64> =
        (0..ROWS).map(|i| bottom + (top - bottom) * (i as f64 + 0.5) / ROWS as f64).collect();
    let p = |rate: f64, n: u64| -> Result<f64> {
        let events = (rate * n as f64).round() as u64;
        Ok(fisher(here, Rate::new(events.min(n), n)?).test.map_or(1.0, |t| t.p_value.get()))
    };
    let p: Vec<Vec<f64>> = rows
        .iter()
        .map(|rate| columns.iter().map(|n| p(*rate, *n)).collect())
        .collect::<Result<_>>()?;
    let middle = (rates[0] + rates[1]) / 2.0;
    let shown = if rates[0] < rates[1] { vec![rates[1], middle, rates[0]] } else { vec![rates[0]] };
    let widest = 100.0 * rates[0] * 0.99;
    let none = |rate: &f64| {
        let sd: Vec<f64> = (0..=60).map(|i| widest * f64::from(i) / 60.0).collect();
        let y = sd.iter().map(|sd| 100.0 * none_of(here.trials(), *rate, sd / 100.0)).collect();
        Curve { x: sd, y }
    };
    // Where something was seen, the probability of nothing is no answer.
    let shown = if here.events() == 0 { shown } else { Vec::new() };
    let none: Vec<Curve> = shown.iter().map(none).collect();
    let smallest = none.iter().flat_map(|c| &c.y).copied().fold(100.0, f64::min);
    let percent = |share: f64| 100.0 * share;
    Ok(Surface {
        trials: columns.iter().map(|n| *n as f64).collect(),
        rates: rows.iter().map(|rate| percent(*rate)).collect(),
        p,
        given_trials: trials.map(|n| n as f64),
        given_rates: rates.map(percent),
        none,
        none_rates: shown.iter().map(|rate| percent(*rate)).collect(),
        x_axis: Axis {
            min: least as f64,
            ..round_axis(least as f64, *columns.last().unwrap_or(&most) as f64, 6)
        },
        y_axis: round_axis(percent(bottom), percent(top), 6),
        sd_axis: round_axis(0.0, widest, 5),
        none_powers: [(smallest.max(1e-6).log10().floor() as i32).max(-6), 2],
    })
}

/// A ratio of shares with its interval over the unknown number of contacts.
///
/// # Errors
/// [`crate::Error::Rate`].
pub fn ratio(
    composition: &Composition,
    claimed: f64,
    known: Option<u64>,
    level: Level,
) -> Result<Ratio> {
    // As far as a network goes: LinkedIn ends it at 30,000.
    const SIZES: [f64; 8] = [50.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 10_000.0, 30_000.0];
    const STEPS: u32 = 160;
    let (mut exact, mut rounded) = (Band::default(), Band::default());
    let (low, high) = (SIZES[0].ln(), SIZES[7].ln());
    let mut last = 0;
    for i in 0..=STEPS {
        let n = (low + (high - low) * f64::from(i) / f64::from(STEPS)).exp().round() as u64;
        if n == last {
            continue;
        }
        last = n;
        let rows = [composition.with_contacts(n, level)?, composition.with_rounding(n, level)?];
        for (band, row) in [&mut exact, &mut rounded].into_iter().zip(rows) {
            if let Some(interval) = row.interval {
                band.x.push(n as f64);
                band.low.push(interval.low);
                band.high.push(interval.high);
            }
        }
    }
    let ratio = composition.ratio();
    let most = rounded.high.iter().copied().fold(ratio, f64::max).max(claimed);
    let least = rounded.low.iter().copied().filter(|v| *v > 0.0).fold(1.0, f64::min);
    const ROUND: [f64; 13] =
        [0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 20.0, 50.0, 100.0, 1_000.0];
    let from = ROUND.iter().rposition(|v| *v <= least.max(0.2)).unwrap_or(0);
    let to = ROUND.iter().position(|v| *v >= most).unwrap_or(ROUND.len() - 1);
    Ok(Ratio {
        ratio,
        above_one: above_one(composition, &exact, level)?,
        exact,
        rounded,
        claimed,
        known: known.map(|n| n as f64),
        x_ticks: SIZES.to_vec(),
        y_ticks: ROUND[from..=to.max(from + 1)].to_vec(),
    })
}

/// The number of contacts from which on the exact interval lies above 1: between the last place of
/// the band where it does not and the next, one contact at a time.
fn above_one(composition: &Composition, exact: &Band, level: Level) -> Result<Option<f64>> {
    let Some(last) = exact.low.iter().rposition(|low| *low <= 1.0) else {
        return Ok(exact.x.first().copied());
    };
    let Some(next) = exact.x.get(last + 1) else { return Ok(None) };
    let mut from = *next as u64;
    while from - 1 > exact.x[last] as u64 {
        let interval = composition.with_contacts(from - 1, level)?.interval;
        if interval.is_none_or(|i| i.low <= 1.0) {
            break;
        }
        from -= 1;
    }
    Ok(Some(from as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rates::Rounded;

    #[test]
    fn one_contact_fewer_and_the_interval_holds_1() {
        let of = |value, half_unit| Rounded { value, half_unit };
        let article = Composition::new(of(0.025, 0.0005), of(2.0, 0.5), of(562.0, 0.5)).unwrap();
        let drawn = ratio(&article, 6.0, None, Level::DEFAULT).unwrap();
        let from = drawn.above_one.unwrap() as u64;
        let low = |n| article.with_contacts(n, Level::DEFAULT).unwrap().interval.unwrap().low;
        assert!(low(from) > 1.0 && low(from - 1) <= 1.0, "{from}");
        let never = Composition::new(of(0.0036, 0.0), of(2.0, 0.5), of(562.0, 0.5)).unwrap();
        assert_eq!(ratio(&never, 6.0, None, Level::DEFAULT).unwrap().above_one, None);
    }
}
