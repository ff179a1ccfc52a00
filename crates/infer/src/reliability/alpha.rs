use super::items::covariances;
use super::{ITEMS, Items, row};
use crate::Result;
use crate::tails::{f_quantile, f_upper_quantile};
use ssi_vocab::{Estimate, Interval, Level, Note};

/// Cronbach's alpha of the sum of the items, `alpha`: Kuder and Richardson's formula 20 where they
/// are 0 or 1.
///
/// # Formula
/// k/(k − 1) · (1 − Σ var(item) / var(sum)). Feldt's interval: (1 − α)/(1 − α̂) is F with n − 1 and
/// (n − 1)(k − 1) degrees of freedom.
///
/// # Assumptions
/// The items measure one thing, equally well; else alpha is too low (see [`super::omega`]), and it
/// does not show that they do. The interval takes the answers to be normal, which matters little
/// unless items are very skewed.
///
/// # Missing data
/// Respondents who have answered every item.
///
/// # Errors
/// [`ItemError::TooFewItems`](super::ItemError::TooFewItems), fewer than two respondents.
///
/// # References
/// Cronbach (1951), doi:10.1007/BF02310555; Feldt, L. S. (1965), doi:10.1007/BF02289499.
///
/// # Example
/// ```
/// use ssi_infer::reliability::{Items, alpha};
/// use ssi_vocab::{Column, Level, Table};
/// let item = |name: &str, v: [f64; 5]| Column::number(name, v.map(Ok).to_vec());
/// let columns = vec![item("a", [1., 2., 3., 4., 5.]), item("b", [1., 3., 2., 5., 4.])];
/// let table = Table::new(columns, vec![2, 3, 4, 5, 6])?;
/// // Two items of one variance and r = .8: 2r/(1 + r).
/// let row = alpha(&Items::new(&table, &["a", "b"])?, Level::DEFAULT)?;
/// assert!((row.value.unwrap_or(0.0) - 1.6 / 1.8).abs() < 1e-12);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn alpha(items: &Items, level: Level) -> Result<Estimate> {
    items.checked("Cronbach's alpha", 2)?;
    let s = covariances(&items.scaled(), None);
    let all: Vec<usize> = (0..s.len()).collect();
    Ok(of(row("alpha", ITEMS, items), &s, &all, level))
}

/// [`alpha`] of the other items, for each item; nothing with two items.
///
/// # Errors
/// Those of [`alpha`].
pub fn alpha_without(items: &Items, level: Level) -> Result<Vec<Estimate>> {
    items.checked("Cronbach's alpha", 2)?;
    if items.names().len() < 3 {
        return Ok(Vec::new());
    }
    let s = covariances(&items.scaled(), None);
    let each = items.names().iter().enumerate().map(|(j, name)| {
        let others: Vec<usize> = (0..s.len()).filter(|i| *i != j).collect();
        let mut blank = row("alpha", format!("without({name})"), items);
        blank.x = Some(name.clone());
        of(blank, &s, &others, level)
    });
    Ok(each.collect())
}

fn of(row: Estimate, s: &[Vec<f64>], used: &[usize], level: Level) -> Estimate {
    let k = used.len() as f64;
    let own: f64 = used.iter().map(|j| s[*j][*j]).sum();
    let sum: f64 = used.iter().flat_map(|a| used.iter().map(|b| s[*a][*b])).sum();
    // Items that cancel leave rounding.
    if sum <= 1e-14 * own {
        return Estimate { note: Some(Note::ConstantColumn), ..row };
    }
    let value = k / (k - 1.0) * (1.0 - own / sum);
    let row = Estimate { value: Some(value), ..row };
    if value >= 1.0 - 1e-14 {
        return Estimate { value: Some(1.0), ..row }.lacking_interval(METHOD, Note::PerfectFit);
    }
    let (df1, df2) = (row.n_obs as f64 - 1.0, (row.n_obs as f64 - 1.0) * (k - 1.0));
    let low = 1.0 - (1.0 - value) * f_upper_quantile(level.tail(), df1, df2);
    let high = 1.0 - (1.0 - value) * f_quantile(level.tail(), df1, df2);
    if !(low.is_finite() && high.is_finite()) {
        return row.lacking_interval(METHOD, Note::TooFewForInterval);
    }
    let interval = Interval { low, high, level, method: METHOD.to_owned() };
    Estimate { interval: Some(interval), ..row }
}

const METHOD: &str = "feldt";
