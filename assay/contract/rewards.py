"""The reward types a request can ask for, each with its parameters.

The names are those of open-r1's registry, so that a trainer's configuration moves over unchanged.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assay.contract.base import WireModel
from assay.contract.limits import Limits
from assay.contract.result import Integrity
from assay.contract.tests import Suite

__all__ = [
    "AccuracyReward",
    "BinaryCodeReward",
    "CodeReward",
    "FormatReward",
    "RewardSpec",
    "TagCountReward",
]

RewardWeight = Annotated[float, Field(ge=-1e6, le=1e6)]
Scoring = Literal["pass_rate", "all_or_nothing", "weighted"]


class _Weighted(WireModel):
    weight: RewardWeight = 1.0
    """The factor of this component's score in the item's reward."""


class CodeReward(_Weighted):
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


class BinaryCodeReward(_Weighted):
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


class AccuracyReward(_Weighted):
    """1 if the answer in the completion is mathematically equal to the gold answer, else 0 (math-verify)."""

    type: Literal["accuracy"]
    gold: Annotated[str, Field(min_length=1, max_length=100_000)]
    """The true answer: LaTeX, a number, or text with a boxed answer."""


class FormatReward(_Weighted):
    """1 if the completion is `<think>` reasoning then `<answer>` answer and nothing else (open-r1 `format`)."""

    type: Literal["format"]


class TagCountReward(_Weighted):
    """A quarter for each of the four think and answer tags that occurs exactly once on its own line (open-r1)."""

    type: Literal["tag_count"]


RewardSpec = Annotated[
    CodeReward | BinaryCodeReward | AccuracyReward | FormatReward | TagCountReward,
    Field(discriminator="type"),
]
