"""Whether this machine has what a language needs, where a jail shows it.

The commands of its row must be there, must name nothing that a jail hides, and the one that prints the tool's
version must work inside a jail.
"""

import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from assay.contract import Limits
from assay.errors import SandboxLost
from assay_workers.sandbox.languages import Language
from assay_workers.sandbox.port import Run, Sandbox

__all__ = ["answers_in", "seems_there"]

_SEARCHED: Final = "/usr/bin:/bin"
"""Of a cell's path what a jail shows: `/usr/local` is not, for anything may lie there."""
_HIDDEN: Final = re.compile(r"/usr/local/")
_LIMITS: Final = Limits(cpu_s=20, memory_mb=1024)


def _words(language: Language) -> Iterable[str]:
    for command in (language.compile, language.run, language.version):
        yield from command or ()
    yield from language.environment.values()


def seems_there(language: Language) -> bool:
    """Whether the first words of its commands are programs of this machine, and a jail hides nothing they name."""
    if language.builtin:
        return True
    commands = [command for command in (language.compile, language.run, language.version) if command]
    tools = [command[0] for command in commands if not command[0].startswith("{")]
    hidden = any(_HIDDEN.search(word) for word in _words(language))
    return not hidden and all(shutil.which(tool, path=_SEARCHED) for tool in tools)


def answers_in(sandbox: Sandbox, language: Language) -> bool:
    """Whether the language's tool tells its version in ``sandbox``.

    Raises:
        SandboxLost: it met a limit, which says nothing of it.
    """
    if language.builtin:
        return True
    program = language.program(b"", None, {}, _LIMITS)
    assert program.commands is not None
    asking = replace(program, commands=replace(program.commands, compile=None, run=language.version))
    (outcome,) = sandbox.run(asking, [Run()], language.effective_limits(_LIMITS))
    if outcome.killed is not None or outcome.starved:
        raise SandboxLost(f"{language.version[0]} did not tell its version in time")
    return outcome.exit_code == 0
