//! The answer on one page, for a slide or a post.

use crate::canvas::{Align, Area, Canvas, HEIGHT, Ink, MARGIN, Type, WIDTH};
use crate::frame::{legend, note, tag};
use crate::theme::Theme;
use crate::{Error, Picture, Result, check, scatter};
use ssi_vocab::drawing::Scatter;
use ssi_vocab::{Caption, Drawing};

/// The words of a summary. Japanese texts may hold phrase breaks, as captions do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// The question, small on top.
    pub title: String,
    /// The answer in one plain sentence, large.
    pub answer: String,
    /// Key numbers, each a label and a value, such as `("Correlation", ".60")`; two to four read
    /// best, and the first four are shown. A value may go on in a second line after `\n`, which is
    /// set smaller: its interval, for example.
    pub facts: Vec<(String, String)>,
    /// Source, method, seed and version, small at the bottom.
    pub note: String,
    /// The mark of synthetic data, where they are.
    pub mark: Option<String>,
}

/// Draws the summary: question, answer, the scatter, key numbers.
///
/// The caption gives the scatter's axis titles, its legend and the alternative text; its title,
/// subtitle and note give way to the card's.
///
/// # Errors
/// [`Error::Unsupported`] for a drawing that is no scatter; otherwise as [`crate::draw`].
pub fn summary(
    card: &Card,
    drawing: &Drawing,
    caption: &Caption,
    theme: &Theme,
) -> Result<Picture> {
    let Drawing::Scatter(content) = drawing else { return Err(Error::Unsupported) };
    check::scatter(content)?;
    // A slide shows one line.
    let content = &Scatter { smooth: None, ..content.clone() };
    let mut source = String::with_capacity(1 << 17);
    let canvas = Canvas::new(&mut source, theme)?;
    let left = MARGIN;
    let mut end = WIDTH - MARGIN;
    if let Some(mark) = card.mark.as_deref().filter(|m| !m.trim().is_empty()) {
        end = tag(&canvas, mark)? - 36.0;
    }
    let (lines, size) = canvas.fonts.fit(&card.title, 32.0, 26.0, false, end - left, 2);
    let kind = Type { size, bold: false, colour: theme.secondary };
    let mut y = 46.0;
    for line in &lines {
        y += size * 1.36;
        canvas.text(line, (left, y - size * 0.27), kind, Align::Left)?;
    }
    let (lines, size) = canvas.fonts.fit(&card.answer, 60.0, 36.0, true, WIDTH - MARGIN - left, 3);
    let kind = Type { size, bold: true, colour: theme.text };
    y += 20.0;
    for line in &lines {
        y += size * 1.3;
        canvas.text(line, (left, y - size * 0.27), kind, Align::Left)?;
    }
    let words = Caption {
        note: card.note.clone(),
        mark: card.mark.clone(),
        title: String::new(),
        subtitle: String::new(),
        ..caption.clone()
    };
    let bottom = note(&canvas, &words)?;
    let top = y + 30.0;
    let column = if card.facts.is_empty() { 0.0 } else { 430.0 };
    let scales = scatter::Scales::new(&canvas, content, caption, (bottom - top) * 0.8)?;
    let body = Area {
        left: MARGIN + scales.y.left(&canvas),
        top,
        right: WIDTH - MARGIN - column - if column > 0.0 { 48.0 } else { 0.0 },
        bottom,
    };
    let body = legend(&canvas, body, &scatter::entries(&canvas, content, caption))?;
    scatter::within(&canvas, content, &scales, body, false)?;
    facts(
        &canvas,
        card,
        Area { left: WIDTH - MARGIN - column, top, right: WIDTH - MARGIN, bottom },
    )?;
    canvas.finish()?;
    Picture::new(&source, &caption.alt, theme)
}

/// The key numbers, one below the other, parted by rules.
fn facts(canvas: &Canvas<'_>, card: &Card, area: Area) -> Result<()> {
    let theme = canvas.theme;
    let shown = &card.facts[..card.facts.len().min(4)];
    let slot = (area.height() / shown.len().max(1) as f64).min(HEIGHT * 0.2);
    let mut top = area.top;
    for (i, (label, value)) in shown.iter().enumerate() {
        if i > 0 {
            canvas.rule(area.left, area.right, top, Ink::line(theme.grid, 2.0))?;
        }
        let size = theme.label_size;
        let (lines, size) = canvas.fonts.fit(label, size, theme.note_size, false, area.width(), 2);
        let kind = Type { size, bold: false, colour: theme.secondary };
        let mut y = top + 12.0;
        for line in &lines {
            y += size * 1.3;
            canvas.text(line, (area.left, y - size * 0.2), kind, Align::Left)?;
        }
        for (row, part) in value.splitn(2, '\n').enumerate() {
            let wanted = if row == 0 { 54.0 } else { theme.label_size };
            let (lines, size) = one_line(canvas, part, wanted, row == 0, area.width());
            let kind = Type { size, bold: row == 0, colour: [theme.blue, theme.text][row] };
            for line in &lines {
                y += size * 1.26;
                canvas.text(line, (area.left, y - size * 0.18), kind, Align::Left)?;
            }
        }
        top += slot;
    }
    Ok(())
}

/// A value in one line, smaller if it must be; in two only where it would be hard to read in one.
fn one_line(
    canvas: &Canvas<'_>,
    text: &str,
    size: f64,
    bold: bool,
    width: f64,
) -> (Vec<String>, f64) {
    let floor = canvas.theme.note_size;
    let share = width / canvas.fonts.width(text, size, bold).max(1.0) * 0.999;
    let small = size * share.min(1.0);
    if small >= floor.max(size * 0.5) {
        (canvas.fonts.wrap(text, small, bold, width), small)
    } else {
        canvas.fonts.fit(text, size, floor, bold, width, 2)
    }
}
