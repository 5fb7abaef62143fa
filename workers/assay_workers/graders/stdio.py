"""Grades programs that read standard input and write standard output."""

from assay.contract import StdioSuite, Verdict
from assay_workers.checkers.outputs import check_output
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.results import CodeSpec, JudgedTest, judged
from assay_workers.sandbox.port import CellOutcome, Program, Run
from assay_workers.sandbox.slot import Slot

__all__ = ["grade_stdio"]


def grade_stdio(slot: Slot, program: Program, spec: CodeSpec, suite: StdioSuite) -> list[JudgedTest]:
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
        for case in suite.cases
    ]

    def judge(number: int, outcome: CellOutcome) -> JudgedTest:
        right = check_output(suite.checker, outcome.stdout, suite.cases[number].expected)
        return judged(Verdict.ACCEPTED if right else Verdict.WRONG_ANSWER, outcome)

    stop = getattr(spec, "stop_on_first_failure", False)
    return judge_cells(slot, program, runs, spec.limits, judge, stop_on_first_failure=stop)
