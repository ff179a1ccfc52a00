//! The intervals that rest on a cohort's further columns: those of a default report, and those of
//! single commands.

use super::intervals::{Row, coefficients, correlation, mean};
use super::sample::Sample;
use ssi_infer::correlate::{self, Controlled, Method, correlate_or_note};
use ssi_infer::groups;
use ssi_vocab::{Level, Paired, Table};

/// The report's parts of SSI, each correlated with the score.
const PARTS: [&str; 5] = ["brand", "find", "engage", "build", "without_brand"];
/// The variables of its matrix.
const MATRIX: [&str; 8] = ["score", "ssi", "brand", "find", "engage", "build", "contacts", "years"];
/// Its second model, and how the table calls the coefficients.
const WITH_CONTACTS: &str = "ssi ~ score + log2 + capped + region";
const TERMS: [(&str, &str); 6] = [
    ("(Intercept)", "contacts_intercept"),
    ("score", "contacts_score"),
    ("log2", "contacts_log2"),
    ("capped", "contacts_capped"),
    ("regionJP", "contacts_regionJP"),
    ("regionLATAM", "contacts_regionLATAM"),
];
/// Groups smaller than this have no row.
const SMALLEST_GROUP: usize = 10;

/// True for what is estimated by a single command and not by a default report.
pub fn by_command(estimate: &str) -> bool {
    const FIRST: [&str; 13] = [
        "biweight",
        "percentage_bend",
        "winsorized",
        "distance",
        "point_biserial",
        "polyserial",
        "polychoric",
        "partial ",
        "semipartial ",
        "t ",
        "welch",
        "mann_whitney",
        "anova",
    ];
    FIRST.iter().any(|first| estimate.starts_with(first))
}

/// What a default report prints beside the pair itself. What it leaves out for want of respondents
/// has no row.
pub(super) fn of_report(sample: &Sample) -> Vec<Row> {
    let mut rows = Vec::with_capacity(100);
    if !sample.cohort {
        return rows;
    }
    let table = &sample.table;
    for name in ["score", "brand", "find", "engage", "build", "years"] {
        mean(table, name, &format!("mean({name})"), &mut rows);
    }
    let pair = |table: &Table, x, y, method| correlate::pair(table, x, y, method).ok();
    for part in PARTS {
        if let Some(pair) = pair(table, "score", part, Method::Pearson) {
            let name = format!("pearson(score; {part})");
            correlation(&pair, Method::Pearson, "fisher_z", &name, &mut rows);
        }
    }
    for (i, x) in MATRIX.into_iter().enumerate() {
        for y in MATRIX.into_iter().skip(i + 1).filter(|y| (x, *y) != ("score", "ssi")) {
            if let Some(pair) = pair(table, x, y, Method::Spearman) {
                let name = format!("spearman({x}; {y})");
                correlation(&pair, Method::Spearman, "bonett_wright", &name, &mut rows);
            }
        }
    }
    for (region, pair) in by_region(table) {
        let name = format!("pearson in {region}");
        correlation(&pair, Method::Pearson, "fisher_z", &name, &mut rows);
    }
    if let Ok(fit) = sample.fit(WITH_CONTACTS) {
        let name = |term: &str| TERMS.iter().find(|(own, _)| *own == term).map_or("", |(_, n)| *n);
        coefficients(&fit, name, &mut rows);
    }
    rows
}

/// The pair in each region that is large enough.
fn by_region(table: &Table) -> Vec<(String, Paired)> {
    let Ok((levels, codes)) = table.column("region").map(|column| column.groups()) else {
        return Vec::new();
    };
    let one = |(code, name): (usize, String)| {
        let keep: Vec<bool> = codes.iter().map(|c| *c == Ok(code as u32)).collect();
        let pair = table.keep(&keep).paired("score", "ssi").ok()?;
        (pair.n_obs() >= SMALLEST_GROUP).then_some((name, pair))
    };
    levels.into_iter().enumerate().filter_map(one).collect()
}

/// The default intervals of `ssi cor` by its other methods and of `ssi groups`.
pub(super) fn of_commands(sample: &Sample) -> Vec<Row> {
    let mut rows = Vec::with_capacity(30);
    if !sample.cohort {
        return rows;
    }
    let table = &sample.table;
    let pairs = [
        ("score", Method::Biweight, "delta_z"),
        ("score", Method::PercentageBend, "delta_z"),
        ("score", Method::Winsorized, "delta_z"),
        ("score", Method::Distance, "delta_z"),
        ("url", Method::PointBiserial, "tate_z"),
        ("about", Method::Polyserial, "delta_z"),
    ];
    for (x, method, interval) in pairs {
        if let Ok(pair) = correlate::pair(table, x, "ssi", method) {
            let found = correlate_or_note(&pair, method, Level::DEFAULT);
            rows.push(Row::new(format!("{method}({x}; ssi)"), interval, Some(&found)));
            if method == Method::Polyserial {
                let full = correlate::full_likelihood(&pair, method).ok();
                let profile = full.map(|full| full.profile(Level::DEFAULT));
                rows.push(Row::new(format!("{method}({x}; ssi)"), "profile", profile.as_ref()));
            }
        }
    }
    if let Ok(pair) = correlate::pair(table, "about", "skills", Method::Polychoric) {
        let found = correlate_or_note(&pair, Method::Polychoric, Level::DEFAULT);
        rows.push(Row::new("polychoric(about; skills)", "delta_z", Some(&found)));
    }
    let kinds = [(Controlled::Both, "partial"), (Controlled::First, "semipartial")];
    for (kind, name) in kinds {
        for (method, interval) in
            Method::CLASSICAL.into_iter().zip(["fisher_z", "bonett_wright", "fieller"])
        {
            let found = correlate::partial(table, "score", "ssi", &["log2"], method, kind);
            let found = found.ok().map(|f| f.estimate(Level::DEFAULT));
            rows.push(Row::new(format!("{name} {method}(score; ssi)"), interval, found.as_ref()));
        }
    }
    for group in ["url", "about"] {
        let compared = groups::grouped(table, "ssi", group)
            .and_then(|grouped| groups::compare(&grouped, &[], Level::DEFAULT));
        for e in compared.iter().flatten() {
            let interval = match e.term.as_str() {
                "mean_difference" => "t",
                "cohens_d" | "hedges_g" => "noncentral_t",
                "shift" => "normal_corrected",
                "probability_of_superiority" | "rank_biserial" => "brunner_munzel",
                "eta_squared" | "omega_squared" => "noncentral_f",
                _ => continue,
            };
            rows.push(Row::new(format!("{} {} by {group}", e.method, e.term), interval, Some(e)));
        }
    }
    rows
}
