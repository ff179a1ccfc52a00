use super::factor::rotated;
use super::{BellMcCaffrey, Covariance, Ols};
use crate::double_double::DoubleDouble;
use crate::{Error, Result};
use ndarray::{Array1, Array2};
use ssi_vocab::{Column, Estimate, Level};
use std::fmt;
use std::str::FromStr;

/// Which cluster each row of a design belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    /// The column that tells them apart.
    pub column: String,
    /// A number for each row of the design.
    codes: Vec<usize>,
    /// How many there are.
    size: usize,
}

impl Clusters {
    /// The clusters of some of a column's rows (each with a value); `used` tells whether one of
    /// them counts.
    ///
    /// # Errors
    /// [`Error::TooFewClusters`] below two.
    pub fn new(column: &Column, rows: &[usize], used: &dyn Fn(&usize) -> bool) -> Result<Self> {
        let (levels, all) = column.groups();
        let mut number = vec![None; levels.len()];
        let mut size = 0;
        for (_, row) in rows.iter().enumerate().filter(|(i, _)| used(i)) {
            if let Some(place @ None) = all[*row].ok().map(|code| &mut number[code as usize]) {
                *place = Some(size);
                size += 1;
            }
        }
        if size < 2 {
            return Err(too_few(&column.name, size));
        }
        // A row that counts for nothing may stand anywhere.
        let code = |row: &usize| all[*row].ok().and_then(|code| number[code as usize]).unwrap_or(0);
        Ok(Self { column: column.name.clone(), codes: rows.iter().map(code).collect(), size })
    }

    /// The number of row `i`'s cluster, from 0.
    pub(crate) fn of(&self, i: usize) -> usize {
        self.codes[i]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.size
    }

    /// Never: there are two at least.
    pub fn is_empty(&self) -> bool {
        false
    }
}

/// How the residuals of a cluster are corrected for having been fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClusterKind {
    /// All by one factor.
    Cr1,
    /// Each cluster by its leverage (Bell and McCaffrey).
    Cr2,
}

impl ClusterKind {
    /// The name in front of the column, as `--se` takes it and the `vcov` field has it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cr1 => "cluster",
            Self::Cr2 => "cr2",
        }
    }
}

/// The standard errors that are asked for: `hc3`, `hc3_bm`, `cluster:school`, `cr2:school`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StandardErrors {
    /// Respondents are independent.
    Each(Covariance),
    /// Respondents are, and each coefficient has degrees of freedom of its own.
    Adjusted(BellMcCaffrey),
    /// Clusters of respondents are.
    Cluster(ClusterKind, String),
}

impl Default for StandardErrors {
    fn default() -> Self {
        Self::Each(Covariance::Classical)
    }
}

impl StandardErrors {
    /// The name in the `vcov` field, which `--se` takes back: `hc3`, `cluster:school`.
    pub fn code(&self) -> String {
        self.to_string()
    }

    /// The column of clusters, if any.
    pub fn cluster(&self) -> Option<&str> {
        match self {
            Self::Each(_) | Self::Adjusted(_) => None,
            Self::Cluster(_, column) => Some(column),
        }
    }
}

impl fmt::Display for StandardErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Each(kind) => kind.fmt(f),
            Self::Adjusted(kind) => f.write_str(kind.code()),
            Self::Cluster(kind, column) => write!(f, "{}:{column}", kind.code()),
        }
    }
}

impl FromStr for StandardErrors {
    type Err = Error;
    /// `classical`, `hc0` … `hc4`, `hc2_bm`, `hc3_bm`; `cluster:COLUMN` or `cr1:COLUMN`; `cr2:COLUMN` or
    /// `cluster-cr2:COLUMN`.
    fn from_str(text: &str) -> Result<Self> {
        let Some((kind, column)) = text.split_once(':') else {
            let named = |kind: &BellMcCaffrey| kind.code().eq_ignore_ascii_case(text);
            return match BellMcCaffrey::ALL.into_iter().find(named) {
                Some(kind) => Ok(Self::Adjusted(kind)),
                None => Ok(Self::Each(text.parse()?)),
            };
        };
        let kind = match kind.to_ascii_lowercase().as_str() {
            "cluster" | "cr1" => ClusterKind::Cr1,
            "cluster-cr2" | "cr2" => ClusterKind::Cr2,
            _ => return Err(Error::UnknownCovariance { name: text.to_owned() }),
        };
        if column.is_empty() {
            return Err(Error::UnknownCovariance { name: text.to_owned() });
        }
        Ok(Self::Cluster(kind, column.to_owned()))
    }
}

