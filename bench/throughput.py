"""`make bench`: tests per second through the service against bare subprocess runs, and the latency of one request.

The machine is never quiet, so rounds of both kinds alternate and medians are compared. Both sides run the same
programs on the same inputs under the same interpreter, and outputs are compared on both sides. Nothing is asserted
about time.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import httpx
from rich.console import Console
from rich.table import Table

from assay.cli.local import temporary_assay
from bench.bare import run_bare
from bench.workload import Program, load_workload

RESULTS: Final = Path(__file__).with_name("results")
WORKERS: Final = 2
SMALL_TESTS: Final = {"kind": "stdio", "cases": [{"stdin": "21", "expected": "42"}]}


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    cores: int
    workers: int
    assay_tests_per_s: list[float]
    """One figure per round."""
    bare_tests_per_s: list[float]
    ratio: float
    """Median of Assay over median of bare runs."""
    latency_ms_median: float
    """Of a request with one item and one test, on one connection."""
    latency_ms_p95: float


def main() -> None:
    """Measures, prints a table and keeps the figures as JSON in bench/results/."""
    options = _parse_options()
    programs = load_workload()
    cores = len(os.sched_getaffinity(0))
    assay_rates, bare_rates = [], []
    with temporary_assay(workers=WORKERS) as assay, httpx.Client(base_url=assay.url, timeout=600) as http:
        _grade(http, programs, range(1))  # warms both sides: sandboxes, page cache, interpreter files
        for turn in range(options.rounds):
            first = 1 + turn * options.repetitions
            assay_rates.append(_grade(http, programs, range(first, first + options.repetitions)))
            bare_rates.append(run_bare(programs, cores))
        latencies_ms = _latencies_ms(http, options.requests)
    figures = Figures(
        cores=cores,
        workers=WORKERS,
        assay_tests_per_s=assay_rates,
        bare_tests_per_s=bare_rates,
        ratio=statistics.median(assay_rates) / statistics.median(bare_rates),
        latency_ms_median=statistics.median(latencies_ms),
        latency_ms_p95=statistics.quantiles(latencies_ms, n=20)[-1],
    )
    _keep(figures)
    Console().print(_table(figures))


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.throughput", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each kind, alternating")
    parser.add_argument("--repetitions", type=int, default=20, help="how often a round grades the workload")
    parser.add_argument("--requests", type=int, default=100, help="sequential requests for the latency")
    return parser.parse_args()


def _grade(http: httpx.Client, programs: Sequence[Program], repetitions: range) -> float:
    """Grades the workload in one request and gives tests per second.

    Raises:
        RuntimeError: an item did not earn the full reward, so the comparison would be unfair.
    """
    items = [program.item(repetition) for repetition in repetitions for program in programs]
    body = json.dumps({"items": items, "reuse": False})
    started_s = time.perf_counter()
    answer = http.post("/v1/rewards", content=body, headers={"Content-Type": "application/json"})
    seconds = time.perf_counter() - started_s
    results = answer.raise_for_status().json()["results"]
    wrong = [result["id"] for result in results if result["reward"] != 1.0]
    if wrong:
        raise RuntimeError(f"{len(wrong)} items did not earn the full reward, the first is {wrong[0]}")
    return sum(len(program.cases) for program in programs) * len(repetitions) / seconds


def _latencies_ms(http: httpx.Client, requests: int) -> list[float]:
    latencies_ms = []
    for number in range(requests):
        code = f"print(int(input()) * 2)  # {number}"  # never the same work twice, so that none is remembered
        item = {"id": "1", "code": code, "rewards": [{"type": "code", "tests": SMALL_TESTS}]}
        started_s = time.perf_counter()
        answer = http.post("/v1/rewards", json={"items": [item], "reuse": False})
        latencies_ms.append(1000 * (time.perf_counter() - started_s))
        if answer.raise_for_status().json()["results"][0]["reward"] != 1.0:
            raise RuntimeError("the small request did not earn its reward")
    return latencies_ms


def _keep(figures: Figures) -> None:
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / time.strftime("throughput-%Y%m%d-%H%M%S.json")
    file.write_text(json.dumps(asdict(figures), indent=2), encoding="utf-8")


def rates_table(title: str, ours: Sequence[float], bare: Sequence[float]) -> Table:
    """Tests per second of both sides, round by round, and the ratio of their medians."""
    table = Table(title=title, title_justify="left")
    for heading in ("", "median", "rounds"):
        table.add_column(heading)
    for name, rates in (("Assay", ours), ("bare subprocess", bare)):
        median = f"{statistics.median(rates):,.0f} tests/s"
        table.add_row(name, median, ", ".join(f"{rate:,.0f}" for rate in rates))
    table.add_row("ratio", f"{statistics.median(ours) / statistics.median(bare):.2f}")
    return table


def _table(figures: Figures) -> Table:
    title = f"{figures.cores} cores, {figures.workers} workers"
    table = rates_table(title, figures.assay_tests_per_s, figures.bare_tests_per_s)
    table.add_row(
        "latency of one test", f"{figures.latency_ms_median:.1f} ms", f"p95 {figures.latency_ms_p95:.1f} ms"
    )
    return table


if __name__ == "__main__":
    main()
