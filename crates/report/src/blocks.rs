//! A report as blocks, before it becomes HTML or Markdown.

use ssi_vocab::{Caption, Lang};

/// A whole report in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its language.
    pub lang: Lang,
    /// The question that the report answers.
    pub title: String,
    /// The mark of synthetic data, where they are.
    pub mark: Option<String>,
    /// The sections; the first is the first screen and bears the title.
    pub sections: Vec<Section>,
}

/// A section with its heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// A name for links, the same in both languages.
    pub id: &'static str,
    /// The heading.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Block {
    /// The answer, larger than the rest.
    Answer(String),
    /// A paragraph.
    Paragraph(String),
    /// A paragraph in smaller type: a remark on what stands above.
    Remark(String),
    /// A heading within a section.
    Subheading(String),
    /// A table.
    Table(TableBlock),
    /// A figure.
    Figure {
        /// Its slug, which is also its file name.
        slug: String,
        /// Its words.
        caption: Box<Caption>,
    },
    /// A list.
    List(Vec<String>),
    /// Labels with values.
    Facts(Vec<(String, String)>),
    /// Commands or a file, as they stand.
    Code(String),
    /// Blocks that open on demand.
    Details {
        /// What the reader opens.
        summary: String,
        /// What appears.
        blocks: Vec<Block>,
    },
}

/// A table of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableBlock {
    /// What it shows.
    pub caption: String,
    /// Column titles.
    pub header: Vec<String>,
    /// Cells, a row each, as many as the header has.
    pub rows: Vec<Vec<String>>,
    /// True for columns of numbers, which are set flush right.
    pub numeric: Vec<bool>,
}

impl TableBlock {
    /// A table from columns `(title, numeric)` and rows; columns that are empty in every row are
    /// left out.
    pub(crate) fn new(
        caption: String,
        columns: Vec<(String, bool)>,
        rows: Vec<Vec<String>>,
    ) -> Self {
        let used: Vec<bool> = (0..columns.len())
            .map(|i| rows.iter().any(|row| row.get(i).is_some_and(|cell| !cell.is_empty())))
            .collect();
        let pick = |row: Vec<String>| -> Vec<String> {
            row.into_iter().zip(&used).filter(|(_, used)| **used).map(|(cell, _)| cell).collect()
        };
        let (header, numeric): (Vec<_>, Vec<_>) =
            columns.into_iter().zip(&used).filter(|(_, used)| **used).map(|(c, _)| c).unzip();
        Self { caption, header, rows: rows.into_iter().map(pick).collect(), numeric }
    }
}
