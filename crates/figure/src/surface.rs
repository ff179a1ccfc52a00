//! A test over what is not known: cells by the size of p, and beside them how likely nothing is
//! where rates vary.

use crate::Result;
use crate::axes::Scale;
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Panel, Type, WIDTH};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use crate::theme::{Rgb, Theme, tint};
use ssi_vocab::Caption;
use ssi_vocab::drawing::{Axis, Surface};

/// Bounds of the classes of p.
const CLASSES: [f64; 3] = [0.001, 0.01, 0.05];

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, s: &Surface, caption: &Caption) -> Result<()> {
    check::surface(s)?;
    let theme = canvas.theme;
    let x = Scale::new(canvas, &s.x_axis, "x", &caption.x, WIDTH * 0.42)?;
    let y = Scale::new(canvas, &s.y_axis, "y", &caption.y, 700.0)?;
    let body = frame(canvas, caption, MARGIN + y.left(canvas))?;
    let mut entries: Vec<(Key, &str)> = (0..4)
        .filter_map(|i| {
            let words = worded(caption, ["p.0", "p.1", "p.2", "p.3"][i])?;
            Some((Key::Band(colour(theme, i), 1.0, 0.0), words))
        })
        .collect();
    let given = worded(caption, "given");
    entries.extend(given.map(|words| (Key::Outline(theme.text, 4.0), words)));
    let body = legend(canvas, body, &entries)?;
    let halves = WIDTH * 0.58;
    let area = Area {
        left: body.left.round(),
        top: (body.top + title_room(canvas)).round(),
        right: halves.round(),
        bottom: (body.bottom - x.below()).round(),
    };
    let panel =
        Panel::new(canvas, area, (s.x_axis.min, s.x_axis.max), (s.y_axis.min, s.y_axis.max));
    y.draw_left(canvas, &panel)?;
    cells(canvas, s, &panel)?;
    x.draw_below(canvas, &panel, false)?;
    if let Some(words) = worded(caption, "test") {
        heading(canvas, words, area)?;
    }
    frame_given(canvas, s, &panel)?;
    varying(canvas, s, caption, Area { left: halves, top: area.top, ..body }, area.bottom)
}

fn title_room(canvas: &Canvas<'_>) -> f64 {
    canvas.theme.note_size * 3.3
}

/// What stands above a panel, in two lines at most.
fn heading(canvas: &Canvas<'_>, words: &str, area: Area) -> Result<()> {
    let size = canvas.theme.note_size;
    let (lines, size) = canvas.fonts.fit(words, size, size, false, area.width(), 2);
    let kind = Type { size, bold: false, colour: canvas.theme.text };
    for (i, line) in lines.iter().rev().enumerate() {
        let y = area.top - 24.0 - size * 1.3 * i as f64;
        canvas.text(line, (area.left, y), kind, Align::Left)?;
    }
    Ok(())
}

fn class(p: f64) -> usize {
    CLASSES.iter().position(|bound| p < *bound).unwrap_or(CLASSES.len())
}

/// Darker where p is smaller; nothing where it decides nothing.
fn colour(theme: &Theme, class: usize) -> Rgb {
    tint(theme.blue, [0.95, 0.62, 0.32, 0.05][class])
}

fn cells(canvas: &Canvas<'_>, s: &Surface, panel: &Panel<'_>) -> Result<()> {
    let edges = |centres: &[f64], (low, high): (f64, f64)| -> Vec<f64> {
        let between = centres.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
        std::iter::once(low).chain(between).chain([high]).collect()
    };
    let (across, up) = (edges(&s.trials, panel.x), edges(&s.rates, panel.y));
    for (row, rates) in s.p.iter().zip(up.windows(2)) {
        let mut start = 0;
        // Neighbours of one class are one rectangle, so that no seam shows.
        for end in 1..=row.len() {
            if end < row.len() && class(row[end]) == class(row[start]) {
                continue;
            }
            let (left, bottom) = panel.at(across[start], rates[0]);
            let (right, top) = panel.at(across[end], rates[1]);
            let area = Area { left, top: top.floor(), right, bottom: bottom.ceil() };
            canvas.rect(area, Ink::fill(colour(canvas.theme, class(row[start])), 1.0))?;
            start = end;
        }
    }
    Ok(())
}

/// The range that the plan takes for possible.
fn frame_given(canvas: &Canvas<'_>, s: &Surface, panel: &Panel<'_>) -> Result<()> {
    let held = |v: f64, (low, high): (f64, f64)| v.clamp(low, high);
    let [fewest, most] = s.given_trials.map(|v| held(v, panel.x));
    let [low, high] = s.given_rates.map(|v| held(v, panel.y));
    let (left, bottom) = panel.at(fewest, low);
    let (right, top) = panel.at(most, high);
    let least = 4.0;
    let area = Area { left, top, right: right.max(left + least), bottom: bottom.max(top + least) };
    canvas.outline(area, Ink::line(canvas.theme.text, 4.0))
}

/// The second panel: curves on a logarithmic scale of per cent.
fn varying(
    canvas: &Canvas<'_>,
    s: &Surface,
    caption: &Caption,
    body: Area,
    bottom: f64,
) -> Result<()> {
    if s.none.is_empty() {
        return Ok(());
    }
    let theme = canvas.theme;
    let [low, high] = s.none_powers;
    let powers = Axis { min: f64::from(low), max: f64::from(high), step: 1.0 };
    let x = Scale::new(canvas, &s.sd_axis, "sd", caption.label("sd"), WIDTH * 0.3)?;
    let mut y = Scale::new(canvas, &powers, "none", caption.label("none"), 700.0)?;
    y.labels = y.ticks.iter().map(|power| power_of_ten(*power)).collect();
    let area = Area {
        left: (body.left + 40.0 + y.left(canvas)).round(),
        top: body.top,
        right: (body.right - 90.0).round(),
        bottom,
    };
    let panel = Panel::new(canvas, area, (s.sd_axis.min, s.sd_axis.max), (powers.min, powers.max));
    y.draw_left(canvas, &panel)?;
    x.draw_below(canvas, &panel, false)?;
    if let Some(words) = worded(caption, "varying") {
        let wide = Area { left: body.left + 40.0, right: body.right, ..area };
        heading(canvas, words, wide)?;
    }
    for (i, curve) in s.none.iter().enumerate() {
        let logs: Vec<f64> = curve.y.iter().map(|v| v.log10().max(powers.min - 1.0)).collect();
        let colour = theme.series(i);
        panel.curve(&curve.x, &logs, Ink::line(colour, 5.0))?;
        let end = curve.x.last().zip(logs.last());
        if let (Some((x, y)), Some(words)) = (end, worded(caption, &format!("rate.{i}"))) {
            let (px, py) = panel.at(*x, *y);
            let kind = Type { size: theme.label_size, bold: true, colour };
            canvas.text(words, (px + 10.0, py + kind.size * 0.36), kind, Align::Left)?;
        }
    }
    Ok(())
}

/// A power of ten without an exponent: `0.01`, `1`, `100`.
fn power_of_ten(power: f64) -> String {
    let decimals = (-power).max(0.0) as usize;
    format!("{:.decimals$}", 10_f64.powf(power))
}
