//! Drawings and captions to try the figures on: data simulated here, with the shape of the study's.

#![allow(dead_code, reason = "each test binary uses the samples it needs")]

pub(crate) mod captions;

pub(crate) use captions::caption;

use ssi_figure::Card;
use ssi_vocab::drawing::*;
use ssi_vocab::{Drawing, Lang};

/// A small generator, so that samples need no dependency.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    pub(crate) fn normal(&mut self) -> f64 {
        let (u, v) = (self.uniform(), self.uniform());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}

/// `n` respondents: a score from 0 to 10 by halves, an SSI from 0 to 100.
pub(crate) fn respondents(n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut random = Random::new(7);
    (0..n)
        .map(|_| {
            let theta = random.normal();
            let score = ((5.3 + 2.35 * theta + 0.5 * random.normal()) * 2.0).round() / 2.0;
            let score = score.clamp(0.0, 10.0);
            let ssi = 33.0 + 3.5 * (score - 5.3) + 10.5 * random.normal();
            (score, ssi.round().clamp(4.0, 96.0))
        })
        .unzip()
}

fn line(x: &[f64], y: &[f64]) -> (f64, f64, f64, f64, f64) {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sxx: f64 = x.iter().map(|v| (v - mx).powi(2)).sum();
    let sxy: f64 = x.iter().zip(y).map(|(a, b)| (a - mx) * (b - my)).sum();
    let slope = sxy / sxx;
    let intercept = my - slope * mx;
    let rss: f64 = x.iter().zip(y).map(|(a, b)| (b - intercept - slope * a).powi(2)).sum();
    (intercept, slope, (rss / (n - 2.0)).sqrt(), mx, sxx)
}

fn bins(values: &[f64], low: f64, width: f64, count: usize) -> Bins {
    let edges = (0..=count).map(|i| low + width * i as f64).collect();
    let mut counts = vec![0; count];
    for v in values {
        counts[(((v - low) / width).floor() as usize).min(count - 1)] += 1;
    }
    Bins { edges, counts }
}

pub(crate) fn scatter(n: usize) -> Scatter {
    let (x, y) = respondents(n);
    let (a, b, s, mx, sxx) = line(&x, &y);
    let grid: Vec<f64> = (0..=60).map(|i| i as f64 / 6.0).collect();
    let fit: Vec<f64> = grid.iter().map(|v| a + b * v).collect();
    let band = |extra: f64| {
        let half = |v: &f64| 1.97 * s * (extra + 1.0 / n as f64 + (v - mx).powi(2) / sxx).sqrt();
        Band {
            x: grid.clone(),
            low: grid.iter().zip(&fit).map(|(v, f)| f - half(v)).collect(),
            high: grid.iter().zip(&fit).map(|(v, f)| f + half(v)).collect(),
        }
    };
    let smooth = Curve {
        x: grid[3..].to_vec(),
        y: grid[3..].iter().map(|v| a + b * v + 0.12 * ((v - 5.0).powi(2) - 8.0)).collect(),
    };
    Scatter {
        x_bins: bins(&x, -0.25, 0.5, 21),
        y_bins: bins(&y, 0.0, 5.0, 20),
        points: Points { x, y },
        x_step: 0.5,
        confidence: band(0.0),
        confidence_method: "hc3".to_owned(),
        prediction: band(1.0),
        prediction_method: "scaled_jackknife".to_owned(),
        fit: Curve { x: grid, y: fit },
        smooth: Some(smooth),
        x_axis: Axis { min: 0.0, max: 10.0, step: 1.0 },
        y_axis: Axis { min: 0.0, max: 100.0, step: 20.0 },
        seed: 20_180_712,
    }
}

