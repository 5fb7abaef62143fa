"""The languages: rows of a table (`assay_agent/languages.toml`), not classes.

A row says how a program is called, compiled and run, in which image, and how its limits are to be understood. A
new language is a row, a line of a Dockerfile and the programs that show it (see `sandbox-images/README.md`).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any, Final

from assay.contract import Limits
from assay_agent.layout import ARTIFACT, CELL_OUT, ENVIRONMENT
from assay_workers.sandbox.driving import Driver, EntryPoint
from assay_workers.sandbox.java_source import read_java
from assay_workers.sandbox.port import Commands, Program

__all__ = [
    "Absent",
    "Language",
    "absent_languages",
    "compose_script",
    "find_language",
    "languages",
    "tags_of",
]

_COMPILE_PROCESSES: Final = 256
_COMPILE_FILE_MB: Final = 256
_COMPILE_OUTPUT_KB: Final = 256
_COMPILE_OPEN_FILES: Final = 1024
_INTERPRETER_VARIABLES: Final = "PYTHON"
"""What concerns the interpreter of the agent is no business of other programs."""


@dataclass(frozen=True, eq=False)
class Language:
    """One row of the table, of which there is one object."""

    name: str
    title: str
    image: str
    """The image that has its tools, without the prefix and the tag of the settings."""
    source: str
    """File name of a program that has none of its own."""
    version: tuple[str, ...]
    """A command that prints the version of its tool."""
    tags: frozenset[str] = frozenset()
    """By which names, in lower case, requests and fences may call it; its own is one of them."""
    family: str = ""
    """The language whose fences may hold its programs too: `cpp` for `cpp20`."""
    builtin: bool = False
    """Whether the nursery's own interpreter runs it."""
    compile: tuple[str, ...] | None = None
    run: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    time_factor: float = 1.0
    memory_factor: float = 1.0
    runtime_mb: int = 0
    """What the runtime occupies by itself, which the memory limit does not count."""
    compile_cpu_s: float = 30.0
    compile_memory_mb: int = 2048
    address_space_mb: int | None = None
    stack_mb: int | None = None
    reads_class: bool = False
    """Whether `{main}` and `{stem}` are what a Java source says: its file, and the class that has `main`."""
    script: str | None = None
    """The language as which a program runs together with test code, where that is possible and allowed."""
    script_head: str = ""
    """What stands before both; `{imports}` in it is what `script_imports` has of what they use."""
    script_head_unless: str = ""
    """A line of the program that begins so makes the head superfluous."""
    script_imports: Mapping[str, str] = field(default_factory=dict)
    """By the name with which a package is used (`strings.Split`), what imports it."""
    driver: Driver | None = None
    """How its functions are called, where that is possible."""

    def effective_limits(self, limits: Limits) -> Limits:
        """The limits in force for programs of this language."""
        return limits.model_copy(
            update={
                "cpu_s": limits.cpu_s * self.time_factor,
                "wall_s": None if limits.wall_s is None else limits.wall_s * self.time_factor,
                "memory_mb": self._memory_mb(limits) + self.runtime_mb,
            }
        )

    def program(self, source: bytes, main: str | None, extra: Mapping[str, bytes], limits: Limits) -> Program:
        """A program of this language, to be run within ``limits`` as they were asked for."""
        name = main or self.source
        if self.builtin:
            return Program(self.name, source, name, extra)
        entry = PurePath(name).stem
        if self.reads_class:
            name, entry = read_java(source.decode("utf-8", "replace"), main, self.source)
        values = {"main": name, "stem": entry, "memory_mb": str(self._memory_mb(limits))}
        commands = Commands(
            compile=None if self.compile is None else _filled(self.compile, {**values, "out": CELL_OUT}),
            run=_filled(self.run, {**values, "out": ARTIFACT}),
            environment=self._environment(values),
            address_space_mb=self.address_space_mb,
            stack_mb=self.stack_mb,
            compile_limits=self._compile_limits,
        )
        return Program(self.name, source, name, extra, commands)

    def called_program(
        self, source: bytes, entry_point: EntryPoint, extra: Mapping[str, bytes], limits: Limits
    ) -> Program:
        """A program whose function the language's driver calls.

        The program's file has the row's name, so that it is none of the driver's, whatever the source wants.
        """
        driver = self.driver
        assert driver is not None
        source = compose_script(self, source, "") if self.script_head else driver.with_head(source)
        files = {**extra, **driver.files_for(entry_point, source)}
        row = replace(self, compile=driver.compile, run=driver.run)
        program = row.program(source, None, files, limits)
        return row.program(source, self.source, files, limits) if program.main in files else program

    def _memory_mb(self, limits: Limits) -> int:
        return round(limits.memory_mb * self.memory_factor)

    def _environment(self, values: Mapping[str, str]) -> dict[str, str]:
        common = {name: value for name, value in ENVIRONMENT.items() if not name.startswith(_INTERPRETER_VARIABLES)}
        return common | {name: _fill(value, values) for name, value in self.environment.items()}

    @property
    def _compile_limits(self) -> Limits:
        return Limits(
            cpu_s=self.compile_cpu_s,
            memory_mb=self.compile_memory_mb,
            processes=_COMPILE_PROCESSES,
            open_files=_COMPILE_OPEN_FILES,
            file_mb=_COMPILE_FILE_MB,
            output_kb=_COMPILE_OUTPUT_KB,
        )


