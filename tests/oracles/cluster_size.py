"""Size of the cluster tests of a correlation that is 0, by simulation, with clusters of very unequal
sizes (2 to 24 respondents), effects of the cluster on both variables and skewed errors.

The sign-change test (`ssi cor --cluster --test permutation`, all sign changes or 999 random ones)
beside the t test that ignores the clusters. Prints cluster_size.py.json:

    python tests/oracles/cluster_size.py > tests/oracles/cluster_size.py.json
"""

import itertools
import json
import sys

import numpy as np
import scipy
from scipy import stats

REPLICATIONS = 1500
rng = np.random.default_rng(20180712)


def data(clusters):
    sizes = np.where(rng.random(clusters) < 0.3, rng.integers(12, 25, clusters), rng.integers(2, 8, clusters))
    of = np.repeat(np.arange(clusters), sizes)
    n = len(of)
    skewed = lambda count: rng.exponential(1.0, count) - 1.0
    x = skewed(clusters)[of] + rng.normal(size=n)
    y = rng.normal(size=clusters)[of] + skewed(n)
    return x, y, of


def signs(clusters):
    if 2 ** (clusters - 1) <= 999:
        flips = np.array(list(itertools.product([1.0, -1.0], repeat=clusters - 1)))
        return np.column_stack([flips, np.ones(len(flips))]), True
    return rng.choice([1.0, -1.0], size=(999, clusters)), False


def test(scores, of, clusters):
    sums = np.bincount(of, scores, clusters)
    flips, every = signs(clusters)
    as_far = (abs(flips @ sums) >= abs(sums.sum()) * (1 - 1e-12)).sum()
    return as_far / len(flips) if every else (as_far + 1) / (len(flips) + 1)


out = {"made_by": "tests/oracles/cluster_size.py", "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__}, "replications": REPLICATIONS, "size": {}}
for clusters in (8, 20, 50):
    found = {"pearson": 0, "spearman": 0, "kendall": 0, "t_without_clusters": 0}
    for _ in range(REPLICATIONS):
        x, y, of = data(clusters)
        rx, ry = stats.rankdata(x), stats.rankdata(y)
        scores = {
            "pearson": (x - x.mean()) * (y - y.mean()),
            "spearman": (rx - rx.mean()) * (ry - ry.mean()),
        }
        net = (np.sign(x[:, None] - x) * np.sign(y[:, None] - y)).sum(1)
        scores["kendall"] = 2 * net - net.mean()
        for method, values in scores.items():
            found[method] += test(values, of, clusters) <= 0.05
        found["t_without_clusters"] += stats.pearsonr(x, y)[1] <= 0.05
    out["size"][str(clusters)] = {k: round(v / REPLICATIONS, 4) for k, v in found.items()}
json.dump(out, sys.stdout, indent=1)
print()
