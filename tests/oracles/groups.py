"""Reference comparisons of groups: mpmath at 50 digits from the definitions, and scipy.

Sums are of the doubles as exact fractions; the noncentral F is its Poisson mixture, the noncentral
t an integral over the chi distribution; the rank-sum distribution is counted by its recursion over
the largest rank; Hodges-Lehmann intervals come from the sorted list of all differences.
Prints groups.py.json:

    python tests/oracles/groups.py tests/data > tests/oracles/groups.py.json
"""

import csv
import functools
import json
import pathlib
import sys
from fractions import Fraction

import mpmath as mp
import numpy
import pingouin
import scipy
from scipy import stats

mp.mp.dps = 50
SETS = ["continuous", "ties", "outliers", "near_line", "tiny", "mid"]


def real(q):
    return mp.mpf(q.numerator) / q.denominator


def digits(value):
    return mp.nstr(value, 25)


def column(folder, name):
    with open(folder / f"{name}.csv", newline="") as file:
        return [float(row["y"]) for row in csv.DictReader(file)]


def split(y, rule):
    groups = {}
    for i, value in enumerate(y):
        groups.setdefault(rule(i), []).append(value)
    return [groups[k] for k in sorted(groups)]


def mean(values):
    return sum(map(Fraction, values)) / len(values)


def squares(values):
    m = mean(values)
    return sum((Fraction(v) - m) ** 2 for v in values)


def f_sf(f, d1, d2):
    return mp.betainc(d2 / mp.mpf(2), d1 / mp.mpf(2), 0, d2 / (d2 + d1 * f), regularized=True)


def t_two_sided(t, df):
    return mp.betainc(df / mp.mpf(2), mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True)


def t_quantile(tail, df):
    start = mp.mpf(float(stats.t.isf(float(tail), float(df))))
    return mp.findroot(lambda t: t_two_sided(t, df) / 2 - tail, start)


def noncentral_f(f, d1, d2, ncp):
    x = d1 * f / (d1 * f + d2)
    total, j, weight = mp.mpf(0), 0, mp.exp(-ncp / 2)
    while True:
        term = weight * mp.betainc(d1 / mp.mpf(2) + j, d2 / mp.mpf(2), 0, x, regularized=True)
        total += term
        j += 1
        weight *= ncp / 2 / j
        if j > ncp / 2 and weight < mp.mpf(10) ** -35:
            return total


def noncentral_t(t, df, ncp):
    constant = mp.log(2) + df / 2 * mp.log(df / 2) - mp.loggamma(df / 2)
    density = lambda s: mp.exp(constant + (df - 1) * mp.log(s) - df * s * s / 2)
    width = 1 / mp.sqrt(2 * df)
    low, high = max(mp.mpf(10) ** -30, 1 - 14 * width), 1 + 14 * width
    return mp.quad(lambda s: mp.ncdf(t * s - ncp) * density(s), [low + (high - low) * i / 12 for i in range(13)])


def secant(function, start):
    with mp.workdps(30):
        return mp.findroot(function, (start, start + mp.mpf(1) / 10), tol=mp.mpf(10) ** -44)


def shares(f, d1, d2, n):
    tail = mp.mpf("0.025")
    out = []
    for wanted in (1 - tail, tail):
        if noncentral_f(f, d1, d2, mp.mpf(0)) <= wanted:
            out.append(mp.mpf(0))
            continue
        ncp = secant(lambda l: noncentral_f(f, d1, d2, abs(l)) - wanted, f * d1 + mp.mpf(1))
        out.append(abs(ncp) / (abs(ncp) + n))
    return [digits(v) for v in out]


