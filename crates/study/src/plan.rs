//! The plan of a study: everything that is decided before the data are read.

mod rules;

pub(crate) use rules::{Claims, Network, Outreach};

use crate::{Error, Result, Source, form};
use serde::{Deserialize, Serialize};
use ssi_cohort::Options;
use std::collections::BTreeMap;
use std::path::Path;

/// The default plan, as text.
pub(crate) const DEFAULT: &str = include_str!("../plan/study.toml");

/// Everything that is decided before the data are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Name of the study, also of its report folder; without one it is the survey file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Confidence level.
    pub level: f64,
    /// Seed of everything random.
    pub seed: u64,
    /// Bootstrap resamples.
    pub resamples: usize,
    /// Random permutations.
    pub permutations: usize,
    /// Groups smaller than this are not summarised.
    pub smallest_group: usize,
    /// The row filter, as `--where` takes it.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// A column in whose groups the primary estimate is given too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// A codebook of one's own (a Frictionless data package or table schema, JSON).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codebook: Option<String>,
    /// How the survey file is read, where that is not to be found out.
    #[serde(default, skip_serializing_if = "Options::is_default")]
    pub reading: Options,
    /// The primary hypothesis.
    pub primary: Primary,
    /// The rules of the other claims.
    pub claims: Claims,
    /// The counts of claims C1 to C3.
    pub outreach: Outreach,
    /// The numbers of claim C4.
    pub network: Network,
    /// The model of the ten items.
    pub items: Items,
    /// Multiple imputation, beside the complete cases.
    pub imputation: Imputation,
    /// Thresholds of the figures.
    pub thresholds: Thresholds,
    /// Who is going to read the report.
    pub privacy: Privacy,
    /// Own column names: canonical name to the file's.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
}

/// The primary hypothesis (claim C7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Primary {
    /// Predictor.
    pub x: String,
    /// Outcome.
    pub y: String,
    /// "Clearly correlated" means above this.
    pub threshold: f64,
}

impl Primary {
    /// True where the hypothesis is the article's own, claim C7.
    pub(crate) fn is_score_and_ssi(&self) -> bool {
        (self.x.as_str(), self.y.as_str()) == ("score_total", "ssi_total")
    }
}

/// The penalised model of the ten items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// Share of the lasso in the penalty: 0 is ridge, 1 is lasso.
    pub l1_ratio: f64,
    /// Folds of the cross-validation.
    pub folds: usize,
}

/// Multiple imputation of missing values: the main numbers once more, beside complete cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Imputation {
    /// How many completed data sets; 0 for none.
    pub m: usize,
    /// How often each column is imputed anew in each of them.
    pub iterations: usize,
    /// From how many of the nearest respondents a value is taken.
    pub donors: usize,
    /// Seed of its draws, where it is not the study's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

impl Imputation {
    fn check(&self) -> Result<()> {
        range(
            self.m != 1 && self.m <= 1000,
            "`imputation.m` is 0 (no imputation) or 2 to 1000: a single imputation can't show how sure its values are",
            "`imputation.m` は 0（代入しない）か 2～1000 で指定してください。1回だけの代入では、代入値の不確かさが分かりません",
        )?;
        range(
            (1..=1000).contains(&self.iterations),
            "`imputation.iterations` lies between 1 and 1000",
            "`imputation.iterations` は 1～1000 で指定してください",
        )?;
        range(
            (1..=1000).contains(&self.donors),
            "`imputation.donors` lies between 1 and 1000",
            "`imputation.donors` は 1～1000 で指定してください",
        )?;
        range(
            self.seed.is_none_or(|seed| i64::try_from(seed).is_ok()),
            "`imputation.seed` is at most 9223372036854775807",
            "`imputation.seed` は 9223372036854775807 以下で指定してください",
        )
    }
}

/// Thresholds that figures show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// From here on an SSI counts as high.
    pub high_ssi: f64,
}

/// Who is going to read the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// True where the report stays with those who have the survey anyway: it lists the rows that
    /// were left out.
    pub local: bool,
}

impl Default for Plan {
    #[expect(clippy::expect_used, reason = "the default plan is part of the program and tested")]
    fn default() -> Self {
        Self::parse(DEFAULT, "the default plan").expect("the default plan is valid")
    }
}

