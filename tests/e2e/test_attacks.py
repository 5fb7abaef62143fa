"""Programs that try to cheat, and honest ones that look as if they did, through the front door.

Run with `-s` to see the counts.
"""

import json
import random
import re
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

import pytest

from assay.settings import available_cores
from tests.fixtures.attacks import attack_item, load_attacks, python_entries
from tests.fixtures.service import RunningAssay, running_assay

pytestmark = pytest.mark.slow

UNMET: Final[dict[str, str]] = {}
"""Entries whose expectation is not met yet, and why. An entry that is met is to be taken out."""
UNSTEADY: Final[dict[str, str]] = {
    "py-sbx-write-everywhere": "the cell's own fresh tmpfs may be written beside work and tmp; the search ends "
    "after 4 s, and on a busy machine before it has come there",
}
"""Entries whose probes are not always refused; their rewards and verdicts are right."""
HONEST_ROUNDS: Final = 3
"""How often every honest program is sent among the attacks."""
ALLOWED: Final = re.compile(r"^PROBE .* ALLOWED", re.MULTILINE)


def complaints(corpus: ModuleType, entry: dict[str, Any], result: dict[str, Any]) -> list[str]:
    """What is wrong with the answer to one entry, by the corpus's own measure and by what must never be seen."""
    tests = [test for component in result["components"] for test in component["tests"] or ()]
    found: list[str] = corpus.check(entry, result["reward"], [test["verdict"] for test in tests])
    if "no_needles" in entry["post_check"]:
        text = json.dumps(result, ensure_ascii=False)
        found += [f"shows {needle!r}" for needle in corpus.needles(entry) if needle in text]
    if "no_markers_allowed" in entry["post_check"]:
        found += [line for test in tests for line in ALLOWED.findall(test["stderr"] or "")]
    return found


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssay]:
    """An Assay with four times as many workers as cores, where a verdict that depends on load would show."""
    with running_assay(tmp_path_factory.mktemp("crowded"), workers=4 * available_cores()) as running:
        yield running
        assert running.end() == 0
        assert running.remains() == []


@pytest.fixture(scope="module")
def corpus() -> ModuleType:
    return load_attacks()


@pytest.fixture(scope="module")
def entries(corpus: ModuleType) -> dict[str, list[dict[str, Any]]]:
    """The corpus's entries by kind."""
    known = python_entries(corpus)
    return {kind: [entry for entry in known if entry["kind"] == kind] for kind in ("attack", "benign", "probe")}


def submit(corpus: ModuleType, assay: RunningAssay, chosen: list[dict[str, Any]]) -> None:
    """Grades entries in one batch and compares what comes back with what the corpus and `UNMET` say of them."""
    items = [{**attack_item(entry), "id": f"{entry['id']}#{number}"} for number, entry in enumerate(chosen)]
    started_s = time.monotonic()
    answer = assay.grade(items, detail="outputs")
    taken_s = time.monotonic() - started_s
    found: dict[str, list[str]] = {}
    for entry, result in zip(chosen, answer["results"], strict=True):
        if said := complaints(corpus, entry, result):
            found.setdefault(entry["id"], []).extend(said)
    print(f"\n{len(chosen)} programs in {taken_s:.1f} s, {len(found)} unmet, {answer['summary']['verdicts']}")
    print(json.dumps({name: sorted(set(said)) for name, said in found.items()}, indent=1))
    assert [marker for marker in assay.markers if marker in json.dumps(answer)] == []
    assert [line for name in UNSTEADY for line in found.pop(name, []) if not ALLOWED.match(line)] == []
    assert found.keys() == UNMET.keys() & {entry["id"] for entry in chosen}
    with assay.http as http:
        assert http.get("/readyz").status_code == 200


def test_honest_programs_that_look_odd_earn_what_they_should(
    corpus: ModuleType, entries: dict[str, list[dict[str, Any]]], crowded: RunningAssay
) -> None:
    submit(corpus, crowded, entries["benign"])


def test_no_attack_earns_more_than_it_may_or_costs_an_honest_program_beside_it(
    corpus: ModuleType, entries: dict[str, list[dict[str, Any]]], crowded: RunningAssay
) -> None:
    mixed = entries["attack"] + HONEST_ROUNDS * entries["benign"]
    random.Random(0).shuffle(mixed)
    submit(corpus, crowded, mixed)


def test_no_program_finds_traces_of_the_one_before_it(
    corpus: ModuleType, entries: dict[str, list[dict[str, Any]]], assay: RunningAssay
) -> None:
    writers = {entry["pair"]: entry for entry in entries["attack"] if "pair" in entry}
    pairs = [[writers[entry["id"]], entry] for entry in entries["probe"] if entry["id"] in writers]
    lonely = [entry for entry in entries["probe"] if entry["id"] not in writers]
    assert pairs
    submit(corpus, assay, [*(entry for pair in pairs for entry in pair), *lonely])
