//! The ten-point rubric: versioned data, not code.

use serde::Deserialize;
use ssi_vocab::Lang;

const GENERIC_10: &str = include_str!("../rubric/generic-10-v1.toml");

/// A checklist with its scoring rules.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// Name.
    pub id: String,
    /// Version; scores of different versions are not compared.
    pub version: String,
    /// The items, in order.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

/// One item of a rubric.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Column that holds its scores.
    pub column: String,
    /// English wording.
    pub en: Wording,
    /// Japanese wording.
    pub ja: Wording,
}

/// What an item is called and when it scores what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// Name.
    pub name: String,
    /// When it scores 0.
    pub zero: String,
    /// When it scores 0.5.
    pub half: String,
    /// When it scores 1.
    pub one: String,
}

impl Rubric {
    /// `generic-10 v1`: ten items that a third party can see.
    #[expect(clippy::expect_used, reason = "the rubric is part of the program and tested")]
    pub fn generic_10() -> Self {
        toml::from_str(GENERIC_10).expect("the embedded rubric is valid")
    }

    /// Name and version, such as `generic-10 v1`.
    pub fn label(&self) -> String {
        format!("{} v{}", self.id, self.version)
    }
}

impl Item {
    /// The wording in a language.
    pub fn wording(&self, lang: Lang) -> &Wording {
        match lang {
            Lang::En => &self.en,
            Lang::Ja => &self.ja,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_rubric_scores_the_items_of_the_contract_in_their_order() {
        let rubric = Rubric::generic_10();
        let columns: Vec<&str> = rubric.items.iter().map(|i| i.column.as_str()).collect();
        let contract = crate::simulate::ITEMS.map(|item| format!("item_{item}"));
        assert_eq!(columns, contract);
        assert_eq!(rubric.label(), "generic-10 v1");
    }
}
