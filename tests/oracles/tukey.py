"""The studentised range and the comparisons that rest on it.

The upper tail of the range of k normal variables, k∫ φ(z){Φ(z)^(k−1) − (Φ(z) − Φ(z − w))^(k−1)} dz,
averaged over the density of ln s, s² chi-squared over its degrees of freedom: by Gauss and
Legendre's rule in many panels with scipy's normal distribution; for two groups, where it is Student's
t, by mpmath's incomplete beta function as well. Means, variances and degrees of freedom are exact
fractions. scipy's and pingouin's own tests stand beside.
Prints tukey.py.json:

    python tests/oracles/tukey.py tests/data > tests/oracles/tukey.py.json
"""

import csv
import json
import pathlib
import sys
from fractions import Fraction

import mpmath as mp
import numpy
import pandas
import pingouin
import scipy
import scipy.optimize
from scipy import special, stats

mp.mp.dps = 24
SETS = ["continuous", "ties", "outliers", "near_line", "tiny", "mid"]


def panels(low, high, count, order=24):
    """Places and weights of Gauss and Legendre's rule in equal panels."""
    x, w = numpy.polynomial.legendre.leggauss(order)
    borders = numpy.linspace(low, high, count + 1)
    half = numpy.diff(borders)[:, None] / 2
    return ((borders[:-1, None] + half) + half * x).ravel(), (half * w).ravel()


def borders(df):
    """Where the density of ln s has all its mass."""
    spread = 1 / (2 * df) ** 0.5
    low = -max(45 / df, 14 * spread)
    return low, min(3.0, 14 * spread)


def sf(q, k, df):
    low, high = borders(df)
    u, weight = panels(low, high, 40)
    z, inner = panels(-11.0, 30.0, 24)
    below = special.ndtr(z)
    share = special.ndtr(z[None, :] - (q * numpy.exp(u))[:, None]) / below
    missed = -numpy.expm1((k - 1) * numpy.log1p(-numpy.minimum(share, 1 - 1e-16)))
    upper = missed @ (inner * k * stats.norm.pdf(z) * below ** (k - 1))
    # 2(ν/2)^(ν/2)/Γ(ν/2), with the powers of e taken out of the exponent.
    constant = float(mp.log(2) + df / mp.mpf(2) * (mp.log(df / mp.mpf(2)) - 1)
                     - mp.loggamma(df / mp.mpf(2)))
    density = numpy.exp(constant - df / 2 * (numpy.expm1(2 * u) - 2 * u))
    lowest = special.gammainc(df / 2, df / 2 * numpy.exp(2 * low))
    return float(numpy.sum(weight * density * upper) + lowest)


def sf_two(q, df):
    """Of two groups: Student's t in closed form, by mpmath."""
    t, df = mp.mpf(q) / mp.sqrt(2), mp.mpf(df)
    return mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True)


def quantile(p, k, df):
    return scipy.optimize.brentq(lambda q: numpy.log(sf(q, k, df) / p), 0.01, 1000, xtol=1e-15,
                                 rtol=1e-15)


def digits(value):
    return mp.nstr(value, 20)


def real(q):
    return mp.mpf(q.numerator) / q.denominator


def column(folder, name):
    with open(folder / f"{name}.csv", newline="") as file:
        return [float(row["y"]) for row in csv.DictReader(file)]


def summaries(y):
    """Three groups of unequal size, as the tests make them: n, mean and variance."""
    groups = [[], [], []]
    for i, value in enumerate(y):
        groups[[0, 0, 1, 1, 2, 2, 2][i % 7]].append(Fraction(value))
    out = []
    for values in groups:
        n = len(values)
        mean = sum(values) / n
        out.append((n, mean, sum((v - mean) ** 2 for v in values) / (n - 1)))
    return out


def compared(name, y):
    groups = summaries(y)
    k, n = 3, len(y)
    pooled = sum((m - 1) * v for m, _, v in groups) / (n - k)
    level = 2 * ((1 - 0.95) / 2)
    q_all = quantile(level, k, n - k)
    rows = {"tukey": [], "games_howell": []}
    for i in range(k):
        for j in range(i + 1, k):
            (m, a, v), (o, b, w) = groups[i], groups[j]
            difference = a - b
            each = {
                "tukey": (pooled * (Fraction(1, m) + Fraction(1, o)), Fraction(n - k), q_all),
                "games_howell": (v / m + w / o, (v / m + w / o) ** 2
                                 / ((v / m) ** 2 / (m - 1) + (w / o) ** 2 / (o - 1)), None),
            }
            for method, (variance, df, q) in each.items():
                se, df = mp.sqrt(real(variance)), float(df)
                q = q if q is not None else quantile(level, k, df)
                unit, d = se / mp.sqrt(2), real(difference)
                statistic = abs(d) / unit
                rows[method].append({"difference": digits(d), "std_error": digits(se),
                                     "statistic": digits(statistic), "df": df,
                                     "p": sf(float(statistic), k, df), "low": digits(d - q * unit),
                                     "high": digits(d + q * unit)})
    frame = pandas.DataFrame({"y": y, "g": [[0, 0, 1, 1, 2, 2, 2][i % 7] for i in range(n)]})
    other = pingouin.pairwise_gameshowell(frame, dv="y", between="g")
    rows["pingouin"] = {"df": list(map(float, other["df"])), "p": list(map(float, other["pval"]))}
    tested = stats.tukey_hsd(*[frame.y[frame.g == g] for g in range(3)])
    rows["scipy"] = {"p": [float(tested.pvalue[i, j]) for i, j in [(0, 1), (0, 2), (1, 2)]]}
    return rows


folder = pathlib.Path(sys.argv[1])
tails = []
for k in [2, 3, 5, 10, 50]:
    for df in [1, 2, 4.5, 10, 60, 1000]:
        for q in [0.5, 2, 3.5, 6, 12]:
            tails.append({"q": q, "k": k, "df": df, "sf": sf(q, k, df)})
checked = []
for df in [1, 4.5, 10, 60, 1000]:
    for q in [0.5, 3.5, 12]:
        exact = sf_two(q, df)
        checked.append({"q": q, "k": 2, "df": df, "sf": digits(exact),
                        "relative_difference": float(sf(q, 2, df) / exact - 1)})
quantiles = [{"p": p, "k": k, "df": df, "q": quantile(p, k, df)}
             for p in [0.05, 0.001] for k, df in [(2, 7), (3, 10), (6, 2), (12, 33.3), (50, 400)]]
out = {
    "versions": {"mpmath": mp.__version__, "scipy": scipy.__version__,
                 "numpy": numpy.__version__, "pingouin": pingouin.__version__},
    "tails": tails,
    "mpmath": checked,
    "quantiles": quantiles,
    "compared": {name: compared(name, column(folder, name)) for name in SETS},
}
print(json.dumps(out, indent=1))
