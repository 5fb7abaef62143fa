"""Two runs side by side."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from assay.cli.app import app
from assay.cli.compare import compare_results
from assay.contract import ComponentResult, ErrorInfo, ItemResult, Verdict

RUN = CliRunner()
LOST = ErrorInfo(code="worker_lost", message="lost", retryable=True)


def results(**rewards: float | None) -> dict[str, ItemResult]:
    found = {}
    for place, (name, reward) in enumerate(rewards.items()):
        verdict = Verdict.ACCEPTED if reward == 1 else Verdict.WRONG_ANSWER
        component = ComponentResult(type="code", score=reward, weight=1.0, verdict=verdict)
        error = LOST if reward is None else None
        found[name] = ItemResult(id=name, index=place, reward=reward, error=error, components=(component,))
    return found


def file(folder: Path, name: str, **rewards: float | None) -> str:
    path = folder / name
    path.write_text("".join(each.model_dump_json() + "\n" for each in results(**rewards).values()))
    return str(path)


def test_what_changed_most_comes_first_and_null_before_all() -> None:
    found = compare_results(results(a=1, b=0.5, c=0, d=1, e=None), results(a=1, b=0.6, c=1, d=None, f=1))
    assert [first.id for first, _ in found.changed] == ["d", "c", "b"]
    assert (len(found.both), found.only_first, found.only_second) == (4, 1, 1)
    assert found.judged == [(1, 1), (0.5, 0.6), (0, 1)]


def test_equal_runs_are_equal(tmp_path: Path) -> None:
    first = file(tmp_path, "a", x=1, y=None)
    outcome = RUN.invoke(app, ["compare", first, file(tmp_path, "b", x=1, y=None)])
    assert (outcome.exit_code, "Changed" in outcome.output) == (0, False)


def test_changes_are_listed_with_their_verdicts(tmp_path: Path) -> None:
    first = file(tmp_path, "a", x=1, y=0.5)
    outcome = RUN.invoke(app, ["compare", first, file(tmp_path, "b", x=0, y=None)])
    assert outcome.exit_code == 1
    assert all(part in outcome.output for part in ("accepted → wrong_answer", "null (worker_lost)", "0.5000"))


@pytest.mark.parametrize("second", ["absent", "broken", "other"])
def test_what_cannot_be_compared_is_wrong_usage(tmp_path: Path, second: str) -> None:
    (tmp_path / "broken").write_text("{}\n")
    file(tmp_path, "other", z=1)
    outcome = RUN.invoke(app, ["compare", file(tmp_path, "a", x=1), str(tmp_path / second)])
    assert outcome.exit_code == 2
