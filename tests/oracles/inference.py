"""Reference inference on correlations beyond the plain interval and test, from the definitions in
mpmath at 60 digits: partial and semi-partial, compared, equivalent, disattenuated correlations,
Bayes factors and posteriors, and the sign-change test of clusters.

pingouin is run beside; the largest relative differences from it are printed too, so that a slip in
this file would show. Reads correlation.py.json for the plain correlations. Prints
inference.py.json:

    python tests/oracles/inference.py > tests/oracles/inference.py.json
"""

import csv
import itertools
import json
import pathlib
import sys

import mpmath as mp
import numpy as np
import pandas as pd
import pingouin
import scipy
from scipy import stats

mp.mp.dps = 60
HERE = pathlib.Path(__file__).parent
DATA = HERE.parent / "data"
Q = mp.sqrt(2) * mp.erfinv(1 - 2 * (1 - mp.mpf(0.95)) / 2)
differences = {}


def differ(what, ours, theirs):
    relative = abs(float(ours) - float(theirs)) / max(abs(float(theirs)), 1e-300)
    differences[what] = max(differences.get(what, 0.0), relative)


def read(name, columns):
    with open(DATA / f"{name}.csv") as file:
        rows = list(csv.DictReader(file))
    return [[float(r[c]) for r in rows] for c in columns]


def pearson(x, y):
    x, y = [mp.mpf(v) for v in x], [mp.mpf(v) for v in y]
    mx, my = mp.fsum(x) / len(x), mp.fsum(y) / len(y)
    sxy = mp.fsum((a - mx) * (b - my) for a, b in zip(x, y))
    return sxy / mp.sqrt(mp.fsum((a - mx) ** 2 for a in x) * mp.fsum((b - my) ** 2 for b in y))


def spearman(x, y):
    return pearson(stats.rankdata(x), stats.rankdata(y))


def kendall(x, y):
    x, y = np.array(x), np.array(y)
    sx = np.sign(x[:, None] - x[None, :]).astype(int)
    sy = np.sign(y[:, None] - y[None, :]).astype(int)
    s, xs, ys = (mp.mpf(int(v.sum())) for v in (sx * sy, sx != 0, sy != 0))
    return s / mp.sqrt(xs * ys)


METHODS = {"pearson": pearson, "spearman": spearman, "kendall": kendall}


def t_two_sided(t, df):
    df = mp.mpf(df)
    return mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True)


def normal_two_sided(z):
    return mp.erfc(abs(z) / mp.sqrt(2))


def plain(values):
    return {k: float(v) for k, v in values.items()}


# Partial and semi-partial correlations, by inverting the correlation matrix.
PARTIAL = {
    "regression_collinear": ("x1", "y", ["x2", "x3"]),
    "regression_factor": ("x", "y", ["z", "level"]),
    "regression_outliers": ("x", "y", ["w"]),
    "regression_ties": ("score", "ssi", ["many"]),
}


def partial(name, method):
    x, y, controls = PARTIAL[name]
    columns = read(name, [x, y, *controls])
    n, k = len(columns[0]), len(controls)
    size = k + 2
    r = mp.matrix(size)
    for i, j in itertools.product(range(size), repeat=2):
        r[i, j] = METHODS[method](columns[i], columns[j])
    # The nearly collinear columns have the same order: their ranks are collinear.
    if abs(mp.det(r)) < mp.mpf(10) ** -50:
        return None
    inverse = r**-1
    both = -inverse[0, 1] / mp.sqrt(inverse[0, 0] * inverse[1, 1])
    # What the controls leave of y: 1 / (R^-1)_yy in the matrix without x.
    rest = mp.matrix(size - 1)
    for i, j in itertools.product(range(size - 1), repeat=2):
        rest[i, j] = r[i + 1, j + 1]
    first = both * mp.sqrt(1 / (rest**-1)[0, 0])
    m, df = n - k, n - k - 2
    if method == "kendall":
        statistic = both * mp.sqrt(mp.mpf(9 * m * (m - 1)) / (2 * (2 * m + 5)))
    else:
        statistic = both * mp.sqrt(df / (1 - both**2))
    p = t_two_sided(statistic, df)
    out = {"df": df}
    for kind, value in (("both", both), ("first", first)):
        se = {"pearson": 1 / mp.sqrt(m - 3), "spearman": mp.sqrt((1 + value**2 / 2) / (m - 3)), "kendall": mp.sqrt(mp.mpf(0.437) / (m - 4))}[method]
        z = mp.atanh(value)
        error = mp.sqrt((1 - value**2) / df) if method == "pearson" else (1 - value**2) * se
        out[kind] = plain(dict(estimate=value, statistic=statistic, p_value=p, conf_low=mp.tanh(z - Q * se), conf_high=mp.tanh(z + Q * se), std_error=error))
    if method != "kendall" and name != "regression_collinear":
        frame = pd.DataFrame(dict(zip([x, y, *controls], columns)))
        theirs = pingouin.partial_corr(frame, x, y, covar=controls, method=method)
        differ(f"partial {method} r, pingouin", both, theirs["r"].iloc[0])
        differ(f"partial {method} p, pingouin", p, theirs[[c for c in theirs if c.startswith("p")][0]].iloc[0])
        theirs = pingouin.partial_corr(frame, x, y, x_covar=controls, method=method)
        differ(f"semi-partial {method} r, pingouin", first, theirs["r"].iloc[0])
        differ(f"semi-partial {method} p, pingouin (its t takes what the controls explain of y for noise)", p, theirs[[c for c in theirs if c.startswith("p")][0]].iloc[0])
    return out


