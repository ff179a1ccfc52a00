//! The help in Japanese. English is the doc comments of the arguments.

use crate::args::Cli;
use clap::{Arg, ArgAction, Command, CommandFactory};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A line a text: `command`, `command.argument`, or `argument` where every command has it alike.
const TEXTS: &str = include_str!("../help.ja.txt");

static WORDS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    TEXTS.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(" = ")).collect()
});

const EXAMPLES: &str = "\
例：
  ssi study --lang ja                 参照用の合成コホートの分析（reports/reference に作成）
  ssi check 調査.xlsx --lang ja       ファイルに問題がないか確認
  ssi study 調査.xlsx --lang ja       自分の調査の分析（reports/調査 に作成）
  ssi study 調査.csv --map ssi_total=SSI,score_total=合計
  ssi cor 調査.csv -x score_total -y ssi_total --method all
  ssi fit 調査.csv 'ssi_total ~ score_total + C(region)' --se hc3
  ssi groups 調査.csv 'ssi_total ~ region'
  ssi template --lang ja              記入用の調査票

終了コード：0 完了、1 実行できない、2 使い方の誤り、3 データを受け付けられない、130 中断";

/// The heading of a command's own options.
const OPTIONS: &str = "オプション";

const FORM: &str = "{about-with-newline}\n使い方：{usage}\n\n{all-args}{after-help}";

/// The command line with its help in Japanese. It understands what the English one does.
/// `with_help` keeps the command `help`, which words itself in English.
pub(crate) fn japanese(with_help: bool) -> Command {
    let command = Cli::command().after_help(EXAMPLES).subcommand_help_heading("コマンド");
    let names: Vec<String> =
        command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let whole = names.into_iter().fold(worded(command, "ssi", true), |command, name| {
        command.mut_subcommand(&name, |sub| worded(sub, &name, false))
    });
    whole.disable_help_subcommand(!with_help)
}

fn worded(command: Command, name: &str, is_whole: bool) -> Command {
    let command =
        command.help_template(FORM).disable_help_flag(true).arg(flag("help", 'h', ArgAction::Help));
    let command = match is_whole {
        true => command.disable_version_flag(true).arg(flag("version", 'V', ArgAction::Version)),
        false => command,
    };
    let about = WORDS.get(name).copied().unwrap_or_default();
    command.about(about).long_about(None).mut_args(|arg| said(arg, name))
}

fn flag(name: &'static str, short: char, action: ArgAction) -> Arg {
    Arg::new(name).short(short).long(name).action(action).help_heading(OPTIONS)
}

/// An argument with its text, its default and the values that it may have.
fn said(arg: Arg, command: &str) -> Arg {
    let name = arg.get_id().as_str();
    let own = format!("{command}.{name}");
    let mut text =
        WORDS.get(own.as_str()).or_else(|| WORDS.get(name)).copied().unwrap_or_default().to_owned();
    if arg.get_action().takes_values() {
        let default = arg.get_default_values().iter().map(|v| v.to_string_lossy());
        let default = default.collect::<Vec<_>>().join("、");
        let possible: Vec<String> =
            arg.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
        if !possible.is_empty() {
            text += &format!("［{}］", possible.join("、"));
        }
        if !default.is_empty() {
            text += &format!("［既定値：{default}］");
        }
    }
    let heading = match arg.get_help_heading() {
        Some("Options of every command") => "共通のオプション",
        Some("Personal data") => "個人情報",
        Some(OPTIONS) | None if !arg.is_positional() => OPTIONS,
        Some(_) => "ファイルの読み方［既定では自動で判別。ssi check で確認できます］",
        None => "引数",
    };
    let has_value = arg.get_action().takes_values();
    let arg = arg.help(text).long_help(None).help_heading(heading);
    if has_value { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_command_and_argument_has_a_text_and_every_text_is_of_one() {
        let mut used = BTreeSet::from(["ssi".to_owned(), "help".to_owned(), "version".to_owned()]);
        let whole = Cli::command();
        let all = whole.get_subcommands().map(|sub| (sub.get_name().to_owned(), sub));
        for (name, command) in all.chain([("ssi".to_owned(), &whole)]) {
            assert!(WORDS.contains_key(name.as_str()), "{name}");
            used.insert(name.clone());
            for arg in command.get_arguments() {
                let (short, own) = (arg.get_id().to_string(), format!("{name}.{}", arg.get_id()));
                let key = if WORDS.contains_key(own.as_str()) { own } else { short };
                assert!(WORDS.contains_key(key.as_str()), "{name}: {key}");
                used.insert(key);
            }
        }
        let known: BTreeSet<String> = WORDS.keys().map(|key| (*key).to_owned()).collect();
        assert_eq!(known, used);
    }

    #[test]
    fn the_help_tells_the_limits_by_their_defaults() {
        let english = Cli::command();
        let english = english.get_arguments().find(|arg| arg.get_id() == "limit");
        let english = english.and_then(Arg::get_help).map(ToString::to_string);
        let japanese = WORDS.get("limit").map(|text| (*text).to_owned());
        for text in [english, japanese] {
            for (name, value) in ssi_study::Limits::default().named() {
                let told = format!("{name}={value}");
                assert!(text.as_ref().is_some_and(|text| text.contains(&told)), "{told}: {text:?}");
            }
        }
    }

    #[test]
    fn the_help_is_japanese_and_names_what_the_english_one_names() {
        japanese(false).debug_assert();
        let mut whole = japanese(false);
        whole.build();
        for command in whole.get_subcommands_mut() {
            let name = command.get_name().to_owned();
            let text = command.render_help().to_string();
            for english in ["Usage", "Options", "Print", "default:", "possible", "Commands"] {
                assert!(!text.contains(english), "{name}: {english}: {text}");
            }
            for arg in command.get_arguments().filter_map(Arg::get_long) {
                assert!(text.contains(&format!("--{arg}")), "{name}: {arg}");
            }
        }
    }
}
