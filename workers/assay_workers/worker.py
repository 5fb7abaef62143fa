"""One worker process: an RQ worker that grades shards in its own process, one after the other.

RQ's worker is made for jobs of minutes that may hang or leak, and pays for it with a fork and some twenty round
trips per job. A shard takes half a second and is isolated by sandboxes, so this worker keeps of RQ the queue,
the job, the registration and the loop, and leaves out the rest: no fork, no alarm, no execution registries,
no suspension check, no command channel.

What it takes moves in one step from a line (`assay.queue.sharing` says which) to a list of its own (`Keys.taken`),
and leaves that list when it is done, or when the rest of it is given back for the sake of somebody else. As long as
the worker renews its lease, what is on the list is its; `assay_workers.recovery` gives back the list of a dead one.
"""

import signal
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import redis
import structlog
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import NoSuchJobError, StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import as_text
from rq.worker import SimpleWorker, WorkerStatus
from rq.worker_registration import clean_worker_registry

from assay.queue import scripts
from assay.queue.connection import connect
from assay.queue.engine import fetch_job, job_fields, job_of, line_queue, shard_of, stems
from assay.queue.keys import Keys
from assay.queue.ledger import Ledger
from assay.queue.lines import Line
from assay.queue.port import Shard
from assay.queue.sharing import TAKE, YIELD, credit_s
from assay.queue.verdicts import Verdicts
from assay.settings import Settings
from assay_workers.job import ShardRunner, use_runner
from assay_workers.port import Grader

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["Lease", "ShardWorker", "work"]

TAKE_S: Final = 2
"""How long an idle worker waits for the bell before it looks by itself."""
RENEWALS_PER_LEASE: Final = 6
REGISTRATION_S: Final = 30
"""How long RQ believes in a silent worker (it adds a minute), and with that how long it lets a command take."""
PAUSE_S: Final = 0.5
"""Between two attempts to take a job from a Redis that is away or refuses."""

_log = structlog.get_logger(__name__)


