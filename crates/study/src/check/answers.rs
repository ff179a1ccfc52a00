//! What a file's columns are enough for.

use ssi_cohort::{ITEMS, PILLARS};
use ssi_vocab::{Answerable, Recognised};

/// The claims and analyses with the columns that each needs. C1, C2 and C4 rest on counts that
/// stand in the plan; C12 on no number at all.
const NEEDS: [(&str, &[&str]); 14] = [
    ("C7", &["score_total", "ssi_total"]),
    ("C3", &["last_active"]),
    ("C5", &["conn_count"]),
    ("C6", &["conn_display", "ssi_total"]),
    ("C8", &["conn_display", "ssi_total"]),
    ("C8b", &["score_total", "ssi_total", "conn_display"]),
    ("C9", &["score_total", "ssi_total"]),
    ("C10", &["respondent_id", "rater_id"]),
    ("C11", &["hours_prepared"]),
    ("pillars", &PILLARS),
    ("items", &ITEMS),
    ("groups", &["region"]),
    ("sessions", &["session_id"]),
    ("change", &["respondent_id", "wave"]),
];

/// What answers may stand for what is needed: any column of groups for the first of them.
const GROUPS: [&str; 4] = ["region", "profile_lang", "industry", "account_type"];

/// Which claims and analyses the recognised columns are enough for.
pub(super) fn answers(columns: &[Recognised]) -> Vec<Answerable> {
    let has = |name: &str| columns.iter().any(|column| column.canonical.as_deref() == Some(name));
    let found = |name: &&&str| match **name {
        "score_total" => has("score_total") || ITEMS.iter().all(|item| has(item)),
        "region" => GROUPS.iter().any(|group| has(group)),
        name => has(name),
    };
    let answer = |(id, needs): &(&str, &[&str])| {
        let needs: Vec<String> =
            needs.iter().filter(|name| !found(name)).map(|name| (*name).to_owned()).collect();
        Answerable { id: (*id).to_owned(), answerable: needs.is_empty(), needs }
    };
    NEEDS.iter().map(answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::How;

    #[test]
    fn ten_items_are_as_good_as_a_total_and_what_lacks_is_named() {
        let column = |name: &&str| Recognised {
            header: (*name).to_owned(),
            place: 1,
            canonical: Some((*name).to_owned()),
            how: How::CanonicalName,
            confidence: How::CanonicalName.confidence(),
            guess: None,
            filled: 1,
        };
        let columns: Vec<Recognised> =
            ITEMS.iter().chain(&["ssi_total", "industry"]).map(column).collect();
        let answers = answers(&columns);
        let of = |id: &str| answers.iter().find(|a| a.id == id).unwrap();
        assert!(of("C7").answerable && of("items").answerable && of("groups").answerable);
        assert_eq!(of("C8b").needs, ["conn_display"]);
        assert!(!of("pillars").answerable);
    }
}
