"""Negative controls of test code in Python, by its syntax tree (INTEGRITY.md 3.5). Pure.

As in `assay_workers.graders.controls`, an assertion is changed only if every run that passes reaches it, and its
failure is certain to fail the test: a statement of a test's own body that nothing governs, with nothing before it
that could leave. What stands under a context manager that is not known to let exceptions out is left alone.
"""

import ast
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from assay_workers.graders.code_mask import Span
from assay_workers.graders.controls import ControlKind, Edit

__all__ = ["node_edits", "script_edits"]

_OPPOSITES: Final = {
    "assertAlmostEqual": "assertNotAlmostEqual",
    "assertDictEqual": "assertNotEqual",
    "assertEqual": "assertNotEqual",
    "assertFalse": "assertTrue",
    "assertGreater": "assertLessEqual",
    "assertGreaterEqual": "assertLess",
    "assertIn": "assertNotIn",
    "assertIs": "assertIsNot",
    "assertIsInstance": "assertNotIsInstance",
    "assertIsNone": "assertIsNotNone",
    "assertIsNot": "assertIs",
    "assertIsNotNone": "assertIsNone",
    "assertLess": "assertGreaterEqual",
    "assertLessEqual": "assertGreater",
    "assertListEqual": "assertNotEqual",
    "assertMultiLineEqual": "assertNotEqual",
    "assertNotAlmostEqual": "assertAlmostEqual",
    "assertNotEqual": "assertEqual",
    "assertNotIn": "assertIn",
    "assertNotIsInstance": "assertIsInstance",
    "assertNotRegex": "assertRegex",
    "assertRegex": "assertNotRegex",
    "assertSetEqual": "assertNotEqual",
    "assertTrue": "assertFalse",
    "assertTupleEqual": "assertNotEqual",
}
"""Methods of unittest's cases, and the one with the same arguments that fails where it passes."""
_EQUALITIES: Final = frozenset(
    {"assertDictEqual", "assertEqual", "assertListEqual", "assertMultiLineEqual", "assertTupleEqual"}
)
_CALLED: Final = frozenset(
    {"assert_any_call", "assert_called", "assert_called_once", "assert_called_once_with", "assert_called_with"}
)
"""Methods of mocks that pass only if the mock itself was called."""
_RAISES: Final = frozenset({"raises", "assertRaises", "assertRaisesRegex"})
_PRIVATE: Final = 'type("Private", (Exception,), {})'
"""An exception that no program can raise."""
_LETS_OUT: Final = frozenset(
    {"NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile", "assertLogs", "assertNoLogs", "assertWarns"}
    | {"catch_warnings", "dict", "multiple", "object", "open", "patch", "redirect_stderr", "redirect_stdout"}
    | {"subTest", "warns"}
)
"""Context managers that let every exception out."""
_KEEPS: Final = frozenset({"dict", "multiple", "object", "parametrize", "patch", "usefixtures"})
"""Decorators under which a test runs, and fails where its body does."""
_LEAVES: Final = frozenset({"_exit", "abort", "exit", "fail", "importorskip", "skip", "skipTest", "xfail"})
_VETO: Final = re.compile(
    r"\bdef\s+(?:assert|(?:approx|isclose|run)\b)|\bfailureException\b|^\s*type\s*=(?!=)|\r", re.MULTILINE
)
"""Test code that has this anywhere is left alone."""
_LARGEST: Final = 1e15  # up to here a float is another one with 7 added
_WIDEST: Final = {"rel": 0.1, "rel_tol": 0.1, "abs": 3.0, "abs_tol": 3.0, "delta": 3.0}
"""Tolerances beyond which `_far` may still be near, by the keyword that sets them."""
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def script_edits(source: str, cases: Sequence[str] = ()) -> tuple[Edit, ...]:
    """Every change to a script that makes a sound control; ``cases`` are the tests of unittest's cases it runs."""
    tree = _parsed(source)
    if tree is None:
        return ()
    edits = _Edits(source)
    found = list(edits.of_body(tree.body, ""))
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "check" and not statement.decorator_list:
            found += edits.of_body(statement.body, "")
    for case in cases:
        found += edits.of_test(tree, case.split("::"))
    return tuple(found)


def node_edits(source: str, node: str) -> tuple[Edit, ...]:
    """Every change to a file that makes a sound control of the test that pytest calls ``node``."""
    tree = _parsed(source)
    if tree is None:
        return ()
    name, bracket, _ = node.partition("[")
    return tuple(_Edits(source).of_test(tree, name.split("::")[1:], rows=not bracket))


