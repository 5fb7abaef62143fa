"""What is said of the tests of well-known data sets: every warning was read, and is right."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from assay.contract import Suite
from assay_workers.graders.weak.suite import find_weak_tests
from tests.fixtures.attacks import shared_programs
from tests.fixtures.corpora import load_corpus

_SUITES: TypeAdapter[Any] = TypeAdapter(Suite)
RIGHT = {
    "humaneval": {
        ("HumanEval/33", "self_comparing", 7),
        ("HumanEval/33", "self_comparing", 8),
        ("HumanEval/33", "self_comparing", 9),
        ("HumanEval/38", "unseeded_random", 12),
        ("HumanEval/50", "unseeded_random", 13),
        ("HumanEval/53", "unseeded_random", 16),
    },
    "humanevalpack_python": {("Python/38", "unseeded_random", 12), ("Python/53", "unseeded_random", 16)},
    "mbpp_function": {("MBPP/37", "constant_expected", None)},
    "mbpp_script": set(),
    "quixbugs": set(),
    "quixbugs_pytest": set(),
    "contests_a": set(),
    "workload_short": set(),
}
"""Three comparisons with the program itself, draws without a seed in five rows, one value that all tests expect."""


@pytest.mark.parametrize("name", RIGHT)
def test_a_corpus_gets_the_warnings_it_deserves_and_no_others(name: str) -> None:
    found = {
        ("/".join(row["id"].split("/")[:2]), warning.code, warning.line)
        for row in load_corpus(name)
        for warning in find_weak_tests(
            _SUITES.validate_python(row["tests"]), python=row["language"] == "python"
        ).warnings
    }
    assert found == RIGHT[name]


def test_an_attack_by_the_programs_own_oracle_is_warned_of() -> None:
    (program,) = (each for each in shared_programs() if each.id == "py-eq-self-oracle")
    weak = find_weak_tests(_SUITES.validate_python(program.item["rewards"][0]["tests"]), python=True)
    assert [warning.code for warning in weak.warnings] == ["self_comparing", "self_comparing"]
    assert weak.idle == {0}
