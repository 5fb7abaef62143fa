"""`assay audit`: attacks a service with programs that must earn nothing, and grades accepted results again."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from assay.audit.corpus import OWN_CORPUS, AuditProgram, load_corpus
from assay.audit.rounds import Finding, Round, in_flight, order_of, send
from assay.audit.sample import Record, Rerun, choose, parse_records, parse_results, rerun
from assay.cli.failure import ExitStatus, failures_told
from assay.cli.item_lines import parse_item_lines
from assay.client import Client
from assay.errors import CorpusError
from assay.settings import available_cores

__all__ = ["audit"]

SAMPLE_FLIGHT: Final = 4
"""Records in flight."""

audit = typer.Typer(
    name="audit",
    help="Hold a service to programs that must earn nothing, and to its own results.",
    no_args_is_help=True,
)

Url = Annotated[str | None, typer.Option(help="A running service; without it one is started for this run.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]
Seed = Annotated[int, typer.Option(help="What the random order or choice follows from.")]


@audit.command()
def attacks(
    url: Url = None,
    language: Annotated[
        list[str] | None, typer.Option(help="Only programs in this language; may be given more than once.")
    ] = None,
    rounds: Annotated[
        str, typer.Option(help="Which rounds, separated by commas: alone, together, oversubscribed.")
    ] = "alone,together",
    seed: Seed = 0,
    corpus: Annotated[
        Path, typer.Option(help="The folder of programs; by default Assay's own.", show_default=False)
    ] = OWN_CORPUS,
    as_json: Json = False,
) -> None:
    """Send the corpus of attacks. Exits with 0 if all went as it must, 1 on any complaint, 2 on wrong usage."""
    kinds = _rounds(rounds)
    console = Console(stderr=True)
    programs = _programs(corpus, language or [])
    found: list[tuple[Round, Finding]] = []
    with failures_told(), ExitStack() as stack:
        flights = {kind: in_flight(kind, available_cores()) for kind in kinds}
        client = stack.enter_context(Client(url or _own_service(stack, max(flights.values()))))
        progress = stack.enter_context(_progress(console))
        for kind, flight in flights.items():
            order = order_of(kind, programs, seed)
            task = progress.add_task(kind.value, total=len(order), counts="")
            for finding in send(client, order, flight):
                found.append((kind, finding))
                wrong = sum(1 for each, other in found if each is kind and other.complaints)
                progress.update(task, advance=1, counts=f"{wrong} wrong" if wrong else "")
    _report(found, as_json)
    unheld = any(finding.complaints for _, finding in found) or not any(each.served for _, each in found)
    raise typer.Exit(ExitStatus.FAILED if unheld else ExitStatus.GOOD)


@audit.command()
def sample(
    records: Annotated[Path, typer.Argument(help="Lines of {item, result} or {request, result}; or items.")],
    results: Annotated[
        Path | None, typer.Argument(help="What `assay grade --output` wrote for these items.")
    ] = None,
    url: Url = None,
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="Which share of the accepted ones.")] = 0.01,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Grade a share of accepted results again. Exits with 0 if all agree, 1 if any differs, 2 on wrong usage."""
    console = Console(stderr=True)
    chosen = choose(_records(records, results), share, seed)
    if not chosen:
        console.print("no accepted results among the records", style="red")
        raise typer.Exit(ExitStatus.USAGE)
    with failures_told(), ExitStack() as stack:
        client = stack.enter_context(Client(url or _own_service(stack, SAMPLE_FLIGHT)))
        progress = stack.enter_context(_progress(console))
        task = progress.add_task("again", total=len(chosen), counts="")
        reruns: list[Rerun] = []
        for each in rerun(client, chosen, SAMPLE_FLIGHT):
            reruns.append(each)
            progress.update(task, advance=1)
    differing = [each for each in reruns if each.disagreement is not None]
    _report_sample(reruns, differing, as_json)
    raise typer.Exit(ExitStatus.FAILED if differing else ExitStatus.GOOD)


