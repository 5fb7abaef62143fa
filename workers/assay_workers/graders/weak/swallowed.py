"""Finds assertions whose failure is caught and forgotten. Pure.

A handler that does anything that may tell of the failure (sets a name, calls something, raises, asserts, returns a
value) is taken to tell of it; so is a body that marks its success, and an `else`.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assay_workers.graders.weak.reach import last_name, own_nodes, root

__all__ = ["Swallow", "find_swallows"]

_CATCHES: Final = frozenset({"AssertionError", "BaseException", "Exception"})
_TALKERS: Final = frozenset({"print", "print_exc", "debug", "info", "warning", "error", "exception", "log"})
_LOGGERS: Final = frozenset({"log", "logger", "logging", "traceback", "print", "_logger", "LOGGER"})


@dataclass(frozen=True)
class Swallow:
    """A statement that catches what its body raises, and forgets it."""

    line: int
    body: Sequence[ast.stmt]


def find_swallows(statements: Sequence[ast.stmt]) -> Iterator[Swallow]:
    """The statements that swallow failures, at any depth but not in functions that are defined on the way."""
    excused = set(_of_searching_loops(statements))
    for node in own_nodes(statements):
        if id(node) in excused or not isinstance(node, ast.Try | ast.With | ast.AsyncWith):
            continue
        line = _swallowing_line(node)
        if line is not None and not _marks_success(node.body):
            yield Swallow(line, node.body)


def _swallowing_line(statement: ast.Try | ast.With | ast.AsyncWith) -> int | None:
    """Where it swallows failures; None if it does not."""
    if not isinstance(statement, ast.Try):
        return statement.lineno if any(map(_suppresses, statement.items)) else None
    handler = None if statement.orelse else _first_that_catches(statement.handlers)
    return handler.lineno if handler is not None and all(map(_is_idle, handler.body)) else None


def _of_searching_loops(statements: Sequence[ast.stmt]) -> Iterator[int]:
    """What stands in a loop with an `else`: one success of many may be what is asked for."""
    for node in own_nodes(statements):
        if isinstance(node, ast.For | ast.AsyncFor | ast.While) and node.orelse:
            yield from map(id, own_nodes(node.body))


def _first_that_catches(handlers: Sequence[ast.ExceptHandler]) -> ast.ExceptHandler | None:
    """The handler that an `AssertionError` comes to."""
    for handler in handlers:
        each = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(one is None or last_name(one) in _CATCHES for one in each):
            return handler
    return None


def _suppresses(item: ast.withitem) -> bool:
    call = item.context_expr
    if not isinstance(call, ast.Call) or last_name(call.func) != "suppress":
        return False
    return any(last_name(each) in _CATCHES for each in call.args)


def _is_idle(statement: ast.stmt) -> bool:
    """Whether nobody learns of a failure by it, but readers of a log."""
    match statement:
        case ast.Pass() | ast.Continue() | ast.Break() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Return(value=value):
            return value is None or (isinstance(value, ast.Constant) and value.value is None)
        case ast.Expr(value=ast.Call(func=function)):
            return root(function) in _LOGGERS and last_name(function) in _TALKERS
        case _:
            return False


def _marks_success(body: Sequence[ast.stmt]) -> bool:
    """Whether the body leaves a trace of having come to its end."""
    for node in own_nodes(body):
        if isinstance(node, ast.Return | ast.Break | ast.Continue | ast.AugAssign):
            return True
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            return True
    return False
