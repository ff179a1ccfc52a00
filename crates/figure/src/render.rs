//! From plotters' SVG to what readers get: an SVG whose text is outlined, and PNG bytes.

use crate::canvas::{HEIGHT, UNITS, WIDTH};
use crate::text::Fonts;
use crate::theme::{Rgb, Theme};
use crate::{Error, Result};
use resvg::tiny_skia::{self, PathSegment, Pixmap, Transform};
use resvg::usvg::{Group, Node, Options, Paint, Path, Tree};
use std::fmt::Write;
use std::sync::Arc;

/// A finished picture.
///
/// Drawing the same content twice, or on another thread, gives the same bytes.
#[derive(Debug, Clone)]
pub struct Picture {
    svg: String,
    tree: Arc<Tree>,
    paper: Rgb,
    width: u32,
    /// Alternative text, as the caption gives it.
    pub alt: String,
}

impl Picture {
    /// From plotters' SVG.
    pub(crate) fn new(source: &str, alt: &str, theme: &Theme) -> Result<Self> {
        if !(100..=16_000).contains(&theme.width) {
            return Err(Error::Size { width: theme.width });
        }
        let options = Options { fontdb: Arc::clone(&Fonts::get()?.database), ..Options::default() };
        let tree = Tree::from_str(&flatten(source), &options).map_err(Error::backend)?;
        let svg = outline(&tree, alt, theme);
        let (paper, width) = (theme.background, theme.width);
        Ok(Self { svg, tree: Arc::new(tree), paper, width, alt: alt.to_owned() })
    }

    /// The picture as SVG, its text outlined: no reader needs our font.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// The picture as PNG bytes, as wide as the theme says.
    ///
    /// # Errors
    /// [`Error::Backend`] if the bytes can't be written.
    pub fn png(&self) -> Result<Vec<u8>> {
        self.png_wide(self.width)
    }

    /// The picture as PNG bytes, `width` pixels wide and three quarters as high.
    ///
    /// # Errors
    /// [`Error::Size`] for a width outside 100 to 16,000; [`Error::Backend`] if the bytes can't be
    /// written.
    pub fn png_wide(&self, width: u32) -> Result<Vec<u8>> {
        let size = Error::Size { width };
        if !(100..=16_000).contains(&width) {
            return Err(size);
        }
        let height = (f64::from(width) * HEIGHT / WIDTH).round() as u32;
        let mut pixmap = Pixmap::new(width, height).ok_or(size)?;
        let (r, g, b) = self.paper;
        pixmap.fill(tiny_skia::Color::from_rgba8(r, g, b, 255));
        let scale = (f64::from(width) / (WIDTH * UNITS)) as f32;
        resvg::render(&self.tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
        encode(&pixmap)
    }
}

/// Opaque RGB, four bytes to three: the paper is opaque, so nothing is lost.
fn encode(pixmap: &Pixmap) -> Result<Vec<u8>> {
    let mut rgb = vec![0; pixmap.data().len() / 4 * 3];
    for (to, from) in rgb.chunks_exact_mut(3).zip(pixmap.data().chunks_exact(4)) {
        to.copy_from_slice(&from[..3]);
    }
    let mut bytes = Vec::with_capacity(1 << 18);
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // A third of the size of fdeflate's, in less time than drawing takes.
    encoder.set_deflate_compression(png::DeflateCompression::Level(3));
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header().map_err(Error::backend)?;
    writer.write_image_data(&rgb).map_err(Error::backend)?;
    writer.finish().map_err(Error::backend)?;
    Ok(bytes)
}

/// Says opacity of the paint instead of the element: an element's opacity costs a layer of its
/// own in every renderer. plotters writes an element a line, and captions hold no line ends.
fn flatten(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + source.len() / 8);
    for line in source.lines() {
        let name = line.strip_prefix('<').unwrap_or_default();
        let shape = ["rect ", "polygon ", "polyline ", "line ", "circle ", "text "]
            .iter()
            .any(|shape| name.starts_with(shape));
        let opacity = line.split_once(" opacity=\"").filter(|_| shape);
        if let Some((before, rest)) = opacity
            && let Some((value, after)) = rest.split_once('"')
        {
            let _ =
                write!(out, "{before} fill-opacity=\"{value}\" stroke-opacity=\"{value}\"{after}");
        } else if name.starts_with("svg ") {
            out.push_str(&line.replacen("<svg ", "<svg stroke-linejoin=\"round\" ", 1));
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

/// The tree as SVG with nothing but paths, coordinates whole and relative: a tenth of a pixel is
/// finer than print shows, and half the size of absolute decimals.
fn outline(tree: &Tree, alt: &str, theme: &Theme) -> String {
    let mut shapes = Vec::new();
    collect(tree.root(), &mut shapes);
    let width = theme.width;
    let height = (f64::from(width) * HEIGHT / WIDTH).round() as u32;
    let (r, g, b) = theme.background;
    let (across, down) = (WIDTH * UNITS, HEIGHT * UNITS);
    let mut out = String::with_capacity(1 << 17);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {across} {down}\" role=\"img\" aria-label=\"{}\" stroke-linejoin=\"round\">\n\
         <path fill=\"#{r:02x}{g:02x}{b:02x}\" d=\"m0 0h{across}v{down}h-{across}z\"/>",
        escape(alt)
    );
    for run in shapes.chunk_by(|a, b| a.paint == b.paint) {
        if let [only] = run {
            let _ = write!(out, "\n<path {} d=\"{}\"/>", only.paint, only.data);
        } else {
            let _ = write!(out, "\n<g {}>", run[0].paint);
            for shape in run {
                let _ = write!(out, "\n<path d=\"{}\"/>", shape.data);
            }
            out.push_str("\n</g>");
        }
    }
    out.push_str("\n</svg>\n");
    out
}

struct Shape {
    paint: String,
    filled: bool,
    stroked: bool,
    data: String,
}

fn collect(group: &Group, shapes: &mut Vec<Shape>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, shapes),
            Node::Text(text) => collect(text.flattened(), shapes),
            Node::Path(path) => {
                let data = data(path);
                let (filled, stroked) = (path.fill().is_some(), path.stroke().is_some());
                match shapes.last_mut() {
                    // A point and its edge are one shape.
                    Some(last) if last.filled && !last.stroked && !filled && last.data == data => {
                        let edge = paint(path);
                        last.paint =
                            format!("{} {}", last.paint, edge.replace("fill=\"none\" ", ""));
                        last.stroked = true;
                    }
                    _ if !data.is_empty() => {
                        shapes.push(Shape { paint: paint(path), filled, stroked, data });
                    }
                    _ => {}
                }
            }
            Node::Image(_) => {}
        }
    }
}

