"""Writes the Parquet files of this folder, and beside each that can be read the CSV of the same
values, written without Parquet from the Python values themselves:

    python tests/data/parquet/make.py

Needs pyarrow (26.0.1 made the committed files). README.md says what each is for.
"""

import datetime as dt
import decimal
import json
import pathlib
import uuid

import pyarrow as pa
import pyarrow.parquet as pq
from texts import text

HERE = pathlib.Path(__file__).parent
UTC = dt.timezone.utc


def write(name, columns, csv=True, **options):
    """`columns`: name -> (type, values)."""
    table = pa.table({key: pa.array(values, kind) for key, (kind, values) in columns.items()})
    pq.write_table(table, HERE / f"{name}.parquet", store_schema=False, **options)
    if csv:
        rows = zip(*(values for _, values in columns.values()))
        lines = [columns, *([text(v) for v in row] for row in rows)]
        (HERE / f"{name}.csv").write_text("".join(",".join(row) + "\n" for row in lines))


DAYS = [dt.date(2018, 7, 12), None, dt.date(1969, 12, 31), dt.date(2000, 2, 29)]
NOON = dt.datetime(2018, 7, 12, 12, 5, 10)
MOMENTS = [NOON, None, dt.datetime(2018, 7, 13), dt.datetime(1969, 12, 31, 23, 59, 59, 250000)]
IN_UTC = [m and m.replace(tzinfo=UTC) for m in MOMENTS]
TIMES = [dt.time(15, 5, 10), None, dt.time(0, 0), dt.time(23, 59, 59, 250000)]
MONEY = [decimal.Decimal(d) if d else None for d in ["0.10", None, "-123.45", "9999999.99"]]
LARGE = [decimal.Decimal(d) if d else None for d in ["1e-9", None, "-12345678901234567890.5", "0"]]
EVERY = {
    "truth": (pa.bool_(), [True, None, False, True]),
    **{
        f"{'u' * (not signed)}int{bits}": (
            getattr(pa, f"{'u' * (not signed)}int{bits}")(),
            [0, None, -(1 << bits - 1), (1 << bits - 1) - 1] if signed else [0, None, 7, (1 << bits) - 1],
        )
        for bits in (8, 16, 32, 64)
        for signed in (True, False)
    },
    "half": (pa.float16(), [0.5, None, -2.0, 65504.0]),
    # The shortest text that is read back to the same float.
    "float": (pa.float32(), [0.1, None, -2.5, 16777216.0]),
    "double": (pa.float64(), [0.1, None, -2.5, float("nan")]),
    "money": (pa.decimal128(9, 2), MONEY),
    "large": (pa.decimal128(38, 9), [d and d.quantize(decimal.Decimal("1e-9")) for d in LARGE]),
    "day": (pa.date32(), DAYS),
    "in_ms": (pa.timestamp("ms"), MOMENTS),
    "in_us": (pa.timestamp("us"), MOMENTS),
    "in_ns": (pa.timestamp("ns"), MOMENTS),
    "in_utc": (pa.timestamp("us", "UTC"), IN_UTC),
    "time_ms": (pa.time32("ms"), TIMES),
    "time_us": (pa.time64("us"), TIMES),
    "text": (pa.string(), ["日本", None, "a b", "x"]),
    "level": (pa.dictionary(pa.int8(), pa.string()), ["low", None, "high", "low"]),
    "nothing": (pa.null(), [None] * 4),
    "whole": (pa.int64(), [9007199254740993, 1, 2, 3]),
}
write("every_type", EVERY, compression="none")
write("every_type_v2", EVERY, csv=False, compression="snappy", data_page_version="2.0", version="2.6")
old = {key: EVERY[key] for key in ["truth", "int32", "uint64", "day", "in_us", "text", "double", "whole"]}
write("old_format", {**old, "in_ns": EVERY["in_ns"]}, csv=False, version="1.0",
      use_deprecated_int96_timestamps=True)

