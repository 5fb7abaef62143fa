"""Grades programs by a suite of pytest or unittest files: every test in an examination of its own.

The tests are known before a program is looked at: those of the manifest, or what the files define. A candidate
that ends in one of them fails that one only.
"""

import json
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from assay.contract import Integrity, PytestSuite, Verdict
from assay.errors import ItemError
from assay_workers.graders.examination import Examination
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.pytest_names import read_suite, refuse_patches
from assay_workers.graders.results import JudgedSuite, JudgedTest, skipped

__all__ = ["PYTEST_RUNNER", "PytestPlan", "PytestScript"]

PYTEST_RUNNER: Final = "assay_agent.pytest_run"
"""What runs the script in the examiner's cell; scripts that name it find it imported."""


@dataclass(frozen=True)
class PytestScript:
    """One test of a suite, and what it needs to know."""

    suite: PytestSuite
    node: str
    """The test as pytest names it."""
    other_modules: tuple[str, ...] = ()
    star_names: tuple[str, ...] = ()
    handles: bool = True

    def encoded(self) -> bytes:
        """The script as the examiner reads it."""
        return json.dumps(
            {
                "runner": PYTEST_RUNNER,
                "files": self.suite.files,
                "module": self.suite.module,
                "other_modules": list(self.other_modules),
                "node": self.node,
                "star_names": list(self.star_names),
                "handles": self.handles,
            }
        ).encode()


class PytestPlan:
    """Every test is one examination."""

    integrity = Integrity.EXAMINER

    def __init__(self, suite: PytestSuite, *, handles: bool = True, stop_on_first_failure: bool = False) -> None:
        """Reads the suite; with ``handles`` objects of the candidate's may cross.

        Raises:
            ItemError: a file is not Python, there are no tests, or they cannot be kept apart from the candidate.
        """
        names = read_suite(suite.files, suite.module)
        refuse_patches(suite.files, suite.module)
        self._nodes = tuple(dict.fromkeys(suite.manifest or names.tests))
        if not self._nodes:
            raise ItemError("the files define no test", code="invalid_tests")
        self._suite = suite
        self._star_names = names.star_names
        self._handles = handles
        self._stop = stop_on_first_failure
        self.weights = [1.0] * len(self._nodes)

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Examines the program with every test.

        Raises:
            ItemError: a test is broken, or cannot be kept apart from the candidate.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        main = submission.main or f"{self._suite.module}.py"
        examination = Examination.of(rooms, replace(submission, main=main))
        others = tuple(PurePosixPath(name).stem for name in submission.files if name.endswith(".py"))
        judged: list[JudgedTest] = []
        for node in self._nodes:
            script = PytestScript(self._suite, node, others, self._star_names, self._handles)
            judged.append(examination.judge(script))
            left = len(self._nodes) - len(judged)
            if not judged[-1].loaded:  # nor would it load for the others
                judged += [judged[-1]] * left
                break
            if self._stop and judged[-1].verdict is not Verdict.ACCEPTED:
                judged += skipped(left)
                break
        return JudgedSuite(judged, self.integrity)
