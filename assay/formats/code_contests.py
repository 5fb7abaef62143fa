"""CodeContests: public, private and generated tests, as lists of structs or structs of lists.

The fields are those of `deepmind/code_contests`, and the `checker` of CodeContests+. Limits are those of the
contest, made for C++.
"""

from collections.abc import Mapping
from typing import Final

from assay.contract import Checker, ProgramChecker
from assay.formats.amounts import make_limits, megabytes_of, seconds_of
from assay.formats.cases import FLOATS, Files, Pair, build, pairs_of, stdio_suite
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format

__all__ = ["CODE_CONTESTS"]

_TESTS: Final = ("public_tests", "private_tests", "generated_tests")


def _convert(row: Field) -> Converted:
    notes: list[str] = []
    pairs = [pair for name in _TESTS if (tests := row.find(name)) is not None for pair in _pairs(tests)]
    if not pairs:
        row["public_tests"].fail("holds no test", "leave the row out: nothing can be graded by it")
    time_s = seconds_of(row.find("time_limit"), notes)
    memory_mb = megabytes_of(row.find("memory_limit_bytes"), notes, unit="bytes")
    name, text = row.find("name"), row.find("description")
    return Converted(
        suite=stdio_suite(pairs, _checker(row, notes), _files(row)),
        limits=make_limits(time_s, memory_mb, notes),
        id=name.text() if name is not None else None,
        prompt=text.text() if text is not None else None,
        warnings=tuple(notes),
    )


def _pairs(tests: Field) -> list[Pair]:
    decoded = tests.decoded()
    if not isinstance(decoded.value, Mapping):
        return pairs_of(decoded.elements())
    inputs, outputs = (Field(decoded.value.get(name), f"{decoded.path}.{name}") for name in ("input", "output"))
    left, right = inputs.elements(), outputs.elements()
    if len(left) != len(right):
        inputs.fail(f"has {len(left)} elements, but {outputs.path} has {len(right)}", "load the row anew")
    return [Pair(*both) for both in zip(left, right, strict=True)]


def _files(row: Field) -> Files:
    names = (row.find("input_file"), row.find("output_file"))
    return Files(*(name.text() if name is not None else None for name in names))


def _checker(row: Field, notes: list[str]) -> Checker | ProgramChecker:
    """That of CodeContests+ is written with testlib, whose header no row brings."""
    if (source := row.find("checker")) is None:
        return FLOATS
    if "testlib.h" in source.text():
        notes.append("checker: needs testlib.h, which workers take from ASSAY_TESTLIB, or the suite from `files`")
    return build(ProgramChecker, source, type="program", language="cpp", source=source.text())


def _detect(row: Row) -> bool:
    return any(isinstance(row.get(name), Mapping | list | str) for name in _TESTS) and "official_tests" not in row


CODE_CONTESTS: Final = Format(
    name="code_contests",
    aliases=("codecontests", "deepmind/code_contests"),
    detect=_detect,
    convert=_convert,
)
