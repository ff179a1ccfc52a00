use std::fmt;

/// What is wrong at a place of a formula, and what would be right.
///
/// A closed list, so that each has its sentence in every language; [`fmt::Display`] is the English
/// one. What was found there is `None` behind the last character.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Slip {
    /// A backtick that no second one closes.
    OpenBacktick,
    /// Digits that are no number.
    NotANumber {
        /// The digits.
        text: String,
    },
    /// A character that formulas don't use.
    Meaningless {
        /// The character.
        character: char,
    },
    /// More words and signs than a person would write.
    TooLong,
    /// Nothing before `~`.
    NoOutcome,
    /// Something else than `~` behind the outcome.
    NoTilde {
        /// What stands there.
        found: Option<String>,
    },
    /// `/` between terms.
    Slash,
    /// More than one `~`.
    SecondTilde,
    /// A parenthesis that closes nothing.
    StrayParenthesis,
    /// Two terms without a sign between them.
    NoSign {
        /// The second one.
        found: Option<String>,
    },
    /// A parenthesis that nothing closes.
    OpenParenthesis {
        /// The function it belongs to, if any.
        function: Option<String>,
        /// What stands where it should be closed.
        found: Option<String>,
    },
    /// Parentheses within parentheses beyond what a person would write.
    TooDeep,
    /// `^` behind a single term.
    PowerOfTerm {
        /// The term.
        term: String,
    },
    /// Something else than a whole number behind `^`.
    NoDegree,
    /// A number as a term.
    NumberAlone,
    /// Something that is no predictor.
    NoPredictor {
        /// What stands there.
        found: Option<String>,
    },
    /// `C()` of more than a column.
    GroupArgument,
    /// What `poly()` does not take.
    PolynomialArguments,
    /// What `ns()` does not take.
    NaturalSplineArguments,
    /// What `rcs()` does not take.
    RestrictedSplineArguments,
    /// A function that makes columns, inside another one.
    NotInside {
        /// The function.
        function: String,
    },
    /// A function that there is not.
    NoFunction {
        /// Its name.
        name: String,
        /// The function that was probably meant.
        nearest: Option<String>,
    },
    /// Something that is neither a column nor a number.
    NoOperand {
        /// What stands there.
        found: Option<String>,
    },
    /// Neither a predictor nor an intercept.
    NothingToEstimate,
    /// 0 or 1 beside `*` or `:`.
    InterceptCrossed {
        /// The sign.
        sign: char,
    },
    /// More terms than a model can have.
    TooManyTerms,
    /// The outcome among the predictors.
    OutcomeAsPredictor,
    /// A comparison of groups in something else than a column.
    OutcomeNoColumn,
    /// A comparison by something else than one column.
    GroupNoColumn,
}

/// What was found, for a message.
fn shown(found: &Option<String>) -> String {
    found.as_ref().map_or_else(|| "the end".to_owned(), |text| format!("`{text}`"))
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenBacktick => {
                write!(f, "this backtick opens a name; close it with another one")
            }
            Self::NotANumber { text } => {
                write!(f, "`{text}` is not a number; write it with digits, such as 0.5 or 1e3")
            }
            Self::Meaningless { character } => write!(
                f,
                "`{character}` has no meaning in a formula; a column name with special characters goes in backticks"
            ),
            Self::TooLong => write!(f, "the formula is too long; leave out terms from here on"),
            Self::NoOutcome => write!(f, "the outcome is missing; write `outcome ~ predictors`"),
            Self::NoTilde { found } => write!(
                f,
                "expected `~` between the outcome and the predictors, found {}",
                shown(found)
            ),
            Self::Slash => {
                write!(f, "`/` joins no terms; for a quotient write I(a / b), for a crossing a * b")
            }
            Self::SecondTilde => write!(f, "a second `~`; a formula has one"),
            Self::StrayParenthesis => write!(f, "this `)` closes nothing; remove it"),
            Self::NoSign { found } => {
                write!(f, "expected one of + - * : before {}", shown(found))
            }
            Self::OpenParenthesis { function: Some(name), found } => {
                write!(f, "expected `)` to close {name}(), found {}", shown(found))
            }
            Self::OpenParenthesis { function: None, found } => {
                write!(f, "expected `)` to close the parenthesis, found {}", shown(found))
            }
            Self::TooDeep => {
                write!(f, "too many parentheses within one another; write it flatter")
            }
            Self::PowerOfTerm { term } => {
                write!(f, "outside a function `^` crosses terms; for a power write I({term}^2)")
            }
            Self::NoDegree => write!(f, "expected a whole number of at least 1 after `^`"),
            Self::NumberAlone => write!(
                f,
                "a number is no predictor; 0 and 1 stand for the intercept, arithmetic goes in I()"
            ),
            Self::NoPredictor { found } => {
                write!(f, "expected a predictor, found {}", shown(found))
            }
            Self::GroupArgument => write!(f, "C() takes one column, as in C(region)"),
            Self::PolynomialArguments => write!(
                f,
                "poly() takes a column, a degree from 1 to 100, and raw = true or false, as in poly(x, 3, raw = true)"
            ),
            Self::NaturalSplineArguments => write!(
                f,
                "ns() takes a column and its degrees of freedom from 1 to 50 or its inner knots, as in ns(x, 3) or ns(x, knots = c(2, 5))"
            ),
            Self::RestrictedSplineArguments => write!(
                f,
                "rcs() takes a column and a number of knots from 3 to 50 or the knots, as in rcs(x, 4) or rcs(x, c(2, 5, 8))"
            ),
            Self::NotInside { function } => {
                write!(f, "`{function}()` can't stand inside another function")
            }
            Self::NoFunction { name, nearest } => {
                write!(f, "no function `{name}`")?;
                if let Some(nearest) = nearest {
                    write!(f, " (did you mean `{nearest}`?)")?;
                }
                write!(f, "; there are log, log10, sqrt, exp, I, poly, ns, rcs and C")
            }
            Self::NoOperand { found } => {
                write!(f, "expected a column or a number, found {}", shown(found))
            }
            Self::NothingToEstimate => {
                write!(f, "nothing to estimate; name a predictor or keep the intercept")
            }
            Self::InterceptCrossed { sign } => {
                write!(f, "0 and 1 stand for the intercept, which `{sign}` can't cross")
            }
            Self::TooManyTerms => {
                write!(
                    f,
                    "this formula has more than 10,000 terms, or columns of them, or crosses terms over a million times; write less"
                )
            }
            Self::OutcomeAsPredictor => {
                write!(f, "the outcome can't be its own predictor; remove it from this side")
            }
            Self::OutcomeNoColumn => {
                write!(f, "groups are compared in a column as it stands; name the column alone")
            }
            Self::GroupNoColumn => write!(
                f,
                "groups are compared by one column; write `outcome ~ group`, or use `ssi fit` for more than one term"
            ),
        }
    }
}
