"""Which Python candidates run under, and which installed distributions they may import.

The interpreter is asked itself, once, so that another one than the worker's own can be chosen.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assay.errors import SandboxRefused

__all__ = ["Interpreter", "find_interpreter"]

_PROBE: Final = r"""
import importlib.metadata as metadata, json, os, re, sys
wanted, found, places = list(json.loads(sys.argv[1])), set(), {}
while wanted:
    name = wanted.pop()
    if name in found:
        continue
    found.add(name)
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        continue
    wanted += [re.match(r"[\w.-]+", r)[0] for r in distribution.requires or () if "extra ==" not in r]
    for file in distribution.files or ():
        top = file.parts[0]
        if top not in ("..", "__pycache__") and not top.endswith(".dist-info"):
            places[top] = str(distribution.locate_file(top))
executable = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
print(json.dumps({"executable": executable, "prefix": sys.base_prefix, "packages": places}))
"""
_PROBE_S: Final = 60


@dataclass(frozen=True)
class Interpreter:
    """A Python installation as candidates see it."""

    executable: Path
    prefix: Path
    packages: dict[str, Path]
    """Top-level modules of the allowed distributions, by name."""


def find_interpreter(python: Path | None, distributions: Sequence[str]) -> Interpreter:
    """Asks ``python`` (by default the running one) where it and the ``distributions`` with their needs are.

    Raises:
        SandboxRefused: it cannot be run.
    """
    command = [str(python or sys.executable), "-I", "-c", _PROBE, json.dumps(list(distributions))]
    try:
        answer = subprocess.run(command, capture_output=True, check=True, timeout=_PROBE_S)  # noqa: S603 - ours
        found = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise SandboxRefused(
            f"the sandbox's interpreter cannot be run: {error}",
            hint="set ASSAY_SANDBOX_PYTHON to a Python 3.11 or newer, or unset it",
        ) from error
    packages = {name: Path(place) for name, place in found["packages"].items() if Path(place).exists()}
    return Interpreter(Path(found["executable"]), Path(found["prefix"]), packages)
