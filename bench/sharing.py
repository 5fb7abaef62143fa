"""What a small request and a batch of 32 items wait beside a flood: of the same tenant, and of another one.

Idle rounds and rounds under load are taken in one run, with the same programs, and compared as ratios; nothing is
asserted about time. The flood is two hundred times the work of the batch.
"""

import argparse
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from assay.cli.local import temporary_assay
from assay.client import Client
from assay.errors import ServiceError
from assay.tenants import hash_key, new_key
from bench.workload import load_workload

WORKERS: Final = 2
BATCH: Final = 32
FLOOD: Final = 100 * BATCH
SMALL: Final = {"kind": "stdio", "cases": [{"stdin": "21", "expected": "42"}]}
_numbers: Final = itertools.count()


@dataclass(frozen=True)
class Row:
    """One comparison: medians in milliseconds, and how many measurements there were on each side."""

    what: str
    idle_ms: list[float]
    loaded_ms: list[float]

    @property
    def ratio(self) -> float:
        """Median under load over median idle."""
        return statistics.median(self.loaded_ms) / statistics.median(self.idle_ms)


def main() -> None:
    """Measures and prints a table."""
    options = _parse_options()
    keys = {name: new_key() for name in ("flooder", "other")}
    tables = [f'[tenants.{name}]\nkeys = ["{hash_key(key)}"]\n' for name, key in keys.items()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "keys.toml")
        file.write_text("\n".join(tables))
        with temporary_assay(workers=WORKERS, keys_file=str(file)) as assay:
            clients = {name: Client(assay.url, api_key=key) for name, key in keys.items()}
            Console().print(_table(_measure(clients, options.rounds)))


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.sharing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30, help="measurements of each kind")
    return parser.parse_args()


def _measure(clients: dict[str, Client], rounds: int) -> list[Row]:
    works: dict[str, Callable[[], object]] = {
        "small request of the tenant who floods": lambda: _small(clients["flooder"]),
        "small request of another tenant": lambda: _small(clients["other"]),
        f"{BATCH} items of another tenant": lambda: clients["other"].grade(_items(BATCH), reuse=False),
    }
    for work in works.values():
        work()  # warm
    idle = {name: _times_ms(work, rounds) for name, work in works.items()}
    with _flood(clients["flooder"]):
        loaded = {name: _times_ms(work, rounds) for name, work in works.items()}
    return [Row(name, idle[name], loaded[name]) for name in works]


@contextmanager
def _flood(client: Client) -> Iterator[None]:
    """Queues the flood twice, so that it lasts for the length of a block; cancels what is left of it."""
    waiting = [client.submit(_items(FLOOD), reuse=False) for _ in range(2)]
    try:
        yield
        if _is_over(client, waiting[-1]):
            raise RuntimeError("the flood ran dry: the machine is faster than this benchmark expects")
    finally:
        for batch_id in waiting:
            client.cancel(batch_id)


def _is_over(client: Client, batch_id: str) -> bool:
    try:
        client.wait(batch_id, timeout_s=0)
    except ServiceError:  # deadline_exceeded: it goes on
        return False
    return True


def _times_ms(work: Callable[[], object], rounds: int) -> list[float]:
    times_ms = []
    for _ in range(rounds):
        started_s = time.perf_counter()
        work()
        times_ms.append(1000 * (time.perf_counter() - started_s))
        time.sleep(0.05)
    return times_ms


def _small(client: Client) -> None:
    code = f"print(int(input()) * 2)  # {next(_numbers)}"
    client.grade([{"id": "1", "code": code, "rewards": [{"type": "code", "tests": SMALL}]}], reuse=False)


def _items(count: int) -> list[dict[str, Any]]:
    programs = itertools.cycle(load_workload())
    return [program.item(number) for number, program in zip(range(count), programs, strict=False)]


def _table(rows: list[Row]) -> Table:
    table = Table("", "idle, median", "beside a flood, median", "p95", "ratio", title=f"{WORKERS} workers")
    for row in rows:
        p95_ms = statistics.quantiles(row.loaded_ms, n=20)[-1]
        idle_ms, loaded_ms = statistics.median(row.idle_ms), statistics.median(row.loaded_ms)
        table.add_row(row.what, f"{idle_ms:.1f} ms", f"{loaded_ms:.1f} ms", f"{p95_ms:.1f} ms", f"{row.ratio:.2f}")
    return table


if __name__ == "__main__":
    main()
