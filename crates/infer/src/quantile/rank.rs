use super::Quantile;
use super::predicted::Target;
use super::simplex::{Cloud, Vertex, dot};
use super::solve::told_apart;
use crate::Result;
use crate::model::{Cholesky, ModelError};
use crate::tails::{t_two_sided, t_upper_quantile};
use ssi_vocab::{Estimate, Interval, Level, Note, PValue, Test};

/// The most respondents whose ranks are inverted.
const LIMIT: usize = 20_000;

/// What rank inversion takes the residuals for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankInversion {
    /// Equally distributed.
    Iid,
    /// With a density of their own at 0.
    Nid,
}

impl RankInversion {
    /// The interval's name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Iid => "rank",
            Self::Nid => "rank_nid",
        }
    }
}

/// A vertex on the way of one coefficient, and the rank statistic beyond it.
#[derive(Clone)]
struct Stop {
    value: f64,
    beyond: f64,
}

impl Quantile<'_> {
    /// The coefficients with intervals and tests by the inversion of a rank test.
    ///
    /// # Formula
    /// T(b) = Σ x̃ᵢ(aᵢ − (1 − τ))/√(τ(1 − τ)Σx̃ᵢ²): with coefficient j held at b, aᵢ is the dual of
    /// the best fit (1 above it, 0 below, between on it) and x̃ what the other predictors don't
    /// explain of the predictor j; for `Nid` explained with the densities of
    /// [`QuantileErrors::Nid`](super::QuantileErrors) as weights. T falls in steps as b rises. The
    /// interval ends where |T| passes the quantile of Student's t with n − p degrees of freedom,
    /// interpolated between the two steps, as R's quantreg (`se = "rank"`); the test is T(0) on that
    /// distribution. There is no standard error. Where T never passes there is no interval.
    ///
    /// # Assumptions
    /// Respondents are independent; for `Iid` residuals have the same distribution for everyone.
    ///
    /// # Errors
    /// [`ModelError::TooMany`] above 20,000 respondents; [`ModelError::NotConverged`].
    ///
    /// # References
    /// Koenker (1994), doi:10.1007/978-3-642-57984-4_29; Gutenbrunner, Jurečková, Koenker and
    /// Portnoy (1993), doi:10.1080/10485259308832561; Koenker and Machado (1999),
    /// doi:10.1080/01621459.1999.10473882.
    pub fn rank(&self, kind: RankInversion, level: Level) -> Result<Vec<Estimate>> {
        let targets = self.coefficients(level);
        self.inverted(kind, level, targets)
    }

    /// The interval and test of each target; the targets' rows in their order.
    pub(super) fn inverted(
        &self,
        kind: RankInversion,
        level: Level,
        targets: Vec<Target>,
    ) -> Result<Vec<Estimate>> {
        let start = &self.start;
        if start.ols.n_obs > LIMIT {
            return Err(ModelError::TooMany {
                interval: "rank inversion",
                limit: LIMIT,
                found: start.ols.n_obs,
                instead: "nid",
            }
            .into());
        }
        if start.ols.perfect {
            return Ok(targets.into_iter().map(|target| target.row).collect());
        }
        // Respondents one by one: their duals pass their bounds one by one.
        let who: Vec<usize> = (0..start.rows())
            .flat_map(|i| std::iter::repeat_n(i, start.weights[i] as usize))
            .collect();
        let q: Vec<f64> = who.iter().flat_map(|i| start.row(*i)).copied().collect();
        let exact: Vec<f64> = who.iter().map(|i| start.residuals[*i]).collect();
        let ones = vec![1.0; who.len()];
        let cloud = Cloud { k: start.k, q: &q, y: told_apart(&exact, 1e-10), w: &ones };
        let place = |row: &usize| who.partition_point(|i| i < row);
        let basis: Vec<usize> = self.basis.iter().map(place).collect();
        let bread = match kind {
            RankInversion::Iid => None,
            RankInversion::Nid => {
                let density = self.densities()?;
                // No density at all would leave a respondent out.
                let least = f64::EPSILON * density.iter().fold(0.0_f64, |m, f| m.max(*f));
                let a = start.squares(|i| density[i].max(least));
                Some(Cholesky::new(&a).ok_or(ModelError::NoWeight { model: "quantile" })?)
            }
        };
        let df = start.ols.df_residual as f64;
        let cutoff = t_upper_quantile(level.tail(), df);
        let mut rows = Vec::with_capacity(targets.len());
        for Target { mut row, along, value: estimate } in targets {
            let squares = start.n()
                * match &bread {
                    None => 1.0 / dot(&along, &along),
                    Some(bread) => {
                        let d = bread.solve(&along);
                        dot(&d, &d) / dot(&along, &d).powi(2)
                    }
                };
            let unit = (self.tau * (1.0 - self.tau) * squares).sqrt();
            let walk =
                Walk { cloud: &cloud, exact: &exact, tau: self.tau, along: &along, estimate };
            let far = |up: bool| walk.run(&basis, up, cutoff * unit);
            let (Some((low, low_zero)), Some((high, high_zero))) = (far(false), far(true)) else {
                return Err(self.unsettled().into());
            };
            let statistic = if estimate > 0.0 { low_zero } else { high_zero } / unit;
            row.test = PValue::new(t_two_sided(statistic, df)).map(|p_value| Test {
                statistic: Some(statistic),
                df: Some(df),
                df2: None,
                p_value,
                method: kind.code().to_owned(),
                p_holm: None,
                p_bh: None,
            });
            match (low, high) {
                (Some(low), Some(high)) => {
                    let method = kind.code().to_owned();
                    row.interval = Some(Interval { low, high, level, method });
                }
                _ => row.note = row.note.or(Some(Note::TooFewForInterval)),
            }
            rows.push(row);
        }
        Ok(rows)
    }

    fn unsettled(&self) -> ModelError {
        let iterations = self.fit.glance.iterations.unwrap_or(0);
        ModelError::NotConverged { model: "quantile", iterations, gradient: f64::MAX }
    }
}

