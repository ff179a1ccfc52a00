//! Axes: ticks, their numbers, grid lines, titles.

use crate::canvas::{Align, Area, Canvas, Ink, Panel, Type};
use crate::{Error, Result};
use ssi_vocab::drawing::Axis;

/// The ticks of an axis, multiples of its step.
///
/// # Errors
/// [`Error::Axis`] for an axis without length, with more than 60 ticks, or with ends too long to write.
pub(crate) fn ticks(axis: &Axis, name: &'static str) -> Result<Vec<f64>> {
    let Axis { min, max, step } = *axis;
    let wrong = || Error::Axis { axis: name, min, max, step };
    let sound = [min, max, step].iter().all(|v| v.is_finite()) && max > min && step > 0.0;
    // Ends of more than twelve digits could not be written beside the axis.
    let far = min.abs().max(max.abs());
    if !sound || (max - min) / step > 60.0 || far / step > 1e12 || far > 1e12 || step < 1e-9 {
        return Err(wrong());
    }
    // An end that is a multiple but for rounding is one.
    let (first, last) = ((min / step - 1e-9).ceil() as i64, (max / step + 1e-9).floor() as i64);
    let ticks: Vec<f64> = (first..=last).map(|i| i as f64 * step).collect();
    if ticks.is_empty() { Err(wrong()) } else { Ok(ticks) }
}

/// A tick's number: whole where the step is, otherwise with as many decimals as the step needs.
pub(crate) fn number(value: f64, step: f64) -> String {
    let decimals = (0..10)
        .find(|d| {
            let scaled = step * 10_f64.powi(*d);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1e-9)
        })
        .unwrap_or(10);
    let value = if value.abs() < step * 1e-6 { 0.0 } else { value };
    let digits = format!("{:.*}", decimals as usize, value.abs());
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut out = String::from(if value < 0.0 { "−" } else { "" });
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// An axis over values that come without one, with about `count` ticks at round numbers.
pub(crate) fn round_axis(low: f64, high: f64, count: f64) -> Axis {
    let middle = (low + high) / 2.0;
    let span = if high > low { high - low } else { 1.0_f64.max(middle.abs() * 0.1) };
    let (low, high) =
        if high > low { (low, high) } else { (middle - span / 2.0, middle + span / 2.0) };
    let rough = span / count.max(1.0);
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(10.0 * power);
    Axis { min: low, max: high, step }
}

/// An axis title and ticks, with the space they take.
pub(crate) struct Scale {
    pub(crate) axis: Axis,
    pub(crate) ticks: Vec<f64>,
    pub(crate) labels: Vec<String>,
    pub(crate) title: Vec<String>,
    pub(crate) title_type: Type,
    pub(crate) tick_type: Type,
}

impl Scale {
    /// An axis with its title, which may take two lines of `length`.
    pub(crate) fn new(
        canvas: &Canvas<'_>,
        axis: &Axis,
        name: &'static str,
        title: &str,
        length: f64,
    ) -> Result<Self> {
        let size = canvas.theme.axis_title_size;
        Self::sized(canvas, axis, name, title, length, (size, canvas.theme.label_size))
    }

    /// As [`Scale::new`], with sizes of title and ticks.
    pub(crate) fn sized(
        canvas: &Canvas<'_>,
        axis: &Axis,
        name: &'static str,
        title: &str,
        length: f64,
        (title_size, tick_size): (f64, f64),
    ) -> Result<Self> {
        let ticks = ticks(axis, name)?;
        let labels = ticks.iter().map(|t| number(*t, axis.step)).collect();
        let floor = canvas.theme.note_size.min(title_size);
        let (title, size) = canvas.fonts.fit(title, title_size, floor, false, length, 2);
        Ok(Self {
            axis: *axis,
            ticks,
            labels,
            title,
            title_type: Type { size, bold: false, colour: canvas.theme.text },
            tick_type: Type { size: tick_size, bold: false, colour: canvas.theme.text },
        })
    }

    /// The ends of the axis with headroom, so that no point touches the frame.
    pub(crate) fn range(&self, headroom: f64) -> (f64, f64) {
        let room = (self.axis.max - self.axis.min) * headroom;
        (self.axis.min - room, self.axis.max + room)
    }

    fn leading(&self) -> f64 {
        self.title_type.size * 1.25
    }

    /// The space a vertical axis takes left of its panel.
    pub(crate) fn left(&self, canvas: &Canvas<'_>) -> f64 {
        let widest = self.labels.iter().map(|l| canvas.width(l, self.tick_type));
        let title = if self.title.is_empty() { 0.0 } else { 10.0 };
        widest.fold(0.0, f64::max) + 16.0 + title + self.leading() * self.title.len() as f64
    }

