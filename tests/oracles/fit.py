"""Reference numbers for weights, clusters, sums of squares and diagnostics, from the definitions in
40 digits.

    python fit.py > fit.py.json      (in this directory)

Data: ../data/regression_*.csv. Weights and clusters are made from the row number i = 1 … n:
w = ((7 i) mod 11 + 1)/4, w = 0 where 17 divides i; cluster = i² mod 13.
The tail of Durbin and Watson's statistic comes from the eigenvalues of M A M (numpy, in doubles) and
Imhof's integral, integrated by mpmath.
"""

import csv
import json
import sys

import mpmath
import numpy as np
from mpmath import matrix, mp, mpf

mp.dps = 40


def table(name):
    with open(f"../data/regression_{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return {k: [r[k] for r in rows] for k in rows[0]}


def num(words):
    return [mpf(float(w)) for w in words]


def dummy(words, level):
    return [mpf(int(w == level)) for w in words]


def times(a, b):
    return [x * y for x, y in zip(a, b)]


def designs():
    """Name, formula, outcome, terms (label, variables, columns), sum-coded terms."""
    t = table("factor")
    n = len(t["y"])
    one = [mpf(1)] * n
    x, z = num(t["x"]), num(t["z"])
    eu, jp, la = (dummy(t["region"], r) for r in ("EU", "JP", "LATAM"))
    s1 = [a - b for a, b in zip(eu, la)]
    s2 = [a - b for a, b in zip(jp, la)]
    crossed = [
        ("(Intercept)", "", [one]),
        ("x", "x", [x]),
        ("region", "r", [jp, la]),
        ("x:region", "xr", [times(x, jp), times(x, la)]),
    ]
    summed = [
        ("(Intercept)", "", [one]),
        ("x", "x", [x]),
        ("region", "r", [s1, s2]),
        ("x:region", "xr", [times(x, s1), times(x, s2)]),
    ]
    yield "factor", "y ~ x * region", num(t["y"]), crossed, summed
    plain = [("(Intercept)", "", [one]), ("x", "x", [x]), ("z", "z", [z])]
    yield "factor", "y ~ x + z", num(t["y"]), plain, plain
    t = table("ties")
    one = [mpf(1)] * len(t["ssi"])
    score, many = num(t["score"]), num(t["many"])
    plain = [
        ("(Intercept)", "", [one]),
        ("score", "s", [score]),
        ("many", "m", [many]),
        ("score:many", "sm", [times(score, many)]),
    ]
    yield "ties", "ssi ~ score * many", num(t["ssi"]), plain, plain
    t = table("outliers")
    one = [mpf(1)] * len(t["y"])
    plain = [("(Intercept)", "", [one]), ("x", "x", [num(t["x"])]), ("w", "w", [num(t["w"])])]
    yield "outliers", "y ~ x + w", num(t["y"]), plain, plain
    t = table("collinear")
    one = [mpf(1)] * len(t["y"])
    plain = [("(Intercept)", "", [one])]
    plain += [(k, k[1], [num(t[k])]) for k in ("x1", "x2", "x3")]
    yield "collinear", "y ~ x1 + x2 + x3", num(t["y"]), plain, plain


def dot(a, b):
    return mpmath.fsum(x * y for x, y in zip(a, b))


def basis(columns):
    """Gram and Schmidt, twice; columns that add nothing are left out."""
    out = []
    for column in columns:
        rest = list(column)
        size = mpmath.sqrt(dot(rest, rest))
        for _ in range(2):
            for q in out:
                c = dot(q, rest)
                rest = [v - c * u for v, u in zip(rest, q)]
        left = mpmath.sqrt(dot(rest, rest))
        if left > mpf(10) ** -22 * size:
            out.append([v / left for v in rest])
    return out


def explained(columns, y):
    return mpmath.fsum(dot(q, y) ** 2 for q in basis(columns))


def chi2_sf(x, df):
    return mpmath.gammainc(mpf(df) / 2, x / 2, mpmath.inf, regularized=True)


def f_sf(f, a, b):
    a, b = mpf(a), mpf(b)
    return mpmath.betainc(b / 2, a / 2, 0, b / (b + a * f), regularized=True)


def root_inverse(m):
    values, vectors = mpmath.eigsy(m)
    out = matrix(m.rows, m.rows)
    for i in range(m.rows):
        if values[i] > mpf(10) ** -12:
            v = vectors[:, i]
            out += v * v.T / mpmath.sqrt(values[i])
    return out


def weighted(y, columns, w, cluster):
    """√w·y on √w·X, and what is read off it. Rows of weight 0 are left out."""
    used = [i for i in range(len(y)) if w[i] > 0]
    root = [mpmath.sqrt(w[i]) for i in used]
    n, k = len(used), len(columns)
    x = matrix(n, k)
    for j, column in enumerate(columns):
        for r, i in enumerate(used):
            x[r, j] = root[r] * column[i]
    ty = matrix([root[r] * y[i] for r, i in enumerate(used)])
    inverse = (x.T * x) ** -1
    b = inverse * (x.T * ty)
    e = ty - x * b
    hat = [(x[r, :] * inverse * x[r, :].T)[0] for r in range(n)]
    rss = dot(e, e)
    sigma2 = rss / (n - k)
    total_w = mpmath.fsum(w)
    mean = dot(w, y) / total_w
    tss = mpmath.fsum(wi * (v - mean) ** 2 for wi, v in zip(w, y))
    log_lik = (
        mpmath.fsum(mpmath.log(w[i]) for i in used)
        - n * (mpmath.log(2 * mpmath.pi) + 1 - mpmath.log(n) + mpmath.log(rss))
    ) / 2

    def errors(meat):
        v = inverse * meat * inverse
        return [mpmath.sqrt(v[j, j]) for j in range(k)]

    def sandwich(omega):
        meat = matrix(k, k)
        for r in range(n):
            meat += omega(r) * x[r, :].T * x[r, :]
        return errors(meat)

    power = {"hc2": lambda r: 1, "hc3": lambda r: 2, "hc4": lambda r: min(4, n * hat[r] / k)}
    robust = {
        "hc0": sandwich(lambda r: e[r] ** 2),
        "hc1": sandwich(lambda r: e[r] ** 2 * n / (n - k)),
    }
    for kind, p in power.items():
        robust[kind] = sandwich(lambda r, p=p: e[r] ** 2 / (1 - hat[r]) ** p(r))

    groups = {}
    for r, i in enumerate(used):
        groups.setdefault(cluster[i], []).append(r)
    size = len(groups)
    cr1, cr2 = matrix(k, k), matrix(k, k)
    corrected = []
    for rows in groups.values():
        xg = matrix(len(rows), k)
        eg = matrix(len(rows), 1)
        for a, r in enumerate(rows):
            xg[a, :] = x[r, :]
            eg[a] = e[r]
        s = xg.T * eg
        cr1 += s * s.T
        a = root_inverse(mpmath.eye(len(rows)) - xg * inverse * xg.T)
        s = xg.T * a * eg
        cr2 += s * s.T
        # (I − H)[:, g] A X_g (XᵀX)⁻¹: a column a coefficient
        part = a * xg * inverse
        whole = -x * (inverse * (xg.T * part))
        for c, r in enumerate(rows):
            whole[r, :] += part[c, :]
        corrected.append(whole)
    cr1 *= mpf(size) / (size - 1) * mpf(n - 1) / (n - k)
    df = []
    for j in range(k):
        gram = [[dot(p[:, j], q[:, j]) for q in corrected] for p in corrected]
        trace = mpmath.fsum(gram[g][g] for g in range(size))
        df.append(trace**2 / mpmath.fsum(v**2 for row in gram for v in row))
    press = mpmath.fsum((e[r] / (1 - hat[r])) ** 2 for r in range(n))
    return {
        "n_obs": n,
        "estimate": list(b),
        "std_error": [mpmath.sqrt(sigma2 * inverse[j, j]) for j in range(k)],
        "sigma": mpmath.sqrt(sigma2),
        "r_squared": 1 - rss / tss,
        "log_lik": log_lik,
        "aic": 2 * (k + 1) - 2 * log_lik,
        "bic": mpmath.log(n) * (k + 1) - 2 * log_lik,
        "robust": robust,
        "cr1": errors(cr1),
        "cr2": errors(cr2),
        "cr2_df": df,
        "press": press,
        "predicted_r_squared": 1 - press / tss,
        "std_resid": [e[r] / mpmath.sqrt(sigma2 * (1 - hat[r])) for r in range(n)],
        "hat": hat,
        "used": used,
    }


def anova(y, terms, summed, w):
    root = [mpmath.sqrt(v) for v in w]
    ty = times(root, y)

    def cols(which, source):
        return [times(root, c) for t in which for c in source[t][2]]

    count = len(terms)
    out = {}
    for kind in (1, 2, 3):
        rows = []
        for t in range(count):
            source = summed if kind == 3 else terms
            own = set(terms[t][1])
            if kind == 1:
                others = list(range(t))
            elif kind == 2:
                others = [o for o in range(count) if o != t and not own <= set(terms[o][1])]
            else:
                others = [o for o in range(count) if o != t]
            if t == 0 and kind != 3:
                continue
            without = explained(cols(others, source), ty) if others else mpf(0)
            gain = explained(cols(others + [t], source), ty) - without
            rows.append(gain)
        out[str(kind)] = rows
    return out


def checks(y, columns, w):
    """The tests of the residuals √w·e; rows of weight 0 are left out."""
    used = [i for i in range(len(y)) if w[i] > 0]
    root = [mpmath.sqrt(w[i]) for i in used]
    raw = [[c[i] for i in used] for c in columns]
    x = [times(root, c) for c in raw]
    n, k = len(used), len(columns)
    q = basis(x)
    e = times(root, [y[i] for i in used])
    for _ in range(2):
        for u in q:
            c = dot(u, e)
            e = [v - c * s for v, s in zip(e, u)]
    rss = dot(e, e)
    mean = rss / n
    u = [v * v - mean for v in e]
    on_x = explained(raw, u)
    koenker = n * on_x / dot(u, u)
    original = on_x / (2 * mean**2)
    z = [[v - mpmath.fsum(c) / n for v in c] for c in raw[1:]]
    wide = [[mpf(1)] * n] + z
    wide += [times(z[a], z[b]) for a in range(len(z)) for b in range(a, len(z))]
    found = basis(wide)
    white = n * mpmath.fsum(dot(c, u) ** 2 for c in found) / dot(u, u)
    fitted = [y[i] - e[r] / root[r] for r, i in enumerate(used)]
    more = [times(root, [v**p for v in fitted]) for p in (2, 3)]
    gain = explained(x + more, e)
    reset = (gain / 2) / ((rss - gain) / (n - k - 2))
    d = mpmath.fsum((a - b) ** 2 for a, b in zip(e[1:], e)) / rss
    return {
        "breusch_pagan": [koenker, chi2_sf(koenker, k - 1)],
        "breusch_pagan_original": [original, chi2_sf(original, k - 1)],
        "white": [white, chi2_sf(white, len(found) - 1)],
        "white_df": len(found) - 1,
        "reset": [reset, f_sf(reset, 2, n - k - 2)],
        "durbin_watson": [d, imhof(d, q, n)],
        "resid": e,
    }


def imhof(d, q, n):
    """P(D < d) from the eigenvalues of M A M (doubles) and Imhof's integral."""
    basis = np.array([[float(v) for v in u] for u in q])
    m = np.eye(n) - basis.T @ basis
    a = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
    a[0, 0] = a[-1, -1] = 1
    mu = np.linalg.eigvalsh(m @ a @ m)[len(q) :] - float(d)

    def f(t):
        t = float(t)
        theta = np.arctan(mu * t).sum() / 2
        return np.sin(theta) / t * np.exp(-np.log1p((mu * t) ** 2).sum() / 4)

    scale = 1 / np.sqrt((mu**2).sum())
    places = [0] + [scale * c for c in (1, 2, 4, 8, 16, 32, 64, 128)] + [mpmath.inf]
    with mpmath.workdps(16):
        return mpf(1) / 2 - mpmath.quad(f, places) / mpmath.pi


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return float(value) if isinstance(value, mpf) else value


out = []
for name, formula, y, terms, summed in designs():
    n = len(y)
    columns = [c for t in terms for c in t[2]]
    w = [mpf(0) if i % 17 == 0 else mpf((7 * i) % 11 + 1) / 4 for i in range(1, n + 1)]
    cluster = [i * i % 13 for i in range(1, n + 1)]
    one = [mpf(1)] * n
    case = {
        "data": name,
        "formula": formula,
        "terms": [t[0] for t in terms],
        "plain": weighted(y, columns, one, cluster),
        "analytic": weighted(y, columns, w, cluster),
        "anova": anova(y, terms, summed, one),
        "anova_analytic": anova(y, terms, summed, w),
        "checks": checks(y, columns, one),
        "checks_analytic": checks(y, columns, w),
    }
    print(name, formula, file=sys.stderr)
    out.append(plain(case))
versions = {"python": sys.version.split()[0], "mpmath": mpmath.__version__, "numpy": np.__version__}
json.dump({"versions": versions, "fits": out}, sys.stdout, indent=1)
print()
