//! The difference of two ratings against their mean, with the limits of agreement.

use crate::Result;
use crate::axes::Scale;
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Marker, Panel, Type, WIDTH};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use ssi_vocab::Caption;
use ssi_vocab::drawing::{BlandAltman, Limit, Points};
use std::collections::BTreeMap;

/// The largest circle of equal points.
const LARGEST: f64 = 30.0;

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, b: &BlandAltman, caption: &Caption) -> Result<()> {
    check::bland_altman(b)?;
    let theme = canvas.theme;
    let x = Scale::new(canvas, &b.x_axis, "x", &caption.x, WIDTH * 0.7)?;
    let y = Scale::new(canvas, &b.y_axis, "y", &caption.y, 760.0)?;
    let body = frame(canvas, caption, MARGIN + y.left(canvas))?;
    let (middle, outer) = (theme.vermilion, theme.text);
    let entries: Vec<(Key, &str)> = [
        ("users", Key::Point(Marker::Circle, theme.blue)),
        ("bias", Key::Line(middle, 5.0)),
        ("limits", Key::Dashed(outer, 4.0)),
        ("intervals", Key::Band(outer, 0.16, 0.0)),
    ]
    .into_iter()
    .filter_map(|(key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect();
    let body = legend(canvas, body, &entries)?;
    let lines = [
        (b.upper, "line.upper", outer),
        (b.bias, "line.bias", middle),
        (b.lower, "line.lower", outer),
    ];
    let kind = |colour| Type { colour, bold: true, ..canvas.label() };
    let widths = lines.iter().filter_map(|(_, key, _)| worded(caption, key));
    let room = widths.map(|words| canvas.width(words, kind(outer))).fold(0.0, f64::max);
    let area = Area {
        left: body.left.round(),
        top: (body.top + 14.0).round(),
        right: (body.right - if room > 0.0 { room + 18.0 } else { 0.0 }).round(),
        bottom: (body.bottom - x.below()).round(),
    };
    let panel = Panel::new(canvas, area, x.range(0.03), y.range(0.03));
    y.draw_left(canvas, &panel)?;
    x.draw_below(canvas, &panel, true)?;
    let (x0, x1) = panel.x;
    for (Limit { low, high, .. }, _, colour) in &lines {
        panel.band(&[x0, x1], &[*low; 2], &[*high; 2], Ink::fill(*colour, 0.16))?;
    }
    panel.curve(&[x0, x1], &[0.0; 2], Ink::line(theme.secondary, 2.0))?;
    for (Limit { value, .. }, key, colour) in &lines {
        let ends = ([x0, x1], [*value; 2]);
        match *key {
            "line.bias" => panel.curve(&ends.0, &ends.1, Ink::line(*colour, 5.0))?,
            _ => panel.dashed_curve(&ends.0, &ends.1, Ink::line(*colour, 4.0), 16.0)?,
        }
    }
    let ink = Ink::fill(theme.blue, theme.point_opacity);
    for ((px, py), count) in equal(&b.points) {
        canvas.marker(panel.at(px, py), count, Marker::Circle, ink)?;
    }
    names(canvas, &panel, &lines, caption)
}

/// The different points, each with a radius whose square is as their number.
fn equal(points: &Points) -> Vec<((f64, f64), f64)> {
    // −0 and 0 are one place.
    let key = |v: f64| (v + 0.0).to_bits();
    let mut counts: BTreeMap<(u64, u64), ((f64, f64), f64)> = BTreeMap::new();
    for (x, y) in points.x.iter().zip(&points.y) {
        counts.entry((key(*x), key(*y))).or_insert(((*x, *y), 0.0)).1 += 1.0;
    }
    let most = counts.values().map(|(_, count)| *count).fold(1.0, f64::max);
    let unit = 9.0_f64.min(LARGEST / most.sqrt());
    counts.into_values().map(|(at, count)| (at, (unit * count.sqrt()).max(3.0))).collect()
}

/// The words of the lines at their right ends, moved apart where they would touch.
fn names(
    canvas: &Canvas<'_>,
    panel: &Panel<'_>,
    lines: &[(Limit, &'static str, crate::Rgb); 3],
    caption: &Caption,
) -> Result<()> {
    let leading = canvas.label().size * 1.2;
    let mut places: Vec<f64> =
        lines.iter().map(|(limit, ..)| panel.at(panel.x.1, limit.value).1).collect();
    places[0] = places[0].min(places[1] - leading);
    places[2] = places[2].max(places[1] + leading);
    for ((_, key, colour), py) in lines.iter().zip(places) {
        let Some(words) = worded(caption, key) else { continue };
        let kind = Type { colour: *colour, bold: true, ..canvas.label() };
        let at = (panel.area.right + 14.0, py + kind.size * 0.36);
        canvas.text(words, at, kind, Align::Left)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_points_are_one_whose_area_is_their_number() {
        let points = Points { x: vec![5.0, 5.0, 6.0, 5.0, 5.0], y: vec![0.0, -0.0, 1.0, 0.0, 0.0] };
        let found = equal(&points);
        assert_eq!(found.len(), 2);
        let radius = |x: f64| found.iter().find(|(at, _)| at.0 == x).map(|(_, r)| *r);
        let (four, one) = (radius(5.0).unwrap_or(0.0), radius(6.0).unwrap_or(1.0));
        assert!((four / one - 2.0).abs() < 1e-12);
    }
}
