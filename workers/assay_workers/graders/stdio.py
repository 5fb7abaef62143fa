"""Grades programs by what they print: one run for every case, judged outside the candidate's sandbox."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assay.contract import Checker, Integrity, Limits, StdioCase, StdioSuite, Verdict
from assay_workers.checkers.fault import decide
from assay_workers.checkers.outputs import as_bytes, check_output
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.checking import CheckerProgram
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedSuite, JudgedTest, compared, skipped
from assay_workers.sandbox.port import CellOutcome, Run

__all__ = ["StdioPlan"]


@dataclass(frozen=True)
class StdioPlan:
    """Every case is a run."""

    suite: StdioSuite
    checker: Checker | CheckerProgram
    stop_on_first_failure: bool = False
    integrity = Integrity.EXTERNAL

    @classmethod
    def of(cls, suite: StdioSuite, *, stop_on_first_failure: bool = False) -> "StdioPlan":
        """The plan for a suite.

        Raises:
            ItemError: its checker is a program that cannot be run.
        """
        checker = suite.checker if isinstance(suite.checker, Checker) else CheckerProgram.of(suite.checker)
        return cls(suite, checker, stop_on_first_failure)

    @property
    def weights(self) -> Sequence[float]:
        """The weight of each case."""
        return [case.weight for case in self.suite.cases]

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Runs every case and judges what it printed.

        Raises:
            ItemError: the checker program fails by itself.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        tests: list[JudgedTest] = []
        for requested, cases in self._with_equal_limits(submission):
            tests += self._judge_cases(rooms, submission, requested, cases)
            if tests[-1].verdict is Verdict.COMPILE_ERROR:
                return JudgedSuite(tests[-1:] * len(self.suite.cases), self.integrity)
            if self.stop_on_first_failure and tests[-1].verdict is not Verdict.ACCEPTED:
                break
        return JudgedSuite(tests + skipped(len(self.suite.cases) - len(tests)), self.integrity)

    def _with_equal_limits(self, submission: Submission) -> Iterator[tuple[Limits, list[StdioCase]]]:
        """The cases in order, those together that follow each other and have the same limits."""
        pairs = ((case.limits or submission.requested, case) for case in self.suite.cases)
        for limits, group in groupby(pairs, key=lambda pair: pair[0]):
            yield limits, [case for _, case in group]

    def _judge_cases(
        self, rooms: Rooms, submission: Submission, requested: Limits, cases: Sequence[StdioCase]
    ) -> list[JudgedTest]:
        limited = submission.within(requested)
        return judge_cells(
            rooms.candidates.slot(limited.language),
            limited.program,
            [self._run(case) for case in cases],
            limited.limits,
            lambda number, outcome: self._judge_case(rooms, cases[number], outcome),
            stop_on_first_failure=self.stop_on_first_failure,
        )

    def _run(self, case: StdioCase) -> Run:
        suite, stdin = self.suite, as_bytes(case.stdin)
        files = {name: as_bytes(content) for name, content in case.files.items()}
        if suite.input_file is not None:
            files[suite.input_file], stdin = stdin, b""
        return Run(stdin, case.args, files, suite.output_file)

    def _judge_case(self, rooms: Rooms, case: StdioCase, outcome: CellOutcome) -> JudgedTest:
        checker = self.checker
        if isinstance(checker, CheckerProgram):
            return checker.judge(rooms, case, outcome)
        return compared(decide(lambda: check_output(checker, outcome.stdout, case.expected)), outcome)
