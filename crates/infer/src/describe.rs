//! One column described: how many, where, how wide, what shape.

mod hall;
mod median;
mod order;

pub use hall::hall;
pub use median::median;

use crate::correlate::moments::Scaled;
use crate::double_double::DoubleDouble;
use crate::sums::{LANES, Sum, Wide, lanes, stretches};
use crate::tails::t_upper_quantile;
use crate::{Error, Result};
use ssi_vocab::{Analysis, Capped, Cells, Column, Estimate, Interval, Level, Note};
use std::ops::Range;

/// The description of a column of numbers: `n missing mean sd median q1 q3 min max skewness
/// kurtosis lag1`, an estimate each, in this order.
///
/// `counts` are frequency weights: row `i` stands for `counts[i]` respondents, one after the
/// other. The mean carries its standard error and t interval; what is undefined (the sd of one
/// respondent, the skewness of a constant) has no value and a note.
///
/// # Formula
/// Mean and central sums are carried in double-double and rounded once, so that a large offset
/// costs no digits; where decimal text said more than a double holds ([`Column::rest`]), that
/// counts too. sd with n − 1. Quantiles of type 7. Skewness G₁ and excess kurtosis G₂, as
/// pandas, SAS and Excel:
/// G₁ = √(n(n − 1))/(n − 2) · m₃/m₂^(3/2), G₂ = (n − 1)/((n − 2)(n − 3)) · ((n + 1)(m₄/m₂² − 3) + 6).
/// Autocorrelation at lag 1 as NIST defines it: Σ(xᵢ − x̄)(xᵢ₊₁ − x̄) / Σ(xᵢ − x̄)², in file order.
///
/// A capped column ("500+") has only what the order of its values tells: quartiles that lie below
/// the cap, and the minimum.
///
/// # Missing data
/// Missing cells are counted in `missing` and left out of the rest; for `lag1` the gap is closed.
///
/// # Errors
/// [`Error::Input`] for a column of words.
///
/// # References
/// Hyndman, R. J. & Fan, Y. (1996). Sample quantiles in statistical packages.
/// doi:10.1080/00031305.1996.10473566. Joanes, D. N. & Gill, C. A. (1998). Comparing measures of
/// sample skewness and kurtosis. doi:10.1111/1467-9884.00122
///
/// # Example
/// ```
/// use ssi_infer::describe::describe;
/// use ssi_vocab::{Column, Level};
///
/// let column = Column::number("ssi", [10000001.0, 10000003.0, 10000002.0].map(Ok).to_vec());
/// let rows = describe(&column, None, Level::DEFAULT)?;
/// let value = |method: &str| rows.iter().find(|e| e.method == method).and_then(|e| e.value);
/// assert_eq!(value("mean"), Some(10000002.0));
/// assert_eq!(value("sd"), Some(1.0));
/// assert_eq!(value("lag1"), Some(-0.5));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn describe(column: &Column, counts: Option<&[u64]>, level: Level) -> Result<Vec<Estimate>> {
    Ok(Sample::new(column, counts)?.describe(level))
}

/// The description of plain values without gaps; see [`describe`].
///
/// # Errors
/// [`Error::Input`] where a value is not finite.
pub fn describe_values(name: &str, values: &[f64], level: Level) -> Result<Vec<Estimate>> {
    if let Some(i) = values.iter().position(|v| !v.is_finite()) {
        let (column, row, value) = (name.to_owned(), i + 1, values[i]);
        return Err(Error::Input(ssi_vocab::Error::NotFinite { column, row, value }));
    }
    Ok(Sample { values: values.to_vec(), ..Sample::of(name) }.describe(level))
}

/// A column without its gaps, in file order.
struct Sample<'a> {
    name: &'a str,
    values: Vec<f64>,
    rests: Option<Vec<f64>>,
    /// None where every row stands for one respondent.
    weights: Option<Vec<u64>>,
    /// Respondents with a capped value: it stands above every other.
    capped: u64,
    missing: u64,
}

impl<'a> Sample<'a> {
    /// Of nothing yet.
    fn of(name: &'a str) -> Self {
        Self { name, values: Vec::new(), rests: None, weights: None, capped: 0, missing: 0 }
    }

