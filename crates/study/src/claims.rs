//! What the data say of a claim, by a rule that the plan fixed before they were read.

use crate::Plan;
use crate::run::WITHOUT_BRAND;
use ssi_vocab::{Analysis, Claim, Interval, Results, Verdict, Warning};

/// Judges claim C7: score and SSI are clearly correlated.
pub(crate) fn judge(results: &mut Results, plan: &Plan) {
    let (x, y) = (plan.primary.x.as_str(), plan.primary.y.as_str());
    let threshold = plan.primary.threshold;
    let Some(primary) = fisher_row(results, x, y) else { return };
    let rest = fisher_row(results, x, WITHOUT_BRAND);
    let verdict = match &results.estimates[primary].interval {
        Some(interval) => against(interval, threshold),
        None => Verdict::Inconclusive,
    };
    let rest_low = rest.and_then(|i| results.estimates[i].interval.as_ref()).map(|i| i.low);
    if verdict == Verdict::Supported && rest_low.is_some_and(|low| low <= threshold) {
        results.warnings.push(Warning::BrandCarriesIt);
    }
    results.claims.push(Claim {
        // The article's claim is about these two; another pair is the user's own hypothesis.
        id: if (x, y) == ("score_total", "ssi_total") { "C7" } else { "primary" }.to_owned(),
        verdict,
        threshold: Some(threshold),
        estimates: std::iter::once(primary).chain(rest).collect(),
        needs: None,
    });
}

/// The first row of Pearson's correlation of two columns, over everybody.
fn fisher_row(results: &Results, x: &str, y: &str) -> Option<usize> {
    results.estimates.iter().position(|e| {
        e.analysis == Analysis::Correlation
            && e.method == "pearson"
            && e.group.is_none()
            && e.x.as_deref() == Some(x)
            && e.y.as_deref() == Some(y)
    })
}

fn against(interval: &Interval, threshold: f64) -> Verdict {
    if interval.low > threshold {
        Verdict::Supported
    } else if interval.high < threshold {
        Verdict::Contradicted
    } else {
        Verdict::Inconclusive
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Level;

    #[test]
    fn an_interval_that_holds_the_threshold_decides_nothing() {
        let interval =
            |low, high| Interval { low, high, level: Level::DEFAULT, method: "x".into() };
        assert_eq!(against(&interval(0.3, 0.6), 0.2), Verdict::Supported);
        assert_eq!(against(&interval(-0.3, 0.1), 0.2), Verdict::Contradicted);
        assert_eq!(against(&interval(0.1, 0.3), 0.2), Verdict::Inconclusive);
        assert_eq!(against(&interval(0.2, 0.3), 0.2), Verdict::Inconclusive);
    }
}