@dataclass(frozen=True)
class Absent:
    """A language that the images do not have."""

    name: str
    title: str
    reason: str


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Puts values in place of `{name}`; other braces stay, for they mean something to the tool."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _filled(command: tuple[str, ...], values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_fill(part, values) for part in command)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("assay_agent").joinpath("languages.toml").read_text(encoding="utf-8"))


def _driver(table: Mapping[str, Any]) -> Driver:
    given = dict(table)
    for field_name in ("files", "compile", "run"):
        if field_name in given:
            given[field_name] = tuple(given[field_name])
    given["preludes"] = tuple((pattern, text) for pattern, text in given.get("preludes", ()))
    return Driver(**given)


def _row(name: str, row: Mapping[str, Any]) -> Language:
    given = dict(row)
    for field_name in ("compile", "run", "version"):
        if field_name in given:
            given[field_name] = tuple(given[field_name])
    if "driver" in given:
        given["driver"] = _driver(given["driver"])
    given["tags"] = frozenset({name, *given.get("tags", ())})
    given.setdefault("family", name)
    return Language(name=name, **given)


@cache
def languages() -> Mapping[str, Language]:
    """All rows, by name, in the table's order."""
    return {name: _row(name, row) for name, row in _table().items() if name != "absent"}


@cache
def absent_languages() -> tuple[Absent, ...]:
    """What cannot be had, and why."""
    return tuple(Absent(**row) for row in _table().get("absent", ()))


@cache
def _by_tag() -> Mapping[str, Language]:
    return {tag: language for language in languages().values() for tag in language.tags}


def find_language(name: str) -> Language | None:
    """The language of a name or tag, in whatever case; None if no row has it."""
    return _by_tag().get(name.lower())


def tags_of(name: str) -> frozenset[str]:
    """The tags under which a fence may hold a program of the language ``name``; of an unknown one, its own name."""
    language = find_language(name)
    if language is None:
        return frozenset({name.lower()})
    return frozenset().union(*(row.tags for row in languages().values() if row.family == language.family))


def compose_script(language: Language, source: bytes, test_code: str) -> bytes:
    """One source of a program and the test code behind it, with what both need imported before them."""
    text = source.decode("utf-8", "replace") + "\n" + test_code
    mark = language.script_head_unless
    if mark and any(line.startswith(mark) for line in text.splitlines()):
        return text.encode("utf-8", "replace")
    used = [line for name, line in language.script_imports.items() if re.search(rf"(?<![\w.]){name}\.[A-Z]", text)]
    return (language.script_head.replace("{imports}", "\n".join(used)) + text).encode("utf-8", "replace")
