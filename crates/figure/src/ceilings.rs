//! A condition and an outcome with the ceilings above them. Those whose condition is capped stand
//! in a column of their own, right of the axis: never at the cap.

use crate::Result;
use crate::axes::Scale;
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Marker, Panel, Type, WIDTH};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use crate::jitter::jitter;
use ssi_vocab::Caption;
use ssi_vocab::drawing::Ceilings;

/// Width of the column of those who are capped, and the gap before it.
const COLUMN: (f64, f64) = (150.0, 26.0);

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, c: &Ceilings, caption: &Caption) -> Result<()> {
    check::ceilings(c)?;
    let x = Scale::new(canvas, &c.x_axis, "x", &caption.x, WIDTH * 0.6)?;
    let y = Scale::new(canvas, &c.y_axis, "y", &caption.y, 700.0)?;
    let body = frame(canvas, caption, MARGIN + y.left(canvas))?;
    let body = legend(canvas, body, &entries(canvas, c, caption))?;
    let (wide, gap) = if c.capped.is_empty() { (0.0, 0.0) } else { COLUMN };
    let area = Area {
        left: body.left.round(),
        top: (body.top + 14.0).round(),
        right: (body.right - wide - gap).round(),
        bottom: (body.bottom - x.below()).round(),
    };
    let panel = Panel::new(canvas, area, x.range(0.02), y.range(0.03));
    let column = Area { left: area.right + gap, right: area.right + gap + wide, ..area };
    if !c.capped.is_empty() {
        canvas.rect(column, Ink::fill(canvas.theme.grid, 0.55))?;
    }
    y.draw_left(canvas, &panel)?;
    x.draw_below(canvas, &panel, true)?;
    lines(canvas, c, caption, &panel)?;
    panel.curve(&c.steps.x, &c.steps.y, Ink::line(canvas.theme.text, 4.0))?;
    if let Some(line) = &c.line {
        panel.dashed_curve(&line.x, &line.y, Ink::line(canvas.theme.text, 4.0), 16.0)?;
    }
    points(canvas, c, &panel)?;
    capped(canvas, c, caption, &panel, column)
}

fn entries<'a>(canvas: &Canvas<'_>, c: &Ceilings, caption: &'a Caption) -> Vec<(Key, &'a str)> {
    let theme = canvas.theme;
    [
        (true, "users", Key::Point(Marker::Circle, theme.blue)),
        (
            c.points.x.iter().zip(&c.points.y).any(|(x, y)| exception(c, *x, *y)),
            "exception",
            Key::Point(Marker::Diamond, theme.vermilion),
        ),
        (c.steps.x.len() > 1, "steps", Key::Line(theme.text, 4.0)),
        (c.line.is_some(), "line", Key::Dashed(theme.text, 4.0)),
    ]
    .into_iter()
    .filter(|(drawn, ..)| *drawn)
    .filter_map(|(_, key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect()
}

/// True for a high outcome without the condition.
fn exception(c: &Ceilings, x: f64, y: f64) -> bool {
    c.high.is_some_and(|high| y >= high) && c.least.is_some_and(|least| x < least)
}

fn lines(canvas: &Canvas<'_>, c: &Ceilings, caption: &Caption, panel: &Panel<'_>) -> Result<()> {
    let theme = canvas.theme;
    let kind = canvas.small();
    if let Some(high) = c.high {
        let (_, y) = panel.at(panel.x.0, high);
        let ink = Ink::line(theme.axis, 3.0);
        canvas.dashed(&[(panel.area.left, y), (panel.area.right, y)], ink, 10.0, 8.0)?;
        if let Some(words) = worded(caption, "high") {
            canvas.text(words, (panel.area.left + 10.0, y - 9.0), kind, Align::Left)?;
        }
    }
    Ok(())
}

fn points(canvas: &Canvas<'_>, c: &Ceilings, panel: &Panel<'_>) -> Result<()> {
    let theme = canvas.theme;
    // Exceptions are few and stand on the others.
    for wanted in [false, true] {
        for (x, y) in c.points.x.iter().zip(&c.points.y) {
            if exception(c, *x, *y) != wanted {
                continue;
            }
            let at = panel.at(*x, *y);
            if wanted {
                let ink = Ink::fill(theme.vermilion, 0.9);
                canvas.marker(at, theme.point_radius, Marker::Diamond, ink)?;
            } else {
                let ink = Ink::fill(theme.blue, theme.point_opacity);
                canvas.marker(at, theme.point_radius, Marker::Circle, ink)?;
            }
        }
    }
    Ok(())
}

fn capped(
    canvas: &Canvas<'_>,
    c: &Ceilings,
    caption: &Caption,
    panel: &Panel<'_>,
    column: Area,
) -> Result<()> {
    if c.capped.is_empty() {
        return Ok(());
    }
    let theme = canvas.theme;
    let middle = (column.left + column.right) / 2.0;
    let kind = Type { size: theme.label_size, bold: true, colour: theme.text };
    if let Some(words) = worded(caption, "cap") {
        let at = (middle, column.bottom + 12.0 + kind.size);
        canvas.text(words, at, kind, Align::Centre)?;
    }
    for (i, y) in c.capped.iter().enumerate() {
        let (_, y) = panel.at(panel.x.0, *y);
        let x = middle + jitter(c.seed, i) * (column.width() / 2.0 - 16.0);
        let ink = Ink::fill(theme.blue, theme.point_opacity);
        canvas.marker((x, y), theme.point_radius, Marker::Square, ink)?;
    }
    Ok(())
}
