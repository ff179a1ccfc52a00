"""Data in groups for the oracles of mixed models: writes mixed_*.csv and capped.csv beside itself.

    python mixed_data.py
"""

import csv

import numpy as np

rng = np.random.default_rng(20180712)


def write(name, header, rows):
    write_as(f"mixed_{name}.csv", header, rows)


def write_as(file_name, header, rows):
    with open(file_name, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


# Six groups of five, nothing but a mean: the analysis of variance has the answer in closed form.
rows = []
for g in range(6):
    effect = rng.normal(0, 4)
    rows += [[round(50 + effect + rng.normal(0, 3), 2), f"g{g}"] for _ in range(5)]
write("balanced", ["y", "group"], rows)

# Twelve sessions of unequal size with random slopes.
rows = []
for g, size in enumerate([3, 4, 5, 6, 7, 8, 9, 10, 11, 4, 5, 6]):
    b0, b1 = rng.normal(0, 5), rng.normal(0, 1.5)
    for _ in range(size):
        x = rng.integers(0, 21) / 2
        y = 30 + b0 + (3 + b1) * x + rng.normal(0, 6)
        rows.append([round(y, 1), x, rng.choice(["JP", "EU", "US"]), f"s{g:02d}"])
write("sessions", ["y", "x", "region", "session"], rows)

# Groups that do not differ: the variance between them is estimated at 0.
rows = []
for g in range(8):
    noise = rng.normal(0, 2, 4)
    noise -= noise.mean()
    for k in range(4):
        x = rng.normal(0, 1)
        rows.append([round(10 + 2 * x + noise[k], 3), round(x, 3), f"c{g}"])
write("singular", ["y", "x", "group"], rows)

# Large groups that differ by far, an offset of a million, a slope variable far from 0.
rows = []
for g in range(10):
    b0, b1 = rng.normal(0, 300), rng.normal(0, 5)
    for _ in range(int(rng.integers(8, 16))):
        t = 2000 + rng.integers(0, 20)
        y = 1_000_000 + b0 + (10 + b1) * (t - 2010) + rng.normal(0, 4)
        rows.append([round(y, 3), int(t), f"h{g}", int(rng.integers(1, 4))])
write("offset", ["y", "t", "group", "count"], rows)

# Contacts that are shown as 500+ from 500 on.
rows = []
for _ in range(150):
    score = rng.integers(0, 21) / 2
    log_count = rng.normal(4.6 + 0.12 * score, 0.9)
    count = max(1, round(float(np.exp(log_count))))
    ssi = round(float(5 + 2.5 * score + 3 * np.log(count) + rng.normal(0, 8)), 1)
    rows.append([ssi, score, "500+" if count >= 500 else count])
write_as("capped.csv", ["ssi", "score", "contacts"], rows)
