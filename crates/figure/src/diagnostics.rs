//! Four small panels of residual diagnostics.

use crate::Result;
use crate::axes::{Scale, number, round_axis};
use crate::canvas::{Align, Area, Canvas, HEIGHT, Ink, MARGIN, Marker, Panel, Type, WIDTH};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use ssi_vocab::Caption;
use ssi_vocab::drawing::{Axis, Curve, Diagnostics, Points};

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, drawing: &Diagnostics, caption: &Caption) -> Result<()> {
    check::diagnostics(drawing)?;
    let theme = canvas.theme;
    let panels = panels(drawing);
    let scales: Vec<(Scale, Scale)> =
        panels.iter().map(|p| scales(canvas, p, caption)).collect::<Result<_>>()?;
    let gutter = |column: usize| {
        let of = |i: usize| scales[i].1.left(canvas);
        of(column).max(of(column + 2))
    };
    let body = frame(canvas, caption, MARGIN + gutter(0))?;
    let body = legend(canvas, body, &entries(canvas, drawing, caption, &scales))?;
    // Room for the contours' words right of the right-hand panels.
    let kind = Type { size: theme.note_size, bold: false, colour: theme.text };
    let widths =
        (0..drawing.cooks.len()).map(|i| canvas.width(&contour_words(drawing, caption, i), kind));
    let reserve = if contours_seen(drawing, &scales) { widths.fold(0.0, f64::max) } else { 0.0 };
    let right = body.right - if reserve > 0.0 { reserve.min(160.0) + 8.0 } else { 0.0 };
    let width = (right - body.left - gutter(1) - 36.0) / 2.0;
    let left = [body.left, right - width];
    let half = (body.bottom - body.top) / 2.0;
    for (i, (content, (x, y))) in panels.iter().zip(&scales).enumerate() {
        let (row, column) = (i / 2, i % 2);
        let top = body.top + half * row as f64;
        let title = worded(caption, &format!("{}.title", content.name)).unwrap_or_default();
        let (lines, size) =
            canvas.fonts.fit(title, theme.label_size, theme.note_size, true, width, 1);
        let kind = Type { size, bold: true, colour: theme.text };
        let words = lines.first().map_or("", String::as_str);
        canvas.text(words, (left[column], top + 30.0), kind, Align::Left)?;
        let area = Area {
            left: left[column].round(),
            top: (top + 44.0).round(),
            right: (left[column] + width).round(),
            bottom: (top + half - x.below() - if row == 0 { 12.0 } else { 0.0 }).round(),
        };
        let panel = Panel::new(canvas, area, x.range(0.04), y.range(0.06));
        y.draw_left(canvas, &panel)?;
        x.draw_below(canvas, &panel, true)?;
        one(canvas, &panel, content, drawing, caption)?;
    }
    Ok(())
}

/// What one panel shows.
struct Content<'a> {
    name: &'static str,
    points: &'a Points,
    smooth: Option<&'a Curve>,
    marked: &'a [usize],
}

fn panels(d: &Diagnostics) -> [Content<'_>; 4] {
    let panel = |name, points, smooth, marked| Content { name, points, smooth, marked };
    [
        panel("residuals", &d.residuals, Some(&d.residuals_smooth), &d.influential[..]),
        panel("quantiles", &d.quantiles, None, &d.influential_quantiles[..]),
        panel("scale", &d.scale, Some(&d.scale_smooth), &d.influential[..]),
        panel("leverage", &d.leverage, None, &d.influential[..]),
    ]
}

fn scales(canvas: &Canvas<'_>, content: &Content<'_>, caption: &Caption) -> Result<(Scale, Scale)> {
    let ends = |values: &[f64]| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if low <= high { (low, high) } else { (0.0, 1.0) }
    };
    let (x, y) = (ends(&content.points.x), ends(&content.points.y));
    // Roots of absolute values, and leverages, start at 0.
    let y = if content.name == "scale" { (0.0, y.1.max(0.0)) } else { y };
    let x = if content.name == "leverage" { (0.0, x.1.max(0.0)) } else { x };
    let sizes = (canvas.theme.label_size - 2.0, canvas.theme.note_size);
    let title = |part: &str| {
        worded(caption, &format!("{}.{part}", content.name)).unwrap_or_default().to_owned()
    };
    let (x, y): (Axis, Axis) = (round_axis(x.0, x.1, 6.0), round_axis(y.0, y.1, 4.0));
    Ok((
        Scale::sized(canvas, &x, "x", &title("x"), WIDTH * 0.36, sizes)?,
        Scale::sized(canvas, &y, "y", &title("y"), HEIGHT * 0.26, sizes)?,
    ))
}

