"""Python's side of beside.sh: the same tasks on the same numbers.

    python tests/benches/beside.py table|curve|cores|csv|models DIR      # DIR holds what `beside write` wrote
"""

import sys
import time
from pathlib import Path

import numpy as np
import scipy
from scipy import stats

mode, where = sys.argv[1], Path(sys.argv[2])
x, y, p = (np.fromfile(where / f"{name}.f64", dtype="<f8") for name in "xyp")
ROWS, COLUMNS = len(x), 12


def pearson(a, b, axis=-1):
    a = a - a.mean(axis=axis, keepdims=True)
    b = b - b.mean(axis=axis, keepdims=True)
    return (a * b).sum(axis) / np.sqrt((a * a).sum(axis) * (b * b).sum(axis))


def bca(resamples, n):
    how = {"n_resamples": resamples, "paired": True, "vectorized": True, "method": "BCa", "rng": 1}
    # All resamples of many rows at once would not fit into memory.
    batch = max(1, min(resamples, 2_000_000 // n))
    return lambda: stats.bootstrap((x[:n], y[:n]), pearson, batch=batch, **how)


def distance(n):
    """By its definition: numpy and scipy have none."""

    def centred(v):
        d = np.abs(v[:, None] - v[None, :])
        return d - d.mean(0)[None, :] - d.mean(1)[:, None] + d.mean()

    def coefficient():
        a, b = centred(x[:n]), centred(y[:n])
        return np.sqrt((a * b).mean() / np.sqrt((a * a).mean() * (b * b).mean()))

    return coefficient


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


def least_squares(n):
    predictors = p.reshape(-1, ROWS)[:, :n].T
    model = np.ascontiguousarray(np.column_stack([np.ones(n), predictors]))
    return lambda: np.linalg.lstsq(model, y[:n], rcond=None)


def kendall(n):
    return lambda: stats.kendalltau(x[:n], y[:n])


def table():
    yield "bca_10000", 200, bca(10_000, 200)
    for n in (10_000, 100_000, ROWS):
        yield "kendall", n, kendall(n)
    yield "distance", 1_000, distance(1_000)
    yield "spearman", ROWS, lambda: stats.spearmanr(x, y)
    yield "pearson", ROWS, lambda: stats.pearsonr(x, y)
    half, quarters = ROWS // 2, np.array_split(x, 4)
    shifted = y[half:] + 0.1
    yield "mann_whitney", ROWS, lambda: stats.mannwhitneyu(x[:half], shifted)
    yield "kruskal_wallis", ROWS, lambda: stats.kruskal(*quarters)
    yield "describe", ROWS, describe
    yield "pearson_matrix_12", ROWS // COLUMNS, matrix
    yield "ols_10", ROWS, least_squares(ROWS)


def curve():
    for n in (100, 1_000, 10_000, 100_000, ROWS):
        yield "pearson", n, lambda n=n: stats.pearsonr(x[:n], y[:n])
        yield "spearman", n, lambda n=n: stats.spearmanr(x[:n], y[:n])
        yield "kendall", n, kendall(n)
        # Twice as many rows take four times the time, and the memory: 10,000 take gigabytes.
        if n <= 1_000:
            yield "distance", n, distance(n)
        yield "ols_10", n, least_squares(n)
        if n <= 10_000:
            yield "bca_1000", n, bca(1_000, n)


def cores():
    yield "ols_10_cores", ROWS, least_squares(ROWS)


def csv():
    import pandas

    yield "csv_cor_3", ROWS, lambda: pandas.read_csv(where / "table.csv").corr()


def regressions():
    import models

    yield from models.tasks(where, p, y)


# The processor's time for the models, so that a busy machine does not matter.
clock = time.process_time if mode == "models" else time.perf_counter


def fastest(task):
    best, begun, runs = float("inf"), clock(), 0
    while runs < 1 or (clock() - begun < 0.5 and runs < 1000):
        start = clock()
        task()
        best = min(best, clock() - start)
        runs += 1
    return best


print("task,n,seconds")
only = sys.argv[3:]
for name, n, task in {"table": table, "curve": curve, "cores": cores, "csv": csv,
                      "models": regressions}[mode]():
    if not only or name in only:
        print(f"{name},{n},{fastest(task):.3e}", flush=True)
print(f"# Python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}", end="")
if mode == "models":
    from models import VERSIONS

    print(f", {VERSIONS}", end="")
print()
