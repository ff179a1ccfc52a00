"""The reference study once more, from the raw file, with pandas, scipy and statsmodels.

python tests/oracles/study.py > tests/oracles/study.json
"""

import json
import pathlib
import sys

import numpy as np
import pandas as pd
import scipy
import scipy.stats as st
import statsmodels
import statsmodels.formula.api as smf

root = pathlib.Path(__file__).resolve().parents[2]
raw = pd.read_csv(root / "datasets/reference/data.csv")
items = [c for c in raw.columns if c.startswith("item_")]
pillars = ["ssi_brand", "ssi_find", "ssi_engage", "ssi_build"]

# One row a respondent: items and score are means over the raters who saw all of them.
first = raw.groupby("respondent_id", sort=False).first()
table = first[["region", "conn_display", "years_on_linkedin", "ssi_total", *pillars]].copy()
for column in [*items, "score_total"]:
    table[column] = raw.groupby("respondent_id", sort=False)[column].mean()
table["ssi_without_brand"] = table[pillars[1:]].sum(axis=1, min_count=3)
capped = table.conn_display == "500+"
count = pd.to_numeric(table.conn_display, errors="coerce")
table["conn_log2"] = np.where(capped, 0.0, np.log2(count / 500))
table["conn_500plus"] = capped.astype(float)
table["conn_rank"] = np.where(capped, np.inf, count)


def fisher(r, n, level=0.95):
    z, h = np.arctanh(r), st.norm.ppf(0.5 + level / 2) / np.sqrt(n - 3)
    return [np.tanh(z - h), np.tanh(z + h)]


def pearson(x, y):
    d = table[[x, y]].dropna()
    r, p = st.pearsonr(d[x], d[y])
    return {"n": len(d), "estimate": r, "p": p, "interval": fisher(r, len(d))}


def spearman(x, y):
    d = table[[x, y]].dropna()
    r, p = st.spearmanr(d[x], d[y])
    n = len(d)
    # Bonett and Wright (2000).
    h = st.norm.ppf(0.975) * np.sqrt((1 + r * r / 2) / (n - 3))
    return {"n": n, "estimate": r, "p": p, "interval": [np.tanh(np.arctanh(r) - h), np.tanh(np.arctanh(r) + h)]}


def kendall(x, y):
    d = table[[x, y]].dropna()
    tau, p = st.kendalltau(d[x], d[y], variant="b", method="asymptotic")
    return {"n": len(d), "estimate": tau, "p": p}


def fit(formula):
    model = smf.ols(formula, data=table)
    classical, hc3 = model.fit(), model.fit(cov_type="HC3", use_t=True)
    n = int(classical.nobs)
    k = len(classical.params)
    return {
        "terms": list(classical.params.index),
        "n": n,
        "coefficients": classical.params.tolist(),
        "classical": classical.bse.tolist(),
        "hc3": hc3.bse.tolist(),
        "p_classical": classical.pvalues.tolist(),
        "p_hc3": hc3.pvalues.tolist(),
        "interval_classical": classical.conf_int().values.tolist(),
        "r_squared": classical.rsquared,
        "adj_r_squared": classical.rsquared_adj,
        "sigma": float(np.sqrt(classical.scale)),
        "statistic": classical.fvalue,
        "log_lik": classical.llf,
        # R counts sigma as a parameter; statsmodels does not.
        "aic": -2 * classical.llf + 2 * (k + 1),
        "bic": -2 * classical.llf + np.log(n) * (k + 1),
    }


out = {
    "versions": {
        "python": sys.version.split()[0],
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
    },
    "pearson": pearson("score_total", "ssi_total"),
    "spearman": spearman("score_total", "ssi_total"),
    "kendall": kendall("score_total", "ssi_total"),
    "parts": {part: pearson("score_total", part) for part in [*pillars, "ssi_without_brand"]},
    "rank_with_contacts": spearman("ssi_total", "conn_rank"),
    "main": fit("ssi_total ~ score_total"),
    "contacts": fit("ssi_total ~ score_total + conn_log2 + conn_500plus + C(region)"),
}
print(json.dumps(out, indent=1))
