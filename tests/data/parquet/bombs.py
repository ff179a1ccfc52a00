"""Parquet files that no library writes: `python bombs.py`. Standard library only."""

import struct
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "fuzz" / "corpus" / "parquet"


def varint(n):
    out = b""
    while n > 0x7F:
        out, n = out + bytes([n & 0x7F | 0x80]), n >> 7
    return out + bytes([n])


def zigzag(n):
    return varint(2 * n if n >= 0 else -2 * n - 1)


class Struct:
    """A struct of Thrift's compact protocol; fields in ascending order."""

    def __init__(self):
        self.bytes, self.last = b"", 0

    def field(self, number, kind, payload):
        self.bytes += bytes([(number - self.last) << 4 | kind]) + payload
        self.last = number
        return self

    def i32(self, number, value):
        return self.field(number, 5, zigzag(value))

    def i64(self, number, value):
        return self.field(number, 6, zigzag(value))

    def text(self, number, value):
        return self.field(number, 8, varint(len(value)) + value.encode())

    def structs(self, number, items):
        return self.field(number, 9, bytes([len(items) << 4 | 12]) + b"".join(i.done() for i in items))

    def empty_list(self, number, kind):
        return self.field(number, 9, bytes([kind]))

    def struct(self, number, item):
        return self.field(number, 12, item.done())

    def done(self):
        return self.bytes + b"\0"


def write(name, physical, width, values, encoding, codec, data, unpacked, logical=None):
    """One row of one column `x`, of one page."""
    page = Struct().i32(1, 0).i32(2, unpacked).i32(3, len(data))
    page.struct(5, Struct().i32(1, values).i32(2, encoding).i32(3, 3).i32(4, 3))
    page = page.done() + data
    element = Struct().i32(1, physical)
    if width:
        element.i32(2, width)
    element.i32(3, 0).text(4, "x").struct(10, Struct().struct(logical, Struct()))
    chunk = Struct().i32(1, physical).empty_list(2, 5).empty_list(3, 8).i32(4, codec).i64(5, 1)
    chunk.i64(6, len(page)).i64(7, len(page)).i64(9, 4)
    group = Struct().structs(1, [Struct().i64(2, 4).struct(3, chunk)]).i64(2, len(page)).i64(3, 1)
    root = Struct().text(4, "schema").i32(5, 1)
    foot = Struct().i32(1, 1).structs(2, [root, element]).i64(3, 1).structs(4, [group]).done()
    whole = b"PAR1" + page + foot + struct.pack("<I", len(foot)) + b"PAR1"
    for folder in (HERE, CORPUS):
        (folder / f"{name}.parquet").write_bytes(whole)


def zstd(n):
    """A zstd frame of one block: n sequences of one literal and 131,074 bytes that repeat it.
    The format lets a block hold 131,072 in all."""
    literals = struct.pack("<I", n << 4 | 3 << 2 | 1)[:3] + b"a"
    block = literals + bytes([128 + (n >> 8), n & 0xFF, 0x54, 1, 0, 52]) + b"\xff" * 2 * n + b"\x01"
    head = struct.pack("<I", len(block) << 3 | 2 << 1 | 1)[:3]
    return b"\x28\xb5\x2f\xfd\x00\x50" + head + block


FIXED, TEXT, STRING, UNKNOWN, SPLIT = 7, 6, 1, 11, 9
# Values of 32 TB each, and of 2 GB, of which a page holds none, their bytes split into streams.
write("bomb_width", FIXED, 1 << 45, 0, SPLIT, 0, b"", 0, UNKNOWN)
write("bomb_width_2", FIXED, (1 << 31) - 1, 0, SPLIT, 0, b"", 0, UNKNOWN)
write("bomb_block", TEXT, 0, 1, 0, 6, zstd(4_000), 100_000, STRING)
