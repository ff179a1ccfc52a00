//! The ten-point rubric: versioned data, not code.

use crate::{Error, Result, form, message};
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

    /// A rubric of one's own, in the form of `generic-10-v1.toml`.
    ///
    /// # Errors
    /// [`Error::Usage`], which names the line or the item, for what can't be read, no items, a
    /// column named twice, or an empty name, version or column.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let wrong = |en: String, ja: String| {
            Err(Error::usage(format!("{name}: {en}"), format!("{name}：{ja}")))
        };
        let rubric: Self = match form::of_toml(text) {
            Ok(rubric) => rubric,
            Err(misfit) => {
                return wrong(
                    format!("is no rubric: {misfit}"),
                    format!("評価基準として読めません。{}", message::misfit(&misfit)),
                );
            }
        };
        for (what, value) in [("id", &rubric.id), ("version", &rubric.version)] {
            if value.trim().is_empty() {
                return wrong(
                    format!("`{what}` is empty; give the rubric one"),
                    format!("`{what}` が空です。値を書いてください"),
                );
            }
        }
        if rubric.items.is_empty() {
            return wrong(
                "it has no items; add some as [[item]]".to_owned(),
                "項目がありません。[[item]] として書いてください".to_owned(),
            );
        }
        for (i, item) in rubric.items.iter().enumerate() {
            let (place, column) = (i + 1, &item.column);
            if column.trim().is_empty() {
                return wrong(
                    format!("item {place} names no column; give its `column`"),
                    format!("{place}番目の項目に列名がありません。`column` を書いてください"),
                );
            }
            if let Some(first) = rubric.items[..i].iter().position(|other| other.column == *column)
            {
                let first = first + 1;
                return wrong(
                    format!(
                        "items {first} and {place} name the same column `{column}`; change one"
                    ),
                    format!(
                        "{first}番目と{place}番目の項目が同じ列 `{column}` を指しています。どちらかを変えてください"
                    ),
                );
            }
        }
        Ok(rubric)
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

    #[test]
    fn a_rubric_that_can_t_be_used_says_where() {
        let wrong = |from: &str, to: &str| {
            let text = GENERIC_10.replacen(from, to, 1);
            assert_ne!(text, GENERIC_10);
            Rubric::parse(&text, "own.toml").unwrap_err().to_string()
        };
        assert_eq!(Rubric::parse(GENERIC_10, "own.toml").unwrap(), Rubric::generic_10());
        let twice = wrong("item_banner", "item_photo");
        assert!(twice.contains("items 1 and 2") && twice.contains("`item_photo`"), "{twice}");
        assert!(wrong("\"generic-10\"", "\"\"").contains("`id`"));
        assert!(wrong("item_banner", " ").contains("item 2"));
        // toml says the line.
        assert!(wrong("one = \"one recog", "uno = \"one recog").contains("line 9"));
        assert!(Rubric::parse("id = \"a\"\nversion = \"1\"\nitem = []", "x").is_err());
    }
}
