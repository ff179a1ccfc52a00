//! The outcome at each level of a score: dots or, for many respondents, a mirrored histogram;
//! median and quartiles, n.

use crate::Result;
use crate::axes::{Scale, number};
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Marker, Panel, Type};
use crate::check;
use crate::crowd::bin_height;
use crate::frame::{Key, frame, legend, worded};
use crate::jitter::swarm;
use ssi_vocab::Caption;
use ssi_vocab::drawing::{LevelDots, Levels};

/// Past so many respondents in a level its dots would hide one another and the quartiles.
const MANY: usize = 60;

/// Opacity of the histograms.
const HISTOGRAM: f64 = 0.38;

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
    let below = Below::new(canvas, drawing, caption, &x, body.width() - beside);
    let ticks_and_n = below.rows as f64 * below.kind.size * 1.3 + 14.0;
    let area = Area {
        left: body.left.round(),
        top: (body.top + 6.0).round(),
        right: (body.right - if words.is_empty() { 0.0 } else { beside + 16.0 }).round(),
        bottom: (body.bottom - x.below() + x.tick_type.size * 1.15 + 14.0 - ticks_and_n).round(),
    };
    let panel = Panel::new(canvas, area, x_range(drawing), y.range(0.03));
    y.draw_left(canvas, &panel)?;
    below.draw(canvas, &panel)?;
    let title = Area { bottom: area.bottom + ticks_and_n - x.tick_type.size * 1.15 - 14.0, ..area };
    x.title_below(canvas, title)?;

    let columns: Vec<Column<'_>> =
        drawing.levels.iter().map(|level| Column::new(&panel, level)).collect();
    let radius = radius(canvas, &columns, drawing.seed);
    let values: Vec<f64> = columns.iter().flat_map(|c| &c.values).copied().collect();
    let bin = bin_height(&drawing.y_axis, &values);
    for (i, column) in columns.iter().enumerate() {
        column.quartiles(canvas)?;
        if column.values.len() > MANY {
            column.histogram(canvas, &panel, drawing.y_axis.min, bin)?;
        } else {
            column.dots(canvas, radius, drawing.seed.wrapping_add(i as u64))?;
        }
        column.median(canvas)?;
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
    let summary = drawing.levels.iter().any(|level| level.summary.is_some());
    let crowd = drawing.levels.iter().any(|level| level.values.len() > MANY);
    [
        (summary, "median", Key::Line(theme.vermilion, 7.0)),
        (summary, "quartiles", Key::Band(theme.vermilion, theme.band_opacity, 0.55)),
        (crowd, "distribution", Key::Band(theme.blue, HISTOGRAM, 0.0)),
    ]
    .into_iter()
    .filter(|(drawn, ..)| *drawn)
    .filter_map(|(_, key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect()
}

/// True where every level is named after the tick it stands on.
fn on_ticks(drawing: &Levels) -> bool {
    let step = drawing.x_axis.step;
    drawing.levels.iter().all(|level| {
        let place = level.x / step;
        (place - place.round()).abs() < 1e-6
    })
}

/// The axis, with room for the columns of its first and last tick; or wider where a level's column
/// reaches past it.
fn x_range(drawing: &Levels) -> (f64, f64) {
    let (min, max) = (drawing.x_axis.min, drawing.x_axis.max);
    let widest = drawing.levels.iter().map(|level| level.half_width).fold(0.0, f64::max);
    let half = if on_ticks(drawing) { widest } else { 0.0 };
    let ends = (min - half, max + half);
    let (low, high) = drawing.levels.iter().fold(ends, |(low, high), level| {
        (low.min(level.x - level.half_width), high.max(level.x + level.half_width))
    });
    let room = (high - low) * 0.012;
    (low - room, high + room)
}

/// The size that lets all dots of all levels stand free, if there is one that can be seen.
fn radius(canvas: &Canvas<'_>, columns: &[Column<'_>], seed: u64) -> f64 {
    let half = columns.iter().map(|c| c.width / 0.86).fold(f64::INFINITY, f64::min);
    // Dots shrink with their column, so that many levels stay apart.
    let full = (canvas.theme.point_radius * 0.89).min(half * 0.16).max(3.0);
    let sizes = [1.0, 0.92, 0.85, 0.78, 0.7, 0.6].map(|share| (full * share).max(3.0));
    let free = |radius: f64| {
        columns.iter().enumerate().filter(|(_, c)| c.values.len() <= MANY).all(|(i, column)| {
            let room = (column.width - radius).max(0.0);
            swarm(&column.heights, radius * 2.05, room, seed.wrapping_add(i as u64)).1
        })
    };
    sizes.into_iter().find(|size| free(*size)).unwrap_or(sizes[5])
}

/// A level's column, in pixels.
struct Column<'a> {
    level: &'a LevelDots,
    middle: f64,
    /// Half of it, less the gap to its neighbours.
    width: f64,
    /// The values inside the panel, and where they stand.
    values: Vec<f64>,
    heights: Vec<f64>,
    /// Upper quartile, median, lower quartile.
    summary: Option<[f64; 3]>,
}

