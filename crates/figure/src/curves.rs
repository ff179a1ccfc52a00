//! Small multiples of curves on logarithmic axes: cost against size, side by side.

use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Marker, Panel, Type, WIDTH};
use crate::frame::frame;
use crate::{Error, Picture, Result, Theme};
use ssi_vocab::Caption;

/// Panels with the same logarithmic axes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curves {
    /// The panels, row by row, three in a row.
    pub panels: Vec<CurvePanel>,
    /// Ticks of the horizontal axis with their words; its ends are the first and the last.
    pub x: Vec<(f64, String)>,
    /// Ticks of the vertical axis with their words; its ends are the first and the last.
    pub y: Vec<(f64, String)>,
}

/// One panel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CurvePanel {
    /// What stands above it.
    pub title: String,
    /// Its curves; the index is that of the colour.
    pub curves: Vec<LabelledCurve>,
}

/// A curve with its name at its end.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LabelledCurve {
    /// The name; the same in each panel has the same place in `curves`.
    pub name: String,
    /// Points, all above 0.
    pub points: Vec<(f64, f64)>,
}

const ACROSS: usize = 3;

/// Draws small multiples of curves.
///
/// # Errors
/// [`Error::Empty`] without a panel or with fewer than two ticks, [`Error::NotFinite`] for a place
/// that has no logarithm; otherwise as [`crate::draw`].
pub fn curves(content: &Curves, caption: &Caption, theme: &Theme) -> Result<Picture> {
    let (Some(x), Some(y)) = (ends(&content.x)?, ends(&content.y)?) else {
        return Err(Error::Empty { part: "ticks" });
    };
    if content.panels.is_empty() {
        return Err(Error::Empty { part: "panels" });
    }
    let mut source = String::with_capacity(1 << 16);
    let canvas = Canvas::new(&mut source, theme)?;
    let tick = Type { size: theme.note_size, bold: false, colour: theme.text };
    let widest = content.y.iter().map(|(_, word)| canvas.width(word, tick)).fold(0.0, f64::max);
    let title = Type { size: theme.label_size, bold: false, colour: theme.text };
    let edge = MARGIN + title.size * 1.5 + widest + 14.0;
    let body = frame(&canvas, caption, edge)?;
    let rows = content.panels.len().div_ceil(ACROSS);
    // Beside each panel is room for the names of its curves.
    let names = content.panels.iter().flat_map(|p| &p.curves);
    let room = names.map(|c| canvas.width(&c.name, title)).fold(0.0, f64::max) + 36.0;
    let above = title.size * 1.75;
    let below = tick.size * 1.9 + title.size * 1.6;
    let width = (WIDTH - MARGIN - body.left + 30.0) / ACROSS as f64 - room;
    let height = (body.bottom - body.top - below) / rows as f64 - above - tick.size * 1.9;
    for (at, panel) in content.panels.iter().enumerate() {
        let (row, column) = (at / ACROSS, at % ACROSS);
        let left = body.left + column as f64 * (width + room);
        let top = body.top + above + row as f64 * (height + above + tick.size * 1.9);
        let area = Area { left, top, right: left + width, bottom: top + height };
        let last = at + ACROSS >= content.panels.len();
        let plane = Panel::new(&canvas, area, x, y);
        grid(&canvas, &plane, content, tick, (column == 0, last))?;
        let kind = Type { bold: true, ..title };
        canvas.text(&panel.title, (left, top - title.size * 0.55), kind, Align::Left)?;
        draw_curves(&canvas, &plane, panel, title)?;
    }
    let middle = (body.top + above + body.bottom - below) / 2.0;
    canvas.text_up(&caption.y, (MARGIN + title.size * 0.8, middle), title)?;
    let centre = (body.left + WIDTH - MARGIN - room + 30.0) / 2.0;
    let base = body.top + rows as f64 * (height + above + tick.size * 1.9) + title.size * 0.9;
    canvas.text(&caption.x, (centre, base), title, Align::Centre)?;
    canvas.finish()?;
    Picture::new(&source, &caption.alt, theme)
}

/// The logarithms of the first and the last tick.
fn ends(ticks: &[(f64, String)]) -> Result<Option<(f64, f64)>> {
    let (Some((first, _)), Some((last, _))) = (ticks.first(), ticks.last()) else {
        return Ok(None);
    };
    Ok((last > first).then_some((log(*first)?, log(*last)?)))
}

