"""The embedded Valkey: private, alone on its directory, gone with its owner."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from assay.errors import QueueError
from assay.queue.embedded import EmbeddedValkey

OWNER = """
import sys, time
from pathlib import Path
from assay.queue.embedded import EmbeddedValkey
server = EmbeddedValkey(Path(sys.argv[1]))
server.start()
print(server.pid, server.url, flush=True)
time.sleep(60)
"""


def _ended(pid: int, timeout_s: float = 5.0) -> bool:
    deadline_s = time.monotonic() + timeout_s
    while time.monotonic() < deadline_s:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_it_answers_on_a_socket_that_only_its_owner_can_reach(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()
        assert client.config_get("port") == {"port": "0"}
        directory = Path(server.url.removeprefix("unix://")).parent
        assert directory.stat().st_mode & 0o777 == 0o700


def test_it_ends_when_it_is_stopped_and_leaves_no_socket(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    url = server.start()
    pid = server.pid
    assert pid is not None
    server.stop()
    assert _ended(pid)
    assert not Path(url.removeprefix("unix://")).exists()


def test_a_second_owner_of_the_directory_is_refused(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path), pytest.raises(QueueError, match="another Assay runs on"):
        EmbeddedValkey(tmp_path).start()


def test_data_survives_an_orderly_stop_once(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        client.set("a", "1")
    with EmbeddedValkey(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("a") == b"1"
        assert not (tmp_path / "valkey" / "dump.rdb").exists()


def test_it_dies_with_a_killed_owner_and_the_next_one_starts(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline().split()[0])
        owner.send_signal(signal.SIGKILL)
        owner.wait()
    assert _ended(pid)
    with EmbeddedValkey(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()


def test_a_path_too_long_for_a_socket_falls_back_to_a_private_directory_that_is_removed(tmp_path: Path) -> None:
    data_dir = tmp_path / ("d" * 120)
    with EmbeddedValkey(data_dir) as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()
        directory = Path(server.url.removeprefix("unix://")).parent
        assert directory.stat().st_mode & 0o777 == 0o700
        assert len(os.fsencode(server.url)) < 108
    assert not directory.exists()


def test_a_server_that_cannot_start_is_an_error_that_names_its_log(tmp_path: Path) -> None:
    (tmp_path / "valkey").mkdir()
    (tmp_path / "valkey" / "dump.rdb").write_bytes(b"not a dump")
    with pytest.raises(QueueError, match="ended with status") as caught:
        EmbeddedValkey(tmp_path).start()
    assert "valkey.log" in caught.value.hint
