//! The table as figures.

use super::{Cell, POPULATIONS, SIZES};
use ssi_figure::{Picture, Theme, draw};
use ssi_vocab::drawing::{Aim, Axis, Drawing, Forest, ForestEstimate, ForestRow};
use ssi_vocab::{Caption, Lang};
use std::collections::BTreeMap;

/// A figure of the table: file name without its language, and the picture.
///
/// # Errors
/// Those of the drawing.
pub fn figures(cells: &[Cell], lang: Lang) -> ssi_figure::Result<Vec<(&'static str, Picture)>> {
    let theme = Theme::default();
    let one = |name, (forest, caption): (Forest, Caption)| {
        Ok((name, draw(&Drawing::Forest(forest), &caption, &theme)?))
    };
    Ok(vec![
        one("like_ours", like_ours(cells, lang))?,
        one("pearson", pearson(cells, lang))?,
        one("prediction", prediction(cells, lang))?,
        one("few", few(cells, lang))?,
    ])
}

/// Rows of the first figure: estimate, interval, its words.
const ROWS: [(&str, &str, [&str; 2]); 17] = [
    ("pearson", "fisher_z", ["r, Fisher z", "r：フィッシャーの z"]),
    ("pearson", "bca", ["r, BCa bootstrap", "r：BCa ブートストラップ"]),
    ("pearson", "jackknife_z", ["r, jackknife on z", "r：ジャックナイフ（z）"]),
    ("spearman", "bonett_wright", ["ρ, Bonett–Wright", "ρ：ボネット・ライト"]),
    ("spearman", "jackknife_z", ["ρ, jackknife on z", "ρ：ジャックナイフ（z）"]),
    ("kendall", "delta_z", ["τ-b, delta method", "τ-b：デルタ法"]),
    ("kendall", "jackknife_z", ["τ-b, jackknife on z", "τ-b：ジャックナイフ（z）"]),
    ("mean", "t", ["Mean, t", "平均：t"]),
    ("slope", "classical", ["Slope, classical", "傾き：通常"]),
    ("slope", "hc3", ["Slope, HC3", "傾き：HC3"]),
    ("contacts_score", "classical", ["Score given contacts, classical", "つながり調整：通常"]),
    ("contacts_score", "hc3", ["Score given contacts, HC3", "つながり調整：HC3"]),
    ("contacts_regionJP", "hc3", ["Region given contacts, HC3", "地域（つながり調整）：HC3"]),
    ("fitted_high", "classical", ["Band of the line, classical", "信頼帯：通常"]),
    ("fitted_high", "hc3", ["Band of the line, HC3", "信頼帯：HC3"]),
    ("prediction", "t", ["One user, t", "1人の予測：t"]),
    ("prediction", "scaled_jackknife", ["One user, scaled jackknife", "1人の予測：ジャックナイフ"]),
];

/// How the names of the populations read.
const NAMES: [(&str, [&str; 2]); 9] = [
    ("reference", ["Like the study's data", "研究データに近い分布"]),
    ("null", ["The same, no link", "同：関連なし"]),
    ("strong", ["The same, strong link", "同：強い関連"]),
    ("engage", ["7% at the lower bound", "7% が下限値"]),
    ("heaping", ["A third heaped at 15", "3分の1が 15 に集中"]),
    ("normal", ["Bivariate normal", "二変量正規"]),
    ("skewed", ["Both strongly skewed", "両変数とも強い歪み"]),
    ("five_point", ["Five-point items", "5件法（多数の同順位）"]),
    ("unequal_spread", ["Unequal spread", "ばらつきが不均一"]),
];

fn word(pair: [&str; 2], lang: Lang) -> String {
    pair[usize::from(lang == Lang::Ja)].to_owned()
}

