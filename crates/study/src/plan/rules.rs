//! The rules by which the claims are judged, and the numbers that no cohort holds.

use super::range;
use crate::Result;
use serde::{Deserialize, Serialize};

/// The thresholds of the claims beside the primary one; each is a judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// C1: nobody invites, if fewer than this share do.
    pub nobody: f64,
    /// C4: so many times as common.
    pub times: f64,
    /// C5: of the counts near 500, more than this share are 500 or above.
    pub bunching: f64,
    /// C5: how far from 500 is near.
    pub bunching_width: f64,
    /// C6: a very low SSI is below this.
    pub low_ssi: f64,
    /// C6: many are more than this share.
    pub many: f64,
    /// C8: so many counterexamples refute a condition.
    pub counterexamples: u64,
    /// C8: a condition whose exceptions are fewer than this share holds.
    pub exception: f64,
    /// C9: a finished profile has this score or more.
    pub finished: f64,
    /// C9: more than this share of them have a high SSI.
    pub mostly: f64,
    /// C10: the agreement of raters that a score needs.
    pub agreement: f64,
    /// C10: the agreement below which it can't be used.
    pub disagreement: f64,
    /// C10: the size of a group whose mean SSI is predicted.
    pub group: u64,
    /// C10: within so many SSI points.
    pub group_within: f64,
    /// C10: and a single person's within so many.
    pub single_within: f64,
    /// C11: from so many hours to so many.
    pub hours: [f64; 2],
    /// C11: after so many hours of training the change of SSI is told.
    pub trained: f64,
}

/// How many responded where (claims C1 to C3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outreach {
    /// Whose counts they are: `article`, or `plan` for those of a plan of one's own.
    pub source: String,
    /// Profiles visited in Japan.
    pub visited: u64,
    /// Invitations that came of it.
    pub invited: u64,
    /// Fewest and most profiles that may have been visited elsewhere.
    pub elsewhere_visited: [u64; 2],
    /// Lowest and highest rate that may have been meant elsewhere.
    pub elsewhere_rate: [f64; 2],
}

/// Who is among the author's contacts (claim C4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Whose numbers they are: `article`, or `plan` for those of a plan of one's own.
    pub source: String,
    /// Share of the contacts with a Japanese profile.
    pub share: f64,
    /// Half a unit of its last digit.
    pub share_rounding: f64,
    /// Members in Japan, in millions.
    pub members: f64,
    /// Half a unit of its last digit.
    pub members_rounding: f64,
    /// Members in all, in millions.
    pub all: f64,
    /// Half a unit of its last digit.
    pub all_rounding: f64,
    /// The share of members as the article rounds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_share: Option<f64>,
    /// Number of contacts, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<u64>,
}

fn is_share(value: f64) -> bool {
    value > 0.0 && value < 1.0
}

impl Claims {
    pub(super) fn check(&self) -> Result<()> {
        let shares = [self.nobody, self.bunching, self.many, self.exception, self.mostly];
        range(
            shares.into_iter().all(is_share),
            "`claims.nobody`, `claims.bunching`, `claims.many`, `claims.exception` and `claims.mostly` are shares between 0 and 1",
            "`claims.nobody`、`claims.bunching`、`claims.many`、`claims.exception`、`claims.mostly` は 0 と 1 の間の割合で指定してください",
        )?;
        range(
            self.times > 1.0 && self.times.is_finite(),
            "`claims.times` is a number above 1",
            "`claims.times` は 1 より大きい数値で指定してください",
        )?;
        range(
            self.bunching_width >= 1.0 && self.bunching_width <= 500.0,
            "`claims.bunching_width` lies between 1 and 500 contacts",
            "`claims.bunching_width` は 1～500 で指定してください",
        )?;
        range(
            self.low_ssi.is_finite() && self.finished.is_finite(),
            "`claims.low_ssi` and `claims.finished` are numbers",
            "`claims.low_ssi` と `claims.finished` は数値で指定してください",
        )?;
        range(
            (1..=1000).contains(&self.counterexamples),
            "`claims.counterexamples` lies between 1 and 1000",
            "`claims.counterexamples` は 1～1000 で指定してください",
        )?;
        range(
            -1.0 <= self.disagreement
                && self.disagreement < self.agreement
                && self.agreement <= 1.0,
            "`claims.disagreement` lies below `claims.agreement`, both between -1 and 1",
            "`claims.disagreement` は `claims.agreement` より小さく、どちらも -1～1 で指定してください",
        )?;
        range(
            self.group >= 1 && self.group_within > 0.0 && self.single_within > 0.0,
            "`claims.group`, `claims.group_within` and `claims.single_within` are above 0",
            "`claims.group`、`claims.group_within`、`claims.single_within` は 0 より大きい値で指定してください",
        )?;
        range(
            0.0 <= self.hours[0] && self.hours[0] < self.hours[1] && self.hours[1].is_finite(),
            "`claims.hours` is a smaller and a larger number of hours, such as [6, 10]",
            "`claims.hours` は [6, 10] のように、小さい方、大きい方の順に指定してください",
        )?;
        range(
            self.trained > 0.0 && self.trained.is_finite(),
            "`claims.trained` is a number of hours above 0",
            "`claims.trained` は 0 より大きい時間数で指定してください",
        )
    }
}

impl Outreach {
    pub(super) fn check(&self) -> Result<()> {
        const MOST: u64 = 10_000_000;
        range(
            (1..=MOST).contains(&self.visited) && self.invited <= self.visited,
            "`outreach.invited` is at most `outreach.visited`, and that lies between 1 and 10000000",
            "`outreach.invited` は `outreach.visited` 以下、`outreach.visited` は 1～10000000 で指定してください",
        )?;
        let [fewest, most] = self.elsewhere_visited;
        range(
            1 <= fewest && fewest <= most && most <= MOST,
            "`outreach.elsewhere_visited` is the fewest and the most visits, such as [20, 100]",
            "`outreach.elsewhere_visited` は [20, 100] のように、最小と最大の訪問数を指定してください",
        )?;
        let [low, high] = self.elsewhere_rate;
        range(
            0.0 < low && low <= high && high <= 1.0,
            "`outreach.elsewhere_rate` is the lowest and the highest rate, such as [0.07, 0.10]",
            "`outreach.elsewhere_rate` は [0.07, 0.10] のように、最小と最大の割合を指定してください",
        )
    }
}

impl Network {
    pub(super) fn check(&self) -> Result<()> {
        let rounded =
            |value: f64, rounding: f64| value.is_finite() && rounding >= 0.0 && rounding < value;
        range(
            rounded(self.share, self.share_rounding) && self.share + self.share_rounding <= 1.0,
            "`network.share` lies between 0 and 1, and `network.share_rounding` between 0 and it",
            "`network.share` は 0～1、`network.share_rounding` は 0 以上 `network.share` 未満で指定してください",
        )?;
        range(
            rounded(self.members, self.members_rounding)
                && rounded(self.all, self.all_rounding)
                && self.members + self.members_rounding <= self.all - self.all_rounding,
            "`network.members` and `network.all` are above 0 by more than their rounding, and members are no more than all",
            "`network.members` と `network.all` は丸めの幅より大きく、`network.members` は `network.all` 以下で指定してください",
        )?;
        range(
            self.stated_share.is_none_or(is_share)
                && self.contacts.is_none_or(|n| (1..=10_000_000).contains(&n)),
            "`network.stated_share` lies between 0 and 1, `network.contacts` between 1 and 10000000",
            "`network.stated_share` は 0 と 1 の間、`network.contacts` は 1～10000000 で指定してください",
        )
    }
}
