//! What the command line understands.

use crate::check::Check;
use crate::format::{Language, OutputFormat};
use crate::pseudonyms::Pseudonyms;
use crate::reading::Reading;
use crate::values::{respondents, variant, whole};
use clap::{Args, Parser, Subcommand, ValueEnum};
use ssi_study::Variant;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  ssi study                          the reference study, into reports/reference
  ssi check survey.xlsx              is my file in order?
  ssi study survey.xlsx --lang ja    your own survey, into reports/survey
  ssi study survey.csv --map ssi_total=SSI,score_total=Check
  ssi cor survey.csv -x score_total -y ssi_total --method all
  ssi fit survey.csv 'ssi_total ~ score_total + C(region)' --se hc3
  ssi groups survey.csv 'ssi_total ~ region'
  ssi template --lang ja             a blank survey form to fill in

Exit codes: 0 done, 1 could not be done, 2 wrong usage, 3 the data were refused, 130 interrupted.";

/// Does a ten-point check of a LinkedIn profile go with the Social Selling Index (SSI)?
///
/// Correlations and regressions with their uncertainty, figures and a report in English and
/// Japanese, from a survey file.
#[derive(Debug, Parser)]
#[command(name = "ssi", version, after_help = EXAMPLES, arg_required_else_help = false)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Common {
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value_t = OutputFormat::Table)]
    pub(crate) format: OutputFormat,
    /// Language of messages, tables and reports.
    #[arg(long, global = true, value_enum, default_value_t = Language::En)]
    pub(crate) lang: Language,
    /// Confidence level of every interval [default: 0.95].
    #[arg(long, global = true, value_name = "LEVEL", allow_negative_numbers = true)]
    pub(crate) level: Option<f64>,
    /// Seed of everything random [default: 20180712; simulate: 1].
    #[arg(long, global = true, value_name = "N", value_parser = whole::<u64>, allow_negative_numbers = true)]
    pub(crate) seed: Option<u64>,
    /// Bootstrap resamples and permutations [default: 10000].
    #[arg(long, global = true, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true)]
    pub(crate) resamples: Option<usize>,
    /// Threads to work on; the results are the same for any number [default: all].
    #[arg(long, global = true, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true)]
    pub(crate) threads: Option<usize>,
    /// Use only the rows for which this holds, e.g. 'region == "JP" && score_total >= 8'.
    #[arg(long = "where", global = true, value_name = "CONDITION")]
    pub(crate) filter: Option<String>,
    /// A result for each group of this column.
    #[arg(long, global = true, value_name = "COLUMN")]
    pub(crate) by: Option<String>,
    /// Your own column names, e.g. ssi_total=SSIスコア,score_total=合計点.
    #[arg(long, global = true, value_name = "NAME=COLUMN,…")]
    pub(crate) map: Vec<String>,
    /// A codebook: a Frictionless data package or table schema (JSON).
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) codebook: Option<PathBuf>,
    /// Read larger files than usual. NAME and what it is without this: bytes=1073741824,
    /// rows=20000000, columns=16384, cells=200000000, cell=1048576 and header=10000 (bytes of one),
    /// unpacked=1073741824 and ratio=100 (of a workbook or Parquet file), depth=64 (of JSON or TOML).
    #[arg(long, global = true, value_name = "NAME=NUMBER,…", value_delimiter = ',')]
    pub(crate) limit: Vec<String>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The whole study of a cohort: estimates, figures and a report.
    Study(Study),
    /// Show how a survey file is read: its columns, and what is normalised, left out and why.
    Check(Check),
    /// Describe the columns of any table.
    Describe(Describe),
    /// Correlate two columns of any table, or every pair of its numeric columns.
    Cor(Cor),
    /// Fit a regression from an R-style formula to any table.
    Fit(Fit),
    /// Compare a column of any table between groups: means, ranks, effect sizes.
    Groups(Groups),
    /// Response rates and their differences, such as: ssi rates 0/100 10/100.
    Rates(Rates),
    /// Necessary condition analysis: does an outcome do without a condition?
    Necessity(Necessity),
    /// Predict SSI of people from their scores, by the model of a study.
    Predict(Predict),
    /// A checklist as an instrument: reliability, items, dimensions.
    Items(Items),
    /// Agreement between raters of the same respondents.
    Raters(Raters),
    /// A blank survey form and scoring sheet (XLSX and CSV).
    Template(Template),
    /// Make a synthetic cohort.
    Simulate(Simulate),
    /// Run a finished report again and say whether every number and byte agrees.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(crate) struct Study {
    /// Survey file (CSV, TSV, XLSX, ODS or Parquet; `-` is standard input). Without one, the embedded
    /// synthetic reference cohort is used.
    pub(crate) cohort: Option<PathBuf>,
    /// A plan; what it leaves out comes from the default plan.
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
    /// Folder of the report [default: reports/NAME, after the plan or the survey file].
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Print the plan and stop.
    #[arg(long)]
    pub(crate) write_plan: bool,
    /// A report for publication: no rows, no single answers, coarser numbers.
    #[arg(long)]
    pub(crate) public: bool,
    #[command(flatten)]
    pub(crate) pseudonyms: Pseudonyms,
}

