import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from model.compiled import jit

@jit
def double(number):
    return 2 * number

print(double(21))
"""


@pytest.mark.parametrize(
    ("cache", "kept"),
    [
        pytest.param("folder", True, id="writable folder"),
        pytest.param("file/folder", False, id="no folder can be made"),
    ],
)
def test_it_compiles_with_and_without_a_place_for_the_code(tmp_path, cache, kept):
    (tmp_path / "file").touch()
    (tmp_path / "program.py").write_text(PROGRAM)
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "NUMBA_CACHE_DIR": str(tmp_path / cache),
        "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator",
    }
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "42\n", done.stderr
    assert any((tmp_path / "folder").rglob("*.nbi")) == kept


def test_code_is_kept_by_all_that_goes_into_it():
    from model import compiled, kernel

    folder = Path(compiled.__file__).parent
    marks = ("@jit", "@_instruction")
    names = {
        path.stem for path in folder.glob("*.py") if any(mark in path.read_text() for mark in marks)
    }
    assert names - set(compiled.SOURCES) == set()
    assert kernel.explain._cache._cache_file._source_stamp == compiled._stamp(kernel.__file__)
