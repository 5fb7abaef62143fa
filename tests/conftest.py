"""Fixtures that every test may ask for."""

import hypothesis
import pytest

hypothesis.settings.register_profile("assay", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("assay")

pytest_plugins = ["tests.fixtures.compilers", "tests.fixtures.service", "tests.fixtures.valkey"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Coroutine tests, marked `anyio`, run under asyncio."""
    return "asyncio"
