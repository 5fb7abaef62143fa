"""`assay bench` against a service that runs; what it prints, not how much."""

import re

import pytest
from typer.testing import CliRunner

from assay.cli.app import app
from assay.cli.bench import bench_item
from assay.contract import Item
from tests.fixtures.service import RunningAssay


def test_a_service_is_measured(assay: RunningAssay) -> None:
    ended = CliRunner().invoke(app, ["bench", assay.url, "--seconds", "1"])
    assert ended.exit_code == 0, ended.output
    assert re.search(r"rate +│ [\d,]+ items/s, [\d,]+ tests/s", ended.output)
    assert re.search(r"one test +│ median [\d.]+ ms, p95 [\d.]+ ms", ended.output)


def test_no_two_programs_are_alike_and_all_are_items() -> None:
    first, second = bench_item(1), bench_item(2)
    assert first["code"] != second["code"]
    assert Item.model_validate(first).rewards[0].type == "code"


def test_a_service_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.client.retry.RetryPolicy.again", lambda *_: False)
    ended = CliRunner().invoke(app, ["bench", "http://127.0.0.1:9"])
    assert (ended.exit_code, "unreachable" in ended.output) == (1, True)
