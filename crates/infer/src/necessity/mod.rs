//! Necessary condition analysis: whether a high outcome does without a high condition.
//!
//! Where a condition is necessary, the upper left corner of the scatter is empty. A ceiling bounds
//! the points from above, and its size d is the share of the scope that lies above it. d has no
//! interval: a ceiling hangs on a few extreme respondents, which [`Necessity::without_each_peer`]
//! shows. A permutation test asks whether the corner is emptier than without any link, which any
//! correlation makes it; [`copula`] asks whether it is emptier than a correlation of this size makes
//! it, and is the one to read.
//!
//! # References
//! Dul, J. (2016). Necessary condition analysis. doi:10.1177/1094428115584005. Dul, J., van der
//! Laan, E. & Kuik, R. (2020). A statistical significance test for necessary condition analysis.
//! doi:10.1177/1094428118795272

mod bottleneck;
mod ceiling;
mod margins;
mod null;
mod points;

pub use ceiling::{Ceiling, Line, Peer};
pub use null::{copula, permutation};
pub use points::{Points, Scope};

use crate::Result;
use ssi_vocab::{Analysis, Estimate, Note};

/// A necessary condition analysis of one condition and one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Necessity {
    /// The rectangle whose corner is looked at.
    pub scope: Scope,
    /// The respondents that the ceiling hangs on: no one has as much of the outcome with no more of
    /// the condition. From the lowest to the highest.
    pub peers: Vec<Peer>,
    /// The step function through the peers (ceiling envelopment, free disposal hull).
    pub ce_fdh: Ceiling,
    /// The least-squares line through the peers; none below two peers that are not capped, and none
    /// that does not rise.
    pub cr_fdh: Option<Ceiling>,
    pub(crate) points: Points,
}

/// Analyses whether a condition is necessary for an outcome.
///
/// # Formula
/// d = area above the ceiling / area of the scope. CE-FDH is the step function max{y : x ≤ t}, below
/// the smallest x the scope's bottom; CR-FDH the least-squares line through its corners, each as often as respondents
/// stand there, cut off at
/// the scope. Where the condition is capped ("500+"), the scope ends at the cap: those who are
/// capped bound nothing below it, and no line is drawn through them.
///
/// # Assumptions
/// None of a distribution. No error of measurement: one wrong record can move the ceiling.
///
/// # Missing data
/// [`Points`] is complete; it knows how many were left out.
///
/// # Errors
/// [`crate::Error::Setting`] for a scope that does not hold the data, or of no area.
///
/// # Example
/// ```
/// use ssi_infer::necessity::{Points, necessity};
/// use ssi_vocab::Paired;
///
/// // Above (0, 0), (1, 2) and (2, 4) one quarter of the square is empty, and half of another.
/// let pair = Paired::complete("x", &[0.0, 1.0, 2.0], "y", &[0.0, 2.0, 4.0])?;
/// let points = Points::of_pair(&pair)?;
/// let found = necessity(points.clone(), points.empirical())?;
/// assert_eq!(found.ce_fdh.d, 0.75);
/// assert_eq!(found.cr_fdh.map(|line| line.d), Some(0.5));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn necessity(points: Points, scope: Scope) -> Result<Necessity> {
    points.within(scope)?;
    let tops = points.tops();
    let peers = ceiling::peers(&points, &tops);
    let ce_fdh = ceiling::envelope(&peers, scope);
    let cr_fdh = ceiling::regression(&peers, scope).map(|line| {
        let accuracy = points.share_below(|x| line.at(x));
        Ceiling { accuracy, ..ceiling::under(line, scope) }
    });
    Ok(Necessity { scope, peers, ce_fdh, cr_fdh, points })
}

/// What stands behind a cap.
fn plus(peer: &Peer) -> &'static str {
    if peer.capped { "+" } else { "" }
}

impl Necessity {
    /// d by both ceilings, a row each.
    pub fn estimates(&self) -> Vec<Estimate> {
        let row = |method: &str, ceiling: Option<&Ceiling>| Estimate {
            value: ceiling.map(|c| c.d),
            note: ceiling.is_none().then_some(Note::NoCeilingLine),
            ..self.row(method, format!("{}, {}", self.points.x_name(), self.points.y_name()))
        };
        vec![row("ce_fdh", Some(&self.ce_fdh)), row("cr_fdh", self.cr_fdh.as_ref())]
    }

    /// The share of respondents on or below each ceiling.
    pub fn accuracy(&self) -> Vec<Estimate> {
        let row = |method: &str, share: f64| Estimate {
            value: Some(share),
            ..self.row(method, "accuracy".to_owned())
        };
        let line = self.cr_fdh.as_ref().map(|line| row("cr_fdh", line.accuracy));
        std::iter::once(row("ce_fdh", self.ce_fdh.accuracy)).chain(line).collect()
    }

    /// d by the step function if one peer had not been there, a row each. The scope stays.
    pub fn without_each_peer(&self) -> Vec<Estimate> {
        let drop = |peer: &Peer| {
            let peers = ceiling::peers(&self.points, &self.points.tops_without(peer));
            Estimate {
                value: Some(ceiling::envelope(&peers, self.scope).d),
                ..self.row("ce_fdh", format!("without ({}{}, {})", peer.x, plus(peer), peer.y))
            }
        };
        self.peers.iter().map(drop).collect()
    }

    fn row(&self, method: &str, term: String) -> Estimate {
        Estimate {
            x: Some(self.points.x_name().to_owned()),
            y: Some(self.points.y_name().to_owned()),
            n_excluded: self.points.n_excluded(),
            ..Estimate::new(Analysis::Necessity, method, term, self.points.n_obs())
        }
    }
}
