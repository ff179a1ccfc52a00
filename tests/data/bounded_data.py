"""Makes bounded_*.csv: outcomes with ends and outcomes that are categories. Seeded."""
import numpy as np

NAMES = {"plain": (200, 1, 0.0), "small": (40, 2, 0.0), "ties": (120, 3, 0.0), "offset": (90, 4, 1e5)}


def logistic(v):
    return 1 / (1 + np.exp(-v))


for name, (n, seed, offset) in NAMES.items():
    r = np.random.default_rng(seed)
    x = r.normal(0, 1, n).round(3)
    if name == "ties":
        x = (r.integers(0, 21, n) / 2 - 5) / 3
        x = (x * 6).round() / 4
    z = r.uniform(0, 4, n).round(2)
    g = r.integers(0, 3, n)
    eta = 0.9 * x - 0.5 * z + 0.4 * g
    binary = (r.uniform(size=n) < logistic(eta)).astype(int)
    ordered = np.digitize(eta + r.logistic(size=n), [-1.5, 0.0, 1.2]) + 1
    p = logistic(0.6 * eta)
    inner = np.clip(100 * r.beta(8 * p, 8 * (1 - p)), 0.5, 99.5).round(2)
    share = np.clip(inner + r.normal(0, 12, n), 0, 100).round(1)
    star = 200 + 120 * eta + r.normal(0, 120, n)
    capped = np.maximum(star, 0).round()
    with open(f"tests/data/bounded_{name}.csv", "w") as f:
        f.write("x,z,g,binary,ordered,inner,share,limited,cluster,count\n")
        for i in range(n):
            f.write(
                f"{x[i] + offset:.6g},{z[i]:g},{'ABC'[g[i]]},{binary[i]},{ordered[i]},{inner[i]:g},{share[i]:g},"
                f"{min(capped[i], 300):g},{i % 12},{(7 * i) % 5}\n"
                if offset == 0
                else f"{x[i] + offset:.3f},{z[i]:g},{'ABC'[g[i]]},{binary[i]},{ordered[i]},{inner[i]:g},{share[i]:g},"
                f"{min(capped[i], 300):g},{i % 12},{(7 * i) % 5}\n"
            )
