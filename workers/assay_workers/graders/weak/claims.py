"""Reads what test code claims, be it by `assert`, by methods of unittest or by functions of NumPy. Pure."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assay_workers.graders.weak.reach import last_name, own_nodes

__all__ = ["Claim", "ends_with_failure", "equation", "read_claims"]

_EQUAL: Final = frozenset(
    {"assertEqual", "assertEquals", "assertListEqual", "assertTupleEqual", "assertDictEqual", "assertSetEqual"}
    | {"assertSequenceEqual", "assertCountEqual", "assertMultiLineEqual", "assertAlmostEqual", "assert_equal"}
    | {"assert_array_equal", "assert_allclose", "assert_almost_equal", "assert_array_almost_equal"}
)
_CLOSE: Final = frozenset({"isclose", "allclose", "array_equal"})
_RAISES: Final = frozenset({"raises", "warns", "deprecated_call"})
_ENDS: Final = frozenset({"exit", "_exit", "abort", "quit"})
_SPOKEN: Final = ("assert", "expect", "should", "verify", "ensure", "check", "fail", "require")
"""What functions that assert are called by."""


@dataclass(frozen=True)
class Claim:
    """One assertion."""

    node: ast.Assert | ast.Call
    condition: ast.expr | None
    """What must be true; None where that cannot be read from it."""

    @property
    def line(self) -> int:
        """Where it stands, from 1."""
        return self.node.lineno


def read_claims(statements: Sequence[ast.AST]) -> Iterator[Claim]:
    """The assertions among statements, without those in functions that they define."""
    for node in own_nodes(statements):
        if isinstance(node, ast.Assert):
            yield Claim(node, node.test)
        elif isinstance(node, ast.Call) and _says_so(last_name(node.func)):
            yield Claim(node, _condition(node))


def _says_so(name: str) -> bool:
    """Whether a function asserts something, by its name."""
    return name in _RAISES or name.lstrip("_").lower().startswith(_SPOKEN)


def ends_with_failure(node: ast.AST) -> bool:
    """Whether it raises, or ends the process."""
    return isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and last_name(node.func) in _ENDS)


def _condition(call: ast.Call) -> ast.expr | None:
    name = last_name(call.func)
    match call.args:
        case [left, right, *_] if name in _EQUAL:
            return ast.Compare(left, [ast.Eq()], [right])
        case [left, right, *_] if name == "assertIs":
            return ast.Compare(left, [ast.Is()], [right])
        case [condition, *_] if name in ("assertTrue", "assert_"):
            return condition
        case [condition, *_] if name == "assertFalse":
            return ast.UnaryOp(ast.Not(), condition)
        case _:
            return None


def equation(condition: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """The two sides, where a condition says that they are equal or as good as equal."""
    match condition:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return _exact(left), _exact(right)
        case ast.Compare(
            left=ast.Call(func=function, args=[ast.BinOp(left=left, op=ast.Sub(), right=right)]),
            ops=[ast.Lt() | ast.LtE()],
        ) if last_name(function) in ("abs", "fabs"):
            return left, right
        case ast.Call(func=function, args=[left, right, *_]) if last_name(function) in _CLOSE:
            return left, right
        case _:
            return None


def _exact(side: ast.expr) -> ast.expr:
    """Without the tolerance that it is wrapped in."""
    match side:
        case ast.Call(func=function, args=[value, *_]) if last_name(function) == "approx":
            return value
        case _:
            return side
