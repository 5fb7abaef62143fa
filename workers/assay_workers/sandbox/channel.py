"""Speaks frames with an agent over a byte stream.

Reading and writing are interleaved: while a large input goes out, outputs come in, so neither side can wait
for the other for ever. Every exchange has a deadline; past it the sandbox counts as lost.
"""

import os
import select
import time
from collections.abc import Sequence
from typing import Any, Final, Protocol

from assay.errors import SandboxLost
from assay_agent.protocol import Frame, FrameError, FrameReader, pack_frame
from assay_workers.sandbox.abandonment import LOOK_S, check_wanted

__all__ = ["READ_BYTES", "ByteStream", "FrameChannel", "PipeStream"]

READ_BYTES: Final = 1 << 16
"""What a pipe holds; a larger buffer would be mapped and unmapped for every read."""


class ByteStream(Protocol):
    """What connects a worker with an agent; neither call ever blocks."""

    @property
    def descriptors(self) -> tuple[int, int]:
        """What to wait for: the descriptor to read from, and the one to write to."""
        ...

    def read(self) -> bytes | None:
        """What has come; None if nothing has.

        Raises:
            SandboxLost: the agent is gone.
        """
        ...

    def write(self, data: memoryview) -> int:
        """How many bytes of ``data`` were taken, which may be none.

        Raises:
            SandboxLost: the agent is gone.
        """
        ...


class PipeStream:
    """The worker's end of an agent's standard streams."""

    def __init__(self, write_to: int, read_from: int) -> None:
        self.descriptors = (read_from, write_to)
        os.set_blocking(write_to, False)
        os.set_blocking(read_from, False)

    def read(self) -> bytes | None:
        """Takes what is in the pipe."""
        try:
            data = os.read(self.descriptors[0], READ_BYTES)
        except BlockingIOError:
            return None
        if not data:
            raise SandboxLost("the agent has ended")
        return data

    def write(self, data: memoryview) -> int:
        """Gives what the pipe takes."""
        try:
            return os.write(self.descriptors[1], data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise SandboxLost(f"the agent takes no more: {error.strerror}") from error


class FrameChannel:
    """The worker's end of the conversation with an agent."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._reader = FrameReader()
        self._outgoing: list[memoryview] = []

    def send(self, header: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
        """Queues a frame; what the stream takes goes at once, the rest during `receive`.

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
            if (frame := self._parsed()) is not None:
                return frame
            self._exchange(deadline)

    def _parsed(self) -> Frame | None:
        try:
            return self._reader.next_frame()
        except FrameError as error:
            raise SandboxLost(f"the agent sent what is no frame: {error}") from error

    def next_frame(self) -> Frame | None:
        """A frame that has come; None if none has. What the stream takes is written.

        Raises:
            SandboxLost: the agent is gone, or sent what is no frame.
        """
        self._write()
        frame = self._parsed()
        while frame is None and (data := self._stream.read()):
            self._reader.feed(data)
            frame = self._parsed()
        return frame

    def waits_for(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The descriptors that must be readable, or writable, for `next_frame` to have anything new to do."""
        read_from, write_to = self._stream.descriptors
        return (read_from,), (write_to,) if self._outgoing else ()

    def is_silent(self) -> bool:
        """Whether nothing has come that nobody has read, not even the end."""
        return not select.select(self._stream.descriptors[:1], (), (), 0)[0]

    def _exchange(self, deadline: float) -> None:
        read_from, write_to = self._stream.descriptors
        writing = (write_to,) if self._outgoing else ()
        patience = deadline - time.monotonic()
        if patience <= 0:
            raise SandboxLost("the agent does not answer")
        readable, writable, _ = select.select((read_from,), writing, (), min(patience, LOOK_S))
        check_wanted()
        if writable:
            self._write()
        if readable and (data := self._stream.read()):
            self._reader.feed(data)

    def _write(self) -> None:
        while self._outgoing:
            written = self._stream.write(self._outgoing[0])
            if written == 0:
                return
            if written == len(self._outgoing[0]):
                self._outgoing.pop(0)
            else:
                self._outgoing[0] = self._outgoing[0][written:]
