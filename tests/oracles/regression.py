"""Reference numbers for least squares from the definition, in 60 digits, and from statsmodels and
scikit-learn.

    python regression.py > regression.py.json      (in this directory)

mpmath: coefficients, standard errors (classical and HC0 to HC4), leverages and fit statistics by
solving the normal equations in 60 digits, on the doubles that the CSV texts stand for. It is the
reference for the near-collinear set, where R keeps nine digits and statsmodels fewer.
"""

import csv
import json
import sys

import mpmath
import numpy as np
import sklearn
import statsmodels
import statsmodels.api as sm
from mpmath import mp, mpf
from sklearn.linear_model import ElasticNet, Ridge
from sklearn.preprocessing import StandardScaler

mp.dps = 60


def table(name):
    with open(f"../data/regression_{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return {k: [r[k] for r in rows] for k in rows[0]}


def numbers(words):
    return [mpf(float(w)) for w in words]


def one(n):
    return [mpf(1)] * n


def indicator(words, level):
    return [mpf(int(w == level)) for w in words]


def times(a, b):
    return [x * y for x, y in zip(a, b)]


def designs():
    t = table("factor")
    n = len(t["y"])
    y, x, z = numbers(t["y"]), numbers(t["x"]), numbers(t["z"])
    jp, latam = indicator(t["region"], "JP"), indicator(t["region"], "LATAM")
    lz = [mpmath.log10(v) for v in z]
    yield "factor", "y ~ x + region", y, [one(n), x, jp, latam], True
    yield (
        "factor",
        "log(y) ~ log10(z) * region",
        [mpmath.log(v) for v in y],
        [one(n), lz, jp, latam, times(lz, jp), times(lz, latam)],
        True,
    )
    eu = indicator(t["region"], "EU")
    yield "factor", "y ~ 0 + region + x", y, [eu, jp, latam, x], False
    yield "factor", "y ~ poly(x, 2, raw = TRUE)", y, [one(n), x, times(x, x)], True
    t = table("ties")
    n = len(t["ssi"])
    ssi, score, several = numbers(t["ssi"]), numbers(t["score"]), numbers(t["many"])
    yield "ties", "ssi ~ score", ssi, [one(n), score], True
    yield "ties", "ssi ~ score * many", ssi, [one(n), score, several, times(score, several)], True
    t = table("outliers")
    n = len(t["y"])
    yield "outliers", "y ~ x + w", numbers(t["y"]), [one(n), numbers(t["x"]), numbers(t["w"])], True
    t = table("collinear")
    n = len(t["y"])
    columns = [one(n)] + [numbers(t[k]) for k in ("x1", "x2", "x3")]
    yield "collinear", "y ~ x1 + x2 + x3", numbers(t["y"]), columns, True


def exact(y, columns, intercept):
    n, k = len(y), len(columns)
    x = mpmath.matrix(n, k)
    for j, column in enumerate(columns):
        for i, value in enumerate(column):
            x[i, j] = value
    inverse = (x.T * x) ** -1
    b = inverse * (x.T * mpmath.matrix(y))
    fitted = x * b
    e = [y[i] - fitted[i] for i in range(n)]
    rss = mpmath.fsum(v * v for v in e)
    mean = mpmath.fsum(y) / n if intercept else mpf(0)
    tss = mpmath.fsum((v - mean) ** 2 for v in y)
    hat = [(x[i, :] * inverse * x[i, :].T)[0] for i in range(n)]
    variance = rss / (n - k)

    def sandwich(omega):
        meat = mpmath.matrix(k, k)
        for i in range(n):
            for a in range(k):
                for c in range(k):
                    meat[a, c] += omega(i) * x[i, a] * x[i, c]
        cov = inverse * meat * inverse
        return [mpmath.sqrt(cov[j, j]) for j in range(k)]

    def power(i, kind):
        if kind == "hc2":
            return mpf(1)
        if kind == "hc3":
            return mpf(2)
        return min(mpf(4), n * hat[i] / k)

    robust = {
        "hc0": sandwich(lambda i: e[i] ** 2),
        "hc1": sandwich(lambda i: e[i] ** 2 * n / (n - k)),
    }
    for kind in ("hc2", "hc3", "hc4"):
        robust[kind] = sandwich(lambda i: e[i] ** 2 / (1 - hat[i]) ** power(i, kind))
    df_model = k - int(intercept)
    f = ((tss - rss) / df_model) / variance
    log_lik = -mpf(n) / 2 * (mpmath.log(2 * mpmath.pi) + mpmath.log(rss / n) + 1)
    std_error = [mpmath.sqrt(variance * inverse[j, j]) for j in range(k)]
    gram = x.T * x
    unit = mpmath.matrix(k, k)
    for a in range(k):
        for c in range(k):
            unit[a, c] = gram[a, c] / mpmath.sqrt(gram[a, a] * gram[c, c])
    roots = sorted(mpmath.eigsy(unit, eigvals_only=True))
    vif = []
    for j in range(1, k):
        middle = mpmath.fsum(columns[j]) / n
        vif.append(inverse[j, j] * mpmath.fsum((v - middle) ** 2 for v in columns[j]))
    t = [b[j] / std_error[j] for j in range(k)]

    def two_sided(value):
        df = mpf(n - k)
        return mpmath.betainc(df / 2, mpf(1) / 2, 0, df / (df + value**2), regularized=True)

    return {
        "estimate": list(b),
        "std_error": std_error,
        "statistic": t,
        "p_value": [two_sided(v) for v in t],
        "robust": robust,
        "condition_number": mpmath.sqrt(roots[-1] / roots[0]),
        "variance_inflation": vif,
        "sigma": mpmath.sqrt(variance),
        "r_squared": 1 - rss / tss,
        "adj_r_squared": 1 - rss / tss * (n - int(intercept)) / (n - k),
        "f": f,
        "log_lik": log_lik,
        "aic": -2 * log_lik + 2 * (k + 1),
        "bic": -2 * log_lik + mpmath.log(n) * (k + 1),
        "fitted": list(fitted),
        "resid": e,
        "hat": hat,
        "cooks_d": [v**2 * h / (1 - h) ** 2 / (k * variance) for v, h in zip(e, hat)],
    }


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (mpf, np.floating)):
        return float(value)
    return value


