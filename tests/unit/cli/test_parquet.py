"""Parquet files as lines of JSON, and what is said of files that are none."""

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import typer
from pyarrow import parquet

from assay.cli.parquet import is_parquet, lines_of


def test_rows_become_lines(tmp_path: Path) -> None:
    empty: dict[str, object] = {"a": None, "b": [], "d": None, "e": None}
    rows: list[dict[str, object]] = [{"a": 1, "b": [{"c": "ü"}], "d": b"\xff", "e": date(2026, 12, 1)}, empty]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet")
    with lines_of(tmp_path / "rows.parquet") as file:
        lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines == [
        {"a": 1, "b": [{"c": "ü"}], "d": "\ufffd", "e": "2026-12-01"},
        {"a": None, "b": [], "d": None, "e": None},
    ]
    assert not file.exists()


def test_other_files_are_themselves(tmp_path: Path) -> None:
    with lines_of(tmp_path / "rows.jsonl") as file:
        assert file == tmp_path / "rows.jsonl"
    assert is_parquet(Path("A.PARQUET"))


@pytest.mark.parametrize("content", [b"", b"no parquet", None])
def test_what_is_no_parquet_is_wrong_usage(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "rows.parquet"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(typer.Exit) as caught, lines_of(file):
        pass
    assert caught.value.exit_code == 2


def test_without_the_extra_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("assay.cli.parquet.find_spec", lambda _: None)
    with pytest.raises(typer.Exit), lines_of(tmp_path / "rows.parquet"):
        pass
    assert "pip install 'assay[parquet]'" in capsys.readouterr().err
