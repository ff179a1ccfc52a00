"""How often closed-form intervals of the robust, point-biserial and distance correlations hold.

Data as in the study (a score of 21 levels and an integer outcome from a bivariate normal with
correlation .62) and heavy-tailed data (bivariate t with 4 degrees of freedom, correlation .5). For
the point-biserial correlation a group (half or a fifth of the users) whose outcome is shifted. The
truth comes from large samples. Candidates: `fisher_z` (standard error 1/sqrt(n - 3) on z),
`fisher_z_h` (1/sqrt(n - 2g - 3)), `delta_z` (influence of each user, the robust transformation
taken as given, variance times n/(n - 3), t quantile), `tate_z` (point-biserial, normal groups of
one variance). For distance `delta_z` reaches down to 0 unless the chi-squared test rejects
independence. Prints methods_coverage.py.json (a minute):

    python tests/oracles/methods_coverage.py > tests/oracles/methods_coverage.py.json
"""

import json
import sys

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(7)
Q = 1.959963984540054


def q_t(df):
    return stats.t.ppf(0.975, df)



def study(shape):
    a, b = rng.standard_normal(shape), rng.standard_normal(shape)
    b = 0.62 * a + np.sqrt(1 - 0.62**2) * b
    return np.clip(np.round((5.34 + 2.37 * a) * 2) / 2, 0, 10), np.clip(np.round(33.5 + 13.4 * b), 0, 100)


def heavy(shape):
    a, b = rng.standard_normal(shape), rng.standard_normal(shape)
    s = np.sqrt(4 / rng.chisquare(4, shape))
    return a * s, (0.5 * a + np.sqrt(0.75) * b) * s


def independent(shape):
    return study(shape)[0], study(shape)[1]


def group(share):
    def draw(shape):
        g = (rng.random(shape) < share).astype(float)
        return g, np.clip(np.round(30 + 10 * g + 12 * rng.standard_normal(shape)), 0, 100)

    return draw


def biweight(x):
    d = x - np.median(x, -1, keepdims=True)
    u = d / (9 * np.median(np.abs(d), -1, keepdims=True))
    return d * np.where(np.abs(u) < 1, (1 - u * u) ** 2, 0)


def bend(x):
    n = x.shape[-1]
    m = int(0.8 * n + 0.5)
    med = np.median(x, -1, keepdims=True)
    omega = np.sort(np.abs(x - med), -1)[..., m - 1 : m]
    psi = (x - med) / omega
    low, high = (psi < -1).sum(-1, keepdims=True), (psi > 1).sum(-1, keepdims=True)
    middle = np.where(np.abs(psi) <= 1, x, 0).sum(-1, keepdims=True)
    phi = (omega * (high - low) + middle) / (n - low - high)
    return np.clip((x - phi) / omega, -1, 1)


def winsor(x):
    n = x.shape[-1]
    g = n // 5
    s = np.sort(x, -1)
    x = np.clip(x, s[..., g : g + 1], s[..., n - g - 1 : n - g])
    return x - x.mean(-1, keepdims=True)


def centre(x):
    return x - x.mean(-1, keepdims=True)


def correlation(a, b):
    a = a / np.sqrt((a * a).mean(-1, keepdims=True))
    b = b / np.sqrt((b * b).mean(-1, keepdims=True))
    r = (a * b).mean(-1, keepdims=True)
    h = a * b - r / 2 * (a * a + b * b)
    return r[..., 0], np.sqrt((h * h).mean(-1) / (a.shape[-1] - 3))


def distances(x):
    return np.abs(x[:, None] - x[None])


def distance(x, y):
    def doubly_centred(x):
        d = distances(x)
        m = d.mean(0)
        return d - m[:, None] - m[None] + d.mean()

    a, b = doubly_centred(x), doubly_centred(y)
    row = [(p * q).mean(0) for p, q in ((a, b), (a, a), (b, b))]
    xy, xx, yy = (v.mean() for v in row)
    square = xy / np.sqrt(xx * yy)
    h = 2 * (row[0] / np.sqrt(xx * yy) - square / 2 * (row[1] / xx + row[2] / yy))
    d = np.sqrt(square)
    return d, np.sqrt((h * h).mean() / (len(x) - 3)) / (2 * d)


