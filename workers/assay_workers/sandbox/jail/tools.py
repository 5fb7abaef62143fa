"""Whether this machine has what a language needs, where a jail shows it."""

import os
import shutil
from functools import cache
from typing import Final

from assay_workers.sandbox.languages import Language

__all__ = ["has_tools"]

_SEARCHED: Final = "/usr/bin:/bin"
"""Of a cell's path what a jail shows: `/usr/local` is not, for anything may lie there."""
_SHOWN: Final = ("/usr/", "/bin/", "/lib/")
_HIDDEN: Final = "/usr/local/"


def _is_here(word: str) -> bool:
    """Whether a command's word, if it names a file of the system, names one that is there."""
    if not word.startswith("/"):
        return True
    return word.startswith(_SHOWN) and not word.startswith(_HIDDEN) and os.path.exists(word)  # noqa: PTH110


@cache
def has_tools(language: Language) -> bool:
    """Whether every command of the language, and every file it names, is there."""
    if language.builtin:
        return True
    commands = [command for command in (language.compile, language.run, language.version) if command]
    tools = [command[0] for command in commands if not command[0].startswith("{")]
    return all(shutil.which(tool, path=_SEARCHED) for tool in tools) and all(
        _is_here(word) for command in commands for word in command
    )
