"""Programs of a problem's that judge, checkers and interactors: what both need to run among the examiners."""

from dataclasses import dataclass
from typing import Final

from assay.contract import JudgeProgram, Limits, StdioCase, Verdict
from assay.errors import ItemError
from assay_workers.checkers.outputs import as_bytes
from assay_workers.graders.plan import Rooms
from assay_workers.sandbox.languages import Language, find_language, languages
from assay_workers.sandbox.outcome import classify, explain
from assay_workers.sandbox.port import CellOutcome, Program
from assay_workers.sandbox.slot import Slot
from assay_workers.sandbox.slots import unknown_language

__all__ = ["ANSWER", "INPUT", "OUTPUT", "RunnableJudge"]

INPUT: Final = "input.txt"
OUTPUT: Final = "output.txt"
ANSWER: Final = "answer.txt"
_HEADER_HINT: Final = "bring testlib.h in the {role}'s `files`, or set ASSAY_TESTLIB on the workers to its path"


@dataclass(frozen=True)
class RunnableJudge:
    """A judging program with the language it is written in."""

    spec: JudgeProgram
    language: Language
    role: str
    """What it is called in messages."""

    @classmethod
    def of(cls, spec: JudgeProgram, role: str) -> "RunnableJudge":
        """The program as it can be run.

        Raises:
            ItemError: there is no such language, or a file beside it has the name of one that it is given.
        """
        language = find_language(spec.language)
        if language is None:
            raise unknown_language(spec.language, f"write the {role} in one of: {', '.join(languages())}")
        if taken := spec.files.keys() & {INPUT, OUTPUT, ANSWER}:
            message = f"a file of the {role} cannot be called {min(taken)!r}: that is one it is given"
            raise ItemError(message, code="invalid_tests", hint="give it another name")
        return cls(spec, language, role)

    @property
    def limits(self) -> Limits:
        """The limits of each run, which allow for the language."""
        return self.language.effective_limits(self.spec.limits)

    def slot(self, rooms: Rooms) -> Slot:
        """Where it runs."""
        return rooms.examiners.slot(self.language)

    def program(self, rooms: Rooms) -> Program:
        """The program, with the headers that it includes and did not bring."""
        spec, headers = self.spec, {}
        if self.language.family == "cpp":
            headers = {name: content for name, content in rooms.headers.items() if name in spec.source}
        files = {**headers, **{name: as_bytes(text) for name, text in spec.files.items()}}
        return self.language.program(as_bytes(spec.source), None, files, spec.limits)

    def given(self, case: StdioCase) -> dict[str, bytes]:
        """What it is given of a case, by file name."""
        return {INPUT: as_bytes(case.stdin), ANSWER: as_bytes(case.expected)}

    def refuse_uncompiled(self, outcome: CellOutcome | None) -> None:
        """Raises an ItemError, `checker_failed`, if the outcome is that of a compiler that refused it."""
        if outcome is None or not outcome.compile_failed:
            return
        message = f"the {self.role} does not compile: {explain(outcome)}"
        hint = _HEADER_HINT.format(role=self.role) if "testlib.h" in message else ""
        raise ItemError(message, code="checker_failed", hint=hint)

    def breakdown(self, outcome: CellOutcome) -> str | None:
        """How it ended, if that was no exit by itself within its limits: what such a run says is no ruling."""
        ended_badly = classify(outcome, self.limits)
        if outcome.exit_code is None or ended_badly not in (None, Verdict.RUNTIME_ERROR):
            return f"ended with {ended_badly or 'a signal'}"
        return None
