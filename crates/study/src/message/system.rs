//! Why the operating system could not read or write something.

use crate::error::reason as english;
use ssi_vocab::Lang;
use std::io;

/// Why the operating system could not do something. English is its own text.
pub fn reason(error: &io::Error, lang: Lang) -> String {
    match lang {
        Lang::En => english(error),
        Lang::Ja => failed(error.kind(), error.raw_os_error()),
    }
}

/// Why something could not be read or written.
pub(super) fn failed(kind: io::ErrorKind, number: Option<i32>) -> String {
    use io::ErrorKind as K;
    match kind {
        K::NotFound => "見つかりません",
        K::PermissionDenied => "権限がありません",
        K::AlreadyExists => "同じ名前のものが既にあります",
        K::IsADirectory => "フォルダーです",
        K::NotADirectory => "途中にフォルダーでないものがあります",
        K::DirectoryNotEmpty => "フォルダーが空ではありません",
        K::StorageFull => "空き容量がありません",
        K::QuotaExceeded => "使用できる容量の上限を超えています",
        K::FileTooLarge => "ファイルが大きすぎます",
        K::ReadOnlyFilesystem => "書き込みが禁止されています",
        K::InvalidFilename => "ファイル名が長すぎるか、使えない文字を含んでいます",
        K::CrossesDevices => "別のディスクにあります",
        K::ResourceBusy | K::ExecutableFileBusy => "ほかのプログラムが使用中です",
        K::TimedOut => "時間内に応答がありませんでした",
        K::OutOfMemory => "メモリーが足りません",
        K::UnexpectedEof => "途中で終わっています",
        K::BrokenPipe => "出力先が閉じられました",
        K::Interrupted => "中断されました",
        _ => {
            let number = number.map_or_else(String::new, |n| format!("、番号 {n}"));
            return format!("システムのエラー{number}");
        }
    }
    .to_owned()
}

/// Why something could not be written: what is not found then is its folder.
pub(super) fn not_written(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "フォルダーがありません".to_owned(),
        kind => failed(kind, error.raw_os_error()),
    }
}

/// What to do about a file that can't be written, up to its verb's ending.
pub(super) fn elsewhere(error: &io::Error) -> &'static str {
    use io::ErrorKind as K;
    match error.kind() {
        K::NotFound => "先にフォルダーを作成するか、別の場所を指定",
        K::PermissionDenied | K::ReadOnlyFilesystem => "書き込みのできる場所を指定",
        K::StorageFull | K::QuotaExceeded => "空き容量を確保するか、別の場所を指定",
        _ => "別の場所を指定",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_refuses_is_said_without_its_english() {
        for kind in [
            io::ErrorKind::NotFound,
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::IsADirectory,
            io::ErrorKind::StorageFull,
            io::ErrorKind::InvalidData,
            io::ErrorKind::Other,
        ] {
            let said = reason(&kind.into(), Lang::Ja);
            assert!(said.chars().all(|c| !c.is_ascii_alphabetic()), "{kind}: {said}");
        }
        let of_system = reason(&io::Error::from_raw_os_error(5), Lang::Ja);
        assert_eq!(of_system, "システムのエラー、番号 5");
    }
}
