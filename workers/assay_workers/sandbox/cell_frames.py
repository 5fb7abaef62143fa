"""What an agent tells of a cell that has ended, as an outcome. Pure."""

import os
from collections.abc import Sequence
from typing import Final

from assay.contract import Flag
from assay.errors import ItemError, SandboxLost
from assay_agent.protocol import Frame
from assay_workers.sandbox.port import CellOutcome, Killed

__all__ = ["read_outcome"]

_FRAME_HEADER: Final = 4
_FAULTS_OF_TESTS: Final = ("tests_not_isolable", "invalid_tests")


def read_outcome(frame: Frame, *, is_call: bool, fetched: Sequence[str] = ()) -> CellOutcome:
    """The outcome that a frame tells; with ``is_call`` its channel holds one answer.

    Arguments:
        frame: the frame.
        is_call: whether the cell was a call.
        fetched: the names of the files that come with it.

    Raises:
        ItemError: test code that was to run with the program is none.
        SandboxLost: the cell could not be set up.
    """
    header = frame.header
    stdout, stderr, channel = frame.blobs[:3]
    if header["note"].startswith("setup"):
        raise SandboxLost(f"a cell could not be set up: {header['note']}")
    code, _, reason = header["note"].partition(": ")
    if code in _FAULTS_OF_TESTS:  # noted before anything of the program ran
        raise ItemError(reason, code=code)
    status = header["status"]
    return CellOutcome(
        exit_code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        compile_failed=header["note"] == "compile",
        killed=Killed(header["ending"]) if header["ending"] else None,
        starved=header["starved"],
        cpu_s=header["cpu_s"],
        wall_s=header["wall_s"],
        memory_bytes=header["memory_bytes"],
        stdout=stdout,
        stderr=stderr,
        value=_only_answer(channel) if is_call else None,
        files=dict(zip(fetched, frame.blobs[3:], strict=True)),
        flags=frozenset(Flag(name) for name in header["flags"]) | _channel_flags(channel, is_call=is_call),
    )


def _channel_flags(channel: bytes, *, is_call: bool) -> frozenset[Flag]:
    """A cell that was to answer once, and wrote something else, has tried what no honest program does."""
    tampered = is_call and channel != b"" and _only_answer(channel) is None
    return frozenset({Flag.CHANNEL_TAMPERING}) if tampered else frozenset()


def _only_answer(channel: bytes) -> bytes | None:
    """The one answer in what a cell wrote to its value channel; anything more or less is none."""
    size = int.from_bytes(channel[:_FRAME_HEADER], "big")
    if len(channel) <= _FRAME_HEADER or len(channel) != _FRAME_HEADER + size:
        return None
    return channel[_FRAME_HEADER:]
