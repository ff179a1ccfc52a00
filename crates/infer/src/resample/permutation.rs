use super::bootstrap::resampled;
use super::draws::{BLOCK, Purpose, Source};
use super::general::{General, PermutedDistances, transform, unit};
use super::kernel::standardised;
use crate::correlate::ranks::{Classes, centred_ranks};
use crate::correlate::{KendallOrder, Method, correlate};
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Estimate, Level, PValue, Paired, Progress, Stage, Test};

/// How to permute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permutation {
    /// How many permutations.
    pub permutations: usize,
    /// Seed of the random draws.
    pub seed: u64,
}

/// A correlation tested by permutations.
#[derive(Debug, Clone, PartialEq)]
pub struct Permuted {
    /// The correlation with its permutation test; no interval.
    pub estimate: Estimate,
    /// The correlation of each permutation, in the order of the draws.
    pub draws: Vec<f64>,
    /// How many permutations were at least as far from 0 as the data.
    pub as_far: usize,
}

/// The correlation of a pair tested by permutations of the second variable.
///
/// # Formula
/// p = (k + 1)/(B + 1), where k of B permutations have a statistic at least as far from 0 as the
/// data have. For Pearson the statistic is studentised, T = √n·r/τ with
/// τ² = (1/n)Σ(x − x̄)²(y − ȳ)² / (s²ₓ s²ᵧ) (s² with n): it tests ρ = 0 rightly also where the spread
/// of one variable depends on the other, which the plain r does not. For the
/// other methods the statistic is the coefficient, which tests independence.
///
/// # Assumptions
/// Respondents are independent. Exact for independence; for ρ = 0 alone right in large samples.
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// Those of the method; [`Error::TooFewResamples`] without permutations; [`Error::Interrupted`].
///
/// # References
/// DiCiccio, C. J. & Romano, J. P. (2017). Robust permutation tests for correlation and
/// regression coefficients. doi:10.1080/01621459.2016.1202117. Phipson, B. & Smyth, G. K. (2010).
/// Permutation p-values should never be zero. doi:10.2202/1544-6115.1585
///
/// # Example
/// ```
/// use ssi_infer::correlate::Method;
/// use ssi_infer::resample::{Permutation, permutation};
/// use ssi_vocab::{Level, Paired, Quiet};
///
/// let x: Vec<f64> = (0..40).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|v| v + 9.0 * (v * 1.7).sin()).collect();
/// let pair = Paired::complete("x", &x, "y", &y)?;
/// let how = Permutation { permutations: 999, seed: 1 };
/// let found = permutation(&pair, Method::Pearson, &how, Level::DEFAULT, &Quiet)?;
/// assert_eq!(found.estimate.test.map(|t| t.p_value.get()), Some(0.001));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn permutation(
    pair: &Paired,
    method: Method,
    how: &Permutation,
    level: Level,
    progress: &dyn Progress,
) -> Result<Permuted> {
    enough(how.permutations)?;
    let plain = correlate(pair, method, level)?;
    let n = resampled(pair)?;
    let kernel = Kernel::new(pair, method)?;
    progress.begin(Stage::Resample, how.permutations as u64);
    let blocks: Result<Vec<Vec<Permutated>>> = (0..how.permutations.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            progress.check()?;
            let mut source = Source::new(how.seed, Purpose::Permutation, block);
            let mut order: Vec<u32> = (0..n).collect();
            let mut buffers = Buffers::default();
            let size = BLOCK.min(how.permutations - block * BLOCK);
            let values = (0..size)
                .map(|_| {
                    // Each shuffle starts from the last: any start gives every order alike.
                    source.shuffle(&mut order);
                    kernel.on(&order, &mut buffers)
                })
                .collect();
            progress.advance(size as u64);
            Ok(values)
        })
        .collect();
    Ok(summary(&kernel, plain, n, blocks?.into_iter().flatten()))
}

/// The same from permutations that are given: each names, for every respondent, whose second
/// value it gets (0 is the first; with counts, respondents stand in the order of the rows).
///
/// For comparing two programs on the same draws.
///
/// # Errors
/// Those of [`permutation`]; [`Error::WrongDraw`] for a list that is no permutation.
pub fn permutation_from_draws<D: AsRef<[u32]>>(
    pair: &Paired,
    method: Method,
    draws: impl IntoIterator<Item = D>,
    level: Level,
) -> Result<Permuted> {
    let plain = correlate(pair, method, level)?;
    let n = resampled(pair)?;
    let kernel = Kernel::new(pair, method)?;
    let mut buffers = Buffers::default();
    let mut values = Vec::new();
    for draw in draws {
        let draw = draw.as_ref();
        let mut sorted = draw.to_vec();
        sorted.sort_unstable();
        if !sorted.into_iter().eq(0..n) {
            return Err(Error::WrongDraw { needed: n as usize, found: draw.len() });
        }
        values.push(kernel.on(draw, &mut buffers));
    }
    enough(values.len())?;
    Ok(summary(&kernel, plain, n, values.into_iter()))
}

fn enough(found: usize) -> Result<()> {
    if found < 1 { Err(Error::TooFewResamples { needed: 1, found }) } else { Ok(()) }
}

