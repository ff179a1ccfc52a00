//! Robust and quantile regression.

use super::mixed::RESAMPLES;
use super::{Asked, Places, Said, along};
use crate::plan::Plan;
use ssi_infer::formula::{Modelled, model_with};
use ssi_infer::model::{Kind, ModelError};
use ssi_infer::predict::{Conformal, Point, conformal, of_fit};
use ssi_infer::quantile::{Quantile, QuantileErrors, RankInversion, quantile};
use ssi_infer::resample::Bootstrap;
use ssi_infer::robust::{Robust, RobustErrors, bisquare, huber, mm, theil_sen};
use ssi_vocab::{Design, Estimate, Glance};

/// Up to so many respondents a quantile regression's own interval inverts a rank test.
const RANKED: usize = 1_000;

/// What there is for `--se` and `--interval` of a quantile regression.
const INTERVALS: [&str; 6] = ["rank", "rank_nid", "iid", "nid", "powell", "percentile"];

/// What there is for one respondent, with --at.
const CONFORMAL: [&str; 2] = ["conformal_quantile", "cv_plus_quantile"];

pub(super) fn said(kind: Kind, asked: &Asked<'_>) -> ssi_infer::Result<Said> {
    refuse(kind, asked)?;
    let modelled = model_with(asked.table, &asked.wanted.formula, asked.extras)?;
    let places = asked.places(&modelled)?;
    let Modelled { design, recipe, .. } = &modelled;
    let errors = || asked.wanted.se.as_deref().map_or(Ok(RobustErrors::default()), str::parse);
    let robust = |found: Robust| of_robust(found, &modelled, asked, &places);
    let mut said = match kind {
        Kind::Huber => robust(huber(design, errors()?)?)?,
        Kind::Bisquare => robust(bisquare(design, errors()?)?)?,
        Kind::Mm => robust(mm(design, seed(asked))?)?,
        Kind::TheilSen => {
            let line = theil_sen(design)?;
            let estimates = line.estimates(asked.level);
            let resamples = asked.wanted.resamples.unwrap_or(RESAMPLES);
            let how = Bootstrap { resamples, seed: seed(asked) };
            let predicted = match places.points.as_slice() {
                [] => Vec::new(),
                points => line.predicted(points, &how, asked.level, asked.progress)?,
            };
            let predictions = predicted.into_iter().map(|row| places.bounds.clip(row)).collect();
            let dependence = along(asked, &modelled, &line.fit)?;
            Said { estimates, predictions, dependence, ..Said::of(line.fit, asked.level) }
        }
        _ => {
            let taus = &asked.wanted.tau;
            let taus = if taus.is_empty() { &[0.5][..] } else { taus };
            let fits = taus.iter().map(|tau| quantile(design, *tau));
            let fits = fits.collect::<ssi_infer::Result<Vec<_>>>()?;
            let first = fits.first().map(|fit| along(asked, &modelled, &fit.fit)).transpose()?;
            let said = of_quantiles(&fits, design, asked, &places)?;
            Said { dependence: first.unwrap_or_default(), ..said }
        }
    };
    said.warnings.extend(places.warnings);
    said.reference = recipe.reference();
    said.glance.weights = design.weights.as_ref().map(|w| w.kind().to_owned());
    said.excluded = modelled.design.excluded;
    Ok(said)
}

fn seed(asked: &Asked<'_>) -> u64 {
    asked.wanted.seed.unwrap_or(Plan::default().seed)
}

/// Options that these models would ignore.
fn refuse(kind: Kind, asked: &Asked<'_>) -> ssi_infer::Result<()> {
    let wanted = asked.wanted;
    let quantile = kind == Kind::Quantile;
    let own = matches!(kind, Kind::Huber | Kind::Bisquare) || quantile;
    let given = [
        (wanted.se.is_some() && !own, "--se"),
        (!wanted.tau.is_empty() && !quantile, "--tau"),
        (!wanted.intervals.is_empty() && !quantile, "--interval"),
        (wanted.random.is_some(), "--random"),
        (wanted.cross_validate, "--cross-validate"),
        (wanted.importance, "--importance"),
        (wanted.anova.is_some(), "--anova"),
        (wanted.against.is_some(), "--against"),
        (wanted.standardised, "--standardised"),
        (wanted.diagnostics, "--diagnostics"),
    ];
    if asked.idle_bounds() {
        let (option, instead) = ("--lower and --upper", "add --at, whose predictions they cut off");
        return Err(ModelError::Option { option, model: kind.code(), instead }.into());
    }
    match given.into_iter().find(|(given, _)| *given) {
        Some((_, option)) => {
            let instead = "leave it out, or choose another model";
            Err(ModelError::Option { option, model: kind.code(), instead }.into())
        }
        None => Ok(()),
    }
}

fn of_robust(
    robust: Robust,
    modelled: &Modelled,
    asked: &Asked<'_>,
    places: &Places,
) -> ssi_infer::Result<Said> {
    let predictions = of_fit(&robust.fit, &places.points, asked.level, places.bounds);
    let dependence = along(asked, modelled, &robust.fit)?;
    let weights = robust.weights;
    Ok(Said { weights, predictions, dependence, ..Said::of(robust.fit, asked.level) })
}

