use crate::rates::{Rate, wilson};
use crate::tails::chi_squared_sf;
use ssi_vocab::{Check, Level, Note, RiskGroup};

/// How many groups of risk there are, unless ties make them fewer.
pub(super) const RISK_GROUPS: usize = 10;

/// Respondents in groups of risk: those between neighbouring quantiles of their expected
/// probabilities, each group with the share of events and Wilson's interval of it.
///
/// # Formula
/// Breaks at the quantiles k/g of type 7 of the expected probabilities, a respondent at a break
/// below it. Equal probabilities are never parted: breaks that coincide are one, so that there may
/// be fewer groups than `wanted`, of unequal sizes. `counts` says how many respondents each row
/// stands for.
///
/// # References
/// Hosmer and Lemeshow (1980), doi:10.1080/03610928008827941; Wilson (1927),
/// doi:10.1080/01621459.1927.10502953.
///
/// # Example
/// ```
/// use ssi_infer::categories::risk_groups;
/// use ssi_vocab::Level;
/// let risks = [0.1, 0.1, 0.4, 0.7, 0.7, 0.7];
/// let events = [0.0, 0.0, 1.0, 1.0, 0.0, 1.0];
/// let groups = risk_groups(&risks, &events, &[1.0; 6], 3, Level::DEFAULT);
/// assert_eq!(groups.iter().map(|g| g.n_obs).collect::<Vec<_>>(), [2, 4]);
/// ```
pub fn risk_groups(
    risks: &[f64],
    events: &[f64],
    counts: &[f64],
    wanted: usize,
    level: Level,
) -> Vec<RiskGroup> {
    let mut order: Vec<usize> = (0..risks.len()).filter(|i| counts[*i] > 0.0).collect();
    order.sort_by(|a, b| risks[*a].total_cmp(&risks[*b]));
    let total: u64 = order.iter().map(|i| counts[*i] as u64).sum();
    if total == 0 || wanted == 0 {
        return Vec::new();
    }
    let at = |place: u64| {
        let mut seen = 0;
        let found = order.iter().find(|i| {
            seen += counts[**i] as u64;
            seen > place
        });
        found.map_or(f64::NAN, |i| risks[*i])
    };
    let groups = wanted as u64;
    // The place of quantile k/g is whole plus a fraction of g, without rounding.
    let quantile = |k: u64| {
        let (place, part) = ((total - 1) * k / groups, (total - 1) * k % groups);
        let (below, share) = (at(place), part as f64 / wanted as f64);
        let above = if part == 0 { below } else { at(place + 1) };
        if above == below { below } else { (1.0 - share) * below + share * above }
    };
    let mut breaks: Vec<f64> = (1..groups).map(quantile).collect();
    breaks.dedup();
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); breaks.len() + 1];
    for i in order {
        out[breaks.partition_point(|b| *b < risks[i])].push(i);
    }
    out.into_iter().filter_map(|members| of(&members, risks, events, counts, level)).collect()
}

fn of(
    members: &[usize],
    risks: &[f64],
    events: &[f64],
    counts: &[f64],
    level: Level,
) -> Option<RiskGroup> {
    let sum = |f: &dyn Fn(usize) -> f64| members.iter().map(|i| counts[*i] * f(*i)).sum::<f64>();
    let (n, found) = (sum(&|_| 1.0), sum(&|i| events[i]));
    let row = wilson(Rate::new(found as u64, n as u64).ok()?, level);
    let interval = row.interval?;
    Some(RiskGroup {
        from: risks[*members.first()?],
        to: risks[*members.last()?],
        n_obs: n as usize,
        events: found as usize,
        expected: sum(&|i| risks[i]) / n,
        observed: row.value?,
        conf_low: interval.low,
        conf_high: interval.high,
        conf_level: level.get(),
        conf_method: interval.method,
    })
}

/// Whether events are as many as expected in each group of risk: Hosmer and Lemeshow's test.
///
/// # Formula
/// C = Σ (O − E)²/(E(1 − E/n)) over G groups, with O events, E expected ones and n respondents; χ²
/// with G − 2 degrees of freedom, G the groups that ties leave (R's `hoslem.test` keeps the number
/// that was asked for).
///
/// # Assumptions
/// The probabilities are those of a model fitted to the same respondents, and most groups expect
/// five events and five others. A weak test: its result depends on how the groups are cut, it finds
/// little in small samples and every trifle in large ones, and a large p does not say that the model
/// holds. The groups themselves, the calibration slope and the smooth curve say where it fails.
///
/// Without three groups, or where a group is expected to be all events or none, there is no test.
///
/// # References
/// Hosmer and Lemeshow (1980), doi:10.1080/03610928008827941; Hosmer, Hosmer, le Cessie and Lemeshow
/// (1997), doi:10.1002/(SICI)1097-0258(19970515)16:9<965::AID-SIM509>3.0.CO;2-O.
pub fn hosmer_lemeshow(groups: &[RiskGroup]) -> Check {
    let part = |g: &RiskGroup| {
        let n = g.n_obs as f64;
        (g.events as f64 - n * g.expected).powi(2) / (n * g.expected * (1.0 - g.expected))
    };
    let df = groups.len().saturating_sub(2) as f64;
    let value = Some(groups.iter().map(part).sum::<f64>()).filter(|v| df > 0.0 && v.is_finite());
    Check {
        name: "hosmer_lemeshow".to_owned(),
        value,
        df: value.map(|_| df),
        df2: None,
        p_value: value.map(|v| chi_squared_sf(v, df)),
        note: if value.is_none() { Some(Note::NoSpread) } else { None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_give_the_groups_of_the_repeated_rows() {
        let risks = [0.05, 0.1, 0.1, 0.3, 0.6, 0.9];
        let events = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0];
        let counts = [3.0, 2.0, 1.0, 0.0, 4.0, 5.0];
        let repeat = |v: &[f64]| -> Vec<f64> {
            v.iter().zip(counts).flat_map(|(v, c)| vec![*v; c as usize]).collect()
        };
        let (long, hits) = (repeat(&risks), repeat(&events));
        let whole = risk_groups(&long, &hits, &vec![1.0; long.len()], 4, Level::DEFAULT);
        let counted = risk_groups(&risks, &events, &counts, 4, Level::DEFAULT);
        assert_eq!(whole.len(), counted.len());
        for (a, b) in whole.iter().zip(&counted) {
            assert_eq!((a.n_obs, a.events, a.from, a.to), (b.n_obs, b.events, b.from, b.to));
            assert!((a.expected - b.expected).abs() < 1e-15);
        }
    }

    #[test]
    fn one_risk_for_all_leaves_no_test() {
        let groups = risk_groups(&[0.3; 8], &[0.0; 8], &[1.0; 8], 10, Level::DEFAULT);
        assert_eq!(groups.len(), 1);
        let check = hosmer_lemeshow(&groups);
        assert_eq!((check.value, check.note), (None, Some(Note::NoSpread)));
        assert!(hosmer_lemeshow(&[]).value.is_none());
    }
}
