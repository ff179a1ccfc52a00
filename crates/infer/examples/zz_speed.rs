//! tmp
use ssi_infer::correlate::*; use ssi_infer::resample::*; use ssi_vocab::*; use std::time::{Instant,Duration};
fn main() {
    let mut s = 12345u64; let mut next = || { s = s.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407); (s >> 33) as f64 / (1u64<<31) as f64 };
    let mk = |n: usize, next: &mut dyn FnMut() -> f64| { let x: Vec<f64> = (0..n).map(|_| (next()*20.0).round()/2.0).collect(); let y: Vec<f64> = x.iter().map(|v| (v*3.0 + 30.0*next()).round()).collect(); Paired::complete("x",&x,"y",&y).unwrap() };
    let p = mk(200, &mut next);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| for m in Method::ALL { let (mut a, mut c) = (Duration::MAX, Duration::MAX); for _ in 0..25 {
        let t = Instant::now(); let _b = bootstrap_bca(&p, m, &Bootstrap{resamples:10000,seed:1}, Level::DEFAULT, &Quiet).unwrap(); a = a.min(t.elapsed());
        let t = Instant::now(); let _q = permutation(&p, m, &Permutation{permutations:10000,seed:1}, Level::DEFAULT, &Quiet).unwrap(); c = c.min(t.elapsed());
         } println!("{m}: bca {a:?} perm {c:?}"); });
}
