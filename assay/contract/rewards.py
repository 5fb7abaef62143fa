"""The reward types a request can ask for, each with its parameters; those of text are in `text_rewards`, and
those of a rollout group in `group_rewards`.

The names are those of open-r1's registry, so that a trainer's configuration moves over unchanged.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assay.contract.base import LanguageName, Weighted
from assay.contract.group_rewards import LengthReward
from assay.contract.limits import Limits
from assay.contract.result import Integrity
from assay.contract.run_reward import RunReward
from assay.contract.tests import FileName, InteractiveSuite, StdioSuite, Suite
from assay.contract.text_rewards import TextRewardSpec

__all__ = [
    "BinaryCodeReward",
    "CfCodeReward",
    "CodeReward",
    "IoiCodeReward",
    "ProgramReward",
    "RewardSpec",
    "RunReward",
]

Scoring = Literal["pass_rate", "all_or_nothing", "weighted", "subtasks"]
SuiteOfRuns = Annotated[StdioSuite | InteractiveSuite, Field(discriminator="kind")]
Precision = Annotated[int, Field(ge=0, le=12)]


class _Tested(Weighted):
    """What every reward has that runs a program against tests."""

    language: LanguageName = "python"
    """Name or tag of a language (docs/languages.md), in whatever case."""
    prelude: Annotated[str, Field(max_length=100_000)] = ""
    """Code that goes before the program, as runners of datasets have it: imports, or the head of a function."""
    limits: Limits = Limits()
    min_integrity: Integrity = Integrity.IN_PROCESS
    """The weakest level that will do; a suite that would run at a weaker one is refused (`tests_not_isolable`)."""


class CodeReward(_Tested):
    """Runs the program against tests; the score is the share of tests it passes."""

    type: Literal["code"]
    tests: Suite
    scoring: Scoring = "pass_rate"
    """`pass_rate`: passed / total. `all_or_nothing`: 1 if all pass, else 0. `weighted`: by case weights.
    `subtasks`: earned by all points of the `subtasks` of `stdio` or `interactive` tests."""
    stop_on_first_failure: bool = False
    """Skip the tests after the first failing one; only with `all_or_nothing`, where it changes no score."""

    @model_validator(mode="after")
    def _stopping_changes_no_score(self) -> Self:
        if self.stop_on_first_failure and self.scoring != "all_or_nothing":
            message = f"stop_on_first_failure would change a {self.scoring!r} score; use scoring 'all_or_nothing'"
            raise ValueError(message)
        if self.scoring == "weighted":
            weights = [case.weight for case in getattr(self.tests, "cases", ())]
            if weights and not sum(weights) > 0:
                raise ValueError("scoring 'weighted' needs at least one case with a weight above 0")
        if self.scoring == "subtasks":
            _require_points(self.tests)
        return self


class BinaryCodeReward(_Tested):
    """Runs the program against tests; 1 if more than 99 % of them pass, else 0 (open-r1 `binary_code`)."""

    type: Literal["binary_code"]
    tests: Suite


class CfCodeReward(_Tested):
    """Runs a program against the tests of a Codeforces problem (open-r1 `cf_code`).

    -1 without a program, -0.1 if it does not compile; else by `scoring_mode`.
    """

    type: Literal["cf_code"]
    tests: SuiteOfRuns
    """A problem with several answers has a `program` checker; those of the data set have the protocol `score`."""
    scoring_mode: Literal["pass_fail", "partial", "weighted_sum"] = "weighted_sum"
    """`pass_fail`: 1 if all tests pass, else 0. `partial`: passed / total. `weighted_sum`: `pass_fail` and a
    tenth of `partial`, from 0 to 1.1."""


class IoiCodeReward(_Tested):
    """Runs a program against the subtasks of an IOI problem (open-r1 `ioi_code`), linked with its grader.

    From 0 to 1: earned by all points of the subtasks, of which each earns by its worst case.
    """

    type: Literal["ioi_code"]
    language: LanguageName = "cpp"
    """A kind of C or C++ where there are `grader_files`."""
    tests: SuiteOfRuns
    """Without `subtasks` all cases are one."""
    grader_files: Annotated[dict[FileName, str], Field(max_length=64)] = {}
    """Sources and headers that the program is compiled with, each source a translation unit of its own."""
    main: FileName | None = None
    """File name of the submission among them, by default the language's own."""
    score_precision: Precision = 2
    """Decimal places to which the share of each subtask is rounded."""

    @model_validator(mode="after")
    def _has_points(self) -> Self:
        if self.tests.subtasks:
            _require_points(self.tests)
        return self


def _require_points(suite: object) -> None:
    subtasks = getattr(suite, "subtasks", ())
    if not subtasks:
        raise ValueError("scoring by subtasks needs 'stdio' or 'interactive' tests with 'subtasks'")
    if not sum(subtask.points for subtask in subtasks) > 0:
        raise ValueError("scoring by subtasks needs one with 'points' above 0")


ProgramReward = CodeReward | BinaryCodeReward | CfCodeReward | IoiCodeReward
"""The rewards that run a program against tests."""

RewardSpec = Annotated[ProgramReward | RunReward | LengthReward | TextRewardSpec, Field(discriminator="type")]
