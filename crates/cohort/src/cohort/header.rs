//! Which row is the header, and what its columns mean.

use super::{Columns, ITEMS, Known};
use crate::grid::{Grid, Headed, title};
use crate::ledger::Ledger;
use crate::number::fold;
use crate::{Codebook, Error, Result};
use ssi_vocab::{Change, Rule};

/// How many rows of titles may stand above the header.
const MOST_TITLES: usize = 10;

/// Headers of columns that say who somebody is. Spaces, hyphens and underscores don't count.
const PERSONAL: [(&str, &[&str]); 5] = [
    (
        "names",
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
        "e-mail addresses",
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
        "telephone numbers",
        &["phone", "phonenumber", "tel", "telephone", "mobile", "電話", "電話番号", "携帯番号"],
    ),
    (
        "profile addresses",
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
    ("addresses", &["address", "postaladdress", "住所", "郵便番号"]),
];

/// The header's place among the lines: the one with the most known columns, the first of equals.
pub(crate) fn find(grid: &Grid, codebook: &Codebook) -> usize {
    let known = |at: usize| {
        let titles: Vec<String> = grid.lines[at].cells.iter().map(title).collect();
        codebook.known(&titles)
    };
    let counts: Vec<usize> = (0..grid.lines.len().min(MOST_TITLES + 1)).map(known).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    counts.iter().position(|count| *count == most).unwrap_or(0)
}

/// The ledger's line about title rows above the header.
pub(crate) fn titles(grid: &Grid, header: usize) -> Option<Change> {
    let first = grid.lines.first().filter(|_| header > 0)?;
    Some(Change {
        rule: Rule::DroppedRow,
        column: String::new(),
        count: header,
        first_row: first.number,
        found: String::new(),
        read_as: String::new(),
    })
}

/// Recognises the columns, and refuses a header that lacks or repeats a required one or names
/// people.
pub(super) fn recognise<'a>(
    headed: &Headed,
    name: &str,
    codebook: &'a Codebook,
    needs_ssi: bool,
    ledger: &mut Ledger,
) -> Result<Columns<'a>> {
    let found = codebook.columns(&headed.header, name)?;
    for (at, header) in headed.header.iter().enumerate() {
        if found.values().any(|used| *used == at) {
            continue;
        }
        if let Some(what) = personal(header) {
            return Err(Error::Personal { name: name.to_owned(), header: header.clone(), what });
        }
        let order = codebook.fields().len() + at;
        ledger.note(Rule::Ignored, (order, header), headed.row, header, String::new);
    }
    let columns: Vec<Known<'a>> = found
        .iter()
        .map(|(order, at)| Known { field: &codebook.fields()[*order], at: *at, order: *order })
        .collect();
    for known in &columns {
        let header = &headed.header[known.at];
        let canonical = &known.field.name;
        if header != canonical {
            let place = (known.order, canonical.as_str());
            ledger.note(Rule::Renamed, place, headed.row, header, || canonical.clone());
        }
    }
    let columns = Columns(columns);
    let missing = |column: String, example: &str| Error::MissingColumn {
        name: name.to_owned(),
        column,
        example: example.to_owned(),
        header: headed.header.clone(),
    };
    if needs_ssi && columns.place("ssi_total").is_none() {
        return Err(missing("ssi_total".to_owned(), "ssi_total"));
    }
    let absent: Vec<&str> =
        ITEMS.iter().filter(|item| columns.place(item).is_none()).copied().collect();
    if columns.place("score_total").is_none() && !absent.is_empty() {
        let whole = absent.len() == ITEMS.len();
        return Err(if whole {
            missing("score_total (or all ten items)".to_owned(), "score_total")
        } else {
            missing(format!("{} (or score_total)", absent.join(", ")), absent[0])
        });
    }
    Ok(columns)
}

/// Parts of a header that suffice, as in `メールアドレス（必須）` or `Your e-mail, please`.
const PERSONAL_PARTS: [(&str, &[&str]); 4] = [
    ("names", &["氏名", "お名前", "fullname", "firstname", "lastname"]),
    ("e-mail addresses", &["email", "メールアドレス"]),
    ("telephone numbers", &["電話番号", "phonenumber"]),
    ("profile addresses", &["profileurl", "プロフィールurl", "linkedinurl"]),
];

fn personal(header: &str) -> Option<&'static str> {
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

/// What a cell says about a person, whatever its column is called.
pub(super) fn personal_cell(text: &str) -> Option<&'static str> {
    // All of these have one of the three.
    if !text.contains(['@', '.', ':']) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let is_mail = lower.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !user.contains(char::is_whitespace) && host.contains('.')
    });
    if is_mail {
        return Some("e-mail addresses");
    }
    ["http://", "https://", "www.", "linkedin.com/"]
        .iter()
        .any(|mark| lower.contains(mark))
        .then_some("profile addresses")
}
