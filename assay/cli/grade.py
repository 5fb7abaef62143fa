"""`assay grade`: grades a file of items, one JSON object per line."""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assay.cli.failure import ExitStatus, failures_told
from assay.cli.item_lines import BadLine, ItemLine, parse_item_lines
from assay.cli.parquet import is_parquet, lines_of, write_results
from assay.cli.tally import Tally
from assay.client import Client
from assay.contract import Detail, ItemResult

__all__ = ["grade"]

BATCH_ITEMS: Final = 4096
"""Items posted at a time: many enough to keep every worker busy, few enough to stay far below `max_body_mb`."""


def grade(
    file: Annotated[Path, typer.Argument(help="Items or rows, JSON lines or Parquet; - reads standard input.")],
    url: Annotated[
        str | None, typer.Option(help="A running service; without it one is started for this run.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write the results, JSON lines or Parquet.")] = None,
    detail: Annotated[Detail, typer.Option(help="How much of each test comes back.")] = Detail.NONE,
    limit: Annotated[int | None, typer.Option(min=1, help="Grade only the first so many items.")] = None,
    source: Annotated[
        str | None,
        typer.Option("--from", help="The lines are rows of this dataset with completions, or auto."),
    ] = None,
    column: Annotated[str | None, typer.Option(help="The rows' column of completions, a text or a list.")] = None,
    resume: Annotated[bool, typer.Option(help="Keep the rewards that --output has, and grade the rest.")] = False,
    pass_at: Annotated[list[int] | None, typer.Option(min=1, help="Show pass@k over groups; repeatable.")] = None,
) -> None:
    """Grade a file of items, or of a dataset's rows with completions.

    Exits with 0 if every line has a reward, 1 if some have none, 2 on wrong usage.
    """
    items, bad = _read(file, source, column)
    items = items[:limit]
    lines_file = output.with_name(f"{output.name}.jsonl") if output and is_parquet(output) else output
    kept = _kept(lines_file, items) if resume else {}
    console = Console(stderr=True)
    for line in bad:
        console.print(f"line {line.line}: {line.reason}", style="red", markup=False, highlight=False)
    if not items:
        console.print("no items to grade", style="red")
        raise typer.Exit(ExitStatus.USAGE)
    with failures_told(), ExitStack() as stack:
        from assay.cli.local import temporary_assay

        target = stack.enter_context(_opened(lines_file, items, kept)) if lines_file else None
        client = stack.enter_context(Client(url or stack.enter_context(temporary_assay()).url))
        progress = stack.enter_context(_progress(console))
        started_s = time.monotonic()
        rest = {place: line for place, line in enumerate(items) if str(line.item["id"]) not in kept}
        tally = _grade_all(client, rest, detail, target, progress)
        seconds = time.monotonic() - started_s
    if output and lines_file and is_parquet(output):
        write_results(output, map(ItemResult.model_validate_json, lines_file.read_bytes().splitlines()))
        lines_file.unlink()
    for result in kept.values():
        tally.add(result)
    Console().print(tally.table(seconds, pass_at or ()))
    raise typer.Exit(ExitStatus.FAILED if tally.unjudged or bad else ExitStatus.GOOD)


def _read(file: Path, source: str | None, column: str | None) -> tuple[list[ItemLine], list[BadLine]]:
    if str(file) == "-":
        return parse_item_lines(sys.stdin.buffer, source=source, column=column)
    try:
        with lines_of(file) as readable, readable.open("rb") as lines:
            return parse_item_lines(lines, source=source, column=column)
    except OSError as error:
        typer.echo(f"cannot read {file}: {error.strerror}", err=True)
        raise typer.Exit(ExitStatus.USAGE) from error


def _kept(output: Path | None, items: Sequence[ItemLine]) -> dict[str, ItemResult]:
    """The results with rewards that an interrupted run has left, by id, in the order of the items."""
    if output is None:
        typer.echo("--resume continues what --output holds: name it", err=True)
        raise typer.Exit(ExitStatus.USAGE)
    if not output.exists():
        return {}
    found: dict[str, ItemResult] = {}
    for line in output.read_bytes().splitlines():
        try:
            result = ItemResult.model_validate_json(line)
        except ValueError:  # the line at which it was interrupted
            continue
        if result.reward is not None:
            found[result.id] = result
    return {name: found[name] for name in _names(items) if name in found}


def _opened(output: Path, items: Sequence[ItemLine], kept: Mapping[str, ItemResult]) -> IO[str]:
    """The file to write on; what is kept is in it at once, or the file is as it was."""
    part = output.with_name(f"{output.name}.part")
    with part.open("w", encoding="utf-8") as file:
        _write(file, {place: kept[name] for place, name in enumerate(_names(items)) if name in kept})
    part.replace(output)
    return output.open("a", encoding="utf-8")


def _progress(console: Console) -> Progress:
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
        console=console,
    )


def _names(items: Iterable[ItemLine]) -> list[str]:
    return [str(line.item["id"]) for line in items]


def _grade_all(
    client: Client, items: Mapping[int, ItemLine], detail: Detail, target: IO[str] | None, progress: Progress
) -> Tally:
    """Grades items by their place in the file."""
    tally = Tally()
    task = progress.add_task("", total=len(items), rate="", counts="")
    started_s = time.monotonic()
    for places in _pieces(items, BATCH_ITEMS):
        batch = [items[place] for place in places]
        results = []
        try:
            for result in _stream(client, batch, detail):
                results.append(result)
                tally.add(result)
                rate = f"{tally.items / (time.monotonic() - started_s):,.0f} items/s"
                progress.update(task, completed=tally.items, rate=rate, counts=tally.line())
        finally:  # what has come is written, also when the run is interrupted
            _write(target, {places[result.index]: result for result in results})
        _complain(batch, results, progress.console)
    return tally


def _pieces(places: Iterable[int], size: int) -> Iterator[list[int]]:
    rest = iter(places)
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


def _write(target: IO[str] | None, results: Mapping[int, ItemResult]) -> None:
    """Writes results in the order of the file; ``index`` counts the items of the whole file."""
    if target is None:
        return
    for place in sorted(results):
        target.write(results[place].model_copy(update={"index": place}).model_dump_json() + "\n")
    target.flush()


def _complain(batch: Sequence[ItemLine], results: Iterable[ItemResult], console: Console) -> None:
    """Names the lines that got an error."""
    for result in results:
        if result.error is not None:
            line = batch[result.index].line
            text = f"line {line}: {result.error.code}: {result.error.message}"
            console.print(text, style="yellow", markup=False, highlight=False)
