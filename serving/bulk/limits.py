"""How much of one thing is taken from a file, so that no file can fill memory or disk."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes. A row over its limit is a reject; a file over its limit is refused."""

    cell: int = 1_000_000
    row: int = 16 * MIB
    columns: int = 10_000
    depth: int = 100  # how deep a JSON value may nest
    raw: int = 64 * 1024  # how much of a rejected row is kept
    unpacked: int = 1 << 40
    ratio: int = 200  # unpacked to packed, counted from `free` on
    free: int = 64 * MIB
    sheet: int = 512 * MIB  # all the parts of an XLSX file together, unpacked
    cells: int = 1 << 25  # rows times columns of a sheet
    group: int = 4096 * MIB  # a row group of a Parquet file
    group_rows: int = 1 << 24


LIMITS = Limits()