# Comparisons: the papers' formulas.
def zou(r1, n1, r2, n2, c):
    z1, z2 = mp.atanh(r1), mp.atanh(r2)
    l1, u1 = (mp.tanh(z1 + s * Q / mp.sqrt(n1 - 3)) for s in (-1, 1))
    l2, u2 = (mp.tanh(z2 + s * Q / mp.sqrt(n2 - 3)) for s in (-1, 1))
    low = r1 - r2 - mp.sqrt((r1 - l1) ** 2 + (u2 - r2) ** 2 - 2 * c * (r1 - l1) * (u2 - r2))
    high = r1 - r2 + mp.sqrt((u1 - r1) ** 2 + (r2 - l2) ** 2 - 2 * c * (u1 - r1) * (r2 - l2))
    return {"conf_low": float(low), "conf_high": float(high)}


def psi(r, j, k, h, m):
    """Pearson and Filon's asymptotic covariance of r_jk and r_hm, times n (Steiger, equation 1)."""
    return ((r[j, h] - r[j, k] * r[k, h]) * (r[k, m] - r[k, h] * r[h, m]) + (r[j, m] - r[j, h] * r[h, m]) * (r[k, h] - r[k, j] * r[j, h]) + (r[j, h] - r[j, m] * r[m, h]) * (r[k, m] - r[k, j] * r[j, m]) + (r[j, m] - r[j, k] * r[k, m]) * (r[k, h] - r[k, m] * r[m, h])) / 2


def matrix(size, entries):
    r = mp.eye(size)
    for (i, j), value in entries.items():
        r[i, j] = r[j, i] = mp.mpf(value)
    return r


def independent(r1, n1, r2, n2):
    a, b = mp.mpf(r1), mp.mpf(r2)
    z = (mp.atanh(a) - mp.atanh(b)) / mp.sqrt(mp.mpf(1) / (n1 - 3) + mp.mpf(1) / (n2 - 3))
    return dict(inputs=[r1, n1, r2, n2], fisher_z=plain(dict(statistic=z, p_value=normal_two_sided(z))), zou=zou(a, n1, b, n2, 0))


def steiger(a, b, c, n):
    z = (mp.atanh(a) - mp.atanh(b)) * mp.sqrt((n - 3) / (2 - 2 * c))
    return plain(dict(statistic=z, p_value=normal_two_sided(z)))


def overlapping(r1, r2, r12, n):
    # Variables 0 and 1 are compared, 2 is shared: the general covariance with one variable twice.
    full = matrix(3, {(0, 2): r1, (1, 2): r2, (0, 1): r12})
    a, b = full[0, 2], full[1, 2]
    mean = (a + b) / 2
    pooled = matrix(3, {(0, 2): mean, (1, 2): mean, (0, 1): r12})
    c = psi(full, 0, 2, 1, 2) / ((1 - a**2) * (1 - b**2))
    c_pooled = psi(pooled, 0, 2, 1, 2) / (1 - mean**2) ** 2
    determinant = mp.det(full)
    t = (a - b) * mp.sqrt((n - 1) * (1 + full[0, 1]) / (2 * mp.mpf(n - 1) / (n - 3) * determinant + mean**2 * (1 - full[0, 1]) ** 3))
    return dict(inputs=[r1, r2, r12, n], williams=plain(dict(statistic=t, p_value=t_two_sided(t, n - 3))), steiger=steiger(a, b, c_pooled, n), zou=zou(a, n, b, n, c))


