"""In-process tests of C++ in jails: whoever passes what no honest program passes earns nothing."""

from typing import Any

import pytest

from assay.contract import Detail, Flag, Item, ItemResult, Verdict
from assay_workers.port import Grader
from tests.fixtures.attacks import script_items
from tests.fixtures.compilers import needs_gxx

pytestmark = needs_gxx

_TESTS = "#include <cassert>\nint main() { assert(f(1) == 2); assert(f(2) == 3); }"
_OWN = "ok-cpp-asserts-own"
_HONEST = "int f(int n) { return n + 1; }"


def _grade(grader: Grader, item: dict[str, Any]) -> ItemResult:
    return grader.grade(Item.model_validate(item), 0, Detail.OUTPUTS)


def _script(code: str, tests: str = _TESTS) -> dict[str, Any]:
    suite = {"kind": "script", "source": tests, "entry_point": "f", "allow_in_process": True}
    return {"id": "a", "code": code, "rewards": [{"type": "code", "language": "cpp", "tests": suite}]}


@pytest.mark.parametrize("name", ["cpp-exit-assert-fail-override", "cpp-exit-main-macro", "cpp-exit-ndebug"])
def test_an_assertion_that_cannot_fail_is_found_out(grader: Grader, name: str) -> None:
    result = _grade(grader, script_items([name])[name])
    assert result.reward == 0.0
    (component,) = result.components
    assert (component.verdict, component.flags) == (Verdict.WRONG_ANSWER, (Flag.FORGED,))
    assert "changed" in (component.message or "")


def test_an_honest_program_with_assertions_of_its_own_earns_its_reward(grader: Grader) -> None:
    result = _grade(grader, script_items([_OWN])[_OWN])
    assert (result.reward, result.components[0].flags) == (1.0, ())


@pytest.mark.parametrize(
    ("code", "tests", "reward", "flags"),
    [
        (_HONEST, _TESTS, 1.0, ()),
        (_HONEST, "int main() { return f(1) == 2 ? 0 : 1; }", 1.0, (Flag.UNCONTROLLED,)),
        ("int f(int n) { return n; }", _TESTS, 0.0, ()),
    ],
)
def test_a_pass_without_controls_stands_and_says_so(
    grader: Grader, code: str, tests: str, reward: float, flags: tuple[Flag, ...]
) -> None:
    result = _grade(grader, _script(code, tests))
    assert (result.reward, result.components[0].flags) == (reward, flags)
