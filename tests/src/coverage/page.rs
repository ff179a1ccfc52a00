//! The table as a page.

use super::goal::{Verdict, better, others, verdict};
use super::{Cell, Effort, POPULATIONS, SIZES, by_command};
use std::fmt::Write;

/// The page that goes with a table.
pub fn page(cells: &[Cell]) -> String {
    let mut out = String::from(HEAD);
    let effort = Effort::FULL;
    let _ = write!(
        out,
        "\nSamples at n = 30, 200, 1000: {:?} for closed forms, {:?} for the bootstrap ({} \
         resamples each), {:?} for single commands. Monte Carlo standard error of a coverage near \
         95 %: {} percentage points.\n",
        effort.closed,
        effort.resampled,
        effort.resamples,
        effort.commands,
        [10_000.0, 4_000.0, 1_000.0]
            .map(|m: f64| format!("{:.2} with {m:.0} samples", 100.0 * (0.95 * 0.05 / m).sqrt()))
            .join(", "),
    );
    out.push_str("\n| population | what it is |\n|---|---|\n");
    for (name, what) in POPULATIONS {
        let _ = writeln!(out, "| `{name}` | {what} |");
    }
    out.push_str(READING);
    out.push_str(SHORT_HEAD);
    short(cells, &mut out);
    out.push_str(WIDE_HEAD);
    wide(cells, &mut out);
    for (name, _) in POPULATIONS {
        let _ = write!(out, "\n## `{name}`\n");
        let of = |command: bool| {
            let same = move |c: &&Cell| c.population == name && by_command(&c.estimate) == command;
            cells.iter().filter(same).collect::<Vec<_>>()
        };
        table(&of(false), &mut out);
        if !of(true).is_empty() {
            let _ = write!(out, "\n### By single commands, on `{name}`\n");
            table(&of(true), &mut out);
        }
    }
    out.push_str(&super::conformal::section());
    out.push_str(&super::imputation::section());
    out
}

/// A row an interval, a column a sample size.
fn table(cells: &[&Cell], out: &mut String) {
    out.push_str("\n| estimate | interval | parameter |");
    for n in SIZES {
        let _ = write!(out, " n = {n} |");
    }
    out.push_str("\n|---|---|---:|---:|---:|---:|\n");
    let same = |a: &Cell, b: &Cell| (&a.estimate, &a.interval) == (&b.estimate, &b.interval);
    let mut kinds: Vec<&Cell> = Vec::new();
    for cell in cells {
        if !kinds.iter().any(|kind| same(kind, cell)) {
            kinds.push(cell);
        }
    }
    for kind in kinds {
        let parameter = match kind.estimate.starts_with("prediction") {
            true => "–".to_owned(),
            false => format!("{:.3}", kind.truth),
        };
        let _ = write!(out, "| {} | {} | {parameter} |", kind.estimate, kind.interval);
        for n in SIZES {
            let cell = cells.iter().find(|c| c.n == n && same(c, kind));
            let _ = write!(out, " {} |", cell.map_or_else(|| "–".to_owned(), |c| shown(c)));
        }
        out.push('\n');
    }
}

/// Coverage in percent, with an arrow where it misses the goal.
fn shown(cell: &Cell) -> String {
    let mark = match verdict(cell) {
        Verdict::Met => "",
        Verdict::Short => " ↓",
        Verdict::Wide => " ↑",
    };
    format!("{:.1}{mark}", 100.0 * cell.coverage())
}

