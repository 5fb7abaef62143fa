"""The content of a submission: a hash of all that its verdict depends on, and whether the verdict may be kept."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from assay import __version__
from assay.contract import ComponentResult, Detail, Integrity, ProgramReward, Verdict
from assay_workers.graders.plan import Submission
from assay_workers.memory import FORGETFUL, Memory
from assay_workers.sandbox.languages import Language

__all__ = ["NO_RECOLLECTION", "Recollection", "content_of", "is_lasting"]

_LASTING: Final = frozenset({Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.COMPILE_ERROR, Verdict.SKIPPED})
"""Whatever depends on limits, on a signal or on a loss may come out differently the next time."""


def content_of(submission: Submission, spec: ProgramReward, detail: Detail, environment: str) -> str:
    """The hash of a submission's content.

    Arguments:
        submission: program, files and limits.
        spec: tests, scoring and the rest; neither its name nor its weight matters.
        detail: how much of each test is in the verdict.
        environment: what programs run in: image, interpreter, packages.
    """
    parts = [__version__, environment, detail, submission.language.name, submission.main]
    digest = hashlib.sha256(json.dumps(parts).encode())
    files = sorted((name.encode(), data) for name, data in submission.files.items())
    for part in (
        spec.model_dump_json(exclude={"name", "weight"}).encode(),
        submission.source,
        *(part for file in files for part in file),
    ):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def is_lasting(result: ComponentResult, verdicts: frozenset[Verdict]) -> bool:
    """Whether a result would come out the same again.

    Arguments:
        result: the result.
        verdicts: those of all its tests.
    """
    return (
        result.score is not None
        and not result.flags
        and result.integrity is not Integrity.IN_PROCESS
        and verdicts <= _LASTING
    )


@dataclass(frozen=True)
class Recollection:
    """Runs what is not remembered, and remembers what lasts."""

    memory: Memory = FORGETFUL
    environment: Callable[[Language], str] = lambda _: ""
    """What programs of a language run in; a change of it makes a run of what was remembered."""

    def of(
        self,
        submission: Submission,
        spec: ProgramReward,
        detail: Detail,
        run: Callable[[], tuple[ComponentResult, frozenset[Verdict]]],
    ) -> ComponentResult:
        """The result of a submission.

        Arguments:
            submission: the submission.
            spec: what it is judged by.
            detail: how much of each test the result tells.
            run: judges it; gives the result and the verdicts of all tests.
        """
        if self.memory is FORGETFUL:
            return run()[0]
        content = content_of(submission, spec, detail, self.environment(submission.language))
        known = self.memory.recall(content)
        if known is not None:
            return known.model_copy(update={"weight": spec.weight, "reused": True})
        kept = None
        try:
            result, verdicts = run()
            kept = result if is_lasting(result, verdicts) else None
        finally:
            self.memory.remember(content, kept)
        return result


NO_RECOLLECTION: Final = Recollection()
