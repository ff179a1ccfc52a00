//! Four panels of residual diagnostics.

use super::Worded;
use crate::findings::Findings;
use crate::number::general;
use crate::sentences::diagnostics;
use crate::terms::word;
use ssi_vocab::Lang;
use ssi_vocab::drawing::Diagnostics;

pub(super) fn words(f: Findings<'_>, d: &Diagnostics, lang: Lang) -> Worded {
    let keys = [
        "residuals.title",
        "residuals.x",
        "residuals.y",
        "quantiles.title",
        "quantiles.x",
        "quantiles.y",
        "scale.title",
        "scale.x",
        "scale.y",
        "leverage.title",
        "leverage.x",
        "leverage.y",
    ];
    let mut worded = Worded {
        title: diagnostics::title(f, lang),
        subtitle: diagnostics::subtitle(f, lang),
        method: match lang {
            Lang::En => "Model: the straight line. The most influential respondents are marked.",
            Lang::Ja => "モデルは|直線回帰。|影響度の|大きい回答者に|印をつけた。",
        },
        ..Worded::default()
    };
    let labels = &mut worded.labels;
    labels.extend(keys.map(|key| (key.to_owned(), f.axis(word(lang, key), lang))));
    labels.insert("cooks".to_owned(), word(lang, "label.cooks").to_owned());
    labels.insert("envelope".to_owned(), word(lang, "label.envelope").to_owned());
    for (i, (distance, _)) in d.cooks.iter().enumerate() {
        labels.insert(format!("cooks.{i}"), general(*distance));
    }
    let explained = diagnostics::explained(f, lang);
    worded.alt = match lang {
        Lang::En => explained.join(" "),
        Lang::Ja => explained.concat(),
    };
    worded
}
