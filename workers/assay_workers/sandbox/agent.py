"""A sandbox as the conversation with the agent in it: the part that all drivers share.

A driver brings the agent up and hands over its streams; from there on frames are frames. Any deviation (a
stream that ends, no answer within the limits plus a margin, a cell that could not be set up) is `SandboxLost`:
the sandbox is then closed and never used again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from assay.contract import Limits
from assay.errors import SandboxLost, SandboxRefused
from assay_agent.artifact import ArtifactError, unpack_files
from assay_agent.protocol import PROTOCOL_VERSION, Frame
from assay_workers.sandbox.cell_frames import read_outcome
from assay_workers.sandbox.channel import FrameChannel
from assay_workers.sandbox.compilation import ArtifactCache, Compiled, artifact_key
from assay_workers.sandbox.partner import AgentPartner
from assay_workers.sandbox.port import (
    CellOutcome,
    CellTest,
    Commands,
    Ended,
    Partner,
    Program,
    Run,
    Session,
    Together,
)

__all__ = ["DEFAULT_ARTIFACT_BYTES", "EXAMINER_MODULES", "PYTEST_RUNNER", "AgentSandbox", "SandboxSettings"]

_MARGIN_S: Final = 75.0
"""What an agent may take beyond a test's wall limit: a cold nursery may have to come up first."""
_START_S: Final = 60.0
_OTHER_VERSION: Final = "install worker and agent from one version of Assay"
DEFAULT_ARTIFACT_BYTES: Final = 256 << 20
"""How much of what compilers made a worker keeps."""

EXAMINER_MODULES: Final = ("assay_agent.examiner",)
"""What the nurseries of a sandbox for examinations have imported; those for candidates do without its weight."""
PYTEST_RUNNER: Final = "assay_agent.pytest_run"
"""What an examiners' nursery of its own has imported for scripts that name it, pytest with it."""


class SandboxSettings:
    """What an agent is told once, before any submission."""

    def __init__(
        self,
        preload: Sequence[str],
        readable: Sequence[str],
        *,
        require_landlock: bool,
        modules: Sequence[str] = (),
        identities: tuple[int, int] | None = None,
        artifacts: ArtifactCache | None = None,
    ) -> None:
        """What is given.

        Arguments:
            preload: modules imported in the nursery that a source which names them is run in.
            readable: folders that candidates may read besides the usual ones.
            require_landlock: whether to refuse a kernel without Landlock.
            modules: what every nursery has imported, besides the common modules.
            identities: the first of the users that cells may be, and how many there are; in a container.
            artifacts: what compilers made, shared with the other sandboxes of the worker.
        """
        self.artifacts = artifacts or ArtifactCache(DEFAULT_ARTIFACT_BYTES)
        self._identities = identities
        self.preload = tuple(preload)
        self._modules = tuple(modules)
        self._readable = tuple(readable)
        self._require_landlock = require_landlock

    def frame(self) -> dict[str, Any]:
        """The header of the `configure` frame."""
        return {
            "op": "configure",
            "modules": list(self._modules),
            "preload": list(self.preload),
            "readable": list(self._readable),
            "require_landlock": self._require_landlock,
            "identities": self._identities,
        }

    def nursery_for(self, source: bytes) -> int:
        """The smallest nursery that has imported every preloaded module the source names."""
        named = [place for place, module in enumerate(self.preload, 1) if module.encode() in source]
        return max(named, default=0)


def _limits_header(limits: Limits) -> dict[str, Any]:
    return {**limits.model_dump(exclude={"wall_s"}), "wall_s": limits.wall_limit_s}


def _command_header(commands: Commands) -> dict[str, Any]:
    return {
        "compile": commands.compile,
        "run": commands.run,
        "environment": dict(commands.environment),
        "address_space_mb": commands.address_space_mb,
        "stack_mb": commands.stack_mb,
    }