/// The coefficients of each quantile, then those of the other intervals.
fn of_quantiles(
    fits: &[Quantile<'_>],
    design: &Design,
    asked: &Asked<'_>,
    places: &Places,
) -> ssi_infer::Result<Said> {
    let Some(first) = fits.first() else { return Ok(Said::default()) };
    let default = if first.fit.n_obs <= RANKED { "rank" } else { "nid" };
    let own = asked.wanted.se.as_deref().unwrap_or(default);
    refuse_name("--se", own, &INTERVALS[..5])?;
    for name in &asked.wanted.intervals {
        refuse_name("--interval", name, &[&INTERVALS[..], &CONFORMAL].concat())?;
        if places.points.is_empty() && CONFORMAL.contains(&name.as_str()) {
            let (option, model) = ("--interval", Kind::Quantile.code());
            let instead = "add --at, whose predictions it surrounds";
            return Err(ModelError::Option { option, model, instead }.into());
        }
    }
    let mut said = Said::of(first.fit.clone(), asked.level);
    said.estimates = Vec::new();
    let others = asked.wanted.intervals.iter().map(String::as_str).filter(|name| *name != own);
    for name in [own].into_iter().chain(others) {
        let conformal = CONFORMAL.contains(&name);
        for fit in fits {
            let of_tau = |row: Estimate| of_tau(places.bounds.clip(row), fit, fits.len());
            if !places.points.is_empty() {
                let rows = if conformal {
                    surrounded(fit, name, design, asked, places)?
                } else {
                    at(fit, name, asked, &places.points)?
                };
                said.predictions.extend(rows.into_iter().map(of_tau));
            }
            if !conformal {
                let rows = interval(fit, name, asked)?;
                said.estimates
                    .extend(rows.into_iter().map(|row| self::of_tau(row, fit, fits.len())));
            }
        }
    }
    for fit in fits {
        let row = |term: &str, value: Option<f64>| {
            of_tau(Estimate { value, ..fit.fit.row(term) }, fit, fits.len())
        };
        said.measures.push(row("objective", Some(fit.objective)));
        said.measures.extend(fit.r1.map(|r1| row("r1", Some(r1))));
    }
    if fits.len() > 1 {
        let Glance { n_obs, n_excluded, df_residual, .. } = said.glance;
        said.glance = Glance { n_obs, n_excluded, df_residual, ..Glance::default() };
    }
    Ok(said)
}

fn refuse_name(option: &'static str, name: &str, known: &[&'static str]) -> ssi_infer::Result<()> {
    if known.contains(&name) {
        return Ok(());
    }
    let (model, name, known) = (Kind::Quantile.code(), name.to_owned(), known.to_vec());
    Err(ModelError::NoSuch { model, option, name, known }.into())
}

fn interval(fit: &Quantile<'_>, name: &str, asked: &Asked<'_>) -> ssi_infer::Result<Vec<Estimate>> {
    match name {
        "rank" => fit.rank(RankInversion::Iid, asked.level),
        "rank_nid" => fit.rank(RankInversion::Nid, asked.level),
        "percentile" => {
            let resamples = asked.wanted.resamples.unwrap_or(Plan::default().resamples);
            let how = Bootstrap { resamples, seed: seed(asked) };
            Ok(fit.bootstrap(&how, asked.level, asked.progress)?.estimates)
        }
        other => fit.estimates(other.parse::<QuantileErrors>()?, asked.level),
    }
}

/// The quantile at the points.
fn at(
    fit: &Quantile<'_>,
    name: &str,
    asked: &Asked<'_>,
    points: &[Point],
) -> ssi_infer::Result<Vec<Estimate>> {
    match name {
        "rank" => fit.rank_at(points, RankInversion::Iid, asked.level),
        "rank_nid" => fit.rank_at(points, RankInversion::Nid, asked.level),
        "percentile" => {
            let resamples = asked.wanted.resamples.unwrap_or(Plan::default().resamples);
            let how = Bootstrap { resamples, seed: seed(asked) };
            Ok(fit.bootstrap_at(points, &how, asked.level, asked.progress)?.estimates)
        }
        other => fit.estimates_at(points, other.parse::<QuantileErrors>()?, asked.level),
    }
}

/// The quantile at the points, with a conformal interval for one respondent.
fn surrounded(
    fit: &Quantile<'_>,
    name: &str,
    design: &Design,
    asked: &Asked<'_>,
    places: &Places,
) -> ssi_infer::Result<Vec<Estimate>> {
    let (points, kind) = (&places.points, name.parse::<Conformal>()?);
    let rows = conformal(design, None, points, kind, asked.level, seed(asked), places.bounds)?;
    let own = of_fit(&fit.fit, points, asked.level, places.bounds);
    let method = Kind::Quantile.code();
    let named = rows.into_iter().zip(own);
    Ok(named
        .map(|(row, own)| Estimate { method: method.to_owned(), value: own.value, ..row })
        .collect())
}

/// Where there are several quantiles a row says which it is of.
fn of_tau(mut row: Estimate, fit: &Quantile<'_>, quantiles: usize) -> Estimate {
    if quantiles > 1 {
        row.term = format!("{} [tau={}]", row.term, fit.tau);
        row.model = Some(format!("tau={}", fit.tau));
    }
    row
}
