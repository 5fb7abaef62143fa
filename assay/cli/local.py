"""All of Assay on this machine: the queue, the workers and the service as children of one process.

Each child is told by the kernel to die when this process dies, even by SIGKILL, so there is nothing to clean up
after a crash. The listening socket is made here and inherited by the service: a port in use is an error
before anything is started, and a free port (0) is known at once. A child that ends unasked ends the whole:
workers that die are replaced by their own supervisor, so what reaches this place does not mend itself.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import httpx

from assay.cli.failure import effective_settings
from assay.errors import QueueError, ServiceError
from assay.queue.embedded import EmbeddedValkey
from assay.queue.lifeline import die_with_parent
from assay.settings import Settings

__all__ = ["LocalAssay", "environment_of", "temporary_assay"]

READY_S: Final = 60.0
"""How long the workers may take to build their first sandbox, on a slow machine with a cold disk."""
STOP_S: Final = 45.0
"""Longer than the service (10 s) and the workers (30 s) allow what they hold to finish."""
POLL_S: Final = 0.02
READY_POLL_S: Final = 0.1
BACKLOG: Final = 2048


def _give_up_on_earlier_workers(settings: Settings) -> None:
    """What workers of an earlier run held need not wait for their leases: the queue was theirs and is ours."""
    from assay.queue.connection import connect
    from assay_workers.recovery import Recovery

    client = connect(settings)
    try:
        Recovery(client, settings).declare_all_dead()
    finally:
        client.close()


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, from which a child reads the same values."""
    values = settings.model_dump(mode="json", exclude_none=True)
    return {
        f"ASSAY_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
    }


class LocalAssay:
    """Assay as children of this process. Start it from the main thread, with whose end they die.

    Arguments:
        settings: where to listen, where to keep data; a ``redis_url`` is used in the place of an own queue.
        log_dir: where the children's logs go; by default to this process's standard error.
    """

    def __init__(self, settings: Settings, log_dir: Path | None = None) -> None:
        self._settings = settings
        self._log_dir = log_dir
        self._queue = None if settings.redis_url else EmbeddedValkey(settings.data_dir)
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._address: tuple[str, int] = (settings.host, settings.port)

    @property
    def url(self) -> str:
        """Where the service listens; an address for all interfaces is shown as this machine's own."""
        host, port = self._address
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def start(self, go_on: Callable[[], bool] = lambda: True) -> None:
        """Starts everything and returns when the service is ready to grade.

        Arguments:
            go_on: asked now and then; once it says no, the wait ends early.

        Raises:
            OSError: the address is in use or not ours.
            QueueError: another Assay has the data directory, or the queue does not start.
            ServiceError: a part ended, or was not ready in time.
        """
        try:
            with _listen(self._settings) as listener:
                self._address = listener.getsockname()[:2]
                environment = {**os.environ, **environment_of(self._settings), **self._queue_environment()}
                self._spawn("workers", ["worker"], environment)
                serve = ["serve", "--listener-fd", str(listener.fileno())]
                self._spawn("service", serve, environment, listener.fileno())
            self._await_ready(go_on)
        except BaseException:
            self.stop(at_once=True)
            raise

    def check(self) -> None:
        """Returns if every part runs.

        Raises:
            ServiceError: a part has ended.
        """
        if self._queue is not None and self._queue.pid is not None and not _runs(self._queue.pid):
            raise QueueError(
                "the embedded queue has ended", hint=f"see {self._settings.data_dir}/valkey/valkey.log"
            )
        for name, child in self._children.items():
            status = child.poll()
            if status is not None:
                raise ServiceError(f"the {name} ended with status {status}", hint=self._log_hint(name))

    def stop(self, *, at_once: bool = False, hurry: Callable[[], bool] = lambda: False) -> None:
        """Ends everything; what is in progress may finish, for a limited time. Harmless if nothing runs.

        Arguments:
            at_once: kill instead of asking.
            hurry: asked now and then; once it says yes, the rest is killed.
        """
        for child in self._children.values():
            child.send_signal(signal.SIGKILL if at_once else signal.SIGTERM)
        end_s = time.monotonic() + STOP_S
        while any(child.poll() is None for child in self._children.values()):
            if hurry() or time.monotonic() > end_s:
                for child in self._children.values():
                    child.kill()
            time.sleep(POLL_S)
        self._children.clear()
        if self._queue is not None:
            self._queue.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _queue_environment(self) -> dict[str, str]:
        if self._queue is None:
            return {}
        url = self._queue.start()
        _give_up_on_earlier_workers(self._settings.model_copy(update={"redis_url": url}))
        return {"ASSAY_REDIS_URL": url}

    def _spawn(self, name: str, arguments: list[str], environment: dict[str, str], *descriptors: int) -> None:
        log = self._open_log(name)
        try:
            self._children[name] = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-m", "assay.cli", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                pass_fds=descriptors,
                preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509 - prctl is one system call
                start_new_session=True,  # Ctrl-C is for this process, which then stops its children in order
            )
        finally:
            if log is not None:
                log.close()

    def _open_log(self, name: str) -> IO[bytes] | None:
        if self._log_dir is None:
            return None
        self._log_dir.mkdir(parents=True, exist_ok=True)
        return (self._log_dir / f"{name}.log").open("ab")

    def _log_hint(self, name: str) -> str:
        if self._log_dir is None:
            return "its log above says why; `assay doctor` examines this machine"
        end = (self._log_dir / f"{name}.log").read_text(errors="replace")[-2000:].strip()
        return f"{end}\n`assay doctor` examines this machine"

    def _await_ready(self, go_on: Callable[[], bool]) -> None:
        end_s = time.monotonic() + READY_S
        with httpx.Client(base_url=self.url, timeout=5.0) as http:
            while go_on() and not _is_ready(http):
                self.check()
                if time.monotonic() > end_s:
                    raise ServiceError(
                        f"not ready within {READY_S:.0f} s", code="not_ready", hint=self._log_hint("workers")
                    )
                time.sleep(READY_POLL_S)


@contextmanager
def temporary_assay(**overrides: object) -> Iterator[LocalAssay]:
    """Runs Assay for the length of a block, on a free port and in a temporary data directory.

    A SIGTERM then ends the block as Ctrl-C does, so that nothing stays behind.

    Arguments:
        overrides: settings that win over the environment and the file.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="assay-") as directory:
        settings = effective_settings(**{**overrides, "host": "127.0.0.1", "port": 0, "data_dir": directory})
        with LocalAssay(settings, log_dir=Path(directory)) as assay:
            yield assay


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = f"cannot listen on {settings.host} port {settings.port}: {os.strerror(error.errno or 0)}"
        raise OSError(f"{reason}\nchoose another with --port (0 takes a free one)") from error


def _is_ready(http: httpx.Client) -> bool:
    try:
        return http.get("/readyz").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _runs(pid: int) -> bool:
    """Whether a child of this process runs; one that has ended stays for its owner to reap."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
