"""The command `assay convert`: files, exit statuses, and what it says."""

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assay.cli.app import app
from assay.formats import FORMATS

RUN = CliRunner()
ROW = json.dumps({"question": "Twice?", "answer": "#### 4"})
UNWRAPPED = json.dumps({"input_output": {"inputs": [[1]], "outputs": [[2]], "fn_name": "f"}})


def written(*rows: str, folder: Path, name: str = "in.jsonl") -> Path:
    path = folder / name
    text = "".join(row + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def test_rows_become_items_in_the_order_of_the_file(tmp_path: Path) -> None:
    source, target = written(ROW, UNWRAPPED, folder=tmp_path), tmp_path / "out.jsonl"
    outcome = RUN.invoke(app, ["convert", str(source), "-o", str(target)])
    assert outcome.exit_code == 0, outcome.output
    kinds = [json.loads(line)["rewards"][0]["type"] for line in target.read_text().splitlines()]
    assert kinds == ["accuracy", "code"]
    assert "2 of 2 rows converted, 1 tests" in outcome.stderr


def test_without_an_output_the_items_go_to_standard_output(tmp_path: Path) -> None:
    outcome = RUN.invoke(app, ["convert", str(written(ROW, folder=tmp_path)), "--from", "gsm8k"])
    assert json.loads(outcome.stdout)["rewards"] == [{"type": "accuracy", "gold": "4"}]


def test_standard_input_is_read() -> None:
    outcome = RUN.invoke(app, ["convert", "-"], input=ROW)
    assert json.loads(outcome.stdout)["id"] == "row-1"


def test_gzip_is_read_and_written(tmp_path: Path) -> None:
    source, target = written(ROW, folder=tmp_path, name="in.jsonl.gz"), tmp_path / "out.jsonl.gz"
    assert RUN.invoke(app, ["convert", str(source), "-o", str(target)]).exit_code == 0
    assert json.loads(gzip.decompress(target.read_bytes()))["id"] == "row-1"


def test_a_bad_row_is_told_and_the_others_are_written(tmp_path: Path) -> None:
    source, target = written("{}", ROW, folder=tmp_path), tmp_path / "out.jsonl"
    outcome = RUN.invoke(app, ["convert", str(source), "-o", str(target)])
    assert outcome.exit_code == 1
    assert "row 1: invalid_row:" in outcome.stderr
    assert "1 of 2 rows converted, 0 tests, 1 invalid_row" in outcome.stderr
    assert len(target.read_text().splitlines()) == 1


def test_strict_ends_at_a_bad_row_and_leaves_the_old_file_alone(tmp_path: Path) -> None:
    source, target = written(ROW, "{}", ROW, "{", folder=tmp_path), tmp_path / "out.jsonl"
    target.write_text("old")
    outcome = RUN.invoke(app, ["convert", str(source), "-o", str(target), "--strict"])
    assert outcome.exit_code == 1
    assert "row 2: invalid_row:" in outcome.stderr
    assert "row 4" not in outcome.stderr
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_no_warning_is_lost(tmp_path: Path) -> None:
    source, target = written(*[UNWRAPPED] * 15, folder=tmp_path), tmp_path / "out.jsonl"
    outcome = RUN.invoke(app, ["convert", str(source), "-o", str(target)])
    shown = outcome.stderr.count(": warning: ")
    stored = sum(len(json.loads(line)["warnings"]) for line in target.read_text().splitlines())
    assert shown == 20
    assert f"and {stored - shown} more warnings" in outcome.stderr


@pytest.mark.parametrize("name", ["app", "codeparrot"])
def test_a_format_that_is_not_there_is_wrong_usage(tmp_path: Path, name: str) -> None:
    outcome = RUN.invoke(app, ["convert", str(written(ROW, folder=tmp_path)), "--from", name])
    assert outcome.exit_code == 2
    assert "there is no format" in outcome.stderr


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    outcome = RUN.invoke(app, ["convert", str(tmp_path / "none.jsonl")])
    assert outcome.exit_code == 2
    assert "none.jsonl" in outcome.stderr


def test_a_gzip_file_that_is_none_is_one_readable_line(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl.gz"
    source.write_bytes(b"no gzip")
    outcome = RUN.invoke(app, ["convert", str(source)])
    assert outcome.exit_code == 1
    assert "Not a gzipped file" in outcome.stderr


def test_a_gzip_file_that_is_cut_off_is_one_readable_line_and_leaves_no_output(tmp_path: Path) -> None:
    source, target = written(*[ROW] * 100, folder=tmp_path, name="in.jsonl.gz"), tmp_path / "out.jsonl"
    source.write_bytes(source.read_bytes()[:-9])
    outcome = RUN.invoke(app, ["convert", str(source), "-o", str(target)])
    assert outcome.exit_code == 1
    assert "in.jsonl.gz is damaged" in outcome.stderr
    assert not target.exists()


def test_the_help_names_every_format() -> None:
    text = "".join(RUN.invoke(app, ["convert", "--help"], env={"COLUMNS": "2000"}).stdout.split())
    assert [name for name in FORMATS if name not in text] == []