def difference(a, b, pooled):
    m, n = len(a), len(b)
    d = real(mean(a) - mean(b))
    s_a, s_b = real(squares(a) / (m - 1)), real(squares(b) / (n - 1))
    if pooled:
        df = mp.mpf(m + n - 2)
        variance = real((squares(a) + squares(b)) / (m + n - 2))
        sd, se = mp.sqrt(variance), mp.sqrt(variance * (mp.mpf(1) / m + mp.mpf(1) / n))
    else:
        se = mp.sqrt(s_a / m + s_b / n)
        df = se**4 / ((s_a / m) ** 2 / (m - 1) + (s_b / n) ** 2 / (n - 1))
        sd = mp.sqrt((s_a + s_b) / 2)
    t = d / se
    reach = t_quantile(mp.mpf("0.025"), df) * se
    tail = mp.mpf("0.025")
    ncp = [secant(lambda l: noncentral_t(t, df, l) - wanted, t - sign * 2) for wanted, sign in ((1 - tail, 1), (tail, -1))]
    factor = mp.gamma(df / 2) / (mp.sqrt(df / 2) * mp.gamma((df - 1) / 2))
    return {
        "difference": digits(d), "std_error": digits(se), "t": digits(t), "df": digits(df), "p": digits(t_two_sided(t, df)),
        "low": digits(d - reach), "high": digits(d + reach), "d": digits(d / sd), "g": digits(d / sd * factor),
        "d_low": digits(ncp[0] * se / sd), "d_high": digits(ncp[1] * se / sd),
    }


def midranks(values):
    return [Fraction(sum(w < v for w in values)) + Fraction(sum(w == v for w in values) + 1, 2) for v in values]


@functools.lru_cache(None)
def ways(u, m, n):
    """How often m of m + n ranks give U = u: the largest rank is in one group or the other."""
    if u < 0:
        return 0
    if m == 0 or n == 0:
        return int(u == 0)
    return ways(u - n, m - 1, n) + ways(u, m, n - 1)


