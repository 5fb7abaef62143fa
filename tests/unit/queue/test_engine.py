"""Shards as RQ jobs. The client never connects: building a job makes no round trip."""

import json
import zlib

import redis
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import Priority
from assay.queue.engine import GRADE_SHARD, job_fields, job_of, line_queue, shard_of
from assay.queue.lines import Line
from assay.queue.port import Shard

LINE = Line("team-a", Priority.LOW)
QUEUE = line_queue(redis.Redis(), "as.say", LINE)
INDICES = st.lists(st.integers(0, 10**6), min_size=1, unique=True).map(tuple)


@given(indices=INDICES)
def test_a_job_carries_its_shard_as_json(indices: tuple[int, ...]) -> None:
    shard = Shard("b-1_x", indices, work_s=0.25, line=LINE)
    job = job_of(QUEUE, shard)
    assert shard_of(job) == shard
    names_and_values = job_fields(job)
    fields = dict(zip(names_and_values[::2], names_and_values[1::2], strict=True))
    function, _, arguments, _ = json.loads(zlib.decompress(fields["data"]))
    assert (function, arguments) == (GRADE_SHARD, ["b-1_x", list(indices), 0.25])
    assert fields["work_s"] == 0.25


@given(indices=INDICES)
def test_the_same_shard_has_the_same_id_and_its_first_half_another(indices: tuple[int, ...]) -> None:
    whole, again = job_of(QUEUE, Shard("b", indices)), job_of(QUEUE, Shard("b", indices))
    assert whole.id == again.id
    if len(indices) > 1:
        assert whole.id != job_of(QUEUE, Shard("b", indices[: len(indices) // 2])).id


def test_a_job_of_someone_else_is_no_shard() -> None:
    assert shard_of(QUEUE.create_job("builtins.print", args=("b", [1]))) is None
