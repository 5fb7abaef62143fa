"""The yardstick: the same programs under bare `subprocess.run`, as many at a time as there are cores."""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.workload import Program

__all__ = ["INTERPRETER", "run_bare"]

INTERPRETER: Final = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
"""What the sandbox runs programs under too: the interpreter behind the virtual environment."""


def run_bare(programs: Sequence[Program], cores: int) -> float:
    """Runs every case of every program once and compares what it prints.

    Returns:
        Tests per second.

    Raises:
        RuntimeError: a program printed something else than expected, so the comparison would be unfair.
    """
    with TemporaryDirectory() as directory, ThreadPoolExecutor(cores) as pool:
        files = [_write(Path(directory), program) for program in programs]
        runs = [(file, case) for file, program in zip(files, programs, strict=True) for case in program.cases]
        started_s = time.perf_counter()
        wrong = [file for file, right in pool.map(_run, runs) if not right]
        seconds = time.perf_counter() - started_s
    if wrong:
        raise RuntimeError(f"{len(wrong)} bare runs print something else than expected")
    return len(runs) / seconds


def _write(directory: Path, program: Program) -> Path:
    file = directory / f"{program.name}.py"
    file.write_text(program.code, encoding="utf-8")
    return file


def _run(run: tuple[Path, dict[str, str]]) -> tuple[Path, bool]:
    file, case = run
    done = subprocess.run([INTERPRETER, file], input=case["stdin"], capture_output=True, text=True, check=False)
    return file, done.returncode == 0 and done.stdout.split() == case["expected"].split()
