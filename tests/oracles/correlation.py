"""Reference correlations and descriptions, from the definitions in mpmath at 50 digits.

scipy and pingouin are run beside; the largest relative differences from them are printed too, so
that a slip in this file would show. Prints correlation.py.json:

    python tests/oracles/correlation.py > tests/oracles/correlation.py.json
"""

import csv
import itertools
import json
import pathlib
import sys

import mpmath as mp
import numpy as np
import pingouin
import scipy
from scipy import stats

mp.mp.dps = 50
DATA = pathlib.Path(__file__).parent.parent / "data"
NAMES = ["continuous", "ties", "outliers", "near_line", "tiny", "mid"]
differences = {}


def differ(what, ours, theirs):
    relative = abs(float(ours) - float(theirs)) / max(abs(float(theirs)), 1e-300)
    differences[what] = max(differences.get(what, 0.0), relative)


def read(name):
    with open(DATA / f"{name}.csv") as file:
        rows = list(csv.DictReader(file))
    return [float(r["x"]) for r in rows], [float(r["y"]) for r in rows]


def correlation(x, y):
    x, y = [mp.mpf(v) for v in x], [mp.mpf(v) for v in y]
    mx, my = mp.fsum(x) / len(x), mp.fsum(y) / len(y)
    sxy = mp.fsum((a - mx) * (b - my) for a, b in zip(x, y))
    return sxy / mp.sqrt(mp.fsum((a - mx) ** 2 for a in x) * mp.fsum((b - my) ** 2 for b in y))


def t_p(r, n):
    df = mp.mpf(n - 2)
    t = r * mp.sqrt(df / (1 - r * r))
    return t, mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True)


LEVEL_TAIL = (1 - mp.mpf(0.95)) / 2
Q = mp.sqrt(2) * mp.erfinv(1 - 2 * LEVEL_TAIL)


def on_z(estimate, se):
    z = mp.atanh(estimate)
    return mp.tanh(z - Q * se), mp.tanh(z + Q * se)


def row(estimate, std_error, interval, statistic, p):
    values = dict(estimate=estimate, std_error=std_error, conf_low=interval[0], conf_high=interval[1], statistic=statistic, p_value=p)
    return {k: float(v) for k, v in values.items()}


def pearson(x, y):
    n, r = len(x), correlation(x, y)
    t, p = t_p(r, n)
    if n < 100 and abs(r) < 0.99:
        theirs = stats.pearsonr(x, y)
        differ("pearson r, scipy", r, theirs[0])
        differ("pearson p, scipy", p, theirs[1])
        differ("pearson low, scipy", on_z(r, 1 / mp.sqrt(n - 3))[0], theirs.confidence_interval(0.95).low)
    return row(r, mp.sqrt((1 - r * r) / (n - 2)), on_z(r, 1 / mp.sqrt(n - 3)), t, p)


def spearman(x, y):
    n = len(x)
    rx, ry = stats.rankdata(x), stats.rankdata(y)
    rho = correlation(rx, ry)
    if abs(abs(rho) - 1) < mp.mpf(10) ** -40:
        return {"estimate": float(rho)}
    statistic, p = t_p(rho, n)
    differ("spearman rho, scipy", rho, stats.spearmanr(x, y)[0])
    theirs = pingouin.corr(x, y, method="spearman")
    differ("spearman rho, pingouin", rho, theirs["r"].iloc[0])
    if n <= 9 and len(set(x)) == n == len(set(y)):
        s = sum((a - b) ** 2 for a, b in zip(rx, ry))
        ranks = sorted(rx)
        all_s = [sum((a - b) ** 2 for a, b in zip(ranks, order)) for order in itertools.permutations(ranks)]
        tail = min(sum(v <= s for v in all_s), sum(v >= s for v in all_s))
        statistic, p = s, mp.mpf(min(1, 2 * tail / len(all_s)))
    se = mp.sqrt((1 + rho * rho / 2) / (n - 3))
    return row(rho, (1 - rho * rho) * se, on_z(rho, se), statistic, p)


