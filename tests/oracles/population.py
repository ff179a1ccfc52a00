"""Scoring people by a line that was fitted to others: single persons, the mean by regression
transport, and the two-phase mean, from the definitions. The line by the normal equations with 50
digits, variances as quadratic forms of the inverse matrix, quantiles of t by inverting the incomplete
beta function; numpy's own sums stand beside the means as a check. Prints population.py.json:

    python tests/oracles/population.py > tests/oracles/population.py.json
"""

import csv
import json
import sys
from pathlib import Path

import mpmath
import numpy
from mpmath import mp, mpf

mp.dps = 50
data = Path(__file__).resolve().parent.parent / "data"


def quantile(tail, df):
    """t with that much above it."""

    def above(t):
        return mp.betainc(df / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2 - tail

    low, high = mpf(0), mpf(1)
    while above(high) > 0:
        high *= 2
    for _ in range(190):
        middle = (low + high) / 2
        low, high = (middle, high) if above(middle) > 0 else (low, middle)
    return (low + high) / 2


def variance(v):
    m = mp.fsum(v) / len(v)
    return mp.fsum((a - m) ** 2 for a in v) / (len(v) - 1)


versions = {"python": sys.version.split()[0], "mpmath": mpmath.__version__, "numpy": numpy.__version__}
out = {"made_by": "tests/oracles/population.py", "versions": versions, "rows": []}
for name in ("continuous", "ties", "outliers", "mid", "near_line", "tiny"):
    with open(data / f"{name}.csv") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])[:2]
    x, y = ([mpf(float(row[c])) for row in rows] for c in columns)
    # The first two thirds make the line; the rest, and some of the first, are the people.
    n = max(4, 2 * len(x) // 3)
    people = list(range(n // 2, len(x)))
    fx, fy = x[:n], y[:n]
    design = mp.matrix([[1, v] for v in fx])
    inverse = (design.T * design) ** -1
    a, b = inverse * (design.T * mp.matrix(fy))
    s2 = mp.fsum((v - a - b * u) ** 2 for u, v in zip(fx, fy)) / (n - 2)

    def form(at):
        row = mp.matrix([1, at])
        return (row.T * inverse * row)[0]

    xs = [x[i] for i in people]
    N = len(xs)
    mean = mp.fsum(xs) / N
    check = numpy.mean(numpy.array([float(v) for v in xs]))
    assert abs(float(mean) - check) <= 1e-12 * max(1.0, abs(check))
    known = list(range(0, N, 3)) if N > 5 else list(range(N))
    residuals = [y[people[k]] - a - b * xs[k] for k in known]
    outcomes = [y[people[k]] for k in known]
    n2 = len(known)
    for level in ("0.95", "0.8"):
        tail = (1 - mpf(level)) / 2
        entry = {"data": name, "n": n, "first": people[0], "known": known, "level": float(level)}
        t = quantile(tail, mpf(n - 2))
        at = [min(fx), xs[0], 2 * max(fx) - min(fx)]
        half = [t * mp.sqrt(s2 * (1 + form(v))) for v in at]
        entry["single"] = [[float(v), float(a + b * v), float(a + b * v - h), float(a + b * v + h)] for v, h in zip(at, half)]
        v1, v2 = s2 * form(mean), b * b * variance(xs) / N
        df = (v1 + v2) ** 2 / (v1**2 / (n - 2) + v2**2 / (N - 1))
        half = quantile(tail, df) * mp.sqrt(v1 + v2)
        value = mp.fsum(a + b * v for v in xs) / N
        entry["transport"] = [float(v) for v in (value, mp.sqrt(v1 + v2), value - half, value + half)]
        # Cochran's form: s2_e / n2 + (s2_y - s2_e) / N.
        v = variance(residuals) / n2 + (variance(outcomes) - variance(residuals)) / N
        value += mp.fsum(residuals) / n2
        half = quantile(tail, mpf(n2 - 1)) * mp.sqrt(v)
        entry["two_phase"] = [float(v) for v in (value, mp.sqrt(v), value - half, value + half)]
        out["rows"].append(entry)
json.dump(out, sys.stdout, indent=1)
print()
