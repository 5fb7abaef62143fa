"""What every kind of tests is turned into before a program is looked at: a plan. It knows the tests alone.

A plan says how many tests there are, what each weighs and at which level of integrity they are judged, so that
what cannot be judged well enough is refused for every program alike, and no program can change the denominator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from assay.contract import Integrity, Limits
from assay_workers.graders.results import JudgedSuite
from assay_workers.sandbox.languages import Language
from assay_workers.sandbox.port import Program
from assay_workers.sandbox.slots import Slots

__all__ = ["Rooms", "Submission", "SuitePlan"]


@dataclass(frozen=True)
class Rooms:
    """Where programs and where test code run."""

    candidates: Slots
    examiners: Slots
    together: Slots
    """Where programs and pytest run in one process."""
    headers: Mapping[str, bytes] = field(default_factory=dict)
    """What checkers in C++ may include without bringing it, by name: `testlib.h`."""


@dataclass(frozen=True)
class Submission:
    """A program and the limits of its tests."""

    language: Language
    source: bytes
    main: str | None
    """The program's own file name, where the caller gave it."""
    files: Mapping[str, bytes]
    requested: Limits
    """The limits as the request has them."""

    @property
    def limits(self) -> Limits:
        """The limits in force, which allow for the language."""
        return self.language.effective_limits(self.requested)

    @property
    def program(self) -> Program:
        """The program by itself."""
        return self.language.program(self.source, self.main, self.files, self.requested)

    def within(self, requested: Limits) -> "Submission":
        """The same program with other limits."""
        return replace(self, requested=requested)


class SuitePlan(Protocol):
    """How one suite is judged."""

    @property
    def integrity(self) -> Integrity:
        """The level at which every test is judged, or the weakest at which one may be."""
        ...

    @property
    def weights(self) -> Sequence[float]:
        """The weight of each test."""
        ...

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Judges a program; always as many tests as there are weights.

        Raises:
            ItemError: a test is broken, or cannot be kept apart from the candidate.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        ...
