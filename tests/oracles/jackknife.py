"""The jackknife interval of r, rho and tau-b on Fisher's scale, from the definition: each respondent
is really left out and the correlation computed anew, with 40 digits. Prints jackknife.py.json:

    python tests/oracles/jackknife.py > tests/oracles/jackknife.py.json
"""

import csv
import json
import sys
from pathlib import Path

import mpmath
from mpmath import mp, mpf

mp.dps = 40
data = Path(__file__).resolve().parent.parent / "data"


def pearson(x, y):
    n = len(x)
    mx, my = mp.fsum(x) / n, mp.fsum(y) / n
    xy = mp.fsum((a - mx) * (b - my) for a, b in zip(x, y))
    return xy / mp.sqrt(mp.fsum((a - mx) ** 2 for a in x) * mp.fsum((b - my) ** 2 for b in y))


def ranks(v):
    return [mpf(sum(a < b for a in v)) + mpf(sum(a == b for a in v) + 1) / 2 for b in v]


def sign(a, b):
    return (a > b) - (a < b)


def kendall(x, y):
    pairs = [(i, j) for i in range(len(x)) for j in range(i)]
    s = sum(sign(x[i], x[j]) * sign(y[i], y[j]) for i, j in pairs)
    p, q = (sum(v[i] != v[j] for i, j in pairs) for v in (x, y))
    return mpf(s) / mp.sqrt(mpf(p) * q)


METHODS = {"pearson": pearson, "spearman": lambda x, y: pearson(ranks(x), ranks(y)), "kendall": kendall}


def t_quantile(df):
    cdf = lambda t: 1 - mp.betainc(mpf(df) / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
    return mp.findroot(lambda t: cdf(t) - mpf("0.975"), 2)


out = {"made_by": "tests/oracles/jackknife.py", "versions": {"python": sys.version.split()[0], "mpmath": mpmath.__version__}, "level": 0.95, "rows": []}
for name in ("continuous", "ties", "outliers", "mid"):
    with open(data / f"{name}.csv") as file:
        rows = list(csv.DictReader(file))[:60]
    columns = list(rows[0])[:2]
    x, y = ([mpf(float(row[c])) for row in rows] for c in columns)
    n = len(x)
    for method, r_of in METHODS.items():
        r = r_of(x, y)
        z = [mp.atanh(r_of(x[:i] + x[i + 1 :], y[:i] + y[i + 1 :])) for i in range(n)]
        mean = mp.fsum(z) / n
        s = mp.sqrt(mpf(n - 1) / n * mp.fsum((v - mean) ** 2 for v in z))
        reach = t_quantile(n - 2) * s
        ends = [mp.tanh(mp.atanh(r) - reach), mp.tanh(mp.atanh(r) + reach)]
        out["rows"].append({"data": name, "columns": columns, "n": n, "method": method, "estimate": float(r), "std_error": float((1 - r * r) * s), "interval": [float(e) for e in ends]})
json.dump(out, sys.stdout, indent=1)
print()
