//! A sheet to draw on, in pixels of a picture 1600 × 1200, by way of plotters' SVG backend.

use crate::text::{FAMILY, Fonts, visible};
use crate::theme::{Rgb, Theme};
use crate::{Error, Result, spacing};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::coord::{CoordTranslate, cartesian::Cartesian2d};
use plotters::element::DashedPathElement;
use plotters::prelude::{
    Circle, Color, DrawingArea, IntoDrawingArea, PathElement, Polygon, RGBColor, Rectangle,
    SVGBackend, ShapeStyle, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontStyle, FontTransform, TextStyle};

/// Layout size; [`Theme::width`] scales the finished picture.
pub(crate) const WIDTH: f64 = 1600.0;
/// Layout height.
pub(crate) const HEIGHT: f64 = 1200.0;
/// plotters counts in whole units; ten a pixel make curves smooth and keep the SVG short.
pub(crate) const UNITS: f64 = 10.0;
/// The outer margin at the right.
pub(crate) const MARGIN: f64 = 56.0;

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Area {
    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// How a line or an area is coloured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink {
    pub(crate) colour: Rgb,
    pub(crate) opacity: f64,
    pub(crate) width: f64,
}

impl Ink {
    /// An opaque line.
    pub(crate) fn line(colour: Rgb, width: f64) -> Self {
        Self { colour, opacity: 1.0, width }
    }

    /// A filled area.
    pub(crate) fn fill(colour: Rgb, opacity: f64) -> Self {
        Self { colour, opacity, width: 0.0 }
    }

    pub(crate) fn fade(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }

    fn style(self, filled: bool) -> ShapeStyle {
        let (r, g, b) = self.colour;
        ShapeStyle {
            color: RGBColor(r, g, b).mix(self.opacity),
            filled,
            stroke_width: (self.width * UNITS).round() as u32,
        }
    }
}

/// Size, weight and colour of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Type {
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) colour: Rgb,
}

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// The shape of a point; groups differ in shape as well as in colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Circle,
    Triangle,
    Square,
    Diamond,
}

impl Marker {
    /// The shape of series `index`.
    pub(crate) fn series(index: usize) -> Self {
        [Self::Circle, Self::Square, Self::Triangle, Self::Diamond][index % 4]
    }
}

type Plane<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// The sheet.
pub(crate) struct Canvas<'a> {
    sheet: DrawingArea<SVGBackend<'a>, Shift>,
    pub(crate) theme: &'a Theme,
    pub(crate) fonts: &'static Fonts,
}

impl<'a> Canvas<'a> {
    /// A sheet that writes its SVG into `buffer`. Its paper is coloured when the picture is made.
    pub(crate) fn new(buffer: &'a mut String, theme: &'a Theme) -> Result<Self> {
        let size = ((WIDTH * UNITS) as u32, (HEIGHT * UNITS) as u32);
        let sheet = SVGBackend::with_string(buffer, size).into_drawing_area();
        Ok(Self { sheet, theme, fonts: Fonts::get()? })
    }

    /// Finishes the SVG.
    pub(crate) fn finish(self) -> Result<()> {
        self.sheet.present().map_err(Error::backend)
    }

    /// A straight or broken line.
    pub(crate) fn line(&self, points: &[(f64, f64)], ink: Ink) -> Result<()> {
        let path: Vec<(i32, i32)> = points.iter().copied().map(units).collect();
        self.sheet.draw(&PathElement::new(path, ink.style(false))).map_err(Error::backend)
    }

    /// A dashed line: `dash` pixels drawn, `gap` pixels left out.
    pub(crate) fn dashed(
        &self,
        points: &[(f64, f64)],
        ink: Ink,
        dash: f64,
        gap: f64,
    ) -> Result<()> {
        let path: Vec<(i32, i32)> = points.iter().copied().map(units).collect();
        let (dash, gap) = ((dash * UNITS) as i32, (gap * UNITS) as i32);
        let element = DashedPathElement::new(path, dash, gap, ink.style(false));
        self.sheet.draw(&element).map_err(Error::backend)
    }

    /// A horizontal line on whole pixels, so that it never smears over a neighbour.
    pub(crate) fn rule(&self, from: f64, to: f64, y: f64, ink: Ink) -> Result<()> {
        let y = snap(y, ink.width);
        self.line(&[(from.round(), y), (to.round(), y)], ink)
    }

    /// A vertical line on whole pixels.
    pub(crate) fn upright(&self, x: f64, from: f64, to: f64, ink: Ink) -> Result<()> {
        let x = snap(x, ink.width);
        self.line(&[(x, from.round()), (x, to.round())], ink)
    }

    /// A filled polygon.
    pub(crate) fn polygon(&self, points: &[(f64, f64)], ink: Ink) -> Result<()> {
        let path: Vec<(i32, i32)> = points.iter().copied().map(units).collect();
        self.sheet.draw(&Polygon::new(path, ink.style(true))).map_err(Error::backend)
    }