def _parsed(source: str) -> ast.Module | None:
    if _VETO.search(source):
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Edits:
    """Finds the changes to one source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines = source.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def of_test(self, tree: ast.Module, path: Sequence[str], *, rows: bool = False) -> Iterator[Edit]:
        """Those of the test function at ``path``, through the classes it is in; with ``rows`` those of what
        `parametrize` gives it, too: all its runs have to pass.
        """
        body: list[ast.stmt] = tree.body
        for name in path:
            kinds = _Function | ast.ClassDef
            found = [each for each in body if isinstance(each, kinds) and each.name == name]
            if len(found) != 1 or any(_last_name(each) not in _KEEPS for each in found[0].decorator_list):
                return
            body = found[0].body
        if isinstance(found[0], _Function):
            arguments = found[0].args.posonlyargs + found[0].args.args
            in_class = len(path) > 1 and arguments
            yield from self.of_body(body, arguments[0].arg if in_class else "")
            if rows:
                yield from self._of_rows(found[0])

    def of_body(self, body: Sequence[ast.stmt], case: str) -> Iterator[Edit]:
        """Those of the statements that are certain to be reached; ``case`` is what they call unittest's case."""
        for statement in body:
            if isinstance(statement, _Function | ast.ClassDef):
                continue
            if isinstance(statement, ast.Assert):
                yield from self._of_assert(statement.test)
            elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                yield from self._of_call(statement.value, case)
            elif isinstance(statement, ast.With):
                yield from self._of_with(statement, case)
            elif isinstance(statement, ast.For) and _is_entered(statement.iter):
                yield from self.of_body(statement.body, case)
            if _leaves(statement):
                return

    def _of_assert(self, test: ast.expr) -> Iterator[Edit]:
        if isinstance(test, ast.Constant):
            return
        yield Edit(ControlKind.COMPLEMENT, self._span(test), f"not ({self._text(test)})")
        match test:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Call(args=[near]) as call]) if _last_name(
                call
            ) == "approx" and _is_narrow(call):
                yield from self._moved(near)
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                yield from self._perturbed(right, left)
            case ast.Compare(
                left=distance, ops=[ast.Lt() | ast.LtE()], comparators=[ast.Constant(value=int() | float() as most)]
            ):
                if most <= _WIDEST["abs"]:
                    yield from self._of_distance(distance)
            case ast.Call(args=[first, second]) if _last_name(test) == "isclose" and _is_narrow(test):
                yield from self._moved(second, first)

    def _of_distance(self, distance: ast.expr) -> Iterator[Edit]:
        """Those of `abs(a - b)`, which is less than something."""
        match distance:
            case ast.Call(func=ast.Name("abs"), args=[ast.BinOp(left=left, op=ast.Sub(), right=right)]):
                yield from self._moved(right, left)

    def _of_rows(self, function: _Function) -> Iterator[Edit]:
        """Those of the expected values that a decorator gives, where an equality is all that uses them."""
        expected = [name for name in _expected_names(function) if _uses(function, name) == 1]
        for decorator in function.decorator_list:
            if _last_name(decorator) == "parametrize":
                for value in _row_values(decorator, expected):
                    yield from self._perturbed(value)

    def _of_call(self, call: ast.Call, case: str) -> Iterator[Edit]:
        match call.func:
            case ast.Attribute(value=ast.Name(owner), attr=name) if owner == case and case:
                yield from self._of_case(call, case, name)
            case ast.Attribute(value=mock, attr=name) if name in _CALLED:
                yield self._complement(call, f"{self._text(mock)}.assert_not_called()")
            case ast.Attribute(value=mock, attr="assert_not_called"):
                yield self._complement(call, f"{self._text(mock)}.assert_called()")
        if call.args and _last_name(call.func) in _RAISES:
            yield self._another_exception(call)

    def _of_case(self, call: ast.Call, case: str, name: str) -> Iterator[Edit]:
        if name in _OPPOSITES:
            yield self._complement(call.func, f"{case}.{_OPPOSITES[name]}")
        if name in _EQUALITIES and len(call.args) >= 2:
            yield from self._perturbed(call.args[1], call.args[0])
        if name == "assertAlmostEqual" and len(call.args) == 2 and _is_narrow(call):
            yield from self._moved(call.args[1], call.args[0])

    def _of_with(self, statement: ast.With, case: str) -> Iterator[Edit]:
        calls = [item.context_expr for item in statement.items]
        unsure = [each for each in calls if _last_name(each) not in _LETS_OUT]
        if not unsure:
            yield from self.of_body(statement.body, case)
            return
        match unsure:
            case [ast.Call(args=[_, *_]) as call] if _last_name(call) in _RAISES:
                yield self._another_exception(call)

    def _complement(self, node: ast.expr, text: str) -> Edit:
        return Edit(ControlKind.COMPLEMENT, self._span(node), text)

    def _another_exception(self, call: ast.Call) -> Edit:
        return Edit(ControlKind.EXCEPTION, self._span(call.args[0]), _PRIVATE)

    def _perturbed(self, *sides: ast.expr) -> list[Edit]:
        """Changes of the first side that is nothing but literals."""
        for side in sides:
            changes = list(_changes(side)) if _is_literal(side) else []
            if changes:
                return [Edit(ControlKind.PERTURBATION, self._span(node), text) for node, text in changes]
        return []

    def _moved(self, *sides: ast.expr) -> list[Edit]:
        """The first side that is a number, farther away than the tolerance of a comparison reaches."""
        for side in sides:
            text = _far(side)
            if text is not None:
                return [Edit(ControlKind.PERTURBATION, self._span(side), text)]
        return []

    def _text(self, node: ast.expr) -> str:
        return self._source[slice(*self._span(node))]

    def _span(self, node: ast.expr) -> Span:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._place(node.lineno, node.col_offset), self._place(node.end_lineno, node.end_col_offset)

    def _place(self, line: int, column_bytes: int) -> int:
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column_bytes].decode())


