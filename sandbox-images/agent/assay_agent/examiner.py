"""Runs test code in a cell of its own, away from the candidate: the tests' end of an examination.

The test code holds the expected values; the names of the candidate are bound to stubs whose calls travel, as
plain values, to the judge and from there to the candidate's own sandbox. A candidate that dies is never an
exception here: the judge simply ends this cell. The test passes when its end is reached and every assertion
that stands on the straight path was executed: a loop over nothing proves nothing.
"""

import builtins
import os
import sys
from collections.abc import Callable
from typing import Any, Final, NoReturn

from assay_agent.calls import read_message
from assay_agent.handles import Handle, Handles, Remote
from assay_agent.layout import CELL_WORK
from assay_agent.live import Live, handle_of, make_live
from assay_agent.marks import CHECK, MARK, mark_script
from assay_agent.program import answer_frame
from assay_agent.protocol import write_all
from assay_agent.values import NotAValue, Reference, decode, encode

__all__ = [
    "BROKEN",
    "CALL",
    "FAILED",
    "HANDLE",
    "PASSED",
    "RAISED",
    "Candidate",
    "CandidateError",
    "Stub",
    "Unproxyable",
    "built_in",
    "examine",
]

CALL: Final = b"C"
"""The test calls the candidate: content is `(name, args, kwargs)`."""
PASSED: Final = b"P"
"""The test passed."""
FAILED: Final = b"F"
"""The test failed: content is the reason."""
HANDLE: Final = b"H"
"""An object of the candidate's has crossed as a handle; the first one of a test is told."""
RAISED: Final = b"R"
"""The candidate raised, and the test did not expect it: content is the exception."""
BROKEN: Final = b"X"
"""The test itself is at fault, or cannot be kept apart from the candidate: content is the reason."""

_REFERRED: Final = (Reference, type(None))
_TESTS: Final = f"{CELL_WORK}/tests.py"
_STOP: Final = "StopIteration"
_NEXT: Final = "!next"
_PLAIN: Final = "!plain"
_MAX_REASON_CHARS: Final = 500


class CandidateError(Exception):
    """An exception of the candidate's that is no built-in one; what attributes it has is asked of the candidate."""

    assay_text: str | None = None
    assay_attribute: Callable[[str], Any] | None = None

    def __str__(self) -> str:
        return super().__str__() if self.assay_text is None else self.assay_text

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("__", "assay_")) or self.assay_attribute is None:
            raise AttributeError(name)
        return self.assay_attribute(name)


class Unproxyable(BaseException):
    """The test passes the candidate what is no plain value."""


