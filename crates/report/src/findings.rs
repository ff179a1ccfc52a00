//! Where in a study's results the numbers stand that sentences and captions need.

use crate::number;
use crate::phrase::{plain, spaced};
use crate::terms::variable;
use ssi_vocab::Warning;
use ssi_vocab::{Analysis, Check, Claim, Drawing, Estimate, Interval, Lang, Model, Note, Results};

/// The score's contract name.
pub(crate) const SCORE: &str = "score_total";
/// SSI's contract name.
pub(crate) const SSI: &str = "ssi_total";
/// SSI minus the Brand pillar.
pub(crate) const WITHOUT_BRAND: &str = "ssi_without_brand";
/// The pillars, in LinkedIn's order.
pub(crate) const PILLARS: [&str; 4] = ["ssi_brand", "ssi_find", "ssi_engage", "ssi_build"];

/// What an interval says of the direction of an association.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Direction {
    /// The interval lies above 0.
    Up,
    /// The interval lies below 0.
    Down,
    /// The interval includes 0.
    Open,
    /// There is an estimate but no interval.
    NoInterval,
    /// The estimate is undefined, for a reason.
    Undefined(Option<Note>),
}

/// Reads the direction off an estimate and its interval.
pub(crate) fn direction(estimate: &Estimate) -> Direction {
    match (estimate.value, &estimate.interval) {
        (None, _) => Direction::Undefined(estimate.note),
        (Some(_), None) => Direction::NoInterval,
        (Some(_), Some(i)) if i.low > 0.0 => Direction::Up,
        (Some(_), Some(i)) if i.high < 0.0 => Direction::Down,
        (Some(_), Some(_)) => Direction::Open,
    }
}

/// The two variables of a correlation.
pub(crate) fn pair(estimate: &Estimate) -> Option<(&str, &str)> {
    match (&estimate.x, &estimate.y) {
        (Some(x), Some(y)) => Some((x, y)),
        _ => estimate.term.split_once(", "),
    }
}

/// True for a row of a study's Spearman matrix: its p-values are adjusted within that family.
fn in_matrix(e: &Estimate) -> bool {
    e.analysis == Analysis::Correlation
        && e.method == "spearman"
        && e.test.as_ref().is_some_and(|t| t.p_holm.is_some() || t.p_bh.is_some())
}

/// A variable's wording within a sentence: English ones begin small, unless they are initials.
pub(crate) fn within(name: &str, lang: Lang) -> String {
    small(plain(&variable(lang, name)), lang)
}

/// A wording with a small initial in English, unless it begins with initials.
pub(crate) fn small(wording: String, lang: Lang) -> String {
    let mut chars = wording.chars();
    match (lang, chars.next(), chars.next()) {
        (Lang::En, Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(wording.chars().skip(1)).collect()
        }
        _ => wording,
    }
}

