"""The reward types a request can ask for, each with its parameters; those of text are in `text_rewards`, and
those of a rollout group in `group_rewards`.

The names are those of open-r1's registry, so that a trainer's configuration moves over unchanged.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assay.contract.base import Weighted
from assay.contract.group_rewards import LengthReward
from assay.contract.limits import Limits
from assay.contract.result import Integrity
from assay.contract.tests import Suite
from assay.contract.text_rewards import TextRewardSpec

__all__ = ["BinaryCodeReward", "CodeReward", "RewardSpec"]

Scoring = Literal["pass_rate", "all_or_nothing", "weighted"]


class CodeReward(Weighted):
    """Runs the program against tests; the score is the share of tests it passes."""

    type: Literal["code"]
    language: Annotated[str, Field(min_length=1, max_length=32, examples=["python", "cpp", "java"])] = "python"
    """Name or tag of a language (docs/languages.md), in whatever case."""
    tests: Suite
    prelude: Annotated[str, Field(max_length=100_000)] = ""
    """Code that goes before the program, as runners of datasets have it: imports, or the head of a function."""
    limits: Limits = Limits()
    min_integrity: Integrity = Integrity.IN_PROCESS
    """The weakest level that will do; a suite that would run at a weaker one is refused (`tests_not_isolable`)."""
    scoring: Scoring = "pass_rate"
    """`pass_rate`: passed / total. `all_or_nothing`: 1 if all pass, else 0. `weighted`: by case weights."""
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
        return self


class BinaryCodeReward(Weighted):
    """Runs the program against tests; 1 if more than 99 % of them pass, else 0 (open-r1 `binary_code`)."""

    type: Literal["binary_code"]
    language: Annotated[str, Field(min_length=1, max_length=32, examples=["python", "cpp", "java"])] = "python"
    """Name or tag of a language (docs/languages.md), in whatever case."""
    tests: Suite
    prelude: Annotated[str, Field(max_length=100_000)] = ""
    """Code that goes before the program, as runners of datasets have it: imports, or the head of a function."""
    limits: Limits = Limits()
    min_integrity: Integrity = Integrity.IN_PROCESS
    """The weakest level that will do; a suite that would run at a weaker one is refused (`tests_not_isolable`)."""


RewardSpec = Annotated[CodeReward | BinaryCodeReward | LengthReward | TextRewardSpec, Field(discriminator="type")]
