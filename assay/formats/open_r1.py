"""open-r1's Codeforces and IOI problems.

The fields are those of the cards of `open-r1/codeforces`, `open-r1/ioi` and `open-r1/ioi-test-cases`. What has an
interactor or a manager is refused: the rows hold no program that would talk to a submission alone.
"""

import re
from typing import Final, NamedTuple

from assay.contract import Checker, ProgramChecker
from assay.formats.amounts import make_limits, megabytes_of, seconds_of
from assay.formats.cases import FLOATS, STREAMS, Files, Pair, build, pairs_of, stdio_suite
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format, Linked

__all__ = ["CODEFORCES", "IOI"]

_CONFIG: Final = "grader_config.json"
_WORD: Final = re.compile(r"[^\W\d_]+")


def _convert_codeforces(row: Field) -> Converted:
    notes: list[str] = []
    _refuse_interaction(row)
    tests = row["official_tests"].decoded().elements()
    if not tests:
        row["official_tests"].fail("holds no test", "leave the row out: its examples alone are too few")
    pairs = pairs_of(tests)
    complete, generated = row.find("official_tests_complete"), row.find("generated_tests")
    if complete is not None and complete.value is False:
        notes.append("official_tests: not complete, as long ones were cut off on Codeforces")
    if generated is not None and generated.value:
        notes.append(f"generated_tests: {generated.name()} tests are in files of their own, not in the row")
    language, number, text = row.find("language"), row.find("id"), row.find("prompt") or row.find("description")
    memory_mb = megabytes_of(row.find("memory_limit"), notes)
    return Converted(
        suite=stdio_suite(pairs, _checker(row, pairs), _files(row)),
        language=language.text() if language is not None else "python",
        limits=make_limits(seconds_of(row.find("time_limit"), notes), memory_mb, notes),
        id=number.name() if number is not None else None,
        prompt=text.plain() if text is not None else None,
        warnings=tuple(notes),
    )


def _checker(row: Field, pairs: list[Pair]) -> Checker | ProgramChecker:
    """The generated one; else as open-r1 compares: token by token, where `yes` does for `YES`, and no more."""
    if (generated := row.find("generated_checker")) is not None:
        source = generated.text()
        return build(ProgramChecker, generated, type="program", language="python", source=source, protocol="score")
    words = {word.lower() for pair in pairs for word in _WORD.findall(pair.output.text())}
    return Checker(type="tokens", case_sensitive=not (words and words <= {"yes", "no"}))


def _files(row: Field) -> Files:
    mode = row.find("input_mode")
    if mode is None or mode.text() == "stdio":
        return STREAMS
    if mode.text() != "file":
        mode.fail(f"is {mode.text()!r}, neither 'stdio' nor 'file'")
    return Files("input.txt", "output.txt")


def _refuse_interaction(row: Field) -> None:
    if (interaction := row.find("interaction_format")) is not None:
        interaction.refuse("an interactive problem", "leave the row out")


def _convert_ioi(row: Field) -> Converted:
    """A row is a subtask, which earns by its worst test. Its points are no part of the reward, as in open-r1."""
    notes: list[str] = []
    parts = _parts(row)
    pairs = _named_tests(row)
    number, text, precision = (
        row.find("id"),
        row.find("problem") or row.find("statement"),
        row.find("score_precision"),
    )
    memory_mb = megabytes_of(row.find("memory_limit"), notes, unit="bytes")
    return Converted(
        suite=stdio_suite(pairs, parts.checker or FLOATS),
        language="cpp",
        limits=make_limits(seconds_of(row.find("time_limit"), notes), memory_mb, notes),
        scoring="all_or_nothing",
        linked=Linked(
            parts.graders,
            f"{number.name()}.cpp" if number is not None and parts.graders else None,
            precision.value if precision is not None and isinstance(precision.value, int) else 2,
        ),
        id=_subtask_id(number, row.find("subtask")),
        prompt=text.text() if text is not None else None,
        warnings=tuple(notes),
    )


class _Parts(NamedTuple):
    """What `grader_files` hold, pairs of a path and a content."""

    graders: dict[str, str]
    checker: ProgramChecker | None


def _parts(row: Field) -> _Parts:
    task, files = row.find("task_type"), row.find("grader_files")
    if task is not None and task.text() == "Communication":
        task.refuse("a task of several processes that communicate", "leave the row out")
    graders: dict[str, str] = {}
    checkers: dict[str, str] = {}
    for file in files.elements() if files is not None else ():
        path, content = _path_and_content(file)
        folder, _, name = path.rpartition("/")
        if name != _CONFIG and content:
            (checkers if folder.endswith("checker") else graders)[name] = content
    source = next((name for name in checkers if name.startswith("checker.")), None)
    if checkers and source is None:
        row["grader_files"].fail(f"a checker is none of: {', '.join(checkers)}", "name it checker/checker.cpp")
    if files is None or source is None:
        return _Parts(graders, None)
    program = build(
        ProgramChecker,
        files,
        type="program",
        language="cpp",
        source=checkers.pop(source),
        files=checkers,
        protocol="cms",
    )
    return _Parts(graders, program)


def _path_and_content(file: Field) -> tuple[str, str]:
    pair = file.elements()
    if len(pair) != 2:
        file.fail("must be a path and a content")
    content = pair[1]
    return pair[0].text(), content.text() if content.value is not None else ""


def _named_tests(row: Field) -> list[Pair]:
    """The tests of the subtask, out of the rows of `open-r1/ioi-test-cases` that were joined to the row."""
    if row.find("test_cases") is None:
        hint = "put the rows of open-r1/ioi-test-cases for this problem into the row, as `test_cases`"
        row["test_names"].refuse("tests that are not in the row", hint)
    tests = {test["test_name"].text(): test for test in row["test_cases"].decoded().elements()}
    pairs = []
    for name in row["test_names"].elements():
        if name.text() not in tests:
            name.fail(f"the test {name.text()!r} is not among `test_cases`", "join all of them")
        test = tests[name.text()]
        pairs.append(Pair(test["test_input"], test["test_output"]))
    if not pairs:
        row["test_names"].fail("holds no test", "leave the row out: nothing can be graded by it")
    return pairs


def _subtask_id(number: Field | None, subtask: Field | None) -> str | None:
    parts = [part.name() for part in (number, subtask) if part is not None]
    return "/".join(parts) or None


def _detect_ioi(row: Row) -> bool:
    return "subtask" in row and bool({"test_names", "grader_files"} & row.keys())


CODEFORCES: Final = Format(
    name="codeforces",
    aliases=("open-r1/codeforces", "open-r1/codeforces-cots"),
    detect=lambda row: "official_tests" in row,
    convert=_convert_codeforces,
)
IOI: Final = Format(name="ioi", aliases=("open-r1/ioi",), detect=_detect_ioi, convert=_convert_ioi)
