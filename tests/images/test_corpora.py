"""Real programs in other languages than Python, with known verdicts. Run with `-s` to see the counts."""

from typing import Any

import pytest

from tests.e2e.test_corpora import CONTESTS, grade, hurried, item
from tests.fixtures.corpora import load_corpus
from tests.fixtures.service import RunningAssay

pytestmark = pytest.mark.slow

_NO_HELPER = "its test uses a helper that is in the problem's prompt, which the row does not have"
_NO_PROGRAM = "the program does not compile, which the row does not foresee"
UNDESERVED: dict[str, str] = {
    **{f"Go/{number}/{twin}": _NO_HELPER for number in (10, 32, 38) for twin in ("canonical", "buggy")},
    "Go/140/buggy": _NO_PROGRAM,
    "Go/158/buggy": _NO_PROGRAM,
}
"""Rows whose program does not get what the row says, and why. One that does is to be taken out."""
UNSTEADY: dict[str, str] = {
    "Go/95/canonical": "it stops at the first key of a map, whose order Go makes up anew in every run",
}
"""Rows whose program now and then does not get what the row says, and why."""


def _undeserved(rows: list[dict[str, Any]], components: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    return {
        row["id"]: (component["verdict"], component["message"])
        for row, component in zip(rows, components, strict=True)
        if component["verdict"] not in row["expected"]
    }


@pytest.mark.parametrize("name", ["cpp", "java", "js", "go", "rust"])
def test_reference_solutions_pass_and_their_buggy_twins_do_not(docker_assay: RunningAssay, name: str) -> None:
    rows = [hurried(row) for row in load_corpus(f"humanevalpack_{name}")]
    items = [item(row, row["code"], wrong=False) for row in rows]
    components = grade(docker_assay, f"humanevalpack_{name}", items)
    undeserved = _undeserved(rows, components)
    assert undeserved.keys() - UNSTEADY.keys() == UNDESERVED.keys() & {row["id"] for row in rows}, undeserved
    assert {component["integrity"] for component in components} == {"in_process"}


def test_contest_submissions_get_the_verdict_they_deserve(docker_assay: RunningAssay) -> None:
    rows = [row for row in load_corpus(CONTESTS) if row["language"] != "python"]
    components = grade(docker_assay, CONTESTS, [item(row, row["code"], wrong=False) for row in rows])
    assert _undeserved(rows, components) == {}
    assert {component["integrity"] for component in components} == {"external"}
