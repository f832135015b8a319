"""Compiled: where the records and cells of CSV are, in one pass over its code units.

The grammar is RFC 4180's, with any delimiter and any line end. A quote inside an unquoted cell is
a letter. A quoted cell that never closes, or closes before something else than a delimiter or a
line end, breaks its record: then its first line alone is the record, and reading goes on after
it, so that no open quote eats the rows below. Lines of JSON are records of one cell, by a grammar
without quotes and delimiters.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiled import jit

NEVER = -1  # no code unit: a grammar without quotes or delimiters
LF, CR = 10, 13
#: What is wrong with a record. `MORE` is no record: it may go on after the last unit.
GOOD, OPEN, STRAY, SWALLOWED, LONG, CROWDED, MORE = range(7)
#: A record whose quoted text has more line ends than this may have swallowed rows.
MANY = 30


class Grammar(NamedTuple):
    """The code units that structure a table, how many cells a row should have, and the limits.

    `cell` and `row` are the most units of each, `cells` the most of them in a row.
    """

    delimiter: int
    quote: int
    width: int
    cell: int
    row: int
    cells: int


class Found(NamedTuple):
    """Room for what is found, by record: where it begins, stops (before its line end) and ends.

    Its cells are `first[r]` to before `first[r + 1]`: `start`, `stop`, and whether quotes in them
    are `doubled`.
    """

    begin: NDArray[np.int64]
    stop: NDArray[np.int64]
    end: NDArray[np.int64]
    fault: NDArray[np.int64]
    first: NDArray[np.int64]
    cell_start: NDArray[np.int64]
    cell_stop: NDArray[np.int64]
    doubled: NDArray[np.bool_]


def room(records: int, cells: int) -> Found:
    """Room for so many of each."""
    record, cell = (records, np.int64), (cells, np.int64)
    begin, stop, end, fault, first, start, cell_stop = (
        np.zeros(*shape) for shape in (*[record] * 4, (records + 1, np.int64), cell, cell)
    )
    return Found(begin, stop, end, fault, first, start, cell_stop, np.zeros(cells, np.bool_))


@jit
def scan(units: Any, last: Any, grammar: Any, found: Any) -> Any:
    """How many whole records stand at the beginning of `units`, written to `found`.

    `last` says that nothing comes after `units`. Fewer are found when the room is used up.
    """
    at = 0
    count = 0
    found.first[0] = 0
    while at < len(units) and count < len(found.end):
        used = found.first[count]
        fault, stop, end, cells = _record(units, at, last, grammar, found, used)
        if fault == MORE or (used + cells > len(found.cell_start) and count > 0):
            break
        if fault == GOOD and cells > grammar.cells:
            fault = CROWDED
        if fault != GOOD:
            cells = 0
        found.begin[count], found.stop[count], found.end[count] = at, stop, end
        found.fault[count] = fault
        found.first[count + 1] = used + cells
        at = end
        count += 1
    return count


@jit
def _record(units: Any, at: Any, last: Any, grammar: Any, found: Any, used: Any) -> Any:
    """Fault, stop, end and number of cells of the record at `at`."""
    size = len(units)
    i = at
    cells = 0
    ends = 0  # of lines, inside quotes
    long = False
    while True:
        doubled = False
        if i < size and units[i] == grammar.quote:
            i += 1
            start = i
            while True:
                while i < size and units[i] != grammar.quote:
                    ends += units[i] == LF or units[i] == CR
                    i += 1
                if i - start > grammar.cell or i - at > grammar.row or (i >= size and last):
                    return first_line(units, at, last, OPEN)
                if i + 1 >= size and not last:
                    return MORE, i, i, cells
                if i + 1 >= size or units[i + 1] != grammar.quote:
                    break
                doubled = True
                i += 2
            stop = i
            i += 1
            if i < size and not _ends_cell(units[i], grammar):
                return first_line(units, at, last, STRAY)
        else:
            start = i
            while i < size and not _ends_cell(units[i], grammar):
                i += 1
            stop = i
            long = long or stop - start > grammar.cell
        if used + cells < len(found.cell_start):
            found.cell_start[used + cells] = start
            found.cell_stop[used + cells] = stop
            found.doubled[used + cells] = doubled
        cells += 1
        if i >= size or units[i] != grammar.delimiter:
            break
        i += 1
    if i - at > grammar.row:
        return first_line(units, at, last, LONG)
    if not last and _may_go_on(units, i):
        return MORE, i, i, cells
    # A record of the right width is believed, unless very many of its lines look like rows.
    doubtful = ends > 0 and (cells != grammar.width or ends > MANY)
    if doubtful and _holds_rows(units, at, i, grammar):
        return first_line(units, at, last, SWALLOWED)
    return LONG if long else GOOD, i, _after(units, i), cells


@jit
def first_line(units: Any, at: Any, last: Any, fault: Any) -> Any:
    """Fault, stop, end and number of cells of the line at `at`, taken as a record with a fault."""
    i = at
    while i < len(units) and units[i] != LF and units[i] != CR:
        i += 1
    if not last and _may_go_on(units, i):
        return MORE, i, i, 0
    return fault, i, _after(units, i), 0


@jit
def _holds_rows(units: Any, at: Any, stop: Any, grammar: Any) -> Any:
    """Whether the lines after a record's first look like rows that an open quote has swallowed."""
    i = first_line(units, at, True, GOOD)[2]
    lines = alike = 0
    while i < stop:
        delimiters = 0
        while i < stop and units[i] != LF and units[i] != CR:
            delimiters += units[i] == grammar.delimiter
            i += 1
        i = _after(units, i)
        lines += 1
        alike += delimiters == grammar.width - 1
    return 5 * alike >= 4 * lines


@jit
def _ends_cell(unit: Any, grammar: Any) -> Any:
    return unit in (grammar.delimiter, LF, CR)


@jit
def _may_go_on(units: Any, i: Any) -> Any:
    """Whether units to come may belong to the line, or line end, at `i`."""
    return i >= len(units) or (units[i] == CR and i + 1 >= len(units))


@jit
def _after(units: Any, i: Any) -> Any:
    """Where the next line begins, if a line stops at `i`."""
    if i + 1 < len(units) and units[i] == CR and units[i + 1] == LF:
        return i + 2
    return min(i + 1, len(units))
