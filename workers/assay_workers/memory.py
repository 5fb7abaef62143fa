"""What the grader may take over from earlier runs of the very same program, tests and limits."""

import time
from collections.abc import Callable
from typing import Final, Protocol

import structlog

from assay.contract import ComponentResult
from assay.errors import QueueError
from assay.queue.verdicts import MARK_S, Verdicts
from assay_workers.sandbox.abandonment import check_wanted

__all__ = ["FORGETFUL", "Forgetful", "Memory", "TenantMemory"]

POLL_S: Final = 0.01
MOST_BYTES: Final = 64 << 10
"""Of one verdict. With outputs it can be much, and is seldom asked for again."""

_log = structlog.get_logger(__name__)


class Memory(Protocol):
    """Remembers components by content."""

    def recall(self, content: str) -> ComponentResult | None:
        """What was judged of the same content; None if the caller is to judge it, and then to `remember`."""
        ...

    def remember(self, content: str, result: ComponentResult | None) -> None:
        """Takes what came of it; None if that is nothing to be remembered."""
        ...


class Forgetful:
    """Remembers nothing."""

    def recall(self, content: str) -> ComponentResult | None:
        """Nothing."""
        del content
        return None

    def remember(self, content: str, result: ComponentResult | None) -> None:
        """Forgets it."""


FORGETFUL: Final = Forgetful()


class TenantMemory:
    """What one tenant's programs were judged. A Redis that fails costs a run, never an item.

    Arguments:
        verdicts: where they are kept.
        tenant: whose they are.
        sleep: waits so many seconds.
    """

    def __init__(self, verdicts: Verdicts, tenant: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._verdicts = verdicts
        self._tenant = tenant
        self._sleep = sleep

    def recall(self, content: str) -> ComponentResult | None:
        """What was judged, also by somebody who is at it: to wait takes no longer than to run it.

        Raises:
            Abandoned: nobody wants to know any more.
        """
        waited_s = 0.0
        try:
            while True:
                verdict, runs = self._verdicts.recall(self._tenant, content)
                if verdict is not None:
                    return ComponentResult.model_validate_json(verdict)
                if not runs or waited_s >= MARK_S:
                    return None
                self._sleep(POLL_S)
                check_wanted()
                waited_s += POLL_S
        except QueueError as error:
            _log.warning("verdict_not_recalled", code=error.code, error=error.message)
            return None

    def remember(self, content: str, result: ComponentResult | None) -> None:
        """Keeps what came of a run."""
        text = b"" if result is None else result.model_dump_json(exclude_defaults=True).encode()
        try:
            if 0 < len(text) <= MOST_BYTES:
                self._verdicts.remember(self._tenant, content, text)
            else:
                self._verdicts.vary(self._tenant, content)
        except QueueError as error:
            _log.warning("verdict_not_remembered", code=error.code, error=error.message)
