"""Containers keep the contract of a sandbox, whether one serves many submissions or only one."""

import contextlib
from collections.abc import Callable, Iterator

import pytest
from docker.errors import APIError

from tests.contracts.sandbox_contract import LimitContract, RunContract
from tests.contracts.sandbox_files import FileContract
from tests.contracts.sandbox_flags import FlagContract
from tests.contracts.sandbox_isolation import IsolationContract, SurvivalContract
from tests.contracts.sandbox_talk import TalkContract
from tests.contracts.sandbox_together import TogetherContract
from tests.contracts.sandbox_values import CallContract, LossContract, SessionContract
from tests.fixtures.docker import await_end, docker_bench, engine_client, our_containers
from tests.fixtures.sandboxes import SandboxBench


@pytest.fixture(scope="module", params=["warm", "fresh"])
def bench(request: pytest.FixtureRequest) -> Iterator[SandboxBench]:
    with docker_bench(request.param) as bench:
        yield bench


@pytest.fixture
def kill_from_outside() -> Iterator[Callable[[], None]]:
    """Kills every container of this process."""
    client = engine_client()

    def kill() -> None:
        for container in our_containers(client):  # spares among them, which may have ended by themselves
            with contextlib.suppress(APIError):
                client.kill(container["Id"])
        await_end(client)

    yield kill
    client.close()


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """No container outlives the bench that started it."""
    yield
    client = engine_client()
    left = await_end(client)
    client.close()
    assert left == []


class TestRuns(RunContract):
    """Runs in a container."""


class TestLimits(LimitContract):
    """Limits in a container."""


class TestFiles(FileContract):
    """Files that programs leave in a container."""


class TestFlags(FlagContract):
    """What is seen of programs in a container."""

    answered_before_us = frozenset(
        {"another's memory", "a user namespace", "a mount that binds", "another root", "the clock"}
    )
    """By Docker's own profile."""


class TestSurvival(SurvivalContract):
    """What programs leave in a container."""


class TestIsolation(IsolationContract):
    """What programs see of the machine from a container."""


class TestCalls(CallContract):
    """Calls in a container."""


class TestSessions(SessionContract):
    """Sessions in a container."""


class TestTalk(TalkContract):
    """Programs that talk in a container."""


class TestTogether(TogetherContract):
    """Tests in the program's own process in a container."""


class TestLoss(LossContract):
    """Containers that are killed."""
