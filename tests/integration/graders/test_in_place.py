"""`in_place`: the argument that a function changes is compared, not what it returns."""

from typing import Any

import pytest

from assay.contract import Detail, Item, Verdict
from assay_workers.port import Grader

_PROGRAMS: dict[str, tuple[str, Verdict]] = {
    "an argument that is changed": ("def f(n, a): a.sort()", Verdict.ACCEPTED),
    "a right value that is only returned": ("def f(n, a): return sorted(a)", Verdict.WRONG_ANSWER),
    "another argument": ("def f(n, a): n.sort()", Verdict.RUNTIME_ERROR),
    "a name that is bound anew": ("def f(n, a): a = sorted(a)", Verdict.WRONG_ANSWER),
    "a list that is no list any more": (
        "class L(list):\n    def __eq__(self, other): return True\ndef f(n, a): a[:] = [L()]",
        Verdict.WRONG_ANSWER,
    ),
    "an exit": ("def f(n, a):\n    a.sort()\n    exit(0)", Verdict.RUNTIME_ERROR),
}


def _suite(**more: Any) -> dict[str, Any]:
    case = {"args": [1, [3, 1, 2]], "expected": [1, 2, 3]}
    return {"kind": "function", "entry_point": "f", "cases": [case], "in_place": 1, **more}


@pytest.mark.parametrize(("code", "verdict"), _PROGRAMS.values(), ids=_PROGRAMS.keys())
def test_the_argument_is_compared_as_the_call_leaves_it(grader: Grader, code: str, verdict: Verdict) -> None:
    item = Item.model_validate({"id": "x", "code": code, "rewards": [{"type": "code", "tests": _suite()}]})
    (component,) = grader.grade(item, 0, Detail.VERDICTS).components
    assert component.tests is not None
    assert [test.verdict for test in component.tests] == [verdict]
