"""Reference tails and quantiles from mpmath, at 60 digits, from the definitions.

Tails are integrals of the density by mpmath's quadrature (no code of the toolkit and no series of
its own), checked where it converges against mpmath's regularised incomplete functions. Quantiles
are roots of those tails. Prints tails.py.json:

    python tests/oracles/tails.py > tests/oracles/tails.py.json
"""

import json
import sys

import mpmath as mp

mp.mp.dps = 60


def integral(log_density, start, scale):
    """The integral of exp(log_density) from start to infinity, in pieces that grow.

    The density is taken relative to its value at start: mpmath's quadrature stops at an absolute
    error, which a tail of 1e-300 would meet at once.
    """
    total = mp.mpf(0)
    left, step = mp.mpf(start), mp.mpf(scale)
    shift = log_density(left)
    while True:
        right = left + step
        piece = mp.quad(lambda u: mp.exp(log_density(u) - shift), [left, right])
        total += piece
        if piece < total * mp.mpf(10) ** -40:
            return total * mp.exp(shift)
        left, step = right, step * 2


def normal_sf(z):
    return mp.erfc(mp.mpf(z) / mp.sqrt(2)) / 2


def t_sf(t, df):
    t, df = mp.mpf(t), mp.mpf(df)
    constant = mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - mp.log(df * mp.pi) / 2
    # In u = ln t the tail decays exponentially, however heavy it is.
    log_density = lambda u: constant - (df + 1) / 2 * mp.log1p(mp.exp(2 * u) / df) + u
    u = mp.log(t)
    decay = max(1, (df + 1) * t * t / (df + t * t) - 1)
    return integral(log_density, u, mp.mpf(8) / decay)


def f_sf(f, d1, d2):
    f, d1, d2 = mp.mpf(f), mp.mpf(d1), mp.mpf(d2)
    constant = -(mp.loggamma(d1 / 2) + mp.loggamma(d2 / 2) - mp.loggamma((d1 + d2) / 2)) + d1 / 2 * mp.log(d1 / d2)
    log_density = lambda u: constant + d1 / 2 * u - (d1 + d2) / 2 * mp.log1p(d1 / d2 * mp.exp(u))
    spread = mp.sqrt(2 * (d1 + d2) / (d1 * d2))
    slope = (d1 + d2) / 2 * d1 * f / (d2 + d1 * f) - d1 / 2
    return integral(log_density, mp.log(f), min(spread, 8 / max(slope, mp.mpf(1) / 10)))


def chi_squared_sf(x, df):
    x, df = mp.mpf(x), mp.mpf(df)
    constant = -mp.loggamma(df / 2) - df / 2 * mp.log(2)
    log_density = lambda u: constant + df / 2 * u - mp.exp(u) / 2
    spread = mp.sqrt(2 / df)
    slope = x / 2 - df / 2
    return integral(log_density, mp.log(x), min(spread, 8 / max(slope, mp.mpf(1) / 10)))


def digits(value):
    return mp.nstr(value, 25)


def main():
    out = {"made_by": "tests/oracles/tails.py", "versions": {"python": sys.version.split()[0], "mpmath": mp.__version__}, "normal": [], "t": [], "f": [], "chi_squared": []}
    for z in [-8.5, -1.25, 0.0, 1e-9, 0.3, 1.0, 1.959963984540054, 3.7, 6.1, 12.3, 20.0, 30.7, 37.0]:
        p = normal_sf(z)
        out["normal"].append({"x": z, "sf": digits(p)})
    out["normal_quantile"] = []
    for q in ["1e-300", "1e-100", "1e-20", "1e-9", "0.001", "0.025", "0.2", "0.4999"]:
        p = mp.mpf(float(q))
        guess = mp.sqrt(-2 * mp.log(p)) if p < 0.01 else mp.sqrt(2) * mp.erfinv(1 - 2 * p)
        z = mp.findroot(lambda x: mp.log(mp.erfc(x / mp.sqrt(2)) / 2) - mp.log(p), guess)
        out["normal_quantile"].append({"q": float(q), "x": digits(z)})

    targets = [1e-300, 1e-120, 1e-30, 1e-8, 0.01, 0.2, 0.45]

    def fill(name, sf, args, start):
        tail = lambda x: sf(x, *args)
        for target in targets:
            # A place of about this tail, by bisection with few digits, then rounded to a double.
            mp.mp.dps = 16
            low, high = mp.mpf(start), mp.mpf(690)
            log_target = mp.log(mp.mpf(target))
            reaches = mp.log(tail(mp.exp(high))) < log_target < mp.log(tail(mp.exp(low)))
            for _ in range(42 if reaches else 0):
                u = (low + high) / 2
                if mp.log(tail(mp.exp(u))) > log_target:
                    low = u
                else:
                    high = u
            mp.mp.dps = 60
            if not reaches:
                # The place lies beyond the largest double (heavy tails).
                continue
            x = float(mp.exp(u))
            p = sf(x, *args)
            row = {"args": list(args), "x": x, "sf": digits(p)}
            # The quantile of a double near that tail.
            q = float(p)
            if q > 1e-305:
                root = mp.log(x) + (mp.log(p) - mp.log(mp.mpf(q))) / slope(tail, x, p)
                row["q"] = q
                row["quantile"] = digits(mp.exp(root))
            out[name].append(row)
            print(name, args, target, x, file=sys.stderr, flush=True)

    def slope(tail, x, p):
        """-d ln tail / d ln x: the last, tiny correction from x to the quantile is linear."""
        h = mp.mpf(10) ** -20
        return -(mp.log(tail(mp.mpf(x) * mp.exp(h))) - mp.log(p)) / h

    for df in [1, 2, 3.5, 10, 30, 198, 1000, 10000, 1000000]:
        fill("t", t_sf, (df,), -45)
    for d1, d2 in [(1, 1), (1, 198), (2, 10), (3, 1000), (10, 3), (30, 30), (5, 1000000), (1000, 1000), (1000000, 7), (1000000, 1000000)]:
        fill("f", f_sf, (d1, d2), -2 * mp.sqrt(2 * mp.mpf(d1 + d2) / (d1 * d2)))
    for df in [1, 2, 3, 10, 100, 1000, 1000000]:
        fill("chi_squared", chi_squared_sf, (df,), mp.log(df) - 2 * mp.sqrt(mp.mpf(2) / df))

    # A second way, where it converges: mpmath's own incomplete functions.
    worst = mp.mpf(0)
    for row in out["t"]:
        df = mp.mpf(row["args"][0])
        if df <= 200:
            x = mp.mpf(row["x"])
            again = mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + x * x), regularized=True) / 2
            worst = max(worst, abs(again / mp.mpf(row["sf"]) - 1))
    for row in out["chi_squared"]:
        df = mp.mpf(row["args"][0])
        if df <= 1000:
            again = mp.gammainc(df / 2, mp.mpf(row["x"]) / 2, mp.inf, regularized=True)
            worst = max(worst, abs(again / mp.mpf(row["sf"]) - 1))
    # The rows are printed with 25 digits.
    assert worst < mp.mpf(10) ** -24, worst
    out["largest_difference_from_incomplete_functions"] = mp.nstr(worst, 3)
    json.dump(out, sys.stdout, indent=1)
    print()


main()
