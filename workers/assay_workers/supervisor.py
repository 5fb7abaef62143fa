"""The one place that starts, watches and ends worker processes.

The supervisor forks its workers, so that what they import is loaded once and a replacement is there within
milliseconds; it makes no threads and holds no grader, which keeps forking safe. A worker that ends unasked is
replaced, after a pause that doubles while it keeps dying before it is ready, and what it had taken is given
back at once.
Workers die with their supervisor. The first `SIGTERM` or `SIGINT` lets every worker finish the shard in progress,
for a limited time; the second ends them.
"""

import argparse
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from types import FrameType
from typing import Final
from uuid import uuid4

import structlog

from assay.errors import QueueError, SandboxLost, SandboxRefused
from assay.queue.connection import connect, redis_errors
from assay.queue.lifeline import die_with_parent
from assay.settings import Settings, load_settings
from assay.telemetry import setup_logging
from assay_workers.port import BuildGrader
from assay_workers.recovery import Recovery
from assay_workers.wiring import build_grader, build_janitor
from assay_workers.worker import work

__all__ = ["main", "run_workers"]

TIDY_S: Final = 30.0
"""How often what dead workers left is looked for; it is also done at the start and when a worker has died."""
SWEEP_S: Final = 1.0
"""How often leases are looked at; a sweep without a death is one round trip."""
DRAIN_S: Final = 30.0
"""How long a shard in progress may take to finish when the workers are asked to stop."""
FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 10.0
"""Pauses before a replacement. A worker that was ready died of what it graded, and is replaced after the first; one
that never was has a lasting trouble, which a quick restart only repeats."""
READY: Final = ""
"""What a worker reports when it is about to take shards; anything else is why it cannot isolate programs."""
STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

_fork = multiprocessing.get_context("fork")
_log = structlog.get_logger(__name__)


def run_workers(settings: Settings, build: BuildGrader = build_grader) -> None:
    """Runs `settings.workers` workers until a signal ends them. Call it from the main thread.

    Arguments:
        settings: the settings, with a ``redis_url``.
        build: makes the grader of a worker, in the worker's process.

    Raises:
        SandboxRefused: a worker could not build its sandbox, because this machine cannot isolate programs.
        QueueError: Redis cannot be reached at the start.
    """
    client = connect(settings)
    with redis_errors():
        client.ping()
    try:
        _Supervisor(settings, build, Recovery(client, settings), build_janitor(settings)).run()
    finally:
        client.close()


@dataclass(frozen=True)
class _Worker:
    """A worker process as its supervisor sees it."""

    name: str
    process: ForkProcess
    reports: Connection
    """Where it says that it is ready, or why it cannot isolate programs."""


@dataclass
class _Place:
    """Room for one worker at a time."""

    worker: _Worker | None = None
    start_at_s: float = 0.0
    pause_s: float = FIRST_PAUSE_S


