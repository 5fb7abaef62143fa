"""When a failed request is sent again, and after how long: pure decisions over statuses and errors.

Every request of the client may be repeated: batches are posted with an idempotency key, and the rest reads
or cancels. So a lost connection, a full queue and a service that restarts are waited out, with jitter, so
that the many processes of a trainer do not return all at once.
"""

import random
from dataclasses import dataclass
from typing import Final

from assay.errors import AssayError

__all__ = ["TRANSIENT_STATUSES", "RetryPolicy"]

TRANSIENT_STATUSES: Final = frozenset({429, 502, 503, 504})
"""A full queue, a proxy without its upstream, a service that is not ready, a proxy that lost patience."""


@dataclass(frozen=True)
class RetryPolicy:
    """How patient a client is: waits double from ``first_s`` to ``most_s``, each shortened by up to a half."""

    attempts: int = 8
    """How often a request is sent before its error is raised."""
    first_s: float = 0.2
    most_s: float = 15.0

    def again(self, attempt: int, error: AssayError, status: int | None) -> bool:
        """Whether to send a request again that failed for the ``attempt``-th time (from 1).

        Arguments:
            attempt: how often the request was sent.
            error: what it met.
            status: the HTTP status of the answer, or None if there was none.
        """
        transient = status is None or status in TRANSIENT_STATUSES
        return transient and error.row.retryable and attempt < self.attempts

    def pause_s(self, attempt: int, asked_s: float | None = None) -> float:
        """Seconds to wait after the ``attempt``-th failure: what the service asked for, or the policy's own."""
        longest_s = min(self.most_s, self.first_s * 2.0 ** min(attempt - 1, 60))
        if asked_s is not None:
            longest_s = max(longest_s, min(asked_s, self.most_s))
        return longest_s * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
