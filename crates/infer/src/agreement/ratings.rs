use super::RaterError;
use crate::{Error, Result};

/// What several raters have given the same respondents, with gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    what: String,
    raters: Vec<String>,
    /// A respondent's ratings, as (rater, value) by rater.
    subjects: Vec<Vec<(usize, f64)>>,
}

impl Ratings {
    /// Ratings of `what`, such as an item, as (respondent, rater, value), both numbered from 0.
    /// A rating that is missing is left out of the list.
    ///
    /// # Errors
    /// [`RaterError::RatedTwice`], [`RaterError::Unlisted`]; a value that is not finite.
    ///
    /// # Example
    /// ```
    /// use ssi_infer::agreement::Ratings;
    /// let raters = vec!["R1".to_owned(), "R2".to_owned()];
    /// let given = [(0, 0, 1.0), (0, 1, 0.5), (1, 0, 0.0)];
    /// let ratings = Ratings::new("item_photo", raters, 2, given)?;
    /// // The second respondent has one rating, which nothing can be compared with.
    /// assert_eq!((ratings.n_subjects(), ratings.n_compared()), (2, 1));
    /// # Ok::<(), ssi_infer::Error>(())
    /// ```
    pub fn new(
        what: impl Into<String>,
        raters: Vec<String>,
        subjects: usize,
        given: impl IntoIterator<Item = (usize, usize, f64)>,
    ) -> Result<Self> {
        let what = what.into();
        let mut each = vec![Vec::new(); subjects];
        for (subject, rater, value) in given {
            if rater >= raters.len() || subject >= subjects {
                return Err(RaterError::Unlisted { rater, subject }.into());
            }
            if !value.is_finite() {
                let row = subject + 1;
                return Err(ssi_vocab::Error::NotFinite { column: what, row, value }.into());
            }
            each[subject].push((rater, value));
        }
        for (subject, own) in each.iter_mut().enumerate() {
            own.sort_by_key(|(rater, _)| *rater);
            if let Some(twice) = own.windows(2).find(|two| two[0].0 == two[1].0) {
                let rater = raters[twice[0].0].clone();
                return Err(RaterError::RatedTwice { rater, subject: subject + 1 }.into());
            }
        }
        Ok(Self { what, raters, subjects: each })
    }

    /// What was rated.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The raters.
    pub fn raters(&self) -> &[String] {
        &self.raters
    }

    /// Respondents with at least one rating.
    pub fn n_subjects(&self) -> usize {
        self.subjects.iter().filter(|own| !own.is_empty()).count()
    }

    /// Respondents with at least two.
    pub fn n_compared(&self) -> usize {
        self.subjects.iter().filter(|own| own.len() > 1).count()
    }

    /// How many different ratings there are.
    pub fn n_levels(&self) -> usize {
        self.levels().len()
    }

    /// The pairs of raters who have two respondents or more in common, with their ratings.
    pub fn pairs(&self) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for first in 0..self.raters.len() {
            for second in first + 1..self.raters.len() {
                let both = |own: &Vec<(usize, f64)>| {
                    let of = |wanted: usize| own.iter().find(|(r, _)| *r == wanted).map(|r| r.1);
                    Some((of(first)?, of(second)?))
                };
                let values: Vec<(f64, f64)> = self.subjects.iter().filter_map(both).collect();
                if values.len() > 1 {
                    let raters = [first, second].map(|r| self.raters[r].clone());
                    pairs.push(Pair { what: self.what.clone(), raters, values });
                }
            }
        }
        pairs
    }

    /// Each respondent's first two ratings, in the order of the raters, as if all were one pair's;
    /// and how many different pairs of raters there are.
    pub fn first_two(&self) -> (Pair, usize) {
        let two =
            self.subjects.iter().filter_map(|own| own.first().copied().zip(own.get(1).copied()));
        let mut raters: Vec<(usize, usize)> = two.clone().map(|(a, b)| (a.0, b.0)).collect();
        raters.sort_unstable();
        raters.dedup();
        let values = two.map(|(a, b)| (a.1, b.1)).collect();
        let names = ["1".to_owned(), "2".to_owned()];
        (Pair { what: self.what.clone(), raters: names, values }, raters.len())
    }

    /// The different ratings anywhere, ascending.
    pub(super) fn levels(&self) -> Vec<f64> {
        let mut levels: Vec<f64> = self.subjects.iter().flatten().map(|(_, v)| *v + 0.0).collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        levels
    }

    /// The ratings of those who have two or more.
    ///
    /// # Errors
    /// [`RaterError::OneRater`], [`RaterError::NoOverlap`], and too few respondents.
    pub(super) fn compared(
        &self,
        analysis: &'static str,
        needed: usize,
    ) -> Result<Vec<&[(usize, f64)]>> {
        let compared: Vec<&[(usize, f64)]> =
            self.subjects.iter().filter(|own| own.len() > 1).map(Vec::as_slice).collect();
        if compared.is_empty() {
            let mut seen: Vec<usize> = self.subjects.iter().flatten().map(|(r, _)| *r).collect();
            seen.sort_unstable();
            seen.dedup();
            return Err(match seen[..] {
                [] => Error::TooFew { analysis, needed, found: 0 },
                [one] => RaterError::OneRater { rater: self.raters[one].clone() }.into(),
                _ => RaterError::NoOverlap { raters: seen.len() }.into(),
            });
        }
        if compared.len() < needed {
            return Err(Error::TooFew { analysis, needed, found: compared.len() });
        }
        Ok(compared)
    }
}

/// Two raters' ratings of the respondents they have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    pub(super) what: String,
    pub(super) raters: [String; 2],
    pub(super) values: Vec<(f64, f64)>,
}

impl Pair {
    /// Both names, as one.
    pub fn name(&self) -> String {
        self.raters.join(", ")
    }

    /// The ratings, the first rater's first.
    pub fn values(&self) -> &[(f64, f64)] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("R{i}")).collect()
    }

    #[test]
    fn ratings_that_nothing_can_be_compared_with_are_named() {
        let one = Ratings::new("a", names(2), 2, [(0, 1, 1.0), (1, 1, 0.0)]).unwrap();
        let apart = Ratings::new("a", names(2), 2, [(0, 0, 1.0), (1, 1, 0.0)]).unwrap();
        let none = Ratings::new("a", names(2), 2, []).unwrap();
        let error = |r: &Ratings| r.compared("x", 1).unwrap_err();
        assert_eq!(error(&one), RaterError::OneRater { rater: "R1".into() }.into());
        assert_eq!(error(&apart), RaterError::NoOverlap { raters: 2 }.into());
        assert!(matches!(error(&none), Error::TooFew { found: 0, .. }));
    }

    #[test]
    fn a_rating_stands_once() {
        let twice = Ratings::new("a", names(1), 1, [(0, 0, 1.0), (0, 0, 1.0)]);
        assert_eq!(twice, Err(RaterError::RatedTwice { rater: "R0".into(), subject: 1 }.into()));
        assert!(Ratings::new("a", names(1), 1, [(0, 1, 1.0)]).is_err());
        assert!(Ratings::new("a", names(1), 1, [(0, 0, f64::NAN)]).is_err());
    }
}
