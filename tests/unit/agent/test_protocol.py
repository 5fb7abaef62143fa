"""Frames arrive whole however the bytes arrive, and what is no frame is refused before anything is allocated."""

import json
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_agent.protocol import Frame, FrameError, FrameReader, pack_frame, read_exactly, write_all

_TEXTS = st.text(max_size=20)
_HEADERS = st.dictionaries(
    _TEXTS.filter(lambda key: key != "sizes"), st.none() | st.integers() | _TEXTS, max_size=4
)
_FRAMES = st.builds(Frame, _HEADERS, st.lists(st.binary(max_size=200), max_size=4).map(tuple))


def _frame(header: object, raw: bytes = b"") -> bytes:
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("!II", len(encoded), len(raw)) + encoded + raw


def _read_all(reader: FrameReader) -> list[Frame]:
    frames = []
    while (frame := reader.next_frame()) is not None:
        frames.append(frame)
    return frames


@given(st.lists(_FRAMES, max_size=4), st.lists(st.integers(1, 60), min_size=1, max_size=30))
def test_any_split_of_the_stream_gives_the_same_frames(frames: list[Frame], sizes: list[int]) -> None:
    stream = b"".join(pack_frame(frame.header, frame.blobs) for frame in frames)
    reader, received, start = FrameReader(), [], 0
    while start < len(stream):
        size = sizes[start % len(sizes)]
        reader.feed(stream[start : start + size])
        received += _read_all(reader)
        start += size
    assert received == frames


@given(st.binary(max_size=300))
def test_hostile_bytes_raise_nothing_but_a_frame_error(data: bytes) -> None:
    reader = FrameReader()
    reader.feed(data)
    try:
        frames = _read_all(reader)
    except FrameError:
        return
    assert all(isinstance(frame.header, dict) for frame in frames)


@pytest.mark.parametrize(
    ("header", "raw"),
    [
        ({}, b""),
        ({"sizes": [1]}, b""),
        ({"sizes": [1, -1, 1]}, b"x"),
        ({"sizes": [1.0]}, b"x"),
        ({"sizes": [True]}, b"x"),
        ({"sizes": "1"}, b"x"),
        ({"sizes": 1}, b"x"),
        ({"sizes": {"1": 1}}, b"x"),
        ([], b""),
        (["sizes"], b""),
        ("sizes", b""),
        (None, b""),
        (b"{", b""),
        (b"\xff", b""),
        (b"", b""),
        (b"[" * 100_000, b""),
        (b'{"sizes":[' + b"9" * 10_000 + b"]}", b""),
    ],
)
def test_a_malformed_header_is_refused(header: object, raw: bytes) -> None:
    reader = FrameReader()
    reader.feed(_frame(header, raw))
    with pytest.raises(FrameError):
        reader.next_frame()


@pytest.mark.parametrize("lengths", [(1 << 21, 0), (10, 1001), (0xFFFF_FFFF, 0xFFFF_FFFF)])
def test_a_length_over_the_cap_is_refused_before_the_bytes_come(lengths: tuple[int, int]) -> None:
    reader = FrameReader(max_bytes=1000)
    reader.feed(struct.pack("!II", *lengths))
    with pytest.raises(FrameError):
        reader.next_frame()


def test_a_stream_that_ends_within_a_message_is_no_message() -> None:
    read_from, write_to = os.pipe()
    write_all(write_to, b"abc")
    os.close(write_to)
    with pytest.raises(EOFError):
        read_exactly(read_from, 4)
    os.close(read_from)
