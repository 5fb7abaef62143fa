"""The jail keeps the contract of a sandbox."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contracts.sandbox_contract import LimitContract, RunContract
from tests.contracts.sandbox_files import FileContract
from tests.contracts.sandbox_flags import FlagContract
from tests.contracts.sandbox_isolation import IsolationContract, SurvivalContract
from tests.contracts.sandbox_talk import TalkContract
from tests.contracts.sandbox_together import TogetherContract
from tests.contracts.sandbox_values import CallContract, LossContract, SessionContract
from tests.fixtures.sandboxes import SandboxBench, jail_bench


@pytest.fixture(scope="module")
def bench() -> Iterator[SandboxBench]:
    with jail_bench() as bench:
        yield bench


@pytest.fixture
def kill_from_outside() -> Callable[[], None]:
    """Kills the agent, which is process 1 of its jail, of every jail of this process."""

    def kill() -> None:
        for bubblewrap in _children("/proc/self"):
            if Path(f"/proc/{bubblewrap}/comm").read_text() == "bwrap\n":
                for agent in _children(f"/proc/{bubblewrap}"):
                    os.kill(agent, signal.SIGKILL)

    return kill


def _children(process: str) -> list[int]:
    return [int(n) for task in Path(process, "task").iterdir() for n in (task / "children").read_text().split()]


class TestRuns(RunContract):
    """Runs in a jail."""


class TestLimits(LimitContract):
    """Limits in a jail."""


class TestFiles(FileContract):
    """Files that programs leave in a jail."""


class TestFlags(FlagContract):
    """What is seen of programs in a jail."""


class TestSurvival(SurvivalContract):
    """What programs leave in a jail."""


class TestIsolation(IsolationContract):
    """What programs see of the machine from a jail."""


class TestCalls(CallContract):
    """Calls in a jail."""


class TestSessions(SessionContract):
    """Sessions in a jail."""


class TestTalk(TalkContract):
    """Programs that talk in a jail."""


class TestTogether(TogetherContract):
    """Tests in the program's own process in a jail."""


class TestLoss(LossContract):
    """Jails that are killed."""
