import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assay import __version__
from assay.cli.app import app
from assay.cli.up import EXAMPLE
from assay.contract import Item

RUN = CliRunner()


def test_version_is_printed() -> None:
    assert RUN.invoke(app, ["version"]).stdout.strip() == __version__


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    outcome = RUN.invoke(app, ["grade", str(tmp_path / "none.jsonl")])
    assert outcome.exit_code == 2
    assert "none.jsonl" in outcome.stderr


def test_a_file_without_items_is_wrong_usage_and_its_bad_lines_are_named() -> None:
    outcome = RUN.invoke(app, ["grade", "-"], input="{\n")
    assert outcome.exit_code == 2
    assert "line 1: not JSON" in outcome.stderr


def test_a_service_that_is_not_there_is_one_readable_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.client.retry.RetryPolicy.again", lambda *_: False)
    outcome = RUN.invoke(app, ["grade", "-", "--url", "http://127.0.0.1:9"], input="{}\n")
    assert outcome.exit_code == 1
    assert "unreachable: http://127.0.0.1:9 gives no answer" in outcome.stderr


def test_the_request_that_up_suggests_is_one_the_contract_accepts() -> None:
    (item,) = json.loads(EXAMPLE)["items"]
    assert Item.model_validate(item).id == "1"
    assert "'" not in EXAMPLE


def test_a_bare_installation_says_which_extra_is_missing() -> None:
    program = (
        "import importlib.util\n"
        "found = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'typer' else found(name, *rest)\n"
        "from assay.cli import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "assay[server]" in done.stderr
    assert "Traceback" not in done.stderr
