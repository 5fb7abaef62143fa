"""The bytes of an attached container: what goes to its standard input and comes from its standard output.

The engine hands the connection over after its answer (an HTTP upgrade) and from then on wraps what comes in
packets: one byte that names the stream, three of nothing, four of length (Engine API, "Attach to a container").
Standard error is kept aside, for the message when an agent does not come up.
"""

import select
import ssl
import struct
from typing import TYPE_CHECKING, Any, Final

from assay.errors import SandboxLost
from assay_workers.sandbox.channel import READ_BYTES

if TYPE_CHECKING:
    import socket

__all__ = ["AttachedStream", "Demultiplexer"]

_HEAD: Final = struct.Struct("!BxxxI")
_STDOUT: Final = 1
_KEPT_COMPLAINT_BYTES: Final = 4096


class Demultiplexer:
    """Takes the engine's packets apart, however their bytes arrive."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._stream = 0
        self._left = 0
        self._complaint = b""

    def feed(self, data: bytes) -> bytes:
        """What of standard output ``data`` brings."""
        self._buffer += data
        taken, place = [], 0
        while place < len(self._buffer):
            if not self._left:
                if len(self._buffer) - place < _HEAD.size:
                    break
                self._stream, self._left = _HEAD.unpack_from(self._buffer, place)
                place += _HEAD.size
                continue
            chunk = bytes(self._buffer[place : place + self._left])
            place += len(chunk)
            self._left -= len(chunk)
            if self._stream == _STDOUT:
                taken.append(chunk)
            else:
                self._complaint = (self._complaint + chunk)[-_KEPT_COMPLAINT_BYTES:]
        del self._buffer[:place]
        return b"".join(taken)

    @property
    def complaint(self) -> str:
        """The end of standard error so far."""
        return self._complaint.decode("utf-8", "replace").strip()


class AttachedStream:
    """A connection that the engine has handed over; see `assay_workers.sandbox.channel.ByteStream`."""

    def __init__(self, attached: Any) -> None:
        """``attached`` is what docker-py gives: a socket, or a file around one, which keeps it open."""
        self._attached = attached
        self._socket: socket.socket = getattr(attached, "_sock", attached)
        self._socket.setblocking(False)
        self._demultiplexer = Demultiplexer()
        self.descriptors = (self._socket.fileno(), self._socket.fileno())

    @property
    def complaint(self) -> str:
        """What the agent has written to standard error."""
        return self._demultiplexer.complaint

    def read(self) -> bytes | None:
        """Takes what has come of standard output."""
        try:
            data = self._socket.recv(READ_BYTES)
            while isinstance(self._socket, ssl.SSLSocket) and (decrypted := self._socket.pending()):
                data += self._socket.recv(decrypted)  # of which the descriptor knows nothing
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        except OSError as error:
            raise SandboxLost(f"the connection with the container broke: {error}") from error
        if not data:
            raise SandboxLost(f"the container has ended: {self.complaint or 'it said nothing'}")
        return self._demultiplexer.feed(data)

    def write(self, data: memoryview) -> int:
        """Gives what the connection takes."""
        try:
            return self._socket.send(data[: READ_BYTES * 16])
        except (BlockingIOError, ssl.SSLWantWriteError):
            return 0
        except OSError as error:
            raise SandboxLost(f"the connection with the container broke: {error}") from error

    def drain(self, wait_s: float) -> None:
        """Reads what a container that has ended may still have said, for at most ``wait_s`` a time."""
        try:
            while select.select(self.descriptors[:1], (), (), wait_s)[0]:
                self.read()
        except SandboxLost:
            return

    def close(self) -> None:
        """Hangs up, which the agent notices."""
        self._socket.close()
        self._attached.close()
