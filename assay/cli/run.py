"""`assay run`: one program against one suite of tests, with what went wrong shown for a reader."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from assay.cli.difference import differing_lines
from assay.cli.failure import ExitStatus, failures_told
from assay.client import Client
from assay.contract import ComponentResult, ItemResult, TestResult, Verdict
from assay.errors import FormatError
from assay.formats.registry import convert_row

__all__ = ["run"]

MOST_FAILURES: Final = 5
"""Failed tests that are shown in full."""
MOST_COMPLAINT: Final = 2000
_OTHER_ENDINGS: Final = {".cc": "cpp", ".cxx": "cpp"}


def run(
    program: Annotated[Path, typer.Argument(help="The program, or a completion in a .md or .txt file.")],
    tests: Annotated[
        Path | None,
        typer.Argument(help="A suite, an item, or a row of a dataset, as JSON; without it, a run."),
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="A running service; without it one is started for this run.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="By default what the file's ending says.")] = None,
    stdin: Annotated[Path | None, typer.Option(help="Standard input of a run without tests.")] = None,
) -> None:
    """Run one program against tests and show what differs. Exits with 0 if all pass, 1 if not, 2 on wrong usage."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    item = _item(program, tests, language, stdin)
    with failures_told(), ExitStack() as stack:
        from assay.cli.local import temporary_assay

        client = stack.enter_context(Client(url or stack.enter_context(temporary_assay()).url))
        (result,) = client.grade([item], detail="outputs", reuse=False).results or ()
    expected = _expected(item["rewards"])
    for component in result.components:
        _show(console, component, expected)
    _show_reward(console, result)
    raise typer.Exit(ExitStatus.GOOD if _all_passed(result) else ExitStatus.FAILED)


def _all_passed(result: ItemResult) -> bool:
    return result.error is None and all(
        each.verdict is Verdict.ACCEPTED if each.verdict else each.score == 1 for each in result.components
    )


def _item(program: Path, tests: Path | None, language: str | None, stdin: Path | None) -> dict[str, Any]:
    source, ending = _text(program), program.suffix.lower()
    named = language or _language_of(ending)
    if tests is None:
        given = _text(stdin) if stdin is not None else ""
        rewards: list[dict[str, Any]] = [{"type": "run", "stdin": given}]
    else:
        rewards = _rewards(tests)
    for reward in rewards:
        if named is not None and (reward["type"] == "run" or "tests" in reward):
            reward["language"] = named
    return {"id": program.name, ("completion" if ending in (".md", ".txt") else "code"): source, "rewards": rewards}


def _language_of(ending: str) -> str | None:
    """The first language whose own sources end so."""
    from assay_workers.sandbox.languages import languages

    rows = (row.name for row in languages().values() if Path(row.source).suffix.lower() == ending)
    return next(rows, _OTHER_ENDINGS.get(ending))


def _rewards(file: Path) -> list[dict[str, Any]]:
    """The rewards that a file asks for: of a suite by itself, of an item, or of a row of a dataset."""
    try:
        value = json.loads(_text(file))
        if isinstance(value, dict) and "kind" in value:
            return [{"type": "code", "tests": value}]
        if isinstance(value, dict) and isinstance(value.get("rewards"), list):
            return [dict(reward) for reward in value["rewards"]]
        converted = convert_row(value)
    except (ValueError, FormatError) as error:
        typer.echo(f"{file}: {getattr(error, 'message', error)}", err=True)
        typer.echo(
            "give a suite with 'kind', an item with 'rewards', or a row that `assay convert` takes", err=True
        )
        raise typer.Exit(ExitStatus.USAGE) from error
    for warning in converted.warnings:
        typer.echo(f"{file}: {warning}", err=True)
    return [reward.model_dump(mode="json", exclude_unset=True) for reward in converted.rewards]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"cannot read {file}: {getattr(error, 'strerror', None) or error}", err=True)
        raise typer.Exit(ExitStatus.USAGE) from error


def _expected(rewards: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each test of the first suite of runs should print; nothing for other kinds."""
    for reward in rewards:
        suite = reward.get("tests")
        if isinstance(suite, dict) and suite.get("kind") == "stdio":
            return [str(case.get("expected", "")) for case in suite.get("cases", ()) if isinstance(case, dict)]
    return []


def _show(console: Console, component: ComponentResult, expected: Sequence[str]) -> None:
    failures = 0
    for number, test in enumerate(component.tests or ()):
        console.print(f"{number:>4}  {test.verdict.value:<14}{_costs(test)}", style=_style(test.verdict))
        if component.type == "run":
            console.print(test.stdout or "", end="")
            console.print((test.stderr or "")[-MOST_COMPLAINT:], style="yellow", end="")
        elif test.verdict is not Verdict.ACCEPTED and (failures := failures + 1) <= MOST_FAILURES:
            _show_failure(console, test, expected[number] if number < len(expected) else None)
    if component.error is not None:
        console.print(f"{component.type}: {component.error.code}: {component.error.message}", style="red")
        console.print(component.error.hint or "", style="red")


def _show_failure(console: Console, test: TestResult, expected: str | None) -> None:
    if test.message:
        console.print(f"      {test.message}", style="yellow")
    if test.verdict is Verdict.WRONG_ANSWER and expected is not None:
        for line in differing_lines(expected, test.stdout or ""):
            style = {"-": "green", "+": "red"}.get(line[:1], "dim")
            console.print(f"      {line}", style=style)
    elif test.stderr and test.verdict in (Verdict.RUNTIME_ERROR, Verdict.COMPILE_ERROR):
        for line in test.stderr[-MOST_COMPLAINT:].rstrip().splitlines():
            console.print(f"      {line}", style="dim")


def _costs(test: TestResult) -> str:
    if test.cpu_ms is None:
        return ""
    memory = "" if test.memory_mb is None else f"{test.memory_mb:8.1f} MiB"
    ended = test.signal or ("" if not test.exit_code else f"exit status {test.exit_code}")
    return f"{test.cpu_ms:8.1f} ms{memory}  {ended}".rstrip()


def _style(verdict: Verdict) -> str:
    return "green" if verdict is Verdict.ACCEPTED else "dim" if verdict is Verdict.SKIPPED else "red"


def _show_reward(console: Console, result: ItemResult) -> None:
    for component in result.components:
        flags = ", ".join(component.flags)
        counts = "" if component.total is None else f", {component.passed} of {component.total} tests passed"
        told = f", {component.integrity.value}" if component.integrity else ""
        console.print(f"{component.type}: {component.score}{counts}{told}{', flags: ' + flags if flags else ''}")
    if result.error is not None:
        console.print(f"no reward: {result.error.code}: {result.error.message}", style="red")
    else:
        console.print(f"reward: {result.reward}")
