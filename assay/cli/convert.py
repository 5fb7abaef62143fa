"""`assay convert`: turns the rows of a published dataset into items that lack only their completions."""

import gzip
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Annotated, Final, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from assay.cli.failure import ExitStatus, failures_told
from assay.cli.row_lines import BadRow, RowLine, convert_lines
from assay.errors import FormatError
from assay.formats import AUTO, FORMATS, find_format

__all__ = ["convert"]

SHOWN_WARNINGS: Final = 20
"""Warnings that are shown one by one; all of them stand in the output, with their rows."""
STEP_ROWS: Final = 50
"""Rows between two looks at how far the input was read."""


@dataclass
class _Counts:
    rows: int = 0
    tests: int = 0
    warnings: int = 0
    codes: Counter[str] = field(default_factory=Counter)


def convert(
    file: Annotated[Path, typer.Argument(help="Rows, one JSON object per line, perhaps gzipped; - reads stdin.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; .gz compresses. Default: stdout.")
    ] = None,
    source: Annotated[
        str, typer.Option("--from", help=f"The format, or {AUTO} for that of each row: {', '.join(FORMATS)}.")
    ] = AUTO,
    language: Annotated[str | None, typer.Option(help="The language of the programs, where not Python.")] = None,
    strict: Annotated[bool, typer.Option(help="End at the first bad row, and write nothing.")] = False,
) -> None:
    """Convert a dataset to items. Exits with 0 if every row was converted, 1 if not, 2 on wrong usage."""
    console = Console(stderr=True)
    _check_usage(file, source)
    counts = _Counts()
    with failures_told(), ExitStack() as stack:
        rows = stack.enter_context(_opened(file))
        target = stack.enter_context(_written(output, keep=lambda: not (strict and counts.codes)))
        progress = stack.enter_context(_progress(console))
        task = progress.add_task("", total=_size(file))
        for result in convert_lines(
            cast("IO[bytes]", gzip.GzipFile(fileobj=rows)) if _is_gzip(file) else rows, source, language=language
        ):
            _take(result, target, counts, progress.console)
            if strict and counts.codes:
                break
            if (counts.rows + counts.codes.total()) % STEP_ROWS == 0 and rows.seekable():
                progress.update(task, completed=rows.tell())
    _tell(counts, console)
    raise typer.Exit(ExitStatus.FAILED if counts.codes else ExitStatus.GOOD)


def _check_usage(file: Path, source: str) -> None:
    try:
        if source.lower() != AUTO:
            find_format(source)
    except FormatError as error:
        typer.echo(f"--from: {error.message}; {error.hint}", err=True)
        raise typer.Exit(ExitStatus.USAGE) from error
    if str(file) != "-" and not file.is_file():
        typer.echo(f"cannot read {file}: it is no file", err=True)
        raise typer.Exit(ExitStatus.USAGE)
