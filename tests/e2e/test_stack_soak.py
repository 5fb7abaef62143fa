"""Very many items leave service, workers and Redis as large as the first of them made them. `-s` shows numbers.

200,000 items in a thorough run, a part of them in `make test`.
"""

import os
import random
import threading
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from assay.client import Client
from tests.e2e.processes import ProcessId, command_line, descendants
from tests.fixtures.service import RunningAssay, running_assay
from tests.fixtures.thorough import THOROUGH

pytestmark = pytest.mark.slow

ITEMS: Final = int(os.environ.get("ASSAY_SOAK_ITEMS") or (200_000 if THOROUGH else 24_000))
BATCH: Final = 2000
CLIENTS: Final = 2
RESULT_TTL_S: Final = 60
"""As short as it may be."""
LONG: Final = ITEMS >= 100_000
"""Whether there is time to wait until Redis has forgotten the results; else it may keep so much of each item."""
KEPT_MB: Final = 1 / 1024
MOST_GROWTH: Final = 0.25
SLACK_MB: Final = 24.0
"""What a process may grow by, all the same: allocators keep what a large batch took."""
SPARE_DESCRIPTORS: Final = 8
"""Connections that a pool made meanwhile."""
PARTS: Final = {"service": " serve ", "workers": " worker", "redis": "valkey-server"}


class State(NamedTuple):
    """What a part of Assay occupies."""

    memory_mb: float
    descriptors: int
    processes: int


def _items(number: int, choices: random.Random) -> list[dict[str, Any]]:
    """A batch: mostly texts, one in ten a program that nobody has seen before."""
    return [_item(f"{number}-{place}", choices.random()) for place in range(BATCH)]


def _item(name: str, share: float) -> dict[str, Any]:
    if share < 0.1:
        tests = {"kind": "stdio", "cases": [{"stdin": "4", "expected": "8"}]}
        return {
            "id": name,
            "code": f"print(2 * int(input()))  # {name}",
            "rewards": [{"type": "code", "tests": tests}],
        }
    if share < 0.2:
        return {"id": name, "completion": "\\boxed{8}", "rewards": [{"type": "accuracy", "gold": "8"}]}
    text = f"<think>\n{name} {'word ' * 50}\n</think>\n<answer>\n8\n</answer>"
    return {"id": name, "completion": text, "rewards": [{"type": "format"}]}


def _state(processes: set[ProcessId]) -> State:
    memory_kb, descriptors, counted = 0, 0, 0
    for process in processes:
        folder = Path(f"/proc/{process.pid}")
        try:
            lines = (folder / "smaps_rollup").read_text().splitlines()
            open_files = len(list((folder / "fd").iterdir()))
        except OSError:  # it has ended
            continue
        memory_kb += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        descriptors += open_files
        counted += 1
    return State(memory_kb / 1024, descriptors, counted)


def _states(assay: RunningAssay) -> dict[str, State]:
    """Of each part, when nothing is in progress."""
    time.sleep(RESULT_TTL_S + 10 if LONG else 1)
    everything = descendants(assay.pid)
    tops = {part: {each for each in everything if sign in f"{command_line(each)} "} for part, sign in PARTS.items()}
    return {part: _state(found.union(*(descendants(each.pid) for each in found))) for part, found in tops.items()}


def _grade(assay: RunningAssay, batches: range, seed: int, wrong: list[str]) -> None:
    choices = random.Random(seed)
    with Client(assay.url) as client:
        for number in batches:
            results = client.grade(_items(number, choices)).results or ()
            wrong.extend(result.model_dump_json() for result in results if result.reward != 1.0)


def _load(assay: RunningAssay, first: int, batches: int) -> float:
    """Grades so many batches from several clients at once; the seconds it took."""
    wrong: list[str] = []
    places = [range(first + client, first + batches, CLIENTS) for client in range(CLIENTS)]
    threads = [threading.Thread(target=_grade, args=(assay, place, place.start, wrong)) for place in places]
    started_s = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    return time.monotonic() - started_s


def test_very_many_items_leave_every_part_as_large_as_it_was(tmp_path: Path) -> None:
    batches = ITEMS // BATCH
    settings = {"result_ttl_s": RESULT_TTL_S, "verdict_ttl_s": RESULT_TTL_S}
    with running_assay(tmp_path, settings=settings) as assay:
        warm = max(4, batches // 4)
        _load(assay, 0, warm)
        before = _states(assay)
        seconds = _load(assay, warm, batches - warm)
        after = _states(assay)
    print(f"\n{(batches - warm) * BATCH} items in {seconds:.0f} s")
    for part in PARTS:
        print(f"  {part}: {before[part]} -> {after[part]}")
        assert before[part].processes > 0, part
        assert after[part].processes == before[part].processes, part
        assert after[part].descriptors <= before[part].descriptors + SPARE_DESCRIPTORS, part
        kept_mb = ITEMS * KEPT_MB if part == "redis" and not LONG else 0
        assert after[part].memory_mb <= before[part].memory_mb * (1 + MOST_GROWTH) + SLACK_MB + kept_mb, part
