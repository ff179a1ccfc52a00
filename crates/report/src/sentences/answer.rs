//! The answer to the study's question, and what it means.

use super::{coefficient_interval, facts, interval_words};
use crate::findings::{Direction, Findings, direction};
use crate::number;
use crate::phrase::{breaks, spaced};
use crate::terms::{named, word};
use ssi_vocab::{Estimate, HalfWidth, Lang, Note};

/// Half-widths up to this many SSI points count as useful for a single person (claim C10).
const USEFUL_FOR_ONE: f64 = 10.0;

/// The question of the study.
pub(crate) fn question(f: Findings<'_>, lang: Lang) -> String {
    let (x, y) = (f.x(lang), f.y(lang));
    match (f.is_score_and_ssi(), lang) {
        (true, _) => word(lang, "page.question").to_owned(),
        (false, Lang::En) => format!("Does {x} go with {y}?"),
        (false, Lang::Ja) => worded(&format!("{x}は、|{y}と|関連するか"), lang),
    }
}

/// The answer in one plain sentence with its uncertainty.
pub(crate) fn answer(f: Findings<'_>, lang: Lang) -> String {
    let Some(primary) = f.primary() else { return no_correlation(lang) };
    let (x, y, facts) = (f.x(lang), f.y(lang), facts(primary, lang));
    let text = match (direction(primary), lang) {
        (Direction::Up, Lang::En) => {
            format!("Users with a higher {x} tend to have a higher {y}: {facts}.")
        }
        (Direction::Up, Lang::Ja) => {
            format!("{x}が|高いユーザーほど、|{y}も|高い傾向が|みられました（{facts}）。")
        }
        (Direction::Down, Lang::En) => {
            format!("Users with a higher {x} tend to have a lower {y}: {facts}.")
        }
        (Direction::Down, Lang::Ja) => {
            format!("{x}が|高いユーザーほど、|{y}は|低い傾向が|みられました（{facts}）。")
        }
        (Direction::Open, Lang::En) => format!(
            "No clear association between {x} and {y} was found: {facts}. The interval includes 0, so even the direction is open."
        ),
        (Direction::Open, Lang::Ja) => format!(
            "{x}と|{y}の間に|はっきりした関連は|みられませんでした（{facts}）。|信頼区間が 0 を|含むため、|関連の向きも|判断できません。"
        ),
        (Direction::NoInterval, Lang::En) => format!(
            "The correlation between {x} and {y} is {facts}, but without an interval nothing can be said of users beyond these."
        ),
        (Direction::NoInterval, Lang::Ja) => format!(
            "{x}と|{y}の|相関係数は|計算できましたが（{facts}）、|信頼区間が|求められないため、|今回の回答者以外の|ユーザーについては|何もいえません。"
        ),
        (Direction::Undefined(note), _) => undefined(f, note, primary.n_obs, lang),
    };
    worded(&text, lang)
}

/// A sentence with its places to break; variables in Japanese ones are set off as all words are.
fn worded(text: &str, lang: Lang) -> String {
    match lang {
        Lang::En => text.to_owned(),
        Lang::Ja => breaks(&spaced(text)),
    }
}

fn no_correlation(lang: Lang) -> String {
    breaks(match lang {
        Lang::En => "The correlation between profile score and SSI was not computed.",
        Lang::Ja => "プロフィール得点と |SSI の相関係数は|計算されていません。",
    })
}

fn undefined(f: Findings<'_>, note: Option<Note>, n: usize, lang: Lang) -> String {
    let (x, y, n) = (f.x(lang), f.y(lang), number::count(n));
    match (note.map(|note| named(lang, "note", note.code())), lang) {
        (Some(why), Lang::En) => format!(
            "Whether {x} and {y} go together can't be said: their correlation is not defined for these data ({why}; n = {n})."
        ),
        (Some(why), Lang::Ja) => format!(
            "{x}と|{y}が|関連するかどうかは|判断できません。|このデータでは|相関係数が|定義されないためです|（{why}、|n = {n}）。"
        ),
        (None, Lang::En) => format!(
            "Whether {x} and {y} go together can't be said: their correlation is not defined for these data (n = {n})."
        ),
        (None, Lang::Ja) => format!(
            "{x}と|{y}が|関連するかどうかは|判断できません。|このデータでは|相関係数が|定義されないためです|（n = {n}）。"
        ),
    }
}

