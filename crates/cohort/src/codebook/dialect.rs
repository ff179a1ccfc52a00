//! What a data package says of how its file is written.

use crate::choices::{DateOrder, DecimalMark, Delimiter, Encoding};
use crate::grid::Options;
use serde_json::Value;

/// The parts of a resource's description, of its dialect and of its fields that say how text is to be
/// read. What an option says goes before; what is unknown here is left to be found out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) encoding: Option<Encoding>,
    pub(crate) delimiter: Option<Delimiter>,
    pub(crate) decimal: Option<DecimalMark>,
    pub(crate) date_order: Option<DateOrder>,
}

impl Dialect {
    /// Of a resource, and the fields of its schema. UTF-8 and a comma, which are the standard's own
    /// and often stand there unseen, say nothing.
    pub(super) fn of(resource: &Value, fields: Option<&Value>) -> Self {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let encoding = text(resource.get("encoding")).and_then(|name| name.parse().ok());
        let delimiter = text(resource.pointer("/dialect/delimiter"));
        let delimiter = delimiter.and_then(|mark| mark.parse().ok());
        let fields = || fields.and_then(Value::as_array).into_iter().flatten();
        let mark = |name: &str, sign: &str| {
            fields().any(|field| field.get(name).and_then(Value::as_str) == Some(sign))
        };
        let decimal = match () {
            () if mark("decimalChar", ",") => Some(DecimalMark::Comma),
            () if mark("groupChar", ",") => Some(DecimalMark::Point),
            () => None,
        };
        let formats = fields().filter_map(|field| {
            let kind = field.get("type").and_then(Value::as_str);
            let is_day = kind.is_some_and(|kind| ["date", "datetime"].contains(&kind));
            order(field.get("format").and_then(Value::as_str).filter(|_| is_day)?)
        });
        Self {
            encoding: encoding.filter(|encoding| *encoding != Encoding::Utf8),
            delimiter: delimiter.filter(|delimiter| *delimiter != Delimiter::Comma),
            decimal,
            date_order: formats.into_iter().next(),
        }
    }

    /// The options, and where they say nothing what the package does; not the encoding and the
    /// delimiter, which only a text has.
    pub(crate) fn under(&self, options: &Options) -> Options {
        Options {
            decimal: options.decimal.or(self.decimal),
            date_order: options.date_order.or(self.date_order),
            ..options.clone()
        }
    }
}

/// The order of a format such as `%d/%m/%Y`.
fn order(format: &str) -> Option<DateOrder> {
    let signs = format.split('%').skip(1).filter_map(|part| part.chars().next());
    let order: String = signs.filter(|sign| "dmyY".contains(*sign)).collect();
    match order.to_lowercase().as_str() {
        "dmy" => Some(DateOrder::Dmy),
        "mdy" => Some(DateOrder::Mdy),
        "ymd" => Some(DateOrder::Ymd),
        _ => None,
    }
}
