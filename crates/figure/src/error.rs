use thiserror::Error;

/// A result whose error is [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Why a picture could not be drawn.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// An axis that has no length, or so many ticks that nobody could read them.
    #[error(
        "the {axis} axis from {min} to {max} by {step} can't be drawn; give it a finite range with 1 to 60 ticks"
    )]
    Axis {
        /// Which axis.
        axis: &'static str,
        /// Lower end.
        min: f64,
        /// Upper end.
        max: f64,
        /// Distance of ticks.
        step: f64,
    },
    /// An infinite or undefined coordinate.
    #[error("`{part}` holds {value} at index {index}; leave out what is undefined before drawing")]
    NotFinite {
        /// The field of the drawing.
        part: &'static str,
        /// Where in it.
        index: usize,
        /// The value.
        value: f64,
    },
    /// Coordinates that don't pair up.
    #[error("`{part}` has {first} and {second} values; it needs as many of one as of the other")]
    UnequalLengths {
        /// The field of the drawing.
        part: &'static str,
        /// Length of the first part.
        first: usize,
        /// Length of the second part.
        second: usize,
    },
    /// A reference to something that the drawing does not have.
    #[error("`{part}` refers to number {index}, but there are only {len}; count from 0")]
    OutOfRange {
        /// The field of the drawing.
        part: &'static str,
        /// The index.
        index: usize,
        /// How many there are.
        len: usize,
    },
    /// A figure without content.
    #[error("the drawing has no {part}; leave the figure out")]
    Empty {
        /// What is missing.
        part: &'static str,
    },
    /// A drawing that this version can't draw, or not in this place.
    #[error("this kind of drawing can't be drawn here; choose another")]
    Unsupported,
    /// A picture size that memory can't hold.
    #[error("a picture {width} pixels wide can't be made; choose a width from 100 to 16000")]
    Size {
        /// The width asked for.
        width: u32,
    },
    /// The embedded font could not be read.
    #[error("the embedded font can't be read; remake it with fonts/subset.sh")]
    Font,
    /// The drawing backend failed.
    #[error("the picture could not be written ({message}); please report it with the drawing")]
    Backend {
        /// What it said.
        message: String,
    },
}

impl Error {
    pub(crate) fn backend(error: impl std::fmt::Display) -> Self {
        Self::Backend { message: error.to_string() }
    }
}
