"""The documents say what the code does."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic import TypeAdapter

from assay.cli.app import app
from assay.cli.setting_rows import markdown_reference
from assay.contract import BatchRequest, Detail, Item, ItemResult, RewardSpec
from assay.demo import load_examples
from assay.settings import Settings
from assay_workers.grading import ItemGrader
from assay_workers.rewards.verifier import MathVerifier
from tests.fixtures.documents import WORKED_EXAMPLES, runs_a_program

if TYPE_CHECKING:
    from assay_workers.graders.plan import Rooms

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):(?!=)", MAKEFILE, re.MULTILINE)


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_page_of_settings_is_what_make_docs_writes() -> None:
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == markdown_reference()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_means(name: str) -> None:
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_is_listed_by_make_help(target: str) -> None:
    listed = subprocess.run(["make", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True).stdout
    assert re.search(rf"^  make {target} +\S", listed, re.MULTILINE)


@pytest.mark.parametrize(
    "target", ["help", "setup", "fmt", "check", "test", "demo", "serve", "up", "bench", "docs"]
)
def test_the_targets_that_everyone_expects_are_there(target: str) -> None:
    assert target in TARGETS


def test_the_request_of_the_readme_is_one_the_contract_accepts() -> None:
    (body,) = re.findall(r"-d '(\{.*?\n\})'", README, re.DOTALL)
    assert len(BatchRequest.model_validate_json(body).items) == 1


def test_the_answer_of_the_readme_adds_up() -> None:
    (answer,) = (json.loads(block) for block in code_blocks("json"))
    (result,) = answer["results"]
    assert ItemResult.model_validate({"index": 0, **result}).reward == pytest.approx(
        sum(part["score"] * part["weight"] for part in result["components"])
    )


def test_the_program_of_the_readme_is_python() -> None:
    for block in code_blocks("python"):
        compile(block, "README.md", "exec")


@pytest.mark.parametrize(
    "command", [command.callback.__name__ for command in app.registered_commands if command.callback]
)
def test_the_readme_names_every_command_of_use(command: str) -> None:
    assert f"`assay {command.replace('_', '-')}" in README or command == "version"


def test_the_readme_names_every_reward() -> None:
    schema = TypeAdapter(RewardSpec).json_schema()
    for name in schema["discriminator"]["mapping"]:
        assert f"`{name}`" in README


def test_every_page_the_readme_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_says_how_many_completions_the_demo_grades() -> None:
    assert f"grades {len(load_examples())} completions" in README


def test_the_lock_names_versions_and_hashes_and_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z0-9._-]+(?:\[[a-z,]+\])?==", lock, re.MULTILINE)
    assert len(pinned) > 50
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock


@pytest.fixture(scope="module")
def verifier() -> Iterator[MathVerifier]:
    with MathVerifier(5.0, 1024) as verifier:
        yield verifier


@pytest.mark.parametrize(
    "example",
    [one for one in WORKED_EXAMPLES if not runs_a_program(one)],
    ids=lambda example: str(example["item"]["id"]),
)
def test_the_worked_examples_of_the_rewards_are_right(example: dict[str, Any], verifier: MathVerifier) -> None:
    no_rooms = cast("Rooms", None)
    item = Item.model_validate(example["item"])
    result = ItemGrader(no_rooms, verifier).grade(item, 0, Detail.NONE)
    assert result.error is None
    assert result.reward == pytest.approx(example["score"])


def test_every_reward_has_a_worked_example() -> None:
    shown = {reward["type"] for example in WORKED_EXAMPLES for reward in example["item"]["rewards"]}
    known = set(TypeAdapter(RewardSpec).json_schema()["discriminator"]["mapping"])
    assert known == shown
