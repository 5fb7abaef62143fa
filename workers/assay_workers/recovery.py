"""Gives back what a dead worker had taken, and finds the item that kills workers.

Every job is either in the queue or on the list of one worker, so nothing is lost with a worker: its list says what
it had. A shard that was being graded is split in halves, until the item that killed the worker stands alone and its
neighbours are graded without it. An item that stands alone is tried until its shard was taken up `shard_attempts`
times, the attempts it had in company included, but at least once alone; then it becomes the error `worker_lost`.

Two supervisors may see the same death. The list is watched, so that one of them wins and the other does nothing.
"""

from dataclasses import dataclass
from typing import Final, cast

import redis
import structlog
from redis.client import Pipeline
from redis.exceptions import WatchError
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.utils import as_text

from assay.errors import ServiceError
from assay.queue import scripts
from assay.queue.connection import redis_errors
from assay.queue.engine import fetch_job, job_fields, job_of, line_queue, shard_of
from assay.queue.keys import Keys
from assay.queue.ledger import Ledger
from assay.queue.port import Shard
from assay.queue.shards import split_in_halves
from assay.queue.sharing import PUSH, credit_s
from assay.settings import Settings

__all__ = ["Recovery", "Retrial", "plan_retrial"]

AFTERLIFE_S: Final = 10.0
"""How long a dead worker's list is still looked at: its last request for a job may be served after its death."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Retrial:
    """What becomes of a shard whose worker died."""

    shards: tuple[tuple[int, ...], ...]
    """Shards to enqueue."""
    attempts: int
    """How many attempts these shards count as having had."""
    lost: tuple[int, ...] = ()
    """Items that become the error `worker_lost`."""


def plan_retrial(unanswered: tuple[int, ...], *, attempts: int, most_attempts: int) -> Retrial:
    """Decides what becomes of a shard whose worker died.

    Arguments:
        unanswered: its items without a result.
        attempts: how often it was taken up; 0 if the worker died before it began.
        most_attempts: how often it may be (`Settings.shard_attempts`).
    """
    if not unanswered:
        return Retrial(shards=(), attempts=attempts)
    if attempts == 0:
        return Retrial(shards=(unanswered,), attempts=0)
    if len(unanswered) > 1:
        # An item that is alone for the first time has an attempt left, however many it had in company.
        return Retrial(shards=split_in_halves(unanswered), attempts=min(attempts, most_attempts - 1))
    if attempts < most_attempts:
        return Retrial(shards=(unanswered,), attempts=attempts)
    return Retrial(shards=(), attempts=attempts, lost=unanswered)


class Recovery:
    """Sees to the jobs of dead workers. Every method raises `QueueError` if Redis fails."""

    def __init__(self, client: redis.Redis, settings: Settings) -> None:
        self._redis = client
        self._settings = settings
        self._keys = Keys(settings.queue_name)
        self._ledger = Ledger(client, settings)
        self._lease = client.register_script(scripts.LEASE)
        self._expired = client.register_script(scripts.EXPIRED)
        self._forget = client.register_script(scripts.FORGET)
        self._push = client.register_script(PUSH)

    def declare_dead(self, worker: str) -> None:
        """Ends the lease of a worker whose process is known to have ended; `sweep` does the rest."""
        with redis_errors():
            self._lease(keys=[self._keys.workers], args=[worker, 0])

    def declare_all_dead(self) -> None:
        """Ends every lease; for a queue that nobody else can hold, before its first worker starts."""
        with redis_errors():
            workers = cast("list[bytes]", self._redis.zrange(self._keys.workers, 0, -1))
            for worker in workers:
                self.declare_dead(as_text(worker))

    def sweep(self) -> None:
        """Gives back what workers without a lease have taken."""
        with redis_errors():
            expired: list[bytes] = self._expired(keys=[self._keys.workers], args=[self._settings.shard_lease_s])
            for worker in map(bytes.decode, expired):
                taken = self._keys.taken(worker)
                self._give_back(worker, taken)
                self._forget(keys=[self._keys.workers, taken], args=[worker, AFTERLIFE_S])

    def _give_back(self, worker: str, taken: str) -> None:
        with self._redis.pipeline() as pipeline:
            try:
                pipeline.watch(taken)  # type: ignore[no-untyped-call]  # of redis-py
                job_ids = [as_text(job_id) for job_id in pipeline.lrange(taken, 0, -1)]
                if not job_ids:
                    return
                plans = [(job_id, self._plan(job_id)) for job_id in job_ids]
                pipeline.multi()
                pipeline.delete(taken)
                for job_id, plan in plans:
                    pipeline.delete(Job.key_for(job_id))
                    if plan is not None:
                        self._enqueue(pipeline, *plan)
                pipeline.execute()
            except WatchError:
                return
        _log.warning("shards_given_back", worker=worker, jobs=job_ids)

    def _plan(self, job_id: str) -> tuple[Shard, Retrial] | None:
        try:
            shard = shard_of(fetch_job(self._redis, job_id))
        except NoSuchJobError:
            return None
        if shard is None:
            _log.error("foreign_job_dropped", job=job_id)
            return None
        unanswered = self._ledger.unanswered(shard.batch_id, shard.indices)
        attempts = self._ledger.attempts(shard.batch_id, shard.indices[0])
        retrial = plan_retrial(unanswered, attempts=attempts, most_attempts=self._settings.shard_attempts)
        if retrial.lost:
            error = ServiceError("the workers that held the item died", code="worker_lost")
            self._ledger.record_error(shard.batch_id, retrial.lost, error, attempts)
            _log.error("items_lost", batch=shard.batch_id, indices=retrial.lost, code=error.code)
        return shard, retrial

    def _enqueue(self, pipeline: Pipeline, shard: Shard, retrial: Retrial) -> None:
        line = line_queue(self._redis, self._settings.queue_name, shard.line)
        for indices in reversed(retrial.shards):
            pipeline.hset(self._keys.batch(shard.batch_id).attempts, str(indices[0]), retrial.attempts)
            # They have waited once; the batch they belong to may be waiting for them alone.
            job = job_of(line, shard.part(indices))
            self._push(
                keys=[*self._keys.sharing, job.key, line.key],
                args=[shard.line.name, credit_s(self._settings), job.id, *job_fields(job)],
                client=pipeline,
            )
