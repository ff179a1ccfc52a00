//! What a comma in a number means.

use crate::choices::DecimalMark;
use crate::grid::{Form, Headed};
use crate::number::{Shape, fold, shape};

/// What a comma in a number means in this file, as far as its other numbers tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comma {
    Thousands,
    Decimal,
    Unknown,
}

impl Comma {
    pub(super) fn of(headed: &Headed<'_>, asked: Option<DecimalMark>) -> Self {
        if let Some(asked) = asked {
            return asked.into();
        }
        if headed.form != Form::OtherMarks {
            return Self::Thousands;
        }
        let kept = headed.lines.iter().filter(|line| headed.fits(line));
        Self::by(kept.flat_map(|line| line.cells()))
    }

    /// What the numbers among some cells say: a decimal comma anywhere decides, else a decimal
    /// point or grouped thousands.
    pub(crate) fn by<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let mut found = Self::Unknown;
        for cell in cells.filter(|cell| cell.contains(['.', ',', '．', '，'])) {
            match shape(&fold(cell)) {
                Some(Shape::DecimalComma(_)) => return Self::Decimal,
                Some(Shape::Thousands(_) | Shape::Plain(_)) => found = Self::Thousands,
                _ => {}
            }
        }
        found
    }
}

impl From<DecimalMark> for Comma {
    fn from(mark: DecimalMark) -> Self {
        match mark {
            DecimalMark::Comma => Self::Decimal,
            DecimalMark::Point => Self::Thousands,
        }
    }
}