#[derive(Debug, Args)]
pub(crate) struct Describe {
    /// Table (CSV, TSV, XLSX, ODS or Parquet; `-` is standard input).
    pub(crate) file: PathBuf,
    /// Columns [default: all numeric ones].
    pub(crate) columns: Vec<String>,
    /// Also which values are missing, and which of them together.
    #[arg(long)]
    pub(crate) missing: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Cor {
    /// Table (CSV, TSV, XLSX, ODS or Parquet; `-` is standard input).
    pub(crate) file: PathBuf,
    /// First column. Without -x and -y, every pair of numeric columns.
    #[arg(short, requires = "y")]
    pub(crate) x: Option<String>,
    /// Second column.
    #[arg(short, requires = "x")]
    pub(crate) y: Option<String>,
    /// Methods: pearson, spearman, kendall, biweight, percentage_bend, winsorized, distance,
    /// point_biserial, polychoric, polyserial, or all.
    #[arg(long, value_name = "METHOD,…", value_delimiter = ',', default_value = "pearson")]
    pub(crate) method: Vec<String>,
    /// Hold these columns constant in both: the partial correlation.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) partial: Vec<String>,
    /// Hold these columns constant in -x only: the semi-partial correlation, whose square is what
    /// -x adds to R².
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) semipartial: Vec<String>,
    /// Is r(x, y) larger than r(C, y)? With two columns: than r(C, D)?
    #[arg(long, value_name = "C[,D]", value_delimiter = ',')]
    pub(crate) with: Vec<String>,
    /// Compare the correlations of the groups of --by, two by two.
    #[arg(long)]
    pub(crate) compare: bool,
    /// More intervals beside the default one: bca, percentile, studentised (bootstraps),
    /// jackknife_z; full_ml and profile (full maximum likelihood) for polychoric and polyserial.
    #[arg(long, value_name = "INTERVAL,…", value_delimiter = ',')]
    pub(crate) interval: Vec<String>,
    /// More tests beside the default one: permutation, tost (is the correlation too small to
    /// matter? with --bound), bayes (Bayes factor).
    #[arg(long, value_name = "TEST,…", value_delimiter = ',')]
    pub(crate) test: Vec<String>,
    /// The smallest correlation that would matter, for --test tost; decide it before seeing the
    /// data.
    #[arg(long, value_name = "R", allow_negative_numbers = true)]
    pub(crate) bound: Option<f64>,
    /// Width of the prior for --test bayes: 1 expects every correlation alike, less expects smaller
    /// ones [default: 1].
    #[arg(long, value_name = "WIDTH", allow_negative_numbers = true)]
    pub(crate) prior: Option<f64>,
    /// Reliabilities of -x and -y (such as Cronbach's alpha): also r as it would be without errors
    /// of measurement.
    #[arg(long, value_name = "RX,RY", value_delimiter = ',', allow_negative_numbers = true)]
    pub(crate) reliability: Vec<f64>,
    /// Respondents with the same value here belong together (a session, a team): bootstraps and
    /// permutations take them as one.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) cluster: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Fit {
    /// Table (CSV, TSV, XLSX, ODS or Parquet; `-` is standard input).
    pub(crate) file: PathBuf,
    /// R-style formula, such as 'y ~ a + log10(b) + C(region)'.
    pub(crate) formula: String,
    /// Model: ols, huber, bisquare, mm, theil_sen, quantile, tobit, logistic, firth, ordinal,
    /// fractional, beta, ridge, lasso, elastic_net, spline, isotonic, segmented, mixed.
    #[arg(long, default_value = "ols")]
    pub(crate) model: String,
    /// Quantiles of a quantile regression [default: 0.5]; --augment writes the fit of the first.
    #[arg(long, value_name = "TAU,…", value_delimiter = ',')]
    pub(crate) tau: Vec<f64>,
    /// Lower bound of the outcome (fractional, beta), or the limit below which it was not seen
    /// (tobit).
    #[arg(long, value_name = "L", allow_negative_numbers = true)]
    pub(crate) lower: Option<f64>,
    /// Upper bound of the outcome, or the limit above which it was not seen.
    #[arg(long, value_name = "U", allow_negative_numbers = true)]
    pub(crate) upper: Option<f64>,
    /// Predict at these values, such as 'score_total=7' or 'score_total=7,region=JP'; may be given
    /// several times.
    #[arg(long, value_name = "NAME=VALUE,…")]
    pub(crate) at: Vec<String>,
    /// Random effects of a mixed model: 'session_id' (levels differ) or 'score_total | session_id'
    /// (slopes differ too).
    #[arg(long, value_name = "[SLOPE |] GROUP")]
    pub(crate) random: Option<String>,
    /// Fit a mixed model by maximum likelihood instead of REML.
    #[arg(long)]
    pub(crate) ml: bool,
    /// The lasso's share of an elastic net's penalty, from 0 to 1 [default: chosen by
    /// cross-validation].
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub(crate) l1_ratio: Option<f64>,
    /// For a predictor with capped values such as 500+: impute (draws them many times from a
    /// censored lognormal model, and pools) or indicator (the cap itself and a 0/1 column).
    #[arg(long, value_name = "HOW")]
    pub(crate) capped: Option<String>,
    /// More intervals beside the default one. quantile: rank, rank_nid, iid, nid, powell,
    /// percentile (bootstrap). With --at, for one respondent whatever the
    /// distribution: conformal_split, conformal_scaled (wider where residuals are),
    /// conformal_quantile (between quantile regressions), cv_plus, cv_plus_quantile,
    /// jackknife_plus; with --se cluster:COLUMN for one of a new cluster.
    #[arg(long, value_name = "INTERVAL,…", value_delimiter = ',')]
    pub(crate) interval: Vec<String>,
    /// Also R² and RMSE for respondents that the model has not seen, by repeated cross-validation;
    /// with --against both models on the same folds. With --se cluster:COLUMN folds of whole clusters.
    #[arg(long)]
    pub(crate) cross_validate: bool,
    /// Also the share of R² that each predictor accounts for (least squares), and which predictor
    /// dominates which. With --se cluster:COLUMN whole clusters are drawn.
    #[arg(long)]
    pub(crate) importance: bool,
    /// Also what the model expects along this column, averaged over the other predictors' values
    /// (partial dependence).
    #[arg(long, value_name = "COLUMN")]
    pub(crate) dependence: Option<String>,
    /// Standard errors: classical, hc0, hc1, hc2, hc3, hc4; hc2_bm, hc3_bm with Bell and
    /// McCaffrey's degrees of freedom, for few respondents; for clusters of respondents
    /// cluster:COLUMN (CR1) or cr2:COLUMN [default: classical]. huber and bisquare: classical (as
    /// R's rlm), sandwich. quantile: rank, rank_nid, iid, nid, powell [default: rank up to 1,000
    /// respondents, else nid].
    #[arg(long, value_name = "KIND")]
    pub(crate) se: Option<String>,
    /// Column of weights; --weight-kind says what they mean.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) weights: Option<String>,
    /// frequency (a row stands for so many respondents), analytic (its variance is σ²/w) or
    /// probability (it was drawn with a probability proportional to 1/w).
    #[arg(long, value_name = "KIND")]
    pub(crate) weight_kind: Option<String>,
    /// Test each term by F, with sums of squares of type 1 (in order), 2 (after all terms that
    /// don't contain it) or 3 (after all others, groups coded sum-to-zero).
    #[arg(long, value_name = "TYPE")]
    pub(crate) anova: Option<u8>,
    /// Compare with a smaller model by F, such as 'y ~ a'.
    #[arg(long, value_name = "FORMULA")]
    pub(crate) against: Option<String>,
    /// Add the coefficients in standard deviations.
    #[arg(long, visible_alias = "standardized")]
    pub(crate) standardised: bool,
    /// Add all checks of the residuals and the collinearity of each term.
    #[arg(long)]
    pub(crate) diagnostics: bool,
    /// Write a row for each respondent (fitted values, residuals, influence) to this CSV file.
    #[arg(long, value_name = "OUT.csv")]
    pub(crate) augment: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Groups {
    /// Table (CSV, TSV, XLSX, ODS or Parquet; `-` is standard input).
    pub(crate) file: PathBuf,
    /// Outcome and group, such as 'ssi_total ~ region'.
    pub(crate) formula: String,
    /// Methods: anova, welch, kruskal_wallis; for two groups t, welch_t, mann_whitney [default:
    /// these three for two groups, the first three for more]; for every pair tukey, games_howell.
    #[arg(long, value_name = "METHOD,…", value_delimiter = ',')]
    pub(crate) method: Vec<String>,
    /// Every pair of groups as well: by t, welch_t or mann_whitney, with adjusted p-values; by tukey
    /// or games_howell, with intervals that hold for all pairs together [default: welch_t,
    /// games_howell].
    #[arg(long)]
    pub(crate) pairs: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Rates {
    /// Rates as events/trials; or, with --event, a table (CSV, TSV, XLSX, ODS or Parquet; `-` is
    /// standard input).
    #[arg(required = true, value_name = "EVENTS/TRIALS | FILE")]
    pub(crate) rates: Vec<String>,
    /// The table's column of events: COLUMN where it holds 0 and 1 or no and yes, else
    /// COLUMN=VALUE.
    #[arg(long, value_name = "COLUMN[=VALUE]")]
    pub(crate) event: Option<String>,
    /// The table's column of groups to compare.
    #[arg(long, value_name = "COLUMN", requires = "event")]
    pub(crate) group: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Necessity {
    /// Table (CSV, TSV, XLSX, ODS or Parquet; `-` is standard input).
    pub(crate) file: PathBuf,
    /// Column of the condition; it may be capped, such as "500+".
    #[arg(short, value_name = "COLUMN")]
    pub(crate) x: String,
    /// Column of the outcome.
    #[arg(short, value_name = "COLUMN")]
    pub(crate) y: String,
    /// The rectangle whose corner is looked at: that of the data, or that of the scales.
    #[arg(long, value_enum, default_value_t = ScopeName::Empirical)]
    pub(crate) scope: ScopeName,
    /// Ends of the condition's scale, such as 0,10 (with --scope theoretical).
    #[arg(long, value_name = "LOW,HIGH", value_delimiter = ',', allow_hyphen_values = true)]
    pub(crate) scope_x: Vec<f64>,
    /// Ends of the outcome's scale, such as 0,100 (with --scope theoretical).
    #[arg(long, value_name = "LOW,HIGH", value_delimiter = ',', allow_hyphen_values = true)]
    pub(crate) scope_y: Vec<f64>,
    /// Count as counterexamples those with an outcome of OUTCOME or more and a condition below
    /// CONDITION, such as 50,500.
    #[arg(long, value_name = "OUTCOME,CONDITION", value_delimiter = ',')]
    #[arg(allow_hyphen_values = true)]
    pub(crate) counterexamples: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum ScopeName {
    Empirical,
    Theoretical,
}

#[derive(Debug, Args)]
pub(crate) struct Items {
    /// Table (CSV, TSV, XLSX, ODS or Parquet; `-` is standard input).
    pub(crate) file: PathBuf,
    /// Columns of the items [default: those of the rubric, else all numeric ones].
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) items: Vec<String>,
    /// A rubric of your own (TOML): its items, scored 0, 0.5 or 1; other values are left out.
    #[arg(long, value_name = "FILE")]
    pub(crate) rubric: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Raters {
    /// Table with a row for each respondent and rater (CSV, TSV, XLSX, ODS or Parquet; `-` is
    /// standard input).
    pub(crate) file: PathBuf,
    /// Columns that were rated [default: the rubric's items, and their total].
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) items: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Predict {
    /// The people: a table with the ten items or score_total (CSV, TSV, XLSX, ODS or Parquet; `-` is
    /// standard input). SSI may be absent.
    pub(crate) file: PathBuf,
    /// The model: the model.json of a report.
    #[arg(long, value_name = "MODEL.json")]
    pub(crate) model: PathBuf,
    /// The rubric that these people were scored by, such as 'generic-10 v1' or 1; another one than
    /// the model's is refused.
    #[arg(long, value_name = "VERSION")]
    pub(crate) rubric_version: Option<String>,
    /// Add the mean by those of whom ssi_total is known, who must be a random subsample.
    #[arg(long)]
    pub(crate) two_phase: bool,
    /// Write a row a person to this CSV file.
    #[arg(long, value_name = "OUT.csv")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pseudonyms: Pseudonyms,
}

#[derive(Debug, Args)]
pub(crate) struct Template {
    /// Folder to write the form to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// Respondents.
    #[arg(long, default_value_t = 203, value_parser = respondents)]
    pub(crate) n: u32,
    /// What is built in: reference, null, strong, necessity, heaping, shift or session.
    #[arg(long, default_value = "reference", value_parser = variant)]
    pub(crate) variant: Variant,
    /// File to write [default: standard output].
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Report folder.
    pub(crate) dir: PathBuf,
    /// The cohort it was made from; not needed for the embedded one.
    pub(crate) cohort: Option<PathBuf>,
}
