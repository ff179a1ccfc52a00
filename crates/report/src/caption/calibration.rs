//! Predictions of respondents left out against what they have.

use super::{Worded, axis};
use crate::findings::Findings;
use crate::number::{self, count};
use crate::terms::word;
use ssi_vocab::Lang;
use ssi_vocab::drawing::Calibration;

pub(super) fn words(f: Findings<'_>, d: &Calibration, lang: Lang) -> Worded {
    let missed = d.groups.iter().filter(|g| !(g.low..=g.high).contains(&g.predicted)).count();
    let title = match missed {
        0 => "calibration.title.agree",
        _ => "calibration.title.missed",
    };
    let put = |key: &'static str| {
        word(lang, key)
            .replace("{missed}", &count(missed))
            .replace("{groups}", &count(d.groups.len()))
            .replace("{n}", &count(d.groups.iter().map(|g| g.n_obs).sum()))
            .replace("{slope}", &number::fixed(d.slope, 2))
            .replace("{intercept}", &number::fixed(d.intercept, 1))
            .replace("{r_squared}", &number::correlation_to(d.cv_r_squared, 2, lang))
            .replace("{rmse}", &number::fixed(d.cv_rmse, 1))
            .replace("{level}", &f.level())
    };
    let outcome = f.hypothesis().and_then(|claim| f.evidence(claim).next()?.y.as_deref());
    let outcome = axis(outcome.unwrap_or("ssi_total"), lang);
    let mut worded = Worded {
        title: put(title),
        subtitle: put("calibration.subtitle"),
        x: put("axis.predicted").replace("{y}", &outcome),
        y: put("axis.observed").replace("{y}", &outcome),
        method: put("calibration.method"),
        alt: put("calibration.alt"),
        ..Worded::default()
    };
    for (key, term) in [
        ("groups", "label.calibration_groups"),
        ("identity", "label.identity"),
        ("line", "label.calibration_line"),
    ] {
        worded.labels.insert(key.to_owned(), put(term));
    }
    worded
}
