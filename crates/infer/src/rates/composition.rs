use super::{Rate, clopper_pearson};
use crate::{Error, Result};
use ssi_vocab::{Analysis, Estimate, Interval, Level};

/// A positive number that was rounded: what it stands for lies within `half_unit` of `value`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounded {
    /// As it was printed.
    pub value: f64,
    /// Half a unit of its last digit.
    pub half_unit: f64,
}

impl Rounded {
    fn low(self) -> f64 {
        (self.value - self.half_unit).max(0.0)
    }

    fn high(self) -> f64 {
        self.value + self.half_unit
    }
}

/// How many times as common something is among someone's contacts as in a population.
///
/// The population is counted, not sampled: its numbers are only rounded. The contacts are a sample
/// whose size may not be known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Composition {
    share: Rounded,
    part: Rounded,
    whole: Rounded,
}

impl Composition {
    /// The share among the contacts, 0 to 1, and the part of the population and the whole of it, in
    /// one unit.
    ///
    /// # Errors
    /// [`Error::Setting`] where a number is not above 0 by more than its rounding, or where a
    /// part is larger than its whole.
    pub fn new(share: Rounded, part: Rounded, whole: Rounded) -> Result<Self> {
        let sound = |r: Rounded| {
            r.value.is_finite() && r.half_unit.is_finite() && r.half_unit >= 0.0 && r.low() > 0.0
        };
        let bad = |name, value, allowed| Err(Error::Setting { name, value, allowed });
        if !sound(share) || share.high() > 1.0 {
            let allowed = "between 0 and 1, and above 0 by more than its rounding";
            bad("the share among contacts", share.value, allowed)
        } else if !sound(part) || !sound(whole) || part.high() > whole.low() {
            let allowed = "above 0 by more than its rounding, and no larger than the whole";
            bad("the part of the population", part.value, allowed)
        } else {
            Ok(Self { share, part, whole })
        }
    }

    /// The share among the contacts over the share in the population.
    pub fn ratio(&self) -> f64 {
        self.share.value * self.whole.value / self.part.value
    }

    /// From which to which ratio the part's rounding alone goes.
    pub fn part_span(&self) -> [f64; 2] {
        let by = |part: f64| self.share.value * self.whole.value / part;
        [by(self.part.high()), by(self.part.low())]
    }

    /// From which to which ratio all rounding goes.
    pub fn span(&self) -> [f64; 2] {
        [
            self.share.low() * self.whole.low() / self.part.high(),
            self.share.high() * self.whole.high() / self.part.low(),
        ]
    }

    /// The ratio with an exact interval, if the share is one of so many contacts.
    ///
    /// # Formula
    /// Clopper and Pearson's interval of the count nearest to `share` × contacts, over the share in
    /// the population as it is printed.
    ///
    /// # Assumptions
    /// The contacts are drawn independently from those that the person could have.
    ///
    /// # Errors
    /// [`Error::Rate`] for no contacts or more than ten million.
    ///
    /// # Example
    /// ```
    /// use ssi_infer::rates::{Composition, Rounded};
    /// use ssi_vocab::Level;
    /// let of = |value, half_unit| Rounded { value, half_unit };
    /// let six_times = Composition::new(of(0.025, 0.0005), of(2.0, 0.5), of(562.0, 0.5))?;
    /// assert!((six_times.ratio() - 7.025).abs() < 1e-12);
    /// let interval = six_times.with_contacts(1000, Level::DEFAULT)?.interval.unwrap();
    /// assert!((interval.low - 4.57).abs() < 0.01 && (interval.high - 10.31).abs() < 0.01);
    /// # Ok::<(), ssi_infer::Error>(())
    /// ```
    pub fn with_contacts(&self, contacts: u64, level: Level) -> Result<Estimate> {
        let one = self.share.value;
        let [low, high] = self.limits(contacts, [one, one], level)?;
        let population = self.part.value / self.whole.value;
        Ok(self.row("clopper_pearson", contacts, [low / population, high / population], level))
    }

