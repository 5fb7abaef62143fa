"""From the components of an item to its reward."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from assay.contract import ComponentResult, ErrorInfo
from assay.errors import ERRORS

__all__ = ["Reward", "compose"]


class Reward(NamedTuple):
    """The reward of an item, or the error that stands in its place."""

    reward: float | None
    """The weighted sum of the component scores; None if any component could not be judged."""
    error: ErrorInfo | None
    """Why there is no reward; None exactly if there is one."""


def compose(components: Sequence[ComponentResult]) -> Reward:
    """Sums the component scores by their weights, or says why there is no sum.

    Of several errors one stands for the item: the first that a retry cannot mend, or else the first.

    Args:
        components: the results of all requested components, at least one.

    Raises:
        ValueError: there are no components.
    """
    if not components:
        raise ValueError("an item without components has no reward")
    terms = [component.score * component.weight for component in components if component.score is not None]
    errors = [_error_of(component) for component in components if component.error or component.score is None]
    if not errors:
        return Reward(math.fsum(terms), None)
    return Reward(None, next((error for error in errors if not error.retryable), errors[0]))


def _error_of(component: ComponentResult) -> ErrorInfo:
    if component.error is not None:
        return component.error
    row = ERRORS["internal"]
    message = f"the component {component.type!r} has neither a score nor an error"
    return ErrorInfo(code=row.code, message=message, retryable=row.retryable)
