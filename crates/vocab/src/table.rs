use crate::{Error, Exclusion, Missing, Paired, Reason, Result, Words, nearest};
use std::collections::{BTreeMap, HashSet};

/// A value, or why there is none.
pub type Seen<T> = std::result::Result<T, Missing>;

/// A number that may be right-censored: `500+` is "at least 500".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capped {
    /// The number, or the cap.
    pub value: f64,
    /// True where the real number may be larger.
    pub at_least: bool,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Numbers.
    Number(Vec<Seen<f64>>),
    /// Words: a code into the levels, which are in code-point order.
    Factor {
        /// The different words.
        levels: Vec<String>,
        /// One code a row.
        codes: Vec<Seen<u32>>,
    },
    /// Right-censored numbers.
    Capped(Vec<Seen<Capped>>),
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name, as formulas and options use it.
    pub name: String,
    /// The values, one a row.
    pub cells: Cells,
    /// What stood in the cells that could not be read as numbers, in the rows' order: (index, text).
    pub unread: Vec<(usize, String)>,
    /// What the decimal text of each number said beyond its double, one a row: `0.1` is read as the
    /// double nearest to it, and the rest is 0.1 less that double. None where nothing is known
    /// beyond the doubles, or nothing is left of any number.
    pub rest: Option<Vec<f64>>,
}

impl Column {
    /// A column of numbers.
    pub fn number(name: impl Into<String>, values: Vec<Seen<f64>>) -> Self {
        Self { name: name.into(), cells: Cells::Number(values), unread: Vec::new(), rest: None }
    }

    /// A column of right-censored numbers.
    pub fn capped(name: impl Into<String>, values: Vec<Seen<Capped>>) -> Self {
        Self { name: name.into(), cells: Cells::Capped(values), unread: Vec::new(), rest: None }
    }

    /// A column of words; the levels are put into code-point order.
    pub fn factor<S: AsRef<str>>(name: impl Into<String>, words: &[Seen<S>]) -> Self {
        let mut known = Words::default();
        let codes = words
            .iter()
            .map(|word| word.as_ref().map(|word| known.code(word.as_ref())).map_err(|m| *m))
            .collect();
        Self::coded(name, &known, codes)
    }

    /// A column of words by their codes; the levels are put into code-point order.
    pub fn coded(name: impl Into<String>, words: &Words<'_>, mut codes: Vec<Seen<u32>>) -> Self {
        let words = words.words();
        let mut used = vec![false; words.len()];
        codes.iter().flatten().for_each(|code| used[*code as usize] = true);
        let mut order: Vec<usize> = (0..words.len()).filter(|code| used[*code]).collect();
        order.sort_by_key(|code| words[*code]);
        let mut places = vec![0; words.len()];
        (0..).zip(&order).for_each(|(place, code)| places[*code] = place);
        codes.iter_mut().flatten().for_each(|code| *code = places[*code as usize]);
        let levels = order.iter().map(|code| words[*code].to_owned()).collect();
        Self {
            name: name.into(),
            cells: Cells::Factor { levels, codes },
            unread: Vec::new(),
            rest: None,
        }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Number(v) => v.len(),
            Cells::Factor { codes, .. } => codes.len(),
            Cells::Capped(v) => v.len(),
        }
    }

    /// True where there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers of the column.
    ///
    /// # Errors
    /// [`Error::NotNumeric`] for words, [`Error::Capped`] for capped counts, which are never
    /// numbers.
    pub fn numbers(&self) -> Result<&[Seen<f64>]> {
        let column = self.name.clone();
        match &self.cells {
            Cells::Number(values) => Ok(values),
            Cells::Factor { levels, .. } => {
                let example = levels.first().cloned().unwrap_or_default();
                Err(Error::NotNumeric { column, example })
            }
            Cells::Capped(values) => {
                let capped = values.iter().flatten().find(|c| c.at_least);
                let example = capped.map_or_else(String::new, |c| format!("{}+", c.value));
                Err(Error::Capped { column, example })
            }
        }
    }

    /// The column as groups: its own levels, or its different numbers in ascending order.
    ///
    /// Returns the level names and a code for each row.
    pub fn groups(&self) -> (Vec<String>, Vec<Seen<u32>>) {
        let numbered = |values: Vec<Seen<(f64, bool)>>| {
            let mut levels: Vec<(f64, bool)> = values.iter().flatten().copied().collect();
            levels.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            levels.dedup();
            let place = |v: (f64, bool)| {
                let before = |l: &(f64, bool)| l.0 < v.0 || l.0 == v.0 && !l.1 && v.1;
                // Only an undefined number could lie behind the last level.
                levels.partition_point(before).min(levels.len().saturating_sub(1)) as u32
            };
            let codes = values.iter().map(|v| v.map(place)).collect();
            let name = |(value, at_least): &(f64, bool)| {
                format!("{value}{}", if *at_least { "+" } else { "" })
            };
            (levels.iter().map(name).collect(), codes)
        };
        match &self.cells {
            Cells::Factor { levels, codes } => (levels.clone(), codes.clone()),
            Cells::Number(values) => {
                numbered(values.iter().map(|v| v.map(|v| (v, false))).collect())
            }
            Cells::Capped(values) => {
                numbered(values.iter().map(|v| v.map(|c| (c.value, c.at_least))).collect())
            }
        }
    }

    fn keep(&self, keep: &[bool]) -> Self {
        fn pick<T: Clone>(values: &[T], keep: &[bool]) -> Vec<T> {
            values.iter().zip(keep).filter(|(_, k)| **k).map(|(v, _)| v.clone()).collect()
        }
        let cells = match &self.cells {
            Cells::Number(v) => Cells::Number(pick(v, keep)),
            Cells::Capped(v) => Cells::Capped(pick(v, keep)),
            Cells::Factor { levels, codes } => {
                Cells::Factor { levels: levels.clone(), codes: pick(codes, keep) }
            }
        };
        let mut place = vec![0; keep.len()];
        let mut next = 0;
        for (i, kept) in keep.iter().enumerate() {
            place[i] = next;
            next += usize::from(*kept);
        }
        let unread = self
            .unread
            .iter()
            .filter(|(i, _)| keep[*i])
            .map(|(i, text)| (place[*i], text.clone()))
            .collect();
        let rest = self.rest.as_ref().map(|rest| pick(rest, keep));
        Self { name: self.name.clone(), cells, unread, rest }
    }
}

