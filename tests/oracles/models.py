"""Reference numbers for bounded outcomes from statsmodels: beta regression by maximum likelihood and
fractional logit by quasi-likelihood (a binomial GLM with robust errors). And Wald's F of what bends
with HC3 errors by 50-digit arithmetic, from truncated powers instead of B-splines: where a leverage
is near 1, R's own digits end at the eighth.

    /path/to/python models.py > models.py.json       (in this directory)
"""

import csv
import json

import mpmath as mp
import numpy as np
import pandas as pd
import scipy
import statsmodels
import statsmodels.api as sm
from statsmodels.othermod.betareg import BetaModel

out = {"versions": {"statsmodels": statsmodels.__version__, "scipy": scipy.__version__, "mpmath": mp.__version__}, "beta": {}, "fractional": {}}
for name in ("plain", "small", "ties"):
    d = pd.read_csv(f"../data/bounded_{name}.csv")
    x = np.column_stack([np.ones(len(d)), d.x, d.z, d.g == "B", d.g == "C"]).astype(float)
    model = BetaModel(d.inner / 100, x)
    fit = model.fit(maxiter=2000, disp=False)
    for method in ("bfgs", "newton"):
        fit = model.fit(start_params=fit.params, method=method, maxiter=500, gtol=1e-13, tol=1e-13, disp=False)
    # statsmodels' likelihood is that of the share; that of the outcome itself is less by n·log 100.
    out["beta"][name] = {"coef": list(fit.params), "log_lik": fit.llf - len(d) * np.log(100)}
    glm = sm.GLM(d.share / 100, x, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    robust = sm.GLM(d.share / 100, x, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200, cov_type="HC0")
    out["fractional"][name] = {"coef": list(glm.params), "hc0": list(robust.bse)}
mp.mp.dps = 50


def bends(data, x_name, y_name, df):
    with open(f"../data/{data}.csv", encoding="utf-8") as file:
        rows = [(r[x_name], r[y_name]) for r in csv.DictReader(file)]
    # The doubles that a reader gets.
    x = [mp.mpf(float(a)) for a, b in rows if a and b]
    y = [mp.mpf(float(b)) for a, b in rows if a and b]
    ordered, n = sorted(x), len(x)

    def quantile(k):
        place = mp.mpf((n - 1) * k) / df
        low = int(mp.floor(place))
        high = min(low + 1, n - 1)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])

    t = [quantile(k) for k in range(df + 1)]
    cube = lambda v: v**3 if v > 0 else mp.mpf(0)
    d = lambda k, v: (cube(v - t[k]) - cube(v - t[-1])) / (t[-1] - t[k])
    row = lambda v: [mp.mpf(1), v] + [d(k, v) - d(df - 1, v) for k in range(df - 1)]
    X = mp.matrix([row(v) for v in x])
    k = df + 1
    inverse = (X.T * X) ** -1
    b = inverse * (X.T * mp.matrix(y))
    e = mp.matrix(y) - X * b
    meat = mp.zeros(k)
    for i in range(n):
        xi = X[i, :]
        h = (xi * inverse * xi.T)[0]
        meat += (e[i] / (1 - h)) ** 2 * (xi.T * xi)
    v = inverse * meat * inverse
    own = list(range(2, k))
    b1 = mp.matrix([b[j] for j in own])
    v1 = mp.matrix([[v[i, j] for j in own] for i in own])
    f = (b1.T * v1**-1 * b1)[0] / len(own)
    df2 = n - k
    p = mp.betainc(mp.mpf(df2) / 2, mp.mpf(len(own)) / 2, 0, df2 / (df2 + len(own) * f), regularized=True)
    return {"data": data, "df": df, "wald": float(f), "wald_p": float(p)}


out["bends"] = [bends("regression_ties", "score", "ssi", 4), bends("ties", "x", "y", 3),
                bends("continuous", "x", "y", 4), bends("outliers", "x", "y", 4)]
print(json.dumps(out, indent=1))
