use std::fmt;

/// What is wrong at a place of a condition, and what would be right.
///
/// A closed list, so that each has its sentence in every language; [`fmt::Display`] is the English
/// one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Slip {
    /// A quotation mark or a back tick that no second one closes.
    Open {
        /// The mark.
        mark: char,
    },
    /// `=` for `==`, `&` for `&&`, `|` for `||`.
    Single {
        /// The sign.
        sign: char,
    },
    /// A character that conditions don't use.
    Meaningless {
        /// The character.
        character: char,
    },
    /// Digits that are no number.
    NotANumber {
        /// The digits.
        text: String,
    },
    /// Something else than what can stand here.
    Expected(Expected),
    /// Parentheses within parentheses beyond what a person would write.
    TooDeep,
    /// A column of numbers beside a word.
    WordForNumber,
}

/// What can stand at a place of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A sign between two comparisons, or the end.
    Join,
    /// `)`.
    Close,
    /// A sign of comparison.
    Comparison,
    /// A list in parentheses.
    List,
    /// A number or a word.
    Literal,
    /// `,` or `)`.
    CommaOrClose,
    /// A column, a number or a word.
    Operand,
}

impl fmt::Display for Slip {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { mark } => write!(out, "the {mark} that begins here is never closed"),
            Self::Single { sign: '=' } => write!(out, "a comparison is written `==`"),
            Self::Single { sign } => write!(out, "write `{sign}{sign}`"),
            Self::Meaningless { character } => write!(
                out,
                "`{character}` has no meaning here; put a column name with such a character in back ticks, and a word in quotation marks"
            ),
            Self::NotANumber { text } => {
                write!(out, "`{text}` is not a number; write numbers like 8 or 0.5")
            }
            Self::Expected(what) => write!(out, "expected {what} here"),
            Self::TooDeep => write!(out, "nested too deeply; simplify the condition"),
            Self::WordForNumber => write!(
                out,
                "a column of numbers is compared with a word; write the number without quotation marks"
            ),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Join => "`&&`, `||` or the end",
            Self::Close => "`)`",
            Self::Comparison => "a comparison (== != < <= > >= or in)",
            Self::List => "`(` and a list such as (\"JP\", \"EU\")",
            Self::Literal => "a number or a word in quotation marks",
            Self::CommaOrClose => "`,` or `)`",
            Self::Operand => "a column, a number or a word in quotation marks",
        })
    }
}
