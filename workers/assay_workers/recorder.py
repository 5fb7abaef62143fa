"""Records the results of a shard in groups, so that quick items do not cost a round trip each.

The first result goes out at once, for it may be all that a caller waits for; after that a group goes out when
the last one is a while ago, and the rest at the end.
"""

import time
from collections.abc import Callable
from typing import Final

from assay.queue.ledger import Ledger

__all__ = ["FLUSH_S", "Recorder"]

FLUSH_S: Final = 0.02
"""Long against a round trip (0.15 ms), and what somebody more urgent waits beside the item in progress."""


class Recorder:
    """Collects the results of one shard and records them in groups."""

    def __init__(self, ledger: Ledger, batch_id: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._ledger = ledger
        self._batch_id = batch_id
        self._clock = clock
        self._waiting: dict[int, bytes] = {}
        self._flushed_s = float("-inf")
        self.has_ended = False
        """Whether the batch has ended as far as is known, so that further results are not wanted."""
        self.is_overtaken = False
        """Whether, as far as is known, another line should be served before the rest of the shard."""

    def add(self, index: int, result: bytes) -> None:
        """Takes the result of an item."""
        self._waiting[index] = result
        if self._clock() - self._flushed_s >= FLUSH_S:
            self.flush()

    def flush(self) -> None:
        """Records what has not been recorded yet."""
        if not self._waiting:
            return
        recorded = self._ledger.record(self._batch_id, self._waiting)
        self.has_ended, self.is_overtaken = recorded.finished, recorded.overtaken
        self._waiting = {}
        self._flushed_s = self._clock()
