"""A jail that the tests of a module share."""

from collections.abc import Iterator

import pytest

from tests.fixtures.sandboxes import SandboxBench, jail_bench


@pytest.fixture(scope="module")
def bench() -> Iterator[SandboxBench]:
    """Runs programs in a jail."""
    with jail_bench() as bench:
        yield bench
