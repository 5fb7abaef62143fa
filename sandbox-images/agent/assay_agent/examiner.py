"""Runs test code in a cell of its own, away from the candidate: the tests' end of an examination.

The test code holds the expected values; the names of the candidate are bound to stubs whose calls travel, as
plain values, to the judge and from there to the candidate's own sandbox. A candidate that dies is never an
exception here: the judge simply ends this cell. The test passes when its end is reached and every assertion
that stands on the straight path was executed: a loop over nothing proves nothing.
"""

import ast
import builtins
import os
from typing import Any, Final, NoReturn

from assay_agent.calls import read_message
from assay_agent.layout import CELL_WORK
from assay_agent.program import answer_frame
from assay_agent.protocol import write_all
from assay_agent.values import NotAValue, decode, encode

__all__ = ["BROKEN", "CALL", "FAILED", "PASSED", "RAISED", "CandidateError", "examine"]

CALL: Final = b"C"
"""The test calls the candidate: content is `(name, args, kwargs)`."""
PASSED: Final = b"P"
"""The test passed."""
FAILED: Final = b"F"
"""The test failed: content is the reason."""
RAISED: Final = b"R"
"""The candidate raised, and the test did not expect it: content is the exception."""
BROKEN: Final = b"X"
"""The test itself is at fault, or cannot be kept apart from the candidate: content is the reason."""

_MARK: Final = "__assay_passed__"
_CHECK: Final = "check"
_TESTS: Final = f"{CELL_WORK}/tests.py"
_MAX_REASON_CHARS: Final = 500


class CandidateError(Exception):
    """An exception of the candidate's that is no built-in one."""


class _NotPlain(BaseException):
    """The candidate returned what is no plain value; not an Exception, so that no test can swallow it."""


class _Unproxyable(BaseException):
    """The test passes the candidate what is no plain value."""


class _Stub:
    """A function of the candidate's, as the test sees it."""

    def __init__(self, name: str, channel: int) -> None:
        self.__name__ = name
        self._channel = channel

    def __call__(self, *args: object, **kwargs: object) -> object:
        try:
            request = encode((self.__name__, args, kwargs))
        except NotAValue as error:
            raise _Unproxyable(f"a call of {self.__name__} passes what is no plain value: {error}") from None
        try:
            write_all(self._channel, answer_frame(CALL, request))
            message = read_message(self._channel)
        except (EOFError, OSError):
            os._exit(1)  # the judge has hung up: the test must not catch that
        return _outcome(message[:1], message[1:], args)


def _outcome(kind: bytes, content: bytes, args: tuple[object, ...]) -> object:
    try:
        answer: Any = decode(content)
    except NotAValue:
        raise _NotPlain("the candidate sent what is no value") from None
    if kind == b"E":
        raise _marked(_exception(*answer))
    if kind == b"U":
        raise _NotPlain(f"the candidate returned what is no plain value: {answer}")
    value, after = answer
    if value is None and after is not None:
        for mine, changed in zip(args, after, strict=True):
            _update(mine, changed)
    return value


def _marked(error: Exception) -> Exception:
    """The exception, recognisable as the candidate's."""
    error.assay_candidate = True  # type: ignore[attr-defined]
    return error


def _exception(name: str, text: str) -> Exception:
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        try:
            return kind(text)
        except TypeError:  # UnicodeDecodeError and its like need more than a text
            return CandidateError(f"{name}: {text}")
    return CandidateError(f"{name}: {text}")


def _update(mine: object, changed: object) -> None:
    """Gives a mutable argument of the test the content it has after the call."""
    if isinstance(mine, list) and isinstance(changed, list):
        mine[:] = changed
    elif isinstance(mine, (dict, set)) and type(mine) is type(changed):
        mine.clear()
        mine.update(changed)


class _Marker(ast.NodeTransformer):
    """Puts a mark behind every assertion."""

    def __init__(self) -> None:
        self.count = 0

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        mark = ast.Expr(ast.Call(ast.Name(_MARK, ast.Load()), [ast.Constant(self.count)], []))
        node.assay_number = self.count  # type: ignore[attr-defined]
        self.count += 1
        return [node, ast.copy_location(mark, node)]