/// True for a cell that means an infinite number: `inf`, `-Infinity`, `∞`, or more than a double
/// holds.
pub fn is_infinite(text: &str) -> bool {
    let text = text.trim();
    let bare = text.strip_prefix(['+', '-', '\u{2212}']).unwrap_or(text);
    bare == "∞" || text.parse::<f64>().is_ok_and(f64::is_infinite)
}

/// Respondents (rows) by variables (columns), checked: names are unique, columns equally long.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<usize>,
    counts: Option<Vec<u64>>,
    left_out: usize,
    aliases: BTreeMap<String, String>,
}

impl Table {
    /// A table from its columns; `rows` are the row numbers as the user counts them.
    ///
    /// # Errors
    /// [`Error::DuplicateColumn`], [`Error::UnequalLengths`].
    pub fn new(columns: Vec<Column>, rows: Vec<usize>) -> Result<Self> {
        let mut names = HashSet::with_capacity(columns.len());
        for column in &columns {
            if !names.insert(column.name.as_str()) {
                return Err(Error::DuplicateColumn { name: column.name.clone() });
            }
            if column.len() != rows.len() {
                return Err(Error::UnequalLengths {
                    x: column.name.clone(),
                    y: "row".into(),
                    n_x: column.len(),
                    n_y: rows.len(),
                });
            }
        }
        Ok(Self { columns, rows, ..Self::default() })
    }

    /// The same table with frequency weights: row `i` stands for `counts[i]` respondents.
    ///
    /// # Errors
    /// [`Error::UnequalLengths`].
    pub fn with_counts(mut self, counts: Vec<u64>) -> Result<Self> {
        if counts.len() != self.rows.len() {
            return Err(Error::UnequalLengths {
                x: "counts".into(),
                y: "row".into(),
                n_x: counts.len(),
                n_y: self.rows.len(),
            });
        }
        self.counts = Some(counts);
        Ok(self)
    }

    /// The same table, aware of how many respondents were left out whole when it was read: every
    /// analysis of it counts them as excluded.
    pub fn with_left_out(mut self, left_out: usize) -> Self {
        self.left_out = left_out;
        self
    }

    /// How many respondents were left out whole when the table was read.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The same table, in which a column may also be asked for by another name: (other, own).
    /// A column's own name goes before any other.
    pub fn with_aliases(mut self, aliases: impl IntoIterator<Item = (String, String)>) -> Self {
        self.aliases.extend(aliases);
        self
    }

    /// The other names that columns may be asked for by: (other, own).
    pub fn aliases(&self) -> Vec<(String, String)> {
        self.aliases.iter().map(|(other, own)| (other.clone(), own.clone())).collect()
    }

    /// How many rows.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// The row numbers as the user counts them.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Frequency weights, if the table has them.
    pub fn counts(&self) -> Option<&[u64]> {
        self.counts.as_deref()
    }