def counted():
    """Frequency weights: statsmodels' GLM (Gaussian) with freq_weights, against expanded rows."""
    t = table("ties")
    cells = {}
    for score, ssi in zip(t["score"], t["ssi"]):
        key = (float(score), 10 * round(float(ssi) / 10))
        cells[key] = cells.get(key, 0) + 1
    keys = sorted(cells)
    x = np.array([k[0] for k in keys])
    y = np.array([float(k[1]) for k in keys])
    w = np.array([cells[k] for k in keys])
    fit = sm.GLM(y, sm.add_constant(x), freq_weights=w).fit(tol=1e-14)
    return {"x": x, "y": y, "n": w, "estimate": fit.params, "std_error": fit.bse}


def penalised():
    out = []
    settings = [
        ("ties", "ssi ~ score + many", ["score", "many"], "ssi"),
        ("factor", "y ~ x + z + level", ["x", "z", "level"], "y"),
        ("outliers", "y ~ x + w", ["x", "w"], "y"),
        ("collinear", "y ~ x1 + x2 + x3", ["x1", "x2", "x3"], "y"),
    ]
    for name, formula, predictors, outcome in settings:
        t = table(name)
        x = np.column_stack([np.array(t[p], dtype=float) for p in predictors])
        y = np.array(t[outcome], dtype=float)
        scaler = StandardScaler().fit(x)
        s = scaler.transform(x)
        for l1_ratio in (0.0, 0.2, 0.5, 1.0):
            for penalty in (0.02, 0.7, 4.0):
                if l1_ratio == 0.0:
                    fit = Ridge(alpha=penalty * len(y), solver="svd").fit(s, y)
                    converged = True
                else:
                    fit = ElasticNet(alpha=penalty, l1_ratio=l1_ratio, tol=1e-15, max_iter=10**7)
                    fit = fit.fit(s, y)
                    converged = fit.n_iter_ < 10**7
                slopes = fit.coef_ / scaler.scale_
                out.append(
                    {
                        "data": name,
                        "formula": formula,
                        "l1_ratio": l1_ratio,
                        "penalty": penalty,
                        "converged": converged,
                        "estimate": [fit.intercept_ - slopes @ scaler.mean_, *slopes],
                    }
                )
    return out


fits = [
    {"data": d, "formula": f, **exact(y, columns, intercept)}
    for d, f, y, columns, intercept in designs()
]
counts = {k: [float(v) for v in values] for k, values in counted().items()}
json.dump(
    plain(
        {
            "versions": {
                "python": sys.version.split()[0],
                "mpmath": mpmath.__version__,
                "numpy": np.__version__,
                "statsmodels": statsmodels.__version__,
                "scikit-learn": sklearn.__version__,
            },
            "fits": fits,
            "counted": counts,
            "penalised": penalised(),
        }
    ),
    sys.stdout,
    indent=1,
)
print()
