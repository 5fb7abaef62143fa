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
from assay_workers.graders.plan import Rooms
from assay_workers.graders.results import JudgedTest, judged
from assay_workers.sandbox.languages import Language, find_language, languages
from assay_workers.sandbox.outcome import classify, explain
from assay_workers.sandbox.port import CellOutcome, Run
from assay_workers.sandbox.slot import Poison
from assay_workers.sandbox.slots import unknown_language

__all__ = ["CheckerProgram"]

INPUT: Final = "input.txt"
OUTPUT: Final = "output.txt"
ANSWER: Final = "answer.txt"
_FIRST_ANSWER: Final = (INPUT, ANSWER, OUTPUT)
_HEADER_HINT: Final = "bring testlib.h in the checker's `files`, or set ASSAY_TESTLIB on the workers to its path"
_ORDER: Final = {"testlib": (INPUT, OUTPUT, ANSWER), "score": _FIRST_ANSWER, "cms": _FIRST_ANSWER}


@dataclass(frozen=True)
class CheckerProgram:
    """A checker of a suite."""

    checker: ProgramChecker
    language: Language

    @classmethod
    def of(cls, checker: ProgramChecker) -> "CheckerProgram":
        """The checker as it can be run.

        Raises:
            ItemError: there is no such language, or a file of the checker has the name of one that it is given.
        """
        language = find_language(checker.language)
        if language is None:
            raise unknown_language(checker.language, f"write the checker in one of: {', '.join(languages())}")
        if taken := checker.files.keys() & {INPUT, OUTPUT, ANSWER}:
            message = f"a file of the checker cannot be called {min(taken)!r}: that is one it is given"
            raise ItemError(message, code="invalid_tests", hint="give it another name")
        return cls(checker, language)

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

    def _headers(self, rooms: Rooms) -> dict[str, bytes]:
        if self.language.family != "cpp":
            return {}
        return {name: content for name, content in rooms.headers.items() if name in self.checker.source}

    def _ask(self, rooms: Rooms, case: StdioCase, output: bytes, answer: bytes) -> Ruling | str:
        """The ruling on an output, or how the checker failed."""
        checker, limits = self.checker, self.language.effective_limits(self.checker.limits)
        files = {**self._headers(rooms), **{name: as_bytes(text) for name, text in checker.files.items()}}
        program = self.language.program(as_bytes(checker.source), None, files, checker.limits)
        given = {INPUT: as_bytes(case.stdin), OUTPUT: output, ANSWER: answer}
        run = Run(args=_ORDER[checker.protocol], files=given)
        try:
            (outcome,) = rooms.examiners.slot(self.language).outcomes(program, [run], limits)
        except Poison:
            return "is survived by no sandbox"
        if outcome.compile_failed:
            message = f"the checker does not compile: {explain(outcome)}"
            raise ItemError(message, code="checker_failed", hint=_HEADER_HINT if "testlib.h" in message else "")
        ended_badly = classify(outcome, limits)
        if outcome.exit_code is None or (ended_badly not in (None, Verdict.RUNTIME_ERROR)):
            return f"ended with {ended_badly or 'a signal'}"
        match checker.protocol:
            case "score":
                ruling = read_score(outcome.exit_code, outcome.stdout)
            case "cms":
                ruling = read_share(outcome.exit_code, outcome.stdout)
            case "testlib":
                ruling = read_testlib(outcome.exit_code, outcome.stderr, checker.points)
        return ruling or f"failed with exit status {outcome.exit_code}"
