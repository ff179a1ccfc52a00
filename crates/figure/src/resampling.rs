//! Resampling distributions of one estimate, with the estimate and its intervals.

use crate::Result;
use crate::axes::{Scale, round_axis};
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Marker, Panel, Type};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use ssi_vocab::Caption;
use ssi_vocab::drawing::{Axis, Bins, Resampling};

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, drawing: &Resampling, caption: &Caption) -> Result<()> {
    check::resampling(drawing)?;
    let theme = canvas.theme;
    let x = Scale::new(canvas, &drawing.x_axis, "x", &caption.x, 1200.0)?;
    let y = Scale::new(canvas, &counts(drawing), "y", &caption.y, 560.0)?;
    let body = frame(canvas, caption, MARGIN + y.left(canvas))?;
    let entries: Vec<(Key, &str)> = [
        (drawing.bootstrap.counts.len(), "bootstrap", Key::Band(theme.blue, 0.55, 0.0)),
        (drawing.permutation.counts.len(), "permutation", Key::Band(theme.secondary, 0.45, 0.0)),
    ]
    .into_iter()
    .filter(|(bins, ..)| *bins > 0)
    .filter_map(|(_, key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect();
    let body = legend(canvas, body, &entries)?;

    // Above the distributions: a row for the estimate's words, then a row an interval.
    let label = canvas.label();
    let row = label.size * 1.7;
    let strip = label.size * 1.7 + row * drawing.intervals.len() as f64 + 10.0;
    let area = Area {
        left: body.left.round(),
        top: (body.top + strip).round(),
        right: body.right.round(),
        bottom: (body.bottom - x.below()).round(),
    };
    let panel = Panel::new(canvas, area, x.range(0.0), (0.0, y.axis.max));
    y.draw_left(canvas, &panel)?;
    x.draw_below(canvas, &panel, false)?;
    // White below both, so that the grid does not shine through; then both, each through the other.
    for (bins, ink) in [
        (&drawing.permutation, Ink::fill(theme.background, 1.0)),
        (&drawing.bootstrap, Ink::fill(theme.background, 1.0)),
        (&drawing.permutation, Ink::fill(theme.secondary, 0.45)),
        (&drawing.bootstrap, Ink::fill(theme.blue, 0.55)),
    ] {
        silhouette(&panel, bins, ink)?;
    }
    canvas.rule(area.left, area.right, area.bottom, Ink::line(theme.axis, 2.0))?;

    let seen = |v: f64| panel.x.0 <= v && v <= panel.x.1;
    let at = |v: f64| panel.at(v.clamp(panel.x.0, panel.x.1), 0.0).0;
    if seen(drawing.observed) {
        let top = body.top + label.size * 1.5;
        canvas.upright(at(drawing.observed), top, area.bottom, Ink::line(theme.text, 4.0))?;
        let words = worded(caption, "observed").unwrap_or_default();
        let kind = Type { bold: true, ..label };
        let half = canvas.width(words, kind) / 2.0;
        let x = at(drawing.observed).min(area.right - half).max(area.left + half);
        canvas.text(words, (x, body.top + label.size), kind, Align::Centre)?;
    }
    let ends = drawing.intervals.iter().flat_map(|i| [at(i.low), at(i.high)]);
    let (first, last) = ends.fold((area.right, area.left), |(a, b), x| (a.min(x), b.max(x)));
    for (i, interval) in drawing.intervals.iter().enumerate() {
        let y = (body.top + label.size * 1.7 + row * (i as f64 + 0.5)).round();
        let ink = Ink::line(theme.series(i + 1), 4.0);
        let (low, high) = (at(interval.low), at(interval.high));
        canvas.rule(low, high, y, ink)?;
        for (end, x) in [(interval.low, low), (interval.high, high)] {
            if seen(end) {
                canvas.upright(x, y - 9.0, y + 9.0, ink)?;
            }
        }
        if seen(drawing.observed) {
            let place = (at(drawing.observed), y);
            let fill = Ink::fill(ink.colour, 1.0);
            canvas.marker(place, theme.point_radius, Marker::series(i + 1), fill)?;
        }
        let key = format!("interval.{}", interval.method);
        let words = worded(caption, &key).unwrap_or(&interval.method);
        // On the side that has more room, one below the other.
        let (left, right) = (first - area.left - 18.0, area.right - last - 18.0);
        let (lines, size) =
            canvas.fonts.fit(words, label.size, theme.note_size, false, left.max(right), 1);
        let kind = Type { size, ..label };
        let words = lines.first().map_or("", String::as_str);
        let base = y + size * 0.36;
        if left >= right {
            canvas.text(words, (first - 18.0, base), kind, Align::Right)?;
        } else {
            canvas.text(words, (last + 18.0, base), kind, Align::Left)?;
        }
    }
    Ok(())
}

/// The vertical axis: counts from 0.
fn counts(drawing: &Resampling) -> Axis {
    let all = drawing.bootstrap.counts.iter().chain(&drawing.permutation.counts);
    let most = all.copied().max().unwrap_or(0).max(1) as f64;
    let axis = round_axis(0.0, most, 5.0);
    // Counts are whole, however few there are.
    let step = axis.step.max(1.0).ceil();
    Axis { min: 0.0, max: most * 1.04, step }
}

/// A histogram as one area: bars side by side would show their seams.
fn silhouette(panel: &Panel<'_>, bins: &Bins, ink: Ink) -> Result<()> {
    let mut x = Vec::with_capacity(bins.counts.len() * 2);
    let mut top = Vec::with_capacity(bins.counts.len() * 2);
    for (edges, count) in bins.edges.windows(2).zip(&bins.counts) {
        x.extend(edges);
        top.extend([*count as f64; 2]);
    }
    panel.band(&x, &vec![0.0; x.len()], &top, ink)
}
