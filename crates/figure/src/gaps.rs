//! Which values are missing together: a row a variable, a column a pattern, and how often each
//! variable is missing as a bar.

use crate::Result;
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Type, WIDTH};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use crate::theme::tint;
use ssi_vocab::Caption;
use ssi_vocab::drawing::Gaps;

/// How dark a tile is of which nothing is missing.
const PRESENT: f64 = 0.16;

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, g: &Gaps, caption: &Caption) -> Result<()> {
    check::gaps(g)?;
    let theme = canvas.theme;
    let body = frame(canvas, caption, MARGIN)?;
    let all = || g.patterns.iter().flat_map(|p| &p.missing);
    let (whole, some) = (all().any(|s| *s == 1.0), all().any(|s| *s > 0.0 && *s < 1.0));
    let entries: Vec<(Key, &str)> = [
        ("present", Key::Band(theme.blue, PRESENT, 0.0)),
        ("missing", Key::Band(theme.vermilion, 1.0, 0.0)),
        ("share", Key::Band(theme.vermilion, 0.4, 0.0)),
    ]
    .into_iter()
    .filter(|(key, _)| match *key {
        "missing" => whole,
        "share" => some,
        _ => true,
    })
    .filter_map(|(key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect();
    let body = legend(canvas, body, &entries)?;
    let (label, small) = (canvas.label(), canvas.small());
    let name = |v: usize| {
        let variable = &g.variables[v];
        worded(caption, &format!("variable.{variable}")).unwrap_or(variable)
    };
    let widest = (0..g.variables.len()).map(|v| canvas.width(name(v), label)).fold(0.0, f64::max);
    let head = |key: &str| worded(caption, key).unwrap_or_default();
    let names = widest.max(canvas.width(head("patterns"), label)).min(420.0) + 4.0;
    // The bars need some room beside the tiles, which may be wide where there are few.
    let left = body.left + names + 24.0;
    let bars = 360.0;
    let n = g.patterns.len() as f64;
    let wide = ((body.right - left - bars) / n).floor().min(230.0);
    let top = body.top + 14.0 + label.size * 3.8;
    let below = body.bottom - top - 8.0;
    let shown = g.variables.len() - g.n_hidden;
    let high = (below / shown as f64).floor().min(88.0);
    // Many rows leave less room to each name than its size.
    let label = Type { size: label.size.min(high * 0.8), ..label };
    let last = left + wide * n;

    let line = top - label.size * 2.9;
    let text =
        |words: &str, at: (f64, f64), kind: Type, align: Align| canvas.text(words, at, kind, align);
    let title = canvas.label();
    text(head("patterns"), (left - 24.0, line), title, Align::Right)?;
    text(head("gaps"), (last + 32.0, line), title, Align::Left)?;
    for (p, pattern) in g.patterns.iter().enumerate() {
        let middle = left + wide * (p as f64 + 0.5);
        let count = worded(caption, &format!("pattern.{p}")).unwrap_or_default();
        let bold = Type { bold: true, ..title };
        text(count, (middle, line), bold, Align::Centre)?;
        let words = worded(caption, &format!("name.{p}")).unwrap_or_default();
        let (lines, size) =
            canvas.fonts.fit(words, small.size, small.size * 0.9, false, wide - 8.0, 2);
        let kind = Type { size, ..small };
        // Half a name says less than the note below the figure does.
        let whole = !lines.iter().any(|line| line.ends_with('…'));
        for (i, words) in lines.iter().enumerate().filter(|_| whole) {
            let y = line + size * 1.3 * (i as f64 + 1.0);
            text(words, (middle, y), kind, Align::Centre)?;
        }
        for (v, share) in pattern.missing.iter().take(shown).enumerate() {
            let tile = Area {
                left: (middle - wide * 0.5).round() + 2.0,
                top: (top + high * v as f64).round() + 2.0,
                right: (middle + wide * 0.5).round() - 2.0,
                bottom: (top + high * (v + 1) as f64).round() - 2.0,
            };
            let fill = if *share > 0.0 {
                // A share that is rare is still told from none.
                tint(theme.vermilion, 0.25 + 0.75 * share)
            } else {
                tint(theme.blue, PRESENT)
            };
            canvas.rect(tile, Ink::fill(fill, 1.0))?;
        }
    }
    let most = g.n_missing.iter().copied().max().unwrap_or(1).max(1) as f64;
    for (v, missing) in g.n_missing.iter().take(shown).enumerate() {
        let middle = top + high * (v as f64 + 0.5);
        let base = middle + label.size * 0.36;
        let (lines, size) =
            canvas.fonts.fit(name(v), label.size, small.size.min(label.size), false, names, 1);
        let kind = Type { size, ..label };
        let words = lines.first().map_or("", String::as_str);
        text(words, (left - 24.0, base), kind, Align::Right)?;
        let number = worded(caption, &format!("gaps.{}", g.variables[v])).unwrap_or_default();
        let from = last + 32.0;
        let room = (WIDTH - MARGIN - from - canvas.width(number, label) - 16.0).clamp(0.0, 360.0);
        let end = from + (room * *missing as f64 / most).max(2.0);
        let half = (high * 0.28).min(16.0);
        let bar = Area { left: from, top: middle - half, right: end, bottom: middle + half };
        canvas.rect(bar, Ink::fill(theme.vermilion, 0.55))?;
        text(number, (end + 16.0, base), label, Align::Left)?;
    }
    Ok(())
}
