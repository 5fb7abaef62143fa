"""Turns an assertion into a call and an expected value, where its syntax allows. Pure.

What splits is graded by value, outside every sandbox: `assert f(1, [2]) == 3`, the same the other way round,
`is None`, `is True`, `assert f(x)` and `assert not f(x)`, with literals for arguments and expected value.
Everything else is examined in a sandbox (see `assay_workers.graders.examination`).
"""

import ast
import builtins
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["Relation", "SplitAssertion", "split_assertion"]


class Relation(StrEnum):
    """How the value must stand to the expected one."""

    EQUAL = "equal"
    """`==`"""
    IDENTICAL = "identical"
    """`is`, with None, True or False"""
    TRUE = "true"
    """It is true in a condition."""
    FALSE = "false"
    """It is false in a condition."""


@dataclass(frozen=True)
class SplitAssertion:
    """An assertion about the value of one call."""

    entry_point: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    relation: Relation
    expected: object = None


class _NoLiteralError(Exception):
    """The expression is not a literal."""


def split_assertion(text: str, known: frozenset[str] = frozenset()) -> SplitAssertion | None:
    """The call and the expected value of one assertion, or None if it does not split.

    ``known`` are names that the tests define themselves; a call of one of them is not the candidate's.
    """
    try:
        body = ast.parse(text.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if len(body) != 1 or not isinstance(body[0], ast.Assert):
        return None
    try:
        split = _split(body[0].test)
    except _NoLiteralError:
        return None
    return None if split is None or split.entry_point.partition(".")[0] in known else split


def _split(test: ast.expr) -> SplitAssertion | None:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call() as call):
            return _asserted(call, Relation.FALSE)
        case ast.Call() as call:
            return _asserted(call, Relation.TRUE)
        case ast.Compare(left=ast.Call() as call, ops=[ast.Eq()], comparators=[expected]):
            return _asserted(call, Relation.EQUAL, _literal(expected))
        case ast.Compare(left=expected, ops=[ast.Eq()], comparators=[ast.Call() as call]):
            return _asserted(call, Relation.EQUAL, _literal(expected))
        case ast.Compare(
            left=ast.Call() as call,
            ops=[ast.Is()],
            comparators=[ast.Constant(value=None | True | False) as expected],
        ):
            return _asserted(call, Relation.IDENTICAL, expected.value)
        case _:
            return None


def _asserted(call: ast.Call, relation: Relation, expected: object = None) -> SplitAssertion:
    name = _entry_point(call.func)
    if any(keyword.arg is None for keyword in call.keywords):
        raise _NoLiteralError
    args = tuple(_literal(argument) for argument in call.args)
    kwargs = {str(keyword.arg): _literal(keyword.value) for keyword in call.keywords}
    return SplitAssertion(name, args, kwargs, relation, expected)


def _entry_point(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) if not hasattr(builtins, name):
            return name
        case ast.Attribute(value=ast.Call(func=ast.Name(id=owner), args=[], keywords=[]), attr=name):
            return f"{owner}.{name}"
        case _:
            raise _NoLiteralError


def _literal(expression: ast.expr) -> Any:
    try:
        return ast.literal_eval(expression)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise _NoLiteralError from error
