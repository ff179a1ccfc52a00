//! Two variables with curves that assume less and less: straight line, spline with its band, steps,
//! and a smooth curve for display.

use crate::Result;
use crate::axes::number;
use crate::canvas::{Area, Canvas, Ink, MARGIN, Panel};
use crate::check;
use crate::crowd;
use crate::frame::{Key, frame, legend, worded};
use crate::scatter::{Scales, points};
use crate::theme::Rgb;
use ssi_vocab::Caption;
use ssi_vocab::drawing::{Band, Bins, Curve, Scatter, Shape};

/// How the curves are told apart, also without colour: by dash and width.
struct Look {
    straight: Rgb,
    spline: Rgb,
    steps: Rgb,
    smooth: Rgb,
    band: f64,
}

impl Look {
    fn new(canvas: &Canvas<'_>, crowded: bool) -> Self {
        let theme = canvas.theme;
        Self {
            straight: theme.text,
            spline: theme.vermilion,
            steps: theme.green,
            smooth: theme.purple,
            band: if crowded { 0.3 } else { theme.band_opacity },
        }
    }
}

const STRAIGHT: f64 = 4.0;
const SPLINE: f64 = 6.0;
const STEPS: f64 = 4.0;
const SMOOTH: f64 = 5.0;
const LONG: f64 = 26.0;
const SHORT: f64 = 9.0;

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, s: &Shape, caption: &Caption) -> Result<()> {
    check::shape(s)?;
    let cloud = cloud(s);
    let look = Look::new(canvas, crowd::crowded(&cloud));
    let scales = Scales::new(canvas, &cloud, caption, 720.0)?;
    let body = frame(canvas, caption, MARGIN + scales.y.left(canvas))?;
    let body = legend(canvas, body, &entries(s, &cloud, &look, caption, canvas))?;
    let area = Area {
        left: body.left.round(),
        top: (body.top + 8.0).round(),
        right: body.right.round(),
        bottom: (body.bottom - scales.x.below()).round(),
    };
    let panel = Panel::new(canvas, area, scales.x.range(0.035), scales.y.range(0.03));
    scales.y.draw_left(canvas, &panel)?;
    scales.x.draw_below(canvas, &panel, true)?;
    if crowd::crowded(&cloud) {
        crowd::draw(canvas, &panel, &crowd::cells(&cloud), canvas.theme.blue)?;
    } else {
        points(canvas, &cloud, &panel, canvas.theme.point_opacity * 0.6)?;
    }
    panel.band(&s.band.x, &s.band.low, &s.band.high, Ink::fill(look.spline, look.band + 0.04))?;
    panel.curve(&s.steps.x, &s.steps.y, Ink::line(look.steps, STEPS))?;
    panel.curve(&s.spline.x, &s.spline.y, Ink::line(look.spline, SPLINE))?;
    if let Some(smooth) = &s.smooth {
        panel.dashed_curve(&smooth.x, &smooth.y, Ink::line(look.smooth, SMOOTH), SHORT)?;
    }
    panel.dashed_curve(&s.straight.x, &s.straight.y, Ink::line(look.straight, STRAIGHT), LONG)
}

/// The legend's entries: what is drawn and has words.
fn entries(
    s: &Shape,
    cloud: &Scatter,
    look: &Look,
    caption: &Caption,
    canvas: &Canvas<'_>,
) -> Vec<(Key, String)> {
    let worded = |key: &str| worded(caption, key).map(str::to_owned);
    let drawn = |curve: &Curve| curve.x.len() > 1;
    let mut entries: Vec<(Key, String)> = [
        (drawn(&s.straight), "straight", Key::Dashed(look.straight, STRAIGHT)),
        (drawn(&s.spline), "spline", Key::Line(look.spline, SPLINE)),
        (s.band.x.len() > 1, "band", Key::Band(look.spline, look.band + 0.04, 0.0)),
        (drawn(&s.steps), "steps", Key::Line(look.steps, STEPS)),
        (s.smooth.as_ref().is_some_and(drawn), "smooth", Key::Dotted(look.smooth, SMOOTH)),
    ]
    .into_iter()
    .filter(|(drawn, ..)| *drawn)
    .filter_map(|(_, key, sample)| worded(key).map(|words| (sample, words)))
    .collect();
    if crowd::crowded(cloud) {
        let most = crowd::most(&crowd::cells(cloud));
        if let Some(words) = worded("count").filter(|_| most > 0) {
            let range =
                if most > 1 { format!("–{}", number(most as f64, 1.0)) } else { String::new() };
            entries.push((Key::Shades(canvas.theme.blue, most), format!("{words} 1{range}")));
        }
    }
    entries
}

/// The respondents alone, as a scatter has them.
fn cloud(s: &Shape) -> Scatter {
    Scatter {
        points: s.points.clone(),
        x_step: s.x_step,
        fit: Curve::default(),
        confidence: Band::default(),
        confidence_method: String::new(),
        prediction: Band::default(),
        prediction_method: String::new(),
        smooth: None,
        x_bins: Bins::default(),
        y_bins: Bins::default(),
        x_axis: s.x_axis,
        y_axis: s.y_axis,
        seed: s.seed,
    }
}
