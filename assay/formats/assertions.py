"""MBPP and AceCode: lists of assertions.

The fields are those of `google-research-datasets/mbpp` (full and sanitized), `evalplus/mbppplus` and
`TIGER-Lab/AceCode-87K`.
"""

import ast
from typing import Final

from assay.contract import AssertSuite, ScriptSuite
from assay.formats.cases import build
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format

__all__ = ["ACE_CODE", "MBPP", "asserts_of"]


def asserts_of(tests: Field) -> list[str]:
    """The assertions of a list, at least one.

    Raises:
        FormatError: there is none, or one is no text.
    """
    texts = [test.text() for test in tests.elements()]
    if not texts:
        tests.fail("holds no test", "leave the row out: nothing can be graded by it")
    return texts


def _convert_mbpp(row: Field) -> Converted:
    notes: list[str] = []
    asserts = asserts_of(row["test_list"])
    setup = _setup(row)
    challenges = row.find("challenge_test_list")
    if challenges is not None and (count := len(challenges.elements())):
        notes.append(f"challenge_test_list: {count} tests that are no part of MBPP's score are left out")
    script = row.find("test")
    suite: AssertSuite | ScriptSuite
    if script is not None:
        name = _called(row["test_list"], asserts)
        source = "\n".join(part for part in (setup, script.text()) if part)
        suite = build(ScriptSuite, script, kind="script", source=source, entry_point=name)
    else:
        suite = build(AssertSuite, row["test_list"], kind="assert", asserts=asserts, setup=setup)
    number, text = row.find("task_id"), row.find("text") or row.find("prompt")
    return Converted(
        suite=suite,
        id=number.name() if number is not None else None,
        prompt=text.text() if text is not None else None,
        warnings=tuple(notes),
    )


def _setup(row: Field) -> str:
    imports, setup = row.find("test_imports"), row.find("test_setup_code")
    lines = [line.text() for line in imports.decoded().elements()] if imports is not None else []
    return "\n".join([*lines, *([setup.text()] if setup is not None else [])])


def _called(place: Field, asserts: list[str]) -> str:
    """The function that the first assertion calls, for the script of MBPP+ names it nowhere else."""
    try:
        tree = ast.parse(asserts[0][:100_000])
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        place.fail("the first assertion is no Python", "it must name the function")
    builtin = {"set", "sorted", "list", "tuple", "isclose", "abs", "round", "len", "str"}
    calls = (
        node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    for name in calls:
        if name not in builtin:
            return name
    return place.fail("the first assertion calls no function", "it must name the function that the script tests")


def _convert_ace_code(row: Field) -> Converted:
    tests = row["test_cases"]
    number, question = row.find("id"), row.find("question")
    return Converted(
        suite=build(AssertSuite, tests, kind="assert", asserts=asserts_of(tests)),
        id=number.name() if number is not None else None,
        prompt=question.text() if question is not None else None,
    )


def _detect_ace_code(row: Row) -> bool:
    tests = row.get("test_cases")
    return isinstance(tests, list) and all(isinstance(test, str) for test in tests[:1]) and "task_type" not in row


MBPP: Final = Format(
    name="mbpp",
    aliases=("google-research-datasets/mbpp", "evalplus/mbppplus", "mbpp+"),
    detect=lambda row: "test_list" in row,
    convert=_convert_mbpp,
)
ACE_CODE: Final = Format(
    name="acecode", aliases=("TIGER-Lab/AceCode-87K",), detect=_detect_ace_code, convert=_convert_ace_code
)
