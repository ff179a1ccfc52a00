"""A small cohort with gaps, for the tests of imputation: gaps.csv.

    python gaps_data.py > gaps.csv

Five items of 0, 0.5 and 1, a score (their sum, where all were seen), an outcome, years and a group.
The outcome is missing more often for those with few years, items at random.
"""

import numpy as np

rng = np.random.default_rng(20181)
n = 200
theta = rng.normal(size=n)
years = np.round(1 + 11 * rng.beta(2, 2.5, size=n), 1)
cut = np.array([-0.9, -0.5, 0.0, 0.3, 0.6])
items = []
for c in cut:
    latent = theta + rng.normal(scale=0.9, size=n)
    items.append(0.5 * (latent > c - 0.4) + 0.5 * (latent > c + 0.5))
items = np.array(items).T
group = rng.choice(["EU", "JP", "LATAM"], p=[0.45, 0.35, 0.2], size=n)
outcome = np.round(30 + 8 * theta + 1.2 * (years - 5) + 3 * (group == "JP") + rng.normal(scale=7, size=n), 1)
no_outcome = rng.uniform(size=n) < 1 / (1 + np.exp(0.6 * (years - 3.2)))
no_item = rng.uniform(size=items.shape) < np.array([0.05, 0.08, 0.1, 0.05, 0.0])
no_years = rng.uniform(size=n) < 0.06
print("outcome,a,b,c,d,e,score,years,group")
for i in range(n):
    cells = ["" if no_outcome[i] else f"{outcome[i]:g}"]
    cells += ["" if no_item[i, j] else f"{items[i, j]:g}" for j in range(5)]
    cells.append("" if no_item[i].any() else f"{items[i].sum():g}")
    cells += ["" if no_years[i] else f"{years[i]:g}", group[i]]
    print(",".join(cells))
