"""Regressions of bounded outcomes and of categories, from their definitions, in more than double precision.

    python3 bounded.py > bounded.py.json
"""
import json

import mpmath as mp
import numpy as np
import pandas as pd
import scipy
import scipy.optimize
import scipy.stats
import statsmodels
import statsmodels.api as sm

mp.mp.dps = 30
# Extended precision (64 bits of mantissa) for everything that is vectorised, mpmath for the rest.
LD = np.longdouble
HALF_CHI = LD("1.9207294103470618741")  # half of the square of the normal quantile at 0.975


def solve(f, x0):
    """Newton's method with a numerical Jacobian; the residual is in extended precision."""
    x = np.array(x0, dtype=LD)
    size = None
    for _ in range(100):
        y = f(x)
        jac = np.zeros((len(x), len(x)))
        for j in range(len(x)):
            h = LD(1e-8) * max(1, abs(x[j]))
            up, down = x.copy(), x.copy()
            up[j] += h
            down[j] -= h
            jac[:, j] = ((f(up) - f(down)) / (2 * h)).astype(float)
        step = np.linalg.solve(jac, y.astype(float)).astype(LD)
        x = x - step
        last, size = size, max(abs(step) / np.maximum(1, abs(x)))
        if size < 1e-17 or (last is not None and last < 1e-12 and size >= last / 2):
            return x, jac
    raise ArithmeticError("no root")


def profiles(value, score, at, which):
    """Ends of profile-likelihood intervals and likelihood-ratio statistics."""
    _, jac = solve(score, at)
    inverse = np.linalg.inv(-jac)
    top = value(at)
    out = []
    for j in which:
        ends = []
        rest = [l for l in range(len(at)) if l != j]
        for side in (-1, 1):
            start = at + side * np.sqrt(2 * HALF_CHI) * inverse[:, j] / np.sqrt(inverse[j, j])
            system = lambda p: np.concatenate([[value(p) - top + HALF_CHI], score(p)[rest]])
            end, _ = solve(system, start)
            assert side * (end[j] - at[j]) > 0
            ends.append(float(end[j]))
        put = lambda p: np.insert(p, j, LD(0))
        start = np.delete(at - at[j] * inverse[:, j] / inverse[j, j], j)
        held, _ = solve(lambda p: score(put(p))[rest], start)
        out.append({"ends": ends, "lr": float(2 * (top - value(put(held))))})
    return out


def F(v):
    return 1 / (1 + (np.exp(-v) if isinstance(v, (np.ndarray, LD)) else mp.exp(-v)))


def dot(a, b):
    return mp.fsum(p * q for p, q in zip(a, b))


def logit_problem(X, y):
    def value(b):
        p = F(X @ b)
        return np.log(np.where(y == 1, p, 1 - p)).sum()

    return value, lambda b: X.T @ (y - F(X @ b))


def eliminate(m):
    """Inverse and log-determinant of a symmetric matrix, by Gauss–Jordan in extended precision."""
    k = len(m)
    work = np.hstack([m.astype(LD), np.eye(k, dtype=LD)])
    log_det = LD(0)
    for j in range(k):
        log_det += np.log(work[j, j])
        work[j] /= work[j, j]
        for i in range(k):
            if i != j:
                work[i] -= work[i, j] * work[j]
    return work[:, k:], log_det


def firth_problem(X, y):
    plain, _ = logit_problem(X, y)

    def information(b):
        p = F(X @ b)
        return X.T @ (X * (p * (1 - p))[:, None])

    def value(b):
        return plain(b) + eliminate(information(b))[1] / 2

    def score(b):
        p = F(X @ b)
        hat = p * (1 - p) * np.einsum("ij,jk,ik->i", X, eliminate(information(b))[0], X)
        return X.T @ (y - p + hat * (LD(0.5) - p))

    return value, score, information


