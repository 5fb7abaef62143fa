"""Files that a program leaves, instead of printing or besides: opened before it starts, read after its end.

The cell, while it is still ours, makes each file and hands the agent a descriptor of it. So no path is followed
when everything in the cell's folder is hostile, and it does not matter when the folder is emptied. A program that
puts another file in its place has left that one empty.
"""

import os
import socket
from collections.abc import Sequence
from typing import Final

__all__ = ["give", "make_room", "take"]

_CHUNK_BYTES: Final = 1 << 20


def make_room(name: str) -> None:
    """Makes the folders that ``name``, relative to the working directory, lies in."""
    if "/" in name:
        os.makedirs(os.path.dirname(name), exist_ok=True)


def give(channel: int, names: Sequence[str]) -> None:
    """Makes the files ``names`` in the working directory, and sends their descriptors over the socket ``channel``.

    Raises:
        OSError: one cannot be made.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    connection = socket.socket(fileno=os.dup(channel))
    descriptors: list[int] = []
    try:
        for name in names:
            make_room(name)
            descriptors.append(os.open(name, flags, 0o644))
        socket.send_fds(connection, [b"."], descriptors)
    finally:
        connection.close()
        for descriptor in descriptors:
            os.close(descriptor)


def take(channel: int, count: int, cap: int) -> tuple[list[bytes], bool]:
    """The contents of the ``count`` files that were sent over the socket ``channel``; whether they are too much.

    All together are cut at ``cap`` bytes. A cell that ended before it sent any has left nothing in them.
    """
    connection = socket.socket(fileno=os.dup(channel))
    connection.setblocking(False)
    try:
        _, descriptors, _, _ = socket.recv_fds(connection, 1, count)
    except BlockingIOError:
        descriptors = []
    finally:
        connection.close()
    contents, too_much = [], False
    try:
        for descriptor in descriptors:
            content, more = _read(descriptor, cap)
            contents.append(content)
            cap -= len(content)
            too_much = too_much or more
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
    return contents or [b""] * count, too_much


def _read(descriptor: int, cap: int) -> tuple[bytes, bool]:
    content = bytearray()
    while len(content) <= cap:
        chunk = os.pread(descriptor, min(_CHUNK_BYTES, cap + 1 - len(content)), len(content))
        if not chunk:
            break
        content += chunk
    return bytes(content[:cap]), len(content) > cap
