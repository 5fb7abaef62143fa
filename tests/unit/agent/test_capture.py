"""Output is taken as it comes, within caps, and messages are cut out of a stream however it arrives."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_agent.capture import Capture, MessageReader
from assay_agent.values import MAX_VALUE_BYTES


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_a_stream_that_has_nothing_yet_does_not_block(pipe: tuple[int, int]) -> None:
    capture = Capture(pipe[0], 10)
    assert capture.read()
    assert capture.data == b""


def test_a_stream_up_to_the_cap_is_kept(pipe: tuple[int, int]) -> None:
    capture = Capture(pipe[0], 10)
    os.write(pipe[1], b"0123456789")
    assert capture.read()
    assert (capture.data, capture.overflowed) == (b"0123456789", False)


def test_a_stream_over_the_cap_overflows_and_keeps_its_beginning(pipe: tuple[int, int]) -> None:
    capture = Capture(pipe[0], 10)
    for chunk in (b"01234", b"56789", b"x"):
        os.write(pipe[1], chunk)
        capture.read()
    assert (capture.data, capture.overflowed) == (b"0123456789", True)


def test_the_end_of_a_stream_is_told() -> None:
    read_from, write_to = os.pipe()
    capture = Capture(read_from, 10)
    os.write(write_to, b"x")
    os.close(write_to)
    assert capture.read()
    assert not capture.read()
    assert capture.data == b"x"
    os.close(read_from)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=30))
def test_the_end_is_kept_where_asked_and_never_overflows(chunks: list[bytes]) -> None:
    read_from, write_to = os.pipe()
    capture = Capture(read_from, 16, keep_end=True)
    for chunk in chunks:
        os.write(write_to, chunk)
        capture.read()
    assert (capture.data, capture.overflowed) == (b"".join(chunks)[-16:], False)
    os.close(read_from)
    os.close(write_to)


@given(st.lists(st.binary(max_size=50), max_size=6), st.integers(1, 40))
def test_messages_arrive_whole_in_any_split(messages: list[bytes], step: int) -> None:
    stream = b"".join(len(message).to_bytes(4, "big") + message for message in messages)
    reader = MessageReader()
    received = [m for start in range(0, len(stream), step) for m in reader.feed(stream[start : start + step])]
    assert received == messages


def test_a_message_over_the_cap_is_refused_before_it_comes() -> None:
    with pytest.raises(ValueError, match="cap"):
        MessageReader().feed((MAX_VALUE_BYTES + 2).to_bytes(4, "big"))
