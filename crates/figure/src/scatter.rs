//! Two variables: points, straight fit with its bands, a smooth curve, marginal histograms.

use crate::Result;
use crate::axes::{Scale, number};
use crate::canvas::{Area, Canvas, Ink, MARGIN, Marker, Panel, WIDTH};
use crate::check;
use crate::crowd;
use crate::frame::{Key, frame, legend, worded};
use crate::jitter::jitter;
use ssi_vocab::Caption;
use ssi_vocab::drawing::Scatter;

/// Half the range of the jitter, in steps of the tied axis.
const SPREAD: f64 = 0.18;

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, s: &Scatter, caption: &Caption) -> Result<()> {
    check::scatter(s)?;
    let scales = Scales::new(canvas, s, caption, 620.0)?;
    let left = MARGIN + scales.y.left(canvas);
    let body = frame(canvas, caption, left)?;
    let body = legend(canvas, body, &entries(canvas, s, caption))?;
    within(canvas, s, &scales, body, true)
}

/// The two axes.
pub(crate) struct Scales {
    pub(crate) x: Scale,
    pub(crate) y: Scale,
}

impl Scales {
    /// The axes of a scatter whose panel will be about `height` high.
    pub(crate) fn new(
        canvas: &Canvas<'_>,
        s: &Scatter,
        caption: &Caption,
        height: f64,
    ) -> Result<Self> {
        Ok(Self {
            x: Scale::new(canvas, &s.x_axis, "x", &caption.x, WIDTH * 0.6)?,
            y: Scale::new(canvas, &s.y_axis, "y", &caption.y, height)?,
        })
    }
}

/// The legend's entries: what is drawn and has words.
pub(crate) fn entries(canvas: &Canvas<'_>, s: &Scatter, caption: &Caption) -> Vec<(Key, String)> {
    let theme = canvas.theme;
    let fit = theme.vermilion;
    let look = Look::new(canvas, s);
    let worded = |key: &str| worded(caption, key).map(str::to_owned);
    let mut entries: Vec<(Key, String)> = [
        (s.fit.x.len() > 1, "fit", Key::Line(fit, 5.0)),
        (s.confidence.x.len() > 1, "confidence", Key::Band(fit, look.band + look.wide, look.line)),
        (s.prediction.x.len() > 1, "prediction", Key::Band(fit, look.wide, look.edge)),
        (s.smooth.is_some(), "smooth", Key::Dashed(theme.text, 4.0)),
    ]
    .into_iter()
    .filter(|(drawn, ..)| *drawn)
    .filter_map(|(_, key, sample)| worded(key).map(|words| (sample, words)))
    .collect();
    if crowd::crowded(s) {
        let most = crowd::most(&crowd::cells(s));
        if let Some(words) = worded("count").filter(|_| most > 0) {
            let range =
                if most > 1 { format!("–{}", number(most as f64, 1.0)) } else { String::new() };
            entries.push((Key::Shades(theme.blue, most), format!("{words} 1{range}")));
        }
    }
    entries
}

/// Opacities of the bands: light over points, mostly outlines over the full colours of cells.
struct Look {
    band: f64,
    wide: f64,
    edge: f64,
    line: f64,
}

impl Look {
    fn new(canvas: &Canvas<'_>, s: &Scatter) -> Self {
        let theme = canvas.theme;
        if crowd::crowded(s) {
            Self { band: 0.3, wide: 0.0, edge: 0.9, line: 0.9 }
        } else {
            Self { band: theme.band_opacity, wide: theme.prediction_opacity, edge: 0.35, line: 0.0 }
        }
    }
}

