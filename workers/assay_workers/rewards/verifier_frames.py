"""What the mathematics verifier and its processes say to each other.

With a child it exchanges frames: a length of four bytes, then JSON. The child handles what models wrote, so its
frames are bounded before they are read, and are data only. The template that forks children takes orders of one
byte and answers with an integer.
"""

import json
import socket
import struct
import time
from typing import Any, Final

__all__ = ["END", "FORK", "INTEGER", "FrameError", "read_frame", "write_frame"]

FORK: Final = b"F"
"""The order, with a socket, to fork a child that serves there."""
END: Final = b"E"
"""The order to end the child."""
INTEGER: Final = struct.Struct("=i")
"""A process id, -1 if there is none, or a wait status."""

_LENGTH: Final = struct.Struct(">I")
_CHUNK_BYTES: Final = 1 << 20

Message = dict[str, Any]


class FrameError(ConnectionError):
    """What arrived is not a frame, or is larger than allowed."""


def write_frame(peer: socket.socket, message: Message) -> None:
    """Sends one message.

    Raises:
        OSError: the peer is gone, or the socket's timeout has passed.
    """
    body = json.dumps(message).encode()
    peer.sendall(_LENGTH.pack(len(body)) + body)


def read_frame(peer: socket.socket, limit_bytes: int, deadline: float | None = None) -> Message | None:
    """Receives one message, or None if the peer has closed its end instead.

    Args:
        peer: the connection.
        limit_bytes: the largest body that is accepted.
        deadline: the time on the monotonic clock, in seconds, until which the whole frame must have arrived.

    Raises:
        FrameError: the frame is broken or too large.
        TimeoutError: the deadline has passed.
        OSError: the connection failed.
    """
    head = _read(peer, _LENGTH.size, deadline)
    if not head:
        return None
    if len(head) < _LENGTH.size or (length := _LENGTH.unpack(head)[0]) > limit_bytes:
        raise FrameError("the frame is broken or too large")
    body = _read(peer, length, deadline)
    if len(body) < length:
        raise FrameError("the frame is cut off")
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FrameError("the frame is not JSON") from error
    if not isinstance(message, dict):
        raise FrameError("the frame is not an object")
    return message


def _read(peer: socket.socket, length: int, deadline: float | None) -> bytes:
    """Receives ``length`` bytes, or fewer if the peer closes its end before."""
    received = bytearray()
    while len(received) < length:
        if deadline is not None:
            # A timeout of 0 would mean "do not wait" and fail differently; a negative one is an error.
            peer.settimeout(max(deadline - time.monotonic(), 1e-3))
        chunk = peer.recv(min(_CHUNK_BYTES, length - len(received)))
        if not chunk:
            break
        received += chunk
    return bytes(received)
