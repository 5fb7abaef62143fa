"""What a test costs with this code against what it cost with another commit: `python -m bench.against COMMIT`.

Both codes grade the same items at the same time of day: their rounds alternate within one run, in a jail of each,
under the same interpreter and its libraries. Medians are compared; times are not asserted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

HERE: Final = Path(__file__).parents[1]
ROOTS: Final = (".", "service", "workers", "sandbox-images/agent")


class Side:
    """A grader that runs the code of one tree."""

    def __init__(self, tree: Path) -> None:
        path = os.pathsep.join(str(tree / root) for root in ROOTS)
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "bench" / "grade_rounds.py")],
            env={**os.environ, "PYTHONPATH": path},
            cwd=tree,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.rounds: dict[str, list[float]] = {}

    def run_round(self) -> None:
        """Has it grade once, and notes what a test cost."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        for name, cost_ms in json.loads(self._process.stdout.readline()).items():
            self.rounds.setdefault(name, []).append(cost_ms)

    def close(self) -> None:
        """Ends it."""
        self._process.communicate()

    def cost_ms(self, name: str) -> float:
        """The median cost of a test."""
        return statistics.median(self.rounds[name])


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(prog="bench.against", description=__doc__)
    parser.add_argument("commit", help="what to compare with")
    parser.add_argument("--rounds", type=int, default=30, help="rounds of each side, alternating")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory())) / "tree"
        _git("worktree", "add", "--quiet", "--detach", str(folder), options.commit)
        stack.callback(_git, "worktree", "remove", "--force", str(folder))
        before, now = Side(folder), Side(HERE)
        stack.callback(before.close)
        stack.callback(now.close)
        for _ in range(options.rounds):
            before.run_round()
            now.run_round()
        Console().print(_table(options.commit, before, now))


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=HERE, check=True)


def _table(commit: str, before: Side, now: Side) -> Table:
    table = Table(title=f"milliseconds per test, one jail, this code against {commit[:12]}")
    for heading in ("tests", "before", "now", "ratio"):
        table.add_column(heading, justify="left" if heading == "tests" else "right")
    for name in now.rounds:
        costs = before.cost_ms(name), now.cost_ms(name)
        table.add_row(name, *(f"{cost:.2f}" for cost in costs), f"{costs[1] / costs[0]:.2f}")
    return table


if __name__ == "__main__":
    main()
