//! From drawing nouns and a caption to SVG and PNG bytes.
//!
//! This crate draws; it never fits, and it has no words of its own: every text comes from the
//! [`Caption`], and a legend entry without words is left out. The font is embedded, so that a
//! machine without fonts or display makes the same picture, byte for byte, on any thread.
//!
//! plotters draws an SVG at ten units a pixel; usvg outlines its text; resvg makes the PNG.

mod axes;
mod bland_altman;
mod calibration;
mod canvas;
mod ceilings;
mod check;
mod crowd;
mod curves;
mod diagnostics;
mod error;
mod forest;
mod frame;
mod gaps;
mod item_curves;
mod jitter;
mod levels;
mod matrix;
mod ratio;
mod render;
mod resampling;
mod scatter;
mod shape;
mod spacing;
mod summary;
mod surface;
mod text;
mod theme;

pub use curves::{CurvePanel, Curves, LabelledCurve, curves};
pub use error::{Error, Result};
pub use render::Picture;
pub use summary::{Card, summary};
pub use text::missing_glyphs;
pub use theme::{Rgb, Theme};

use canvas::Canvas;
use ssi_vocab::{Caption, Drawing};

/// Draws one figure.
///
/// # Errors
/// [`Error::Axis`], [`Error::NotFinite`], [`Error::UnequalLengths`], [`Error::OutOfRange`] or
/// [`Error::Empty`] for a drawing that can't be drawn; [`Error::Size`] for a theme of impossible
/// width.
pub fn draw(drawing: &Drawing, caption: &Caption, theme: &Theme) -> Result<Picture> {
    let mut source = String::with_capacity(1 << 17);
    let canvas = Canvas::new(&mut source, theme)?;
    match drawing {
        Drawing::Scatter(content) => scatter::draw(&canvas, content, caption)?,
        Drawing::Levels(content) => levels::draw(&canvas, content, caption)?,
        Drawing::Matrix(content) => matrix::draw(&canvas, content, caption)?,
        Drawing::Forest(content) => forest::draw(&canvas, content, caption)?,
        Drawing::Resampling(content) => resampling::draw(&canvas, content, caption)?,
        Drawing::Diagnostics(content) => diagnostics::draw(&canvas, content, caption)?,
        Drawing::Shape(content) => shape::draw(&canvas, content, caption)?,
        Drawing::Ceilings(content) => ceilings::draw(&canvas, content, caption)?,
        Drawing::Surface(content) => surface::draw(&canvas, content, caption)?,
        Drawing::Ratio(content) => ratio::draw(&canvas, content, caption)?,
        Drawing::Calibration(content) => calibration::draw(&canvas, content, caption)?,
        Drawing::Gaps(content) => gaps::draw(&canvas, content, caption)?,
        Drawing::ItemCurves(content) => item_curves::draw(&canvas, content, caption)?,
        Drawing::BlandAltman(content) => bland_altman::draw(&canvas, content, caption)?,
        _ => return Err(Error::Unsupported),
    }
    canvas.finish()?;
    Picture::new(&source, &caption.alt, theme)
}
