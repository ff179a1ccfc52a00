"""Rubin's rules from their definition, by mpmath at 50 digits, for the fits in imputation.r.json.

    python imputation.py > imputation.py.json       (in this directory, after imputation.R)

T = W + (1 + 1/m)B. Degrees of freedom by Barnard and Rubin (1999), with the share of the variance that
is due to the gaps as it is; fraction of missing information by Rubin (1987), (r + 2/(df + 3))/(r + 1).
"""

import json
import sys

import mpmath
from mpmath import mpf

mpmath.mp.dps = 50


def rules(values, variances, df_complete):
    q, u = [mpf(v) for v in values], [mpf(v) for v in variances]
    m = mpf(len(q))
    estimate, within = mpmath.fsum(q) / m, mpmath.fsum(u) / m
    between = mpmath.fsum((v - estimate) ** 2 for v in q) / (m - 1)
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    df = (m - 1) / share**2
    if df_complete != "infinite":
        complete = mpf(df_complete)
        observed = (complete + 1) / (complete + 3) * complete * (1 - share)
        df = 1 / (1 / df + 1 / observed)
    riv = (1 + 1 / m) * between / within
    found = dict(estimate=estimate, within=within, between=between, total=total, df=df, riv=riv)
    found.update(**{"lambda": share}, fmi=(riv + 2 / (df + 3)) / (riv + 1))
    return {name: float(value) for name, value in found.items()}


source = json.load(open("imputation.r.json"))
pools = []
for case in source["pools"]:
    k = len(case["terms"])
    each = []
    for j in range(k):
        values = [b[j] for b in case["coefficients"]]
        each.append(rules(values, [v[j * k + j] for v in case["covariances"]], case["df_complete"]))
    pools.append({name: [e[name] for e in each] for name in each[0]})
scalars = [rules(s["estimates"], s["variances"], s["df_complete"]) for s in source["scalars"]]
versions = dict(python=sys.version.split()[0], mpmath=mpmath.__version__)
print(json.dumps(dict(versions=versions, pools=pools, scalars=scalars), indent=1))
