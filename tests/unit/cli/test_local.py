import socket
from pathlib import Path

import pytest

from assay.cli.local import LocalAssay, environment_of
from assay.settings import Settings


def test_a_child_reads_the_settings_of_its_parent_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(
        data_dir=tmp_path,
        workers=3,
        redis_url="unix:///a socket",
        sandbox_packages=("numpy",),
        log_format="console",
    )
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


def test_a_port_in_use_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assay = LocalAssay(Settings(host="127.0.0.1", port=port, data_dir=tmp_path / "data"))
        with pytest.raises(OSError, match=f"port {port}: Address already in use"):
            assay.start()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("0.0.0.0", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000")],
)
def test_the_url_can_be_used_as_it_is_shown(host: str, url: str, tmp_path: Path) -> None:
    assert LocalAssay(Settings(host=host, data_dir=tmp_path, allow_anonymous=True)).url == url
