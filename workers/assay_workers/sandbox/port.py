"""What graders ask of a sandbox. Drivers implement it; graders see nothing else of them.

A sandbox has one slot: it runs one cell at a time. A cell is one process tree of one program: it either
reads standard input and prints (`Run`), answers one function call (`Call`), has test code in its own process
(`Together`), holds a conversation with the judge (`Session`) or talks with another program (`Partner`). A program's
outputs and values come back as data; of what is expected nothing here knows but test code, where it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from assay.contract import Flag, Limits

__all__ = [
    "Call",
    "CellOutcome",
    "CellTest",
    "Commands",
    "Ended",
    "Idle",
    "Killed",
    "Partner",
    "Program",
    "Run",
    "Sandbox",
    "Session",
    "Shut",
    "Together",
    "Word",
]


@dataclass(frozen=True)
class Commands:
    """How a program is compiled and run that the sandbox's own interpreter does not speak."""

    compile: tuple[str, ...] | None
    """The compiler with its arguments, in a folder with the source; None where nothing is compiled."""
    run: tuple[str, ...]
    """What runs the program, or what was compiled of it."""
    environment: Mapping[str, str]
    """The whole environment of both."""
    address_space_mb: int | None
    """How far its address space may exceed the memory limit; None where a runtime reserves what it likes."""
    stack_mb: int | None
    """How far its stack may grow; None for as far as its memory limit allows."""
    compile_limits: Limits


@dataclass(frozen=True)
class Program:
    """The source of a submission."""

    language: str
    source: bytes
    main: str | None = None
    """File name of the source, where it matters."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Further files, visible in the working directory of every cell."""
    commands: Commands | None = None
    """None for Python."""


@dataclass(frozen=True)
class Run:
    """One run from standard input to standard output."""

    stdin: bytes = b""
    args: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    output_file: str | None = None
    """File whose content counts as what it printed, in the place of standard output."""
    fetched: tuple[str, ...] = ()
    """Further files whose contents are wanted, relative to the working directory; they are there, empty, before
    the program starts."""


@dataclass(frozen=True)
class Call:
    """One call of a function of the program."""

    entry_point: str
    arguments: bytes
    """Encoded by `assay_agent.values`: a tuple of positional arguments and a dict of keyword arguments. Of a
    program with commands: what its driver reads from descriptor 4."""
    materialize: bool = False
    """Whether an iterator that is returned counts as the list of what it gives."""
    in_place: int | None = None
    """The positional argument that is the answer, as the call leaves it, instead of what is returned."""


@dataclass(frozen=True)
class Together:
    """Test code that runs in the program's own process."""

    script: bytes
    """As `assay_agent.together` reads it."""


CellTest = Run | Call | Together
"""What one cell is for."""


class Killed(StrEnum):
    """Which limit ended a cell."""

    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"
    OUTPUT = "output"
    FILES = "files"


@dataclass(frozen=True)
class CellOutcome:
    """How a cell ended and what it left."""

    exit_code: int | None
    """Exit status of the main process, or None if a signal ended it."""
    signal: int | None
    """The signal that ended the main process."""
    compile_failed: bool
    """The source is no program of its language: nothing of it was run."""
    killed: Killed | None
    """The limit for which the agent ended the cell."""
    starved: bool
    """It was ended by the wall limit after waiting much of the time for a processor: the machine's doing."""
    cpu_s: float
    """CPU seconds of every process of the cell."""
    wall_s: float
    memory_bytes: int
    """Largest resident set of one process of the cell."""
    stdout: bytes
    stderr: bytes
    """The end of standard error, up to 64 KiB."""
    value: bytes | None = None
    """The one frame a `Call` or a `Together` answered with, undecoded and untrusted; None if it sent none."""
    flags: frozenset[Flag] = frozenset()
    """What the agent saw of the cell that is worth a look."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The contents of the files that a `Run` has ``fetched``."""


@dataclass(frozen=True)
class Ended:
    """A cell has ended that there was a conversation with."""

    outcome: CellOutcome


@dataclass(frozen=True)
class Shut:
    """A program will print no more."""


@dataclass(frozen=True)
class Idle:
    """Whether a program has begun to do nothing but wait."""

    waits: bool


Word = bytes | Shut | Idle | Ended
"""What is heard of a program that talks: what it prints, and what becomes of it."""


class Session(Protocol):
    """A cell that exchanges messages with the judge until it ends."""

    def receive(self) -> bytes | Ended:
        """The next message of the cell, or how it ended.

        Raises:
            SandboxLost: the sandbox died or stopped answering.
        """
        ...

    def send(self, message: bytes) -> None:
        """Hands the cell a message; one to a cell that has ended is dropped."""
        ...

    def close(self) -> CellOutcome:
        """Ends the cell, if it still runs, and waits until nothing is left of it."""
        ...


class Partner(Protocol):
    """A program whose standard streams are another's; no method waits, see `assay_workers.sandbox.crossing`."""

    def hear(self) -> Word | None:
        """What has come of it and nobody has heard yet; None if nothing has.

        Raises:
            SandboxLost: the sandbox died.
        """
        ...

    def say(self, data: bytes) -> None:
        """Adds to its standard input; a program that has ended misses it."""
        ...

    def shut(self) -> None:
        """Ends its standard input."""
        ...

    def end(self) -> None:
        """Has it ended; that it has is heard later."""
        ...

    def waits_for(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The descriptors that must be readable, or writable, for anything new."""
        ...


class Sandbox(Protocol):
    """One slot in which programs run, each test in a cell of its own."""

    def run(self, program: Program, tests: Sequence[CellTest], limits: Limits) -> Iterator[CellOutcome]:
        """Runs the tests one after the other, each in a fresh cell; outcomes come in order.

        Closing the iterator early skips the remaining tests.

        Raises:
            ItemError: test code that was to run with the program cannot be compiled, or needs what is not there.
            SandboxLost: the sandbox died or stopped answering.
        """
        ...

    def serve(self, program: Program, limits: Limits) -> Session:
        """Opens a session whose cell loads ``program`` and answers calls on it (see `assay_agent.calls`)."""
        ...

    def examine(self, script: bytes, limits: Limits) -> Session:
        """Opens a session whose cell runs the test code of ``script`` (see `assay_agent.examiner`)."""
        ...

    def compile(self, program: Program) -> CellOutcome | None:
        """Compiles ``program``, unless it was before; how the compiler ended if it is none, else None.

        Raises:
            SandboxLost: the sandbox died or stopped answering.
        """
        ...

    def talk(self, program: Program, run: Run, limits: Limits) -> Partner:
        """Starts ``program``, which must compile, as a partner. Its ``run`` has no standard input."""
        ...

    def is_alive(self) -> bool:
        """Whether a sandbox that nobody uses at the moment can be used."""
        ...

    def close(self) -> None:
        """Ends everything of the sandbox."""
        ...