/// How much of SSI's variance goes with the score, and how well one user's SSI is predicted.
pub(crate) fn strength(f: Findings<'_>, lang: Lang) -> Option<String> {
    let share = f.r_squared()?;
    f.primary()?.value?;
    let share = match (share < 0.01, lang) {
        (true, Lang::En) => "less than 1%".to_owned(),
        (true, Lang::Ja) => "1%未満".to_owned(),
        // 100% would say that the score decides SSI.
        (false, Lang::En) if share >= 0.995 => "more than 99%".to_owned(),
        (false, Lang::Ja) if share >= 0.995 => "99%超".to_owned(),
        (false, Lang::En) => format!("about {}", number::percent(share)),
        (false, Lang::Ja) => format!("約{}", number::percent(share)),
    };
    let level = f.level();
    // What is precise enough for one person is known of SSI only.
    let half = f.prediction_half_width().filter(|_| f.is_score_and_ssi());
    let y = f.y(lang);
    let points = number::fixed(half.unwrap_or_default(), 0);
    let text = match (half, lang) {
        (None, Lang::En) => format!("This accounts for {share} of the variance of {y}."),
        (None, Lang::Ja) => format!("これで|説明されるのは|{y}の|分散の{share}です。"),
        (Some(h), Lang::En) if h > USEFUL_FOR_ONE => format!(
            "The score accounts for {share} of the variance of SSI; a single user's SSI can't be predicted from it with any precision ({level} prediction interval about ±{points} points)."
        ),
        (Some(h), Lang::Ja) if h > USEFUL_FOR_ONE => format!(
            "得点で|説明されるのは |SSI の|分散の{share}で、|個々のユーザーの |SSI を|得点から|正確に|予測することは|できません|（{level}予測区間は|およそ±{points}点）。"
        ),
        (Some(_), Lang::En) => format!(
            "The score accounts for {share} of the variance of SSI; a single user's SSI can be predicted from it to about ±{points} points ({level} prediction interval)."
        ),
        (Some(_), Lang::Ja) => format!(
            "得点で|説明されるのは |SSI の|分散の{share}で、|個々のユーザーの |SSI は|得点から|およそ±{points}点の幅で|予測できます|（{level}予測区間）。"
        ),
    };
    Some(worded(&text, lang))
}

/// The answer and its strength, as they stand together on the first screen.
pub(crate) fn whole(f: Findings<'_>, lang: Lang) -> String {
    let answer = answer(f, lang);
    match (strength(f, lang), lang) {
        (Some(strength), Lang::En) => format!("{answer} {strength}"),
        (Some(strength), Lang::Ja) => format!("{answer}{strength}"),
        (None, _) => answer,
    }
}

/// Association is not causation.
pub(crate) fn causation(f: Findings<'_>, lang: Lang) -> Option<String> {
    let own = f.is_score_and_ssi();
    let text = match (direction(f.primary()?), lang) {
        (Direction::Up | Direction::Down, Lang::En) if !own => {
            "This shows an association, not causation."
        }
        (Direction::Up | Direction::Down, Lang::Ja) if !own => {
            "示されたのは関連であり、因果関係ではありません。"
        }
        (Direction::Up | Direction::Down, Lang::En) => {
            "This shows an association, not causation: it does not say that improving a profile would change the SSI."
        }
        (Direction::Up | Direction::Down, Lang::Ja) => {
            "示されたのは関連であり、因果関係ではありません。プロフィールを改善すれば SSI が変わる、とまではいえません。"
        }
        (Direction::Open | Direction::NoInterval, Lang::En) => {
            "A correlation describes an association, not causation. That no clear one was found does not prove that there is none."
        }
        (Direction::Open | Direction::NoInterval, Lang::Ja) => {
            "相関係数が示すのは関連であり、因果関係ではありません。また、はっきりした関連がみられなかったことは、関連がないことの証明にはなりません。"
        }
        (Direction::Undefined(_), _) => return None,
    };
    Some(text.to_owned())
}

/// What r and its interval mean, for a reader who never met a confidence interval.
pub(crate) fn reading(f: Findings<'_>, lang: Lang) -> Option<String> {
    let primary = f.primary()?;
    let r = number::correlation(primary.value?, lang);
    let interval = primary.interval.as_ref()?;
    let low = number::correlation(interval.low, lang);
    let high = number::correlation(interval.high, lang);
    let level = number::level(interval.level.get());
    let n = number::count(primary.n_obs);
    Some(match lang {
        Lang::En => format!(
            "r is 0 where two things have no straight-line association and 1 (or −1) where one follows exactly from the other; here it is {r}. These {n} users are a sample; in all users like them r may be anywhere from about {low} to {high}. Intervals made in this way include the true value in about {level} of studies. The interval covers chance, not how the users were chosen."
        ),
        Lang::Ja => format!(
            "相関係数 r は、直線的な関連がまったくなければ 0、一方から他方が完全に決まれば 1（または −1）になり、今回は {r} です。今回の{n}人は一部のユーザーなので、同じようなユーザー全体での値は、およそ {low}～{high} の範囲にあると考えられます。同じ調査を何度も繰り返すと、この方法で求めた区間のおよそ{level}が真の値を含みます。この幅は偶然による誤差だけを表し、対象者の選び方による偏りは含みません。"
        ),
    })
}

