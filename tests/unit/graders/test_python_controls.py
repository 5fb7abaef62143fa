"""Controls of Python test code: every change fails an honest program, and what is not certain is left alone."""

import ast
import unittest
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_agent.test_cases import run_cases
from assay_workers.graders.controls import ControlKind, Edit
from assay_workers.graders.python_controls import node_edits, script_edits

_PLAIN = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)


def _kinds(edits: tuple[Edit, ...]) -> list[str]:
    return [edit.kind.value for edit in edits]


def _fails(source: str, **names: Any) -> bool:
    try:
        exec(compile(source, "tests", "exec"), names)
    except AssertionError:
        return True
    return False


@given(_PLAIN, st.booleans())
def test_every_change_of_an_equality_fails_who_returns_the_value(value: object, swapped: bool) -> None:
    source = f"é = '…'; assert {value!r} == f()" if swapped else f"assert (f()\n == {value!r}), 'é'"
    assert not _fails(source, f=lambda: value)
    edits = script_edits(source)
    assert edits[0].kind is ControlKind.COMPLEMENT
    for edit in edits:
        assert _fails(edit.applied(source), f=lambda: value), edit


_CASE = """
import re, unittest
from unittest import mock
class T(unittest.TestCase):
    def test_it(self):
        m = mock.Mock(); m(1)
        {}
"""


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        ("self.assertEqual(len([1]), 1)", ["complement", "perturbation"]),
        ("self.assertEqual(sorted({'b': 1}), ['b'], 'why')", ["complement", "perturbation"]),
        ("self.assertListEqual([1, 2], [1, 2])", ["complement", "perturbation", "perturbation"]),
        ("self.assertDictEqual({'a': 1}, {'a': 1})", ["complement", "perturbation"]),
        ("self.assertNotEqual(1, 2)", ["complement"]),
        ("self.assertTrue(1 < 2)", ["complement"]),
        ("self.assertFalse([])", ["complement"]),
        ("self.assertAlmostEqual(1.0, 1.0 + 1e-9)", ["complement", "perturbation"]),
        ("self.assertAlmostEqual(1.0, 2.5, delta=2)", ["complement", "perturbation"]),
        ("self.assertAlmostEqual(1.0, 2.5, delta=20)", ["complement"]),
        ("assert abs(1e9 + 1e-6 - 1e9) < 1e-3", ["complement", "perturbation"]),
        ("assert abs(len('ab') - -1) <= 3", ["complement", "perturbation"]),
        ("assert abs(1 - 2) < 100", ["complement"]),
        ("assert __import__('math').isclose(1.0, 1.05, rel_tol=0.1)", ["complement", "perturbation"]),
        ("assert __import__('math').isclose(1.0, 1.05, rel_tol=0.5)", ["complement"]),
        ("assert 893744772 == __import__('pytest').approx(893744700)", ["complement", "perturbation"]),
        ("assert -1.0 == __import__('pytest').approx(-3.9, abs=3)", ["complement", "perturbation"]),
        ("self.assertIn('a', 'abc')", ["complement"]),
        ("self.assertIsNone(None)", ["complement"]),
        ("self.assertIsInstance(1, int)", ["complement"]),
        ("self.assertGreater(2, 1)", ["complement"]),
        ("self.assertLessEqual(1, 1)", ["complement"]),
        ("self.assertRegex('abc', 'b.')", ["complement"]),
        ("self.assertRaises(ValueError, int, 'x')", ["exception"]),
        ("with self.assertRaises(ValueError): int('x')", ["exception"]),
        ("with self.assertRaisesRegex(ValueError, 'invalid'): int('x')", ["exception"]),
        ("m.assert_called_once_with(1)", ["complement"]),
        ("mock.Mock().assert_not_called()", ["complement"]),
        ("with self.subTest(1), mock.patch('re.I', 1): self.assertIs(re.I, 1)", ["complement"]),
        ("for i in range(3): assert i < 3", ["complement"]),
        ("for i in (0, 1): self.assertTrue(i >= 0)", ["complement"]),
    ],
)
def test_every_change_of_a_statement_that_passes_fails(statement: str, kinds: list[str]) -> None:
    source = _CASE.format(statement)
    assert _passes(source)
    edits = script_edits(source, ["T::test_it"])
    assert _kinds(edits) == kinds
    assert not [edit for edit in edits if _passes(edit.applied(source))]


def _passes(source: str) -> bool:
    namespace: dict[str, Any] = {"__name__": "tests"}
    exec(compile(source, "tests", "exec"), namespace)
    try:
        return run_cases(["T::test_it"], namespace) == ["T::test_it"]
    except (AssertionError, ValueError):
        return False


