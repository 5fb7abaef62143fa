"""Very many tests leave sandboxes as they found them (`INTEGRITY.md`, gate 5). `-s` shows numbers."""

import os
import threading
import time
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from assay.contract import Limits
from assay_workers.sandbox.port import Program, Run, Sandbox
from tests.fixtures.declining import decline
from tests.fixtures.docker import docker_bench, engine_client, our_containers
from tests.fixtures.sandboxes import jail_bench

pytestmark = pytest.mark.slow

JAIL_TESTS: Final = 46_000
"""In each of two jails, which run at the same time."""
CONTAINER_TESTS: Final = 9_000
"""A container has users for not many more than that."""
WARM_UP: Final = 500
PIECE: Final = 500
LIMITS: Final = Limits(cpu_s=5, wall_s=60)
PROGRAMS: Final = (
    "print(input())",
    "print(input()); open('left', 'w').write('x' * 100_000)",
    "print(input()); open('/tmp/left', 'w').write('x'); open('/dev/shm/left', 'w').write('x')",
    "import os, time\nprint(input(), flush=True)\nif os.fork() == 0: time.sleep(60)",
    "import socket\nprint(input())\ntry: socket.socket()\nexcept OSError: pass",
    "print(input()); raise SystemExit(0)",
)
MOST_GROWTH_MB: Final = 8.0
SETTLING_S: Final = 10.0
LOOKS: Final = 5
"""So many looks in a row must see the same."""


class State(NamedTuple):
    """What a sandbox occupies between two tests."""

    processes: int
    descriptors: int
    memory_mb: float
    files: int


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def _family(process: int) -> list[int]:
    return [process, *(each for child in _children(process) for each in _family(child))]


def _state(agent: int) -> State:
    family = _family(agent)
    descriptors = sum(len(list(Path(f"/proc/{process}/fd").iterdir())) for process in family)
    pages = sum(int(Path(f"/proc/{process}/statm").read_text().split()[1]) for process in family)
    cells = Path(f"/proc/{agent}/root/run/cell")
    memory_mb = pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    return State(len(family), descriptors, memory_mb, len(list(cells.iterdir())))


def _settled(agent: int) -> State:
    """The state once nothing comes or goes any more: a nursery that was just replaced takes its time to end."""
    states: list[State | None] = []
    until_s = time.monotonic() + SETTLING_S
    while time.monotonic() < until_s:
        try:
            states.append(_state(agent))
        except OSError:  # a process ended while we looked
            states.append(None)
        last = states[-1]
        recent = [each and each._replace(memory_mb=0) for each in states[-LOOKS:]]
        if last is not None and len(recent) == LOOKS and len(set(recent)) == 1:
            return last
        time.sleep(0.2)
    raise AssertionError(f"nothing settled in {SETTLING_S:g} s: {states[-LOOKS:]}")


def _run(sandbox: Sandbox, count: int) -> int:
    """Runs tests, in pieces of different programs; how many were right."""
    right = 0
    for place in range(0, count, PIECE):
        source = PROGRAMS[place // PIECE % len(PROGRAMS)]
        tests = [Run(f"{number}\n".encode()) for number in range(place, min(place + PIECE, count))]
        outcomes = sandbox.run(Program("python", source.encode()), tests, LIMITS)
        right += sum(each.stdout == test.stdin for each, test in zip(outcomes, tests, strict=True))
    return right


def _soak(name: str, sandbox: Sandbox, agent: int, count: int, told: dict[str, tuple[int, State, State]]) -> None:
    _run(sandbox, len(PROGRAMS) * WARM_UP)
    before = _settled(agent)
    started_s = time.monotonic()
    right = _run(sandbox, count)
    told[name] = right, before, _settled(agent)
    print(f"\n{name}: {count} tests in {time.monotonic() - started_s:.0f} s\n  {told[name][1]}\n  {told[name][2]}")


def _agents_of_jails() -> set[int]:
    bubblewraps = (each for each in _children(os.getpid()) if Path(f"/proc/{each}/comm").read_text() == "bwrap\n")
    return {_children(each)[0] for each in bubblewraps}


def _agent_of_container() -> int:
    client = engine_client()
    try:
        (container,) = our_containers(client)
        pid: int = client.inspect_container(container["Id"])["State"]["Pid"]
        return pid
    finally:
        client.close()


def test_very_many_tests_leave_memory_descriptors_processes_and_files_as_they_were() -> None:
    if os.getuid() != 0:
        decline("only root can look into the agents")
    told: dict[str, tuple[int, State, State]] = {}
    wanted = {"one jail": JAIL_TESTS, "another jail": JAIL_TESTS, "a container": CONTAINER_TESTS}
    with jail_bench() as one, jail_bench() as another, docker_bench("warm") as container:
        sandboxes = [one.sandbox]  # each starts here
        (first,) = _agents_of_jails()
        sandboxes += [another.sandbox, container.sandbox]
        (second,) = _agents_of_jails() - {first}
        agents = [first, second, _agent_of_container()]
        jobs = zip(wanted, sandboxes, agents, wanted.values(), strict=True)
        threads = [threading.Thread(target=_soak, args=(*job, told)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {name: right for name, (right, _, _) in told.items()} == wanted
    assert sum(wanted.values()) > 100_000
    for name, (_, before, after) in told.items():
        assert after._replace(memory_mb=0) == before._replace(memory_mb=0), name
        assert after.files == 0, name
        assert after.memory_mb - before.memory_mb < MOST_GROWTH_MB, name
