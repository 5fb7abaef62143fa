"""Runs one cell from the agent's side: hands out descriptors, watches limits, collects what comes back.

The clocks, the counters and the pipes' reading ends are all here, where the cell cannot reach. CPU time is
that of all its processes: sampled while it runs, to end it in time, and taken from the kernel's accounting
when everything of it is dead.
"""

import contextlib
import os
import select
import socket
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple

from assay_agent.artifact import MAX_ARTIFACT_BYTES
from assay_agent.capture import READ_BYTES, STDERR_KEPT_BYTES, Capture, MessageReader
from assay_agent.denials import Denials
from assay_agent.ends import CellJob, connect
from assay_agent.handover import take
from assay_agent.nursery import RUN, NurseryReport, parse_report
from assay_agent.processes import kill_children, measure
from assay_agent.talk import Idleness, Speech, Tell
from assay_agent.values import MAX_VALUE_BYTES
from assay_agent.wall import Lost, Wall

__all__ = ["CellRun", "Ending", "Outcome", "Surroundings"]

_FIRST_LOOK_S: Final = 0.05
_LOOK_EVERY_S: Final = 0.1
_SWEEP_S: Final = 5.0
"""How long a nursery may take to report a cell it was told to end."""
_MEMORY_SLACK_BYTES: Final = 32 << 20
"""What the interpreter of a cell occupies by itself, which the limit of its address space does not count either."""
_MAX_NOTE_BYTES: Final = 1 << 16
"""What fits into a pipe."""
_STARVED_SHARE: Final = 0.2
"""From this share of the wall limit spent waiting for a processor, the limit says little of the program."""
_UNSEEN_CPU_S: Final = 0.05
"""By how much the sandbox's count of CPU time must exceed the processes' own before it is believed."""
_CORES: Final = os.cpu_count() or 1


class Ending(StrEnum):
    """The limit for which the agent ended a cell."""

    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"
    OUTPUT = "output"
    FILES = "files"


class Surroundings(NamedTuple):
    """What is around a cell: the nursery that forks it, and the others of its sandbox."""

    wall: Wall
    control: socket.socket
    """Where the nursery takes orders."""
    nursery: int
    """Process id of the nursery."""
    ours: frozenset[int]
    """The processes of the sandbox that are no cell's."""
    denials: Denials | None = None
    """Where the nursery's filter tells of what it denies."""


class Outcome(NamedTuple):
    """How a cell ended and what it left."""

    report: NurseryReport
    note: bytes
    """What the cell said before its program started; see `assay_agent.cell.live`."""
    ending: Ending | None
    starved: bool
    """The wall limit ended it, and much of that time it had waited for a processor."""
    stdout: bytes
    stderr: bytes
    channel: bytes
    flags: list[str]
    """What was seen of it that is worth a look; names of `assay.contract.Flag`."""
    left: list[bytes]
    """The contents of the files that it was to leave besides its output."""


def _drain(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _MAX_NOTE_BYTES)
    except BlockingIOError:
        return b""


