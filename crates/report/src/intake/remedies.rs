//! What to do about a problem, where there is anything to do.

use ssi_vocab::{Cause, Entry, Lang, Reason, Rule};

/// Every cause that a ledger's problems may have.
#[cfg(test)]
pub(super) const ALL: [Cause; 27] = [
    Cause::Reason(Reason::NotANumber),
    Cause::Reason(Reason::NotFinite),
    Cause::Reason(Reason::OutOfRange),
    Cause::Reason(Reason::NotAnItemScore),
    Cause::Reason(Reason::PillarsDoNotAddUp),
    Cause::Reason(Reason::TotalIsNotTheSum),
    Cause::Reason(Reason::ConflictingDuplicate),
    Cause::Reason(Reason::RaggedRow),
    Cause::Reason(Reason::Formula),
    Cause::Reason(Reason::NotADate),
    Cause::Rule(Rule::Encoding),
    Cause::Rule(Rule::Delimiter),
    Cause::Rule(Rule::FullWidth),
    Cause::Rule(Rule::DecimalComma),
    Cause::Rule(Rule::Thousands),
    Cause::Rule(Rule::Unit),
    Cause::Rule(Rule::Approximate),
    Cause::Rule(Rule::Capped),
    Cause::Rule(Rule::Date),
    Cause::Rule(Rule::DeclaredScore),
    Cause::Rule(Rule::MissingCode),
    Cause::Rule(Rule::NotVisible),
    Cause::Rule(Rule::DroppedRow),
    Cause::Rule(Rule::IdenticalDuplicate),
    Cause::Rule(Rule::IncompleteTotal),
    Cause::Rule(Rule::PillarsKept),
    Cause::Rule(Rule::OlderDuplicate),
];

