"""The agent: process 1 of a sandbox. It takes one submission at a time from its worker and runs its tests.

It knows the submission's code, inputs and limits; never an expected value, a token or another tenant. It
speaks frames over standard input and output, runs no candidate code and parses nothing that a cell sends.
Untrusted code runs in cells that a nursery forks (see `assay_agent.nursery`); there is a nursery for every
set of modules worth having imported beforehand.

Operations of the worker: `configure` (once), `submit` (the program and its limits), `test` (one cell),
and in a conversation `message` and `end`. Answers: `ready`, `outcome`, `message`, `failed`.
"""

import json
import marshal
import os
import socket
import subprocess
import sys
from typing import Any, Final

from assay_agent import kernel, landlock
from assay_agent.capture import READ_BYTES
from assay_agent.layout import AGENT_ROOT, CANDIDATE_ID, ENVIRONMENT
from assay_agent.nursery import READY
from assay_agent.protocol import Frame, FrameReader, pack_frame, write_all
from assay_agent.running import CellRun, Lost, NurseryLink, Outcome

__all__ = ["Agent", "main"]

_IN: Final = 0
_CODE: Final = b"code"
_NURSERY_START_S: Final = 60.0
_NURSERY_COMMAND: Final = (
    f"import sys; sys.path.insert(0, {AGENT_ROOT!r}); from assay_agent.nursery import main; main()"
)


class _Nursery:
    """A running nursery, from the agent's side."""

    def __init__(self, preload: list[str], settings: dict[str, Any]) -> None:
        self._settings = {**settings, "preload": preload}
        self._start()

    def _start(self) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = {**self._settings, "control": theirs.fileno()}
        home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        kernel.unshare(kernel.CLONE_NEWPID)
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-s", "-c", _NURSERY_COMMAND, json.dumps(settings)],
                stdin=subprocess.DEVNULL,
                stdout=2,
                env=ENVIRONMENT,
                cwd="/",
                pass_fds=(theirs.fileno(),),
            )
        finally:
            kernel.setns(home, kernel.CLONE_NEWPID)
            os.close(home)
            theirs.close()
        self._ready = False

    def await_ready(self) -> None:
        """Returns once it can fork cells.

        Raises:
            Lost: it ended or did not come up in time.
        """
        if self._ready:
            return
        self.control.settimeout(_NURSERY_START_S)
        try:
            greeting = self.control.recv(64)
        except OSError as error:
            raise Lost(f"the nursery did not come up: {error}") from error
        if greeting != READY:
            raise Lost("the nursery ended while it came up; its complaint is in the log above")
        self.control.settimeout(None)
        self._ready = True

    def replace(self) -> None:
        """Ends it, and with it everything in its pid namespace, and starts another."""
        self.control.close()
        self.process.kill()
        self.process.wait()
        self._start()


class Agent:
    """Answers the worker's frames, one after the other."""

    def __init__(self, output: int) -> None:
        self._output = output
        self._reader = FrameReader()
        self._nurseries: list[_Nursery] = []
        self._submission: Frame | None = None
        self._code: bytes | None = None

    def serve(self) -> None:
        """Answers until the worker closes the stream."""
        while (frame := self._next_frame()) is not None:
            operation = frame.header["op"]
            if operation == "configure":
                self._configure(frame.header)
            elif operation == "submit":
                self._submission = frame
                self._code = None
            elif operation == "test":
                self._test(frame)

    def _next_frame(self) -> Frame | None:
        while (frame := self._reader.next_frame()) is None:
            data = os.read(_IN, READ_BYTES)
            if not data:
                return None
            self._reader.feed(data)
        return frame

    def _answer(self, header: dict[str, Any], *blobs: bytes) -> None:
        write_all(self._output, pack_frame(header, blobs))

    def _configure(self, header: dict[str, Any]) -> None:
        optional = header["preload"]
        preloads = [header["modules"] + optional[:count] for count in range(len(optional) + 1)]
        settings = {
            "readable": header["readable"],
            "require_landlock": header["require_landlock"],
            "base_processes": len(preloads) + 2,
        }
        self._nurseries = [_Nursery(preload, settings) for preload in preloads]
        try:
            self._nurseries[0].await_ready()
        except Lost as error:
            self._answer({"op": "failed", "reason": str(error)})
            return
        self._answer({"op": "ready", "landlock_abi": landlock.abi_version()})

    def _test(self, frame: Frame) -> None:
        assert self._submission is not None
        nursery = self._nurseries[self._submission.header["nursery"]]
        try:
            nursery.await_ready()
            outcome = self._run_cell(nursery, frame)
        except Lost as error:
            nursery.replace()
            self._answer({"op": "failed", "reason": str(error)})
            return
        self._report(outcome)

    def _run_cell(self, nursery: _Nursery, test: Frame) -> Outcome:
        conversation = test.header["mode"] in ("serve", "examine")
        payload, stdin = self._payload(test)
        run = CellRun(
            NurseryLink(nursery.control, nursery.process.pid),
            payload,
            stdin,
            self._limits,
            ours=frozenset((os.getpid(), *(other.process.pid for other in self._nurseries))),
            on_message=(lambda message: self._answer({"op": "message"}, message)) if conversation else None,
        )
        return run.wait(_IN, (lambda: self._converse(run)) if conversation else None)

    @property
    def _limits(self) -> dict[str, Any]:
        assert self._submission is not None
        limits: dict[str, Any] = self._submission.header["limits"]
        return limits

    def _payload(self, test: Frame) -> tuple[bytes, bytes]:
        """What the cell is told, and its standard input."""
        assert self._submission is not None
        submitted, header = self._submission.header, test.header
        source, *contents = self._submission.blobs
        stdin, *added = test.blobs
        cell = {
            "mode": header["mode"],
            "main": submitted["main"],
            "source": source,
            "code": self._code,
            "args": header.get("args", []),
            "files": dict(zip(submitted["files"], contents, strict=True))
            | dict(zip(header.get("files", ()), added, strict=True)),
            "limits": self._limits,
        }
        if header["mode"] != "call":
            return marshal.dumps(cell), stdin
        cell |= {"entry_point": header["entry_point"], "materialize": header["materialize"], "arguments": stdin}
        return marshal.dumps(cell), b""

    def _converse(self, run: CellRun) -> None:
        """Passes on what the worker says in a conversation."""
        data = os.read(_IN, READ_BYTES)
        if not data:
            sys.exit(0)
        self._reader.feed(data)
        while (frame := self._reader.next_frame()) is not None:
            if frame.header["op"] == "message":
                run.send(frame.blobs[0])
            else:
                run.kill()

    def _note(self, note: bytes) -> str:
        """What the worker is told of a cell's note; the compiled program is kept for the next cell."""
        if note.startswith(_CODE):
            self._code = note.removeprefix(_CODE)
            return ""
        return note.decode("utf-8", "replace")

    def _report(self, outcome: Outcome) -> None:
        report = outcome.report
        header = {
            "op": "outcome",
            "status": report.status,
            "ending": outcome.ending,
            "starved": outcome.starved,
            "cpu_s": report.cpu_s,
            "wall_s": report.wall_s,
            "memory_bytes": report.memory_bytes,
            "note": self._note(report.note),
        }
        self._answer(header, outcome.stdout, outcome.stderr, outcome.channel)


def main() -> None:
    """Runs the agent over standard input and output; anything else that is printed goes to standard error."""
    output = os.dup(1)
    os.dup2(2, 1)
    if os.getuid() == 0:
        kernel.become(CANDIDATE_ID)
    kernel.set_dumpable(False)
    Agent(output).serve()
