"""Connects a cell with the agent: what it is given, and the pipes that the agent reads."""

import os
import socket
import time
from typing import Any, NamedTuple

from assay_agent.talk import Hearing
from assay_agent.wall import Wall

__all__ = ["CellJob", "Ends", "connect"]


class CellJob(NamedTuple):
    """What a cell is to do, within which limits."""

    payload: bytes
    stdin: bytes
    limits: dict[str, Any]
    is_command: bool = False
    """Whether it becomes another program by exec: its memory is then measured, not its address space limited."""
    compiles: bool = False
    """Whether its channel carries an artifact instead of a value."""
    left_files: int = 0
    """How many files are read after its end, whose descriptors its channel carries."""
    leaves_output: bool = False
    """Whether the first of them counts as its output."""


class Ends(NamedTuple):
    """Both ends of what connects a cell: what it is given, and what the agent reads."""

    hearing: Hearing | None
    """The agent's end of the standard input of a program that talks."""
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


def connect(job: CellJob, wall: Wall, identity: int, *, conversation: bool, talks: bool) -> Ends:
    """Makes the files and pipes of a cell that is the user ``identity``.

    In a ``conversation`` its channel goes both ways; if it ``talks``, its standard input is a pipe.
    """
    with wall.as_owner(identity):
        stdout, cell_stdout = os.pipe()
        stderr, cell_stderr = os.pipe()
        stdin, hearing = os.pipe() if talks else (_input_file(job.stdin), None)
    if conversation or job.left_files:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        channel, cell_channel = ours.detach(), theirs.detach()
    else:
        channel, cell_channel = os.pipe()
    report, cell_report = os.pipe()
    os.set_blocking(report, False)
    streams = cell_stdout, cell_stderr, cell_channel, cell_report
    heard = None if hearing is None else Hearing(hearing)
    return Ends(heard, (_memory_file("payload", job.payload), stdin), streams, stdout, stderr, channel, report)
