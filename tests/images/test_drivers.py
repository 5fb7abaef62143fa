"""Functions of other languages are called by drivers: honest programs pass, and no forgery of a program does."""

from typing import Any

import pytest

from tests.fixtures.driven import driven_items, driven_languages
from tests.fixtures.service import RunningAssay

pytestmark = pytest.mark.slow


def _graded(assay: RunningAssay, language: str, kind: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = assay.grade(driven_items(language, kind), detail="outputs")["results"]
    return results


@pytest.mark.parametrize("language", driven_languages())
def test_an_honest_program_passes(docker_assay: RunningAssay, language: str) -> None:
    failed = {
        result["id"]: result for result in _graded(docker_assay, language, "honest") if result["reward"] != 1.0
    }
    assert failed == {}


@pytest.mark.parametrize("language", driven_languages())
def test_a_hostile_program_earns_nothing_and_no_null(docker_assay: RunningAssay, language: str) -> None:
    results = _graded(docker_assay, language, "hostile")
    assert {result["id"]: 0.0 for result in results} == {result["id"]: result["reward"] for result in results}
    assert {component["integrity"] for result in results for component in result["components"]} == {"external"}