    /// A column without its gaps.
    fn new(column: &'a Column, counts: Option<&[u64]>) -> Result<Self> {
        let weight = |i: usize| counts.map_or(1, |w| w.get(i).copied().unwrap_or(0));
        let mut sample =
            Sample { rests: column.rest.as_ref().map(|_| Vec::new()), ..Sample::of(&column.name) };
        sample.weights = counts.map(|_| Vec::new());
        let mut take = |i: usize, cell: Option<Capped>| match cell.filter(|c| c.value.is_finite()) {
            Some(_) if weight(i) == 0 => {}
            Some(Capped { at_least: true, .. }) => sample.capped += weight(i),
            Some(Capped { value, .. }) => {
                sample.values.push(value);
                if let Some(weights) = &mut sample.weights {
                    weights.push(weight(i));
                }
                if let (Some(rests), Some(own)) = (&mut sample.rests, &column.rest) {
                    rests.push(own[i]);
                }
            }
            None => sample.missing += weight(i),
        };
        let exactly = |value: f64| Capped { value, at_least: false };
        match &column.cells {
            Cells::Capped(values) => values.iter().enumerate().for_each(|(i, v)| take(i, v.ok())),
            _ => {
                let values = column.numbers()?.iter().enumerate();
                values.for_each(|(i, v)| take(i, v.ok().map(exactly)));
            }
        }
        Ok(sample)
    }

    /// Respondents with a value that is not capped.
    fn uncapped(&self) -> u64 {
        match &self.weights {
            Some(weights) => weights.iter().sum(),
            None => self.values.len() as u64,
        }
    }
}

impl Sample<'_> {
    fn describe(&self, level: Level) -> Vec<Estimate> {
        let n = self.uncapped() + self.capped;
        let mut rows =
            vec![self.row("n", Ok(n as f64)), self.row("missing", Ok(self.missing as f64))];
        let capped = self.capped > 0;
        let shape = if capped {
            [Err(Note::Capped); 5]
        } else {
            let shape = Shape::new(&self.values, self.rests.as_deref(), self.weights.as_deref());
            rows.push(self.mean_row(&shape, level));
            [Err(Note::Capped), shape.sd(), shape.skewness(), shape.kurtosis(), shape.lag1()]
        };
        let [mean, sd, skewness, kurtosis, lag1] = shape;
        if capped {
            rows.push(self.row("mean", mean));
        }
        rows.push(self.row("sd", sd));
        const QUANTILES: [(&str, f64); 5] =
            [("median", 0.5), ("q1", 0.25), ("q3", 0.75), ("min", 0.0), ("max", 1.0)];
        let quantiles = order::quantiles(
            &self.values,
            self.rests.as_deref(),
            self.weights.as_deref(),
            self.capped,
            &QUANTILES.map(|(_, p)| p),
        );
        for ((method, _), value) in QUANTILES.into_iter().zip(quantiles) {
            rows.push(self.row(method, value));
        }
        rows.push(self.row("skewness", skewness));
        rows.push(self.row("kurtosis", kurtosis));
        rows.push(self.row("lag1", lag1));
        rows
    }

    fn row(&self, method: &str, value: std::result::Result<f64, Note>) -> Estimate {
        let n = self.uncapped() + self.capped;
        // Only a column that fills the range of a double has an infinite spread.
        let value = value.and_then(|v| if v.is_finite() { Ok(v) } else { Err(Note::TooFew) });
        Estimate {
            x: Some(self.name.to_owned()),
            value: value.ok(),
            note: value.err(),
            n_excluded: self.missing as usize,
            ..Estimate::new(Analysis::Description, method, self.name, n as usize)
        }
    }

    fn mean_row(&self, shape: &Shape, level: Level) -> Estimate {
        let mut row = self.row("mean", shape.mean());
        let Some(mean) = row.value else { return row };
        let Ok(sd) = shape.sd() else {
            row.note = Some(Note::TooFewForInterval);
            return row;
        };
        let std_error = sd / shape.n.sqrt();
        let reach = t_upper_quantile(level.tail(), shape.n - 1.0) * std_error;
        row.std_error = Some(std_error);
        row.interval =
            Some(Interval { low: mean - reach, high: mean + reach, level, method: "t".to_owned() });
        row
    }
}

/// Mean and central sums of the values times `scale`, a power of two.
struct Shape {
    n: f64,
    scale: f64,
    constant: bool,
    mean: DoubleDouble,
    squares: DoubleDouble,
    cubes: DoubleDouble,
    fourths: DoubleDouble,
    neighbours: DoubleDouble,
}

impl Shape {
    fn new(values: &[f64], rests: Option<&[f64]>, weights: Option<&[u64]>) -> Self {
        let scaled = Scaled::new(values, rests);
        let n = weights.map_or(values.len() as u64, |w| w.iter().sum());
        let mean = scaled.mean(weights);
        let sums = match weights {
            None => central_sums(values, rests, scaled.scale, mean),
            Some(weights) => weighted_sums(&scaled, weights, mean),
        };
        let [squares, cubes, fourths, neighbours] = sums;
        Self {
            n: n as f64,
            scale: scaled.scale,
            constant: (0..values.len()).all(|i| scaled.at(i) == scaled.at(0)),
            mean,
            squares,
            cubes,
            fourths,
            neighbours,
        }
    }

