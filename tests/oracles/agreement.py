"""Agreement between raters: mpmath from the definitions, krippendorff, irrCAC.

Intraclass correlations from sums of squares written out, or, with gaps, from the restricted
likelihood with the covariance of all ratings written out whole. The variance of kappa is the delta
method's with numerical derivatives by the cells, not Fleiss, Cohen and Everitt's formula; that of
Gwet's coefficients is irrCAC's (which prints five digits) beside its formula in 30 digits.
irrCAC needs an older numpy than the other packages, so it is read from an interpreter of its own:

    IRRCAC=/path/to/python-with-irrCAC python3 agreement.py > agreement.py.json
"""

import csv
import functools
import json
import os
import random
import subprocess
from importlib import metadata
from pathlib import Path

import flint
import krippendorff as kr
import mpmath as mp
import numpy as np
from scipy import optimize

mp.mp.dps = 30
flint.ctx.prec = 140
Z = mp.sqrt(2) * mp.erfinv(mp.mpf("0.95"))
HERE = Path(__file__).parent
GAP = None


def reference(column):
    rows = list(csv.DictReader(open(HERE / "../../datasets/reference/data.csv")))
    ids = sorted({r["respondent_id"] for r in rows})
    raters = sorted({r["rater_id"] for r in rows})
    table = [[GAP] * len(raters) for _ in ids]
    for r in rows:
        if r[column] != "":
            table[ids.index(r["respondent_id"])][raters.index(r["rater_id"])] = float(r[column])
    return table


def sparse(seed, subjects, raters, severity):
    rng = random.Random(seed)
    table = []
    for _ in range(subjects):
        level = rng.gauss(5, 2)
        seen = rng.sample(range(raters), rng.choice([1, 2, 2, 3]))
        row = [GAP] * raters
        for j in seen:
            row[j] = round(2 * (level + severity * (j - 2) + rng.gauss(0, 0.8))) / 2
        table.append(row)
    return table


