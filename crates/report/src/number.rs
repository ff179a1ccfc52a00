//! How numbers are written, in each language.
//!
//! English leaves out the leading zero of numbers that can't pass 1 (correlations, p-values);
//! Japanese keeps it. Thousands are grouped with a comma in both, ranges stand in brackets, and
//! the minus sign is U+2212 (the terminal tables turn it into a hyphen).

use ssi_vocab::Lang;

/// What stands where a number is undefined.
pub const UNDEFINED: &str = "—";

/// A correlation or another number within [−1, 1]: `.60` and `0.60`.
///
/// Two decimals, and as many more as it takes to keep the sign of a small number visible and a
/// number just short of 1 short of it.
pub fn correlation(value: f64, lang: Lang) -> String {
    let digits = (2..=6).find(|d| tells_apart(value, 0.0, *d) && tells_apart(value.abs(), 1.0, *d));
    correlation_to(value, digits.unwrap_or(2), lang)
}

/// A correlation with a number of decimals of the caller's choice.
pub fn correlation_to(value: f64, digits: usize, lang: Lang) -> String {
    let text = fixed(value, digits);
    match lang {
        Lang::En => text.replacen("0.", ".", usize::from(value.abs() < 1.0 && digits > 0)),
        Lang::Ja => text,
    }
}

/// A correlation with enough decimals to be seen on the right side of a threshold, and at least
/// those of [`correlation`].
pub fn correlation_beside(value: f64, threshold: f64, lang: Lang) -> String {
    let apart = |d: usize| {
        tells_apart(value, threshold, d)
            && tells_apart(value, 0.0, d)
            && tells_apart(value.abs(), 1.0, d)
    };
    (2..=6)
        .find(|d| apart(*d))
        .map_or_else(|| correlation(value, lang), |d| correlation_to(value, d, lang))
}

fn tells_apart(a: f64, b: f64, digits: usize) -> bool {
    a == b || format!("{a:.digits$}") != format!("{b:.digits$}") && !rounds_to_zero(a, b, digits)
}

/// `-0.00` and `0.00` are the same number to a reader.
fn rounds_to_zero(a: f64, b: f64, digits: usize) -> bool {
    let limit = 0.5 * 10f64.powi(-(digits as i32));
    a.abs() < limit && b.abs() < limit
}

/// A p-value in a sentence: `p = .003`, `p < .001`.
pub fn p(value: f64, lang: Lang) -> String {
    match p_parts(value, lang) {
        (Some(sign), text) => format!("p {sign} {text}"),
        (None, text) => format!("p = {text}"),
    }
}

/// A p-value in a table: `.003`, `< .001`.
pub fn p_cell(value: f64, lang: Lang) -> String {
    match p_parts(value, lang) {
        (Some(sign), text) => format!("{sign} {text}"),
        (None, text) => text,
    }
}

fn p_parts(value: f64, lang: Lang) -> (Option<&'static str>, String) {
    if value < 0.001 {
        (Some("<"), correlation_to(0.001, 3, lang))
    } else if value > 0.999 {
        (Some(">"), correlation_to(0.999, 3, lang))
    } else {
        (None, correlation_to(value, 3, lang))
    }
}

/// A number with fixed decimals and grouped thousands; never a negative zero.
pub fn fixed(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return UNDEFINED.to_owned();
    }
    let text = format!("{:.digits$}", value.abs());
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('−');
    }
    out.push_str(&grouped(whole));
    if !decimals.is_empty() {
        out.push('.');
        out.push_str(decimals);
    }
    out
}

/// A difference, with its sign: `+3.5`, `−1.0`.
pub fn signed(value: f64, digits: usize) -> String {
    let text = fixed(value, digits);
    let zero = !text.bytes().any(|b| (b'1'..=b'9').contains(&b));
    if value > 0.0 && !zero { format!("+{text}") } else { text }
}

