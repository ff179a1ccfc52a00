//! Resampled intervals and tests beside the default ones.

use super::CorrelationRequest;
use crate::plan::Plan;
use crate::{Error, Result};
use ssi_infer::correlate::{self, Method};
use ssi_infer::resample::{
    self, Bootstrap, ClusteredPair, ControlledPair, Permutation, Resampled, TwoPairs,
};
use ssi_vocab::{Estimate, Level, Paired, Progress, Table};

/// Up to this many respondents times pairs a distance correlation is tested by permutations unless
/// another test is asked for: they take some seconds then.
const PERMUTED_UP_TO: usize = 5_000;

/// Resampled intervals and tests beside the default ones.
pub(super) struct Extras {
    chi_squared: bool,
    bca: bool,
    percentile: bool,
    studentised: bool,
    jackknife: bool,
    full_ml: bool,
    profile: bool,
    permutation: bool,
    tost: Option<f64>,
    bayes: Option<f64>,
    reliability: Option<[f64; 2]>,
    cluster: Option<String>,
    bootstrap: Bootstrap,
    permutations: Permutation,
}

/// The interval and the tests that a method brings by itself; which test it is depends on the data.
fn default_names(method: Method, wanted: &CorrelationRequest) -> [Vec<&'static str>; 2] {
    let interval = match method {
        Method::Kendall if wanted.is_controlled() => "fieller",
        method => method.interval(),
    };
    let test = if wanted.is_controlled() { "t" } else { method.test() };
    let exact = !wanted.is_controlled() && matches!(method, Method::Spearman | Method::Kendall);
    [vec![interval], [test].into_iter().chain(exact.then_some("exact")).collect()]
}

/// What a method has beside that.
fn other_names(method: Method, wanted: &CorrelationRequest) -> [Vec<&'static str>; 2] {
    let bootstraps = vec!["bca", "percentile", "studentised"];
    if wanted.is_controlled() {
        let mut tests = Vec::new();
        // Kendall's partial τ has no residuals to permute.
        if method != Method::Kendall {
            tests.push("permutation");
        }
        if wanted.semipartial.is_empty() {
            tests.push("tost");
            if method == Method::Pearson {
                tests.push("bayes");
            }
        }
        return [bootstraps, tests];
    }
    match method {
        Method::Pearson => {
            [[bootstraps, vec!["jackknife_z"]].concat(), vec!["permutation", "tost", "bayes"]]
        }
        method if Method::CLASSICAL.contains(&method) => {
            [[bootstraps, vec!["jackknife_z"]].concat(), vec!["permutation", "tost"]]
        }
        Method::Polychoric | Method::Polyserial => {
            [vec!["full_ml", "profile", "bca", "percentile"], vec!["permutation"]]
        }
        _ => [vec!["bca", "percentile"], vec!["permutation"]],
    }
}

impl Extras {
    pub(super) fn new(wanted: &CorrelationRequest) -> Result<Self> {
        let default = Plan::default();
        if let Some(found) = wanted.resamples.filter(|n| !(100..=10_000_000).contains(n)) {
            return Err(Error::usage(
                format!("--resamples lies between 100 and 10000000; found {found}"),
                format!("--resamples は 100～10000000 で指定してください（指定された値：{found}）"),
            ));
        }
        let seed = wanted.seed.unwrap_or(default.seed);
        let resamples = wanted.resamples.unwrap_or(default.resamples);
        let permutations = wanted.resamples.unwrap_or(default.permutations);
        let has = |given: &[String], name: &str| given.iter().any(|g| g == name);
        Ok(Self {
            chi_squared: has(&wanted.tests, "chi_squared"),
            bca: has(&wanted.intervals, "bca"),
            percentile: has(&wanted.intervals, "percentile"),
            studentised: has(&wanted.intervals, "studentised"),
            jackknife: has(&wanted.intervals, "jackknife_z"),
            full_ml: has(&wanted.intervals, "full_ml"),
            profile: has(&wanted.intervals, "profile"),
            permutation: has(&wanted.tests, "permutation"),
            tost: wanted.bound.filter(|_| has(&wanted.tests, "tost")),
            bayes: has(&wanted.tests, "bayes").then_some(wanted.prior.unwrap_or(1.0)),
            reliability: match wanted.reliability[..] {
                [x, y] => Some([x, y]),
                _ => None,
            },
            cluster: wanted.cluster.clone(),
            bootstrap: Bootstrap { resamples, seed },
            permutations: Permutation { permutations, seed },
        })
    }