/// True where a contour of Cook's distance passes through its panel.
fn contours_seen(d: &Diagnostics, scales: &[(Scale, Scale)]) -> bool {
    let Some((x, y)) = scales.last() else { return false };
    let ((x0, x1), (y0, y1)) = (x.range(0.04), y.range(0.06));
    let seen = |(x, y): (&f64, &f64)| {
        x0 <= *x && *x <= x1 && ((y0 <= *y && *y <= y1) || (y0 <= -y && -y <= y1))
    };
    d.cooks.iter().any(|(_, curve)| curve.x.iter().zip(&curve.y).any(seen))
}

fn entries<'a>(
    canvas: &Canvas<'_>,
    d: &Diagnostics,
    caption: &'a Caption,
    scales: &[(Scale, Scale)],
) -> Vec<(Key, &'a str)> {
    let theme = canvas.theme;
    let marked = !d.influential.is_empty() || !d.influential_quantiles.is_empty();
    [
        (d.residuals_smooth.x.len() > 1, "smooth", Key::Line(theme.vermilion, 4.0)),
        (d.quantiles_envelope.x.len() > 1, "envelope", Key::Band(theme.secondary, 0.2, 0.0)),
        (contours_seen(d, scales), "cooks", Key::Dashed(theme.text, 3.0)),
        (marked, "influential", Key::Point(Marker::Diamond, theme.vermilion)),
    ]
    .into_iter()
    .filter(|(drawn, ..)| *drawn)
    .filter_map(|(_, key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect()
}

fn one(
    canvas: &Canvas<'_>,
    panel: &Panel<'_>,
    content: &Content<'_>,
    d: &Diagnostics,
    caption: &Caption,
) -> Result<()> {
    let theme = canvas.theme;
    let (x0, x1) = panel.x;
    if content.name == "quantiles" {
        let band = &d.quantiles_envelope;
        panel.band(&band.x, &band.low, &band.high, Ink::fill(theme.secondary, 0.2))?;
        // Standardised residuals of a normal model lie along y = x.
        panel.curve(&[x0, x1], &[x0, x1], Ink::line(theme.secondary, 3.0))?;
    } else if content.name != "scale" {
        panel.curve(&[x0, x1], &[0.0, 0.0], Ink::line(theme.secondary, 3.0))?;
    }
    if content.name == "leverage" {
        contours(canvas, panel, d, caption)?;
    }
    let marked = |i: usize| content.marked.contains(&i);
    let place = |i: usize| panel.at(content.points.x[i], content.points.y[i]);
    let ink = Ink::fill(theme.blue, theme.point_opacity);
    let radius = theme.point_radius * 0.7;
    for i in (0..content.points.x.len()).filter(|i| !marked(*i)) {
        canvas.marker(place(i), radius, Marker::Circle, ink)?;
    }
    if let Some(smooth) = content.smooth {
        panel.curve(&smooth.x, &smooth.y, Ink::line(theme.vermilion, 4.0))?;
    }
    for &i in content.marked {
        let ink = Ink::fill(theme.vermilion, 1.0);
        canvas.marker(place(i), theme.point_radius, Marker::Diamond, ink)?;
    }
    Ok(())
}

/// The words for contour `index`: the caption's, or its distance.
fn contour_words(d: &Diagnostics, caption: &Caption, index: usize) -> String {
    let distance = d.cooks[index].0;
    let words = worded(caption, &format!("cooks.{index}"));
    words.map_or_else(|| number(distance, distance), str::to_owned)
}

/// Cook's distance contours, both halves, each with its words right of the panel; or, where a
/// contour leaves through the top, at its end.
fn contours(
    canvas: &Canvas<'_>,
    panel: &Panel<'_>,
    d: &Diagnostics,
    caption: &Caption,
) -> Result<()> {
    let kind = Type { size: canvas.theme.note_size, bold: false, colour: canvas.theme.text };
    for (i, (_, curve)) in d.cooks.iter().enumerate() {
        let words = contour_words(d, caption, i);
        let mirrored: Vec<f64> = curve.y.iter().map(|y| -y).collect();
        let ink = Ink::line(canvas.theme.text, 3.0);
        for y in [&curve.y, &mirrored] {
            panel.dashed_curve(&curve.x, y, ink, 11.0)?;
            let parts = panel.inside(&curve.x, y);
            let Some(&(x, y)) = parts.last().and_then(|part| part.last()) else { continue };
            let (px, py) = panel.at(x, y);
            if px > panel.area.right - 2.0 {
                let at = (panel.area.right + 8.0, py + kind.size * 0.36);
                canvas.text(&words, at, kind, Align::Left)?;
            } else {
                let room = panel.area.left + canvas.width(&words, kind) + 6.0;
                let base = if y > 0.0 { py - 8.0 } else { py + kind.size + 4.0 };
                let base = base.clamp(panel.area.top + kind.size, panel.area.bottom - 6.0);
                canvas.text(&words, ((px - 6.0).max(room), base), kind, Align::Right)?;
            }
        }
    }
    Ok(())
}
