"""How often the delta-method interval of Kendall's tau-b holds the true value on tied data.

A score of 21 (or 11) levels and an integer outcome from a bivariate normal with correlation .62,
cut as in the study. The interval is computed here from the definition, over all pairs; the truth
is the mean of tau-b over 250 samples of 4,000. Prints kendall_coverage.py.json (some minutes):

    python tests/oracles/kendall_coverage.py > tests/oracles/kendall_coverage.py.json
"""

import json
import sys

import numpy as np

rng = np.random.default_rng(7)
Q = 1.959963984540054


def sample(n, levels):
    z = rng.multivariate_normal([0, 0], [[1, 0.62], [0.62, 1]], n)
    score = np.clip(np.round((5.34 + 2.37 * z[:, 0]) * 2) / 2, 0, 10)
    ssi = np.clip(np.round(33.5 + 13.4 * z[:, 1]), 0, 100)
    return (score, ssi) if levels == 21 else (np.round(score), np.round(ssi / 5))


def tau_and_se(x, y):
    n = len(x)
    sx = np.sign(x[:, None] - x[None]).astype(np.int8)
    sy = np.sign(y[:, None] - y[None]).astype(np.int8)
    s, p, q = (sx * sy).sum(1) / (n - 1), (sx != 0).sum(1) / (n - 1), (sy != 0).sum(1) / (n - 1)
    root = np.sqrt(p.mean() * q.mean())
    tau = s.mean() / root
    h = s / root - tau / 2 * (p / p.mean() + q / q.mean())
    return tau, np.sqrt(4 * (h * h).sum() / (n * (n - 1)))


out = {"made_by": "tests/oracles/kendall_coverage.py", "versions": {"python": sys.version.split()[0], "numpy": np.__version__}, "level": 0.95, "rows": []}
for levels in (21, 11):
    truth = np.mean([tau_and_se(*sample(4000, levels))[0] for _ in range(250)])
    for n, runs in ((30, 10000), (200, 10000), (1000, 2000)):
        held = 0
        for _ in range(runs):
            tau, se = tau_and_se(*sample(n, levels))
            held += abs(np.arctanh(tau) - np.arctanh(truth)) <= Q * se / (1 - tau * tau)
        share = held / runs
        out["rows"].append({"levels": levels, "tau_b": round(float(truth), 4), "n": n, "runs": runs, "coverage": share, "monte_carlo_se": round(float(np.sqrt(share * (1 - share) / runs)), 4)})
json.dump(out, sys.stdout, indent=1)
print()