/// Results, read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Findings<'a> {
    pub(crate) results: &'a Results,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(results: &'a Results) -> Self {
        Self { results }
    }

    /// Correlations of a whole cohort, nothing held constant, outside the matrix.
    pub(crate) fn correlations(self, x: &'a str, y: &'a str) -> impl Iterator<Item = &'a Estimate> {
        self.results.estimates.iter().filter(move |e| {
            e.analysis == Analysis::Correlation
                && e.group.is_none()
                // Those of imputed values stand apart.
                && e.model.is_none()
                && e.controls.is_empty()
                && !in_matrix(e)
                && pair(e).is_some_and(|pair| pair == (x, y) || pair == (y, x))
        })
    }

    /// The rows of the correlation matrix.
    pub(crate) fn matrix(self) -> Vec<&'a Estimate> {
        self.results.estimates.iter().filter(|e| in_matrix(e)).collect()
    }

    /// Pearson's r of score and SSI: what the primary claim rests on, or else the first such row.
    pub(crate) fn primary(self) -> Option<&'a Estimate> {
        let claimed = self.hypothesis().and_then(|claim| claim.estimates.first());
        claimed
            .and_then(|i| self.results.estimates.get(*i))
            .filter(|e| e.analysis == Analysis::Correlation)
            .or_else(|| self.correlations(SCORE, SSI).find(|e| e.method == "pearson"))
    }

    /// Pearson's r of the score with another variable.
    pub(crate) fn with_score(self, variable: &'a str) -> Option<&'a Estimate> {
        self.correlations(self.pair().0, variable).find(|e| e.method == "pearson")
    }

    /// The two variables of the primary hypothesis, as the table names them.
    pub(crate) fn pair(self) -> (&'a str, &'a str) {
        self.primary().and_then(pair).unwrap_or((SCORE, SSI))
    }

    /// True where the question is the article's own: does the profile score go with SSI?
    pub(crate) fn is_score_and_ssi(self) -> bool {
        self.pair() == (SCORE, SSI)
    }

    /// The predictor, as it stands within a sentence: "profile score".
    pub(crate) fn x(self, lang: Lang) -> String {
        within(self.pair().0, lang)
    }

    /// The outcome, as it stands within a sentence: "SSI".
    pub(crate) fn y(self, lang: Lang) -> String {
        within(self.pair().1, lang)
    }

    /// An axis title in which `{y}` stands for the outcome and `{unit}` for its unit.
    pub(crate) fn axis(self, wording: &str, lang: Lang) -> String {
        let unit = match (self.pair().1.starts_with("ssi_"), lang) {
            (true, Lang::En) => " (points)",
            (true, Lang::Ja) => "（点）",
            (false, _) => "",
        };
        let text = wording.replace("{y}", &self.y(lang)).replace("{unit}", unit);
        match lang {
            Lang::En => text,
            Lang::Ja => spaced(&text),
        }
    }

    /// A wording in which `{x}` and `{y}` stand for the two variables; a title begins large.
    pub(crate) fn fill(self, wording: &str, lang: Lang) -> String {
        if !wording.contains("{x}") && !wording.contains("{y}") {
            return wording.to_owned();
        }
        let text = wording.replace("{x}", &self.x(lang)).replace("{y}", &self.y(lang));
        let mut chars = text.chars();
        match (lang, chars.next()) {
            (Lang::En, Some(first)) => first.to_uppercase().chain(chars).collect(),
            _ => spaced(&text),
        }
    }

    /// Pearson's r of the primary pair within groups.
    pub(crate) fn groups(self) -> Vec<&'a Estimate> {
        let (x, y) = self.pair();
        let grouped = |e: &&Estimate| {
            e.analysis == Analysis::Correlation && e.group.is_some() && pair(e) == Some((x, y))
        };
        self.results.estimates.iter().filter(grouped).collect()
    }

    /// The rows of the primary pair.
    pub(crate) fn primary_rows(self) -> impl Iterator<Item = &'a Estimate> {
        let (x, y) = self.pair();
        self.correlations(x, y)
    }

    /// An interval of the primary correlation, by its name.
    fn interval(self, method: &str) -> Option<&'a Interval> {
        self.primary_rows()
            .filter(|e| e.method == "pearson")
            .filter_map(|e| e.interval.as_ref())
            .find(|i| i.method == method)
    }

    /// The bootstrap interval of the primary correlation.
    pub(crate) fn bootstrap(self) -> Option<&'a Interval> {
        self.interval("bca")
    }

    /// The jackknife interval of the primary correlation.
    pub(crate) fn jackknife(self) -> Option<&'a Interval> {
        self.interval("jackknife_z")
    }

    /// The jackknife interval that stands beside a correlation's own.
    pub(crate) fn jackknife_beside(self, e: &Estimate) -> Option<&'a Interval> {
        self.results
            .estimates
            .iter()
            .filter(|row| row.analysis == e.analysis && row.method == e.method)
            .filter(|row| row.group == e.group && row.x == e.x && row.y == e.y)
            .filter_map(|row| row.interval.as_ref())
            .find(|i| i.method == "jackknife_z")
    }

    /// The permutation p-value of the primary correlation.
    pub(crate) fn permutation_p(self) -> Option<f64> {
        self.primary_rows()
            .filter(|e| e.method == "pearson")
            .filter_map(|e| e.test.as_ref())
            .find(|t| t.method == "permutation")
            .map(|t| t.p_value.get())
    }

    /// How many random permutations gave a statistic as extreme as the observed one, read off
    /// p = (k + 1) / (permutations + 1).
    pub(crate) fn as_extreme(self) -> Option<(usize, usize)> {
        let permutations = self.results.study.as_ref()?.permutations;
        let k = self.permutation_p()? * (permutations as f64 + 1.0) - 1.0;
        ((k - k.round()).abs() < 1e-6 && k > -0.5).then(|| (k.round() as usize, permutations))
    }

    /// A coefficient of a model, with one kind of standard error.
    pub(crate) fn coefficient(self, model: &str, term: &str, vcov: &str) -> Option<&'a Estimate> {
        self.results.estimates.iter().find(|e| {
            e.analysis == Analysis::Regression
                && e.model.as_deref() == Some(model)
                && e.term == term
                && e.vcov.as_deref() == Some(vcov)
        })
    }

    /// What one more point on the profile goes with: robust errors first, unless only the
    /// classical ones are defined.
    pub(crate) fn slope(self, model: &str) -> Option<&'a Estimate> {
        let of =
            |vcov: &str| self.coefficient(model, self.pair().0, vcov).filter(|e| e.value.is_some());
        let with_interval = |e: &&Estimate| e.interval.is_some();
        of("hc3")
            .filter(with_interval)
            .or_else(|| of("classical").filter(with_interval))
            .or_else(|| of("hc3"))
            .or_else(|| of("classical"))
    }

    /// The score's effect under each model of the one view, least squares first.
    pub(crate) fn views(self) -> Vec<&'a Estimate> {
        let squares = ["main", "contacts"].into_iter().filter_map(|id| self.slope(id));
        let others = self.results.models.iter().filter_map(|model| {
            // A quantile regression is there once for each quantile.
            let of = |e: &&Estimate| {
                let id = model.id.strip_prefix(&e.method);
                e.model.as_ref() == Some(&model.id)
                    && id.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            };
            self.results.estimates.iter().find(of)
        });
        squares.chain(others).collect()
    }

    /// True where robust errors were asked for beside a coefficient but are not defined.
    pub(crate) fn without_hc3(self, e: &Estimate) -> bool {
        let robust = e.model.as_deref().and_then(|model| self.coefficient(model, &e.term, "hc3"));
        robust.is_some_and(|robust| robust.interval.is_none())
    }

    /// The model whose coefficients are drawn: that with contacts, or else the first.
    pub(crate) fn shown_model(self) -> &'static str {
        if self.coefficients("contacts").is_empty() { "main" } else { "contacts" }
    }

    /// A term of a model in words: a region with the one that it is compared with.
    pub(crate) fn term(self, model: Option<&str>, name: &str, lang: Lang) -> String {
        let reference = model.and_then(|id| self.model(id)).map(|m| &m.reference);
        let level = reference.and_then(|reference| {
            reference.iter().find(|(factor, _)| name.starts_with(factor.as_str()))
        });
        match level {
            Some((factor, level)) => crate::terms::term_against(lang, name, factor, level),
            None => crate::terms::term(lang, name),
        }
    }

    /// The coefficients of a model, in formula order, each with its rows by kind of error.
    pub(crate) fn coefficients(self, model: &str) -> Vec<&'a Estimate> {
        self.results
            .estimates
            .iter()
            .filter(|e| e.analysis == Analysis::Regression && e.model.as_deref() == Some(model))
            .collect()
    }

    pub(crate) fn model(self, id: &str) -> Option<&'a Model> {
        self.results.models.iter().find(|m| m.id == id)
    }

    pub(crate) fn check(self, model: &str, name: &str) -> Option<&'a Check> {
        self.model(model)?.glance.checks.iter().find(|c| c.name == name)
    }

    pub(crate) fn claim(self, id: &str) -> Option<&'a Claim> {
        self.results.claims.iter().find(|c| c.id == id)
    }

    /// All claims, in the order of the article; one's own hypothesis first.
    pub(crate) fn claims(self) -> Vec<&'a Claim> {
        let number = |claim: &&Claim| -> (u32, String) {
            let digits: String = claim.id.chars().filter(char::is_ascii_digit).collect();
            (digits.parse().unwrap_or(0), claim.id.clone())
        };
        let mut claims: Vec<&Claim> = self.results.claims.iter().collect();
        claims.sort_by_key(number);
        claims
    }

    /// The one primary hypothesis: the article's, C7, or one's own.
    pub(crate) fn hypothesis(self) -> Option<&'a Claim> {
        self.claim("primary").or_else(|| self.claim("C7"))
    }

    /// The estimates that a claim rests on.
    pub(crate) fn evidence(self, claim: &'a Claim) -> impl Iterator<Item = &'a Estimate> {
        claim.estimates.iter().filter_map(move |i| self.results.estimates.get(*i))
    }

    pub(crate) fn drawing(self, slug: &str) -> Option<&'a Drawing> {
        self.results.drawings.get(slug)
    }

    /// Share of SSI's variance that the score accounts for.
    pub(crate) fn r_squared(self) -> Option<f64> {
        self.model("main")
            .and_then(|m| m.glance.r_squared)
            .or_else(|| self.primary()?.value.map(|r| r * r))
    }

    /// Half the width of the prediction interval for one user, in SSI points.
    pub(crate) fn prediction_half_width(self) -> Option<f64> {
        self.model("main").and_then(|m| m.glance.prediction_half_width)
    }

    pub(crate) fn synthetic(self) -> bool {
        self.results.study.as_ref().is_some_and(|s| s.synthetic)
            || self.results.warnings.contains(&Warning::Synthetic)
    }

    /// The mark of synthetic data, if they are.
    pub(crate) fn mark(self, lang: Lang) -> Option<String> {
        self.synthetic().then(|| crate::terms::word(lang, "mark").to_owned())
    }

    /// The confidence level, in words: `95%`.
    pub(crate) fn level(self) -> String {
        let of_study = self.results.study.as_ref().map(|s| s.level);
        let of_rows =
            || self.results.estimates.iter().find_map(|e| e.interval.as_ref()).map(|i| i.level);
        number::level(of_study.or_else(|| of_rows().map(|l| l.get())).unwrap_or(0.95))
    }
}
