"""Makes the small data sets of the oracle tests, from one seed:

    python tests/data/correlation_data.py

Four characters: continuous (n = 80, moderate correlation), ties (n = 200, a score in half points
and an integer outcome, as in the study), outliers (n = 60, heavy tails and three gross errors),
near_line (n = 50, correlation about 1 - 1e-9 at an offset of 1e9). `tiny` (n = 9) and `mid`
(n = 40) are continuous without ties, small enough for exact p-values.
"""

import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20181)


def write(name, x, y):
    lines = ["x,y"] + [f"{a!r},{b!r}" for a, b in zip(x.tolist(), y.tolist())]
    (HERE / f"{name}.csv").write_text("\n".join(lines) + "\n")


def pairs(n, rho):
    z = rng.standard_normal((2, n))
    return z[0], rho * z[0] + np.sqrt(1 - rho * rho) * z[1]


a, b = pairs(80, 0.45)
write("continuous", 50 + 10 * a, np.exp(1 + b / 2))

a, b = pairs(200, 0.62)
write("ties", np.clip(np.round((5.34 + 2.37 * a) * 2) / 2, 0, 10), np.clip(np.round(33.5 + 13.4 * b), 0, 100))

a, b = pairs(60, 0.3)
x, y = 20 * a + rng.standard_t(2, 60), 5 * b + rng.standard_t(2, 60)
x[3], y[17], x[41], y[41] = 900.0, -300.0, -700.0, 150.0
write("outliers", x, y)

a, b = pairs(50, 0.0)
write("near_line", 1e9 + a, 1e9 - 3 * a + 1e-4 * b)

a, b = pairs(9, 0.5)
write("tiny", a, b)
a, b = pairs(40, -0.4)
write("mid", a, b)
