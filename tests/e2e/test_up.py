import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from assay.client import Client
from tests.e2e.processes import ProcessId, await_end, command_line, descendants, parent_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
START_S = 90.0
STOP_S = 60.0
COMMAND = (sys.executable, "-m", "assay.cli")


@dataclass(frozen=True)
class Up:
    """An `assay up` that is ready."""

    process: subprocess.Popen[str]
    url: str
    data_dir: Path
    output: Path

    def descendants(self) -> set[ProcessId]:
        return descendants(self.process.pid)


@contextmanager
def started(directory: Path) -> Iterator[Up]:
    """An `assay up` on a free port that is ended with the block, whatever happens."""
    ready, output = directory / "ready.json", directory / "output"
    options = ["--port", "0", "--data-dir", str(directory / "data"), "--ready-file", str(ready), "--workers", "1"]
    with output.open("w") as log:
        process = subprocess.Popen([*COMMAND, "up", *options], stdout=log, stderr=subprocess.STDOUT, text=True)
    try:
        end_s = time.monotonic() + START_S
        while not ready.exists():
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < end_s, output.read_text()
            time.sleep(0.05)
        said = json.loads(ready.read_text())
        assert said["pid"] == process.pid
        yield Up(process, said["url"], directory / "data", output)
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with started(tmp_path_factory.mktemp("up")) as running:
        yield running


def subset(expected: Any, actual: Any) -> bool:
    """Whether ``actual`` says all that ``expected`` says."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            name in actual and subset(value, actual[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return len(expected) == len(actual) and all(map(subset, expected, actual))
    return bool(expected == pytest.approx(actual) if isinstance(expected, float) else expected == actual)


def test_the_request_of_the_readme_gets_the_answer_of_the_readme(up: Up) -> None:
    (request,) = re.findall(r"^```sh\n(curl .*?)^```", README, re.MULTILINE | re.DOTALL)
    (answer,) = re.findall(r"^```json\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    command = request.replace("http://127.0.0.1:8000", up.url)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    actual = json.loads(done.stdout)
    assert subset(json.loads(answer), actual), actual


def test_the_client_example_of_the_readme_runs(up: Up) -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(program.replace("http://127.0.0.1:8000", up.url), "README.md", "exec"), names)
    assert names["rewards"] == [1.0]


def test_the_request_that_up_suggests_works(up: Up) -> None:
    (command,) = re.findall(r"try: (curl .*)", up.output.read_text())
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert [result["reward"] for result in json.loads(done.stdout)["results"]] == [1.0]


def test_a_second_up_on_the_same_data_is_refused_and_the_first_goes_on(up: Up) -> None:
    second = subprocess.run(
        [*COMMAND, "up", "--port", "0", "--data-dir", str(up.data_dir)], capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert "another Assay runs on" in second.stderr
    assert "Traceback" not in second.stderr
    assert httpx.get(f"{up.url}/readyz").status_code == 200


def test_a_stream_gives_every_result_once(up: Up) -> None:
    items = [
        {"id": str(number), "completion": "x", "rewards": [{"type": "format"}, {"type": "tag_count"}]}
        for number in range(50)
    ]
    with Client(up.url) as client:
        results = list(client.stream(client.submit(items)))
    assert sorted(result.index for result in results) == list(range(50))
    assert {result.reward for result in results} == {0.0}


def test_grade_writes_a_result_per_item_in_the_order_of_the_file_and_names_bad_lines(
    up: Up, tmp_path: Path
) -> None:
    file, output = tmp_path / "items.jsonl", tmp_path / "results.jsonl"
    lines = [
        '{"id": "right", "completion": "$\\\\boxed{4}$", "rewards": [{"type": "accuracy", "gold": "4"}]}',
        "{",
        '{"id": "wrong", "completion": "$\\\\boxed{5}$", "rewards": [{"type": "accuracy", "gold": "4"}]}',
        '{"completion": "x", "rewards": []}',
    ]
    file.write_text("\n".join(lines))
    command = [*COMMAND, "grade", str(file), "--url", up.url, "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "line 2: not JSON" in done.stderr
    assert "line 4: invalid_item" in done.stderr
    results = [json.loads(line) for line in output.read_text().splitlines()]
    assert [(result["id"], result["index"], result["reward"]) for result in results] == [
        ("right", 0, 1.0),
        ("wrong", 1, 0.0),
        ("line-4", 2, None),
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_ends_in_good_order_when_it_is_asked_to_and_nothing_is_left(number: int, tmp_path: Path) -> None:
    with started(tmp_path) as running:
        below = running.descendants()
        running.process.send_signal(number)
        assert running.process.wait(STOP_S) == 0
    assert len(below) > 3
    assert await_end(below) == set()
    assert not (tmp_path / "ready.json").exists()


def test_nothing_survives_an_up_that_is_killed_and_the_next_starts_on_its_data(tmp_path: Path) -> None:
    with started(tmp_path) as running:
        below = running.descendants()
        running.process.kill()
        running.process.wait()
        assert await_end(below) == set()
    (tmp_path / "ready.json").unlink()
    with started(tmp_path) as again:
        assert httpx.get(f"{again.url}/readyz").status_code == 200


@pytest.mark.parametrize(
    ("word", "name"), [("serve", "service"), ("worker", "workers"), ("valkey-server", "queue")]
)
def test_when_a_part_dies_up_says_so_and_ends_all_of_it(word: str, name: str, tmp_path: Path) -> None:
    with started(tmp_path) as running:
        below = running.descendants()
        (victim,) = [
            each
            for each in below
            if parent_of(each) == running.process.pid and word in re.split(r"[ /]", command_line(each))
        ]
        os.kill(victim.pid, signal.SIGKILL)
        assert running.process.wait(STOP_S) == 1
    assert await_end(below) == set()
    assert re.search(rf"the (embedded )?{name} (has )?ended", running.output.read_text())
