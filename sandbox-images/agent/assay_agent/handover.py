"""A file that a program leaves, instead of printing: opened before the program starts, read after its end.

The cell, while it is still ours, makes the file and hands the agent a descriptor of it. So no path is followed when
everything in the cell's folder is hostile, and it does not matter when the folder is emptied. A program that puts
another file in its place has left that one empty.
"""

import os
import socket
from typing import Final

__all__ = ["give", "take"]

_CHUNK_BYTES: Final = 1 << 20


def give(channel: int, name: str) -> None:
    """Makes the file ``name`` in the working directory, and sends its descriptor over the socket ``channel``.

    Raises:
        OSError: it cannot be made.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o644)
    connection = socket.socket(fileno=os.dup(channel))
    try:
        socket.send_fds(connection, [b"."], [descriptor])
    finally:
        connection.close()
        os.close(descriptor)


def take(channel: int, cap: int) -> tuple[bytes, bool]:
    """The content of the file that was sent over the socket ``channel``, up to ``cap`` bytes; whether it is more.

    A cell that ended before it sent any has left nothing.
    """
    connection = socket.socket(fileno=os.dup(channel))
    connection.setblocking(False)
    try:
        _, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
    except BlockingIOError:
        descriptors = []
    finally:
        connection.close()
    if not descriptors:
        return b"", False
    try:
        return _read(descriptors[0], cap)
    finally:
        os.close(descriptors[0])


def _read(descriptor: int, cap: int) -> tuple[bytes, bool]:
    content = bytearray()
    while len(content) <= cap:
        chunk = os.pread(descriptor, min(_CHUNK_BYTES, cap + 1 - len(content)), len(content))
        if not chunk:
            break
        content += chunk
    return bytes(content[:cap]), len(content) > cap