/// A walk of one coefficient away from its estimate, the others following.
struct Walk<'a> {
    cloud: &'a Cloud<'a>,
    /// The outcomes as they are.
    exact: &'a [f64],
    tau: f64,
    /// How the coefficient changes with δ.
    along: &'a [f64],
    estimate: f64,
}

impl Walk<'_> {
    /// Walks until the statistic has passed `cutoff` and the coefficient 0. Gives the end of the
    /// interval, if there is one, and the statistic where the coefficient is 0.
    fn run(&self, basis: &[usize], up: bool, cutoff: f64) -> Option<(Option<f64>, f64)> {
        let Self { cloud, along, .. } = *self;
        let forward = if up { 1.0 } else { -1.0 };
        let mut vertex = cloud.vertex(basis.to_vec())?;
        let mut statistic = 0.0;
        let mut at_zero = None;
        let mut last = Stop { value: self.estimate, beyond: 0.0 };
        let mut end = None;
        for _ in 0..=4 * cloud.rows() + 100 {
            let value = self.estimate + dot(along, &vertex.delta);
            if at_zero.is_none() && value * forward >= 0.0 {
                at_zero = Some(statistic);
            }
            if end.is_some() && at_zero.is_some() {
                break;
            }
            let (step, leaving, direction) = self.leave(&vertex, statistic, forward)?;
            statistic -= forward * step;
            if end.is_none() {
                let stop = Stop { value: self.value(&vertex), beyond: statistic };
                if statistic.abs() > cutoff {
                    let (near, far) = (last.beyond.abs(), statistic.abs());
                    let share = (cutoff - near) / (far - near);
                    end = Some(last.value + share * (stop.value - last.value));
                }
                last = stop;
            }
            let size = dot(&direction, &direction).sqrt();
            let nearest = (0..cloud.rows())
                .filter(|i| !vertex.basis.contains(i))
                .filter_map(|i| {
                    let p = dot(cloud.row(i), &direction);
                    let t = cloud.residual(i, &vertex.delta) / p;
                    (t > 0.0 && p.abs() > 1e-12 * size).then_some((t, i))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let Some((_, entering)) = nearest else { break };
            vertex.basis[leaving] = entering;
            vertex = cloud.vertex(vertex.basis)?;
        }
        Some((end, at_zero.unwrap_or(statistic)))
    }

    /// How far the statistic goes at a vertex until a dual is at its bound; which row that is, and
    /// the direction in which it is left.
    fn leave(
        &self,
        vertex: &Vertex,
        statistic: f64,
        forward: f64,
    ) -> Option<(f64, usize, Vec<f64>)> {
        let Self { cloud, tau, along, .. } = *self;
        let k = cloud.k;
        let mut gradient = vec![0.0; k];
        for i in (0..cloud.rows()).filter(|i| !vertex.basis.contains(i)) {
            let r = cloud.residual(i, &vertex.delta);
            let a = if r < 0.0 { tau - 1.0 } else { tau };
            gradient.iter_mut().zip(cloud.row(i)).for_each(|(g, q)| *g += a * q);
        }
        let mut best: Option<(f64, usize, f64)> = None;
        for m in 0..k {
            let column = || (0..k).map(|a| vertex.inverse[a * k + m]);
            let u: f64 = column().zip(&gradient).map(|(c, g)| c * g).sum();
            let v: f64 = column().zip(along).map(|(c, s)| c * s).sum();
            let dual = statistic * v - u;
            let rate = -forward * v;
            if rate == 0.0 {
                continue;
            }
            let room = if rate < 0.0 { dual - (tau - 1.0) } else { tau - dual };
            let step = room.max(0.0) / rate.abs();
            if best.is_none_or(|b| step < b.0) {
                best = Some((step, m, forward * v.signum()));
            }
        }
        let (step, m, sign) = best?;
        Some((step, m, (0..k).map(|a| sign * vertex.inverse[a * k + m]).collect()))
    }

    /// The coefficient at a vertex, without perturbation.
    fn value(&self, vertex: &Vertex) -> f64 {
        let k = self.cloud.k;
        let exact = |m: usize| self.exact[vertex.basis[m]];
        let delta = |a: usize| (0..k).map(|m| vertex.inverse[a * k + m] * exact(m)).sum::<f64>();
        self.estimate + (0..k).map(|a| self.along[a] * delta(a)).sum::<f64>()
    }
}
