"""The rows of the table become programs with limits and commands."""

import pytest

from assay.contract import Limits
from assay_workers.sandbox.languages import Language, compose_script, find_language, languages

_ROW = Language(
    name="x",
    title="X",
    image="x",
    source="main.x",
    version=("x", "--version"),
    compile=("xc", "-o", "{out}/main", "{main}"),
    run=("{out}/main", "-m{memory_mb}", "{stem}", "${braces}"),
    environment={"X_LIMIT": "{memory_mb}MiB"},
    time_factor=1.5,
    memory_factor=2.0,
    runtime_mb=64,
)


def test_limits_are_scaled_and_the_runtime_comes_on_top() -> None:
    limits = _ROW.effective_limits(Limits(cpu_s=2, wall_s=4, memory_mb=100))
    assert (limits.cpu_s, limits.wall_s, limits.memory_mb) == (3, 6, 264)


def test_placeholders_are_filled_and_other_braces_stay() -> None:
    program = _ROW.program(b"source", None, {}, Limits(memory_mb=100))
    assert program.main == "main.x"
    assert program.commands is not None
    assert program.commands.compile == ("xc", "-o", "/run/cell/shm/out/main", "main.x")
    assert program.commands.run == ("/run/artifact/program/main", "-m200", "main", "${braces}")
    assert program.commands.environment["X_LIMIT"] == "200MiB"


def test_nothing_of_the_interpreter_is_in_another_programs_environment() -> None:
    program = _ROW.program(b"", None, {}, Limits())
    assert program.commands is not None
    assert not [name for name in program.commands.environment if name.startswith("PYTHON")]


def test_a_name_of_the_file_that_was_given_is_used() -> None:
    program = _ROW.program(b"", "other.x", {}, Limits())
    assert program.commands is not None
    assert program.commands.run[2] == "other"


def test_no_tag_names_two_languages() -> None:
    tags = [tag for row in languages().values() for tag in row.tags]
    assert sorted(set(tags)) == sorted(tags)


@pytest.mark.parametrize("row", languages().values(), ids=lambda row: row.name)
def test_every_row_can_be_run(row: Language) -> None:
    assert find_language(row.name.upper()) is row
    assert row.title
    assert row.version
    assert row.builtin == (not row.run)
    assert row.family in languages()
    assert row.script is None or row.script in languages()


def test_python_is_run_by_the_nursery_itself() -> None:
    assert languages()["python"].program(b"", None, {}, Limits()).commands is None


def test_test_code_stands_behind_the_program_and_what_it_needs_before_both() -> None:
    row = Language(
        name="y",
        title="Y",
        image="y",
        source="main.y",
        version=("y",),
        run=("y",),
        script="y",
        script_head="head\n{imports}\n",
        script_head_unless="package ",
        script_imports={"strings": "import strings", "math": "import math"},
    )
    assert compose_script(row, b"strings.A", "substrings.B x.math.C") == (
        b"head\nimport strings\nstrings.A\nsubstrings.B x.math.C"
    )
    assert compose_script(row, b"package main\nstrings.A", "test") == b"package main\nstrings.A\ntest"