fn short(cells: &[Cell], out: &mut String) {
    for cell in cells.iter().filter(|c| verdict(c) == Verdict::Short) {
        let listed = |found: Vec<&Cell>| {
            let named: Vec<String> =
                found.iter().map(|c| format!("{} {}", c.interval, shown(c))).collect();
            (!named.is_empty()).then(|| named.join(", "))
        };
        let beside = listed(better(cells, cell))
            // One that holds more than it says is safe to read, though wider than it need be.
            .or_else(|| {
                listed(others(cells, cell, Verdict::Wide)).map(|wide| format!("– ({wide})"))
            })
            .unwrap_or_else(|| "–".to_owned());
        let _ = writeln!(
            out,
            "| {} | {} | `{}` | {} | {:.1} | {beside} |",
            cell.estimate,
            cell.interval,
            cell.population,
            cell.n,
            100.0 * cell.coverage(),
        );
    }
}

fn wide(cells: &[Cell], out: &mut String) {
    let wide: Vec<String> = cells
        .iter()
        .filter(|c| verdict(c) == Verdict::Wide)
        .map(|c| {
            let coverage = 100.0 * c.coverage();
            format!(
                "{} {} on `{}` at n = {}: {coverage:.1}",
                c.estimate, c.interval, c.population, c.n
            )
        })
        .collect();
    match wide.is_empty() {
        true => out.push_str("None.\n"),
        false => wide.iter().for_each(|line| {
            let _ = writeln!(out, "- {line}");
        }),
    }
}

const HEAD: &str = "# Coverage

How often the 95 % intervals that a default report or command prints hold what they should, by simulation. This page and the figures are made from `coverage/coverage.csv` by

```sh
nice cargo run --release -p ssi-tests --example coverage
```

which also makes that table; a test compares it with a small run of its own. The tables of the last two sections, `coverage/conformal.csv` and `coverage/imputation.csv`, are made and compared by tests of their own (`crates/infer/tests/conformal_coverage.rs`, `imputation_coverage.rs`; `UPDATE_GOLDEN=1` makes them anew).