pub(crate) fn levels() -> Levels {
    let (x, y) = respondents(195);
    let levels = (0..10)
        .map(|i| {
            let low = f64::from(i);
            let high = if i == 9 { 10.5 } else { low + 1.0 };
            let mut values: Vec<f64> = x
                .iter()
                .zip(&y)
                .filter(|(x, _)| **x >= low && **x < high)
                .map(|(_, y)| *y)
                .collect();
            values.sort_by(f64::total_cmp);
            let at = |p: f64| values[((values.len() - 1) as f64 * p).round() as usize];
            let summary = (values.len() >= 10).then(|| (at(0.25), at(0.5), at(0.75)));
            LevelDots { x: low + 0.5, half_width: 0.5, values, summary }
        })
        .collect();
    Levels {
        levels,
        x_axis: Axis { min: 0.0, max: 10.0, step: 1.0 },
        y_axis: Axis { min: 0.0, max: 100.0, step: 20.0 },
        threshold: Some(50.0),
        seed: 20_180_712,
    }
}

pub(crate) const VARIABLES: [(&str, &str, &str); 8] = [
    ("score_total", "Ten-point profile score", "10ポイント評価\u{200b}（プロフィール得点）"),
    ("ssi_brand", "SSI: professional brand", "プロフェッショナル\u{200b}ブランドの\u{200b}確立"),
    ("ssi_find", "SSI: right people", "適切な\u{200b}人の\u{200b}検索"),
    ("ssi_engage", "SSI: insights", "インサイトの\u{200b}活用"),
    ("ssi_build", "SSI: relationships", "関係の\u{200b}構築"),
    ("ssi_total", "Social Selling Index (SSI)", "ソーシャルセリング指標\u{200b}（SSI）"),
    ("log_contacts", "Number of contacts (log)", "つながり数\u{200b}（対数）"),
    ("years_on_linkedin", "Years on LinkedIn", "LinkedIn 利用年数"),
];

pub(crate) fn matrix() -> Matrix {
    let mut random = Random::new(3);
    let mut cells = Vec::new();
    for row in 1..VARIABLES.len() {
        for column in 0..row {
            let last = row == VARIABLES.len() - 1;
            let value = if last { 0.12 * random.normal() } else { 0.2 + 0.55 * random.uniform() };
            let half = 1.96 * (1.0 - value * value) / 14.0;
            cells.push(MatrixCell {
                row,
                column,
                value: Some(value),
                low: Some(value - half),
                high: Some(value + half),
                n_obs: 195,
            });
        }
    }
    Matrix { variables: VARIABLES.iter().map(|v| v.0.to_owned()).collect(), cells }
}

pub(crate) const TERMS: [(&str, &str, &str); 5] = [
    ("score_total", "Profile score, one point more", "プロフィール得点が\u{200b}1点\u{200b}高い"),
    ("log_contacts", "Contacts, twice as many", "つながり数が\u{200b}2倍"),
    (
        "conn_500",
        "500+ contacts shown (against fewer)",
        "つながり数の\u{200b}表示が\u{200b}「500+」\u{200b}（500未満と\u{200b}比べて）",
    ),
    ("regionJP", "Region: Japan (against Europe)", "地域：日本\u{200b}（欧州と\u{200b}比べて）"),
    (
        "regionLATAM",
        "Region: Latin America (against Europe)",
        "地域：中南米\u{200b}（欧州と\u{200b}比べて）",
    ),
];

pub(crate) fn forest() -> Forest {
    let values = [3.4, 1.6, 2.3, -0.7, 0.9];
    let errors = [0.33, 0.62, 1.9, 1.5, 1.8];
    let rows = TERMS
        .iter()
        .enumerate()
        .map(|(i, term)| ForestRow {
            term: term.0.to_owned(),
            estimates: (0..3)
                .map(|series| {
                    let value = values[i] + if series == 2 { 0.15 } else { 0.0 };
                    let half = 1.97 * errors[i] * [1.0, 1.06, 0.95][series];
                    ForestEstimate { series, value, low: value - half, high: value + half }
                })
                .collect(),
        })
        .collect();
    Forest {
        series: ["classical", "hc3", "huber"].map(str::to_owned).to_vec(),
        rows,
        x_axis: Axis { min: -5.0, max: 7.0, step: 1.0 },
        aim: None,
    }
}

