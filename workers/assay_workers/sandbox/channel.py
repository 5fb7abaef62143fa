"""Speaks frames with an agent over two descriptors.

Reading and writing are interleaved: while a large input goes out, outputs come in, so neither side can wait
for the other for ever. Every exchange has a deadline; past it the sandbox counts as lost.
"""

import os
import select
import time
from collections.abc import Sequence
from typing import Any, Final

from assay.errors import SandboxLost
from assay_agent.protocol import Frame, FrameError, FrameReader, pack_frame

__all__ = ["FrameChannel"]

_READ_BYTES: Final = 1 << 16
"""What a pipe holds; a larger buffer would be mapped and unmapped for every read."""


class FrameChannel:
    """The worker's end of an agent's standard streams."""

    def __init__(self, write_to: int, read_from: int) -> None:
        self._write_to = write_to
        self._read_from = read_from
        self._reader = FrameReader()
        self._outgoing: list[memoryview] = []
        os.set_blocking(write_to, False)
        os.set_blocking(read_from, False)

    def send(self, header: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
        """Queues a frame; what the pipe takes goes at once, the rest during `receive`.

        Raises:
            SandboxLost: the agent is gone.
        """
        self._outgoing.append(memoryview(pack_frame(header, blobs)))
        self._write()

    def receive(self, timeout_s: float) -> Frame:
        """The next frame of the agent.

        Raises:
            SandboxLost: the agent is gone, sent what is no frame, or nothing within ``timeout_s``.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                frame = self._reader.next_frame()
            except FrameError as error:
                raise SandboxLost(f"the agent sent what is no frame: {error}") from error
            if frame is not None:
                return frame
            self._exchange(deadline)

    def _exchange(self, deadline: float) -> None:
        writing = (self._write_to,) if self._outgoing else ()
        patience = deadline - time.monotonic()
        if patience <= 0:
            raise SandboxLost("the agent does not answer")
        readable, writable, _ = select.select((self._read_from,), writing, (), patience)
        if writable:
            self._write()
        if readable:
            data = os.read(self._read_from, _READ_BYTES)
            if not data:
                raise SandboxLost("the agent has ended")
            self._reader.feed(data)

    def _write(self) -> None:
        while self._outgoing:
            try:
                written = os.write(self._write_to, self._outgoing[0])
            except BlockingIOError:
                return
            except OSError as error:
                raise SandboxLost(f"the agent takes no more: {error.strerror}") from error
            if written == len(self._outgoing[0]):
                self._outgoing.pop(0)
            else:
                self._outgoing[0] = self._outgoing[0][written:]
