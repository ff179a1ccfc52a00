//! Cubic splines of a predictor that are straight beyond their outer knots: R's `ns`, rms's `rcs`.

use super::Slip;
use super::expression::{Expression, number};
use super::lex::Token;
use super::parse::{Atom, Parser};
use crate::double_double::DoubleDouble;
use crate::model::ModelError;
use crate::{Error, Result};

/// More knots than this are a slip.
const MOST: usize = 50;

/// What `ns()` or `rcs()` asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted {
    /// `ns`, else `rcs`.
    pub(super) natural: bool,
    /// Where the knots are.
    pub(super) knots: Knots,
}

/// How the knots are given.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Knots {
    /// `ns`: degrees of freedom; `rcs`: the number of knots.
    Count(usize),
    /// Their places; for `ns` those between the ends of the data.
    At(Vec<f64>),
}

impl Wanted {
    /// The term as R writes it.
    pub(super) fn label(&self, of: &str) -> String {
        let name = if self.natural { "ns" } else { "rcs" };
        match &self.knots {
            Knots::Count(count) => format!("{name}({of}, {count})"),
            Knots::At(places) => {
                let places: Vec<String> = places.iter().map(|v| number(*v)).collect();
                let named = if self.natural { "knots = " } else { "" };
                format!("{name}({of}, {named}c({}))", places.join(", "))
            }
        }
    }

    fn allows(&self, count: f64) -> bool {
        let least = if self.natural { 1.0 } else { 3.0 };
        count.fract() == 0.0 && (least..=MOST as f64).contains(&count)
    }
}

impl Parser<'_> {
    /// What stands between the parentheses of `ns(x, 3)` or `rcs(x, c(2, 5, 8))`.
    pub(super) fn spline(&mut self, natural: bool) -> Result<Atom> {
        let wrong = |parser: &Self| {
            parser.error(if natural {
                Slip::NaturalSplineArguments
            } else {
                Slip::RestrictedSplineArguments
            })
        };
        self.next += 2;
        self.open()?;
        let of = self.arithmetic()?;
        let mut wanted = Wanted { natural, knots: Knots::Count(if natural { 1 } else { 5 }) };
        if self.take(',') {
            let named = match (self.peek().clone(), self.tokens.get(self.next + 1)) {
                (Token::Name(name), Some(next)) if next.token == Token::Symbol('=') => Some(name),
                _ => None,
            };
            match (named.as_deref(), natural) {
                (None, _) => {}
                (Some("df"), true) | (Some("knots" | "parms"), _) => self.next += 2,
                _ => return Err(wrong(self)),
            }
            let alone = matches!((named.as_deref(), natural), (None | Some("df"), true));
            let count = self.number();
            wanted.knots = match count {
                Some(count) if wanted.allows(count) && named.as_deref() != Some("knots") => {
                    Knots::Count(count as usize)
                }
                Some(place) if natural && named.as_deref() == Some("knots") => {
                    Knots::At(vec![place])
                }
                None if !alone && *self.peek() == Token::Name("c".to_owned()) => {
                    self.next += 1;
                    if !self.take('(') {
                        return Err(wrong(self));
                    }
                    let mut places = Vec::new();
                    loop {
                        places.push(self.number().ok_or_else(|| wrong(self))?);
                        if !self.take(',') {
                            break;
                        }
                    }
                    let enough = natural || places.len() >= 3;
                    if !(enough && places.len() <= MOST && self.take(')')) {
                        return Err(wrong(self));
                    }
                    Knots::At(places)
                }
                _ => return Err(wrong(self)),
            };
        }
        self.close(Some(if natural { "ns" } else { "rcs" }))?;
        Ok(Atom::Spline { of, wanted })
    }

    /// A number with its sign, if one stands here.
    fn number(&mut self) -> Option<f64> {
        let start = self.next;
        let sign = if self.take('-') { -1.0 } else { 1.0 };
        match *self.peek() {
            Token::Number(value) => {
                self.next += 1;
                Some(sign * value.hi)
            }
            _ => {
                self.next = start;
                None
            }
        }
    }
}