    fn mean(&self) -> std::result::Result<f64, Note> {
        if self.n < 1.0 { Err(Note::TooFew) } else { Ok(f64::from(self.mean) / self.scale) }
    }

    fn sd(&self) -> std::result::Result<f64, Note> {
        if self.n < 2.0 {
            return Err(Note::TooFew);
        }
        if self.constant {
            return Ok(0.0);
        }
        Ok(f64::from((self.squares / (self.n - 1.0).into()).sqrt()) / self.scale)
    }

    fn defined_from(&self, needed: f64) -> std::result::Result<(), Note> {
        if self.n < needed {
            Err(Note::TooFew)
        } else if self.constant {
            Err(Note::ConstantColumn)
        } else {
            Ok(())
        }
    }

    fn skewness(&self) -> std::result::Result<f64, Note> {
        self.defined_from(3.0)?;
        let n = self.n;
        let second = self.squares / n.into();
        let g = self.cubes / DoubleDouble::from(n) / (second * second.sqrt());
        let correction = DoubleDouble::product(n, n - 1.0).sqrt() / (n - 2.0).into();
        Ok(f64::from(correction * g))
    }

    fn kurtosis(&self) -> std::result::Result<f64, Note> {
        self.defined_from(4.0)?;
        let n = self.n;
        let ratio = self.fourths * n / (self.squares * self.squares);
        let excess = (ratio - 3.0.into()) * (n + 1.0) + 6.0.into();
        let correction = DoubleDouble::from(n - 1.0) / DoubleDouble::product(n - 2.0, n - 3.0);
        Ok(f64::from(correction * excess))
    }

    fn lag1(&self) -> std::result::Result<f64, Note> {
        self.defined_from(2.0)?;
        Ok(f64::from(self.neighbours / self.squares))
    }
}

/// Σ w d², Σ w d³, Σ w d⁴ and Σ dᵢdᵢ₊₁ of deviations d from the mean.
fn weighted_sums(scaled: &Scaled<'_>, weights: &[u64], mean: DoubleDouble) -> [DoubleDouble; 4] {
    let [mut squares, mut cubes, mut fourths, mut neighbours] = [DoubleDouble::ZERO; 4];
    let mut last = DoubleDouble::ZERO;
    for (i, weight) in weights.iter().enumerate() {
        let weight = *weight as f64;
        let d = scaled.at(i) - mean;
        let square = d * d;
        squares += square * weight;
        cubes += square * d * weight;
        fourths += square * square * weight;
        // A row that stands for several respondents has itself as a neighbour.
        neighbours += last * d + square * (weight - 1.0);
        last = d;
    }
    [squares, cubes, fourths, neighbours]
}

/// The same where each row is one respondent, several at a time.
fn central_sums(
    values: &[f64],
    rests: Option<&[f64]>,
    scale: f64,
    mean: DoubleDouble,
) -> [DoubleDouble; 4] {
    let parts = stretches(values.len(), |rows| {
        // Each row but the first has the one before it as a neighbour.
        let (first, end) = (rows.start.max(1).min(rows.end), rows.end);
        let (own, before) = (first..end, first.saturating_sub(1)..end.saturating_sub(1));
        let plain = |rows: &Range<usize>| deviations(&values[rows.clone()], scale, mean);
        match rests {
            None => gathered(plain(&rows), plain(&before).zip(plain(&own))),
            Some(rests) => {
                let with = |rows: &Range<usize>| {
                    let rests = lanes(&rests[rows.clone()], scale, 0.0);
                    plain(rows).zip(rests).map(|(d, rest)| d.shifted(rest))
                };
                gathered(with(&rows), with(&before).zip(with(&own)))
            }
        }
    });
    [0, 1, 2, 3].map(|j| parts.iter().fold(DoubleDouble::ZERO, |sum, part| sum + part[j]))
}

fn gathered(
    all: impl Iterator<Item = Wide>,
    neighbours: impl Iterator<Item = (Wide, Wide)>,
) -> [DoubleDouble; 4] {
    let mut sums = [Sum::ZERO; 4];
    for d in all {
        let square = d.times(d);
        for (sum, term) in sums.iter_mut().zip([square, square.times(d), square.times(square)]) {
            sum.add(term);
        }
    }
    for (a, b) in neighbours {
        sums[3].add(a.times(b));
    }
    sums.map(Sum::total)
}

