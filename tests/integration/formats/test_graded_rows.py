"""Programs are graded by what rows of datasets become, in real jails: right ones earn all, wrong ones less."""

from collections.abc import Iterator
from typing import Any

import pytest

from assay.contract import Detail, Item, ItemResult
from assay.formats import convert_row
from assay.settings import Settings
from assay_workers.port import Grader
from assay_workers.wiring import build_grader
from tests.fixtures.compilers import needs_gxx
from tests.fixtures.dataset_rows import ANSWERS, PROGRAMS, ProgramRow


@pytest.fixture(params=PROGRAMS)
def example(request: pytest.FixtureRequest) -> ProgramRow:
    """Every row that holds tests of programs; those of the IOI are in C++."""
    if request.param.startswith("ioi"):
        request.getfixturevalue("gxx")
    return PROGRAMS[request.param]


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """Grades as a worker does."""
    grader = build_grader(Settings())
    yield grader
    grader.close()


def graded(grader: Grader, row: dict[str, Any], **submission: str) -> ItemResult:
    rewards = [reward.model_dump(mode="json", exclude_defaults=True) for reward in convert_row(row).rewards]
    item = Item.model_validate({"id": "x", "rewards": rewards, **submission})
    return grader.grade(item, 0, Detail.VERDICTS)


def test_a_right_program_passes_every_test_of_its_row(grader: Grader, example: ProgramRow) -> None:
    result = graded(grader, example.row, code=example.right)
    assert result.error is None
    assert (result.reward, result.components[0].total) == (1.0, example.tests)


def test_a_wrong_program_passes_none_of_its_row(grader: Grader, example: ProgramRow) -> None:
    result = graded(grader, example.row, code=example.wrong)
    assert (result.error, result.reward) == (None, 0.0)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_gold_answer_of_a_row_is_right_and_another_is_wrong(grader: Grader, name: str) -> None:
    gold = (
        ANSWERS[name].gold.removeprefix("\\boxed{").removesuffix("}") if "frac" not in ANSWERS[name].gold else "1/2"
    )
    right, wrong = (
        graded(grader, ANSWERS[name].row, completion=f"So it is $\\boxed{{{answer}}}$.")
        for answer in (gold, ANSWERS[name].wrong)
    )
    assert (right.reward, wrong.reward) == (1.0, 0.0)


@needs_gxx
def test_a_checker_of_the_ioi_may_give_a_part_of_the_points(grader: Grader) -> None:
    half = '#include "doubles.h"\nint twice(int n) { return n == 5 ? -10 : 2 * n; }'
    assert graded(grader, PROGRAMS["ioi grader"].row, code=half).reward == 0.5
