"""Undoes the `Content-Encoding` of a body, within a bound. Pure."""

import io
import zlib
from typing import Final

import zstandard

from assay.errors import RequestError

__all__ = ["ENCODINGS", "check_encoding", "decode_body"]

ENCODINGS: Final = ("gzip", "zstd")
_GZIP: Final = 16 + zlib.MAX_WBITS
_PIECE: Final = 1 << 20
_MOST_WINDOW: Final = 1 << 27
"""What zstd's own command takes without being told to take more."""


def check_encoding(value: str | None) -> str | None:
    """The encoding a body has, None if it has none.

    Raises:
        RequestError: ``unsupported_media_type``.
    """
    name = (value or "").strip().lower()
    if name in {"", "identity"}:
        return None
    if name not in ENCODINGS:
        hint = f"send it as it is, or as one of: {', '.join(ENCODINGS)}"
        raise RequestError(f"'{name[:100]}' is no known encoding", code="unsupported_media_type", hint=hint)
    return name


def decode_body(body: bytes | bytearray, encoding: str, max_bytes: int) -> bytes:
    """The body without its encoding.

    Raises:
        RequestError: ``body_too_large``, it becomes larger than ``max_bytes``; ``invalid_encoding``.
    """
    try:
        decoded = _gunzip(body, max_bytes + 1) if encoding == "gzip" else _unzstd(body, max_bytes + 1)
    except (zlib.error, zstandard.ZstdError, EOFError) as error:
        raise RequestError(f"the body is no {encoding}: {error}", code="invalid_encoding") from error
    if len(decoded) > max_bytes:
        bound = f"{max_bytes >> 20} MiB (`max_body_mb`)"
        message = f"the body is larger than {bound} when it is decoded"
        raise RequestError(message, code="body_too_large", hint="send several smaller batches")
    return decoded


def _gunzip(body: bytes | bytearray, most: int) -> bytes:
    """At most ``most`` bytes; several members follow each other, as gzip allows (RFC 1952, 2.2)."""
    decoded, rest = bytearray(), bytes(body)
    while rest and len(decoded) < most:
        member = zlib.decompressobj(_GZIP)
        decoded += member.decompress(rest, most - len(decoded))
        if not member.eof and len(decoded) < most:
            raise EOFError("it ends too early")
        rest = member.unused_data
    return bytes(decoded)


def _unzstd(body: bytes | bytearray, most: int) -> bytes:
    """At most ``most`` bytes, of one frame or several."""
    decoded = bytearray()
    decompressor = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW)
    with decompressor.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
        while len(decoded) < most and (piece := reader.read(min(_PIECE, most - len(decoded)))):
            decoded += piece
    return bytes(decoded)
