"""Function tests of other languages: which are refused before a program is looked at, and what a driver is told."""

import json
import re
from typing import Any

import pytest

from assay.contract import CodeReward, Integrity
from assay.errors import ItemError
from assay_workers.graders.driven import DrivenPlan
from assay_workers.graders.planning import plan_tests
from assay_workers.sandbox.driving import EntryPoint
from assay_workers.sandbox.languages import Language, languages

_DRIVEN = [row for row in languages().values() if row.driver is not None]


def _spec(language: str, **suite: Any) -> CodeReward:
    tests = {"kind": "function", "entry_point": "f", "cases": [{"args": [1], "expected": 1}], **suite}
    return CodeReward.model_validate({"type": "code", "language": language, "tests": tests})


def _refusal(language: str, **suite: Any) -> ItemError:
    with pytest.raises(ItemError) as caught:
        plan_tests(languages()[language], _spec(language, **suite))
    return caught.value


@pytest.mark.parametrize("row", _DRIVEN, ids=lambda row: row.name)
def test_a_suite_of_a_language_with_a_driver_is_judged_from_outside(row: Language) -> None:
    plan = plan_tests(row, _spec(row.name, cases=[{"args": [1], "expected": 1, "weight": 2}]))
    assert isinstance(plan, DrivenPlan)
    assert plan.integrity is Integrity.EXTERNAL
    assert list(plan.weights) == [2.0]


@pytest.mark.parametrize("name", [row.name for row in languages().values() if not (row.driver or row.builtin)])
def test_a_language_without_a_driver_is_refused_with_a_way_out(name: str) -> None:
    refusal = _refusal(name)
    assert refusal.code == "tests_not_isolable"
    assert "stdio" in refusal.hint
    assert "javascript" in refusal.hint


@pytest.mark.parametrize(
    "suite",
    [
        {"cases": [{"kwargs": {"a": 1}, "expected": 1}]},
        {"entry_point": "a.b.c"},
        {"entry_point": "größe"},
        {"cases": [{"args": [float("nan")], "expected": 1}]},
        {"cases": [{"args": ["\ud800"], "expected": 1}]},
        {"cases": [{"args": [10**5000], "expected": 1}]},
    ],
)
def test_a_call_that_cannot_be_made_is_the_fault_of_the_tests(suite: dict[str, Any]) -> None:
    assert _refusal("javascript", **suite).code == "invalid_tests"


def test_a_driver_is_told_the_call_and_nothing_of_what_is_expected() -> None:
    case = {"args": ["ü", [1]], "expected": "secret"}
    suite = _spec("javascript", entry_point="Solution().f", cases=[case], in_place=1).tests
    plan = DrivenPlan(languages()["javascript"], suite)  # type: ignore[arg-type]
    (call,) = plan._calls
    assert json.loads(call.arguments) == ["Solution.f", 1, ["ü", [1]]]


@pytest.mark.parametrize("row", _DRIVEN, ids=lambda row: row.name)
def test_a_program_replaces_no_file_of_the_driver(row: Language) -> None:
    driver = row.driver
    assert driver is not None
    for name in driver.files:
        stem = name.partition(".")[0]
        source = f"public class {stem} {{}}".encode()
        program = row.called_program(source, EntryPoint("f"), {name: b"theirs"}, _spec(row.name).limits)
        assert program.main not in driver.files
        assert program.files[name] == driver.files_for(EntryPoint("f"), source)[name]


@pytest.mark.parametrize("row", _DRIVEN, ids=lambda row: row.name)
def test_what_stands_for_an_entry_point_is_filled_in(row: Language) -> None:
    driver = row.driver
    assert driver is not None
    for entry_point in (EntryPoint("f"), EntryPoint("f", "Solution")):
        for content in driver.files_for(entry_point, b"").values():
            assert not {b"ASSAY_ENTRY_POINT", b"ASSAY_PRELUDE"} & set(re.findall(rb"\w+", content))
            assert b"{function}" not in content
