"""Rates, their differences and ratios: mpmath from the definitions, and scipy's exact tests.

Intervals are roots found with 40 digits. Fisher's test and the conditional odds ratio are sums of
rational numbers. Barnard's and Boschloo's tests are scipy's, which search the largest p-value over
the common rate by SHGO, and, for the small tables, the same supremum by a fine grid here.

    python3 rates.py > rates.py.json
"""

import json
from fractions import Fraction
from math import comb

import mpmath as mp
import numpy as np
import scipy
from scipy import stats

mp.mp.dps = 40
Z = mp.sqrt(2) * mp.erfinv(mp.mpf("0.95"))
PAIRS = [
    ((0, 100), (10, 100)),
    ((0, 30), (2, 20)),
    ((7, 50), (3, 80)),
    ((45, 50), (12, 40)),
    ((1, 8), (6, 9)),
    ((250, 1000), (300, 1000)),
    ((5, 1000), (30, 3000)),
    ((0, 20), (0, 30)),
    ((12, 12), (3, 15)),
]
SINGLE = sorted({r for pair in PAIRS for r in pair})


def wilson(x, n):
    p, n = mp.mpf(x) / n, mp.mpf(n)
    half = Z * mp.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    centre = p + Z**2 / (2 * n)
    return (centre - half) / (1 + Z**2 / n), (centre + half) / (1 + Z**2 / n)


def beta_root(q, a, b):
    f = lambda t: mp.betainc(a, b, 0, t, regularized=True) - q
    low, high = mp.mpf(0), mp.mpf(1)
    for _ in range(140):
        mid = (low + high) / 2
        low, high = (mid, high) if f(mid) < 0 else (low, mid)
    return (low + high) / 2


def single(x, n):
    tail = mp.mpf("0.025")
    cp = (
        mp.mpf(0) if x == 0 else beta_root(tail, x, n - x + 1),
        mp.mpf(1) if x == n else beta_root(1 - tail, x + 1, n - x),
    )
    half = mp.mpf(1) / 2
    jeffreys = (
        mp.mpf(0) if x == 0 else beta_root(tail, x + half, n - x + half),
        mp.mpf(1) if x == n else beta_root(1 - tail, x + half, n - x + half),
    )
    return {"wilson": wilson(x, n), "clopper_pearson": cp, "jeffreys": jeffreys}


def bisect(f, low, high):
    """Where a falling function passes zero."""
    for _ in range(160):
        mid = (low + high) / 2
        low, high = (mid, high) if f(mid) > 0 else (low, mid)
    return (low + high) / 2


def difference_score(x1, n1, x2, n2, delta):
    low, high = max(mp.mpf(0), -delta), min(mp.mpf(1), 1 - delta)

    def slope(p):
        total = mp.mpf(0)
        for count, rate in ((x1, p + delta), (x2, p)):
            if count:
                total += count / rate
        for count, rate in ((n1 - x1, 1 - p - delta), (n2 - x2, 1 - p)):
            if count:
                total -= count / rate
        return total

    tiny = mp.mpf(10) ** -38
    p2 = bisect(slope, low + tiny, high - tiny)
    p1 = p2 + delta
    n = n1 + n2
    variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * n / mp.mpf(n - 1)
    far = mp.mpf(x1) / n1 - mp.mpf(x2) / n2 - delta
    return far / mp.sqrt(variance)


def miettinen_nurminen(x1, n1, x2, n2):
    d = mp.mpf(x1) / n1 - mp.mpf(x2) / n2
    score = lambda delta: difference_score(x1, n1, x2, n2, delta)
    edge = mp.mpf(10) ** -30
    return bisect(lambda t: score(t) - Z, -1 + edge, d - edge), bisect(lambda t: score(t) + Z, d + edge, 1 - edge)


def ratio_score(x1, n1, x2, n2, phi):
    a, b, c = phi * (n1 + n2), phi * (n1 + x2) + x1 + n2, mp.mpf(x1 + x2)
    p2 = (b - mp.sqrt(b * b - 4 * a * c)) / (2 * a)
    p1 = phi * p2
    far = mp.mpf(x1) / n1 - phi * mp.mpf(x2) / n2
    return far / mp.sqrt(p1 * (1 - p1) / n1 + phi**2 * p2 * (1 - p2) / n2)


def koopman(x1, n1, x2, n2):
    if x2 == 0:
        return None
    score = lambda log: ratio_score(x1, n1, x2, n2, mp.e**log)
    if x1 == 0:
        return mp.mpf(0), mp.e ** bisect(lambda t: score(t) + Z, mp.mpf(-60), mp.mpf(60))
    centre = mp.log(mp.mpf(x1) / n1 / (mp.mpf(x2) / n2))
    edge = mp.mpf(10) ** -30
    return (
        mp.e ** bisect(lambda t: score(t) - Z, centre - 60, centre - edge),
        mp.e ** bisect(lambda t: score(t) + Z, centre + edge, centre + 60),
    )


def support(x1, n1, x2, n2):
    k = x1 + x2
    low, high = max(0, k - n2), min(k, n1)
    return {x: comb(n1, x) * comb(n2, k - x) for x in range(low, high + 1)}


