"""`assay grade` on rows of a dataset with completions, interrupted and taken up again, against a real Assay."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from assay.cli.app import app
from assay.contract import ItemResult
from tests.fixtures.service import RunningAssay

ROW = {"task_id": 7, "text": "Add.", "code": "", "test_list": ["assert add(1, 2) == 3", "assert add(0, 0) == 0"]}
RIGHT, WRONG = "```python\ndef add(a, b):\n    return a + b\n```", "```python\ndef add(a, b):\n    return 0\n```"


def grade(assay: RunningAssay, file: Path, *options: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["grade", str(file), "--url", assay.url, *options])
    return ended.exit_code, ended.output


def results(file: Path) -> list[ItemResult]:
    return [ItemResult.model_validate_json(line) for line in file.read_text().splitlines()]


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    file = tmp_path / "samples.jsonl"
    rows: list[dict[str, Any]] = [{**ROW, "completions": [RIGHT, WRONG]}, {**ROW, "task_id": 8, "response": RIGHT}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_samples_are_graded_as_they_are(assay: RunningAssay, samples: Path) -> None:
    output = samples.with_name("out.jsonl")
    status, told = grade(assay, samples, "--output", str(output), "--pass-at", "1", "--pass-at", "2")
    assert status == 0, told
    assert [(each.id, each.index, each.reward) for each in results(output)] == [
        ("7@1-0", 0, 1.0),
        ("7@1-1", 1, 0.5),
        ("8@2-0", 2, 1.0),
    ]
    assert "0.7500 over 2 groups" in told, "pass@1"
    assert "1.0000 over 1 groups" in told, "pass@2"


def test_an_interrupted_run_is_taken_up_where_it_was(assay: RunningAssay, samples: Path) -> None:
    output = samples.with_name("out.jsonl")
    grade(assay, samples, "--output", str(output))
    whole = results(output)
    marked = whole[0].model_copy(update={"reward": 0.125})
    null = whole[1].model_copy(update={"reward": None})
    output.write_text(f'{marked.model_dump_json()}\n{null.model_dump_json()}\n{{"id": "8@2')
    status, told = grade(assay, samples, "--output", str(output), "--resume")
    assert status == 0, told
    found = results(output)
    assert [(each.id, each.index, each.reward) for each in found] == [
        ("7@1-0", 0, 0.125),
        ("7@1-1", 1, 0.5),
        ("8@2-0", 2, 1.0),
    ], "what was judged is kept, what was not is graded, the cut line too"
    assert not output.with_name("out.jsonl.part").exists()


def test_there_must_be_something_to_take_up(assay: RunningAssay, samples: Path) -> None:
    assert grade(assay, samples, "--resume")[0] == 2
    output = samples.with_name("new.jsonl")
    assert grade(assay, samples, "--resume", "--output", str(output))[0] == 0
    assert len(results(output)) == 3


def test_parquet_goes_in_and_comes_out(assay: RunningAssay, tmp_path: Path) -> None:
    rows = [{**ROW, "completions": [RIGHT, WRONG]}, {**ROW, "task_id": 8, "completions": [RIGHT]}]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "samples.parquet")
    output = tmp_path / "out.parquet"
    status, told = grade(assay, tmp_path / "samples.parquet", "--output", str(output))
    assert status == 0, told
    found = parquet.read_table(output).to_pylist()
    assert [(row["id"], row["reward"], row["verdict"]) for row in found] == [
        ("7@1-0", 1.0, "accepted"),
        ("7@1-1", 0.5, "wrong_answer"),
        ("8@2-0", 1.0, "accepted"),
    ]
    assert json.loads(found[0]["components"])[0]["type"] == "code"
    assert {file.name for file in tmp_path.iterdir()} == {"samples.parquet", "out.parquet"}
