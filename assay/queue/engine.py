"""RQ, and what a shard looks like as one of its jobs.

A job names a function of the workers by its dotted name, so that the service need not import them; its
arguments are JSON. Its id is made of the batch, the first index and the number of items: live shards of a
batch are disjoint, so that no two share an id, and a shard that is given back as it was keeps its own.
"""

from typing import Any, Final

import redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from assay.queue.lines import Line
from assay.queue.port import Shard

__all__ = ["GRADE_SHARD", "fetch_job", "job_fields", "job_of", "line_queue", "shard_of", "stems"]

GRADE_SHARD: Final = "assay_workers.job.grade_shard"
NO_TIMEOUT: Final = -1
"""A shard has no limit of its own: every test in it has, and a worker that hangs loses its lease."""
DISCARD_AT_ONCE: Final = 0
"""Results are in the ledger; RQ keeps none."""


def line_queue(connection: redis.Redis, prefix: str, line: Line) -> Queue:
    """The RQ queue of a line; makes no round trip.

    Arguments:
        connection: the Redis.
        prefix: `Settings.queue_name`.
        line: the line.
    """
    return Queue(
        f"{prefix}.{line.name}", connection=connection, serializer=JSONSerializer, default_timeout=NO_TIMEOUT
    )


def stems(prefix: str) -> tuple[str, str]:
    """What the keys of the lines' queues begin with (a line's name follows), and those of jobs (an id follows)."""
    return f"{Queue.redis_queue_namespace_prefix}{prefix}.", Job.redis_job_namespace_prefix


def job_of(queue: Queue, shard: Shard) -> Job:
    """The RQ job of a shard, not enqueued; makes no round trip."""
    job_id = f"{shard.batch_id}-{shard.indices[0]}-{len(shard.indices)}"
    job = queue.create_job(
        GRADE_SHARD,
        args=(shard.batch_id, list(shard.indices), shard.work_s),
        job_id=job_id,
        description=job_id,
        timeout=NO_TIMEOUT,
        result_ttl=DISCARD_AT_ONCE,
        failure_ttl=DISCARD_AT_ONCE,
    )
    job.origin = queue.name
    return job


def job_fields(job: Job) -> list[Any]:
    """Names and values of a job's Redis hash, in turn, but the empty ones; `assay.queue.sharing` reads `work_s`."""
    fields = {name: value for name, value in job.to_dict().items() if value not in ("", None)}
    return [part for field in {**fields, "work_s": job.args[2]}.items() for part in field]


def fetch_job(connection: redis.Redis, job_id: str) -> Job:
    """Loads a job that was taken from a line.

    Raises:
        rq.exceptions.NoSuchJobError: it was cancelled meanwhile.
    """
    return Job.fetch(job_id, connection=connection, serializer=JSONSerializer)


def shard_of(job: Job) -> Shard | None:
    """The shard of a job, or None if the job is none of ours."""
    match job.func_name, job.args:
        case (name, [str(batch_id), [*indices], int() | float() as work_s]) if name == GRADE_SHARD:
            return Shard(batch_id, tuple(int(index) for index in indices), work_s, Line.of_queue(job.origin))
    return None
