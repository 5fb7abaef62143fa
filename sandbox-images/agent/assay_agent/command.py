"""Runs a program of a language that the nursery does not speak: by the commands of its row in the table.

A run becomes the program by exec, so that nothing of ours is left in the process. A compilation stays its parent,
to pack what the compiler made and send it to the judge, who keeps it and gives it to the cells that run it. What
is packed may be forged by a program that runs while it is compiled: it is then that program's own artifact, no
more.

A program that is called, instead of run, has two more descriptors: 3 takes its answer, and 4 is a file with the
call. Its standard input is empty.
"""

import _signal  # type: ignore[import-not-found]  # behind `signal`, whose enumerations would cost every cell 50 pages
import os
import sys
from typing import Any, Final, NoReturn

from assay_agent.artifact import ArtifactError, pack_folder
from assay_agent.layout import ARTIFACT_ROOT, CELL_OUT
from assay_agent.protocol import write_all

__all__ = ["compile_program", "run_command"]

_NOT_RUN: Final = 127
"""Exit status of a program that cannot be executed, as of a shell."""
_MOST_DESCRIPTORS: Final = 1 << 16
_ANSWER_FD: Final = 3
_CALL_FD: Final = 4
_RESTORED: Final = (_signal.SIGPIPE, _signal.SIGXFSZ, _signal.SIGINT)
"""What Python handles or ignores and a program expects by default."""


def _become(arguments: list[str], environment: dict[str, str]) -> None:
    """Becomes the program; returns only by an exception.

    Raises:
        OSError: it cannot be executed.
    """
    for number in _RESTORED:
        _signal.signal(number, _signal.SIG_DFL)
    os.execvpe(arguments[0], arguments, environment)  # noqa: S606 - no shell is wanted


def _arrange_call(channel: int, report: int) -> int:
    """Puts the channel and the call, which came as standard input, where a driver expects them.

    Returns the report's descriptor, out of their way.
    """
    beyond = []
    while (moved := os.dup(report)) <= _CALL_FD:
        beyond.append(moved)
    answers, call = os.dup(channel), os.dup(0)  # beyond the report, so beyond both places
    for descriptor in (report, channel, *beyond):
        os.close(descriptor)
    os.dup2(answers, _ANSWER_FD)
    os.dup2(call, _CALL_FD)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    return moved


def run_command(command: dict[str, Any], added: list[str], report: int, channel: int | None) -> NoReturn:
    """Runs the program with the arguments ``added``; a tool that is not there is reported as a failure of ours.

    With ``channel`` the program is called, and that is where its answer goes.
    """
    arguments = [*command["run"], *added]
    if channel is not None:
        report = _arrange_call(channel, report)
    os.closerange(3 if channel is None else _CALL_FD + 1, report)
    os.closerange(report + 1, _MOST_DESCRIPTORS)
    try:
        _become(arguments, command["environment"])
    except OSError as error:
        if not arguments[0].startswith(ARTIFACT_ROOT):
            os.write(report, f"setup {arguments[0]}: {error.strerror}".encode()[:4096])
        os.write(2, f"{arguments[0]}: {error.strerror}\n".encode())
    os._exit(_NOT_RUN)


def compile_program(command: dict[str, Any], channel: int, report: int) -> NoReturn:
    """Runs the compiler and sends what it made; the exit status is the compiler's.

    One that is not there, or cannot be started, is reported as a failure of ours.
    """
    os.mkdir(CELL_OUT, 0o755)
    os.dup2(2, 1)  # some compilers complain on standard output
    try:
        compiler = os.fork()
        if compiler == 0:
            os.closerange(3, report)
            os.closerange(report + 1, _MOST_DESCRIPTORS)
            _become(command["compile"], command["environment"])
    except OSError as error:
        os.write(report, f"setup {command['compile'][0]}: {error.strerror}".encode()[:4096])
        os._exit(_NOT_RUN)
    os.close(report)
    _, status = os.waitpid(compiler, 0)
    if status == 0:
        status = _deliver(channel)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF if status else 0)


def _deliver(channel: int) -> int:
    """Sends the artifact; a wait status."""
    try:
        write_all(channel, pack_folder(CELL_OUT))
    except (ArtifactError, OSError) as error:
        print(error, file=sys.stderr, flush=True)  # noqa: T201 - the compiler's own stream
        return 1 << 8
    return 0
