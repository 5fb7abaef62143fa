"""The stack of docker-compose.yml, under a name and on a port of its own, and everything of it that is left."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx

from tests.fixtures.ports import free_port

__all__ = ["PARTS", "ROOT", "SETTINGS", "Stack", "docker", "running_stack"]

ROOT: Final = Path(__file__).parents[2]
PARTS: Final = ("redis", "service", "workers")
"""What runs. Unless it is named, compose builds the images of all languages first, where they are missing."""
READY_S: Final = 120.0
ANSWER_S: Final = 300.0
GONE_S: Final = 30.0
SETTINGS: Final = {"ASSAY_SHARD_LEASE_S": "5", "ASSAY_WORKERS": "1", "ASSAY_VERDICT_TTL_S": "0"}
"""A worker container that is killed cannot say so: what it held is given back when its lease ends."""


def docker(*arguments: str) -> list[str]:
    """The lines a docker command prints."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@dataclass(frozen=True)
class Stack:
    """A stack by its project's name."""

    project: str
    port: int
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        """Where its service listens."""
        return f"http://127.0.0.1:{self.port}"

    def compose(self, *arguments: str) -> str:
        """What a compose command prints."""
        done = subprocess.run(
            ["sh", "scripts/compose.sh", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def scale(self, workers: int) -> None:
        """Brings it up with so many containers of workers, and waits until each of them grades."""
        self.compose("up", "--detach", "--scale", f"workers={workers}", *PARTS)
        self.await_ready(workers)

    def await_ready(self, workers: int) -> None:
        """Waits until exactly so many workers are ready."""
        end_s = time.monotonic() + READY_S
        while (answer := self.ask("GET", "/readyz")) is None or answer.get("workers") != workers:
            assert time.monotonic() < end_s, f"{answer}\n{self.compose('ps')}\n{self.compose('logs', '--tail=30')}"
            time.sleep(0.2)

    def ask(self, method: str, path: str, **request: Any) -> dict[str, Any] | None:
        """The answer of the service; None if there is none, as while it is away."""
        try:
            response = httpx.request(method, self.url + path, timeout=ANSWER_S, **request)
        except httpx.TransportError:
            return None
        answer: dict[str, Any] = response.json()
        return answer if response.is_success else None

    def await_no_worker(self) -> None:
        """Waits until the service knows of no worker."""
        end_s = time.monotonic() + READY_S
        while self.ask("GET", "/readyz") is not None:
            assert time.monotonic() < end_s
            time.sleep(0.2)

    def containers(self, service: str) -> list[str]:
        """The ids of a service's containers that run."""
        of_service = f"label=com.docker.compose.service={service}"
        return docker("ps", "--quiet", "--filter", self._filter, "--filter", of_service)

    def sandboxes(self, of: list[str] | None = None) -> list[str]:
        """The ids of the sandboxes of its workers' containers; these may be named, when they are gone."""
        hosts = tuple(f"{worker[:12]}/" for worker in (self.containers("workers") if of is None else of))
        row = '{{.ID}} {{.Label "assay.owner"}}'
        rows = [line.split(maxsplit=1) for line in docker("ps", "--filter", "label=assay.sandbox", "--format", row)]
        return [id_ for id_, *owner in rows if "".join(owner).startswith(hosts)]

    def end(self) -> None:
        """Takes it down with its data; nothing of it may be left."""
        workers = self.containers("workers")
        self.compose("down", "--volumes", "--remove-orphans")
        end_s = time.monotonic() + GONE_S
        while left := self._left() + self.sandboxes(workers):
            assert time.monotonic() < end_s, left
            time.sleep(0.2)

    def _left(self) -> list[str]:
        return [
            line
            for kind in (["ps", "--all"], ["volume", "ls"], ["network", "ls"])
            for line in docker(*kind, "--quiet", "--filter", self._filter)
        ]

    @property
    def _filter(self) -> str:
        return f"label=com.docker.compose.project={self.project}"


@contextmanager
def running_stack(workers: int = 1) -> Iterator[Stack]:
    """A stack that is ready; it is taken down with the block, whatever happens."""
    project, port = f"assaytest{uuid4().hex[:8]}", free_port()
    own = {"COMPOSE_PROJECT_NAME": project, "ASSAY_PORT": str(port)}
    stack = Stack(project, port, SETTINGS | own)
    try:
        stack.scale(workers)
        yield stack
    finally:
        stack.end()
