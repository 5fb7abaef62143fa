"""Containers that die, vanish or stand still, and an engine that goes away: submissions are graded all the same."""

import gc
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import pytest

from assay.contract import Limits
from assay.errors import SandboxLost, SandboxRefused
from assay.settings import Settings
from assay_workers.sandbox.docker.driver import DockerDriver
from assay_workers.sandbox.docker.engine import Engine
from assay_workers.sandbox.docker.owner import LABEL, OWNER_LABEL, Owner, State
from assay_workers.sandbox.docker.strays import is_stray, remove_strays
from assay_workers.sandbox.port import Program, Run
from assay_workers.sandbox.slot import Slot
from tests.fixtures.docker import engine_client, our_containers, require_image
from tests.integration.sandbox.docker.relay import Relay

_ECHO = Program("python", b"print(input())")
_TESTS = [Run(b"%d" % number) for number in range(6)]
_EXPECTED = [b"%d\n" % number for number in range(6)]
_LIMITS = Limits(cpu_s=5, wall_s=60)


@pytest.fixture
def client() -> Iterator[docker.APIClient]:
    client = engine_client()
    yield client
    client.close()


@pytest.fixture
def slot() -> Iterator[Slot]:
    require_image("python")
    slot = Slot(DockerDriver(Settings(docker_patience_s=20)).start, 1000)
    yield slot
    slot.discard()


def _kill(client: docker.APIClient, container: str) -> None:
    client.kill(container)


def _remove(client: docker.APIClient, container: str) -> None:
    client.remove_container(container, force=True)


def _stop(client: docker.APIClient, container: str) -> None:
    client.stop(container, timeout=0)


@pytest.mark.parametrize("harm", [_kill, _remove, _stop])
def test_a_container_that_is_ended_from_outside_is_replaced_and_its_test_repeated(
    client: docker.APIClient, slot: Slot, harm: Callable[[docker.APIClient, str], None]
) -> None:
    printed = []
    for outcome in slot.outcomes(_ECHO, _TESTS, _LIMITS):
        printed.append(outcome.stdout)
        if len(printed) in (2, 4):
            for container in our_containers(client):
                harm(client, container["Id"])
    assert printed == _EXPECTED


def test_an_agent_that_is_killed_by_the_kernel_is_replaced(client: docker.APIClient, slot: Slot) -> None:
    printed = []
    for outcome in slot.outcomes(_ECHO, _TESTS, _LIMITS):
        printed.append(outcome.stdout)
        if len(printed) == 3:
            for container in our_containers(client):
                os.kill(client.inspect_container(container["Id"])["State"]["Pid"], signal.SIGKILL)
    assert printed == _EXPECTED


