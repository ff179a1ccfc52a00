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
        let (field, strength) = self.by_key.get(&key(bare)).copied()?;
        let is_rank = self.fields[field].name.ends_with("_top");
        (is_rank || !means_another(remark)).then_some((field, strength.max(Strength::Remark)))
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
                Strength::Alias | Strength::Remark => How::KnownHeader,
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
    /// An alias with a remark in brackets.
    Remark,
    Fallback,
}

/// Words in brackets by which a header means something else than it does without: the value of others
/// or of another time, an aim, a rank, a difference.
const OTHER: [&str; 46] = [
    "average",
    "avg",
    "mean",
    "平均",
    "前年",
    "昨年",
    "去年",
    "前回",
    "前月",
    "先月",
    "last",
    "previous",
    "prior",
    "others",
    "他",
    "競合",
    "industry",
    "業界",
    "network",
    "ネットワーク",
    "人脈",
    "goal",
    "target",
    "目標",
    "期待",
    "expected",
    "理想",
    "rank",
    "順位",
    "ランキング",
    "上位",
    "top",
    "percentile",
    "会社",
    "企業",
    "company",
    "competitor",
    "team",
    "チーム",
    "部署",
    "差",
    "変化",
    "増減",
    "change",
    "difference",
    "gain",
];

/// True for a remark with one of [`OTHER`]'s words, a Latin one as a whole word.
fn means_another(remark: &str) -> bool {
    let remark = remark.to_lowercase();
    let words: Vec<&str> = remark.split(|c: char| !c.is_alphanumeric()).collect();
    OTHER.iter().any(|other| match other.is_ascii() {
        true => words.contains(other),
        false => remark.contains(other),
    })
}

/// What is compared of a header.
pub(crate) fn key(header: &str) -> String {
    fold(header)
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '・' | ':' | '"' | '\''))
        .collect()
}
