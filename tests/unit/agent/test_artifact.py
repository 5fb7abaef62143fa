"""What a compiler made is packed, crosses as bytes, and is unpacked by somebody who trusts none of them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_agent.artifact import MAX_ARTIFACT_BYTES, ArtifactError, pack_folder, place_files, unpack_files


def test_files_of_all_levels_come_back_and_links_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "main").write_bytes(b"\x7fELF")
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "C.class").write_bytes(b"")
    (tmp_path / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    assert unpack_files(pack_folder(str(tmp_path))) == {"main": b"\x7fELF", "a/b/C.class": b""}


def test_a_name_that_is_no_text_crosses(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")).write_bytes(b"x")
    assert unpack_files(pack_folder(str(tmp_path))) == {os.fsdecode(b"\xff"): b"x"}


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    for number in range(2_001):
        (tmp_path / str(number)).touch()
    with pytest.raises(ArtifactError, match="files"):
        pack_folder(str(tmp_path))


def test_too_large_a_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(MAX_ARTIFACT_BYTES + 1)
    with pytest.raises(ArtifactError, match="MiB"):
        pack_folder(str(tmp_path))


def test_too_deep_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "/".join("d" * 40)).mkdir(parents=True)
    with pytest.raises(ArtifactError, match="deep"):
        pack_folder(str(tmp_path))


@pytest.mark.parametrize("name", [b"", b"/etc/passwd", b"../x", b"a/../b", b"a//b", b".", b"a\0b", b"x" * 600])
def test_a_name_that_leads_elsewhere_is_refused(name: bytes) -> None:
    with pytest.raises(ArtifactError):
        unpack_files(len(name).to_bytes(2, "big") + bytes(4) + name)


@pytest.mark.parametrize("packed", [b"\0", b"\0\1\0\0\0\5a123", b"\0\5\0\0\0\0a"])
def test_what_is_cut_short_is_refused(packed: bytes) -> None:
    with pytest.raises(ArtifactError, match="short"):
        unpack_files(packed)


@given(st.binary(max_size=200))
def test_any_bytes_are_files_or_refused(packed: bytes) -> None:
    try:
        files = unpack_files(packed)
    except ArtifactError:
        return
    assert all(not name.startswith("/") and ".." not in name.split("/") for name in files)


def test_placed_files_can_be_run_and_not_written(tmp_path: Path) -> None:
    folder = tmp_path / "program"
    place_files(str(folder), {"bin/main": b"#!/bin/sh\necho ran\n", "data": b"x"})
    assert (folder / "bin" / "main").stat().st_mode & 0o777 == 0o555
    assert (folder / "data").read_bytes() == b"x"


def test_a_file_that_is_a_folder_too_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="a"):
        place_files(str(tmp_path / "program"), {"a": b"", "a/b": b""})


def _packed(*names: str) -> bytes:
    return b"".join(len(name.encode()).to_bytes(2, "big") + bytes(4) + name.encode() for name in names)


def test_more_folders_or_names_than_a_cell_can_find_room_for_are_refused() -> None:
    with pytest.raises(ArtifactError, match="folders"):
        unpack_files(_packed(*(f"{number}/a/b/c" for number in range(400))))
    with pytest.raises(ArtifactError, match="folders"):
        unpack_files(_packed(*(f"{number}{'x' * 500}" for number in range(400))))


def test_a_name_of_a_file_and_a_folder_is_refused() -> None:
    with pytest.raises(ArtifactError, match="folder"):
        unpack_files(_packed("a", "a/b"))