/// The columns that a spline of one predictor gives.
///
/// # Formula
/// `ns`: cubic B-splines with fourfold knots at the ends of the data and single ones at equally
/// spaced quantiles (type 7) between, the first left out; of these, the combinations whose second
/// derivative is 0 at both ends, by the last columns of Q in Householder's QR of the constraints,
/// which is R's basis to the sign. Beyond the ends the columns go on straight.
///
/// `rcs`: x itself, and for knots t₁ < … < tₖ and j = 1 … k − 2
/// [(x − tⱼ)₊³ − (x − tₖ₋₁)₊³(tₖ − tⱼ)/(tₖ − tₖ₋₁) + (x − tₖ)₊³(tₖ₋₁ − tⱼ)/(tₖ − tₖ₋₁)]/(tₖ − t₁)²,
/// with the knots where Harrell's `rcspline.eval` has them.
///
/// # References
/// De Boor (1978), A Practical Guide to Splines; Harrell (2015), Regression Modeling Strategies,
/// doi:10.1007/978-3-319-19425-7, section 2.4.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Spline {
    Natural {
        /// All knots, the outer ones fourfold.
        knots: Vec<DoubleDouble>,
        /// A row a column: its weights on the B-splines from the second on.
        rows: Vec<Vec<DoubleDouble>>,
    },
    Restricted {
        knots: Vec<DoubleDouble>,
    },
}

impl Spline {
    /// The spline of these values, each standing for so many respondents.
    pub(super) fn new(
        wanted: &Wanted,
        mut values: Vec<(DoubleDouble, f64)>,
        term: &str,
    ) -> Result<Self> {
        values.sort_by(|a, b| a.0.hi.total_cmp(&b.0.hi).then(a.0.lo.total_cmp(&b.0.lo)));
        let mut sorted: Vec<(DoubleDouble, f64)> = Vec::new();
        for (value, times) in values {
            match sorted.last_mut() {
                Some((last, count)) if *last == value => *count += times,
                _ => sorted.push((value, times)),
            }
        }
        let largest = sorted.iter().fold(0.0_f64, |m, (v, _)| m.max(v.hi.abs()));
        let range = sorted.last().map_or(0.0, |last| last.0.hi - sorted[0].0.hi);
        if !(largest < 1e70 && (range > 1e-70 || range == 0.0)) {
            return Err(Error::Magnitude { column: term.to_owned(), largest });
        }
        let few = || ModelError::Knots { term: term.to_owned(), found: sorted.len() };
        let knots = match &wanted.knots {
            Knots::At(places) => {
                let mut places: Vec<DoubleDouble> = places.iter().map(|v| (*v).into()).collect();
                places.sort_by(|a, b| a.hi.total_cmp(&b.hi));
                Some(places)
            }
            Knots::Count(df) if wanted.natural => {
                (1..*df).map(|j| quantile(&sorted, j as f64, *df as f64)).collect()
            }
            Knots::Count(count) => harrell(&sorted, *count),
        };
        let knots = knots.ok_or_else(few)?;
        // As many columns as there are different values, less the intercept.
        let columns = if wanted.natural { knots.len() + 1 } else { knots.len().max(1) - 1 };
        if sorted.len() <= columns {
            return Err(few().into());
        }
        let (first, last) = match (sorted.first(), sorted.last()) {
            (Some(first), Some(last)) if first.0 != last.0 => (first.0, last.0),
            _ => return Err(few().into()),
        };
        let rising = |knots: &[DoubleDouble]| {
            knots.windows(2).all(|pair| (pair[1] - pair[0]).hi > 1e-10 * range)
        };
        if !wanted.natural {
            return if knots.len() >= 3 && rising(&knots) {
                Ok(Self::Restricted { knots })
            } else {
                Err(few().into())
            };
        }
        let all: Vec<DoubleDouble> = [first].into_iter().chain(knots).chain([last]).collect();
        if !rising(&all) {
            return Err(few().into());
        }
        let knots: Vec<DoubleDouble> = [first; 3].into_iter().chain(all).chain([last; 3]).collect();
        let rows = unbent(&knots);
        Ok(Self::Natural { knots, rows })
    }

