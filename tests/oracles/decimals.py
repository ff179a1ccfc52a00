"""What follows from a fit to decimal text, by rational arithmetic: sums of squares of types I and II,
nested F, White's and Koenker's tests, RESET, standardised coefficients, predictions, quantiles. The
data are NIST's Filip and Longley and a set with a large offset made here; each number is printed as
the double nearest to it and what the decimal text says beyond. Only square roots are mpmath's.
Prints decimals.py.json. Run in tests/oracles: python decimals.py > decimals.py.json"""

import csv
import json
from fractions import Fraction

import mpmath as mp

mp.mp.dps = 50


def real(q):
    return mp.mpf(q.numerator) / q.denominator


def text(q):
    return mp.nstr(real(q) if isinstance(q, Fraction) else q, 25)


def wide(values):
    return [[float(v), float(v - Fraction(float(v)))] for v in values]


def solve(a, b):
    k = len(a)
    rows = [list(a[i]) + [b[i]] for i in range(k)]
    for p in range(k):
        pivot = next(i for i in range(p, k) if rows[i][p] != 0)
        rows[p], rows[pivot] = rows[pivot], rows[p]
        rows[p] = [v / rows[p][p] for v in rows[p]]
        for i in range(k):
            if i != p and rows[i][p] != 0:
                factor = rows[i][p]
                rows[i] = [v - factor * w for v, w in zip(rows[i], rows[p])]
    return [row[k] for row in rows]


def dot(a, b):
    return sum(v * w for v, w in zip(a, b))


def fit(x, y):
    """Coefficients and residuals; columns that repeat others must not be there."""
    b = solve([[dot(u, v) for v in x] for u in x], [dot(u, y) for u in x])
    return b, [v - sum(c * column[i] for c, column in zip(b, x)) for i, v in enumerate(y)]


def rss(x, y):
    e = fit(x, y)[1]
    return dot(e, e)


def centred(v):
    mean = sum(v) / len(v)
    return [w - mean for w in v]


def case(name, formula, smaller, columns, y, terms, at, white):
    """`terms` are the predictors, `at` further rows to predict."""
    n, one = len(y), [Fraction(1)] * len(y)
    x = [one] + terms
    k = len(x)
    b, e = fit(x, y)
    residual = dot(e, e)
    steps = [rss(x[:j], y) for j in range(1, k + 1)]
    y_c = centred(y)
    fitted = [v - w for v, w in zip(y, e)]
    f_c = centred(fitted)
    wider = x + [[v**2 for v in f_c], [v**3 for v in f_c]]
    rest = rss(wider, y)
    reset = ((residual - rest) / 2) / (rest / (n - k - 2))
    u = centred([v * v for v in e])
    koenker = n * (1 - rss(x, u) / dot(u, u))
    out = {
        "name": name, "formula": formula, "smaller": smaller,
        "columns": {key: wide(v) for key, v in columns.items()},
        "type1": [text(a - c) for a, c in zip(steps, steps[1:])],
        "type2": [text(rss(x[:j] + x[j + 1:], y) - residual) for j in range(1, k)],
        "nested_f": text((steps[-2] - residual) / (residual / (n - k))),
        "reset": text(reset), "breusch_pagan": text(koenker),
        "standardised": [text(real(c) * mp.sqrt(real(dot(centred(v), centred(v)) / dot(y_c, y_c))))
                         for c, v in zip(b[1:], terms)],
        "predicted": [text(b[0] + dot(b[1:], row)) for row in at],
    }
    if white:
        products = [centred(t) for t in terms]
        squares = [[v * w for v, w in zip(p, q)] for i, p in enumerate(products)
                   for q in products[i:]]
        out["white"] = text(n * (1 - rss([one] + products + squares, u) / dot(u, u)))
    return out


def quantiles(v):
    v = sorted(v)
    def at(p):
        place = (len(v) - 1) * p
        low = place.numerator // place.denominator
        share = place - low
        return v[low] if share == 0 else (1 - share) * v[low] + share * v[low + 1]
    return {m: text(at(Fraction(p))) for m, p in [("q1", "1/4"), ("median", "1/2"), ("q3", "3/4")]}


def read(name):
    with open(f"../data/nist/{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: [Fraction(row[key]) for row in rows] for key in rows[0]}


filip, longley = read("Filip"), read("Longley")
powers = [[v**k for v in filip["x"]] for k in range(1, 11)]
terms = [f"I(x^{k})" for k in range(2, 11)]
further = [Fraction("-8.15"), Fraction("-5.55"), Fraction("-3.3")]
# Ten million and some tenths: the doubles hold eight decimals of them.
i = range(1, 41)
z = [Fraction(10**7) + Fraction((7 * j) % 41, 10) for j in i]
w = [Fraction(10**7) + Fraction((11 * j * j) % 43, 10) for j in i]
y = [Fraction(10**7) + Fraction(3 * ((7 * j) % 41), 100) - Fraction(((11 * j * j) % 43), 50)
     + Fraction((5 * j * j * j) % 17, 1000) for j in i]
shifted = [v - Fraction("10000000.1") for v in z]
out = {
    "versions": {"mpmath": mp.__version__},
    "fits": [
        case("Filip", "y ~ x + " + " + ".join(terms), "y ~ x + " + " + ".join(terms[:-1]),
             {"y": filip["y"], "x": filip["x"]}, filip["y"], powers,
             [[v**k for k in range(1, 11)] for v in further], False)
        | {"at": {"x": wide(further)}},
        case("Longley", "y ~ x1 + x2 + x3 + x4 + x5 + x6", "y ~ x1 + x2 + x3 + x4 + x5",
             longley, longley["y"], [longley[f"x{j}"] for j in range(1, 7)],
             [[Fraction(v) for v in ["90.1", "300000.5", "2500", "2200", "115000", "1955.5"]]], False)
        | {"at": {f"x{j + 1}": wide([Fraction(v)]) for j, v in
                  enumerate(["90.1", "300000.5", "2500", "2200", "115000", "1955.5"])}},
        case("offset", "y ~ z + w", "y ~ z", {"y": y, "z": z, "w": w}, y, [z, w],
             [[Fraction("10000000.35"), Fraction("10000001.15")]], True)
        | {"at": {"z": wide([Fraction("10000000.35")]), "w": wide([Fraction("10000001.15")])}},
        case("literal", "y ~ I((z - 10000000.1)^2) + w", "y ~ I((z - 10000000.1)^2)",
             {"y": y, "z": z, "w": w}, y, [[v * v for v in shifted], w],
             [[Fraction("0.25") ** 2, Fraction("10000001.15")]], True)
        | {"at": {"z": wide([Fraction("10000000.35")]), "w": wide([Fraction("10000001.15")])}},
    ],
    "quantiles": [{"values": wide(v), **quantiles(v)} for v in [filip["y"], z, y[:7]]],
}
print(json.dumps(out))