fn summary(
    kernel: &Kernel,
    plain: Estimate,
    n: u32,
    values: impl Iterator<Item = Permutated>,
) -> Permuted {
    let unmoved: Vec<u32> = (0..n).collect();
    let observed = kernel.on(&unmoved, &mut Buffers::default()).statistic;
    // A permutation that only exchanges equal values differs from the data by rounding.
    let far = observed.abs() * (1.0 - 1e-12) - 1e-12;
    let (mut draws, mut as_far) = (Vec::new(), 0);
    for value in values {
        draws.push(value.correlation);
        as_far += usize::from(value.statistic.abs() >= far);
    }
    let p = (as_far as f64 + 1.0) / (draws.len() as f64 + 1.0);
    let test = PValue::new(p).map(|p_value| Test {
        statistic: observed.is_finite().then_some(observed),
        df: None,
        df2: None,
        p_value,
        method: "permutation".to_owned(),
        p_holm: None,
        p_bh: None,
    });
    let estimate = Estimate { test, ..plain.bare() };
    Permuted { estimate, draws, as_far }
}

/// Buffers of one thread.
#[derive(Default)]
struct Buffers {
    codes: Vec<u32>,
    tree: Vec<[f64; 4]>,
}

/// What a permutation gives.
struct Permutated {
    correlation: f64,
    statistic: f64,
}

/// The data in the form in which a method's permutations are cheapest: both margins stay as they
/// are, so that only the sum of products, or the count of pairs, is new each time.
enum Kernel {
    Products { x: Vec<f64>, y: Vec<f64>, studentised: bool },
    Pairs { order: KendallOrder, root: f64 },
    Distances(PermutedDistances),
    General(General),
}

impl Kernel {
    fn new(pair: &Paired, method: Method) -> Result<Self> {
        let pair = pair.expanded();
        let (x, y) = (pair.x(), pair.y());
        if let Some((a, b)) = transform(method).and_then(|t| t(x).zip(t(y))) {
            return Ok(Self::Products { x: unit(&a), y: unit(&b), studentised: false });
        }
        Ok(match method {
            Method::Spearman => {
                Self::Products { x: unit_ranks(x), y: unit_ranks(y), studentised: false }
            }
            Method::Kendall => {
                let order = KendallOrder::new(x, y);
                let pairs = order.concordance(None);
                let root = (pairs.x_pairs as f64 * pairs.y_pairs as f64).sqrt();
                Self::Pairs { order, root }
            }
            Method::Distance => Self::Distances(PermutedDistances::new(x, y)),
            // Pearson, and the point-biserial correlation, which is Pearson's.
            _ => match General::new(&pair, method, 0.0)? {
                Some(general) => Self::General(general),
                None => Self::Products {
                    x: standardised(x, None),
                    y: standardised(y, None),
                    studentised: true,
                },
            },
        })
    }

    fn on(&self, permuted: &[u32], buffers: &mut Buffers) -> Permutated {
        match self {
            Self::Products { x, y, studentised } => {
                let (products, squares) = sums(x, y, permuted);
                let n = x.len() as f64;
                let r = (products / n).clamp(-1.0, 1.0);
                // All products 0 means that r is 0 too.
                let statistic = if !studentised {
                    r
                } else if squares > 0.0 {
                    products / squares.sqrt()
                } else {
                    0.0
                };
                Permutated { correlation: r, statistic }
            }
            Self::Pairs { order, root } => {
                let codes = &mut buffers.codes;
                codes.clear();
                codes.extend(permuted.iter().map(|i| order.y.code[*i as usize]));
                let tau = (order.net(codes, None) as f64 / root).clamp(-1.0, 1.0);
                Permutated { correlation: tau, statistic: tau }
            }
            Self::Distances(distances) => {
                let d = distances.on(permuted, &mut buffers.tree);
                Permutated { correlation: d, statistic: d }
            }
            Self::General(general) => {
                // A permutation whose search fails counts as far as the data: p is never too small.
                let r = general.permuted(permuted);
                Permutated {
                    correlation: r.unwrap_or_default(),
                    statistic: r.unwrap_or(f64::INFINITY),
                }
            }
        }
    }
}

/// Σxy and Σ(xy)² with y in another order, in four strands that need not wait for each other.
fn sums(x: &[f64], y: &[f64], permuted: &[u32]) -> (f64, f64) {
    let (mut products, mut squares) = ([0.0; 4], [0.0; 4]);
    let mut fours = x.chunks_exact(4).zip(permuted.chunks_exact(4));
    for (x, at) in &mut fours {
        for k in 0..4 {
            let product = x[k] * y[at[k] as usize];
            products[k] += product;
            squares[k] += product * product;
        }
    }
    for i in x.len() / 4 * 4..x.len() {
        let product = x[i] * y[permuted[i] as usize];
        products[0] += product;
        squares[0] += product * product;
    }
    (products.iter().sum(), squares.iter().sum())
}

/// Centred midranks with mean square 1.
fn unit_ranks(values: &[f64]) -> Vec<f64> {
    let classes = Classes::new(values);
    let ranks = centred_ranks(&classes.sizes(None));
    let ranks: Vec<f64> = classes.code.iter().map(|c| ranks[*c as usize] as f64).collect();
    standardised(&ranks, None)
}