pub(crate) fn resampling() -> Resampling {
    let mut random = Random::new(11);
    let draw = |random: &mut Random, mean: f64, sd: f64| -> Vec<f64> {
        (0..10_000).map(|_| mean + sd * random.normal()).collect()
    };
    let bootstrap = draw(&mut random, 0.6, 0.044);
    let permutation = draw(&mut random, 0.0, 0.071);
    let interval = |method: &str, low, high| MarkedInterval { method: method.into(), low, high };
    Resampling {
        observed: 0.603,
        bootstrap: bins(&bootstrap, 0.4, 0.01, 40),
        permutation: bins(&permutation, -0.3, 0.01, 60),
        intervals: vec![interval("fisher_z", 0.505, 0.685), interval("bca", 0.508, 0.681)],
        x_axis: Axis { min: -0.3, max: 0.8, step: 0.1 },
    }
}

pub(crate) fn diagnostics() -> Diagnostics {
    let (x, y) = respondents(195);
    let (a, b, s, mx, sxx) = line(&x, &y);
    let n = x.len() as f64;
    let fitted: Vec<f64> = x.iter().map(|v| a + b * v).collect();
    let resid: Vec<f64> = y.iter().zip(&fitted).map(|(y, f)| y - f).collect();
    let hat: Vec<f64> = x.iter().map(|v| 1.0 / n + (v - mx).powi(2) / sxx).collect();
    let standard: Vec<f64> =
        resid.iter().zip(&hat).map(|(r, h)| r / (s * (1.0 - h).sqrt())).collect();
    let cook = |i: usize| standard[i].powi(2) * hat[i] / (2.0 * (1.0 - hat[i]));
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|i, j| cook(*j).total_cmp(&cook(*i)));
    let influential = order[..3].to_vec();
    let mut ranks: Vec<usize> = (0..x.len()).collect();
    ranks.sort_by(|i, j| standard[*i].total_cmp(&standard[*j]));
    let quantile = |p: f64| {
        // Good to 4.5e-4 (Abramowitz and Stegun 26.2.23), which is enough for a sample drawing.
        let t = (-2.0 * p.min(1.0 - p).ln()).sqrt();
        let top = 2.515517 + 0.802853 * t + 0.010328 * t * t;
        let z = t - top / (1.0 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
        if p < 0.5 { -z } else { z }
    };
    let normal: Vec<f64> = (0..x.len()).map(|i| quantile((i as f64 + 0.5) / n)).collect();
    let width: Vec<f64> = normal.iter().map(|z| 0.12 + 0.09 * z * z).collect();
    let grid: Vec<f64> = (0..40).map(|i| 15.0 + i as f64 * 0.9).collect();
    let reach: Vec<f64> = (1..=60).map(|i| i as f64 * 0.0006).collect();
    let contour = |d: f64| Curve {
        x: reach.clone(),
        y: reach.iter().map(|h| (2.0 * d * (1.0 - h) / h).sqrt()).collect(),
    };
    Diagnostics {
        residuals: Points { x: fitted.clone(), y: resid },
        residuals_smooth: Curve {
            x: grid.clone(),
            y: grid.iter().map(|v| 0.012 * (v - 33.0).powi(2) - 1.2).collect(),
        },
        quantiles: Points { x: normal.clone(), y: ranks.iter().map(|i| standard[*i]).collect() },
        quantiles_envelope: Band {
            low: normal.iter().zip(&width).map(|(z, w)| z - w).collect(),
            high: normal.iter().zip(&width).map(|(z, w)| z + w).collect(),
            x: normal,
        },
        scale: Points { x: fitted, y: standard.iter().map(|v| v.abs().sqrt()).collect() },
        scale_smooth: Curve { y: grid.iter().map(|v| 0.8 + 0.003 * (v - 33.0)).collect(), x: grid },
        leverage: Points { x: hat, y: standard },
        cooks: vec![(0.02, contour(0.02)), (0.05, contour(0.05))],
        influential_quantiles: influential
            .iter()
            .map(|i| ranks.iter().position(|r| r == i).unwrap_or(0))
            .collect(),
        influential,
        thinned: None,
    }
}

