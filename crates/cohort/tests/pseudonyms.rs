//! Identifiers replaced by keyed codes: who is joined, what is dropped, what is told of it.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use ssi_cohort::{Codebook, Cohort, Error, Key, Options, cohort_with, inspect};
use ssi_vocab::{How, Rule};

fn read(text: &str, key: Option<Key>) -> Result<Cohort, Error> {
    let options = Options { pseudonymise: key, ..Options::default() };
    cohort_with(text.as_bytes(), "t.csv", &Codebook::default(), &options)
}

fn key() -> Key {
    Key::new((0..32).collect()).unwrap()
}

#[test]
fn without_a_key_a_column_that_identifies_people_refuses_the_file_by_header_or_by_content() {
    for (header, cell) in [
        ("氏名", "山田太郎"),
        ("E-mail", "x"),
        ("携帯", "x"),
        ("連絡先", "090-1234-5678"),
        ("連絡先", "0901234567"),
        ("contact", "ann@example.org"),
        ("who", "https://www.linkedin.com/in/ann"),
    ] {
        let text = format!("ssi_total,score_total,{header}\n50,5,{cell}\n40,4,{cell}2\n");
        let error = read(&text, None).unwrap_err();
        assert!(matches!(error, Error::Personal { .. }), "{header}: {error}");
        assert!(error.to_string().contains("--pseudonymise --key-file"), "{error}");
        let read = read(&text, Some(key())).unwrap();
        assert_eq!(read.table.n_rows(), 2);
    }
    // One address in a column of comments is no column of addresses, which is not used anyway.
    let comments =
        "ssi_total,score_total,comment\n50,5,see a@b.org\n40,4,fine\n30,3,none\n20,2,-\n";
    assert!(read(comments, None).is_ok());
    // Nor is the survey's own address in every row.
    let form = "ssi_total,score_total,form\n50,5,https://x.org/f\n40,4,https://x.org/f\n";
    assert!(read(form, None).is_ok());
}

#[test]
fn a_column_called_url_is_an_item_where_it_holds_scores_and_personal_where_it_holds_links() {
    let file = |header: &str, cells: [&str; 3]| {
        let row = |(at, cell): (usize, &str)| format!("{},{},{cell}\n", 50 + at, at);
        let rows: String = cells.into_iter().enumerate().map(row).collect();
        format!("ssi_total,score_total,{header}\n{rows}")
    };
    let links = ["linkedin.com/in/ann", "https://www.linkedin.com/in/bob", ""];
    for header in ["URL", "カスタムURL", "プロフィールURL"] {
        let scored = read(&file(header, ["1", "0", ""]), None).unwrap();
        assert!(scored.table.has("item_url"), "{header}");
        let error = read(&file(header, links), None).unwrap_err();
        assert!(matches!(error, Error::Personal { .. }), "{header}: {error}");
        let keyed = read(&file(header, links), Some(key())).unwrap();
        assert_eq!((keyed.rows_used, keyed.table.has("item_url")), (3, false), "{header}");
    }
    // Names of one's own for the end of a link are told by the header alone.
    let error = read(&file("URL", ["ann-b", "bob-c", "zoe-d"]), None).unwrap_err();
    assert!(matches!(error, Error::Personal { .. }), "{error}");
    let signs = read(&file("URL", ["○", "1", "yes"]), None).unwrap();
    assert_eq!((signs.rows_used, signs.rows_excluded), (1, 2));
}