class AgentSandbox:
    """A running agent, spoken to through ``channel``; ``stop`` ends the sandbox around it."""

    def __init__(
        self,
        channel: FrameChannel,
        stop: Callable[[], None],
        settings: SandboxSettings,
        make_room: Callable[[Limits], None] | None = None,
    ) -> None:
        """Configures the agent and waits until it can run programs.

        Arguments:
            channel: the connection with the agent.
            stop: ends the sandbox.
            settings: what the agent is told.
            make_room: called before programs are run within limits, for a sandbox whose own must hold them.

        Raises:
            SandboxRefused: the agent cannot isolate programs here, or (`sandbox_outdated`) is another Assay's.
            SandboxLost: it did not come up.
        """
        self._channel = channel
        self._stop = stop
        self._settings = settings
        self._make_room = make_room or (lambda _: None)
        self._channel.send(settings.frame())
        greeting = self._channel.receive(_START_S)
        if greeting.header["op"] != "ready":
            raise SandboxRefused(f"the agent cannot isolate programs: {greeting.header.get('reason')}")
        _check_version(greeting)
        self.landlock_abi: int = greeting.header["landlock_abi"]

    def run(self, program: Program, tests: Sequence[CellTest], limits: Limits) -> Iterator[CellOutcome]:
        """Runs the tests in order, each in its own cell; see `assay_workers.sandbox.port.Sandbox`.

        A program that does not compile has one outcome, whatever the number of tests.
        """
        compiled = self._compile(program)
        if compiled is not None and compiled.artifact is None:
            yield compiled.outcome
            return
        named = b"".join(test.script for test in tests if isinstance(test, Together))
        self._submit(program, limits, compiled, named)
        timeout_s = limits.wall_limit_s + _MARGIN_S
        for test in tests:
            if isinstance(test, Run):
                self._send_run(test)
            elif isinstance(test, Together):
                self._channel.send({"op": "test", "mode": "together"}, [test.script])
            else:
                header = {
                    "op": "test",
                    "mode": "call",
                    "entry_point": test.entry_point,
                    "materialize": test.materialize,
                    "in_place": test.in_place,
                }
                self._channel.send(header, [test.arguments])
            fetched = test.fetched if isinstance(test, Run) else ()
            frame = self._expect("outcome", timeout_s)
            yield read_outcome(frame, is_call=not isinstance(test, Run), fetched=fetched)

    def compile(self, program: Program) -> CellOutcome | None:
        """How the compiler ended if the program is none; None if it can run."""
        compiled = self._compile(program)
        return compiled.outcome if compiled is not None and compiled.artifact is None else None

    def talk(self, program: Program, run: Run, limits: Limits) -> Partner:
        """Starts a program whose standard streams are the worker's."""
        self._submit(program, limits, self._compile(program))
        self._send_run(run, "talk")
        return AgentPartner(self._channel)

    def _compile(self, program: Program) -> Compiled | None:
        """What the compiler makes of the program, or made of it before; None where nothing is compiled."""
        if program.commands is None or program.commands.compile is None:
            return None
        key = artifact_key(program)
        compiled = self._settings.artifacts.get(key)
        if compiled is None:
            compiled = self._run_compiler(program, program.commands.compile_limits)
            if not compiled.outcome.starved:
                self._settings.artifacts.keep(key, compiled)
        return compiled

    def _run_compiler(self, program: Program, limits: Limits) -> Compiled:
        self._submit(program, limits)
        self._channel.send({"op": "test", "mode": "compile"}, [b""])
        frame = self._expect("outcome", limits.wall_limit_s + _MARGIN_S)
        outcome = read_outcome(frame, is_call=False)
        if outcome.exit_code == 0 and outcome.killed is None:
            try:
                return Compiled(outcome, unpack_files(frame.blobs[2]))
            except ArtifactError as error:
                outcome = replace(outcome, stderr=f"error: {error}".encode())
        return Compiled(replace(outcome, compile_failed=True), None)

    def serve(self, program: Program, limits: Limits) -> Session:
        """Opens a session with the loaded program."""
        self._submit(program, limits)
        self._channel.send({"op": "test", "mode": "serve"}, [b""])
        return _AgentSession(self, limits.wall_limit_s + _MARGIN_S)

    def examine(self, script: bytes, limits: Limits) -> Session:
        """Opens a session with test code."""
        self._submit(Program("python", script, "tests.py"), limits)
        self._channel.send({"op": "test", "mode": "examine"}, [b""])
        return _AgentSession(self, limits.wall_limit_s + _MARGIN_S)

    def is_alive(self) -> bool:
        """An agent says nothing unasked: whatever can be read is its end."""
        return self._channel.is_silent()

    def close(self) -> None:
        """Ends the agent and everything below it."""
        self._stop()

    def _submit(
        self, program: Program, limits: Limits, compiled: Compiled | None = None, test_code: bytes = b""
    ) -> None:
        """Hands the program over; with ``test_code`` what that names is imported beforehand, too."""
        self._make_room(limits)
        commands, artifact = program.commands, {} if compiled is None else compiled.artifact or {}
        has_source = compiled is None  # what was compiled does without it
        header = {
            "op": "submit",
            "main": program.main or "main.py",
            "has_source": has_source,
            "files": list(program.files),
            "artifact": list(artifact),
            "limits": _limits_header(limits),
            "nursery": 0 if commands else self._settings.nursery_for(program.source + test_code),
            "command": commands and _command_header(commands),
        }
        source = [program.source] if has_source else []
        self._channel.send(header, [*source, *program.files.values(), *artifact.values()])

    def _send_run(self, run: Run, mode: str = "run") -> None:
        files: Mapping[str, bytes] = run.files
        header = {
            "op": "test",
            "mode": mode,
            "args": list(run.args),
            "files": list(files),
            "output_file": run.output_file,
            "fetched": list(run.fetched),
        }
        self._channel.send(header, [run.stdin, *files.values()])

    def _expect(self, operation: str, timeout_s: float) -> Frame:
        frame = self._channel.receive(timeout_s)
        if frame.header["op"] == "failed":
            raise SandboxLost(f"a cell could not be run: {frame.header['reason']}")
        if frame.header["op"] != operation:
            raise SandboxLost(f"the agent answered {frame.header['op']!r} instead of {operation!r}")
        return frame

    def receive(self, timeout_s: float) -> Frame:
        """The next frame of a session, a message or an outcome."""
        return self._channel.receive(timeout_s)

    def send(self, operation: str, *blobs: bytes) -> None:
        """Says something in a session."""
        self._channel.send({"op": operation}, blobs)


