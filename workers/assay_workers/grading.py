"""Grades items: every component of its reward, and what they make together.

One grader lives in each worker process and keeps what is warm: a slot for candidates, one for examiners, and
the mathematics verifier.
"""

from collections.abc import Callable
from typing import Final

from assay.contract import (
    AccuracyReward,
    BinaryCodeReward,
    CfCodeReward,
    CodeReward,
    ComponentResult,
    CosineReward,
    Detail,
    IoiCodeReward,
    Item,
    ItemResult,
    LengthReward,
    RewardSpec,
    RunReward,
    component_index,
)
from assay.errors import AssayError
from assay.queue.answers import error_info
from assay_workers.graders.code import judge_code
from assay_workers.graders.content import Recollection
from assay_workers.graders.execution import execute
from assay_workers.graders.plan import Rooms
from assay_workers.memory import FORGETFUL, Memory
from assay_workers.rewards.answers import judge_answer
from assay_workers.rewards.composition import compose
from assay_workers.rewards.group import judge_length, length_component
from assay_workers.rewards.text import score_answer_length, score_text
from assay_workers.rewards.verifier import MathVerifier
from assay_workers.sandbox.languages import Language, languages

__all__ = ["ItemGrader"]

_PYTHON: Final = "python"


class ItemGrader:
    """Grades one item at a time."""

    def __init__(
        self, rooms: Rooms, verifier: MathVerifier, environment: Callable[[Language], str] = lambda _: ""
    ) -> None:
        """Arguments: where programs run, what judges mathematics, and what tells one environment from another."""
        self._rooms = rooms
        self._verifier = verifier
        self._environment = environment

    def grade(self, item: Item, index: int, detail: Detail, memory: Memory = FORGETFUL) -> ItemResult:
        """Grades an item; a component that cannot be judged has an error, and then the item has no reward."""
        recollection = Recollection(memory, self._environment)
        composed = compose(self._components(item, detail, recollection), item.compose, item.rewards)
        return ItemResult(
            id=item.id,
            index=index,
            group=item.group,
            reward=composed.reward,
            error=composed.error,
            components=composed.components,
        )

    def close(self) -> None:
        """Ends the sandboxes and the verifier."""
        self._rooms.candidates.close()
        self._rooms.examiners.close()
        self._rooms.together.close()
        self._verifier.close()

    def warm_up(self) -> None:
        """Starts the sandbox for Python, so that the first item does not wait for it.

        Raises:
            SandboxRefused: none can be started here.
            SandboxLost: it did not come up.
        """
        self._rooms.candidates.slot(languages()[_PYTHON]).sandbox(tests=0)

    def _components(self, item: Item, detail: Detail, recollection: Recollection) -> list[ComponentResult]:
        """Judges every component; those that ask for the score of another follow it."""
        found: dict[int, ComponentResult] = {}
        for place in sorted(range(len(item.rewards)), key=lambda place: _judge_of(item, place) is not None):
            spec, judge = item.rewards[place], _judge_of(item, place)
            if isinstance(spec, LengthReward) and judge is not None:
                result = judge_length(item, spec, found[judge])
            else:
                result = self._component(item, spec, detail, recollection)
            found[place] = result.model_copy(update={"name": spec.name})
        return [found[place] for place in range(len(item.rewards))]

    def _component(
        self, item: Item, spec: RewardSpec, detail: Detail, recollection: Recollection
    ) -> ComponentResult:
        try:
            return self._judge(item, spec, detail, recollection)
        except AssayError as error:
            return _without_score(spec, error)

    def _judge(self, item: Item, spec: RewardSpec, detail: Detail, recollection: Recollection) -> ComponentResult:
        match spec:
            case CodeReward() | BinaryCodeReward() | CfCodeReward() | IoiCodeReward():
                return judge_code(self._rooms, item, spec, detail, recollection)
            case RunReward():
                return execute(self._rooms, item, spec)
            case AccuracyReward() | CosineReward():
                return self._judge_answer(item, spec)
            case LengthReward():
                outcome = self._verifier.verify(spec.gold or "", item.completion or "")
                return length_component(item, spec, correct=outcome.score == 1.0)
            case _:
                return ComponentResult(type=spec.type, score=score_text(item, spec), weight=spec.weight)

    def _judge_answer(self, item: Item, spec: AccuracyReward | CosineReward) -> ComponentResult:
        outcome = judge_answer(self._verifier, spec, item.completion or "")
        message = outcome.message or (None if outcome.answer is None else f"answer: {outcome.answer}")
        score = outcome.score
        if isinstance(spec, CosineReward):
            score = score_answer_length(item, spec, correct=score == 1.0)
        return ComponentResult(type=spec.type, score=score, weight=spec.weight, message=message)


def _judge_of(item: Item, place: int) -> int | None:
    """The place of the component that says for this one whether the answer is right, if one does."""
    spec = item.rewards[place]
    if not isinstance(spec, LengthReward) or spec.correct_by is None:
        return None
    return component_index(item.rewards, spec.correct_by)


def _without_score(spec: RewardSpec, error: AssayError) -> ComponentResult:
    return ComponentResult(type=spec.type, score=None, weight=spec.weight, error=error_info(error))
