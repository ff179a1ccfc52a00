//! What every figure has around its panel: title, subtitle, mark, legend, note.

use crate::canvas::{Align, Area, Canvas, HEIGHT, Ink, MARGIN, Marker, Type, WIDTH};
use crate::theme::Rgb;
use crate::{Result, crowd};
use ssi_vocab::Caption;

/// Draws title, subtitle, mark and note, and returns the space between them for a plot whose left
/// edge is `edge`. The words of every figure begin at the same margin, however wide its axis is.
pub(crate) fn frame(canvas: &Canvas<'_>, caption: &Caption, edge: f64) -> Result<Area> {
    let theme = canvas.theme;
    let (left, right) = (MARGIN, WIDTH - MARGIN);
    let mut end = right;
    if let Some(mark) = caption.mark.as_deref().filter(|m| !m.trim().is_empty()) {
        end = tag(canvas, mark)? - 36.0;
    }
    let size = theme.title_size;
    let (lines, size) = canvas.fonts.fit(&caption.title, size, size * 0.7, true, end - left, 2);
    let kind = Type { size, bold: true, colour: theme.text };
    let mut y = 46.0;
    for line in &lines {
        y += size * 1.27;
        canvas.text(line, (left, y - size * 0.27), kind, Align::Left)?;
    }
    // A little smaller rather than with a few words on a second line.
    let size = theme.subtitle_size;
    let wide = canvas.fonts.width(&caption.subtitle, size, false);
    let share = (right - left) / wide.max(1.0) * 0.999;
    let size = if (0.875..1.0).contains(&share) { size * share } else { size };
    let (lines, size) =
        canvas.fonts.fit(&caption.subtitle, size, theme.note_size, false, right - left, 3);
    let kind = Type { size, bold: false, colour: theme.text };
    y += if lines.is_empty() { 0.0 } else { 2.0 };
    for line in &lines {
        y += size * 1.36;
        canvas.text(line, (left, y - size * 0.27), kind, Align::Left)?;
    }
    let bottom = note(canvas, caption)?;
    Ok(Area { left: edge, top: y + 18.0, right, bottom })
}

/// The note, with the mark in it; returns where the space above it ends.
pub(crate) fn note(canvas: &Canvas<'_>, caption: &Caption) -> Result<f64> {
    let left = MARGIN;
    let mark = caption.mark.as_deref().unwrap_or_default();
    let text = match (caption.note.trim(), mark.trim()) {
        (note, mark) if mark.is_empty() || note.contains(mark) => note.to_owned(),
        ("", mark) => mark.to_owned(),
        (note, mark) => format!("{mark} · {note}"),
    };
    let kind = canvas.small();
    let width = WIDTH - MARGIN - left;
    let lines = canvas.fonts.fill(&text, kind.size, width, 3);
    let leading = kind.size * 1.36;
    let last = HEIGHT - 34.0;
    for (i, line) in lines.iter().rev().enumerate() {
        canvas.text(line, (left, last - leading * i as f64), kind, Align::Left)?;
    }
    Ok(last - leading * lines.len() as f64 - 6.0)
}

/// The mark of synthetic data, in a small frame at the top right; returns its left edge.
pub(crate) fn tag(canvas: &Canvas<'_>, mark: &str) -> Result<f64> {
    let theme = canvas.theme;
    let kind = Type { size: theme.note_size, bold: true, colour: theme.text };
    let (lines, _) = canvas.fonts.fit(mark, kind.size, kind.size, true, 420.0, 2);
    let widest = lines.iter().map(|l| canvas.width(l, kind)).fold(0.0, f64::max);
    let right = WIDTH - MARGIN;
    let leading = kind.size * 1.3;
    let area = Area {
        left: (right - widest - 28.0).floor(),
        top: 46.0,
        right,
        bottom: 46.0 + (leading * lines.len() as f64 + 12.0).round(),
    };
    canvas.outline(area, Ink::line(theme.orange, 2.0))?;
    for (i, line) in lines.iter().enumerate() {
        let y = area.top + 6.0 + leading * (i as f64 + 0.77);
        canvas.text(line, ((area.left + area.right) / 2.0, y), kind, Align::Centre)?;
    }
    Ok(area.left)
}

/// The sample beside a word in a legend.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Key {
    /// A line.
    Line(Rgb, f64),
    /// A dashed line.
    Dashed(Rgb, f64),
    /// A line of short dashes.
    Dotted(Rgb, f64),
    /// An area, with an edge of some opacity.
    Band(Rgb, f64, f64),
    /// The outline of an area.
    Outline(Rgb, f64),
    /// Shades of counts, from 1 to this many.
    Shades(Rgb, u64),
    /// A point.
    Point(Marker, Rgb),
    /// A point on an interval.
    Interval(Marker, Rgb),
}

