"""The agent: process 1 of a sandbox. It takes one submission at a time from its worker and runs its tests.

It knows the submission's code, inputs and limits; never an expected value, a token or another tenant. It speaks
frames over standard input and output, runs no candidate code and parses nothing that a cell sends. Untrusted
code runs in cells that a nursery forks (see `assay_agent.nursery`); there is a nursery for every set of modules
worth having imported beforehand.

Operations of the worker: `configure` (once), `submit` (the program and its limits, with what was compiled of
it), `test` (one cell), and in a conversation `message` and `end`. A program that talks is run in the mode `talk`:
`message` is then its input, and `shut` that input's end. Answers: `ready`, `outcome`, `message`, of a program that
talks `shut`, `idle` and `busy`, too, and `failed`; after the last the sandbox is not to be used again.
"""

import json
import marshal
import os
import shutil
import socket
import sys
from typing import Any, Final

from assay_agent import kernel, landlock
from assay_agent.artifact import place_files
from assay_agent.capture import READ_BYTES
from assay_agent.denials import Denials
from assay_agent.ends import CellJob
from assay_agent.layout import AGENT_ROOT, ARTIFACT
from assay_agent.nursery import READY
from assay_agent.protocol import PROTOCOL_VERSION, Frame, FrameReader, pack_frame, write_all
from assay_agent.running import CellRun, Outcome, Surroundings
from assay_agent.talk import SHUT
from assay_agent.wall import Lost, Wall, make_wall

__all__ = ["Agent", "main"]

_IN: Final = 0
_CODE: Final = b"code"
_NURSERY_START_S: Final = 60.0
_NURSERY_COMMAND: Final = (
    f"import sys; sys.path.insert(0, {AGENT_ROOT!r}); from assay_agent.nursery import main; main()"
)


class _Nursery:
    """A running nursery, from the agent's side."""

    def __init__(self, wall: Wall, settings: dict[str, Any]) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        told = json.dumps({**settings, "wall": wall.name, "control": theirs.fileno()})
        with theirs:
            self.process = wall.start_nursery([sys.executable, "-s", "-c", _NURSERY_COMMAND, told], theirs.fileno())
        self.denials: Denials | None = None
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
            greeting, descriptors, _, _ = socket.recv_fds(self.control, 64, 1)
        except OSError as error:
            raise Lost(f"the nursery did not come up: {error}") from error
        if greeting != READY:
            raise Lost("the nursery ended while it came up; its complaint is in the log above")
        self.control.settimeout(None)
        self.denials = Denials(descriptors[0]) if descriptors else None
        self._ready = True


