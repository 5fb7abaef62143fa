"""Examines a candidate with test code that runs in another sandbox.

Two cells talk through the judge: the examiner's runs the test code and knows the expected values, the
candidate's answers calls. Only plain values cross. A candidate that dies ends the examination there and then,
so that no test can mistake its death for an exception. The examiner's word is taken only for what the test
code says of the values it got.
"""

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol, Self

from assay.contract import Flag, Limits
from assay.errors import SandboxLost
from assay_workers.graders.cells import hold_until_sure
from assay_workers.graders.conversation import Conversation
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedTest, lost_to_submission
from assay_workers.sandbox.doubt import with_grace
from assay_workers.sandbox.port import Program, Sandbox
from assay_workers.sandbox.slot import Poison, Slot

__all__ = ["Examination", "Examined", "Script"]

_CASES_RUNNER: Final = "assay_agent.test_cases"
_EXAMINER_LIMITS: Final = Limits(cpu_s=30, memory_mb=1024)


class Examined(Protocol):
    """Test code for an examiner."""

    def encoded(self) -> bytes:
        """The script as the examiner reads it."""
        ...


@dataclass(frozen=True)
class Script:
    """Test code and what it needs to know."""

    source: str
    prompt: str
    candidate_names: tuple[str, ...]
    entry_point: str
    exception_names: tuple[str, ...] = ()
    """Names of the candidate's that the test catches."""
    handles: bool = True
    """Whether objects of the candidate's may cross as handles."""
    case_tests: tuple[str, ...] = ()
    """The tests of unittest's cases that it defines, each `Class::method`."""

    def encoded(self) -> bytes:
        """The script as the examiner reads it."""
        script = {
            "source": self.source,
            "prompt": self.prompt,
            "candidate_names": list(self.candidate_names),
            "entry_point": self.entry_point,
            "exception_names": list(self.exception_names),
            "handles": self.handles,
        }
        if self.case_tests:
            script |= {"case_tests": list(self.case_tests), "cases_runner": _CASES_RUNNER}
        return json.dumps(script).encode()


class Examination:
    """Examines one program, each script in a pair of fresh cells."""

    def __init__(self, candidates: Slot, examiners: Slot, program: Program, limits: Limits) -> None:
        self._candidates = candidates
        self._examiners = examiners
        self._program = program
        self._limits = limits

    @classmethod
    def of(cls, rooms: Rooms, submission: Submission) -> Self:
        """The examination of a submission."""
        language = submission.language
        slots = rooms.candidates.slot(language), rooms.examiners.slot(language)
        return cls(*slots, submission.program, submission.limits)

    def judge(self, script: Examined) -> JudgedTest:
        """Runs one script against the program.

        Raises:
            ItemError: the script is broken, or cannot be kept apart from the candidate.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        try:
            hold = partial(self._hold, script)
            judged, alone = hold_until_sure(self._candidates, hold, lambda test: test.outcome, self._limits)
        except Poison:
            return lost_to_submission(1)[0]
        finally:
            self._examiners.end_submission()
        return replace(judged, flags=judged.flags | {Flag.JUDGED_ALONE}) if alone else judged

    def _hold(self, script: Examined, candidates: Sandbox) -> JudgedTest:
        """One conversation; where one of the two sandboxes is lost, neither is used again."""
        try:
            return Conversation(
                candidates.serve(self._program, with_grace(self._limits)),
                lambda: self._examiners.sandbox().examine(script.encoded(), _EXAMINER_LIMITS),
                self._limits,
            ).judge()
        except SandboxLost:
            self._examiners.discard()
            raise
