"""What compilers made, kept by what it was made of.

A submission is compiled once, in a cell, and what the compiler made then runs in as many cells as there are
tests, in this sandbox or in another that takes its place. The key is a hash of everything the result depends
on: the commands, the source and the files. A program that does not compile is remembered as well.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assay_workers.sandbox.port import CellOutcome, Program

__all__ = ["ArtifactCache", "Compiled", "artifact_key"]


@dataclass(frozen=True)
class Compiled:
    """The end of a compilation."""

    outcome: CellOutcome
    artifact: Mapping[str, bytes] | None
    """What was made, by relative name; None if the program does not compile."""

    @property
    def size_bytes(self) -> int:
        """What it occupies, about."""
        return sum(map(len, (self.artifact or {}).values())) + len(self.outcome.stderr) + 1024


def _parts(program: Program) -> Iterator[bytes]:
    commands = program.commands
    assert commands is not None
    yield program.language.encode()
    yield (program.main or "").encode("utf-8", "surrogateescape")
    yield program.source
    yield from (part.encode("utf-8", "surrogateescape") for part in commands.compile or ())
    for name, value in sorted(commands.environment.items()):
        yield f"{name}={value}".encode("utf-8", "surrogateescape")
    for name, content in sorted(program.files.items()):
        yield name.encode("utf-8", "surrogateescape")
        yield content


def artifact_key(program: Program) -> bytes:
    """A hash of what is compiled and how."""
    digest = hashlib.sha256()
    for part in _parts(program):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


class ArtifactCache:
    """The most recently used compilations of one worker, up to ``most_bytes`` together."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[bytes, Compiled] = OrderedDict()
        self._bytes = 0

    def get(self, key: bytes) -> Compiled | None:
        """What was kept under ``key``, if it still is."""
        compiled = self._kept.get(key)
        if compiled is not None:
            self._kept.move_to_end(key)
        return compiled

    def keep(self, key: bytes, compiled: Compiled) -> None:
        """Keeps a compilation; the least recently used ones make room."""
        if key in self._kept:
            self._bytes -= self._kept.pop(key).size_bytes
        self._kept[key] = compiled
        self._bytes += compiled.size_bytes
        while self._bytes > self._most_bytes:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.size_bytes