def non_overlapping(r12, r34, r13, r14, r23, r24, n):
    entries = {(0, 2): r13, (0, 3): r14, (1, 2): r23, (1, 3): r24}
    full = matrix(4, {**entries, (0, 1): r12, (2, 3): r34})
    a, b = full[0, 1], full[2, 3]
    mean = (a + b) / 2
    pooled = matrix(4, {**entries, (0, 1): mean, (2, 3): mean})
    c = psi(full, 0, 1, 2, 3) / ((1 - a**2) * (1 - b**2))
    return dict(inputs=[r12, r34, r13, r14, r23, r24, n], steiger=steiger(a, b, psi(pooled, 0, 1, 2, 3) / (1 - mean**2) ** 2, n), zou=zou(a, n, b, n, c))


# Equivalence and disattenuation, from the plain correlations of correlation.py.
def tost(method, found, n, bound):
    r = mp.mpf(found["estimate"])
    se = {"pearson": 1 / mp.sqrt(n - 3), "spearman": mp.sqrt((1 + r**2 / 2) / (n - 3)), "kendall": mp.mpf(found["std_error"]) / (1 - r**2)}[method]
    z, b = mp.atanh(r), mp.atanh(mp.mpf(bound))
    above, below = (z + b) / se, (z - b) / se
    p_above, p_below = mp.erfc(above / mp.sqrt(2)) / 2, mp.erfc(-below / mp.sqrt(2)) / 2
    p, statistic = max((p_above, above), (p_below, below))
    q = mp.sqrt(2) * mp.erfinv(1 - 4 * (1 - mp.mpf(0.95)) / 2)
    return plain(dict(statistic=statistic, p_value=p, conf_low=mp.tanh(z - q * se), conf_high=mp.tanh(z + q * se)))


# Bayes factors: the closed form of Ly and others; posteriors: Jeffreys' likelihood by quadrature.
def ln_bayes_factor(r, n, kappa):
    r, k = mp.mpf(r), mp.mpf(kappa)
    hyper = mp.log(mp.hyp2f1(mp.mpf(n - 1) / 2, mp.mpf(n - 1) / 2, (n + 2 / k) / 2, r**2, maxterms=10**7))
    ln_beta = 2 * mp.loggamma(1 / k) - mp.loggamma(2 / k)
    return (1 - 2 / k) * mp.log(2) + mp.log(mp.pi) / 2 - ln_beta + mp.loggamma((n + 2 / k - 1) / 2) - mp.loggamma((n + 2 / k) / 2) + hyper


def posterior(r, n, kappa):
    r, k = mp.mpf(r), mp.mpf(kappa)
    mp.mp.dps = 22
    ratio = 2 * (mp.gamma(mp.mpf(n) / 2) / mp.gamma(mp.mpf(n - 1) / 2)) ** 2
    half = mp.mpf(n - 1) / 2

    def density(rho):
        x = (r * rho) ** 2
        even = mp.hyp2f1(half, half, mp.mpf(1) / 2, x)
        odd = mp.hyp2f1(mp.mpf(n) / 2, mp.mpf(n) / 2, mp.mpf(3) / 2, x)
        return (1 - rho**2) ** (half + 1 / k - 1) * (even + ratio * r * rho * odd)

    # Newton's steps from the normal approximation; between the ends the density is smooth.
    area = lambda *ends: mp.quad(density, ends, method="gauss-legendre", maxdegree=5)
    ends = [mp.tanh(mp.atanh(r) + sign * Q / mp.sqrt(n)) for sign in (-1, 1)]
    below, between, above = area(-1, ends[0]), area(ends[0], r, ends[1]), area(ends[1], 1)
    mass = below + between + above
    below = [below, below + between]
    for side, p in enumerate((mp.mpf("0.025"), mp.mpf("0.975"))):
        for _ in range(6):
            step = (p * mass - below[side]) / density(ends[side])
            new = ends[side] + step
            below[side] += area(ends[side], new)
            ends[side] = new
            if abs(step) < mp.mpf(10) ** -15:
                break
    ends = [float(v) for v in ends]
    mp.mp.dps = 30
    return {"inputs": [float(r), n, float(kappa)], "conf_low": ends[0], "conf_high": ends[1]}