    /// A name for each column: `ns(x, 3)1` as R, `rcs(x, 4)x'` as rms.
    pub(super) fn names(&self, label: &str, of: &str) -> Vec<String> {
        match self {
            Self::Natural { rows, .. } if rows.len() == 1 => vec![label.to_owned()],
            Self::Natural { rows, .. } => (1..=rows.len()).map(|d| format!("{label}{d}")).collect(),
            Self::Restricted { knots } => {
                (0..knots.len() - 1).map(|d| format!("{label}{of}{}", "'".repeat(d))).collect()
            }
        }
    }

    /// The columns at one value.
    pub(super) fn at(&self, x: DoubleDouble) -> Vec<DoubleDouble> {
        match self {
            Self::Natural { knots, rows } => {
                let (first, last) = (knots[0], knots[knots.len() - 1]);
                let within = if x.hi < first.hi {
                    first
                } else if x.hi > last.hi {
                    last
                } else {
                    x
                };
                let mut splines = b_splines(knots, within, 4, 0);
                if within != x {
                    let slopes = b_splines(knots, within, 4, 1);
                    for (value, slope) in splines.iter_mut().zip(slopes) {
                        *value += (x - within) * slope;
                    }
                }
                rows.iter().map(|row| dot(row, &splines[1..])).collect()
            }
            Self::Restricted { knots } => {
                let k = knots.len();
                let (first, before, last) = (knots[0], knots[k - 2], knots[k - 1]);
                let cube = |knot: DoubleDouble| {
                    let above = x - knot;
                    if above.hi > 0.0 { above * above * above } else { DoubleDouble::ZERO }
                };
                let (unit, gap) = ((last - first) * (last - first), last - before);
                let bent = |knot: &DoubleDouble| {
                    (cube(*knot) - cube(before) * (last - *knot) / gap
                        + cube(last) * (before - *knot) / gap)
                        / unit
                };
                [x].into_iter().chain(knots[..k - 2].iter().map(bent)).collect()
            }
        }
    }
}

fn dot(a: &[DoubleDouble], b: &[DoubleDouble]) -> DoubleDouble {
    a.iter().zip(b).fold(DoubleDouble::ZERO, |sum, (a, b)| sum + *a * *b)
}

/// The quantile `share`/`of` of type 7, of values ascending with their counts.
fn quantile(sorted: &[(DoubleDouble, f64)], share: f64, of: f64) -> Option<DoubleDouble> {
    let n: f64 = sorted.iter().map(|(_, times)| times).sum();
    // Both are whole numbers, so that the remainder is exact.
    let place = (n - 1.0) * share;
    let rest = place % of;
    let below = (place - rest) / of;
    let at = |k: f64| {
        let mut seen = 0.0;
        sorted.iter().find(|(_, times)| {
            seen += times;
            seen > k
        })
    };
    let (low, high) = (at(below)?.0, at((below + 1.0).min(n - 1.0))?.0);
    Some(low + (high - low) * DoubleDouble::from(rest) / DoubleDouble::from(of))
}