def ordinal_problem(X, level, m):
    def ends(p):
        eta = X @ p[m:]
        theta = np.concatenate([[LD(-np.inf)], p[:m], [LD(np.inf)]])
        return F(theta[level + 1] - eta), F(theta[level] - eta)

    def value(p):
        a, b = ends(p)
        return np.log(a - b).sum()

    def score(p):
        a, b = ends(p)
        da, db = a * (1 - a) / (a - b), -b * (1 - b) / (a - b)
        thresholds = [da[level == j].sum() + db[level == j + 1].sum() for j in range(m)]
        return np.concatenate([thresholds, -X.T @ (da + db)])

    return value, score


def solve_mp(f, x0):
    """The same with mpmath."""
    x = [mp.mpf(float(v)) for v in x0]
    for _ in range(60):
        y = f(x)
        jac = mp.matrix(len(x), len(x))
        for j in range(len(x)):
            h = mp.mpf("1e-13") * max(1, abs(x[j]))
            moved = list(x)
            moved[j] += h
            up = f(moved)
            for i in range(len(x)):
                jac[i, j] = (up[i] - y[i]) / h
        step = mp.lu_solve(jac, mp.matrix(y))
        x = [a - s for a, s in zip(x, step)]
        if max(abs(s) / max(1, abs(a)) for s, a in zip(step, x)) < mp.mpf("1e-18"):
            return x
    raise ArithmeticError("no root")


def beta_problem(X, y):
    k = len(X[0])
    logs = [(mp.log(v), mp.log(1 - v)) for v in y]

    def value(p):
        phi = mp.exp(p[k])
        out = mp.mpf(0)
        for x, (a, b) in zip(X, logs):
            mu = F(dot(x, p[:k]))
            out += mp.loggamma(phi) - mp.loggamma(mu * phi) - mp.loggamma((1 - mu) * phi)
            out += (mu * phi - 1) * a + ((1 - mu) * phi - 1) * b
        return out

    def score(p):
        phi = mp.exp(p[k])
        out = [mp.mpf(0)] * (k + 1)
        for x, (a, b) in zip(X, logs):
            mu = F(dot(x, p[:k]))
            pa, pb = mp.digamma(mu * phi), mp.digamma((1 - mu) * phi)
            slope = phi * (a - b - pa + pb) * mu * (1 - mu)
            for j in range(k):
                out[j] += slope * x[j]
            out[k] += phi * (mp.digamma(phi) - mu * pa - (1 - mu) * pb + mu * a + (1 - mu) * b)
        return out

    def expected(p):
        phi = mp.exp(p[k])
        m = mp.matrix(k + 1, k + 1)
        for x in X:
            mu = F(dot(x, p[:k]))
            ta, tb = mp.psi(1, mu * phi), mp.psi(1, (1 - mu) * phi)
            s = mu * (1 - mu)
            cells = phi**2 * s**2 * (ta + tb), phi**2 * s * (mu * ta - (1 - mu) * tb)
            for a in range(k):
                for c in range(k):
                    m[a, c] += cells[0] * x[a] * x[c]
                m[a, k] += cells[1] * x[a]
                m[k, a] += cells[1] * x[a]
            m[k, k] += phi**2 * (mu**2 * ta + (1 - mu) ** 2 * tb - mp.psi(1, phi))
        return m

    return value, score, expected


def mp_rows(a):
    return [[mp.mpf(repr(float(v))) for v in row] for row in np.asarray(a)]


def floats(values):
    return [float(v) for v in values]


def delta(f, b, covariance):
    """Value and delta-method error of f at b, with a numerical gradient."""
    b = np.asarray(b, dtype=np.longdouble)
    g = []
    for j in range(len(b)):
        h = np.longdouble(1e-6) * max(1, abs(b[j]))
        up, down = b.copy(), b.copy()
        up[j] += h
        down[j] -= h
        up2, down2 = b.copy(), b.copy()
        up2[j] += 2 * h
        down2[j] -= 2 * h
        g.append((8 * (f(up) - f(down)) - (f(up2) - f(down2))) / (12 * h))
    g = np.array(g, dtype=float)
    return [float(f(b)), float(np.sqrt(g @ covariance @ g))]