# The sign-change test of clusters, all sign changes.
def cluster_p(method, x, y, clusters):
    n = len(x)
    if method == "kendall":
        x, y = np.array(x), np.array(y)
        # A pair belongs to both its respondents: the influence is twice the net less its mean.
        net = (np.sign(x[:, None] - x) * np.sign(y[:, None] - y)).sum(1)
        scores = 2 * net - net.mean()
    else:
        if method == "spearman":
            x, y = stats.rankdata(x), stats.rankdata(y)
        mx, my = (mp.fsum(map(mp.mpf, v)) / n for v in (x, y))
        scores = [(mp.mpf(a) - mx) * (mp.mpf(b) - my) for a, b in zip(x, y)]
    sums = np.array([float(sum(s for s, c in zip(scores, clusters) if c == g)) for g in sorted(set(clusters))])
    norm = np.sqrt((sums**2).sum())
    signs = np.array(list(itertools.product([1.0, -1.0], repeat=len(sums))))
    observed = sums.sum()
    return {"statistic": observed / norm, "p_value": float(np.mean(abs(signs @ sums) >= abs(observed) * (1 - 1e-12)))}


out = {"made_by": "tests/oracles/inference.py", "versions": {"python": sys.version.split()[0], "mpmath": mp.__version__, "numpy": np.__version__, "scipy": scipy.__version__, "pingouin": pingouin.__version__}}
out["partial"] = {name: {method: partial(name, method) for method in METHODS} for name in PARTIAL}
out["independent"] = [independent(*v) for v in [(0.7, 305, 0.6, 210), (0.5, 103, 0.3, 103), (0.1, 20, -0.85, 9), (0.999, 50, 0.998, 4), (0.3, 30, 0.3, 40)]]
# The second is Steiger's own example.
out["overlapping"] = [overlapping(*v) for v in [(0.4, 0.5, 0.1, 103), (0.7, 0.6, 0.8, 203), (-0.2, 0.3, 0.05, 12), (0.95, 0.94, 0.99, 40), (0.0, 0.2, 0.9, 60)]]
out["non_overlapping"] = [non_overlapping(*v) for v in [(0.5, 0.6, 0.7, 0.5, 0.5, 0.8, 103), (0.2, 0.7, 0.4, 0.3, 0.5, 0.6, 203), (-0.3, 0.3, 0.1, -0.1, 0.2, 0.0, 15), (0.9, 0.85, 0.6, 0.6, 0.55, 0.5, 80)]]
correlations = json.load(open(HERE / "correlation.py.json"))["data"]
out["tost"] = {name: {method: {str(b): tost(method, correlations[name][method], correlations[name]["n"], b) for b in (0.1, 0.3, 0.9)} for method in METHODS} for name in ("continuous", "ties", "outliers", "mid")}
grid = [(r, n, k) for n in (3, 4, 5, 10, 30, 203, 1000) for r in (0.0, 0.01, -0.3, 0.6, 0.99, 0.999999) for k in (1.0, 2.0, 0.1)]
grid += [(r, n, k) for n in (10_000, 100_000) for r in (0.0, 0.003, 0.05, -0.1, 0.3, 0.6) for k in (1.0, 0.5)]
mp.mp.dps = 30
out["ln_bayes_factor"] = [[r, n, k, float(ln_bayes_factor(r, n, k))] for r, n, k in grid]
for r, n in ((0.3, 40), (-0.6, 20), (0.05, 200)):
    differ("Bayes factor, pingouin", mp.exp(ln_bayes_factor(r, n, 1)), float(pingouin.bayesfactor_pearson(r, n)))
out["posterior"] = [posterior(*v) for v in [(0.3, 40, 1), (-0.1, 10, 0.5), (0.9, 8, 2), (0.2, 3, 1)]]
clusters = {}
for name in ("continuous", "ties", "outliers", "mid"):
    x, y = read(name, ["x", "y"])
    labels = [(i * i + i // 3) % 11 for i in range(len(x))]
    clusters[name] = {method: cluster_p(method, x, y, labels) for method in METHODS}
out["clusters"] = clusters
out["largest_relative_differences"] = differences
json.dump(out, sys.stdout, indent=1)
print()