/// A cluster-robust covariance of the coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustered {
    /// The covariance, in formula order.
    pub covariance: Array2<f64>,
    /// Degrees of freedom for each coefficient's t; none where the clusters leave nothing to
    /// estimate its spread from.
    pub df: Vec<Option<f64>>,
}

impl Ols {
    /// The covariance of the coefficients where respondents of one cluster go together.
    ///
    /// # Formula
    /// (XᵀX)⁻¹(Σ s_g s_gᵀ)(XᵀX)⁻¹ over G clusters. CR1: s_g = X_gᵀe_g, times
    /// G/(G − 1) · (n − 1)/(n − k), on G − 1 degrees of freedom (Stata's, and sandwich's HC1 with
    /// `cadjust`). CR2: s_g = X_gᵀ(I − H_gg)^(−1/2)e_g, where H_gg are the cluster's leverages; on
    /// Satterthwaite's degrees of freedom (Σλ)²/Σλ² for each coefficient, from the eigenvalues λ of
    /// its variance as a quadratic form in independent residuals of equal spread. Where a cluster
    /// has a leverage of 1 in some direction, that direction is left out (the Moore–Penrose root).
    /// With weights W, X and e are √W·X and √W·e: the working variance is σ²/w.
    ///
    /// # Assumptions
    /// Clusters are independent. CR1 needs some 40 of them; CR2 keeps its level with far fewer.
    ///
    /// # Errors
    /// [`Error::ErrorsOfWeights`] for CR2 with probability weights, which say nothing of variances.
    ///
    /// # References
    /// Liang and Zeger (1986), doi:10.1093/biomet/73.1.13; Bell and McCaffrey (2002), Survey
    /// Methodology 28, 169–181; Pustejovsky and Tipton (2018),
    /// doi:10.1080/07350015.2016.1247004.
    pub fn clustered(&self, clusters: &Clusters, kind: ClusterKind) -> Result<Clustered> {
        if let (ClusterKind::Cr2, Some(weights @ ssi_vocab::Weights::Probability(_))) =
            (kind, self.weights())
        {
            let (errors, weights) = (kind.code().to_owned(), weights.kind());
            return Err(Error::ErrorsOfWeights { errors, weights });
        }
        let k = self.coefficients.len();
        let groups = clusters.len();
        let mut sums = Array2::<f64>::zeros((groups, k));
        let mut grams = match kind {
            ClusterKind::Cr1 => Vec::new(),
            ClusterKind::Cr2 => vec![Array2::<f64>::zeros((k, k)); groups],
        };
        for (i, group) in clusters.codes.iter().enumerate() {
            let (w, q) = (self.weight(i), self.scores().row(i));
            sums.row_mut(*group).scaled_add(w * self.residuals[i], &q);
            if let Some(gram) = grams.get_mut(*group) {
                for (a, mut row) in gram.rows_mut().into_iter().enumerate() {
                    row.scaled_add(w * q[a], &q);
                }
            }
        }
        let roots: Vec<Array2<f64>> = grams.iter().map(inverse_root).collect();
        for (root, mut sum) in roots.iter().zip(sums.rows_mut()) {
            let corrected = root.dot(&sum);
            sum.assign(&corrected);
        }
        let mut meat = sums.t().dot(&sums);
        let (g, n) = (groups as f64, self.n_obs as f64);
        if kind == ClusterKind::Cr1 {
            meat *= g / (g - 1.0) * ((n - 1.0) / self.df_residual as f64);
        }
        let covariance = self.sandwich(|i, j| DoubleDouble::from(meat[[i.max(j), i.min(j)]]));
        let df = (0..k).map(|j| match kind {
            ClusterKind::Cr1 => Some(g - 1.0),
            ClusterKind::Cr2 => self.satterthwaite(j, &grams, &roots),
        });
        Ok(Clustered { df: df.collect(), covariance })
    }

