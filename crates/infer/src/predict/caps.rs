use super::at::pairs;
use crate::Result;
use crate::model::ModelError;
use ssi_vocab::Table;

/// A capped predictor that a model has as two columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicated {
    /// The column of numbers, the cap where it is reached.
    pub column: String,
    /// The column that is 1 where it is reached and 0 elsewhere.
    pub indicator: String,
}

/// Values to predict at, in which a capped predictor is named as the file writes it: `contacts=300`
/// is below the cap, `contacts=500+` at it or beyond. Each such value becomes one of the number and
/// one of the indicator; an indicator that is named itself stays as it is.
///
/// # Errors
/// [`ModelError::At`] for text that does not read, [`Error::Input`](crate::Error::Input) for an
/// unknown column.
///
/// # Example
/// ```
/// use ssi_infer::predict::{Indicated, with_caps};
/// use ssi_vocab::{Column, Table};
/// let numbers = |name: &str| Column::number(name, vec![Ok(1.0)]);
/// let table = Table::new(vec![numbers("contacts"), numbers("contacts_capped")], vec![2])?;
/// let cap = Indicated { column: "contacts".to_owned(), indicator: "contacts_capped".to_owned() };
/// let text = with_caps("contacts=500+", &table, &[cap])?;
/// assert_eq!(text, "`contacts`=\"500\",`contacts_capped`=\"1\"");
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn with_caps(text: &str, table: &Table, caps: &[Indicated]) -> Result<String> {
    let unreadable = || ModelError::At { text: text.to_owned() };
    let mut named: Vec<(String, String)> = Vec::new();
    for (name, value) in pairs(text).ok_or_else(unreadable)? {
        named.push((table.column(&name)?.name.clone(), value));
    }
    let mut out: Vec<String> = Vec::new();
    for (name, value) in &named {
        let cap = caps.iter().find(|cap| cap.column == *name);
        let number = value.strip_suffix(['+', '＋']).map(str::trim_end);
        let number = number.filter(|v| cap.is_some() && v.parse::<f64>().is_ok());
        out.push(format!("`{name}`=\"{}\"", number.unwrap_or(value)));
        if let Some(cap) = cap.filter(|cap| named.iter().all(|(name, _)| *name != cap.indicator)) {
            out.push(format!("`{}`=\"{}\"", cap.indicator, u8::from(number.is_some())));
        }
    }
    Ok(out.join(","))
}
