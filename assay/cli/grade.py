"""`assay grade`: grades a file of items, one JSON object per line."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assay.cli.failure import ExitStatus, failures_told
from assay.cli.item_lines import BadLine, ItemLine, parse_item_lines
from assay.cli.tally import Tally
from assay.client import Client
from assay.contract import Detail, ItemResult

__all__ = ["grade"]

BATCH_ITEMS: Final = 4096
"""Items posted at a time: many enough to keep every worker busy, few enough to stay far below `max_body_mb`."""


def grade(
    file: Annotated[Path, typer.Argument(help="Items, one JSON object per line; - reads standard input.")],
    url: Annotated[
        str | None, typer.Option(help="A running service; without it one is started for this run.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Where to write the results, one JSON object per line.")
    ] = None,
    detail: Annotated[Detail, typer.Option(help="How much of each test comes back.")] = Detail.NONE,
    limit: Annotated[int | None, typer.Option(min=1, help="Grade only the first so many items.")] = None,
) -> None:
    """Grade a file. Exits with 0 if every line has a reward, 1 if some have none, 2 on wrong usage."""
    items, bad = _read(file)
    items = items[:limit]
    console = Console(stderr=True)
    for line in bad:
        console.print(f"line {line.line}: {line.reason}", style="red", markup=False, highlight=False)
    if not items:
        console.print("no items to grade", style="red")
        raise typer.Exit(ExitStatus.USAGE)
    with failures_told(), ExitStack() as stack:
        from assay.cli.local import temporary_assay

        target = stack.enter_context(output.open("w", encoding="utf-8")) if output else None
        client = stack.enter_context(Client(url or stack.enter_context(temporary_assay()).url))
        progress = stack.enter_context(_progress(console))
        started_s = time.monotonic()
        tally = _grade_all(client, items, detail, target, progress)
        seconds = time.monotonic() - started_s
    Console().print(tally.table(seconds))
    raise typer.Exit(ExitStatus.FAILED if tally.unjudged or bad else ExitStatus.GOOD)


def _read(file: Path) -> tuple[list[ItemLine], list[BadLine]]:
    if str(file) == "-":
        return parse_item_lines(sys.stdin.buffer)
    try:
        with file.open("rb") as lines:
            return parse_item_lines(lines)
    except OSError as error:
        typer.echo(f"cannot read {file}: {error.strerror}", err=True)
        raise typer.Exit(ExitStatus.USAGE) from error


def _progress(console: Console) -> Progress:
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
        console=console,
    )


def _grade_all(
    client: Client, items: Sequence[ItemLine], detail: Detail, target: IO[str] | None, progress: Progress
) -> Tally:
    tally = Tally()
    task = progress.add_task("", total=len(items), rate="", counts="")
    started_s = time.monotonic()
    for batch in _pieces(items, BATCH_ITEMS):
        offset = tally.items
        results = []
        try:
            for result in _stream(client, batch, detail):
                results.append(result)
                tally.add(result)
                rate = f"{tally.items / (time.monotonic() - started_s):,.0f} items/s"
                progress.update(task, completed=tally.items, rate=rate, counts=tally.line())
        finally:  # what has come is written, also when the run is interrupted
            _write(target, offset, results)
        _complain(batch, results, progress.console)
    return tally


def _pieces(items: Sequence[ItemLine], size: int) -> Iterator[list[ItemLine]]:
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece


def _stream(client: Client, batch: Sequence[ItemLine], detail: Detail) -> Iterator[ItemResult]:
    """Grades a batch; one that is abandoned, by Ctrl-C for example, is cancelled."""
    batch_id = client.submit([line.item for line in batch], detail=detail)
    finished = False
    try:
        yield from client.stream(batch_id)
        finished = True
    finally:
        if not finished:
            client.cancel(batch_id)


def _write(target: IO[str] | None, offset: int, results: Iterable[ItemResult]) -> None:
    """Writes results in the order of the file; ``index`` counts the items of the whole file."""
    if target is None:
        return
    for result in sorted(results, key=lambda result: result.index):
        placed = result.model_copy(update={"index": offset + result.index})
        target.write(placed.model_dump_json() + "\n")
    target.flush()


def _complain(batch: Sequence[ItemLine], results: Iterable[ItemResult], console: Console) -> None:
    """Names the lines that got an error."""
    for result in results:
        if result.error is not None:
            line = batch[result.index].line
            text = f"line {line}: {result.error.code}: {result.error.message}"
            console.print(text, style="yellow", markup=False, highlight=False)
