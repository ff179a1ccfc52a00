//! Missing values: how many, which together, and whether the main numbers depend on how they are
//! treated.

use super::{PILLARS, Run, SMALL, beside, why};
use crate::{Error, Result};
use ssi_infer::correlate::{self, Method};
use ssi_infer::imputation::{
    Chained, Filled, Repeated, Visit, chained, correlation, regression, total_of,
};
use ssi_infer::missing::{missing, patterns};
use ssi_infer::regress::Covariance;
use ssi_vocab::{Cells, Column, Drawing, Estimate, Model, Note, Progress, Seen, Table};
use std::collections::BTreeMap;

/// The score of those of whose items at least half were seen: ten times their mean.
const PRORATED: &str = "score_prorated";
const SCORE: &str = "score_total";
/// The model, and the mark of the rows, of multiple imputation.
const IMPUTED: &str = "imputed";
/// More respondents than this are not imputed: it would take longer than all the rest.
const MOST: usize = 20_000;
/// A column beside those of the hypothesis is used where there are so many respondents for each.
const RESPONDENTS_A_COLUMN: usize = 5;
/// What else the gaps may depend on.
const BESIDE: [&str; 3] = ["conn_display", "years_on_linkedin", "region"];

impl Run<'_> {
    /// The table of missing values, and the figure where there are any.
    pub(super) fn missing(&mut self) -> Result<()> {
        let (x, y) = (self.plan.primary.x.as_str(), self.plan.primary.y.as_str());
        let items = crate::ITEMS.map(|item| format!("item_{item}"));
        let items = items.iter().map(String::as_str);
        let mut names: Vec<&str> = Vec::new();
        for name in [y, x].into_iter().chain(PILLARS).chain(BESIDE).chain(items) {
            if self.has(&[name]) && !names.contains(&name) {
                names.push(name);
            }
        }
        self.results.missing = missing(self.table, &names)?;
        // A total is missing where an item is: it would double every gap.
        let derived = self.has_items() && self.answered().any(|answered| answered);
        names.retain(|name| !(derived && *name == SCORE));
        let smallest = self.plan.smallest_group;
        let Some(gaps) = patterns(self.table, &names, smallest)? else { return Ok(()) };
        // Few respondents with gaps can't be put together with anybody but all the others, and all
        // together are no pattern.
        let small = gaps.patterns.iter().any(|pattern| pattern.n_obs < smallest);
        if small && !self.plan.privacy.local {
            self.left_out("missing", SMALL);
        } else {
            self.results.drawings.insert("missing".to_owned(), Drawing::Gaps(gaps));
        }
        Ok(())
    }

    /// Whether anybody has a value, by item.
    fn answered(&self) -> impl Iterator<Item = bool> {
        crate::ITEMS.iter().map(|item| {
            let column = self.table.column(&format!("item_{item}"));
            column.and_then(|c| c.numbers()).is_ok_and(|cells| cells.iter().any(Seen::is_ok))
        })
    }

    /// The main numbers once more, with missing items made up for and with missing values imputed.
    pub(super) fn treated(&mut self, progress: &dyn Progress) -> Result<()> {
        let (x, y) = (self.plan.primary.x.as_str(), self.plan.primary.y.as_str());
        let gaps = self.table.n_rows() - self.table.paired(x, y)?.x().len();
        if gaps == 0 {
            return Ok(());
        }
        if x == SCORE
            && self.has_items()
            && let Some(table) = self.prorated()?
        {
            let pair = table.paired(PRORATED, y)?;
            let row = correlate::correlate_or_note(&pair, Method::Pearson, self.level);
            let beside = beside(&pair, Method::Pearson, self.level);
            self.results.estimates.extend(std::iter::once(row).chain(beside));
        }
        if self.plan.imputation.m == 0 {
            return Ok(());
        }
        if self.table.n_rows() > MOST {
            self.left_out("imputation", Note::TooMany.code());
            return Ok(());
        }
        match self.by_imputation(progress) {
            Err(Error::Infer(ssi_infer::Error::Interrupted)) => Err(Error::Interrupted),
            Err(Error::Infer(error)) => {
                self.left_out("imputation", why(&error));
                Ok(())
            }
            other => other,
        }
    }

    fn has_items(&self) -> bool {
        crate::ITEMS.iter().all(|item| self.table.has(&format!("item_{item}")))
    }

    /// The table with the prorated score; none where that makes up for nobody's missing item.
    fn prorated(&self) -> Result<Option<Table>> {
        let items = crate::ITEMS
            .iter()
            .map(|item| Ok(self.table.column(&format!("item_{item}"))?.numbers()?))
            .collect::<ssi_infer::Result<Vec<_>>>()?;
        let given = self.table.column(SCORE)?.numbers()?;
        let score = |i: usize| -> Seen<f64> {
            given[i].or_else(|missing| {
                let seen: Vec<f64> = items.iter().filter_map(|item| item[i].ok()).collect();
                let enough = 2 * seen.len() >= items.len();
                let mean = seen.iter().sum::<f64>() / seen.len().max(1) as f64;
                if enough { Ok(mean * items.len() as f64) } else { Err(missing) }
            })
        };
        let cells: Vec<Seen<f64>> = (0..given.len()).map(score).collect();
        if cells.iter().zip(given).all(|(new, old)| new.is_ok() == old.is_ok()) {
            return Ok(None);
        }
        Ok(Some(self.table.clone().with_column(Column::number(PRORATED, cells))?))
    }

    fn by_imputation(&mut self, progress: &dyn Progress) -> Result<()> {
        let (x, y) = (self.plan.primary.x.as_str(), self.plan.primary.y.as_str());
        let items = crate::ITEMS.map(|item| format!("item_{item}"));
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        // Items are imputed, then summed; where one has no value at all, the totals are what is known.
        let summed = x == SCORE && self.has_items() && self.answered().all(|answered| answered);
        let parts: &[&str] = if summed { &items } else { &[] };
        let mut needed: Vec<&str> = if parts.is_empty() { vec![x] } else { parts.to_vec() };
        needed.push(y);
        let columns = self.with_others(&needed);
        let plan = &self.plan.imputation;
        let settings = Chained {
            imputations: plan.m,
            iterations: plan.iterations,
            donors: plan.donors,
            visit: Visit::FewestFirst,
            seed: plan.seed.unwrap_or(self.plan.seed),
        };
        let filled = chained(self.table, &columns, &settings, progress).map_err(Error::from)?;
        for omitted in filled.omitted() {
            let constant = omitted.note == Note::ConstantColumn;
            if needed.contains(&omitted.column.as_str()) && !constant {
                self.left_out("imputation", omitted.note.code());
                return Ok(());
            }
            self.left_out(&format!("imputation: {}", omitted.column), omitted.note.code());
        }
        let tables = pairs(&filled, parts, (x, y))?;
        let r = correlation(&tables, x, y, self.level)?;
        let mut rows = marked(&r, |row| Estimate {
            term: format!("fmi({})", row.term),
            x: None,
            y: None,
            ..row.clone().bare()
        });
        let formula = format!("{y} ~ {x}");
        let (slopes, fit) = regression(&tables, &formula, Covariance::Classical, self.level)?;
        rows.extend(marked(&slopes, |row| fit.row(&format!("fmi({})", row.term))));
        rows.extend(regression(&tables, &formula, Covariance::Hc3, self.level)?.0.rows);
        let counts = [("imputations", filled.imputations()), ("imputed", filled.gaps())];
        let counts = counts.into_iter().map(|(term, n)| (term, n as f64));
        let measures = counts.chain(filled.r_hat().map(|r| ("r_hat", r)));
        rows.extend(measures.map(|(term, value)| Estimate { value: Some(value), ..fit.row(term) }));
        self.results.estimates.extend(
            rows.into_iter().map(|row| Estimate { model: Some(IMPUTED.to_owned()), ..row }),
        );
        self.results.models.push(Model {
            id: IMPUTED.to_owned(),
            formula,
            method: "ols".to_owned(),
            glance: fit.glance,
            reference: BTreeMap::new(),
        });
        Ok(())
    }

    /// The columns of the hypothesis, and those that may say more of its gaps. Pillars only where
    /// they have no gaps: what is missing with SSI can't tell it, and nearly determines it, so that
    /// both would hold on to their first values.
    fn with_others<'n>(&self, needed: &[&'n str]) -> Vec<&'n str> {
        let whole = |name: &&str| {
            let column = self.table.column(name);
            column.is_ok_and(|c| match &c.cells {
                Cells::Number(cells) => cells.iter().all(Seen::is_ok),
                _ => false,
            })
        };
        let others = PILLARS.into_iter().filter(whole).chain(BESIDE);
        let others: Vec<&str> =
            others.filter(|name| self.has(&[name]) && !needed.contains(name)).collect();
        let columns = [needed, &others].concat();
        if self.table.n_rows() < RESPONDENTS_A_COLUMN * columns.len() {
            return needed.to_vec();
        }
        columns
    }
}

/// The two columns of each completed table.
fn pairs(filled: &Filled, parts: &[&str], (x, y): (&str, &str)) -> ssi_infer::Result<Vec<Table>> {
    let one = |i: usize| -> ssi_infer::Result<Table> {
        let mut table = filled.table(i)?;
        if !parts.is_empty() {
            table = total_of(&table, x, parts)?;
        }
        let columns = vec![table.column(x)?.clone(), table.column(y)?.clone()];
        let rows = table.rows().to_vec();
        Ok(Table::new(columns, rows)?.with_left_out(table.left_out()))
    };
    (0..filled.imputations()).map(one).collect()
}

/// The rows, each followed by one of the fraction of its information that is missing.
fn marked(of: &Repeated, name: impl Fn(&Estimate) -> Estimate) -> Vec<Estimate> {
    let share = |(row, pooled): (&Estimate, &ssi_infer::imputation::Pooled)| {
        let mut share = name(row);
        share.value = Some(pooled.missing);
        share
    };
    let shares = of.rows.iter().zip(&of.pooled).map(share);
    of.rows.iter().cloned().chain(shares).collect()
}