class CellRun:
    """One cell, from the hand-over to its report."""

    def __init__(
        self,
        around: Surroundings,
        job: CellJob,
        on_message: Callable[[bytes], None] | None = None,
        tell: Tell | None = None,
    ) -> None:
        """Starts the cell.

        With ``on_message`` the channel is a conversation whose messages go there, and `send` answers. With ``tell``
        the program talks: what it prints goes there, and `send` is its standard input.

        Raises:
            Lost: the nursery takes no cell.
        """
        self._around = around
        self._limits = job.limits
        self._measures_memory = job.is_command
        self._has_input = bool(job.stdin)
        self._left_files, self._leaves_output = job.left_files, job.leaves_output
        self._on_message = on_message
        self._messages = MessageReader()
        self._cpu_before_s = around.wall.cells_cpu_s(around.ours)
        identity = around.wall.new_identity()
        ends = connect(job, around.wall, identity, conversation=on_message is not None, talks=tell is not None)
        output_bytes = job.limits["output_kb"] << 10
        self._stdout = Speech(ends.stdout, output_bytes, tell) if tell else Capture(ends.stdout, output_bytes)
        self._hearing, self._tell = ends.hearing, tell
        self._stderr = Capture(ends.stderr, STDERR_KEPT_BYTES, keep_end=not job.compiles)
        self._channel = Capture(ends.channel, MAX_ARTIFACT_BYTES if job.compiles else MAX_VALUE_BYTES + 5)
        self._ending: Ending | None = None
        self._starved = False
        self._killed_at: float | None = None
        self._started = time.monotonic()
        self._idleness = Idleness(self._started)
        self._next_look: float = self._started + min(_FIRST_LOOK_S, job.limits["cpu_s"])
        # Kept open to the end, so that no stream's end wakes us: only its data and the nursery's report do.
        self._cell_ends: tuple[int, ...] = ends.streams
        try:
            socket.send_fds(around.control, [RUN.pack(identity)], (*ends.files, *ends.streams))
        except OSError as error:
            raise Lost(f"the nursery takes no cell: {error}") from error
        finally:
            os.close(ends.files[0])
        if tell is not None:  # the end of what it prints is to be seen
            os.close(ends.streams[0])
            self._cell_ends = ends.streams[1:]
        self._stdin = ends.files[1]
        self._report = ends.report

    def send(self, message: bytes) -> None:
        """Answers the cell; a cell that does not listen any more misses it."""
        if self._hearing is not None:
            self._idleness.stir()
            self._hearing.give(message)
            return
        view = memoryview(len(message).to_bytes(4, "big") + message)
        with contextlib.suppress(OSError):
            while view:
                if not select.select((), (self._channel.descriptor,), (), 1.0)[1]:
                    return
                view = view[os.write(self._channel.descriptor, view) :]

    def shut(self) -> None:
        """Ends the standard input of a program that talks."""
        if self._hearing is not None:
            self._idleness.stir()
            self._hearing.shut()

    def kill(self, ending: Ending | None = None) -> None:
        """Ends the cell's main process, and the nursery all that is left; the report follows."""
        if self._killed_at is None:
            self._killed_at = time.monotonic()
            self._ending = ending
            kill_children(self._around.nursery)

    def wait(self, worker: int, on_word: Callable[[], None] | None = None) -> Outcome:
        """Watches the cell to its end; ``on_word`` is called when descriptor ``worker`` is readable.

        Raises:
            Lost: the nursery died, or did not report in time a cell it was told to end.
            SystemExit: the worker has hung up, and nobody wants to know any more.
        """
        poll = select.poll()
        for descriptor in self._sources():
            poll.register(descriptor, select.POLLIN)
        poll.register(worker, select.POLLIN if on_word is not None else 0)
        try:
            while not self._hear(poll, worker, on_word):
                self._look()
            return self._finish()
        finally:
            for capture in (self._stdout, self._stderr, self._channel):
                os.close(capture.descriptor)
            if self._hearing is not None:
                self._hearing.close()
            for descriptor in (*self._cell_ends, self._stdin, self._report):
                os.close(descriptor)

    def _hear(self, poll: select.poll, worker: int, on_word: Callable[[], None] | None) -> bool:
        """Takes what there is to hear, and waits for it no longer than till the next look; True at the report."""
        if self._hearing is not None:
            self._hearing.enlist(poll)
        for descriptor, _ in poll.poll(self._patience_ms()):
            if descriptor == self._around.control.fileno():
                return True
            if descriptor == worker:
                if on_word is None:
                    sys.exit(0)
                on_word()
            elif not self._read(descriptor):
                poll.unregister(descriptor)
        return False

    def _sources(self) -> set[int]:
        """What there is to hear of a cell but for the worker's word."""
        captures = self._stdout, self._stderr, self._channel
        sources = {self._around.control.fileno(), *(capture.descriptor for capture in captures)}
        if self._left_files:  # whose descriptors a read would lose
            sources.remove(self._channel.descriptor)
        return sources if self._around.denials is None else sources | {self._around.denials.listener}

    def _patience_ms(self) -> float:
        until = self._next_look if self._killed_at is None else min(self._next_look, self._killed_at + _SWEEP_S)
        return max(until - time.monotonic(), 0.0) * 1000 + 1

    def _read(self, descriptor: int) -> bool:
        if self._hearing is not None and descriptor == self._hearing.descriptor:
            self._hearing.write()
            return True
        if descriptor == self._stdout.descriptor:
            self._idleness.stir()
            going_on = self._stdout.read()
            if self._stdout.overflowed:
                self.kill(Ending.OUTPUT)
            return going_on
        if descriptor == self._stderr.descriptor:
            return self._stderr.read()
        if descriptor == self._channel.descriptor:
            return self._read_channel()
        return self._around.denials is not None and self._around.denials.answer()

    def _read_channel(self) -> bool:
        if self._on_message is None:
            going_on = self._channel.read()
            if self._channel.overflowed:
                self.kill(Ending.OUTPUT)
            return going_on
        try:
            data = os.read(self._channel.descriptor, READ_BYTES)
            for message in self._messages.feed(data):
                self._on_message(message)
        except BlockingIOError:
            return True
        except (OSError, ValueError):
            self.kill(Ending.OUTPUT)
            return False
        return bool(data)

    def _look(self) -> None:
        """Ends the cell if it is over a limit that only we can measure."""
        now = time.monotonic()
        if self._killed_at is not None:
            if now > self._killed_at + _SWEEP_S:
                raise Lost("the nursery did not end its cell in time")
            kill_children(self._around.nursery)  # one that was not yet forked at the first time
            self._next_look = now + _LOOK_EVERY_S
            return
        if now < self._next_look:
            return
        ours = self._around.ours
        used = measure(ours)
        cpu_s = max(used.cpu_s, self._counted_cpu_s())
        if cpu_s > self._limits["cpu_s"]:
            self.kill(Ending.CPU)
        elif self._around.wall.file_bytes() > self._limits["file_mb"] << 20:
            self.kill(Ending.FILES)
        elif now - self._started > self._limits["wall_s"]:
            self._starved = used.waited_s > _STARVED_SHARE * self._limits["wall_s"]
            self.kill(Ending.WALL)
        elif used.memory_bytes > self._most_bytes and self._around.wall.occupied_bytes(ours) > self._most_bytes:
            self.kill(Ending.MEMORY)
        if self._tell is not None and (change := self._idleness.look(now, cpu_s + used.waited_s)):
            self._tell(change)
        left_s = min((self._limits["cpu_s"] - cpu_s) / _CORES, self._started + self._limits["wall_s"] - now)
        self._next_look = now + min(max(left_s, 0.01), _LOOK_EVERY_S)

    def _counted_cpu_s(self) -> float:
        """CPU seconds of the cell by the sandbox's count; 0 where there is none."""
        now_s = self._around.wall.cells_cpu_s(self._around.ours)
        return 0.0 if now_s is None or self._cpu_before_s is None else now_s - self._cpu_before_s

    @property
    def _most_bytes(self) -> int:
        memory_mb: int = self._limits["memory_mb"]
        return (memory_mb << 20) + _MEMORY_SLACK_BYTES

    def _finish(self) -> Outcome:
        try:
            message = self._around.control.recv(1 << 10)
        except OSError as error:
            raise Lost(f"the nursery died: {error}") from error
        if not message:
            raise Lost("the nursery died")
        for capture in (self._stdout, self._stderr):
            capture.read()
        output = self._stdout.data
        left: list[bytes] = []
        if self._left_files:
            left, too_much = take(self._channel.descriptor, self._left_files, self._limits["output_kb"] << 10)
            self._stdout.overflowed = self._stdout.overflowed or too_much
            if self._leaves_output:
                output = left.pop(0)
        elif self._on_message is None:
            self._channel.read()
        else:
            self._read_channel()
        report = parse_report(message)
        counted_s = self._counted_cpu_s()
        if counted_s > report.cpu_s + _UNSEEN_CPU_S:  # children that nobody waited for
            report = report._replace(cpu_s=counted_s)
        return Outcome(
            report,
            _drain(self._report),
            self._judge_ending(report),
            self._starved,
            output,
            self._stderr.data,
            self._channel.data,
            self._flags(report),
            left,
        )

    def _flags(self, report: NurseryReport) -> list[str]:
        """What was seen of the cell, by the names of `assay.contract.Flag`."""
        flags = self._around.denials.take() if self._around.denials is not None else []
        if self._ending is None and report.left_processes:
            flags.append("left_processes")
        if self._has_input and report.status == 0 and os.fstat(self._stdin).st_atime_ns == 0:
            flags.append("unread_input")
        return flags

    def _judge_ending(self, report: NurseryReport) -> Ending | None:
        """The limit that ended the cell, or that it is found to have been over when it ended by itself."""
        if self._stdout.overflowed:
            return Ending.OUTPUT
        if self._ending is None and report.file_bytes > self._limits["file_mb"] << 20:
            return Ending.FILES
        if self._ending is None and self._measures_memory and report.memory_bytes > self._most_bytes:
            return Ending.MEMORY
        return self._ending
