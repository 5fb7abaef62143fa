"""From the components of an item to its reward."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assay.contract import ComponentResult, Composition, ErrorInfo, Weighted, component_index
from assay.errors import ERRORS

__all__ = ["Composed", "compose"]

_SUM: Final = Composition()


@dataclass(frozen=True)
class Composed:
    """The reward of an item, or the error that stands in its place, and what became of its components."""

    reward: float | None
    """None if a component that it depends on could not be judged."""
    error: ErrorInfo | None
    """Why there is no reward; None exactly if there is one."""
    components: tuple[ComponentResult, ...]
    """As they were, those behind a shut gate marked."""


def compose(
    components: Sequence[ComponentResult], composition: Composition = _SUM, rewards: Sequence[Weighted] = ()
) -> Composed:
    """Makes the reward of the components' scores, or says why there is none.

    What is behind a shut gate counts as 0, whatever its score, so that its errors keep no reward back. Of several
    errors one stands for the item: the first that a retry cannot mend, or else the first.

    Args:
        components: the results of all requested components, at least one.
        composition: gates, mode and bounds.
        rewards: what was requested, in the same order; needed for gates only.

    Raises:
        ValueError: there are no components, or a gate names none of them.
    """
    if not components:
        raise ValueError("an item without components has no reward")
    open_to, error = _pass_gates(components, composition, rewards)
    if error is not None:
        return Composed(None, error, tuple(components))
    marked = tuple(
        each if place in open_to else each.model_copy(update={"gated": True})
        for place, each in enumerate(components)
    )
    errors = [_error_of(each) for each in marked if not each.gated and (each.error or each.score is None)]
    if errors:
        return Composed(None, next((each for each in errors if not each.retryable), errors[0]), marked)
    terms = [0.0 if each.gated or each.score is None else each.score * each.weight for each in marked]
    return Composed(_clipped(_combined(terms, composition), composition), None, marked)


def _pass_gates(
    components: Sequence[ComponentResult], composition: Composition, rewards: Sequence[Weighted]
) -> tuple[set[int], ErrorInfo | None]:
    """The places that count, or the error of a gate of which nobody knows whether it is open."""
    passed: set[int] = set()
    for gate in composition.gates:
        place = component_index(rewards, gate.component)
        passed.add(place)
        score = components[place].score
        if score is None or components[place].error is not None:
            return set(), _error_of(components[place])
        if score < gate.at_least:
            return passed, None
    return set(range(len(components))), None


def _combined(terms: Sequence[float], composition: Composition) -> float:
    match composition.mode:
        case "sum":
            return math.fsum(terms)
        case "min":
            return min(terms)
        case "product":
            return math.prod(terms)


def _clipped(reward: float, composition: Composition) -> float:
    if composition.clip is None:
        return reward
    lower, upper = composition.clip
    return min(max(reward, lower), upper)


def _error_of(component: ComponentResult) -> ErrorInfo:
    if component.error is not None:
        return component.error
    row = ERRORS["internal"]
    message = f"the component {component.type!r} has neither a score nor an error"
    return ErrorInfo(code=row.code, message=message, retryable=row.retryable)
