"""Grades programs by their conversation with an interactor, each of the two in a sandbox of its own.

The candidate sees the input of a case only as far as the interactor tells it. A program that crashes or exceeds a
limit earns nothing, whatever the interactor says. An interactor reads what a hostile program prints, so that its
failure is nobody's word: it is asked again with a program that says nothing. If it can rule on that one, the first
one was at fault, and wrong; if it cannot, the tests are broken, which is the item's error and never a score.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from assay.contract import Flag, Integrity, InteractiveSuite, Limits, StdioCase, Verdict
from assay.errors import ItemError, SandboxLost
from assay.telemetry.metrics import CHECKER_FAULTS
from assay_workers.checkers.outputs import as_bytes
from assay_workers.checkers.rulings import Ruling, read_testlib
from assay_workers.graders.cells import hold_until_sure
from assay_workers.graders.checking import CheckerProgram
from assay_workers.graders.judge_programs import ANSWER, INPUT, OUTPUT, RunnableJudge
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedSuite, JudgedTest, judged, lost_to_submission, skipped
from assay_workers.sandbox.crossing import Crossed, cross
from assay_workers.sandbox.doubt import with_grace
from assay_workers.sandbox.outcome import classify
from assay_workers.sandbox.port import CellOutcome, Killed, Run, Sandbox
from assay_workers.sandbox.slot import Poison

__all__ = ["InteractivePlan"]

_MARGIN_S: Final = 75.0
"""What two sandboxes may take beyond the limits: a cold nursery may have to come up first."""
_BUSY_SHARE: Final = 0.2
"""From this share of the candidate's wall limit spent computing by the interactor, the limit says little of it."""
_DEADLOCK: Final = "the program and the interactor waited for each other: is its output flushed?"


@dataclass(frozen=True)
class InteractivePlan:
    """Every case is a conversation."""

    suite: InteractiveSuite
    interactor: RunnableJudge
    checker: CheckerProgram | None
    """Judges what the interactor has written, where the suite says so."""
    stop_on_first_failure: bool = False
    integrity = Integrity.EXTERNAL

    @classmethod
    def of(cls, suite: InteractiveSuite, *, stop_on_first_failure: bool = False) -> "InteractivePlan":
        """The plan for a suite with an interactor.

        Raises:
            ItemError: interactor or checker cannot be run.
        """
        checker = None if suite.checker is None else CheckerProgram.of(suite.checker)
        return cls(suite, RunnableJudge.of(suite.interactor, "interactor"), checker, stop_on_first_failure)

    @property
    def weights(self) -> Sequence[float]:
        """The weight of each case."""
        return [case.weight for case in self.suite.cases]

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Holds the conversation of every case.

        Raises:
            ItemError: `checker_failed`, the interactor rules on nothing.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        cases, tests = self.suite.cases, list[JudgedTest]()
        try:
            for case in cases:
                limited = submission.within(case.limits or submission.requested)
                tests.append(_Interaction(self, rooms, limited, case).judge())
                if tests[-1].verdict is Verdict.COMPILE_ERROR:
                    return JudgedSuite(tests[-1:] * len(cases), self.integrity)
                if self.stop_on_first_failure and tests[-1].verdict is not Verdict.ACCEPTED:
                    break
        except Poison:
            tests += lost_to_submission(len(cases) - len(tests))
        return JudgedSuite(tests + skipped(len(cases) - len(tests)), self.integrity)


