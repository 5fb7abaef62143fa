"""Workers run tests beside each other, or one of them alone. Every `Machine` here stands for a worker."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from assay_workers.sandbox import machine as module
from assay_workers.sandbox.machine import Machine


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    machines = Machine(tmp_path), Machine(tmp_path)
    yield machines
    for machine in machines:
        machine.close()


def test_tests_run_beside_each_other(two: tuple[Machine, Machine]) -> None:
    with ExitStack() as stack:
        for machine in two:
            stack.enter_context(machine.shared())


def test_while_one_is_alone_no_other_test_begins(two: tuple[Machine, Machine]) -> None:
    begun = threading.Event()

    def begin() -> None:
        with two[1].shared():
            begun.set()

    other = threading.Thread(target=begin)
    with two[0].alone() as has_it:
        assert has_it
        other.start()
        assert not begun.wait(0.1)
    other.join(5)
    assert begun.is_set()


def test_who_wants_to_be_alone_waits_for_the_tests_that_run_and_is_not_overtaken(
    two: tuple[Machine, Machine], tmp_path: Path
) -> None:
    order: list[str] = []
    third = Machine(tmp_path)

    def alone() -> None:
        with two[1].alone() as has_it:
            assert has_it
            order.append("alone")

    def late() -> None:
        with third.shared():
            order.append("late")

    threads = [threading.Thread(target=alone), threading.Thread(target=late)]
    with two[0].shared():
        threads[0].start()
        time.sleep(0.05)  # it has closed the gate
        threads[1].start()
        time.sleep(0.05)
        order.append("running")
    for thread in threads:
        thread.join(5)
    third.close()
    assert order == ["running", "alone", "late"]


def test_nobody_waits_for_ever_for_a_test_that_takes_long(
    two: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_S", 0.05)
    with two[0].shared(), two[1].alone() as has_it:
        assert not has_it
    with two[0].shared():  # and the gate is open again
        pass


def test_a_worker_that_dies_alone_lets_go(two: tuple[Machine, Machine], tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        Machine(tmp_path).alone().__enter__()
        os._exit(0)
    os.waitpid(child, 0)
    with two[0].alone() as has_it:
        assert has_it


def test_a_folder_that_cannot_be_written_is_replaced_by_one_of_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "temporary"))
    machine = Machine(tmp_path / "file")
    with machine.alone() as has_it:
        assert has_it
    machine.close()
    assert (tmp_path / "temporary" / f"assay-{os.getuid()}" / "machine.gate").exists()


def test_without_a_folder_there_is_nobody_to_share_with() -> None:
    with Machine().alone() as has_it, Machine().shared():
        assert has_it
