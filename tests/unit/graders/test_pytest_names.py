"""What a suite's files say of themselves, without being run."""

import ast

import pytest

from assay.errors import ItemError
from assay_workers.graders.pytest_names import case_tests, read_suite, refuse_patches, suite_obstacle


def _tests(source: str, name: str = "test_a.py") -> list[str]:
    return [test.removeprefix(f"{name}::") for test in read_suite({name: source}, "solution").tests]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def test_a(): pass\ndef test1(): pass\ndef helper(): pass", ["test_a", "test1"]),
        ("async def test_a(): pass", ["test_a"]),
        ("class TestA:\n def test_b(self): pass\n def c(self): pass", ["TestA::test_b"]),
        ("class A:\n def test_b(self): pass", []),
        ("class TestA:\n def __init__(self): pass\n def test_b(self): pass", []),
        ("class TestA:\n __test__ = False\n def test_b(self): pass", []),
        ("class TestA:\n class TestB:\n  def test_c(self): pass", ["TestA::TestB::test_c"]),
        ("import unittest\nclass A(unittest.TestCase):\n def test_b(self): pass", ["A::test_b"]),
        (
            "class B:\n def test_b(self): pass\nclass TestA(B):\n def test_a(self): pass",
            ["TestA::test_b", "TestA::test_a"],
        ),
        ("import pytest\n@pytest.fixture\ndef test_data(): return 1", []),
        ("import pytest\n@pytest.fixture()\ndef test_data(): return 1", []),
        ("def test_a(): pass\ndef test_a(): pass", ["test_a"]),
    ],
)
def test_tests_are_found(source: str, expected: list[str]) -> None:
    assert _tests(source) == expected


@pytest.mark.parametrize("name", ["a.py", "conftest.py", "testa.py", "test_a.txt"])
def test_other_files_have_no_tests(name: str) -> None:
    assert _tests("def test_a(): pass", name) == []


@pytest.mark.parametrize(
    "line",
    [
        "@mock.patch('solution.f')\ndef test_a(m): pass",
        "def test_a():\n with mock.patch('solution.f', 1): pass",
        "def test_a():\n with mock.patch.object(solution, 'f'): pass",
        "def test_a():\n with mock.patch.object(Thing, 'f'): pass",
        "def test_a():\n with mock.patch.dict('solution.D', {}): pass",
        "def test_a(monkeypatch): monkeypatch.setattr(solution, 'f', 1)",
        "def test_a(monkeypatch): monkeypatch.setattr('solution.f', 1)",
        "def test_a(): solution.f = 1",
        "def test_a():\n del solution.f",
        "def test_a(capsys): pass",
    ],
)
def test_what_cannot_reach_the_program_is_refused(line: str) -> None:
    with pytest.raises(ItemError) as caught:
        _refuse(f"import solution\nfrom solution import Thing\nfrom unittest import mock\n{line}")
    assert (caught.value.code, caught.value.hint is not None) == ("tests_not_isolable", True)


@pytest.mark.parametrize(
    "line",
    ["mock.patch('solutions.f')", "monkeypatch.setattr(other, 'f', 1)", "thing = solution.Thing()\nthing.x = 1"],
)
def test_other_patches_are_the_tests_own_business(line: str) -> None:
    _refuse(f"import solution\ndef test_a(): pass\n{line}")


@pytest.mark.parametrize(
    "files", [{"test_a.py": "def f(:"}, {"test_a.py": "", "solution.py": "def test_a(): pass"}]
)
def test_broken_suites_are_refused(files: dict[str, str]) -> None:
    with pytest.raises(ItemError) as caught:
        read_suite(files, "solution")
    assert caught.value.code == "invalid_tests"


def test_a_star_binds_what_nobody_else_defines() -> None:
    source = (
        "from math import isclose\nfrom solution import *\ndef h(): pass\ndef test_a(): isclose(f(1), len(g)); h()"
    )
    assert read_suite({"test_a.py": source}, "solution").star_names == ("f", "g")


def _refuse(text: str) -> None:
    refuse_patches({"test_solution.py": text}, "solution")


def test_whether_a_suite_needs_the_process_is_said_by_any_of_its_files() -> None:
    files = {"test_a.py": "import solution, helper\ndef test_a(): assert solution.f(1) == 2", "helper.py": "N = 1"}
    assert suite_obstacle(files, "solution") is None
    found = suite_obstacle({**files, "helper.py": "\nimport tempfile"}, "solution")
    assert found is not None
    assert (found.line, found.what) == (2, "imports 'tempfile'")


def test_cases_of_a_script_are_unittests_however_they_are_imported() -> None:
    source = "from unittest import TestCase as T\nclass A(T):\n def test_x(self): pass\n def helper(self): pass\n"
    source += "class B(A):\n def test_y(self): pass\nclass TestC:\n def test_z(self): pass"
    assert case_tests(ast.parse(source)) == ("A::test_x", "B::test_x", "B::test_y")


def test_cases_without_a_test_prove_nothing() -> None:
    with pytest.raises(ItemError) as caught:
        case_tests(ast.parse("import unittest\nclass A(unittest.TestCase):\n def check_x(self): pass"))
    assert caught.value.code == "invalid_tests"
