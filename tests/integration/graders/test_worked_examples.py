"""The examples of docs/rewards.md that run a program earn what is said there."""

from typing import Any

import pytest

from assay.contract import Detail, Item
from assay_workers.port import Grader
from tests.fixtures.documents import WORKED_EXAMPLES, runs_a_program


@pytest.mark.parametrize(
    "example",
    [one for one in WORKED_EXAMPLES if runs_a_program(one)],
    ids=lambda example: str(example["item"]["id"]),
)
def test_an_example_of_a_program_earns_its_score(grader: Grader, example: dict[str, Any]) -> None:
    result = grader.grade(Item.model_validate(example["item"]), 0, Detail.NONE)
    assert result.error is None
    assert result.reward == pytest.approx(example["score"])
