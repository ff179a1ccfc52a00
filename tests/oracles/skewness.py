"""Hall's interval of a mean, and robust errors with the degrees of freedom of Bell and McCaffrey, from
the definitions with 40 digits. Hall's ends are found by inverting his transformation numerically; the
degrees of freedom are tr(A)^2 / tr(A^2) of the whole n x n matrix A. Prints skewness.py.json:

    python tests/oracles/skewness.py > tests/oracles/skewness.py.json
"""

import csv
import json
import sys
from pathlib import Path

import mpmath
from mpmath import mp, mpf

mp.dps = 40
data = Path(__file__).resolve().parent.parent / "data"


def columns(name):
    with open(data / f"{name}.csv") as file:
        rows = list(csv.DictReader(file))
    return {key: [mpf(float(row[key])) for row in rows if numeric(row[key])] for key in rows[0]}


def numeric(text):
    try:
        return mp.isfinite(mpf(float(text)))
    except ValueError:
        return False


def t_quantile(df, level=mpf("0.95")):
    upper = lambda t: mp.betainc(mpf(df) / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
    return mp.findroot(lambda t: upper(t) - (1 - level) / 2, mpf(2.5))


def hall(values):
    n = len(values)
    mean = mp.fsum(values) / n
    d = [v - mean for v in values]
    moment = lambda k: mp.fsum(x**k for x in d) / n
    skewness = moment(3) / moment(2) ** mpf("1.5")
    se = mp.sqrt(mp.fsum(x * x for x in d) / (n - 1) / n)
    a, t = skewness / mp.sqrt(n), t_quantile(n - 1)
    g = lambda mu: (lambda s: s + a * s**2 / 3 + a**2 * s**3 / 27 + a / 6)((mean - mu) / se)
    # g falls as mu rises, so that each end is its only root.
    low = mp.findroot(lambda mu: g(mu) - t, (mean - 20 * se * (1 + abs(a)) ** 2, mean + 9 * se * (1 + abs(a))), solver="anderson", tol=1e-70, maxsteps=500, verify=False)
    high = mp.findroot(lambda mu: g(mu) + t, (mean - 9 * se * (1 + abs(a)), mean + 20 * se * (1 + abs(a)) ** 2), solver="anderson", tol=1e-70, maxsteps=500, verify=False)
    assert abs(g(low) - t) < 1e-30 and abs(g(high) + t) < 1e-30
    return {"n": n, "mean": float(mean), "skewness": float(skewness), "std_error": float(se), "interval": [float(low), float(high)]}


def inverse_gram(x):
    return mp.inverse(x.T * x)


def robust(x, y, places):
    n, k = x.rows, x.cols
    inverse = inverse_gram(x)
    b = inverse * (x.T * y)
    e = y - x * b
    hat = x * inverse * x.T
    rest = mp.eye(n) - hat
    out = {}
    for name, power in (("hc2_bm", 1), ("hc3_bm", 2)):
        found = []
        directions = [[mpf(i == j) for i in range(k)] for j in range(k)] + places
        for direction in directions:
            l = mp.matrix(direction)
            weights = x * (inverse * l)
            c = [weights[i] ** 2 / rest[i, i] ** power for i in range(n)]
            variance = mp.fsum(c[i] * e[i] ** 2 for i in range(n))
            trace = mp.fsum(c[i] * rest[i, i] for i in range(n))
            square = mp.fsum(c[i] * c[j] * rest[i, j] ** 2 for i in range(n) for j in range(n))
            df = trace**2 / square
            estimate, se = (b.T * l)[0], mp.sqrt(variance)
            reach = t_quantile(df) * se
            p = mp.betainc(df / 2, mpf(1) / 2, 0, df / (df + (estimate / se) ** 2), regularized=True)
            found.append({"estimate": float(estimate), "std_error": float(se), "df": float(df), "interval": [float(estimate - reach), float(estimate + reach)], "p_value": float(p)})
        out[name] = {"coefficients": found[:k], "places": found[k:]}
    return out


out = {"made_by": "tests/oracles/skewness.py", "versions": {"python": sys.version.split()[0], "mpmath": mpmath.__version__}, "level": 0.95, "means": [], "fits": []}
for name, column in (
    ("continuous", "y"), ("ties", "y"), ("outliers", "y"), ("outliers", "x"), ("tiny", "y"), ("mid", "x"),
    ("regression_factor", "z"), ("regression_outliers", "y"), ("regression_ties", "many"), ("near_line", "y"),
):
    out["means"].append({"data": name, "column": column, **hall(columns(name)[column])})
for name, outcome, predictors, places in (
    ("regression_ties", "ssi", ["score"], [[1, 2.5], [1, 9]]),
    ("regression_ties", "ssi", ["score", "many"], [[1, 6, 1]]),
    ("regression_outliers", "y", ["x"], [[1, -1], [1, 40]]),
    ("regression_outliers", "y", ["x", "w"], [[1, 0, 7]]),
    ("regression_factor", "y", ["x", "z"], [[1, 5, 300]]),
    ("regression_collinear", "y", ["x1", "x2", "x3"], [[1, 1000, 1000, 0]]),
):
    table = columns(name)
    n = len(table[outcome])
    x = mp.matrix([[mpf(1)] + [table[p][i] for p in predictors] for i in range(n)])
    places = [[mpf(v) for v in place] for place in places]
    found = robust(x, mp.matrix(table[outcome]), places)
    out["fits"].append({"data": name, "formula": f"{outcome} ~ {' + '.join(predictors)}", "n": n, "places": [[float(v) for v in place] for place in places], **found})
json.dump(out, sys.stdout, indent=1)
print()
