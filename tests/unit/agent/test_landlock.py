"""A ruleset denies whatever it does not grant, in a child that enters it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assay_agent import kernel, landlock

pytestmark = pytest.mark.skipif(landlock.abi_version() == 0, reason="this kernel has no Landlock")

_DENIED = 13


def _error_in_child(ruleset: int, act: Callable[[], object]) -> int:
    """The errno with which ``act`` fails within the ruleset; 0 if it does not."""
    child = os.fork()
    if child == 0:
        error_number = 255
        try:
            kernel.set_no_new_privileges()
            landlock.enter(ruleset)
            error_number = 0
            act()
        except OSError as error:
            error_number = error.errno or 254
        finally:
            os._exit(error_number)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("shown", "own", "hidden"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    return tmp_path


@pytest.fixture(params=range(1, landlock.abi_version() + 1))
def ruleset(request: pytest.FixtureRequest, folder: Path) -> Iterator[int]:
    grants = (
        ((str(folder / "shown"), str(folder / "missing")), landlock.READ),
        ((str(folder / "own"),), landlock.EVERYTHING),
    )
    descriptor = landlock.build_ruleset(request.param, grants)
    yield descriptor
    os.close(descriptor)


def test_what_is_granted_for_reading_is_read_and_not_written(ruleset: int, folder: Path) -> None:
    assert _error_in_child(ruleset, (folder / "shown" / "file").read_text) == 0
    assert _error_in_child(ruleset, lambda: (folder / "shown" / "file").write_text("y")) == _DENIED
    assert _error_in_child(ruleset, lambda: (folder / "shown" / "new").write_text("y")) == _DENIED
    assert _error_in_child(ruleset, (folder / "shown" / "file").unlink) == _DENIED
    assert (folder / "shown" / "file").read_text() == "x"


def test_what_is_granted_altogether_is_written_made_and_removed(ruleset: int, folder: Path) -> None:
    for act in (
        lambda: (folder / "own" / "file").write_text("y"),
        lambda: (folder / "own" / "sub").mkdir(),
        lambda: (folder / "own" / "link").symlink_to("file"),
        lambda: os.mkfifo(folder / "own" / "fifo"),
        lambda: (folder / "own" / "file").unlink(),
    ):
        assert _error_in_child(ruleset, act) == 0


def test_what_is_not_granted_is_denied(ruleset: int, folder: Path) -> None:
    assert _error_in_child(ruleset, (folder / "hidden" / "file").read_text) == _DENIED
    assert _error_in_child(ruleset, lambda: list((folder / "hidden").iterdir())) == _DENIED
    assert _error_in_child(ruleset, lambda: list(folder.iterdir())) == _DENIED
