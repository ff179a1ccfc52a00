//! Counts of points in cells, for scatters where points would hide one another.

use crate::Result;
use crate::canvas::{Area, Canvas, Ink, Panel};
use crate::theme::{Rgb, tint};
use ssi_vocab::drawing::{Axis, Scatter};
use std::collections::BTreeMap;

/// Past so many points they are counted in cells.
const MANY: usize = 2_000;
/// About so many cells along an axis.
const CELLS: f64 = 40.0;
/// Width over height of the panel that hexagons are regular in.
const ASPECT: f64 = 2.2;

/// A cell that holds points, its corners in data units.
pub(crate) struct Cell {
    corners: Vec<(f64, f64)>,
    pub(crate) count: u64,
}

/// True where a scatter counts its points instead of drawing them.
pub(crate) fn crowded(s: &Scatter) -> bool {
    s.points.x.len() > MANY
}

/// The cells of a crowded scatter, none of them outside its axes.
///
/// Scores on a grid get tiles one step wide, centred on the scores: hexagons of any other width
/// would hold one score here and two there, which shows as stripes that the data do not have.
///
/// # References
/// Hexagons: Carr, Littlefield, Nicholson & Littlefield (1987),
/// doi:10.1080/01621459.1987.10478445.
pub(crate) fn cells(s: &Scatter) -> Vec<Cell> {
    if s.x_step > 0.0 { tiles(s) } else { hexagons(s) }
}

/// The most points in a cell.
pub(crate) fn most(cells: &[Cell]) -> u64 {
    cells.iter().map(|cell| cell.count).max().unwrap_or(0)
}

/// The colour of a cell: square roots, so that single respondents stay visible beside crowds.
pub(crate) fn shade(colour: Rgb, count: f64, most: f64) -> Rgb {
    tint(colour, 0.15 + 0.85 * (count / most.max(1.0)).sqrt())
}

/// A height of bins along an axis, about a fortieth of it, so that its ticks lie on edges and each
/// bin holds equally many of the values that can occur: a multiple of their smallest distance.
pub(crate) fn bin_height(axis: &Axis, values: &[f64]) -> f64 {
    let least = (axis.max - axis.min) / CELLS;
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let gaps = sorted.windows(2).map(|w| w[1] - w[0]).filter(|gap| *gap > least * 1e-6);
    let gap = gaps.fold(f64::INFINITY, f64::min);
    // Values much closer than a bin is high are as good as continuous.
    let tied = gap.is_finite() && gap >= least / 3.0;
    let whole = |height: f64| {
        let steps = height / gap;
        !tied || (steps.round() >= 1.0 && (steps - steps.round()).abs() < 1e-6)
    };
    [10.0, 5.0, 4.0, 2.0, 1.0]
        .into_iter()
        .map(|parts| axis.step / parts)
        .find(|height| *height >= least * (1.0 - 1e-9) && whole(*height))
        .unwrap_or_else(|| {
            let unit = if tied { gap } else { axis.step };
            unit * (least / unit - 1e-9).ceil().max(1.0)
        })
}

fn tiles(s: &Scatter) -> Vec<Cell> {
    let (x_axis, y_axis) = (s.x_axis, s.y_axis);
    let steps = ((x_axis.max - x_axis.min) / (CELLS * 1.5) / s.x_step - 1e-9).ceil().max(1.0);
    let wide = s.x_step * steps;
    let high = bin_height(&y_axis, &s.points.y);
    // A tile on the first or the last score reaches half a step past it.
    let ends = (x_axis.min - s.x_step / 2.0, x_axis.max + s.x_step / 2.0);
    let last = ((y_axis.max - y_axis.min) / high - 1e-9).ceil().max(1.0) - 1.0;
    let mut counts: BTreeMap<(i64, i64), u64> = BTreeMap::new();
    for (x, y) in s.points.x.iter().zip(&s.points.y) {
        if ends.0 <= *x && *x <= ends.1 && y_axis.min <= *y && *y <= y_axis.max {
            let column = ((x - x_axis.min) / wide).round() as i64;
            let row = ((y - y_axis.min) / high + 1e-9).floor().min(last) as i64;
            *counts.entry((row, column)).or_default() += 1;
        }
    }
    let tile = |((row, column), count): ((i64, i64), u64)| {
        let middle = x_axis.min + column as f64 * wide;
        let bottom = y_axis.min + row as f64 * high;
        let (left, right) = ((middle - wide / 2.0).max(ends.0), (middle + wide / 2.0).min(ends.1));
        let top = (bottom + high).min(y_axis.max);
        Cell { corners: vec![(left, bottom), (right, top)], count }
    };
    counts.into_iter().map(tile).collect()
}

