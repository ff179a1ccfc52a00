use thiserror::Error;

/// A result whose error is [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What can be wrong with an input before any statistic is computed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A column that the table does not have.
    #[error("no column named `{name}`{}; the table has: {}", did_you_mean(.nearest), .known.join(", "))]
    UnknownColumn {
        /// The name that was asked for.
        name: String,
        /// The most similar name the table has, if any is close.
        nearest: Option<String>,
        /// All names of the table.
        known: Vec<String>,
    },
    /// The same column name twice.
    #[error("the column name `{name}` stands twice in the header; rename one of them")]
    DuplicateColumn {
        /// The repeated name.
        name: String,
    },
    /// A column of words where numbers are needed.
    #[error(
        "column `{column}` holds words (for example `{example}`), not numbers; use it as a group, as in `C({column})` or `--by {column}`, or name another column"
    )]
    NotNumeric {
        /// The column.
        column: String,
        /// One of its values.
        example: String,
    },
    /// A column of capped counts where numbers are needed.
    #[error(
        "column `{column}` holds capped counts such as `{example}`, which are not numbers; use a rank correlation (spearman, kendall), or `ssi study`, which fits the counts below the cap and a step at it"
    )]
    Capped {
        /// The column.
        column: String,
        /// One of its capped values.
        example: String,
    },
    /// Two columns that should be equally long.
    #[error("`{x}` has {n_x} values and `{y}` has {n_y}; they must have one each per respondent")]
    UnequalLengths {
        /// First column.
        x: String,
        /// Second column.
        y: String,
        /// Length of the first.
        n_x: usize,
        /// Length of the second.
        n_y: usize,
    },
    /// An infinite or undefined number.
    #[error("column `{column}`, row {row}: {value} is not a finite number")]
    NotFinite {
        /// The column.
        column: String,
        /// The row as the user counts it.
        row: usize,
        /// The value.
        value: f64,
    },
    /// A confidence level outside (0, 1).
    #[error("a confidence level lies between 0 and 1, such as 0.95; found {value}")]
    LevelOutOfRange {
        /// The value.
        value: f64,
    },
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}

/// The known name most like `name`, if one is close enough to be a slip of the keyboard. Full-width
/// characters count as their narrow ones, and spaces not at all: `性 別` is most like `性別`.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let wanted = folded(name);
    known
        .into_iter()
        .map(|k| (strsim::jaro_winkler(&wanted, &folded(k)), k))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k.to_owned())
}

fn folded(name: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    name.chars().filter(|c| !c.is_whitespace()).map(narrow).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_width_or_spaces_are_near() {
        let known = ["年齢", "性別", "Score 1"];
        for (name, near) in [("性 別", "性別"), ("性　別", "性別"), ("ｓｃｏｒｅ１", "Score 1")]
        {
            assert_eq!(nearest(name, known).as_deref(), Some(near));
        }
        assert_eq!(nearest("職業", known), None);
    }
}
