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
fn what_all_raters_agree_on_is_their_mean_to_the_last_digit() {
    let rows = |total: [&str; 3]| {
        let row = |(rater, total): (usize, &str)| format!("A,R{rater},50,{total}\n");
        let rows: String = (1..).zip(total).map(row).collect();
        let csv = format!("respondent_id,rater_id,ssi_total,score_total\n{rows}B,R1,60,4\n");
        let read = cohort(csv.as_bytes(), "t", &Codebook::default()).unwrap();
        let total = read.table.column("score_total").unwrap();
        (total.numbers().unwrap()[0].unwrap(), total.rest.as_ref().map_or(0.0, |rest| rest[0]))
    };
    let alone = rows(["0.1", "", ""]);
    assert_eq!(rows(["0.1"; 3]), (0.1, -5.551115123125783e-18), "and not 0.10000000000000002");
    assert_eq!(alone.0, 0.1);
    assert_eq!(rows(["0.5", "1", "1.5"]), (1.0, 0.0));
    assert_eq!(rows(["0.5", "0.25", "0.75"]), (0.5, 0.0));
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
