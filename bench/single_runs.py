"""`make bench`: one test per request, as verl's client of SandboxFusion sends them, against bare subprocess runs.

Every request is a program and its standard input to `/run_code`, as many at a time as verl sends (64). The other
side runs the same programs on the same inputs as `python FILE`, as many at a time as there are cores. Rounds of
both kinds alternate and medians are compared. Nothing is asserted about time.
"""

import argparse
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx
from rich.console import Console

from assay.cli.local import temporary_assay
from bench.bare import run_bare
from bench.throughput import WORKERS, rates_table
from bench.workload import Program, load_workload

AT_ONCE: Final = 64


def main() -> None:
    """Measures and prints."""
    options = _parse_options()
    programs = load_workload()
    ours: list[float] = []
    bare: list[float] = []
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    with temporary_assay(workers=WORKERS) as assay, httpx.Client(base_url=assay.url, limits=limits) as http:
        _run_all(http, programs, range(1))
        for number in range(options.rounds):
            repetitions = range(1 + number * options.repetitions, 1 + (number + 1) * options.repetitions)
            ours.append(_run_all(http, programs, repetitions))
            bare.append(run_bare(programs, len(os.sched_getaffinity(0))))
    title = f"one test per request, {AT_ONCE} at a time, {WORKERS} workers"
    Console().print(rates_table(title, ours, bare))


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.single_runs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each kind, alternating")
    parser.add_argument("--repetitions", type=int, default=5, help="how often a round runs the workload")
    return parser.parse_args()


def _run_all(http: httpx.Client, programs: Sequence[Program], repetitions: range) -> float:
    """Requests per second.

    Raises:
        RuntimeError: a program did not print what it should, so the comparison would be unfair.
    """
    runs = [
        (program.code_of(repetition), case["stdin"], case["expected"])
        for repetition in repetitions
        for program in programs
        for case in program.cases
    ]
    started_s = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = sum(not right for right in pool.map(lambda run: _run_one(http, *run), runs))
    seconds = time.perf_counter() - started_s
    if wrong:
        raise RuntimeError(f"{wrong} of {len(runs)} runs did not print what they should")
    return len(runs) / seconds


def _run_one(http: httpx.Client, code: str, stdin: str, expected: str) -> bool:
    language = "cpp" if code.startswith("#include") else "python"
    asked = {"code": code, "stdin": stdin, "language": language, "run_timeout": 10, "memory_limit_MB": 1024}
    answer = http.post("/run_code", json=asked, timeout=120).raise_for_status().json()
    return bool(answer["run_result"]["stdout"].split() == expected.split())


if __name__ == "__main__":
    main()
