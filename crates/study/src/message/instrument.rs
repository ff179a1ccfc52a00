//! What is wrong with ratings and items, in Japanese.

use ssi_infer::agreement::RaterError;
use ssi_infer::reliability::ItemError;

pub(super) fn raters(error: &RaterError) -> String {
    match error {
        RaterError::OneRater { rater } => format!(
            "評定者が1人（`{rater}`）だけのため、一致度を調べられません。一部の回答者を別の評定者にも評価してもらってください"
        ),
        RaterError::NoOverlap { raters } => format!(
            "評定者は{raters}人いますが、2人以上に評価された回答者がいないため、比較できません。一部の回答者を2人で評価してください"
        ),
        RaterError::RatedTwice { rater, subject } => format!(
            "評定者 `{rater}` が{subject}番目の回答者を2回評価しています。どちらか一方だけを残してください"
        ),
        RaterError::Unlisted { rater, subject } => format!(
            "評定者の番号 {rater} または回答者の番号 {subject} が一覧にありません。どちらも 0 から数えてください"
        ),
        other => other.to_string(),
    }
}

pub(super) fn items(error: &ItemError) -> String {
    match error {
        ItemError::TooFewItems { found } => format!(
            "尺度として分析するには、値にばらつきのある項目が2つ以上必要ですが、{found}つしかありません。--items で列を追加してください"
        ),
        other => other.to_string(),
    }
}
