"""Results say what is weak in their tests, and flag passes that say nothing; scores stay what they are."""

from typing import Any

from assay.contract import ComponentResult, Detail, Flag, Item
from assay_workers.port import Grader


def _grade(grader: Grader, code: str | None, tests: dict[str, Any]) -> ComponentResult:
    program = {"code": code} if code is not None else {"completion": "no program"}
    reward = {"type": "code", "tests": tests, "limits": {"cpu_s": 2}}
    item = Item.model_validate({"id": "x", "rewards": [reward], **program})
    return grader.grade(item, 0, Detail.VERDICTS).components[0]


def _flagged(result: ComponentResult) -> list[bool]:
    return [Flag.SELF_COMPARING_TEST in test.flags for test in result.tests or ()]


def _codes(result: ComponentResult) -> list[tuple[str, int]]:
    return [(warning.code, warning.test) for warning in result.suite_warnings]


def test_an_assertion_that_says_nothing_passes_with_a_flag(grader: Grader) -> None:
    tests = {"kind": "assert", "asserts": ["assert f(1) == 2", "assert f(2) == f(2)", "assert f(3) == g(3)"]}
    result = _grade(grader, "def f(x): return 2\ndef g(x): return 3", tests)
    assert _codes(result) == [("self_comparing", 1), ("self_comparing", 2)]
    assert (result.passed, result.total) == (2, 3)
    assert _flagged(result) == [False, True, False], "a test that fails has said something"
    assert result.flags == (Flag.SELF_COMPARING_TEST,)


def test_a_script_with_good_assertions_beside_is_warned_of_and_not_flagged(grader: Grader) -> None:
    source = "def check(candidate):\n    assert candidate(1) == f(1)\n    assert candidate(1) == 1\n"
    tests = {"kind": "script", "source": source, "entry_point": "f"}
    result = _grade(grader, "def f(x): return x", tests)
    assert (result.score, _codes(result), _flagged(result)) == (1.0, [("self_comparing", 0)], [False])


def test_a_suite_of_pytest_is_warned_of_test_by_test(grader: Grader) -> None:
    source = "from solution import f\n\ndef test_a():\n    assert f(1) == 1\n\ndef test_b():\n    f(1)\n"
    result = _grade(grader, "def f(x): return x", {"kind": "pytest", "files": {"test_f.py": source}})
    assert (result.score, _codes(result), _flagged(result)) == (1.0, [("no_assertion", 1)], [False, True])


def test_cases_that_all_expect_the_same_are_warned_of_where_there_is_no_program_too(grader: Grader) -> None:
    tests = {"kind": "stdio", "cases": [{"stdin": "1", "expected": "YES"}, {"stdin": "2", "expected": "YES"}]}
    result = _grade(grader, None, tests)
    assert (result.score, _codes(result)) == (0.0, [("constant_expected", 0)])
