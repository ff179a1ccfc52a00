//! Fit statistics and checks of models.

use super::{header, p_cell};
use crate::blocks::TableBlock;
use crate::findings::Findings;
use crate::number;
use crate::sentences::regression::model_name;
use crate::terms::{errors, named, word};
use ssi_vocab::{Check, Glance, Lang, Model};

/// The fit statistics that a glance holds, each with its wording.
pub(crate) fn glance(g: &Glance, lang: Lang) -> Vec<(String, String)> {
    let share = |v: f64| number::correlation_to(v, 3, lang);
    let points = |v: f64| number::general(v);
    let fixed2 = |v: f64| number::fixed(v, 2);
    let entries: [(&'static str, Option<String>); 24] = [
        ("glance.r_squared", g.r_squared.map(share)),
        ("glance.adj_r_squared", g.adj_r_squared.map(share)),
        ("glance.sigma", g.sigma.map(points)),
        ("glance.statistic", f_statistic(g).filter(|_| g.vcov.is_none())),
        ("glance.statistic_errors", f_statistic(g).filter(|_| g.vcov.is_some())),
        ("glance.p_value", g.p_value.map(|p| number::p_cell(p, lang))),
        ("glance.log_lik", g.log_lik.map(fixed2)),
        ("glance.aic", g.aic.map(fixed2)),
        ("glance.bic", g.bic.map(fixed2)),
        ("glance.press", g.press.map(points)),
        ("glance.predicted_r_squared", g.predicted_r_squared.map(share)),
        ("glance.weights", g.weights.as_deref().map(|w| named(lang, "weights", w))),
        ("glance.n_clusters", g.n_clusters.map(number::count)),
        ("glance.iterations", g.iterations.map(number::count)),
        ("glance.gradient", g.gradient.map(points)),
        ("glance.scale", g.scale.map(points)),
        ("glance.tau", g.tau.map(points)),
        ("glance.deviance", g.deviance.map(points)),
        ("glance.null_deviance", g.null_deviance.map(points)),
        ("glance.penalty", g.penalty.map(points)),
        ("glance.l1_ratio", g.l1_ratio.map(points)),
        ("glance.cv_folds", g.cv_folds.map(number::count)),
        ("glance.cv_r_squared", g.cv_r_squared.map(share)),
        ("glance.cv_rmse", g.cv_rmse.map(points)),
    ];
    let mut out: Vec<(String, String)> = entries
        .into_iter()
        .filter_map(|(key, value)| {
            let vcov = errors(lang, g.vcov.as_deref().unwrap_or("classical"));
            Some((word(lang, key).replace("{errors}", &vcov), value?))
        })
        .collect();
    if let Some(half) = g.prediction_half_width {
        let label = word(lang, "glance.prediction_half_width").to_owned();
        out.push((label, format!("±{}", number::general(half))));
    }
    out.push((word(lang, "header.n").to_owned(), number::count(g.n_obs)));
    out.push((word(lang, "header.excluded").to_owned(), number::count(g.n_excluded)));
    out
}

fn f_statistic(g: &Glance) -> Option<String> {
    let f = number::fixed(g.statistic?, 2);
    Some(match (g.df, g.df2.or(g.df_residual)) {
        (Some(a), Some(b)) => {
            format!("{f} ({}, {})", number::general(a), number::general(b))
        }
        _ => f,
    })
}

/// The fits of several models, a row each.
pub(crate) fn models(f: Findings<'_>, models: &[&Model], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.model", false),
        header(lang, "header.n", true),
        header(lang, "header.excluded", true),
        header(lang, "glance.r_squared", true),
        header(lang, "glance.adj_r_squared", true),
        header(lang, "glance.sigma", true),
        header(lang, "glance.aic", true),
        header(lang, "glance.bic", true),
    ];
    let cells = models
        .iter()
        .map(|m| {
            let g = &m.glance;
            let share = |v: f64| number::correlation_to(v, 3, lang);
            let points = |v: f64| number::fixed(v, 1);
            vec![
                model_name(f, &m.id, lang),
                number::count(g.n_obs),
                number::count(g.n_excluded),
                g.r_squared.map(share).unwrap_or_default(),
                g.adj_r_squared.map(share).unwrap_or_default(),
                g.sigma.map(points).unwrap_or_default(),
                g.aic.map(points).unwrap_or_default(),
                g.bic.map(points).unwrap_or_default(),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.models").to_owned(), columns, cells)
}

/// Residual checks, a row each, with what each says.
pub(crate) fn checks(checks: &[&Check], n_obs: usize, lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.check", false),
        header(lang, "header.value", true),
        header(lang, "header.p", true),
        header(lang, "header.means", false),
    ];
    let cells = checks
        .iter()
        .map(|c| {
            let means = crate::sentences::diagnostics::check(c, n_obs, lang);
            let text = |value: f64| {
                let digits = if value.abs() < 10.0 { number::decimals(value, 3) } else { Some(1) };
                number::with_decimals(value, digits.map(|d| d.min(4)))
            };
            vec![
                named(lang, "check", &c.name),
                c.value.map_or_else(|| number::UNDEFINED.to_owned(), text),
                p_cell(c.p_value, lang),
                match c.note {
                    Some(note) => named(lang, "note", note.code()),
                    None => crate::phrase::breaks(means),
                },
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.checks").to_owned(), columns, cells)
}
