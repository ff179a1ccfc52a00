//! Estimates with intervals, several series side by side, with their numbers at the right.

use crate::Result;
use crate::axes::Scale;
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Marker, Panel, Type, WIDTH};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use ssi_vocab::Caption;
use ssi_vocab::drawing::Forest;

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, drawing: &Forest, caption: &Caption) -> Result<()> {
    check::forest(drawing)?;
    let theme = canvas.theme;
    let x = Scale::new(canvas, &drawing.x_axis, "x", &caption.x, 760.0)?;
    let body = frame(canvas, caption, MARGIN)?;
    let keys: Vec<String> = drawing.series.iter().map(|s| format!("series.{s}")).collect();
    let mut entries: Vec<(Key, &str)> = keys
        .iter()
        .zip(&drawing.series)
        .enumerate()
        // A single series needs no legend unless the caption words one.
        .filter(|(_, (key, _))| drawing.series.len() > 1 || worded(caption, key).is_some())
        .map(|(i, (key, name))| {
            let sample = Key::Interval(Marker::series(i), theme.series(i));
            (sample, worded(caption, key).unwrap_or(name))
        })
        .collect();
    if let (Some(_), Some(words)) = (&drawing.aim, worded(caption, "aim")) {
        entries.push((Key::Band(theme.secondary, 0.2, 0.0), words));
    }
    let body = legend(canvas, body, &entries)?;

    let label = canvas.label();
    let terms = terms(canvas, drawing, caption);
    let wide =
        |lines: &Vec<String>| lines.iter().map(|l| canvas.width(l, label)).fold(0.0, f64::max);
    let term_width = terms.iter().map(wide).fold(0.0, f64::max);
    let numbers = Numbers::new(canvas, drawing, caption);
    let head = if numbers.header.is_empty() { 8.0 } else { numbers.kind.size * 1.6 + 8.0 };
    let area = Area {
        left: (body.left + term_width + 28.0).round(),
        top: (body.top + head).round(),
        right: (body.right - numbers.width - if numbers.width > 0.0 { 28.0 } else { 0.0 }).round(),
        bottom: (body.bottom - x.below()).round(),
    };
    let panel = Panel::new(canvas, area, x.range(0.02), (0.0, 1.0));
    let row = area.height() / drawing.rows.len() as f64;
    for i in (0..drawing.rows.len()).step_by(2) {
        let top = (area.top + row * i as f64).round();
        let stripe =
            Area { left: body.left, top, right: WIDTH - MARGIN, bottom: (top + row).round() };
        canvas.rect(stripe, Ink::fill(theme.grid, 0.35))?;
    }
    if let Some(aim) = &drawing.aim {
        let at = |v: f64| panel.at(v.clamp(panel.x.0, panel.x.1), 0.0).0;
        let band = Area { left: at(aim.low), right: at(aim.high), ..area };
        canvas.rect(band, Ink::fill(theme.secondary, 0.2))?;
    }
    x.draw_below(canvas, &panel, true)?;
    let aim = drawing.aim.map(|aim| aim.value);
    if let Some(value) = aim.filter(|v| panel.x.0 <= *v && *v <= panel.x.1) {
        let (x, _) = panel.at(value, 0.0);
        canvas.upright(x, area.top, area.bottom, Ink::line(theme.secondary, 3.0))?;
    }
    if panel.x.0 <= 0.0 && 0.0 <= panel.x.1 {
        let (zero, _) = panel.at(0.0, 0.0);
        canvas.upright(zero, area.top, area.bottom, Ink::line(theme.secondary, 3.0))?;
    }
    if !numbers.header.is_empty() {
        let at = (body.right - 12.0, area.top - 16.0);
        let kind = Type { bold: true, ..numbers.kind };
        canvas.text(&numbers.header, at, kind, Align::Right)?;
    }
    for (i, (content, lines)) in drawing.rows.iter().zip(&terms).enumerate() {
        let middle = area.top + row * (i as f64 + 0.5);
        let leading = label.size * 1.25;
        let first = middle - leading * (lines.len() as f64 - 1.0) / 2.0 + label.size * 0.36;
        for (l, line) in lines.iter().enumerate() {
            let at = (body.left + 12.0, first + leading * l as f64);
            canvas.text(line, at, label, Align::Left)?;
        }
        // Series keep their place, so that a series without this term leaves a gap.
        let step = (row * 0.8 / drawing.series.len() as f64).min(46.0);
        let start = middle - step * (drawing.series.len() as f64 - 1.0) / 2.0;
        for estimate in &content.estimates {
            let y = start + step * estimate.series as f64;
            interval(
                canvas,
                &panel,
                (estimate.low, estimate.value, estimate.high),
                y,
                estimate.series,
            )?;
            let key = format!("number.{}.{}", content.term, estimate.series);
            if let Some(text) = worded(caption, &key) {
                let kind =
                    Type { size: numbers.kind.size.min(step * 0.9).max(16.0), ..numbers.kind };
                let at = (body.right - 12.0, y + kind.size * 0.36);
                canvas.text(text, at, kind, Align::Right)?;
            }
        }
    }
    Ok(())
}