impl<'a> Column<'a> {
    fn new(panel: &Panel<'_>, level: &'a LevelDots) -> Self {
        let (from, _) = panel.at(level.x - level.half_width, panel.y.0);
        let (to, _) = panel.at(level.x + level.half_width, panel.y.0);
        let height = |v: f64| panel.at(level.x, v.clamp(panel.y.0, panel.y.1)).1;
        let shown = |v: &f64| panel.y.0 <= *v && *v <= panel.y.1;
        let values: Vec<f64> = level.values.iter().copied().filter(shown).collect();
        Self {
            level,
            middle: (from + to) / 2.0,
            width: (to - from) / 2.0 * 0.86,
            heights: values.iter().map(|v| height(*v)).collect(),
            values,
            summary: level.summary.map(|(q1, median, q3)| [q3, median, q1].map(height)),
        }
    }

    fn quartiles(&self, canvas: &Canvas<'_>) -> Result<()> {
        let Some([top, _, bottom]) = self.summary else { return Ok(()) };
        let theme = canvas.theme;
        let (left, right) = (self.middle - self.width, self.middle + self.width);
        canvas.rect(
            Area { left, top, right, bottom },
            Ink::fill(theme.vermilion, theme.band_opacity),
        )?;
        for y in [top, bottom] {
            canvas.rule(left, right, y, Ink::line(theme.vermilion, 2.0).fade(0.55))?;
        }
        Ok(())
    }

    fn median(&self, canvas: &Canvas<'_>) -> Result<()> {
        let Some([_, median, _]) = self.summary else { return Ok(()) };
        let ink = Ink::line(canvas.theme.vermilion, 7.0);
        canvas.rule(self.middle - self.width, self.middle + self.width, median, ink)
    }

    fn dots(&self, canvas: &Canvas<'_>, radius: f64, seed: u64) -> Result<()> {
        let room = (self.width - radius).max(0.0);
        let (sideways, _) = swarm(&self.heights, radius * 2.05, room, seed);
        let ink = Ink::fill(canvas.theme.blue, canvas.theme.point_opacity);
        for (y, x) in self.heights.iter().zip(sideways) {
            canvas.marker((self.middle + x, *y), radius, Marker::Circle, ink)?;
        }
        Ok(())
    }

    /// A histogram with bins `bin` high from `start` upwards, mirrored about the column's middle;
    /// the fullest bin is as wide as the column.
    fn histogram(
        &self,
        canvas: &Canvas<'_>,
        panel: &Panel<'_>,
        start: f64,
        bin: f64,
    ) -> Result<()> {
        let place = |v: f64| ((v - start) / bin + 1e-9).floor() as i64;
        // A value at the end of the axis belongs to the bin below it.
        let end = ((panel.y.1 - start) / bin).floor() as i64;
        let mut runs: Vec<(i64, u64)> = Vec::new();
        for v in &self.values {
            let at = place(*v).min(end);
            match runs.last_mut() {
                Some((last, count)) if *last == at => *count += 1,
                _ => runs.push((at, 1)),
            }
        }
        let most = runs.iter().map(|(_, count)| *count).max().unwrap_or(1) as f64;
        let edge = |at: i64| {
            let v = start + at as f64 * bin;
            panel.at(self.level.x, v.clamp(panel.y.0, panel.y.1)).1
        };
        // Bins that touch make one outline: side by side, bars would show their seams.
        for part in runs.chunk_by(|a, b| a.0 + 1 == b.0) {
            let steps: Vec<(f64, f64)> = part
                .iter()
                .flat_map(|(at, count)| {
                    // A single respondent is still seen.
                    let half = (self.width * *count as f64 / most).max(2.0);
                    [(half, edge(*at)), (half, edge(at + 1))]
                })
                .collect();
            let right = steps.iter().map(|(half, y)| (self.middle + half, *y));
            let left = steps.iter().rev().map(|(half, y)| (self.middle - half, *y));
            let outline: Vec<(f64, f64)> = right.chain(left).collect();
            canvas.polygon(&outline, Ink::fill(canvas.theme.blue, HISTOGRAM))?;
        }
        Ok(())
    }
}

