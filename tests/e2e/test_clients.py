"""Trainers' own clients, from the registry and unmodified, against a real Assay."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.fixtures.declining import decline
from tests.fixtures.service import RunningAssay

ROOT: Final = Path(__file__).parents[2]
CLIENTS: Final = Path(__file__).with_name("clients")


@pytest.fixture(scope="module")
def python() -> str:
    """The interpreter of the environment that has the clients."""
    command = ["sh", str(ROOT / "scripts/clients.sh")]
    made = subprocess.run(command, capture_output=True, text=True, timeout=1200)
    if made.returncode != 0:
        decline(f"trainers' clients cannot be installed: {made.stderr[-500:]}")
    return made.stdout.strip()


def use(python: str, assay: RunningAssay, name: str, *arguments: str, **environment: str) -> Any:
    """What the script of a client printed in its last line."""
    told = {"ASSAY_URL": assay.url, "HF_HUB_OFFLINE": "1", **environment}
    command = [python, str(CLIENTS / f"use_{name}.py"), *arguments]
    ended = subprocess.run(command, env=os.environ | told, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr[-3000:]
    return json.loads(ended.stdout.strip().splitlines()[-1])


@contextmanager
def stopped_workers(assay: RunningAssay, seconds: float) -> Iterator[None]:
    """Workers that do nothing for a while, as in a machine that hangs."""
    pids = [part.pid for part in assay.parts("worker")]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)

    def go_on() -> None:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)

    timer = threading.Timer(seconds, go_on)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        go_on()


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/compat/sandboxfusion"])
def test_the_sandbox_fusion_package(python: str, assay: RunningAssay, prefix: str) -> None:
    found = use(python, assay, "sandbox_fusion", prefix)
    assert found["summaries"] == {
        "right": "success",
        "raises": "run failed",
        "no program": "run failed",
        "endless": "run timeout",
        "compiled": "success",
        "does not compile": "compile failed",
        "crashes": "run failed",
    }
    assert found["files"] == {"out.txt": "ABC"}
    assert found["notebook"] == [
        ["", [], []],
        ["", [{"text/plain": "42"}], []],
        ["41\n", [], []],
        ["", [], ["KeyError"]],
    ]
    assert found["submissions"] == [[True, [True] * 3], [False, [True, False]], [False, [False]]]
    assert found["concurrent"] == [f"{41 + n}\n" for n in range(64)]


@pytest.mark.slow
@pytest.mark.parametrize("plugin", ["", "1"], ids=["SandboxFusion", "plugin"])
def test_verls_scorer(python: str, assay: RunningAssay, plugin: str) -> None:
    found = use(python, assay, "verl", PLUGIN=plugin)
    assert found["scores"] == {
        "right": 1.0,
        "half right": 0.5,
        "wrong": 0.0,
        "raises": 0.0,
        "no program": 0.0,
        "right call": 1.0,
        "method": 1.0,
        "wrong call": 0.0,
        "right assertions": 1.0,
        "wrong assertions": 0.5,
    }
    assert found["crowd"] == [0.0, 1.0] * 32


@pytest.mark.slow
def test_verls_scorer_asks_again_while_nobody_works(python: str, assay: RunningAssay) -> None:
    with stopped_workers(assay, 60):  # the script may take half of that to begin
        began = time.monotonic()
        found = use(python, assay, "verl", ONLY_RIGHT="1")
    assert found["score"] == 1.0, "the run that could not take place was no failed one"
    assert time.monotonic() - began > 25, "verl was told to come again, once at least"
    assert "deadline_exceeded" in assay.output


@pytest.mark.slow
def test_openrlhfs_executor(python: str, assay: RunningAssay) -> None:
    answers = use(python, assay, "openrlhf")
    assert [answer["rewards"] for answer in answers] == [[1.0], [0.5], [0.0], [1.0], [0.0]] * 13
    assert {tuple(answer["extra_logs"]) for answer in answers} == {("correct",)}


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/compat/nemogym"])
def test_verifiers_client_of_nemo_gym(python: str, assay: RunningAssay, prefix: str) -> None:
    found = use(python, assay, "nemo_gym", PREFIX=prefix)
    assert found["rewards"] == [1.0, 0.0, 1.0, 0.0] * 16 + [0.0]
    assert found["metrics"]["pass_rate"] == 0.5
    assert found["metrics"]["mask_sample"] == 0.0


@pytest.mark.slow
def test_trls_trainer(python: str, assay: RunningAssay) -> None:
    found = use(python, assay, "trl")
    assert found["steps"] == 1
    code, accuracy, form = zip(*found["rewards"], strict=True)
    assert (code, accuracy, form) == ((1.0, 0.5, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0), (0.0,) * 4)


@pytest.mark.slow
def test_skyrl_gyms_environments(python: str, assay: RunningAssay) -> None:
    once = [[1.0, True, "accepted"], [0.5, True, "wrong_answer"], [0.0, True, "no_code"], [1.0, True, None]]
    assert use(python, assay, "skyrl") == once * 16


@pytest.mark.slow
@pytest.mark.parametrize("name", ["openrlhf", "skyrl", "verifiers", "trl"])
def test_nobody_learns_from_workers_that_stand_still(python: str, assay: RunningAssay, name: str) -> None:
    undisturbed = use(python, assay, name)
    began = time.monotonic()
    with stopped_workers(assay, 20):  # longer than any of the scripts takes to begin
        assert use(python, assay, name) == undisturbed
    assert time.monotonic() - began > 19


@pytest.mark.slow
def test_verifiers_rewards(python: str, assay: RunningAssay) -> None:
    assert use(python, assay, "verifiers") == [1.0, *[1.0, 0.0] * 32]