DATA = {
    "shrout_fleiss": [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    "reference_total": reference("score_total"),
    "reference_headline": reference("item_headline"),
    "reference_url": reference("item_url"),
    "reference_about": reference("item_about"),
    # Krippendorff's example of twelve units and four observers.
    "krippendorff": [
        [1, 1, GAP, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
        [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [GAP, 5, 5, 5], [GAP, GAP, 1, 1], [GAP, GAP, 3, GAP],
    ],
    "sparse": sparse(3, 24, 4, 0.5),
    "sparse_alike": sparse(8, 26, 5, 0.0),
    "offset": [[1e6 + v + 0.25 * j * (i % 3) for j in range(3)] for i, v in enumerate([1, 5, 2.5, 8, 3, 9, 4])],
}


def used(table):
    return [[(j, mp.mpf(v)) for j, v in enumerate(r) if v is not GAP] for r in table if sum(v is not GAP for v in r) > 1]


def f_upper(q, d1, d2):
    sf = lambda f: mp.betainc(d2 / 2, d1 / 2, 0, d2 / (d2 + d1 * f), regularized=True) - q
    low, high = mp.mpf("1e-6"), mp.mpf(10)
    while sf(high) > 0:
        high *= 4
    for _ in range(60):
        mid = mp.sqrt(low * high)
        low, high = (mid, high) if sf(mid) > 0 else (low, mid)
    return mp.findroot(sf, (low, high), solver="anderson", tol=1e-26)


def icc_complete(rows):
    n, k = mp.mpf(len(rows)), mp.mpf(len(rows[0]))
    y = [[v for _, v in r] for r in rows]
    grand = sum(map(sum, y)) / (n * k)
    subject = [sum(r) / k for r in y]
    rater = [sum(r[j] for r in y) / n for j in range(int(k))]
    R = k * sum((m - grand) ** 2 for m in subject) / (n - 1)
    C = n * sum((m - grand) ** 2 for m in rater) / (k - 1)
    E = sum((y[i][j] - subject[i] - rater[j] + grand) ** 2 for i in range(int(n)) for j in range(int(k))) / ((n - 1) * (k - 1))
    one = (R - E) / (R + (k - 1) * E + k * (C - E) / n)
    many = (R - E) / (R + (C - E) / n)
    a, b = k * one / (n * (1 - one)), 1 + k * one * (n - 1) / (n * (1 - one))
    v = (a * C + b * E) ** 2 / ((a * C) ** 2 / (k - 1) + (b * E) ** 2 / ((n - 1) * (k - 1)))
    fl, fu = f_upper(mp.mpf("0.025"), n - 1, v), f_upper(mp.mpf("0.025"), v, n - 1)
    low1 = n * (R - fl * E) / (fl * (k * C + (k * n - k - n) * E) + n * R)
    high1 = n * (fu * R - E) / (k * C + (k * n - k - n) * E + n * fu * R)
    # McGraw and Wong's own limits of ICC(A,k), not Spearman and Brown's of ICC(A,1).
    lowk = n * (R - fl * E) / (fl * (C - E) + n * R)
    highk = n * (fu * R - E) / (C - E + n * fu * R)
    F = R / E
    p = mp.betainc((n - 1) * (k - 1) / 2, (n - 1) / 2, 0, 1 / (1 + F / (k - 1)), regularized=True)
    return {"single": [one, low1, high1], "mean": [many, lowk, highk], "f": F, "p": p}


def icc_gaps(rows):
    cells = [(i, j, v) for i, r in enumerate(rows) for j, v in r]
    N = len(cells)
    y = [flint.arb(mp.nstr(v, 30)) for *_, v in cells]
    right = flint.arb_mat(N, 2, [v for pair in ((a, flint.arb(1)) for a in y) for v in pair])

    @functools.cache
    def deviance(icc, share):
        s, r, e = (flint.arb(mp.nstr(v, 40)) for v in (icc, (1 - icc) * share, (1 - icc) * (1 - share)))
        V = flint.arb_mat(N, N, [s * (i == k) + r * (j == l) + e * (a == b) for a, (i, j, _) in enumerate(cells) for b, (k, l, _) in enumerate(cells)])
        cross = right.transpose() * V.solve(right)
        left = cross[0, 0] - cross[0, 1] ** 2 / cross[1, 1]
        value = (N - 1) * left.log() + V.det().log() + cross[1, 1].log()
        return mp.mpf(value.mid().str(30, radius=False))

    def root(f, start):
        """Newton with differences in 30 digits, until the step is nothing."""
        x = [mp.mpf(v) for v in start]
        h = mp.mpf("1e-9")
        for _ in range(40):
            at = f(*x)
            J = mp.matrix(len(x), len(x))
            for c in range(len(x)):
                moved = [v + (h if d == c else 0) for d, v in enumerate(x)]
                for d, (p, q) in enumerate(zip(f(*moved), at)):
                    J[d, c] = (p - q) / h
            step = mp.lu_solve(J, mp.matrix(list(at)))
            scale = min(mp.mpf(1), mp.mpf("0.1") / max(abs(v) for v in step))
            x = [v - scale * d for v, d in zip(x, step)]
            if max(abs(d) for d in step) < mp.mpf("1e-13"):
                return x
        raise ValueError("no root")

    h = mp.mpf("1e-8")
    by_icc = lambda a, b: (deviance(a + h, b) - deviance(a - h, b)) / (2 * h)
    by_share = lambda a, b: (deviance(a, b + h) - deviance(a, b - h)) / (2 * h)
    # Starts from doubles; the digits from Newton's steps above.
    left = np.array([[float(i == k) for k, _, _ in cells] for i, _, _ in cells])
    right_ = np.array([[float(j == l) for _, l, _ in cells] for _, j, _ in cells])
    Y = np.array([[float(v), 1.0] for *_, v in cells])

    def rough(icc, share):
        V = icc * left + (1 - icc) * (share * right_ + (1 - share) * np.eye(N))
        cross = Y.T @ np.linalg.solve(V, Y)
        return (N - 1) * np.log(cross[0, 0] - cross[0, 1] ** 2 / cross[1, 1]) + np.linalg.slogdet(V)[1] + np.log(cross[1, 1])

    best = lambda icc: optimize.minimize_scalar(lambda b: rough(icc, b), bounds=(0, 0.98), method="bounded", options={"xatol": 1e-9})
    profile = lambda icc: min(best(icc).fun, rough(icc, 0))
    icc = optimize.minimize_scalar(profile, bounds=(0.001, 0.999), method="bounded", options={"xatol": 1e-9}).x

    def polished(icc, condition):
        """The exact place near a rough one; without rater variance where none is best."""
        share = best(icc).x
        if share < 1e-6:
            zero = mp.mpf(0)
            return root(lambda a: [condition(a, zero)], [icc])[0], zero
        return root(lambda a, b: [condition(a, b), by_share(a, b)], [icc, share])

    least_rough, bound = profile(icc), Z**2
    icc, share = polished(icc, by_icc)
    least = deviance(icc, share)
    out = lambda a: profile(a) - least_rough - float(bound)
    ends = [optimize.brentq(out, 0.001, float(icc)) if out(0.001) > 0 else 0, optimize.brentq(out, float(icc), 0.999)]
    ends = [polished(end, lambda a, b: deviance(a, b) - least - bound)[0] if end else mp.mpf(0) for end in ends]
    k = len(rows) / sum(mp.mpf(1) / len(r) for r in rows)
    brown = lambda v: k * v / (1 + (k - 1) * v)
    single = [icc, *sorted(ends)]
    return {"single": single, "mean": [brown(v) for v in single], "share_of_raters": share}


def delta(f, cells, n):
    """The delta method's standard error of f of multinomial shares."""
    h = mp.mpf("1e-10")
    base = dict(cells)
    slopes = {}
    for key in base:
        up, down = dict(base), dict(base)
        up[key] += h
        down[key] -= h
        slopes[key] = (f(up) - f(down)) / (2 * h)
    mean = sum(base[c] * slopes[c] for c in base)
    return mp.sqrt(sum(base[c] * (slopes[c] - mean) ** 2 for c in base) / n)


def kappas(table):
    pairs = [(mp.mpf(r[0]), mp.mpf(r[1])) for r in table if r[0] is not GAP and r[1] is not GAP]
    n = len(pairs)
    levels = sorted({v for p in pairs for v in p})
    span = levels[-1] - levels[0]
    cells = {(a, b): mp.mpf(sum(p == (a, b) for p in pairs)) / n for a in levels for b in levels}
    out = {}
    weights = {
        "kappa": lambda a, b: mp.mpf(a == b),
        "linear": lambda a, b: 1 - abs(a - b) / span,
        "quadratic": lambda a, b: 1 - ((a - b) / span) ** 2,
    }
    for name, w in weights.items():
        def value(c):
            total = sum(c.values())
            rows = {a: sum(c[a, b] for b in levels) / total for a in levels}
            cols = {b: sum(c[a, b] for a in levels) / total for b in levels}
            po = sum(c[a, b] * w(a, b) for a in levels for b in levels) / total
            pe = sum(rows[a] * cols[b] * w(a, b) for a in levels for b in levels)
            return (po - pe) / (1 - pe)

        at, se = value(cells), delta(value, cells, n)
        out[name] = [at, se, max(at - Z * se, -1), min(at + Z * se, 1)]
    d = [a - b for a, b in pairs]
    mean = sum(d) / n
    sd = mp.sqrt(sum((v - mean) ** 2 for v in d) / (n - 1))
    ncp, df = Z * mp.sqrt(n), mp.mpf(n - 1)

    def cdf(t):
        # ∫ Φ(t·u − δ) of u = χ/√df.
        log = lambda u: mp.log(2) + df / 2 * mp.log(df / 2) - mp.loggamma(df / 2) + (df - 1) * mp.log(u) - df * u * u / 2
        f = lambda u: mp.ncdf(t * u - ncp) * mp.exp(log(u))
        return mp.quad(f, mp.linspace(mp.mpf("1e-9"), 3, 13))

    with mp.workdps(20):
        quantile = lambda p, start: mp.findroot(lambda t: cdf(t) - p, start, tol=1e-17)
        near, far = quantile(mp.mpf("0.025"), ncp * 0.8), quantile(mp.mpf("0.975"), ncp * 1.3)
    up = [mean + Z * sd, mean + sd * near / mp.sqrt(n), mean + sd * far / mp.sqrt(n)]
    down = [mean - Z * sd, mean - sd * far / mp.sqrt(n), mean - sd * near / mp.sqrt(n)]
    out["limits"] = {"bias": mean, "se": sd / mp.sqrt(n), "lower": down, "upper": up}
    return out


def gwet(table, name):
    rows = used(table)
    n = mp.mpf(len(rows))
    levels = sorted({mp.mpf(v) for r in table for v in r if v is not GAP})
    q, span = len(levels), levels[-1] - levels[0]
    w = {"ac1": lambda a, b: mp.mpf(a == b), "linear": lambda a, b: 1 - abs(a - b) / span, "quadratic": lambda a, b: 1 - ((a - b) / span) ** 2}[name]
    count = [[mp.mpf(sum(v == l for _, v in r)) for l in levels] for r in rows]
    size = [sum(c) for c in count]
    star = [[sum(w(k, l) * c[m] for m, l in enumerate(levels)) for k in levels] for c in count]
    pa_i = [sum(c[k] * (s[k] - 1) for k in range(q)) / (m * (m - 1)) for c, s, m in zip(count, star, size)]
    pi = [sum(c[k] / m for c, m in zip(count, size)) / n for k in range(q)]
    tw = sum(w(a, b) for a in levels for b in levels)
    factor = tw / (q * (q - 1))
    pe = factor * sum(p * (1 - p) for p in pi)
    pa = sum(pa_i) / n
    ac = (pa - pe) / (1 - pe)
    pe_i = [factor * sum(c[k] / m * (1 - pi[k]) for k in range(q)) for c, m in zip(count, size)]
    star_i = [(a - pe) / (1 - pe) - 2 * (1 - ac) * (e - pe) / (1 - pe) for a, e in zip(pa_i, pe_i)]
    se = mp.sqrt(sum((v - ac) ** 2 for v in star_i) / (n * (n - 1)))
    return [ac, se]


def alphas(table):
    rows = used(table)
    units = [[v for _, v in r] for r in rows]
    every = [v for u in units for v in u]
    N = mp.mpf(len(every))
    levels = sorted(set(every))
    n = {v: sum(x == v for x in every) for v in levels}

    def ordinal(a, b):
        a, b = min(a, b), max(a, b)
        return (sum(n[g] for g in levels if a <= g <= b) - mp.mpf(n[a] + n[b]) / 2) ** 2

    far = {"nominal": lambda a, b: mp.mpf(a != b), "interval": lambda a, b: (a - b) ** 2, "ordinal": ordinal}
    out = {}
    array = np.array([[np.nan if v is GAP else float(v) for v in r] for r in table]).T
    for name, d in far.items():
        within = sum(sum(d(a, b) for i, a in enumerate(u) for j, b in enumerate(u) if i != j) / (len(u) - 1) for u in units) / N
        between = sum(n[a] * n[b] * d(a, b) for a in levels for b in levels) / (N * (N - 1))
        out[name] = [1 - within / between, kr.alpha(reliability_data=array, level_of_measurement=name)]
    return out


def severity(table):
    rows = used(table)
    raters = sorted({j for r in rows for j, _ in r})
    out = []
    for j in raters:
        d = [dict(r)[j] - sum(v for i, v in r if i != j) / (len(r) - 1) for r in rows if j in dict(r)]
        mean = sum(d) / len(d)
        se = mp.sqrt(sum((v - mean) ** 2 for v in d) / (len(d) - 1) / len(d)) if len(d) > 1 else None
        out.append([j, len(d), mean, se])
    return out


IRRCAC = """
import json, sys
import numpy as np, pandas as pd
from irrCAC.raw import CAC
out = {}
for name, table in json.load(sys.stdin).items():
    table = pd.DataFrame([[np.nan if v is None else v for v in r] for r in table if sum(v is not None for v in r) > 1])
    for label, weights in (("ac1", "identity"), ("linear", "linear"), ("quadratic", "quadratic")):
        e = CAC(table, weights=weights, digits=10).gwet()["est"]
        out[name + " " + label] = [e["coefficient_value"], e["se"], list(e["confidence_interval"])]
print(json.dumps(out))
"""


def text(value):
    if isinstance(value, dict):
        return {k: text(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [text(v) for v in value]
    return mp.nstr(value, 17) if isinstance(value, mp.mpf) else value


result = {}
for name, table in DATA.items():
    rows = used(table)
    full = len({tuple(j for j, _ in r) for r in rows}) == 1
    result[name] = {"table": table, "complete": full, "n": len(rows)}
    # 120 ratings are slow to invert in 30 digits; lme4 says what they give.
    if not name.startswith("reference_"):
        result[name]["icc"] = icc_complete(rows) if full else icc_gaps(rows)
    result[name]["krippendorff"] = alphas(table)
    result[name]["severity"] = severity(table)
    if name.startswith("reference"):
        result[name]["pair"] = kappas(table)
    if name not in ("shrout_fleiss", "offset"):
        result[name]["gwet"] = {w: gwet(table, w) for w in ("ac1", "linear", "quadratic")}
small = {n: t for n, t in DATA.items() if n in ("krippendorff", "reference_headline", "reference_url")}
other = subprocess.run([os.environ["IRRCAC"], "-c", IRRCAC], input=json.dumps(small), capture_output=True, text=True, check=True)
versions = {"mpmath": mp.__version__, "krippendorff": metadata.version("krippendorff"), "numpy": np.__version__, "irrCAC": "0.4.4"}
print(json.dumps({"versions": versions, "data": text(result), "irrCAC": json.loads(other.stdout)}, indent=1))
