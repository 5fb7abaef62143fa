import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assay.cli.app import app

RUN = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["attacks", "--rounds", "alone,apart"], "'apart' is not a valid Round: the rounds are alone, together"),
        (["attacks", "--language", "cobol"], "no programs in cobol"),
        (["attacks", "--corpus", "nowhere"], "invalid_corpus: cannot read nowhere/index.toml: No such file"),
        (["sample", "nowhere.jsonl"], "cannot read nowhere.jsonl: No such file"),
        (["sample", "items.jsonl", "nowhere.jsonl"], "cannot read nowhere.jsonl: No such file"),
        (["sample", "items.jsonl"], "invalid_corpus: line 1 is no record: 'request' is missing"),
        (["sample", "none.jsonl"], "no accepted results among the records"),
        (["sample", "none.jsonl", "--share", "2"], "--share"),
    ],
)
def test_unusable_input_is_wrong_usage_and_is_told(
    arguments: list[str], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "items.jsonl").write_text('{"id": "a"}\n')
    refused = {"id": "a", "index": 0, "reward": 0.0, "components": []}
    (tmp_path / "none.jsonl").write_text(json.dumps({"item": {"id": "a"}, "result": refused}) + "\n")
    outcome = RUN.invoke(app, ["audit", *arguments])
    assert outcome.exit_code == 2
    assert complaint in outcome.stderr


def test_a_service_that_is_not_there_is_one_readable_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.client.retry.RetryPolicy.again", lambda *_: False)
    outcome = RUN.invoke(app, ["audit", "attacks", "--url", "http://127.0.0.1:9", "--language", "c"])
    assert outcome.exit_code == 1
    assert "unreachable: http://127.0.0.1:9 gives no answer" in outcome.stderr
