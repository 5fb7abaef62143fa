"""Every file of examples/ runs against a real Assay and prints what it should."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.fixtures.service import RunningAssay

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
PRINTED: Final = {
    "open_r1_registry.py": (
        "code_reward [1.0, 0.0]\nformat_reward [1.0, 1.0]\ntag_count_reward [1.0, 1.0]\n"
        "code_format_reward [1.0, 1.0]\n"
    ),
    "trl_rewards.py": "code: [1.1, 0.6, 0.1]\naccuracy: [1.0, 0.0]\n",
    "verifiers_rewards.py": "[1.0, 0.5, 0.0, 1.0]\n",
    "verl_score.py": "[1.0, 0.5, 0.0]\n1.0\n",
}


def test_every_example_is_run() -> None:
    assert {file.name for file in EXAMPLES.glob("*.py")} == set(PRINTED)


@pytest.mark.parametrize("name", PRINTED)
def test_an_example_prints_what_it_should(assay: RunningAssay, name: str) -> None:
    environment = os.environ | {"ASSAY_URL": assay.url}
    command = [sys.executable, "-W", "error", str(EXAMPLES / name)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", PRINTED[name])
