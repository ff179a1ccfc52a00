"""Builds tests/data/nist: the data of NIST's Statistical Reference Datasets as CSV.

    python nist.py GSL_SOURCE

The ANOVA sets and Norris are read from the test data of scipy's wheel (1.17.1), Filip, Longley,
Pontius, Lew, Lottery, Mavro, Michelso and PiDigits from the tests in the source of the GNU
Scientific Library (Debian's gsl 2.7.1+dfsg, `apt-get source gsl`); NumAcc, Wampler and NoInt follow
NIST's rules, which are below. Each number keeps the digits it is written with.

Every file held the same numbers, decimal for decimal, as the copy of NIST's files in the repository
mathnet/mathnet-numerics when it was first built (31 sets, 129,428 numbers, no difference; PiDigits
as NIST has it, which is not pi everywhere). `certified.json`, which this script does not write, is
from there too: the certified values as NIST prints them, and the same by exact rational arithmetic,
on the decimals and on the doubles nearest to them. The script checks means, autocorrelations,
coefficients, R² and F against its own rational arithmetic; `tests/oracles/nist_exact.py` checks all
of them, standard deviations, standard errors and mean squares included.
"""

import json
import math
import re
import sys
from fractions import Fraction
from pathlib import Path

import scipy.stats

HERE = Path(__file__).parent / "nist"
SCIPY = Path(scipy.stats.__file__).parent / "tests" / "data"


def write(name, header, rows):
    lines = [header] + [",".join(row) for row in rows]
    (HERE / f"{name}.csv").write_text("\n".join(lines) + "\n")


def c_array(path, name):
    text = path.read_text()
    body = re.search(r"\b%s\s*\[\d*\]\s*=\s*\{([^}]*)\}" % name, text).group(1)
    numbers = re.findall(r"-?[\d.]+", body)
    return [re.sub(r"^(-?)\.", r"\g<1>0.", number) for number in numbers]


def anova(name):
    lines = (SCIPY / "nist_anova" / f"{name}.dat").read_text().splitlines()
    write(name, "group,y", [line.split() for line in lines[60:] if line.strip()])


def from_scipy():
    for name in ["SiRstv", "AtmWtAg"] + [f"SmLs0{i}" for i in range(1, 10)]:
        anova(name)
    lines = (SCIPY / "nist_linregress" / "Norris.dat").read_text().splitlines()
    write("Norris", "y,x", [line.split() for line in lines[60:] if line.strip()])


def from_gsl(source):
    nist = source / "statistics" / "test_nist.c"
    for name, array in [("Lew", "lew"), ("Lottery", "lottery"), ("Mavro", "mavro"),
                        ("Michelso", "michelson"), ("PiDigits", "pidigits")]:
        write(name, "y", [[v] for v in c_array(nist, array)])
    for name in ["Filip", "Pontius"]:
        path = source / "multifit" / f"test_{name.lower()}.c"
        x, y = (c_array(path, f"{name.lower()}_{v}") for v in "xy")
        write(name, "y,x", zip(y, x))
    path = source / "multifit" / "test_longley.c"
    x, y = c_array(path, "longley_x"), c_array(path, "longley_y")
    write("Longley", "y," + ",".join(f"x{i}" for i in range(1, 7)),
          [[v] + x[7 * i + 1:7 * i + 7] for i, v in enumerate(y)])


def by_rule():
    write("NumAcc1", "y", [["10000001"], ["10000003"], ["10000002"]])
    for name, whole in [("NumAcc2", "1"), ("NumAcc3", "1000000"), ("NumAcc4", "10000000")]:
        write(name, "y", [[f"{whole}.2"]] + [[f"{whole}.1"], [f"{whole}.3"]] * 500)
    half = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048]
    noise = half + [2048] + half[::-1]
    clean = [sum(x**k for k in range(6)) for x in range(21)]
    tenths = [sum(x**k * 10 ** (5 - k) for k in range(6)) for x in range(21)]
    write("Wampler1", "y,x", [[str(y), str(x)] for x, y in enumerate(clean)])
    write("Wampler2", "y,x",
          [[f"{y // 10**5}.{y % 10**5:05d}", str(x)] for x, y in enumerate(tenths)])
    for name, size in [("Wampler3", 1), ("Wampler4", 100), ("Wampler5", 10_000)]:
        write(name, "y,x", [[str(y + size * noise[x]), str(x)] for x, y in enumerate(clean)])
    write("NoInt1", "y,x", [[str(130 + i), str(60 + i)] for i in range(11)])
    write("NoInt2", "y,x", [["3", "4"], ["4", "5"], ["4", "6"]])


