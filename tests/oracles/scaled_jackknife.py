"""Prediction intervals by the scaled jackknife, from the definition: each respondent is really left
out, and both lines (of the outcome, and of the distances on the fitted values) are fitted anew, with
40 digits. Prints scaled_jackknife.py.json:

    python tests/oracles/scaled_jackknife.py > tests/oracles/scaled_jackknife.py.json
"""

import csv
import json
import sys
from pathlib import Path

import mpmath
from mpmath import mp, mpf

mp.dps = 40
data = Path(__file__).resolve().parent.parent / "data"


def line(x, y):
    n = len(x)
    mx, my = mp.fsum(x) / n, mp.fsum(y) / n
    sxx = mp.fsum((a - mx) ** 2 for a in x)
    slope = mp.fsum((a - mx) * (b - my) for a, b in zip(x, y)) / sxx
    return (lambda at: my + slope * (at - mx)), (lambda at: mpf(1) / n + (at - mx) ** 2 / sxx)


def without(v, i):
    return v[:i] + v[i + 1 :]


out = {"made_by": "tests/oracles/scaled_jackknife.py", "versions": {"python": sys.version.split()[0], "mpmath": mpmath.__version__}, "rows": []}
for name in ("continuous", "ties", "outliers", "mid"):
    with open(data / f"{name}.csv") as file:
        rows = list(csv.DictReader(file))[:60]
    columns = list(rows[0])[:2]
    x, y = ([mpf(float(row[c])) for row in rows] for c in columns)
    n = len(x)
    fit, leverage = line(x, y)
    # The residual of i from the fit without i, over the standard deviation that it has there in
    # units of one respondent's: sqrt(1 + h without i).
    distance = []
    for i in range(n):
        other, h = line(without(x, i), without(y, i))
        distance.append(abs(y[i] - other(x[i])) / mp.sqrt(1 + h(x[i])))
    fitted = [fit(v) for v in x]
    spread, _ = line(fitted, distance)
    least = mp.fsum(distance) / n / 4
    scores = []
    for i in range(n):
        other, _ = line(without(fitted, i), without(distance, i))
        floor = mp.fsum(without(distance, i)) / (n - 1) / 4
        scores.append(distance[i] / max(other(fitted[i]), floor))
    for level in ("0.95", "0.9", "0.5"):
        q = sorted(scores)[int(mp.ceil(mpf(level) * (n + 1))) - 1]
        for at in (min(x), mp.fsum(x) / n, max(x), 2 * max(x) - min(x)):
            half = q * max(spread(fit(at)), least) * mp.sqrt(1 + leverage(at))
            out["rows"].append({"data": name, "n": n, "level": float(level), "at": float(at), "low": float(fit(at) - half), "high": float(fit(at) + half)})
json.dump(out, sys.stdout, indent=1)
print()
