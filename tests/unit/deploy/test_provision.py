"""Provisioning where everything is there, and where it may not help itself; docker is a stand-in here."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

SCRIPT: Final = Path(__file__).parents[3] / "scripts/provision.sh"
PRESENT: Final = 'case "$1" in compose) exit 1 ;; *) exit 0 ;; esac'
FORBIDDEN: Final = ("apt-get", "debootstrap", "dockerd", "systemctl", "mount")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of commands that come first; those that would change the machine say so and fail."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in FORBIDDEN:
        write_command(commands, name, f"echo {name} was called; exit 1")
    write_command(commands, "docker-compose", "exit 0")
    return commands


def write_command(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\necho {name} $* >> {folder.parent}/calls\n{script}\n")
    (folder / name).chmod(0o755)


def provision(machine: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": f"{machine}:{os.environ['PATH']}", "ASSAY_STATE_DIR": str(machine.parent / "state")}
    return subprocess.run(
        ["sh", str(SCRIPT), *arguments], env=environment, capture_output=True, text=True, check=False
    )


def calls(machine: Path) -> list[str]:
    return (machine.parent / "calls").read_text().splitlines()


def test_where_all_is_there_nothing_is_done_and_one_line_says_so(machine: Path) -> None:
    write_command(machine, "docker", PRESENT)
    done = provision(machine)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "provision: nothing to do: engine, compose, debian:trixie-slim and redis:8 are here."
    ]
    assert not [
        call for call in calls(machine) if call.split()[0] in FORBIDDEN or "pull" in call or "build" in call
    ]


def test_images_that_are_missing_are_pulled_before_they_are_made(machine: Path) -> None:
    write_command(machine, "docker", f'case "$1 $2" in "image inspect") exit 1 ;; esac\n{PRESENT}')
    assert provision(machine).returncode == 0
    pulled = [call.split()[-1] for call in calls(machine) if call.startswith("docker pull")]
    assert pulled == ["debian:trixie-slim", "redis:8"]


def test_whoever_is_not_root_is_told_what_to_install(machine: Path) -> None:
    write_command(machine, "docker", "exit 1")
    write_command(machine, "id", "echo 1000")
    done = provision(machine)
    assert done.returncode == 1
    assert "No Docker engine answers." in done.stderr
    assert "install it" in done.stderr


def test_run_passes_the_status_of_its_command_on_and_leaves_a_foreign_engine_alone(machine: Path) -> None:
    write_command(machine, "docker", PRESENT)
    assert provision(machine, "run", "sh", "-c", "exit 7").returncode == 7


@pytest.fixture
def engine(machine: Path, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that is called as the engine is."""
    write_command(machine, "docker", PRESENT)
    (tmp_path / "state").mkdir()
    shutil.copy(shutil.which("sleep") or "", tmp_path / "dockerd")
    with subprocess.Popen([tmp_path / "dockerd", "60"]) as process:
        yield process
        process.kill()


def test_stop_ends_the_engine_that_was_started_here(
    machine: Path, engine: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    pid_file = tmp_path / "state/dockerd.pid"
    pid_file.write_text(f"{engine.pid} {birth_of(engine.pid)}\n")
    stopping = subprocess.Popen(  # the engine is this process's child, which has to bury it meanwhile
        ["sh", str(SCRIPT), "stop"],
        env={"PATH": f"{machine}:{os.environ['PATH']}", "ASSAY_STATE_DIR": str(tmp_path / "state")},
    )
    assert engine.wait(30) != 0
    assert stopping.wait(30) == 0
    assert not pid_file.exists()


def test_stop_leaves_an_engine_alone_that_only_has_the_number_of_ours(
    machine: Path, engine: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    (tmp_path / "state/dockerd.pid").write_text(f"{engine.pid} 1\n")
    assert provision(machine, "stop").returncode == 0
    assert engine.poll() is None


def test_stop_leaves_an_engine_alone_in_which_containers_run(
    machine: Path, engine: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    write_command(machine, "docker", f"[ $1 != ps ] || echo 0123456789ab\n{PRESENT}")
    (tmp_path / "state/dockerd.pid").write_text(f"{engine.pid} {birth_of(engine.pid)}\n")
    assert "goes on" in provision(machine, "stop").stderr
    assert engine.poll() is None


def birth_of(pid: int) -> str:
    """The start time in ticks (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
