//! A correlation matrix: the lower triangle, names on the diagonal.

use crate::Result;
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Type, WIDTH};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use crate::theme::{Rgb, Theme, luminance, tint};
use ssi_vocab::Caption;
use ssi_vocab::drawing::{Matrix, MatrixCell};

/// Draws the figure.
///
/// A variable's name stands once, on the diagonal: at the end of its row and on top of its column,
/// so that long names need neither a turn nor a second place.
pub(crate) fn draw(canvas: &Canvas<'_>, drawing: &Matrix, caption: &Caption) -> Result<()> {
    check::matrix(drawing)?;
    let body = frame(canvas, caption, MARGIN)?;
    let pale =
        worded(caption, "pale").map(|words| (Key::Band(canvas.theme.axis, 0.25, 0.6), words));
    let body = legend(canvas, body, pale.as_slice())?;
    let count = drawing.variables.len();
    let columns = count.saturating_sub(1).max(1) as f64;
    let label = Type { bold: false, ..canvas.label() };
    let last = names(canvas, drawing, caption, label, 340.0, 3).pop().unwrap_or_default();
    let reserve = last.iter().map(|l| canvas.width(l, label)).fold(120.0, f64::max) + 24.0;
    let top = body.top + 8.0;
    // Few cells are large, though not so large that a pair fills the page.
    let widest = [460.0, 380.0, 300.0].get(count.saturating_sub(2)).map_or(250.0, |w| *w);
    let wide = ((body.right - body.left - reserve) / columns).floor().min(widest);
    // The first row holds nothing but a name.
    let head = label.size * 2.6;
    let high = ((body.bottom - top - head) / columns).floor().min(wide * 0.8);
    // Few variables stand in the middle of the page, the others at its left as the words do.
    let across = (body.right - body.left - reserve - wide * columns) / 2.0;
    let down = (body.bottom - top - head - high * columns) * 0.3;
    let few = if count < 4 { 1.0 } else { 0.0 };
    let left = (body.left + across.max(0.0) * few).round();
    let top = (top + down.max(0.0) * few).round();
    let row = |i: usize| if i == 0 { top } else { top + head + high * (i - 1) as f64 };

    let room = |i: usize| (WIDTH - MARGIN - left - wide * i as f64 - 20.0).min(520.0);
    let rows = (high / (label.size * 1.22)).floor().max(1.0) as usize;
    for (i, name) in drawing.variables.iter().enumerate() {
        let words = worded(caption, &format!("variable.{name}"));
        let (lines, size) = canvas.fonts.fit(
            words.unwrap_or(name),
            label.size,
            canvas.theme.note_size,
            false,
            room(i),
            if i == 0 { 2 } else { rows.min(3) },
        );
        let kind = Type { size, ..label };
        let leading = size * 1.22;
        let middle = if i == 0 { top + head * 0.5 } else { row(i) + high * 0.5 };
        let first = middle - leading * (lines.len() as f64 - 1.0) / 2.0 + size * 0.36;
        for (row, line) in lines.iter().enumerate() {
            let at = (left + wide * i as f64 + 16.0, first + leading * row as f64);
            canvas.text(line, at, kind, Align::Left)?;
        }
    }
    for cell in &drawing.cells {
        let left = left + wide * cell.column as f64;
        let top = row(cell.row);
        let area = Area {
            left,
            top: top.round(),
            right: left + wide - 4.0,
            bottom: (top + high).round() - 4.0,
        };
        one(canvas, cell, caption, area)?;
    }
    Ok(())
}

fn names(
    canvas: &Canvas<'_>,
    drawing: &Matrix,
    caption: &Caption,
    kind: Type,
    width: f64,
    rows: usize,
) -> Vec<Vec<String>> {
    let fit = |name: &String| {
        let key = format!("variable.{name}");
        let words = worded(caption, &key).unwrap_or(name);
        canvas.fonts.fit(words, kind.size, kind.size, kind.bold, width, rows).0
    };
    drawing.variables.iter().map(fit).collect()
}

fn one(canvas: &Canvas<'_>, cell: &MatrixCell, caption: &Caption, area: Area) -> Result<()> {
    let theme = canvas.theme;
    let fill = colour(theme, cell);
    canvas.rect(area, Ink::fill(fill, 1.0))?;
    // Whichever stands out more; between dark grey and white the turn is near 0.22.
    let ink = if luminance(fill) < 0.22 { theme.background } else { theme.text };
    let at = format!("{}.{}", cell.row, cell.column);
    let text = worded(caption, &format!("cell.{at}")).unwrap_or("–");
    let interval = worded(caption, &format!("interval.{at}")).unwrap_or_default();
    let room = area.width() - 10.0;
    // Large cells have larger type.
    let scale = (area.width() / 250.0).clamp(1.0, 1.6);
    let fit = |text: &str, size: f64, floor: f64| {
        let wide = canvas.fonts.width(text, size, false);
        (size * (room / wide.max(1.0)).min(1.0)).max(floor)
    };
    let big = Type { size: fit(text, 32.0 * scale, 18.0), bold: false, colour: ink };
    let small =
        Type { size: fit(interval, theme.note_size * scale, 16.0), bold: false, colour: ink };
    let (x, y) = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
    // Below half a line of space, the interval gives way to the coefficient.
    let two = !interval.is_empty() && area.height() > big.size + small.size * 1.4;
    if two {
        canvas.text(text, (x, y - 2.0), big, Align::Centre)?;
        canvas.text(interval, (x, y + small.size + 8.0), small, Align::Centre)
    } else {
        canvas.text(text, (x, y + big.size * 0.36), big, Align::Centre)
    }
}

/// Blue for negative, vermilion for positive; pale where the interval holds zero.
fn colour(theme: &Theme, cell: &MatrixCell) -> Rgb {
    let Some(value) = cell.value else { return theme.grid };
    let full = if value < 0.0 { theme.blue } else { theme.vermilion };
    let clear = match (cell.low, cell.high) {
        (Some(low), Some(high)) => low > 0.0 || high < 0.0,
        _ => false,
    };
    let size = value.abs().min(1.0);
    tint(full, if clear { 0.14 + 0.86 * size } else { 0.05 })
}
