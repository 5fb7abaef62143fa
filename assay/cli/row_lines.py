"""Turns lines of JSON, each a row of a dataset, into lines of JSON, each an item without its completion."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import IO, Any, Final

from pydantic_core import to_json

from assay.errors import FormatError
from assay.formats import AUTO, Converted, convert_row

__all__ = ["MAX_LINE_BYTES", "BadRow", "ItemNames", "RowLine", "convert_lines", "read_lines"]

MAX_LINE_BYTES: Final = 512 * 1024 * 1024
"""As long as a request may be by default; a row whose line is longer could not be graded."""


@dataclass(frozen=True)
class RowLine:
    """A row that was converted."""

    row: int
    """Number of its line, from 1."""
    text: bytes
    """The line to write, with its end."""
    tests: int
    """Cases, assertions, scripts or files of its suite; 0 for a gold answer."""
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class BadRow:
    """A row that was not, and why."""

    row: int
    error: FormatError


class ItemNames:
    """Gives every row an id of its own: the dataset's where that is new, else with the row's number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, wanted: str | None, row: int) -> str:
        """The id of a row, of at most 512 characters."""
        first = name = wanted[:480] if wanted else f"row-{row}"
        for number in count(row):
            if name not in self._taken:
                break
            name = f"{first}#{number}"
        self._taken.add(name)
        return name


def read_lines(source: IO[bytes], max_bytes: int = MAX_LINE_BYTES) -> Iterator[tuple[int, bytes | None]]:
    """The lines that hold something, with their numbers from 1; None in the place of one that is too long."""
    number = 0
    while line := source.readline(max_bytes + 1):
        number += 1
        if len(line) <= max_bytes:
            if line.strip():
                yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = source.readline(max_bytes)
        yield number, None


def convert_lines(
    source: IO[bytes], name: str = AUTO, *, language: str | None = None, max_bytes: int = MAX_LINE_BYTES
) -> Iterator[RowLine | BadRow]:
    """Converts row by row; what is wrong with one costs only itself.

    Args:
        source: the rows, one JSON object per line.
        name: their format, or `auto` for that of each row.
        language: overrules what the format says about the programs.
        max_bytes: the longest line that is read.
    """
    names = ItemNames()
    for number, line in read_lines(source, max_bytes):
        try:
            row = _parse(line, max_bytes)
            yield _converted(convert_row(row, name), number, names, language)
        except FormatError as error:
            yield BadRow(number, error)


def _parse(line: bytes | None, max_bytes: int) -> Any:
    if line is None:
        raise FormatError(f"the line is longer than {max_bytes} bytes", hint="split the row")
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON: {error}", hint="give one JSON object per line") from error


def _converted(converted: Converted, number: int, names: ItemNames, language: str | None) -> RowLine:
    rewards = [reward.model_dump(exclude_defaults=True) for reward in converted.rewards]
    if converted.suite is not None and language not in {None, converted.language}:
        rewards[0]["language"] = language
        rewards[0].pop("prelude", None)  # it is not of that language
    line: dict[str, Any] = {"id": names.name(converted.id, number)}
    if converted.prompt is not None:
        line["prompt"] = converted.prompt
    line["rewards"] = rewards
    if converted.warnings:
        line["warnings"] = converted.warnings
    return RowLine(number, to_json(line) + b"\n", _count(converted), converted.warnings)


def _count(converted: Converted) -> int:
    suite = converted.suite
    if suite is None:
        return 0
    parts = (getattr(suite, name, ()) for name in ("cases", "asserts", "files"))
    return sum(map(len, parts)) or 1