class _Interaction:
    """The conversation of one case."""

    def __init__(self, plan: InteractivePlan, rooms: Rooms, submission: Submission, case: StdioCase) -> None:
        self._plan = plan
        self._judge = plan.interactor
        self._rooms = rooms
        self._submission = submission
        self._limits = submission.limits
        self._case = case
        self._order = Run(args=(INPUT, OUTPUT, ANSWER), files=self._judge.given(case), output_file=OUTPUT)

    def judge(self) -> JudgedTest:
        """Holds the conversation, again if its outcome is in doubt, and rules.

        Raises:
            ItemError: the interactor rules on nothing, or does not compile.
            Poison: no sandbox survives the candidate.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        slot = self._rooms.candidates.slot(self._submission.language)
        try:
            held, alone = hold_until_sure(slot, self._hold, _candidate_of, self._limits)
            test = judged(Verdict.COMPILE_ERROR, held) if isinstance(held, CellOutcome) else self._rule(held)
        finally:
            self._judge.slot(self._rooms).end_submission()
        return replace(test, flags=test.flags | {Flag.JUDGED_ALONE}) if alone else test

    def _hold(self, candidates: Sandbox) -> CellOutcome | Crossed:
        """One conversation, or how the compiler ended; if one of two sandboxes is lost, neither is used again."""
        uncompiled = candidates.compile(self._submission.program)
        if uncompiled is not None:
            return uncompiled
        try:
            return self._converse(candidates)
        except SandboxLost:
            self._judge.slot(self._rooms).discard()
            raise

    def _converse(self, candidates: Sandbox) -> Crossed:
        examiners, program = self._judge.slot(self._rooms).sandbox(), self._judge.program(self._rooms)
        self._judge.refuse_uncompiled(examiners.compile(program))
        theirs = with_grace(self._limits)
        ours = _waiting_for(self._judge.limits, theirs)
        interactor = examiners.talk(program, self._order, ours)
        files = {name: as_bytes(content) for name, content in self._case.files.items()}
        run = Run(args=self._case.args, files=files)
        candidate = candidates.talk(self._submission.program, run, theirs)
        patience_s = ours.wall_limit_s + theirs.wall_limit_s + _MARGIN_S
        return _fairly(cross(candidate, interactor, self._settles, patience_s), theirs)

    def _settles(self, interactor: CellOutcome) -> bool:
        """Whether nothing is left to earn; a program that may earn a share has to end well."""
        ruling = self._read(interactor)
        return isinstance(ruling, str) or ruling.share == 0

    def _read(self, interactor: CellOutcome) -> Ruling | str:
        """The interactor's ruling, or how it failed."""
        if broken := self._judge.breakdown(interactor):
            return broken
        assert interactor.exit_code is not None
        ruling = read_testlib(interactor.exit_code, interactor.stderr, self._judge.spec.points, role="interactor")
        return ruling or f"failed with exit status {interactor.exit_code}"

    def _rule(self, crossed: Crossed) -> JudgedTest:
        candidate = crossed.candidate
        if crossed.deadlock:
            return judged(Verdict.TIME_LIMIT, replace(candidate, killed=Killed.WALL), _DEADLOCK)
        ended_badly = None if crossed.cut_off else classify(candidate, self._limits)
        ruling = self._read(crossed.interactor)
        if isinstance(ruling, str):
            return self._blame(ruling, ended_badly, candidate)
        if ended_badly and (crossed.candidate_first or ruling.share > 0):
            return judged(ended_badly, candidate, share=0.0)
        if self._plan.checker is not None and ruling.share == 1:
            written = replace(candidate, stdout=crossed.interactor.stdout)
            test = self._plan.checker.judge(self._rooms, self._case, written)
            return replace(test, outcome=candidate)
        verdict = Verdict.ACCEPTED if ruling.share == 1 else Verdict.WRONG_ANSWER
        return judged(verdict, candidate, ruling.message, share=ruling.share)

    def _blame(self, failure: str, ended_badly: Verdict | None, candidate: CellOutcome) -> JudgedTest:
        """Finds out whose fault it is that the interactor failed.

        Raises:
            ItemError: its own.
        """
        slot, program = self._judge.slot(self._rooms), self._judge.program(self._rooms)
        try:
            (silent,) = slot.outcomes(program, [self._order], self._judge.limits)
        except Poison:
            silent = None
        if silent is None or isinstance(self._read(silent), str):
            raise ItemError(
                f"the interactor {failure}, and likewise with a program that says nothing",
                code="checker_failed",
                hint="run the interactor by hand, with nothing as its standard input",
            )
        CHECKER_FAULTS.inc()
        message = "the interactor could not rule on this program, though it rules on one that says nothing"
        return judged(ended_badly or Verdict.WRONG_ANSWER, candidate, message, {Flag.CHECKER_FAULT}, share=0.0)


def _candidate_of(held: CellOutcome | Crossed) -> CellOutcome:
    return held if isinstance(held, CellOutcome) else held.candidate


def _waiting_for(limits: Limits, partner: Limits) -> Limits:
    """The limits of a program that waits for another, as long as that may take."""
    return limits.model_copy(update={"wall_s": limits.wall_limit_s + partner.wall_limit_s})


def _fairly(crossed: Crossed, limits: Limits) -> Crossed:
    """A candidate whose wall limit passed while the interactor computed has starved: it is to be doubted."""
    kept_waiting = crossed.interactor.cpu_s > _BUSY_SHARE * limits.wall_limit_s
    if crossed.candidate.killed is Killed.WALL and kept_waiting:
        return replace(crossed, candidate=replace(crossed.candidate, starved=True))
    return crossed
