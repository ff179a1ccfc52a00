//! Columns and cells that say who somebody is.

use crate::grid::Headed;
use crate::number::{fold, shape};

/// How many filled cells of a column are looked at.
const CELLS_TRIED: usize = 200;

/// Headers of columns that say who somebody is. Spaces, hyphens and underscores don't count.
const PERSONAL: [(Personal, &[&str]); 5] = [
    (
        Personal::Name,
        &[
            "name",
            "names",
            "fullname",
            "firstname",
            "lastname",
            "surname",
            "familyname",
            "givenname",
            "yourname",
            "username",
            "氏名",
            "名前",
            "お名前",
            "姓",
            "名",
            "姓名",
            "フルネーム",
            "フリガナ",
            "ふりがな",
            "回答者名",
            "氏名(漢字)",
            "ユーザー名",
            "ニックネーム",
        ],
    ),
    (
        Personal::Mail,
        &[
            "email",
            "emails",
            "mail",
            "emailaddress",
            "mailaddress",
            "e-mail",
            "メール",
            "メールアドレス",
            "eメール",
            "電子メール",
        ],
    ),
    (
        Personal::Telephone,
        &[
            "phone",
            "phonenumber",
            "tel",
            "telephone",
            "mobile",
            "mobilephone",
            "cellphone",
            "cell",
            "電話",
            "電話番号",
            "携帯",
            "携帯電話",
            "携帯番号",
            "連絡先電話番号",
        ],
    ),
    (
        Personal::Profile,
        &[
            "url",
            "profileurl",
            "linkedinurl",
            "linkedin",
            "linkedinprofile",
            "linkedinprofileurl",
            "profilelink",
            "publicprofileurl",
            "website",
            "プロフィールurl",
            "プロフィールのurl",
            "プロフィールリンク",
            "linkedinのurl",
            "リンクトインurl",
            "公開プロフィールurl",
        ],
    ),
    (Personal::Address, &["address", "postaladdress", "住所", "郵便番号"]),
];

/// Parts of a header that suffice, as in `メールアドレス（必須）` or `Your e-mail, please`.
const PERSONAL_PARTS: [(Personal, &[&str]); 4] = [
    (Personal::Name, &["氏名", "お名前", "fullname", "firstname", "lastname"]),
    (Personal::Mail, &["email", "メールアドレス"]),
    (Personal::Telephone, &["電話番号", "携帯番号", "携帯電話", "phonenumber"]),
    (Personal::Profile, &["profileurl", "プロフィールurl", "linkedinurl"]),
];

/// What says who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Personal {
    Name,
    Mail,
    Telephone,
    Profile,
    Address,
}

impl Personal {
    /// In words, for the refusal.
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Name => "names",
            Self::Mail => "e-mail addresses",
            Self::Telephone => "telephone numbers",
            Self::Profile => "profile addresses",
            Self::Address => "addresses",
        }
    }

    /// How well it tells people apart, the best first; none where different people share one.
    pub(crate) fn rank(self) -> Option<u8> {
        match self {
            Self::Mail => Some(0),
            Self::Profile => Some(1),
            Self::Telephone => Some(2),
            Self::Name | Self::Address => None,
        }
    }
}

/// What a header says that its column holds.
pub(crate) fn of_header(header: &str) -> Option<Personal> {
    let key: String = fold(header)
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '・' | ':' | '.'))
        .collect();
    let whole = PERSONAL.iter().find(|(_, headers)| headers.contains(&key.as_str()));
    let part =
        || PERSONAL_PARTS.iter().find(|(_, parts)| parts.iter().any(|part| key.contains(part)));
    whole.or_else(part).map(|(what, _)| *what)
}

/// What a column holds, by its header or by what most of its filled cells look like.
pub(crate) fn of_column(headed: &Headed<'_>, at: usize) -> Option<Personal> {
    of_header(&headed.header[at]).or_else(|| of_cells(headed, at))
}

/// What a column that should hold numbers holds instead: by its cells, or by its header, such as
/// `URL`, unless most cells are numbers or as short as `○` and `yes`.
pub(crate) fn of_numbers(headed: &Headed<'_>, at: usize) -> Option<Personal> {
    let is_score = |cell: &&str| cell.chars().count() < 4 || shape(&fold(cell)).is_some();
    let by_header = || {
        let what = of_header(&headed.header[at])?;
        let cells = filled(headed, at);
        let scores = cells.iter().filter(|cell| is_score(cell)).count();
        (2 * scores <= cells.len()).then_some(what)
    };
    of_cells(headed, at).or_else(by_header)
}

