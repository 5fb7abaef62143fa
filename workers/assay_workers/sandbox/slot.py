"""A slot: one sandbox at a time, replaced when it is lost or has served long enough, never repaired.

A submission that is in a sandbox when that is lost runs again in a fresh one, alone as always. If it is lost
there too, again and again, while a harmless program runs well, then the submission is what kills sandboxes,
and that is charged to it. Only where the harmless program fails as well is the service itself unhealthy.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Final, TypeVar

import structlog

from assay.contract import Limits
from assay.errors import ItemError, SandboxLost
from assay_workers.sandbox.port import Call, CellOutcome, Program, Run, Sandbox

__all__ = ["HARMLESS", "HARMLESS_OUTPUT", "NotStarted", "Poison", "Slot"]

_log = structlog.get_logger(__name__)
_ATTEMPTS: Final = 3
_STARVED_REPEATS: Final = 3
HARMLESS: Final = Program("python", b"print(6 * 7)")
HARMLESS_OUTPUT: Final = b"42\n"
"""What tells a sandbox that works from one that does not."""

T = TypeVar("T")


class Poison(Exception):
    """No sandbox survives the submission."""


class NotStarted(SandboxLost):
    """No sandbox could be started: nothing has run, and nothing is said of any submission."""

    default_code = "sandbox_unavailable"


class Slot:
    """Holds a sandbox for one submission at a time."""

    def __init__(self, start: Callable[[], Sandbox], recycle_tests: int, *, fresh: bool = False) -> None:
        """``start`` makes a sandbox, which is replaced after ``recycle_tests`` tests.

        With ``fresh`` every submission has one of its own.
        """
        self._start = start
        self._recycle_tests = recycle_tests
        self._fresh = fresh
        self._sandbox: Sandbox | None = None
        self._tests = 0

    def sandbox(self, tests: int = 1) -> Sandbox:
        """A living sandbox for ``tests`` tests to come.

        Raises:
            SandboxRefused: none can be started here.
            NotStarted: none came up, one after the other.
        """
        if self._sandbox is not None and self._tests + tests > self._recycle_tests and self._tests:
            self.discard()
        if self._sandbox is None:
            self._sandbox = self._started()
            self._tests = 0
        self._tests += tests
        return self._sandbox

    def _started(self) -> Sandbox:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._start()
            except SandboxLost as error:
                _log.warning("sandbox_not_started", code=error.code, error=error.message, attempt=attempt)
                failure = error
        raise NotStarted(failure.message, hint=failure.hint)

    def discard(self) -> None:
        """Ends the sandbox; the next use starts another."""
        if self._sandbox is not None:
            sandbox, self._sandbox = self._sandbox, None
            sandbox.close()

    def attempt(self, work: Callable[[Sandbox], T], tests: int = 1) -> T:
        """Does ``work`` in a sandbox, and again in a fresh one if that is lost.

        Raises:
            Poison: every sandbox was lost over it, though a harmless program runs.
            SandboxLost: sandboxes are lost whatever runs in them.
        """
        try:
            for _ in range(_ATTEMPTS):
                sandbox = self.sandbox(tests)
                try:
                    return work(sandbox)
                except ItemError:  # said of the tests, in good order
                    raise
                except SandboxLost as error:
                    _log.warning("sandbox_lost", code=error.code, error=error.message)
                    self.discard()
                    if isinstance(error, NotStarted):  # another sandbox that the work needs
                        raise
                except BaseException:  # nobody knows in the middle of what
                    self.discard()
                    raise
            self._prove_healthy()
        finally:
            self.end_submission()
        raise Poison

    def outcomes(self, program: Program, tests: Sequence[Run | Call], limits: Limits) -> Generator[CellOutcome]:
        """The outcomes of the tests in order, or the one outcome of a program that does not compile.

        A test during which a sandbox is lost is repeated, and so is one that the wall limit ended on a starved
        machine, a few times per submission.

        Raises:
            Poison: one test was lost every time; those before it have been yielded.
            SandboxLost: sandboxes are lost whatever runs in them.
        """
        try:
            yield from self._outcomes(program, tests, limits)
        finally:
            self.end_submission()

    def _outcomes(self, program: Program, tests: Sequence[Run | Call], limits: Limits) -> Generator[CellOutcome]:
        done = losses = starvations = 0
        while done < len(tests):
            sandbox = self.sandbox(len(tests) - done)
            try:
                for outcome in sandbox.run(program, tests[done:], limits):
                    if outcome.starved and starvations < _STARVED_REPEATS:
                        starvations += 1
                        break
                    yield outcome
                    if outcome.compile_failed:
                        return
                    done += 1
                    losses = 0
            except SandboxLost as error:
                _log.warning("sandbox_lost", code=error.code, error=error.message)
                self.discard()
                losses += 1
                if losses >= _ATTEMPTS:
                    self._prove_healthy()
                    raise Poison from error

    def end_submission(self) -> None:
        """Says that the sandbox has served its submission; where each has one of its own, it ends."""
        if self._fresh:
            self.discard()

    def _prove_healthy(self) -> None:
        """Raises SandboxLost unless a harmless program runs as it should."""
        limits = Limits(cpu_s=10)
        for outcome in self.sandbox().run(HARMLESS, [Run()], limits):
            if outcome.stdout != HARMLESS_OUTPUT:
                raise SandboxLost("not even a harmless program runs in a fresh sandbox")
