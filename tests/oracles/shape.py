"""Reference numbers for curves, steps, breakpoints and predictions, from the definitions in 40 digits.

    python shape.py > shape.py.json      (in this directory)

Data: ../data/*.csv. Splines are natural cubic splines by truncated powers, whatever basis a program
chooses; breakpoints are found interval by interval with free lines on both sides, and by bisection;
isotonic fits are max-min formulas in fractions, compared with scikit-learn here; jackknife+ leaves
each respondent out; cross-validation is scikit-learn's on given folds.
"""

import csv
import json
import sys
from fractions import Fraction

import mpmath
import numpy as np
import scipy
import sklearn
from mpmath import matrix, mp, mpf
from scipy import stats
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LinearRegression

mp.dps = 40


def table(name):
    with open(f"../data/{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return {k: [r[k] for r in rows] for k in rows[0]}


def num(words):
    return [mpf(float(w)) for w in words]


def solve(columns, y):
    """Coefficients, (X'X)^-1, residuals. Columns are centred on their first value against cancellation."""
    k = len(columns)
    a = matrix(k, k)
    b = matrix(k, 1)
    for i in range(k):
        b[i] = mp.fdot(columns[i], y)
        for j in range(i, k):
            a[i, j] = a[j, i] = mp.fdot(columns[i], columns[j])
    inverse = a**-1
    beta = inverse * b
    fitted = [mp.fdot([c[r] for c in columns], beta) for r in range(len(y))]
    return beta, inverse, [u - v for u, v in zip(y, fitted)], fitted


def rss_of(columns, y):
    return mp.fsum(e * e for e in solve(columns, y)[2])


def quantile(values, share, of):
    v = sorted(values)
    h = mpf(len(v) - 1) * share / of
    low = int(mp.floor(h))
    return v[low] + (h - low) * (v[min(low + 1, len(v) - 1)] - v[low])


def cube(v):
    return v**3 if v > 0 else mpf(0)


def natural(x, knots):
    """x and the bent columns of a natural spline with these knots (Hastie, Tibshirani and Friedman, 5.4)."""

    def d(v, k):
        return (cube(v - knots[k]) - cube(v - knots[-1])) / (knots[-1] - knots[k])

    count = len(knots)
    return [x] + [[d(v, k) - d(v, count - 2) for v in x] for k in range(count - 2)]


def harrell(x, count):
    """Hmisc's knots, for data without a heap of a twentieth at an end."""
    outer = {3: (1, 10), 4: (1, 20), 5: (1, 20), 6: (1, 20)}.get(count, (1, 40))
    first = mpf(outer[0]) / outer[1]
    places = [first + (1 - 2 * first) * j / (count - 1) for j in range(count)]
    v = sorted(x)
    knots = [quantile(x, p, 1) for p in places]
    if len(v) < 100:
        knots[0], knots[-1] = v[4], v[-5]
    return knots


def spline(kind, x, arg):
    if kind == "ns":
        inner = [mpf(k) for k in arg] if isinstance(arg, list) else [quantile(x, j, arg) for j in range(1, arg)]
        knots = [min(x)] + inner + [max(x)]
    else:
        knots = [mpf(k) for k in arg] if isinstance(arg, list) else harrell(x, arg)
    return knots, lambda values: natural(values, knots)


def dummy(words, level):
    return [mpf(int(w == level)) for w in words]


def splines():
    cases = [
        ("regression_ties", "ssi ~ ns(score, 3) + many", "ssi", ("ns", "score", 3), ["many"]),
        ("regression_ties", "ssi ~ ns(score, knots = c(2.5, 6))", "ssi", ("ns", "score", [2.5, 6]), []),
        ("regression_factor", "y ~ ns(x, 4) + z", "y", ("ns", "x", 4), ["z"]),
        ("regression_factor", "y ~ rcs(x, 5) + z", "y", ("rcs", "x", 5), ["z"]),
        ("regression_factor", "y ~ rcs(x, c(3, 5, 7))", "y", ("rcs", "x", [3, 5, 7]), []),
        ("regression_outliers", "y ~ ns(w, 2) + x", "y", ("ns", "w", 2), ["x"]),
        ("regression_outliers", "y ~ rcs(w, 3) + x", "y", ("rcs", "w", 3), ["x"]),
        ("continuous", "y ~ ns(x, 5)", "y", ("ns", "x", 5), []),
        ("continuous", "y ~ rcs(x, 7)", "y", ("rcs", "x", 7), []),
        ("mid", "y ~ ns(x, 3)", "y", ("ns", "x", 3), []),
        ("near_line", "y ~ ns(x, 3)", "y", ("ns", "x", 3), []),
    ]
    out = []
    for data, formula, outcome, (kind, name, arg), others in cases:
        t = table(data)
        y, x = num(t[outcome]), num(t[name])
        knots, basis = spline(kind, x, arg)
        centre = x[0]
        moved = [k - centre for k in knots]
        columns = natural([v - centre for v in x], moved)
        rest = [num(t[o]) for o in others]
        one = [mpf(1)] * len(y)
        full = [one] + columns + rest
        beta, inverse, e, fitted = solve(full, y)
        rss = mp.fsum(v * v for v in e)
        n, k = len(y), len(full)
        straight = rss_of([one, columns[0]] + rest, y)
        df = len(columns) - 1
        f = (straight - rss) / df / (rss / (n - k))
        p = mp.betainc(mpf(n - k) / 2, mpf(df) / 2, 0, (n - k) / (n - k + df * f), regularized=True)
        low, high = min(x), max(x)
        places = [low - (high - low) / 4, low, (2 * low + high) / 3, high, high + (high - low) / 2]
        # Doubles, as the programs get them.
        places = [mpf(float(v)) for v in places]
        new = natural([v - centre for v in places], moved)
        at = [beta[0] + mp.fsum(beta[1 + j] * c[i] for j, c in enumerate(new)) for i in range(len(places))]
        tail = mp.fsum(beta[1 + len(columns) + j] * mp.fsum(c) / n for j, c in enumerate(rest))
        out.append(
            {
                "data": data,
                "formula": formula,
                "straight": formula.split("~")[0] + "~ " + " + ".join([name] + others),
                "knots": knots,
                "fitted": fitted,
                "rss": rss,
                "log_lik": -mpf(n) / 2 * (mp.log(2 * mp.pi) + mp.log(rss / n) + 1),
                "f": f,
                "df": [df, n - k],
                "p": p,
                "places": places,
                "at": [v + tail for v in at],
                "name": name,
            }
        )
        print(formula, file=sys.stderr)
    return out


def hinge(x, at):
    return [max(v - at, mpf(0)) for v in x]


def student(df, level=mpf("0.95")):
    """The two-sided quantile of t, by bisection of the incomplete beta function."""
    low, high = mpf(0), mpf(100)
    for _ in range(140):
        middle = (low + high) / 2
        outside = mp.betainc(mpf(df) / 2, mpf(1) / 2, 0, df / (df + middle**2), regularized=True)
        low, high = (middle, high) if outside > 1 - level else (low, middle)
    return low


def segmented():
    cases = [
        ("regression_ties", "ssi ~ score + many", "ssi", ["score", "many"]),
        ("regression_factor", "y ~ x + z", "y", ["x", "z"]),
        ("regression_outliers", "y ~ w + x", "y", ["w", "x"]),
        ("continuous", "y ~ x", "y", ["x"]),
        ("ties", "y ~ x", "y", ["x"]),
        ("mid", "y ~ x", "y", ["x"]),
    ]
    out = []
    for data, formula, outcome, names in cases:
        t = table(data)
        y = num(t[outcome])
        n = len(y)
        columns = [[mpf(1)] * n] + [num(t[c]) for c in names]
        x = columns[1]
        values = sorted(set(x))
        k = len(columns)
        # Orthonormal columns make each further residual sum of squares cheap.
        basis = []
        for column in columns:
            c = column
            for b in basis:
                d = mp.fdot(b, c)
                c = [u - d * v for u, v in zip(c, b)]
            length = mp.sqrt(mp.fdot(c, c))
            basis.append([u / length for u in c])

        def rest(column):
            c = column
            for _ in range(2):
                for b in basis:
                    d = mp.fdot(b, c)
                    c = [u - d * v for u, v in zip(c, b)]
            return c

        e = rest(y)
        null = mp.fdot(e, e)

        def rss(at):
            h = rest(hinge(x, at))
            return null - mp.fdot(h, e) ** 2 / mp.fdot(h, h)

        best = None
        for low, high in zip(values[1:-2], values[2:-1]):
            jump = rest([mpf(int(v > low)) for v in x])
            change = rest(hinge(x, low))
            aa, ab, bb = mp.fdot(jump, jump), mp.fdot(jump, change), mp.fdot(change, change)
            ya, yb = mp.fdot(jump, e), mp.fdot(change, e)
            det = aa * bb - ab * ab
            a, b = (bb * ya - ab * yb) / det, (aa * yb - ab * ya) / det
            inside = low - a / b
            for at in [low, high] + ([inside] if low < inside < high else []):
                value = rss(at)
                if best is None or value < best[0]:
                    best = (value, at)
        least, psi = best
        df = n - k - 2
        most = least * (1 + student(df) ** 2 / df)
        ends = []
        grid = 12
        for low, high in zip(values[1:-2], values[2:-1]):
            places = [low + (high - low) * j / grid for j in range(grid + 1)]
            if low < psi < high:
                # So that no piece around the estimate is missed.
                places = sorted(places + [psi])
            inside = [rss(v) <= most or v == psi for v in places]
            for j in range(len(places) - 1):
                if inside[j]:
                    ends.append(places[j])
                if inside[j + 1]:
                    ends.append(places[j + 1])
                if inside[j] != inside[j + 1]:
                    a, b = places[j], places[j + 1]
                    for _ in range(110):
                        m = (a + b) / 2
                        if (rss(m) <= most) == inside[j]:
                            a = m
                        else:
                            b = m
                    ends.append(a)
        full = columns + [hinge(x, psi)]
        beta, _, residuals, _ = solve(full, y)
        total = mp.fdot(residuals, residuals)
        delta = beta[k]
        linear = full + [[-delta * int(v > psi) for v in x]]
        # With one value beyond the breakpoint its place is not defined, and the matrix is singular.
        defined = sum(u > psi for u in values) > 1 and sum(u < psi for u in values) > 0
        s2 = total / df
        v = solve(linear, y)[1] * s2 if defined else matrix(k + 2, k + 2)
        average = [mp.fsum(max(u - (values[0] + (values[-1] - values[0]) * j / 9), mpf(0)) for j in range(10)) / 10 for u in x]
        wide, inv, r, _ = solve(columns + [average], y)
        own = mp.fdot(r, r) / (n - k - 1)
        score = wide[k] / mp.sqrt(inv[k, k] * own)
        p = mp.betainc(mpf(n - k - 1) / 2, mpf(1) / 2, 0, (n - k - 1) / (n - k - 1 + score**2), regularized=True)
        out.append(
            {
                "data": data,
                "formula": formula,
                "breakpoint": psi,
                "rss": least,
                "interval": [min(ends), max(ends)],
                "estimate": list(beta),
                "std_error": [mp.sqrt(v[i, i]) for i in range(k + 1)],
                "breakpoint_error": mp.sqrt(v[k + 1, k + 1]),
                "slopes": [beta[1], beta[1] + delta],
                "slope_errors": [mp.sqrt(v[1, 1]), mp.sqrt(v[1, 1] + 2 * v[1, k] + v[k, k])],
                "score": score,
                "score_p": p,
                "df": df,
            }
        )
        print(formula, psi, file=sys.stderr)
    return out


def isotonic():
    out = []
    for data, xn, yn in [("ties", "x", "y"), ("regression_ties", "score", "ssi"), ("continuous", "x", "y"), ("outliers", "x", "y")]:
        t = table(data)
        x, y = [float(v) for v in t[xn]], [float(v) for v in t[yn]]
        values = sorted(set(x))
        sums = {v: [Fraction(0), 0] for v in values}
        for a, b in zip(x, y):
            sums[a][0] += Fraction(b)
            sums[a][1] += 1

        def fit(sign):
            level = {}
            for i, v in enumerate(values):
                best = None
                for s in range(i + 1):
                    total, count, least = Fraction(0), 0, None
                    for u in range(s, len(values)):
                        total += sign * sums[values[u]][0]
                        count += sums[values[u]][1]
                        if u >= i:
                            mean = total / count
                            least = mean if least is None or mean < least else least
                    best = least if best is None or least > best else best
                level[v] = sign * best
            return [level[v] for v in x]

        case = {"data": data, "formula": f"{yn} ~ {xn}"}
        for name, sign in [("rising", 1), ("falling", -1)]:
            fitted = fit(sign)
            theirs = IsotonicRegression(increasing=sign > 0).fit(x, y).predict(x)
            assert np.allclose([float(f) for f in fitted], theirs, rtol=1e-9), data
            case[name] = [float(f) for f in fitted]
        out.append(case)
    return out


def predictions():
    t = table("regression_factor")
    y, x, z = num(t["y"]), num(t["x"]), num(t["z"])
    n = len(y)
    one = [mpf(1)] * n
    levels = sorted(set(t["region"]))
    columns = [one, x] + [dummy(t["region"], r) for r in levels[1:]]
    beta, inverse, e, fitted = solve(columns, y)
    k = len(columns)
    df = n - k
    s2 = mp.fdot(e, e) / df
    q = student(df)
    h = [mp.fsum(columns[a][i] * inverse[a, b] * columns[b][i] for a in range(k) for b in range(k)) for i in range(n)]
    meat = matrix(k, k)
    for a in range(k):
        for b in range(k):
            meat[a, b] = mp.fsum(columns[a][i] * columns[b][i] * (e[i] / (1 - h[i])) ** 2 for i in range(n))
    robust = inverse * meat * inverse
    most = max(levels, key=lambda r: (t["region"].count(r), -levels.index(r)))
    out = []
    for text, value, region in [("x=5,region=JP", mpf(5), "JP"), ("region=LATAM", mp.fsum(x) / n, "LATAM"), ("x=2.5", mpf(2.5), most)]:
        row = [mpf(1), value] + [mpf(int(region == r)) for r in levels[1:]]
        at = mp.fsum(row[j] * beta[j] for j in range(k))
        hh = mp.fsum(row[a] * inverse[a, b] * row[b] for a in range(k) for b in range(k))
        hr = mp.sqrt(mp.fsum(row[a] * robust[a, b] * row[b] for a in range(k) for b in range(k)))
        se, one_se = mp.sqrt(s2 * hh), mp.sqrt(s2 * (1 + hh))
        # Jackknife+: a fit without each respondent.
        lows, highs = [], []
        for i in range(n):
            keep = [j for j in range(n) if j != i]
            b, _, _, _ = solve([[c[j] for j in keep] for c in columns], [y[j] for j in keep])
            own = abs(y[i] - mp.fsum(columns[a][i] * b[a] for a in range(k)))
            mean = mp.fsum(row[a] * b[a] for a in range(k))
            lows.append(mean - own)
            highs.append(mean + own)
        plus = []
        for level in (mpf("0.9"), mpf("0.95")):
            alpha = 1 - level
            low_rank = int(mp.floor(alpha * (n + 1) + mpf("1e-12")))
            high_rank = int(mp.ceil(level * (n + 1) - mpf("1e-12")))
            plus.append([sorted(lows)[low_rank - 1], sorted(highs)[high_rank - 1]])
        out.append(
            {
                "at": text,
                "estimate": at,
                "std_error": se,
                "mean": [at - q * se, at + q * se],
                "one": [at - q * one_se, at + q * one_se],
                "hc3": [at - q * hr, at + q * hr],
                "jackknife_plus": plus,
            }
        )
        print(text, file=sys.stderr)
    return {"data": "regression_factor", "formula": "y ~ x + region", "points": out}


def validation():
    t = table("regression_factor")
    y, x, z = (np.array([float(v) for v in t[c]]) for c in ("y", "x", "z"))
    n = len(y)
    folds = [[[i for i in range(n) if (step * i + i // 7) % 6 == f] for f in range(6)] for step in (1, 5)]
    share = 1 / 5

    def model(columns):
        squares, sizes, spreads, counts = [], [], [], []
        for repeat in folds:
            for test in repeat:
                train = [i for i in range(n) if i not in test]
                fit = LinearRegression().fit(columns[train], y[train])
                e = y[test] - fit.predict(columns[test])
                squares.append(np.sum(e**2))
                sizes.append(np.sum(np.abs(e)))
                spreads.append(np.sum((y[test] - y[train].mean()) ** 2))
                counts.append(len(test))
        return tuple(np.array(v, dtype=float) for v in (squares, sizes, spreads, counts))

    def half(v):
        j = len(v)
        tested = 2 * n / j
        return stats.t.ppf(0.975, j - 1) * np.sqrt((1 / j + tested / (n - tested)) * np.var(v, ddof=1))

    def measures(m):
        squares, sizes, spreads, counts = m
        mse, mae = squares.sum() / counts.sum(), sizes.sum() / counts.sum()
        ratio = squares.sum() / spreads.sum()
        h, a = half(squares / counts), half(sizes / counts)
        r = half((squares - ratio * spreads) / spreads.mean())
        return {
            "cv_r_squared": [1 - ratio, 1 - ratio - r, 1 - ratio + r],
            "cv_rmse": [np.sqrt(mse), np.sqrt(max(mse - h, 0)), np.sqrt(mse + h)],
            "cv_mae": [mae, mae - a, mae + a],
        }

    first, second = model(np.column_stack([x, z])), model(x[:, None])
    rmse = [np.sqrt(m[0].sum() / m[3].sum()) for m in (first, second)]
    d = half(first[0] / first[3] / (2 * rmse[0]) - second[0] / second[3] / (2 * rmse[1]))
    gap = rmse[0] - rmse[1]
    return {
        "data": "regression_factor",
        "formulas": ["y ~ x + z", "y ~ x"],
        "folds": folds,
        "measures": [measures(first), measures(second)],
        "difference": [gap, gap - d, gap + d],
    }


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return float(value) if isinstance(value, (mpf, np.floating)) else value


out = {
    "versions": {"python": sys.version.split()[0], "mpmath": mpmath.__version__, "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
    "splines": splines(),
    "isotonic": isotonic(),
    "predictions": predictions(),
    "validation": validation(),
    "segmented": segmented(),
}
json.dump(plain(out), sys.stdout, indent=1)
print()
