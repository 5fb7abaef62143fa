"""`assay bench`: how fast a service grades, and how soon it answers, measured from where the trainer is."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from assay.cli.failure import ExitStatus, failures_told
from assay.client import Client
from assay.errors import ServiceError

__all__ = ["Figures", "bench", "bench_item"]

BATCH_ITEMS: Final = 128
BATCHES_AT_ONCE: Final = 4
"""So many that workers never wait for the next batch, at some hundred workers."""
CASES: Final = 4
LATENCIES: Final = 30


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    items: int
    seconds: float
    latencies_ms: tuple[float, ...]
    """Of requests with one item and one test, one after the other."""

    def table(self) -> Table:
        """The figures for a reader."""
        table = Table(show_header=False, title="Bench", title_justify="left")
        rate = self.items / self.seconds
        table.add_row("items", f"{self.items:,} in {self.seconds:.1f} s")
        table.add_row("rate", f"{rate:,.0f} items/s, {rate * CASES:,.0f} tests/s")
        ordered = sorted(self.latencies_ms)
        p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
        table.add_row("one test", f"median {statistics.median(ordered):.1f} ms, p95 {p95:.1f} ms")
        return table


def bench_item(number: int, cases: int = CASES) -> dict[str, Any]:
    """A short program that no other is like, so that nothing of it is remembered, and what it must print."""
    tests = [{"stdin": f"{case}\n", "expected": f"{case * 2 + number}\n"} for case in range(cases)]
    return {
        "id": str(number),
        "code": f"print(int(input()) * 2 + {number})",
        "rewards": [{"type": "code", "tests": {"kind": "stdio", "cases": tests}}],
    }


def bench(
    url: Annotated[str | None, typer.Argument(help="A running service; without it one is started here.")] = None,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="How long to grade, in seconds.")] = 10.0,
) -> None:
    """Measure a service. Exits with 0 if every item earned its reward, 1 if not."""
    with failures_told(), ExitStack() as stack:
        from assay.cli.local import temporary_assay

        client = stack.enter_context(Client(url or stack.enter_context(temporary_assay()).url))
        figures = _measure(client, seconds)
    Console().print(figures.table())
    raise typer.Exit(ExitStatus.GOOD)


def _measure(client: Client, seconds: float) -> Figures:
    numbers = count()
    _grade(client, [bench_item(next(numbers)) for _ in range(8)])  # what is cold is not meant
    began_s = time.monotonic()
    end_s = began_s + seconds

    def work() -> int:
        done = 0
        while time.monotonic() < end_s:
            done += _grade(client, [bench_item(next(numbers)) for _ in range(BATCH_ITEMS)])
        return done

    with ThreadPoolExecutor(BATCHES_AT_ONCE) as pool:
        graded = sum(future.result() for future in [pool.submit(work) for _ in range(BATCHES_AT_ONCE)])
    took_s = time.monotonic() - began_s
    latencies_ms = []
    for _ in range(LATENCIES):
        started_s = time.perf_counter()
        _grade(client, [bench_item(next(numbers), cases=1)])
        latencies_ms.append(1000 * (time.perf_counter() - started_s))
    return Figures(graded, took_s, tuple(latencies_ms))


def _grade(client: Client, items: list[dict[str, Any]]) -> int:
    """How many items were graded.

    Raises:
        ServiceError: one did not earn its reward, so that a rate would mean nothing.
    """
    results = client.grade(items, reuse=False).results or ()
    wrong = [result for result in results if result.reward != 1.0]
    if wrong:
        told = wrong[0].error.message if wrong[0].error else wrong[0].components[0].message
        raise ServiceError(f"{len(wrong)} of {len(items)} right programs did not earn their reward: {told}")
    return len(items)