#[test]
fn what_is_dropped_or_keyed_has_one_line_and_keeps_its_place() {
    let text = "氏名,回答者ID,メール,SSI,合計点,地域\n\
        Ann,U1,a@x.org,50,5,JP\nBob,U2,b@x.org,40,4,c@x.org\nCid,U3,c@x.org,30,3,JP\n";
    let options = Options { pseudonymise: Some(key()), ..Options::default() };
    let seen = inspect(text.as_bytes(), "t.csv", &Codebook::default(), &options).unwrap();
    let told: Vec<(usize, &str, &str, &str)> = seen
        .ledger
        .entries()
        .filter(|e| e.cause.code().1 != "renamed")
        .map(|e| (e.row, e.header, e.cause.code().1, e.value))
        .collect();
    let expected = [
        (1, "氏名", "personal_dropped", ""),
        (1, "回答者ID", "pseudonymised", ""),
        (1, "メール", "personal_dropped", ""),
        (3, "地域", "personal_dropped", ""),
    ];
    assert_eq!(told, expected);
    let columns: Vec<(usize, &str, How)> =
        seen.columns.iter().map(|c| (c.place, c.header.as_str(), c.how)).collect();
    assert_eq!(columns[0], (1, "氏名", How::Personal));
    assert_eq!(columns[1], (2, "回答者ID", How::KnownHeader));
    assert_eq!((columns[5].0, columns[5].1, seen.columns[2].filled), (6, "地域", 3));
}

#[test]
fn rows_of_one_person_are_joined_however_the_address_is_written() {
    let text = "メールアドレス,氏名,rater_id,ssi_total,score_total\n\
        Ann@Example.org,Ann,R1,50,5\n\
        ann@example.org ,ann,R2,50,6\n\
        ａｎｎ@example.org,A.,R2,50,6\n\
        bob@example.org,Bob,R1,30,3\n\
        ,,R1,20,2\n";
    let cohort = read(text, Some(key())).unwrap();
    assert_eq!((cohort.table.n_rows(), cohort.respondents, cohort.rated_twice), (3, 3, 1));
    // The third row is the second once more.
    assert_eq!((cohort.rows_used, cohort.rows_dropped), (4, 1));
    let told = |rule| cohort.changes.iter().filter(|c| c.rule == rule).collect::<Vec<_>>();
    let keyed = told(Rule::Pseudonymised);
    assert_eq!(keyed.len(), 2);
    assert_eq!(
        (keyed[0].column.as_str(), keyed[0].read_as.as_str()),
        ("メールアドレス", "respondent_id")
    );
    assert_eq!(told(Rule::PersonalDropped)[0].column, "氏名");
    assert!(
        cohort.changes.iter().all(|c| !c.found.to_lowercase().contains("ann")),
        "{:?}",
        cohort.changes
    );
    // What is found does not hang on the key.
    let other = read(text, Key::new((9..49).collect())).unwrap();
    assert_eq!(cohort, other);
}

#[test]
fn an_identifier_of_the_codebook_goes_before_an_address() {
    let text = "respondent_id,email,ssi_total,score_total\n\
        U1,a@x.org,50,5\nU1,b@x.org,50,5\nＵ２,a@x.org,40,4\n";
    let cohort = read(text, Some(key())).unwrap();
    assert_eq!((cohort.respondents, cohort.rows_dropped), (2, 1));
}

#[test]
fn addresses_in_a_group_column_go_one_by_one_or_with_the_column() {
    let text = "region,session_id,ssi_total,score_total\n\
        EU,a@x.org,50,5\nJP,b@x.org,40,4\nc@x.org,c@x.org,30,3\nEU,d@x.org,20,2\n";
    assert!(read(text, None).is_err());
    let cohort = read(text, Some(key())).unwrap();
    assert!(!cohort.table.has("session_id"));
    let (levels, codes) = cohort.table.column("region").unwrap().groups();
    assert_eq!(levels, ["EU", "JP"]);
    assert_eq!(codes.iter().filter(|code| code.is_err()).count(), 1);
}

#[test]
fn a_ragged_row_stays_excluded_and_formulas_keep_their_places() {
    let text = "email,ssi_total,score_total,phone\n\
        a@x.org,50,5,1\nb@x.org,40,4\nc@x.org,30,3,1,2\n=1+1,20,2,1\nd@x.org,=9,3,1\n";
    let cohort = read(text, Some(key())).unwrap();
    let rows: Vec<(usize, &str, &str)> =
        cohort.excluded.iter().map(|e| (e.row, e.column.as_str(), e.reason.code())).collect();
    assert_eq!(rows, [(3, "", "ragged_row"), (4, "", "ragged_row"), (6, "ssi_total", "formula")]);
}