def _rounds(text: str) -> list[Round]:
    try:
        return list(dict.fromkeys(Round(name.strip()) for name in text.split(",")))
    except ValueError as error:
        known = ", ".join(Round)
        typer.echo(f"{error}: the rounds are {known}", err=True)
        raise typer.Exit(ExitStatus.USAGE) from error


def _programs(folder: Path, languages: Sequence[str]) -> tuple[AuditProgram, ...]:
    try:
        programs = load_corpus(folder, languages)
    except CorpusError as error:
        typer.echo(f"{error.code}: {error.message}", err=True)
        raise typer.Exit(ExitStatus.USAGE) from error
    if not programs:
        typer.echo(f"no programs in {', '.join(languages) or folder}", err=True)
        raise typer.Exit(ExitStatus.USAGE)
    return programs


def _records(path: Path, results: Path | None) -> list[Record]:
    try:
        with path.open("rb") as lines:
            if results is None:
                return parse_records(lines)
            items, _ = parse_item_lines(lines)
        with results.open("rb") as lines:
            return parse_results([line.item for line in items], lines)
    except CorpusError as error:
        typer.echo(f"{error.code}: {error.message}", err=True)
    except OSError as error:
        typer.echo(f"cannot read {error.filename}: {error.strerror}", err=True)
    raise typer.Exit(ExitStatus.USAGE)


def _own_service(stack: ExitStack, workers: int) -> str:
    from assay.cli.local import temporary_assay

    return stack.enter_context(temporary_assay(workers=workers)).url


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[counts]}", style="red"),
        console=console,
    )


def _report(found: Sequence[tuple[Round, Finding]], as_json: bool) -> None:
    unserved = sorted({finding.program.id for _, finding in found if not finding.served})
    wrong = [(kind, finding) for kind, finding in found if finding.complaints]
    if as_json:
        counts = {kind.value: sum(1 for each, _ in found if each is kind) for kind, _ in found}
        rows = [_row(kind, finding) for kind, finding in wrong]
        typer.echo(json.dumps({"sent": counts, "not_served": unserved, "wrong": rows}, indent=1))
        return
    console = Console()
    if wrong:
        console.print(_table(wrong))
    if unserved:
        console.print(f"[yellow]not served, so nothing was learned of them:[/] {escape(', '.join(unserved))}")
    served = [finding for _, finding in found if finding.served]
    colour = "red" if wrong or not served else "green"
    console.print(f"[{colour}]{len(served)} programs graded, {len(wrong)} wrong, {len(unserved)} not served[/]")


def _row(kind: Round, finding: Finding) -> dict[str, Any]:
    program, result = finding.program, finding.result
    return {
        "round": kind.value,
        "id": program.id,
        "kind": program.kind.value,
        "class": program.category,
        "language": program.language,
        "note": program.note,
        "reward": result.reward,
        "error": result.error.code if result.error is not None else None,
        "complaints": list(finding.complaints),
    }


def _table(wrong: Sequence[tuple[Round, Finding]]) -> Table:
    table = Table(title="What was wrong", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("program", overflow="fold")
    for heading in ("round", "class"):
        table.add_column(heading, no_wrap=True)
    table.add_column("complaint", overflow="fold")
    for kind, finding in wrong:
        said = "\n".join(dict.fromkeys(finding.complaints))
        table.add_row(finding.program.id, kind.value, finding.program.category, escape(said))
    return table


def _report_sample(reruns: Sequence[Rerun], differing: Sequence[Rerun], as_json: bool) -> None:
    if as_json:
        rows = [{"id": each.record.result.id, "disagreement": each.disagreement} for each in differing]
        typer.echo(json.dumps({"repeated": len(reruns), "differing": rows}, indent=1))
        return
    console = Console()
    for each in differing:
        console.print(f"[red]{escape(each.record.result.id)}[/]: {escape(each.disagreement or '')}")
    colour = "red" if differing else "green"
    console.print(f"[{colour}]{len(reruns)} accepted results repeated, {len(differing)} differ[/]")
