"""The stack that `docker-compose up` brings up: it grades, it scales, and no container of it is missed."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest

from assay.demo import Example, load_examples
from tests.e2e.compose_stack import PARTS, ROOT, SETTINGS, Stack, docker, running_stack

pytestmark = pytest.mark.slow

ITEMS: Final = 240
PATIENCE_S: Final = 180.0
DEAD_S: Final = 1.0
JAIL: Final = ROOT / "deploy/compose.jail.yml"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The stack of all tests here, with images of the sources at hand."""
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode and not os.environ.get("CI"):
        pytest.skip("no Docker engine answers; `make provision` starts one")
    built = subprocess.run(
        ["sh", "scripts/images.sh", "assay", "python"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    with running_stack() as running:
        yield running


def naps() -> list[dict[str, Any]]:
    """Items that take a moment each; every third one earns nothing."""
    return [
        {
            "id": f"nap{number}",
            "code": f"import time\ntime.sleep(0.03)\nprint(2 * int(input()) + {int(number % 3 == 0)})\n",
            "rewards": [
                {
                    "type": "code",
                    "tests": {"kind": "stdio", "cases": [{"stdin": f"{number}\n", "expected": f"{2 * number}\n"}]},
                }
            ],
        }
        for number in range(ITEMS)
    ]


def rewards_of_naps() -> list[float]:
    return [0.0 if number % 3 == 0 else 1.0 for number in range(ITEMS)]


def differences(examples: tuple[Example, ...], results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results that are not what the demonstration says they must be."""
    return [
        result
        for example, result in zip(examples, results, strict=True)
        if (result["error"] or {}).get("code") != example.error
        or result["reward"] != pytest.approx(example.reward)
        or verdict_of(result) != example.verdict
    ]


def verdict_of(result: dict[str, Any]) -> str | None:
    return next((part["verdict"] for part in result["components"] if part.get("verdict")), None)


def assert_the_demonstration_is_graded(stack: Stack) -> None:
    examples = load_examples()
    answer = stack.ask("POST", "/v1/rewards", json={"items": [example.item for example in examples]})
    assert answer is not None
    assert differences(examples, answer["results"]) == []


def await_done(stack: Stack, batch_id: str, least: int) -> dict[str, Any]:
    """Waits until so many items of a batch are done, whatever is away meanwhile; the batch."""
    end_s = time.monotonic() + PATIENCE_S
    while (batch := stack.ask("GET", f"/v1/batches/{batch_id}")) is None or batch["done"] < least:
        assert time.monotonic() < end_s, f"{batch and batch['done']}\n{stack.compose('logs', '--tail=50')}"
        time.sleep(0.05)
    return batch


def test_the_stack_grades_the_demonstration(stack: Stack) -> None:
    stack.scale(1)
    assert_the_demonstration_is_graded(stack)


def test_three_containers_of_workers_grade_the_demonstration(stack: Stack) -> None:
    stack.scale(3)
    assert len(stack.containers("workers")) == 3
    assert_the_demonstration_is_graded(stack)


def test_a_worker_that_jails_programs_itself_needs_no_engine(stack: Stack) -> None:
    stack.compose("up", "--detach", "--scale", "workers=0", *PARTS)
    stack.await_no_worker()
    (worker,) = docker("run", "--detach", "--network", f"{stack.project}_default", *options_of_the_jail(), "worker")
    try:
        stack.await_ready(1)
        assert_the_demonstration_is_graded(stack)
        (is_privileged,) = docker("inspect", "--format", "{{.HostConfig.Privileged}} {{.Mounts}}", worker)
        assert is_privileged == "false []"
    finally:
        docker("stop", "--time", "60", worker)
        docker("rm", "--volumes", worker)


def options_of_the_jail() -> list[str]:
    """What `docker run` is told to start a worker as deploy/compose.jail.yml does, which wants compose 2."""
    relaxed = re.findall(r"^      - (\S+)$", JAIL.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(relaxed) == 3
    security = [f"--security-opt={option.replace(':', '=', 1)}" for option in ["no-new-privileges", *relaxed]]
    settings = {**SETTINGS, "ASSAY_SANDBOX": "jail", "ASSAY_REDIS_URL": "redis://redis:6379/0"}
    variables = [f"--env={name}={value}" for name, value in settings.items()]
    hardened = ["--user=assay", "--cap-drop=ALL", "--read-only", "--tmpfs=/tmp", "--init"]
    return [*hardened, *security, *variables, "assay:latest"]


@pytest.mark.parametrize("part", ["workers", "sandbox", "service", "redis"])
def test_when_a_container_is_killed_in_mid_batch_every_item_gets_its_reward(part: str, stack: Stack) -> None:
    stack.scale(1)
    batch = stack.ask("POST", "/v1/batches", json={"items": naps()})
    assert batch is not None
    await_done(stack, batch["id"], ITEMS // 20)
    victim = (stack.sandboxes() if part == "sandbox" else stack.containers(part))[0]
    docker("kill", victim)
    if part != "sandbox":
        time.sleep(DEAD_S)
        docker(
            "start", victim
        )  # as an orchestrator would; Docker restarts what dies, but not what is killed by hand
    finished = await_done(stack, batch["id"], ITEMS)
    assert finished["status"] == "finished"
    assert [result["index"] for result in finished["results"]] == list(range(ITEMS))
    assert [result["reward"] for result in finished["results"]] == rewards_of_naps()
    stack.await_ready(1)


def test_workers_that_are_asked_to_stop_finish_what_they_hold(stack: Stack) -> None:
    stack.scale(1)
    batch = stack.ask("POST", "/v1/batches", json={"items": naps()})
    assert batch is not None
    await_done(stack, batch["id"], ITEMS // 20)
    (worker,) = stack.containers("workers")
    docker("stop", "--time", "60", worker)
    assert docker("inspect", "--format", "{{.State.ExitCode}}", worker) == ["0"]
    docker("start", worker)
    assert [result["reward"] for result in await_done(stack, batch["id"], ITEMS)["results"]] == rewards_of_naps()
    stack.await_ready(1)
