"""`assay demo`: grades the bundled batch, shows what was expected of each item, and fails loudly if it differs."""

import time
from typing import Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assay.cli.failure import ExitStatus, failures_told
from assay.contract import ItemResult
from assay.demo import Example, load_examples

__all__ = ["demo"]

TOLERANCE: Final = 1e-9


def demo() -> None:
    """Grade a bundled batch of honest, broken and cheating completions on a free port, and stop."""
    console = Console()
    examples = load_examples()
    with failures_told():
        from assay.cli.local import temporary_assay
        from assay.client import Client

        console.print("Starting Assay: a queue, workers with their sandboxes, and the service …")
        started_s = time.monotonic()
        with temporary_assay() as assay, Client(assay.url) as client:
            ready_s = time.monotonic()
            console.print(
                f"Ready on {assay.url} after {ready_s - started_s:.1f} s; grading {len(examples)} completions …"
            )
            results = client.grade([example.item for example in examples]).results or ()
            graded_s = time.monotonic() - ready_s
    console.print(_table(examples, results))
    wrong = [pair for pair in zip(examples, results, strict=True) if not _agrees(*pair)]
    for example, result in wrong:
        console.print(f"[bold red]{example.item['id']}[/] differs: {escape(result.model_dump_json())}")
    if wrong:
        console.print(f"[bold red]{len(wrong)} rewards are not what they should be.[/]")
        raise typer.Exit(ExitStatus.FAILED)
    console.print(f"[bold green]All {len(results)} rewards are as expected[/], graded in {graded_s:.1f} s.")


def _agrees(example: Example, result: ItemResult) -> bool:
    if example.error is not None or result.error is not None:
        return result.error is not None and result.error.code == example.error and result.reward is None
    if example.reward is None or result.reward is None:
        return False
    return abs(example.reward - result.reward) <= TOLERANCE and _verdict(result) == (example.verdict or "")


def _table(examples: tuple[Example, ...], results: tuple[ItemResult, ...]) -> Table:
    table = Table(
        title="What each completion does, and the reward it earned", title_justify="left", box=SIMPLE_HEAD
    )
    table.add_column("completion", overflow="fold")
    for heading in ("expected", "got"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("verdict or error", ""):
        table.add_column(heading, no_wrap=True)
    for example, result in zip(examples, results, strict=True):
        mark = "[green]ok[/]" if _agrees(example, result) else "[bold red]differs[/]"
        outcome = result.error.code if result.error is not None else _verdict(result)
        table.add_row(escape(example.about), _number(example.reward), _number(result.reward), outcome, mark)
    return table


def _verdict(result: ItemResult) -> str:
    """The verdict of the first code component; empty if there is none."""
    return next((part.verdict.value for part in result.components if part.verdict is not None), "")


def _number(reward: float | None) -> str:
    return "null" if reward is None else f"{reward:.3f}".rstrip("0").rstrip(".")
