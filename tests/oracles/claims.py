"""What the claims need beyond rates.py: exact binomial tests, the posterior of a rate and of an order,
the beta-binomial chance of nothing, the share of activity, a ratio over counted members, and the order
statistics around a median: rational numbers where they are, else mpmath with 40 digits.

    python3 claims.py > claims.py.json
"""

import json
from fractions import Fraction
from math import comb

import mpmath as mp
import scipy
from scipy import stats

mp.mp.dps = 40


def text(v):
    return mp.nstr(mp.mpf(v.numerator) / v.denominator if isinstance(v, Fraction) else v, 20)


def binomial_p(x, n, p):
    p = Fraction(p)
    mass = [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    return sum(m for m in mass if m <= mass[x] * (1 + Fraction(1, 10**7)))


def beta_root(q, a, b):
    low, high = mp.mpf(0), mp.mpf(1)
    for _ in range(140):
        mid = (low + high) / 2
        low, high = (mid, high) if mp.betainc(a, b, 0, mid, regularized=True) < q else (low, mid)
    return (low + high) / 2


def less(x1, n1, x2, n2):
    """P(p1 < p2), by the expectation of a polynomial: P(p2 > t) is a binomial sum in t."""
    a1, b1, m = x1 + 1, n1 - x1 + 1, n2 + 1
    # P(Beta(x2 + 1, n2 - x2 + 1) > t) = P(Binomial(n2 + 1, t) <= x2)
    beta = lambda a, b: Fraction(1, a * comb(a + b - 1, a)) if a > 0 else None
    whole = beta(a1, b1)
    return sum(comb(m, k) * beta(a1 + k, b1 + m - k) / whole for k in range(x2 + 1))


def none_of(n, mean, sd):
    mean, sd = mp.mpf(mean), mp.mpf(sd)
    s = mean * (1 - mean) / sd**2 - 1
    a, b = mean * s, (1 - mean) * s
    return mp.exp(mp.loggamma(b + n) + mp.loggamma(a + b) - mp.loggamma(b) - mp.loggamma(a + b + n))


def place(n):
    below, k = Fraction(0), 0
    while below + Fraction(comb(n, k), 2**n) <= Fraction(1, 40):
        below += Fraction(comb(n, k), 2**n)
        k += 1
    return k


TESTS = [(0, 100, "0.05"), (5, 69, "0.1"), (11, 29, "0.5"), (7, 7, "0.3"), (40, 300, "0.1"), (3, 1000, "0.02")]
SINGLE = [(0, 100), (3, 10), (17, 17), (250, 1000)]
PAIRS = [((0, 100), (10, 100)), ((3, 7), (2, 9)), ((45, 50), (12, 40)), ((5, 1000), (30, 3000))]
NONE = [(100, "0.09", "0.05"), (100, "0.1", "0.01"), (20, "0.07", "0.2"), (1000, "0.02", "0.015")]
tail = mp.mpf("0.025")
out = {
    "made_by": "tests/oracles/claims.py",
    "versions": {"mpmath": mp.__version__, "scipy": scipy.__version__},
    "binomial": [
        {"events": x, "trials": n, "probability": p, "p": text(binomial_p(x, n, p)),
         "scipy": stats.binomtest(x, n, float(p)).pvalue}
        for x, n, p in TESTS
    ],
    "posterior": [
        {"events": x, "trials": n, "mean": text(Fraction(x + 1, n + 2)),
         "low": text(beta_root(tail, x + 1, n - x + 1)), "high": text(beta_root(1 - tail, x + 1, n - x + 1))}
        for x, n in SINGLE
    ],
    "less": [{"first": a, "second": b, "p": text(less(*a, *b))} for a, b in PAIRS],
    "none": [{"trials": n, "mean": m, "sd": s, "p": text(none_of(n, m, s))} for n, m, s in NONE],
    "active_share": [
        {"events": x, "trials": n, "elsewhere": e,
         "share": text(min(mp.mpf(1), beta_root(mp.mpf("0.95"), x + 1, n - x) / mp.mpf(e)))}
        for x, n, e in [(0, 100, "0.1"), (0, 100, "0.09"), (2, 150, "0.1"), (9, 20, "0.1")]
    ],
    "composition": [
        {"contacts": n,
         "low": text(beta_root(tail, k, n - k + 1) * 562 / 2), "high": text(beta_root(1 - tail, k + 1, n - k) * 562 / 2),
         "rounded_low": text(beta_root(tail, kl, n - kl + 1) * mp.mpf("561.5") / mp.mpf("2.5")),
         "rounded_high": text(beta_root(1 - tail, kh + 1, n - kh) * mp.mpf("562.5") / mp.mpf("1.5"))}
        for n, k, kl, kh in [(200, 5, 5, 5), (1000, 25, 25, 25), (10000, 250, 245, 255)]
    ],
    "median_place": [{"n": n, "k": place(n)} for n in (5, 6, 10, 25, 69, 200, 1001)],
}
print(json.dumps(out, indent=1))
