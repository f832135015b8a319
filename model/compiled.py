"""Compile with numba, kept on disk where that can be."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import IndexDataCacheFile

F = TypeVar("F", bound=Callable[..., Any])

#: The modules whose code or constants end up in compiled functions of other modules.
SOURCES = (
    *("compiled", "contact", "counting", "disguise", "folding", "grams", "hashing", "index"),
    *(
        "kernel",
        "lanes",
        "language",
        "learning",
        "mask",
        "memory",
        "phrases",
        "points",
        "rows",
        "spans",
        "tables",
    ),
    "walk",
)
# Without numba's memory manager nothing can be allocated, and no references are counted: counting
# them took about half of the time of a walk.
_OPTIONS = {"nogil": True, "_nrt": False}


def jit(function: F) -> F:
    """A function compiled on its first call, that runs without the interpreter's lock.

    Compiled code is kept in the folder that numba finds (`__pycache__`, the user's cache folder,
    or `NUMBA_CACHE_DIR`). Where none can be written it is compiled anew in each process.
    """
    njit: Any = numba.njit
    try:
        compiled = njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # numba found no folder to write to
        return cast(F, njit(**_OPTIONS)(function))
    # numba looks at the function's own file alone, and would go on using code that has functions
    # of another file in it after that one was changed; and it cannot read what it kept for types
    # that are gone. So each state of the source has files of its own.
    cache = compiled._cache
    stamp = _stamp(function.__code__.co_filename)
    cache._cache_file = IndexDataCacheFile(
        cache_path=cache._cache_file._cache_path,
        filename_base=f"{cache._impl.filename_base}-{stamp.hex()[:12]}",
        source_stamp=stamp,
    )
    return cast(F, compiled)


@cache
def _stamp(own: str) -> bytes:
    files = {Path(own), *(Path(__file__).with_name(f"{name}.py") for name in SOURCES)}
    return sha256(b"".join(file.read_bytes() for file in sorted(files))).digest()
