"""The further correlations from their definitions in mpmath, with numpy, pingouin and dcor beside.

biweight, percentage_bend, winsorized, distance and point_biserial with standard error, interval,
statistic and p on the data of tests/data; polychoric and polyserial (optimum of the two-step
likelihood, standard error by numerical derivatives, likelihood ratio) on those data cut into
levels; the bivariate normal distribution. Prints methods.py.json (some minutes):

    python tests/oracles/methods.py > tests/oracles/methods.py.json
"""

import csv
import functools
import json
import pathlib
import sys
import warnings

import dcor
import mpmath as mp
import numpy as np
import pingouin
import scipy
from scipy import stats

warnings.filterwarnings("ignore")
mp.mp.dps = 32
DATA = pathlib.Path(__file__).parent.parent / "data"
NAMES = ["continuous", "ties", "outliers", "near_line", "tiny", "mid"]
differences = {}
TAIL = (1 - mp.mpf(0.95)) / 2


def differ(what, ours, theirs):
    relative = abs(float(ours) - float(theirs)) / max(abs(float(theirs)), 1e-300)
    differences[what] = max(differences.get(what, 0.0), relative)


def read(name):
    with open(DATA / f"{name}.csv") as file:
        rows = list(csv.DictReader(file))
    return [float(r["x"]) for r in rows], [float(r["y"]) for r in rows]


def mean(v):
    return mp.fsum(v) / len(v)


