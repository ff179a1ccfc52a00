//! The outcome at each level of a score: dots, median and quartiles, n.

use crate::Result;
use crate::axes::Scale;
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Marker, Panel, Type};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use crate::jitter::swarm;
use ssi_vocab::Caption;
use ssi_vocab::drawing::{LevelDots, Levels};

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, drawing: &Levels, caption: &Caption) -> Result<()> {
    check::levels(drawing)?;
    let theme = canvas.theme;
    let x = Scale::new(canvas, &drawing.x_axis, "x", &caption.x, 1200.0)?;
    let y = Scale::new(canvas, &drawing.y_axis, "y", &caption.y, 640.0)?;
    let body = frame(canvas, caption, MARGIN + y.left(canvas))?;
    let body = legend(canvas, body, &entries(canvas, drawing, caption))?;

    // The threshold's words stand right of the panel, where no dot can be.
    let threshold = drawing.threshold.map(|at| (at, worded(caption, "threshold").unwrap_or("")));
    let label = canvas.label();
    let words = threshold.map_or(Vec::new(), |(_, words)| {
        canvas.fonts.fit(words, label.size, theme.note_size, false, 190.0, 4).0
    });
    let beside = words.iter().map(|w| canvas.width(w, label)).fold(0.0, f64::max);
    let below = Below::new(canvas, drawing, caption, body.width() - beside);
    let ticks_and_n = below.rows as f64 * below.kind.size * 1.3 + 14.0;
    let area = Area {
        left: body.left.round(),
        top: (body.top + 6.0).round(),
        right: (body.right - if words.is_empty() { 0.0 } else { beside + 16.0 }).round(),
        bottom: (body.bottom - x.below() + x.tick_type.size * 1.15 + 14.0 - ticks_and_n).round(),
    };
    let panel = Panel::new(canvas, area, x_range(drawing), y.range(0.03));
    y.draw_left(canvas, &panel)?;
    below.draw(canvas, drawing, &panel)?;
    let title = Area { bottom: area.bottom + ticks_and_n - x.tick_type.size * 1.15 - 14.0, ..area };
    x.title_below(canvas, title)?;

    for (i, level) in drawing.levels.iter().enumerate() {
        one(canvas, &panel, level, drawing.seed.wrapping_add(i as u64))?;
    }
    if let Some((at, _)) = threshold.filter(|(at, _)| panel.y.0 <= *at && *at <= panel.y.1) {
        let y = panel.at(panel.x.0, at).1.round();
        let ink = Ink::line(theme.text, 3.0);
        canvas.dashed(&[(area.left, y), (area.right, y)], ink, 14.0, 9.0)?;
        let leading = label.size * 1.3;
        let first = y - leading * words.len() as f64 / 2.0 + leading * 0.5 + label.size * 0.36;
        for (i, line) in words.iter().enumerate() {
            let at = (area.right + 14.0, first + leading * i as f64);
            canvas.text(line, at, label, Align::Left)?;
        }
    }
    Ok(())
}