/// The first filled cells of a column.
fn filled<'l>(headed: &'l Headed<'_>, at: usize) -> Vec<&'l str> {
    let cells = headed.lines.iter().map(|line| line.cell(at)).filter(|cell| !cell.is_empty());
    cells.take(CELLS_TRIED).collect()
}

/// What most of a column's filled cells look like. The same text in every row, such as the address
/// of the survey, tells nobody apart.
pub(crate) fn of_cells(headed: &Headed<'_>, at: usize) -> Option<Personal> {
    let cells = filled(headed, at);
    if cells.len() > 1 && cells.iter().all(|cell| *cell == cells[0]) {
        return None;
    }
    let told = |cell: &&str| {
        let cell = fold(cell);
        of_cell(&cell).or_else(|| is_bare_telephone(&cell).then_some(Personal::Telephone))
    };
    let found: Vec<Option<Personal>> = cells.iter().map(told).collect();
    let of = |what| found.iter().filter(|one| **one == Some(what)).count();
    [Personal::Mail, Personal::Profile, Personal::Telephone]
        .into_iter()
        .find(|what| of(*what) > 0 && 2 * of(*what) >= found.len())
}

/// What a cell says about a person, whatever its column is called. The text is folded.
pub(crate) fn of_cell(text: &str) -> Option<Personal> {
    if is_telephone(text) {
        return Some(Personal::Telephone);
    }
    // All others have one of the three.
    if !text.contains(['@', '.', ':']) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let is_mail = lower.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !user.contains(char::is_whitespace) && host.contains('.')
    });
    if is_mail {
        return Some(Personal::Mail);
    }
    ["http://", "https://", "www.", "linkedin.com/"]
        .iter()
        .any(|mark| lower.contains(mark))
        .then_some(Personal::Profile)
}

/// A number to call: 10 to 15 digits, the first of them a 0 or after a plus sign, with the usual
/// marks between them and nothing else (`090-1234-5678`, `+34 600 123 456`). Digits alone may be
/// anything.
fn is_telephone(text: &str) -> bool {
    let is_mark = |c: char| matches!(c, '-' | '(' | ')' | ' ' | '.');
    let digits = || text.chars().filter(char::is_ascii_digit);
    let plus = text.starts_with('+');
    (plus || text.trim_start_matches('(').starts_with('0') && text.contains(is_mark))
        && text[usize::from(plus)..].chars().all(|c| c.is_ascii_digit() || is_mark(c))
        // One point alone makes a decimal number.
        && text.chars().filter(|c| is_mark(*c)).ne(['.'])
        && (10..=15).contains(&digits().count())
}

/// A number to call without marks: in a column of such, what else could it be.
fn is_bare_telephone(text: &str) -> bool {
    (10..=11).contains(&text.len())
        && text.starts_with('0')
        && !text.starts_with("00")
        && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_are_told_from_other_numbers() {
        for text in
            ["090-1234-5678", "+34 600 123 456", "+819012345678", "(03) 1234-5678", "03.1234.5678"]
        {
            assert_eq!(of_cell(text), Some(Personal::Telephone), "{text}");
        }
        for text in [
            "",
            "0",
            "+",
            "(",
            "0.123456789012",
            "+0.123456789012",
            "1234567890",
            "0123456789",
            "2018-07-12",
            "01-02-2018",
            "500+",
            "U0001",
            "-0.5",
            "01234-56789012345",
            "+1+2345678901",
        ] {
            assert_eq!(of_cell(text), None, "{text}");
        }
        assert!(is_bare_telephone("09012345678") && is_bare_telephone("0312345678"));
        assert!(!is_bare_telephone("0000000001") && !is_bare_telephone("９０"));
    }

    #[test]
    fn headers_are_known_in_both_languages() {
        for (header, what) in [
            ("E-mail", Personal::Mail),
            ("メールアドレス（必須）", Personal::Mail),
            ("電話", Personal::Telephone),
            ("携帯", Personal::Telephone),
            ("Mobile phone", Personal::Telephone),
            ("TEL", Personal::Telephone),
            ("LinkedIn URL", Personal::Profile),
            ("氏名", Personal::Name),
            ("住所", Personal::Address),
        ] {
            assert_eq!(of_header(header), Some(what), "{header}");
        }
        for header in ["region", "item_url", "comment", "携帯からの利用", "名称"] {
            assert_eq!(of_header(header), None, "{header}");
        }
    }
}
