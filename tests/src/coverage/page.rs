//! The table as a page.

use super::goal::{Verdict, better, verdict};
use super::{Cell, Effort, POPULATIONS, SIZES};
use std::fmt::Write;

/// The page that goes with a table.
pub fn page(cells: &[Cell]) -> String {
    let mut out = String::from(HEAD);
    let effort = Effort::FULL;
    let _ = write!(
        out,
        "\nSamples at n = 30, 200, 1000: {:?} for closed forms, {:?} for the bootstrap ({} \
         resamples each). Monte Carlo standard error of a coverage near 95 %: {} percentage points.\n",
        effort.closed,
        effort.resampled,
        effort.resamples,
        [10_000.0, 2_000.0, 500.0]
            .map(|m: f64| format!("{:.2} with {m:.0} samples", 100.0 * (0.95 * 0.05 / m).sqrt()))
            .join(", "),
    );
    out.push_str("\n| population | what it is |\n|---|---|\n");
    for (name, what) in POPULATIONS {
        let _ = writeln!(out, "| `{name}` | {what} |");
    }
    out.push_str(SHORT_HEAD);
    short(cells, &mut out);
    out.push_str(WIDE_HEAD);
    wide(cells, &mut out);
    out.push_str(READING);
    for (name, _) in POPULATIONS {
        let _ = write!(out, "\n## `{name}`\n\n| estimate | interval | parameter |");
        for n in SIZES {
            let _ = write!(out, " n = {n} |");
        }
        out.push_str("\n|---|---|---:|---:|---:|---:|\n");
        let of = |n: usize| cells.iter().filter(move |c| c.population == name && c.n == n);
        for first in of(SIZES[0]) {
            let _ = write!(out, "| {} | {} | ", first.estimate, first.interval);
            let parameter = match first.estimate.as_str() {
                "prediction" => "–".to_owned(),
                _ => format!("{:.3}", first.truth),
            };
            let _ = write!(out, "{parameter} |");
            for n in SIZES {
                let same =
                    |c: &&Cell| (&c.estimate, &c.interval) == (&first.estimate, &first.interval);
                let cell = of(n).find(same);
                let _ = write!(out, " {} |", cell.map_or_else(|| "–".to_owned(), shown));
            }
            out.push('\n');
        }
    }
    out
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

A population is a finite set of simulated respondents, and samples are drawn from it with replacement. So its parameters are known exactly, with no Monte Carlo error: they are the statistics of all its rows. Each sample has a random stream of its own, and the table is the same on any number of threads. A sample that has no such interval counts as one whose interval does not hold the parameter. `prediction` is the interval for one respondent more, drawn at random; `fitted_mean` the band of the line one standard deviation above the mean score. `jackknife_z` was chosen among five candidates by a smaller run over the same populations with the same seed, so that its figures here flatter it a little. The columns `below` and `above` of the table count the intervals that lie wholly below and above the parameter.

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

- **r.** Fisher's interval takes the variables to be jointly normal. On data like the study's, bounded and mildly skewed, it holds what it says; on strongly skewed variables it holds about 90 %, and more respondents do not help, because its width is wrong by a constant factor. The report prints the BCa bootstrap interval beside it, which does not lean on normality; at n = 30 BCa holds 92 to 94 % here. `resample::jackknife_z`, the jackknife on Fisher's scale with Student's t, meets the goal in every population and at every n, and costs about as much as a few correlations.
- **ρ and τ-b.** Bonett and Wright's interval falls short where the spread grows along the line; Kendall's, by the delta method, and `jackknife_z` take the spread from the data.
- **Coefficients.** Classical errors fall short where the spread is unequal, or are wider than they need be; the report prints HC3 beside them. With 30 respondents and strong skewness HC3 falls short too, by less.
- **The band of the line** takes the spread to be equal. At a high score it falls short even on the study's own kind of data. `Ols::mean_intervals` gives the band with HC3, which holds.
- **Predictions.** The interval for one respondent takes the residuals to be normal with equal spread. On data like the study's it holds 95 % over all respondents; with strong skewness or unequal spread 92 to 94 %, and then it is too wide for some and too narrow for others, which an average does not show.
- Simulated sessions (`--variant session`), in which respondents resemble each other, are left out: every interval here takes them to be independent. The factor `region` of the model with contacts is left out as well.
";
