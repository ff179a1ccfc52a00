//! The page's section on conformal intervals.

use std::fmt::Write;

const TABLE: &str = include_str!("../../coverage/conformal.csv");

const READING: &str = "
## Conformal intervals

Where one respondent lies, by `ssi fit --at … --interval …`, beside the interval that takes residuals to be normal with equal spread (`prediction_t`). In each of 400 samples (100 of the intervals with quantile regressions) the share of the whole population that the interval holds is known exactly; Monte Carlo standard errors are in `coverage/conformal.csv` and reach 0.2 percentage points over all scores, 0.6 at low ones. Scores go from 0 to 10 in halves, most of them about 6. `growing`: normal residuals whose spread grows from 3 at a score of 0 to 13 at 10. `skewed`: exponential residuals with the same spread. `sessions`: equal spread, sessions of 2 to 9 respondents with an effect in common; the respondent to hold is one of a new session, and the intervals draw whole sessions (`--se cluster:COLUMN`).

- **Over all scores** every conformal interval of independent respondents holds its level to within half a percentage point, normal residuals or not.
- **At low and at high scores** those of one width (`conformal_split`, `cv_plus`, `jackknife_plus`) hold nearly everybody at low scores, and 88 % (`growing`) or 92 % (`skewed`) at high ones, much as `prediction_t` does. `conformal_scaled`, `conformal_quantile` and `cv_plus_quantile` follow the spread and hold 93.5 to 95.5 % at both ends; of these `cv_plus_quantile` is nearest to the level, and the narrowest. `conformal_scaled` takes the spread to be a straight line of the fitted value, as it is here; the two with quantiles take the quantiles to be straight lines of the predictors.
- **With sessions** the intervals hold at least their level, and more with few sessions, because one session more, which may be anything, is a part of what is held: 40 sessions at n = 200, of which a split measures 20. CV+ and jackknife+ measure all and are narrower. `prediction_t` holds its level here, where residuals and effects are normal.

| population | interval | n | all scores % | to 3 % | from 8 % | mean width |
|---|---|---:|---:|---:|---:|---:|
";

/// Prose and a row an interval.
pub(super) fn section() -> String {
    let mut out = String::from(READING);
    let rows: Vec<Vec<&str>> = TABLE.lines().skip(1).map(|l| l.split(',').collect()).collect();
    // Three lines an interval: all scores, low ones, high ones.
    for lines in rows.chunks(3) {
        if let [all, low, high] = lines {
            let percent = |line: &[&str]| {
                let share = line[5].parse::<f64>();
                share.map_or_else(|_| line[5].to_owned(), |v| format!("{:.1}", 100.0 * v))
            };
            let (population, interval, n, width) = (all[0], all[1], all[3], all[7]);
            let _ = writeln!(
                out,
                "| `{population}` | {interval} | {n} | {} | {} | {} | {width} |",
                percent(all),
                percent(low),
                percent(high),
            );
        }
    }
    out
}
