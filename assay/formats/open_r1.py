"""open-r1's Codeforces and IOI problems, as far as tests of standard input and output carry them.

The fields are those of the cards of `open-r1/codeforces`, `open-r1/ioi` and `open-r1/ioi-test-cases`. Checker
programs, interactors, graders to link with and files to read are refused, each in a function of its own: once
the contract has them, that function becomes the one that converts them.
"""

import re
from typing import Final

from assay.contract import Checker
from assay.formats.amounts import make_limits, megabytes_of, seconds_of
from assay.formats.cases import Pair, pairs_of, stdio_suite
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format

__all__ = ["CODEFORCES", "IOI"]

_WORD: Final = re.compile(r"[^\W\d_]+")


def _convert_codeforces(row: Field) -> Converted:
    notes: list[str] = []
    _refuse_interaction(row)
    _refuse_files(row)
    _refuse_checker(row)
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
        suite=stdio_suite(pairs, _checker(pairs)),
        language=language.text() if language is not None else "python",
        limits=make_limits(seconds_of(row.find("time_limit"), notes), memory_mb, notes),
        id=number.name() if number is not None else None,
        prompt=text.plain() if text is not None else None,
        warnings=tuple(notes),
    )


def _checker(pairs: list[Pair]) -> Checker:
    """As open-r1 compares: token by token, where `yes` does for `YES`, and no other word in another case."""
    words = {word.lower() for pair in pairs for word in _WORD.findall(pair.output.text())}
    return Checker(type="tokens", case_sensitive=not (words and words <= {"yes", "no"}))


def _refuse_interaction(row: Field) -> None:
    if (interaction := row.find("interaction_format")) is not None:
        interaction.refuse("an interactive problem", "leave the row out")


def _refuse_files(row: Field) -> None:
    mode = row.find("input_mode")
    if mode is not None and mode.text() != "stdio":
        mode.refuse("programs that read input.txt and write output.txt", "leave the row out")


def _refuse_checker(row: Field) -> None:
    if (checker := row.find("generated_checker")) is not None:
        hint = "leave the row out, or remove the field to compare with the outputs"
        checker.refuse("a checker program, for several answers are right", hint)


def _convert_ioi(row: Field) -> Converted:
    """A row is a subtask: all of its tests must pass. Its points are no part of the reward, as in open-r1."""
    notes: list[str] = []
    _refuse_graders(row)
    pairs = _named_tests(row)
    number, text = row.find("id"), row.find("problem") or row.find("statement")
    memory_mb = megabytes_of(row.find("memory_limit"), notes, unit="bytes")
    return Converted(
        suite=stdio_suite(pairs),
        language="cpp",
        limits=make_limits(seconds_of(row.find("time_limit"), notes), memory_mb, notes),
        scoring="all_or_nothing",
        id=_subtask_id(number, row.find("subtask")),
        prompt=text.text() if text is not None else None,
        warnings=tuple(notes),
    )


def _refuse_graders(row: Field) -> None:
    task, files = row.find("task_type"), row.find("grader_files")
    if task is not None and task.text() == "Communication":
        task.refuse("a task of several processes that communicate", "leave the row out")
    if files is not None and files.elements():
        files.refuse("a grader that is linked with the program, or a checker", "leave the row out")


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
