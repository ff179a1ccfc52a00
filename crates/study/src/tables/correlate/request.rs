use super::CorrelationRequest;
use crate::{Error, Result};
use ssi_infer::correlate::Method;

impl CorrelationRequest {
    /// True where other columns are held constant.
    pub(super) fn is_controlled(&self) -> bool {
        !self.partial.is_empty() || !self.semipartial.is_empty()
    }

    /// True where correlations are compared with one another.
    pub(super) fn compares(&self) -> bool {
        self.compare || !self.with.is_empty()
    }

    /// True where neither the jackknife's interval nor clusters were asked for, so that Fisher's may
    /// be all there is to read.
    pub(super) fn has_fisher_alone(&self) -> bool {
        self.cluster.is_none() && !self.asks_for(&["jackknife_z"])
    }

    /// True where nothing but the default stands in the way of the delta method's interval.
    pub(super) fn has_delta_alone(&self) -> bool {
        self.cluster.is_none() && !self.asks_for(&["profile"])
    }

    fn asks_for(&self, names: &[&str]) -> bool {
        self.intervals.iter().chain(&self.tests).any(|given| names.contains(&given.as_str()))
    }

    /// Fails for options that do not go together, and for those that lack their partner.
    pub(super) fn check(&self, methods: &[Method], by: bool) -> Result<()> {
        let resampled = self.asks_for(&["bca", "percentile", "studentised", "permutation"]);
        let inference = !self.intervals.is_empty() || !self.tests.is_empty();
        let beyond_with = !self.tests.is_empty()
            || self.intervals.iter().any(|name| !["bca", "percentile"].contains(&name.as_str()));
        let compares = self.compares();
        let other_than_pearson = methods.iter().any(|m| *m != Method::Pearson);
        // What a comparison of other coefficients than Pearson's brings by itself is resampled.
        let resampled = resampled || !self.with.is_empty() && other_than_pearson;
        let special = !self.semipartial.is_empty()
            || compares
            || !self.reliability.is_empty()
            || self.cluster.is_some();
        let pearson = methods.contains(&Method::Pearson);
        let wrong: [(bool, &str, &str); 15] = [
            (
                special && self.pair.is_none(),
                "--semipartial, --with, --compare, --reliability and --cluster are for one pair; name it with -x and -y",
                "--semipartial、--with、--compare、--reliability、--cluster は、-x と -y で列を指定したときに使えます",
            ),
            (
                !self.partial.is_empty() && !self.semipartial.is_empty(),
                "--partial and --semipartial are two ways to hold columns constant; choose one",
                "--partial と --semipartial は同時に指定できません。どちらか一つを選んでください",
            ),
            (
                self.with.len() > 2,
                "--with takes one column, to compare with -x, or two, another pair",
                "--with には、-x と比べる1列か、もう一組の2列を指定してください",
            ),
            (
                self.compare && !self.with.is_empty(),
                "--compare is about groups and --with about columns; choose one",
                "--compare（グループの比較）と --with（列の比較）は同時に指定できません",
            ),
            (
                self.compare && !by,
                "--compare needs the groups to compare; name their column with --by",
                "--compare には比べるグループが必要です。--by で列を指定してください",
            ),
            (
                compares && methods.iter().any(|m| !Method::CLASSICAL.contains(m)),
                "correlations are compared by pearson, spearman or kendall; choose among these with --method",
                "相関の比較に使えるのは pearson、spearman、kendall です。--method でこの中から指定してください",
            ),
            (
                self.compare && (self.is_controlled() || inference || !self.reliability.is_empty()),
                "--compare brings its own intervals and tests; leave out the other options",
                "--compare には専用の区間と検定があります。ほかの指定を外してください",
            ),
            (
                !self.with.is_empty()
                    && (self.is_controlled() || beyond_with || !self.reliability.is_empty()),
                "--with goes with --interval bca and percentile only; leave out the other options",
                "--with と一緒に指定できる区間は bca と percentile だけです。ほかの指定を外してください",
            ),
            (
                self.is_controlled() && !self.reliability.is_empty(),
                "--reliability corrects the correlation itself; leave it out with --partial and --semipartial",
                "--reliability は相関係数そのものを修正します。--partial、--semipartial と一緒には指定できません",
            ),
            (
                self.asks_for(&["tost"]) && self.bound.is_none(),
                "--test tost needs the largest correlation that would not matter, such as --bound 0.1; only you can say which, and before seeing the data",
                "--test tost には、実質的に無視できる相関の上限を --bound 0.1 のように指定してください（データを見る前に決めるものです）",
            ),
            (
                self.bound.is_some() && !self.asks_for(&["tost"]),
                "--bound belongs to --test tost; add it",
                "--bound は --test tost と一緒に指定してください",
            ),
            (
                self.prior.is_some() && !self.asks_for(&["bayes"]),
                "--prior belongs to --test bayes; add it",
                "--prior は --test bayes と一緒に指定してください",
            ),
            (
                !self.reliability.is_empty() && (self.reliability.len() != 2 || !pearson),
                "--reliability takes two numbers, of -x and of -y, such as 0.8,0.7, and corrects Pearson's r",
                "--reliability には -x と -y の信頼性係数を 0.8,0.7 のように2つ指定してください（ピアソンの相関係数を修正します）",
            ),
            (
                self.cluster.is_some() && self.asks_for(&["jackknife_z", "tost", "bayes"]),
                "jackknife_z, tost and bayes take respondents to be independent; leave them out, or --cluster",
                "jackknife_z、tost、bayes は回答者どうしが独立であることを前提とします。--cluster と同時には指定できません",
            ),
            (
                self.cluster.is_some()
                    && (!resampled || !methods.iter().any(|m| Method::CLASSICAL.contains(m))),
                "--cluster resamples whole clusters; say for what: --interval bca, percentile or studentised, or --test permutation, of pearson, spearman or kendall",
                "--cluster はクラスター単位のリサンプリングに使います。--interval bca、percentile、studentised か --test permutation と一緒に指定してください（pearson、spearman、kendall のみ）",
            ),
        ];
        match wrong.into_iter().find(|(found, ..)| *found) {
            Some((_, en, ja)) => Err(Error::usage(en, ja)),
            None => Ok(()),
        }
    }
}
