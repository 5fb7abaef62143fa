"""What the worker's runtime asks of a grader."""

from collections.abc import Callable
from typing import Protocol

from assay.contract import Detail, Item, ItemResult
from assay.settings import Settings

__all__ = ["BuildGrader", "Grader"]


class Grader(Protocol):
    """Grades items one at a time; it is warm and lives as long as its worker process."""

    def grade(self, item: Item, index: int, detail: Detail) -> ItemResult:
        """Grades one item.

        Arguments:
            item: the item.
            index: its place in the request.
            detail: how much of each test comes back.

        Raises:
            AssayError: the item could not be judged; the code says why.
        """
        ...

    def close(self) -> None:
        """Ends its sandboxes and processes."""
        ...


BuildGrader = Callable[[Settings], Grader]
"""Makes a grader in a fresh worker process. Raises `SandboxRefused` if this machine cannot isolate programs."""
