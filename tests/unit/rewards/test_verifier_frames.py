import json
import socket
import struct
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay_workers.rewards.verifier_frames import FrameError, read_frame, write_frame

LIMIT_BYTES = 10_000

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.text(max_size=9), st.text(st.characters(), max_size=99) | st.none() | st.booleans(), max_size=3
    )
)
def test_a_message_arrives_as_it_was_sent(pair: Pair, message: dict[str, object]) -> None:
    write_frame(pair[0], message)
    assert read_frame(pair[1], LIMIT_BYTES) == message


def test_the_end_of_the_connection_is_no_message(pair: Pair) -> None:
    pair[0].close()
    assert read_frame(pair[1], LIMIT_BYTES) is None


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x00",
        struct.pack(">I", LIMIT_BYTES + 1),
        struct.pack(">I", 5) + b"{}",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 2) + b"\xff\xff",
        struct.pack(">I", 8_000) + b"[" * 8_000,
    ],
)
def test_what_is_no_frame_is_refused(pair: Pair, sent: bytes) -> None:
    pair[0].sendall(sent)
    pair[0].close()
    with pytest.raises(FrameError):
        read_frame(pair[1], LIMIT_BYTES)


def test_a_frame_that_drips_in_is_late(pair: Pair) -> None:
    body = json.dumps({"a": 1}).encode()
    pair[0].sendall(struct.pack(">I", len(body)) + body[:-1])
    started_s = time.monotonic()
    with pytest.raises(TimeoutError):
        read_frame(pair[1], LIMIT_BYTES, started_s + 0.1)
    assert time.monotonic() - started_s < 5
