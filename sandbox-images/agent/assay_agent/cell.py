"""A cell: the forked child in which one test of one submission runs.

The nursery forks, and the child locks itself in before it reads a byte of anybody's code: its own session, its
side of the wall (`assay_agent.wall`) with an empty private file system, resource limits, no capability,
Landlock, no descriptor but the ones meant for it; the seccomp filter it has from the nursery. (An ipc namespace
of its own would cost a tenth of a millisecond and hold nothing: the filter allows neither System V nor POSIX
message queues, and semaphores are files.)

Whatever fails until then is reported on a pipe that is closed before the program starts, so that a failure of
ours can be told from one of the program, and not be forged by it.
"""

import _signal  # type: ignore[import-not-found]  # behind `signal`, whose enumerations would cost every cell 50 pages
import contextlib
import importlib
import json
import marshal
import os
import resource
import sys
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from assay_agent import kernel, landlock
from assay_agent.calls import serve
from assay_agent.command import compile_program, run_command
from assay_agent.handover import give, make_room
from assay_agent.program import FunctionCall, Submission, call_function, run_main

if TYPE_CHECKING:
    from assay_agent.wall import Wall

__all__ = ["CellConfinement", "CellDescriptors", "limit_all_cells", "live"]

_CHANNEL_FD: Final = 3
_RUNNERS: Final = ("assay_agent.pytest_run", "assay_agent.test_cases")
"""What a script names that it needs, besides what every script does."""
_SOFT_STACK_BYTES: Final = 256 << 20
_CPU_MARGIN_S: Final = 2


class CellConfinement(NamedTuple):
    """What every cell of a nursery enters; made once, before any job."""

    wall: "Wall"
    ruleset: int | None
    """Descriptor of the Landlock ruleset, or None where the kernel has none."""
    base_address_bytes: int
    """Address space of the nursery itself, which the memory limit does not count."""
    base_processes: int
    """Processes of the jail that are not the cell's."""
    most_open_files: int
    most_stack_bytes: int
    """What the nursery's own limits allow at the most."""


class CellDescriptors(NamedTuple):
    """What the agent hands a cell, by the nursery unread."""

    payload: int
    """A memory file that says what to run and within which limits."""
    stdin: int
    stdout: int
    stderr: int
    channel: int
    """Where values or messages go; a pipe or a socket."""
    report: int
    """A pipe for what is said before the program starts; see `live`. The nursery must not read it: what it ever
    held, a later cell finds in its own memory."""


def _arrange_descriptors(given: CellDescriptors) -> None:
    for target, descriptor in enumerate((given.stdin, given.stdout, given.stderr)):
        os.dup2(descriptor, target)


def limit_all_cells() -> None:
    """Sets, in the nursery, the limits that no request changes."""
    for what, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, 256),
    ):
        resource.setrlimit(what, (limit, limit))


def _limit_resources(payload: dict[str, Any], confinement: CellConfinement) -> None:
    limits = payload["limits"]
    memory_bytes = limits["memory_mb"] << 20
    cpu_s = int(limits["cpu_s"]) + _CPU_MARGIN_S
    for what, limit in (
        (resource.RLIMIT_AS, _address_space(payload, confinement)),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, limits["file_mb"] << 20),
        (resource.RLIMIT_NOFILE, min(limits["open_files"], confinement.most_open_files)),
        (resource.RLIMIT_NPROC, limits["processes"] + confinement.base_processes),
    ):
        resource.setrlimit(what, (limit, limit))
    stack_bytes = min(memory_bytes, _stack(payload), confinement.most_stack_bytes)
    resource.setrlimit(resource.RLIMIT_STACK, (stack_bytes, confinement.most_stack_bytes))


def _stack(payload: dict[str, Any]) -> int:
    if payload["command"] is None:
        return _SOFT_STACK_BYTES
    stack_mb: int | None = payload["command"]["stack_mb"]
    return sys.maxsize if stack_mb is None else stack_mb << 20


