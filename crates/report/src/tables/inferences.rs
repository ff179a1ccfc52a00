//! Correlations compared, shown to be small, and weighed against none.

use super::{Naming, header, interval_header, note, p_cell};
use crate::blocks::TableBlock;
use crate::number::{self, UNDEFINED};
use crate::terms::{named, word};
use ssi_vocab::{Analysis, Estimate, Lang, Results};

/// A table for each of the three questions that was asked.
pub(crate) fn inferences(results: &Results, lang: Lang) -> Vec<TableBlock> {
    let rows = |analysis| -> Vec<&Estimate> {
        results.estimates.iter().filter(|e| e.analysis == analysis).collect()
    };
    let tables = [
        (rows(Analysis::Comparison), "table.comparisons", "header.compared", "header.difference"),
        (rows(Analysis::Equivalence), "table.equivalence", "header.pair_bound", "header.estimate"),
        (rows(Analysis::BayesFactor), "table.bayes", "header.pair_prior", "header.bayes_factor"),
    ];
    let asked = tables.into_iter().filter(|(rows, ..)| !rows.is_empty());
    asked.map(|(rows, caption, first, value)| table(&rows, [caption, first, value], lang)).collect()
}

fn table(rows: &[&Estimate], [caption, first, value]: [&'static str; 3], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, first, false),
        header(lang, "header.group", false),
        header(lang, "header.method", false),
        header(lang, value, true),
        interval_header(lang, rows),
        header(lang, "header.interval_method", false),
        header(lang, "header.statistic", true),
        header(lang, "header.p", true),
        header(lang, "header.p_method", false),
        header(lang, "header.p_holm", true),
        header(lang, "header.p_bh", true),
        header(lang, "header.n", true),
        header(lang, "header.excluded", true),
        header(lang, "header.note", false),
    ];
    let cells = rows.iter().map(|e| {
        let (interval, test) = (e.interval.as_ref(), e.test.as_ref());
        let r = |value: f64| match e.analysis {
            Analysis::BayesFactor => factor(value),
            _ => Naming::Literal.correlation(value, lang),
        };
        let adjusted = |p: Option<ssi_vocab::PValue>| p_cell(p.map(|p| p.get()), lang);
        vec![
            e.term.clone(),
            e.group.clone().unwrap_or_default(),
            named(lang, "method", &e.method),
            e.value.map_or_else(|| UNDEFINED.to_owned(), r),
            interval.map(|i| number::range(&r(i.low), &r(i.high))).unwrap_or_default(),
            e.conf_method().map(|m| named(lang, "interval", m)).unwrap_or_default(),
            test.and_then(|t| t.statistic).map(|t| number::fixed(t, 2)).unwrap_or_default(),
            p_cell(test.map(|t| t.p_value.get()), lang),
            e.p_method().map(|m| named(lang, "test", m)).unwrap_or_default(),
            adjusted(test.and_then(|t| t.p_holm)),
            adjusted(test.and_then(|t| t.p_bh)),
            number::count(e.n_obs),
            number::count(e.n_excluded),
            note(e, lang),
        ]
    });
    TableBlock::new(word(lang, caption).to_owned(), columns, cells.collect())
}

/// A Bayes factor to three digits or so; it runs over hundreds of powers of ten.
fn factor(value: f64) -> String {
    if (0.01..1e6).contains(&value) {
        number::fixed(value, if value < 10.0 { 3 } else { 1 })
    } else {
        format!("{value:.2e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_has_a_few_digits_whatever_its_size() {
        let text: Vec<String> = [0.0123, 3.2159, 12_345.67, 1.5e-9, 2.346e200].map(factor).into();
        assert_eq!(text, ["0.012", "3.216", "12,345.7", "1.50e-9", "2.35e200"]);
    }

    #[test]
    fn each_question_has_a_table_of_its_own() {
        let mut results = Results::default();
        for analysis in [Analysis::Comparison, Analysis::Equivalence, Analysis::BayesFactor] {
            results.estimates.push(Estimate::new(analysis, "zou", "a, b", 20));
        }
        results.estimates.push(Estimate::new(Analysis::Correlation, "pearson", "a, b", 20));
        for lang in [Lang::En, Lang::Ja] {
            let captions: Vec<String> =
                inferences(&results, lang).into_iter().map(|t| t.caption).collect();
            assert_eq!(captions.len(), 3);
            assert!(captions.windows(2).all(|two| two[0] != two[1]));
        }
    }
}
