//! A ratio with its interval over the unknown size of the sample, both axes logarithmic.

use crate::Result;
use crate::axes::{Scale, number};
use crate::canvas::{Align, Area, Canvas, Ink, MARGIN, Panel, WIDTH};
use crate::check;
use crate::frame::{Key, frame, legend, worded};
use ssi_vocab::Caption;
use ssi_vocab::drawing::{Axis, Band, Ratio};

/// Draws the figure.
pub(crate) fn draw(canvas: &Canvas<'_>, r: &Ratio, caption: &Caption) -> Result<()> {
    check::ratio(r)?;
    let theme = canvas.theme;
    let x = logarithmic(canvas, &r.x_ticks, "x", &caption.x, WIDTH * 0.7)?;
    let y = logarithmic(canvas, &r.y_ticks, "y", &caption.y, 700.0)?;
    let body = frame(canvas, caption, MARGIN + y.left(canvas))?;
    let fit = theme.blue;
    let entries: Vec<(Key, &str)> = [
        ("ratio", Key::Line(fit, 5.0)),
        ("exact", Key::Band(fit, 0.30, 0.0)),
        ("rounded", Key::Band(fit, 0.12, 0.0)),
        ("claimed", Key::Dashed(theme.vermilion, 4.0)),
    ]
    .into_iter()
    .filter_map(|(key, sample)| worded(caption, key).map(|words| (sample, words)))
    .collect();
    let body = legend(canvas, body, &entries)?;
    let area = Area {
        left: body.left.round(),
        top: (body.top + 14.0).round(),
        right: (body.right - 12.0).round(),
        bottom: (body.bottom - x.below()).round(),
    };
    let panel = Panel::new(canvas, area, (x.axis.min, x.axis.max), (y.axis.min, y.axis.max));
    y.draw_left(canvas, &panel)?;
    x.draw_below(canvas, &panel, true)?;
    for (band, opacity) in [(&r.rounded, 0.12), (&r.exact, 0.20)] {
        let Band { x, low, high } = logs(band, y.axis.min);
        panel.band(&x, &low, &high, Ink::fill(fit, opacity))?;
        for edge in [&low, &high] {
            panel.curve(&x, edge, Ink::line(fit, 2.0).fade(0.5))?;
        }
    }
    let ends = [x.axis.min, x.axis.max];
    panel.curve(&ends, &[r.ratio.log10(); 2], Ink::line(fit, 5.0))?;
    for (value, key, ink) in [
        (1.0, "one", Ink::line(theme.axis, 3.0)),
        (r.claimed, "claimed", Ink::line(theme.vermilion, 4.0)),
    ] {
        let at = f64::log10(value);
        if !(panel.y.0..=panel.y.1).contains(&at) {
            continue;
        }
        panel.dashed_curve(&ends, &[at; 2], ink, 14.0)?;
        // The claim may lie close to the ratio: it is named in the legend.
        if let Some(words) = worded(caption, key).filter(|_| key == "one") {
            let (_, py) = panel.at(ends[0], at);
            let kind = crate::canvas::Type { colour: theme.text, ..canvas.small() };
            canvas.text(words, (area.right - 12.0, py - kind.size * 0.45), kind, Align::Right)?;
        }
    }
    if let Some(known) = r.known {
        let (px, _) = panel.at(known.log10(), panel.y.0);
        canvas.upright(px, area.top, area.bottom, Ink::line(theme.text, 3.0))?;
    }
    Ok(())
}

fn logarithmic(
    canvas: &Canvas<'_>,
    ticks: &[f64],
    name: &'static str,
    title: &str,
    length: f64,
) -> Result<Scale> {
    let ends = [ticks[0].log10(), ticks[ticks.len() - 1].log10()];
    let axis = Axis { min: ends[0], max: ends[1], step: (ends[1] - ends[0]).max(1e-6) / 2.0 };
    let mut scale = Scale::new(canvas, &axis, name, title, length)?;
    scale.ticks = ticks.iter().map(|tick| tick.log10()).collect();
    scale.labels =
        ticks.iter().map(|tick| number(*tick, if *tick < 1.0 { *tick } else { 1.0 })).collect();
    Ok(scale)
}

/// The logarithms of a band; what is 0 lies below the panel.
fn logs(band: &Band, floor: f64) -> Band {
    let log = |v: &f64| if *v > 0.0 { v.log10().max(floor) } else { floor };
    Band {
        x: band.x.iter().map(|v| v.log10()).collect(),
        low: band.low.iter().map(log).collect(),
        high: band.high.iter().map(log).collect(),
    }
}
