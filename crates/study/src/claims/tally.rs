//! How many respondents of one kind are of another kind too.

use super::{Evidence, Finding, above};
use ssi_infer::rates::{Rate, binomial, clopper_pearson, wilson};
use ssi_vocab::{Because, Cells, Estimate, Level, Table, Verdict};

/// Whether a condition holds for the respondent in a row; `None` where that is not known.
pub(super) type Holds<'a> = Box<dyn Fn(usize) -> Option<bool> + 'a>;

/// A column of numbers that is at least, or below, a threshold.
pub(super) fn number<'a>(
    table: &'a Table,
    column: &str,
    holds: impl Fn(f64) -> bool + 'a,
) -> Option<Holds<'a>> {
    let values = table.column(column).ok()?.numbers().ok()?;
    Some(Box::new(move |i| values[i].ok().map(&holds)))
}

/// Respondents whose count of contacts is shown as "500+", or is 500 or more.
pub(super) fn capped(table: &Table) -> Option<Holds<'_>> {
    match &table.column("conn_display").ok()?.cells {
        Cells::Capped(cells) => {
            Some(Box::new(|i| cells[i].ok().map(|c| c.at_least || c.value >= 500.0)))
        }
        Cells::Number(cells) => Some(Box::new(|i| cells[i].ok().map(|value| value >= 500.0))),
        Cells::Factor { .. } => None,
    }
}

/// A condition turned round.
pub(super) fn not<'a>(holds: Holds<'a>) -> Holds<'a> {
    Box::new(move |i| holds(i).map(|held| !held))
}

/// Events among trials, and the respondents of whom one of both is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) events: u64,
    pub(super) trials: u64,
    pub(super) unknown: u64,
    /// Those who are not in the group that is asked about.
    pub(super) rest: u64,
}

impl Tally {
    /// Of the respondents in `among`, how many are in `event`.
    pub(super) fn new(table: &Table, among: &Holds<'_>, event: &Holds<'_>) -> Self {
        let mut tally = Self { events: 0, trials: 0, unknown: 0, rest: 0 };
        for i in 0..table.n_rows() {
            let weight = table.counts().map_or(1, |counts| counts[i]);
            match (among(i), event(i)) {
                (Some(true), Some(held)) => {
                    tally.trials += weight;
                    tally.events += if held { weight } else { 0 };
                }
                (Some(false), _) => tally.rest += weight,
                (None, _) | (_, None) => tally.unknown += weight,
            }
        }
        tally
    }

    /// Why the share is not told: there are fewer than the plan lets be summarised, or, in a report
    /// that is not local, so few others, who are had by subtraction.
    pub(super) fn withheld(self, evidence: &Evidence<'_>) -> Option<Because> {
        let k = evidence.plan.smallest_group as u64;
        let public = !evidence.plan.privacy.local;
        match self {
            Self { trials, .. } if trials < k => Some(Because::TooFew),
            Self { rest, .. } if public && (1..k).contains(&rest) => Some(Because::SmallGroup),
            _ => None,
        }
    }

    /// As a rate, if there is anybody.
    pub(super) fn rate(self) -> Option<Rate> {
        Rate::new(self.events, self.trials).ok()
    }

    /// Wilson's interval, and Clopper and Pearson's beside it.
    pub(super) fn rows(self, among: &str, event: &str, level: Level) -> Vec<Estimate> {
        let Some(rate) = self.rate() else { return Vec::new() };
        let named = |row| self.named(row, among, event);
        vec![named(wilson(rate, level)), named(clopper_pearson(rate, level))]
    }

    /// The row, saying of whom and what it is.
    pub(super) fn named(self, row: Estimate, among: &str, event: &str) -> Estimate {
        Estimate {
            x: Some(among.to_owned()),
            y: Some(event.to_owned()),
            n_excluded: row.n_excluded + self.unknown as usize,
            ..row
        }
    }
}

/// A share judged against a threshold, by Wilson's interval.
pub(super) fn judged(
    evidence: &Evidence<'_>,
    id: &str,
    tally: Tally,
    (among, event): (&str, &str),
    threshold: f64,
) -> Finding {
    let withheld = tally.withheld(evidence);
    let Some(rate) = tally.rate().filter(|_| withheld.is_none()) else {
        let because = withheld.unwrap_or(Because::TooFew);
        return Finding::new(id, Verdict::Inconclusive).because(because).threshold(threshold);
    };
    let rows = tally.rows(among, event, evidence.level);
    let verdict = above(rows[0].interval.as_ref(), threshold);
    let test = tally.named(binomial(rate, threshold), among, event);
    Finding::new(id, verdict).threshold(threshold).rows(rows).rows([test])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::{Capped, Column, Missing};

    #[test]
    fn who_is_not_known_is_not_counted_unless_it_does_not_matter() {
        let count = |value, at_least| Ok(Capped { value, at_least });
        let contacts = vec![
            count(500.0, true),
            count(612.0, false),
            count(80.0, false),
            count(80.0, false),
            Err(Missing::Blank),
            count(500.0, true),
        ];
        let ssi = vec![Ok(10.0), Ok(40.0), Ok(10.0), Err(Missing::Blank), Ok(9.0), Ok(19.0)];
        let columns = vec![Column::capped("conn_display", contacts), Column::number("ssi", ssi)];
        let table = Table::new(columns, (2..8).collect()).unwrap();
        let (among, low) = (capped(&table).unwrap(), number(&table, "ssi", |v| v < 20.0).unwrap());
        let expected = Tally { events: 2, trials: 3, unknown: 1, rest: 2 };
        assert_eq!(Tally::new(&table, &among, &low), expected);
        let expected = Tally { events: 1, trials: 1, unknown: 2, rest: 3 };
        assert_eq!(Tally::new(&table, &not(among), &low), expected);
    }
}