/// Deviations of values times `scale` from their mean; what fills up the last lanes has none.
fn deviations(values: &[f64], scale: f64, mean: DoubleDouble) -> impl Iterator<Item = Wide> {
    let (whole, rest) = values.split_at(values.len() - values.len() % LANES);
    let last = std::array::from_fn(|l| if l < rest.len() { -mean.lo } else { 0.0 });
    let from = move |lane, by| Wide::difference(lane, mean.hi).shifted(by);
    lanes(whole, scale, mean.hi)
        .map(move |lane| from(lane, [-mean.lo; LANES]))
        .chain(lanes(rest, scale, mean.hi).map(move |lane| from(lane, last)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Missing;

    fn value(rows: &[Estimate], method: &str) -> Option<f64> {
        rows.iter().find(|e| e.method == method).and_then(|e| e.value)
    }

    fn note(rows: &[Estimate], method: &str) -> Option<Note> {
        rows.iter().find(|e| e.method == method).and_then(|e| e.note)
    }

    #[test]
    fn rows_come_in_the_order_of_the_contract() {
        let rows = describe_values("a", &[1.0, 2.0, 4.0, 8.0], Level::DEFAULT).unwrap();
        let methods: Vec<&str> = rows.iter().map(|e| e.method.as_str()).collect();
        let expected = "n missing mean sd median q1 q3 min max skewness kurtosis lag1";
        assert_eq!(methods.join(" "), expected);
        assert!(rows.iter().all(|e| e.term == "a" && e.value.is_some()));
    }

    #[test]
    fn an_offset_costs_no_digits() {
        let pattern: Vec<f64> = (0..1001).map(|i| f64::from(i % 2 * 2 - 1) / 8.0).collect();
        let moved: Vec<f64> = pattern.iter().map(|v| v + 1e9).collect();
        let (near, far) = (
            describe_values("a", &pattern, Level::DEFAULT).unwrap(),
            describe_values("a", &moved, Level::DEFAULT).unwrap(),
        );
        for method in ["sd", "skewness", "kurtosis", "lag1"] {
            let (near, far) = (value(&near, method).unwrap(), value(&far, method).unwrap());
            assert!((far / near - 1.0).abs() < 1e-15, "{method}: {near} {far}");
        }
    }

    #[test]
    fn nothing_and_one_are_typed_as_too_few() {
        let empty = describe_values("a", &[], Level::DEFAULT).unwrap();
        assert_eq!(value(&empty, "n"), Some(0.0));
        for method in ["mean", "sd", "median", "min", "skewness", "lag1"] {
            assert_eq!(note(&empty, method), Some(Note::TooFew), "{method}");
        }
        let one = describe_values("a", &[7.0], Level::DEFAULT).unwrap();
        assert_eq!((value(&one, "mean"), value(&one, "q3")), (Some(7.0), Some(7.0)));
        assert_eq!(note(&one, "mean"), Some(Note::TooFewForInterval));
        assert_eq!(note(&one, "sd"), Some(Note::TooFew));
    }

    #[test]
    fn a_constant_has_no_shape() {
        let rows = describe_values("a", &[0.1; 5], Level::DEFAULT).unwrap();
        assert_eq!((value(&rows, "mean"), value(&rows, "sd")), (Some(0.1), Some(0.0)));
        for method in ["skewness", "kurtosis", "lag1"] {
            assert_eq!(note(&rows, method), Some(Note::ConstantColumn), "{method}");
        }
    }

    #[test]
    fn counts_stand_for_rows() {
        let values = [3.0, 0.1, 7.5, 2.2, 9.0];
        let counts = [2, 3, 0, 1, 4];
        let column = Column::number("a", values.map(Ok).to_vec());
        let counted = describe(&column, Some(&counts), Level::DEFAULT).unwrap();
        let rows: Vec<f64> = values
            .iter()
            .zip(counts)
            .flat_map(|(v, n)| std::iter::repeat_n(*v, n as usize))
            .collect();
        assert_eq!(counted, describe_values("a", &rows, Level::DEFAULT).unwrap());
    }

    #[test]
    fn a_capped_column_has_quartiles_below_its_cap_only() {
        let below = |value| Ok(Capped { value, at_least: false });
        let top = Ok(Capped { value: 500.0, at_least: true });
        let cells = vec![top, below(100.0), below(200.0), below(300.0), top, Err(Missing::Blank)];
        let rows = describe(&Column::capped("a", cells), None, Level::DEFAULT).unwrap();
        assert_eq!(value(&rows, "q1"), Some(200.0));
        assert_eq!(value(&rows, "median"), Some(300.0));
        assert_eq!(value(&rows, "missing"), Some(1.0));
        for method in ["mean", "sd", "q3", "max", "skewness"] {
            assert_eq!(note(&rows, method), Some(Note::Capped), "{method}");
        }
    }

    #[test]
    fn words_are_refused() {
        let column = Column::factor("region", &[Ok("JP"), Ok("EU")]);
        assert!(describe(&column, None, Level::DEFAULT).is_err());
    }
}
