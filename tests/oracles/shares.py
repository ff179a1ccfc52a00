"""What a study adds to the claims about contacts, pillars and training, from the reference dataset and
from made-up waves: shares of a covariance and differences of R² in rational numbers, coefficients with
HC3 errors by statsmodels.

    python3 shares.py > shares.py.json
"""

import csv
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import statsmodels
import statsmodels.api as sm

DATA = Path(__file__).resolve().parents[2] / "datasets" / "reference" / "data.csv"
PILLARS = ["ssi_brand", "ssi_find", "ssi_engage", "ssi_build"]


def respondents():
    """One row a respondent: the mean of the raters' totals, the rest from the first rating that has it."""
    people = {}
    for row in csv.DictReader(DATA.open(encoding="utf-8")):
        people.setdefault(row["respondent_id"], []).append(row)
    items = [name for name in row if name.startswith("item_")]
    out = []
    for rows in people.values():
        first = {name: next((r[name] for r in rows if r[name] not in ("", "NV")), "") for name in rows[0]}
        seen = [[r[i] for i in items] for r in rows]
        totals = [sum(map(Fraction, own)) for own in seen if not {"", "NV"} & set(own)]
        first["score_total"] = sum(totals) / len(totals) if totals else None
        out.append(first)
    return out


def shares(people):
    known = [p for p in people if p["score_total"] is not None and all(p[k] for k in PILLARS)]
    x = [p["score_total"] for p in known]
    mean = sum(x) / len(x)
    cov = [sum((a - mean) * Fraction(p[k]) for a, p in zip(x, known)) for k in PILLARS]
    return {"n": len(known), "shares": {k: float(c / sum(cov)) for k, c in zip(PILLARS, cov)}}


def r_squared(y, columns):
    x = np.column_stack([np.ones(len(y))] + columns)
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return 1 - residual @ residual / ((y - y.mean()) @ (y - y.mean()))


def added(people):
    known = [p for p in people if p["score_total"] is not None and p["ssi_total"] and p["conn_display"]]
    capped = np.array([float(p["conn_display"] == "500+") for p in known])
    log2 = np.array([0.0 if p["conn_display"] == "500+" else np.log2(int(p["conn_display"]) / 500) for p in known])
    score = np.array([float(p["score_total"]) for p in known])
    ssi = np.array([float(p["ssi_total"]) for p in known])
    whole = r_squared(ssi, [score, log2, capped])
    return {
        "n": len(known),
        "contacts": whole - r_squared(ssi, [score]),
        "score": whole - r_squared(ssi, [log2, capped]),
    }


def training():
    """The same made-up people as tests/command_line/claims.rs has."""
    i = np.arange(40)
    before = 20 + i * 7 % 23
    hours = 2 + i % 9
    after = before + 3 * hours // 4 + i * i % 5 - 1
    x = np.column_stack([np.ones(40), hours - 6.0, before - before.mean()])
    fit = sm.OLS(after - before, x).fit(cov_type="HC3", use_t=True)
    return {"gain": fit.params[0], "gain_se": fit.bse[0], "by_hour": fit.params[1], "by_hour_se": fit.bse[1]}


people = respondents()
out = {
    "made_by": "tests/oracles/shares.py",
    "versions": {"numpy": np.__version__, "statsmodels": statsmodels.__version__},
    "covariance": shares(people),
    "delta_r_squared": added(people),
    "training": training(),
}
print(json.dumps(out, indent=1))
