/// The positive `x` whose tail is `target`, by Newton's method on ln tail against ln x.
///
/// On these scales the tails of t, F and chi-squared are nearly straight, so that a poor start
/// costs a few steps only; a bracket catches steps that leave it. `tail` returns the tail and x
/// times the density; `rises` is true for a lower tail. A solution too small or too large for a
/// double is 0 or infinite.
pub(super) fn solve(tail: impl Fn(f64) -> (f64, f64), target: f64, rises: bool, start: f64) -> f64 {
    let (mut low, mut high) = (f64::MIN_POSITIVE, f64::MAX);
    if rises && tail(low).0 > target {
        return 0.0;
    }
    if !rises && tail(high).0 > target {
        return f64::INFINITY;
    }
    let mut x = start.clamp(low, high);
    let mut close = false;
    for _ in 0..300 {
        let (value, slope) = tail(x);
        // ln(value / target) without the rounding of two large logarithms once they are near.
        let miss = if close { ((value - target) / target).ln_1p() } else { (value / target).ln() };
        if miss == 0.0 {
            break;
        }
        if (miss > 0.0) == rises {
            high = x;
        } else {
            low = x;
        }
        // A change of ln x, so that x itself is scaled and keeps all its digits.
        let step = if rises { -miss } else { miss } * value / slope;
        if close {
            return x + x * step;
        }
        if step.abs() < 1e-6 {
            close = true;
            x += x * step;
            continue;
        }
        let next = x * step.clamp(-700.0, 700.0).exp();
        x = if next > low && next < high { next } else { between(low, high, x) };
    }
    x
}

/// A place inside the bracket: its geometric middle, or a stride of a thousand towards an end
/// that nothing is known of yet.
fn between(low: f64, high: f64, x: f64) -> f64 {
    if low == f64::MIN_POSITIVE && x == high {
        (x / 1000.0).max(low)
    } else if high == f64::MAX && x == low && x < f64::MAX / 1000.0 {
        x * 1000.0
    } else {
        low.sqrt() * high.sqrt()
    }
}
