"""An ordinary user's jail keeps the contract of a sandbox as root's does.

Where the tests run as root, `tests/contracts/test_jail.py` runs once more as the user `nobody`; elsewhere it has
run as an ordinary user already.
"""

import os
import re

import pytest

from tests.fixtures.nobody import PROJECT, reachable_interpreter, run_as_nobody

pytestmark = pytest.mark.slow
_CONTRACT = "tests/contracts/test_jail.py"


def test_the_jails_contract_is_kept_for_an_ordinary_user() -> None:
    if os.getuid() != 0:
        return  # this very run is an ordinary user's, and the contract is part of it
    options = ["-q", "-p", "no:cacheprovider", "--noconftest"]  # which would import what the system's Python lacks
    command = [reachable_interpreter(), "-s", "-m", "pytest", _CONTRACT, *options]
    ended = run_as_nobody(command, cwd=PROJECT, timeout_s=600)
    assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-2000:]
    passed = re.search(r"(\d+) passed", ended.stdout)
    assert passed, ended.stdout
    assert int(passed[1]) > 100
