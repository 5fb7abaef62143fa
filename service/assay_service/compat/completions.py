"""What the contracts of trainers' services have in common: ends of completions, and rewards that must be there."""

import re
from typing import Final

from assay.contract import ComponentResult, ItemResult, TestResult
from assay.errors import RequestError, ServiceError

__all__ = ["first_score", "require_reward", "require_test", "without_last_tokens"]

_LAST_TOKENS: Final = re.compile(r"(?:\s*(?:<\|[^|<>]{1,40}\|>|</s>|<eos>|<end_of_turn>))+\s*\Z")


def without_last_tokens(completion: str) -> str:
    """The completion without the special tokens that a tokenizer left at its end."""
    return _LAST_TOKENS.sub("", completion)


def require_reward(result: ItemResult, what: str) -> float:
    """The reward of a result, for a client that cannot carry "unknown".

    Raises:
        ServiceError: there is none, and asking again may help.
        RequestError: there is none, and asking again cannot.
    """
    if result.reward is not None:
        return result.reward
    error = result.error
    if error is None:
        raise ServiceError(f"{what} has neither a reward nor an error")
    kind = ServiceError if error.retryable else RequestError
    raise kind(f"{what}: {error.message}", code=error.code, hint=error.hint or "", path=error.path or "")


def require_test(result: ItemResult) -> tuple[ComponentResult, TestResult]:
    """The one component of a result, and its one test: a run, or a case.

    Raises:
        ServiceError: there is none.
    """
    (component,) = result.components or (None,)
    if component is None or not component.tests:
        raise ServiceError("the result has no run in it")
    (test,) = component.tests
    return component, test


def first_score(result: ItemResult) -> float | None:
    """The score of the first component, from 0 to 1 whatever the weights."""
    return result.components[0].score if result.components else None
