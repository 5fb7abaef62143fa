"""A batch that comes again does no sandbox work, unless it asks for it."""

from pathlib import Path
from typing import Any

from tests.fixtures.service import running_assay

SOURCES = ("print(2 * int(input()))", "print(input())", "import sys\nprint(2 * int(sys.stdin.read()))")


def _items() -> list[dict[str, Any]]:
    cases = [{"stdin": f"{number}", "expected": f"{2 * number}"} for number in range(1, 9)]
    tests = {"kind": "stdio", "cases": cases}
    return [
        {"id": f"{number}", "code": SOURCES[number % 3], "rewards": [{"type": "code", "tests": tests}]}
        for number in range(30)
    ]


def test_identical_programs_are_run_once_and_a_replay_runs_nothing(tmp_path: Path) -> None:
    with running_assay(tmp_path, settings={"verdict_ttl_s": 600}) as assay:
        first = assay.grade(_items())
        again = assay.grade(_items())
        anew = assay.grade(_items(), reuse=False)
    assert first["summary"]["reused"] == 27, "three programs were run"
    assert again["summary"]["reused"] == 30
    assert anew["summary"]["reused"] == 0
    rewards = [[result["reward"] for result in batch["results"]] for batch in (first, again, anew)]
    assert rewards[0] == rewards[1] == rewards[2] == [1.0, 0.0, 1.0] * 10
