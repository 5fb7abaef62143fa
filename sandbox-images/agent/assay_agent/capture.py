"""Reads what a cell writes, within caps, without ever letting the cell block on us or us on it."""

import os
from typing import Final

from assay_agent.values import MAX_VALUE_BYTES

__all__ = ["READ_BYTES", "STDERR_KEPT_BYTES", "Capture", "MessageReader"]

STDERR_KEPT_BYTES: Final = 64 << 10
"""How much of the end of standard error is kept."""
READ_BYTES: Final = 1 << 16
"""What a pipe holds; a larger buffer would be mapped and unmapped for every read."""


class Capture:
    """Collects one stream: its beginning up to ``cap`` bytes, or its end if ``keep_end``."""

    def __init__(self, descriptor: int, cap: int, *, keep_end: bool = False) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.overflowed = False
        self._cap = cap
        self._keep_end = keep_end
        self._chunks: list[bytes] = []
        self._size = 0

    def read(self) -> bool:
        """Takes what is there; False once the stream has ended."""
        while True:
            try:
                chunk = os.read(self.descriptor, READ_BYTES)
            except BlockingIOError:
                return True
            if not chunk:
                return False
            self._take(chunk)
            if len(chunk) < READ_BYTES or self.overflowed:
                return True

    def _take(self, chunk: bytes) -> None:
        if self._keep_end:
            self._chunks.append(chunk)
            self._size += len(chunk)
            if self._size > 4 * self._cap:
                self._chunks = [self.data]
                self._size = len(self._chunks[0])
            return
        self.overflowed = self.overflowed or self._size + len(chunk) > self._cap
        kept = chunk[: self._cap - self._size]
        self._chunks.append(kept)
        self._size += len(kept)

    @property
    def data(self) -> bytes:
        """What was kept."""
        joined = b"".join(self._chunks)
        return joined[-self._cap :] if self._keep_end else joined


class MessageReader:
    """Cuts a cell's channel into length-prefixed messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that ``data`` completes.

        Raises:
            ValueError: a message announces more than the cap.
        """
        self._buffer += data
        messages = []
        while len(self._buffer) >= 4:
            size = int.from_bytes(self._buffer[:4], "big")
            if size > MAX_VALUE_BYTES + 1:
                raise ValueError("a message over the cap")
            if len(self._buffer) < 4 + size:
                break
            messages.append(bytes(self._buffer[4 : 4 + size]))
            del self._buffer[: 4 + size]
        return messages
