"""Reference quantiles from either tail, and noncentral t and F tails, from mpmath at 60 digits.

The tails are power series of positive terms (the incomplete beta and gamma functions as
hypergeometric series, never a continued fraction), quantiles their roots by bisection and Newton
steps on the log tail. The noncentral distributions are the Poisson mixtures of their definition,
and the noncentral t is checked against quadrature over the chi distribution. Prints
quantiles.py.json:

    python tests/oracles/quantiles.py > tests/oracles/quantiles.py.json
"""

import json
import sys

import mpmath as mp

mp.mp.dps = 60


LOG_BETA = {}

# Stands for a tail that is lost in rounding, far below any that is asked for.
NONE = mp.mpf(10) ** -5000


def log_beta(a, b):
    key = (a, b, mp.mp.dps)
    if key not in LOG_BETA:
        LOG_BETA[key] = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return LOG_BETA[key]


def lower_beta(x, y, a, b):
    """I_x(a, b) by its series, y = 1 - x: every term is positive."""
    term = total = mp.mpf(1)
    n = 0
    floor = mp.mpf(10) ** (-mp.mp.dps - 3)
    while True:
        ratio = (a + b + n) / (a + 1 + n) * x
        term *= ratio
        total += term
        n += 1
        if ratio < 1 and term < total * floor * y:
            break
    return mp.exp(a * mp.log(x) + b * mp.log(y) - mp.log(a) - log_beta(a, b)) * total


def terms(x, a, b):
    """About how many terms the series takes."""
    first = (a + b) / (a + 1) * x
    if first < 1:
        return 150 / -mp.log(max(first, x))
    return 3 * ((a + b) * x - a) / (1 - x) + 150 / -mp.log(x)


def beta_tails(u, a, b):
    """Both tails at x = e^u / (1 + e^u)."""
    # One tail is 1 less the other: as many digits more as the smaller tail has zeros.
    dps = mp.mp.dps
    with mp.workdps(20):
        x, y = 1 / (1 + mp.exp(-u)), 1 / (1 + mp.exp(u))
        by_x = terms(x, a, b) < terms(y, b, a) if x < 1 and y < 1 else x < 1
        zeros = -(a * mp.log(x) + b * mp.log(y) - log_beta(a, b)) / mp.log(10)
        extra = int(max(0, min(400, zeros))) + 12
    with mp.workdps(dps + extra):
        x, y = 1 / (1 + mp.exp(-u)), 1 / (1 + mp.exp(u))
        if by_x:
            low = lower_beta(x, y, a, b)
            return low, max(1 - low, NONE)
        up = lower_beta(y, x, b, a)
        return max(1 - up, NONE), up


def gamma_tails(u, a):
    """Both tails of a gamma variable of shape a at e^u."""
    x = mp.exp(u)
    # The lower series keeps its digits in the far upper tail only with more of them.
    extra = int(max(0, (x - a - a * mp.log(x / a)) / mp.log(10))) + 10
    with mp.workdps(mp.mp.dps + extra):
        term = total = mp.mpf(1)
        n = 0
        while True:
            n += 1
            term *= x / (a + n)
            total += term
            if n > x - a and term < total * mp.mpf(10) ** -mp.mp.dps:
                break
        low = mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * total
        return low, 1 - low


def root(tail, p, low, high):
    """The u at which a monotone tail is p."""
    target = mp.log(p)
    with mp.workdps(18):
        f = lambda u: mp.log(tail(u)) - target
        rises = f(high) > f(low)
        if (f(high) > 0) == (f(low) > 0):
            return None
        for _ in range(44):
            u = (low + high) / 2
            if (f(u) > 0) == rises:
                high = u
            else:
                low = u
    u = (low + high) / 2
    for _ in range(3):
        h = mp.mpf(10) ** -22
        here, there = mp.log(tail(u)), mp.log(tail(u + h))
        u -= (here - target) * h / (there - here)
    assert abs(mp.log(tail(u)) - target) < mp.mpf(10) ** -30
    return u


def digits(value):
    return mp.nstr(value, 25)


PROBABILITIES = [1e-300, 1e-100, 1e-20, 1e-5, 0.025, 0.3, 0.5]
SMALLEST, LARGEST = mp.log(mp.mpf("1e-290")), mp.log(mp.mpf("1e290"))


def rows(tails, params, value, low, high):
    out = []
    for side in (0, 1):
        for p in PROBABILITIES:
            u = root(lambda v: tails(v)[side], mp.mpf(p), mp.mpf(low), mp.mpf(high))
            if u is None:
                continue
            x = value(u)
            if not SMALLEST < mp.log(x) < LARGEST:
                continue
            out.append({"args": params, "side": ["lower", "upper"][side], "p": p, "x": digits(x)})
    print(params, len(out), file=sys.stderr, flush=True)
    return out


def noncentral_f(f, d1, d2, ncp):
    """Both tails: the Poisson mixture of beta tails."""
    f, d1, d2, half = mp.mpf(f), mp.mpf(d1), mp.mpf(d2), mp.mpf(ncp) / 2
    u = mp.log(d1 * f / d2)
    lower = upper = mp.mpf(0)
    spread = 12 * mp.sqrt(half) + 60
    for j in range(max(0, int(half - spread)), int(half + 2 * spread)):
        weight = mp.exp(-half + j * mp.log(half) - mp.loggamma(j + 1)) if half else mp.mpf(j == 0)
        low, up = beta_tails(u, d1 / 2 + j, d2 / 2)
        lower += weight * low
        upper += weight * up
    return lower, upper


