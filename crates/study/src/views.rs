//! One view: what the score goes with under every model that these data allow, in outcome units per
//! score point, so that a reader sees whether the conclusion depends on the model.

use crate::scale::bounds;
use crate::tables::{FitRequest, model_of};
use ssi_cohort::Codebook;
use ssi_infer::model::Kind;
use ssi_infer::predict::Bounds;
use ssi_vocab::{Estimate, Level, Model, Progress, Table};

/// The models beside least squares, in the order of the view; a quantile regression with its
/// quantile where that is not the median.
///
/// What is not here has no effect in outcome units per score point with an interval: a tobit (SSI is
/// bounded, not censored), models of categories, isotonic steps, penalised and segmented fits.
pub(crate) const KINDS: [(Kind, Option<f64>); 11] = [
    (Kind::Huber, None),
    (Kind::Bisquare, None),
    (Kind::Mm, None),
    (Kind::TheilSen, None),
    (Kind::Quantile, Some(0.25)),
    (Kind::Quantile, None),
    (Kind::Quantile, Some(0.75)),
    (Kind::Spline, None),
    (Kind::Fractional, None),
    (Kind::Beta, None),
    (Kind::Mixed, None),
];

/// Columns whose groups may differ in level: the first that is there makes a mixed model.
const GROUPS: [&str; 2] = ["session_id", "cohort"];

/// What one model says of the score.
pub(crate) struct View {
    /// The effect: outcome units per score point.
    pub(crate) row: Estimate,
    /// The model, by its kind.
    pub(crate) model: Model,
}

/// The score's effect by one model; nothing where the cohort has no column for it.
///
/// Where the coefficients are not in outcome units the effect is the average marginal one.
///
/// # Errors
/// What makes the model undefined for these data.
pub(crate) fn view(
    (kind, tau): (Kind, Option<f64>),
    (table, codebook): (&Table, &Codebook),
    (x, y): (&str, &str),
    (level, seed): (Level, u64),
    progress: &dyn Progress,
) -> ssi_infer::Result<Option<View>> {
    let mut wanted = FitRequest::new(&format!("{y} ~ {x}"));
    wanted.model = kind;
    wanted.seed = Some(seed);
    wanted.tau.extend(tau);
    match kind {
        Kind::Fractional | Kind::Beta => {
            let Bounds { low: Some(_), high: Some(_) } = bounds(codebook, table, y) else {
                return Ok(None);
            };
        }
        Kind::Spline => wanted.se = Some("hc3".to_owned()),
        Kind::Mixed => {
            let Some(group) = group(table) else { return Ok(None) };
            wanted.random = Some(group.to_owned());
        }
        _ => {}
    }
    let said = model_of(table, codebook, &wanted, level, progress)?;
    let marginal = format!("ame({x})");
    let rows = said.measures.into_iter().filter(|row| row.term == marginal);
    let Some(mut row) =
        rows.chain(said.estimates).find(|row| row.term == marginal || row.term == x)
    else {
        return Ok(None);
    };
    let id = id(kind, tau);
    row.model = Some(id.clone());
    let mut glance = said.glance;
    // The checks of the straight line's residuals stand with least squares.
    glance.checks.retain(|check| kind != Kind::Spline || check.name.starts_with("nonlinearity"));
    let model =
        Model { id, formula: said.formula, method: said.method, glance, reference: said.reference };
    Ok(Some(View { row, model }))
}

/// A model's name in the view: `huber`, `quantile_25`.
pub(crate) fn id(kind: Kind, tau: Option<f64>) -> String {
    match tau {
        Some(tau) => format!("{kind}_{}", (100.0 * tau).round()),
        None => kind.code().to_owned(),
    }
}

/// The column whose groups may differ in level, if there is one.
pub(crate) fn group(table: &Table) -> Option<&'static str> {
    GROUPS.into_iter().find(|name| several(table, name))
}

/// True where a column tells at least five groups apart.
fn several(table: &Table, name: &str) -> bool {
    table.column(name).is_ok_and(|column| column.groups().0.len() >= 5)
}
