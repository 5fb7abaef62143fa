"""Lines: where the shards of one tenant's batches of one priority wait, first come, first served.

A line is an RQ queue. Which line is served next is decided in `assay.queue.sharing`.
"""

from dataclasses import dataclass
from typing import Final, Self

from assay.contract import Priority

__all__ = ["EVERYONE", "EVERYONES", "Line"]

EVERYONE: Final = "everyone"
"""The tenant of a service without keys."""


@dataclass(frozen=True)
class Line:
    """A line by tenant and priority. Neither holds a dot."""

    tenant: str = EVERYONE
    priority: Priority = Priority.NORMAL

    @property
    def name(self) -> str:
        """The line's name, and the end of its queue's."""
        return f"{self.tenant}.{self.priority}"

    @classmethod
    def of_queue(cls, queue_name: str) -> Self:
        """The line of the RQ queue of that name.

        Raises:
            ValueError: it is no line's queue.
        """
        _, tenant, priority = queue_name.rsplit(".", 2)
        return cls(tenant, Priority(priority))


EVERYONES: Final = Line()
"""The line of ordinary batches of a service without keys."""
