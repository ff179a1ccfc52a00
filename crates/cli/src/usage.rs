//! What is wrong with a command line, in Japanese. English is the parser's own text.

use crate::values::Wrong;
use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use ssi_study::Lang;
use std::ffi::OsString;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

/// The language that a command line asks for, read before the line as a whole is understood. What
/// begins as the name of Japan or its language is meant so, though only `ja` is right.
pub(crate) fn language(args: impl IntoIterator<Item = OsString>) -> Lang {
    let mut args = args.into_iter().map(|arg| arg.to_string_lossy().into_owned());
    while let Some(arg) = args.next().filter(|arg| arg != "--") {
        let value = match arg.strip_prefix("--lang") {
            Some("") => args.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if value.is_some_and(|v| v.to_lowercase().starts_with('j') || v.starts_with("日本")) {
            return Lang::Ja;
        }
    }
    Lang::En
}

/// A command line with the language in front: the parser's own command `help` takes no options behind
/// it.
pub(crate) fn language_first(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    let is_lang = |arg: &OsString| arg == "--lang" || arg.to_string_lossy().starts_with("--lang=");
    let end = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    if let Some(at) = args[..end].iter().position(is_lang) {
        let with_value = if args[at] == "--lang" { (at + 2).min(end) } else { at + 1 };
        args[..with_value].rotate_right(with_value - at);
    }
    args
}

/// The message of a wrong command line: what is wrong, what may be meant, the form of the command.
pub(crate) fn japanese(error: &Error) -> String {
    let mut text = format!("ssi: {}", sentence(error));
    for tip in tips(error) {
        text += &format!("\n  {tip}");
    }
    if let Some(usage) = text_of(error, ContextKind::Usage) {
        let usage = usage.trim().replacen("Usage: ", "使い方：", 1);
        let usage = usage.replace("[OPTIONS]", "[オプション]").replace("[COMMAND]", "[コマンド]");
        text += &format!("\n\n{usage}");
    }
    text += "\n\n詳しい使い方は --help で表示できます\n";
    text
}

fn sentence(error: &Error) -> String {
    let one = |kind| text_of(error, kind).unwrap_or_default();
    let (arg, value) = (one(ContextKind::InvalidArg), one(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("{arg} には値が必要です{}", choices(error))
        }
        ErrorKind::InvalidValue => {
            format!("{arg} に `{value}` は指定できません{}", choices(error))
        }
        ErrorKind::ValueValidation => {
            format!("{arg} に `{value}` は指定できません。{}", reason(error))
        }
        ErrorKind::UnknownArgument if arg.starts_with('-') => {
            format!("`{arg}` というオプションはありません")
        }
        ErrorKind::UnknownArgument => format!("余分な引数 `{arg}` があります"),
        ErrorKind::InvalidSubcommand => {
            format!("`{}` というコマンドはありません", one(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "コマンドが指定されていません".to_owned(),
        ErrorKind::NoEquals => format!("{arg} の値は `=` に続けて指定してください"),
        ErrorKind::TooManyValues => {
            format!("{arg} の値が多すぎます。`{value}` は余分です")
        }
        ErrorKind::TooFewValues => format!(
            "{arg} には値が{}個以上必要ですが、{}個しかありません",
            one(ContextKind::MinValues),
            one(ContextKind::ActualNumValues)
        ),
        ErrorKind::WrongNumberOfValues => format!(
            "{arg} には値が{}個必要ですが、{}個あります",
            one(ContextKind::ExpectedNumValues),
            one(ContextKind::ActualNumValues)
        ),
        ErrorKind::ArgumentConflict => {
            let prior = one(ContextKind::PriorArg);
            if prior == arg {
                format!("{arg} は1回だけ指定してください")
            } else {
                format!("{arg} と {prior} は同時に指定できません")
            }
        }
        ErrorKind::MissingRequiredArgument => format!("次の指定が必要です：{arg}"),
        ErrorKind::InvalidUtf8 => {
            "文字コードが UTF-8 でない引数があります。UTF-8 で指定してください".to_owned()
        }
        _ => "コマンドの書き方が正しくありません".to_owned(),
    }
}

/// The values that there are.
fn choices(error: &Error) -> String {
    match text_of(error, ContextKind::ValidValue).filter(|known| !known.is_empty()) {
        Some(known) => format!("。使える値：{known}"),
        None => String::new(),
    }
}

/// Why a value is none.
fn reason(error: &Error) -> String {
    let Some(source) = std::error::Error::source(error) else {
        return "別の値を指定してください".to_owned();
    };
    if let Some(wrong) = source.downcast_ref::<Wrong>() {
        return wrong.ja.clone();
    }
    let whole = source.downcast_ref::<ParseIntError>().map(ParseIntError::kind);
    match whole {
        Some(IntErrorKind::PosOverflow) => "値が大きすぎます",
        Some(IntErrorKind::NegOverflow) => "値が小さすぎます",
        Some(_) => "0以上の整数を指定してください",
        None if source.is::<ParseFloatError>() => "数値を指定してください（例：0.95）",
        None => "指定できる範囲の外の値です",
    }
    .to_owned()
}

/// What may be meant.
fn tips(error: &Error) -> Vec<String> {
    let nearest =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let mut tips: Vec<String> = nearest
        .into_iter()
        .filter_map(|kind| text_of(error, kind).filter(|near| !near.is_empty()))
        .map(|near| format!("`{near}` のことですか？"))
        .collect();
    if error.kind() == ErrorKind::InvalidValue
        && text_of(error, ContextKind::InvalidArg).is_some_and(|arg| arg.starts_with("--lang "))
    {
        tips.push("日本語は `--lang ja` です".to_owned());
    }
    let Some(ContextValue::StyledStrs(more)) = error.get(ContextKind::Suggested) else {
        return tips;
    };
    for tip in more {
        // The parser's own sentences; what they name stands in quotation marks.
        let tip = tip.to_string();
        let named: Vec<&str> = tip.split('\'').skip(1).step_by(2).collect();
        tips.push(match named[..] {
            [other] => format!("`{other}` ならあります"),
            [value, written] if written.contains("-- ") => {
                format!("`{value}` を値として渡すには `{written}` と書いてください")
            }
            _ => "`--` を外すと、コマンドとして扱われます".to_owned(),
        });
    }
    tips
}

/// What the parser knows of an error, as text.
fn text_of(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join("、")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_goes_in_front_and_nothing_is_lost() {
        let of = |line: &str| {
            let line = language_first(line.split(' ').map(OsString::from));
            line.join(&OsString::from(" ")).into_string().unwrap_or_default()
        };
        assert_eq!(of("help check --lang ja"), "--lang ja help check");
        assert_eq!(of("help --lang=ja check"), "--lang=ja help check");
        assert_eq!(of("check --lang ja f -- --lang en"), "--lang ja check f -- --lang en");
        assert_eq!(of("check f --lang"), "--lang check f");
        assert_eq!(of("check -- --lang"), "check -- --lang");
    }

    #[test]
    fn the_language_is_found_in_a_line_that_can_t_be_understood() {
        let of = |line: &str| language(line.split(' ').map(OsString::from));
        for ja in [
            "ssi nonsense --lang ja",
            "ssi --lang=ja --nonsense",
            "ssi --lang jp",
            "ssi x --lang=JA",
        ] {
            assert_eq!(of(ja), Lang::Ja, "{ja}");
        }
        for en in
            ["ssi --lang en", "ssi --lang", "ssi --language ja", "ssi x -- --lang ja", "ssi ja"]
        {
            assert_eq!(of(en), Lang::En, "{en}");
        }
    }
}