fn entries<'a>(canvas: &Canvas<'_>, drawing: &Levels, caption: &'a Caption) -> Vec<(Key, &'a str)> {
    let theme = canvas.theme;
    if drawing.levels.iter().all(|level| level.summary.is_none()) {
        return Vec::new();
    }
    [
        ("median", Key::Line(theme.vermilion, 7.0)),
        ("quartiles", Key::Band(theme.vermilion, theme.band_opacity, 0.55)),
    ]
    .into_iter()
    .filter_map(|(key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect()
}

/// The axis, or wider where a level's column reaches past it.
fn x_range(drawing: &Levels) -> (f64, f64) {
    let ends = (drawing.x_axis.min, drawing.x_axis.max);
    let (low, high) = drawing.levels.iter().fold(ends, |(low, high), level| {
        (low.min(level.x - level.half_width), high.max(level.x + level.half_width))
    });
    let room = (high - low) * 0.012;
    (low - room, high + room)
}

fn one(canvas: &Canvas<'_>, panel: &Panel<'_>, level: &LevelDots, seed: u64) -> Result<()> {
    let theme = canvas.theme;
    let (from, _) = panel.at(level.x - level.half_width, panel.y.0);
    let (to, _) = panel.at(level.x + level.half_width, panel.y.0);
    let (middle, half) = ((from + to) / 2.0, (to - from) / 2.0);
    let width = half * 0.86;
    let inside = |v: f64| v.clamp(panel.y.0, panel.y.1);
    let height = |v: f64| panel.at(level.x, inside(v)).1;
    if let Some((q1, _, q3)) = level.summary {
        let area = Area {
            left: middle - width,
            top: height(q3),
            right: middle + width,
            bottom: height(q1),
        };
        canvas.rect(area, Ink::fill(theme.vermilion, theme.band_opacity))?;
        for y in [area.top, area.bottom] {
            canvas.rule(area.left, area.right, y, Ink::line(theme.vermilion, 2.0).fade(0.55))?;
        }
    }
    // Dots shrink with their column, so that many levels stay apart.
    let radius = (theme.point_radius * 0.89).min(half * 0.16).max(3.0);
    let shown = level.values.iter().filter(|v| panel.y.0 <= **v && **v <= panel.y.1);
    let heights: Vec<f64> = shown.map(|v| height(*v)).collect();
    let sideways = swarm(&heights, radius * 2.05, (width - radius).max(0.0), seed);
    let ink = Ink::fill(theme.blue, theme.point_opacity);
    for (y, x) in heights.iter().zip(sideways) {
        canvas.marker((middle + x, *y), radius, Marker::Circle, ink)?;
    }
    if let Some((_, median, _)) = level.summary {
        let ink = Ink::line(theme.vermilion, 7.0);
        canvas.rule(middle - width, middle + width, height(median), ink)?;
    }
    Ok(())
}

/// What stands below the panel: each level's name, and its n below that.
struct Below {
    names: Vec<String>,
    counts: Vec<Vec<String>>,
    rows: usize,
    every: usize,
    kind: Type,
    quiet: Type,
}

impl Below {
    fn new(canvas: &Canvas<'_>, drawing: &Levels, caption: &Caption, width: f64) -> Self {
        let kind = canvas.label();
        let quiet = canvas.small();
        let (low, high) = x_range(drawing);
        let slot = drawing
            .levels
            .windows(2)
            .map(|w| (w[1].x - w[0].x).abs())
            .chain(drawing.levels.iter().map(|l| l.half_width * 2.0))
            .filter(|w| *w > 0.0)
            .fold(high - low, f64::min)
            / (high - low)
            * width;
        let words = |prefix: &str, i: usize| {
            worded(caption, &format!("{prefix}.{i}")).unwrap_or_default().to_owned()
        };
        let names: Vec<String> = (0..drawing.levels.len()).map(|i| words("level", i)).collect();
        // "n = 12" breaks into two lines where the column is narrow, as a whole row does.
        let counts: Vec<String> = (0..drawing.levels.len()).map(|i| words("n", i)).collect();
        let tight = counts.iter().any(|n| canvas.width(n, quiet) > slot - 8.0);
        let counts: Vec<Vec<String>> = counts
            .into_iter()
            .map(|n| match n.rsplit_once(' ') {
                Some((before, number)) if tight => vec![before.to_owned(), number.to_owned()],
                _ => vec![n],
            })
            .collect();
        let widest = names
            .iter()
            .map(|n| canvas.width(n, kind))
            .chain(counts.iter().flatten().map(|n| canvas.width(n, quiet)))
            .fold(0.0, f64::max);
        let every = ((widest + 8.0) / slot.max(1.0)).ceil().clamp(1.0, 50.0) as usize;
        let rows = 1 + counts.iter().map(Vec::len).max().unwrap_or(1);
        Self { names, counts, rows, every, kind, quiet }
    }

    fn draw(&self, canvas: &Canvas<'_>, drawing: &Levels, panel: &Panel<'_>) -> Result<()> {
        let leading = self.kind.size * 1.3;
        let first = panel.area.bottom + 12.0 + self.kind.size;
        for (i, level) in drawing.levels.iter().enumerate().step_by(self.every) {
            let (x, _) = panel.at(level.x, panel.y.0);
            canvas.text(&self.names[i], (x, first), self.kind, Align::Centre)?;
            for (row, line) in self.counts[i].iter().enumerate() {
                let y = first + leading * (row + 1) as f64;
                canvas.text(line, (x, y), self.quiet, Align::Centre)?;
            }
        }
        Ok(())
    }
}