fn terms(canvas: &Canvas<'_>, drawing: &Forest, caption: &Caption) -> Vec<Vec<String>> {
    let size = canvas.theme.label_size;
    let fit = |term: &String| {
        let key = format!("term.{term}");
        canvas.fonts.fit(worded(caption, &key).unwrap_or(term), size, size, false, 380.0, 3).0
    };
    drawing.rows.iter().map(|row| fit(&row.term)).collect()
}

/// The column of numbers.
struct Numbers {
    header: String,
    width: f64,
    kind: Type,
}

impl Numbers {
    fn new(canvas: &Canvas<'_>, drawing: &Forest, caption: &Caption) -> Self {
        let kind = Type { size: canvas.theme.label_size - 2.0, ..canvas.label() };
        let width = drawing
            .rows
            .iter()
            .flat_map(|row| {
                row.estimates
                    .iter()
                    .filter_map(|e| worded(caption, &format!("number.{}.{}", row.term, e.series)))
            })
            .map(|text| canvas.width(text, kind))
            .fold(0.0, f64::max);
        let header = worded(caption, "number").filter(|_| width > 0.0).unwrap_or_default();
        let heading = Type { bold: true, ..kind };
        let (lines, _) = canvas.fonts.fit(header, kind.size, kind.size, true, 460.0, 1);
        let header = lines.into_iter().next().unwrap_or_default();
        let width = width.max(canvas.width(&header, heading));
        Self { width: if width > 0.0 { width + 12.0 } else { 0.0 }, header, kind }
    }
}

/// An interval with its estimate; ends beyond the axis are arrows.
fn interval(
    canvas: &Canvas<'_>,
    panel: &Panel<'_>,
    (low, value, high): (f64, f64, f64),
    y: f64,
    series: usize,
) -> Result<()> {
    let colour = canvas.theme.series(series);
    let (from, to) = panel.x;
    let at = |v: f64| panel.at(v.clamp(from, to), 0.0).0;
    if low <= to && high >= from {
        canvas.rule(at(low), at(high), y, Ink::line(colour, 4.0))?;
        for (end, outside, towards) in [(low, low < from, 1.0), (high, high > to, -1.0)] {
            let x = at(end);
            if outside {
                let tip = [(x, y), (x + towards * 14.0, y - 9.0), (x + towards * 14.0, y + 9.0)];
                canvas.polygon(&tip, Ink::fill(colour, 1.0))?;
            } else {
                canvas.upright(x, y - 7.0, y + 7.0, Ink::line(colour, 4.0))?;
            }
        }
    }
    if from <= value && value <= to {
        let ink = Ink::fill(colour, 1.0);
        canvas.marker(
            (at(value), y),
            canvas.theme.point_radius * 1.15,
            Marker::series(series),
            ink,
        )?;
    }
    Ok(())
}
