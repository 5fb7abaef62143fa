"""Real programs with known verdicts, through the front door. Run with `-s` to see the counts."""

import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.e2e.mutation import wrong_twins
from tests.fixtures.corpora import load_corpus
from tests.fixtures.service import RunningAssay

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

RIGHT_CPU_S: Final = 30.0
"""The corpora give 5 s, of which a right program needs up to 3, and more where two processors are one core."""
WRONG_CPU_S: Final = 2.0
"""A buggy program that loops need not be given more."""
CONTESTS: Final = "contests_a"
"""Its limits belong to its verdicts."""


def item(row: dict[str, Any], code: str, *, wrong: bool) -> dict[str, Any]:
    """The item that grades ``code`` with the tests of a row; a wrong program is given up at its first failure."""
    spec = {"type": "code", "language": row["language"], "tests": row["tests"], "limits": row["limits"]}
    if wrong:
        spec |= {"scoring": "all_or_nothing", "stop_on_first_failure": True}
    optional: dict[str, Any] = {name: row[name] for name in ("files", "main") if name in row}
    return {"id": row["id"], "code": code, "rewards": [spec]} | optional


def hurried(row: dict[str, Any]) -> dict[str, Any]:
    """The row with less time, for a program that is wrong and may loop."""
    return {**row, "limits": {**row["limits"], "cpu_s": min(WRONG_CPU_S, row["limits"]["cpu_s"])}}


def unhurried(row: dict[str, Any]) -> dict[str, Any]:
    """The row with time enough on any machine, for a program that is right."""
    return {**row, "limits": {**row["limits"], "cpu_s": max(RIGHT_CPU_S, row["limits"]["cpu_s"])}}


def grade(assay: RunningAssay, name: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Grades a batch, says what came of it, and gives the one component of every item."""
    started_s = time.monotonic()
    results = assay.grade(items)["results"]
    taken_s = time.monotonic() - started_s
    unjudged = {result["id"]: result["error"] for result in results if result["reward"] is None}
    assert unjudged == {}
    components: list[dict[str, Any]] = [result["components"][0] for result in results]
    counts = Counter((component["verdict"], component["integrity"]) for component in components)
    levels = Counter(component["integrity"] for component in components)
    shares = ", ".join(f"{level} {count / len(items):.1%}" for level, count in sorted(levels.items()))
    print(f"\n{name}: {len(items)} items in {taken_s:.1f} s, {dict(counts)}; judged {shares}")
    return components


@pytest.mark.parametrize(
    "name",
    ["humaneval", "mbpp_function", "mbpp_script", "humanevalpack_python", "quixbugs", CONTESTS, "workload_short"],
)
def test_every_python_program_of_a_corpus_gets_a_verdict_it_deserves(assay: RunningAssay, name: str) -> None:
    rows = [row for row in load_corpus(name) if row["language"] == "python"]
    right = [row["expected"] == ["accepted"] for row in rows]
    timed = rows
    if name != CONTESTS:
        timed = [unhurried(row) if accepted else hurried(row) for row, accepted in zip(rows, right, strict=True)]
    items = [item(row, row["code"], wrong=not accepted) for row, accepted in zip(timed, right, strict=True)]
    components = grade(assay, name, items)
    undeserved = {
        row["id"]: (component["verdict"], component["message"])
        for row, component in zip(rows, components, strict=True)
        if component["verdict"] not in row["expected"]
    }
    assert undeserved == {}
    assert [component["score"] for component in components] == [float(accepted) for accepted in right]
    assert {component["integrity"] for component in components} <= {"external", "examiner"}


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
@pytest.mark.parametrize("name", ["mbpp_function", "mbpp_script"])
def test_a_wrong_twin_of_an_accepted_program_is_not_accepted(assay: RunningAssay, name: str) -> None:
    twins: list[tuple[dict[str, Any], Iterator[str]]] = [
        (hurried(row), wrong_twins(row["code"], number)) for number, row in enumerate(load_corpus(name))
    ]
    while twins:  # a twin that is accepted may be right for these tests: its program's next one is tried
        programs = [(row, next(rest, None), rest) for row, rest in twins]
        assert [row["id"] for row, code, _ in programs if code is None] == [], "every twin is accepted"
        components = grade(
            assay, f"{name}, wrong twins", [item(row, code or "", wrong=True) for row, code, _ in programs]
        )
        twins = [
            (row, rest)
            for (row, _, rest), component in zip(programs, components, strict=True)
            if component["verdict"] == "accepted"
        ]
