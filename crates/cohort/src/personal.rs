//! Columns and cells that say who somebody is.

use crate::number::{capped, fold, shape};

/// What forms write for somebody who gave no name.
const NOBODY: [&str; 3] = ["anonymous", "匿名", "匿名ユーザー"];

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
            "カナ",
            "かな",
            "ユーザー名",
            "ニックネーム",
            "nombre",
            "apellidos",
            "nom",
            "prénom",
            "vorname",
            "nachname",
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
            "correo",
            "courriel",
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
            "teléfono",
            "téléphone",
            "telefon",
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
    (
        Personal::Address,
        &["address", "postaladdress", "contactdetails", "住所", "郵便番号", "連絡先"],
    ),
];

/// Parts of a header that suffice, as in `メールアドレス（必須）` or `Your e-mail, please`.
const PERSONAL_PARTS: [(Personal, &[&str]); 4] = [
    (
        Personal::Name,
        &[
            "氏名",
            "お名前",
            "フルネーム",
            "fullname",
            "firstname",
            "lastname",
            "nameofrespondent",
            "respondentname",
            "participantname",
            "nameofparticipant",
        ],
    ),
    (Personal::Mail, &["email", "メールアドレス", "correoelectrónico"]),
    (Personal::Telephone, &["電話番号", "携帯番号", "携帯電話", "phonenumber"]),
    (Personal::Profile, &["profileurl", "profilelink", "プロフィールurl", "linkedinurl"]),
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
    let folded = fold(header).to_lowercase();
    let bare = folded.split(['(', '[']).next().filter(|bare| !bare.trim().is_empty());
    let key: String = bare
        .unwrap_or(&folded)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '・' | ':' | '.'))
        .collect();
    let whole = PERSONAL.iter().find(|(_, headers)| headers.contains(&key.as_str()));
    let all: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let part =
        || PERSONAL_PARTS.iter().find(|(_, parts)| parts.iter().any(|part| all.contains(part)));
    whole.or_else(part).map(|(what, _)| *what)
}

/// What a column holds, by its header or by what most of its filled cells look like. Nobody is told
/// by a column without content, or one that says `anonymous` in each row; nor by whether there is an
/// address (`連絡先`: `可`).
pub(crate) fn of_column(header: &str, cells: &[&str]) -> Option<Personal> {
    let nobody = |cell: &&str| NOBODY.contains(&fold(cell).to_lowercase().as_str());
    if cells.iter().all(nobody) {
        return None;
    }
    let is_one = |what: &Personal| *what != Personal::Address || !mostly(cells, is_answer);
    of_header(header).filter(is_one).or_else(|| of_cells(cells))
}

/// What a column that should hold numbers holds instead: by its cells, or by its header, such as
/// `URL`, unless most cells are numbers or short words.
pub(crate) fn of_numbers(header: &str, cells: &[&str]) -> Option<Personal> {
    let by_header = || of_header(header).filter(|_| !cells.is_empty() && !mostly(cells, is_answer));
    of_cells(cells).or_else(by_header)
}

fn mostly(cells: &[&str], is_so: fn(&str) -> bool) -> bool {
    2 * cells.iter().filter(|cell| is_so(cell)).count() >= cells.len()
}

/// True for a number that is too short to be called.
fn is_number(cell: &str) -> bool {
    let text = fold(cell);
    text.len() < 8 && shape(capped(&text).unwrap_or(&text)).is_some()
}

/// True for a number, or what is as short as `○`, `yes` and `nein`.
fn is_answer(cell: &str) -> bool {
    cell.chars().count() <= 4 || is_number(cell)
}

/// What a column of identifiers holds instead of codes, as far as its cells taken one by one don't tell.
pub(crate) fn of_identifiers(cells: &[&str]) -> Option<Personal> {
    let mobile = cells.iter().filter(|cell| is_mobile(&fold(cell))).count();
    (mobile > 0 && 2 * mobile >= cells.len()).then_some(Personal::Telephone)
}

/// What most of a column's filled cells look like. The same text in every row, such as the address
/// of the survey, tells nobody apart.
pub(crate) fn of_cells(cells: &[&str]) -> Option<Personal> {
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

/// What a cell says about a person, whatever its column is called, be it among other words. The text
/// is folded.
pub(crate) fn of_cell(text: &str) -> Option<Personal> {
    if has_telephone(text) {
        return Some(Personal::Telephone);
    }
    // All others have one of these.
    if !text.contains(['@', '.', ':', '/']) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if has_mail(&lower) {
        return Some(Personal::Mail);
    }
    let is_path = lower
        .strip_prefix("/in/")
        .is_some_and(|name| name.len() > 2 && !name.contains(char::is_whitespace));
    let link = ["http://", "https://", "www.", "linkedin.com/", "lnkd.in/"];
    (is_path || link.iter().any(|mark| lower.contains(mark))).then_some(Personal::Profile)
}

/// True where an e-mail address stands in a text: a name and a host with a point around an `@`.
fn has_mail(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '%');
        let host = text[at + 1..].split(|c| !is_part(c)).next().unwrap_or_default();
        let named = host.trim_end_matches('.').split_once('.');
        text[..at].ends_with(is_part)
            && named.is_some_and(|(host, rest)| !host.is_empty() && !rest.is_empty())
    })
}

/// Signs that stand between the digits of a telephone number, the long vowel that a Japanese keyboard
/// gives for a hyphen among them.
fn is_mark(c: char) -> bool {
    matches!(c, '-' | '(' | ')' | ' ' | '.' | 'ー' | '‐' | '‑' | '–' | '—')
}

