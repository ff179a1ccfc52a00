//! What a drawing must hold before anything is drawn: finite numbers, in pairs, in range.

use crate::{Error, Result};
use ssi_vocab::drawing::{
    Band, Bins, BlandAltman, Calibration, Ceilings, Curve, Diagnostics, Forest, Gaps, ItemCurves,
    Levels, Limit, Matrix, Points, Ratio, Resampling, Scatter, Shape, Surface,
};

pub(crate) fn scatter(s: &Scatter) -> Result<()> {
    points(&s.points, "points")?;
    finite(&[s.x_step], "x_step")?;
    curve(&s.fit, "fit")?;
    band(&s.confidence, "confidence")?;
    band(&s.prediction, "prediction")?;
    if let Some(smooth) = &s.smooth {
        curve(smooth, "smooth")?;
    }
    bins(&s.x_bins, "x_bins")?;
    bins(&s.y_bins, "y_bins")
}

pub(crate) fn shape(s: &Shape) -> Result<()> {
    points(&s.points, "points")?;
    finite(&[s.x_step], "x_step")?;
    curve(&s.straight, "straight")?;
    curve(&s.spline, "spline")?;
    band(&s.band, "band")?;
    curve(&s.steps, "steps")?;
    s.smooth.as_ref().map_or(Ok(()), |smooth| curve(smooth, "smooth"))
}

pub(crate) fn levels(l: &Levels) -> Result<()> {
    for level in &l.levels {
        finite(&[level.x, level.half_width], "levels")?;
        finite(&level.values, "levels.values")?;
        if let Some((q1, median, q3)) = level.summary {
            finite(&[q1, median, q3], "levels.summary")?;
        }
    }
    finite(l.threshold.as_slice(), "threshold")?;
    if l.levels.is_empty() { Err(Error::Empty { part: "levels" }) } else { Ok(()) }
}

pub(crate) fn matrix(m: &Matrix) -> Result<()> {
    let len = m.variables.len();
    for cell in &m.cells {
        inside(cell.row, len, "cells.row")?;
        // The lower triangle: what is above the diagonal would hide the names.
        inside(cell.column, cell.row, "cells.column")?;
        finite(cell.value.as_slice(), "cells.value")?;
        finite(cell.low.as_slice(), "cells.low")?;
        finite(cell.high.as_slice(), "cells.high")?;
    }
    if len == 0 { Err(Error::Empty { part: "variables" }) } else { Ok(()) }
}

pub(crate) fn gaps(g: &Gaps) -> Result<()> {
    if g.variables.len() <= g.n_hidden || g.patterns.is_empty() {
        return Err(Error::Empty { part: "patterns" });
    }
    let rows = g.patterns.iter().map(|p| p.missing.len()).chain([g.n_missing.len()]);
    for found in rows {
        if found != g.variables.len() {
            let (first, second, part) = (g.variables.len(), found, "patterns.missing");
            return Err(Error::UnequalLengths { part, first, second });
        }
    }
    g.patterns.iter().try_for_each(|p| finite(&p.missing, "patterns.missing"))
}

pub(crate) fn forest(f: &Forest) -> Result<()> {
    for estimate in f.rows.iter().flat_map(|row| &row.estimates) {
        inside(estimate.series, f.series.len(), "estimates.series")?;
        finite(&[estimate.value, estimate.low, estimate.high], "estimates")?;
    }
    if f.rows.is_empty() { Err(Error::Empty { part: "terms" }) } else { Ok(()) }
}

pub(crate) fn resampling(r: &Resampling) -> Result<()> {
    finite(&[r.observed], "observed")?;
    bins(&r.bootstrap, "bootstrap")?;
    bins(&r.permutation, "permutation")?;
    for interval in &r.intervals {
        finite(&[interval.low, interval.high], "intervals")?;
    }
    Ok(())
}

pub(crate) fn diagnostics(d: &Diagnostics) -> Result<()> {
    points(&d.residuals, "residuals")?;
    curve(&d.residuals_smooth, "residuals_smooth")?;
    points(&d.quantiles, "quantiles")?;
    band(&d.quantiles_envelope, "quantiles_envelope")?;
    points(&d.scale, "scale")?;
    curve(&d.scale_smooth, "scale_smooth")?;
    points(&d.leverage, "leverage")?;
    for (distance, contour) in &d.cooks {
        finite(&[*distance], "cooks")?;
        curve(contour, "cooks")?;
    }
    for panel in [&d.residuals, &d.scale, &d.leverage] {
        for index in &d.influential {
            inside(*index, panel.x.len(), "influential")?;
        }
    }
    for index in &d.influential_quantiles {
        inside(*index, d.quantiles.x.len(), "influential_quantiles")?;
    }
    Ok(())
}

