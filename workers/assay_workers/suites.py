"""The suites that this worker has parsed, by name, so that the samples of a prompt cost one parse between them."""

import json
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from assay.contract import Suite
from assay.errors import QueueError
from assay.queue.ledger import Ledger
from assay.queue.suites import parse_suite

__all__ = ["SuiteCache"]

MOST_BYTES: Final = 32 << 20
"""Of text; parsed it takes several times as much."""


class SuiteCache:
    """Keeps the suites that were used last.

    Arguments:
        ledger: where they come from.
        most_bytes: how much text of suites may be kept, beyond the one that was used last.
    """

    def __init__(self, ledger: Ledger, most_bytes: int = MOST_BYTES) -> None:
        self._ledger = ledger
        self._most_bytes = most_bytes
        self._held_bytes = 0
        self._suites: OrderedDict[str, tuple[Suite, int]] = OrderedDict()
        self._texts: dict[str, bytes] = {}

    def expect(self, batch_id: str, names: Iterable[str]) -> None:
        """Fetches at once what of these is not here yet; what was fetched and never asked for goes.

        Raises:
            QueueError: Redis failed.
        """
        missing = [name for name in names if name not in self._suites]
        self._texts = self._ledger.suites(batch_id, missing)

    def get(self, name: str) -> Suite:
        """A suite that was expected.

        Raises:
            QueueError: it is not there, since its batch has ended.
        """
        if name in self._suites:
            self._suites.move_to_end(name)
            return self._suites[name][0]
        text = self._texts.pop(name, None)
        if text is None:
            raise QueueError(f"the suite {name} has gone with its batch")
        suite = parse_suite(json.loads(text))
        self._suites[name] = suite, len(text)
        self._held_bytes += len(text)
        while self._held_bytes > self._most_bytes and len(self._suites) > 1:
            _, (_, size) = self._suites.popitem(last=False)
            self._held_bytes -= size
        return suite
