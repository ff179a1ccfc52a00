//! Predictions against outcomes, in groups with intervals, beside the line on which both agree.

use crate::Result;
use crate::axes::Scale;
use crate::canvas::{Area, Canvas, Ink, MARGIN, Marker, Panel, WIDTH};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use ssi_vocab::Caption;
use ssi_vocab::drawing::Calibration;

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, c: &Calibration, caption: &Caption) -> Result<()> {
    check::calibration(c)?;
    let theme = canvas.theme;
    let x = Scale::new(canvas, &c.axis, "axis", &caption.x, WIDTH * 0.7)?;
    let y = Scale::new(canvas, &c.axis, "axis", &caption.y, 700.0)?;
    let body = frame(canvas, caption, MARGIN + y.left(canvas))?;
    let entries: Vec<(Key, &str)> = [
        ("groups", Key::Interval(Marker::Circle, theme.blue)),
        ("identity", Key::Dashed(theme.text, 4.0)),
        ("line", Key::Line(theme.vermilion, 4.0)),
    ]
    .into_iter()
    .filter_map(|(key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect();
    let body = legend(canvas, body, &entries)?;
    let area = Area {
        left: body.left.round(),
        top: (body.top + 14.0).round(),
        right: (body.right - 12.0).round(),
        bottom: (body.bottom - x.below()).round(),
    };
    let panel = Panel::new(canvas, area, x.range(0.02), y.range(0.02));
    y.draw_left(canvas, &panel)?;
    x.draw_below(canvas, &panel, true)?;
    let ends = [c.axis.min, c.axis.max];
    panel.dashed_curve(&ends, &ends, Ink::line(theme.text, 4.0), 16.0)?;
    // The line goes no further than the predictions.
    let (first, last) = (c.groups[0].predicted, c.groups[c.groups.len() - 1].predicted);
    let at = |x: f64| c.intercept + c.slope * x;
    panel.curve(&[first, last], &[at(first), at(last)], Ink::line(theme.vermilion, 4.0))?;
    for group in &c.groups {
        let (px, low) = panel.at(group.predicted, group.low);
        let (_, high) = panel.at(group.predicted, group.high);
        canvas.upright(px, high, low, Ink::line(theme.blue, 4.0))?;
        let (px, py) = panel.at(group.predicted, group.observed);
        canvas.marker((px, py), 11.0, Marker::Circle, Ink::fill(theme.blue, 1.0))?;
    }
    Ok(())
}
