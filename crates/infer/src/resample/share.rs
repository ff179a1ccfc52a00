use super::bootstrap::Bootstrap;
use super::units::{Resampled, Units, Urn, Weighted};
use crate::Result;
use crate::correlate::{Complete, Method};
use ssi_vocab::{Analysis, Estimate, Level, Progress, Table};

/// Fewer respondents than this have shares without an interval.
const FEWEST: usize = 4;

/// What each part of a sum contributes to the sum's covariance with a variable, with bootstrap
/// intervals: the BCa row of each part, in their order.
///
/// # Formula
/// share(j) = cov(x, pⱼ)/Σₖ cov(x, pₖ): the shares add up to 1, and one is below 0 where its part
/// goes the other way. Respondents are drawn with replacement, all their values together; intervals
/// as of [`super::bootstrap_bca`]. A resample in which the sum does not rise with x has no shares:
/// where that is more than one in twenty there is no interval, for the denominator may be 0.
///
/// # Assumptions
/// Respondents are independent.
///
/// # Missing data
/// Complete cases of x and all parts.
///
/// # Errors
/// [`crate::Error::TooFew`] below 3 respondents, [`crate::Error::Constant`],
/// [`crate::Error::TooFewResamples`], [`crate::Error::Interrupted`].
///
/// # References
/// Efron (1987), doi:10.1080/01621459.1987.10478410.
pub fn covariance_shares(
    table: &Table,
    x: &str,
    parts: &[&str],
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> Result<Vec<Estimate>> {
    let names: Vec<&str> = std::iter::once(x).chain(parts.iter().copied()).collect();
    let complete = Complete::new(table, &names, Method::Pearson)?;
    complete.check("shares of a covariance", 3)?;
    let counts = complete.counts();
    let units = Units::respondents(complete.columns()[0].len(), counts);
    let centred: Vec<Vec<f64>> =
        complete.columns().iter().map(|column| centred(column, counts)).collect();
    let whole: Vec<f64> =
        (0..centred[0].len()).map(|i| centred[1..].iter().map(|part| part[i]).sum()).collect();
    (0..parts.len())
        .map(|part| {
            let share = Share { x: &centred[0], part: &centred[part + 1], whole: &whole };
            let own: Vec<u64> = counts.map_or_else(|| vec![1; centred[0].len()], <[u64]>::to_vec);
            let (x, y) = (&complete.names()[0], &complete.names()[part + 1]);
            let blank = Estimate {
                value: share.at(&own, &mut Vec::new()),
                x: Some(x.clone()),
                y: Some(y.clone()),
                n_excluded: complete.n_excluded(),
                ..Estimate::new(
                    Analysis::Correlation,
                    "covariance_share",
                    format!("{x}, {y}"),
                    complete.n_obs(),
                )
            };
            let urn = Urn { units: &units, statistic: &share, too_few: complete.n_obs() < FEWEST };
            urn.draw(&blank, how, level, progress).map(|Resampled { bca, .. }| bca)
        })
        .collect()
}

/// A column less its mean.
fn centred(column: &[f64], counts: Option<&[u64]>) -> Vec<f64> {
    let weight = |i: usize| counts.map_or(1.0, |counts| counts[i] as f64);
    let (sum, n) = column
        .iter()
        .enumerate()
        .fold((0.0, 0.0), |(sum, n), (i, v)| (sum + weight(i) * v, n + weight(i)));
    column.iter().map(|v| v - sum / n).collect()
}

struct Share<'a> {
    x: &'a [f64],
    part: &'a [f64],
    whole: &'a [f64],
}