# 500 rows, so that runs, packed groups, several pages and several groups of rows come up.
N = 500
LEVELS = ["とてもそう思う", "そう思う", "どちらでもない"]
LONG = {
    "id": (pa.int64(), [1_000_000 + 7 * i for i in range(N)]),
    "small": (pa.int32(), [None if i % 11 == 5 else i % 4 - 2 for i in range(N)]),
    "ssi": (pa.float64(), [None if i % 17 == 3 else (i * 37 % 1001) / 8 for i in range(N)]),
    "level": (pa.string(), [LEVELS[i // 3 % 3] for i in range(N)]),
    "name": (pa.string(), [None if i % 5 == 0 else f"member-{i:05d}-{'x' * (i % 7)}" for i in range(N)]),
    "seen": (pa.bool_(), [i % 3 == 0 for i in range(N)]),
    "same": (pa.string(), ["x"] * N),
    "none": (pa.string(), [None] * N),
}
for codec in ["none", "snappy", "gzip", "zstd"]:
    write(f"long_{codec}", LONG, csv=codec == "none", compression=codec,
          row_group_size=199, data_page_size=600, write_batch_size=64)
for codec in ["brotli", "lz4"]:
    write(f"refused_{codec}", {"a": (pa.int64(), [1, 2])}, csv=False, compression=codec)
ENCODINGS = {
    "id": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED", "ssi": "BYTE_STREAM_SPLIT",
    "level": "DELTA_LENGTH_BYTE_ARRAY", "name": "DELTA_BYTE_ARRAY", "seen": "RLE",
    "same": "DELTA_BYTE_ARRAY", "none": "DELTA_LENGTH_BYTE_ARRAY",
}
for version in ["1.0", "2.0"]:
    write(f"long_encodings_{version[0]}", LONG, csv=False, use_dictionary=False,
          column_encoding=ENCODINGS, data_page_version=version, row_group_size=199,
          data_page_size=600, write_batch_size=64)

# A survey of the study's form: the values of `survey.csv` in types.
SURVEY = {
    "回答者ID": (pa.string(), [f"A{i}" for i in range(1, 13)]),
    "SSI確認日": (pa.timestamp("ns"), [dt.datetime(2018, 7, 1 + i) for i in range(12)]),
    "SSIスコア": (pa.float64(), [53.0, 31, 68, 12, None, 47, 80, 22, 35, 59, 131, 44]),
    "つながり数": (pa.string(), ["500+", "283", "約300", None] * 3),
    "国・地域": (pa.dictionary(pa.int8(), pa.string()), ["日本", "スペイン", None] * 4),
    "合計点": (pa.float64(), [7.5, 4, 9.5, 1, 3, 6.5, 9, 2.5, 4.5, 7, 8, 5.5]),
}
write("survey", SURVEY, compression="snappy")

nested = pa.table({"a": [1, 2], "answers": [["x"], ["y", "z"]]})
pq.write_table(nested, HERE / "refused_nested.parquet")
groups = pa.table({"a": [1, 2], "who": [{"name": "x"}, {"name": "y"}]})
pq.write_table(groups, HERE / "refused_group.parquet")
pq.write_table(pa.table({"a": [1], "picture": [b"\x89PNG\xff"]}), HERE / "refused_bytes.parquet")
whole = (HERE / "survey.parquet").read_bytes()
(HERE / "refused_cut_off.parquet").write_bytes(whole[: len(whole) // 2])
write("header_only", {"respondent_id": (pa.string(), []), "ssi_total": (pa.float64(), [])}, csv=False)

# Two people whose numbers are one double.
write("ids", {"respondent_id": (pa.int64(), [9007199254740992, 9007199254740993]),
              "ssi_total": (pa.float64(), [53.0, 31]), "score_total": (pa.float64(), [7.5, 4])},
      csv=False)

# As pandas writes a table that has been filtered: an index without a name is a column.
filtered = pa.table({"ssi_total": [53.0, 31.0], "score_total": [7.5, 4.0], "__index_level_0__": [3, 9]})
about = {"index_columns": ["__index_level_0__"], "columns": []}
filtered = filtered.replace_schema_metadata({"pandas": json.dumps(about)})
pq.write_table(filtered, HERE / "filtered.parquet")

# A UUID, which pyarrow writes as such where it is of its extension type.
ids = pa.array([uuid.UUID(int=i).bytes for i in (1, 2)], pa.binary(16))
ids = pa.ExtensionArray.from_storage(pa.uuid(), ids)
pq.write_table(pa.table({"id": ids, "x": [1, 2]}), HERE / "uuid.parquet")

# What fuzzing begins with: files of a kilobyte or two, one a codec and a kind of page.
CORPUS = HERE.parents[1] / "fuzz" / "corpus" / "parquet"
FEW = {key: (kind, values[:12]) for key, (kind, values) in LONG.items()}
for codec, version in [("none", "1.0"), ("snappy", "2.0"), ("gzip", "1.0"), ("zstd", "2.0")]:
    write(CORPUS / codec, FEW, csv=False, compression=codec, data_page_version=version,
          row_group_size=7, write_statistics=False)
write(CORPUS / "encodings", FEW, csv=False, compression="none", use_dictionary=False,
      column_encoding=ENCODINGS, write_statistics=False)
write(CORPUS / "old", {**old, "in_ns": EVERY["in_ns"]}, csv=False, version="1.0",
      use_deprecated_int96_timestamps=True, write_statistics=False)
write(CORPUS / "types", {key: EVERY[key] for key in ["half", "money", "large", "in_utc", "time_us"]},
      csv=False, compression="none", write_statistics=False)
for name in ["survey", "filtered", "uuid", "refused_nested", "refused_cut_off", "refused_lz4"]:
    (CORPUS / f"{name}.parquet").write_bytes((HERE / f"{name}.parquet").read_bytes())

# A few kilobytes that say they are many gigabytes: rows of one value, and rows of one long text.
write("bomb_rows", {"x": (pa.int8(), [1] * 5_000_000)}, csv=False, row_group_size=1 << 26)
write("bomb_text", {"x": (pa.string(), ["x" * 100_000] * 100_000)}, csv=False,
      write_statistics=False)
