//! Which column a header means, and how surely.

use super::{Codebook, Field};
use crate::number::fold;
use crate::refusals::Refusals;
use crate::{Error, Result};
use ssi_vocab::{How, Table, nearest};
use std::collections::{BTreeMap, BTreeSet, HashMap};

impl Codebook {
    /// The name under which a table has a column that is asked for as `name`: its own name, the
    /// canonical name of one of its headers, or a header's canonical counterpart.
    ///
    /// # Errors
    /// [`ssi_vocab::Error::UnknownColumn`].
    pub fn resolve<'t>(&self, table: &'t Table, name: &str) -> Result<&'t str> {
        if let Some(column) = table.columns().iter().find(|c| c.name == name) {
            return Ok(&column.name);
        }
        if let Some(header) = self.map.get(name)
            && let Some(column) = table.columns().iter().find(|c| c.name == *header)
        {
            return Ok(&column.name);
        }
        let meant = self.meaning(name).map(|(i, _)| i);
        let mut found: Vec<(Strength, &str)> = table
            .columns()
            .iter()
            .filter_map(|c| {
                self.meaning(&c.name)
                    .filter(|(canonical, _)| Some(*canonical) == meant)
                    .map(|(_, strength)| (strength, c.name.as_str()))
            })
            .collect();
        found.sort_unstable();
        match found.as_slice() {
            [] => Ok(&table.column(name)?.name),
            [(_, only)] => Ok(only),
            [(first, name), (second, _), ..] if first < second => Ok(name),
            several => Err(Error::RepeatedColumn {
                name: "the table".to_owned(),
                column: name.to_owned(),
                headers: several.iter().map(|(_, header)| (*header).to_owned()).collect(),
            }),
        }
    }

    /// The field that a header means, and how surely.
    pub(super) fn meaning(&self, header: &str) -> Option<(usize, Strength)> {
        if let Some(i) = self.fields.iter().position(|f| f.name == header) {
            return Some((i, Strength::Exact));
        }
        let folded = fold(header);
        if let Some(whole) = self.by_key.get(&key(&folded)) {
            return Some(*whole);
        }
        let (bare, remark) = folded.split_once(['(', '['])?;
        let bare = self.by_key.get(&key(bare)).copied()?;
        let remark = remark.trim_end_matches([')', ']', ' ', '*']);
        // The same name in another language, as in `SSIスコア（ssi_total）`.
        let again = self.by_key.get(&key(remark)).is_some_and(|(field, _)| *field == bare.0);
        (again || is_harmless(remark)).then_some(bare)
    }

    /// True where the whole header is known, with no remark in brackets.
    pub(crate) fn knows(&self, header: &str) -> bool {
        self.by_key.contains_key(&key(header)) || self.map.values().any(|h| key(h) == key(header))
    }

    /// How many columns the headers name, by the codebook or the user's map.
    pub(crate) fn known(&self, header: &[String]) -> usize {
        let mapped = |title: &String| {
            let wanted = self.map.iter().find(|(_, wanted)| key(wanted) == key(title));
            wanted.map(|(canonical, _)| canonical.as_str())
        };
        let own = |title: &String| self.meaning(title).map(|(i, _)| self.fields[i].name.as_str());
        let named = header.iter().filter_map(|title| mapped(title).or_else(|| own(title)));
        named.collect::<BTreeSet<&str>>().len()
    }

    /// For each canonical column that the header has, the index of the header that means it.
    ///
    /// # Errors
    /// [`Error::UnknownHeader`] for a mapped header that is not there, [`Error::RepeatedColumn`]
    /// where two headers mean one column equally well.
    pub(crate) fn columns(
        &self,
        header: &[String],
        file: &str,
        refusals: &mut Refusals,
    ) -> Result<BTreeMap<usize, (usize, How)>> {
        let mut found: BTreeMap<usize, (Strength, Vec<usize>)> = BTreeMap::new();
        let place = |name: &str| self.fields.iter().position(|f| f.name == name);
        let mut taken = BTreeSet::new();
        for (canonical, wanted) in &self.map {
            let same = |h: &&String| *h == wanted || key(h) == key(wanted);
            let exact: Vec<usize> = (0..header.len()).filter(|i| header[*i] == *wanted).collect();
            let at = match exact.as_slice() {
                [] => (0..header.len()).filter(|i| same(&&header[*i])).collect(),
                _ => exact,
            };
            if at.is_empty() {
                return Err(Error::UnknownHeader {
                    name: file.to_owned(),
                    column: canonical.clone(),
                    header: wanted.clone(),
                    nearest: nearest(wanted, header.iter().map(String::as_str)),
                    known: header.to_vec(),
                });
            }
            taken.extend(at.iter().copied());
            if let Some(field) = place(canonical) {
                found.insert(field, (Strength::Mapped, at));
            }
        }
        for (i, title) in header.iter().enumerate().filter(|(i, _)| !taken.contains(i)) {
            let Some((field, strength)) = self.meaning(title) else { continue };
            let entry = found.entry(field).or_insert((strength, Vec::new()));
            if strength < entry.0 {
                *entry = (strength, vec![i]);
            } else if strength == entry.0 {
                entry.1.push(i);
            }
        }
        let mut columns = BTreeMap::new();
        for (field, (strength, at)) in found {
            if at.len() > 1 {
                refusals.add(Error::RepeatedColumn {
                    name: file.to_owned(),
                    column: self.fields[field].name.clone(),
                    headers: at.iter().map(|i| header[*i].clone()).collect(),
                })?;
                continue;
            }
            let how = match strength {
                Strength::Mapped => How::Mapped,
                Strength::Exact => How::CanonicalName,
                Strength::Alias => How::KnownHeader,
                Strength::Fallback => How::FallbackHeader,
            };
            columns.extend(at.first().map(|i| (field, (*i, how))));
        }
        Ok(columns)
    }
}

