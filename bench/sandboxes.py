"""The second half of `make bench`: one slot of every kind against bare subprocesses, for Python and for C++.

Nothing but the sandboxes is between the programs and the clock here: no service, no queue. Rounds of all kinds
alternate, one after the other on one core's worth of work, and medians are compared. A kind whose part is missing
(an engine, an image, a compiler) is named and left out. Outputs are compared on all sides, times are not asserted.
"""

import argparse
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from assay.contract import Limits
from assay.errors import AssayError
from assay.settings import Settings
from assay_workers.sandbox.compilation import ArtifactCache
from assay_workers.sandbox.docker.driver import DockerSandboxes
from assay_workers.sandbox.jail.driver import JailSandboxes
from assay_workers.sandbox.languages import languages
from assay_workers.sandbox.port import Run
from assay_workers.sandbox.slots import Reuse, Sandboxes, Slots
from bench.bare import INTERPRETER
from bench.workload import Program, cpp_workload, load_workload

LIMITS: Final = Limits(cpu_s=10, memory_mb=512)
COMPILER: Final = ("g++", "-std=gnu++17", "-O2")

Grade = Callable[[Sequence[Program], int], float]
"""Runs every case of the programs and gives tests per second; the number tells rounds apart."""


def main() -> None:
    """Measures and prints two tables."""
    options = _parse_options()
    console = Console()
    with ExitStack() as stack:
        slots = dict(_slots(stack, console))
        for language, programs in (("python", load_workload()), ("cpp", cpp_workload())):
            kinds: dict[str, Grade] = {
                name: _in_slots(place, language) for name, place in slots.items() if _runs(name, language, console)
            }
            bare = _bare_python if language == "python" else _bare_cpp
            if language == "python" or shutil.which(COMPILER[0]):
                kinds["bare subprocess"] = bare
            console.print(_table(language, _measure(kinds, programs, options.rounds)))


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.sandboxes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each kind, alternating")
    return parser.parse_args()


def _slots(stack: ExitStack, console: Console) -> Iterator[tuple[str, Slots]]:
    settings = Settings()
    recycle = settings.sandbox_recycle_tests
    kinds: tuple[tuple[str, Callable[[], Sandboxes], Reuse], ...] = (
        ("jail", lambda: JailSandboxes(settings, _nothing_kept()), Reuse(recycle)),
        ("Docker warm", lambda: DockerSandboxes(settings, _nothing_kept()), Reuse(recycle, warm=2)),
        ("Docker fresh", lambda: DockerSandboxes(settings, _nothing_kept()), Reuse(recycle, True, 1, 2)),
    )
    for name, make, reuse in kinds:
        slots = Slots(make(), reuse)
        stack.callback(slots.close)
        try:
            slots.slot(languages()["python"]).sandbox(0)
        except AssayError as error:
            console.print(f"left out: {name}: {error.message}")
            continue
        yield name, slots


def _nothing_kept() -> ArtifactCache:
    return ArtifactCache(64 << 20)


def _runs(name: str, language: str, console: Console) -> bool:
    if name == "jail" and language == "cpp" and shutil.which(COMPILER[0]) is None:
        console.print("left out: C++ in the jail and bare: this machine has no g++")
        return False
    return True


def _in_slots(slots: Slots, name: str) -> Grade:
    language = languages()[name]

    def grade(programs: Sequence[Program], round_number: int) -> float:
        started_s = time.perf_counter()
        for program in programs:
            source = program.code_of(round_number).encode()
            runs = [Run(case["stdin"].encode()) for case in program.cases]
            submission = language.program(source, None, {}, LIMITS)
            outcomes = slots.slot(language).outcomes(submission, runs, language.effective_limits(LIMITS))
            printed = [outcome.stdout.decode() for outcome in outcomes]
            _compare(program, printed)
        return _rate(programs, started_s)

    return grade


def _bare_python(programs: Sequence[Program], round_number: int) -> float:
    with TemporaryDirectory() as folder:
        file = Path(folder, "main.py")
        started_s = time.perf_counter()
        for program in programs:
            file.write_text(program.code_of(round_number), encoding="utf-8")
            _compare(program, [_output([str(INTERPRETER), str(file)], case["stdin"]) for case in program.cases])
        return _rate(programs, started_s)


def _bare_cpp(programs: Sequence[Program], round_number: int) -> float:
    with TemporaryDirectory() as folder:
        source, binary = Path(folder, "main.cpp"), Path(folder, "main")
        started_s = time.perf_counter()
        for program in programs:
            source.write_text(program.code_of(round_number), encoding="utf-8")
            subprocess.run([*COMPILER, "-o", str(binary), str(source)], check=True)
            _compare(program, [_output([str(binary)], case["stdin"]) for case in program.cases])
        return _rate(programs, started_s)


def _output(command: list[str], stdin: str) -> str:
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False).stdout


def _compare(program: Program, printed: Sequence[str]) -> None:
    expected = [case["expected"].split() for case in program.cases]
    if [text.split() for text in printed] != expected:
        raise RuntimeError(
            f"{program.name} printed something else than expected, so the comparison would be unfair"
        )


def _rate(programs: Sequence[Program], started_s: float) -> float:
    return sum(len(program.cases) for program in programs) / (time.perf_counter() - started_s)


def _measure(kinds: dict[str, Grade], programs: Sequence[Program], rounds: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {name: [] for name in kinds}
    for round_number in range(rounds + 1):  # the first warms every side, and is not counted
        for name, grade in kinds.items():
            rate = grade(programs, round_number)
            if round_number:
                rates[name].append(rate)
    return rates


def _table(language: str, rates: dict[str, list[float]]) -> Table:
    title = f"{languages()[language].title}: one slot, tests per second"
    table = Table(title=title, title_justify="left")
    for heading in ("", "median", "to bare", "to the jail", "rounds"):
        table.add_column(heading)
    medians = {name: statistics.median(found) for name, found in rates.items()}
    for name, median in medians.items():
        ratios = [
            f"{median / medians[other]:.2f}" if other in medians else "" for other in ("bare subprocess", "jail")
        ]
        table.add_row(name, f"{median:,.1f}", *ratios, ", ".join(f"{rate:,.1f}" for rate in rates[name]))
    return table


if __name__ == "__main__":
    main()
