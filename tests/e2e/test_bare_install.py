"""The client alone, installed from a built wheel into an environment of its own: small, and complete."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.fixtures.service import RunningAssay

ROOT: Final = Path(__file__).parents[2]
EXPECTED: Final = {
    "annotated-types",
    "anyio",
    "assay",
    "certifi",
    "h11",
    "httpcore",
    "httpx",
    "idna",
    "pydantic",
} | {
    *("pydantic-core", "typing-extensions", "typing-inspection", "sniffio"),
}
"""The client and what httpx and pydantic need."""
MOST_OWN_BYTES: Final = 4 << 20
GRADES: Final = """
import os, pickle, sys
from assay.client import Client
from assay.trainers import trl
items = [{"id": "a", "completion": "It is \\\\boxed{4}", "rewards": [{"type": "accuracy", "gold": "4"}]}]
with Client(os.environ["ASSAY_URL"]) as client:
    print(client.grade(items).results[0].reward)
reward = pickle.loads(pickle.dumps(trl.accuracy_reward))
print(reward(prompts=["?"], completions=["\\\\boxed{5}"], solution=["4"]))
server = {"fastapi", "redis", "rq", "uvicorn", "structlog", "typer", "numpy", "sympy", "docker", "torch", "trl"}
print(sorted(server & set(sys.modules)))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment with the client in it."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(ROOT)]
    subprocess.run([str(folder / "bin/python"), *install], check=True, timeout=300)
    return folder / "bin/python"


def run(python: Path, *command: str, **environment: str) -> str:
    """What it printed, away from the project's folder."""
    told = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(
        [str(python), *command], env=told | environment, cwd="/", capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.slow
def test_nothing_of_the_server_comes_with_it(python: Path) -> None:
    listed = json.loads(run(python, "-m", "pip", "list", "--format", "json"))
    assert {each["name"].lower().replace("_", "-") for each in listed} - {"pip", "setuptools"} <= EXPECTED


@pytest.mark.slow
def test_its_own_files_are_small(python: Path) -> None:
    (site,) = python.parent.parent.glob("lib/python*/site-packages")
    own = [file for name in ("assay", "assay_service", "assay_workers") for file in (site / name).rglob("*")]
    assert 0 < sum(file.stat().st_size for file in own if file.suffix != ".pyc" and file.is_file()) < MOST_OWN_BYTES


@pytest.mark.slow
def test_importing_it_costs_less_than_the_library_that_it_sends_with(python: Path) -> None:
    timed = "import time; begun = time.perf_counter(); {}; print(time.perf_counter() - begun)"

    def fastest_s(statement: str) -> float:
        return min(float(run(python, "-c", timed.format(statement))) for _ in range(5))

    assert fastest_s("from assay.client import AsyncClient, Client") < fastest_s("import httpx")


@pytest.mark.slow
def test_it_grades_and_its_reward_functions_travel(python: Path, assay: RunningAssay) -> None:
    printed = run(python, "-W", "error", "-c", GRADES, ASSAY_URL=assay.url)
    assert printed.splitlines() == ["1.0", "[0.0]", "[]"]


@pytest.mark.slow
def test_the_command_says_what_it_lacks(python: Path) -> None:
    ended = subprocess.run([str(python.parent / "assay"), "version"], capture_output=True, text=True, timeout=60)
    assert "Traceback" not in ended.stderr
    assert "assay[server]" in ended.stdout + ended.stderr
