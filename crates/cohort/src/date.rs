//! Dates as survey exports write them.

use crate::choices::DateOrder;

/// A day as ISO 8601, from ISO itself, `2018/7/12`, `2018年7月12日`, an era date such as
/// `平成30年7月12日`, or a spreadsheet's serial number; a time after it is dropped.
///
/// Returns `None` for anything else, above all for `03/04/2018`, which is two different days unless
/// an order is declared. The text must be folded. Years run from 2003, when LinkedIn opened, to 2099.
pub(crate) fn iso(text: &str, order: Option<DateOrder>) -> Option<String> {
    if let Some(serial) = serial(text) {
        return Some(serial);
    }
    let (date, time) = match text.find(['T', ' ']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    if !is_time(time) {
        return None;
    }
    let (year, month, day) = match year(date) {
        Some((year, rest)) => {
            let (month, day) = match rest.split_once('月') {
                Some((month, day)) => (month, day.strip_suffix('日')?),
                None => rest.split_once(['-', '/', '.'])?,
            };
            (year, small(month)?, small(day)?)
        }
        None => ordered(date, order?)?,
    };
    let exists = (2003..=2099).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day);
    exists.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Year, month and day of `03/04/2018` or `18/04/03`, in a declared order.
fn ordered(date: &str, order: DateOrder) -> Option<(u32, u32, u32)> {
    let mut parts = date.split(['/', '-', '.']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day) = match order {
        DateOrder::Dmy => (c, b, a),
        DateOrder::Mdy => (c, a, b),
        DateOrder::Ymd => (a, b, c),
    };
    let is_year = |length: usize| year.len() == length && year.bytes().all(|b| b.is_ascii_digit());
    let century = match () {
        () if is_year(4) => 0,
        () if is_year(2) => 2000,
        () => return None,
    };
    let all = parts.next().is_none();
    all.then_some((century + year.parse::<u32>().ok()?, small(month)?, small(day)?))
}

/// The year, and what follows its mark.
fn year(date: &str) -> Option<(u32, &str)> {
    // The first year of an era is the year of its beginning.
    for (era, before_first) in [("令和", 2018), ("平成", 1988)] {
        if let Some(rest) = date.strip_prefix(era) {
            let (number, rest) = rest.split_once('年')?;
            let number = if number == "元" { 1 } else { small(number)? };
            return Some((before_first + number, rest));
        }
    }
    let (year, rest) = date.split_once(['年', '-', '/', '.'])?;
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    is_year.then(|| year.parse().ok()).flatten().map(|year| (year, rest))
}

fn small(text: &str) -> Option<u32> {
    let fine = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fine.then(|| text.parse().ok()).flatten()
}

/// A time of day in any of the usual forms, with a zone or without: it is dropped, so it only has
/// to look like one.
fn is_time(text: &str) -> bool {
    let mut rest = text.trim_start_matches(['T', ' ']).to_owned();
    for word in ["午前", "午後", "AM", "PM", "am", "pm", "GMT", "UTC", "JST", "Z", "時", "分", "秒"]
    {
        rest = rest.replace(word, "");
    }
    rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | ' ' | '+' | '-'))
}

/// A spreadsheet's day number, counted from 1899-12-30: five digits, with a fraction for the time.
fn serial(text: &str) -> Option<String> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    if whole.len() != 5 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let number: u32 = whole.parse().ok()?;
    // 37622 is 2003-01-01.
    let mut left = number.checked_sub(37_622)?;
    let mut year = 2003;
    while left >= days_in_year(year) {
        left -= days_in_year(year);
        year += 1;
    }
    let mut month = 1;
    while left >= days_in(year, month) {
        left -= days_in(year, month);
        month += 1;
    }
    (year <= 2099).then(|| format!("{year:04}-{month:02}-{:02}", left + 1))
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_year(year: u32) -> u32 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_day_is_read_from_every_form() {
        for text in [
            "2018-07-12",
            "2018/7/12",
            "2018.7.12",
            "2018年7月12日",
            "平成30年7月12日",
            "2018-07-12T15:05:00Z",
            "2018/07/12 午後 3:05",
            "2018/07/12 3:05:10 午後 GMT+9",
            "43293",
            "43293.628",
        ] {
            assert_eq!(iso(text, None).as_deref(), Some("2018-07-12"), "{text}");
        }
        assert_eq!(iso("令和元年5月1日", None).as_deref(), Some("2019-05-01"));
        assert_eq!(iso("2020-02-29", None).as_deref(), Some("2020-02-29"));
        // 2019-12-31, the end of a year; 43831 is 2020-01-01.
        assert_eq!(iso("43830", None).as_deref(), Some("2019-12-31"));
        assert_eq!(iso("43831", None).as_deref(), Some("2020-01-01"));
    }

    #[test]
    fn an_ambiguous_or_impossible_date_is_none() {
        for text in [
            "03/04/2018",
            "5月10日",
            "2018-13-01",
            "2018-02-29",
            "2018-7",
            "2018-7-12 soon",
            "",
            "12",
            "1899-01-01",
            "99999",
            "2018年7月12",
            "平成年7月12日",
        ] {
            assert_eq!(iso(text, None), None, "{text}");
        }
    }

    #[test]
    fn a_declared_order_decides_between_two_days() {
        let read = |text, order| iso(text, Some(order));
        let april = Some("2018-04-03".to_owned());
        assert_eq!(read("03/04/2018", DateOrder::Dmy), april);
        assert_eq!(read("04/03/2018 15:05", DateOrder::Mdy), april);
        assert_eq!(read("18/4/3", DateOrder::Ymd), april);
        assert_eq!(read("3.4.18", DateOrder::Dmy), april);
        assert_eq!(read("2018/4/3", DateOrder::Dmy), april, "a year in front needs no order");
        for wrong in ["31/04/2018", "3/4", "3/4/2018/1", "3/4/018"] {
            assert_eq!(read(wrong, DateOrder::Dmy), None, "{wrong}");
        }
    }
}
