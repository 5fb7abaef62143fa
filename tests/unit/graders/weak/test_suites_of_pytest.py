"""Weak tests of pytest and unittest files are found, each by its name."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from assay.contract import PytestSuite
from assay_workers.graders.weak.suite import WeakTests, find_weak_tests


def suite(source: str, **more: Any) -> WeakTests:
    files = {"test_it.py": source, **more.pop("files", {})}
    value = {"kind": "pytest", "files": files, "module": "solution", **more}
    return find_weak_tests(TypeAdapter(PytestSuite).validate_python(value), python=True)


def found(weak: WeakTests) -> list[tuple[str, int, int | None]]:
    return [(warning.code, warning.test, warning.line) for warning in weak.warnings]


def test_each_weak_test_is_named_by_its_number_and_line() -> None:
    weak = suite(
        "from solution import f\n\n"
        "def test_good():\n    assert f(1) == 2\n\n"
        "def test_smoke():\n    f(1)\n\n"
        "def test_itself():\n    assert f(3) == f(3)\n\n"
        "def test_nothing():\n    assert True\n"
    )
    assert found(weak) == [("no_assertion", 1, 6), ("self_comparing", 2, 10), ("vacuous", 3, 13)]
    assert weak.idle == {1, 2, 3}


@pytest.mark.parametrize(
    "body",
    [
        "with pytest.raises(ValueError):\n        f(1)",
        "with pytest.warns(UserWarning):\n        f(1)",
        "if f(1) != 2:\n        pytest.fail('no')",
        "assert f(1) == pytest.approx(2)",
        "assert solution.f(1) == 2",
        "help_me(1)",
        "assert f(1) == fix",
    ],
)
def test_ordinary_tests_are_no_alarm(body: str) -> None:
    source = (
        "import pytest\nimport solution\nfrom solution import f\n\n"
        "@pytest.fixture\ndef fix():\n    return 2\n\n"
        "def help_me(x):\n    assert f(x) == 2\n\n"
        f"def test_it(fix):\n    {body}\n"
    )
    assert found(suite(source)) == []


@pytest.mark.parametrize("parameter", ["benchmark", "check"])
def test_calling_a_fixture_or_an_unknown_decorator_may_assert(parameter: str) -> None:
    assert found(suite(f"from solution import f\n\ndef test_it({parameter}):\n    {parameter}(f, 1)\n")) == []
    assert found(suite("from nose import raises\n\n@raises(KeyError)\ndef test_it():\n    {}['x']\n")) == []


def test_methods_of_unittest_assert() -> None:
    case = (
        "import unittest\nfrom solution import f\n\nclass TestF(unittest.TestCase):\n"
        "    def setUp(self):\n        self.n = 1\n\n    def test_it(self):\n        {}\n"
    )
    assert found(suite(case.format("self.assertEqual(f(self.n), 2)"))) == []
    assert found(suite(case.format("with self.assertRaises(KeyError):\n            f(1)"))) == []
    assert found(suite(case.format("self.assertEqual(f(2), f(2))"))) == [("self_comparing", 0, 9)]
    assert found(suite(case.format("self.assertTrue(True)"))) == [("vacuous", 0, 9)]
    assert found(suite(case.format("self.assertTrue((f(1), 2))"))) == [("vacuous", 0, 9)]
    assert found(suite(case.format("f(1)"))) == [("no_assertion", 0, 8)]
    assert found(suite(case.format("self.inherited(f(1))"))) == []
    assert found(suite(case.format("equal = self.assertEqual\n        equal(f(1), 2)"))) == []


def test_functions_in_functions_are_those_of_the_test_around_them() -> None:
    inner = "def test_{}():\n    def inner():\n        {}\n    inner()\n\n"
    source = "from solution import f\n\n" + inner.format("a", "assert f(1) == 2") + inner.format("b", "f(1)")
    assert found(suite(source)) == [("no_assertion", 1, 8)]


def test_a_module_of_the_standard_library_may_be_the_program() -> None:
    source = "import math\n\ndef test_it():\n    assert math.gcd(4, 6) == 2\n"
    assert found(suite(source, module="math")) == []
    assert found(suite(source)) == [("vacuous", 0, 4)]


def test_two_functions_of_the_program_may_be_held_against_each_other() -> None:
    assert found(suite("from solution import f, g\n\ndef test_it():\n    assert f(2) == g(2)\n")) == []


def test_all_parameters_of_a_weak_test_are_weak() -> None:
    source = "from solution import f\n\ndef test_a():\n    assert f(1) == 1\n\ndef test_b(x):\n    f(x)\n"
    weak = suite(source, manifest=["test_it.py::test_b[1]", "test_it.py::test_a", "test_it.py::test_b[2]"])
    assert found(weak) == [("no_assertion", 0, 6), ("no_assertion", 2, 6)]
    assert weak.idle == {0, 2}


def test_a_test_that_its_file_does_not_define_is_not_spoken_of() -> None:
    assert suite("from base import *\n", manifest=["test_it.py::TestX::test_b"]) == WeakTests()


def test_helpers_and_fixtures_of_other_files_are_followed() -> None:
    other = {
        "conftest.py": "import pytest\nfrom solution import f\n\n@pytest.fixture\ndef held():\n    assert f(1)\n"
    }
    assert found(suite("def test_it(held):\n    pass\n", files=other)) == []
    assert found(suite("def test_it():\n    pass\n", files=other)) == [("no_assertion", 0, 1)]
