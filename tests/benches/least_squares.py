"""numpy's lstsq, 10 predictors and an intercept on 1,000,000 rows."""

import time

import numpy as np

rng = np.random.default_rng(1)
x = np.column_stack([np.ones(1_000_000), rng.standard_normal((1_000_000, 10))])
y = x.sum(axis=1) + rng.standard_normal(1_000_000)
times = []
for _ in range(5):
    start = time.perf_counter()
    np.linalg.lstsq(x, y, rcond=None)
    times.append(time.perf_counter() - start)
print(f"numpy lstsq, 1,000,000 rows: {1e3 * min(times):.0f} ms")