def _address_space(payload: dict[str, Any], confinement: CellConfinement) -> int:
    """Of the interpreter it is the memory limit; other programs are measured, and this only stops a stampede."""
    memory_bytes: int = payload["limits"]["memory_mb"] << 20
    if payload["command"] is None:
        return confinement.base_address_bytes + memory_bytes
    extra_mb: int | None = payload["command"]["address_space_mb"]
    if extra_mb is None:
        return resource.RLIM_INFINITY
    stacks = payload["limits"]["processes"] * min(
        memory_bytes, _stack(payload)
    )  # of threads, which only reserve them
    return memory_bytes + (extra_mb << 20) + int(stacks)


def _give_up_powers(confinement: CellConfinement) -> None:
    kernel.drop_capabilities()
    if confinement.ruleset is not None:
        landlock.enter(confinement.ruleset)
    kernel.set_dumpable(True)


def _read_payload(descriptor: int) -> dict[str, Any]:
    """What the agent wrote; marshal costs a cell a tenth of what JSON does, and the agent is to be trusted."""
    payload: dict[str, Any] = marshal.loads(os.pread(descriptor, os.fstat(descriptor).st_size, 0))  # noqa: S302
    return payload


def _write_file(name: str, content: bytes) -> None:
    make_room(name)
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def _place_files(payload: dict[str, Any]) -> None:
    for name, content in payload["files"].items():
        _write_file(name, content)
    if payload["source"] is not None and payload["mode"] != "examine":
        _write_file(payload["main"], payload["source"])


def _import_for_tests(module: str, script: bytes) -> None:
    """Imports what runs the test code, while our files can be read; the nurseries of examiners have it already."""
    importlib.import_module(module)
    for runner in _RUNNERS:
        if runner.encode() in script:
            with contextlib.suppress(ImportError):  # the runner says that there is no pytest
                importlib.import_module(runner)


def _enter(identity: int, given: CellDescriptors, confinement: CellConfinement) -> dict[str, Any]:
    os.setsid()
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    _arrange_descriptors(given)
    payload = _read_payload(given.payload)
    confinement.wall.shut_in(identity, payload["limits"]["file_mb"])
    if payload["left_files"]:
        give(given.channel, payload["left_files"])
    _place_files(payload)
    _limit_resources(payload, confinement)
    if payload["mode"] == "examine":
        _import_for_tests("assay_agent.examiner", payload["source"])
    elif payload["mode"] == "together":
        _import_for_tests("assay_agent.together", payload["script"])
    _give_up_powers(confinement)
    return payload


def live(identity: int, given: CellDescriptors, confinement: CellConfinement) -> NoReturn:
    """Becomes the cell and runs its program; never returns.

    On the report's pipe is said, before the program starts, a message that begins with `setup` for a failure of
    ours, `compile` for a source that is no program, `code` with the compiled program.
    """
    try:
        payload = _enter(identity, given, confinement)
        channel, report = os.dup(given.channel), os.dup(given.report)
    except BaseException as error:  # noqa: BLE001 - the boundary of a forked process
        os.write(given.report, f"setup {type(error).__name__}: {error}".encode("utf-8", "replace")[:4096])
        os._exit(1)
    os.close(given.report)  # which a program could inherit, unlike its copy
    _run(payload, channel, report)


def _run(payload: dict[str, Any], channel: int, report: int) -> NoReturn:
    mode = payload["mode"]
    if mode == "compile":
        compile_program(payload["command"], channel, report)
    if payload["command"] is not None:
        run_command(payload["command"], payload["args"], report, channel if mode == "call" else None)
    submission = Submission(payload["source"], payload["main"], tuple(payload["args"]), payload["code"])
    if mode == "run":
        os.close(channel)
        run_main(submission, report)
    if channel != _CHANNEL_FD:
        os.dup2(channel, _CHANNEL_FD, inheritable=False)
    if mode == "call":
        wanted = FunctionCall(
            payload["entry_point"], payload["arguments"], payload["materialize"], payload["in_place"]
        )
        call_function(submission, wanted, _CHANNEL_FD, report)
    if mode == "serve":
        serve(submission, _CHANNEL_FD, report)
    if mode == "together":
        from assay_agent.together import run_together

        run_together(submission, payload["script"], _CHANNEL_FD, report)
    from assay_agent.examiner import examine

    examine(json.loads(submission.source), _CHANNEL_FD)