    /// Fails for an interval or test that none of the methods has, and for resampling of a whole
    /// matrix, rather than leaving out silently what was asked for.
    pub(super) fn check(&self, methods: &[Method], wanted: &CorrelationRequest) -> Result<()> {
        for (given, at) in [(&wanted.intervals, 0), (&wanted.tests, 1)] {
            let mut known: Vec<&str> = Vec::new();
            for names in [default_names, other_names] {
                for name in methods.iter().flat_map(|m| names(*m, wanted)[at].clone()) {
                    if !known.contains(&name) {
                        known.push(name);
                    }
                }
            }
            if let Some(name) = given.iter().find(|name| !known.contains(&name.as_str())) {
                let (option, list) = (["--interval", "--test"][at], known.join(", "));
                return Err(Error::usage(
                    format!("{option} {name}: not available for these methods; use {list}"),
                    format!(
                        "{option} {name}：この方法では使えません。使えるもの：{}",
                        known.join("、")
                    ),
                ));
            }
        }
        // What a method that was named lacks is told; `all` gives each what it has.
        let named = methods.iter().filter(|m| wanted.methods.iter().any(|name| name == m.code()));
        for method in named {
            for (given, at) in [(&wanted.intervals, 0), (&wanted.tests, 1)] {
                let (own, default) = (other_names(*method, wanted), default_names(*method, wanted));
                // Which default a method has depends on it: one of them says nothing against another.
                let lacks = |name: &&String| {
                    let name = name.as_str();
                    let by_default =
                        methods.iter().any(|m| default_names(*m, wanted)[at].contains(&name));
                    !own[at].contains(&name) && !default[at].contains(&name) && !by_default
                };
                if let Some(name) = given.iter().find(lacks) {
                    let option = ["--interval", "--test"][at];
                    return Err(Error::usage(
                        format!(
                            "{option} {name}: not available for {method}; leave one of them out"
                        ),
                        format!(
                            "{option} {name}：{method} では使えません。どちらかを外してください"
                        ),
                    ));
                }
            }
        }
        let further = self.tost.is_some() || self.bayes.is_some() || self.full_ml || self.profile;
        if wanted.pair.is_none() && (self.resamples() || further) {
            return Err(Error::usage(
                "resampled intervals and tests, full_ml, profile, tost and bayes are for one pair; name it with -x and -y",
                "リサンプリングによる区間と検定、full_ml、profile、tost、bayes は、-x と -y で列を指定したときに使えます",
            ));
        }
        Ok(())
    }

    /// True where the default test of these pairs is by permutations.
    fn permuted_by_default(&self, pair: &Paired, method: Method, pairs: usize) -> bool {
        let few = pair.n_obs().saturating_mul(pairs) <= PERMUTED_UP_TO;
        method == Method::Distance && few && !self.chi_squared
    }

