//! Single cells: what of them may be told, and where raters differ.

use ssi_cohort::{Codebook, Options, cohort, inspect};

#[test]
fn what_says_who_somebody_is_is_not_repeated_from_a_number_column_either() {
    let csv = "respondent_id,ssi_total,score_total,conn_display\nA,taro@example.jp,4,30\n\
               B,50,090-1234-5678,40\nC,52,7,30\nD,1O3,7,30\n";
    let read = cohort(csv.as_bytes(), "t", &Codebook::default()).unwrap();
    let values: Vec<&str> = read.excluded.iter().map(|e| e.value.as_str()).collect();
    assert_eq!(values, ["", "", "1O3"]);
    let seen = inspect(csv.as_bytes(), "t", &Codebook::default(), &Options::default()).unwrap();
    assert!(seen.ledger.entries().all(|e| !e.value.contains(['@', '-'])));
}

#[test]
fn items_on_which_raters_differ_are_told() {
    let items = ssi_cohort::ITEMS.join(",");
    let head = format!("respondent_id,rater_id,ssi_total,{items}\n");
    let row =
        |id: &str, rater: &str, url: &str| format!("{id},{rater},50,1,0.5,1,1,1,1,1,0,{url},0.5\n");
    let csv = head + &row("A", "R1", "0") + &row("A", "R2", "1") + &row("B", "R1", "1");
    let read = cohort(csv.as_bytes(), "t", &Codebook::default()).unwrap();
    assert_eq!(read.disputed, [(2, "item_url".to_owned())]);
    assert_eq!(read.table.column("item_url").unwrap().numbers().unwrap()[0], Ok(0.5));
}
