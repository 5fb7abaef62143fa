"""Grades the same items again and again and prints the milliseconds of a test, by kind; `bench.against` reads that.

Runs under the code of whichever tree comes first on PYTHONPATH, so it uses only what has never changed.
"""

import json
import sys
import time
from typing import Any, Final

from assay.contract import Detail, Item
from assay.settings import Settings
from assay_workers.wiring import build_grader

TESTS: Final = 40
SUITES: Final[dict[str, dict[str, Any]]] = {
    "stdio": {"kind": "stdio", "cases": [{"stdin": f"{n}\n", "expected": f"{n * n}\n"} for n in range(TESTS)]},
    "function": {
        "kind": "function",
        "entry_point": "square",
        "cases": [{"args": [n], "expected": n * n} for n in range(TESTS)],
    },
    "assert, split": {"kind": "assert", "asserts": [f"assert square({n}) == {n * n}" for n in range(TESTS)]},
    "script, examined": {
        "kind": "script",
        "entry_point": "square",
        "source": "def check(candidate):\n    for n in range(10): assert candidate(n) == n * n\n",
    },
}
PROGRAM: Final = "def square(n):\n    return n * n\nif __name__ == '__main__':\n    print(square(int(input())))\n"


def main() -> None:
    """For every line on standard input, grades one item of each kind and prints one line of JSON."""
    grader = build_grader(Settings())
    items = {
        name: Item.model_validate(
            {"id": name, "code": PROGRAM, "rewards": [{"type": "code", "tests": suite}]}, strict=False
        )
        for name, suite in SUITES.items()
    }
    try:
        for item in items.values():
            grader.grade(item, 0, Detail.NONE)
        for _ in sys.stdin:
            print(json.dumps({name: _cost_ms(grader, item) for name, item in items.items()}), flush=True)
    finally:
        grader.close()


def _cost_ms(grader: Any, item: Item) -> float:
    repeats = 1 if item.id != "script, examined" else 10
    started_s = time.perf_counter()
    for _ in range(repeats):
        result = grader.grade(item, 0, Detail.NONE)
        assert result.reward == 1.0, result
    tests = repeats if item.id == "script, examined" else TESTS
    return 1000 * (time.perf_counter() - started_s) / tests


if __name__ == "__main__":
    main()
