use thiserror::Error;

/// Why a workbook can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BookFault {
    /// It is cut off, or no ZIP archive.
    #[error("it is no whole ZIP archive: it may have been cut off on its way")]
    NotWhole,
    /// A part of it is absent, or can't be unpacked or understood.
    #[error("its part `{part}` is absent or damaged")]
    Part {
        /// The part's path.
        part: String,
    },
    /// A sheet of it is absent or damaged.
    #[error("its sheet `{sheet}` is absent or damaged")]
    Sheet {
        /// Its name.
        sheet: String,
    },
    /// A part of it would be unpacked outside of it.
    #[error("its part `{part}` lies outside of it")]
    Outside {
        /// The part's path.
        part: String,
    },
    /// Something in it is not as the format says.
    #[error("a part of it is damaged")]
    Damaged,
    /// A cell where no sheet has one.
    #[error("a cell lies outside the sheet")]
    CellOutside,
    /// The same cells are merged again and again.
    #[error("its merged cells overlap too often")]
    Merged,
}

/// Why a Parquet file can't be read, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParquetFault {
    /// Something in it is not as the format says.
    #[error(
        "{}it is damaged or was cut off; copy it again, or write it as CSV",
        .column.as_ref().map(|column| format!("column `{column}`: ")).unwrap_or_default()
    )]
    Damaged {
        /// The column, where it is known.
        column: Option<String>,
    },
    /// A column whose cells hold several values.
    #[error(
        "column `{column}` is nested (lists or groups of values in a cell); leave it out, or write a column for each value"
    )]
    Nested {
        /// The column.
        column: String,
    },
    /// A column of values that are no text, number, truth or time.
    #[error(
        "column `{column}` holds values that are no text, number or time ({kind}); leave it out, or write it as text"
    )]
    Kind {
        /// The column.
        column: String,
        /// What the format calls them.
        kind: &'static str,
    },
    /// A codec that is not read.
    #[error(
        "it is compressed with {codec}, which is not read; write it with snappy, gzip, zstd or no compression"
    )]
    Codec {
        /// Its name.
        codec: &'static str,
    },
    /// An encoding that is not read.
    #[error(
        "column `{column}` is encoded in a way that is not read; write the file with its program's usual settings, or as CSV"
    )]
    Encoding {
        /// The column.
        column: String,
    },
    /// Columns that only a key opens.
    #[error("it is encrypted; write it without encryption")]
    Encrypted,
}