impl Weighted for Share<'_> {
    fn at(&self, weights: &[u64], slopes: &mut Vec<f64>) -> Option<f64> {
        let (x, part, whole) = (self.x, self.part, self.whole);
        let drawn = || weights.iter().enumerate().filter(|(_, w)| **w > 0);
        let (mut n, mut mx, mut mp, mut ms) = (0.0, 0.0, 0.0, 0.0);
        for (i, w) in drawn() {
            let w = *w as f64;
            n += w;
            mx += w * x[i];
            mp += w * part[i];
            ms += w * whole[i];
        }
        (mx, mp, ms) = (mx / n, mp / n, ms / n);
        let (mut a, mut b, mut size) = (0.0, 0.0, 0.0);
        for (i, w) in drawn() {
            let dx = *w as f64 * (x[i] - mx);
            let product = dx * (whole[i] - ms);
            a += dx * (part[i] - mp);
            b += product;
            size += product.abs();
        }
        // Rounding alone is no covariance.
        if b.is_nan() || b <= 1e-13 * size {
            return None;
        }
        let share = a / b;
        slopes.clear();
        let slope = |i: usize| (x[i] - mx) * ((part[i] - mp) - share * (whole[i] - ms)) / b;
        slopes.extend((0..weights.len()).map(slope));
        Some(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::{Column, Note, Quiet};

    fn table(sign: f64) -> Table {
        let of = |f: &dyn Fn(f64) -> f64| (0..40).map(|i| Ok(f(f64::from(i)))).collect();
        let columns = vec![
            Column::number("x", of(&|i| i + 3.0 * (i * 1.7).sin())),
            Column::number("a", of(&|i| sign * 2.0 * i + 5.0 * (i * 0.9).cos())),
            Column::number("b", of(&|i| sign * i + 4.0 * (i * 2.3).sin())),
            Column::number("c", of(&|i| (i * 3.1).cos())),
        ];
        Table::new(columns, (2..42).collect()).unwrap()
    }

    fn shares(table: &Table) -> Vec<Estimate> {
        let how = Bootstrap { resamples: 500, seed: 3 };
        let parts = ["a", "b", "c"];
        covariance_shares(table, "x", &parts, &how, Level::DEFAULT, &Quiet).unwrap()
    }

    #[test]
    fn shares_add_up_and_are_the_ratios_of_slopes() {
        let table = table(1.0);
        let rows = shares(&table);
        let sum: f64 = rows.iter().filter_map(|row| row.value).sum();
        assert!((sum - 1.0).abs() < 1e-14, "{sum}");
        let slope = |y: &str| {
            let pair = table.paired("x", y).unwrap();
            let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
            let (mx, my) = (mean(pair.x()), mean(pair.y()));
            pair.x().iter().zip(pair.y()).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>()
        };
        let expected = slope("a") / (slope("a") + slope("b") + slope("c"));
        assert!((rows[0].value.unwrap() - expected).abs() < 1e-13);
        let held = |row: &Estimate| {
            let value = row.value.unwrap();
            row.interval.as_ref().is_some_and(|i| i.low < value && value < i.high)
        };
        assert!(rows.iter().all(held));
    }

    #[test]
    fn counts_give_what_rows_give() {
        let rows = shares(&table(1.0));
        let counted = table(1.0).with_counts(vec![1; 40]).unwrap();
        let value = |rows: &[Estimate]| rows.iter().map(|row| row.value).collect::<Vec<_>>();
        assert_eq!(value(&rows), value(&shares(&counted)));
        let doubled = table(1.0).with_counts(vec![2; 40]).unwrap();
        let near = |(a, b): (&Option<f64>, &Option<f64>)| (a.unwrap() - b.unwrap()).abs() < 1e-13;
        assert!(value(&rows).iter().zip(&value(&shares(&doubled))).all(near));
        assert_eq!(shares(&doubled)[0].n_obs, 80);
    }

    #[test]
    fn a_sum_that_does_not_rise_has_no_shares() {
        let row = &shares(&table(-1.0))[0];
        assert_eq!((row.value, &row.interval), (None, &None));
        assert_eq!(row.note, Some(Note::DegenerateResamples));
    }
}