    /// The row with its default test, which for a distance correlation is by permutations.
    pub(super) fn tested(
        &self,
        pair: &Paired,
        method: Method,
        row: Estimate,
        pairs: usize,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<Estimate> {
        if row.value.is_none() || !self.permuted_by_default(pair, method, pairs) {
            return Ok(row);
        }
        let permuted = resample::permutation(pair, method, &self.permutations, level, progress)?;
        Ok(Estimate { test: permuted.estimate.test, ..row })
    }

    pub(super) fn rows(
        &self,
        pair: &Paired,
        method: Method,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<Vec<Estimate>> {
        let mut rows = Vec::new();
        if self.cluster.is_none() {
            self.resampled(&mut rows, pair, method, level, progress)?;
        }
        let latent = matches!(method, Method::Polychoric | Method::Polyserial);
        if latent && (self.full_ml || self.profile) {
            let full = correlate::full_likelihood(pair, method)?;
            rows.extend(self.full_ml.then(|| full.estimate(level)));
            rows.extend(self.profile.then(|| full.profile(level)));
        }
        if self.jackknife && Method::CLASSICAL.contains(&method) {
            rows.push(resample::jackknife_z(pair, method, level)?);
        }
        if let Some(bound) = self.tost.filter(|_| Method::CLASSICAL.contains(&method)) {
            rows.push(correlate::tost(pair, method, bound, level)?);
        }
        if method == Method::Pearson {
            if let Some(prior) = self.bayes {
                let [factor, posterior] = correlate::bayes::bayes_factor(pair, prior, level)?;
                rows.extend([posterior, factor]);
            }
            if let Some(reliability) = self.reliability {
                rows.push(correlate::disattenuate(pair, reliability, level)?);
            }
        }
        Ok(rows)
    }

    fn resamples(&self) -> bool {
        self.bca || self.percentile || self.studentised || self.jackknife || self.permutation
    }

    /// Intervals and tests that resample whole clusters, where clusters were named.
    pub(super) fn clustered(
        &self,
        table: &Table,
        (x, y): (&str, &str),
        method: Method,
        level: Level,
        progress: &dyn Progress,
    ) -> ssi_infer::Result<Vec<Estimate>> {
        let mut rows = Vec::new();
        let Some(cluster) = self.cluster.as_ref().filter(|_| Method::CLASSICAL.contains(&method))
        else {
            return Ok(rows);
        };
        let clustered = ClusteredPair::new(table, x, y, cluster, method)?;
        if self.bootstraps() {
            let how = &self.bootstrap;
            let drawn = resample::cluster_bootstrap(&clustered, method, how, level, progress)?;
            rows.extend(self.asked(drawn));
        }
        if self.permutation {
            let how = &self.permutations;
            rows.push(resample::cluster_permutation(&clustered, method, how, level, progress)?);
        }
        Ok(rows)
    }

    fn bootstraps(&self) -> bool {
        self.bca || self.percentile || self.studentised
    }

    /// The rows of a bootstrap that were asked for.
    fn asked(&self, drawn: Resampled) -> Vec<Estimate> {
        let rows = [
            self.bca.then_some(drawn.bca),
            self.percentile.then_some(drawn.percentile),
            self.studentised.then_some(drawn.studentised),
        ];
        rows.into_iter().flatten().collect()
    }

    /// A pair with other columns held constant.
    pub(super) fn controlled(
        &self,
        pair: &ControlledPair,
        method: Method,
        wanted: &CorrelationRequest,
        level: Level,
        progress: &dyn Progress,
    ) -> ssi_infer::Result<Vec<Estimate>> {
        let tests = &other_names(method, wanted)[1];
        let mut rows = Vec::new();
        if self.bootstraps() {
            rows.extend(self.asked(resample::partial_bootstrap(
                pair,
                &self.bootstrap,
                level,
                progress,
            )?));
        }
        if self.permutation && tests.contains(&"permutation") {
            rows.push(resample::partial_permutation(pair, &self.permutations, progress)?);
        }
        if let Some(bound) = self.tost.filter(|_| tests.contains(&"tost")) {
            rows.push(correlate::partial_tost(pair.partial(), bound, level)?);
        }
        if let Some(prior) = self.bayes.filter(|_| tests.contains(&"bayes")) {
            let partial = pair.partial();
            let [factor, posterior] =
                correlate::bayes::partial_bayes_factor(partial, prior, level)?;
            rows.extend([posterior, factor]);
        }
        Ok(rows)
    }

    /// The difference of two correlations of the same respondents: the bootstraps that were asked
    /// for, and one where there is nothing else.
    pub(super) fn compared(
        &self,
        pairs: &TwoPairs,
        method: Method,
        level: Level,
        progress: &dyn Progress,
    ) -> ssi_infer::Result<Vec<Estimate>> {
        if !self.bootstraps() && method == Method::Pearson {
            return Ok(Vec::new());
        }
        let drawn = resample::difference_bootstrap(pairs, &self.bootstrap, level, progress)?;
        Ok(if self.bootstraps() { self.asked(drawn) } else { vec![drawn.bca] })
    }

    /// Intervals and tests that resample respondents.
    fn resampled(
        &self,
        rows: &mut Vec<Estimate>,
        pair: &Paired,
        method: Method,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<()> {
        if self.bca || self.percentile {
            let drawn = resample::bootstrap_bca(pair, method, &self.bootstrap, level, progress)?;
            if self.bca {
                rows.push(drawn.estimate.clone());
            }
            if self.percentile {
                rows.push(drawn.with_percentile());
            }
        }
        if self.studentised && Method::CLASSICAL.contains(&method) {
            let found = resample::studentised(pair, method, &self.bootstrap, level, progress)?;
            rows.push(found.estimate);
        }
        if self.permutation && !self.permuted_by_default(pair, method, 1) {
            let permuted =
                resample::permutation(pair, method, &self.permutations, level, progress)?;
            rows.push(permuted.estimate);
        }
        Ok(())
    }
}
