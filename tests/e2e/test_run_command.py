"""`assay run` as its users call it, against a service that runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.service import RunningAssay

SUITE = {"kind": "stdio", "cases": [{"stdin": "1\n", "expected": "2\n"}, {"stdin": "2\n", "expected": "3\n"}]}


def run(
    assay: RunningAssay, folder: Path, program: str, tests: object = SUITE, name: str = "a.py"
) -> tuple[int, str]:
    (folder / name).write_text(program)
    command = [sys.executable, "-m", "assay.cli", "run", str(folder / name)]
    if tests is not None:
        (folder / "tests.json").write_text(json.dumps(tests))
        command.append(str(folder / "tests.json"))
    ended = subprocess.run([*command, "--url", assay.url], capture_output=True, text=True, timeout=120)
    return ended.returncode, ended.stdout + ended.stderr


def test_a_right_program_passes(assay: RunningAssay, tmp_path: Path) -> None:
    status, told = run(assay, tmp_path, "print(int(input()) + 1)")
    assert (status, told.count("accepted"), "reward: 1.0" in told) == (0, 2, True)
    assert "2 of 2 tests passed, external" in told


def test_a_wrong_one_is_shown_what_it_should_have_printed(assay: RunningAssay, tmp_path: Path) -> None:
    status, told = run(assay, tmp_path, "print(2)")
    assert (status, "-3" in told, "+2" in told) == (1, True, True)
    assert "code: 0.5, 1 of 2 tests passed" in told


def test_one_that_raises_shows_its_traceback(assay: RunningAssay, tmp_path: Path) -> None:
    status, told = run(assay, tmp_path, "raise KeyError('why')")
    assert (status, "KeyError: 'why'" in told, "runtime_error" in told, "exit status 1" in told) == (
        1,
        True,
        True,
        True,
    )


def test_other_languages_go_by_the_ending(assay: RunningAssay, tmp_path: Path) -> None:
    status, told = run(assay, tmp_path, "int main() { return x; }", name="a.cpp")
    assert (status, "compile_error" in told, "not declared" in told) == (1, True, True)


def test_a_completion_and_a_datasets_row_will_do(assay: RunningAssay, tmp_path: Path) -> None:
    row = {"task_id": 1, "text": "Add.", "code": "", "test_list": ["assert add(1, 2) == 3"], "test_setup_code": ""}
    status, told = run(assay, tmp_path, "```python\ndef add(a, b):\n    return a + b\n```", row, "said.md")
    assert (status, "reward: 1.0" in told) == (0, True), told


def test_without_tests_it_is_just_run(assay: RunningAssay, tmp_path: Path) -> None:
    status, told = run(assay, tmp_path, "print('out'); raise SystemExit(3)", None)
    assert (status, "out" in told, "exit status 3" in told) == (1, True, True)


@pytest.mark.parametrize("tests", ["[", {"what": "ever"}, []])
def test_what_is_no_tests_is_wrong_usage(assay: RunningAssay, tmp_path: Path, tests: object) -> None:
    status, told = run(assay, tmp_path, "", tests)
    assert (status, "tests.json" in told, "give a suite" in told) == (2, True, True)
