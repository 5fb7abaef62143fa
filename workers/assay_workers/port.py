"""What the worker's runtime asks of a grader."""

from collections.abc import Callable
from typing import Protocol

from assay.contract import Detail, Item, ItemResult
from assay.settings import Settings
from assay_workers.memory import FORGETFUL, Memory

__all__ = ["BuildGrader", "Grader"]


class Grader(Protocol):
    """Grades items one at a time; it is warm and lives as long as its worker process."""

    def grade(self, item: Item, index: int, detail: Detail, memory: Memory = FORGETFUL) -> ItemResult:
        """Grades one item.

        Arguments:
            item: the item.
            index: its place in the request.
            detail: how much of each test comes back.
            memory: what may be taken over from earlier runs.

        Raises:
            AssayError: the item could not be judged; the code says why.
        """
        ...

    def close(self) -> None:
        """Ends its sandboxes and processes."""
        ...


BuildGrader = Callable[[Settings], Grader]
"""Makes a grader in a fresh worker process. Raises `SandboxRefused` if this machine cannot isolate programs."""