def kendall(x, y):
    n = len(x)
    x, y = np.array(x), np.array(y)
    sx = np.sign(x[:, None] - x[None, :]).astype(int)
    sy = np.sign(y[:, None] - y[None, :]).astype(int)
    s_i, x_i, y_i = (sx * sy).sum(1), (sx != 0).sum(1), (sy != 0).sum(1)
    s, xs, ys = (mp.mpf(int(v.sum())) / 2 for v in (s_i, x_i, y_i))
    tau = s / mp.sqrt(xs * ys)
    if abs(abs(tau) - 1) < mp.mpf(10) ** -40:
        return {"estimate": float(tau)}
    # tau is a ratio of means over pairs: its variance by the influence of each respondent on
    # those three means, linearised (delta method).
    pairs = mp.mpf(n) * (n - 1) / 2
    d_s, d_x, d_y = pairs / mp.sqrt(xs * ys), -tau * pairs / (2 * xs), -tau * pairs / (2 * ys)
    influence = [2 * (d_s * (mp.mpf(int(a)) / (n - 1) - s / pairs) + d_x * (mp.mpf(int(b)) / (n - 1) - xs / pairs) + d_y * (mp.mpf(int(c)) / (n - 1) - ys / pairs)) for a, b, c in zip(s_i, x_i, y_i)]
    se = mp.sqrt(mp.fsum(v * v for v in influence) / (mp.mpf(n) * (n - 1)))
    untied = len(set(x)) == n == len(set(y))
    if untied and n < 50:
        counts = [1]
        for m in range(2, n + 1):
            wider = [0] * (len(counts) + m - 1)
            for k, c in enumerate(counts):
                for j in range(m):
                    wider[k + j] += c
            counts = wider
        concordant = int((pairs + s) / 2)
        low = min(concordant, int(pairs) - concordant)
        p = min(mp.mpf(1), 2 * mp.mpf(sum(counts[: low + 1])) / mp.mpf(sum(counts)))
        statistic = concordant
        differ("kendall exact p, scipy", p, stats.kendalltau(x, y, method="exact")[1])
    else:
        tx, ty = [[int(c) for c in np.unique(v, return_counts=True)[1]] for v in (x, y)]
        cubic = lambda ts: mp.mpf(sum(t * (t - 1) * (2 * t + 5) for t in ts))
        two = lambda ts: mp.mpf(sum(t * (t - 1) for t in ts))
        three = lambda ts: mp.mpf(sum(t * (t - 1) * (t - 2) for t in ts))
        n_ = mp.mpf(n)
        variance = (n_ * (n_ - 1) * (2 * n_ + 5) - cubic(tx) - cubic(ty)) / 18 + two(tx) * two(ty) / (2 * n_ * (n_ - 1)) + three(tx) * three(ty) / (9 * n_ * (n_ - 1) * (n_ - 2))
        statistic = s / mp.sqrt(variance)
        p = mp.erfc(abs(statistic) / mp.sqrt(2))
        differ("kendall normal p, scipy", p, stats.kendalltau(x, y, method="asymptotic")[1])
    differ("kendall tau, scipy", tau, stats.kendalltau(x, y)[0])
    return row(tau, se, on_z(tau, se / (1 - tau * tau)), statistic, p)


def describe(x):
    n = mp.mpf(len(x))
    m = [mp.mpf(v) for v in x]
    mean = mp.fsum(m) / n
    d = [v - mean for v in m]
    s2, s3, s4 = (mp.fsum(v**k for v in d) for k in (2, 3, 4))
    g1 = (s3 / n) / (s2 / n) ** mp.mpf(1.5)
    g2 = (s4 / n) / (s2 / n) ** 2 - 3
    out = dict(
        mean=mean,
        sd=mp.sqrt(s2 / (n - 1)),
        skewness=mp.sqrt(n * (n - 1)) / (n - 2) * g1,
        kurtosis=(n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6),
        lag1=mp.fsum(a * b for a, b in zip(d, d[1:])) / s2,
        median=np.quantile(x, 0.5),
        q1=np.quantile(x, 0.25),
        q3=np.quantile(x, 0.75),
        min=min(x),
        max=max(x),
    )
    differ("skewness, scipy", out["skewness"], stats.skew([float(v) for v in d], bias=False))
    differ("kurtosis, scipy", out["kurtosis"], stats.kurtosis([float(v) for v in d], bias=False))
    return {k: float(v) for k, v in out.items()}


class Draws:
    """A generator that any language can repeat: s <- 69069 s + 1 mod 2^32."""

    def __init__(self):
        self.s = 12345

    def below(self, n):
        self.s = (self.s * 69069 + 1) % 2**32
        return self.s * n >> 32

    def permutation(self, n):
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            j = self.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return order


def permutation(x, y, draws=499):
    n = len(x)
    x = np.array([float(mp.mpf(v) - mp.fsum(x) / n) for v in x])
    y = np.array([float(mp.mpf(v) - mp.fsum(y) / n) for v in y])
    studentised = lambda a, b: (a * b).sum() / np.sqrt(((a * b) ** 2).sum())
    source = Draws()
    orders = [source.permutation(n) for _ in range(draws)]
    out = {"draws": draws}
    observed = abs(studentised(x, y))
    out["pearson"] = (sum(abs(studentised(x, y[o])) >= observed * (1 - 1e-12) for o in orders) + 1) / (draws + 1)
    rx, ry = stats.rankdata(x), stats.rankdata(y)
    observed = abs(np.corrcoef(rx, ry)[0, 1])
    out["spearman"] = (sum(abs(np.corrcoef(rx, ry[o])[0, 1]) >= observed * (1 - 1e-12) - 1e-12 for o in orders) + 1) / (draws + 1)
    observed = abs(stats.kendalltau(x, y)[0])
    out["kendall"] = (sum(abs(stats.kendalltau(x, y[o])[0]) >= observed * (1 - 1e-12) - 1e-12 for o in orders) + 1) / (draws + 1)
    return out


out = {"made_by": "tests/oracles/correlation.py", "versions": {"python": sys.version.split()[0], "mpmath": mp.__version__, "numpy": np.__version__, "scipy": scipy.__version__, "pingouin": pingouin.__version__}, "data": {}}
for name in NAMES:
    x, y = read(name)
    out["data"][name] = {"n": len(x), "pearson": pearson(x, y), "spearman": spearman(x, y), "kendall": kendall(x, y), "describe_x": describe(x), "describe_y": describe(y), "permutation": permutation(x, y)}
out["largest_relative_differences"] = differences
json.dump(out, sys.stdout, indent=1)
print()
