//! Least squares in doubles, for the many fits of cross-validation.

use crate::quantile::quantile;
use crate::regress::factor::{Triangle, householder};
use crate::{Error, Result};
use ndarray::Array2;
use ssi_vocab::{Design, Weights};

/// A share of a column's length below which what it adds to the others is rounding.
const ALIASED: f64 = 1e-11;

/// A design's respondents, one a row, with columns centred and scaled.
pub(crate) struct Light {
    /// The design's row of each respondent.
    pub(crate) rows: Vec<usize>,
    columns: Vec<Vec<f64>>,
    pub(crate) y: Vec<f64>,
    centre: Vec<f64>,
    scale: Vec<f64>,
    intercept: bool,
}

/// A fit to some of the respondents: for each column its coefficient, and which have one.
pub(crate) struct Lines {
    kept: Vec<usize>,
    coefficients: Vec<f64>,
    triangle: Triangle<f64>,
}

impl Light {
    pub(crate) fn new(design: &Design, analysis: &'static str) -> Result<Self> {
        crate::resample::written_out(design.n_obs())?;
        let of_row: Vec<usize> = match &design.weights {
            None => (0..design.y.len()).collect(),
            Some(Weights::Frequency(counts)) => {
                let repeat = |(i, n): (usize, &u64)| std::iter::repeat_n(i, *n as usize);
                counts.iter().enumerate().flat_map(repeat).collect()
            }
            Some(other) => return Err(Error::Unweighted { analysis, kind: other.kind() }),
        };
        let first = usize::from(design.intercept);
        let n = of_row.len().max(1) as f64;
        let (mut centre, mut scale, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        for (j, column) in design.x.columns().into_iter().enumerate() {
            let own = j >= first && design.intercept;
            let c = if own { of_row.iter().map(|i| column[*i] / n).sum() } else { 0.0 };
            let largest = of_row.iter().fold(0.0_f64, |m, i| m.max((column[*i] - c).abs()));
            let s = if largest > 0.0 && largest.is_finite() { largest } else { 1.0 };
            columns.push(of_row.iter().map(|i| (column[*i] - c) / s).collect());
            centre.push(c);
            scale.push(s);
        }
        let y = of_row.iter().map(|i| design.y[*i]).collect();
        Ok(Self { rows: of_row, columns, y, centre, scale, intercept: design.intercept })
    }

    pub(crate) fn n_obs(&self) -> usize {
        self.y.len()
    }

    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Fits `y` of some respondents, at least as many as columns. A column that is a sum of others
    /// among them (a level that none of them has) gets no coefficient.
    pub(crate) fn fit(&self, members: &[usize], y: &[f64]) -> Lines {
        let mut kept: Vec<usize> = (0..self.width()).collect();
        loop {
            let mut columns: Vec<Vec<f64>> = kept
                .iter()
                .map(|j| members.iter().map(|i| self.columns[*j][*i]).collect())
                .collect();
            let lengths: Vec<f64> =
                columns.iter().map(|c| c.iter().map(|v| v * v).sum::<f64>().sqrt()).collect();
            let mut outcome: Vec<f64> = members.iter().map(|i| y[*i]).collect();
            let (triangle, z) = householder(&mut columns, &mut outcome);
            let aliased =
                (0..kept.len()).find(|j| triangle.at(*j, *j).abs() <= ALIASED * lengths[*j]);
            match aliased {
                Some(j) => {
                    kept.remove(j);
                }
                None => {
                    let coefficients = triangle.solve(kept.len(), &z);
                    return Lines { kept, coefficients, triangle };
                }
            }
        }
    }

    /// The τ-quantiles of some respondents' outcomes by quantile regression, with the columns that
    /// [`Light::fit`] keeps. `None` where there is no such line.
    pub(crate) fn quantile(&self, members: &[usize], tau: f64) -> Option<Lines> {
        let lines = self.fit(members, &self.y);
        let width = lines.kept.len();
        let cell = |(i, j): (usize, usize)| self.columns[lines.kept[j]][members[i]];
        let design = Design {
            formula: String::new(),
            outcome: String::new(),
            terms: (0..width).map(|j| j.to_string()).collect(),
            assign: (0..width).collect(),
            intercept: self.intercept,
            x: Array2::from_shape_fn((members.len(), width), cell).into(),
            y: members.iter().map(|i| self.y[*i]).collect(),
            x_rest: None,
            y_rest: None,
            families: (0..width).collect(),
            weights: None,
            rows: (0..members.len()).collect(),
            excluded: Vec::new(),
            left_out: 0,
        };
        let coefficients = quantile(&design, tau).ok()?.fit.coefficients;
        Some(Lines { coefficients, ..lines })
    }

    /// A row of a model matrix on the scale of the columns.
    pub(crate) fn coded(&self, x: &[f64]) -> Vec<f64> {
        let all = x.iter().zip(&self.centre).zip(&self.scale);
        all.map(|((x, c), s)| (x - c) / s).collect()
    }

    /// A respondent's row on that scale.
    pub(crate) fn respondent(&self, i: usize) -> Vec<f64> {
        self.columns.iter().map(|column| column[i]).collect()
    }
}

impl Lines {
    /// The expected outcome at a row.
    pub(crate) fn at(&self, row: &[f64]) -> f64 {
        self.kept.iter().zip(&self.coefficients).map(|(j, b)| row[*j] * b).sum()
    }

    /// R⁻ᵀ times a row: its squared length is a respondent's leverage.
    pub(crate) fn score(&self, row: &[f64]) -> Vec<f64> {
        let size = self.kept.len();
        let mut q: Vec<f64> = self.kept.iter().map(|j| row[*j]).collect();
        for i in 0..size {
            for j in 0..i {
                q[i] -= self.triangle.at(j, i) * q[j];
            }
            q[i] /= self.triangle.at(i, i);
        }
        q
    }
}
