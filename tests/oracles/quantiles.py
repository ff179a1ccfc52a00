"""Reference quantiles from either tail, and noncentral t and F, from mpmath at 50 digits.

Central distributions are mpmath's regularised incomplete functions. A quantile needs no search: x is
a double, p the exact tail there, and the quantile of the double nearest to p lies a known, tiny step
from x (the rounding of p over the density). The noncentral t is the integral of its definition over
the chi distribution, the noncentral F its Poisson mixture. Prints quantiles.py.json:

    python tests/oracles/quantiles.py > tests/oracles/quantiles.py.json
"""

import json
import sys

import mpmath as mp

mp.mp.dps = 50


def digits(value):
    return mp.nstr(value, 25)


def beta_tails(x, a, b):
    a, b = mp.mpf(a), mp.mpf(b)
    density = mp.exp((a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x) - mp.log(mp.gamma(a)) - mp.log(mp.gamma(b)) + mp.log(mp.gamma(a + b)))
    return mp.betainc(a, b, 0, x, regularized=True), mp.betainc(b, a, 0, 1 - x, regularized=True), density


def chi_squared_tails(x, df):
    h = mp.mpf(df) / 2
    density = mp.exp((h - 1) * mp.log(x / 2) - x / 2 - mp.log(mp.gamma(h))) / 2
    return mp.gammainc(h, 0, x / 2, regularized=True), mp.gammainc(h, x / 2, mp.inf, regularized=True), density


def f_tails(x, d1, d2):
    d1, d2 = mp.mpf(d1), mp.mpf(d2)
    y = d1 * x / (d1 * x + d2)
    lower = mp.betainc(d1 / 2, d2 / 2, 0, y, regularized=True)
    upper = mp.betainc(d2 / 2, d1 / 2, 0, d2 / (d1 * x + d2), regularized=True)
    beta = beta_tails(y, d1 / 2, d2 / 2)[2]
    return lower, upper, beta * d1 * d2 / (d1 * x + d2) ** 2


def t_tails(x, df):
    df = mp.mpf(df)
    upper = mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + x * x), regularized=True) / 2
    density = mp.exp(mp.log(mp.gamma((df + 1) / 2)) - mp.log(mp.gamma(df / 2)) - (df + 1) / 2 * mp.log1p(x * x / df)) / mp.sqrt(df * mp.pi)
    return 1 - upper, upper, density


def rows(tails, args, places):
    out = []
    for place in places:
        x = float(place)
        lower, upper, density = tails(mp.mpf(x), *args)
        row = {"args": list(args), "x": digits(mp.mpf(x)), "cdf": digits(lower), "sf": digits(upper)}
        for name, p, sign in (("lower", lower, 1), ("upper", upper, -1)):
            if mp.mpf(10) ** -300 < p < mp.mpf("0.6"):
                q = float(p)
                step = sign * (mp.mpf(q) - p) / density
                # The step is a rounding error: where it is not tiny the tail is flat here.
                if abs(step) < mp.mpf(10) ** -13 * x:
                    row[name] = {"q": digits(mp.mpf(q)), "quantile": digits(x + step)}
        out.append(row)
    return out


def noncentral_t(t, df, ncp):
    t, df, ncp = mp.mpf(t), mp.mpf(df), mp.mpf(ncp)
    constant = mp.log(2) + df / 2 * mp.log(df / 2) - mp.loggamma(df / 2)
    density = lambda u: mp.exp(constant + (df - 1) * mp.log(u) - df * u * u / 2)
    width = 1 / mp.sqrt(2 * df)
    ends = [max(mp.mpf(0), 1 + k * width) for k in (-40, -20, -10, -5, -2, 0, 2, 5, 10, 20, 40)]
    ends = sorted(set(ends + [mp.mpf(0)])) + [1 + 80 * width]
    phi = lambda z: mp.erfc(-z / mp.sqrt(2)) / 2
    lower = mp.quad(lambda u: phi(t * u - ncp) * density(u) if u > 0 else mp.mpf(0), ends)
    upper = mp.quad(lambda u: phi(ncp - t * u) * density(u) if u > 0 else mp.mpf(0), ends)
    assert abs(lower + upper - 1) < mp.mpf(10) ** -25, (t, df, ncp, lower + upper)
    return lower, upper


def noncentral_f(f, d1, d2, ncp):
    f, d1, d2, half = mp.mpf(f), mp.mpf(d1), mp.mpf(d2), mp.mpf(ncp) / 2
    x = d1 * f / (d1 * f + d2)
    most = int(half + 40 * mp.sqrt(half + 1) + 60)
    weight = [mp.exp(-half + j * mp.log(half) - mp.loggamma(j + 1)) for j in range(most)]
    lower = sum(w * mp.betainc(d1 / 2 + j, d2 / 2, 0, x, regularized=True) for j, w in enumerate(weight))
    upper = sum(w * mp.betainc(d2 / 2, d1 / 2 + j, 0, 1 - x, regularized=True) for j, w in enumerate(weight))
    assert abs(lower + upper - 1) < mp.mpf(10) ** -30
    return lower, upper


def main():
    out = {"made_by": "tests/oracles/quantiles.py", "versions": {"python": sys.version.split()[0], "mpmath": mp.__version__}}
    small = ["1e-140", "1e-40", "1e-9", "0.001", "0.2", "0.5", "0.9", "0.999"]
    out["beta"] = []
    for a, b in [(0.5, 0.5), (0.5, 30), (1, 1), (2, 3), (2, 100), (30, 0.5), (50, 50), (300, 1000)]:
        out["beta"] += rows(beta_tails, (a, b), small)
    out["chi_squared"] = []
    for df in [0.5, 1, 3, 30, 400]:
        out["chi_squared"] += rows(chi_squared_tails, (df,), ["1e-100", "1e-9", "0.01", 1, df, 2 * df + 5, 1300])
    out["f"] = []
    for d1, d2 in [(0.5, 4), (1, 1), (2, 57), (10, 3), (300, 200)]:
        out["f"] += rows(f_tails, (d1, d2), ["1e-100", "1e-9", "0.01", "0.7", 1, 4, 1e4])
    out["t"] = []
    for df in [0.5, 1, 2.5, 20, 400]:
        out["t"] += rows(t_tails, (df,), ["0.01", "0.7", 2, 9, 300, 1e6])
    out["noncentral_t"] = []
    for df in [1, 3, 10, 57, 300]:
        for ncp in [0.0, 0.5, 3.0, 12.0, -2.0]:
            for t in [-3.0, 0.5, 2.5, 9.0, 20.0]:
                lower, upper = noncentral_t(t, df, ncp)
                out["noncentral_t"].append({"args": [df, ncp], "x": t, "cdf": digits(lower), "sf": digits(upper)})
    out["noncentral_f"] = []
    for d1, d2 in [(1, 10), (2, 57), (5, 300)]:
        for ncp in [0.3, 4.0, 60.0]:
            for f in [0.05, 1.0, 3.2, 20.0, 60.0]:
                lower, upper = noncentral_f(f, d1, d2, ncp)
                out["noncentral_f"].append({"args": [d1, d2, ncp], "x": f, "cdf": digits(lower), "sf": digits(upper)})
    json.dump(out, sys.stdout, indent=1)
    print()


main()