def solve(a, b):
    """The solution of a square system, by elimination with fractions."""
    n = len(b)
    rows = [row + [value] for row, value in zip(a, b)]
    for p in range(n):
        pivot = next(i for i in range(p, n) if rows[i][p] != 0)
        rows[p], rows[pivot] = rows[pivot], rows[p]
        rows[p] = [v / rows[p][p] for v in rows[p]]
        for i in range(n):
            if i != p and rows[i][p] != 0:
                rows[i] = [v - rows[i][p] * w for v, w in zip(rows[i], rows[p])]
    return [row[n] for row in rows]


def facts(entry, columns):
    """What has no root in it: means, autocorrelations, coefficients, R squared and F."""
    y = columns["y"]
    n = len(y)
    # Integers that n and the groups' sizes divide: fractions of thousands of rows take minutes.
    scale = math.lcm(*(v.denominator for v in y)) * n * (n // entry.get("k", 1))
    whole = [int(v * scale) for v in y]
    mean = sum(whole) // n
    d = [v - mean for v in whole]
    if entry["class"] == "univariate":
        r1 = Fraction(sum(a * b for a, b in zip(d, d[1:])), sum(v * v for v in d))
        return {"mean": Fraction(mean, scale), "r1": r1}
    total = Fraction(sum(v * v for v in d), scale**2)
    if entry["class"] == "anova":
        groups = {}
        for g, v in zip(columns["group"], whole):
            groups.setdefault(g, []).append(v)
        k = len(groups)
        within = sum(sum((v - sum(c) // len(c)) ** 2 for v in c) for c in groups.values())
        within = Fraction(within, scale**2)
        f = ((total - within) / (k - 1)) / (within / (n - k))
        return {"r2": 1 - within / total, "F": f}
    model = entry["model"]
    if model["kind"] == "poly":
        first = 0 if model["intercept"] else 1
        x = [[v**k for k in range(first, model["degree_or_p"] + 1)] for v in columns["x"]]
    else:
        x = [[Fraction(1)] + list(row) for row in zip(*(columns[f"x{i}"] for i in range(1, 7)))]
    k = len(x[0])
    gram = [[sum(row[i] * row[j] for row in x) for j in range(k)] for i in range(k)]
    coef = solve(gram, [sum(row[i] * v for row, v in zip(x, y)) for i in range(k)])
    rest = sum((v - sum(b * c for b, c in zip(row, coef))) ** 2 for row, v in zip(x, y))
    base = total if model["intercept"] else sum(v * v for v in y)
    found = {"coef": coef, "r2": 1 - rest / base}
    if rest:
        found["F"] = ((base - rest) / (k - model["intercept"])) / (rest / (n - k))
    return found


def check():
    worst = 0
    for name, entry in json.loads((HERE / "certified.json").read_text())["datasets"].items():
        lines = (HERE / f"{name}.csv").read_text().split()
        cells = list(zip(*(line.split(",") for line in lines[1:])))
        texts = dict(zip(lines[0].split(","), cells))
        for kind, read in [("exact", Fraction), ("exact_on_doubles", lambda t: Fraction(float(t)))]:
            ours = facts(entry, {c: [read(t) for t in v] for c, v in texts.items()})
            for key, value in ours.items():
                given = entry[kind][key]
                pairs = zip(value, given) if key == "coef" else [(value, given)]
                for a, b in pairs:
                    off = abs(a - Fraction(b))
                    worst = max(worst, float(off / abs(Fraction(b))) if Fraction(b) else float(off))
    print(f"certified.json against rational arithmetic: at most {worst:.1e} off")
    assert worst < 1e-25


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    from_scipy()
    from_gsl(Path(sys.argv[1]))
    by_rule()
    check()
