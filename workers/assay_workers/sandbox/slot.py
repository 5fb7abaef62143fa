"""A slot: one sandbox at a time, replaced when it is lost or has served long enough, never repaired.

A submission that is in a sandbox when that is lost runs again in a fresh one, alone as always. If it is lost
there too, again and again, while a harmless program runs well, then the submission is what kills sandboxes,
and that is charged to it. Only where the harmless program fails as well is the service itself unhealthy.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeVar

import structlog

from assay.contract import Flag, Limits
from assay.errors import ItemError, SandboxLost
from assay_workers.sandbox.abandonment import Abandoned, undisturbed
from assay_workers.sandbox.doubt import is_doubtful, with_grace
from assay_workers.sandbox.machine import Machine
from assay_workers.sandbox.port import CellOutcome, CellTest, Program, Run, Sandbox

__all__ = ["HARMLESS", "HARMLESS_OUTPUT", "NotStarted", "Poison", "Slot"]

_log = structlog.get_logger(__name__)
_ATTEMPTS: Final = 3
_STARVED_REPEATS: Final = 3
_LONGEST_ALONE_S: Final = 30.0
"""Tests with a higher CPU limit do not have the machine to themselves: everybody would wait for them."""
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

    def __init__(
        self,
        start: Callable[[], Sandbox],
        recycle_tests: int,
        *,
        fresh: bool = False,
        machine: Machine | None = None,
    ) -> None:
        """``start`` makes a sandbox, which is replaced after ``recycle_tests`` tests.

        With ``fresh`` every submission has one of its own. Other workers run tests on the same ``machine``.
        """
        self._machine = machine or Machine()
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
                with undisturbed():  # half a sandbox would be nobody's to end
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

    def attempt(self, work: Callable[[Sandbox], T], tests: int = 1, *, alone: bool = False) -> T:
        """Does ``work`` in a sandbox, and again in a fresh one if that is lost; with ``alone`` beside no other's.

        Raises:
            Poison: every sandbox was lost over it, though a harmless program runs.
            SandboxLost: sandboxes are lost whatever runs in them.
        """
        try:
            for _ in range(_ATTEMPTS):
                sandbox = self.sandbox(tests)
                try:
                    with self._machine.alone() if alone else self._machine.shared():
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

    def outcomes(self, program: Program, tests: Sequence[CellTest], limits: Limits) -> Generator[CellOutcome]:
        """The outcomes of the tests in order, or the one outcome of a program that does not compile.

        A test during which a sandbox is lost is repeated. So is one whose outcome is in doubt, alone: one that
        was a little over its CPU limit once, one that the wall limit ended on a starved machine a few times per
        submission.

        Raises:
            Poison: one test was lost every time; those before it have been yielded.
            SandboxLost: sandboxes are lost whatever runs in them.
        """
        try:
            yield from self._outcomes(program, tests, limits)
        finally:
            self.end_submission()

    def _outcomes(self, program: Program, tests: Sequence[CellTest], limits: Limits) -> Generator[CellOutcome]:
        done = losses = starvations = 0
        alone = False
        while done < len(tests):
            sandbox = self.sandbox(len(tests) - done)
            due = tests[done : done + 1] if alone else tests[done:]
            try:
                for outcome in self._one_by_one(sandbox.run(program, due, with_grace(limits)), limits, alone=alone):
                    starvations += outcome.starved
                    if is_doubtful(outcome, limits) and (not alone or _may_starve_again(outcome, starvations)):
                        alone = True
                        break
                    yield replace(outcome, flags=outcome.flags | {Flag.JUDGED_ALONE}) if alone else outcome
                    if outcome.compile_failed:
                        return
                    alone = False
                    done += 1
                    losses = 0
            except Abandoned:
                self.discard()
                raise
            except SandboxLost as error:
                _log.warning("sandbox_lost", code=error.code, error=error.message)
                self.discard()
                losses += 1
                if losses >= _ATTEMPTS:
                    self._prove_healthy()
                    raise Poison from error

    def _one_by_one(
        self, outcomes: Iterator[CellOutcome], limits: Limits, *, alone: bool
    ) -> Generator[CellOutcome]:
        """The outcomes, each from a test that runs beside others' or ``alone``."""
        to_itself = alone and limits.cpu_s <= _LONGEST_ALONE_S
        while True:
            with self._machine.alone() if to_itself else self._machine.shared():
                outcome = next(outcomes, None)
            if outcome is None:
                return
            yield outcome

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


def _may_starve_again(outcome: CellOutcome, starvations: int) -> bool:
    return outcome.starved and starvations <= _STARVED_REPEATS