pub(crate) fn calibration(c: &Calibration) -> Result<()> {
    for group in &c.groups {
        finite(&[group.predicted, group.observed, group.low, group.high], "groups")?;
    }
    finite(&[c.intercept, c.slope], "line")?;
    if c.groups.is_empty() { Err(Error::Empty { part: "groups" }) } else { Ok(()) }
}

pub(crate) fn item_curves(c: &ItemCurves) -> Result<()> {
    for item in &c.items {
        curve(&item.curve, "curve")?;
        for group in &item.groups {
            finite(&[group.place, group.observed, group.low, group.high], "groups")?;
        }
    }
    if c.items.is_empty() { Err(Error::Empty { part: "items" }) } else { Ok(()) }
}

pub(crate) fn bland_altman(b: &BlandAltman) -> Result<()> {
    points(&b.points, "points")?;
    for Limit { value, low, high } in [b.bias, b.lower, b.upper] {
        finite(&[value, low, high], "limits")?;
    }
    if b.points.x.is_empty() { Err(Error::Empty { part: "points" }) } else { Ok(()) }
}

pub(crate) fn ceilings(c: &Ceilings) -> Result<()> {
    points(&c.points, "points")?;
    finite(&c.capped, "capped")?;
    curve(&c.steps, "steps")?;
    if let Some(line) = &c.line {
        curve(line, "line")?;
    }
    finite(c.high.as_slice(), "high")?;
    finite(c.least.as_slice(), "least")
}

pub(crate) fn surface(s: &Surface) -> Result<()> {
    finite(&s.trials, "trials")?;
    finite(&s.rates, "rates")?;
    for row in &s.p {
        pairs(&s.trials, row, "p")?;
    }
    finite(&s.given_trials, "given_trials")?;
    finite(&s.given_rates, "given_rates")?;
    for none in &s.none {
        curve(none, "none")?;
    }
    let (rows, rates) = (s.p.len(), s.rates.len());
    if rows != rates {
        return Err(Error::UnequalLengths { part: "p", first: rates, second: rows });
    }
    if s.trials.len() < 2 || rates < 2 { Err(Error::Empty { part: "p" }) } else { Ok(()) }
}

pub(crate) fn ratio(r: &Ratio) -> Result<()> {
    finite(&[r.ratio, r.claimed], "ratio")?;
    finite(r.known.as_slice(), "known")?;
    band(&r.exact, "exact")?;
    band(&r.rounded, "rounded")?;
    for ticks in [&r.x_ticks, &r.y_ticks] {
        finite(ticks, "ticks")?;
        let sound = ticks.len() > 1 && ticks[0] > 0.0 && ticks.is_sorted();
        if !sound {
            return Err(Error::Empty { part: "ticks" });
        }
    }
    Ok(())
}

fn points(p: &Points, part: &'static str) -> Result<()> {
    pairs(&p.x, &p.y, part)
}

fn curve(c: &Curve, part: &'static str) -> Result<()> {
    pairs(&c.x, &c.y, part)
}

fn band(b: &Band, part: &'static str) -> Result<()> {
    pairs(&b.x, &b.low, part)?;
    pairs(&b.x, &b.high, part)
}

fn bins(b: &Bins, part: &'static str) -> Result<()> {
    finite(&b.edges, part)?;
    let bars = b.edges.len().saturating_sub(1);
    if bars == b.counts.len() {
        Ok(())
    } else {
        Err(Error::UnequalLengths { part, first: bars, second: b.counts.len() })
    }
}

fn pairs(x: &[f64], y: &[f64], part: &'static str) -> Result<()> {
    if x.len() != y.len() {
        return Err(Error::UnequalLengths { part, first: x.len(), second: y.len() });
    }
    finite(x, part)?;
    finite(y, part)
}

fn finite(values: &[f64], part: &'static str) -> Result<()> {
    match values.iter().position(|v| !v.is_finite()) {
        Some(index) => Err(Error::NotFinite { part, index, value: values[index] }),
        None => Ok(()),
    }
}

fn inside(index: usize, len: usize, part: &'static str) -> Result<()> {
    if index < len { Ok(()) } else { Err(Error::OutOfRange { part, index, len }) }
}
