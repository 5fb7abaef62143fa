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
from typing import Any, Final, NamedTuple

from assay_agent.artifact import MAX_ARTIFACT_BYTES
from assay_agent.capture import READ_BYTES, STDERR_KEPT_BYTES, Capture, MessageReader
from assay_agent.denials import Denials
from assay_agent.handover import take
from assay_agent.nursery import RUN, NurseryReport, parse_report
from assay_agent.processes import kill_children, measure
from assay_agent.values import MAX_VALUE_BYTES
from assay_agent.wall import Lost, Wall

__all__ = ["CellJob", "CellRun", "Ending", "Outcome", "Surroundings"]

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


class CellJob(NamedTuple):
    """What a cell is to do, within which limits."""

    payload: bytes
    stdin: bytes
    limits: dict[str, Any]
    is_command: bool = False
    """Whether it becomes another program by exec: its memory is then measured, not its address space limited."""
    compiles: bool = False
    """Whether its channel carries an artifact instead of a value."""
    leaves_file: bool = False
    """Whether what counts as its output is a file, whose descriptor its channel carries."""


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


class _Ends(NamedTuple):
    """Both ends of what connects a cell: what it is given, and what the agent reads."""

    files: tuple[int, int]
    """Payload and standard input."""
    streams: tuple[int, int, int, int]
    """The cell's ends of standard output, standard error, the channel and the report."""
    stdout: int
    stderr: int
    channel: int
    report: int


def _memory_file(name: str, content: bytes) -> int:
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC)
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    return descriptor


def _read_only(descriptor: int) -> int:
    """A descriptor of the same file, at its beginning, that cannot be written through."""
    try:
        return os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(descriptor)


def _input_file(content: bytes) -> int:
    """Standard input as a file that says whether it was ever read: until then it was last read at the epoch."""
    descriptor = _memory_file("stdin", content)
    os.utime(descriptor, ns=(0, time.time_ns()))
    return _read_only(descriptor)


def _connect(job: CellJob, wall: Wall, identity: int, conversation: bool) -> _Ends:
    with wall.as_owner(identity):
        stdout, cell_stdout = os.pipe()
        stderr, cell_stderr = os.pipe()
    if conversation or job.leaves_file:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        channel, cell_channel = ours.detach(), theirs.detach()
    else:
        channel, cell_channel = os.pipe()
    report, cell_report = os.pipe()
    os.set_blocking(report, False)
    files = (_memory_file("payload", job.payload), _input_file(job.stdin))
    return _Ends(files, (cell_stdout, cell_stderr, cell_channel, cell_report), stdout, stderr, channel, report)


def _drain(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _MAX_NOTE_BYTES)
    except BlockingIOError:
        return b""


class CellRun:
    """One cell, from the hand-over to its report."""

    def __init__(
        self, around: Surroundings, job: CellJob, on_message: Callable[[bytes], None] | None = None
    ) -> None:
        """Starts the cell.

        With ``on_message`` the channel is a conversation whose messages go there, and `send` answers.

        Raises:
            Lost: the nursery takes no cell.
        """
        self._around = around
        self._limits = job.limits
        self._measures_memory = job.is_command
        self._has_input = bool(job.stdin)
        self._leaves_file = job.leaves_file
        self._on_message = on_message
        self._messages = MessageReader()
        self._cpu_before_s = around.wall.cells_cpu_s(around.ours)
        identity = around.wall.new_identity()
        ends = _connect(job, around.wall, identity, on_message is not None)
        self._stdout = Capture(ends.stdout, job.limits["output_kb"] << 10)
        self._stderr = Capture(ends.stderr, STDERR_KEPT_BYTES, keep_end=not job.compiles)
        self._channel = Capture(ends.channel, MAX_ARTIFACT_BYTES if job.compiles else MAX_VALUE_BYTES + 5)
        self._ending: Ending | None = None
        self._starved = False
        self._killed_at: float | None = None
        self._started = time.monotonic()
        self._next_look = self._started + min(_FIRST_LOOK_S, job.limits["cpu_s"])
        # Kept open to the end, so that no stream's end wakes us: only its data and the nursery's report do.
        self._cell_ends = ends.streams
        try:
            socket.send_fds(around.control, [RUN.pack(identity)], (*ends.files, *ends.streams))
        except OSError as error:
            raise Lost(f"the nursery takes no cell: {error}") from error
        finally:
            os.close(ends.files[0])
        self._stdin = ends.files[1]
        self._report = ends.report

    def send(self, message: bytes) -> None:
        """Answers the cell; a cell that does not listen any more misses it."""
        view = memoryview(len(message).to_bytes(4, "big") + message)
        with contextlib.suppress(OSError):
            while view:
                if not select.select((), (self._channel.descriptor,), (), 1.0)[1]:
                    return
                view = view[os.write(self._channel.descriptor, view) :]

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
            while True:
                for descriptor, _ in poll.poll(self._patience_ms()):
                    if descriptor == self._around.control.fileno():
                        return self._finish()
                    if descriptor == worker:
                        if on_word is None:
                            sys.exit(0)
                        on_word()
                    elif not self._read(descriptor):
                        poll.unregister(descriptor)
                self._look()
        finally:
            for capture in (self._stdout, self._stderr, self._channel):
                os.close(capture.descriptor)
            for descriptor in (*self._cell_ends, self._stdin, self._report):
                os.close(descriptor)

    def _sources(self) -> set[int]:
        """What there is to hear of a cell but for the worker's word."""
        captures = self._stdout, self._stderr, self._channel
        sources = {self._around.control.fileno(), *(capture.descriptor for capture in captures)}
        if self._leaves_file:  # whose descriptor a read would lose
            sources.remove(self._channel.descriptor)
        return sources if self._around.denials is None else sources | {self._around.denials.listener}

    def _patience_ms(self) -> float:
        until = self._next_look if self._killed_at is None else self._killed_at + _SWEEP_S
        return max(until - time.monotonic(), 0.0) * 1000 + 1

    def _read(self, descriptor: int) -> bool:
        if descriptor == self._stdout.descriptor:
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
        if self._leaves_file:
            output, overflowed = take(self._channel.descriptor, self._limits["output_kb"] << 10)
            self._stdout.overflowed = self._stdout.overflowed or overflowed
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
