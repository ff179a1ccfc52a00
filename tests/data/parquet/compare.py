"""Compares what is read of random Parquet files with what is read of CSVs of the same values, which
are written from the Python values and not from the Parquet files:

    python tests/data/parquet/compare.py SSI [FILES] [SEED]

SSI is the program. Each file is a survey whose groups are of random types, so that every cell's text
stands in what `ssi check --clean` writes, which has to be the same bytes. Needs pyarrow.
"""

import datetime as dt
import decimal
import pathlib
import random
import subprocess
import sys
import tempfile
import uuid

import pyarrow as pa
import pyarrow.parquet as pq
from texts import text

GROUPS = ["cohort", "session_id", "region", "profile_lang", "industry", "account_type"]
START = dt.datetime(1900, 1, 1)


def moment(dice, step):
    whole = START + dt.timedelta(seconds=dice.randrange(6_000_000_000))
    return whole + dt.timedelta(microseconds=dice.randrange(0, 1_000_000, step))


def integer(bits, signed):
    low = -(1 << bits - 1) if signed else 0
    kind = getattr(pa, f"{'' if signed else 'u'}int{bits}")()
    return kind, lambda d: d.choice([low, low + (1 << bits) - 1, d.randrange(low, low + (1 << bits))])


def number(dice):
    return dice.choice([0.5, dice.uniform(-1e3, 1e3), dice.gauss(0, 1e-4), float(dice.randrange(99))])


def word(dice):
    return "".join(dice.choice("abcXYZ 東京都é,'\"-_0") for _ in range(dice.randrange(1, 20))) + "w"


KINDS = [
    *(integer(bits, signed) for bits in (8, 16, 32, 64) for signed in (True, False)),
    (pa.float64(), number),
    (pa.bool_(), lambda d: d.random() < 0.5),
    (pa.string(), word),
    (pa.large_string(), word),
    (pa.dictionary(pa.int16(), pa.string()), lambda d: f"level {d.randrange(9)}"),
    (pa.date32(), lambda d: (START + dt.timedelta(days=d.randrange(70_000))).date()),
    (pa.timestamp("ms"), lambda d: moment(d, 1000)),
    (pa.timestamp("us"), lambda d: moment(d, 1)),
    (pa.timestamp("us", "UTC"), lambda d: moment(d, 1).replace(tzinfo=dt.timezone.utc)),
    (pa.time32("ms"), lambda d: moment(d, 1000).time()),
    (pa.time64("us"), lambda d: moment(d, 1).time()),
    (pa.decimal128(9, 3), lambda d: decimal.Decimal(d.randrange(-(10**9) + 1, 10**9)).scaleb(-3)),
    (pa.decimal128(38, 12), lambda d: decimal.Decimal(d.randrange(10**38)).scaleb(-12)),
    (pa.uuid(), lambda d: uuid.UUID(int=d.getrandbits(128))),
]


def encoding(dice, kind):
    if pa.types.is_integer(kind) and kind.bit_width >= 32:
        return dice.choice(["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"])
    if pa.types.is_floating(kind):
        return dice.choice(["PLAIN", "BYTE_STREAM_SPLIT"])
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return dice.choice(["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
    return dice.choice(["PLAIN", "RLE"]) if pa.types.is_boolean(kind) else "PLAIN"


def quoted(cell):
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',"') else cell


def survey(dice, folder):
    n = dice.choice([1, 2, 7, 8, 9, 100, dice.randrange(1, 3000)])
    columns = {
        "respondent_id": (pa.string(), [f"U{i}" for i in range(n)]),
        "ssi_total": (pa.float64(), [round(dice.uniform(26, 100), dice.randrange(4)) for _ in range(n)]),
        "score_total": (pa.float32(), [dice.randrange(21) / 2 for _ in range(n)]),
    }
    for name in GROUPS:
        kind, draw = dice.choice(KINDS)
        share = dice.choice([0, 0, 0.01, 0.5, 0.99])
        few = [draw(dice) for _ in range(dice.choice([1, 5, n]))]
        cells = [None if dice.random() < share else dice.choice(few) for _ in range(n)]
        columns[name] = (kind, cells)
    fields = [
        pa.field(name, kind, nullable=None in cells or dice.random() < 0.5)
        for name, (kind, cells) in columns.items()
    ]
    arrays = [pa.array(cells, kind) for kind, cells in columns.values()]
    by_dictionary = dice.random() < 0.5
    options = {} if by_dictionary else {
        "column_encoding": {name: encoding(dice, kind) for name, (kind, _) in columns.items()}
    }
    pq.write_table(
        pa.Table.from_arrays(arrays, schema=pa.schema(fields)),
        folder / "s.parquet",
        use_dictionary=by_dictionary,
        compression=dice.choice(["none", "snappy", "gzip", "zstd"]),
        version=dice.choice(["1.0", "2.4", "2.6"]),
        data_page_version=dice.choice(["1.0", "2.0"]),
        data_page_size=dice.choice([64, 1000, 1 << 20]),
        dictionary_pagesize_limit=dice.choice([100, 1 << 20]),
        row_group_size=dice.choice([1, 100, 1 << 20]) if n < 200 else 1000,
        write_statistics=dice.random() < 0.5,
        **options,
    )
    rows = [list(columns), *([quoted(text(v)) for v in row] for row in zip(*(c for _, c in columns.values())))]
    (folder / "s.csv").write_text("".join(",".join(row) + "\n" for row in rows))
    return n


def clean(program, folder, file):
    out = folder / f"{file}.clean"
    done = subprocess.run(
        [program, "check", folder / file, "--clean", out, "--format", "json"], capture_output=True, text=True
    )
    return out.read_bytes() if out.exists() else done.stdout + done.stderr


def main():
    program, files, seed = (sys.argv[1:] + ["1000", "1"][len(sys.argv) - 2 :])[:3]
    cells, different = 0, 0
    for at in range(int(files)):
        dice = random.Random(f"{seed} {at}")
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            n = survey(dice, folder)
            read = [clean(program, folder, file) for file in ("s.parquet", "s.csv")]
        if read[0] != read[1] or not isinstance(read[0], bytes):
            different += 1
            print(f"file {at}: {read[0][:600]} is not {read[1][:600]}")
        cells += n * (3 + len(GROUPS))
    print(f"pyarrow {pa.__version__}, seed {seed}: {files} files, {cells} cells, {different} files differ")
    sys.exit(different > 0)


if __name__ == "__main__":
    main()
