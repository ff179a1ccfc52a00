//! Checks of a finished report folder that a person would make by looking.

use ssi_vocab::{Lang, Results};
use std::fs;
use std::path::Path;

/// Checks that the pictures decode, are large enough and not blank, that every character of every
/// caption has a glyph in the embedded font, and that pages point only to what is there.
///
/// # Errors
/// What is wrong, a line each.
pub fn check_report(dir: &Path) -> Result<usize, Vec<String>> {
    let mut wrong = Vec::new();
    let mut checked = 0;
    let text = fs::read_to_string(dir.join("results.json")).map_err(|e| vec![e.to_string()])?;
    let results: Results = serde_json::from_str(&text).map_err(|e| vec![e.to_string()])?;
    if results.drawings.len() < 6 {
        wrong.push(format!("only {} figures", results.drawings.len()));
    }
    for lang in Lang::ALL {
        for slug in results.drawings.keys() {
            checked += 1;
            picture(&dir.join(format!("figures/{slug}.{}.png", lang.code())), &mut wrong);
            vector(&dir.join(format!("figures/{slug}.{}.svg", lang.code())), &mut wrong);
            match ssi_report::caption::for_drawing(slug, &results, lang) {
                None => wrong.push(format!("{slug}: no caption in {}", lang.code())),
                Some(caption) => {
                    let mut words = vec![&caption.title, &caption.subtitle, &caption.note];
                    words.extend([&caption.x, &caption.y].into_iter().chain(caption.mark.as_ref()));
                    words.extend(caption.labels.values());
                    let all: String = words.into_iter().map(String::as_str).collect();
                    let missing = ssi_figure::missing_glyphs(&all);
                    if !missing.is_empty() {
                        wrong.push(format!("{slug}.{}: no glyph for {missing:?}", lang.code()));
                    }
                    if lang == Lang::Ja && !all.chars().any(is_kana) {
                        wrong.push(format!("{slug}: the Japanese caption has no Japanese"));
                    }
                }
            }
        }
        checked += 1;
        picture(&dir.join(format!("summary.{}.png", lang.code())), &mut wrong);
        page(dir, &format!("report.{}.md", lang.code()), &mut wrong);
    }
    let html = fs::read_to_string(dir.join("index.html")).unwrap_or_default();
    for outside in ["src=\"http", "href=\"http", "url(http", "@import", "<link"] {
        if html.contains(outside) {
            wrong.push(format!("index.html reaches outside: {outside}"));
        }
    }
    if !html.contains("data:image/svg+xml;base64,") {
        wrong.push("index.html has no picture in it".to_owned());
    }
    if wrong.is_empty() { Ok(checked) } else { Err(wrong) }
}

fn is_kana(c: char) -> bool {
    ('\u{3040}'..='\u{30ff}').contains(&c)
}

fn picture(path: &Path, wrong: &mut Vec<String>) {
    match decoded(path) {
        Err(reason) => wrong.push(format!("{}: {reason}", path.display())),
        Ok((width, height, inked)) => {
            if width < 1600 || height < 1200 {
                wrong.push(format!("{}: only {width} x {height}", path.display()));
            }
            // A blank page has no ink; a page that is all ink was not drawn on.
            if !(0.005..0.6).contains(&inked) {
                wrong.push(format!("{}: {:.1} % of it is inked", path.display(), 100.0 * inked));
            }
        }
    }
}

/// Width, height, and the share of pixels that are not the colour of the first one.
fn decoded(path: &Path) -> Result<(u32, u32, f64), String> {
    let bytes = fs::read(path).map_err(|e| e.to_string())?;
    let mut reader =
        png::Decoder::new(std::io::Cursor::new(bytes)).read_info().map_err(|e| e.to_string())?;
    let size = reader.output_buffer_size().ok_or("too large")?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(|e| e.to_string())?;
    let channels = frame.color_type.samples();
    let first = pixels[..channels].to_vec();
    let whole = (frame.width * frame.height) as f64;
    let inked = pixels[..frame.buffer_size()].chunks(channels).filter(|p| *p != first).count();
    Ok((frame.width, frame.height, inked as f64 / whole))
}

fn vector(path: &Path, wrong: &mut Vec<String>) {
    let text = fs::read_to_string(path).unwrap_or_default();
    if !text.starts_with("<svg") || text.contains("<text") || text.contains("NaN") {
        wrong.push(format!("{}: not an SVG with outlined text", path.display()));
    }
}

/// Every picture that a Markdown page points to is there.
fn page(dir: &Path, name: &str, wrong: &mut Vec<String>) {
    let text = fs::read_to_string(dir.join(name)).unwrap_or_default();
    let mut pictures = 0;
    for part in text.split("](").skip(1) {
        let target = part.split(')').next().unwrap_or_default();
        if target.starts_with("figures/") {
            pictures += 1;
            if !dir.join(target).exists() {
                wrong.push(format!("{name}: {target} is not there"));
            }
        }
    }
    if pictures < 6 {
        wrong.push(format!("{name}: only {pictures} pictures"));
    }
}