def _on_straight_path(body: list[ast.stmt], in_check: bool) -> set[int]:
    """Numbers of the assertions that every passing run executes."""
    numbers: set[int] = set()
    for statement in body:
        if isinstance(statement, ast.Assert):
            numbers.add(statement.assay_number)  # type: ignore[attr-defined]
        elif isinstance(statement, (ast.For, ast.With)):
            numbers |= _on_straight_path(statement.body, in_check)
        elif isinstance(statement, ast.FunctionDef) and statement.name == _CHECK and not in_check:
            numbers |= _on_straight_path(statement.body, in_check=True)
    return numbers


def _defines_check(tree: ast.Module) -> bool:
    return any(isinstance(statement, ast.FunctionDef) and statement.name == _CHECK for statement in tree.body)


def _calls_check_itself(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == _CHECK
        for statement in tree.body
        if not isinstance(statement, (ast.FunctionDef, ast.ClassDef))
        for node in ast.walk(statement)
    )


def _namespace(script: dict[str, Any], channel: int) -> dict[str, Any]:
    """What the test code sees: the prompt's helpers, then its own setup, then stubs for the candidate's names."""
    namespace: dict[str, Any] = {"__name__": "tests", "__builtins__": builtins}
    exec(compile(script["prompt"], "<prompt>", "exec"), namespace)  # noqa: S102 - trusted test code
    for name in script["candidate_names"]:
        namespace[name.partition(".")[0]] = _Stub(name, channel)
    if script["entry_point"]:
        namespace["candidate"] = _Stub(script["entry_point"], channel)
    return namespace


def _run(script: dict[str, Any], channel: int) -> str:
    """Runs the test; returns why it failed, or nothing."""
    tree = ast.parse(script["source"])
    marker = _Marker()
    marker.visit(tree)
    ast.fix_missing_locations(tree)
    required = _on_straight_path(tree.body, in_check=False)
    passed: set[int] = set()
    namespace = _namespace(script, channel)
    namespace[_MARK] = passed.add
    import random  # here, since a nursery that had imported it would reseed it in every cell

    random.seed(0)
    exec(compile(tree, _TESTS, "exec"), namespace)  # noqa: S102 - trusted test code
    if script["entry_point"] and _defines_check(tree) and not _calls_check_itself(tree):
        namespace[_CHECK](namespace["candidate"])
    missed = required - passed
    return f"{len(missed)} of {len(required)} assertions were never reached" if missed else ""


def _place(error: BaseException) -> str:
    """Where in the test an exception arose. Its text may hold an expected value, and stays here."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _TESTS:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f" in line {line} of the test" if line else ""


def _verdict(script: dict[str, Any], channel: int) -> tuple[bytes, str]:
    try:
        reason = _run(script, channel)
    except AssertionError as error:
        if hasattr(error, "assay_candidate"):
            return RAISED, f"AssertionError: {error}"[:_MAX_REASON_CHARS]
        return FAILED, f"an assertion failed{_place(error)}"
    except _NotPlain as error:
        return FAILED, str(error)
    except (_Unproxyable, SyntaxError) as error:
        return BROKEN, f"{error}"[:_MAX_REASON_CHARS]
    except BaseException as error:  # noqa: BLE001 - whatever the test raises, it did not pass
        if hasattr(error, "assay_candidate"):
            return RAISED, f"{type(error).__name__}: {error}"[:_MAX_REASON_CHARS]
        return FAILED, f"the test raised {type(error).__name__}{_place(error)}"
    return (FAILED, reason) if reason else (PASSED, "")


def examine(script: dict[str, Any], channel: int) -> NoReturn:
    """Runs the test code of ``script`` and reports on the channel.

    ``script`` has the texts `source` and `prompt`, the list `candidate_names` of names to bind to stubs, and
    `entry_point`, the name behind `candidate`, or an empty text.
    """
    kind, reason = _verdict(script, channel)
    write_all(channel, answer_frame(kind, encode(reason)))
    os._exit(0)
