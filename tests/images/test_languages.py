"""Every language of the table, in its image: each way a program can end has its verdict.

The programs are those of `sandbox-images/smoke`. They are graded in one batch, as a trainer would send them.
"""

import tomllib
from pathlib import Path, PurePath
from typing import Any

import pytest

from assay_workers.sandbox.languages import Language, absent_languages, languages
from tests.fixtures.service import RunningAssay

pytestmark = pytest.mark.slow

SMOKE = Path(__file__).parents[2] / "sandbox-images" / "smoke"
ABSENT: dict[str, dict[str, str]] = tomllib.loads((SMOKE / "absent.toml").read_text(encoding="utf-8"))
GIVEN = "7 8\nlast line\n"
LIMITS = {"cpu_s": 2, "wall_s": 60, "memory_mb": 256, "output_kb": 1024}
PLAIN = {"cpu_s": 20, "memory_mb": 512}
"""For programs that meet no limit: a slow machine may not make them meet one."""
CASES: dict[str, tuple[str, str, dict[str, Any], str]] = {
    # case: the program, what it is to print, its limits, the verdict
    "hello": ("hello", "hello", PLAIN, "accepted"),
    "echo": ("echo", GIVEN, PLAIN, "accepted"),
    "wrong answer": ("hello", "goodbye", PLAIN, "wrong_answer"),
    "crash": ("crash", "", PLAIN, "runtime_error"),
    "signal": ("signal", "", PLAIN, "runtime_error"),
    "loop": ("loop", "", LIMITS, "time_limit"),
    "hog": ("hog", "", {**LIMITS, "cpu_s": 20}, "memory_limit"),
    "flood": ("flood", "", {**LIMITS, "cpu_s": 20}, "output_limit"),
    "broken": ("broken", "", PLAIN, "compile_error"),
}
PROGRAMS = sorted({program for program, *_ in CASES.values()})


def is_test_framework(language: Language) -> bool:
    """Whether its programs are test files, which print what their framework prints."""
    return ABSENT.get(language.name, {}).get("echo", "").startswith("It is a test file")


def lacks(language: Language, program: str) -> bool:
    return program in ABSENT.get(language.name, {})


def source_of(language: Language, program: str) -> str:
    path = SMOKE / language.name / f"{program}{PurePath(language.source).suffix}"
    return path.read_text(encoding="utf-8")


def item(language: Language, case: str) -> dict[str, Any]:
    program, expected, limits, _ = CASES[case]
    tests = {"kind": "stdio", "cases": [{"stdin": GIVEN, "expected": expected}], "checker": {"type": "lines"}}
    spec = {"type": "code", "language": language.name, "tests": tests, "limits": limits}
    return {"id": f"{language.name}/{case}", "code": source_of(language, program), "rewards": [spec]}


@pytest.fixture(scope="session")
def graded(docker_assay: RunningAssay) -> dict[str, dict[str, Any]]:
    """What came of every case of every language."""
    items = [
        item(language, case)
        for language in sorted(languages().values(), key=lambda language: language.image)
        for case, (program, *_) in CASES.items()
        if not lacks(language, program)
    ]
    results = docker_assay.grade(items, detail="outputs")["results"]
    return {result["id"]: result for result in results}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", languages())
def test_each_end_of_a_program_has_its_verdict(graded: dict[str, dict[str, Any]], name: str, case: str) -> None:
    language = languages()[name]
    program, _, _, verdict = CASES[case]
    if lacks(language, program):
        assert ABSENT[name][program]  # a reason is given, and the page of languages shows it
        return
    result = graded[f"{name}/{case}"]
    assert result["error"] is None
    (component,) = result["components"]
    (test,) = component["tests"]
    if is_test_framework(language) and program == "hello":
        assert test["exit_code"] == 0, test
        return
    assert component["verdict"] == verdict, test
    if case == "signal" and name not in TURNED_INTO_STATUS:
        assert test["signal"] is not None, test


TURNED_INTO_STATUS: dict[str, str] = {}
"""Languages whose runtime turns the signal into an exit status, and how."""


@pytest.mark.parametrize("language", languages().values(), ids=lambda language: language.name)
def test_a_language_has_a_program_for_every_case_or_a_reason_why_not(language: Language) -> None:
    for program in PROGRAMS:
        there = (SMOKE / language.name / f"{program}{PurePath(language.source).suffix}").is_file()
        assert there != lacks(language, program), program


def test_what_is_absent_is_no_row_and_has_a_reason() -> None:
    names = {absent.name for absent in absent_languages()}
    assert names & set(languages()) == set()
    assert all(absent.reason and absent.title for absent in absent_languages())


def test_every_row_names_an_image_that_can_be_built() -> None:
    images = SMOKE.parent
    missing = {row.image for row in languages().values() if not (images / row.image / "Dockerfile").is_file()}
    assert missing == set()
