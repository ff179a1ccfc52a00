use super::points::{Points, Scope, Top};

/// A corner of the ceiling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peer {
    /// The condition, or the cap.
    pub x: f64,
    /// The outcome.
    pub y: f64,
    /// True where the condition is capped.
    pub capped: bool,
    /// How many respondents stand there.
    pub count: u64,
}

/// A straight ceiling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Where it stands at x = 0.
    pub intercept: f64,
    /// How steeply it rises.
    pub slope: f64,
}

impl Line {
    /// The ceiling at a value of the condition.
    pub fn at(self, x: f64) -> f64 {
        self.intercept + self.slope * x
    }

    /// Where the ceiling reaches a value of the outcome.
    pub fn reaches(self, y: f64) -> f64 {
        (y - self.intercept) / self.slope
    }
}

/// A ceiling and what is empty above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ceiling {
    /// The area above it, within the scope.
    pub zone: f64,
    /// The share of the scope that this is.
    pub d: f64,
    /// The share of respondents on or below it.
    pub accuracy: f64,
    /// The line, if it is one.
    pub line: Option<Line>,
}

/// The corners of the step function: where the largest outcome so far rises.
pub(super) fn peers(points: &Points, tops: &[Top]) -> Vec<Peer> {
    let mut highest = f64::NEG_INFINITY;
    let cap = points.cap();
    let mut peers = Vec::new();
    for (x, (top, count)) in points.levels().iter().zip(tops) {
        if *top > highest {
            highest = *top;
            peers.push(Peer { x: *x, y: *top, capped: cap == Some(*x), count: *count });
        }
    }
    peers
}

/// The step function through the peers.
pub(super) fn envelope(peers: &[Peer], scope: Scope) -> Ceiling {
    let zone = empty_above(peers.iter().map(|peer| (peer.x, peer.y)), scope);
    Ceiling { zone, d: zone / scope.area(), accuracy: 1.0, line: None }
}

/// The area above the steps that rise at these corners, left to right.
pub(super) fn empty_above(corners: impl Iterator<Item = (f64, f64)>, scope: Scope) -> f64 {
    let (mut zone, mut x, mut y) = (0.0, scope.x[0], scope.y[0]);
    for (next, top) in corners {
        zone += (next - x) * (scope.y[1] - y);
        (x, y) = (next, top);
    }
    zone + (scope.x[1] - x) * (scope.y[1] - y)
}

/// The least-squares line through the peers that are not capped, each as often as respondents stand
/// there; none that does not rise.
pub(super) fn regression(peers: &[Peer], scope: Scope) -> Option<Line> {
    let used: Vec<&Peer> = peers.iter().filter(|peer| !peer.capped).collect();
    if used.len() < 2 {
        return None;
    }
    // In units of the scope, so that no square is lost.
    let (width, height) = (scope.x[1] - scope.x[0], scope.y[1] - scope.y[0]);
    let unit = |peer: &&Peer| {
        ((peer.x - scope.x[0]) / width, (peer.y - scope.y[0]) / height, peer.count as f64)
    };
    let points: Vec<(f64, f64, f64)> = used.iter().map(unit).collect();
    let n: f64 = points.iter().map(|p| p.2).sum();
    let mean = |of: fn(&(f64, f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (mx, my) = (mean(|p| p.2 * p.0), mean(|p| p.2 * p.1));
    let sxx: f64 = points.iter().map(|p| p.2 * (p.0 - mx) * (p.0 - mx)).sum();
    let sxy: f64 = points.iter().map(|p| p.2 * (p.0 - mx) * (p.1 - my)).sum();
    let slope = sxy / sxx;
    if !(slope > 0.0 && slope.is_finite()) {
        return None;
    }
    let slope_there = slope * height / width;
    let intercept = scope.y[0] + height * (my - slope * mx) - slope_there * scope.x[0];
    Some(Line { intercept, slope: slope_there })
}

/// A line with the area above it: the height above is cut off at the scope's top and bottom.
pub(super) fn under(line: Line, scope: Scope) -> Ceiling {
    let [left, right] = scope.x;
    let [bottom, top] = scope.y;
    let (from, to) =
        (line.reaches(bottom).clamp(left, right), line.reaches(top).clamp(left, right));
    // All of the height where the line runs below the bottom, then a trapezium.
    let slanted = (to - from) * (2.0 * top - line.at(from) - line.at(to)) / 2.0;
    let zone = (from - left) * (top - bottom) + slanted.max(0.0);
    Ceiling { zone, d: zone / scope.area(), accuracy: 1.0, line: Some(line) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: Scope = Scope { x: [0.0, 10.0], y: [0.0, 100.0] };

    #[test]
    fn a_line_has_above_it_what_geometry_says() {
        let d = |intercept, slope| under(Line { intercept, slope }, SQUARE).d;
        assert!((d(0.0, 10.0) - 0.5).abs() < 1e-15);
        // Enters through the left side at half the height and leaves through the top.
        assert!((d(50.0, 10.0) - 0.125).abs() < 1e-15);
        // Enters through the bottom half way: the left half is empty, and a triangle of the rest.
        assert!((d(-50.0, 10.0) - 0.875).abs() < 1e-15);
        assert_eq!(d(100.0, 1.0), 0.0);
        assert_eq!(d(-200.0, 1.0), 1.0);
    }

    #[test]
    fn steps_leave_the_rectangles_above_them() {
        let corners = [(2.0, 40.0), (5.0, 70.0)];
        let zone = empty_above(corners.into_iter(), SQUARE);
        assert_eq!(zone, 2.0 * 100.0 + 3.0 * 60.0 + 5.0 * 30.0);
        assert_eq!(empty_above(std::iter::empty(), SQUARE), 1000.0);
    }
}