def fisher(x1, n1, x2, n2):
    w = support(x1, n1, x2, n2)
    limit = w[x1] * (1 + Fraction(1, 10**7))
    return Fraction(sum(v for v in w.values() if v <= limit), sum(w.values()))


def odds_ratio(x1, n1, x2, n2):
    w = support(x1, n1, x2, n2)
    if x1 == max(w):
        return None
    def tilted(log):
        top = max(mp.log(v) + x * log for x, v in w.items())
        each = {x: mp.e ** (mp.log(v) + x * log - top) for x, v in w.items()}
        total = mp.fsum(each.values())
        return {x: v / total for x, v in each.items()}
    root = lambda f: mp.e ** bisect(f, mp.mpf(-60), mp.mpf(60))
    tail = mp.mpf("0.025")
    few = lambda log: mp.fsum(v for x, v in tilted(log).items() if x <= x1)
    many = lambda log: mp.fsum(v for x, v in tilted(log).items() if x >= x1)
    mean = lambda log: mp.fsum(x * v for x, v in tilted(log).items())
    high = root(lambda t: few(t) - tail)
    if x1 == min(w):
        return mp.mpf(0), mp.mpf(0), high
    return root(lambda t: x1 - mean(t)), root(lambda t: tail - many(t)), high


def supremum(region, n1, n2):
    """The largest probability of a region over the common rate: a fine grid, then refined."""
    log1 = np.array([float(mp.log(comb(n1, x))) for x in range(n1 + 1)])
    log2 = np.array([float(mp.log(comb(n2, x))) for x in range(n2 + 1)])
    rows, columns = np.nonzero(region)
    weight, events, rest = log1[rows] + log2[columns], rows + columns, n1 + n2 - rows - columns

    def at(rate):
        return np.exp(weight + events * np.log(rate) + rest * np.log1p(-rate)).sum()

    grid = np.sin(np.linspace(0, np.pi / 2, 4001)[1:-1]) ** 2
    values = np.array([at(rate) for rate in grid])
    best = 0.0
    for i in np.argsort(values)[::-1][:12]:
        low, high = grid[max(i - 1, 0)], grid[min(i + 1, len(grid) - 1)]
        found = scipy.optimize.minimize_scalar(
            lambda r: -at(r), bounds=(low, high), method="bounded", options={"xatol": 1e-13}
        )
        best = max(best, -found.fun, values[i])
    return best


def unconditional(x1, n1, x2, n2):
    a, b = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)[None, :]
    k = a + b
    pooled = k / (n1 + n2)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (a / n1 - b / n2) / np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    z = np.nan_to_num(z)
    barnard = 1.0 if z[x1, x2] == 0 else supremum(np.abs(z) >= abs(z[x1, x2]) * (1 - 1e-13), n1, n2)
    sides = []
    for tail in (stats.hypergeom.cdf(a, n1 + n2, k, n1), stats.hypergeom.sf(a - 1, n1 + n2, k, n1)):
        sides.append(supremum(tail <= tail[x1, x2] * (1 + 1e-11), n1, n2))
    return {"barnard": min(barnard, 1.0), "boschloo": min(1.0, 2 * min(sides))}


def text(value):
    return None if value is None else [mp.nstr(v, 20) for v in value]


rates = []
for x, n in SINGLE:
    rates.append({"events": x, "trials": n} | {k: text(v) for k, v in single(x, n).items()})
pairs = []
for (x1, n1), (x2, n2) in PAIRS:
    (l1, u1), (l2, u2) = wilson(x1, n1), wilson(x2, n2)
    p1, p2 = mp.mpf(x1) / n1, mp.mpf(x2) / n2
    d = p1 - p2
    m1, m2 = mp.mpf(n1 + 2), mp.mpf(n2 + 2)
    a1, a2 = (x1 + 1) / m1, (x2 + 1) / m2
    half = Z * mp.sqrt(a1 * (1 - a1) / m1 + a2 * (1 - a2) / m2)
    row = {
        "first": [x1, n1],
        "second": [x2, n2],
        "newcombe": text((d - mp.hypot(p1 - l1, u2 - p2), d + mp.hypot(u1 - p1, p2 - l2))),
        "agresti_caffo": text((max(a1 - a2 - half, -1), min(a1 - a2 + half, 1))),
        "miettinen_nurminen": text(miettinen_nurminen(x1, n1, x2, n2)),
        "koopman": text(koopman(x1, n1, x2, n2)),
        "fisher": mp.nstr(mp.mpf(fisher(x1, n1, x2, n2).numerator) / fisher(x1, n1, x2, n2).denominator, 20),
        "odds_ratio": text(odds_ratio(x1, n1, x2, n2)),
    }
    if n1 + n2 <= 250:
        row |= unconditional(x1, n1, x2, n2)
        table = [[x1, x2], [n1 - x1, n2 - x2]]
        row["scipy_barnard"] = float(stats.barnard_exact(table, n=256).pvalue)
        row["scipy_boschloo"] = float(stats.boschloo_exact(table, n=256).pvalue)
    pairs.append(row)

print(json.dumps({"versions": {"mpmath": mp.__version__, "scipy": scipy.__version__, "numpy": np.__version__}, "rates": rates, "pairs": pairs}, indent=1))
