"""Starts an agent in a bubblewrap jail.

An ordinary user's jail runs as that user, in a user namespace that maps nobody else. Under root the agent
becomes a user that nobody else is (see `assay_workers.sandbox.jail.identity`), so that limits which the
kernel does not apply to root hold, and root's files stay root's.
"""

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from assay.errors import SandboxLost, SandboxRefused
from assay.settings import Settings
from assay_workers.sandbox.agent import PYTEST_RUNNER, AgentSandbox, SandboxSettings
from assay_workers.sandbox.channel import FrameChannel, PipeStream
from assay_workers.sandbox.compilation import ArtifactCache
from assay_workers.sandbox.jail.bubblewrap import build_command, find_bubblewrap
from assay_workers.sandbox.jail.interpreter import Interpreter, find_interpreter
from assay_workers.sandbox.jail.kernel_settings import find_obstacle
from assay_workers.sandbox.jail.tools import answers_in, seems_there
from assay_workers.sandbox.languages import Language
from assay_workers.sandbox.slots import unknown_language

__all__ = ["JailDriver", "JailSandboxes"]

_STACK_BYTES: Final = 1 << 30
"""Stack limit the nurseries are started with: it fixes how far the stack of a cell may grow."""
_STOP_S: Final = 10.0
_INSTALLED: Final = ("/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/lib/x86_64-linux-gnu", "/usr/include")
"""Folders of which some change whenever packages do."""


class JailDriver:
    """Starts jails, all alike."""

    def __init__(
        self, settings: Settings, modules: Sequence[str] = (), artifacts: ArtifactCache | None = None
    ) -> None:
        """Finds bubblewrap and the interpreter.

        Arguments:
            settings: the settings.
            modules: what every nursery has imported beforehand.
            artifacts: what compilers made, shared with the worker's other sandboxes.

        Raises:
            SandboxRefused: there is none, or it cannot be run.
        """
        self._bubblewrap = find_bubblewrap()
        self._interpreter: Interpreter = find_interpreter(settings.sandbox_python, settings.sandbox_packages)
        self._settings = SandboxSettings(
            [name for name in settings.sandbox_preload if self._has(name)],
            [str(self._interpreter.prefix), str(self._interpreter.executable.parent.parent)],
            require_landlock=settings.sandbox_landlock == "require",
            modules=modules,
            artifacts=artifacts,
        )

    def _has(self, module: str) -> bool:
        """Whether a module to preload is there; the runner of pytest is, where pytest is."""
        return ("pytest" if module == PYTEST_RUNNER else module) in self._interpreter.packages

    def start(self) -> AgentSandbox:
        """A fresh sandbox.

        Raises:
            SandboxRefused: this machine does not let bubblewrap or the agent isolate programs.
            SandboxLost: it did not come up.
        """
        with tempfile.TemporaryFile() as log:
            process = self._spawn(log.fileno())
            assert process.stdin is not None
            assert process.stdout is not None
            channel = FrameChannel(PipeStream(process.stdin.fileno(), process.stdout.fileno()))
            try:
                return AgentSandbox(channel, lambda: _stop(process), self._settings)
            except (SandboxLost, SandboxRefused) as error:
                _stop(process)
                if error.code == "sandbox_outdated":
                    raise
                log.seek(0)
                complaint = log.read().decode("utf-8", "replace").strip()[-2000:]
                raise SandboxRefused(
                    f"a jail could not be started: {error.message}; it said: {complaint or 'nothing'}",
                    hint=_remedy(),
                ) from error

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        command = build_command(self._bubblewrap, self._interpreter)
        try:
            return subprocess.Popen(  # noqa: S603 - our own command line
                command.arguments,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                pass_fds=command.descriptors,
                env={},
                cwd="/",
                preexec_fn=_raise_stack_limit,  # noqa: PLW1509 - runs before any thread of ours could matter
            )
        except OSError as error:
            raise SandboxRefused(f"bubblewrap cannot be executed: {error}") from error
        finally:
            command.close()


class JailSandboxes:
    """The jails of one worker, all alike; see `assay_workers.sandbox.slots.Sandboxes`."""

    def __init__(self, settings: Settings, artifacts: ArtifactCache, modules: Sequence[str] = ()) -> None:
        """Finds what jails are made of.

        Raises:
            SandboxRefused: it is not here.
        """
        self._driver = JailDriver(settings, modules, artifacts)
        self._offered: dict[str, bool] = {}
        given = settings.model_dump_json(
            include={"sandbox_python", "sandbox_packages", "sandbox_preload", "testlib"}
        )
        self._environment = f"jail {socket.gethostname()} {sys.version} {given}"
        self._recycle_tests = settings.sandbox_recycle_tests

    def place_of(self, language: Language) -> str:
        """The same jail for every language whose tools this machine has.

        Raises:
            ItemError: it has not.
            SandboxError: no jail can be started to see whether they work.
        """
        if language.name not in self._offered:
            self._offered[language.name] = self._offers(language)
        if not self._offered[language.name]:
            hint = f"install {language.version[0]!r} on the workers' machine, or set ASSAY_SANDBOX=docker"
            raise unknown_language(language.name, hint)
        return "jail"

    def _offers(self, language: Language) -> bool:
        if language.builtin or not seems_there(language):
            return language.builtin
        sandbox = self._driver.start()
        try:
            return answers_in(sandbox, language)
        finally:
            sandbox.close()

    def starter(self, place: str) -> Callable[[], AgentSandbox]:
        """What starts jails."""
        del place
        return self._driver.start

    def environment_of(self, place: str) -> str:
        """What tells this machine's jails from others, and from what they were before its packages changed."""
        del place
        changed = [Path(folder).stat().st_mtime_ns for folder in _INSTALLED if Path(folder).exists()]
        return f"{self._environment} {changed}"

    def most_tests(self) -> int:
        """There is no bound of its own."""
        return self._recycle_tests


def _remedy() -> str:
    obstacle = find_obstacle()
    if obstacle is None:
        return "`assay doctor` looks at everything a jail needs"
    return f"{obstacle.setting} is {obstacle.value}: {obstacle.remedy}"


def _raise_stack_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    soft = _STACK_BYTES if hard == resource.RLIM_INFINITY else min(_STACK_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a jail: the death of its process 1 ends everything in it.

    Under root, bubblewrap's own death does not: it has no power to signal the user that the agent has become.
    """
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
    process.kill()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        print("assay: a jail did not end", file=sys.stderr)  # noqa: T201 - there is no log this deep