/// True where a number to call stands in a text, be it among words: there it has to be written as
/// such numbers are (`03-1234-5678`, `+81 90 1234 5678`, `(415) 555-0001`), and to touch no letter.
fn has_telephone(text: &str) -> bool {
    // Fewer digits are no number to call.
    if text.len() < 10 || text.bytes().filter(u8::is_ascii_digit).count() < 10 {
        return false;
    }
    let is_sign = |c: char| c.is_ascii_digit() || is_mark(c) || c == '+';
    if text.chars().all(is_sign) && is_telephone(text) {
        return true;
    }
    let mut rest = text;
    while let Some(start) = rest.find(is_sign) {
        let run = &rest[start..];
        let length = run.find(|c| !is_sign(c)).unwrap_or(run.len());
        let bare = run[..length].trim_matches([' ', '.']);
        let at = length - run[..length].trim_start_matches([' ', '.']).len();
        let touches = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '/');
        let before = if at == 0 { rest[..start].chars().last() } else { None };
        let behind = if at + bare.len() == length { run[length..].chars().next() } else { None };
        if !touches(before) && !touches(behind) && is_written_out(bare) {
            return true;
        }
        rest = &run[length..];
    }
    false
}

/// A number to call as it is written out: an area of two to five digits that begins with 0 and two
/// more groups, ten or eleven digits in all; with a plus sign ten to fifteen digits; or an American
/// area in brackets.
fn is_written_out(text: &str) -> bool {
    let groups: Vec<&str> = text.split(is_mark).filter(|group| !group.is_empty()).collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let n: usize = lengths.iter().sum();
    if let Some(rest) = text.strip_prefix('+') {
        return (10..=15).contains(&n) && !rest.contains(['+', '.']);
    }
    match lengths[..] {
        [area @ 2..=5, middle @ 1..=4, last @ 3..=4] => {
            let american = text.starts_with('(') && (area, middle, last) == (3, 3, 4);
            !text.contains('+') && (american || groups[0].starts_with('0') && (n == 10 || n == 11))
        }
        _ => false,
    }
}

/// A cell that is nothing but a number to call: 10 to 15 digits, the first of them a 0 or after a plus
/// sign, with the usual marks between them (`090-1234-5678`, `+34 600 123 456`), or an American one
/// (`(415) 555-0001`). Digits alone may be anything.
fn is_telephone(text: &str) -> bool {
    let digits = || text.chars().filter(char::is_ascii_digit);
    let plus = text.starts_with('+');
    (plus
        || text.trim_start_matches('(').starts_with('0') && text.contains(is_mark)
        || text.starts_with('(') && is_written_out(text))
        && text[usize::from(plus)..].chars().all(|c| c.is_ascii_digit() || is_mark(c))
        // One point alone makes a decimal number, and blanks around a hyphen a range.
        && text.chars().filter(|c| is_mark(*c)).ne(['.'])
        && !text.contains(" - ")
        && (10..=15).contains(&digits().count())
}

/// A Japanese mobile number without marks, which no numbering of respondents looks like.
fn is_mobile(text: &str) -> bool {
    text.len() == 11
        && ["070", "080", "090"].iter().any(|prefix| text.starts_with(prefix))
        && text.bytes().all(|b| b.is_ascii_digit())
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
            "0.5 0.5 1 0 1 0.5 0 0 1 1 points",
            "2018-07-12 10:00:00",
            "score 0.123456789012",
            "a/b",
            "in/house",
            "me@work fine",
            "3f2a0412-7365-4817-9b0c-1f2e3d4c5b00",
            "0412-7365-4817-9b0c",
            "A.0001-2018-0012",
            "A/0001-2018-0012",
            "S(0001)-2018-07-01",
            "JP 001 2018 07 12 01",
            "id 555-010-2001",
            "123-456-7801",
            "2018-07-12 10:00 - 2018-07-13 09:00",
            "01-07-2018 10:30",
            "FY 04-2018 - 03-2019",
            "ISBN 0-306-40610-2",
            "paid 0 000 000 000 yen",
            "in/",
            "@taro",
        ] {
            assert_eq!(of_cell(text), None, "{text}");
        }
        for text in [
            "call +81-90-1234-5678 please",
            "090ー1234ー5678",
            "東京 090-1234-5678",
            "(415) 555-0001",
            "Tel.03-1234-5678まで",
            "連絡は+81 90 1234 5678",
            "call +819012345678 please",
        ] {
            assert_eq!(of_cell(text), Some(Personal::Telephone), "{text}");
        }
        for text in ["my mail is taro@example.com", "<a.b+c@x.org>", "a@b.org."] {
            assert_eq!(of_cell(text), Some(Personal::Mail), "{text}");
        }
        for text in ["/in/taro1", "/in/taro", "lnkd.in/abc", "jp.linkedin.com/in/x"] {
            assert_eq!(of_cell(text), Some(Personal::Profile), "{text}");
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
            ("名前（フルネーム）", Personal::Name),
            ("Name of respondent", Personal::Name),
            ("Correo electrónico", Personal::Mail),
            ("LinkedIn profile link", Personal::Profile),
        ] {
            assert_eq!(of_header(header), Some(what), "{header}");
        }
        for header in ["region", "item_url", "comment", "携帯からの利用", "名称"] {
            assert_eq!(of_header(header), None, "{header}");
        }
    }
}
