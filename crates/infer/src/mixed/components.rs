//! What a mixed model says beyond its coefficients: variances, the intraclass correlation, the
//! design effect, R², each group's effects.

use super::problem::{Two, product, transposed};
use super::{Likelihood, Mixed, Standard};
use crate::tails::{chi_squared_upper_quantile, normal_upper_quantile};
use ndarray::Array1;
use ssi_vocab::{Estimate, Interval, Level, Note};

/// Groups at most whose effects are listed.
const MOST_EFFECTS: usize = 30;

/// From effects in the solved units to effects of the intercept at 0 and of the slope.
fn units(standard: &Standard) -> Two {
    let (mean, spread) = standard.centre;
    [[1.0, -mean / spread], [0.0, 1.0 / spread]]
}

/// The covariance of the random effects in outcome units.
pub(super) fn covariance(standard: &Standard) -> Vec<Vec<f64>> {
    let turn = units(standard);
    let factor = standard.variance * standard.scale * standard.scale;
    let g = product(&product(&turn, &standard.gamma), &transposed(&turn));
    let size = 1 + usize::from(standard.sums.slope);
    (0..size).map(|i| (0..size).map(|j| g[i][j] * factor).collect()).collect()
}

impl Mixed {
    /// The variance components, the intraclass correlation, the design effect, the shares of
    /// variance explained, and the effects of each group where there are at most 30.
    ///
    /// # Formula
    /// Variances have a Wald interval on the log scale, the correlation of intercept and slope one
    /// on Fisher's scale, both from the deviance's exact second derivatives. The intraclass
    /// correlation is τ²/(τ² + σ²) with the interval of the profiled likelihood; with a random slope
    /// τ² is the mean of zᵀGz over the respondents (Johnson), and there is no interval. The design
    /// effect is 1 + (m − 1)·ICC, with m the mean size of a group, and with m = Σm²/Σm where sizes
    /// differ (Kish). R² marginal and conditional: the share of the predictors, and of both, in
    /// var(Xβ) + τ² + σ² (Nakagawa and Schielzeth). Groups' effects are their conditional means, with
    /// the conditional standard deviation.
    ///
    /// # References
    /// Johnson (2014), doi:10.1111/2041-210X.12225; Nakagawa and Schielzeth (2013),
    /// doi:10.1111/j.2041-210x.2012.00261.x; Kish (1965), Survey Sampling, section 8.2.
    pub fn measures(&self, level: Level) -> Vec<Estimate> {
        let mut rows = self.variances(level);
        let s = &self.problem;
        let squared = s.scale * s.scale;
        // The slope's variable has mean 0 and mean square 1, so the mean of zᵀΓz is the trace.
        let between = (s.gamma[0][0] + s.gamma[1][1]) * s.variance * squared;
        let icc = between / (between + self.residual_variance);
        let interval = if self.slope.is_none() { self.icc_interval(level) } else { None };
        let own = |name: &str, value: f64, of: &dyn Fn(f64) -> f64| {
            let ends = interval.clone();
            let interval = ends.map(|i| Interval { low: of(i.low), high: of(i.high), ..i });
            Estimate { value: Some(value), interval, ..self.fit.row(name) }
        };
        rows.push(own("icc", icc, &|icc| icc));
        let sizes = || s.effects.iter().map(|(m, ..)| *m);
        let total: f64 = sizes().sum();
        let mean = total / self.grouping.len() as f64;
        let squares = sizes().map(|m| m * m).sum::<f64>() / total;
        for (name, m) in [("design_effect_mean_size", mean), ("design_effect", squares)] {
            rows.push(own(name, 1.0 + (m - 1.0) * icc, &|icc| 1.0 + (m - 1.0) * icc));
        }
        let all = s.explained + between + self.residual_variance;
        let plain = |name: &str, value| Estimate { value: Some(value), ..self.fit.row(name) };
        rows.push(plain("r_squared_marginal", s.explained / all));
        rows.push(plain("r_squared_conditional", (s.explained + between) / all));
        let name = match self.likelihood {
            Likelihood::Reml => "reml_criterion",
            Likelihood::Ml => "deviance",
        };
        rows.push(plain(name, self.criterion));
        if self.grouping.len() <= MOST_EFFECTS {
            rows.extend(self.effects(level));
        }
        rows
    }

