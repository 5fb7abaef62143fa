"""The agent's side of programs that talk: nothing blocks, nothing is lost, and waiting is told from working."""

import os
import select
from collections.abc import Iterator

import pytest

from assay_agent.talk import BUSY, IDLE, SHUT, Hearing, Idleness, Speech

LOOK_S = 0.1


def _looks(idleness: Idleness, count: int, *, now: float = 0.0, spent_s: float = 0.0) -> list[str]:
    changes = (idleness.look(now + number * LOOK_S, spent_s) for number in range(1, count + 1))
    return [change for change in changes if change is not None]


def test_a_program_is_idle_after_five_quiet_seconds_and_busy_once_it_stirs() -> None:
    idleness = Idleness(0.0)
    assert _looks(idleness, 45) == []
    assert _looks(idleness, 10, now=4.5) == [IDLE]
    assert _looks(idleness, 30, now=5.5) == []
    idleness.stir()
    assert _looks(idleness, 1, now=9.0) == [BUSY]


@pytest.mark.parametrize("spent_s", [0.2, -0.2])
def test_work_and_waiting_for_a_processor_is_no_idleness(spent_s: float) -> None:
    idleness = Idleness(0.0)
    changes = [idleness.look(second * 1.0, spent_s * second) for second in range(1, 60)]
    assert not any(changes)


def test_a_machine_that_stood_still_says_nothing_of_the_program() -> None:
    idleness = Idleness(0.0)
    assert idleness.look(600.0, 0.0) is None


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


def test_what_a_program_does_not_read_yet_is_kept_in_order(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    hearing, poll = Hearing(writing), select.poll()
    sent = bytes(range(256)) * 4096
    for start in range(0, len(sent), 100_000):
        hearing.give(sent[start : start + 100_000])
    hearing.shut()
    read = bytearray()
    while chunk := os.read(reading, 1 << 16):
        read += chunk
        hearing.enlist(poll)
        if poll.poll(0):
            hearing.write()
    assert bytes(read) == sent
    hearing.enlist(poll)
    assert poll.poll(0) == []
    hearing.close()


def test_what_is_printed_is_passed_on_up_to_the_cap_and_the_end_is_told_once(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    told: list[tuple[str, bytes]] = []
    speech = Speech(reading, 5, lambda operation, *blobs: told.append((operation, b"".join(blobs))))
    for chunk in (b"abc", b"defg", b"h"):
        os.write(writing, chunk)
        assert speech.read()
    os.close(writing)
    assert not speech.read()
    assert not speech.read()
    assert told == [("message", b"abc"), ("message", b"de"), (SHUT, b"")]
    assert (speech.data, speech.overflowed) == (b"abcde", True)
