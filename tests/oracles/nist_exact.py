"""Checks tests/data/nist/certified.json by rational arithmetic on the data as they are committed:
every mean, standard deviation, autocorrelation, mean square, F, R², residual standard deviation,
coefficient and standard error, on the decimals (`exact`) and on the doubles nearest to them
(`exact_on_doubles`). Sums, products and elimination are Python fractions; only the last square root
is mpmath's, at 60 digits. Prints for each set the digits in which the committed numbers (30 of them)
agree, and how many of the digits that NIST printed do, as nist_exact.py.json. Run in tests/oracles:
python nist_exact.py > nist_exact.py.json"""

import csv
import json
from fractions import Fraction

import mpmath as mp

mp.mp.dps = 60
DATA = "../data/nist/"


def real(q):
    return mp.mpf(q.numerator) / q.denominator


def root(q):
    return mp.sqrt(real(q))


def solve(a, columns):
    """A⁻¹ of several right-hand sides, by elimination in fractions."""
    k = len(a)
    rows = [list(a[i]) + [c[i] for c in columns] for i in range(k)]
    for p in range(k):
        pivot = next(i for i in range(p, k) if rows[i][p] != 0)
        rows[p], rows[pivot] = rows[pivot], rows[p]
        rows[p] = [v / rows[p][p] for v in rows[p]]
        for i in range(k):
            if i != p and rows[i][p] != 0:
                factor = rows[i][p]
                rows[i] = [v - factor * w for v, w in zip(rows[i], rows[p])]
    return [[rows[i][k + j] for i in range(k)] for j in range(len(columns))]


def univariate(y):
    n, mean = len(y), sum(y) / len(y)
    d = [v - mean for v in y]
    squares = sum(v * v for v in d)
    return {"mean": real(mean), "sd": root(squares / (n - 1)),
            "r1": real(sum(a * b for a, b in zip(d, d[1:])) / squares)}


def anova(y, groups):
    sets = {}
    for value, group in zip(y, groups):
        sets.setdefault(group, []).append(value)
    n, k, grand = len(y), len(sets), sum(y) / len(y)
    means = {g: sum(v) / len(v) for g, v in sets.items()}
    between = sum(len(v) * (means[g] - grand) ** 2 for g, v in sets.items())
    within = sum((x - means[g]) ** 2 for g, v in sets.items() for x in v)
    ms_between, ms_within = between / (k - 1), within / (n - k)
    return {"df_between": mp.mpf(k - 1), "df_within": mp.mpf(n - k), "ss_between": real(between),
            "ss_within": real(within), "ms_between": real(ms_between), "ms_within": real(ms_within),
            "F": real(ms_between / ms_within), "r2": real(between / (between + within)),
            "resid_sd": root(ms_within)}


def linear(y, x, intercept):
    n, k = len(y), len(x)
    cross = [[sum(a * b for a, b in zip(x[i], x[j])) for j in range(k)] for i in range(k)]
    moments = [sum(a * b for a, b in zip(column, y)) for column in x]
    unit = [[Fraction(int(i == j)) for i in range(k)] for j in range(k)]
    coef, *inverse = solve(cross, [moments] + unit)
    residual = sum((v - sum(b * column[i] for b, column in zip(coef, x))) ** 2
                   for i, v in enumerate(y))
    centre = sum(y) / n if intercept else Fraction(0)
    total = sum((v - centre) ** 2 for v in y)
    df_reg = k - int(intercept)
    ms_reg, ms_res = (total - residual) / df_reg, residual / (n - k)
    found = {"coef": [real(b) for b in coef],
             "se": [root(ms_res * inverse[j][j]) for j in range(k)],
             "resid_sd": root(ms_res), "r2": real(1 - residual / total), "df_reg": mp.mpf(df_reg),
             "df_res": mp.mpf(n - k), "ss_reg": real(total - residual), "ms_reg": real(ms_reg),
             "ss_res": real(residual), "ms_res": real(ms_res)}
    if ms_res != 0:
        found["F"] = real(ms_reg / ms_res)
    return found


def answers(entry, d, number):
    y = [number(v) for v in d["y"]]
    if entry["class"] == "univariate":
        return univariate(y)
    if entry["class"] == "anova":
        return anova(y, d["group"])
    model = entry["model"]
    if model["kind"] == "poly":
        first = 0 if model["intercept"] else 1
        base = [number(v) for v in d["x"]]
        x = [[v**k for v in base] for k in range(first, model["degree_or_p"] + 1)]
    else:
        x = [[Fraction(1)] * len(y)] + [[number(v) for v in d[f"x{j}"]] for j in range(1, 7)]
    return linear(y, x, model["intercept"])


def digits(found, stated):
    """Agreeing significant digits; decimals where the truth is 0."""
    try:
        stated = mp.mpf(stated)
    except (ValueError, TypeError):
        return None
    if not mp.isfinite(stated):
        return None
    if found == stated:
        return 60.0
    off = abs(found - stated) / (abs(found) if found != 0 else 1)
    return float(-mp.log10(off))


def compared(found, stated):
    """The fewest agreeing digits for each answer that both have."""
    out = {}
    for key, values in found.items():
        if key not in stated:
            continue
        values = values if isinstance(values, list) else [values]
        other = stated[key] if isinstance(stated[key], list) else [stated[key]]
        assert len(values) == len(other), key
        each = [d for d in map(digits, values, other) if d is not None]
        if each:
            out[key] = round(min(each), 1)
    return out


entries = json.load(open(f"{DATA}certified.json"))["datasets"]
print('{\n"versions": ' + json.dumps({"mpmath": mp.__version__}), end="")
for name, entry in entries.items():
    with open(f"{DATA}{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    d = {key: [row[key] for row in rows] for key in rows[0]}
    exact = answers(entry, d, Fraction)
    doubles = answers(entry, d, lambda text: Fraction(float(text)))
    out = {"exact": compared(exact, entry["exact"]),
           "exact_on_doubles": compared(doubles, entry["exact_on_doubles"]),
           "certified": compared(exact, entry["certified"])}
    print(f',\n"{name}": ' + json.dumps(out), end="")
print("\n}")
