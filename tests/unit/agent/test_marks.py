"""What a run must have executed to prove something is read from test code by those who run it and by the judge."""

import ast

import pytest

from assay_agent.marks import MARK, mark_assertions, mark_script, required_lines


@pytest.mark.parametrize(
    ("source", "required"),
    [
        ("assert 1\nassert 2", {0, 1}),
        ("if x:\n assert 1\nassert 2", {1}),
        ("for i in x:\n assert 1", {0}),
        ("def check(candidate):\n assert 1\n def check(): assert 2", {0}),
        ("def other():\n assert 1", set()),
    ],
)
def test_the_straight_path_is_required(source: str, required: set[int]) -> None:
    assert mark_script(source).required == required


@pytest.mark.parametrize(
    ("source", "wants"),
    [
        ("def check(candidate): pass", True),
        ("def check(candidate): pass\ncheck(f)", False),
        ("def check(candidate): pass\ndef main(): check(f)", True),
        ("assert f()", False),
    ],
)
def test_check_is_called_unless_the_script_does(source: str, wants: bool) -> None:
    assert mark_script(source).wants_check is wants


def test_marks_tell_what_was_executed() -> None:
    passed: list[object] = []
    code = compile(mark_script("assert True\nif 0: assert False\nassert 1").tree, "t", "exec")
    exec(code, {MARK: passed.append})
    assert passed == [0, 2]
    exec(compile(mark_assertions(ast.parse("\nassert 1"), "a.py"), "t", "exec"), {MARK: passed.append})
    assert passed[2:] == [("a.py", 2)]


def test_unittests_main_is_left_to_the_runner() -> None:
    tree = mark_script("import unittest\nunittest.main(argv=['x'])\nmain()").tree
    assert [type(statement).__name__ for statement in tree.body] == ["Import", "Expr"]


def test_required_lines_are_those_of_the_function_a_node_names() -> None:
    source = "def test_a():\n    assert f()\n"
    source += "class T:\n    def test_a(self):\n        with raises(E): assert f()\n        assert g()"
    assert required_lines(source, "x.py::test_a[1]") == {2}
    assert required_lines(source, "x.py::T::test_a") == {6}
    assert required_lines(source, "x.py::test_b") == set()
