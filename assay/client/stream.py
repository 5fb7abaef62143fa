"""The stream of results of a batch, and how it survives a lost connection.

Results come as lines of JSON in the order they were finished. The number of lines seen is the position from
which the service resumes, so a connection lost in the middle of a line costs nothing but that line's bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assay.client.problems import error_of_answer, error_of_transport

if TYPE_CHECKING:
    import httpx

    from assay.client.retry import RetryPolicy
    from assay.contract import ItemResult
    from assay.errors import AssayError

__all__ = ["STREAM_IDLE_S", "ResultStream"]

STREAM_IDLE_S: Final = 60.0
"""A stream that is silent for longer counts as lost; the service keeps a quiet one alive with blank lines."""


class ResultStream:
    """The state of one stream: where it stands, and how much patience is left."""

    def __init__(self, url: str, batch_id: str, start: int, retry: RetryPolicy) -> None:
        self._url = url
        self._batch_id = batch_id
        self._position = start
        self._retry = retry
        self._failures = 0
        self._rest = b""

    @property
    def path(self) -> str:
        """What to request to go on from here."""
        return f"/v1/batches/{self._batch_id}/results?from={self._position}"

    def feed(self, chunk: bytes) -> list[ItemResult]:
        """Takes bytes of the connection and gives the results they complete."""
        from assay.contract import ItemResult

        *lines, self._rest = (self._rest + chunk).split(b"\n")
        results = [ItemResult.model_validate_json(line) for line in lines if line.strip()]
        if results:
            self._position += len(results)
            self._failures = 0
        return results

    def pause_after_loss_s(self, error: httpx.TransportError) -> float:
        """Seconds to wait before connecting anew.

        Raises:
            ServiceError: ``unreachable``, once the retry policy gives up.
        """
        return self._pause_s(error_of_transport(error, self._url), None)

    def pause_after_answer_s(self, status: int, body: bytes) -> float:
        """Seconds to wait after an error answer.

        Raises:
            AssayError: what the answer says, if waiting does not help or no longer.
        """
        return self._pause_s(error_of_answer(status, body), status)

    def _pause_s(self, error: AssayError, status: int | None) -> float:
        self._rest = b""
        self._failures += 1
        if not self._retry.again(self._failures, error, status):
            raise error
        return self._retry.pause_s(self._failures)
