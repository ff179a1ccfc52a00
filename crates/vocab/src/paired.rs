use crate::exclusion::different_rows;
use crate::{Error, Exclusion, Result};

/// Two variables of the same respondents: finite, equally long, and aware of what was left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Paired {
    x_name: String,
    y_name: String,
    x: Vec<f64>,
    y: Vec<f64>,
    rests: [Option<Vec<f64>>; 2],
    counts: Option<Vec<u64>>,
    excluded: Vec<Exclusion>,
    left_out: usize,
}

impl Paired {
    /// A pair from its values; `counts` are frequency weights.
    ///
    /// # Errors
    /// [`Error::UnequalLengths`], [`Error::NotFinite`].
    pub fn new(
        x_name: &str,
        x: Vec<f64>,
        y_name: &str,
        y: Vec<f64>,
        counts: Option<Vec<u64>>,
        excluded: Vec<Exclusion>,
    ) -> Result<Self> {
        let n_counts = counts.as_ref().map_or(x.len(), Vec::len);
        if x.len() != y.len() || n_counts != x.len() {
            return Err(Error::UnequalLengths {
                x: x_name.to_owned(),
                y: y_name.to_owned(),
                n_x: x.len(),
                n_y: if x.len() == y.len() { n_counts } else { y.len() },
            });
        }
        for (name, values) in [(x_name, &x), (y_name, &y)] {
            if let Some(i) = values.iter().position(|v| !v.is_finite()) {
                return Err(Error::NotFinite {
                    column: name.to_owned(),
                    row: i + 1,
                    value: values[i],
                });
            }
        }
        Ok(Self {
            x_name: x_name.to_owned(),
            y_name: y_name.to_owned(),
            x,
            y,
            rests: [None, None],
            counts,
            excluded,
            left_out: 0,
        })
    }

    /// A pair of complete columns, each row one respondent.
    ///
    /// # Errors
    /// [`Error::UnequalLengths`], [`Error::NotFinite`].
    pub fn complete(x_name: &str, x: &[f64], y_name: &str, y: &[f64]) -> Result<Self> {
        Self::new(x_name, x.to_vec(), y_name, y.to_vec(), None, Vec::new())
    }

    /// The same pair, aware of how many respondents were left out whole before it was made.
    pub fn with_left_out(mut self, left_out: usize) -> Self {
        self.left_out = left_out;
        self
    }

    /// The same pair, with what decimal text said beyond each double (see
    /// [`Column::rest`](crate::Column::rest)).
    ///
    /// # Errors
    /// [`Error::UnequalLengths`].
    pub fn with_rests(mut self, x: Option<Vec<f64>>, y: Option<Vec<f64>>) -> Result<Self> {
        for (name, rest) in [(&self.x_name, &x), (&self.y_name, &y)] {
            if let Some(found) = rest.as_ref().map(Vec::len).filter(|n| *n != self.x.len()) {
                return Err(Error::UnequalLengths {
                    x: name.clone(),
                    y: "rest".into(),
                    n_x: self.x.len(),
                    n_y: found,
                });
            }
        }
        self.rests = [x, y];
        Ok(self)
    }

    /// The name of the first variable.
    pub fn x_name(&self) -> &str {
        &self.x_name
    }

    /// The name of the second variable.
    pub fn y_name(&self) -> &str {
        &self.y_name
    }

    /// The first variable, one value a row.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The second variable, one value a row.
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// What decimal text said of the first variable beyond its doubles.
    pub fn x_rest(&self) -> Option<&[f64]> {
        self.rests[0].as_deref()
    }

    /// What decimal text said of the second variable beyond its doubles.
    pub fn y_rest(&self) -> Option<&[f64]> {
        self.rests[1].as_deref()
    }

    /// Frequency weights, if the pair comes from a counted table.
    pub fn counts(&self) -> Option<&[u64]> {
        self.counts.as_deref()
    }

    /// How many respondents: the rows, or the sum of the counts.
    pub fn n_obs(&self) -> usize {
        self.counts.as_ref().map_or(self.x.len(), |w| w.iter().sum::<u64>() as usize)
    }

    /// What was left out, and why.
    pub fn excluded(&self) -> &[Exclusion] {
        &self.excluded
    }

    /// How many respondents were left out: before the pair was made, or for a gap in it (a row with
    /// two gaps counts once).
    pub fn n_excluded(&self) -> usize {
        self.left_out + different_rows(&self.excluded)
    }

    /// The same pair with each row repeated as often as its count says.
    pub fn expanded(&self) -> Self {
        let Some(counts) = &self.counts else { return self.clone() };
        let repeat = |values: &[f64]| -> Vec<f64> {
            values
                .iter()
                .zip(counts)
                .flat_map(|(v, n)| std::iter::repeat_n(*v, *n as usize))
                .collect()
        };
        Self {
            x: repeat(&self.x),
            y: repeat(&self.y),
            rests: self.rests.each_ref().map(|rest| rest.as_deref().map(repeat)),
            counts: None,
            ..self.clone()
        }
    }
}
