"""A program is compiled together with the sources of a grader."""

import pytest

from assay.contract import IoiCodeReward
from assay.errors import ItemError
from assay_workers.graders.linking import linked_with
from assay_workers.sandbox.languages import Language, languages


def _spec(**more: object) -> IoiCodeReward:
    tests = {"kind": "stdio", "cases": [{"expected": ""}]}
    files = {"grader.cpp": "", "task.h": "", "stub.cc": ""}
    return IoiCodeReward.model_validate({"type": "ioi_code", "tests": tests, "grader_files": files, **more})


def _language(name: str) -> Language:
    return languages()[name]


def test_sources_are_compiled_beside_the_submission_and_headers_are_not() -> None:
    before = _language("cpp").compile
    assert before is not None
    assert linked_with(_language("cpp"), _spec()).compile == (*before, "grader.cpp", "stub.cc")


def test_without_files_nothing_changes() -> None:
    assert linked_with(_language("python"), _spec(grader_files={})) is _language("python")


@pytest.mark.parametrize(
    ("language", "more", "complaint"),
    [
        ("python", {}, "cannot be compiled with Python"),
        ("java", {}, "cannot be compiled with Java"),
        ("cpp", {"main": "grader.cpp"}, "both called 'grader.cpp'"),
        ("cpp", {"grader_files": {"main.cpp": ""}}, "both called 'main.cpp'"),
    ],
)
def test_what_cannot_be_linked_is_the_tests_fault(language: str, more: dict[str, object], complaint: str) -> None:
    with pytest.raises(ItemError, match=complaint) as caught:
        linked_with(_language(language), _spec(**more))
    assert caught.value.code == "invalid_tests"