def rank_sum(a, b):
    m, n = len(a), len(b)
    u = sum(Fraction(int(x > y)) + Fraction(int(x == y), 2) for x in a for y in b)
    tie = lambda values: sum(values.count(v) ** 3 - values.count(v) for v in set(values))
    exact = tie(a + b) == 0 and max(m, n) < 50
    sigma = lambda ties: mp.sqrt(mp.mpf(m * n) / 12 * (m + n + 1 - mp.mpf(ties) / ((m + n) * (m + n - 1))))
    z = mp.sqrt(2) * mp.erfinv(mp.mpf("0.95"))
    if exact:
        counts = [ways(k, m, n) for k in range(m * n + 1)]
        smaller = min(int(u), m * n - int(u))
        p = min(mp.mpf(1), 2 * mp.mpf(sum(counts[: smaller + 1])) / sum(counts))
        place = next(k for k in range(m * n + 1) if mp.mpf(sum(counts[: k + 1])) / sum(counts) >= mp.mpf("0.025"))
    else:
        distance = max(abs(real(u) - mp.mpf(m * n) / 2) - mp.mpf(1) / 2, 0)
        p = mp.erfc(distance / sigma(tie(a + b)) / mp.sqrt(2))
        # The border of the test of shifted groups, with ties left inside the groups only.
        place = int(mp.ceil(mp.mpf(m * n) / 2 - mp.mpf(1) / 2 - z * sigma(tie(a) + tie(b))))
    all_differences = sorted(x - y for x in a for y in b)
    middle = [all_differences[(m * n - 1) // 2], all_differences[m * n // 2]]
    above = [sum(Fraction(int(x > y)) + Fraction(int(x == y), 2) for y in b) / n for x in a]
    below = [sum(Fraction(int(y > x)) + Fraction(int(x == y), 2) for x in a) / m for y in b]
    v_a, v_b = real(squares(above) / (m - 1)) / m, real(squares(below) / (n - 1)) / n
    se = mp.sqrt(v_a + v_b)
    df = (v_a + v_b) ** 2 / (v_a**2 / (m - 1) + v_b**2 / (n - 1))
    share = real(u / (m * n))
    reach = t_quantile(mp.mpf("0.025"), df) * se
    return {
        "u": float(u), "exact": exact, "p": digits(p), "shift": digits((mp.mpf(middle[0]) + middle[1]) / 2),
        "low": digits(mp.mpf(all_differences[place - 1])), "high": digits(mp.mpf(all_differences[m * n - place])),
        "superiority": digits(share), "std_error": digits(se), "share_low": digits(max(share - reach, 0)), "share_high": digits(min(share + reach, 1)),
    }


def entry(y):
    three = split(y, lambda i: 0 if i % 7 < 2 else 1 if i % 7 < 4 else 2)
    a, b = split(y, lambda i: 0 if i % 5 < 2 else 1)
    n, k = len(y), 3
    within = sum(squares(g) for g in three)
    total = squares(y)
    between = total - within
    f = real(between / (k - 1) / (within / (n - k)))
    variances = [squares(g) / (len(g) - 1) for g in three]
    weights = [Fraction(len(g)) / v for g, v in zip(three, variances)]
    centre = sum(w * mean(g) for w, g in zip(weights, three)) / sum(weights)
    spread = sum((1 - w / sum(weights)) ** 2 / (len(g) - 1) for w, g in zip(weights, three))
    welch_f = sum(w * (mean(g) - centre) ** 2 for w, g in zip(weights, three)) / (k - 1) / (1 + Fraction(2 * (k - 2), k * k - 1) * spread)
    df2 = Fraction(k * k - 1) / (3 * spread)
    ranks = midranks(y)
    parts, at = split(ranks, lambda i: 0 if i % 7 < 2 else 1 if i % 7 < 4 else 2), mean(ranks)
    h = (n - 1) * sum(len(r) * (mean(r) - at) ** 2 for r in parts) / squares(ranks)
    excess = (k - 1) * (welch_f - 1)
    brunner = stats.brunnermunzel(a, b)
    return {
        "anova": {
            "f": digits(f), "p": digits(f_sf(f, 2, n - k)), "ss_between": digits(real(between)), "ss_within": digits(real(within)),
            "eta": digits(real(between / total)), "omega": digits(real(max(Fraction(0), (between - 2 * within / (n - k)) / (total + within / (n - k))))),
            "sigma": digits(mp.sqrt(real(within / (n - k)))), "interval": shares(f, 2, n - k, n),
        },
        "welch": {
            "f": digits(real(welch_f)), "df2": digits(real(df2)), "p": digits(f_sf(real(welch_f), 2, real(df2))),
            "omega": digits(real(max(Fraction(0), excess / (excess + n)))), "interval": shares(real(welch_f), 2, real(df2), n),
        },
        "kruskal_wallis": {"h": digits(real(h)), "p": digits(mp.exp(-real(h) / 2)), "epsilon": digits(real(h / (n - 1)))},
        "t": difference(a, b, True),
        "welch_t": difference(a, b, False),
        "mann_whitney": rank_sum(a, b),
        "scipy": {
            "f": float(stats.f_oneway(*three).statistic), "h": float(stats.kruskal(*three).statistic), "h_p": float(stats.kruskal(*three).pvalue),
            "t_p": float(stats.ttest_ind(a, b).pvalue), "welch_t_p": float(stats.ttest_ind(a, b, equal_var=False).pvalue),
            "u": float(stats.mannwhitneyu(a, b).statistic),
            "brunner_munzel": abs(float(brunner.statistic)),
        },
        "pingouin": {"d": float(pingouin.compute_effsize(a, b, eftype="cohen")), "cles": float(pingouin.compute_effsize(a, b, eftype="CLES"))},
    }


def main():
    sys.setrecursionlimit(100_000)
    folder = pathlib.Path(sys.argv[1])
    versions = {"python": sys.version.split()[0], "mpmath": mp.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__, "pingouin": pingouin.__version__}
    out = {"made_by": "tests/oracles/groups.py", "versions": versions}
    for name in SETS:
        out[name] = entry(column(folder, name))
        print(name, file=sys.stderr, flush=True)
    json.dump(out, sys.stdout, indent=1)
    print()


main()
