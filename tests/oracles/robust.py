"""Reference numbers for robust and quantile regression: mpmath, fractions, scipy.

  python robust.py > robust.py.json       (in this directory)

M-estimators are reweighted in 50 digits until nothing changes, from the doubles nearest the decimals in the file. Theil
and Sen's slopes are sorted as fractions; the exact distribution of Kendall's statistic is counted in
integers. scipy's theilslopes and HiGHS (the linear programme of a quantile regression) stand beside.
"""

import csv
import json
import sys
from fractions import Fraction

import mpmath
import numpy as np
import scipy
from mpmath import mpf
from scipy.optimize import linprog
from scipy.stats import norm, theilslopes

mpmath.mp.dps = 50


def read(name):
    with open(f"../data/{name}.csv") as f:
        return list(csv.DictReader(f))


def designs():
    for name in ("continuous", "mid", "outliers", "ties", "near_line", "tiny"):
        rows = read(name)
        yield name, "y ~ x", [r["y"] for r in rows], [[r["x"] for r in rows]]
    rows = read("regression_outliers")
    yield (
        "regression_outliers",
        "y ~ x + w",
        [r["y"] for r in rows],
        [[r["x"] for r in rows], [r["w"] for r in rows]],
    )
    rows = read("regression_collinear")
    columns = [[r[c] for r in rows] for c in ("x1", "x2", "x3")]
    yield "regression_collinear", "y ~ x1 + x2 + x3", [r["y"] for r in rows], columns


def weighted(y, x, w):
    k = len(x)
    a = mpmath.matrix(k, k)
    b = mpmath.matrix(k, 1)
    for i in range(k):
        for j in range(k):
            a[i, j] = mpmath.fsum(w[r] * x[i][r] * x[j][r] for r in range(len(y)))
        b[i] = mpmath.fsum(w[r] * x[i][r] * y[r] for r in range(len(y)))
    return mpmath.lu_solve(a, b)


def m_estimate(y, x, weight):
    n = len(y)
    # About the means nothing cancels; the intercept is put back below.
    means = [mpf(0)] + [mpmath.fsum(c) / n for c in x[1:]]
    x = [[v - m for v in c] for c, m in zip(x, means)]
    b = weighted(y, x, [mpf(1)] * n)
    for _ in range(2000):
        r = [y[i] - mpmath.fsum(b[j] * x[j][i] for j in range(len(x))) for i in range(n)]
        sizes = sorted(abs(v) for v in r)
        s = (sizes[(n - 1) // 2] + sizes[n // 2]) / 2 / mpf("0.6745")
        step = weighted(r, x, [weight(v / s) for v in r])
        b += step
        if max(abs(v) for v in step) < mpf(10) ** -19 * s:
            b[0] -= mpmath.fsum(b[j] * means[j] for j in range(len(x)))
            return {"estimate": [float(v) for v in b], "scale": float(s)}
    raise ValueError("not settled")


def huber(u):
    return min(mpf(1), mpf("1.345") / abs(u)) if u else mpf(1)


def bisquare(u):
    t = 1 - (u / mpf("4.685")) ** 2
    return t * t if t > 0 else mpf(0)


def middle(values):
    n = len(values)
    return (values[(n - 1) // 2] + values[n // 2]) / 2


def inversions(n):
    """How many orders of n have 0, 1, 2, … inversions."""
    counts = [1]
    for m in range(2, n + 1):
        out = [0] * (len(counts) + m - 1)
        for k, c in enumerate(counts):
            for j in range(m):
                out[k + j] += c
        counts = out
    return counts


def theil_sen(x, y):
    x, y = [Fraction(float(v)) for v in x], [Fraction(float(v)) for v in y]
    n = len(x)
    slopes = sorted(
        (y[j] - y[i]) / (x[j] - x[i]) for i in range(n) for j in range(i) if x[i] != x[j]
    )
    b = middle(slopes)
    out = {
        "slope": float(b),
        "intercept": float(middle(sorted(y)) - b * middle(sorted(x))),
        "pairs": len(slopes),
    }
    ties = lambda v: [v.count(u) for u in set(v)]
    tx, ty = ties(x), ties(y)
    if n < 50 and max(tx + ty) == 1:
        counts = inversions(n)
        total = sum(counts)
        passed = 0
        for below, c in enumerate(counts):
            passed += c
            if passed * 40 > total:
                break
        out["method"] = "exact"
    else:
        cubic = lambda t: sum(v * (v - 1) * (2 * v + 5) for v in t)
        pairs = lambda t: sum(v * (v - 1) for v in t)
        triples = lambda t: sum(v * (v - 1) * (v - 2) for v in t)
        variance = (n * (n - 1) * (2 * n + 5) - cubic(tx) - cubic(ty)) / 18
        variance += pairs(tx) * pairs(ty) / (2 * n * (n - 1))
        variance += triples(tx) * triples(ty) / (9 * n * (n - 1) * (n - 2))
        below = round((len(slopes) - norm.ppf(0.975) * variance**0.5) / 2)
        out["method"] = "normal_corrected"
    out["low"] = float(slopes[below - 1])
    out["high"] = float(slopes[len(slopes) - below])
    return out


def check_loss(y, x, tau):
    n, k = x.shape
    cost = np.concatenate([np.zeros(2 * k), np.full(n, tau), np.full(n, 1 - tau)])
    a = np.hstack([x, -x, np.eye(n), -np.eye(n)])
    found = linprog(cost, A_eq=a, b_eq=y, bounds=(0, None), method="highs-ds")
    assert found.status == 0
    return found.fun


out = []
for name, formula, y, columns in designs():
    mx = [[mpf(1)] * len(y)] + [[mpf(float(v)) for v in c] for c in columns]
    my = [mpf(float(v)) for v in y]
    case = {
        "data": name,
        "formula": formula,
        "huber": m_estimate(my, mx, huber),
        "bisquare": m_estimate(my, mx, bisquare),
    }
    fx = np.array([[float(v) for v in c] for c in columns]).T
    fy = np.array([float(v) for v in y])
    if len(columns) == 1:
        case["theil_sen"] = theil_sen(columns[0], y)
        r = theilslopes(fy, fx[:, 0], alpha=0.95)
        case["scipy"] = {"slope": r[0], "intercept": r[1], "low": r[2], "high": r[3]}
    if name not in ("near_line", "regression_collinear"):
        x = np.column_stack([np.ones(len(fy)), fx])
        case["objective"] = [check_loss(fy, x, tau) for tau in (0.1, 0.25, 0.5, 0.75, 0.9)]
    print(name, formula, file=sys.stderr)
    out.append(case)
versions = {
    "python": sys.version.split()[0],
    "mpmath": mpmath.__version__,
    "numpy": np.__version__,
    "scipy": scipy.__version__,
}
json.dump({"versions": versions, "fits": out}, sys.stdout, indent=1)
print()
