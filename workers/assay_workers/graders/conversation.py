"""The conversation between an examiner and a candidate, with the judge between them."""

import contextlib
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from assay.contract import Flag, Limits, Verdict
from assay.errors import ItemError
from assay_agent.calls import LOADED
from assay_agent.examiner import BROKEN, CALL, FAILED, HANDLE, PASSED, RAISED
from assay_agent.values import NotAValue, decode
from assay_workers.checkers.non_finite import has_non_finite
from assay_workers.graders.results import JudgedTest, judged
from assay_workers.sandbox.outcome import classify
from assay_workers.sandbox.port import CellOutcome, Ended, Killed, Session

__all__ = ["Conversation"]

_MAX_CALLS: Final = 1_000_000
"""More than a wall limit has room for; how many there are is as much the candidate's doing as the test's."""
_VERDICTS: Final = {PASSED: Verdict.ACCEPTED, FAILED: Verdict.WRONG_ANSWER, RAISED: Verdict.RUNTIME_ERROR}
_ANSWERS: Final = (b"V", b"E", b"U")
_MAYBE_NON_FINITE: Final = re.compile(rb"[fc](?:.{8})?[\x7f\xff][\xf0-\xff]|D\0\0", re.DOTALL)
"""The beginning of a NaN or an infinity, in a float or either half of a complex number; or any decimal number."""
_REMEDY: Final = (
    "pass the program plain values; or set 'allow_in_process', and import unittest.mock in the tests, to have them "
    "run in the program's own process"
)
_WAITED_SHARE: Final = 0.2
"""From this share of the wall limit spent waiting for the test code, the limit says little of the candidate."""
_UNFINISHED: Final = "the test code ended before the test did"


class Conversation:
    """One examination, from loading the program to the verdict."""

    def __init__(self, candidate: Session, open_examiner: Callable[[], Session], limits: Limits) -> None:
        """``open_examiner`` is called once the program is loaded; ``limits`` are the candidate's."""
        self._candidate = candidate
        self._open_examiner = open_examiner
        self._limits = limits
        self._calls = 0
        self._waited_s = 0.0
        self._waits_since = 0.0
        self._handles = False
        self._flags: set[Flag] = set()

    def judge(self) -> JudgedTest:
        """Holds the conversation.

        Raises:
            ItemError: the test code is broken, or cannot be kept apart from the candidate.
            SandboxLost: one of the sandboxes died or stopped answering.
        """
        loaded = self._candidate.receive()
        if isinstance(loaded, Ended):
            return replace(self._died(loaded.outcome), loaded=False)
        if loaded[:1] != LOADED:
            failed = judged(Verdict.RUNTIME_ERROR, self._candidate.close(), _reason(loaded))
            return replace(failed, loaded=False)
        self._waits_since = time.monotonic()
        examiner = self._open_examiner()
        try:
            verdict, message = self._converse(examiner)
        except ItemError:
            self._candidate.close()
            raise
        finally:
            examiner.close()
        outcome = self._fairly(self._candidate.close())
        return replace(self._verdict(verdict, outcome, message), handles=self._handles)

    def _verdict(self, verdict: Verdict | None, outcome: CellOutcome, message: str | None) -> JudgedTest:
        if outcome.cpu_s > self._limits.cpu_s:  # cells are ended a little later than that, see `sandbox.doubt`
            return judged(Verdict.TIME_LIMIT, outcome)
        return judged(verdict or self._verdict_of(outcome), outcome, message, self._flags)

    def _converse(self, examiner: Session) -> tuple[Verdict | None, str | None]:
        """Passes calls and answers on; returns the verdict, or None if the candidate ended."""
        while True:
            message = examiner.receive()
            if isinstance(message, Ended):
                return self._examiner_ended(message.outcome)
            kind, content = message[:1], message[1:]
            if kind == CALL:
                if self._calls == _MAX_CALLS:
                    return Verdict.WRONG_ANSWER, f"the test and the program took more than {_MAX_CALLS} steps"
                answer = self._call(content)
                if answer is None:
                    return None, None
                examiner.send(answer)
            elif kind == HANDLE:
                self._handles = True
            elif kind == BROKEN and self._calls == 0:
                raise ItemError(_reason(message) or "", code="tests_not_isolable", hint=_REMEDY)
            else:
                return _VERDICTS.get(kind, Verdict.WRONG_ANSWER), _reason(message)

    def _call(self, request: bytes) -> bytes | None:
        """The candidate's answer; None if it ended instead."""
        self._calls += 1
        self._waited_s += time.monotonic() - self._waits_since
        self._candidate.send(request)
        answer = self._candidate.receive()
        self._waits_since = time.monotonic()
        if isinstance(answer, Ended):
            return None
        self._look_at(answer)
        return answer

    def _look_at(self, answer: bytes) -> None:
        """Flags what is worth a look in an answer; the examiner judges it."""
        if answer[:1] not in _ANSWERS:
            self._flags.add(Flag.CHANNEL_TAMPERING)
        elif _MAYBE_NON_FINITE.search(answer):
            with contextlib.suppress(NotAValue):
                if has_non_finite(decode(answer[1:], lambda _, plain: plain)):
                    self._flags.add(Flag.NON_FINITE_RETURN)

    def _examiner_ended(self, outcome: CellOutcome) -> tuple[Verdict, str]:
        """Test code that ended without a word: its own fault before the first answer, the answers' after that."""
        if self._calls == 0:
            raise ItemError(f"{_UNFINISHED}: {outcome.stderr[-500:]!r}", code="invalid_tests")
        return Verdict.WRONG_ANSWER, _UNFINISHED

    def _fairly(self, outcome: CellOutcome) -> CellOutcome:
        """A candidate whose wall limit passed while it waited for our side has starved: it is to be doubted."""
        if outcome.killed is Killed.WALL and self._waited_s > _WAITED_SHARE * self._limits.wall_limit_s:
            return replace(outcome, starved=True)
        return outcome

    def _died(self, outcome: CellOutcome) -> JudgedTest:
        return judged(self._verdict_of(outcome), outcome)

    def _verdict_of(self, outcome: CellOutcome) -> Verdict:
        """A candidate that ended within a conversation has failed, even with status 0."""
        return classify(outcome, self._limits) or Verdict.RUNTIME_ERROR


def _reason(message: bytes) -> str | None:
    """The text in a message of a cell: a reason, or an exception's type and text."""
    try:
        content = decode(message[1:])
    except NotAValue:
        return None
    if isinstance(content, tuple) and len(content) >= 2:
        return f"{content[0]}: {content[1]}"[:500]
    return content[:500] or None if isinstance(content, str) else None
