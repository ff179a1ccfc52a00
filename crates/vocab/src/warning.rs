//! What to know before trusting a number.

use serde::{Deserialize, Serialize};

/// What a reader should know before trusting a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// The data are synthetic: they show the method, not the world.
    Synthetic,
    /// An analysis was left out.
    LeftOut {
        /// The analysis or figure, by slug.
        analysis: String,
        /// Why: a [`crate::Note`] code, or `missing_column: NAME`.
        why: String,
    },
    /// SSI was read in different eras of LinkedIn's formula (changed in January 2015 and February
    /// 2017), or its date is not known.
    Era {
        /// True where no date is known.
        unknown: bool,
    },
    /// Few respondents: intervals are wide and rest on assumptions.
    FewRespondents {
        /// How many.
        n_obs: usize,
    },
    /// The residual spread depends on the predictors; robust errors are the ones to read.
    UnequalSpread {
        /// The model, by id.
        model: String,
        /// p-value of the Breusch–Pagan test (Koenker's form).
        p_value: f64,
    },
    /// Few clusters: cluster-robust errors rest on their number, not on the respondents'.
    FewClusters {
        /// The column.
        column: String,
        /// How many clusters there are.
        found: usize,
    },
    /// Respondents who stand in several rows, each of which was counted as a respondent.
    RepeatedRespondents {
        /// The column of their codes.
        column: String,
        /// How many of them stand in more than one row.
        repeated: usize,
        /// How many different codes there are.
        of: usize,
    },
    /// Fisher's interval of a correlation and the jackknife's differ visibly.
    IntervalsDiffer {
        /// The pair, as its estimate names it.
        term: String,
        /// The group it was computed in, as `column = level`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// The ends of Fisher's interval.
        fisher_z: [f64; 2],
        /// The ends of the jackknife's.
        jackknife_z: [f64; 2],
    },
    /// Few respondents for the delta method's interval of a polyserial correlation; the profile
    /// likelihood's stands beside it.
    FewForDeltaMethod {
        /// The pair, as its estimate names it.
        term: String,
        /// The group it was computed in, as `column = level`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// How many.
        n_obs: usize,
    },
    /// A prediction at a value outside those the model has seen.
    Extrapolation {
        /// The predictor.
        column: String,
        /// The value.
        value: f64,
        /// Smallest value seen.
        low: f64,
        /// Largest value seen.
        high: f64,
    },
    /// A breakpoint at the end of the range in which the data could show one.
    BreakpointAtEdge {
        /// The predictor.
        column: String,
        /// The breakpoint.
        at: f64,
    },
    /// A mixed model whose groups' effects have a variance of 0, or a correlation of ±1.
    SingularFit {
        /// The column of the groups.
        column: String,
    },
    /// Few events (the rarer of two outcomes) for so many predictors: intervals are shaky.
    FewEvents {
        /// How often the rarer outcome occurs.
        events: usize,
        /// Coefficients beside the intercept.
        predictors: usize,
        /// The group that the model was fitted in, as `column = level`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
    },
    /// No outcome is at a limit, so a model for limits is the one without.
    NobodyCensored {
        /// The outcome.
        column: String,
    },
    /// The estimate without the Brand pillar, which counts profile completeness itself, does not
    /// clear the plan's threshold.
    BrandCarriesIt,
    /// A model that was made from synthetic data.
    SyntheticModel {
        /// The study it comes from.
        study: String,
    },
    /// A mean that is carried over from other people.
    Transported {
        /// How many of the people lie outside the range that the model has seen.
        outside: usize,
        /// How many people there are.
        of: usize,
        /// Smallest value seen.
        low: f64,
        /// Largest value seen.
        high: f64,
    },
    /// Rows above the header were taken for titles, though nobody said so.
    Titles {
        /// The header's row, as the user counts it.
        header: usize,
    },
    /// The last rows of the table look like totals or notes, and count as all others do.
    Totals {
        /// The first of them, as the user counts it.
        row: usize,
    },
    /// Points of a column were taken to separate thousands, because the file has decimal commas.
    Points {
        /// The column.
        column: String,
        /// What stood in the first such cell.
        found: String,
        /// What it was read as.
        read_as: String,
    },
    /// Not the first sheet of the workbook was read, though nobody asked for it.
    Sheet {
        /// Its name.
        sheet: String,
    },
    /// Anything a reader noticed that has no code of its own.
    Text {
        /// The message.
        message: String,
    },
}