/// The words that the caption has for a key; none means that the entry is left out.
pub(crate) fn worded<'a>(caption: &'a Caption, key: &str) -> Option<&'a str> {
    caption.labels.get(key).map(String::as_str).filter(|words| !words.trim().is_empty())
}

/// Draws a legend in rows from the top of `area`, beginning at the margin as the title does;
/// returns the area below it.
pub(crate) fn legend<S: AsRef<str>>(
    canvas: &Canvas<'_>,
    area: Area,
    entries: &[(Key, S)],
) -> Result<Area> {
    const SAMPLE: f64 = 46.0;
    let (below, area) = (area, Area { left: MARGIN, ..area });
    let mut kind = canvas.label();
    // A little smaller rather than in two rows.
    let total = |kind: Type| {
        entries
            .iter()
            .map(|(_, words)| SAMPLE + 52.0 + canvas.width(words.as_ref(), kind))
            .sum::<f64>()
    };
    let small = Type { size: canvas.theme.note_size, ..kind };
    if total(kind) - 40.0 > area.width() && total(small) - 40.0 <= area.width() {
        kind = small;
    }
    let row = kind.size * 1.55;
    let (mut x, mut y) = (area.left, area.top + row * 0.5);
    for (key, words) in entries {
        let room = area.width() - SAMPLE - 12.0;
        let (lines, _) = canvas.fonts.fit(words.as_ref(), kind.size, kind.size, false, room, 1);
        let words = lines.first().map_or("", String::as_str);
        let width = SAMPLE + 12.0 + canvas.width(words, kind);
        if x > area.left && x + width > area.right {
            (x, y) = (area.left, y + row);
        }
        sample(canvas, *key, x, y.round(), SAMPLE)?;
        let at = (x + SAMPLE + 12.0, y.round() + kind.size * 0.36);
        canvas.text(words, at, kind, Align::Left)?;
        x += width + 40.0;
    }
    let used = if entries.is_empty() { 0.0 } else { y + row * 0.5 + 8.0 - area.top };
    Ok(Area { top: area.top + used, ..below })
}

fn sample(canvas: &Canvas<'_>, key: Key, x: f64, y: f64, width: f64) -> Result<()> {
    let end = x + width;
    let swatch = Area { left: x, top: y - 11.0, right: end, bottom: y + 11.0 };
    match key {
        Key::Line(colour, thick) => canvas.rule(x, end, y, Ink::line(colour, thick)),
        Key::Dashed(colour, thick) => {
            canvas.dashed(&[(x, y), (end, y)], Ink::line(colour, thick), 12.0, 8.0)
        }
        Key::Dotted(colour, thick) => {
            canvas.dashed(&[(x, y), (end, y)], Ink::line(colour, thick), 7.0, 5.0)
        }
        Key::Band(colour, opacity, edge) => {
            canvas.rect(swatch, Ink::fill(colour, opacity))?;
            for y in [swatch.top, swatch.bottom] {
                canvas.rule(x, end, y, Ink::line(colour, 2.0).fade(edge))?;
            }
            Ok(())
        }
        Key::Outline(colour, thick) => canvas.outline(swatch, Ink::line(colour, thick)),
        Key::Shades(colour, most) => {
            const PARTS: usize = 5;
            let part = width / PARTS as f64;
            for i in 0..PARTS {
                // Even steps of the square root, as even steps of the shade.
                let root = 1.0 + ((most as f64).sqrt() - 1.0) * i as f64 / (PARTS - 1) as f64;
                let fill = crowd::shade(colour, root * root, most as f64);
                let left = (x + part * i as f64).round();
                let right = (x + part * (i + 1) as f64).round();
                canvas.rect(Area { left, right, ..swatch }, Ink::fill(fill, 1.0))?;
            }
            Ok(())
        }
        Key::Point(shape, colour) => {
            let at = (x + width / 2.0, y);
            canvas.marker(at, canvas.theme.point_radius, shape, Ink::fill(colour, 1.0))
        }
        Key::Interval(shape, colour) => {
            canvas.rule(x, end, y, Ink::line(colour, 4.0))?;
            let at = (x + width / 2.0, y);
            canvas.marker(at, canvas.theme.point_radius, shape, Ink::fill(colour, 1.0))
        }
    }
}
