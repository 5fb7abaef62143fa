"""`assay check-tests` lists weak tests of whatever holds tests, and says what it cannot read."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assay.cli.app import app

RUN = CliRunner()
WEAK = {"kind": "assert", "asserts": ["assert f(1) == 2", "assert f(1) == f(1)"]}
GOOD = {"kind": "assert", "asserts": ["assert f(1) == 2", "assert f(2) == 3"]}


def check(text: str, *options: str) -> Any:
    return RUN.invoke(app, ["check-tests", "-", *options], input=text)


def rows(text: str) -> list[tuple[str, int, int | None, int | None, str]]:
    report = json.loads(check(text, "--json").stdout)
    return [(each["item"], each["items"], each["test"], each["line"], each["code"]) for each in report["warnings"]]


def item(name: str, tests: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "code": "", "rewards": [{"type": "code", "tests": tests}]}


def test_a_weak_test_is_listed_with_its_line_and_advice() -> None:
    outcome = check(json.dumps(WEAK))
    assert outcome.exit_code == 1
    for said in ("self_comparing", "write the expected value down", "1 warnings about 1 of them"):
        assert said in outcome.stdout


def test_good_tests_are_a_success() -> None:
    outcome = check(json.dumps(GOOD))
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "1 suites read, 0 warnings" in outcome.stdout


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (WEAK, "suite"),
        (item("a", WEAK), "a"),
        ({"id": "row", "language": "python", "tests": WEAK, "code": "…", "expected": []}, "row"),
        ({"items": [item("b", WEAK)]}, "b"),
        ({"items": [{"code": "", "id": "c"}], "defaults": {"rewards": item("", WEAK)["rewards"]}}, "c"),
        ([item("d", WEAK)], "d"),
    ],
)
def test_tests_are_found_in_every_form(value: object, name: str) -> None:
    assert rows(json.dumps(value)) == [(name, 1, 1, 1, "self_comparing")]


def test_lines_are_read_one_by_one_and_equal_suites_once() -> None:
    lines = [item("a", WEAK), item("b", GOOD), item("c", WEAK)]
    assert rows("\n".join(map(json.dumps, lines))) == [("a", 2, 1, 1, "self_comparing")]


def test_tests_that_cannot_be_judged_are_listed_with_the_error_and_its_hint() -> None:
    broken = {"kind": "script", "source": "def check(", "entry_point": "f"}
    assert rows(json.dumps(broken)) == [("suite", 1, None, None, "invalid_tests")]
    assert rows(json.dumps({"tests": WEAK, "language": "klingon"}))[0][-1] == "unknown_language"


def test_rewards_without_a_program_are_passed_over() -> None:
    assert (
        check(json.dumps({"id": "a", "rewards": [{"type": "format"}, {"type": "code", "tests": GOOD}]})).exit_code
        == 0
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "there are no tests in it"),
        ('{"items": [', "the file: not JSON"),
        (json.dumps(GOOD) + "\n{", "line 2: not JSON"),
        ('{"prompt": "x"}', "no tests are there"),
        (json.dumps({"items": [{"id": "a"}]}), "items[0]: it has no 'rewards'"),
        (json.dumps({"items": [3], "defaults": 1}), "defaults: they are no object"),
        (json.dumps({"kind": "assert", "asserts": []}), "asserts"),
        (json.dumps({"id": "a", "rewards": [1]}), "a, rewards[0]: it is no object"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text: str, complaint: str) -> None:
    outcome = check(text)
    assert outcome.exit_code == 2
    assert complaint in outcome.stderr


def test_bad_lines_do_not_hide_what_the_others_say() -> None:
    outcome = check("{\n" + json.dumps(WEAK), "--json")
    assert outcome.exit_code == 2
    assert len(json.loads(outcome.stdout)["warnings"]) == 1


@pytest.mark.parametrize("content", [None, b"\x1f\x8b\x00"])
def test_a_file_that_is_not_there_or_no_text_is_wrong_usage(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "items.jsonl"
    if content is not None:
        path.write_bytes(content)
    outcome = RUN.invoke(app, ["check-tests", str(path)])
    assert outcome.exit_code == 2
    assert f"cannot read {path}" in outcome.stderr