def brant(X, level, m):
    """Brant (1990) from statsmodels' separate logits; X has the intercept first."""
    n, k = X.shape
    fits = [sm.Logit((level > j).astype(float), X).fit(disp=0, method="newton", tol=1e-14, maxiter=100) for j in range(m)]
    pi = [f.predict() for f in fits]
    inverse = [np.linalg.inv(X.T @ (X * (p * (1 - p))[:, None])) for p in pi]
    V = np.zeros((m * (k - 1), m * (k - 1)))
    for j in range(m):
        for l in range(m):
            a, b = min(j, l), max(j, l)
            w = pi[b] - pi[a] * pi[b]
            block = inverse[j] @ (X.T @ (X * w[:, None])) @ inverse[l]
            V[j * (k - 1) : (j + 1) * (k - 1), l * (k - 1) : (l + 1) * (k - 1)] = block[1:, 1:]
    b = np.concatenate([f.params[1:] for f in fits])
    D = np.hstack([np.tile(np.eye(k - 1), (m - 1, 1)), -np.eye((m - 1) * (k - 1))])
    d = D @ b
    return float(d @ np.linalg.solve(D @ V @ D.T, d))


out = {"versions": {"mpmath": mp.__version__, "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}}
for name in ["plain", "small", "ties", "offset"]:
    d = pd.read_csv(f"tests/data/bounded_{name}.csv")
    B, C = (d.g == "B").astype(float), (d.g == "C").astype(float)
    X = np.column_stack([np.ones(len(d)), d.x, d.z, B, C])
    k = X.shape[1]
    scale = [1, 1 / X[:, 1].std(), 1, 1, 1]
    centre = X[:, 1].mean()
    near = X.copy()
    near[:, 1] -= centre
    back = lambda b: [b[0] - b[1] * centre, *b[1:]]
    one = {}

    y = d.binary.to_numpy()
    start = back(sm.Logit(y, near).fit(disp=0).params)
    # Predictors 1e5 away are moved, exactly; the intercept's own profile is then left out.
    exact = np.array([[LD(repr(float(v))) for v in row] for row in X])
    middle = LD(repr(round(float(centre), 3))) if name == "offset" else LD(0)
    exact[:, 1] -= middle
    put = np.eye(k, dtype=LD)
    put[0, 1] = -middle
    own = range(1 if middle else 0, k)
    spread = lambda m: floats(np.sqrt(np.diag(put @ eliminate(m)[0] @ put.T)))
    start = start if not middle else list(sm.Logit(y, exact.astype(float)).fit(disp=0).params)
    value, score = logit_problem(exact, y)
    at, _ = solve(score, start)
    value_f, score_f, information = firth_problem(exact, y)
    one["logistic"] = {
        "coef": floats(put @ at),
        "se": spread(information(at)),
        "log_lik": float(value(at)),
        "profile": [None] * (k - len(own)) + profiles(value, score, at, own),
    }
    covariance = eliminate(information(at))[0].astype(float)
    Xl = exact

    def mean_logit(b, x):
        return 1 / (1 + np.exp(-(x @ b)))

    def ame_x(b):
        p = mean_logit(b, Xl)
        return (p * (1 - p)).mean() * b[1]

    def ame_g(b):
        a, c = Xl.copy(), Xl.copy()
        a[:, 3:] = 0
        c[:, 3:] = [0, 1]
        return (mean_logit(b, c) - mean_logit(b, a)).mean()

    one["logistic"]["ame_x"] = delta(ame_x, at, covariance)
    one["logistic"]["ame_gC"] = delta(ame_g, at, covariance)

    value, score = value_f, score_f
    at, _ = solve(score, start)
    one["firth"] = {
        "coef": floats(put @ at),
        "se": spread(information(at)),
        "log_lik": float(value(at)),
        "profile": [None] * (k - len(own)) + profiles(value, score, at, own),
    }

    level = d.ordered.to_numpy() - 1
    m = int(level.max())
    cumulative = [np.log((level <= j).mean() / (level > j).mean()) for j in range(m)]
    # From the marginal thresholds and nothing else, in centred predictors.
    centred = exact[:, 1:]
    value, score = ordinal_problem(centred, level, m)
    at, jac = solve(score, np.array(cumulative + [0.0] * (k - 1), dtype=LD))
    ends = profiles(value, score, at, range(m, m + k - 1))
    # Thresholds with the centre put back; their errors from the same linear map.
    back_o = np.eye(m + k - 1)
    back_o[:m, m] = float(middle)
    covariance_o = back_o @ np.linalg.inv(-jac) @ back_o.T
    log_lik = value(at)
    at = np.concatenate([at[:m] + middle * at[m], at[m:]])
    one["ordinal"] = {
        "coef": floats(at),
        "se": floats(np.sqrt(np.diag(covariance_o))),
        "log_lik": float(log_lik),
        "profile": ends,
    }
    try:
        one["ordinal"]["brant"] = brant(near, level, m)
    except Exception as problem:  # a separate logit without an estimate
        one["ordinal"]["brant_undefined"] = type(problem).__name__

    shares = [mp.mpf(repr(v)) / 100 for v in d.inner]
    rows = mp_rows(exact)
    value, score, expected = beta_problem(rows, shares)
    fitted = sm.GLM(d.inner / 100, exact.astype(float), family=sm.families.Binomial()).fit()
    at = solve_mp(score, list(fitted.params) + [2.0])
    inverse = np.array((expected(at) ** -1).tolist(), dtype=float)
    put_b = np.eye(k + 1, dtype=LD)
    put_b[:k, :k] = put
    eta = [dot(x, at[:k]) for x in rows]
    star = [float(mp.log(s / (1 - s))) for s in shares]
    one["beta"] = {
        "coef": floats(put_b @ np.array([LD(mp.nstr(a, 22)) for a in at])),
        "se": floats(np.sqrt(np.diag(put_b @ inverse @ put_b.T))),
        "log_lik": float(value(at) - len(shares) * mp.log(100)),
        "pseudo_r_squared": float(np.corrcoef(floats(eta), star)[0, 1] ** 2),
    }
    one["beta"]["ame_x"] = delta(lambda b: 100 * ame_x(b[:k]), floats(at), inverse)

    # A tobit with limits 0 and 300, and log σ linear in the predictors.
    low, high = d.limited.to_numpy() <= 0, d.limited.to_numpy() >= 300
    unit = 100.0
    target = d.limited.to_numpy() / unit

    def negative(p, z):
        mu, s = near @ p[:k], np.exp(z @ p[k:])
        norm = scipy.stats.norm
        ll = norm.logpdf((target - mu) / s) - np.log(s * unit)
        ll = np.where(low, norm.logcdf(-mu / s), ll)
        ll = np.where(high, norm.logsf((300 / unit - mu) / s), ll)
        return -ll.sum()

    best = {}
    for label, z in [("equal", near[:, :1]), ("unequal", near)]:
        p = np.concatenate([np.linalg.lstsq(near, target, rcond=None)[0], np.zeros(z.shape[1])])
        for _ in range(20):
            p = scipy.optimize.minimize(negative, p, args=(z,), method="BFGS", options={"gtol": 1e-9}).x
        best[label] = (negative(p, z), p)
    one["tobit"] = {"log_lik": -best["equal"][0], "unequal_spread": 2 * (best["equal"][0] - best["unequal"][0])}

    def seen_mean(p):
        def mean(shift):
            x = near.copy()
            x[:, 1] += shift
            mu, s = x @ p[:k] * unit, np.exp(p[k]) * unit
            norm = scipy.stats.norm
            a, b = -mu / s, (300 - mu) / s
            return (300 * norm.sf(b) + mu * (norm.cdf(b) - norm.cdf(a)) + s * (norm.pdf(a) - norm.pdf(b))).mean()

        h = 1e-3
        return (8 * (mean(h) - mean(-h)) - (mean(2 * h) - mean(-2 * h))) / (12 * h)

    one["tobit"]["ame_x"] = float(seen_mean(best["equal"][1]))
    out[name] = one
print(json.dumps(out, indent=1))
