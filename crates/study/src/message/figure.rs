//! Why a picture can't be drawn, in Japanese.

use ssi_figure::Error as E;

pub(super) fn japanese(error: &E) -> String {
    match error {
        E::Axis { min, max, step, .. } => format!(
            "{min} から {max} まで {step} ごとの目盛りは描けません。目盛りが1～60個になる有限の範囲が必要です"
        ),
        E::NotFinite { part, value, .. } => {
            format!("`{part}` に有限でない値（{value}）があります")
        }
        E::UnequalLengths { part, first, second } => {
            format!("`{part}` の値の数が一致しません（{first}個と{second}個）")
        }
        E::OutOfRange { part, index, len } => {
            format!("`{part}` の番号 {index} は範囲外です（{len}個しかありません）")
        }
        E::Empty { .. } => "描くデータがありません".to_owned(),
        E::Unsupported => "この種類の図は描けません".to_owned(),
        E::Size { width } => {
            format!("幅 {width} ピクセルの画像は作成できません。100～16000 で指定してください")
        }
        E::Font => "組み込みのフォントを読み込めません".to_owned(),
        _ => "画像に変換できません".to_owned(),
    }
}
