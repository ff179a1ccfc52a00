//! Counts of points in hexagons, for scatters where points would hide one another.

use crate::Result;
use crate::canvas::{Area, Canvas, Ink};
use crate::theme::{Rgb, tint};
use std::collections::BTreeMap;

/// Hexagons of equal size over `area`, the darker the more of the `places` (pixels) they hold.
///
/// # References
/// Carr, Littlefield, Nicholson & Littlefield (1987), doi:10.1080/01621459.1987.10478445.
pub(crate) fn draw(
    canvas: &Canvas<'_>,
    area: Area,
    places: &[(f64, f64)],
    colour: Rgb,
) -> Result<()> {
    let wide = area.width() / 40.0;
    let (half, rise) = (wide / 2.0, wide / 3.0_f64.sqrt() * 1.5);
    let mut counts: BTreeMap<(i64, i64), u64> = BTreeMap::new();
    for &(x, y) in places {
        *counts.entry(cell(x - area.left, y - area.top, wide, rise)).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1) as f64;
    for ((row, column), count) in counts {
        let (x, y) = centre(row, column, wide, rise);
        let (x, y) = (area.left + x, area.top + y);
        let reach = wide / 3.0_f64.sqrt() * 0.97;
        let corners = [
            (x, y - reach),
            (x + half * 0.97, y - reach / 2.0),
            (x + half * 0.97, y + reach / 2.0),
            (x, y + reach),
            (x - half * 0.97, y + reach / 2.0),
            (x - half * 0.97, y - reach / 2.0),
        ];
        // Square roots, so that single respondents stay visible beside crowds.
        let share = 0.15 + 0.85 * (count as f64 / most).sqrt();
        canvas.polygon(&corners, Ink::fill(tint(colour, share), 0.9))?;
    }
    Ok(())
}

fn centre(row: i64, column: i64, wide: f64, rise: f64) -> (f64, f64) {
    let shift = if row.rem_euclid(2) == 1 { wide / 2.0 } else { 0.0 };
    (column as f64 * wide + shift, row as f64 * rise)
}

/// The hexagon whose centre is nearest.
fn cell(x: f64, y: f64, wide: f64, rise: f64) -> (i64, i64) {
    let middle = (y / rise).round() as i64;
    let mut best = (f64::INFINITY, (0, 0));
    for row in middle - 1..=middle + 1 {
        let shift = if row.rem_euclid(2) == 1 { wide / 2.0 } else { 0.0 };
        let column = ((x - shift) / wide).round() as i64;
        let (cx, cy) = centre(row, column, wide, rise);
        let distance = (cx - x).hypot(cy - y);
        if distance < best.0 {
            best = (distance, (row, column));
        }
    }
    best.1
}
