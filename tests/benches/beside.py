"""Python's side of beside.sh: the same tasks on the same numbers, on one core.

    python tests/benches/beside.py DIR        # DIR holds x.f64 and y.f64
"""

import sys
import time
from pathlib import Path

import numpy as np
import scipy
from scipy import stats

where = Path(sys.argv[1])
x, y = (np.fromfile(where / f"{name}.f64", dtype="<f8") for name in "xy")
ROWS, COLUMNS = len(x), 12


def pearson(a, b, axis=-1):
    a = a - a.mean(axis=axis, keepdims=True)
    b = b - b.mean(axis=axis, keepdims=True)
    return (a * b).sum(axis) / np.sqrt((a * a).sum(axis) * (b * b).sum(axis))


def bca():
    stats.bootstrap((x[:200], y[:200]), pearson, n_resamples=10_000, paired=True, vectorized=True, method="BCa", rng=1)


def describe():
    n, mean, sd = len(x), x.mean(), x.std(ddof=1)
    half = stats.t.ppf(0.975, n - 1) * sd / n**0.5
    d = x - mean
    return (mean, sd, mean - half, mean + half, np.quantile(x, [0, 0.25, 0.5, 0.75, 1]),
            stats.skew(x, bias=False), stats.kurtosis(x, bias=False), (d[1:] * d[:-1]).sum() / (d * d).sum())


def matrix():
    n = ROWS // COLUMNS
    columns = x[: n * COLUMNS].reshape(COLUMNS, n)
    np.corrcoef(columns)
    # The p-value of each pair too, as ours; the intervals cost nothing beside.
    for i in range(COLUMNS):
        for j in range(i):
            stats.pearsonr(columns[i], columns[j])


TASKS = [
    ("bca_10000", 200, bca),
    *(("kendall", n, lambda n=n: stats.kendalltau(x[:n], y[:n])) for n in (10_000, 100_000, ROWS)),
    ("spearman", ROWS, lambda: stats.spearmanr(x, y)),
    ("pearson", ROWS, lambda: stats.pearsonr(x, y)),
    ("describe", ROWS, describe),
    ("pearson_matrix_12", ROWS // COLUMNS, matrix),
]


def fastest(task):
    best, begun, runs = float("inf"), time.perf_counter(), 0
    while runs < 3 or (time.perf_counter() - begun < 1 and runs < 1000):
        start = time.perf_counter()
        task()
        best = min(best, time.perf_counter() - start)
        runs += 1
    return best


print("task,n,seconds")
for name, n, task in TASKS:
    print(f"{name},{n},{fastest(task):.3e}", flush=True)
print(f"# Python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}")