class _Supervisor:
    """Keeps every place filled until it is stopped."""

    def __init__(
        self, settings: Settings, build: BuildGrader, recovery: Recovery, tidy: Callable[[], object]
    ) -> None:
        self._settings = settings
        self._build = build
        self._recovery = recovery
        self._places = [_Place() for _ in range(settings.workers)]
        self._stops = 0
        self._swept_s = float("-inf")
        self._tidy = tidy
        self._tidied_s = float("-inf")

    def run(self) -> None:
        """Runs until a signal, or until a worker refuses."""
        with self._stop_signals() as woken:
            try:
                while not self._stops:
                    self._fill_places()
                    self._await_event(woken, SWEEP_S)
                    self._bury_dead()
                    self._sweep()
                    self._tidy_up()
                self._drain(woken)
            finally:
                self._kill_all()

    @contextmanager
    def _stop_signals(self) -> Iterator[int]:
        """Counts stop signals; gives a descriptor that becomes readable with each."""
        read_end, write_end = os.pipe()
        os.set_blocking(write_end, False)

        def count(signum: int, frame: FrameType | None) -> None:
            del signum, frame
            self._stops += 1
            os.write(write_end, b".")

        before = {number: signal.signal(number, count) for number in STOP_SIGNALS}
        try:
            yield read_end
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(read_end)
            os.close(write_end)

    @property
    def _workers(self) -> list[_Worker]:
        return [place.worker for place in self._places if place.worker is not None]

    def _await_event(self, woken: int, timeout_s: float) -> None:
        """Waits for a death, a stop signal or the time at which a place may be filled again."""
        due_s = [place.start_at_s for place in self._places if place.worker is None]
        timeout_s = max(0.0, min([timeout_s, *(at_s - time.monotonic() for at_s in due_s)]))
        ready = wait([woken, *(worker.process.sentinel for worker in self._workers)], timeout_s)
        if woken in ready:
            os.read(woken, 1)

    def _fill_places(self) -> None:
        for place in self._places:
            if place.worker is None and place.start_at_s <= time.monotonic():
                place.worker = self._start_worker()

    def _start_worker(self) -> _Worker:
        name = f"{self._settings.queue_name}-{uuid4().hex[:12]}"
        heard, said = _fork.Pipe(duplex=False)
        arguments = (name, os.getpid(), self._settings, self._build, said)
        process = _fork.Process(target=_run_worker, args=arguments, name=name)
        # A stop signal between the fork and the child's own handlers would be lost in ours.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        process.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        said.close()
        _log.info("worker_started", worker=name, pid=process.pid)
        return _Worker(name, process, heard)

    def _bury_dead(self) -> None:
        for place in self._places:
            worker = place.worker
            if worker is None or worker.process.is_alive():
                continue
            place.worker = None
            _delay(place, was_ready=self._bury(worker))

    def _bury(self, worker: _Worker) -> bool:
        """Notes the end of a worker and has its jobs given back.

        Returns:
            Whether it had been ready.

        Raises:
            SandboxRefused: it ended because this machine cannot isolate programs.
        """
        worker.process.join()
        status = worker.process.exitcode
        log = _log.info if self._stops and status == 0 else _log.error
        log("worker_ended", worker=worker.name, pid=worker.process.pid, status=status)
        self._swept_s = self._tidied_s = float("-inf")
        try:
            self._recovery.declare_dead(worker.name)
        except QueueError as error:  # then its lease ends by itself
            _log.warning("death_not_declared", worker=worker.name, error=error.message)
        reports = list(_received(worker.reports))
        worker.reports.close()
        worker.process.close()
        for refusal in filter(None, reports):
            raise SandboxRefused(refusal)
        return READY in reports

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_s < SWEEP_S:
            return
        self._swept_s = time.monotonic()
        try:
            self._recovery.sweep()
        except QueueError as error:
            _log.warning("sweep_failed", code=error.code, error=error.message)

    def _tidy_up(self) -> None:
        if time.monotonic() - self._tidied_s >= TIDY_S:
            self._tidied_s = time.monotonic()
            self._tidy()

    def _drain(self, woken: int) -> None:
        """Lets the workers finish what they hold; returns early at the second signal."""
        for worker in self._workers:
            worker.process.terminate()
        end_s = time.monotonic() + DRAIN_S
        while self._workers and self._stops < 2 and time.monotonic() < end_s:
            self._await_drained(woken, end_s)
            self._bury_dead()
        self._sweep()

    def _await_drained(self, woken: int, end_s: float) -> None:
        sentinels = [worker.process.sentinel for worker in self._workers]
        if woken in wait([woken, *sentinels], max(0.0, end_s - time.monotonic())):
            os.read(woken, 1)

    def _kill_all(self) -> None:
        killed = self._workers
        for worker in killed:
            worker.process.kill()
        for place in self._places:
            place.worker = None
        for worker in killed:
            self._bury(worker)
        if killed:
            self._sweep()


def _delay(place: _Place, *, was_ready: bool) -> None:
    """Sets when a place whose worker ended is filled again."""
    place.pause_s = FIRST_PAUSE_S if was_ready else min(2 * place.pause_s, LONGEST_PAUSE_S)
    place.start_at_s = time.monotonic() + place.pause_s


def _received(reports: Connection) -> Iterator[str]:
    try:
        while reports.poll():
            yield reports.recv()
    except EOFError:
        return


def _run_worker(name: str, parent_pid: int, settings: Settings, build: BuildGrader, reports: Connection) -> None:
    """What a forked worker process does."""
    die_with_parent(parent_pid)
    os.setsid()  # Ctrl-C would reach the whole group, sandboxes included; the supervisor decides what it means
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    try:
        grader = build(settings)
    except SandboxRefused as error:
        reports.send(error.message)
        sys.exit(1)
    except SandboxLost as error:  # the engine of the sandboxes is away: another worker will try again
        _log.error("sandbox_unavailable", worker=name, code=error.code, error=error.message)
        sys.exit(1)
    work(name, settings, grader, partial(reports.send, READY))


def main(arguments: list[str] | None = None) -> int:
    """`python -m assay_workers.supervisor`: runs workers with the settings of the environment.

    Returns:
        The exit status: 0 after a stop, 1 if the workers cannot run here.
    """
    parser = argparse.ArgumentParser(prog="assay-workers", description="Run Assay's worker processes.")
    parser.add_argument("--parent", type=int, metavar="PID", help="the process that starts this; do not outlive it")
    parent_pid: int | None = parser.parse_args(arguments).parent
    if parent_pid is not None:
        die_with_parent(parent_pid)
    settings = load_settings()
    setup_logging(settings, "workers")
    try:
        run_workers(settings)
    except (SandboxRefused, QueueError) as error:
        _log.critical("workers_cannot_run", code=error.code, error=error.message, hint=error.hint)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
