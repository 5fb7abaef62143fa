"""Counts over graded items, and how they are shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.table import Table

from assay.cli.pass_at import mean_pass_at
from assay.contract import ItemResult

__all__ = ["Tally"]


@dataclass
class Tally:
    """Counts results as they come in."""

    items: int = 0
    judged: int = 0
    reward_sum: float = 0.0
    verdicts: Counter[str] = field(default_factory=Counter)
    """Code components by verdict."""
    error_codes: Counter[str] = field(default_factory=Counter)
    samples: list[ItemResult] = field(default_factory=list)
    """The results without their tests."""

    @property
    def unjudged(self) -> int:
        """Items without a reward."""
        return self.items - self.judged

    def add(self, result: ItemResult) -> None:
        """Counts one result."""
        self.items += 1
        self.verdicts.update(part.verdict.value for part in result.components if part.verdict is not None)
        if result.reward is not None:
            self.judged += 1
            self.reward_sum += result.reward
        if result.error is not None:
            self.error_codes[result.error.code] += 1
        components = tuple(each.model_copy(update={"tests": None}) for each in result.components)
        self.samples.append(result.model_copy(update={"components": components}))

    def line(self) -> str:
        """The counts in one line, for a progress bar."""
        counts = [f"{name} {count}" for name, count in self.verdicts.most_common(4)]
        if self.unjudged:
            counts.append(f"null {self.unjudged}")
        return ", ".join(counts)

    def table(self, seconds: float, ks: Sequence[int] = ()) -> Table:
        """The counts as a table.

        Arguments:
            seconds: how long the grading took.
            ks: for which k to show pass@k.
        """
        table = Table(show_header=False, title="Summary", title_justify="left")
        table.add_row("items", f"{self.items:,}")
        table.add_row("judged", f"{self.judged:,}")
        table.add_row("null", f"{self.unjudged:,}")
        mean = f"{self.reward_sum / self.judged:.4f}" if self.judged else "none"
        table.add_row("mean reward", mean)
        for k in ks:
            estimate, groups = mean_pass_at(self.samples, k)
            shown = f"{estimate:.4f} over {groups:,} groups" if estimate is not None else "no group has so many"
            table.add_row(f"pass@{k}", shown)
        for title, counter in (("verdicts", self.verdicts), ("errors", self.error_codes)):
            counts = (f"{name} {count:,}" for name, count in sorted(counter.items()))
            table.add_row(title, "\n".join(counts) or "none")
        rate = self.items / seconds if seconds > 0 else 0.0
        table.add_row("time", f"{seconds:.1f} s, {rate:,.1f} items/s")
        return table
