"""Has a checker program judge outputs, in a sandbox of the examiners, which the candidate never sees.

Its cell finds input, output and answer as files, in one folder with nothing else of anybody. A checker reads what a
hostile program printed, so that its failure is nobody's word: it is asked again with the answer of the test in the
place of the output. If it can judge that, the output is what it failed of, and wrong; if it cannot, the tests are
broken, which is the item's error and never a score.
"""

from dataclasses import dataclass
from typing import Final

from assay.contract import Flag, ProgramChecker, StdioCase, Verdict
from assay.errors import ItemError
from assay.telemetry.metrics import CHECKER_FAULTS
from assay_workers.checkers.outputs import as_bytes
from assay_workers.checkers.rulings import Ruling, read_score, read_share, read_testlib
from assay_workers.graders.judge_programs import ANSWER, INPUT, OUTPUT, RunnableJudge
from assay_workers.graders.plan import Rooms
from assay_workers.graders.results import JudgedTest, judged
from assay_workers.sandbox.port import CellOutcome, Run
from assay_workers.sandbox.slot import Poison

__all__ = ["CheckerProgram"]

_FIRST_ANSWER: Final = (INPUT, ANSWER, OUTPUT)
_ORDER: Final = {"testlib": (INPUT, OUTPUT, ANSWER), "score": _FIRST_ANSWER, "cms": _FIRST_ANSWER}


@dataclass(frozen=True)
class CheckerProgram:
    """A checker of a suite."""

    checker: ProgramChecker
    runnable: RunnableJudge

    @classmethod
    def of(cls, checker: ProgramChecker) -> "CheckerProgram":
        """The checker as it can be run.

        Raises:
            ItemError: there is no such language, or a file of the checker has the name of one that it is given.
        """
        return cls(checker, RunnableJudge.of(checker, "checker"))

    def judge(self, rooms: Rooms, case: StdioCase, outcome: CellOutcome) -> JudgedTest:
        """Judges what a program that ended well has printed in a case.

        Raises:
            ItemError: `checker_failed`, the checker judges nothing, not even the case's answer.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        answer = as_bytes(case.expected)
        ruling = self._ask(rooms, case, outcome.stdout, answer)
        if isinstance(ruling, Ruling):
            verdict = Verdict.ACCEPTED if ruling.share == 1 else Verdict.WRONG_ANSWER
            return judged(verdict, outcome, ruling.message, share=ruling.share)
        if not isinstance(self._ask(rooms, case, answer, answer), Ruling):
            raise ItemError(
                f"the checker {ruling}, and likewise with the answer of the test as output",
                code="checker_failed",
                hint="run the checker by hand with 'expected' in the place of the output",
            )
        CHECKER_FAULTS.inc()
        message = "the checker could not judge this output, though it judges the answer"
        return judged(Verdict.WRONG_ANSWER, outcome, message, {Flag.CHECKER_FAULT}, share=0.0)

    def _ask(self, rooms: Rooms, case: StdioCase, output: bytes, answer: bytes) -> Ruling | str:
        """The ruling on an output, or how the checker failed."""
        checker, runnable = self.checker, self.runnable
        given = {**runnable.given(case), OUTPUT: output, ANSWER: answer}
        run = Run(args=_ORDER[checker.protocol], files=given)
        try:
            (outcome,) = runnable.slot(rooms).outcomes(runnable.program(rooms), [run], runnable.limits)
        except Poison:
            return "is survived by no sandbox"
        runnable.refuse_uncompiled(outcome)
        return runnable.breakdown(outcome) or self._read(outcome) or f"failed with exit status {outcome.exit_code}"

    def _read(self, outcome: CellOutcome) -> Ruling | None:
        assert outcome.exit_code is not None
        match self.checker.protocol:
            case "score":
                return read_score(outcome.exit_code, outcome.stdout)
            case "cms":
                return read_share(outcome.exit_code, outcome.stdout)
            case "testlib":
                return read_testlib(outcome.exit_code, outcome.stderr, self.checker.points)
