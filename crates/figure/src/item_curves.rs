//! Small multiples: what a model expects of each item along the scale, and what was answered.

use crate::Result;
use crate::axes::Scale;
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Marker, Panel, Type, WIDTH};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use ssi_vocab::Caption;
use ssi_vocab::drawing::{ItemCurve, ItemCurves};

const ACROSS: usize = 5;
const GAP: f64 = 26.0;

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, drawing: &ItemCurves, caption: &Caption) -> Result<()> {
    check::item_curves(drawing)?;
    let theme = canvas.theme;
    let title = |text: &str, length: f64| -> Vec<String> {
        let size = theme.axis_title_size;
        canvas.fonts.fit(text, size, theme.note_size, false, length, 1).0
    };
    let sizes = (theme.axis_title_size, theme.note_size);
    let mut x = Scale::sized(canvas, &drawing.x_axis, "x", "", WIDTH, sizes)?;
    let mut y = Scale::sized(canvas, &drawing.y_axis, "y", "", WIDTH, sizes)?;
    let leading = theme.axis_title_size * 1.25;
    let edge = MARGIN + leading + y.left(canvas);
    let body = frame(canvas, caption, edge)?;
    let entries: Vec<(Key, &str)> = [
        ("curve", Key::Line(theme.vermilion, 5.0)),
        ("groups", Key::Interval(Marker::Circle, theme.blue)),
    ]
    .into_iter()
    .filter_map(|(key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect();
    let body = legend(canvas, body, &entries)?;
    let across = drawing.items.len().min(ACROSS);
    let rows = drawing.items.len().div_ceil(across);
    let width = (body.right - body.left + GAP) / across as f64 - GAP;
    let head = theme.label_size * 1.5 + theme.note_size * 1.35;
    let ticks = x.below();
    let height = (body.bottom - body.top - leading - ticks) / rows as f64;
    let (x_words, y_words) = (x.labels.clone(), y.labels.clone());
    let middle = |from: f64, to: f64| (from + to) / 2.0;
    for (place, item) in drawing.items.iter().enumerate() {
        let (row, column) = (place / across, place % across);
        let left = body.left + (width + GAP) * column as f64;
        let top = body.top + height * row as f64;
        let area = Area {
            left: left.round(),
            top: (top + head).round(),
            right: (left + width).round(),
            bottom: (top + height - 14.0).round(),
        };
        let panel = Panel::new(canvas, area, x.range(0.0), y.range(0.06));
        let name = caption.labels.get(&format!("item.{}", item.item)).unwrap_or(&item.item);
        let (lines, size) =
            canvas.fonts.fit(name, theme.label_size, theme.note_size, true, width, 1);
        let kind = Type { size, bold: true, colour: theme.text };
        let words = lines.first().map_or("", String::as_str);
        canvas.text(words, (area.left, top + theme.label_size * 1.15), kind, Align::Left)?;
        if let Some(words) = worded(caption, &format!("slope.{}", item.item)) {
            let at = (area.left, area.top - theme.note_size * 0.55);
            canvas.text(words, at, canvas.small(), Align::Left)?;
        }
        // Numbers stand at the first panel of a row and below the last of a column.
        y.labels = if column == 0 { y_words.clone() } else { vec![String::new(); y_words.len()] };
        let last = place + across >= drawing.items.len();
        x.labels = if last { x_words.clone() } else { vec![String::new(); x_words.len()] };
        y.draw_left(canvas, &panel)?;
        x.draw_below(canvas, &panel, true)?;
        one(canvas, &panel, item)?;
    }
    let kind = Type { size: theme.axis_title_size, bold: false, colour: theme.text };
    for line in title(&caption.x, body.right - body.left) {
        let at = (middle(body.left, body.right), body.bottom - leading * 0.2);
        canvas.text(&line, at, kind, Align::Centre)?;
    }
    for line in title(&caption.y, body.bottom - body.top) {
        let at = (MARGIN + kind.size * 0.9, middle(body.top + head, body.bottom - leading - ticks));
        canvas.text_up(&line, at, kind)?;
    }
    Ok(())
}

fn one(canvas: &Canvas<'_>, panel: &Panel<'_>, item: &ItemCurve) -> Result<()> {
    let theme = canvas.theme;
    panel.curve(&item.curve.x, &item.curve.y, Ink::line(theme.vermilion, 5.0))?;
    for group in &item.groups {
        let (px, low) = panel.at(group.place, group.low);
        let (_, high) = panel.at(group.place, group.high);
        canvas.upright(px, high, low, Ink::line(theme.blue, 3.0))?;
    }
    for group in &item.groups {
        let at = panel.at(group.place, group.observed);
        canvas.marker(at, 8.0, Marker::Circle, Ink::fill(theme.blue, 1.0))?;
    }
    Ok(())
}
