"""The outer wall of a running sandbox, as the engine itself describes it."""

from collections.abc import Iterator
from typing import Any

import pytest

from assay.contract import Limits
from assay.settings import Settings
from assay_workers.sandbox.docker.driver import DockerDriver
from assay_workers.sandbox.port import Killed, Program, Run
from tests.fixtures.docker import docker_bench, engine_client, our_containers
from tests.fixtures.sandboxes import SandboxBench

_MIB = 1 << 20


@pytest.fixture(scope="module")
def bench() -> Iterator[SandboxBench]:
    with docker_bench("warm") as bench:
        yield bench


def _inspect() -> dict[str, Any]:
    client = engine_client()
    (container,) = our_containers(client)
    description: dict[str, Any] = client.inspect_container(container["Id"])
    client.close()
    return description


@pytest.fixture(scope="module")
def described(bench: SandboxBench) -> dict[str, Any]:
    """`docker inspect` of a sandbox that runs."""
    assert bench.run("print('runs')").stdout == b"runs\n"
    return _inspect()


def test_it_is_not_privileged_and_has_three_capabilities(described: dict[str, Any]) -> None:
    host = described["HostConfig"]
    assert host["Privileged"] is False
    assert host["CapDrop"] == ["ALL"]
    assert sorted(host["CapAdd"]) == ["KILL", "SETGID", "SETUID"]


def test_no_privilege_can_be_gained_and_the_engines_seccomp_profile_is_in_force(described: dict[str, Any]) -> None:
    assert described["HostConfig"]["SecurityOpt"] == ["no-new-privileges"]


def test_its_root_is_read_only_and_nothing_of_the_host_is_mounted(described: dict[str, Any]) -> None:
    host = described["HostConfig"]
    assert host["ReadonlyRootfs"] is True
    assert not host["Binds"]
    assert not host.get("Mounts")
    assert not host["VolumesFrom"]
    assert not host["Devices"]
    assert described["Mounts"] == []
    assert sorted(host["Tmpfs"]) == ["/run/artifact", "/run/cell"]


def test_it_has_namespaces_of_its_own_and_no_network(described: dict[str, Any]) -> None:
    host = described["HostConfig"]
    assert (host["NetworkMode"], host["IpcMode"], host["PidMode"], host["UTSMode"]) == ("none", "none", "", "")
    assert described["Config"]["NetworkDisabled"] is True
    assert described["NetworkSettings"]["IPAddress"] == ""


def test_memory_swap_processes_and_processors_are_limited(described: dict[str, Any]) -> None:
    host = described["HostConfig"]
    assert host["Memory"] == host["MemorySwap"]  # no swap beyond it
    assert 2048 * _MIB <= host["Memory"] <= 8192 * _MIB  # more than at first, if an earlier test asked for it
    assert 0 < host["PidsLimit"] < 2000
    assert host["NanoCpus"] == 1e9


def test_nothing_it_says_is_logged_and_it_removes_itself(described: dict[str, Any]) -> None:
    host = described["HostConfig"]
    assert host["LogConfig"]["Type"] == "none"
    assert host["AutoRemove"] is True


def test_its_environment_has_nothing_of_the_workers(described: dict[str, Any]) -> None:
    names = {variable.partition("=")[0] for variable in described["Config"]["Env"]}
    assert names <= {
        *("HOME", "LANG", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH", "PYTHONDONTWRITEBYTECODE"),
        *("PYTHONHASHSEED", "PYTHONPATH", "PYTHON_CPU_COUNT", "TMPDIR", "TZ"),
    }


def test_a_submission_with_a_larger_limit_gets_the_memory_it_was_promised(bench: SandboxBench) -> None:
    limits = Limits(cpu_s=20, memory_mb=3000)
    outcome = bench.run("x = bytearray(2500 << 20)\nprint(len(x) >> 20)", limits=limits)
    assert outcome.stdout == b"2500\n"
    assert _inspect()["HostConfig"]["Memory"] >= 3000 * _MIB


def test_the_runtime_of_the_settings_is_used() -> None:
    sandbox = DockerDriver(Settings(docker_runtime="runc", docker_cpus=0.5)).start()
    try:
        (outcome,) = sandbox.run(Program("python", b"print(1)"), [Run()], Limits())
        assert outcome.stdout == b"1\n"
        client = engine_client()
        hosts = [client.inspect_container(each["Id"])["HostConfig"] for each in our_containers(client)]
        client.close()
        assert ("runc", 5e8) in [(host["Runtime"], host["NanoCpus"]) for host in hosts]
    finally:
        sandbox.close()


def test_no_two_sandboxes_share_a_user(bench: SandboxBench) -> None:
    source = "import os; print(os.getuid())"
    with docker_bench("warm") as other:
        users = [int(each.run(source).stdout) for each in (bench, other, bench, other)]
    assert len(set(users)) == 4
    assert abs(users[0] - users[1]) > 60_000 - 2


def test_the_standard_streams_can_be_opened_by_name(bench: SandboxBench) -> None:
    source = """
open('/dev/stdout', 'w').write(open('/dev/stdin').read())
open('/dev/stderr', 'w').write('said')
open('/proc/self/fd/1', 'w').write('.')
"""
    outcome = bench.run(source, b"given")
    assert (outcome.stdout, outcome.stderr) == (b"given.", b"said")


def test_a_cell_that_fills_memory_with_files_and_processes_harms_only_itself(bench: SandboxBench) -> None:
    sandbox = bench.sandbox
    source = """
import os
if os.fork() == 0:
    x = bytearray(400 << 20)
for n in range(60):
    open(str(n), 'wb').write(bytes(32 << 20))
"""
    bench.run(source, limits=Limits(cpu_s=20, memory_mb=512, file_mb=1024))
    assert bench.run("print('next')").stdout == b"next\n"
    assert bench.still_has(sandbox)


def test_children_that_nobody_waits_for_cost_processor_time_all_the_same(bench: SandboxBench) -> None:
    source = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(12):
    if os.fork() == 0:
        while time.process_time() < 0.7: pass
        os._exit(0)
    try: os.wait()
    except ChildProcessError: pass
"""
    outcome = bench.run(source, limits=Limits(cpu_s=2, wall_s=60))
    assert outcome.killed is Killed.CPU


def test_files_without_a_name_are_limited_too(bench: SandboxBench) -> None:
    source = """
import os, time
for number in range(8):
    file = open('x', 'wb', buffering=0)
    os.unlink('x')
    os.write(os.dup(file.fileno()), bytes(32 << 20))
time.sleep(2)
"""
    outcome = bench.run(source, limits=Limits(cpu_s=5, wall_s=60, file_mb=64))
    assert outcome.killed is Killed.FILES