    /// The columns, in file order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// True where the table has the column.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|c| c.name == name)
    }

    /// A column by its name.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`], with the most similar name.
    pub fn column(&self, name: &str) -> Result<&Column> {
        let own = |name: &str| self.columns.iter().find(|c| c.name == name);
        let found = own(name).or_else(|| own(self.aliases.get(name)?));
        found.ok_or_else(|| Error::UnknownColumn {
            name: name.to_owned(),
            nearest: nearest(name, self.columns.iter().map(|c| c.name.as_str())),
            known: self.columns.iter().map(|c| c.name.clone()).collect(),
        })
    }

    /// The same table with one more column, or with the column of that name replaced.
    ///
    /// # Errors
    /// [`Error::UnequalLengths`].
    pub fn with_column(mut self, column: Column) -> Result<Self> {
        if column.len() != self.rows.len() {
            return Err(Error::UnequalLengths {
                x: column.name.clone(),
                y: "row".into(),
                n_x: column.len(),
                n_y: self.rows.len(),
            });
        }
        match self.columns.iter_mut().find(|c| c.name == column.name) {
            Some(old) => *old = column,
            None => self.columns.push(column),
        }
        Ok(self)
    }

    /// The rows where `keep` is true.
    pub fn keep(&self, keep: &[bool]) -> Self {
        let picked = |v: &[usize]| {
            v.iter().zip(keep).filter(|(_, k)| **k).map(|(v, _)| *v).collect::<Vec<_>>()
        };
        Self {
            columns: self.columns.iter().map(|c| c.keep(keep)).collect(),
            rows: picked(&self.rows),
            counts: self
                .counts
                .as_ref()
                .map(|w| w.iter().zip(keep).filter(|(_, k)| **k).map(|(w, _)| *w).collect()),
            left_out: self.left_out,
            aliases: self.aliases.clone(),
        }
    }

    /// Two number columns, where both have a value; the rest is listed as excluded.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`], [`Error::NotNumeric`].
    pub fn paired(&self, x: &str, y: &str) -> Result<Paired> {
        let (x, y) = (self.column(x)?, self.column(y)?);
        let mut excluded = Vec::new();
        let room = || Vec::with_capacity(self.n_rows());
        let (mut xs, mut ys, mut counts) = (room(), room(), Vec::new());
        // The rows are only needed where a column says more than its doubles.
        let rests = x.rest.is_some() || y.rest.is_some();
        let mut used = Vec::new();
        for (i, (a, b)) in x.numbers()?.iter().zip(y.numbers()?).enumerate() {
            match (a, b) {
                (Ok(a), Ok(b)) if a.is_finite() && b.is_finite() => {
                    xs.push(*a);
                    ys.push(*b);
                    if rests {
                        used.push(i);
                    }
                    counts.extend(self.counts.as_ref().map(|w| w[i]));
                }
                _ => excluded.extend([x, y].into_iter().filter_map(|c| self.exclusion(c, i))),
            }
        }
        let counts = self.counts.as_ref().map(|_| counts);
        let pair = Paired::new(&x.name, xs, &y.name, ys, counts, excluded)?;
        let rest = |column: &Column| {
            let rest = column.rest.as_ref()?;
            Some(used.iter().map(|i| rest[*i]).collect())
        };
        Ok(pair.with_rests(rest(x), rest(y))?.with_left_out(self.left_out))
    }

    /// Why row `i` can't be used for column `column`, if it can't.
    pub fn exclusion(&self, column: &Column, i: usize) -> Option<Exclusion> {
        let missing = match &column.cells {
            Cells::Number(v) => match v[i] {
                Ok(value) if value.is_finite() => return None,
                Ok(value) => {
                    return Some(Exclusion {
                        row: self.rows[i],
                        column: column.name.clone(),
                        value: value.to_string(),
                        reason: Reason::NotFinite,
                    });
                }
                Err(missing) => missing,
            },
            Cells::Factor { codes, .. } => codes[i].err()?,
            Cells::Capped(v) => v[i].err()?,
        };
        let unread = column.unread.binary_search_by_key(&i, |(at, _)| *at).ok();
        let text = unread.map(|place| column.unread[place].1.clone());
        let reason = match &text {
            Some(text) if is_infinite(text) => Reason::NotFinite,
            _ if missing == Missing::NotANumber => Reason::NotANumber,
            _ => Reason::Missing,
        };
        Some(Exclusion {
            row: self.rows[i],
            column: column.name.clone(),
            value: text.unwrap_or_default(),
            reason,
        })
    }
}
