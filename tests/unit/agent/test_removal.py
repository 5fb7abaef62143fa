"""A folder is emptied whatever its owner has put into it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assay_agent.removal import empty_folder


def _deep(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=descriptor)
        below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)


def _closed(folder: Path) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "c").touch()
    (folder / "a" / "b").chmod(0)
    (folder / "a").chmod(0)


def _odd_names(folder: Path) -> None:
    for name in (b"\n", b"\xff", b" ", b"-rf", b"*", b"x" * 255):
        Path(folder, os.fsdecode(name)).mkdir()


def _kinds(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("/")
    (folder / "dangling").symlink_to("nowhere")


def _names_that_are_used_for_moving(folder: Path) -> None:
    for number in range(5):
        (folder / f"lifted-{number}").mkdir()
        (folder / f"lifted-{number}" / "x").touch()
    (folder / "a" / "b" / "c").mkdir(parents=True)
    (folder / "lifted-5").touch()


@pytest.mark.parametrize("fill", [_deep, _closed, _odd_names, _kinds, _names_that_are_used_for_moving])
def test_nothing_is_left(tmp_path: Path, fill: Callable[[Path], None]) -> None:
    folder = tmp_path / "cell"
    folder.mkdir()
    fill(folder)
    empty_folder(str(folder))
    assert list(folder.iterdir()) == []


def test_what_a_link_leads_to_stays(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    folder = tmp_path / "cell"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    empty_folder(str(folder))
    assert (outside / "kept").exists()