def test_a_container_that_stands_still_is_given_up(
    client: docker.APIClient, slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay_workers.sandbox.agent._MARGIN_S", 2.0)
    printed = []
    for outcome in slot.outcomes(_ECHO, _TESTS, Limits(cpu_s=1, wall_s=1)):
        printed.append(outcome.stdout)
        if len(printed) == 3:
            for container in our_containers(client):
                client.pause(container["Id"])
    assert printed == _EXPECTED


def test_an_engine_that_goes_away_and_comes_back_is_waited_for(
    client: docker.APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_image("python")
    with Relay() as relay:
        monkeypatch.setenv("DOCKER_HOST", relay.address)
        slot = Slot(DockerDriver(Settings(docker_patience_s=60)).start, 1000)
        printed = []
        for outcome in slot.outcomes(_ECHO, _TESTS, _LIMITS):
            printed.append(outcome.stdout)
            if len(printed) == 3:
                relay.cut()
                threading.Timer(3.0, relay.mend).start()
        slot.discard()
    assert printed == _EXPECTED


def test_an_engine_that_stays_away_is_a_lost_sandbox_and_never_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    with pytest.raises(SandboxLost, match="does not answer") as caught:
        DockerDriver(Settings(docker_patience_s=0.5)).start()
    assert "DOCKER_HOST" in caught.value.hint
    assert caught.value.retryable


def test_a_remote_engine_does_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    require_image("python")
    with Relay() as relay:
        monkeypatch.setenv("DOCKER_HOST", relay.address)
        sandbox = DockerDriver(Settings()).start()
        data = os.urandom(3 << 20)
        copy = Program("python", b"import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())")
        (outcome,) = sandbox.run(copy, [Run(data)], Limits())
        sandbox.close()
    assert outcome.stdout == data


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # sockets of docker-py's sessions
def test_a_remote_engine_behind_tls_does_as_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    require_image("python")
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(["openssl", "req", *options, *names], cwd=tmp_path, check=True, capture_output=True)
    shutil.copy(tmp_path / "cert.pem", tmp_path / "ca.pem")
    certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with Relay(certificate) as relay:
        monkeypatch.setenv("DOCKER_HOST", relay.address)
        for variable in ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):  # which would win over the engine's own
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
        monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
        sandbox = DockerDriver(Settings(docker_patience_s=5)).start()
        data = os.urandom(3 << 20)
        copy = Program("python", b"import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())")
        (outcome,) = sandbox.run(copy, [Run(data)], Limits())
        sandbox.close()
        del sandbox
        gc.collect()
    assert outcome.stdout == data


def test_a_missing_image_is_named_with_what_to_do() -> None:
    engine_client().close()
    with pytest.raises(SandboxRefused, match="nowhere") as caught:
        DockerDriver(Settings(docker_image_prefix="nowhere-")).start()
    assert "make images" in caught.value.hint


def test_an_unknown_runtime_is_refused_with_the_engines_words(client: docker.APIClient) -> None:
    require_image("python")
    before = {container["Id"] for container in our_containers(client)}
    with pytest.raises(SandboxRefused, match="unheard-of"):
        DockerDriver(Settings(docker_runtime="unheard-of")).start()
    assert {container["Id"] for container in our_containers(client)} <= before


_CREATE_AND_WAIT = """
import sys, time, docker
from assay.settings import Settings
from assay_workers.sandbox.docker.driver import DockerDriver
driver = DockerDriver(Settings())
if sys.argv[1] == "started":
    sandbox = driver.start()
else:
    driver._create()
print("there", flush=True)
time.sleep(600)
"""


@contextmanager
def _other_worker(stage: str) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", _CREATE_AND_WAIT, stage], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        yield process
        process.kill()


def _owned_by(client: docker.APIClient, pid: int) -> list[str]:
    found = client.containers(all=True, filters={"label": LABEL})
    owners = {each["Id"]: Owner.parse(each["Labels"][OWNER_LABEL]) for each in found}
    return [container for container, owner in owners.items() if owner and owner.pid == pid]


def test_the_containers_of_a_killed_worker_end_by_themselves(client: docker.APIClient) -> None:
    require_image("python")
    with _other_worker("started") as worker:
        assert len(_owned_by(client, worker.pid)) == 1
    end_s = time.monotonic() + 30
    while _owned_by(client, worker.pid) and time.monotonic() < end_s:
        time.sleep(0.1)
    assert _owned_by(client, worker.pid) == []


def test_a_container_that_a_killed_worker_never_started_is_found_and_removed(client: docker.APIClient) -> None:
    require_image("python")
    engine = Engine(5)
    with _other_worker("created") as worker:
        assert remove_strays(engine) == 0
        assert len(_owned_by(client, worker.pid)) == 1
    assert remove_strays(engine) == 1
    assert _owned_by(client, worker.pid) == []


def test_of_an_owner_elsewhere_only_age_counts() -> None:
    elsewhere = {"Labels": {OWNER_LABEL: "other-host/1:2:3"}, "Created": 1000.0}
    assert not is_stray(elsewhere, 1000.0 + 3600)
    assert is_stray(elsewhere, 1000.0 + 24 * 3600)


def test_an_owner_is_known_again_by_its_birth() -> None:
    this = Owner.this()
    assert Owner.parse(this.label) == this
    assert this.state is State.ALIVE
    assert this._replace(born="0").state is State.DEAD
    assert this._replace(host="elsewhere").state is State.ELSEWHERE
