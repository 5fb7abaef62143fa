"""The corpus of attacks in other languages than Python, in containers."""

import random
import warnings
from types import ModuleType
from typing import Any

import pytest

from tests.e2e.test_attacks import submit
from tests.fixtures.attacks import load_attacks
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
