"""What numpy and statsmodels answer to NIST's reference data. Run in tests/oracles:
python nist.py > nist.py.json"""

import json
import warnings

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.api as sm
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.tsa.stattools import acf

DATA = "../data/nist/"
warnings.simplefilter("ignore")


def number(value):
    value = float(value)
    return value if np.isfinite(value) else None


def answers(name, entry):
    d = pd.read_csv(f"{DATA}{name}.csv", dtype=float)
    y = d["y"].to_numpy()
    if entry["class"] == "univariate":
        return {"mean": y.mean(), "sd": y.std(ddof=1), "r1": acf(y, nlags=1, fft=False)[1]}
    if entry["class"] == "anova":
        fit = ols("y ~ C(group)", d).fit()
        table = anova_lm(fit)
        return {"ms_between": table["mean_sq"].iloc[0], "ms_within": table["mean_sq"].iloc[1],
                "F": table["F"].iloc[0], "r2": fit.rsquared, "resid_sd": fit.mse_resid**0.5}
    model = entry["model"]
    if model["kind"] == "poly":
        first = 0 if model["intercept"] else 1
        x = np.column_stack([d["x"] ** k for k in range(first, model["degree_or_p"] + 1)])
    else:
        x = sm.add_constant(d[[f"x{i}" for i in range(1, 7)]].to_numpy())
    fit = sm.OLS(y, x).fit()
    return {"coef": fit.params, "se": fit.bse, "r2": fit.rsquared, "F": fit.fvalue,
            "resid_sd": fit.mse_resid**0.5}


entries = json.load(open(f"{DATA}certified.json"))["datasets"]
versions = {"numpy": np.__version__, "statsmodels": statsmodels.__version__}
print('{\n"versions": ' + json.dumps(versions), end="")
for name, entry in entries.items():
    found = {k: [number(v) for v in value] if np.ndim(value) else number(value)
             for k, value in answers(name, entry).items()}
    print(f',\n"{name}": ' + json.dumps(found), end="")
print("\n}")
