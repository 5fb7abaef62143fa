import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assay.cli.app import app
from assay.cli.failure import ExitStatus
from assay.settings import Settings

RUN = CliRunner()


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No variable and no file of the developer is in force; gives the path of the test's own file."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ASSAY_{name.upper()}", raising=False)
    file = tmp_path / "assay.toml"
    monkeypatch.setenv("ASSAY_CONFIG", str(file))
    return file


def test_what_config_prints_is_a_settings_file_that_means_the_same(own_settings: Path) -> None:
    printed = RUN.invoke(app, ["config"]).stdout
    before = Settings()
    own_settings.write_text(printed)
    assert Settings() == before
    assert set(tomllib.loads(printed)) == set(before.model_dump(exclude_none=True))


def test_config_says_where_each_value_comes_from(own_settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_settings.write_text('port = 9000\nhost = "0.0.0.0"\nallow_anonymous = true')
    monkeypatch.setenv("ASSAY_PORT", "9001")
    shown = json.loads(RUN.invoke(app, ["config", "--json"]).stdout)
    assert shown["port"] == {"value": 9001, "origin": "ASSAY_PORT"}
    assert shown["host"] == {"value": "0.0.0.0", "origin": str(own_settings)}
    assert shown["queue_name"] == {"value": "assay", "origin": "default"}


def test_config_hides_the_password_of_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_REDIS_URL", "rediss://grader:hunter2@queue:6379/0")
    printed = RUN.invoke(app, ["config"]).stdout
    assert "hunter2" not in printed
    assert "rediss://grader:***@queue:6379/0" in printed


def test_a_wrong_setting_is_named_and_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_WORKERS", "many")
    outcome = RUN.invoke(app, ["config"])
    assert outcome.exit_code == 2
    assert "setting workers" in outcome.stderr


def test_an_unknown_key_of_the_file_is_wrong_usage(own_settings: Path) -> None:
    own_settings.write_text("wokers = 3")
    outcome = RUN.invoke(app, ["config"])
    assert outcome.exit_code == 2
    assert "setting wokers" in outcome.stderr


def test_a_file_that_is_not_toml_is_wrong_usage(own_settings: Path) -> None:
    own_settings.write_text("port: 9000")
    assert RUN.invoke(app, ["config"]).exit_code == 2


def test_two_forms_at_once_are_wrong_usage() -> None:
    assert RUN.invoke(app, ["config", "--json", "--markdown"]).exit_code == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "assay.example"])
def test_strangers_are_let_in_only_where_that_is_said(host: str, own_settings: Path) -> None:
    refused = RUN.invoke(app, ["serve", "--host", host])
    assert refused.exit_code == ExitStatus.USAGE
    assert "without a `keys_file` the service listens on loopback only" in refused.output
    assert "assay keys new" in refused.output
    assert Settings(host=host, allow_anonymous=True).host == host
    assert Settings(host=host, keys_file=own_settings).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_loopback_needs_no_keys(host: str) -> None:
    assert Settings(host=host).host == host
