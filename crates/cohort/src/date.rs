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
    let (date, behind) = parted(text);
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
    if !behind.is_empty() && time(behind).is_none() && !is_loose(behind) {
        return None;
    }
    let exists = (2003..=2099).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day);
    exists.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// True for digits among the marks of times, which mean no other day whatever they mean.
fn is_loose(text: &str) -> bool {
    let digits = || text.chars().filter(char::is_ascii_digit);
    let is_mark = |c: char| matches!(c, 'T' | ' ' | ':' | '.' | '+' | '-' | 'Z');
    (1..=12).contains(&digits().count())
        && text.chars().all(|c| c.is_ascii_digit() || is_mark(c))
        && text.chars().skip(1).all(|c| c != 'T')
}

/// The seconds after midnight of the time that stands behind a day, in any form that [`iso`] passes
/// over; on the clock of the place, whatever its zone. `None` where there is none.
pub(crate) fn time_of_day(text: &str) -> Option<u32> {
    if serial(text).is_some() {
        let (_, fraction) = text.split_once('.').filter(|(_, fraction)| !fraction.is_empty())?;
        let day: f64 = format!("0.{fraction}").parse().ok()?;
        return Some((day * f64::from(DAY)).round() as u32);
    }
    time(parted(text).1)
}

/// The seconds of a day.
const DAY: u32 = 86_400;