/// What stands below the panel: each level's name, and its n below that. Ticks without respondents
/// have their number alone, so that the axis is whole.
struct Below {
    marks: Vec<Mark>,
    rows: usize,
    every: usize,
    kind: Type,
    quiet: Type,
}

struct Mark {
    x: f64,
    name: String,
    count: Vec<String>,
}

impl Below {
    fn new(
        canvas: &Canvas<'_>,
        drawing: &Levels,
        caption: &Caption,
        scale: &Scale,
        width: f64,
    ) -> Self {
        let kind = canvas.label();
        let quiet = canvas.small();
        let (low, high) = x_range(drawing);
        let words = |prefix: &str, i: usize| {
            worded(caption, &format!("{prefix}.{i}")).unwrap_or_default().to_owned()
        };
        let mut marks: Vec<Mark> = drawing
            .levels
            .iter()
            .enumerate()
            .map(|(i, level)| Mark {
                x: level.x,
                name: words("level", i),
                count: vec![words("n", i)],
            })
            .collect();
        if on_ticks(drawing) {
            let step = drawing.x_axis.step;
            let taken = |tick: f64| drawing.levels.iter().any(|l| (l.x - tick).abs() < step * 0.5);
            let empty = scale.ticks.iter().filter(|tick| !taken(**tick));
            marks.extend(empty.map(|tick| Mark {
                x: *tick,
                name: number(*tick, step),
                count: Vec::new(),
            }));
            marks.sort_by(|a, b| a.x.total_cmp(&b.x));
        }
        let slot = marks
            .windows(2)
            .map(|w| w[1].x - w[0].x)
            .chain(drawing.levels.iter().map(|l| l.half_width * 2.0))
            .filter(|w| *w > 0.0)
            .fold(high - low, f64::min)
            / (high - low)
            * width;
        // "n = 12" breaks into two lines where the column is narrow, as a whole row does.
        let counts = || marks.iter().flat_map(|mark| &mark.count);
        let tight = counts().any(|n| canvas.width(n, quiet) > slot - 8.0);
        for mark in marks.iter_mut().filter(|_| tight) {
            let halves = |n: &String| match n.rsplit_once(' ') {
                Some((before, number)) => vec![before.to_owned(), number.to_owned()],
                None => vec![n.clone()],
            };
            mark.count = mark.count.iter().flat_map(halves).collect();
        }
        let widest = marks
            .iter()
            .map(|mark| canvas.width(&mark.name, kind))
            .chain(marks.iter().flat_map(|m| &m.count).map(|n| canvas.width(n, quiet)))
            .fold(0.0, f64::max);
        let every = ((widest + 8.0) / slot.max(1.0)).ceil().clamp(1.0, 50.0) as usize;
        let rows = 1 + marks.iter().map(|mark| mark.count.len()).max().unwrap_or(1);
        Self { marks, rows, every, kind, quiet }
    }

    fn draw(&self, canvas: &Canvas<'_>, panel: &Panel<'_>) -> Result<()> {
        let leading = self.kind.size * 1.3;
        let first = panel.area.bottom + 12.0 + self.kind.size;
        for mark in self.marks.iter().step_by(self.every) {
            let (x, _) = panel.at(mark.x, panel.y.0);
            canvas.text(&mark.name, (x, first), self.kind, Align::Centre)?;
            for (row, line) in mark.count.iter().enumerate() {
                let y = first + leading * (row + 1) as f64;
                canvas.text(line, (x, y), self.quiet, Align::Centre)?;
            }
        }
        Ok(())
    }
}