class Candidate:
    """The candidate's program, from the test's side of the judge."""

    def __init__(self, channel: int, *, handles: bool) -> None:
        """With ``handles`` objects may cross that are no plain values."""
        self._channel = channel
        self._handles = Handles(self.ask, self.fail, self._tell_of_handles) if handles else None
        self.exceptions: dict[str, type[Exception]] = {}
        """Exception classes of the candidate's that the test names, to be caught by their names."""
        self.stops = False
        """Whether the test knows of StopIteration: out of any other call it would end a `map` or `filter` early."""

    def ask(self, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> Any:
        """What a call of the candidate's gives; see `assay_agent.calls` for the names."""
        try:
            request = encode((name, args, kwargs), self._refer, self._also)
        except NotAValue as error:
            raise Unproxyable(f"a call of {name} passes what is no plain value: {error}") from None
        if self._handles is not None and name != _PLAIN:
            self._handles.asked += 1
        try:
            write_all(self._channel, answer_frame(CALL, request))
            message = read_message(self._channel)
        except (EOFError, OSError):
            os._exit(1)  # the judge has hung up: the test must not catch that
        try:
            return self._outcome(message[:1], message[1:], args)
        except StopIteration as error:
            if name == _NEXT or self.stops:
                raise
            raise _marked(RuntimeError(f"StopIteration: {error}")) from None

    def fail(self, reason: str) -> NoReturn:
        """Ends the test as failed; nothing in the test can catch that."""
        write_all(self._channel, answer_frame(FAILED, encode(reason[:_MAX_REASON_CHARS])))
        os._exit(0)

    def _outcome(self, kind: bytes, content: bytes, args: tuple[object, ...]) -> object:
        try:
            answer: Any = decode(content, _as_told if kind == b"E" else self._resolve)
        except NotAValue as error:
            self.fail(f"the candidate sent what is no plain value: {error}")
        if kind == b"E" and _is_exception(answer):
            raise _marked(self._exception(*answer))
        if kind == b"U":
            self.fail(f"the candidate returned what is no plain value: {answer}")
        if kind != b"V" or not _is_pair(answer):
            self.fail("the candidate sent what is no answer")
        value, after = answer
        if value is None and type(after) is tuple:
            for mine, changed in zip(args, after, strict=False):
                _update(mine, changed)
        return value

    def _resolve(self, reference: Reference, plain: object) -> object:
        if plain is not None:
            return plain if self._handles is None else make_live(self._handles, reference, plain)
        if self._handles is None:
            raise NotAValue(f"{reference.kind} is not a plain value")
        return self._handles.resolve(reference)

    def _refer(self, target: object) -> Reference:
        if isinstance(target, Handle):
            return object.__getattribute__(target, "_assay_reference")  # type: ignore[no-any-return]
        if isinstance(target, Stub):
            return self._refer(target.itself())
        raise NotAValue(f"{type(target).__name__} is not a plain value")

    def _also(self, target: object) -> Reference | None:
        return self._refer(handle_of(target)) if isinstance(target, Live) else None

    def _tell_of_handles(self) -> None:
        write_all(self._channel, answer_frame(HANDLE, b""))

    def _exception(
        self, name: str, text: str, bases: list[str], args: tuple[object, ...], itself: Reference | None
    ) -> Exception:
        """The exception as the test may catch it: by a class it names, or the nearest built-in one."""
        named = [self.exceptions[each] for each in (name, *bases) if each in self.exceptions]
        nearest = next(filter(None, map(built_in, (name, *bases))), None)
        if not named and nearest is not None and nearest.__name__ == name:
            return _made(nearest, name, text, args)
        kinds = [*named[:1], CandidateError, *([nearest] if nearest not in (None, Exception) else ())]
        try:
            kind = type(name, tuple(dict.fromkeys(kinds)) if not named else tuple(kinds[:1] + kinds[2:]), {})
        except (TypeError, ValueError):  # classes that cannot be one, and no name of a class
            kind = kinds[0]
        error = _made(kind, name, text, args)
        handles = self._handles
        if isinstance(error, CandidateError):
            error.assay_text = text
            if handles is not None and itself is not None:
                error.assay_attribute = lambda wanted: getattr(handles.resolve(itself), wanted)
        return error


class Stub:
    """What a name of the candidate's is to the test: a function or class to call, or to ask for more."""

    def __init__(self, name: str, candidate: Candidate, *, handles: bool) -> None:
        self.__name__ = name
        self._candidate = candidate
        self._has_handles = handles

    def __call__(self, *args: object, **kwargs: object) -> object:
        """What the call gives."""
        return self._candidate.ask(self.__name__, args, kwargs)

    def itself(self) -> Any:
        """A handle of what the name is."""
        return self._candidate.ask("!name", (self.__name__,), {})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not self._has_handles:
            raise AttributeError(f"{self.__name__} is the candidate's; {name} of it cannot be had")
        return getattr(self.itself(), name)

    def __getitem__(self, key: object) -> Any:
        return self.itself()[key]

    def __iter__(self) -> Any:
        return iter(self.itself())

    def __len__(self) -> int:
        return len(self.itself())

    def __contains__(self, element: object) -> bool:
        return element in self.itself()

    def __bool__(self) -> bool:
        """A name that is there is a function or a class; its length is no business of this."""
        return True

    def __instancecheck__(self, other: object) -> bool:
        return isinstance(other, Remote) and isinstance(other, self.itself())

    def __subclasscheck__(self, other: object) -> bool:
        kind: Any = other.itself() if isinstance(other, Stub) else other
        return isinstance(kind, Handle) and issubclass(kind, self.itself())  # type: ignore[arg-type]


def _is_pair(answer: object) -> bool:
    return type(answer) is tuple and len(answer) == 2


def _as_told(reference: Reference, plain: object) -> object:
    """What comes with an exception: most tests want to know no more of it."""
    return reference if plain is None else plain


def _is_exception(answer: object) -> bool:
    if type(answer) is not tuple or [type(each) for each in answer[:4]] != [str, str, list, tuple]:
        return False
    itself = answer[4:]
    return all(type(each) is str for each in answer[2]) and len(itself) == 1 and type(itself[0]) in _REFERRED


def _marked(error: Exception) -> Exception:
    """The exception, recognisable as the candidate's."""
    error.assay_candidate = True  # type: ignore[attr-defined]
    return error


def built_in(name: str) -> type[Exception] | None:
    """The built-in exception of that name."""
    kind = getattr(builtins, name, None)
    return kind if isinstance(kind, type) and issubclass(kind, Exception) else None


def _made(kind: type[Exception], name: str, text: str, args: tuple[object, ...]) -> Exception:
    """An exception of that kind, with the arguments if these give the same text as they did there."""
    for given in (args, (text,)):
        try:
            error = kind(*given)
            if given is not args or isinstance(error, CandidateError) or str(error)[: len(text)] == text:
                return error
        except (TypeError, ValueError):  # UnicodeDecodeError and its like need more than a text
            continue
    return CandidateError(f"{name}: {text}")


def _update(mine: object, changed: object) -> None:
    """Gives a mutable argument of the test the content it has after the call."""
    if mine is changed:
        return
    if isinstance(mine, list) and isinstance(changed, list):
        mine[:] = changed
    elif isinstance(mine, (dict, set)) and type(mine) is type(changed):
        mine.clear()
        mine.update(changed)


def _namespace(script: dict[str, Any], channel: int) -> dict[str, Any]:
    """What the test code sees: the prompt's helpers, then its own setup, then stubs for the candidate's names."""
    namespace: dict[str, Any] = {"__name__": "tests", "__builtins__": builtins}
    exec(compile(script["prompt"], "<prompt>", "exec"), namespace)  # noqa: S102 - trusted test code
    handles = script["handles"]
    candidate = Candidate(channel, handles=handles)
    candidate.stops = _STOP in script["source"]
    for name in script["candidate_names"]:
        namespace[name.partition(".")[0]] = Stub(name, candidate, handles=handles)
    if script["entry_point"]:
        namespace["candidate"] = Stub(script["entry_point"], candidate, handles=handles)
    for name in script["exception_names"]:
        namespace[name] = candidate.exceptions[name] = type(name, (CandidateError,), {})
    return namespace


def _run(script: dict[str, Any], channel: int) -> str:
    """Runs the test; returns why it failed, or nothing."""
    marked = mark_script(script["source"])
    passed: set[int] = set()
    namespace = _namespace(script, channel)
    namespace[MARK] = passed.add
    import random  # here, since a nursery that had imported it would reseed it in every cell

    random.seed(0)
    exec(compile(marked.tree, _TESTS, "exec"), namespace)  # noqa: S102 - trusted test code
    if script["entry_point"] and marked.wants_check:
        namespace[CHECK](namespace["candidate"])
    if "case_tests" in script:
        sys.modules[script["cases_runner"]].run_cases(script["case_tests"], namespace)
    missed = marked.required - passed
    return f"{len(missed)} of {len(marked.required)} assertions were never reached" if missed else ""


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
    except BaseException as error:  # noqa: BLE001 - whatever the test raises, it did not pass
        if hasattr(error, "assay_candidate"):
            return RAISED, f"{type(error).__name__}: {error}"[:_MAX_REASON_CHARS]
        if isinstance(error, (Unproxyable, SyntaxError)):
            return BROKEN, f"{error}"[:_MAX_REASON_CHARS]
        return FAILED, f"the test raised {type(error).__name__}{_place(error)}"
    return (FAILED, reason) if reason else (PASSED, "")


def _run_suite(script: dict[str, Any], channel: int) -> tuple[bytes, str]:
    runner = sys.modules.get(script["runner"])  # imported while our files could be read; see `assay_agent.cell`
    if runner is None:
        return BROKEN, "the examiners' sandboxes have no pytest"
    verdict: tuple[bytes, str] = runner.run_test(script, channel)
    return verdict


def examine(script: dict[str, Any], channel: int) -> NoReturn:
    """Runs the test code of ``script`` and reports on the channel.

    ``script`` has the texts `source` and `prompt`, the lists `candidate_names` of names to bind to stubs and
    `exception_names` of those among them that the test catches, `entry_point`, the name behind `candidate`, or an
    empty text, and `handles`, whether objects may cross; where it defines cases of unittest, their tests as
    `case_tests` and `cases_runner`, the module that runs them. With a `runner` it is a test of a pytest suite
    instead; see `assay_agent.pytest_run`.
    """
    kind, reason = (_run_suite if "runner" in script else _verdict)(script, channel)
    write_all(channel, answer_frame(kind, encode(reason)))
    os._exit(0)