/// Every known header, as it is compared, with what it means; the surest meaning wins.
pub(super) fn index(fields: &[Field]) -> HashMap<String, (usize, Strength)> {
    let mut by_key = HashMap::new();
    for (i, f) in fields.iter().enumerate() {
        for name in [&f.name, &f.title, &f.title_ja].into_iter().chain(&f.aliases) {
            by_key.entry(key(name)).or_insert((i, Strength::Alias));
        }
    }
    for (i, f) in fields.iter().enumerate() {
        for name in &f.fallback_aliases {
            by_key.entry(key(name)).or_insert((i, Strength::Fallback));
        }
    }
    by_key.remove("");
    by_key
}

/// How surely a header means a column; the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    Mapped,
    Exact,
    Alias,
    Fallback,
}

/// Words in brackets that say how to fill a column in, and nothing of what it holds.
const HARMLESS: [&str; 66] = [
    "必須",
    "任意",
    "回答",
    "入力",
    "記入",
    "半角",
    "全角",
    "数字",
    "数値",
    "整数",
    "小数",
    "単位",
    "満点",
    "上位",
    "パーセント",
    "時間",
    "以上",
    "以下",
    "から",
    "まで",
    "最大",
    "最小",
    "合計",
    "総合",
    "自己申告",
    "本人",
    "現在",
    "得点",
    "点数",
    "スコア",
    "点",
    "年",
    "月",
    "日",
    "人",
    "件",
    "位",
    "名",
    "例",
    "required",
    "optional",
    "points",
    "point",
    "pts",
    "score",
    "scale",
    "overall",
    "total",
    "number",
    "integer",
    "digits",
    "only",
    "years",
    "year",
    "hours",
    "hour",
    "people",
    "percent",
    "max",
    "min",
    "out",
    "of",
    "from",
    "to",
    "top",
    "e.g.",
];

/// True for a remark of numbers, signs and [`HARMLESS`] words: `0-100`, `必須・半角数字`. Any other,
/// such as `前年` or `network average`, makes another column of it.
fn is_harmless(remark: &str) -> bool {
    let mut rest = remark.to_lowercase();
    let latin = |word: &str| word.is_ascii();
    for word in HARMLESS.iter().filter(|word| !latin(word)) {
        rest = rest.replace(word, " ");
    }
    let signs = |c: char| !c.is_alphabetic();
    rest.split(signs)
        .all(|word| word.is_empty() || HARMLESS.contains(&word) || word == "e" || word == "g")
}

/// What is compared of a header.
pub(crate) fn key(header: &str) -> String {
    fold(header)
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '・' | ':' | '"' | '\''))
        .collect()
}