/// A count: `1,234`.
pub fn count(n: usize) -> String {
    grouped(&n.to_string())
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share as a whole percentage: `36%`.
pub fn percent(share: f64) -> String {
    format!("{}%", fixed(share * 100.0, 0))
}

/// A confidence level: `95%`, `99.9%`.
pub fn level(value: f64) -> String {
    // Through text, because 0.999 × 100 is not 99.9 in binary.
    let text = format!("{:.6}", value * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A range in brackets.
pub fn range(low: &str, high: &str) -> String {
    format!("[{low}, {high}]")
}

/// A number of unknown scale with five significant digits, scientific where it is very large or
/// small.
pub fn general(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs();
    if !size.is_finite() {
        return UNDEFINED.to_owned();
    }
    if !(1e-4..1e9).contains(&size) {
        let text = format!("{value:.4e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
        return format!("{mantissa}e{exponent}").replace('-', "−");
    }
    let digits = (4 - size.log10().floor() as i32).clamp(0, 8) as usize;
    let text = fixed(value, digits);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// How many decimals show the first `significant` digits of a scale such as a standard error;
/// none where fixed decimals would be unreadable.
pub fn decimals(scale: f64, significant: i32) -> Option<usize> {
    if !scale.is_finite() || scale <= 0.0 {
        return None;
    }
    let digits = significant - 1 - scale.log10().floor() as i32;
    (digits <= 6 && scale < 1e9).then(|| digits.max(0) as usize)
}

/// A number with the given decimals, or with significant digits where there are none.
pub fn with_decimals(value: f64, digits: Option<usize>) -> String {
    digits.map_or_else(|| general(value), |digits| fixed(value, digits))
}

/// A day given as ISO 8601: `2018-07-12`, `2018年7月12日`.
pub fn date(iso: &str, lang: Lang) -> String {
    let parts: Option<Vec<u32>> = iso.split('-').map(|part| part.parse().ok()).collect();
    match (lang, parts.as_deref()) {
        (Lang::Ja, Some([year, month])) => format!("{year}年{month}月"),
        (Lang::Ja, Some([year, month, day])) => format!("{year}年{month}月{day}日"),
        _ => iso.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlations_drop_the_leading_zero_in_english_only() {
        assert_eq!(correlation(0.6, Lang::En), ".60");
        assert_eq!(correlation(-0.6, Lang::En), "−.60");
        assert_eq!(correlation(0.6, Lang::Ja), "0.60");
        assert_eq!(correlation(1.0, Lang::En), "1.00");
        assert_eq!(correlation(0.0, Lang::En), ".00");
    }

    #[test]
    fn rounding_never_hides_a_sign_or_makes_a_perfect_correlation() {
        assert_eq!(correlation(-0.003, Lang::En), "−.003");
        assert_eq!(correlation(0.998, Lang::Ja), "0.998");
        assert_eq!(correlation(-1e-17, Lang::En), ".00");
        assert_eq!(correlation_beside(0.1982, 0.2, Lang::En), ".198");
        assert_eq!(correlation_beside(-0.998, 0.2, Lang::En), correlation(-0.998, Lang::En));
    }

    #[test]
    fn p_values_stop_at_a_thousandth() {
        assert_eq!(p(0.0004, Lang::En), "p < .001");
        assert_eq!(p(0.003, Lang::Ja), "p = 0.003");
        assert_eq!(p_cell(0.9999, Lang::En), "> .999");
        assert_eq!(p_cell(0.05, Lang::En), ".050");
    }

    #[test]
    fn thousands_are_grouped_and_minus_is_a_minus() {
        assert_eq!(fixed(-12345.678, 1), "−12,345.7");
        assert_eq!(fixed(-0.04, 1), "0.0");
        assert_eq!(signed(3.54, 1), "+3.5");
        assert_eq!(signed(0.01, 1), "0.0");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(percent(0.364), "36%");
        assert_eq!(level(0.999), "99.9%");
    }

    #[test]
    fn unknown_scales_keep_significant_digits() {
        assert_eq!(general(0.000_012_345_6), "1.2346e−5");
        assert_eq!(general(1234.5), "1,234.5");
        assert_eq!(general(5.0), "5");
        assert_eq!(general(-3.482_258_634_6e6), "−3,482,259");
        assert_eq!(decimals(0.31, 2), Some(2));
        assert_eq!(decimals(1e-9, 2), None);
        assert_eq!(decimals(890_420.0, 2), Some(0));
    }

    #[test]
    fn dates_follow_the_language() {
        assert_eq!(date("2018-07-12", Lang::En), "2018-07-12");
        assert_eq!(date("2018-07-12", Lang::Ja), "2018年7月12日");
        assert_eq!(date("2018-07", Lang::En), "2018-07");
        assert_eq!(date("2018-07", Lang::Ja), "2018年7月");
        assert_eq!(date("spring", Lang::Ja), "spring");
    }
}
