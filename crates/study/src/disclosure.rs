//! What may be told of groups of respondents without telling of single ones.
//!
//! # What is protected
//! A count of respondents by a column that others may know of them (a region, an industry, a
//! session). No table shows such a count below k, the plan's `smallest_group`, and none can be had
//! by taking counts of one table from each other, or from those of another table of the report.
//!
//! Not protected, because they tell of the survey and not of a group in it: how many respondents and
//! rows there are, how many of all have no answer to a question, and how many of all lie above or
//! below a threshold of the claims. The scatter of a whole cohort of k or more, which is shown, says
//! as much.
//!
//! # References
//! Hundepool et al. (2012), Statistical Disclosure Control, doi:10.1002/9781118348239, chapter 4.
//! Handbook on Statistical Disclosure Control (ESSnet, 2010), section 4.

/// The name of the groups that are too small to have one of their own.
pub(crate) const OTHER: &str = "(other)";

/// What they are called in a report, too.
const NAMESAKES: [&str; 3] = ["other", "others", "その他"];

/// Where groups lose their names, one that is itself called as they are together joins them: two
/// rows would bear one name.
pub(crate) fn with_namesakes(levels: &[String], mut hidden: Vec<bool>) -> Vec<bool> {
    if hidden.contains(&true) {
        for (level, hidden) in levels.iter().zip(&mut hidden) {
            let bare = level.trim().trim_matches(['(', ')', '（', '）']).to_lowercase();
            *hidden |= NAMESAKES.contains(&bare.as_str());
        }
    }
    hidden
}

/// Which groups of a list with a known sum lose their names, so that the rest, and what they add up
/// to together, are all k respondents or more.
///
/// Groups of 1 to k − 1 do. Where those are fewer than k together, they could be found by taking
/// the others from the sum, so the next smallest joins them, until they are k or more or nobody is
/// left. Of equally large groups the earlier one goes.
pub(crate) fn pooled(sizes: &[usize], k: usize) -> Vec<bool> {
    let mut pooled: Vec<bool> = sizes.iter().map(|n| (1..k).contains(n)).collect();
    loop {
        let together: usize = sizes.iter().zip(&pooled).filter(|(_, p)| **p).map(|(n, _)| n).sum();
        if !(1..k).contains(&together) {
            return pooled;
        }
        let next =
            (0..sizes.len()).filter(|i| !pooled[*i] && sizes[*i] > 0).min_by_key(|i| sizes[*i]);
        match next {
            Some(next) => pooled[next] = true,
            None => return pooled,
        }
    }
}

/// True where a part of a whole, and what is left of it, can both be told: each is nobody, or k
/// respondents or more.
pub(crate) fn tells_nobody(part: usize, whole: usize, k: usize) -> bool {
    let small = |n: usize| (1..k).contains(&n);
    !small(part) && !small(whole.saturating_sub(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an attacker can work out: the published counts, what they are short of the sum, and
    /// every sum of published ones and its complement.
    fn derivable(sizes: &[usize], pooled: &[bool]) -> Vec<usize> {
        let whole: usize = sizes.iter().sum();
        let shown: Vec<usize> =
            sizes.iter().zip(pooled).filter(|(_, p)| !**p).map(|(n, _)| *n).collect();
        (0..1_u32 << shown.len())
            .flat_map(|set| {
                let part: usize =
                    (0..shown.len()).filter(|i| set >> i & 1 == 1).map(|i| shown[i]).sum();
                [part, whole - part]
            })
            .collect()
    }

    #[test]
    fn no_sum_or_difference_of_what_is_shown_is_small() {
        // Every list of up to five groups of up to seven respondents, with k = 4.
        const K: usize = 4;
        for groups in 1..=5_u32 {
            for code in 0..8_usize.pow(groups) {
                let sizes: Vec<usize> = (0..groups).map(|i| code / 8_usize.pow(i) % 8).collect();
                let hidden = pooled(&sizes, K);
                let whole: usize = sizes.iter().sum();
                if (1..K).contains(&whole) {
                    assert!(sizes.iter().zip(&hidden).all(|(n, p)| *n == 0 || *p), "{sizes:?}");
                    continue;
                }
                for found in derivable(&sizes, &hidden) {
                    assert!(!(1..K).contains(&found), "{sizes:?} {hidden:?}: {found}");
                }
                // One group alone without a name would be told by the sum.
                assert_ne!(
                    sizes.iter().zip(&hidden).filter(|(n, p)| **p && **n > 0).count(),
                    1,
                    "{sizes:?}"
                );
            }
        }
    }

    #[test]
    fn nothing_is_pooled_without_need_and_the_smallest_first() {
        assert_eq!(pooled(&[90, 70, 40], 10), [false; 3]);
        assert_eq!(pooled(&[90, 3, 8, 40], 10), [false, true, true, false]);
        assert_eq!(pooled(&[90, 3, 70, 40], 10), [false, true, false, true]);
        assert_eq!(pooled(&[28, 3], 10), [true, true]);
        assert_eq!(pooled(&[0, 12], 10), [false, false]);
        assert_eq!(pooled(&[], 10), [false; 0]);
        assert_eq!(pooled(&[1, 2, 5], 1), [false; 3]);
    }

    #[test]
    fn a_part_and_the_rest_are_both_large_or_nobody() {
        assert!(tells_nobody(12, 30, 10) && tells_nobody(30, 30, 10) && tells_nobody(0, 30, 10));
        assert!(!tells_nobody(9, 30, 10) && !tells_nobody(25, 30, 10));
    }
}
