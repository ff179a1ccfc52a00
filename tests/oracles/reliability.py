"""Items as an instrument: mpmath from the definitions, the graded response model by other means.

Alpha, correlations and one factor's equations are solved in 30 digits. The graded response model's
marginal likelihood is written with probabilities of each answer, differentiated by complex steps and
maximised by scipy's BFGS, then Newton's method; its standard errors come from differences of that
gradient. girth's estimates (another quadrature, a looser search) stand beside it.

    GIRTH=/path/to/python-with-girth python3 reliability.py > reliability.py.json
"""

import csv
import json
import os
import random
import subprocess
from pathlib import Path

import mpmath as mp
import numpy as np
import scipy
from scipy import optimize

mp.mp.dps = 30
HERE = Path(__file__).parent
ITEMS = "photo banner headline about experience education skills recommendations url media".split()


def reference():
    seen, rows = set(), []
    for r in csv.DictReader(open(HERE / "../../datasets/reference/data.csv")):
        if r["respondent_id"] not in seen:
            seen.add(r["respondent_id"])
            rows.append([None if r[f"item_{i}"] == "" else float(r[f"item_{i}"]) for i in ITEMS])
    return rows


def made(seed, n, slopes, cuts):
    rng = random.Random(seed)
    rows = []
    for _ in range(n):
        theta = rng.gauss(0, 1)
        row = []
        for a, own in zip(slopes, cuts):
            # One logistic error an answer, so that its steps are in order.
            error = np.log(1 / rng.random() - 1)
            row.append(sum(a * (theta - b) > error for b in own))
        rows.append(row)
    return [[float(v) for v in r] for r in rows]


DATA = {
    "reference": reference(),
    "binary": made(4, 150, [1.2, 0.8, 1.6, 1.0, 1.4], [[-1], [-0.3], [0], [0.5], [1]]),
    "likert": made(7, 120, [1.5, 1.0, 2.0, 1.2], [[-1.5, -0.5, 0.4, 1.2], [-1, 0, 1, 1.8], [-0.8, 0, 0.6, 1.3], [-2, -1, 0.2, 1]]),
    "offset": [[1e6 + v for v in r] for r in made(9, 60, [1.5, 1.0, 1.8], [[-1, 0, 1], [-0.5, 0.5, 1.2], [-1, 0.3, 1]])],
}


def f_quantile(p, d1, d2):
    cdf = lambda f: mp.betainc(d1 / 2, d2 / 2, 0, d1 * f / (d1 * f + d2), regularized=True) - p
    low, high = mp.mpf("0.01"), mp.mpf(10)
    for _ in range(60):
        mid = mp.sqrt(low * high)
        low, high = (mid, high) if cdf(mid) < 0 else (low, mid)
    return mp.findroot(cdf, (low, high), solver="anderson", tol=1e-26)


def covariance(rows):
    n, k = len(rows), len(rows[0])
    mean = [sum(mp.mpf(r[j]) for r in rows) / n for j in range(k)]
    return [[sum((mp.mpf(r[a]) - mean[a]) * (mp.mpf(r[b]) - mean[b]) for r in rows) / (n - 1) for b in range(k)] for a in range(k)]


def alpha(S, n):
    k = mp.mpf(len(S))
    value = k / (k - 1) * (1 - sum(S[j][j] for j in range(len(S))) / sum(map(sum, S)))
    d1, d2 = mp.mpf(n - 1), mp.mpf(n - 1) * (k - 1)
    return [value, 1 - (1 - value) * f_quantile(mp.mpf("0.975"), d1, d2), 1 - (1 - value) * f_quantile(mp.mpf("0.025"), d1, d2)]


def drop(S, j):
    return [[v for b, v in enumerate(row) if b != j] for a, row in enumerate(S) if a != j]


def omega(S):
    k = len(S)
    sd = [mp.sqrt(S[j][j]) for j in range(k)]
    R = mp.matrix([[S[a][b] / sd[a] / sd[b] for b in range(k)] for a in range(k)])
    Rf = np.array(R.tolist(), dtype=float)

    def loss(x):
        sigma = np.outer(x[:k], x[:k]) + np.diag(x[k:] ** 2)
        return np.linalg.slogdet(sigma)[1] + np.trace(np.linalg.solve(sigma, Rf))

    rough = optimize.minimize(loss, np.concatenate([np.full(k, 0.6), np.full(k, 0.8)]), method="BFGS", options={"gtol": 1e-9}).x

    def equations(*x):
        l, p = x[:k], x[k:]
        sigma = mp.matrix(k, k)
        for a in range(k):
            for b in range(k):
                sigma[a, b] = l[a] * l[b] + (p[a] if a == b else 0)
        inverse = sigma ** -1
        slope = inverse * (sigma - R) * inverse
        lead = slope * mp.matrix(l)
        return [lead[a] for a in range(k)] + [slope[a, a] for a in range(k)]

    at = mp.findroot(equations, [mp.mpf(v) for v in rough[:k]] + [mp.mpf(v) ** 2 for v in rough[k:]], tol=1e-20)
    common = sum(at[j] * sd[j] for j in range(k)) ** 2
    own = sum(at[k + j] * sd[j] ** 2 for j in range(k))
    return common / (common + own)


