"""How a run is given up in the middle, because nobody wants its outcome any more.

Whoever has a program run says how to find out whether that is still wanted; whoever waits for a sandbox asks now
and then. So a cancelled batch ends its running cells within a second, and a short test never asks at all.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

__all__ = ["LOOK_S", "Abandoned", "check_wanted", "undisturbed", "while_wanted"]

LOOK_S: Final = 0.5
"""How long a wait goes on before somebody asks, and between two questions."""


class Abandoned(Exception):
    """Nobody wants the outcome. No error of the table: it is never told to anybody."""


class _Question:
    """Asks at most every `LOOK_S`."""

    def __init__(self, is_wanted: Callable[[], bool]) -> None:
        self._is_wanted = is_wanted
        self._asked_s = time.monotonic()

    def ask(self) -> None:
        now_s = time.monotonic()
        if now_s - self._asked_s < LOOK_S:
            return
        self._asked_s = now_s
        if not self._is_wanted():
            raise Abandoned


_question: ContextVar[_Question | None] = ContextVar("question", default=None)


@contextmanager
def while_wanted(is_wanted: Callable[[], bool]) -> Iterator[None]:
    """Lets `check_wanted` ask ``is_wanted`` within the context, in this thread."""
    token = _question.set(_Question(is_wanted))
    try:
        yield
    finally:
        _question.reset(token)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Lets nobody ask within the context: what is begun there is seen through."""
    token = _question.set(None)
    try:
        yield
    finally:
        _question.reset(token)


def check_wanted() -> None:
    """Returns if the outcome is wanted, as far as was asked lately.

    Raises:
        Abandoned: it is not.
    """
    if (question := _question.get()) is not None:
        question.ask()
