//! The ends of a column's scale, by the codebook in use.

use ssi_cohort::Codebook;
use ssi_infer::predict::Bounds;
use ssi_vocab::Table;

/// The smallest and the largest value that a column can have: those of the codebook's field of that
/// name, or of the one whose header it has.
pub(crate) fn bounds(codebook: &Codebook, table: &Table, column: &str) -> Bounds {
    let own = codebook.fields().iter().find(|field| {
        field.name == column || table.column(&field.name).is_ok_and(|known| known.name == column)
    });
    own.map_or_else(Bounds::default, |field| Bounds {
        low: field.constraints.minimum,
        high: field.constraints.maximum,
    })
}

/// Both ends of a column's scale, if the codebook knows them. The scale of a count that is capped
/// ends at the cap, and begins at 0 unless something else is said.
pub(crate) fn ends(
    codebook: &Codebook,
    table: &Table,
    column: &str,
    cap: Option<f64>,
) -> Option<[f64; 2]> {
    let own = bounds(codebook, table, column);
    Some([own.low.or(cap.map(|_| 0.0))?, own.high.or(cap)?])
}
