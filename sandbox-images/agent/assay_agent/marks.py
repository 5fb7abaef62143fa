"""Puts marks behind the assertions of test code, and says which of them a run that proves something executes.

A loop over nothing proves nothing: a test has passed only if every assertion on its straight path was executed.
Both the runners of test code and the judge, who must know what to expect of them, read it so.
"""

import ast
from typing import Final, NamedTuple

__all__ = ["CHECK", "MARK", "MarkedScript", "mark_assertions", "mark_script", "required_lines"]

MARK: Final = "__assay_passed__"
"""The name under which marked code finds what takes its marks."""
CHECK: Final = "check"
"""The function of a script that is called with the entry point, as in HumanEval."""
_SWALLOWS: Final = frozenset({"raises", "assertRaises", "assertRaisesRegex", "suppress"})


class MarkedScript(NamedTuple):
    """A test script with a mark, its number, behind every assertion."""

    tree: ast.Module
    required: frozenset[int]
    """The numbers that every run executes which proves something."""
    wants_check: bool
    """Whether it defines `check` and leaves calling it to us."""


class _Marker(ast.NodeTransformer):
    """Puts a mark behind every assertion: its number, or its file and line."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self.count = 0

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        told: ast.expr = ast.Constant(self.count)
        if self._file is not None:
            told = ast.Tuple([ast.Constant(self._file), ast.Constant(node.lineno)], ast.Load())
        mark = ast.Expr(ast.Call(ast.Name(MARK, ast.Load()), [told], []))
        node.assay_number = self.count  # type: ignore[attr-defined]
        self.count += 1
        return [node, ast.copy_location(mark, node)]


def mark_assertions(tree: ast.Module, file: str) -> ast.Module:
    """The code of a test file with the mark ``(file, line)`` behind every assertion."""
    marked: ast.Module = ast.fix_missing_locations(_Marker(file).visit(tree))
    return marked


def mark_script(source: str) -> MarkedScript:
    """A test script, marked; a call of `unittest.main` is left out, for its tests are run anyway.

    Raises:
        SyntaxError: it is not Python.
    """
    tree = ast.parse(source)
    tree.body = [statement for statement in tree.body if not _is_main_of_unittest(statement)]
    _Marker(None).visit(tree)
    ast.fix_missing_locations(tree)
    wants_check = any(map(_is_check, tree.body)) and not _calls_check_itself(tree)
    return MarkedScript(tree, frozenset(_on_straight_path(tree.body, in_check=False)), wants_check)


def _is_main_of_unittest(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(ast.Call(func=ast.Attribute(value=ast.Name("unittest"), attr="main"))):
            return True
        case _:
            return False


def _is_check(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.FunctionDef) and statement.name == CHECK


def _on_straight_path(body: list[ast.stmt], in_check: bool) -> set[int]:
    numbers: set[int] = set()
    for statement in body:
        if isinstance(statement, ast.Assert):
            numbers.add(statement.assay_number)  # type: ignore[attr-defined]
        elif isinstance(statement, (ast.For, ast.With)):
            numbers |= _on_straight_path(statement.body, in_check)
        elif isinstance(statement, ast.FunctionDef) and _is_check(statement) and not in_check:
            numbers |= _on_straight_path(statement.body, in_check=True)
    return numbers


def _calls_check_itself(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == CHECK
        for statement in tree.body
        if not isinstance(statement, (ast.FunctionDef, ast.ClassDef))
        for node in ast.walk(statement)
    )


def required_lines(source: str, node: str) -> set[int]:
    """Lines of the assertions that a proving run of pytest's test ``node`` executes.

    Of the function that the node names, as far as the file, whose text is ``source``, defines it where it says.
    """
    body: list[ast.stmt] = ast.parse(source).body
    for part in node.partition("[")[0].split("::")[1:]:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        found = [each for each in body if isinstance(each, kinds) and each.name == part]
        if not found:
            return set()
        body = found[-1].body
    return _required(body)


def _required(body: list[ast.stmt]) -> set[int]:
    lines: set[int] = set()
    for statement in body:
        if isinstance(statement, ast.Assert) and not isinstance(statement.test, ast.Constant):
            lines.add(statement.lineno)
        elif isinstance(statement, ast.For) or (
            isinstance(statement, ast.With) and not any(map(_swallows, statement.items))
        ):
            lines |= _required(statement.body)
        if _leaves(statement):
            break
    return lines


def _swallows(item: ast.withitem) -> bool:
    called = item.context_expr.func if isinstance(item.context_expr, ast.Call) else item.context_expr
    return (getattr(called, "attr", None) or getattr(called, "id", None)) in _SWALLOWS


def _leaves(statement: ast.stmt) -> bool:
    return any(isinstance(node, (ast.Return, ast.Continue, ast.Break, ast.Raise)) for node in ast.walk(statement))