def _check_version(greeting: Frame) -> None:
    """Sees to it that the agent means by its frames what we mean.

    Raises:
        SandboxRefused: it is of another version (`sandbox_outdated`).
    """
    theirs = greeting.header.get("protocol")
    if theirs != PROTOCOL_VERSION:
        said = "no protocol version" if theirs is None else f"protocol version {theirs}"
        message = f"the agent speaks {said}, and this worker {PROTOCOL_VERSION}"
        raise SandboxRefused(message, code="sandbox_outdated", hint=_OTHER_VERSION)


class _AgentSession:
    """One conversation with a cell; see `assay_workers.sandbox.port.Session`."""

    def __init__(self, sandbox: AgentSandbox, timeout_s: float) -> None:
        self._sandbox = sandbox
        self._timeout_s = timeout_s
        self._ended: Ended | None = None

    def receive(self) -> bytes | Ended:
        if self._ended is not None:
            return self._ended
        frame = self._sandbox.receive(self._timeout_s)
        if frame.header["op"] == "message":
            return frame.blobs[0]
        if frame.header["op"] != "outcome":
            raise SandboxLost(f"a session failed: {frame.header.get('reason')}")
        self._ended = Ended(read_outcome(frame, is_call=False))
        return self._ended

    def send(self, message: bytes) -> None:
        if self._ended is None:
            self._sandbox.send("message", message)

    def close(self) -> CellOutcome:
        if self._ended is None:
            self._sandbox.send("end")
        while not isinstance(received := self.receive(), Ended):
            pass
        return received.outcome
