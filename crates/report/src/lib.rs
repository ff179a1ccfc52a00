//! From results to captions, sentences, tables and pages, in English and Japanese.
//!
//! This crate computes no statistic and touches no file: every number that it words stands in
//! [`Results`](ssi_vocab::Results), and every text is returned as a string. Single words live in
//! `terms/en.txt` and `terms/ja.txt`; a sentence is a function with one body per language, because
//! fragments glued together read well in neither.
//!
//! - [`caption::for_drawing`] and [`card`] give figures their words.
//! - [`document`] puts a study into one order of sections; [`html`] and [`markdown`] render it.
//! - [`text_table`], [`markdown_table`], [`csv()`] and [`json`] are the formats of the commands, and
//!   [`study_summary`] and [`warnings_text`] what a terminal shows.
//! - [`intake_text`] and its siblings tell of a survey file before anything is analysed.

mod blocks;
pub mod caption;
mod card;
mod document;
mod export;
mod findings;
mod html;
mod intake;
mod markdown;
pub mod number;
mod phrase;
mod sentences;
mod tables;
mod terminal;
mod terms;

pub use blocks::{Block, Document, Section, TableBlock};
pub use card::{Summary, card};
pub use document::document;
pub use export::{csv, excluded_csv, json, scored_csv};
pub use html::{PictureSource, html};
pub use intake::{intake_json, intake_markdown, intake_text, ledger_csv, ledger_json};
pub use markdown::{markdown, markdown_table};
pub use terminal::{study_summary, text_table, warnings_text};
pub use terms::{reason, word};
