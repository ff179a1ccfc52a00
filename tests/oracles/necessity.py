"""How large the empty corner is without necessity: permutations, and samples of a Gaussian copula
with the observed margins and correlation. The copula's correlation comes from scipy's bivariate
normal distribution, the samples from numpy; the random numbers are others than ours, so that
p-values agree within their Monte Carlo error.

    python3 necessity.py ../data > necessity.py.json
"""

import csv
import json
import sys

import numpy as np
import scipy
from scipy import optimize, stats

DRAWS = 20_000


def corner(x, y, scope):
    order = np.lexsort((-y, x))
    x, y = x[order], np.maximum.accumulate(y[order])
    edges = np.append(x, scope[1])
    empty = (x[0] - scope[0]) * (scope[3] - scope[2])
    empty += np.sum((edges[1:] - edges[:-1]) * (scope[3] - y))
    return empty / ((scope[1] - scope[0]) * (scope[3] - scope[2]))


def margin(v):
    values, counts = np.unique(v, return_counts=True)
    return values, stats.norm.ppf(np.cumsum(counts)[:-1] / len(v))


def correlation(x, y, rho):
    """Pearson's r of the two margins joined by a Gaussian copula: Hoeffding's sum."""
    (vx, a), (vy, b) = margin(x), margin(y)
    grid = np.stack(np.meshgrid(a, b, indexing="ij"), axis=-1)
    joint = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf(grid)
    apart = np.outer(stats.norm.cdf(a), stats.norm.cdf(b))
    covariance = np.sum(np.outer(np.diff(vx), np.diff(vy)) * (joint - apart))
    return covariance / (x.std() * y.std())


def entry(name, folder, rng):
    rows = list(csv.DictReader(open(f"{folder}/{name}.csv")))
    x, y = (np.array([float(row[c]) for row in rows]) for c in "xy")
    scope = (x.min(), x.max(), y.min(), y.max())
    d, r, n = corner(x, y, scope), np.corrcoef(x, y)[0, 1], len(x)
    rho = optimize.brentq(lambda t: correlation(x, y, t) - r, -0.999, 0.999, xtol=1e-5)
    (vx, a), (vy, b) = margin(x), margin(y)

    def copula():
        z = rng.standard_normal(n)
        w = rho * z + np.sqrt(1 - rho**2) * rng.standard_normal(n)
        return vx[np.searchsorted(a, z)], vy[np.searchsorted(b, w)]

    def p(draw):
        return sum(corner(*draw(), scope) >= d - 1e-12 for _ in range(DRAWS)) / DRAWS

    return {"d": d, "r": r, "rho": rho, "copula": p(copula), "permutation": p(lambda: (x, rng.permutation(y)))}


out = {
    "made_by": "tests/oracles/necessity.py",
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
    "draws": DRAWS,
}
for name in ("continuous", "ties", "outliers", "tiny"):
    out[name] = entry(name, sys.argv[1], np.random.default_rng(20180712))
print(json.dumps(out, indent=1))