def median(v):
    v, n = sorted(v), len(v)
    return (v[(n - 1) // 2] + v[n // 2]) / 2


def t_two_sided(t, df):
    return mp.betainc(mp.mpf(df) / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True)


def t_quantile(df):
    start = mp.mpf(float(stats.t.ppf(0.975, df)))
    return mp.findroot(lambda t: t_two_sided(t, df) / 2 - TAIL, start)


NORMAL = mp.sqrt(2) * mp.erfinv(1 - 2 * TAIL)


def chi_squared_sf(x):
    return mp.erfc(mp.sqrt(max(x, 0) / 2))


def floats(**values):
    return {k: None if v is None else float(v) for k, v in values.items()}


def robust(x, y, transform, lost=0):
    n = len(x)
    a, b = transform([mp.mpf(v) for v in x]), transform([mp.mpf(v) for v in y])
    aa, bb = mp.fsum(v * v for v in a), mp.fsum(v * v for v in b)
    r = mp.fsum(u * v for u, v in zip(a, b)) / mp.sqrt(aa * bb)
    df = n - 2 - lost
    t = r * mp.sqrt((n - 2) / (1 - r * r))
    u, v = [p / mp.sqrt(aa / n) for p in a], [p / mp.sqrt(bb / n) for p in b]
    se = mp.sqrt(mp.fsum((p * q - r * (p * p + q * q) / 2) ** 2 for p, q in zip(u, v)) / (n * (n - 3)))
    reach = t_quantile(df) * se / (1 - r * r)
    return floats(estimate=r, std_error=se, conf_low=mp.tanh(mp.atanh(r) - reach), conf_high=mp.tanh(mp.atanh(r) + reach), statistic=t, p_value=t_two_sided(t, df))


def biweight(x):
    m = median(x)
    mad = median([abs(v - m) for v in x])
    u = [(v - m) / (9 * mad) for v in x]
    return [(v - m) * (1 - k * k) ** 2 if abs(k) < 1 else mp.mpf(0) for v, k in zip(x, u)]


def bend(x):
    n, m = len(x), median(x)
    omega = sorted(abs(v - m) for v in x)[int(0.8 * n + 0.5) - 1]
    psi = [(v - m) / omega for v in x]
    low, high = sum(p < -1 for p in psi), sum(p > 1 for p in psi)
    phi = (omega * (high - low) + mp.fsum(v for v, p in zip(x, psi) if abs(p) <= 1)) / (n - low - high)
    return [max(mp.mpf(-1), min(mp.mpf(1), (v - phi) / omega)) for v in x]


def winsor(x):
    n, s = len(x), sorted(x)
    g = n // 5
    w = [min(max(v, s[g]), s[n - g - 1]) for v in x]
    differ("winsorized values, scipy", mean(w), mp.mpf(float(np.mean(stats.mstats.winsorize(np.array([float(v) for v in x]), (0.2, 0.2))))))
    m = mean(w)
    return [v - m for v in w]


def distance(x, y):
    n = len(x)
    x, y = [mp.mpf(v) for v in x], [mp.mpf(v) for v in y]
    a = np.array([[abs(p - q) for q in x] for p in x], dtype=object)
    b = np.array([[abs(p - q) for q in y] for p in y], dtype=object)

    def centred(d):
        m = d.sum(0) / n
        return d - m[:, None] - m[None] + m.sum() / n

    def u_centred(d):
        s = d.sum(0)
        u = d - s[:, None] / (n - 2) - s[None] / (n - 2) + s.sum() / ((n - 1) * (n - 2))
        np.fill_diagonal(u, mp.mpf(0))
        return u

    A, B = centred(a), centred(b)
    rows = [(p * q).sum(0) / n for p, q in ((A, B), (A, A), (B, B))]
    xy, xx, yy = (v.sum() / n for v in rows)
    square = xy / mp.sqrt(xx * yy)
    d = mp.sqrt(square)
    h = 2 * (rows[0] / mp.sqrt(xx * yy) - square / 2 * (rows[1] / xx + rows[2] / yy))
    se = mp.sqrt((h * h).sum() / (n * (n - 3))) / (2 * d)
    U, V = u_centred(a), u_centred(b)
    c = (U * V).sum() / mp.sqrt((U * U).sum() * (V * V).sum())
    statistic = n * c + 1
    p = chi_squared_sf(statistic)
    reach = t_quantile(n - 2) * se / (1 - d * d)
    low = max(mp.mpf(0), mp.tanh(mp.atanh(d) - reach)) if p < 2 * TAIL else mp.mpf(0)
    fx, fy = np.array([float(v) for v in x]), np.array([float(v) for v in y])
    if n < 100 and float(d) < 0.999:
        differ("distance, dcor", d, dcor.distance_correlation(fx, fy))
        differ("bias-corrected, dcor", c, dcor.u_distance_correlation_sqr(fx, fy))
    return floats(estimate=d, std_error=se, conf_low=low, conf_high=mp.tanh(mp.atanh(d) + reach), statistic=statistic, p_value=p)


def point_biserial(g, y):
    n = len(g)
    g, y = [mp.mpf(v) for v in g], [mp.mpf(v) for v in y]
    one, zero = [b for a, b in zip(g, y) if a == max(g)], [b for a, b in zip(g, y) if a == min(g)]
    p = mp.mpf(len(one)) / n
    sd = mp.sqrt(mp.fsum((v - mean(y)) ** 2 for v in y) / n)
    r = (mean(one) - mean(zero)) / sd * mp.sqrt(p * (1 - p))
    within = mp.fsum((v - mean(one)) ** 2 for v in one) + mp.fsum((v - mean(zero)) ** 2 for v in zero)
    t = (mean(one) - mean(zero)) / mp.sqrt(within / (n - 2) * (mp.mpf(1) / len(one) + mp.mpf(1) / len(zero)))
    se_z = mp.sqrt((1 - 3 * r * r / 2 + r * r / (4 * p * (1 - p))) / (n - 3))
    differ("point biserial, scipy", r, stats.pointbiserialr([float(v) for v in g], [float(v) for v in y])[0])
    return floats(estimate=r, std_error=(1 - r * r) * se_z, conf_low=mp.tanh(mp.atanh(r) - NORMAL * se_z), conf_high=mp.tanh(mp.atanh(r) + NORMAL * se_z), statistic=t, p_value=t_two_sided(t, n - 2))


def cdf(x):
    return mp.mpf(0) if x == -mp.inf else mp.mpf(1) if x == mp.inf else mp.erfc(-x / mp.sqrt(2)) / 2


def pdf(x):
    return mp.mpf(0) if mp.isinf(x) else mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def quantile(p):
    return -mp.inf if p <= 0 else mp.inf if p >= 1 else mp.sqrt(2) * mp.erfinv(2 * p - 1)


def cdf2(h, k, rho):
    """The integral of the conditional distribution: not the formula under test."""
    if mp.isinf(h) or mp.isinf(k):
        return mp.mpf(0) if min(h, k) == -mp.inf else cdf(min(h, k))
    s = mp.sqrt(1 - rho * rho)
    turn = k / rho if rho != 0 else mp.mpf(0)
    width = 8 * s
    cuts = sorted({c for c in (mp.mpf(-9), mp.mpf(-4), mp.mpf(-1), mp.mpf(1), turn - width, turn, turn + width) if -14 < c < h})
    return mp.quad(lambda u: pdf(u) * cdf((k - rho * u) / s), [mp.mpf(-14)] + cuts + [h])


def shares(levels):
    values = sorted(set(levels))
    n = len(levels)
    return values, [mp.mpf(sum(v <= c for v in levels)) / n for c in values[:-1]]


HERMITE = {}


def hermite(t):
    """Normalised Hermite polynomials at a threshold, times the density there."""
    if t not in HERMITE:
        h = [mp.mpf(1), t]
        for k in range(1, 200):
            h.append((t * h[k] - mp.sqrt(k) * h[k - 1]) / mp.sqrt(k + 1))
        HERMITE[t] = [v * pdf(t) for v in h]
    return HERMITE[t]


@functools.lru_cache(maxsize=100000)
def corner(h, k, rho):
    """Pearson's tetrachoric series: not the formula under test."""
    if mp.isinf(h) or mp.isinf(k):
        return mp.mpf(0) if min(h, k) == -mp.inf else cdf(min(h, k))
    sum, power = cdf(h) * cdf(k), mp.mpf(1)
    for m, (a, b) in enumerate(zip(hermite(h), hermite(k)), 1):
        power *= rho
        sum += power / m * a * b
    return sum


def cell(i, j, tx, ty, rho):
    return corner(tx[i + 1], ty[j + 1], rho) - corner(tx[i], ty[j + 1], rho) - corner(tx[i + 1], ty[j], rho) + corner(tx[i], ty[j], rho)


def maximise(log_likelihood, start):
    """The root of the numerical derivative."""
    step = mp.mpf(10) ** -8
    slope = lambda r: (log_likelihood(r + step) - log_likelihood(r - step)) / (2 * step)
    return mp.findroot(slope, (start - mp.mpf("0.01"), start + mp.mpf("0.01")), solver="secant", tol=1e-26)


def wald(rho, se):
    return mp.tanh(mp.atanh(rho) - NORMAL * se / (1 - rho * rho)), mp.tanh(mp.atanh(rho) + NORMAL * se / (1 - rho * rho))


def polychoric(x, y, start):
    n = len(x)
    vx, px = shares(x)
    vy, py = shares(y)
    count = [[sum(a == p and b == q for a, b in zip(x, y)) for q in vy] for p in vx]
    cuts = lambda p: [-mp.inf] + [quantile(v) for v in p] + [mp.inf]
    tx, ty = cuts(px), cuts(py)
    cells = [(i, j) for i in range(len(vx)) for j in range(len(vy))]
    ll = lambda r: mp.fsum(count[i][j] * mp.log(cell(i, j, tx, ty, r)) for i, j in cells if count[i][j])
    rho = maximise(ll, mp.mpf(start))
    best, none = ll(rho), mp.fsum(count[i][j] * mp.log((cdf(tx[i + 1]) - cdf(tx[i])) * (cdf(ty[j + 1]) - cdf(ty[j]))) for i, j in cells if count[i][j])
    # The delta method by numerical derivatives of the estimating equation at the fitted model.
    pi = {c: cell(*c, tx, ty, rho) for c in cells}
    e = mp.mpf(10) ** -7

    def equation(r, tx, ty, p):
        s = lambda c: (mp.log(cell(*c, tx, ty, r + e)) - mp.log(cell(*c, tx, ty, r - e))) / (2 * e)
        return mp.fsum(p[c] * s(c) for c in cells)

    def moved(t, k, by):
        return t[:k] + [t[k] + by] + t[k + 1 :]

    d = mp.mpf(10) ** -6
    slope_rho = (equation(rho + d, tx, ty, pi) - equation(rho - d, tx, ty, pi)) / (2 * d)
    slope_x = {k: (equation(rho, moved(tx, k, d), ty, pi) - equation(rho, moved(tx, k, -d), ty, pi)) / (2 * d) for k in range(1, len(vx))}
    slope_y = {k: (equation(rho, tx, moved(ty, k, d), pi) - equation(rho, tx, moved(ty, k, -d), pi)) / (2 * d) for k in range(1, len(vy))}
    variance = mp.mpf(0)
    for i, j in cells:
        g = (mp.log(cell(i, j, tx, ty, rho + e)) - mp.log(cell(i, j, tx, ty, rho - e))) / (2 * e)
        g += mp.fsum(slope_x[k] * ((i < k) - px[k - 1]) / pdf(tx[k]) for k in slope_x)
        g += mp.fsum(slope_y[k] * ((j < k) - py[k - 1]) / pdf(ty[k]) for k in slope_y)
        variance += pi[i, j] * (g / slope_rho) ** 2
    se = mp.sqrt(variance / n)
    low, high = wald(rho, se)
    statistic = 2 * (best - none)
    return floats(estimate=rho, std_error=se, conf_low=low, conf_high=high, statistic=statistic, p_value=chi_squared_sf(statistic), log_likelihood=best)


def polyserial(x, y, start):
    n = len(x)
    x = [mp.mpf(v) for v in x]
    m = mean(x)
    sd = mp.sqrt(mp.fsum((v - m) ** 2 for v in x) / (n - 1))
    z = [(v - m) / sd for v in x]
    values, p = shares(y)
    cuts = [-mp.inf] + [quantile(v) for v in p] + [mp.inf]
    level = [values.index(v) for v in y]

    def log_p(k, u, r, cuts=cuts):
        s = mp.sqrt(1 - r * r)
        return mp.log(cdf((cuts[k + 1] - r * u) / s) - cdf((cuts[k] - r * u) / s))

    ll = lambda r: mp.fsum(log_p(k, u, r) for k, u in zip(level, z))
    rho = maximise(ll, mp.mpf(start))
    best = ll(rho)
    none = mp.fsum(mp.log(cdf(cuts[k + 1]) - cdf(cuts[k])) for k in level)
    d = mp.mpf(10) ** -12
    score = lambda k, u: (log_p(k, u, rho + d) - log_p(k, u, rho - d)) / (2 * d)

    def expected(derivative):
        return -mp.fsum(mp.exp(log_p(k, u, rho)) * score(k, u) * derivative(k, u) for u in z for k in range(len(values))) / n

    def by_cut(t):
        moved = lambda by: cuts[:t] + [cuts[t] + by] + cuts[t + 1 :]
        return expected(lambda k, u: (log_p(k, u, rho, moved(d)) - log_p(k, u, rho, moved(-d))) / (2 * d))

    by_z = lambda k, u: (log_p(k, u + d, rho) - log_p(k, u - d, rho)) / (2 * d)
    slope_rho = expected(score)
    slope_cut = {t: by_cut(t) for t in range(1, len(values))}
    slope_mean, slope_sd = expected(lambda k, u: -by_z(k, u)), expected(lambda k, u: -u * by_z(k, u))
    squares = mp.mpf(0)
    for k, u in zip(level, z):
        g = score(k, u) + slope_mean * u + slope_sd * (u * u - 1) / 2
        g += mp.fsum(slope_cut[t] * ((k < t) - p[t - 1]) / pdf(cuts[t]) for t in slope_cut)
        squares += (g / slope_rho) ** 2
    se = mp.sqrt(squares) / n
    low, high = wald(rho, se)
    statistic = 2 * (best - none)
    return floats(estimate=rho, std_error=se, conf_low=low, conf_high=high, statistic=statistic, p_value=chi_squared_sf(statistic), log_likelihood=best)


def cut(values, levels):
    """Levels of about equal size by rank, ties together: the same arithmetic as in the test."""
    ordered, n = sorted(values), len(values)
    limits = [ordered[n * k // levels] for k in range(1, levels)]
    return [float(sum(v >= limit for limit in limits)) for v in values]


out = {"made_by": "tests/oracles/methods.py", "versions": {"python": sys.version.split()[0], "mpmath": mp.__version__, "numpy": np.__version__, "scipy": scipy.__version__, "pingouin": pingouin.__version__, "dcor": dcor.__version__}, "data": {}}
for name in NAMES:
    x, y = read(name)
    sets = out["data"][name] = {"n": len(x)}
    print(name, file=sys.stderr)
    sets["biweight"] = robust(x, y, biweight)
    sets["percentage_bend"] = robust(x, y, bend)
    sets["winsorized"] = robust(x, y, winsor, 2 * (len(x) // 5))
    if name != "near_line":
        differ("biweight, pingouin", sets["biweight"]["estimate"], pingouin.corr(x, y, method="bicor")["r"].iloc[0])
        differ("percentage bend, pingouin", sets["percentage_bend"]["estimate"], pingouin.corr(x, y, method="percbend")["r"].iloc[0])
        differ("percentage bend p, pingouin", sets["percentage_bend"]["p_value"], pingouin.corr(x, y, method="percbend")["p_val"].iloc[0])
    sets["distance"] = distance(x, y)
    sets["point_biserial"] = point_biserial(cut(x, 2), y)
    if name != "near_line":
        r = sets["biweight"]["estimate"]
        sets["polyserial"] = polyserial(x, cut(y, 4), r)
        sets["polychoric_2x2"] = polychoric(cut(x, 2), cut(y, 2), r)
        if name != "tiny":
            sets["polychoric_3x4"] = polychoric(cut(x, 3), cut(y, 4), r)
print("bivariate normal", file=sys.stderr)
out["bivariate_normal"] = []
mp.mp.dps = 22
for rho in ["-0.9999", "-0.97", "-0.93", "-0.8", "-0.5", "-0.2", "0.1", "0.299", "0.5", "0.74", "0.8", "0.92", "0.93", "0.99", "0.999999"]:
    for h, k in [("0.3", "-0.8"), ("-2.5", "1.1"), ("1.5", "1.500001"), ("-3.2", "-2.9"), ("0.01", "0.02"), ("2.5", "-2.4")]:
        value = cdf2(mp.mpf(float(h)), mp.mpf(float(k)), mp.mpf(float(rho)))
        out["bivariate_normal"].append([float(h), float(k), float(rho), float(value)])
out["largest_relative_differences"] = differences
json.dump(out, sys.stdout, indent=1)
print()
