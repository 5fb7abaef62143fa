"""The benchmark's programs and their inputs: short programs that read standard input and print."""

import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["Program", "load_workload"]

DEFAULT_CORPORA: Final = Path(__file__).parents[2] / "shared" / "corpora"


@dataclass(frozen=True)
class Program:
    """One program and the cases it is run on, as the corpus has them."""

    name: str
    code: str
    tests: dict[str, Any]
    limits: dict[str, Any]

    @property
    def cases(self) -> list[dict[str, str]]:
        """The runs: `stdin` and `expected`."""
        cases: list[dict[str, str]] = self.tests["cases"]
        return cases

    def item(self, repetition: int) -> dict[str, Any]:
        """An item that grades this program. No two repetitions are the same work, so that none is remembered."""
        return {
            "id": f"{self.name}/{repetition}",
            "code": f"{self.code}\n# repetition {repetition}\n",
            "rewards": [{"type": "code", "tests": self.tests, "limits": self.limits}],
        }


def load_workload() -> list[Program]:
    """The programs of the corpus `workload_short`, in the folder `ASSAY_CORPORA`.

    Raises:
        FileNotFoundError: it is not there.
    """
    path = Path(os.environ.get("ASSAY_CORPORA", DEFAULT_CORPORA)) / "workload_short.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        return [
            Program(row["id"], row["code"], row["tests"], row.get("limits") or {}) for row in map(json.loads, rows)
        ]
