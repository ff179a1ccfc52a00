"""Polychoric and polyserial correlations by full maximum likelihood, and partial correlations on
shared index draws, from their definitions.

The joint likelihood of thresholds (mean, spread) and correlation, its cells by quadrature of the
conditional distribution: Newton's method in numpy with complex-step gradients, polished by a step
with gradients in mpmath; the standard error from the inverse of the numerical Hessian; profile
limits as roots of the likelihood at its best for each correlation. numpy for partial correlations of
the rows that a draw names. Prints latent.py.json:

    python tests/oracles/latent.py > tests/oracles/latent.py.json
"""

import csv
import json
import pathlib
import sys

import mpmath as mp
import numpy as np
import scipy
from scipy import optimize, special, stats

mp.mp.dps = 25
DATA = pathlib.Path(__file__).parent.parent / "data"
NAMES = ["continuous", "ties", "outliers", "mid"]
Q2 = mp.mpf(2) * mp.erfinv(mp.mpf(0.95)) ** 2


def read(name):
    with open(DATA / f"{name}.csv") as file:
        rows = list(csv.DictReader(file))
    return [float(r["x"]) for r in rows], [float(r["y"]) for r in rows]


def cut(values, levels):
    ordered, n = sorted(values), len(values)
    limits = [ordered[n * k // levels] for k in range(1, levels)]
    return [float(sum(v >= limit for limit in limits)) for v in values]


def mp_cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def mp_pdf(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def cdf(x):
    return special.erfc(-x / np.sqrt(2)) / 2


X, W = np.polynomial.legendre.leggauss(80)
NODES = [(mp.mpf(x), mp.mpf(w)) for x, w in mp.calculus.quadrature.GaussLegendre(mp.mp).calc_nodes(3, 100)]


def cell(low, high, below, above, rho):
    """P(low < U < high, below < V < above) as an integral of the conditional distribution."""
    s = np.sqrt(1 - rho * rho)
    middle, half = (low + high) / 2, (high - low) / 2
    u = middle + half * X
    return half * np.sum(W * np.exp(-u * u / 2) / np.sqrt(2 * np.pi) * (cdf((above - rho * u) / s) - cdf((below - rho * u) / s)))


def mp_cell(low, high, below, above, rho):
    s = mp.sqrt(1 - rho * rho)
    cuts = [low] + [mp.mpf(c) for c in (-5, -2, 2, 5) if low < c < high] + [high]
    f = lambda u: mp_pdf(u) * (mp_cdf((above - rho * u) / s) - mp_cdf((below - rho * u) / s))
    return sum((b - a) / 2 * mp.fsum(w * f((a + b) / 2 + (b - a) / 2 * x) for x, w in NODES) for a, b in zip(cuts, cuts[1:]))


def gradient(f, at):
    return np.array([f([v + (1e-30j if i == k else 0) for i, v in enumerate(at)]).imag / 1e-30 for k in range(len(at))])


def hessian(f, at):
    h = 1e-4
    rows = []
    for k in range(len(at)):
        g = lambda s: gradient(f, [v + (s * h if i == k else 0) for i, v in enumerate(at)])
        # Richardson's central difference, of the fourth order.
        rows.append((8 * (g(1) - g(-1)) - (g(2) - g(-2))) / (12 * h))
    return np.array(rows)


def climb(f, start, free):
    at = [float(v) for v in start]
    for _ in range(60):
        inner = lambda p: f(list(p) + at[free:])
        step = np.linalg.solve(-hessian(inner, at[:free]), gradient(inner, at[:free]))
        at = [v + (step[i] if i < free else 0) for i, v in enumerate(at)]
        if np.max(np.abs(step)) < 1e-13:
            break
    return at, f(at).real


def polished(f, mp_f, at, free):
    """A last step with a gradient in multiple precision, and the likelihood there."""
    h = mp.mpf(10) ** -8
    at = [mp.mpf(v) for v in at]
    inner = lambda p: f(list(p) + [float(v) for v in at[free:]])
    H = hessian(inner, [float(v) for v in at[:free]])
    moved = lambda k, s: [v + (s * h if i == k else 0) for i, v in enumerate(at)]
    g = [float((mp_f(moved(k, 1)) - mp_f(moved(k, -1))) / (2 * h)) for k in range(free)]
    step = np.linalg.solve(-H, g)
    at = [v + (mp.mpf(step[i]) if i < free else 0) for i, v in enumerate(at)]
    return at, mp_f(at), max(abs(step))


def answer(f, mp_f, start, cuts):
    """Maximum, standard error of ρ, profile limits, statistic; the last parameter is artanh ρ."""
    size = len(start)
    at, _ = climb(f, start, size)
    at, top, moved = polished(f, mp_f, at, size)
    plain = [float(v) for v in at]
    se_z = float(np.sqrt(np.linalg.inv(-hessian(f, plain))[-1, -1]))
    none = polished(f, mp_f, climb(f, list(start[:-1]) + [0.0], size - 1)[0], size - 1)[1]
    z, q = at[-1], mp.sqrt(Q2)
    limits = []
    for side in (-1, 1):
        short = lambda v: float(np.sqrt(2 * (float(top) - climb(f, plain[:-1] + [v], size - 1)[1]))) - float(q)
        guess = float(z) + side * float(q) * se_z
        limits.append(float(np.tanh(optimize.brentq(short, float(z) + 0.3 * (guess - float(z)), float(z) + 2.5 * (guess - float(z)), xtol=1e-15, rtol=1e-14))))
    rho, statistic = mp.tanh(z), 2 * (top - none)
    values = dict(estimate=rho, std_error=se_z * (1 - rho * rho), conf_low=mp.tanh(z - q * se_z), conf_high=mp.tanh(z + q * se_z), profile_low=limits[0], profile_high=limits[1], statistic=statistic, p_value=mp.erfc(mp.sqrt(statistic / 2)), last_step=moved)
    return {k: float(v) for k, v in values.items()} | {"parameters": [float(v) for v in cuts(at)]}


def quantiles(levels):
    values = sorted(set(levels))
    return values, [float(stats.norm.ppf(sum(v <= c for v in levels) / len(levels))) for c in values[:-1]]


def polychoric(x, y):
    vx, tx = quantiles(x)
    vy, ty = quantiles(y)
    count = [[sum(a == p and b == q for a, b in zip(x, y)) for q in vy] for p in vx]
    k = len(tx)

    def likelihood(at, cell, log, tanh):
        cx, cy, rho = [-9] + list(at[:k]) + [9], [-9] + list(at[k:-1]) + [9], tanh(at[-1])
        return sum(count[i][j] * log(cell(cx[i], cx[i + 1], cy[j], cy[j + 1], rho)) for i in range(len(vx)) for j in range(len(vy)) if count[i][j])

    f = lambda at: likelihood(at, cell, np.log, np.tanh)
    mp_f = lambda at: likelihood([mp.mpf(v) for v in at], mp_cell, mp.log, mp.tanh)
    start = float(np.arctanh(np.clip(np.corrcoef(x, y)[0, 1] * 1.1, -0.95, 0.95)))
    return answer(f, mp_f, tx + ty + [start], lambda at: at[:-1])


def polyserial(x, y):
    values, ty = quantiles(y)
    level = np.array([values.index(v) for v in y])
    x = np.array(x) / np.std(x)

    def f(at):
        mean, spread, rho = at[0], np.exp(at[1]), np.tanh(at[-1])
        z, s = (x - mean) / spread, np.sqrt(1 - rho * rho)
        cuts = np.array([-40.0] + list(at[2:-1]) + [40.0])
        return np.sum(-z * z / 2 - np.log(spread) + np.log(cdf((cuts[level + 1] - rho * z) / s) - cdf((cuts[level] - rho * z) / s)))

    def mp_f(at):
        mean, spread, cuts, rho = at[0], mp.exp(at[1]), [mp.mpf(-40)] + list(at[2:-1]) + [mp.mpf(40)], mp.tanh(at[-1])
        s, total = mp.sqrt(1 - rho * rho), mp.mpf(0)
        for v, c in zip(x, level):
            z = (mp.mpf(v) - mean) / spread
            total += -z * z / 2 - mp.log(spread) + mp.log(mp_cdf((cuts[c + 1] - rho * z) / s) - mp_cdf((cuts[c] - rho * z) / s))
        return total

    start = float(np.arctanh(np.clip(np.corrcoef(x, y)[0, 1] * 1.05, -0.95, 0.95)))
    return answer(f, mp_f, [float(np.mean(x)), 0.0] + ty + [start], lambda at: at[2:-1])


def draws(n, resamples, seed):
    """The draws of the test: a linear congruential generator."""
    state, out = seed, []
    for _ in range(resamples):
        draw = []
        for _ in range(n):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            draw.append((state >> 33) % n)
        out.append(draw)
    return out


def partial(columns, method, semi):
    """Columns x, y, controls…"""
    if method == "kendall":
        k = len(columns)
        matrix = np.array([[1.0 if i == j else stats.kendalltau(columns[i], columns[j])[0] for j in range(k)] for i in range(k)])
    else:
        if method == "spearman":
            columns = [stats.rankdata(c) for c in columns]
        matrix = np.corrcoef(columns)
    inverse = np.linalg.inv(matrix)
    r = -inverse[0, 1] / np.sqrt(inverse[0, 0] * inverse[1, 1])
    if semi:
        # Freed of the controls in x only.
        of_x = matrix[2:, 0] @ np.linalg.inv(matrix[2:, 2:])
        r = (matrix[0, 1] - of_x @ matrix[2:, 1]) / np.sqrt(matrix[0, 0] - of_x @ matrix[2:, 0])
    return float(r)


def freedman_lane(x, y, controls, order):
    z = np.column_stack([np.ones(len(x))] + controls)
    hat = z @ np.linalg.pinv(z)
    fitted = hat @ y
    new = fitted + (y - fitted)[order]
    ex, ey = x - hat @ x, new - hat @ new
    return float(ex @ ey / np.sqrt((ex @ ex) * (ey @ ey)))


out = {"made_by": "tests/oracles/latent.py", "versions": {"python": sys.version.split()[0], "mpmath": mp.__version__, "numpy": np.__version__, "scipy": scipy.__version__}, "data": {}}
for name in NAMES:
    x, y = read(name)
    print(name, len(x), file=sys.stderr, flush=True)
    sets = out["data"][name] = {"n": len(x)}
    sets["polychoric_2x3"] = polychoric(cut(x, 2), cut(y, 3))
    sets["polychoric_3x3"] = polychoric(cut(x, 3), cut(y, 3))
    sets["polyserial"] = polyserial(x, cut(y, 3))
    # Controls that go with both.
    z = [float(a * b % 7 + a) for a, b in zip(x, y)]
    w = [float(np.sin(i) + b / (np.std(y) or 1)) for i, b in enumerate(y)]
    rows = np.array([x, y, z, w])[:, :60]
    n = rows.shape[1]
    sets["partial"] = {"z": list(rows[2]), "w": list(rows[3]), "draws": {}}
    for method in ("pearson", "spearman", "kendall"):
        for semi in (False, True):
            values = [partial([c[d] for c in rows], method, semi) for d in draws(n, 30, 2024)]
            sets["partial"]["draws"][f"{method}_{'semi' if semi else 'both'}"] = values
    order = np.argsort([(i * 37 + 11) % 101 for i in range(n)], kind="stable")
    sets["partial"]["permuted"] = freedman_lane(rows[0], rows[1], [rows[2], rows[3]], order)
print(json.dumps(out, indent=1))