/// What to do about the problems of a cause of which these are examples.
pub(super) fn remedies(
    cause: Cause,
    examples: &[Entry<'_>],
    lang: Lang,
) -> impl Iterator<Item = &'static str> + use<> {
    let any = |what: &dyn Fn(&Entry<'_>) -> bool| examples.iter().any(what);
    let mut found: Vec<Option<&'static str>> = Vec::new();
    match cause {
        Cause::Reason(Reason::NotANumber) => {
            let (item, date) = (|e: &Entry<'_>| e.column.starts_with("item_"), is_date);
            if any(&|e| !item(e) && !date(e)) {
                found.push(remedy(cause, lang));
            }
            if any(&item) {
                found.push(remedy(Cause::Reason(Reason::NotAnItemScore), lang));
            }
            if any(&date) {
                found.push(Some(match lang {
                    Lang::En => "a spreadsheet made a date of the answer: look the answer up in the form itself, and format the column as text before it is pasted",
                    Lang::Ja => "表計算ソフトが回答を日付に変換しています。元の回答を確認し、列の書式を「文字列」にしてから貼り付けてください",
                }));
            }
        }
        // A mark at the beginning leaves no doubt.
        Cause::Rule(Rule::Encoding) if any(&|e| e.value != "CP932") => {}
        _ => found.push(remedy(cause, lang)),
    }
    found.into_iter().flatten()
}

/// A date where a number belongs: `5月10日`, `2018-05-10`, `10-May`.
fn is_date(entry: &Entry<'_>) -> bool {
    let text = entry.value;
    let iso = text.len() >= 10 && text.bytes().take(10).filter(|b| *b == b'-').count() == 2;
    let month = |name: &str| text.ends_with(name) && text.starts_with(|c: char| c.is_ascii_digit());
    let english = [
        "-Jan", "-Feb", "-Mar", "-Apr", "-May", "-Jun", "-Jul", "-Aug", "-Sep", "-Oct", "-Nov",
        "-Dec",
    ];
    (text.contains('月') && text.ends_with('日')) || iso || english.into_iter().any(month)
}

/// What to do; nothing where the reading is right as it is.
pub(super) fn remedy(cause: Cause, lang: Lang) -> Option<&'static str> {
    let [en, ja] = match cause {
        Cause::Reason(reason) => of_reason(reason)?,
        Cause::Rule(rule) => of_rule(rule)?,
        Cause::Refusal(_) => return None,
    };
    Some(match lang {
        Lang::En => en,
        Lang::Ja => ja,
    })
}

fn of_reason(reason: Reason) -> Option<[&'static str; 2]> {
    Some(match reason {
        Reason::NotANumber => [
            "write the number in digits, or leave the cell empty if it is not known",
            "数字で入力し直してください。不明な場合は空欄にしてください",
        ],
        Reason::NotFinite => [
            "replace it by the number itself, or leave the cell empty",
            "正しい数値に直すか、空欄にしてください",
        ],
        Reason::OutOfRange => [
            "compare it with the original: SSI runs from 0 to 100, a pillar from 0 to 25, a rank from 1 to 100 (“Top 10%” is 10, not 0.1)",
            "元の値を確認してください。SSI は 0～100、柱は 0～25、順位（上位%）は 1～100 です（「上位10%」は 0.1 ではなく 10）",
        ],
        Reason::NotAnItemScore => [
            "score each item 0, 0.5 or 1; signs such as ○△× or yes/no are read where a codebook declares them: \"score_map\": {\"○\": 1, \"△\": 0.5, \"×\": 0} (ssi check FILE --write-codebook OUT.json)",
            "項目は 0、0.5、1 で採点してください。○△× や「はい・いいえ」は、コードブックで \"score_map\": {\"○\": 1, \"△\": 0.5, \"×\": 0} と宣言すれば読み取れます（ひな型：ssi check FILE --write-codebook OUT.json）",
        ],
        Reason::PillarsDoNotAddUp => [
            "compare the four pillars and SSI with the original; --keep pillars uses the rows as they are, and lists them",
            "4つの柱と SSI を元の画面と照合してください。--keep pillars を付けると、一覧に残したうえでそのまま使用します",
        ],
        Reason::TotalIsNotTheSum => [
            "correct the item or the total; without the column of totals the sum is computed",
            "項目か合計点を修正してください。合計点の列を削除すれば、合計は自動で計算されます",
        ],
        Reason::ConflictingDuplicate => [
            "keep the right row of each respondent, or choose with --keep latest; several raters need a column rater_id, several measurements a column wave",
            "正しい行を残すか、--keep latest で新しいほうを使ってください。評定者が複数いる場合は rater_id、測定が複数回ある場合は wave の列が必要です",
        ],
        Reason::RaggedRow => [
            "put text that holds the separator into quotation marks; if most rows are listed, the separator is another one: --delimiter",
            "区切り文字を含む文字列は引用符 \" で囲んでください。ほとんどの行が該当する場合は、--delimiter で区切り文字を指定してください",
        ],
        Reason::Formula => ["paste the column as values", "数式ではなく値として貼り付けてください"],
        Reason::NotADate => [
            "write dates as 2018-07-12, or say which of the two readings holds for the file: --date-order dmy or mdy",
            "日付は 2018-07-12 の形で入力するか、--date-order dmy（日/月/年）または mdy（月/日/年）で順序を指定してください",
        ],
        _ => return None,
    })
}

fn of_rule(rule: Rule) -> Option<[&'static str; 2]> {
    Some(match rule {
        Rule::Encoding => [
            "if words look wrong, name another one: --encoding utf-8, cp932 or utf-16",
            "文字化けしている場合は --encoding（utf-8、cp932、utf-16）で指定してください",
        ],
        Rule::DecimalComma | Rule::Thousands => [
            "if that is wrong, say what a comma means: --decimal comma or --decimal point",
            "読み取りが違う場合は --decimal comma（コンマが小数点）または --decimal point（ピリオドが小数点）を指定してください",
        ],
        Rule::Approximate => [
            "nothing to do if the number is close enough; the analyses take it as exact",
            "概数のままで差し支えなければ修正は不要です。分析では正確な値として扱われます",
        ],
        Rule::Capped => [
            "nothing to do: 500+ is never read as 500",
            "修正は不要です（500+ を 500 として扱うことはありません）",
        ],
        Rule::IncompleteTotal => [
            "nothing to do if items could not be seen; a total counts only where all ten were",
            "見えない項目があった場合は修正不要です。合計点は10項目すべてがそろった場合だけ使われます",
        ],
        Rule::IdenticalDuplicate => [
            "nothing to do; several raters need a column rater_id",
            "修正は不要です。評定者が複数いる場合は rater_id の列を加えてください",
        ],
        _ => return None,
    })
}
