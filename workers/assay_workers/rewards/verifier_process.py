"""The verifier's processes as their parent sees them: the template, which forks, and the child, which is asked."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from assay.errors import ServiceError
from assay_workers.rewards.verifier_frames import END, FORK, INTEGER, read_frame, write_frame

__all__ = ["Death", "MathProcess", "Reply", "Step", "Template"]

REPLY_BYTES: Final = 1 << 16
START_TIMEOUT_S: Final = 60.0
"""A child imports sympy in about a second; on a starved machine it may take many."""
EXIT_TIMEOUT_S: Final = 1.0
"""Between closing its socket and its end a dying child needs no time worth naming."""
_CPU_SIGNALS: Final = frozenset({-signal.SIGPROF, -signal.SIGXCPU})
_CHILD_MODULE: Final = "assay_workers.rewards.verifier_child"


class Step(StrEnum):
    """What a child is doing."""

    IDLE = "idle"
    """Nothing: the request has not arrived."""
    GOLD = "gold"
    """Reading the gold answer."""
    COMPLETION = "completion"
    """Reading the completion."""
    COMPARISON = "comparison"
    """Comparing the two."""


class Reply(BaseModel):
    """What a child answers. It may have been taken over by what it read, so it is checked like any request."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    right: bool = False
    """Whether the two answers are equal."""
    answer: str | None = None
    """The answer of the completion."""
    unparseable: bool = False
    """Whether the gold answer holds no mathematics."""
    tired: bool
    """Whether the child keeps too much memory to be asked again."""


@dataclass(frozen=True)
class Death:
    """The end of a child that did not answer."""

    step: Step
    reason: str
    is_certain: bool
    """Whether another child would certainly end the same way: the CPU limit does not depend on the load."""


class Template:
    """The process that forks children, as its parent sees it: a fresh interpreter that has done the imports.

    It has an empty environment, the working directory `/` and no descriptor but its socket, in a session of its
    own. When the parent's end of the socket is closed it ends, and its child with it.
    """

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process = process
        self._control = control
        self.owner_pid = os.getpid()

    @classmethod
    def start(cls, timeout_s: float, memory_bytes: int) -> Self:
        """Starts a template and waits until it has done its imports.

        Args:
            timeout_s: CPU seconds of one request to a child.
            memory_bytes: address space of a child.

        Raises:
            ServiceError: `verifier_lost`, if it does not start.
        """
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-I", "-m", _CHILD_MODULE, str(timeout_s), str(memory_bytes)]
        try:
            with theirs:
                process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    command,
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    env={},
                    start_new_session=True,
                )
        except OSError as error:
            ours.close()
            raise ServiceError(code="verifier_lost") from error
        template = cls(process, ours)
        ours.settimeout(START_TIMEOUT_S)
        try:
            template._receive(len(FORK))
        except BaseException:
            template.end()
            raise
        return template

    def fork(self) -> "MathProcess":
        """A new child, which takes the place of the one before.

        Raises:
            ServiceError: `verifier_lost`, the template or its child is dead.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._send(FORK, theirs.fileno())
            pid = INTEGER.unpack(self._receive(INTEGER.size))[0]
            child = MathProcess(self, ours, pid)
            child.wait_until_ready()
        except BaseException:
            ours.close()
            raise
        return child

    def end_child(self) -> int:
        """Ends the child, if it still runs; how it ended, as `subprocess` gives it.

        Raises:
            ServiceError: `verifier_lost`, the template is dead.
        """
        self._send(END)
        return os.waitstatus_to_exitcode(INTEGER.unpack(self._receive(INTEGER.size))[0])

    def end(self) -> None:
        """Ends the template, unless it belongs to the process this one was forked from."""
        self._control.close()
        if self.owner_pid != os.getpid():
            return
        try:
            self._process.wait(EXIT_TIMEOUT_S)  # it ends its child first
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, order: bytes, *descriptors: int) -> None:
        try:
            socket.send_fds(self._control, [order], descriptors)
        except OSError as error:
            raise ServiceError(code="verifier_lost") from error

    def _receive(self, size: int) -> bytes:
        try:
            received = self._control.recv(size)
        except OSError as error:
            raise ServiceError(code="verifier_lost") from error
        if len(received) < size:
            raise ServiceError(code="verifier_lost")
        return received


class MathProcess:
    """A running child. After a death it must be ended and replaced."""

    def __init__(self, template: Template, peer: socket.socket, pid: int) -> None:
        self._template = template
        self._peer = peer
        self.pid = pid
        self.walls_missing: tuple[str, ...] = ()
        """Names of the walls that this machine does not have."""
        self.requests = 0
        """How many requests it was given."""

    def ask(self, gold: str, completion: str | None, wall_s: float) -> Reply | Death:
        """Has the child judge a completion, or evaluate the gold answer alone if ``completion`` is None.

        Args:
            gold: the gold answer.
            completion: what the model wrote.
            wall_s: wall seconds after which the child counts as dead.
        """
        self.requests += 1
        deadline = time.monotonic() + wall_s
        step = Step.IDLE
        try:
            self._peer.settimeout(wall_s)
            write_frame(self._peer, {"gold": gold, "completion": completion})
            while (message := read_frame(self._peer, REPLY_BYTES, deadline)) is not None:
                if "step" not in message:
                    return Reply.model_validate(message)
                step = Step(message["step"])
        except TimeoutError:
            return Death(step, f"took longer than {wall_s:g} s", is_certain=False)
        except (OSError, ValueError) as error:
            return self._death(step, error)
        return self._death(step, None)

    def close(self) -> None:
        """Closes the socket, at which the child ends by itself unless it is busy."""
        self._peer.close()

    def end(self) -> None:
        """Ends the child.

        Raises:
            ServiceError: `verifier_lost`, the template is dead.
        """
        self.close()
        self._template.end_child()

    def wait_until_ready(self) -> None:
        """Waits until the child serves, and learns its walls.

        Raises:
            ServiceError: `verifier_lost`, it does not start.
        """
        try:
            ready = read_frame(self._peer, REPLY_BYTES, time.monotonic() + START_TIMEOUT_S)
        except OSError:
            ready = None
        if ready is None:
            raise ServiceError(code="verifier_lost")
        self.walls_missing = tuple(ready["walls_missing"])

    def _death(self, step: Step, error: Exception | None) -> Death:
        if isinstance(error, ValidationError):
            return Death(step, "made the verifier answer nonsense", is_certain=False)
        if self._template.end_child() in _CPU_SIGNALS:
            return Death(step, "took more CPU time than allowed", is_certain=True)
        return Death(step, "made the verifier crash", is_certain=False)
