//! The table as a page.

use super::goal::{Verdict, better, verdict};
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
        let beside: Vec<String> = better(cells, cell)
            .iter()
            .map(|c| format!("{} {:.1}", c.interval, 100.0 * c.coverage()))
            .collect();
        let beside = if beside.is_empty() { "–".to_owned() } else { beside.join(", ") };
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

which also makes that table; a test compares it with a small run of its own.

![Coverage on data like the study's](coverage/like_ours.en.png)

![Coverage of three intervals for r](coverage/pearson.en.png)

![Coverage of prediction intervals](coverage/prediction.en.png)

A population is a finite set of simulated respondents, and samples are drawn from it with replacement. So its parameters are known exactly, with no Monte Carlo error: they are the statistics of all its rows. Each sample has a random stream of its own, and the table is the same on any number of threads. A sample that has no such interval counts as one whose interval does not hold the parameter; a row that a report leaves out for want of respondents (a group under ten, a region where nobody is from) is not counted. The columns `below` and `above` of the table count the intervals that lie wholly below and above the parameter.

**In a default report** stand: means; r by Fisher, BCa and the jackknife; ρ and τ-b; on `reference` also r of the score with each part of SSI and within each region (with a plan's `by`), ρ of every pair of the matrix (`contacts` are capped), and the model with contacts and region; coefficients with classical and HC3 errors; the band of the line (`fitted_low` and `fitted_high`: a standard deviation below and above the mean score); and prediction intervals for one respondent more, drawn from all (`prediction`), from the lowest tenth of scores and from the highest. `half_width` is the ±-figure of the first sentence, `t` the interval of `ssi fit --augment`, `scaled_jackknife` the band of the figure. Beside them for comparison only: the percentile bootstrap, the jackknife for τ-b, in the matrix and in regions. Medians, quartiles and penalised coefficients have no interval.

**Single commands** have tables of their own: `ssi cor` by its other methods, partial and semi-partial correlations given contacts, `ssi groups` of SSI by an item of two levels (`url`) and one of three (`about`).

**Goal**: 94 to 96 % at n = 200 and 1000, 93 % or more at n = 30, two Monte Carlo standard errors allowed.
";

const SHORT_HEAD: &str = "
## Where an interval falls short

| estimate | interval | population | n | coverage % | beside it, and meets the goal |
|---|---|---|---:|---:|---|
";

const WIDE_HEAD: &str = "
Wider than they need be (coverage above 96 % at n ≥ 100):

";

const READING: &str = "
## What follows

- **r.** Fisher's interval takes the variables to be jointly normal. On data like the study's, bounded and mildly skewed, it holds what it says; on strongly skewed variables it holds about 90 %, and more respondents do not help, because its width is wrong by a constant factor. The jackknife on Fisher's scale with Student's t (`resample::jackknife_z`) was chosen on other samples than these, and meets the goal in every population and at every n. A report prints it beside Fisher's for the pair and for the parts of SSI, and says to read it where the two differ visibly; `ssi cor` warns then. BCa, which stands there too, holds less at n = 30.
- **ρ and τ-b.** Bonett and Wright's interval falls short where the spread grows along the line; Kendall's, by the delta method, and the jackknife take the spread from the data. The report prints the jackknife beside it for the pair.
- **Coefficients.** Classical errors fall short where the spread is unequal, or are wider than they need be; the report prints HC3 beside them. With 30 respondents and strong skewness HC3 falls short too, by less, and so does the t interval of a mean (92 % on `engage`).
- **The band of the line.** The classical one takes the spread to be equal, and at a high score it falls short even on the study's own kind of data. The figure draws HC3's (`Ols::mean_intervals`).
- **Predictions.** An interval of one width takes the residuals to be normal with equal spread. Over all users it may hold what it says and yet be too narrow for those with high scores and too wide for those with low ones. The scaled jackknife (`Ols::scaled_intervals`) lets the width follow the spread and takes no distribution for granted; the report draws it, and prints its half-widths at a low and a high score beside the ±-figure. With 30 respondents it reaches to the largest of their scores, which is more than 95 % needs. Where the spread is no straight line it holds its level over all users, not at every score (92 % for the lowest scores on `engage`).
- **Single commands.** The polyserial correlation's interval falls short with 30 respondents. The interval of a semi-partial correlation is that of a partial one, an approximation that is too wide. SSI comes in whole points, and so does the shift of `mann_whitney`, whose interval holds more than it says.
- Simulated sessions (`--variant session`), in which respondents resemble each other, are left out: every interval here takes them to be independent.
";
