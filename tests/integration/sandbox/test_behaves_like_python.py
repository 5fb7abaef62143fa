"""A program ends in a cell as it does under `python3 main.py`; where it does not, on purpose, that is tested too.

`docs/sandbox.md` lists the differences under "Differences from a bare interpreter".
"""

import re
import resource
import signal
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from assay.settings import Settings
from assay_agent.layout import CELL_WORK, ENVIRONMENT
from assay_workers.sandbox.jail.interpreter import Interpreter, find_interpreter
from tests.fixtures.sandboxes import SandboxBench
from tests.integration.sandbox.like_python import ALIKE, Small

_STACK_BYTES = (256 << 20, 1 << 30)


@pytest.fixture(autouse=True)
def interrupts() -> Iterator[None]:
    """Bare interpreters start with the default, also where a background shell has the tests ignore interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class _End(NamedTuple):
    """What can be seen of a program from outside."""

    status: int
    stdout: str
    stderr: str


@cache
def _interpreter() -> Interpreter:
    return find_interpreter(None, Settings().sandbox_packages)


def _bare(small: Small, folder: Path) -> _End:
    """The end of the program in an empty folder, under the cells' interpreter and environment."""
    (folder / "main.py").write_bytes(_encoded(small.source))
    stdin = folder.with_suffix(".stdin")
    stdin.write_text(small.stdin, newline="")
    packages = str(Path(np.__file__).parents[1])
    with stdin.open("rb") as given:
        ended = subprocess.run(
            [_interpreter().executable, "-s", "main.py", *small.args],
            cwd=folder,
            env={**ENVIRONMENT, "HOME": str(folder), "PYTHONPATH": packages},
            stdin=given,
            capture_output=True,
            check=False,
            timeout=60,
            start_new_session=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK, _STACK_BYTES),
        )
    return _End(ended.returncode, *(_told(text, str(folder)) for text in (ended.stdout, ended.stderr)))


def _in_cell(bench: SandboxBench, small: Small) -> _End:
    outcome = bench.run(small.source, small.stdin, args=small.args)
    status = outcome.exit_code if outcome.exit_code is not None else -(outcome.signal or 0)
    return _End(status, _told(outcome.stdout, CELL_WORK), _told(outcome.stderr, CELL_WORK))


def _encoded(source: str | bytes) -> bytes:
    return source.encode() if isinstance(source, str) else source


def _told(text: bytes, folder: str) -> str:
    """What was printed, without the names and numbers that differ from run to run."""
    shown = text.decode("utf-8", "surrogateescape").replace(folder, "<folder>")
    shown = re.sub(r"refcount : \d", "refcount : 1", shown)
    shown = re.sub(r"(?<=0x)[0-9a-f]+|(?<=Thread-)\d+|(?<=[:' ])\d{6,}(?=[:,) ])", "…", shown)
    return shown.replace("/opt/assay/packages", "<packages>").replace(
        str(Path(np.__file__).parents[1]), "<packages>"
    )


@pytest.mark.parametrize("name", ALIKE)
def test_a_program_ends_in_a_cell_as_under_a_bare_interpreter(
    bench: SandboxBench, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    assert _in_cell(bench, ALIKE[name]) == _bare(ALIKE[name], folder)


_INTERRUPTED = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)"
_FRAMES = "import sys\nf, n = sys._getframe(), 0\nwhile f: f, n = f.f_back, n + 1\nprint(n)"
_DEEPEST = """
def f(n):
    try: return f(n + 1)
    except RecursionError: return n
print(f(0))
"""
_KEPT_BY_A_MODULE = "import math\nclass A:\n    def __del__(self): print('del')\nmath.a = A()"
_NOT_UTF_8 = b"print('\xff')\n"
_NO_STDOUT = "import os\nos.close(1)\nprint('x')"
_IMPORTED = "import sys; print('fractions' in sys.modules)"
_TERMINAL = "import os; os.openpty()"
_MEMORY_FILE = "import os; os.memfd_create('x')"


def test_an_interrupt_that_is_not_caught_is_status_130_and_not_a_signal(
    bench: SandboxBench, tmp_path: Path
) -> None:
    assert _ends(bench, tmp_path, _INTERRUPTED) == ((130, ""), (-2, ""))


def test_frames_of_the_agent_lie_below_the_program(bench: SandboxBench, tmp_path: Path) -> None:
    in_cell, bare = _ends(bench, tmp_path, _FRAMES)
    assert (in_cell.status, bare.stdout) == (0, "1\n")
    assert 1 < int(in_cell.stdout) <= 15


def test_recursion_ends_a_few_frames_earlier(bench: SandboxBench, tmp_path: Path) -> None:
    in_cell, bare = _ends(bench, tmp_path, _DEEPEST)
    assert 0 < int(bare.stdout) - int(in_cell.stdout) <= 15


def test_what_a_module_holds_is_not_finalised(bench: SandboxBench, tmp_path: Path) -> None:
    assert _ends(bench, tmp_path, _KEPT_BY_A_MODULE) == ((0, ""), (0, "del\n"))


def test_a_source_that_cannot_be_decoded_is_explained_in_other_words(bench: SandboxBench, tmp_path: Path) -> None:
    assert _ends(bench, tmp_path, _NOT_UTF_8) == ((1, ""), (1, ""))
    assert bench.run(_NOT_UTF_8).compile_failed
    assert b"SyntaxError" in bench.run(_NOT_UTF_8).stderr


def test_output_that_cannot_be_flushed_is_status_120_without_a_word(bench: SandboxBench, tmp_path: Path) -> None:
    assert _ends(bench, tmp_path, _NO_STDOUT) == ((120, ""), (120, ""))
    assert bench.run(_NO_STDOUT).stderr == b""


def test_common_modules_are_imported_already(bench: SandboxBench, tmp_path: Path) -> None:
    assert _ends(bench, tmp_path, _IMPORTED) == ((0, "True\n"), (0, "False\n"))


@pytest.mark.parametrize("source", [_TERMINAL, _MEMORY_FILE])
def test_there_are_no_terminals_and_no_memory_files(bench: SandboxBench, tmp_path: Path, source: str) -> None:
    assert _ends(bench, tmp_path, source) == ((1, ""), (0, ""))


def test_random_numbers_differ_from_run_to_run_and_hashes_do_not(bench: SandboxBench) -> None:
    for module in ("random", "numpy.random"):
        source = f"import {module}; print({module}.random())"
        assert bench.run(source).stdout != bench.run(source).stdout, module
    assert bench.run("print(hash('x'))").stdout == bench.run("print(hash('x'))").stdout


class _StatusAndOutput(NamedTuple):
    status: int
    stdout: str


def _ends(bench: SandboxBench, folder: Path, source: str | bytes) -> tuple[_StatusAndOutput, _StatusAndOutput]:
    """Status and output in a cell, and of the bare interpreter."""
    in_cell, bare = _in_cell(bench, Small(source)), _bare(Small(source), folder)
    return _StatusAndOutput(*in_cell[:2]), _StatusAndOutput(*bare[:2])
