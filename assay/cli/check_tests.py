"""`assay check-tests`: reads the tests of a file, and says which of them mean less than they seem."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assay.cli.failure import ExitStatus
from assay.cli.suite_lines import NamedSuite, Unreadable, parse_suites
from assay.errors import ItemError

__all__ = ["check_tests"]


@dataclass(frozen=True)
class Row:
    """One warning about one suite."""

    item: str
    """The first item that has the suite."""
    items: int
    """How many items have it."""
    component: int
    """Number of the reward in its item, from 0."""
    test: int | None
    line: int | None
    code: str
    message: str
    advice: str


def check_tests(
    file: Annotated[
        Path, typer.Argument(help="A request, or items, rows or suites, one on each line; - reads standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """List weak tests: no program is run. Exits with 0 if there are none, 1 if any, 2 on what cannot be read."""
    from assay_service.admission import merge_defaults

    found = parse_suites(_text_of(file), merge_defaults)
    unreadable = [each for each in found if isinstance(each, Unreadable)]
    suites = _distinct([each for each in found if isinstance(each, NamedSuite)])
    if not found:
        unreadable = [Unreadable(str(file), "there are no tests in it", "give rewards of type 'code'")]
    rows = [row for alike in suites for row in _examine(alike)]
    _complain(unreadable)
    _report(rows, len(suites), unreadable, as_json=as_json)
    if unreadable:
        raise typer.Exit(ExitStatus.USAGE)
    raise typer.Exit(ExitStatus.FAILED if rows else ExitStatus.GOOD)


def _text_of(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        typer.echo(f"cannot read {file}: {error.strerror}", err=True)
        typer.echo("give the path of a readable file, or - for standard input", err=True)
    except UnicodeDecodeError as error:
        typer.echo(f"cannot read {file}: byte {error.start} is not UTF-8", err=True)
        typer.echo("save it as UTF-8, and unpack it first if it is compressed", err=True)
    raise typer.Exit(ExitStatus.USAGE)


def _distinct(suites: Sequence[NamedSuite]) -> list[list[NamedSuite]]:
    """Suites that are alike together: the items of a rollout group share theirs."""
    alike: dict[str, list[NamedSuite]] = {}
    for each in suites:
        key = f"{each.component} {each.spec.language} {each.spec.tests.model_dump_json()}"
        alike.setdefault(key, []).append(each)
    return list(alike.values())


def _examine(alike: Sequence[NamedSuite]) -> Iterator[Row]:
    """What is to be said of a suite: that it cannot be judged at all, or what is weak in it."""
    from assay_workers.graders.planning import plan_tests
    from assay_workers.graders.weak.finding import ADVICE, Weakness
    from assay_workers.graders.weak.suite import find_weak_tests
    from assay_workers.sandbox.languages import find_language

    first = alike[0]
    language = find_language(first.spec.language)
    if language is None:
        message, hint = f"there is no language {first.spec.language!r}", "docs/languages.md lists those there are"
        yield Row(first.name, len(alike), first.component, None, None, "unknown_language", message, hint)
        return
    try:
        plan_tests(language, first.spec)
    except ItemError as error:
        yield Row(first.name, len(alike), first.component, None, None, error.code, error.message, error.hint)
        return
    for each in find_weak_tests(first.spec.tests, python=language.builtin).warnings:
        advice = ADVICE[Weakness(each.code)]
        yield Row(first.name, len(alike), first.component, each.test, each.line, each.code, each.message, advice)


def _complain(unreadable: Sequence[Unreadable]) -> None:
    console = Console(stderr=True)
    for each in unreadable:
        hint = f" ({each.hint})" if each.hint else ""
        console.print(
            f"{each.place}: {each.reason}{hint}", style="red", markup=False, highlight=False, soft_wrap=True
        )


def _report(rows: Sequence[Row], suites: int, unreadable: Sequence[Unreadable], *, as_json: bool) -> None:
    if as_json:
        report = {"suites": suites, "warnings": [asdict(row) for row in rows]}
        typer.echo(json.dumps(report | {"unreadable": [asdict(each) for each in unreadable]}, indent=1))
        return
    console = Console()
    if rows:
        console.print(_table(rows))
    for code, advice in dict.fromkeys((row.code, row.advice) for row in rows if row.advice):
        console.print(f"[bold]{code}[/]: {escape(advice)}", highlight=False)
    weak = len({(row.item, row.component) for row in rows})
    colour = "yellow" if rows else "green"
    console.print(f"[{colour}]{suites} suites read, {len(rows)} warnings about {weak} of them[/]")


def _table(rows: Sequence[Row]) -> Table:
    table = Table(title="Weak tests", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("item", overflow="fold")
    for heading in ("test", "line", "warning"):
        table.add_column(heading, no_wrap=True)
    table.add_column("what", overflow="fold")
    for row in rows:
        item = row.item if row.items == 1 else f"{row.item} and {row.items - 1} more"
        place = ["" if each is None else str(each) for each in (row.test, row.line)]
        table.add_row(escape(item), *place, row.code, escape(row.message))
    return table
