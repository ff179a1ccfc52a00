"""Reference numbers for mixed models, from the definitions in 40 digits.

    python mixed.py > mixed.py.json      (in this directory)

V = σ²I + ZGZᵀ is written out whole, n × n, a block a group. The criterion is
ln|V| + ln|XᵀV⁻¹X| + rᵀV⁻¹r + (n − k) ln 2π (REML; ML without the second part and with n in the
last), minimised by Newton's method on numerical derivatives. Matrices are flint's (Arb), at 160 bits. Satterthwaite's degrees of
freedom come from numerical derivatives of the same criterion and of (XᵀV⁻¹X)⁻¹. statsmodels and the
closed form of the balanced case (analysis of variance) stand beside.

Data: ../data/mixed_*.csv.
"""

import csv
import json
import sys

import flint
import mpmath
import numpy as np
import pandas as pd
import statsmodels
import statsmodels.formula.api as smf
from mpmath import matrix, mp, mpf

mp.dps = 40
flint.ctx.prec = 160


def exact(value):
    return flint.arb(mp.nstr(mpf(value), 45))


def rounded(value):
    return mpf(value.mid().str(42, radius=False))


def table(name):
    with open(f"../data/mixed_{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return {k: [r[k] for r in rows] for k in rows[0]}


def columns(data, terms):
    out = []
    for term in terms:
        if term == "1":
            out.append([mpf(1)] * len(data["y"]))
        elif "=" in term:
            name, level = term.split("=")
            out.append([mpf(int(w == level)) for w in data[name]])
        else:
            out.append([mpf(w) for w in data[term]])
    return out


class Model:
    def __init__(self, data, terms, slope, group, reml, counts=None):
        x = columns(data, terms)
        y = [mpf(v) for v in data["y"]]
        names = sorted(set(data[group]))
        z = columns(data, ["1"] + ([slope] if slope else []))
        times = [int(c) for c in data[counts]] if counts else [1] * len(y)
        self.blocks = []
        for name in names:
            at = [i for i in range(len(y)) if data[group][i] == name for _ in range(times[i])]
            self.blocks.append((
                flint.arb_mat([[exact(c[i]) for c in x] for i in at]),
                flint.arb_mat([[exact(c[i]) for c in z] for i in at]),
                flint.arb_mat([[exact(y[i])] for i in at]),
            ))
        self.n = sum(times)
        self.k = len(x)
        self.reml = reml
        self.q = len(z)

    def parts(self, params):
        """params: σ² and G's cells 11, 21, 22."""
        p = [exact(v) for v in params]
        cells = [[p[1]]] if self.q == 1 else [[p[1], p[2]], [p[2], p[3]]]
        g = flint.arb_mat(cells)
        log_det, yy = flint.arb(0), flint.arb(0)
        xx, xy = flint.arb_mat(self.k, self.k), flint.arb_mat(self.k, 1)
        for x, z, y in self.blocks:
            v = z * g * z.transpose()
            for i in range(y.nrows()):
                v[i, i] += p[0]
            log_det += v.det().log()
            inverse = v.inv()
            xx += x.transpose() * inverse * x
            xy += x.transpose() * inverse * y
            yy += (y.transpose() * inverse * y)[0, 0]
        cov = xx.inv()
        beta = cov * xy
        rss = rounded(yy - (beta.transpose() * xy)[0, 0])
        log_det, log_xx = rounded(log_det), rounded(xx.det().log())
        beta = matrix([rounded(beta[j, 0]) for j in range(self.k)])
        cov = matrix([[rounded(cov[i, j]) for j in range(self.k)] for i in range(self.k)])
        if self.reml:
            dev = log_det + log_xx + rss + (self.n - self.k) * mp.log(2 * mp.pi)
        else:
            dev = log_det + rss + self.n * mp.log(2 * mp.pi)
        return dev, beta, cov

    def derivatives(self, f, at):
        m = len(at)
        h = [abs(a) * mpf(10) ** -6 for a in at]

        def point(*moves):
            p = list(at)
            for j, s in moves:
                p[j] += s * h[j]
            return f(p)

        grad = matrix(m, 1)
        hess = matrix(m, m)
        centre = f(at)
        for i in range(m):
            # Five points: the error is of the order h⁴.
            a, b, c, d = point((i, -2)), point((i, -1)), point((i, 1)), point((i, 2))
            grad[i] = (a - 8 * b + 8 * c - d) / (12 * h[i])
            hess[i, i] = (-a + 16 * b - 30 * centre + 16 * c - d) / (12 * h[i] ** 2)
            for j in range(i):
                cross = point((i, 1), (j, 1)) - point((i, 1), (j, -1)) - point((i, -1), (j, 1)) + point((i, -1), (j, -1))
                hess[i, j] = hess[j, i] = cross / (4 * h[i] * h[j])
        return grad, hess

    def solve(self, start):
        at = [mpf(s) for s in start]
        for _ in range(40):
            grad, hess = self.derivatives(lambda p: self.parts(p)[0], at)
            step = mp.lu_solve(hess, grad)
            at = [a - s for a, s in zip(at, step)]
            if max(abs(s / a) for s, a in zip(step, at)) < mpf(10) ** -14:
                break
        dev, beta, cov = self.parts(at)
        grad, hess = self.derivatives(lambda p: self.parts(p)[0], at)
        a = 2 * hess**-1
        df = []
        for j in range(self.k):
            slopes, _ = self.derivatives(lambda p: self.parts(p)[2][j, j], at)
            df.append(2 * cov[j, j] ** 2 / (slopes.T * a * slopes)[0])
        return {
            "parameters": [float(v) for v in at],
            "parameter_se": [float(mp.sqrt(a[i, i])) for i in range(len(at))],
            "coefficients": [float(v) for v in beta],
            "std_error": [float(mp.sqrt(cov[j, j])) for j in range(self.k)],
            "df": [float(v) for v in df],
            "log_lik": float(-dev / 2),
        }


def balanced(data):
    """The analysis of variance: τ² = (MSB − MSW)/m."""
    groups = {}
    for y, g in zip(data["y"], data["group"]):
        groups.setdefault(g, []).append(mpf(y))
    m = len(next(iter(groups.values())))
    means = {g: sum(v) / m for g, v in groups.items()}
    grand = sum(means.values()) / len(means)
    msb = m * sum((v - grand) ** 2 for v in means.values()) / (len(means) - 1)
    msw = sum((y - means[g]) ** 2 for g, v in groups.items() for y in v) / (len(means) * (m - 1))
    tau = (msb - msw) / m
    return {
        "mean": float(grand),
        "std_error": float(mp.sqrt(msb / (m * len(means)))),
        "df": len(means) - 1,
        "tau": float(tau),
        "sigma": float(msw),
        "icc": float(tau / (tau + msw)),
        "design_effect": float(1 + (m - 1) * tau / (tau + msw)),
    }


def peer(name, formula, slope, group):
    data = pd.read_csv(f"../data/mixed_{name}.csv")
    re = f"~{slope}" if slope else None
    fit = smf.mixedlm(formula, data, groups=group, re_formula=re).fit(method=["lbfgs", "bfgs"], gtol=1e-10)
    return {"coefficients": list(map(float, fit.fe_params)), "log_lik": float(fit.llf), "sigma": float(fit.scale)}


cases = [
    ("balanced", ["1"], None, "group", True, None, [8, 15], "y ~ 1"),
    ("balanced", ["1"], None, "group", False, None, [8, 12], "y ~ 1"),
    ("sessions", ["1", "x"], None, "session", True, None, [40, 60], "y ~ x"),
    ("sessions", ["1", "x", "region=JP", "region=US"], "x", "session", True, None, [35, 30, -3, 1.5], "y ~ x + region"),
    ("sessions", ["1", "x"], "x", "session", False, None, [35, 30, -3, 1.5], "y ~ x"),
    ("offset", ["1", "t"], None, "group", True, None, [400, 80000], "y ~ t"),
    ("offset", ["1", "t"], None, "group", True, "count", [400, 80000], "y ~ t"),
]
out = []
for name, terms, slope, group, reml, counts, start, formula in cases:
    found = Model(table(name), terms, slope, group, reml, counts).solve(start)
    case = {"data": name, "formula": formula, "slope": slope, "group": group, "reml": reml, "counts": counts}
    if reml and not counts:
        case["statsmodels"] = peer(name, formula, slope, group)
    out.append({**case, **found})

json.dump(
    {
        "versions": {"python": sys.version.split()[0], "mpmath": mpmath.__version__, "flint": flint.__version__, "statsmodels": statsmodels.__version__, "numpy": np.__version__},
        "fits": out,
        "balanced": balanced(table("balanced")),
    },
    sys.stdout,
    indent=1,
)
print()