/// Harrell's knots: quantiles, with the ends' ties set apart and, in small samples, the fifth
/// smallest and largest value; none where the quantiles coincide.
fn harrell(sorted: &[(DoubleDouble, f64)], count: usize) -> Option<Vec<DoubleDouble>> {
    let n: f64 = sorted.iter().map(|(_, times)| times).sum();
    if n < 6.0 || sorted.len() < count + 3 {
        return None;
    }
    let (mut part, mut inner) = (sorted, count);
    let (mut low, mut high) = (None, None);
    // A twentieth of the respondents at an end is a heap, and the next value a knot.
    let heap = |times: f64| times / n >= 0.05;
    if !sorted[1..sorted.len() - 1].iter().any(|(_, times)| heap(*times)) {
        if heap(sorted[0].1) {
            low = Some(sorted[1].0);
            (part, inner) = (&part[2..], inner - 1);
        }
        if heap(sorted[sorted.len() - 1].1) {
            high = Some(sorted[sorted.len() - 2].0);
            (part, inner) = (&part[..part.len() - 2], inner - 1);
        }
    }
    // In thousandths, which keeps the places of the quantiles whole.
    let outer = match count {
        3 => 100.0,
        4..=6 => 50.0,
        _ => 25.0,
    };
    let steps = (inner - 1) as f64;
    let mut knots: Vec<DoubleDouble> = match inner {
        1 => vec![quantile(part, 1.0, 2.0)?],
        2 => vec![quantile(part, 1.0, 2.0)?, quantile(part, 1000.0 - outer, 1000.0)?],
        _ => (0..inner)
            .map(|j| {
                quantile(part, outer * steps + (1000.0 - 2.0 * outer) * j as f64, 1000.0 * steps)
            })
            .collect::<Option<_>>()?,
    };
    let left: f64 = part.iter().map(|(_, times)| times).sum();
    if inner > 1 && left < 100.0 {
        if left < 10.0 {
            return None;
        }
        if low.is_none() {
            knots[0] = quantile(part, 4.0, left - 1.0)?;
        }
        if high.is_none() {
            knots[inner - 1] = quantile(part, left - 5.0, left - 1.0)?;
        }
    }
    Some(low.into_iter().chain(knots).chain(high).collect())
}

/// The B-splines of an order (degree plus 1) at x, or their derivatives there.
fn b_splines(
    knots: &[DoubleDouble],
    x: DoubleDouble,
    order: usize,
    derivative: usize,
) -> Vec<DoubleDouble> {
    let count = knots.len() - order;
    if order == 1 {
        // The last interval holds its right end.
        let inner = &knots[4..knots.len() - 4];
        let span = 3 + inner.iter().filter(|knot| knot.hi < x.hi || **knot == x).count();
        let one = |i: usize| DoubleDouble::from(f64::from(u8::from(i == span)));
        return (0..count).map(one).collect();
    }
    let lower = b_splines(knots, x, order - 1, derivative.saturating_sub(1));
    let share = |value: DoubleDouble, from: usize| {
        let width = knots[from + order - 1] - knots[from];
        if width.hi > 0.0 { value / width } else { DoubleDouble::ZERO }
    };
    (0..count)
        .map(|i| {
            let (left, right) = (share(lower[i], i), share(lower[i + 1], i + 1));
            if derivative > 0 {
                (left - right) * DoubleDouble::from((order - 1) as f64)
            } else {
                (x - knots[i]) * left + (knots[i + order] - x) * right
            }
        })
        .collect()
}

/// The combinations of the B-splines (but the first) that don't bend at either end: the last rows
/// of Qᵀ, where Q R holds the second derivatives at the two ends as columns.
fn unbent(knots: &[DoubleDouble]) -> Vec<Vec<DoubleDouble>> {
    let ends = [knots[0], knots[knots.len() - 1]];
    let mut columns = ends.map(|end| b_splines(knots, end, 4, 2).split_off(1));
    let size = columns[0].len();
    // A row a B-spline, which the reflections turn into Qᵀ's columns.
    let mut turned: Vec<Vec<DoubleDouble>> = (0..size)
        .map(|i| (0..size).map(|j| f64::from(u8::from(i == j)).into()).collect())
        .collect();
    for step in 0..2 {
        let mut reflector = columns[step][step..].to_vec();
        let length = dot(&reflector, &reflector).sqrt();
        let first = if reflector[0].hi < 0.0 { -length } else { length };
        reflector[0] += first;
        let half = first * reflector[0];
        for column in columns.iter_mut().chain(turned.iter_mut()) {
            let along = dot(&reflector, &column[step..]) / half;
            for (value, r) in column[step..].iter_mut().zip(&reflector) {
                *value = *value - along * *r;
            }
        }
    }
    (2..size).map(|row| turned.iter().map(|column| column[row]).collect()).collect()
}

/// Natural splines in place of straight predictors, wherever the values allow.
pub(super) fn of(expression: &Expression, df: usize) -> Atom {
    Atom::Spline {
        of: expression.clone(),
        wanted: Wanted { natural: true, knots: Knots::Count(df) },
    }
}
