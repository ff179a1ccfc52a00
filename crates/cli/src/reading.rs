//! Options that say how a file is read, where it should not be found out.

use crate::values::{header, named};
use clap::Args;
use ssi_study::{DateOrder, DecimalMark, Delimiter, Encoding, HeaderRows, Keep, Options};

/// How a file is read.
#[derive(Debug, Args)]
#[command(
    next_help_heading = "How a file is read [default: found out; ssi check says how and why]"
)]
pub(crate) struct Reading {
    /// Encoding of a text file: utf-8, cp932 (Shift_JIS) or utf-16.
    #[arg(long, global = true, value_name = "ENCODING", value_parser = |t: &str| named::<Encoding>(t, "utf-8、cp932、utf-16"))]
    encoding: Option<Encoding>,
    /// What separates the cells of a text file: `,` `;` or tab.
    #[arg(long, global = true, value_name = "MARK", value_parser = |t: &str| named::<Delimiter>(t, "`,`、`;`、tab"))]
    delimiter: Option<Delimiter>,
    /// Which sign begins the decimals of a number: comma or point.
    #[arg(long, global = true, value_name = "MARK", value_parser = |t: &str| named::<DecimalMark>(t, "comma、point"))]
    decimal: Option<DecimalMark>,
    /// Sheet of a workbook, by name or number.
    #[arg(long, global = true, value_name = "SHEET")]
    sheet: Option<String>,
    /// Row of the header as a spreadsheet numbers it, or two rows that are read as one, such as 3-4.
    #[arg(long, global = true, value_name = "ROW", value_parser = header)]
    header: Option<HeaderRows>,
    /// Order in dates such as 03/04/2018 (of a cohort): dmy, mdy or ymd.
    #[arg(long, global = true, value_name = "ORDER", value_parser = |t: &str| named::<DateOrder>(t, "dmy、mdy、ymd"))]
    date_order: Option<DateOrder>,
    /// Use rows (of a cohort) that would be left out: pillars (that don't add up to SSI), latest (of
    /// rows of the same respondent).
    #[arg(long, global = true, value_name = "WHAT,…", value_delimiter = ',', value_parser = |t: &str| named::<Keep>(t, "pillars、latest"))]
    keep: Vec<Keep>,
}

impl Reading {
    pub(crate) fn options(&self) -> Options {
        self.over(Options::default())
    }

    /// These options, over those of a plan.
    pub(crate) fn over(&self, plan: Options) -> Options {
        let mut keep = plan.keep;
        for what in &self.keep {
            if !keep.contains(what) {
                keep.push(*what);
            }
        }
        Options {
            sheet: self.sheet.clone().or(plan.sheet),
            encoding: self.encoding.or(plan.encoding),
            delimiter: self.delimiter.or(plan.delimiter),
            header: self.header.or(plan.header),
            decimal: self.decimal.or(plan.decimal),
            date_order: self.date_order.or(plan.date_order),
            keep,
            ..plan
        }
    }
}