fn log(value: f64) -> Result<f64> {
    let log = value.log10();
    if log.is_finite() {
        Ok(log)
    } else {
        Err(Error::NotFinite { part: "a logarithm", index: 0, value })
    }
}

fn grid(
    canvas: &Canvas<'_>,
    plane: &Panel<'_>,
    content: &Curves,
    kind: Type,
    (left, below): (bool, bool),
) -> Result<()> {
    let Area { left: start, right, top, bottom } = plane.area;
    let ink = Ink::line(canvas.theme.grid, 2.0);
    for (tick, word) in &content.y {
        let (_, y) = plane.at(plane.x.0, log(*tick)?);
        canvas.rule(start, right, y, ink)?;
        if left {
            canvas.text(word, (start - 12.0, y + kind.size * 0.36), kind, Align::Right)?;
        }
    }
    for (tick, word) in &content.x {
        let (x, _) = plane.at(log(*tick)?, plane.y.0);
        canvas.upright(x, top, bottom, ink)?;
        if below {
            canvas.text(word, (x, bottom + kind.size * 1.35), kind, Align::Centre)?;
        }
    }
    Ok(())
}

fn draw_curves(
    canvas: &Canvas<'_>,
    plane: &Panel<'_>,
    panel: &CurvePanel,
    kind: Type,
) -> Result<()> {
    let mut names: Vec<(f64, f64, usize)> = Vec::new();
    // The first curve is drawn last, over the others.
    for (index, curve) in panel.curves.iter().enumerate().rev() {
        let colour = canvas.theme.series(index);
        let mut logs = Vec::with_capacity(curve.points.len());
        for (x, y) in &curve.points {
            logs.push((log(*x)?, log(*y)?));
        }
        let (x, y): (Vec<f64>, Vec<f64>) = logs.iter().copied().unzip();
        // A curve that leaves the panel is named where it does.
        logs.retain(|(_, y)| (plane.y.0..=plane.y.1).contains(y));
        plane.curve(&x, &y, Ink::line(colour, 5.0))?;
        for (x, y) in &logs {
            canvas.marker(plane.at(*x, *y), 8.0, Marker::series(index), Ink::fill(colour, 1.0))?;
        }
        if let Some((x, y)) = logs.last() {
            let (x, y) = plane.at(*x, *y);
            names.push((x, y, index));
        }
    }
    // Names that would run into one another move apart, in the order of their ends.
    names.sort_by(|a, b| a.1.total_cmp(&b.1));
    let gap = kind.size * 1.12;
    for _ in 0..20 {
        for i in 1..names.len() {
            let near = (names[i].0 - names[i - 1].0).abs() < 4.0 * kind.size;
            let lack = gap - (names[i].1 - names[i - 1].1);
            if near && lack > 0.0 {
                names[i - 1].1 -= lack / 2.0;
                names[i].1 += lack / 2.0;
            }
        }
    }
    for (x, y, index) in names {
        let kind = Type { colour: canvas.theme.series(index), bold: true, ..kind };
        let at = (x + 16.0, y + kind.size * 0.36);
        canvas.text(&panel.curves[index].name, at, kind, Align::Left)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> Curves {
        let curve = |name: &str, by: f64| LabelledCurve {
            name: name.to_owned(),
            points: vec![(100.0, by), (1e4, by * 90.0), (1e6, by * 9_000.0)],
        };
        let panel =
            CurvePanel { title: "r".to_owned(), curves: vec![curve("a", 1e-5), curve("b", 1e-5)] };
        let tick = |v: f64| (v, v.to_string());
        let x = [100.0, 1e4, 1e6].map(|n| (n, n.to_string())).to_vec();
        Curves { panels: vec![panel; 5], x, y: [1e-6, 1e-3, 1.0].map(tick).to_vec() }
    }

    #[test]
    fn panels_are_drawn_and_what_has_no_logarithm_is_refused() {
        let theme = Theme::default();
        let word = || "words".to_owned();
        let caption = Caption {
            lang: ssi_vocab::Lang::En,
            title: word(),
            subtitle: word(),
            x: word(),
            y: word(),
            note: word(),
            mark: None,
            alt: word(),
            labels: std::collections::BTreeMap::new(),
        };
        let picture = curves(&content(), &caption, &theme).unwrap();
        assert!(picture.svg().matches("<path").count() > 100);
        let mut wrong = content();
        wrong.panels[0].curves[0].points[1].1 = 0.0;
        assert!(curves(&wrong, &caption, &theme).is_err());
        assert!(curves(&Curves::default(), &caption, &theme).is_err());
    }
}
