"""`assay compare`: what differs between two runs of `assay grade` over the same items."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from assay.cli.failure import ExitStatus
from assay.contract import ItemResult

__all__ = ["Comparison", "compare", "compare_results"]

SHOWN: Final = 20
"""Items that are listed."""
SAME: Final = 1e-9


@dataclass(frozen=True)
class Comparison:
    """Two runs, item by item."""

    both: tuple[tuple[ItemResult, ItemResult], ...]
    """The results of items that both runs have, in the order of the first."""
    only_first: int
    only_second: int

    @property
    def judged(self) -> list[tuple[float, float]]:
        """The rewards of items that both judged."""
        return [(a.reward, b.reward) for a, b in self.both if a.reward is not None and b.reward is not None]

    @property
    def changed(self) -> list[tuple[ItemResult, ItemResult]]:
        """Items whose reward differs, one that is null counted, those that changed most first."""
        pairs = [(a, b) for a, b in self.both if _distance(a, b) > SAME]
        return sorted(pairs, key=lambda pair: -_distance(*pair))


def _distance(first: ItemResult, second: ItemResult) -> float:
    if first.reward is None or second.reward is None:
        return 0.0 if first.reward is second.reward else math.inf
    return abs(first.reward - second.reward)


def compare_results(first: dict[str, ItemResult], second: dict[str, ItemResult]) -> Comparison:
    """Puts the results of two runs side by side, by id."""
    both = tuple((result, second[name]) for name, result in first.items() if name in second)
    return Comparison(both, len(first) - len(both), len(second) - len(both))


def compare(
    first: Annotated[Path, typer.Argument(help="Results that `assay grade --output` wrote.")],
    second: Annotated[Path, typer.Argument(help="Those of another run over the same items.")],
) -> None:
    """Compare two runs. Exits with 0 if every reward is the same, 1 if not, 2 on wrong usage."""
    runs = [_read(file) for file in (first, second)]
    found = compare_results(*runs)
    if not found.both:
        typer.echo("the two files have no item in common", err=True)
        raise typer.Exit(ExitStatus.USAGE)
    console = Console()
    console.print(_summary(found))
    if found.changed:
        console.print(_changes(found))
    missing = found.only_first + found.only_second
    raise typer.Exit(ExitStatus.FAILED if found.changed or missing else ExitStatus.GOOD)


def _read(file: Path) -> dict[str, ItemResult]:
    found: dict[str, ItemResult] = {}
    number = 0
    try:
        for line in file.read_bytes().splitlines():
            number += 1
            if line.strip():
                result = ItemResult.model_validate_json(line)
                found[result.id] = result
    except OSError as error:
        typer.echo(f"cannot read {file}: {error.strerror}", err=True)
        raise typer.Exit(ExitStatus.USAGE) from error
    except ValueError as error:
        typer.echo(f"{file}, line {number}: no result of `assay grade`", err=True)
        raise typer.Exit(ExitStatus.USAGE) from error
    return found


def _summary(found: Comparison) -> Table:
    table = Table(show_header=False, title="Comparison", title_justify="left")
    judged = found.judged
    table.add_row("in both", f"{len(found.both):,}")
    table.add_row("in one alone", f"{found.only_first:,} and {found.only_second:,}")
    for title, place in (("mean of the first", 0), ("mean of the second", 1)):
        mean = math.fsum(pair[place] for pair in judged) / len(judged) if judged else None
        table.add_row(title, "none" if mean is None else f"{mean:.4f}")
    table.add_row("higher", f"{sum(b > a + SAME for a, b in judged):,}")
    table.add_row("lower", f"{sum(b < a - SAME for a, b in judged):,}")
    table.add_row(
        "judged in one alone", f"{sum((a.reward is None) != (b.reward is None) for a, b in found.both):,}"
    )
    return table


def _changes(found: Comparison) -> Table:
    table = Table("item", "first", "second", "verdicts", title="Changed most", title_justify="left")
    for first, second in found.changed[:SHOWN]:
        verdicts = " → ".join(
            ", ".join(part.verdict.value for part in result.components if part.verdict) or "—"
            for result in (first, second)
        )
        table.add_row(first.id, _shown(first), _shown(second), verdicts)
    if len(found.changed) > SHOWN:
        table.add_row(f"and {len(found.changed) - SHOWN:,} more", "", "", "")
    return table


def _shown(result: ItemResult) -> str:
    if result.reward is not None:
        return f"{result.reward:.4f}"
    return f"null ({result.error.code})" if result.error else "null"