    /// The same with whatever rounding takes away: the lowest end for the fewest contacts that
    /// print that share in the largest part, and the highest end likewise.
    ///
    /// # Errors
    /// [`Error::Rate`] for no contacts or more than ten million.
    pub fn with_rounding(&self, contacts: u64, level: Level) -> Result<Estimate> {
        let [low, high] = self.limits(contacts, [self.share.low(), self.share.high()], level)?;
        let low = low * self.whole.low() / self.part.high();
        let high = high * self.whole.high() / self.part.low();
        Ok(self.row("clopper_pearson_rounded", contacts, [low, high], level))
    }

    /// The lower limit of the smaller share and the upper one of the larger. A share that no count
    /// of so many contacts prints stands for the nearest one.
    fn limits(&self, contacts: u64, [small, large]: [f64; 2], level: Level) -> Result<[f64; 2]> {
        let n = contacts as f64;
        let nearest = (self.share.value * n).round();
        let fewest = (small * n - 1e-9).ceil().min(nearest);
        let most = (large * n + 1e-9).floor().max(nearest);
        let ends = |events: f64| -> Result<[f64; 2]> {
            let row = clopper_pearson(Rate::new(events as u64, contacts)?, level);
            Ok(row.interval.map_or([0.0, 1.0], |i| [i.low, i.high]))
        };
        Ok([ends(fewest)?[0], ends(most)?[1]])
    }

    fn row(&self, method: &str, contacts: u64, [low, high]: [f64; 2], level: Level) -> Estimate {
        let mut row = self.bare(contacts as usize);
        row.interval = Some(Interval { low, high, level, method: method.to_owned() });
        row
    }

    /// The ratio as a row, with nothing said of its uncertainty.
    pub fn bare(&self, contacts: usize) -> Estimate {
        let term = format!("{}, {}/{}", self.share.value, self.part.value, self.whole.value);
        let row = Estimate::new(Analysis::RiskRatio, "composition", term, contacts);
        Estimate { value: Some(self.ratio()), ..row }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article() -> Composition {
        let of = |value, half_unit| Rounded { value, half_unit };
        Composition::new(of(0.025, 0.0005), of(2.0, 0.5), of(562.0, 0.5)).unwrap()
    }

    #[test]
    fn rounding_spans_what_it_spans() {
        let [low, high] = article().part_span();
        assert!((low - 5.62).abs() < 1e-12 && (high - 28.1 / 3.0).abs() < 1e-12);
        let [low, high] = article().span();
        assert!((low - 5.502_7).abs() < 1e-4 && (high - 9.562_5).abs() < 1e-4, "{low} {high}");
    }

    #[test]
    fn with_more_contacts_the_interval_is_narrower_and_rounding_makes_it_wider() {
        let ends = |row: Result<Estimate>| row.unwrap().interval.map(|i| (i.low, i.high)).unwrap();
        let few = ends(article().with_contacts(120, Level::DEFAULT));
        assert!(few.0 > 1.0 && few.0 < 2.6, "{few:?}");
        let many = ends(article().with_contacts(5000, Level::DEFAULT));
        assert!(many.0 > few.0 && many.1 < few.1);
        let rounded = ends(article().with_rounding(5000, Level::DEFAULT));
        assert!(rounded.0 < many.0 && rounded.1 > many.1);
        assert!(article().with_contacts(0, Level::DEFAULT).is_err());
    }

    #[test]
    fn impossible_shares_are_refused() {
        let of = |value, half_unit| Rounded { value, half_unit };
        assert!(Composition::new(of(0.0, 0.0), of(2.0, 0.5), of(562.0, 0.5)).is_err());
        assert!(Composition::new(of(0.1, 0.0), of(0.4, 0.5), of(562.0, 0.5)).is_err());
        assert!(Composition::new(of(0.1, 0.0), of(600.0, 0.5), of(562.0, 0.5)).is_err());
        assert!(Composition::new(of(f64::NAN, 0.0), of(2.0, 0.5), of(562.0, 0.5)).is_err());
    }
}
