"""The verifier's child process as its parent sees it: started, asked, ended.

The child is a fresh interpreter (isolated mode, empty environment, working directory `/`, no descriptor but
its socket) in a session of its own. It ends when the parent's end of the socket is closed, so it cannot
outlive the parent by more than the CPU limit of the request it is at.
"""

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
from assay_workers.rewards.verifier_frames import read_frame, write_frame

__all__ = ["Death", "MathProcess", "Reply", "Step"]

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


class MathProcess:
    """A running child. After a death it must be ended and replaced."""

    def __init__(self, process: subprocess.Popen[bytes], peer: socket.socket) -> None:
        self._process = process
        self._peer = peer
        self.owner_pid = os.getpid()
        self.requests = 0
        """How many requests it was given."""

    @classmethod
    def start(cls, timeout_s: float, memory_bytes: int) -> Self:
        """Starts a child and waits until it has done its imports.

        Args:
            timeout_s: CPU seconds of one request.
            memory_bytes: address space of the child.

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
        child = cls(process, ours)
        child._await_ready()
        return child

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

    def end(self) -> None:
        """Kills the child, unless it belongs to the process this one was forked from."""
        self._peer.close()
        if self.owner_pid == os.getpid():
            self._process.kill()
            self._process.wait()

    def _await_ready(self) -> None:
        try:
            ready = read_frame(self._peer, REPLY_BYTES, time.monotonic() + START_TIMEOUT_S)
        except OSError:
            ready = None
        except BaseException:
            self.end()
            raise
        if ready is None:
            self.end()
            raise ServiceError(code="verifier_lost")

    def _death(self, step: Step, error: Exception | None) -> Death:
        if isinstance(error, ValidationError):
            return Death(step, "made the verifier answer nonsense", is_certain=False)
        try:
            status = self._process.wait(EXIT_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return Death(step, "made the verifier stop answering", is_certain=False)
        if status in _CPU_SIGNALS:
            return Death(step, "took more CPU time than allowed", is_certain=True)
        return Death(step, "made the verifier crash", is_certain=False)
