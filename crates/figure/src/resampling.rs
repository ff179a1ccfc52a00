//! Resampling distributions of one estimate, with the estimate and its intervals.

use crate::Result;
use crate::axes::{Scale, round_axis};
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Marker, Panel, Type};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use ssi_vocab::Caption;
use ssi_vocab::drawing::{Axis, Bins, MarkedInterval, Resampling};

/// Width of the permutation distribution's outline.
const OUTLINE: f64 = 3.0;
/// Space between an interval and its words.
const GAP: f64 = 18.0;

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, drawing: &Resampling, caption: &Caption) -> Result<()> {
    check::resampling(drawing)?;
    let theme = canvas.theme;
    let x = Scale::new(canvas, &drawing.x_axis, "x", &caption.x, 1200.0)?;
    let y = Scale::new(canvas, &counts(drawing), "y", &caption.y, 560.0)?;
    let body = frame(canvas, caption, MARGIN + y.left(canvas))?;
    let entries: Vec<(Key, &str)> = [
        (drawing.bootstrap.counts.len(), "bootstrap", Key::Band(theme.blue, 0.55, 0.0)),
        (drawing.permutation.counts.len(), "permutation", Key::Outline(theme.text, OUTLINE)),
    ]
    .into_iter()
    .filter(|(bins, ..)| *bins > 0)
    .filter_map(|(_, key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect();
    let body = legend(canvas, body, &entries)?;

    // Above the distributions: a row for the estimate's words, then a row an interval.
    let label = canvas.label();
    let (from, to) = x.range(0.0);
    let (left, right) = (body.left.round(), body.right.round());
    let at = |v: f64| left + (right - left) * ((v.clamp(from, to) - from) / (to - from));
    let seen = |v: f64| from <= v && v <= to;
    let words = |i: &MarkedInterval| {
        let key = format!("interval.{}", i.method);
        worded(caption, &key).unwrap_or(&i.method).to_owned()
    };
    let ends = drawing.intervals.iter().flat_map(|i| [at(i.low), at(i.high)]);
    let (first, last) = ends.fold((right, left), |(a, b), x| (a.min(x), b.max(x)));
    // Beside the intervals, on the side that has more room; above each where neither has enough.
    let room = (first - left).max(right - last) - GAP;
    let small = Type { size: theme.note_size, ..label };
    let beside = drawing.intervals.iter().all(|i| canvas.width(&words(i), small) <= room);
    let row = label.size * if beside { 1.7 } else { 2.4 };
    let strip = label.size * 1.7 + row * drawing.intervals.len() as f64 + 10.0;
    let area = Area {
        left,
        top: (body.top + strip).round(),
        right,
        bottom: (body.bottom - x.below()).round(),
    };
    let panel = Panel::new(canvas, area, x.range(0.0), (0.0, y.axis.max));
    y.draw_left(canvas, &panel)?;
    x.draw_below(canvas, &panel, false)?;
    // White below, so that the grid does not shine through. Two fills would mix to a third colour:
    // the permutation distribution is an outline over the other.
    silhouette(&panel, &drawing.bootstrap, Ink::fill(theme.background, 1.0))?;
    silhouette(&panel, &drawing.bootstrap, Ink::fill(theme.blue, 0.55))?;
    let (x_steps, y_steps) = steps(&drawing.permutation);
    panel.curve(&x_steps, &y_steps, Ink::line(theme.text, OUTLINE))?;
    canvas.rule(area.left, area.right, area.bottom, Ink::line(theme.axis, 2.0))?;

    if seen(drawing.observed) {
        let top = body.top + label.size * 1.5;
        canvas.upright(at(drawing.observed), top, area.bottom, Ink::line(theme.text, 4.0))?;
        let words = worded(caption, "observed").unwrap_or_default();
        let kind = Type { bold: true, ..label };
        let half = canvas.width(words, kind) / 2.0;
        let x = at(drawing.observed).min(area.right - half).max(area.left + half);
        canvas.text(words, (x, body.top + label.size), kind, Align::Centre)?;
    }
    for (i, interval) in drawing.intervals.iter().enumerate() {
        let top = body.top + label.size * 1.7 + row * i as f64;
        let y = (top + if beside { row * 0.5 } else { row - 16.0 }).round();
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
        let words = words(interval);
        if beside {
            let (words, kind) = line(canvas, &words, label, room);
            let base = y + kind.size * 0.36;
            if first - left >= right - last {
                canvas.text(&words, (first - GAP, base), kind, Align::Right)?;
            } else {
                canvas.text(&words, (last + GAP, base), kind, Align::Left)?;
            }
        } else {
            // On the side of the estimate's line that has more room.
            let cut = if seen(drawing.observed) { at(drawing.observed) } else { right + GAP };
            let (start, end) =
                if cut - left >= right - cut { (left, cut - GAP) } else { (cut + GAP, right) };
            let (words, kind) = line(canvas, &words, label, end - start);
            let x = low.min(end - canvas.width(&words, kind)).max(start);
            canvas.text(&words, (x, y - 16.0), kind, Align::Left)?;
        }
    }
    Ok(())
}

/// Words in one line of `room`, smaller if they must be.
fn line(canvas: &Canvas<'_>, words: &str, kind: Type, room: f64) -> (String, Type) {
    let floor = canvas.theme.note_size;
    let (lines, size) = canvas.fonts.fit(words, kind.size, floor, false, room, 1);
    (lines.into_iter().next().unwrap_or_default(), Type { size, ..kind })
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

/// The upper edge of a histogram.
fn steps(bins: &Bins) -> (Vec<f64>, Vec<f64>) {
    // From the base line and back to it.
    let mut x: Vec<f64> = bins.edges.first().copied().into_iter().collect();
    let mut y = vec![0.0; x.len()];
    for (edges, count) in bins.edges.windows(2).zip(&bins.counts) {
        x.extend(edges);
        y.extend([*count as f64; 2]);
    }
    x.extend(bins.edges.last());
    y.resize(x.len(), 0.0);
    (x, y)
}

/// A histogram as one area: bars side by side would show their seams.
fn silhouette(panel: &Panel<'_>, bins: &Bins, ink: Ink) -> Result<()> {
    let (x, top) = steps(bins);
    panel.band(&x, &vec![0.0; x.len()], &top, ink)
}
