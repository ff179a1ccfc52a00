//! The residual sum of squares as a function of the breakpoint.

use crate::regress::Ols;
use ssi_vocab::Design;

/// The different values, ascending.
pub(super) fn different(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// What a hinge explains, for every place of the breakpoint.
///
/// Between two neighbouring values the hinge is u − ψv with fixed columns u and v. Less what the
/// other columns explain of them, and with e the residuals of the straight model, a hinge takes
/// (A − ψB)²/(C − 2ψD + ψ²E) off the sum of squares: A = uᵀe, B = vᵀe, C = uᵀu, D = uᵀv, E = vᵀv.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    pieces: Vec<Piece>,
    /// Residual sum of squares of the straight model.
    straight: f64,
    /// The predictor's places are counted from here.
    centre: f64,
}

/// A place of the breakpoint, and the two values around it where it is no value itself.
pub(super) type Place = (f64, Option<(f64, f64)>);

#[derive(Debug, Clone)]
struct Piece {
    /// The two values that it lies between, as they are; `low` and `high` count from the centre.
    around: (f64, f64),
    low: f64,
    high: f64,
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    e: f64,
}

impl Profile {
    /// For the breakpoint of column `j`; `null` is the fit without one.
    pub(super) fn new(design: &Design, null: &Ols, j: usize) -> Self {
        let n = design.y.len();
        let z = design.x.column(j);
        let values = different(z.iter().copied());
        let centre = values[values.len() / 2];
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| z[*b].total_cmp(&z[*a]));
        let q = null.scores();
        let k = q.ncols();
        // Sums over the respondents above the interval, from the right.
        let (mut along_u, mut along_v) = (vec![0.0; k], vec![0.0; k]);
        let (mut a, mut b, mut c, mut d, mut e) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let mut next = order.into_iter().peekable();
        let mut pieces = Vec::new();
        for place in (1..values.len() - 1).rev() {
            while let Some(i) = next.next_if(|i| z[*i] > values[place]) {
                let (w, x) = (null.weight(i), z[i] - centre);
                for (l, score) in q.row(i).iter().enumerate() {
                    along_u[l] += w * x * score;
                    along_v[l] += w * score;
                }
                let e_i = null.residuals[i];
                a += w * x * e_i;
                b += w * e_i;
                c += w * x * x;
                d += w * x;
                e += w;
            }
            if place > values.len() - 3 {
                continue;
            }
            let dot = |s: &[f64], t: &[f64]| s.iter().zip(t).map(|(s, t)| s * t).sum::<f64>();
            pieces.push(Piece {
                around: (values[place], values[place + 1]),
                low: values[place] - centre,
                high: values[place + 1] - centre,
                a,
                b,
                c: c - dot(&along_u, &along_u),
                d: d - dot(&along_u, &along_v),
                e: e - dot(&along_v, &along_v),
            });
        }
        pieces.reverse();
        Self { pieces, straight: null.residual_ss(), centre }
    }

    /// From the first place of a breakpoint to the last.
    pub(super) fn range(&self) -> (f64, f64) {
        let (first, last) = (self.pieces.first(), self.pieces.last());
        (
            first.map_or(self.centre, |piece| piece.around.0),
            last.map_or(self.centre, |piece| piece.around.1),
        )
    }

    /// The place that fits best, and the two values around it where it is no value itself.
    pub(super) fn best(&self) -> Option<Place> {
        let mut best: Option<(f64, Place)> = None;
        for piece in &self.pieces {
            let at = piece.stationary().filter(|at| *at > piece.low && *at < piece.high);
            let (low, high) = piece.around;
            let ends = [(piece.low, low, None), (piece.high, high, None)];
            let inner = at.map(|at| (at, at + self.centre, Some(piece.around)));
            for (at, place, around) in inner.into_iter().chain(ends) {
                if let Some(gain) = piece.gain(at)
                    && best.is_none_or(|(most, _)| gain > most)
                {
                    best = Some((gain, (place, around)));
                }
            }
        }
        best.map(|(_, place)| place)
    }

    /// The first and the last place whose residual sum of squares is at most `most`.
    pub(super) fn below(&self, most: f64) -> Option<(f64, f64)> {
        let least = self.straight - most;
        let found = self.pieces.iter().filter_map(|piece| piece.reaching(least));
        let hull = found.reduce(|(low, high), (l, h)| (low.min(l), high.max(h)));
        hull.map(|(low, high)| (low + self.centre, high + self.centre))
    }
}

impl Piece {
    /// What the hinge at a place takes off the residual sum of squares; none where the other
    /// columns make that hinge.
    fn gain(&self, at: f64) -> Option<f64> {
        let length = self.c - 2.0 * at * self.d + at * at * self.e;
        let scale = self.c.abs() + 2.0 * (at * self.d).abs() + at * at * self.e.abs();
        let gain = (self.a - at * self.b).powi(2) / length;
        (length > 1e-13 * scale && gain.is_finite()).then_some(gain)
    }

    /// Where the gain is largest, were the piece to go on for ever.
    fn stationary(&self) -> Option<f64> {
        let at = (self.b * self.c - self.a * self.d) / (self.b * self.d - self.a * self.e);
        at.is_finite().then_some(at)
    }

    /// From the first place to the last whose gain is at least `least`.
    fn reaching(&self, least: f64) -> Option<(f64, f64)> {
        // A quadratic in the place, ascending powers, that must not be below 0.
        let p0 = self.a * self.a - least * self.c;
        let p1 = -2.0 * (self.a * self.b - least * self.d);
        let p2 = self.b * self.b - least * self.e;
        let mut places = vec![self.low, self.high];
        let discriminant = p1 * p1 - 4.0 * p2 * p0;
        if discriminant >= 0.0 {
            // The form of the roots that does not cancel.
            let q = -0.5 * (p1 + discriminant.sqrt().copysign(p1));
            places.extend([q / p2, p0 / q].iter().filter(|v| **v > self.low && **v < self.high));
        }
        places.sort_by(f64::total_cmp);
        let holds = |at: f64| p0 + at * (p1 + at * p2) >= 0.0;
        let mut ends: Option<(f64, f64)> = None;
        for pair in places.windows(2) {
            let middle = 0.5 * (pair[0] + pair[1]);
            if holds(middle) {
                ends = Some((ends.map_or(pair[0], |e| e.0), pair[1]));
            }
        }
        ends
    }
}