fn paint(path: &Path) -> String {
    let colour = |paint: &Paint| match paint {
        Paint::Color(c) => format!("#{:02x}{:02x}{:02x}", c.red, c.green, c.blue),
        _ => "none".to_owned(),
    };
    let mut out = match path.fill() {
        Some(fill) => format!("fill=\"{}\"", colour(fill.paint())),
        None => "fill=\"none\"".to_owned(),
    };
    if let Some(fill) = path.fill().filter(|fill| fill.opacity().get() < 1.0) {
        let _ = write!(out, " fill-opacity=\"{}\"", short(fill.opacity().get()));
    }
    if let Some(stroke) = path.stroke() {
        let _ = write!(
            out,
            " stroke=\"{}\" stroke-width=\"{}\"",
            colour(stroke.paint()),
            stroke.width().get()
        );
        if stroke.opacity().get() < 1.0 {
            let _ = write!(out, " stroke-opacity=\"{}\"", short(stroke.opacity().get()));
        }
    }
    out
}

fn short(opacity: f32) -> f64 {
    (f64::from(opacity) * 100.0).round() / 100.0
}

/// Path data in relative whole numbers. Rounding is done on absolute places, so it never adds up.
fn data(path: &Path) -> String {
    let Some(placed) = path.data().clone().transform(path.abs_transform()) else {
        return String::new();
    };
    let whole = |p: tiny_skia::Point| (p.x.round() as i64, p.y.round() as i64);
    let mut out = String::with_capacity(64);
    let (mut at, mut start) = ((0, 0), (0, 0));
    let mut last = ' ';
    for segment in placed.segments() {
        match segment {
            PathSegment::MoveTo(p) => {
                let to = whole(p);
                command(&mut out, &mut last, 'm', &[to.0 - at.0, to.1 - at.1]);
                // After a move, further pairs would be lines; name every command anew.
                last = ' ';
                (at, start) = (to, to);
            }
            PathSegment::LineTo(p) => {
                let to = whole(p);
                match (to.0 - at.0, to.1 - at.1) {
                    (0, 0) => {}
                    (dx, 0) => command(&mut out, &mut last, 'h', &[dx]),
                    (0, dy) => command(&mut out, &mut last, 'v', &[dy]),
                    (dx, dy) => command(&mut out, &mut last, 'l', &[dx, dy]),
                }
                at = to;
            }
            PathSegment::QuadTo(c, p) => {
                let (c, to) = (whole(c), whole(p));
                let steps = [c.0 - at.0, c.1 - at.1, to.0 - at.0, to.1 - at.1];
                command(&mut out, &mut last, 'q', &steps);
                at = to;
            }
            PathSegment::CubicTo(a, b, p) => {
                let (a, b, to) = (whole(a), whole(b), whole(p));
                let steps =
                    [a.0 - at.0, a.1 - at.1, b.0 - at.0, b.1 - at.1, to.0 - at.0, to.1 - at.1];
                command(&mut out, &mut last, 'c', &steps);
                at = to;
            }
            PathSegment::Close => {
                out.push('z');
                last = ' ';
                at = start;
            }
        }
    }
    out
}

fn command(out: &mut String, last: &mut char, letter: char, numbers: &[i64]) {
    let named = *last != letter;
    if named {
        out.push(letter);
        *last = letter;
    }
    for (i, number) in numbers.iter().enumerate() {
        if *number >= 0 && !(named && i == 0) {
            out.push(' ');
        }
        decimal(out, *number);
    }
}

/// A whole number in decimal: a picture has some 30,000, and formatting them costs more than
/// finding them.
fn decimal(out: &mut String, number: i64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    out.extend(digits[at..].iter().map(|d| char::from(*d)));
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in crate::text::visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
