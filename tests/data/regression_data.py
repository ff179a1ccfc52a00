"""Makes the regression_*.csv files beside it: four data sets of different character.

    python regression_data.py      (any Python with numpy)

Seeded, so that it makes the same bytes again. The values are invented.
"""

import csv
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent


def write(name, header, rows):
    with open(HERE / f"regression_{name}.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def factor(rng):
    """Ordinary: one group of three, a numeric one of four, no trap."""
    rows = []
    for _ in range(72):
        region = rng.choice(["EU", "JP", "LATAM"], p=[0.45, 0.35, 0.20])
        level = int(rng.choice([1, 2, 5, 10]))
        x = round(rng.normal(5, 2), 2)
        z = round(float(np.exp(rng.normal(5.6, 1.0))), 1)
        shift = {"EU": 0.0, "JP": -4.0, "LATAM": 2.5}[region]
        y = 30 + 2.4 * x + 3 * np.log10(z) + shift + 0.3 * level + rng.normal(0, 4)
        rows.append([round(y, 2), x, z, region, level])
    write("factor", ["y", "x", "z", "region", "level"], rows)


def ties(rng):
    """Heavy ties: a score in half points, a whole outcome, an indicator."""
    rows = []
    for _ in range(160):
        theta = rng.normal()
        score = min(10.0, max(0.0, round(2 * (5.3 + 2.2 * theta)) / 2))
        many = int(rng.random() < 0.3)
        ssi = int(min(100, max(0, round(33 + 7 * theta + 6 * many + rng.normal(0, 9)))))
        rows.append([score, ssi, many])
    write("ties", ["score", "ssi", "many"], rows)


def outliers(rng):
    """Outliers in the outcome, and one point of high leverage."""
    x = np.round(rng.normal(0, 1, 40), 3)
    w = np.round(rng.gamma(2.0, 3.0, 40), 3)
    y = 1.5 * x - 0.4 * w + rng.standard_t(1.5, 40)
    x[7], y[7], y[23] = 9.5, -14.0, 61.0
    write("outliers", ["y", "x", "w"], [[round(float(b), 3), a, c] for a, b, c in zip(x, y, w)])


def collinear(rng):
    """Two predictors that differ in the seventh digit, far from the origin."""
    x1 = np.round(1000 + rng.normal(0, 10, 50), 4)
    x2 = np.round(x1 + rng.normal(0, 1e-4, 50), 5)
    x3 = np.round(rng.normal(0, 1, 50), 3)
    y = 2 * x1 - x2 + 0.5 * x3 + rng.normal(0, 1, 50)
    rows = [[round(float(d), 4), a, b, c] for a, b, c, d in zip(x1, x2, x3, y)]
    write("collinear", ["y", "x1", "x2", "x3"], rows)


for seed, make in enumerate([factor, ties, outliers, collinear], start=71):
    make(np.random.default_rng(seed))