    /// A filled rectangle.
    pub(crate) fn rect(&self, area: Area, ink: Ink) -> Result<()> {
        let corners = [units((area.left, area.top)), units((area.right, area.bottom))];
        self.sheet.draw(&Rectangle::new(corners, ink.style(true))).map_err(Error::backend)
    }

    /// The outline of a rectangle.
    pub(crate) fn outline(&self, area: Area, ink: Ink) -> Result<()> {
        let Area { left, top, right, bottom } = area;
        // Drawn past its start, so that the last corner is joined like the others.
        let path = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        self.line(&[&path[..], &[(left + 1.0, top)]].concat(), ink)
    }

    /// A point, with a thin edge in the background's colour unless it is small.
    pub(crate) fn marker(
        &self,
        at: (f64, f64),
        radius: f64,
        shape: Marker,
        ink: Ink,
    ) -> Result<()> {
        let edge = Ink::line(self.theme.background, 1.5);
        if shape == Marker::Circle {
            let (centre, r) = (units(at), (radius * UNITS).round() as i32);
            self.sheet.draw(&Circle::new(centre, r, ink.style(true))).map_err(Error::backend)?;
            // Small points have no edge: crowds of them would turn white, and cost twice as much.
            if radius < 7.0 {
                return Ok(());
            }
            return self
                .sheet
                .draw(&Circle::new(centre, r, edge.style(false)))
                .map_err(Error::backend);
        }
        let (x, y) = at;
        // Sizes that look as heavy as the circle.
        let corners: Vec<(f64, f64)> = match shape {
            Marker::Circle | Marker::Square => {
                let r = radius * 0.89;
                vec![(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
            }
            Marker::Triangle => {
                let r = radius * 1.25;
                vec![(x, y - r), (x + r * 0.92, y + r * 0.62), (x - r * 0.92, y + r * 0.62)]
            }
            Marker::Diamond => {
                let r = radius * 1.28;
                vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
            }
        };
        self.polygon(&corners, ink)?;
        let closed: Vec<_> = corners.iter().chain(corners.first()).copied().collect();
        self.line(&closed, edge)
    }

    /// One line of text; `y` is its baseline.
    pub(crate) fn text(&self, text: &str, at: (f64, f64), kind: Type, align: Align) -> Result<()> {
        // plotters lifts bottom-anchored text by half an x-height, which usvg takes as a quarter
        // of the size.
        self.write(text, (at.0, at.1 + kind.size / 4.0), kind, align, FontTransform::None)
    }

    /// One line of text that reads upwards; `x` is its baseline.
    pub(crate) fn text_up(&self, text: &str, at: (f64, f64), kind: Type) -> Result<()> {
        let at = (at.0 + kind.size / 4.0, at.1);
        self.write(text, at, kind, Align::Centre, FontTransform::Rotate270)
    }

    fn write(
        &self,
        text: &str,
        at: (f64, f64),
        kind: Type,
        align: Align,
        turn: FontTransform,
    ) -> Result<()> {
        let text = visible(text);
        if text.trim().is_empty() {
            return Ok(());
        }
        let (r, g, b) = kind.colour;
        let style = if kind.bold { FontStyle::Bold } else { FontStyle::Normal };
        // plotters divides by 1.24 what it calls a size.
        let font = (FontFamily::Name(FAMILY), kind.size * UNITS * 1.24, style);
        let colour = RGBColor(r, g, b);
        let style = TextStyle::from(font).transform(turn.clone()).color(&colour);
        let draw = |text: &str, at: (f64, f64), across: HPos| {
            let style = style.clone().pos(Pos::new(across, VPos::Bottom));
            self.sheet.draw(&Text::new(text.to_owned(), units(at), style)).map_err(Error::backend)
        };
        let (across, share) = match align {
            Align::Left => (HPos::Left, 0.0),
            Align::Centre => (HPos::Center, 0.5),
            Align::Right => (HPos::Right, 1.0),
        };
        let runs = spacing::runs(&text);
        if runs.len() < 2 {
            return draw(&text, at, across);
        }
        // No SVG reader closes up Japanese marks by itself: each run is put in its place.
        let mut along = -share * self.width(&text, kind);
        for run in runs {
            let place = match turn {
                FontTransform::Rotate270 => (at.0, at.1 - along),
                _ => (at.0 + along, at.1),
            };
            draw(run, place, HPos::Left)?;
            along += self.width(run, kind) - spacing::HALF * kind.size;
        }
        Ok(())
    }

    /// The width of a text.
    pub(crate) fn width(&self, text: &str, kind: Type) -> f64 {
        self.fonts.width(text, kind.size, kind.bold)
    }

    /// A plotters coordinate plane over `area`: x from left to right, y from bottom to top.
    pub(crate) fn plane(&self, area: Area, x: (f64, f64), y: (f64, f64)) -> Plane<'a> {
        let (left, top) = units((area.left, area.top));
        let (right, bottom) = units((area.right, area.bottom));
        let spec = Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
            x.0..x.1,
            y.0..y.1,
            (left..right, bottom..top),
        );
        self.sheet.apply_coord_spec(spec)
    }

