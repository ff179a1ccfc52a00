//! Checks that were asked for and that a fit doesn't define: each says why.

use super::diagnostics::EXACT_UP_TO;
use super::{Ols, checks};
use ssi_vocab::{Check, Note, Weights};

/// All checks, in their order.
const NAMES: [&str; 11] = [
    "breusch_pagan",
    "breusch_pagan_original",
    "white",
    "durbin_watson",
    "max_cooks_d",
    "max_leverage",
    "condition_number",
    "max_vif",
    "reset",
    "shapiro_wilk",
    "anderson_darling",
];

impl Ols {
    /// Every check in its place: those that `found` lacks without a value and with a note.
    pub(super) fn with_undefined(&self, mut found: Vec<Check>) -> Vec<Check> {
        let mut take = |name: &str| {
            let at = found.iter().position(|check| check.name == name)?;
            Some(found.remove(at))
        };
        let mut all: Vec<Check> = Vec::with_capacity(NAMES.len());
        for name in NAMES {
            let mut check = take(name).unwrap_or_else(|| Check {
                name: name.to_owned(),
                value: None,
                df: None,
                df2: None,
                p_value: None,
                note: Some(self.why_without(name)),
            });
            let untested = name == "durbin_watson" && check.p_value.is_none();
            if untested && check.note.is_none() {
                let many = checks::residuals(self).len() > EXACT_UP_TO;
                check.note = Some(if many { Note::TooMany } else { Note::TooFew });
            }
            all.push(check);
        }
        all.extend(found);
        all
    }

    /// Why the fit has no check of that name.
    fn why_without(&self, name: &str) -> Note {
        let of_the_design = ["max_leverage", "condition_number", "max_vif"].contains(&name);
        match self.weights() {
            Some(Weights::Probability(_)) if !of_the_design && name != "max_cooks_d" => {
                return Note::WeightsUndefined;
            }
            Some(Weights::Frequency(_)) if name == "durbin_watson" => return Note::NoOrder,
            _ => {}
        }
        let predictors = self.terms.len() - usize::from(self.intercept);
        match name {
            "max_vif" => Note::OnePredictor,
            _ if self.perfect && !of_the_design => Note::PerfectFit,
            "breusch_pagan" | "breusch_pagan_original" | "white" if predictors == 0 => {
                Note::OnePredictor
            }
            "shapiro_wilk" if self.n_obs > 5_000 => Note::TooMany,
            "max_cooks_d" => Note::LeverageOne,
            _ => Note::TooFew,
        }
    }
}
