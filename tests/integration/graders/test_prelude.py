"""A prelude in jails: a program may count on it, and earns nothing by it."""

from typing import Any

import pytest

from assay.contract import Detail, Item, Verdict
from assay.formats import convert_row
from assay_workers.port import Grader

ADD = {
    "input_output": {"inputs": [[1, 2], [3, 4]], "outputs": [3, 7], "fn_name": "add"},
    "starter_code": "def add(a, b):",
}
HEAD = {
    "task_id": "Own/0",
    "prompt": 'from typing import List\n\n\ndef first(x: List[int]) -> int:\n    """Doc."""\n',
    "entry_point": "first",
    "test": "def check(candidate):\n    assert candidate([7, 1]) == 7\n",
}


@pytest.mark.parametrize(
    ("row", "code", "verdict"),
    [
        (ADD, "def add(a: int, b: Optional[int]) -> int:\n    return a + b", Verdict.ACCEPTED),
        (ADD, "from __future__ import annotations\ndef add(a, b): return a + b", Verdict.ACCEPTED),
        (ADD, "def sub(a, b): return a - b", Verdict.RUNTIME_ERROR),
        (ADD, "", Verdict.RUNTIME_ERROR),
        (HEAD, "    return x[0]\n", Verdict.ACCEPTED),
        (HEAD, "def first(x: List[int]) -> int:\n    return x[0]\n", Verdict.ACCEPTED),
        (HEAD, "    return x[-1]\n", Verdict.WRONG_ANSWER),
    ],
)
def test_only_the_program_earns(grader: Grader, row: dict[str, Any], code: str, verdict: Verdict) -> None:
    rewards = [reward.model_dump() for reward in convert_row(row).rewards]
    result = grader.grade(Item.model_validate({"id": "x", "code": code, "rewards": rewards}), 0, Detail.VERDICTS)
    (component,) = result.components
    assert component.verdict == verdict, component.message
    assert result.reward == float(verdict is Verdict.ACCEPTED)