/// Draws axes and data into `body`, whose left edge is the panel's.
pub(crate) fn within(
    canvas: &Canvas<'_>,
    s: &Scatter,
    scales: &Scales,
    body: Area,
    margins: bool,
) -> Result<()> {
    let theme = canvas.theme;
    let (above, beside) = if margins { (92.0, 112.0) } else { (0.0, 0.0) };
    let area = Area {
        left: body.left.round(),
        top: (body.top + above).round(),
        right: (body.right - beside).round(),
        bottom: (body.bottom - scales.x.below()).round(),
    };
    let panel = Panel::new(canvas, area, scales.x.range(0.035), scales.y.range(0.03));
    scales.y.draw_left(canvas, &panel)?;
    scales.x.draw_below(canvas, &panel, true)?;

    let fit = theme.vermilion;
    let look = Look::new(canvas, s);
    let (wide, band) = (&s.prediction, &s.confidence);
    // Points stand on the prediction band; cells, which are opaque, below it.
    if crowd::crowded(s) {
        crowd::draw(canvas, &panel, &crowd::cells(s), theme.blue)?;
    }
    panel.band(&wide.x, &wide.low, &wide.high, Ink::fill(fit, look.wide))?;
    let edge = Ink::line(fit, 2.0).fade(look.edge);
    panel.curve(&wide.x, &wide.low, edge)?;
    panel.curve(&wide.x, &wide.high, edge)?;
    if !crowd::crowded(s) {
        points(canvas, s, &panel, theme.point_opacity)?;
    }
    panel.band(&band.x, &band.low, &band.high, Ink::fill(fit, look.band + 0.04))?;
    if look.line > 0.0 {
        let edge = Ink::line(fit, 2.0).fade(look.line);
        panel.curve(&band.x, &band.low, edge)?;
        panel.curve(&band.x, &band.high, edge)?;
    }
    panel.curve(&s.fit.x, &s.fit.y, Ink::line(fit, 5.0))?;
    if let Some(smooth) = &s.smooth {
        panel.dashed_curve(&smooth.x, &smooth.y, Ink::line(theme.text, 4.0), 16.0)?;
    }
    if margins { histograms(canvas, s, &panel, above, beside) } else { Ok(()) }
}

/// The respondents, jittered.
pub(crate) fn points(
    canvas: &Canvas<'_>,
    s: &Scatter,
    panel: &Panel<'_>,
    opacity: f64,
) -> Result<()> {
    let theme = canvas.theme;
    let inside = |v: f64, (low, high): (f64, f64)| low <= v && v <= high;
    let places: Vec<(f64, f64)> = s
        .points
        .x
        .iter()
        .zip(&s.points.y)
        .enumerate()
        .map(|(i, (x, y))| (x + jitter(s.seed, i) * SPREAD * s.x_step, *y))
        .filter(|(x, y)| inside(*x, panel.x) && inside(*y, panel.y))
        .map(|(x, y)| panel.at(x, y))
        .collect();
    let ink = Ink::fill(theme.blue, opacity);
    for place in places {
        canvas.marker(place, theme.point_radius, Marker::Circle, ink)?;
    }
    Ok(())
}

/// The distribution of x above the panel, that of y right of it.
fn histograms(
    canvas: &Canvas<'_>,
    s: &Scatter,
    panel: &Panel<'_>,
    above: f64,
    beside: f64,
) -> Result<()> {
    const GAP: f64 = 10.0;
    let Area { left, top, right, bottom } = panel.area;
    let ink = Ink::fill(canvas.theme.blue, 0.38);
    let tallest = |counts: &[u64]| counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let most = tallest(&s.x_bins.counts);
    for (edges, count) in s.x_bins.edges.windows(2).zip(&s.x_bins.counts) {
        let ends = [edges[0], edges[1]].map(|e| panel.at(e, panel.y.0).0.clamp(left, right));
        let height = (above - GAP - 12.0) * *count as f64 / most;
        let bar = Area {
            left: ends[0] + 1.0,
            top: top - GAP - height,
            right: ends[1] - 1.0,
            bottom: top - GAP,
        };
        if *count > 0 && bar.width() > 0.5 {
            canvas.rect(bar, ink)?;
        }
    }
    let most = tallest(&s.y_bins.counts);
    for (edges, count) in s.y_bins.edges.windows(2).zip(&s.y_bins.counts) {
        let ends = [edges[0], edges[1]].map(|e| panel.at(panel.x.0, e).1.clamp(top, bottom));
        let width = (beside - GAP) * *count as f64 / most;
        let bar = Area {
            left: right + GAP,
            top: ends[1] + 1.0,
            right: right + GAP + width,
            bottom: ends[0] - 1.0,
        };
        if *count > 0 && bar.height() > 0.5 {
            canvas.rect(bar, ink)?;
        }
    }
    Ok(())
}
