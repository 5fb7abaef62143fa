"""`assay convert`: turns the rows of a published dataset into items that lack only their completions."""

import gzip
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Annotated, Final, NamedTuple, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from assay.cli.failure import ExitStatus, failures_told
from assay.cli.parquet import lines_of
from assay.cli.row_lines import BadRow, RowLine, convert_lines
from assay.errors import FormatError
from assay.formats import AUTO, FORMATS, find_format

__all__ = ["convert"]

SHOWN_WARNINGS: Final = 20
"""Warnings that are shown one by one; all of them stand in the output, with their rows."""
STEP_ROWS: Final = 50
"""Rows between two looks at how far the input was read."""


def convert(
    file: Annotated[Path, typer.Argument(help="Rows, JSON lines (perhaps gzipped) or Parquet; - reads stdin.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; .gz compresses. Default: stdout.")
    ] = None,
    source: Annotated[
        str, typer.Option("--from", help=f"The format, or {AUTO} for that of each row: {', '.join(FORMATS)}.")
    ] = AUTO,
    language: Annotated[str | None, typer.Option(help="The language of the programs, where not Python.")] = None,
    strict: Annotated[bool, typer.Option(help="End at the first bad row, and write no file.")] = False,
) -> None:
    """Convert a dataset to items. Exits with 0 if every row was converted, 1 if not, 2 on wrong usage."""
    _check_usage(file, source)
    console = Console(stderr=True)
    tally = _Tally(console)
    with (
        failures_told(),
        lines_of(file) as lines,
        _opened(lines) as rows,
        _progress(console, rows) as advance,
        _target(output) as target,
    ):
        for result in convert_lines(rows.text, source, language=language):
            tally.add(result)
            if isinstance(result, RowLine):
                target.write(result.text)
            elif strict:
                raise _Stopped
            if tally.seen % STEP_ROWS == 0:
                advance()
    tally.tell()
    raise typer.Exit(ExitStatus.FAILED if tally.codes else ExitStatus.GOOD)


class _Stopped(typer.Exit):
    """Ends a strict run; what was written so far goes."""

    def __init__(self) -> None:
        super().__init__(ExitStatus.FAILED)


class _Rows(NamedTuple):
    text: IO[bytes]
    """What is read: the rows."""
    raw: IO[bytes]
    """What tells how far: the file itself, perhaps compressed."""
    bytes: int | None
    """Size of the file; None if it has none."""


@dataclass
class _Tally:
    console: Console
    rows: int = 0
    tests: int = 0
    warnings: int = 0
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def seen(self) -> int:
        return self.rows + self.codes.total()

    def add(self, result: RowLine | BadRow) -> None:
        """Counts a row, and complains about it if there is reason to."""
        if isinstance(result, BadRow):
            self.codes[result.error.code] += 1
            hint = f"; {result.error.hint}" if result.error.hint else ""
            self._say(f"row {result.row}: {result.error.code}: {result.error.message}{hint}", "red")
            return
        self.rows += 1
        self.tests += result.tests
        for warning in result.warnings:
            self.warnings += 1
            if self.warnings <= SHOWN_WARNINGS:
                self._say(f"row {result.row}: warning: {warning}", "yellow")

    def tell(self) -> None:
        """Sums up."""
        if self.warnings > SHOWN_WARNINGS:
            self._say(
                f"and {self.warnings - SHOWN_WARNINGS:,} more warnings, each in `warnings` of its line", "yellow"
            )
        bad = "".join(f", {count:,} {code}" for code, count in sorted(self.codes.items()))
        self._say(f"{self.rows:,} of {self.seen:,} rows converted, {self.tests:,} tests{bad}", "bold")

    def _say(self, text: str, style: str) -> None:
        self.console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _check_usage(file: Path, source: str) -> None:
    try:
        if source.lower() != AUTO:
            find_format(source)
    except FormatError as error:
        typer.echo(f"--from: {error.message}; {error.hint}", err=True)
        raise typer.Exit(ExitStatus.USAGE) from error
    if str(file) != "-" and not file.is_file():
        typer.echo(f"cannot read {file}: there is no such file", err=True)
        raise typer.Exit(ExitStatus.USAGE)


@contextmanager
def _opened(file: Path) -> Iterator[_Rows]:
    if str(file) == "-":
        yield _Rows(sys.stdin.buffer, sys.stdin.buffer, None)
        return
    with file.open("rb") as raw:
        if file.suffix != ".gz":
            yield _Rows(raw, raw, file.stat().st_size)
            return
        try:
            with gzip.GzipFile(fileobj=raw) as text:
                yield _Rows(cast("IO[bytes]", text), raw, file.stat().st_size)
        except (EOFError, zlib.error) as error:
            raise OSError(f"{file} is damaged: {error}") from error


@contextmanager
def _target(output: Path | None) -> Iterator[IO[bytes]]:
    """Where to write: a file appears as a whole when all went well, and never in part."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as raw:
            if output.suffix == ".gz":
                with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                    yield cast("IO[bytes]", packed)
            else:
                yield raw
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _progress(console: Console, rows: _Rows) -> Iterator[Callable[[], None]]:
    """Shows how much of the input was read, on a terminal; gives what moves it on."""
    columns = (BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=rows.bytes is None or not console.is_terminal) as progress:
        task = progress.add_task("", total=rows.bytes)
        yield lambda: progress.update(task, completed=rows.raw.tell())