def unbiased(x, y):
    n = len(x)

    def centred(x):
        d = distances(x)
        s = d.sum(0)
        u = d - s[:, None] / (n - 2) - s[None] / (n - 2) + d.sum() / ((n - 1) * (n - 2))
        np.fill_diagonal(u, 0)
        return u

    a, b = centred(x), centred(y)
    return np.array([(a * b).mean(), (a * a).mean(), (b * b).mean()])


out = {"made_by": "tests/oracles/methods_coverage.py", "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__}, "level": 0.95, "rows": []}


def report(what, method, truth, n, held):
    for interval, share in held.items():
        out["rows"].append({"data": what, "method": method, "truth": round(float(truth), 4), "n": n, "interval": interval, "runs": int(share[1]), "coverage": round(float(share[0]), 4)})


SIZES = ((30, 10000), (200, 10000), (1000, 10000))
for what, draw in (("study", study), ("heavy", heavy)):
    for method, transform in (("biweight", biweight), ("percentage_bend", bend), ("winsorized", winsor)):
        big = draw((20, 100000))
        truth = correlation(transform(big[0]), transform(big[1]))[0].mean()
        for n, runs in SIZES:
            x, y = draw((runs, n))
            r, se = correlation(transform(x), transform(y))
            off = np.abs(np.arctanh(r) - np.arctanh(truth))
            held = {"fisher_z": off <= Q / np.sqrt(n - 3), "delta_z": off <= q_t(n - 2 - (2 * (n // 5) if method == "winsorized" else 0)) * se / (1 - r * r)}
            if method == "winsorized":
                held["fisher_z_h"] = off <= Q / np.sqrt(n - 2 * (n // 5) - 3)
            report(what, method, truth, n, {k: (np.nanmean(v), runs) for k, v in held.items()})

for share in (0.5, 0.2):
    draw = group(share)
    big = draw((20, 100000))
    truth = correlation(centre(big[0]), centre(big[1]))[0].mean()
    for n, runs in SIZES:
        x, y = draw((runs, n))
        p = x.mean(-1)
        r, se = correlation(centre(x), centre(y))
        off = np.abs(np.arctanh(r) - np.arctanh(truth))
        tate = np.sqrt((1 - 1.5 * r * r + r * r / (4 * p * (1 - p))) / (n - 3))
        held = {"fisher_z": off <= Q / np.sqrt(n - 3), "tate_z": off <= Q * tate, "delta_z": off <= q_t(n - 2) * se / (1 - r * r)}
        report(f"group of {share}", "point_biserial", truth, n, {k: (np.nanmean(v), runs) for k, v in held.items()})

for what, draw in (("study", study), ("heavy", heavy), ("independent", independent)):
    sums = np.mean([unbiased(*draw(1000)) for _ in range(200)], 0)
    truth = 0.0 if what == "independent" else np.sqrt(sums[0] / np.sqrt(sums[1] * sums[2]))
    for n, runs in ((30, 4000), (200, 2000), (1000, 400)):
        held = []
        for _ in range(runs):
            x, y = draw(n)
            d, se = distance(x, y)
            u = unbiased(x, y)
            rejected = stats.chi2.sf(n * u[0] / np.sqrt(u[1] * u[2]) + 1, 1) < 0.05
            z, reach = np.arctanh(d) - np.arctanh(truth), q_t(n - 2) * se / (1 - d * d)
            held.append(-z <= reach and (z <= reach or not rejected))
        report(what, "distance", truth, n, {"delta_z": (np.mean(held), runs)})
json.dump(out, sys.stdout, indent=1)
print()
