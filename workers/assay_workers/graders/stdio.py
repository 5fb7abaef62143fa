"""Grades programs by what they print: one run for every case, compared outside every sandbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from assay.contract import Integrity, StdioSuite
from assay_workers.checkers.fault import decide
from assay_workers.checkers.outputs import check_output
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedSuite, JudgedTest, compared
from assay_workers.sandbox.port import CellOutcome, Run

__all__ = ["StdioPlan"]


@dataclass(frozen=True)
class StdioPlan:
    """Every case is a run."""

    suite: StdioSuite
    stop_on_first_failure: bool = False
    integrity = Integrity.EXTERNAL

    @property
    def weights(self) -> Sequence[float]:
        """The weight of each case."""
        return [case.weight for case in self.suite.cases]

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Runs every case and compares what it printed with what the case expects.

        Raises:
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        runs = [
            Run(
                stdin=case.stdin.encode("utf-8", "surrogatepass"),
                args=case.args,
                files={name: content.encode("utf-8", "surrogatepass") for name, content in case.files.items()},
            )
            for case in self.suite.cases
        ]
        slot = rooms.candidates.slot(submission.language)
        tests = judge_cells(
            slot,
            submission.program,
            runs,
            submission.limits,
            self._judge_case,
            stop_on_first_failure=self.stop_on_first_failure,
        )
        return JudgedSuite(tests, self.integrity)

    def _judge_case(self, number: int, outcome: CellOutcome) -> JudgedTest:
        checker, expected = self.suite.checker, self.suite.cases[number].expected
        return compared(decide(lambda: check_output(checker, outcome.stdout, expected)), outcome)