/// All six, with their slugs.
pub(crate) fn drawings() -> Vec<(&'static str, Drawing)> {
    vec![
        ("score_ssi", Drawing::Scatter(scatter(195))),
        ("score_levels", Drawing::Levels(levels())),
        ("correlations", Drawing::Matrix(matrix())),
        ("coefficients", Drawing::Forest(forest())),
        ("resampling", Drawing::Resampling(resampling())),
        ("diagnostics", Drawing::Diagnostics(diagnostics())),
    ]
}

/// Gaps of so many variables, in so many patterns, the last of several rare ones.
pub(crate) fn gaps(variables: usize, patterns: usize) -> Gaps {
    let one = |p: usize| {
        let rare = p > 0 && p + 1 == patterns;
        let missing = |v: usize| match (rare, (v + p) % 3) {
            (true, k) => 0.2 + 0.3 * k as f64,
            (false, 0) if p > 0 => 1.0,
            _ => 0.0,
        };
        let missing = (0..variables).map(missing).collect();
        GapPattern { n_obs: 150 / (p + 1), patterns: if rare { 4 } else { 1 }, missing }
    };
    Gaps {
        variables: (0..variables).map(|v| format!("a_long_variable_name_{v}")).collect(),
        n_missing: (0..variables).map(|v| 60 / (v + 1)).collect(),
        n_obs: 400,
        n_complete: 3,
        n_hidden: variables.saturating_sub(20),
        patterns: (0..patterns).map(one).collect(),
    }
}

/// A summary card.
pub(crate) fn card(lang: Lang) -> Card {
    let say = |en: &str, ja: &str| if lang == Lang::En { en.to_owned() } else { ja.to_owned() };
    Card {
        title: say(
            "Does a ten-point profile score go with the Social Selling Index?",
            "10ポイント評価は、\u{200b}ソーシャルセリング指標（SSI）と\u{200b}関連が\u{200b}ありますか？",
        ),
        answer: say(
            "Yes: users with a higher profile score tend to have a higher SSI, but it can’t tell a single user’s SSI.",
            "はい。\u{200b}プロフィール得点が\u{200b}高い\u{200b}ユーザーほど\u{200b}SSI も\u{200b}高い\u{200b}傾向が\u{200b}あります。\u{200b}ただし\u{200b}個人の\u{200b}SSI は\u{200b}予測できません。",
        ),
        facts: vec![
            (
                say("Correlation r", "相関係数 r"),
                say(".60\n95% CI [.50, .68]", "0.60\n95%信頼区間 [0.50, 0.68]"),
            ),
            (
                say("SSI points per score point", "得点1点あたりの SSI"),
                say("+3.5\n95% CI [2.8, 4.1]", "+3.5点\n95%信頼区間 [2.8, 4.1]"),
            ),
            (say("Prediction for one user", "個人の予測幅"), say("±21 points", "±21点")),
            (
                say("Users", "ユーザー数"),
                say("n = 195\n8 of 203 excluded", "n = 195\n203名のうち8名を除外"),
            ),
        ],
        note: say(
            "Source: synthetic reference cohort; seed 20180712; ssi-study 0.1.0. Association, not causation.",
            "出典：合成の\u{200b}参照コホート。\u{200b}乱数シード 20180712、\u{200b}ssi-study 0.1.0。\u{200b}示されたのは\u{200b}関連であり、\u{200b}因果関係では\u{200b}ありません。",
        ),
        mark: Some(say("SYNTHETIC", "合成データ")),
    }
}