class ShardWorker(SimpleWorker):
    """Takes shards from the queue and performs them, until it is asked to stop.

    `SIGTERM` ends it when the shard in progress is done.
    """

    def __init__(self, client: redis.Redis, name: str, settings: Settings) -> None:
        # RQ registers a worker with a queue; this one serves whatever line is next.
        self._queue = line_queue(client, settings.queue_name, Line())
        super().__init__(
            [self._queue],
            name=name,
            connection=client,
            serializer=JSONSerializer,
            worker_ttl=REGISTRATION_S,
        )
        self._settings = settings
        self._keys = Keys(settings.queue_name)
        self._taken = self._keys.taken(name)
        self._stems = stems(settings.queue_name)
        self._finish = client.register_script(scripts.FINISH)
        self._take = client.register_script(TAKE)
        self._yield = client.register_script(YIELD)

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Waits for a job; outlasts a Redis that is away."""
        del timeout, max_idle_time
        while not self._stop_requested:
            try:
                job_id = self._take(keys=[*self._keys.sharing, self._taken], args=self._stems)
                if job_id is None:
                    self.connection.blpop([self._keys.bell], TAKE_S)
                elif job := self._load(as_text(job_id)):
                    return job, self._queue
            except RedisError as error:
                _log.warning("redis_away", worker=self.name, error=str(error))
                time.sleep(PAUSE_S)
        return None

    def _load(self, job_id: str) -> Job | None:
        try:
            return fetch_job(self.connection, job_id)
        except NoSuchJobError:  # cancelled while it was on its way
            self.connection.lrem(self._taken, 1, job_id)
            return None

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Performs the job in this process, then removes it.

        An exception ends the worker: the job stays on its list, and is given back from there.
        """
        del queue
        self._state = WorkerStatus.BUSY
        try:
            rest: list[int] = job.perform()
        finally:
            self._state = WorkerStatus.IDLE
        if rest and (shard := shard_of(job)):
            self._give_back(job, shard, shard.part(tuple(rest)))
        else:
            self._finish(keys=[self._taken, job.key], args=[job.id])

    def _give_back(self, job: Job, shard: Shard, rest: Shard) -> None:
        line = line_queue(self.connection, self._settings.queue_name, rest.line)
        new = job_of(line, rest)
        arguments: list[Any] = [
            rest.line.name,
            credit_s(self._settings),
            new.id,
            job.id,
            rest.indices[0],
            shard.indices[0],
        ]
        self._yield(
            keys=[
                *self._keys.sharing,
                new.key,
                line.key,
                self._taken,
                job.key,
                self._keys.batch(rest.batch_id).attempts,
            ],
            args=[*arguments, rest.work_s, *job_fields(new)],
        )

    def request_stop(self, signum: int, frame: "FrameType | None") -> None:
        """Stops after the shard in progress, or at once if there is none."""
        del signum, frame
        self._stop_requested = True
        if self._state != WorkerStatus.BUSY:
            raise StopRequested

    def _install_signal_handlers(self) -> None:
        signal.signal(signal.SIGTERM, self.request_stop)

    def bootstrap(self, *args: Any, **options: Any) -> None:
        """Registers with RQ, without its loggers and its command channel."""
        del args, options
        clean_worker_registry(self._queue)  # RQ forgets no killed worker by itself
        self.register_birth()  # type: ignore[no-untyped-call]  # of RQ

    def unsubscribe(self) -> None:
        """There is no command channel."""

    def check_for_suspension(self, burst: bool) -> None:
        """There is no suspension: to stop grading, stop the workers."""

    @property
    def should_run_maintenance_tasks(self) -> bool:
        """Never: there are no registries to clean."""
        return False

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """RQ's loop calls this after every job; the lease does it in its own time."""

    def renew_registration(self) -> None:
        """Tells RQ that this worker lives."""
        super().heartbeat()


class Lease:
    """Renews a worker's sign of life from a thread, also while a shard takes long."""

    def __init__(self, worker: ShardWorker, settings: Settings) -> None:
        self._worker = worker
        self._lease_s = settings.shard_lease_s
        self._workers = Keys(settings.queue_name).workers
        self._lease = worker.connection.register_script(scripts.LEASE)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="assay-lease", daemon=True)

    def start(self) -> None:
        """Declares the worker ready.

        Raises:
            redis.exceptions.RedisError: it could not be declared.
        """
        self._renew()
        self._thread.start()

    def stop(self) -> None:
        """Ends the renewal. The lease itself ends when the supervisor has seen to the worker's jobs."""
        self._stop.set()
        self._thread.join()

    def _keep(self) -> None:
        period_s = min(self._lease_s, REGISTRATION_S) / RENEWALS_PER_LEASE
        while not self._stop.wait(period_s):
            try:
                self._renew()
                self._worker.renew_registration()
            except RedisError as error:
                _log.warning("lease_not_renewed", worker=self._worker.name, error=str(error))

    def _renew(self) -> None:
        self._lease(keys=[self._workers], args=[self._worker.name, self._lease_s])


def work(name: str, settings: Settings, grader: Grader, report_ready: Callable[[], None]) -> None:
    """Works until it is asked to stop or Redis fails; the process is the worker from here on.

    Arguments:
        name: the worker's name, unique among all that share the Redis.
        settings: the settings.
        grader: what grades; it is closed at the end.
        report_ready: called once, when the worker is about to take shards.
    """
    client = connect(settings)
    try:
        worker = ShardWorker(client, name, settings)
        lease = Lease(worker, settings)
        lease.start()
        report_ready()
        try:
            with use_runner(ShardRunner(Ledger(client, settings), grader, Verdicts(client, settings))):
                worker.work()
        finally:
            lease.stop()
    finally:
        grader.close()
        client.close()
