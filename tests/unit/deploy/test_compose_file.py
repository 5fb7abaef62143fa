"""docker-compose.yml and what it refers to say the same as the code."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from assay.settings import Settings
from assay_agent.syscalls import ALLOWED, NUMBERS

ROOT: Final = Path(__file__).parents[3]
COMPOSE: Final = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
JAIL: Final = (ROOT / "deploy/compose.jail.yml").read_text(encoding="utf-8")
OF_THE_STACK: Final = ("host", "port", "data_dir", "redis_url", "sandbox")
"""Settings that the stack itself decides."""
OF_A_JAIL: Final = {"mount", "umount2", "unshare", "setns", "pivot_root"}
IMAGES: Final = sorted(file.parent.name for file in (ROOT / "sandbox-images").glob("*/Dockerfile"))


@pytest.mark.parametrize("name", [name for name in Settings.model_fields if name not in OF_THE_STACK])
def test_every_setting_reaches_the_containers(name: str) -> None:
    assert re.search(rf"^  ASSAY_{name.upper()}:", COMPOSE, re.MULTILINE)


@pytest.mark.parametrize("image", IMAGES)
def test_every_sandbox_image_is_built_by_compose(image: str) -> None:
    assert f"image: assay-sandbox-{image}:latest" in COMPOSE
    assert f"dockerfile: {image}/Dockerfile" in COMPOSE


def test_nothing_is_privileged_and_the_socket_is_for_workers_alone() -> None:
    for text in (COMPOSE, JAIL):
        settings = re.sub(r"#.*", "", text)
        assert "privileged:" not in settings
        assert "cap_add" not in settings
    assert len(re.findall(r"^ +volumes:.*docker\.sock", COMPOSE, re.MULTILINE)) == 1


def test_the_profile_for_jails_allows_what_the_agent_allows_and_what_jails_are_made_of() -> None:
    profile = json.loads((ROOT / "deploy/seccomp-jail.json").read_text(encoding="utf-8"))
    allowed = {name for rule in profile["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW" for name in rule["names"]}
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    assert set(ALLOWED) | OF_A_JAIL <= allowed
    assert allowed <= NUMBERS["x86_64"].keys() | OF_A_JAIL | {"sethostname"}
