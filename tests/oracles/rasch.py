"""The Rasch model's conditional likelihood from its definition: every possible answer written out.

The probability of a respondent's answers given their sum is one over all answers with that sum, so
γ, its derivatives and the information are sums over all of them (no recursion), in 80-bit numbers.
Newton's method; infit, outfit and separation at places found by scipy's brentq. The data are those of
`reliability.py`.

    python3 rasch.py > rasch.py.json
"""

import itertools
import json
from pathlib import Path

import numpy as np
import scipy
from scipy import optimize, stats

HERE = Path(__file__).parent
DATA = json.load(open(HERE / "reliability.py.json"))["data"]
L = np.longdouble


def code(rows):
    k = len(rows[0])
    values = [sorted({r[j] for r in rows if r[j] is not None}) for j in range(k)]
    step = min(b - a for v in values for a, b in zip(v, v[1:]))
    steps = [[round((x - v[0]) / step) for x in v] for v in values]
    coded = [[None if r[j] is None else values[j].index(r[j]) for j in range(k)] for r in rows]
    return steps, coded


class Model:
    """Parameters: for each item one for each answer but the lowest."""

    def __init__(self, steps, rows):
        self.steps = steps
        self.place = {}
        for i, own in enumerate(steps):
            for h in range(1, len(own)):
                self.place[i, h] = len(self.place)
        self.p = len(self.place)
        self.w = np.array([steps[i][h] for i, h in self.place], dtype=L)
        self.rows = []
        for row in rows:
            seen = [i for i, h in enumerate(row) if h is not None]
            own, most = sum(steps[i][row[i]] for i in seen), sum(steps[i][-1] for i in seen)
            if 0 < own < most:
                self.rows.append((tuple(seen), own, row))
        self.groups = {}
        for seen, own, _ in self.rows:
            self.groups.setdefault(seen, {}).setdefault(own, 0)
            self.groups[seen][own] += 1
        self.tables = {seen: self.all_answers(seen) for seen in self.groups}
        self.counts = np.zeros(self.p, dtype=L)
        for _, _, row in self.rows:
            for i, h in enumerate(row):
                if h:
                    self.counts[self.place[i, h]] += 1

    def all_answers(self, seen):
        """Every answer to these items, by its sum, as indicators of the parameters."""
        answers = np.array(list(itertools.product(*[range(len(self.steps[i])) for i in seen])))
        x = np.zeros((len(answers), self.p), dtype=np.int8)
        total = np.zeros(len(answers), dtype=int)
        for column, i in enumerate(seen):
            total += np.array(self.steps[i])[answers[:, column]]
            for h in range(1, len(self.steps[i])):
                x[:, self.place[i, h]] = answers[:, column] == h
        return {r: x[total == r].astype(L) for r in self.groups[seen]}

    def derivatives(self, c):
        value, gradient = -(c @ self.counts), -self.counts.copy()
        information = np.zeros((self.p, self.p), dtype=L)
        for seen, sums in self.groups.items():
            for r, n in sums.items():
                x = self.tables[seen][r]
                weight = np.exp(-(x @ c))
                gamma = weight.sum()
                weight /= gamma
                mean = weight @ x
                value -= n * np.log(gamma)
                gradient += n * mean
                information += n * ((x * weight[:, None]).T @ x - np.outer(mean, mean))
        return value, gradient, information

    def fit(self):
        # Σ over items of the mean threshold c_last/w_last is 0: a Lagrange row.
        a = np.zeros(self.p, dtype=L)
        for i, own in enumerate(self.steps):
            a[self.place[i, len(own) - 1]] = L(1) / (len(self.steps) * own[-1])
        c = np.zeros(self.p, dtype=L)
        for _ in range(60):
            _, gradient, information = self.derivatives(c)
            whole = np.zeros((self.p + 1, self.p + 1))
            whole[:-1, :-1], whole[:-1, -1], whole[-1, :-1] = information, a, a
            step = np.linalg.solve(whole, np.append(gradient, -(a @ c)).astype(float))[:-1]
            c = c + np.clip(step, -1, 1)
            if np.abs(step).max() < 1e-16:
                break
        value, _, information = self.derivatives(c)
        whole[:-1, :-1] = information
        return c, float(value), np.linalg.inv(whole)[:-1, :-1]


def moments(steps, c, model, i, theta):
    logs = np.array([steps[i][h] * theta - (float(c[model.place[i, h]]) if h else 0) for h in range(len(steps[i]))])
    p = np.exp(logs - logs.max())
    p /= p.sum()
    w = np.array(steps[i])
    return p @ w, p @ (w - p @ w) ** 2


def analysed(rows):
    steps, coded = code(rows)
    model = Model(steps, coded)
    c, log_lik, v = model.fit()
    thresholds, errors = [], []
    for i, own in enumerate(steps):
        each, se = [], []
        for h in range(1, len(own)):
            contrast = np.zeros(model.p)
            contrast[model.place[i, h]] = 1 / (own[h] - own[h - 1])
            if h > 1:
                contrast[model.place[i, h - 1]] = -1 / (own[h] - own[h - 1])
            each.append(float(contrast @ c))
            se.append(float(np.sqrt(contrast @ v @ contrast)))
        thresholds.append(each)
        errors.append(se)
    k = len(steps)
    square, expected, z2, n = np.zeros(k), np.zeros(k), np.zeros(k), np.zeros(k, dtype=int)
    places, variances, known = [], [], {}
    for seen, own, row in model.rows:
        if (seen, own) not in known:
            f = lambda t: sum(moments(steps, c, model, i, t)[0] for i in seen) - own
            theta = optimize.brentq(f, -40, 40, xtol=1e-14, rtol=1e-15)
            known[seen, own] = theta, {i: moments(steps, c, model, i, theta) for i in seen}
        theta, each = known[seen, own]
        for i in seen:
            mean, variance = each[i]
            res = (steps[i][row[i]] - mean) ** 2
            square[i] += res
            expected[i] += variance
            z2[i] += res / variance
            n[i] += 1
        places.append(theta)
        variances.append(1 / sum(each[i][1] for i in seen))
    # Andersen: complete respondents, above the median sum and not.
    whole = [r for r in coded if None not in r]
    sums = [sum(steps[i][h] for i, h in enumerate(r)) for r in whole]
    low = [r for r, s in zip(whole, sums) if s <= np.median(sums)]
    high = [r for r, s in zip(whole, sums) if s > np.median(sums)]
    keep = [i for i in range(k) if all({r[i] for r in part} == set(range(len(steps[i]))) for part in (low, high))]
    part = lambda rows: Model([steps[i] for i in keep], [[r[i] for i in keep] for r in rows])
    log = [part(rows).fit()[1] for rows in (low, high, whole)]
    statistic, df = 2 * (log[0] + log[1] - log[2]), part(whole).p - 1
    return {
        "n": len(model.rows),
        "thresholds": thresholds,
        "se": errors,
        "log_lik": log_lik,
        "infit": list(square / expected),
        "outfit": list(z2 / n),
        "n_items": [int(m) for m in n],
        "separation": 1 - np.mean(variances) / np.var(places, ddof=1),
        "andersen": [statistic, df, stats.chi2.sf(statistic, df), len(keep)],
    }


out = {name: analysed(case["rows"]) for name, case in DATA.items()}
out = {"data": out, "versions": {"numpy": np.__version__, "scipy": scipy.__version__}}
print(json.dumps(out, indent=1))