def noncentral_t(t, df, ncp):
    """P(T <= t): the normal probability of a shift, averaged over the chi distribution."""
    t, df, ncp = mp.mpf(t), mp.mpf(df), mp.mpf(ncp)
    # s = sqrt(chi-squared / df)
    constant = mp.log(2) + df / 2 * mp.log(df / 2) - mp.loggamma(df / 2)
    density = lambda s: mp.exp(constant + (df - 1) * mp.log(s) - df * s * s / 2)
    width = 1 / mp.sqrt(2 * df)
    low, high = max(mp.mpf(10) ** -40, 1 - 18 * width), 1 + 18 * width
    knots = [low + (high - low) * i / 36 for i in range(37)]
    below = mp.quad(lambda s: mp.ncdf(t * s - ncp) * density(s), knots)
    above = mp.quad(lambda s: mp.ncdf(ncp - t * s) * density(s), knots)
    return below, above


def main():
    out = {"made_by": "tests/oracles/quantiles.py", "versions": {"python": sys.version.split()[0], "mpmath": mp.__version__}}
    half = mp.mpf(1) / 2
    beta = []
    for a, b in [(0.5, 0.5), (0.5, 1e5), (1e5, 0.5), (1, 1), (2, 3), (30, 0.7), (200, 1000), (2e4, 2e4), (1e5, 3)]:
        beta += rows(lambda u: beta_tails(u, mp.mpf(a), mp.mpf(b)), [a, b], lambda u: 1 / (1 + mp.exp(-u)), -720, 720)
    out["beta"] = beta
    f = []
    for d1, d2 in [(0.5, 0.5), (0.5, 1e6), (1e6, 0.5), (1, 1e6), (3, 17), (2, 198), (1e4, 3), (1e4, 1e4)]:
        d1, d2 = mp.mpf(d1), mp.mpf(d2)
        f += rows(lambda u: beta_tails(u, d1 / 2, d2 / 2), [float(d1), float(d2)], lambda u: d2 / d1 * mp.exp(u), -720, 720)
    out["f"] = f
    chi = []
    for df in [0.5, 1, 2, 7.5, 198, 1e4]:
        d = mp.mpf(df)
        chi += rows(lambda u: gamma_tails(u, d / 2), [df], lambda u: 2 * mp.exp(u), -700, mp.log(20 * (1400 + d)))
    out["chi_squared"] = chi
    t = []
    for df in [0.5, 1, 2.5, 30, 198, 1e6]:
        d = mp.mpf(df)
        # t^2 is F with 1 and df degrees of freedom: one tail of t is half the upper one of F.
        tails = lambda u: (0, beta_tails(u, half, d / 2)[1] / 2)
        for p in PROBABILITIES[:-1]:
            u = root(lambda v: tails(v)[1], mp.mpf(p), mp.mpf(-720), mp.mpf(1450))
            x = mp.sqrt(d * mp.exp(u)) if u is not None else mp.inf
            if x < mp.mpf("1e290"):
                t.append({"args": [df], "side": "upper", "p": p, "x": digits(x)})
    out["t"] = t
    out["noncentral_f"] = []
    for value, d1, d2, ncp in [(3.2, 2, 57, 1.5), (0.4, 3, 20, 0), (0.4, 3, 20, 12), (9.5, 1, 198, 40), (25, 4, 995, 180), (1.01, 10, 1e4, 3), (60, 2, 200, 250), (2, 5, 8, 0.01)]:
        low, up = noncentral_f(value, d1, d2, ncp)
        out["noncentral_f"].append({"args": [value, d1, d2, ncp], "cdf": digits(low), "sf": digits(up)})
    out["noncentral_t"] = []
    worst = mp.mpf(0)
    for value, df, ncp in [(2.1, 10, 0.5), (2.1, 10, 4), (-1.3, 7, 0.8), (0.7, 25, -1.4), (0.0, 5, 1), (14, 198, 12), (1.2, 198, -0.5), (5, 3, 2), (30, 1000, 28), (-2, 40, -4.5)]:
        low, up = noncentral_t(value, df, ncp)
        assert abs(low + up - 1) < mp.mpf(10) ** -25, (value, df, ncp)
        # T^2 is a noncentral F: a second way to the middle part.
        if value > 0:
            other = noncentral_t(-value, df, ncp)[0]
            worst = max(worst, abs(noncentral_f(value * mp.mpf(value), 1, df, mp.mpf(ncp) ** 2)[0] - (low - other)))
        out["noncentral_t"].append({"args": [value, df, ncp], "cdf": digits(low), "sf": digits(up)})
        print("t", value, df, ncp, file=sys.stderr, flush=True)
    assert worst < mp.mpf(10) ** -24, worst
    out["largest_difference_of_two_ways"] = mp.nstr(worst, 3)
    json.dump(out, sys.stdout, indent=1)
    print()


main()