    /// The type of direct labels and legends.
    pub(crate) fn label(&self) -> Type {
        Type { size: self.theme.label_size, bold: false, colour: self.theme.text }
    }

    /// The smallest type.
    pub(crate) fn small(&self) -> Type {
        Type { size: self.theme.note_size, bold: false, colour: self.theme.secondary }
    }
}

/// An area in which elements are drawn in data coordinates.
pub(crate) struct Panel<'a> {
    plane: Plane<'a>,
    pub(crate) area: Area,
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
}

impl<'a> Panel<'a> {
    /// The plane over `area` that shows `x` and `y` from end to end.
    pub(crate) fn new(canvas: &Canvas<'a>, area: Area, x: (f64, f64), y: (f64, f64)) -> Self {
        Self { plane: canvas.plane(area, x, y), area, x, y }
    }

    /// The pixel of a data point.
    pub(crate) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let (px, py) = self.plane.as_coord_spec().translate(&(x, y));
        (f64::from(px) / UNITS, f64::from(py) / UNITS)
    }

    /// A curve, cut at the panel's edges.
    pub(crate) fn curve(&self, x: &[f64], y: &[f64], ink: Ink) -> Result<()> {
        for part in self.inside(x, y) {
            self.plane.draw(&PathElement::new(part, ink.style(false))).map_err(Error::backend)?;
        }
        Ok(())
    }

    /// A dashed curve, cut at the panel's edges.
    pub(crate) fn dashed_curve(&self, x: &[f64], y: &[f64], ink: Ink, dash: f64) -> Result<()> {
        let (on, off) = ((dash * UNITS) as i32, (dash * 0.65 * UNITS) as i32);
        for part in self.inside(x, y) {
            let element = DashedPathElement::new(part, on, off, ink.style(false));
            self.plane.draw(&element).map_err(Error::backend)?;
        }
        Ok(())
    }

    /// The area between two curves, held inside the panel.
    pub(crate) fn band(&self, x: &[f64], low: &[f64], high: &[f64], ink: Ink) -> Result<()> {
        if x.len() < 2 {
            return Ok(());
        }
        let held =
            |(&x, &y): (&f64, &f64)| (x.clamp(self.x.0, self.x.1), y.clamp(self.y.0, self.y.1));
        let mut edge: Vec<(f64, f64)> = x.iter().zip(high).map(held).collect();
        edge.extend(x.iter().zip(low).rev().map(held));
        self.plane.draw(&Polygon::new(edge, ink.style(true))).map_err(Error::backend)
    }

    /// The parts of a curve that lie inside the panel.
    pub(crate) fn inside(&self, x: &[f64], y: &[f64]) -> Vec<Vec<(f64, f64)>> {
        let points: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
        let mut parts: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut open = false;
        for pair in points.windows(2) {
            let Some((from, to)) = clip(pair[0], pair[1], self.x, self.y) else {
                open = false;
                continue;
            };
            match parts.last_mut() {
                Some(part) if open => part.push(to),
                _ => parts.push(vec![from, to]),
            }
            open = to == pair[1];
        }
        parts
    }
}

/// The part of a segment inside a rectangle (Liang and Barsky 1984).
fn clip(
    from: (f64, f64),
    to: (f64, f64),
    x: (f64, f64),
    y: (f64, f64),
) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let sides = [(-dx, from.0 - x.0), (dx, x.1 - from.0), (-dy, from.1 - y.0), (dy, y.1 - from.1)];
    for (towards, room) in sides {
        if towards == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if towards < 0.0 {
            enter = enter.max(room / towards);
        } else {
            leave = leave.min(room / towards);
        }
    }
    let at = |t: f64| (from.0 + t * dx, from.1 + t * dy);
    // The ends are kept as they are, so that the next segment is seen to continue this one.
    let start = if enter > 0.0 { at(enter) } else { from };
    let end = if leave < 1.0 { at(leave) } else { to };
    (enter <= leave).then_some((start, end))
}

fn units((x, y): (f64, f64)) -> (i32, i32) {
    ((x * UNITS).round() as i32, (y * UNITS).round() as i32)
}

/// The centre of a line `width` pixels wide that covers whole pixels.
fn snap(at: f64, width: f64) -> f64 {
    if (width.round() as i64) % 2 == 1 { at.floor() + 0.5 } else { at.round() }
}
