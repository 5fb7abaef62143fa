"""The parts of the Docker driver that need no engine."""

import struct
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import Limits
from assay_workers.sandbox.docker.container import memory_for
from assay_workers.sandbox.docker.identities import choose_identities, container_name
from assay_workers.sandbox.docker.stream import Demultiplexer

_PACKETS = st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=50)), max_size=10)


@given(_PACKETS, st.integers(1, 20))
def test_the_streams_are_told_apart_however_their_bytes_arrive(packets: list[tuple[int, bytes]], step: int) -> None:
    wire = b"".join(struct.pack("!BxxxI", stream, len(data)) + data for stream, data in packets)
    demultiplexer = Demultiplexer()
    taken = b"".join(demultiplexer.feed(wire[place : place + step]) for place in range(0, len(wire), step))
    assert taken == b"".join(data for stream, data in packets if stream == 1)
    said = b"".join(data for stream, data in packets if stream == 2)
    assert demultiplexer.complaint == said.decode("utf-8", "replace").strip()


def test_only_the_end_of_complaints_is_kept() -> None:
    demultiplexer = Demultiplexer()
    for _ in range(100):
        demultiplexer.feed(struct.pack("!BxxxI", 2, 1000) + b"x" * 999 + b"\n")
    assert len(demultiplexer.complaint) <= 4096


@pytest.mark.parametrize("remapped", [False, True])
def test_ranges_of_users_do_not_overlap_and_fit(remapped: bool) -> None:
    ranges = sorted(choose_identities(remapped), key=lambda each: each.first)
    assert len({container_name(each) for each in ranges}) == len(ranges)
    for one, next_one in zip(ranges, islice(ranges, 1, None), strict=False):
        assert one.first + one.size <= next_one.first
    last = ranges[-1].first + ranges[-1].size
    assert last <= (65_536 if remapped else (1 << 32) - 2)
    assert ranges[0].first >= 1000


@given(st.integers(16, 65_536), st.integers(0, 1024))
def test_a_cells_own_limit_is_met_before_the_containers(memory_mb: int, file_mb: int) -> None:
    limits = Limits(memory_mb=memory_mb, file_mb=file_mb)
    assert memory_for(limits) >= memory_mb + file_mb + 128
