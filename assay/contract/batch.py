"""A batch of completions to grade, and its items."""

from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from assay.contract.answers import TextReward
from assay.contract.base import WireModel
from assay.contract.composition import Composition, component_index
from assay.contract.group_rewards import LengthReward
from assay.contract.rewards import RewardSpec
from assay.contract.tests import FileName
from assay.contract.text_rewards import LengthUnit

__all__ = ["LONGEST_DEADLINE_S", "BatchRequest", "Detail", "Item", "Priority"]


class Detail(StrEnum):
    """How much of each test comes back."""

    NONE = "none"
    """Only the counts of each component."""
    VERDICTS = "verdicts"
    """The verdict, CPU, wall and memory of each test."""
    OUTPUTS = "outputs"
    """Also what the program printed, truncated. Expected values never come back."""


class Priority(StrEnum):
    """Which of a tenant's batches are served rather than others; shares of the work are 16 to 4 to 1."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


LONGEST_DEADLINE_S: Final = 31_536_000
DeadlineS = Annotated[float, Field(gt=0, le=LONGEST_DEADLINE_S)]


class Item(WireModel):
    """One completion, and what is needed to reward it."""

    id: Annotated[str, Field(min_length=1, max_length=512)]
    """The caller's name for it; unique in the batch."""
    group: Annotated[str, Field(min_length=1, max_length=512)] | None = None
    """The rollout group: items sampled from the same prompt."""
    completion: str | None = None
    """What the model wrote. The program is extracted from it."""
    code: str | None = None
    """The program itself, instead of a completion."""
    files: dict[FileName, str] = Field(max_length=64, default_factory=dict)
    """Further files of the submission."""
    main: FileName | None = None
    """The program's own file name, where it matters."""
    token_count: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    """The completion's length in tokens, for rewards with `unit: tokens`."""
    token_ids: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    """The completion's tokens themselves; they tell `token_count`, too."""
    rewards: Annotated[tuple[RewardSpec, ...], Field(min_length=1, max_length=32)]
    """The components of the reward."""
    deadline_s: DeadlineS | None = None
    """Seconds after the batch's admission from when on the answer is of no use; an item without one by then has the
    error `deadline_exceeded`. The batch's own deadline counts, too."""
    compose: Composition = Composition()
    """How their scores become the reward; by default it is their weighted sum."""

    def length_in(self, unit: LengthUnit) -> int:
        """The completion's length in characters (code points), or in tokens as the item tells it."""
        if unit == "characters":
            return len(self.completion or "")
        return len(self.token_ids) if self.token_ids is not None else self.token_count or 0

    @model_validator(mode="after")
    def _has_what_its_rewards_need(self) -> Self:
        if (self.completion is None) == (self.code is None):
            raise ValueError("give exactly one of 'completion' (a program is extracted from it) and 'code'")
        if self.completion is None:
            for reward in self.rewards:
                if isinstance(reward, TextReward):
                    raise ValueError(f"the {reward.type!r} reward judges text: give 'completion' instead of 'code'")
        return self

    @model_validator(mode="after")
    def _has_the_tokens_its_rewards_count(self) -> Self:
        if self.token_ids is not None and self.token_count not in (None, len(self.token_ids)):
            raise ValueError(
                f"'token_count' is {self.token_count}, but there are {len(self.token_ids)} 'token_ids'"
            )
        for reward in self.rewards:
            if getattr(reward, "unit", None) != "tokens" or self.token_ids is not None:
                continue
            if reward.type == "repetition_penalty":
                raise ValueError("the 'repetition_penalty' reward with unit 'tokens' needs the item's 'token_ids'")
            if self.token_count is None:
                hint = "give the item's 'token_count' or 'token_ids', or unit 'characters'"
                raise ValueError(f"the {reward.type!r} reward counts tokens: {hint}")
        return self

    @model_validator(mode="after")
    def _refers_to_components_that_are_there(self) -> Self:
        names = [reward.name for reward in self.rewards if reward.name is not None]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"two components are called {twice!r}")
        for gate in self.compose.gates:
            component_index(self.rewards, gate.component)
        for reward in self.rewards:
            if isinstance(reward, LengthReward) and reward.correct_by is not None:
                judge = self.rewards[component_index(self.rewards, reward.correct_by)]
                if isinstance(judge, LengthReward):
                    raise ValueError(
                        "'correct_by' of a 'length' reward must name a component that judges an answer"
                    )
        return self

    @model_validator(mode="after")
    def _is_in_the_group_it_is_measured_by(self) -> Self:
        for reward in self.rewards:
            if not isinstance(reward, LengthReward):
                continue
            if reward.shortest is None or reward.longest is None:
                if self.group is None:
                    raise ValueError("the 'length' reward compares a rollout group: give the item's 'group'")
            elif not reward.shortest <= (length := self.length_in(reward.unit)) <= reward.longest:
                bounds = f"'shortest' ({reward.shortest}) and 'longest' ({reward.longest})"
                raise ValueError(f"the completion's length in {reward.unit}, {length}, is not between {bounds}")
        return self


class BatchRequest(WireModel):
    """The body of `POST /v1/rewards` and `POST /v1/batches`."""

    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    """The completions to grade."""
    defaults: dict[str, Any] = Field(default_factory=dict)
    """Merged under every item: objects merge key by key, anything else of the item replaces the default."""
    suites: dict[str, Any] = Field(default_factory=dict)
    """Suites, or rows of datasets, that items refer to: their `tests` are `{"kind": "shared", "name": …}`."""
    detail: Detail = Detail.NONE
    """How much of each test comes back."""
    reuse: bool = True
    """Whether what the very same program was judged by the very same tests before may be taken over; if not,
    everything is run."""
    priority: Priority | None = None
    """What it is served as among the caller's batches; by default `high` if it is expected to take less than
    `shard_work_s`, else `normal`."""
    deadline_s: DeadlineS | None = None
    """Seconds after its admission from when on its answers are of no use; items without one by then have the error
    `deadline_exceeded`."""
