"""The corpus of attacks in other languages than Python, in containers."""

import random
import warnings
from types import ModuleType
from typing import Any

import pytest

from tests.e2e.test_attacks import submit
from tests.fixtures.attacks import load_attacks, script_items
from tests.fixtures.service import RunningAssay

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus() -> ModuleType:
    return load_attacks()


@pytest.fixture(scope="module")
def entries(corpus: ModuleType) -> list[dict[str, Any]]:
    """What the contract can express: programs that read and write."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the corpus leaves closing its files to the interpreter
        return [each for each in corpus.load() if each["language"] != "python" and each["mode"] == "stdio"]


def test_no_attack_earns_more_than_it_may_and_honest_programs_beside_it_earn_what_they_should(
    corpus: ModuleType, entries: list[dict[str, Any]], docker_assay: RunningAssay
) -> None:
    honest = [entry for entry in entries if entry["kind"] == "benign"]
    assert honest
    assert {entry["language"] for entry in entries} >= {"bash", "c", "cpp", "java", "javascript"}
    mixed = entries + 2 * honest
    random.Random(0).shuffle(mixed)
    submit(corpus, docker_assay, mixed)


_FORGERIES = (
    "cpp-exit-assert-fail-override",
    "cpp-exit-main-macro",
    "cpp-exit-ndebug",
    "java-exit-halt",
    "js-exit-process",
)


def test_whoever_ends_the_process_before_the_tests_can_fail_is_found_by_a_control(
    corpus: ModuleType, docker_assay: RunningAssay
) -> None:
    items = script_items(corpus, (*_FORGERIES, "ok-cpp-asserts-own"))
    results = docker_assay.grade(list(items.values()))["results"]
    components = {result["id"]: result["components"][0] for result in results}
    honest = components.pop("ok-cpp-asserts-own")
    assert (honest["score"], honest["verdict"], honest["flags"]) == (1.0, "accepted", [])
    assert {name: (each["score"], each["flags"]) for name, each in components.items()} == {
        name: (0.0, ["forged"]) for name in _FORGERIES
    }
