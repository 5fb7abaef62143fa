"""Frames: the one format in which worker, agent and cells speak over byte streams.

A frame is two big-endian 32-bit lengths, a JSON object of the first length and raw bytes of the second. The
JSON object's `sizes` cut the raw bytes into blobs. Lengths are checked against a cap before anything is
allocated, and nothing but JSON is ever parsed.
"""

import json
import os
import struct
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

__all__ = [
    "MAX_FRAME_BYTES",
    "PROTOCOL_VERSION",
    "Frame",
    "FrameError",
    "FrameReader",
    "pack_frame",
    "read_exactly",
    "write_all",
]

PROTOCOL_VERSION: Final = 5
"""What worker and agent must agree upon: one more with every change of what their frames hold or mean.

The agent says it in its greeting. Agents older than that, which say none, spoke version 1 and those before it.
"""

MAX_FRAME_BYTES: Final = 1 << 30
"""Largest frame in bytes: a submission with its files, or the outputs of one test."""
_MAX_HEADER_BYTES: Final = 1 << 20
_LENGTHS: Final = struct.Struct("!II")


class FrameError(Exception):
    """The peer sent what is no frame, or closed the stream within one."""


class Frame(NamedTuple):
    """One message: a JSON object and blobs of raw bytes."""

    header: dict[str, Any]
    blobs: tuple[bytes, ...] = ()


def pack_frame(header: dict[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """The bytes of a frame; ``header`` must be plain JSON and must not use the key `sizes`."""
    encoded = json.dumps({**header, "sizes": [len(blob) for blob in blobs]}, separators=(",", ":")).encode()
    return b"".join((_LENGTHS.pack(len(encoded), sum(map(len, blobs))), encoded, *blobs))


def _parse(encoded: bytes, raw: bytes) -> Frame:
    try:
        header = json.loads(encoded)
        sizes = header.pop("sizes")
        if any(type(size) is not int or size < 0 for size in sizes) or sum(sizes) != len(raw):
            raise FrameError("the sizes of a frame do not add up")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FrameError(f"malformed frame header: {type(error).__name__}") from error
    blobs, start = [], 0
    for size in sizes:
        blobs.append(raw[start : start + size])
        start += size
    return Frame(header, tuple(blobs))


class FrameReader:
    """Cuts a stream of bytes into frames, however the bytes arrive."""

    def __init__(self, max_bytes: int = MAX_FRAME_BYTES) -> None:
        self._buffer = bytearray()
        self._max_bytes = max_bytes

    def feed(self, data: bytes) -> None:
        """Takes more bytes of the stream."""
        self._buffer += data

    def next_frame(self) -> Frame | None:
        """The next complete frame, or None if more bytes are needed.

        Raises:
            FrameError: the stream holds what is no frame, or one over the cap.
        """
        if len(self._buffer) < _LENGTHS.size:
            return None
        header_size, raw_size = _LENGTHS.unpack_from(self._buffer)
        if header_size > _MAX_HEADER_BYTES or raw_size > self._max_bytes:
            raise FrameError(f"a frame of {header_size} + {raw_size} bytes is over the cap")
        end = _LENGTHS.size + header_size + raw_size
        if len(self._buffer) < end:
            return None
        view = memoryview(self._buffer)
        encoded = bytes(view[_LENGTHS.size : _LENGTHS.size + header_size])
        raw = bytes(view[_LENGTHS.size + header_size : end])
        view.release()
        del self._buffer[:end]
        return _parse(encoded, raw)


def read_exactly(descriptor: int, size: int) -> bytes:
    """Reads ``size`` bytes from a blocking descriptor.

    Raises:
        EOFError: the stream ended before.
    """
    chunks = []
    while size > 0:
        chunk = os.read(descriptor, min(size, 1 << 20))
        if not chunk:
            raise EOFError("the stream ended within a message")
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def write_all(descriptor: int, data: bytes) -> None:
    """Writes all of ``data`` to a blocking descriptor."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
