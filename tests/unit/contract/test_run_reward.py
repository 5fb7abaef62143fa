"""What the `run` reward takes: files in base64 with relative paths, none of them another's folder."""

from typing import Any

import pytest
from pydantic import ValidationError

from assay.contract import RunReward


def _run(**more: Any) -> RunReward:
    return RunReward.model_validate({"type": "run", **more})


def test_files_may_lie_in_folders_and_be_fetched_from_there() -> None:
    run = _run(files={"data/in.txt": "NDI=", "a": ""}, fetch=["data/out.txt", "a"])
    assert (set(run.files), run.fetch) == ({"data/in.txt", "a"}, ("data/out.txt", "a"))


def test_what_is_fetched_twice_comes_once() -> None:
    assert _run(fetch=["b", "a", "b"]).fetch == ("b", "a")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "..",
        ".",
        "../a",
        "a/../b",
        "a/./b",
        "a//b",
        "a/",
        "a\x00b",
        "x" * 256,
        "/".join("a" * 18),
        "a/..",
    ],
)
def test_paths_that_lead_elsewhere_or_nowhere_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        _run(files={name: ""})
    with pytest.raises(ValidationError):
        _run(fetch=[name])


@pytest.mark.parametrize("name", ["...", "..a", ".hidden", "a/.b", "ä ö/ü", "a\nb"])
def test_odd_names_of_files_are_names(name: str) -> None:
    assert _run(fetch=[name]).fetch == (name,)


@pytest.mark.parametrize("content", ["NDI", "not base64!", "ä", "NDI=\n"])
def test_what_is_not_base64_is_refused_by_name(content: str) -> None:
    with pytest.raises(ValidationError, match="the content of 'a' is not base64"):
        _run(files={"a": content})


def test_a_file_cannot_be_the_folder_of_another() -> None:
    with pytest.raises(ValidationError, match="'a' cannot be both a file and the folder of 'a/b/c'"):
        _run(files={"a": "", "a/b/c": ""})
    with pytest.raises(ValidationError, match="'out' cannot be both"):
        _run(files={"out/x": ""}, fetch=["out"])


def test_what_is_no_list_of_names_is_refused() -> None:
    with pytest.raises(ValidationError):
        _run(fetch="out.txt")
    with pytest.raises(ValidationError):
        _run(fetch=["out.txt", 1])