fn hexagons(s: &Scatter) -> Vec<Cell> {
    let (x_axis, y_axis) = (s.x_axis, s.y_axis);
    let (across, up) = ((x_axis.max - x_axis.min) / ASPECT, y_axis.max - y_axis.min);
    let wide = ASPECT / CELLS;
    let (half, rise) = (wide / 2.0, wide / 3.0_f64.sqrt() * 1.5);
    let mut counts: BTreeMap<(i64, i64), u64> = BTreeMap::new();
    for (x, y) in s.points.x.iter().zip(&s.points.y) {
        if x_axis.min <= *x && *x <= x_axis.max && y_axis.min <= *y && *y <= y_axis.max {
            let at = nearest((x - x_axis.min) / across, (y - y_axis.min) / up, wide, rise);
            *counts.entry(at).or_default() += 1;
        }
    }
    let reach = wide / 3.0_f64.sqrt();
    let outline = [(0.0, 1.0), (1.0, 0.5), (1.0, -0.5), (0.0, -1.0), (-1.0, -0.5), (-1.0, 0.5)];
    let hexagon = |((row, column), count): ((i64, i64), u64)| {
        let (u, v) = centre(row, column, wide, rise);
        let place = |(dx, dy): (f64, f64)| {
            let x = x_axis.min + (u + dx * half * 0.97) * across;
            let y = y_axis.min + (v + dy * reach * 0.97) * up;
            (x.clamp(x_axis.min, x_axis.max), y.clamp(y_axis.min, y_axis.max))
        };
        Cell { corners: outline.map(place).to_vec(), count }
    };
    counts.into_iter().map(hexagon).collect()
}

fn centre(row: i64, column: i64, wide: f64, rise: f64) -> (f64, f64) {
    let shift = if row.rem_euclid(2) == 1 { wide / 2.0 } else { 0.0 };
    (column as f64 * wide + shift, row as f64 * rise)
}

/// The hexagon whose centre is nearest.
fn nearest(x: f64, y: f64, wide: f64, rise: f64) -> (i64, i64) {
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

/// Draws the cells, the darker the more points they hold.
pub(crate) fn draw(
    canvas: &Canvas<'_>,
    panel: &Panel<'_>,
    cells: &[Cell],
    colour: Rgb,
) -> Result<()> {
    let most = most(cells) as f64;
    for cell in cells {
        let ink = Ink::fill(shade(colour, cell.count as f64, most), 1.0);
        let places: Vec<(f64, f64)> = cell.corners.iter().map(|(x, y)| panel.at(*x, *y)).collect();
        if let [(left, bottom), (right, top)] = places[..] {
            // On whole pixels, a pixel apart.
            let (left, top) = (left.round(), top.round());
            let (right, bottom) = (right.round() - 1.0, bottom.round() - 1.0);
            canvas.rect(Area { left, top, right, bottom }, ink)?;
        } else {
            canvas.polygon(&places, ink)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_equally_many_of_the_values_that_can_occur() {
        let ssi: Vec<f64> = (3..90).map(f64::from).collect();
        assert_eq!(bin_height(&Axis { min: 0.0, max: 100.0, step: 20.0 }, &ssi), 4.0);
        let score: Vec<f64> = (0..=20).map(|i| f64::from(i) * 0.5).collect();
        assert_eq!(bin_height(&Axis { min: 0.0, max: 10.0, step: 1.0 }, &score), 0.5);
        let loose: Vec<f64> = (0..999).map(|i| f64::from(i) * 0.01).collect();
        assert_eq!(bin_height(&Axis { min: 0.0, max: 10.0, step: 1.0 }, &loose), 0.25);
        // Ticks closer than a bin is high.
        assert_eq!(bin_height(&Axis { min: 0.0, max: 60.0, step: 1.0 }, &[]), 2.0);
    }

    #[test]
    fn hexagons_hold_the_points_that_are_nearest_to_them() {
        let (wide, rise) = (0.1, 0.1 / 3.0_f64.sqrt() * 1.5);
        for at in [(0, 0), (1, 0), (3, 5), (4, -2)] {
            let (x, y) = centre(at.0, at.1, wide, rise);
            assert_eq!(nearest(x + 0.02, y - 0.02, wide, rise), at);
        }
    }
}
