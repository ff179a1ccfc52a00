//! A synthetic cohort written as a survey export would be.

use super::{CAP, ITEMS, Respondent, SESSION_SIZE, Simulation};
use std::fmt::Write as _;

impl Simulation {
    /// The cohort as a survey export: CSV with a row a respondent and rater.
    pub fn csv(&self) -> String {
        let mut out = String::from(
            "respondent_id,cohort,session_id,rater_id,region,profile_lang,industry,account_type,\
             ssi_date,ssi_total,ssi_brand,ssi_find,ssi_engage,ssi_build,ssi_industry_top,\
             ssi_network_top,conn_display,years_on_linkedin",
        );
        for item in ITEMS {
            let _ = write!(out, ",item_{item}");
        }
        out.push_str(",score_total\n");
        for i in 0..self.n {
            let r = self.respondent(i);
            self.row(&mut out, i, &r, 1, &r.items, r.gone.item);
            if let Some((rater, items)) = &r.second {
                self.row(&mut out, i, &r, *rater, items, None);
            }
        }
        out
    }

    fn row(
        &self,
        out: &mut String,
        i: usize,
        r: &Respondent,
        rater: usize,
        items: &[u8; 10],
        gone: Option<usize>,
    ) {
        let session = i / SESSION_SIZE;
        let sessions = self.n.div_ceil(SESSION_SIZE).max(1);
        let b = &r.background;
        // Writing to a String can't fail.
        let _ = write!(
            out,
            "U{:04},synthetic-{},S{:02},R{rater},{},{},{},{},{},",
            i + 1,
            self.variant.code(),
            session + 1,
            b.region,
            b.lang,
            b.industry,
            b.account,
            date(session * 70 / sessions),
        );
        if r.gone.ssi {
            out.push_str(",,,,,,,");
        } else {
            let _ = write!(out, "{}", r.ssi);
            for pillar in r.pillars {
                let _ = write!(out, ",{pillar}");
            }
            let _ = write!(out, ",{},{},", top(r.ssi, 35.0, 13.0), top(r.ssi, 36.0, 14.0));
        }
        if r.contacts >= CAP {
            out.push_str("500+");
        } else {
            let _ = write!(out, "{}", r.contacts);
        }
        let _ = write!(out, ",{:.1}", b.years);
        for (k, item) in items.iter().enumerate() {
            if gone == Some(k) {
                out.push(',');
            } else {
                let _ = write!(out, ",{}", f64::from(*item) / 2.0);
            }
        }
        if gone.is_some() {
            out.push_str(",\n");
        } else {
            let _ = writeln!(out, ",{}", items.iter().map(|x| f64::from(*x) / 2.0).sum::<f64>());
        }
    }
}

/// "Top x %" in a panel with normal SSI: a whole percentage, 1 at best.
fn top(ssi: f64, mean: f64, sd: f64) -> u32 {
    let above = ssi_infer::tails::normal_sf((ssi - mean) / sd);
    (100.0 * above).ceil().clamp(1.0, 100.0) as u32
}

/// The day that many days after 2018-05-01.
fn date(days: usize) -> String {
    let (may, june) = (31, 30);
    match days {
        d if d < may => format!("2018-05-{:02}", d + 1),
        d if d < may + june => format!("2018-06-{:02}", d - may + 1),
        d => format!("2018-07-{:02}", d - may - june + 1),
    }
}

impl Respondent {
    /// Where the respondent is: `EU`, `JP` or `LATAM`.
    pub fn region(&self) -> &'static str {
        self.background.region
    }

    /// Years on LinkedIn.
    pub fn years(&self) -> f64 {
        self.background.years
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dates_span_ten_weeks() {
        assert_eq!(
            (date(0), date(31), date(69)),
            ("2018-05-01".into(), "2018-06-01".into(), "2018-07-09".into())
        );
    }
}