    /// The space a horizontal axis takes below its panel.
    pub(crate) fn below(&self) -> f64 {
        let title = if self.title.is_empty() { 0.0 } else { 10.0 };
        self.tick_type.size * 1.15 + 14.0 + title + self.leading() * self.title.len() as f64
    }

    /// Horizontal grid lines and the vertical axis' numbers and title.
    pub(crate) fn draw_left(&self, canvas: &Canvas<'_>, panel: &Panel<'_>) -> Result<()> {
        let Area { left, right, top, bottom } = panel.area;
        let gap = (bottom - top) / (self.ticks.len().max(2) - 1) as f64;
        let every = (self.tick_type.size * 1.2 / gap).ceil().max(1.0) as usize;
        for (i, (tick, label)) in self.ticks.iter().zip(&self.labels).enumerate() {
            let (_, y) = panel.at(panel.x.0, *tick);
            canvas.rule(left, right, y, Ink::line(canvas.theme.grid, 2.0))?;
            if i % every == 0 {
                let at = (left - 14.0, y.round() + self.tick_type.size * 0.36);
                canvas.text(label, at, self.tick_type, Align::Right)?;
            }
        }
        self.title_left(canvas, panel.area)
    }

    /// The vertical axis' title, alone.
    pub(crate) fn title_left(&self, canvas: &Canvas<'_>, area: Area) -> Result<()> {
        let first = area.left - self.left(canvas) + self.title_type.size * 0.9;
        for (i, line) in self.title.iter().enumerate() {
            let x = first + self.leading() * i as f64;
            canvas.text_up(line, (x, (area.top + area.bottom) / 2.0), self.title_type)?;
        }
        Ok(())
    }

    /// Vertical grid lines (if asked for) and the horizontal axis' numbers and title.
    pub(crate) fn draw_below(
        &self,
        canvas: &Canvas<'_>,
        panel: &Panel<'_>,
        grid: bool,
    ) -> Result<()> {
        let widest =
            self.labels.iter().map(|l| canvas.width(l, self.tick_type)).fold(0.0, f64::max);
        let gap = panel.area.width() / (self.ticks.len().max(2) - 1) as f64;
        let every = ((widest + 14.0) / gap).ceil().max(1.0) as usize;
        let y = panel.area.bottom + 12.0 + self.tick_type.size;
        for (i, (tick, label)) in self.ticks.iter().zip(&self.labels).enumerate() {
            let (x, _) = panel.at(*tick, panel.y.0);
            if grid {
                let ink = Ink::line(canvas.theme.grid, 2.0);
                canvas.upright(x, panel.area.top, panel.area.bottom, ink)?;
            }
            if i % every == 0 {
                canvas.text(label, (x, y), self.tick_type, Align::Centre)?;
            }
        }
        self.title_below(canvas, panel.area)
    }

    /// The horizontal axis' title, alone.
    pub(crate) fn title_below(&self, canvas: &Canvas<'_>, area: Area) -> Result<()> {
        let last = area.bottom + self.below() - self.title_type.size * 0.25;
        for (i, line) in self.title.iter().rev().enumerate() {
            let at = ((area.left + area.right) / 2.0, last - self.leading() * i as f64);
            canvas.text(line, at, self.title_type, Align::Centre)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(min: f64, max: f64, step: f64) -> Vec<String> {
        let axis = Axis { min, max, step };
        ticks(&axis, "x").unwrap().iter().map(|t| number(*t, step)).collect()
    }

    #[test]
    fn ticks_have_as_many_decimals_as_the_step() {
        assert_eq!(labels(0.0, 10.0, 5.0), ["0", "5", "10"]);
        assert_eq!(labels(-0.3, 0.1, 0.1), ["−0.3", "−0.2", "−0.1", "0.0", "0.1"]);
        assert_eq!(labels(0.0, 0.5, 0.25), ["0.00", "0.25", "0.50"]);
        assert_eq!(labels(900.0, 2100.0, 1000.0), ["1,000", "2,000"]);
        assert_eq!(number(1_234_567.0, 1.0), "1,234,567");
    }

    #[test]
    fn axes_of_loose_values_have_round_steps() {
        let step = |low, high| round_axis(low, high, 5.0).step;
        assert_eq!([step(0.0, 9.0), step(-27.0, 31.0), step(0.0, 0.035)], [2.0, 20.0, 0.01]);
        let constant = round_axis(40.0, 40.0, 5.0);
        assert!(constant.min < 40.0 && constant.max > 40.0);
        assert!(ticks(&constant, "x").is_ok());
    }
}
