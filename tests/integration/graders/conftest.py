"""A grader with real jails, shared by the tests of a module."""

from collections.abc import Iterator

import pytest

from assay.settings import Settings
from assay_workers.port import Grader
from assay_workers.wiring import build_grader


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """Grades as a worker does."""
    grader = build_grader(Settings())
    yield grader
    grader.close()