fn like_ours(cells: &[Cell], lang: Lang) -> (Forest, Caption) {
    let series = SIZES.map(|n| format!("n{n}"));
    let rows = ROWS.map(|(estimate, interval, _)| {
        let of = |n| find(cells, "reference", estimate, interval, n);
        (format!("{estimate}.{interval}"), SIZES.map(of).to_vec())
    });
    let title = [
        "Most intervals hold what they promise on data like ours",
        "本研究に近いデータでは|大半の区間が|名目どおりの|被覆率",
    ];
    let subtitle = [
        "Coverage of 95% intervals in samples of 30, 200 and 1,000 users",
        "標本の大きさ 30・200・1,000 人における|95%信頼区間の|被覆率",
    ];
    let mut caption = caption(title, subtitle, lang);
    for (key, n) in series.iter().zip(["30", "200", "1,000"]) {
        caption.labels.insert(format!("series.{key}"), format!("n = {n}"));
    }
    for (estimate, interval, words) in ROWS {
        caption.labels.insert(format!("term.{estimate}.{interval}"), word(words, lang));
    }
    let forest = forest(series.to_vec(), rows.to_vec(), 89.0, &mut caption);
    // Three numbers a row would not be legible in so many rows; the page has them.
    caption.labels.retain(|key, _| !key.starts_with("number"));
    (forest, caption)
}

fn pearson(cells: &[Cell], lang: Lang) -> (Forest, Caption) {
    let kinds = ["fisher_z", "bca", "jackknife_z"];
    let rows = POPULATIONS.map(|(name, _)| {
        (name.to_owned(), kinds.map(|kind| find(cells, name, "pearson", kind, 200)).to_vec())
    });
    let title = [
        "Skewed data need another interval for r than Fisher's",
        "歪んだデータでは|フィッシャーの区間に|代わる区間が|必要",
    ];
    let subtitle = [
        "Coverage of three 95% intervals for r in samples of 200 users, by population",
        "母集団ごとの|相関係数 r の|95%信頼区間（3種）の|被覆率、|n = 200",
    ];
    let mut caption = caption(title, subtitle, lang);
    let words = [
        ["Fisher z", "フィッシャーの z"],
        ["BCa bootstrap", "BCa"],
        ["Jackknife on z", "ジャックナイフ（z）"],
    ];
    for (kind, words) in kinds.iter().zip(words) {
        caption.labels.insert(format!("series.{kind}"), word(words, lang));
    }
    for (name, words) in NAMES {
        caption.labels.insert(format!("term.{name}"), word(words, lang));
    }
    (forest(kinds.map(str::to_owned).to_vec(), rows.to_vec(), 89.0, &mut caption), caption)
}

fn prediction(cells: &[Cell], lang: Lang) -> (Forest, Caption) {
    let kinds = [
        ("prediction", "t", ["t, all users", "t、全員"]),
        ("prediction_high", "t", ["t, top tenth of scores", "t、得点の上位1割"]),
        (
            "prediction_high",
            "scaled_jackknife",
            ["Jackknife, top tenth", "ジャックナイフ、上位1割"],
        ),
    ];
    let rows = POPULATIONS.map(|(name, _)| {
        let of = |(estimate, interval, _): (&str, &str, [&str; 2])| {
            find(cells, name, estimate, interval, 200)
        };
        (name.to_owned(), kinds.map(of).to_vec())
    });
    let title = [
        "A prediction interval of one width fails where users scatter most",
        "一定幅の|予測区間は、|ばらつきの大きい|ところで|外れやすい",
    ];
    let subtitle = [
        "Coverage of 95% prediction intervals for one user, samples of 200 users",
        "1人についての|95%予測区間の|被覆率、|n = 200",
    ];
    let mut caption = caption(title, subtitle, lang);
    let series = [0, 1, 2].map(|i| format!("kind{i}"));
    for (key, (_, _, words)) in series.iter().zip(kinds) {
        caption.labels.insert(format!("series.{key}"), word(words, lang));
    }
    for (name, words) in NAMES {
        caption.labels.insert(format!("term.{name}"), word(words, lang));
    }
    (forest(series.to_vec(), rows.to_vec(), 76.0, &mut caption), caption)
}