    /// The degrees of freedom of coefficient `j`'s CR2 variance.
    ///
    /// With C_g = Q_gᵀQ_g, v_g = (I − C_g)^(−1/2)ℓ and m_g = C_g v_g the form's matrix has the
    /// cells δ v_gᵀm_g − m_gᵀm_h; its trace and squared trace need no n × n matrix.
    fn satterthwaite(&self, j: usize, grams: &[Array2<f64>], roots: &[Array2<f64>]) -> Option<f64> {
        let k = self.coefficients.len();
        let mut along: Array1<f64> =
            (0..k).map(|l| if l < j { 0.0 } else { self.root.at(j, l).hi }).collect();
        along /= along.dot(&along).sqrt();
        let (mut trace, mut square) = (0.0, 0.0);
        let mut cross = Array2::<f64>::zeros((k, k));
        for (gram, root) in grams.iter().zip(roots) {
            let v = root.dot(&along);
            let m = gram.dot(&v);
            let (own, length) = (v.dot(&m), m.dot(&m));
            trace += own - length;
            square += own * own - 2.0 * own * length;
            for (a, mut row) in cross.rows_mut().into_iter().enumerate() {
                row.scaled_add(m[a], &m);
            }
        }
        square += cross.iter().map(|v| v * v).sum::<f64>();
        let df = trace * trace / square;
        (trace > 1e-10 && df.is_finite()).then_some(df)
    }

    /// The coefficients with the standard errors that are asked for, each with its t interval and t
    /// test against 0.
    ///
    /// # Errors
    /// [`Error::ErrorsOfWeights`] for a mix that [`Ols::allows`] denies, [`Error::TooFewClusters`]
    /// where cluster-robust errors have no clusters.
    pub fn estimates_with(
        &self,
        errors: &StandardErrors,
        clusters: Option<&Clusters>,
        level: Level,
    ) -> Result<Vec<Estimate>> {
        match errors {
            StandardErrors::Each(kind) => {
                self.refuse(*kind)?;
                Ok(self.estimates(*kind, level))
            }
            StandardErrors::Adjusted(kind) => {
                self.refuse(kind.covariance())?;
                let (covariance, df) =
                    (self.covariance(kind.covariance()), self.bell_mccaffrey_df(*kind));
                Ok(self.tidy(kind.code(), level, covariance.as_ref(), &|j| df[j]))
            }
            StandardErrors::Cluster(kind, column) => {
                let none = || too_few(column, 0);
                let found = self.clustered(clusters.ok_or_else(none)?, *kind)?;
                Ok(self.tidy(&errors.code(), level, Some(&found.covariance), &|j| found.df[j]))
            }
        }
    }

    /// An error unless the kind of covariance is defined with the fit's weights.
    pub(super) fn refuse(&self, kind: Covariance) -> Result<()> {
        let weights = self.weights().map_or("no", |w| w.kind());
        let errors = kind.code().to_owned();
        if self.allows(kind) { Ok(()) } else { Err(Error::ErrorsOfWeights { errors, weights }) }
    }
}

fn too_few(column: &str, found: usize) -> Error {
    let analysis = "a cluster-robust error";
    Error::TooFewClusters { column: column.to_owned(), analysis, needed: 2, found }
}

/// (I − C)^(−1/2) of a symmetric matrix with eigenvalues in [0, 1]; a direction in which C is 1 has
/// nothing left and gives 0.
fn inverse_root(gram: &Array2<f64>) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = gram.rows().into_iter().map(|row| row.to_vec()).collect();
    let (values, vectors) = rotated(&rows);
    let k = rows.len();
    let mut root = Array2::<f64>::eye(k);
    for (value, vector) in values.iter().zip(&vectors) {
        let rest = 1.0 - value;
        let scale = if rest < 1e-10 { 0.0 } else { 1.0 / rest.sqrt() };
        for a in 0..k {
            for b in 0..k {
                root[[a, b]] += (scale - 1.0) * vector[a] * vector[b];
            }
        }
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_ask_for_errors_reads_back() {
        let cluster = |kind| StandardErrors::Cluster(kind, "school".to_owned());
        assert_eq!("cluster:school".parse(), Ok(cluster(ClusterKind::Cr1)));
        assert_eq!("CR2:school".parse(), Ok(cluster(ClusterKind::Cr2)));
        assert_eq!("cluster-cr2:school".parse(), Ok(cluster(ClusterKind::Cr2)));
        assert_eq!("hc3".parse(), Ok(StandardErrors::Each(Covariance::Hc3)));
        for kind in BellMcCaffrey::ALL {
            let errors = StandardErrors::Adjusted(kind);
            assert_eq!(errors.code().to_uppercase().parse(), Ok(errors));
        }
        for wrong in ["cr9:school", "cluster:", "hc3:school", "cluster", "hc1_bm", "hc3_bm:school"]
        {
            assert!(wrong.parse::<StandardErrors>().is_err(), "{wrong}");
        }
        for kind in [ClusterKind::Cr1, ClusterKind::Cr2] {
            assert_eq!(cluster(kind).code().parse(), Ok(cluster(kind)));
        }
        assert_eq!(cluster(ClusterKind::Cr1).code(), "cluster:school");
    }
}