def _last_name(node: ast.expr) -> str:
    """`c` of `a.b.c`, called or not."""
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _leaves(statement: ast.stmt) -> bool:
    """Whether what stands behind a statement may not be reached though the test passes."""
    return any(
        isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue | ast.Yield)
        or (isinstance(node, ast.Call) and _last_name(node) in _LEAVES)
        for node in ast.walk(statement)
    )


def _is_narrow(call: ast.Call) -> bool:
    """Whether a comparison's tolerance is one that `_far` goes beyond: the usual one, or a small literal."""
    return all(
        keyword.arg in _WIDEST
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, int | float)
        and keyword.value.value <= _WIDEST[keyword.arg]
        for keyword in call.keywords
    )


def _far(node: ast.expr) -> str | None:
    """Another number than a literal one: farther from it than a tenth of either, and than 3."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > _LARGEST:
        return None
    return f"({2 * value + math.copysign(7, value)!r})"


def _expected_names(function: _Function) -> list[str]:
    """Names that an assertion of the function's own body, reached for certain, compares something with."""
    names: list[str] = []
    for statement in function.body:
        match statement:
            case ast.Assert(test=ast.Compare(ops=[ast.Eq()], comparators=[ast.Name(name)])):
                names.append(name)
        if _leaves(statement):
            break
    return names


def _uses(function: _Function, name: str) -> int:
    return sum(isinstance(node, ast.Name) and node.id == name for each in function.body for node in ast.walk(each))


def _row_values(decorator: ast.expr, names: Sequence[str]) -> Iterator[ast.expr]:
    """What the first row of a `parametrize` with a literal list has for those names."""
    match decorator:
        case ast.Call(args=[ast.Constant(value=str() as given), ast.List(elts=[first, *_])], keywords=[]):
            arguments = [name.strip() for name in given.split(",")]
        case ast.Call(args=[ast.Tuple() | ast.List() as given, ast.List(elts=[first, *_])], keywords=[]):
            arguments = [str(each.value) for each in given.elts if isinstance(each, ast.Constant)]
        case _:
            return
    row = first.elts if isinstance(first, ast.Tuple | ast.List) and len(arguments) > 1 else [first]
    if len(row) == len(arguments):
        yield from (value for argument, value in zip(arguments, row, strict=True) if argument in names)


def _is_entered(iterable: ast.expr) -> bool:
    """Whether a loop over it has certainly a first round."""
    match iterable:
        case ast.List(elts=[first, *_]) | ast.Tuple(elts=[first, *_]):
            return not isinstance(first, ast.Starred)
        case ast.Call(func=ast.Name("range"), args=[ast.Constant(value=int() as stop)]):
            return stop > 0
        case _:
            return False


def _is_literal(node: ast.expr) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
            return True
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return all(map(_is_literal, elements))
        case ast.Dict(keys=keys, values=values):
            return len({ast.dump(key) for key in keys if key}) == len(keys) and all(map(_is_literal, values))
        case _:
            return False


def _changes(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """The constants of a literal that decide its value, each with another one; not what is in sets, or a key."""
    match node:
        case ast.Constant(value=value):
            if (text := _other(value)) is not None:
                yield node, text
        case ast.UnaryOp(operand=operand):
            yield from _changes(operand)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            yield from (change for element in elements for change in _changes(element))
        case ast.Dict(values=values):
            yield from (change for value in values for change in _changes(value))


_OTHERS: Final[tuple[tuple[type, Callable[..., object]], ...]] = (
    (bool, lambda value: not value),
    (int, lambda value: value + 7),
    (float, lambda value: value + 7 if math.isfinite(value) and abs(value) <= _LARGEST else 7.5),
    (str, lambda value: f"{value}~7"),
    (bytes, lambda value: value + b"~7"),
)


def _other(value: object) -> str | None:
    return next((repr(change(value)) for kind, change in _OTHERS if isinstance(value, kind)), None)