![Coverage on data like the study's](coverage/like_ours.en.png)

![Coverage of three intervals for r](coverage/pearson.en.png)

![Coverage of prediction intervals](coverage/prediction.en.png)

![Coverage with 30 respondents](coverage/few.en.png)

A population is a finite set of simulated respondents, and samples are drawn from it with replacement. So its parameters are known exactly, with no Monte Carlo error: they are the statistics of all its rows. Each sample has a random stream of its own, and the table is the same on any number of threads. A sample that has no such interval counts as one whose interval does not hold the parameter; a row that a report leaves out for want of respondents (a group under ten, a region where nobody is from) is not counted. The columns `below` and `above` of the table count the intervals that lie wholly below and above the parameter.

**In a default report** stand: means (t, and Hall's interval); r by Fisher, BCa and the jackknife; ρ and τ-b; on `reference` also r of the score with each part of SSI and within each region (with a plan's `by`), ρ of every pair of the matrix (`contacts` are capped), and the model with contacts and region; coefficients with classical and HC3 errors, and with HC3 on Bell and McCaffrey's degrees of freedom (`hc3_bm`); the band of the line (`hc3_bm` is drawn; `fitted_low` and `fitted_high`: a standard deviation below and above the mean score); and prediction intervals for one respondent more, drawn from all (`prediction`), from the lowest tenth of scores and from the highest. `half_width` is the ±-figure of the first sentence, `t` the interval of `ssi fit --augment`, `scaled_jackknife` the band of the figure. Beside them for comparison only: the percentile bootstrap, the jackknife for τ-b, in the matrix and in regions. Medians, quartiles and penalised coefficients have no interval.

**Single commands** have tables of their own: `ssi cor` by its other methods (below 100 respondents the profile likelihood stands beside the polyserial correlation), partial and semi-partial correlations given contacts, `ssi groups` of SSI by an item of two levels (`url`) and one of three (`about`).

**Goal**: 94 to 96 % at n = 200 and 1000, 93 % or more at n = 30, two Monte Carlo standard errors allowed.
";

const SHORT_HEAD: &str = "
## Where an interval falls short

| estimate | interval | population | n | coverage % | beside it, and meets the goal (in parentheses: holds more) |
|---|---|---|---:|---:|---|
";

const WIDE_HEAD: &str = "
Wider than they need be (coverage above 96 % at n ≥ 100):

";

const READING: &str = "
## What follows

- **r.** Fisher's interval takes the variables to be jointly normal. On data like the study's, bounded and mildly skewed, it holds what it says; on strongly skewed variables it holds about 90 %, and more respondents do not help, because its width is wrong by a constant factor. The jackknife on Fisher's scale with Student's t (`resample::jackknife_z`) was chosen on other samples than these, and meets the goal in every population and at every n. A report prints it beside Fisher's for the pair and for the parts of SSI, and says to read it where the two differ visibly; `ssi cor` warns then. BCa, which stands there too, holds less at n = 30.
- **ρ and τ-b.** Bonett and Wright's interval falls short where the spread grows along the line; Kendall's, by the delta method, and the jackknife take the spread from the data. The report prints the jackknife beside it for the pair.
- **Means.** The t interval takes the skewness of the sample for harmless. With 30 respondents it holds 92 % on `engage`, whose skewness is 1.9; Hall's, which undoes the skewness of the t statistic (`describe::hall`), holds 95 %, and 97 % on `skewed`. A report and `ssi describe` print it beside the t interval, and the report says why. From 200 respondents on the two agree to a few tenths of a percentage point.
- **Coefficients.** Classical errors fall short where the spread is unequal, or are wider than they need be; the report prints HC3 beside them. With 30 respondents and strong skewness HC3 falls short too (91 % on `skewed`): its t has n − k degrees of freedom, but what few respondents of high leverage say of the spread is worth fewer. On the degrees of freedom of Bell and McCaffrey, Satterthwaite's for each coefficient (`BellMcCaffrey`), it meets the goal in every population; HC2 on its own ones does not (92 % on `skewed`). The report prints that interval beside HC3's and says why; `ssi fit --se hc3_bm` gives it. At n = 30 it holds up to 98 % where respondents of high leverage scatter least (`unequal_spread`, `engage`), which HC3 does as well.
- **The band of the line.** The classical one takes the spread to be equal, and at a high score it falls short even on the study's own kind of data. The figure draws HC3's with Bell and McCaffrey's degrees of freedom at each place (`Ols::bell_mccaffrey_intervals`). At a high score on `engage` it holds 92.7 % with 30 respondents, within the Monte Carlo error of 93 % but hardly more: there the residuals themselves are skewed, which no choice of degrees of freedom mends.
- **Predictions.** An interval of one width takes the residuals to be normal with equal spread. Over all users it may hold what it says and yet be too narrow for those with high scores and too wide for those with low ones. The scaled jackknife (`Ols::scaled_intervals`) lets the width follow the spread and takes no distribution for granted; the report draws it, and prints its half-widths at a low and a high score beside the ±-figure. With 30 respondents it reaches to the largest of their scores, which is more than 95 % needs. Where the spread is no straight line it holds its level over all users, not at every score: 92 % for the lowest scores on `engage`, where SSI is bounded below and its spread levels off. Where it changes its form along the line the scaled jackknife is the safe one of the three and wider than it need be: on `skewed` the one of equal width holds 86 % at high scores, the scaled jackknife all but 100 %; on `five_point` 92 and 97 % at low scores. An interval that meets the goal at every score needs quantiles that follow the score on each side, not one shape scaled by a line; none of those measured here does.
- **Single commands.** The polyserial correlation's interval by the delta method falls short with 30 respondents (91 %); below 100 respondents `ssi cor` prints the profile likelihood's beside it (93 %) and says why. The interval of a semi-partial correlation is that of a partial one, an approximation that is too wide. SSI comes in whole points, and so does the shift of `mann_whitney`, whose interval holds more than it says.
- Simulated sessions (`--variant session`), in which respondents resemble each other, are left out: every interval here takes them to be independent.
";
