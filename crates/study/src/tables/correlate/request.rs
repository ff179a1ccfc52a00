use super::CorrelationRequest;
use crate::{Error, Result};
use ssi_infer::correlate::Method;

impl CorrelationRequest {
    /// True where other columns are held constant.
    pub(super) fn is_controlled(&self) -> bool {
        !self.partial.is_empty() || !self.semipartial.is_empty()
    }

    /// True where neither the jackknife's interval nor clusters were asked for, so that Fisher's may
    /// be all there is to read.
    pub(super) fn has_fisher_alone(&self) -> bool {
        self.cluster.is_none() && !self.asks_for(&["jackknife_z"])
    }

    fn asks_for(&self, names: &[&str]) -> bool {
        self.intervals.iter().chain(&self.tests).any(|given| names.contains(&given.as_str()))
    }

    /// Fails for options that do not go together, and for those that lack their partner.
    pub(super) fn check(&self, methods: &[Method], by: bool) -> Result<()> {
        let resampled = self.asks_for(&["bca", "percentile", "studentised", "permutation"]);
        let inference = resampled || self.asks_for(&["jackknife_z", "tost", "bayes"]);
        let compares = self.compare || !self.with.is_empty();
        let special = !self.semipartial.is_empty()
            || compares
            || !self.reliability.is_empty()
            || self.cluster.is_some();
        let pearson = methods.contains(&Method::Pearson);
        let wrong: [(bool, &str, &str); 14] = [
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
                compares && methods != [Method::Pearson],
                "correlations are compared by Pearson's r only; leave out --method",
                "相関の比較はピアソンの相関係数だけで行います。--method を外してください",
            ),
            (
                compares && (self.is_controlled() || inference || !self.reliability.is_empty()),
                "--with and --compare bring their own intervals and tests; leave out the other options",
                "--with と --compare には専用の区間と検定があります。ほかの指定を外してください",
            ),
            (
                self.is_controlled() && (inference || !self.reliability.is_empty()),
                "a partial correlation has its interval and its t test only; leave out --interval, --test and --reliability",
                "偏相関で使えるのは既定の区間と t 検定だけです。--interval、--test、--reliability を外してください",
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
