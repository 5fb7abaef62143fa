"""A program that talks: what it prints goes to the worker as it comes, and what the worker says is its input.

Neither side ever waits for the other here. What a program does not read yet is kept, and what it prints is taken up
to its limit. A program that only waits is told apart from one that works, so that two that wait for each other need
not do so until their wall limits.
"""

import os
import select
from collections.abc import Callable
from typing import Final

from assay_agent.capture import READ_BYTES, Capture

__all__ = ["BUSY", "IDLE", "SHUT", "Hearing", "Idleness", "Speech", "Tell"]

Tell = Callable[..., None]
"""Tells the worker an operation, and bytes with it."""
SHUT: Final = "shut"
"""No more is to come: of the program's output, and to the worker's program of its input."""
IDLE: Final = "idle"
"""The program has done nothing for a while, and said and heard nothing."""
BUSY: Final = "busy"
"""It does something again."""
_IDLE_S: Final = 5.0
_LONGEST_LOOK_S: Final = 0.2
"""What counts of the time between two looks: a machine that stood still in between says nothing of the program."""
_IDLE_SPENT_S: Final = 0.1
"""How much of that time a program may work, or wait for a processor, and be idle: some runtimes have threads."""


class Speech(Capture):
    """What a program prints: kept, up to ``cap`` bytes, and passed on."""

    def __init__(self, descriptor: int, cap: int, tell: Tell) -> None:
        super().__init__(descriptor, cap)
        self._tell = tell
        self._ended = False

    def read(self) -> bool:
        """Takes what is there; False once the stream has ended."""
        going_on = super().read()
        if not going_on and not self._ended:
            self._ended = True
            self._tell(SHUT)
        return going_on

    def _take(self, chunk: bytes) -> None:
        before = self._size
        super()._take(chunk)
        if self._size > before:
            self._tell("message", chunk[: self._size - before])


class Hearing:
    """What a program is given to read, as fast as it reads."""

    def __init__(self, descriptor: int) -> None:
        """``descriptor`` is the writing end of its standard input, which is closed here."""
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self._kept = bytearray()
        self._shut = False
        self._closed = False
        self._enlisted = False

    def enlist(self, poll: select.poll) -> None:
        """Has ``poll`` tell when the program has room for what it is still to be given."""
        waits = bool(self._kept) and not self._closed
        if waits and not self._enlisted:
            poll.register(self.descriptor, select.POLLOUT)
        elif self._enlisted and not waits:
            poll.unregister(self.descriptor)
        self._enlisted = waits

    def give(self, data: bytes) -> None:
        """Adds to what it is given."""
        self._kept += data
        self.write()

    def shut(self) -> None:
        """Says that no more is to come."""
        self._shut = True
        self.write()

    def write(self) -> None:
        """Gives what there is room for."""
        try:
            while self._kept and not self._closed:
                del self._kept[: os.write(self.descriptor, self._kept[:READ_BYTES])]
        except BlockingIOError:
            return
        if self._shut:
            self.close()

    def close(self) -> None:
        """Ends the input, whatever was not given."""
        if not self._closed:
            self._closed = True
            os.close(self.descriptor)


class Idleness:
    """Whether a program only waits."""

    def __init__(self, now: float) -> None:
        self._last = now
        self._quiet_s = 0.0
        self._spent_s = 0.0
        self._stirred = False
        self._idle = False

    def stir(self) -> None:
        """It has said or heard something."""
        self._stirred = True

    def look(self, now: float, spent_s: float) -> str | None:
        """`IDLE` or `BUSY` if that is new; ``spent_s`` is what it has worked and waited for a processor so far."""
        if self._stirred or abs(spent_s - self._spent_s) > _IDLE_SPENT_S:  # less, where a process has ended
            self._quiet_s, self._spent_s, self._stirred = 0.0, spent_s, False
        else:
            self._quiet_s += min(now - self._last, _LONGEST_LOOK_S)
        self._last = now
        idle = self._quiet_s >= _IDLE_S
        if idle == self._idle:
            return None
        self._idle = idle
        return IDLE if idle else BUSY