impl Plan {
    /// A plan from TOML. What it leaves out comes from the default plan.
    ///
    /// # Errors
    /// [`Error::Plan`] for a syntax error or an unknown key, with the place; [`Error::Setting`] for a
    /// value out of range.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let fail = |misfit| Error::Plan { name: name.to_owned(), misfit };
        let mut given = form::table(text).map_err(fail)?;
        let mut whole = form::table(DEFAULT).map_err(fail)?;
        // Numbers of one's own are not the article's, whatever the default says.
        for table in ["outreach", "network"] {
            let own = given.get_mut(table).and_then(toml::Value::as_table_mut);
            if let Some(own) = own.filter(|own| !own.is_empty()) {
                own.entry("source").or_insert_with(|| "plan".into());
            }
        }
        overlay(&mut whole, given);
        let plan: Self = form::of_table(whole).map_err(fail)?;
        plan.checked()
    }

    /// The plan itself, if every value is in range.
    ///
    /// # Errors
    /// [`Error::Setting`].
    pub fn checked(self) -> Result<Self> {
        self.check()?;
        Ok(self)
    }

    /// The study's name: the plan's, or that of the survey file.
    pub fn study_name(&self, source: &Source) -> String {
        let stem = Path::new(&source.name).file_stem().map(|s| s.to_string_lossy().into_owned());
        self.name.clone().or(stem).unwrap_or_else(|| "study".to_owned())
    }

    /// The plan as TOML, as it is printed, stored and read back.
    #[expect(clippy::expect_used, reason = "a plan holds only strings, finite numbers and tables")]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a plan is always writable")
    }

    fn check(&self) -> Result<()> {
        range(
            self.level > 0.0 && self.level < 1.0,
            "`level` lies between 0 and 1, such as 0.95",
            "`level` は 0 と 1 の間で指定してください（例：0.95）",
        )?;
        range(
            (100..=10_000_000).contains(&self.resamples),
            "`resamples` lies between 100 and 10000000",
            "`resamples` は 100～10000000 で指定してください",
        )?;
        range(
            (99..=10_000_000).contains(&self.permutations),
            "`permutations` lies between 99 and 10000000",
            "`permutations` は 99～10000000 で指定してください",
        )?;
        range(
            i64::try_from(self.seed).is_ok(),
            "`seed` is at most 9223372036854775807",
            "`seed` は 9223372036854775807 以下で指定してください",
        )?;
        range(
            self.smallest_group >= 1,
            "`smallest_group` is at least 1",
            "`smallest_group` は 1 以上で指定してください",
        )?;
        range(
            self.primary.threshold.abs() < 1.0,
            "`primary.threshold` is a correlation between -1 and 1",
            "`primary.threshold` は -1 と 1 の間の相関係数で指定してください",
        )?;
        range(
            (0.0..=1.0).contains(&self.items.l1_ratio),
            "`items.l1_ratio` lies between 0 (ridge) and 1 (lasso)",
            "`items.l1_ratio` は 0（リッジ）～1（ラッソ）で指定してください",
        )?;
        range(
            (2..=100).contains(&self.items.folds),
            "`items.folds` lies between 2 and 100",
            "`items.folds` は 2～100 で指定してください",
        )?;
        range(
            self.thresholds.high_ssi.is_finite(),
            "`thresholds.high_ssi` is a number",
            "`thresholds.high_ssi` は数値で指定してください",
        )?;
        self.imputation.check()?;
        self.claims.check()?;
        self.outreach.check()?;
        self.network.check()?;
        let folder = |name: &String| {
            !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0'])
        };
        range(
            self.name.as_ref().is_none_or(folder),
            "`name` is a folder name: not empty, no leading dot, no slash",
            "`name` はフォルダー名です。空欄、先頭のドット、スラッシュは使えません",
        )
    }
}

/// Refuses a value out of range.
fn range(ok: bool, en: &'static str, ja: &'static str) -> Result<()> {
    if ok { Ok(()) } else { Err(Error::Setting { en, ja }) }
}

fn overlay(base: &mut toml::Table, given: toml::Table) {
    for (key, value) in given {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => overlay(old, new),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_survives_being_written() {
        let plan = Plan::default();
        assert_eq!(Plan::parse(&plan.to_toml(), "x").unwrap(), plan);
    }

    #[test]
    fn what_a_plan_leaves_out_comes_from_the_default() {
        let plan = Plan::parse("[primary]\nthreshold = 0.3", "x").unwrap();
        assert_eq!(plan.primary.threshold, 0.3);
        assert_eq!(plan.primary.x, "score_total");
    }

    #[test]
    fn counts_of_ones_own_are_not_called_the_articles() {
        let own = Plan::parse("[outreach]\nvisited = 250\ninvited = 3", "x").unwrap();
        assert_eq!(
            (own.outreach.source.as_str(), own.network.source.as_str()),
            ("plan", "article")
        );
        assert_eq!(Plan::parse(&own.to_toml(), "x").unwrap(), own);
        let says = |text: &str| Plan::parse(text, "x").unwrap_err().to_string();
        assert!(says("[outreach]\ninvited = 101").contains("`outreach.invited`"));
        assert!(says("[network]\nmembers = 600").contains("`network.members`"));
        assert!(says("[claims]\nhours = [10, 6]").contains("`claims.hours`"));
    }

    #[test]
    fn one_imputation_is_none() {
        let says = |text: &str| Plan::parse(text, "x").map_err(|e| e.to_string());
        assert!(says("[imputation]\nm = 1").unwrap_err().contains("0 (no imputation) or 2"));
        assert!(says("[imputation]\ndonors = 0").unwrap_err().contains("`imputation.donors`"));
        assert!(says("[imputation]\niterations = 0").unwrap_err().contains("iterations"));
        assert_eq!(says("[imputation]\nm = 0").unwrap().imputation.m, 0);
        assert_eq!(says("[imputation]\nseed = 4").unwrap().imputation.seed, Some(4));
    }

    #[test]
    fn how_the_file_is_read_is_part_of_the_plan() {
        let text = "[reading]\nencoding = \"cp932\"\ndelimiter = \";\"\nheader = \"3-4\"\nkeep = [\"latest\"]";
        let plan = Plan::parse(text, "x").unwrap();
        assert_eq!(plan.reading.header.unwrap().to_string(), "3-4");
        assert_eq!(Plan::parse(&plan.to_toml(), "x").unwrap(), plan);
        assert!(!Plan::default().to_toml().contains("reading"));
        assert!(Plan::parse("[reading]\nheader = \"4-3\"", "x").is_err());
        assert!(Plan::parse("[reading]\nencodng = \"cp932\"", "x").is_err());
    }

    #[test]
    fn an_unknown_key_and_a_level_of_two_are_errors_that_name_them() {
        let unknown = Plan::parse("lvel = 0.9", "my.toml").unwrap_err().to_string();
        assert!(unknown.contains("my.toml") && unknown.contains("lvel"), "{unknown}");
        assert!(Plan::parse("level = 2.0", "x").unwrap_err().to_string().contains("`level`"));
        assert!(Plan::parse("name = \"../x\"", "x").is_err());
    }
}