class Agent:
    """Answers the worker's frames, one after the other."""

    def __init__(self, wall: Wall, output: int) -> None:
        self._wall = wall
        self._output = output
        self._reader = FrameReader()
        self._nurseries: list[_Nursery] = []
        self._submission: dict[str, Any] | None = None
        self._source: bytes | None = None
        self._files: dict[str, bytes] = {}
        self._code: bytes | None = None

    def serve(self) -> None:
        """Answers until the worker closes the stream."""
        while (frame := self._next_frame()) is not None:
            operation = frame.header["op"]
            if operation == "configure":
                self._configure(frame.header)
            elif operation == "submit":
                self._submit(frame)
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
        self._wall.configure(header)
        settings = {
            "readable": header["readable"],
            "require_landlock": header["require_landlock"],
            "base_processes": self._wall.base_processes(len(preloads)),
        }
        self._nurseries = [
            _Nursery(self._wall, {**settings, **self._wall.word_for_nursery(place), "preload": preload})
            for place, preload in enumerate(preloads)
        ]
        try:
            self._nurseries[0].await_ready()
        except Lost as error:
            self._answer({"op": "failed", "reason": str(error)})
            return
        self._answer({"op": "ready", "protocol": PROTOCOL_VERSION, "landlock_abi": landlock.abi_version()})

    def _submit(self, frame: Frame) -> None:
        """Takes a submission, and puts what was compiled of it where its cells can read it."""
        header = frame.header
        blobs = iter(frame.blobs)
        self._source = next(blobs) if header["has_source"] else None
        self._files = dict(zip(header["files"], blobs, strict=False))
        artifact = dict(zip(header["artifact"], blobs, strict=True))
        shutil.rmtree(ARTIFACT, ignore_errors=True)
        try:
            if artifact:
                place_files(ARTIFACT, artifact)
        except OSError as error:
            self._answer({"op": "failed", "reason": f"what was compiled cannot be placed: {error}"})
        self._submission = header
        self._code = None

    def _test(self, frame: Frame) -> None:
        assert self._submission is not None
        nursery = self._nurseries[self._submission["nursery"]]
        try:
            nursery.await_ready()
            outcome = self._run_cell(nursery, frame)
        except Lost as error:
            self._answer({"op": "failed", "reason": str(error)})
            return
        self._report(outcome)

    def _run_cell(self, nursery: _Nursery, test: Frame) -> Outcome:
        mode = test.header["mode"]
        conversation, talks = mode in ("serve", "examine"), mode == "talk"
        ours = frozenset((os.getpid(), *(other.process.pid for other in self._nurseries)))
        around = Surroundings(self._wall, nursery.control, nursery.process.pid, ours, nursery.denials)
        run = CellRun(
            around,
            self._job(test),
            on_message=(lambda message: self._tell("message", message)) if conversation else None,
            tell=self._tell if talks else None,
        )
        if not conversation and not talks:
            return run.wait(_IN)
        self._pass_words(run)  # those that came with the order for the cell
        return run.wait(_IN, lambda: self._converse(run))

    def _tell(self, operation: str, *blobs: bytes) -> None:
        self._answer({"op": operation}, *blobs)

    def _job(self, test: Frame) -> CellJob:
        """What the cell is told, and its standard input."""
        assert self._submission is not None
        submitted, header = self._submission, test.header
        stdin, *added = test.blobs
        limits: dict[str, Any] = header.get("limits", submitted["limits"])
        command = submitted["command"]
        output_file, fetched = header.get("output_file"), header.get("fetched", [])
        cell = {
            "mode": "run" if header["mode"] == "talk" else header["mode"],
            "main": submitted["main"],
            "source": self._source,
            "code": self._code,
            "command": command,
            "args": header.get("args", []),
            "files": self._files | dict(zip(header.get("files", ()), added, strict=True)),
            "limits": limits,
            "left_files": fetched if output_file is None else [output_file, *fetched],
        }
        if header["mode"] == "call" and command is None:  # a command finds its call behind a descriptor
            cell |= {name: header[name] for name in ("entry_point", "materialize", "in_place")}
            cell["arguments"], stdin = stdin, b""
        elif header["mode"] == "together":
            cell["script"], stdin = stdin, b""
        return CellJob(
            marshal.dumps(cell),
            stdin,
            limits,
            is_command=command is not None,
            compiles=header["mode"] == "compile",
            left_files=len(cell["left_files"]),
            leaves_output=output_file is not None,
        )

    def _converse(self, run: CellRun) -> None:
        """Passes on what the worker says in a conversation."""
        data = os.read(_IN, READ_BYTES)
        if not data:
            sys.exit(0)
        self._reader.feed(data)
        self._pass_words(run)

    def _pass_words(self, run: CellRun) -> None:
        while (frame := self._reader.next_frame()) is not None:
            if frame.header["op"] == "message":
                run.send(frame.blobs[0])
            elif frame.header["op"] == SHUT:
                run.shut()
            elif frame.header["op"] == "end":
                run.kill()
            else:  # the worker believes another conversation: it had better lose this sandbox
                sys.exit(1)

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
            "note": self._note(outcome.note),
            "flags": outcome.flags,
        }
        self._answer(header, outcome.stdout, outcome.stderr, outcome.channel, *outcome.left)


def main(wall: str = "namespaces") -> None:
    """Runs the agent over standard input and output; anything else that is printed goes to standard error.

    Arguments:
        wall: how it is to keep cells apart; see `assay_agent.wall`.
    """
    output = os.dup(1)
    os.dup2(2, 1)
    chosen = make_wall(wall)
    chosen.settle_agent()
    kernel.set_dumpable(False)
    Agent(chosen, output).serve()