THETA = np.linspace(-6, 6, 61)
PRIOR = np.exp(-THETA**2 / 2) / np.exp(-THETA**2 / 2).sum()


def grm(rows):
    k = len(rows[0])
    values = [sorted({r[j] for r in rows if r[j] is not None}) for j in range(k)]
    sizes = [len(v) for v in values]
    code = [[-1 if r[j] is None else values[j].index(r[j]) for j in range(k)] for r in rows if any(v is not None for v in r)]
    code = np.array(code)
    firsts = np.cumsum([0] + sizes)[:-1]

    def answered(own, j):
        """The probability of each one's answer to an item, at each place."""
        a, d = own[0], own[1:]
        above = [np.ones(len(THETA))] + [1 / (1 + np.exp(-(a * THETA + v))) for v in d] + [np.zeros(len(THETA))]
        table = np.array([above[m] - above[m + 1] for m in range(sizes[j])] + [np.ones(len(THETA))])
        return table[code[:, j]]

    def each(x):
        return [answered(x[firsts[j] : firsts[j] + sizes[j]], j) for j in range(k)]

    def loglik(x):
        return np.log(np.prod(each(x), axis=0) @ PRIOR).sum()

    def gradient(x):
        parts, out = each(x), np.empty(len(x))
        for j in range(k):
            others = np.prod(parts[:j] + parts[j + 1 :], axis=0)
            for i in range(sizes[j]):
                own = x[firsts[j] : firsts[j] + sizes[j]].astype(complex)
                own[i] += 1e-30j
                out[firsts[j] + i] = np.log((others * answered(own, j)) @ PRIOR).sum().imag / 1e-30
        return out

    start = []
    for j in range(k):
        given = code[code[:, j] >= 0, j]
        share = [np.mean(given >= m) for m in range(1, sizes[j])]
        start += [1.0] + [np.log(p / (1 - p)) for p in share]
    x = optimize.minimize(lambda x: -loglik(x), np.array(start), jac=lambda x: -gradient(x), method="BFGS", options={"gtol": 1e-4, "maxiter": 500}).x

    def hessian(x):
        H = np.empty((len(x), len(x)))
        for i in range(len(x)):
            e = np.zeros(len(x))
            e[i] = 1e-4
            near = (gradient(x + e) - gradient(x - e)) / 2e-4
            far = (gradient(x + 2 * e) - gradient(x - 2 * e)) / 4e-4
            H[i] = (4 * near - far) / 3
        return (H + H.T) / 2

    H = hessian(x)
    for _ in range(6):
        x = x - np.linalg.solve(H, gradient(x))
    H = hessian(x)
    V = np.linalg.inv(-H)
    out = {"log_lik": float(loglik(x)), "a": [], "b": []}
    for j in range(k):
        f = firsts[j]
        a = x[f]
        out["a"].append([a, float(np.sqrt(V[f, f]))])
        own = []
        for m in range(1, sizes[j]):
            b = -x[f + m] / a
            g = np.zeros(len(x))
            g[f], g[f + m] = -b / a, -1 / a
            own.append([b, float(np.sqrt(g @ V @ g))])
        out["b"].append(own)
    return out


OTHER = """
import json, sys
import numpy as np
from girth import grm_mml, twopl_mml
out = {}
for name, rows in json.load(sys.stdin).items():
    data = np.array([[int(v) for v in r] for r in rows if None not in r]).T
    if data.max() == 1:
        found = twopl_mml(data)
        out[name] = {"a": found["Discrimination"].tolist(), "b": [[v] for v in found["Difficulty"].tolist()]}
    else:
        found = grm_mml(data + 1)
        out[name] = {"a": found["Discrimination"].tolist(), "b": found["Difficulty"].tolist()}
print(json.dumps(out))
"""


def text(value):
    if isinstance(value, dict):
        return {k: text(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [text(v) for v in value]
    return mp.nstr(value, 17) if isinstance(value, mp.mpf) else value


def pearson(x, y):
    n = len(x)
    mx, my = sum(x) / n, sum(y) / n
    sxy = sum((a - mx) * (b - my) for a, b in zip(x, y))
    return sxy / mp.sqrt(sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y))


result = {}
for name, rows in DATA.items():
    whole = [[mp.mpf(v) for v in r] for r in rows if None not in r]
    S, n, k = covariance(whole), len(whole), len(whole[0])
    R = mp.matrix([[S[a][b] / mp.sqrt(S[a][a] * S[b][b]) for b in range(k)] for a in range(k)])
    result[name] = {
        "rows": rows,
        "n": n,
        "alpha": alpha(S, n),
        "without": [alpha(drop(S, j), n) for j in range(k)] if k > 2 else [],
        "item_rest": [pearson([r[j] for r in whole], [sum(r) - r[j] for r in whole]) for j in range(k)],
        "omega": omega(S),
        "eigenvalues": sorted((v for v in mp.eigsy(R, eigvals_only=True)), reverse=True),
    }
    if name != "offset":
        result[name]["grm"] = grm(rows)
small = {n: DATA[n] for n in ("binary", "likert")}
other = subprocess.run([os.environ["GIRTH"], "-c", OTHER], input=json.dumps(small), capture_output=True, text=True, check=True)
versions = {"mpmath": mp.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
print(json.dumps({"versions": versions, "data": text(result), "girth": json.loads(other.stdout)}, indent=1))