@pytest.mark.parametrize(
    "body",
    [
        "if f(): self.assertTrue(f())",
        "for i in f(): assert i",
        "for i in range(0): assert i",
        "while f(): assert f()",
        "try: assert f()\n        except ValueError: pass",
        "with suppress(AssertionError): assert f()",
        "with f(): assert f()",
        "if f(): return\n        assert f()",
        "self.skipTest('x')\n        assert f()",
        "assert True",
        "other.assertTrue(f())",
        "m.assert_has_calls([])",
        "np.testing.assert_allclose(f(), 1)",
        "f(self.assertTrue(1))",
        "def g(): assert f()",
    ],
)
def test_what_may_not_be_reached_or_decide_is_left_alone(body: str) -> None:
    assert script_edits(_CASE.format(body), ["T::test_it"]) == ()


@pytest.mark.parametrize(
    "source",
    [
        "@unittest.skip\nclass T:\n def test_it(self): assert f()",
        "class T:\n @unittest.expectedFailure\n def test_it(self): assert f()",
        "class T:\n def assertTrue(self, x): pass\n def test_it(self): self.assertTrue(f())",
        "class T:\n def test_it(self): assert f()\n def test_it(self): assert f()",
        "class T:\n def test_it(self):\n  assert f()\r\n",
        "class T:\n pass",
    ],
)
def test_tests_that_do_not_go_as_tests_go_are_left_alone(source: str) -> None:
    assert script_edits(source, ["T::test_it"]) == ()


def test_the_edits_of_a_node_are_those_of_its_function() -> None:
    source = "def test_a(): assert f() == 1\n@pytest.mark.parametrize('x', [1])\ndef test_b(x): assert f(x)\n"
    source += "class TestC:\n    def test_d(self):\n        with pytest.raises(ValueError): f()\n"
    assert _kinds(node_edits(source, "test_x.py::test_a")) == ["complement", "perturbation"]
    assert _kinds(node_edits(source, "test_x.py::test_b[1]")) == ["complement"]
    (exception,) = node_edits(source, "test_x.py::TestC::test_d")
    assert 'pytest.raises(type("Private"' in exception.applied(source)
    assert node_edits(source, "test_x.py::test_gone") == ()
    assert node_edits("def test_a(:", "test_x.py::test_a") == ()


_ROWS = """
@pytest.mark.parametrize({}, [{}, (3, 4)])
def test_a(x, y):
    {}
"""


@pytest.mark.parametrize(
    ("names", "row", "body", "changed"),
    [
        ("'x, y'", "(1, 2)", "assert f(x) == y", "[(1, 9), (3, 4)]"),
        ("('x', 'y')", "[1, [2]]", "assert f(x) == y", "[[1, [9]], (3, 4)]"),
        ("'x, y'", "(1, 2)", "assert f(x, y) == y", None),  # y is more than what is expected
        ("'x, y'", "(1, 2)", "if x == 3: return\n    assert f(x) == y", None),  # not reached in every row
        ("'x, y'", "(1, z)", "assert f(x) == y", None),
        ("NAMES", "(1, 2)", "assert f(x) == y", None),
    ],
)
def test_what_a_decorator_expects_is_changed_in_its_first_row(
    names: str, row: str, body: str, changed: str | None
) -> None:
    source = _ROWS.format(names, row, body)
    found = [edit.applied(source) for edit in node_edits(source, "test_x.py::test_a")]
    assert [str(changed) in each for each in found if f"{row}, (3, 4)" not in each] == [True] * (
        changed is not None
    )
    one_run = node_edits(source, "test_x.py::test_a[1-2]")
    assert not [edit for edit in one_run if f"{row}, (3, 4)" not in edit.applied(source)]


def test_a_check_is_changed_where_it_is_called() -> None:
    source = "def check(candidate):\n    assert candidate(1) == [2, -3]\nassert True is True\n"
    edits = script_edits(source)
    assert _kinds(edits) == ["complement", "complement", "perturbation", "perturbation"]
    assert {ast.dump(ast.parse(edit.applied(source))) for edit in edits} - {ast.dump(ast.parse(source))}
    assert any("[9, -3]" in edit.applied(source) for edit in edits)
    assert any("[2, -10]" in edit.applied(source) for edit in edits)


def test_skipped_tests_are_not_passed() -> None:
    class Case(unittest.TestCase):
        def test_a(self) -> None:
            pass

        @unittest.skip("no")
        def test_b(self) -> None: ...

        @unittest.expectedFailure
        def test_c(self) -> None:
            raise ValueError

        def test_d(self) -> None:
            with self.subTest(1):
                raise KeyError(1)

    assert run_cases(["Case::test_a"], {"Case": Case}) == ["Case::test_a"]
    for name in ("test_b", "test_c"):
        with pytest.raises(AssertionError, match="a test was"):
            run_cases(["Case::test_a", f"Case::{name}"], {"Case": Case})
    with pytest.raises(KeyError):
        run_cases(["Case::test_d"], {"Case": Case})