/// A day, and what stands behind it.
fn parted(text: &str) -> (&str, &str) {
    text.find(['T', ' ']).map_or((text, ""), |at| text.split_at(at))
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

/// The seconds after midnight of a time of day in any of the usual forms, with a zone or without:
/// `T15:05:00.5Z`, ` 15:05 +09:00`, ` 午後 3:05`, ` 3:05:10 午後 GMT+9`, ` 15時5分`, `T150500`.
fn time(text: &str) -> Option<u32> {
    let mut rest = text.strip_prefix('T').unwrap_or(text);
    let before = half_of_day(&mut rest);
    let of_clock = |c: char| c.is_ascii_digit() || MARKS.contains(&c);
    let (clock, mut rest) = rest.split_at(rest.find(|c| !of_clock(c)).unwrap_or(rest.len()));
    let half = before.or_else(|| half_of_day(&mut rest));
    while let Some(shorter) = without_zone(rest) {
        rest = shorter;
    }
    let ([hour, minute, second], is_whole) = numbers(clock)?;
    let exists = hour <= 24 && minute <= 59 && second <= 60;
    if !rest.trim().is_empty() || !exists || !(is_whole || half.is_some()) {
        return None;
    }
    let hour = match half {
        Some(Half::Morning) if hour == 12 => 0,
        Some(Half::Afternoon) if hour < 12 => hour + 12,
        _ => hour,
    };
    Some(3_600 * hour + 60 * minute + second)
}

/// What stands between the numbers of a time, or behind them.
const MARKS: [char; 5] = [':', '.', '時', '分', '秒'];

/// Hours, minutes and seconds, and whether it is seen without 午後 or `PM` that they are a time.
fn numbers(clock: &str) -> Option<([u32; 3], bool)> {
    if matches!(clock.len(), 4 | 6) && clock.bytes().all(|b| b.is_ascii_digit()) {
        let two = |at| clock.get(at..at + 2).map_or(Some(0), small);
        return Some(([two(0)?, two(2)?, two(4)?], true));
    }
    let ends = clock.strip_suffix(['時', '分', '秒']);
    let mut parts = ends.unwrap_or(clock).split(MARKS);
    let hour = small(parts.next()?)?;
    let mut next = || parts.next().map(small);
    let (minute, second) = (next(), next());
    // Parts of a second, of any number of digits.
    let all = match (parts.next(), parts.next()) {
        (None, _) => true,
        (Some(part), None) => !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    let is_whole = minute.is_some() || ends.is_some();
    all.then_some(([hour, minute.unwrap_or(Some(0))?, second.unwrap_or(Some(0))?], is_whole))
}

/// The halves of a day.
#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

/// The half of a day that a text begins with, which is taken away.
fn half_of_day(rest: &mut &str) -> Option<Half> {
    *rest = rest.trim_start();
    let (half, behind) =
        [("午前", "AM", "am", Half::Morning), ("午後", "PM", "pm", Half::Afternoon)]
            .into_iter()
            .find_map(|(a, b, c, half)| {
                let behind = [a, b, c].into_iter().find_map(|word| rest.strip_prefix(word))?;
                Some((half, behind))
            })?;
    *rest = behind.trim_start();
    Some(half)
}

/// What stands behind a zone: its name, or `+9`, `-0500`, `+09:00`.
fn without_zone(text: &str) -> Option<&str> {
    let text = text.trim_start();
    if let Some(rest) = ["GMT", "UTC", "JST", "Z"].iter().find_map(|zone| text.strip_prefix(zone)) {
        return Some(rest);
    }
    let offset = text.strip_prefix(['+', '-'])?;
    let end = offset.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(offset.len());
    let (hours, minutes) = match offset[..end].split_once(':') {
        Some(parts) => parts,
        None if end == 4 => offset[..end].split_at(2),
        None => (&offset[..end], "00"),
    };
    (small(hours)? <= 14 && small(minutes)? <= 59).then_some(&offset[end..])
}

/// A spreadsheet's day number, counted from 1899-12-30: five digits, with a fraction for the time.
fn serial(text: &str) -> Option<String> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let behind = text.get(whole.len() + 1..).unwrap_or_default();
    if whole.len() != 5 || !whole.bytes().chain(behind.bytes()).all(|b| b.is_ascii_digit()) {
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
            "43293.1.2",
            "43293.5e0",
            "2018-07-12T::--",
            "2018-07-12T",
            "2018-07-12 午後",
        ] {
            assert_eq!(iso(text, None), None, "{text}");
        }
        // Whatever the digits behind it say of the time, the day is plain.
        for text in ["2018-07-12T15", "2018-07-12 15:05:", "2018-07-12 25:05", "2018-07-12 +09:00"]
        {
            assert_eq!(iso(text, None).as_deref(), Some("2018-07-12"), "{text}");
            assert_eq!(time_of_day(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_read_from_every_form_behind_a_day() {
        let at = |hour: u32, minute: u32, second: u32| Some(3_600 * hour + 60 * minute + second);
        for (behind, time) in [
            ("T15:05:00Z", at(15, 5, 0)),
            ("T15:05:00", at(15, 5, 0)),
            ("T15:05:10.250+09:00", at(15, 5, 10)),
            ("T150510+0900", at(15, 5, 10)),
            (" 15:05", at(15, 5, 0)),
            (" 15.05", at(15, 5, 0)),
            (" 15:05:10 +0000 UTC", at(15, 5, 10)),
            (" 15:05 JST", at(15, 5, 0)),
            (" 3:05 PM", at(15, 5, 0)),
            (" 3 PM", at(15, 0, 0)),
            (" 12:05 am", at(0, 5, 0)),
            (" 12:05 pm", at(12, 5, 0)),
            (" 午後 3:05", at(15, 5, 0)),
            (" 午後3時5分", at(15, 5, 0)),
            (" 3:05:10 午後 GMT+9", at(15, 5, 10)),
            (" 午前 12:00", at(0, 0, 0)),
            (" 15時", at(15, 0, 0)),
            (" 15時05分10秒", at(15, 5, 10)),
            (" 0:00", at(0, 0, 0)),
            ("", None),
            (" soon", None),
        ] {
            for day in ["2018-07-12", "2018年7月12日", "12.07.2018"] {
                let text = format!("{day}{behind}");
                assert_eq!(time_of_day(&text), time, "{text}");
                let read = iso(&text, Some(DateOrder::Dmy));
                assert_eq!(read.is_some(), behind != " soon", "{text}");
            }
        }
        assert_eq!(time_of_day("43293.75"), at(18, 0, 0));
        assert_eq!(time_of_day("43293.0"), at(0, 0, 0));
        for none in ["43293", "43293.", "50.5", "2018-07-12", "a"] {
            assert_eq!(time_of_day(none), None, "{none}");
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
