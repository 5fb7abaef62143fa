"""`assay audit` against a running service."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assay.audit.corpus import OWN_CORPUS
from assay.cli.app import app
from tests.fixtures.service import RunningAssay

pytestmark = pytest.mark.slow

CHOSEN = ("exit-atexit-status", "equal-mock-any", "leave-process-w", "leave-process-r", "ok-reference", "ok-script")
"""Programs that take little time."""
TASKS = ("digest", "digest_assert", "digest_script")


def audit(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", *arguments], env={"COLUMNS": "200"})


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A few programs of the own corpus, as a folder."""
    folder = tmp_path / "corpus"
    text = (OWN_CORPUS / "index.toml").read_text()
    head, *programs = text.split("[[programs]]")
    chosen = [each for each in programs if any(f'id = "{name}"' in each for name in CHOSEN)]
    needed = [part for part in head.split("\n[tasks.") if part.split("]")[0].split(".")[0] in TASKS]
    limits = head.split("\n[tasks.")[0]
    (folder / "python").mkdir(parents=True)
    (folder / "index.toml").write_text("[[programs]]".join(["\n[tasks.".join([limits, *needed]), *chosen]))
    for name in CHOSEN:
        shutil.copy(OWN_CORPUS / f"python/{name}.py", folder / "python")
    return folder


def test_where_all_is_as_it_must_be_the_command_says_so_and_succeeds(assay: RunningAssay, corpus: Path) -> None:
    outcome = audit("attacks", "--url", assay.url, "--corpus", str(corpus))
    assert outcome.exit_code == 0, outcome.output
    assert "14 programs graded, 0 wrong, 0 not served" in outcome.stdout


def test_what_is_wrong_is_listed_and_fails_the_command(assay: RunningAssay, corpus: Path) -> None:
    index = corpus / "index.toml"
    index.write_text(index.read_text().replace('kind = "benign"', 'kind = "attack"'))
    outcome = audit("attacks", "--url", assay.url, "--corpus", str(corpus), "--rounds", "alone")
    assert outcome.exit_code == 1
    assert "ok-reference" in outcome.stdout
    assert "reward 1, above 0: it was not earned" in outcome.stdout
    assert "6 programs graded, 2 wrong" in outcome.stdout


def test_as_json_the_same_is_for_machines(assay: RunningAssay, corpus: Path) -> None:
    index = corpus / "index.toml"
    index.write_text(
        index.read_text().replace('"ok-script"', '"ok-script"\nexpect_max_reward = 0.5\nexpect_min_reward = 0.0')
    )
    outcome = audit("attacks", "--url", assay.url, "--corpus", str(corpus), "--rounds", "alone", "--json")
    said = json.loads(outcome.stdout)
    assert (said["sent"], said["not_served"]) == ({"alone": 6}, [])
    (wrong,) = said["wrong"]
    assert (wrong["id"], wrong["round"], wrong["reward"]) == ("ok-script", "alone", 1.0)
    assert wrong["complaints"] == ["reward 1, above 0.5: it was not earned"]


def test_what_the_service_does_not_serve_is_named_and_where_that_is_all_nothing_was_held(
    assay: RunningAssay, corpus: Path
) -> None:
    index = corpus / "index.toml"
    index.write_text(index.read_text().replace('language = "python"', 'language = "ballerina"'))
    outcome = audit("attacks", "--url", assay.url, "--corpus", str(corpus), "--rounds", "alone")
    assert outcome.exit_code == 1
    assert "nothing was learned of them: equal-mock-any, exit-atexit-status" in outcome.stdout
    assert "0 programs graded, 0 wrong, 6 not served" in outcome.stdout


def item(name: str, source: str) -> dict[str, Any]:
    case = {"stdin": "21\n", "expected": "42\n"}
    return {"id": name, "code": source, "rewards": [{"type": "code", "tests": {"kind": "stdio", "cases": [case]}}]}


@pytest.fixture
def graded(assay: RunningAssay, tmp_path: Path) -> tuple[Path, Path]:
    """A file of items, and one of results as `assay grade` writes them."""
    items, results = tmp_path / "items.jsonl", tmp_path / "results.jsonl"
    made = [item("right", "print(2 * int(input()))"), item("wrong", "print(1)")]
    items.write_text("".join(json.dumps(each) + "\n" for each in made))
    outcome = CliRunner().invoke(app, ["grade", str(items), "--url", assay.url, "--output", str(results)])
    assert outcome.exit_code == 0, outcome.output
    return items, results


def test_accepted_results_that_can_be_repeated_agree(assay: RunningAssay, graded: tuple[Path, Path]) -> None:
    outcome = audit("sample", *map(str, graded), "--url", assay.url)
    assert outcome.exit_code == 0, outcome.output
    assert "1 accepted results repeated, 0 differ" in outcome.stdout


def test_an_accepted_result_that_cannot_be_repeated_fails_the_command(
    assay: RunningAssay, graded: tuple[Path, Path], tmp_path: Path
) -> None:
    items, results = ([json.loads(line) for line in path.read_text().splitlines()] for path in graded)
    forged = results[1] | {"reward": 1.0, "components": [results[0]["components"][0]]}
    records = tmp_path / "records.jsonl"
    pairs = zip(items, (results[0], forged), strict=True)
    records.write_text("".join(json.dumps({"item": each, "result": was}) + "\n" for each, was in pairs))
    outcome = audit("sample", str(records), "--url", assay.url, "--share", "1", "--json")
    assert outcome.exit_code == 1
    said = json.loads(outcome.stdout)
    assert said == {"repeated": 2, "differing": [{"id": "wrong", "disagreement": "reward 1 before, 0 now"}]}
