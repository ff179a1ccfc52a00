//! One column described: how many, where, how wide, what shape.

use crate::correlate::moments::Scaled;
use crate::double_double::DoubleDouble;
use crate::tails::t_upper_quantile;
use crate::{Error, Result};
use ssi_vocab::{Analysis, Capped, Cells, Column, Estimate, Interval, Level, Note};

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
    let exactly = |value: f64| Capped { value, at_least: false };
    let cells: Vec<Option<Capped>> = match &column.cells {
        Cells::Capped(values) => values.iter().map(|v| v.ok()).collect(),
        _ => column.numbers()?.iter().map(|v| v.ok().map(exactly)).collect(),
    };
    let weight = |i: usize| counts.map_or(1, |w| w.get(i).copied().unwrap_or(0));
    let (mut seen, mut weights, mut missing) = (Vec::new(), Vec::new(), 0);
    let mut rests = column.rest.as_ref().map(|_| Vec::new());
    for (i, cell) in cells.into_iter().enumerate() {
        match cell.filter(|c| c.value.is_finite()) {
            Some(value) if weight(i) > 0 => {
                seen.push(value);
                weights.push(weight(i));
                if let (Some(rests), Some(own)) = (&mut rests, &column.rest) {
                    rests.push(own[i]);
                }
            }
            Some(_) => {}
            None => missing += weight(i),
        }
    }
    Ok(Sample { name: &column.name, values: seen, rests, weights, missing }.describe(level))
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
    let column = Column::number(name, values.iter().copied().map(Ok).collect());
    describe(&column, None, level)
}

struct Sample<'a> {
    name: &'a str,
    values: Vec<Capped>,
    rests: Option<Vec<f64>>,
    weights: Vec<u64>,
    missing: u64,
}

impl Sample<'_> {
    fn describe(&self, level: Level) -> Vec<Estimate> {
        let n: u64 = self.weights.iter().sum();
        let mut rows =
            vec![self.row("n", Ok(n as f64)), self.row("missing", Ok(self.missing as f64))];
        let capped = self.values.iter().any(|c| c.at_least);
        let shape = if capped {
            [Err(Note::Capped); 5]
        } else {
            let shape = Shape::new(&self.values, self.rests.as_deref(), &self.weights);
            rows.push(self.mean_row(&shape, level));
            [Err(Note::Capped), shape.sd(), shape.skewness(), shape.kurtosis(), shape.lag1()]
        };
        let [mean, sd, skewness, kurtosis, lag1] = shape;
        if capped {
            rows.push(self.row("mean", mean));
        }
        rows.push(self.row("sd", sd));
        let sorted = self.sorted();
        for (method, p) in [("median", 0.5), ("q1", 0.25), ("q3", 0.75), ("min", 0.0), ("max", 1.0)]
        {
            rows.push(self.row(method, quantile(&sorted, n, p)));
        }
        rows.push(self.row("skewness", skewness));
        rows.push(self.row("kurtosis", kurtosis));
        rows.push(self.row("lag1", lag1));
        rows
    }

    fn row(&self, method: &str, value: std::result::Result<f64, Note>) -> Estimate {
        let n: u64 = self.weights.iter().sum();
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

    /// Values with their weights, ascending; a capped value stands above every other.
    fn sorted(&self) -> Vec<Place> {
        let rest = |i: usize| self.rests.as_ref().map_or(0.0, |rests| rests[i]);
        let place = |(i, value): (usize, &Capped)| Place {
            value: DoubleDouble::with_rest(value.value, rest(i)),
            at_least: value.at_least,
            weight: self.weights[i],
        };
        let mut sorted: Vec<Place> = self.values.iter().enumerate().map(place).collect();
        sorted.sort_by(|a, b| {
            let by_value = a.value.hi.total_cmp(&b.value.hi);
            a.at_least.cmp(&b.at_least).then(by_value).then(a.value.lo.total_cmp(&b.value.lo))
        });
        sorted
    }
}

/// A value in its order, with what its text said beyond the double.
struct Place {
    value: DoubleDouble,
    at_least: bool,
    weight: u64,
}

/// The quantile of type 7: between the order statistics around (n − 1)·p.
fn quantile(sorted: &[Place], n: u64, p: f64) -> std::result::Result<f64, Note> {
    let place = n.checked_sub(1).ok_or(Note::TooFew)? as f64 * p;
    let below = at(sorted, place.floor() as u64)?;
    let share = place - place.floor();
    if share == 0.0 {
        return Ok(below.into());
    }
    let above = at(sorted, place.ceil() as u64)?;
    let between = f64::from(below * (1.0 - share) + above * share);
    // Values near the end of the range can't be carried in two doubles.
    let rounded = (1.0 - share) * below.hi + share * above.hi;
    Ok(if below == above {
        below.into()
    } else if between.is_finite() {
        between
    } else {
        rounded
    })
}

fn at(sorted: &[Place], place: u64) -> std::result::Result<DoubleDouble, Note> {
    let mut passed = 0;
    for one in sorted {
        passed += one.weight;
        if place < passed {
            return if one.at_least { Err(Note::Capped) } else { Ok(one.value) };
        }
    }
    Err(Note::TooFew)
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
    fn new(values: &[Capped], rests: Option<&[f64]>, weights: &[u64]) -> Self {
        let plain: Vec<f64> = values.iter().map(|c| c.value).collect();
        let scaled = Scaled::new(&plain, rests);
        let mean = scaled.mean(Some(weights));
        let zero = DoubleDouble::ZERO;
        let mut shape = Self {
            n: weights.iter().sum::<u64>() as f64,
            scale: scaled.scale,
            constant: (0..plain.len()).all(|i| scaled.at(i) == scaled.at(0)),
            mean,
            squares: zero,
            cubes: zero,
            fourths: zero,
            neighbours: zero,
        };
        let mut last = zero;
        for (i, weight) in weights.iter().enumerate() {
            let weight = *weight as f64;
            let d = scaled.at(i) - mean;
            let square = d * d;
            shape.squares += square * weight;
            shape.cubes += square * d * weight;
            shape.fourths += square * square * weight;
            // A row that stands for several respondents has itself as a neighbour.
            shape.neighbours += last * d + square * (weight - 1.0);
            last = d;
        }
        shape
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
