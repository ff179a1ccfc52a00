use super::{Ceiling, Necessity};
use ssi_vocab::{Estimate, Note};

impl Necessity {
    /// How much of the condition each value of the outcome takes, by each ceiling: the bottleneck
    /// table. A value that takes no more than the scope's smallest is not bounded, and one above the
    /// ceiling's highest point was reached by nobody.
    ///
    /// A value at the cap has the note [`Note::AtCap`]: so much or more.
    ///
    /// With each goes the share of respondents who have less, as a row `below(…)`.
    pub fn bottleneck(&self, outcomes: &[f64]) -> Vec<Estimate> {
        let name = self.points.y_name();
        let cap = self.points.cap();
        let at_cap = |needed: Result<f64, Note>| {
            cap.zip(needed.ok()).filter(|(cap, x)| x >= cap).map(|_| Note::AtCap)
        };
        let mut out = Vec::new();
        let ceilings = [("ce_fdh", Some(&self.ce_fdh)), ("cr_fdh", self.cr_fdh.as_ref())];
        for (method, ceiling) in ceilings {
            let Some(ceiling) = ceiling else { continue };
            for y in outcomes {
                let needed = self.needed(ceiling, *y);
                out.push(Estimate {
                    value: needed.ok(),
                    note: needed.err().or(at_cap(needed)),
                    ..self.row(method, format!("bottleneck({name} = {y})"))
                });
                out.extend(needed.ok().map(|x| Estimate {
                    value: Some(self.points.share_left_of(x)),
                    ..self.row(method, format!("below({name} = {y})"))
                }));
            }
        }
        out
    }

    /// Tenths of the scope's height, bottom and top included.
    pub fn tenths(&self) -> Vec<f64> {
        let [low, high] = self.scope.y;
        (0..=10).map(|i| low + (high - low) * f64::from(i) / 10.0).collect()
    }

    fn needed(&self, ceiling: &Ceiling, y: f64) -> Result<f64, Note> {
        let least = match ceiling.line {
            Some(line) => line.reaches(y),
            None => self.peers.iter().find(|peer| peer.y >= y).ok_or(Note::Unreached)?.x,
        };
        if least <= self.scope.x[0] {
            Err(Note::NotNecessary)
        } else if least > self.scope.x[1] {
            Err(if ceiling.line.is_some() { Note::BeyondLine } else { Note::Unreached })
        } else {
            Ok(least)
        }
    }
}