/// How far a single user's SSI scatters where the score is low, and where it is high.
pub(crate) fn spread(f: Findings<'_>, lang: Lang) -> Option<String> {
    let half = f.prediction_half_width().filter(|_| f.is_score_and_ssi())?;
    let [low, high] = f.model("main")?.glance.scaled_prediction[..] else { return None };
    let points = |v: f64| number::fixed(v, 0);
    let (half, level) = (points(half), f.level());
    let [low, high] = [low, high].map(|w| (number::general(w.at), points(w.half_width)));
    Some(match lang {
        Lang::En => format!(
            "The ±{half} points for a single user take SSI to scatter normally, and equally at every score. The band in the figure takes neither for granted: its {level} prediction interval is ±{} points at a score of {} and ±{} at {} (jackknife, scaled by the spread).",
            low.1, low.0, high.1, high.0
        ),
        Lang::Ja => format!(
            "個々のユーザーについての±{half}点は、どの得点でも SSI が同じばらつきの正規分布に従うという前提によるものです。図の予測帯はこの前提を置かず、得点に応じたばらつきを使ったジャックナイフ法で求めました。{level}予測区間は、得点{}点で±{}点、{}点で±{}点です。",
            low.0, low.1, high.0, high.1
        ),
    })
}

/// The same in small print.
pub(crate) fn spread_short(f: Findings<'_>, lang: Lang) -> Option<String> {
    let [low, high] = f.model("main")?.glance.scaled_prediction[..] else { return None };
    let half = |w: HalfWidth| number::fixed(w.half_width, 0);
    let at = |w: HalfWidth| number::general(w.at);
    Some(match lang {
        Lang::En => format!("±{} at score {}, ±{} at {}", half(low), at(low), half(high), at(high)),
        Lang::Ja => format!("得点{}で±{}、{}で±{}", at(low), half(low), at(high), half(high)),
    })
}

/// What one point more on the profile goes with.
pub(crate) fn slope(f: Findings<'_>, lang: Lang) -> Option<String> {
    let slope = f.slope("main")?;
    let value = slope.value?;
    if !f.is_score_and_ssi() {
        return slope_of_other(f, slope, lang);
    }
    let points = number::fixed(value.abs(), 1);
    let range = coefficient_interval(f, slope, lang);
    if let (Direction::Open, Some(range)) = (direction(slope), &range) {
        let points = number::signed(value, 1);
        return Some(match lang {
            Lang::En => format!(
                "The straight line changes by {points} SSI points for each profile point ({range}); the interval includes 0."
            ),
            Lang::Ja => format!(
                "プロフィール得点1点あたりの SSI の差は {points}点です（{range}）。信頼区間は 0 を含みます。"
            ),
        });
    }
    let range = match (lang, range) {
        (_, None) => String::new(),
        (Lang::En, Some(range)) => format!(" ({range})"),
        (Lang::Ja, Some(range)) => format!("（{range}）"),
    };
    Some(match lang {
        Lang::En => format!(
            "On average, SSI is {points} points {} for users whose profile score is one point higher{range}.",
            if value < 0.0 { "lower" } else { "higher" }
        ),
        Lang::Ja => format!(
            "平均すると、プロフィール得点が1点高いユーザーは SSI が{points}点{}なっています{range}。",
            if value < 0.0 { "低く" } else { "高く" }
        ),
    })
}

/// The slope of variables that have units of their own.
fn slope_of_other(f: Findings<'_>, slope: &Estimate, lang: Lang) -> Option<String> {
    let (x, y) = (f.x(lang), f.y(lang));
    let digits = number::decimals(slope.std_error.unwrap_or(0.0), 2);
    let text = |v| number::with_decimals(v, digits);
    let (b, interval) = (text(slope.value?), slope.interval.as_ref()?);
    let ends = number::range(&text(interval.low), &text(interval.high));
    let range = interval_words(f, slope, &ends, lang)?;
    Some(match lang {
        Lang::En => {
            format!("On average, {y} differs by {b} between users one unit of {x} apart ({range}).")
        }
        Lang::Ja => spaced(&format!(
            "{x}が1単位大きいユーザーでは、{y}は平均して {b} 異なります（{range}）。"
        )),
    })
}

/// What SSI, the ten points and the article are, for a reader who met none of them.
pub(crate) fn background(f: Findings<'_>, lang: Lang) -> Option<&'static str> {
    f.is_score_and_ssi().then_some(match lang {
        Lang::En => {
            "SSI is LinkedIn's own score of a member's activity (0–100), visible only to that member. The profile score counts ten things anyone can see on a profile (photo, banner, headline, …; 0, 0.5 or 1 each). A social-selling practitioner reported in 2018 that the two clearly correlate among about 200 users."
        }
        Lang::Ja => {
            "SSI は、LinkedIn が会員の活動を 0～100 点で示す指標で、本人しか見られません。プロフィール得点は、第三者にも見える10項目（顔写真、背景画像、ヘッドラインなど、各 0・0.5・1 点）の合計です。2018年の記事では、約200人で両者が明らかに相関すると報告されました。"
        }
    })
}

/// What synthetic data can and can't show.
pub(crate) fn synthetic(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "These data are synthetic: a program made them, and whatever association they show was built in. The report shows what the method finds, not how real users behave."
        }
        Lang::Ja => {
            "このレポートは、プログラムが生成した合成データによるものです。関連の有無や強さは、データを生成するときに設定されています。分析方法の例を示すもので、実際のユーザーについての知見ではありません。"
        }
    }
}