/// What a report prints for 30 users and strongly skewed data, and what stands beside it.
fn few(cells: &[Cell], lang: Lang) -> (Forest, Caption) {
    const PLACES: [(&str, [&str; 2]); 3] = [
        ("reference", ["like the study's", "研究データに|近い分布"]),
        ("engage", ["7% at the lower bound", "7% が下限値"]),
        ("skewed", ["both strongly skewed", "両変数とも|強い歪み"]),
    ];
    const ESTIMATES: [(&str, [&str; 2], [&str; 2]); 3] = [
        ("mean", ["t", "hall"], ["Mean", "平均"]),
        ("slope", ["hc3", "hc3_bm"], ["Slope", "傾き"]),
        ("fitted_high", ["hc3", "hc3_bm"], ["Line at a high score", "高得点での|直線"]),
    ];
    let title = [
        "With 30 users of skewed data, corrected intervals hold more",
        "歪んだデータで|30人しかいないときは、|補正した区間の|被覆率が|高い",
    ];
    let subtitle = [
        "Coverage of 95% intervals in samples of 30 users, usual and corrected",
        "95%信頼区間の|被覆率、|通常の区間と|補正した区間、|n = 30",
    ];
    let mut caption = caption(title, subtitle, lang);
    let series = [
        ("usual", ["Usual: t; HC3", "通常：t、HC3"]),
        ("corrected", ["Hall; HC3 (Bell–McCaffrey)", "ホール法、HC3（Bell–McCaffrey）"]),
    ];
    for (key, words) in series {
        caption.labels.insert(format!("series.{key}"), word(words, lang));
    }
    let mut rows = Vec::new();
    for (estimate, intervals, name) in ESTIMATES {
        for (population, place) in PLACES {
            let term = format!("{estimate}.{population}");
            let of = |interval| find(cells, population, estimate, interval, SIZES[0]);
            let words = match lang {
                Lang::En => format!("{}, {}", word(name, lang), word(place, lang)),
                Lang::Ja => format!("{}：|{}", word(name, lang), word(place, lang)),
            };
            caption.labels.insert(format!("term.{term}"), words.replace('|', "\u{200b}"));
            rows.push((term, intervals.map(of).to_vec()));
        }
    }
    let series = series.map(|(key, _)| key.to_owned()).to_vec();
    (forest(series, rows, 89.0, &mut caption), caption)
}

fn find<'a>(
    cells: &'a [Cell],
    population: &str,
    estimate: &str,
    interval: &str,
    n: usize,
) -> Option<&'a Cell> {
    cells.iter().find(|c| {
        (c.population.as_str(), c.estimate.as_str(), c.interval.as_str(), c.n)
            == (population, estimate, interval, n)
    })
}

/// From there to 99 or 100 %.
fn axis(from: f64) -> Axis {
    let (max, step) = if from < 85.0 { (102.0, 4.0) } else { (99.0, 1.0) };
    Axis { min: from, max, step }
}

/// Coverage with two Monte Carlo errors to each side; the numbers go to the caption.
fn forest(
    series: Vec<String>,
    rows: Vec<(String, Vec<Option<&Cell>>)>,
    from: f64,
    words: &mut Caption,
) -> Forest {
    let row = |(term, cells): (String, Vec<Option<&Cell>>)| {
        let one = |(series, cell): (usize, Option<&Cell>)| {
            let cell = cell?;
            let (value, reach) = (100.0 * cell.coverage(), 200.0 * cell.error());
            words.labels.insert(format!("number.{term}.{series}"), format!("{value:.1}"));
            Some(ForestEstimate { series, value, low: value - reach, high: value + reach })
        };
        let estimates = cells.into_iter().enumerate().filter_map(one).collect();
        ForestRow { term, estimates }
    };
    let rows = rows.into_iter().map(row).collect();
    let aim = Some(Aim { value: 95.0, low: 94.0, high: 96.0 });
    Forest { series, rows, x_axis: axis(from), aim }
}

fn caption(title: [&str; 2], subtitle: [&str; 2], lang: Lang) -> Caption {
    let phrases = |text: String| text.replace('|', "\u{200b}");
    let note = [
        "Simulated samples from finite populations of known parameters; bars: two Monte Carlo standard errors. Table and code: tests/COVERAGE.md.",
        "母数が既知の|有限母集団からの|シミュレーション。|横棒は|モンテカルロ標準誤差の|±2倍。|表とプログラムは|tests/COVERAGE.md。",
    ];
    let labels = [
        ("number", ["%", "%"]),
        ("aim", ["95%, and the goal of 94 to 96%", "95% と目標範囲（94～96%）"]),
    ];
    Caption {
        lang,
        title: phrases(word(title, lang)),
        subtitle: phrases(word(subtitle, lang)),
        x: word(["Coverage (%)", "被覆率（%）"], lang),
        y: String::new(),
        note: phrases(word(note, lang)),
        mark: None,
        alt: word(subtitle, lang).replace('|', ""),
        labels: labels
            .map(|(key, words)| (key.to_owned(), word(words, lang)))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
    }
}