    /// Variances and the correlation.
    fn variances(&self, level: Level) -> Vec<Estimate> {
        let s = &self.problem;
        let column = &self.grouping.column;
        let (turn, unit) = (units(s), s.scale * s.scale);
        let size = self.covariance.len();
        let names: Vec<&str> = ["(Intercept)"].into_iter().chain(self.slope.as_deref()).collect();
        // Derivatives of G's cell (i, j) by σ² and Γ's cells.
        let slopes = |i: usize, j: usize| -> Array1<f64> {
            let own = super::cells(size == 2).iter().map(|(a, b)| {
                let cross = if a == b { 0.0 } else { turn[i][*b] * turn[j][*a] };
                s.variance * unit * (turn[i][*a] * turn[j][*b] + cross)
            });
            [self.covariance[i][j] / s.variance].into_iter().chain(own).collect()
        };
        let q = normal_upper_quantile(level.tail());
        let error = |slopes: &Array1<f64>| {
            let variance = slopes.dot(&s.parameters.as_ref()?.dot(slopes));
            (variance >= 0.0).then(|| variance.sqrt())
        };
        let on_log = |term: String, value: f64, slopes: &Array1<f64>| {
            let mut row = Estimate { value: Some(value), ..self.fit.row(&term) };
            match error(slopes).filter(|_| value > 0.0) {
                Some(error) => {
                    let factor = (q * error / value).exp();
                    row.std_error = Some(error);
                    row.interval =
                        Some(interval(value / factor, value * factor, level, "wald_log"));
                    if row.interval.as_ref().is_some_and(|i| !i.high.is_finite()) {
                        row.interval = None;
                    }
                }
                None => row.note = Some(Note::Boundary),
            }
            row
        };
        let mut rows = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let term = format!("var({name} | {column})");
            rows.push(on_log(term, self.covariance[i][i], &slopes(i, i)));
        }
        if let [intercept, slope] = names[..] {
            let [a, b, c] = [(0, 0), (0, 1), (1, 1)].map(|(i, j)| self.covariance[i][j]);
            let mut row = self.fit.row(&format!("cor({intercept}, {slope} | {column})"));
            let r = b / (a * c).sqrt();
            if a > 0.0 && c > 0.0 && r.is_finite() {
                row.value = Some(r.clamp(-1.0, 1.0));
            }
            let by_cells = slopes(0, 1) / (a * c).sqrt()
                - slopes(0, 0) * (0.5 * r / a)
                - slopes(1, 1) * (0.5 * r / c);
            match error(&by_cells).filter(|_| r.abs() < 1.0) {
                Some(error) => {
                    let half = q * error / (1.0 - r * r);
                    row.std_error = Some(error);
                    let (low, high) = ((r.atanh() - half).tanh(), (r.atanh() + half).tanh());
                    row.interval = Some(interval(low, high, level, "delta_z"));
                }
                None => row.note = Some(Note::Boundary),
            }
            rows.push(row);
        }
        let mut residual = Array1::zeros(1 + super::cells(size == 2).len());
        residual[0] = unit;
        rows.push(on_log("var(Residual)".to_owned(), self.residual_variance, &residual));
        // At the boundary of the others σ² itself is inside its range.
        if let (None, Some(row)) = (&s.parameters, rows.last_mut()) {
            row.note = None;
        }
        rows
    }

    /// The shares of variance between groups that the likelihood does not deny.
    ///
    /// The root of the deviance above its least is nearly straight in the share's log-odds, so that
    /// the false-position rule meets the limit in a few steps.
    fn icc_interval(&self, level: Level) -> Option<Interval> {
        let limit = chi_squared_upper_quantile(2.0 * level.tail(), 1.0).sqrt();
        let s = &self.problem;
        let above = |odds: f64| {
            let at = s.sums.at(&[[odds.exp(), 0.0], [0.0; 2]])?;
            Some((at.deviance - s.deviance).max(0.0).sqrt() - limit)
        };
        let best = s.gamma[0][0];
        let start = if best > 0.0 { best.ln() } else { -10.0 };
        let end = |away: f64| {
            let (mut inside, mut step) = ((start, above(start)?), 1.0);
            let mut outside = loop {
                let next = start + away * step;
                if next.abs() > 200.0 {
                    return None;
                }
                match above(next)? {
                    value if value < 0.0 => inside = (next, value),
                    value => break (next, value),
                }
                step *= 2.0;
            };
            let mut last_inside = false;
            for _ in 0..100 {
                if (outside.0 - inside.0).abs() <= 1e-13 * (1.0 + outside.0.abs()) {
                    break;
                }
                let share = inside.1 / (inside.1 - outside.1);
                let odds = inside.0 + share * (outside.0 - inside.0);
                let value = above(odds)?;
                // An end that stays twice has its value halved (the Illinois rule).
                if value < 0.0 {
                    inside = (odds, value);
                    outside.1 *= if last_inside { 0.5 } else { 1.0 };
                } else {
                    outside = (odds, value);
                    inside.1 *= if last_inside { 1.0 } else { 0.5 };
                }
                last_inside = value < 0.0;
                if value.abs() < 1e-12 {
                    break;
                }
            }
            let odds = if last_inside { inside.0 } else { outside.0 };
            Some(1.0 / (1.0 + (-odds).exp()))
        };
        // Without an end the whole way to 0 (or to 1) is inside.
        let zero = s.sums.at(&[[0.0; 2]; 2])?;
        let denied = (zero.deviance - s.deviance).max(0.0).sqrt() > limit;
        let low = if denied { end(-1.0)? } else { 0.0 };
        Some(interval(low, end(1.0)?, level, "profile"))
    }

    /// Each group's effects.
    fn effects(&self, level: Level) -> Vec<Estimate> {
        let s = &self.problem;
        let (turn, column) = (units(s), &self.grouping.column);
        let q = normal_upper_quantile(level.tail());
        let names = ["(Intercept)"].into_iter().chain(self.slope.as_deref());
        let names: Vec<&str> = names.collect();
        let groups = self.grouping.levels.iter().zip(&s.effects);
        groups
            .flat_map(|(group, (_, effect, spread))| {
                let turned = product(&product(&turn, spread), &transposed(&turn));
                let names = names.clone().into_iter().enumerate();
                names.map(move |(i, name)| {
                    let term = format!("effect({name} | {column} = {group})");
                    let value = (turn[i][0] * effect[0] + turn[i][1] * effect[1]) * s.scale;
                    let error = (turned[i][i].max(0.0) * s.variance).sqrt() * s.scale;
                    let (low, high) = (value - q * error, value + q * error);
                    let mut row = Estimate { value: Some(value), ..self.fit.row(&term) };
                    if error > 0.0 {
                        row.std_error = Some(error);
                        row.interval = Some(interval(low, high, level, "wald"));
                    } else {
                        row.note = Some(Note::Boundary);
                    }
                    row
                })
            })
            .collect()
    }
}

fn interval(low: f64, high: f64, level: Level, method: &str) -> Interval {
    Interval { low, high, level, method: method.to_owned() }
}
